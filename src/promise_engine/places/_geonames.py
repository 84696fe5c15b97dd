"""Reading GeoNames rows: what a row says about a postal code.

Format: twelve columns, country_code, postal_code, place_name, then name and code of three
administrative levels, latitude, longitude, accuracy (GeoNames, https://download.geonames.org/export/zip/).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from promise_engine.places._errors import PlaceError
from promise_engine.places._postal_codes import written_code

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = 12
#: Countries whose subdivision a postal code decides.
SUBDIVIDED = ("AT", "BR", "CH", "DE", "ES", "FR", "GB", "IT", "PT", "US")

# GeoNames keeps the FIPS numbers of 1995 in the rows of big customers, and ISO letters elsewhere.
_LAND = {
    "01": "BW", "02": "BY", "03": "HB", "04": "HH", "05": "HE", "06": "NI", "07": "NW", "08": "RP",
    "09": "SL", "10": "SH", "11": "BB", "12": "MV", "13": "SN", "14": "ST", "15": "TH", "16": "BE",
}  # fmt: skip
_DISTRICT = {
    "02": "01", "03": "02", "04": "03", "05": "04", "06": "05", "07": "06", "08": "07", "09": "08",
    "11": "09", "13": "10", "14": "11", "16": "12", "17": "13", "18": "14", "19": "15", "20": "16",
    "21": "17", "22": "18", "23": "20", "10": "30",
}  # fmt: skip
_STATE = {
    "01": "AC", "02": "AL", "03": "AP", "04": "AM", "05": "BA", "06": "CE", "07": "DF", "08": "ES",
    "11": "MS", "13": "MA", "14": "MT", "15": "MG", "16": "PA", "17": "PB", "18": "PR", "20": "PI",
    "21": "RJ", "22": "RN", "23": "RS", "24": "RO", "25": "RR", "26": "SC", "27": "SP", "28": "SE",
    "29": "GO", "30": "PE", "31": "TO",
}  # fmt: skip
_DEPARTMENT = {"57": "57", "67": "6AE", "68": "6AE"}
_NATIONS = ("ENG", "NIR", "SCT", "WLS")
_CLIPPERTON = "98799"  # an uninhabited island, listed under FR


class Row(NamedTuple):
    """One place that has a postal code."""

    postal_code: str
    place: str
    state_code: str
    county_name: str
    county_code: str
    latitude: float
    longitude: float


class Place(NamedTuple):
    """All rows of one postal code, merged."""

    latitude: float
    longitude: float
    city: str | None
    subdivision: str | None


def row_of(fields: list[str]) -> Row | None:
    """Return the row of the columns, None when it has no coordinates."""
    if len(fields) < COLUMNS or not fields[9] or not fields[10]:
        return None
    try:
        latitude, longitude = float(fields[9]), float(fields[10])
    except ValueError:
        return None
    return Row(fields[1], fields[2], _number(fields[4]), fields[5], _number(fields[6]), latitude, longitude)


def rows_by_code(country: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Group rows by normalised code.

    Codes that belong to another country are left out (Guernsey in the British file). Rows of
    business mail count only where their code has no other row.
    """
    plain: dict[str, list[Row]] = {}
    business: dict[str, list[Row]] = {}
    for row in rows:
        target = business if is_business(country, row) else plain
        if row.postal_code == _CLIPPERTON:
            continue
        try:
            home, code = written_code(country, row.postal_code)
        except PlaceError:
            continue
        if home == country:
            target.setdefault(code, []).append(row)
    return business | plain


def is_business(country: str, row: Row) -> bool:
    """Tell whether a row is mail of one big customer, and no place on the map.

    French CEDEX, and German codes of big recipients: GeoNames marks the latter by a Land in FIPS
    numbers, and puts them where the company has its seat.
    """
    if country == "DE":
        return row.state_code in _LAND
    return country == "FR" and "CEDEX" in row.postal_code.upper()


def merged(country: str, rows: list[Row]) -> Place:
    """Merge the rows of one code: mean point, most frequent place and subdivision."""
    count = len(rows)
    subdivisions = [subdivision_of_row(country, row) for row in rows]
    return Place(
        sum(row.latitude for row in rows) / count,
        sum(row.longitude for row in rows) / count,
        _most_frequent([row.place for row in rows if row.place]),
        majority([text for text in subdivisions if text is not None]) or None,
    )


def majority(values: list[str]) -> str | None:
    """Return the value of most places, of equals the first in alphabetical order."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default=None)


def subdivision_of_row(country: str, row: Row) -> str | None:
    """Return the holiday subdivision of a row.

    Empty text: the country's own calendar (France outside Alsace-Moselle). None: not known.
    """
    state, county = row.state_code, row.county_code
    if country == "FR":
        return _DEPARTMENT.get(county, "") if county else None
    found = {
        "AT": state.lstrip("0"),
        "BR": _STATE.get(state, ""),
        "CH": state,
        "DE": _LAND.get(state, state),
        "ES": state,
        "GB": state if state in _NATIONS else "",
        "IT": county,
        "PT": _DISTRICT.get(state, ""),
        "US": state,
    }.get(country, "")
    return found or None


def _number(code: str) -> str:
    """Undo what pandas does to 01 when it takes it for a number: 1 or 1.0."""
    text = code.removesuffix(".0")
    return text.zfill(2) if text.isdigit() else text


def _most_frequent(names: list[str]) -> str | None:
    counts = Counter(names)
    return counts.most_common(1)[0][0] if counts else None  # of equals the first in the file
