"""Holiday subdivisions and time zones of postal codes."""

from __future__ import annotations

import csv
import zipfile
import zoneinfo
from typing import TYPE_CHECKING

import holidays
import pytest

from promise_engine._resources import data_path
from promise_engine.places import (
    known_subdivisions,
    representatives,
    subdivision,
    time_zone,
)
from promise_engine.places._countries import COUNTRIES
from promise_engine.places._geonames import (
    SUBDIVIDED,
    is_business,
    majority,
    row_of,
    rows_by_code,
    subdivision_of_row,
)
from promise_engine.places._tables import rules
from promise_engine.places._zone_names import BRAZIL, BY_PREFIX, ONE_ZONE

if TYPE_CHECKING:
    from pathlib import Path

    from promise_engine.places._geonames import Row

ZONES = zoneinfo.available_timezones()


@pytest.mark.parametrize(
    ("country", "code", "expected"),
    [
        ("FR", "67000", "6AE"),
        ("FR", "68100", "6AE"),
        ("FR", "57000", "57"),
        ("FR", "75001", None),
        ("FR", "20000", None),
        ("FR", "67", "6AE"),
        ("FR", "6", None),
        ("DE", "80331", "BY"),
        ("DE", "10115", "BE"),
        ("DE", "14467", "BB"),
        ("DE", "1", None),
        ("CH", "8001", "ZH"),
        ("CH", "1201", "GE"),
        ("GB", "SW1A 1AA", "ENG"),
        ("GB", "EH1", "SCT"),
        ("GB", "CF10 1AA", "WLS"),
        ("GB", "BT1 1AA", "NIR"),
        ("GB", "SY23 1AA", "WLS"),
        ("GB", "TD15 1AA", "ENG"),
        ("GB", "JE2 3AB", None),
        ("GB", "BFPO 12", None),
        ("ES", "28001", "MD"),
        ("ES", "35001", "CN"),
        ("AT", "1010", "9"),
        ("IT", "20121", "MI"),
        ("IT", "00184", "RM"),
        ("IT", "00120", None),
        ("PT", "1000-001", "11"),
        ("PT", "9000-001", "30"),
        ("PT", "9500-001", "20"),
        ("US", "10001", "NY"),
        ("US", "00601", None),
        ("US", "09001", None),
        ("BR", "01000-000", "SP"),
        ("BE", "1000", None),
        ("PL", "00-001", None),
        ("FR", "", None),
    ],
)
def test_subdivision(country: str, code: str, expected: str | None) -> None:
    """The code decides which regional holidays apply."""
    assert expected == subdivision(country, code)


@pytest.mark.parametrize("country", SUBDIVIDED)
def test_holidays_knows_every_subdivision(country: str) -> None:
    """The holidays package accepts every value that can be returned."""
    values = known_subdivisions(country)
    assert values == tuple(sorted(values))
    for value in values:
        assert holidays.country_holidays(country, subdiv=value, years=2026)


def test_known_subdivisions() -> None:
    """All parts of a country are there, and none where one calendar holds."""
    counts = {country: len(known_subdivisions(country)) for country in SUBDIVIDED}
    expected = {
        "AT": 9, "BR": 27, "CH": 26, "DE": 16, "ES": 19, "FR": 2, "GB": 4, "IT": 107, "PT": 20,
        "US": 51,
    }  # fmt: skip
    assert expected == counts
    assert known_subdivisions("BE") == ()


@pytest.mark.parametrize("country", SUBDIVIDED)
def test_subdivision_of_every_real_code(country: str, geonames: Path) -> None:
    """The compressed table gives back the subdivision that GeoNames has for each of its codes."""
    rows = all_rows(geonames, country)
    wrong = []
    for code, places in rows_by_code(country, rows).items():
        expected = by_hand(country, places)
        if expected is not None and (subdivision(country, code) or "") != expected:
            wrong.append((code, expected, subdivision(country, code)))
    assert wrong == []


def by_hand(country: str, places: list[Row]) -> str | None:
    """Return the subdivision of most places, None for codes without one."""
    if all("CEDEX" in place.postal_code for place in places):
        return None
    return majority([text for p in places if (text := subdivision_of_row(country, p)) is not None])


def test_straddling_codes_are_listed() -> None:
    """The table of straddling codes shows what is given for them."""
    with data_path("places", "straddling.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[2:]
    assert len(rows) > 100
    for country, code, value, places in rows:
        assert subdivision(country, code) == value
        counts = {name: int(count) for name, count in (p.split("=") for p in places.split(";"))}
        assert counts[value] == max(counts.values())


@pytest.mark.parametrize(
    ("country", "code", "expected"),
    [
        ("FR", "75001", "Europe/Paris"),
        ("FR", "97110", "America/Guadeloupe"),
        ("FR", "97200", "America/Martinique"),
        ("FR", "97300", "America/Cayenne"),
        ("FR", "97400", "Indian/Reunion"),
        ("FR", "97600", "Indian/Mayotte"),
        ("FR", "97500", "America/Miquelon"),
        ("FR", "98714", "Pacific/Tahiti"),
        ("FR", "98741", "Pacific/Marquesas"),
        ("FR", "987", None),
        ("MC", "98000", "Europe/Monaco"),
        ("CH", "9490", "Europe/Vaduz"),
        ("IT", "00120", "Europe/Vatican"),
        ("IT", "47890", "Europe/San_Marino"),
        ("FI", "22100", "Europe/Mariehamn"),
        ("GB", "JE2", "Europe/Jersey"),
        ("ES", "28001", "Europe/Madrid"),
        ("ES", "35001", "Atlantic/Canary"),
        ("ES", "38001", "Atlantic/Canary"),
        ("ES", "51001", "Africa/Ceuta"),
        ("ES", "52001", "Africa/Ceuta"),
        ("ES", "3", None),
        ("ES", "28", "Europe/Madrid"),
        ("ES", "", None),
        ("PT", "1000-001", "Europe/Lisbon"),
        ("PT", "9000-001", "Atlantic/Madeira"),
        ("PT", "9400", "Atlantic/Madeira"),
        ("PT", "9500-001", "Atlantic/Azores"),
        ("PT", "9980-001", "Atlantic/Azores"),
        ("US", "10001", "America/New_York"),
        ("US", "60601", "America/Chicago"),
        ("US", "79901", "America/Denver"),  # El Paso
        ("US", "37201", "America/Chicago"),  # Nashville
        ("US", "37901", "America/New_York"),  # Knoxville
        ("US", "42001", "America/Chicago"),  # Paducah
        ("US", "40601", "America/New_York"),  # Frankfort
        ("US", "32501", "America/Chicago"),  # Pensacola
        ("US", "33101", "America/New_York"),  # Miami
        ("US", "83701", "America/Boise"),
        ("US", "83814", "America/Los_Angeles"),  # Coeur d'Alene
        ("US", "97914", "America/Boise"),  # Ontario, Oregon
        ("US", "58601", "America/Denver"),  # Dickinson
        ("US", "58102", "America/Chicago"),  # Fargo
        ("US", "57701", "America/Denver"),  # Rapid City
        ("US", "57104", "America/Chicago"),  # Sioux Falls
        ("US", "69101", "America/Chicago"),  # North Platte
        ("US", "69361", "America/Denver"),  # Scottsbluff
        ("US", "67735", "America/Denver"),  # Goodland
        ("US", "46402", "America/Chicago"),  # Gary
        ("US", "46204", "America/Indiana/Indianapolis"),
        ("US", "49801", "America/Chicago"),  # Iron Mountain
        ("US", "49855", "America/Detroit"),  # Marquette
        ("US", "85001", "America/Phoenix"),
        ("US", "86515", "America/Denver"),  # Window Rock
        ("US", "99501", "America/Anchorage"),
        ("US", "96801", "Pacific/Honolulu"),
        ("US", "00901", "America/Puerto_Rico"),
        ("US", "96910", "Pacific/Guam"),
        ("US", "09001", None),
        ("BR", "01000-000", "America/Sao_Paulo"),
        ("BR", "69900-000", "America/Rio_Branco"),
        ("BR", "53990-000", "America/Noronha"),
        ("DE", "", "Europe/Berlin"),
        ("GL", "3971", "America/Thule"),
        ("CA", "K1A 0B1", None),
        ("RU", "101000", None),
    ],
)
def test_time_zone(country: str, code: str, expected: str | None) -> None:
    """The code decides the zone where a country has several."""
    assert expected == time_zone(country, code)


def test_every_zone_exists() -> None:
    """Every zone that can be returned is one of the IANA database, of a country that exists."""
    names = set(ONE_ZONE.values()) | set(BRAZIL.values()) | set(rules("time_zones", "US").values())
    names.update(zone for zones in BY_PREFIX.values() for zone in zones.values())
    assert names <= ZONES
    assert set(ONE_ZONE) | set(BY_PREFIX) <= COUNTRIES
    assert set(BRAZIL) == set(known_subdivisions("BR"))


EUROPE = (
    "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU "
    "LV MC MD ME MK MT NL NO PL RO RS SE SI SJ SK SM TR UA VA XK"
)


@pytest.mark.parametrize("country", EUROPE.split())
def test_europe_has_zones(country: str) -> None:
    """Every country of Europe with one zone needs no code."""
    assert time_zone(country, "") in ZONES


@pytest.mark.parametrize("country", ["FR", "DE", "ES", "PT", "GB", "US", "CH", "BR", "IT"])
def test_representatives_cover_a_country(country: str) -> None:
    """A country is represented in each of its subdivisions and time zones."""
    codes = representatives(country)
    assert codes == tuple(sorted(codes))
    found = {subdivision(country, code) for code in codes} - {None}
    assert found == set(known_subdivisions(country))
    zones = {time_zone(country, code) for code in codes}
    if country in BY_PREFIX:
        assert set(BY_PREFIX[country].values()) == zones
    if country == "US":
        assert set(rules("time_zones", "US").values()) == zones


@pytest.mark.parametrize(
    ("country", "prefix", "expected"),
    [
        ("FR", "97", ("97110", "97133", "97150", "97200", "97300", "97400", "97500", "97600")),
        ("FR", "974", ("97400",)),
        ("FR", "69002", ("69002",)),
        ("GB", "SW1A", ("SW1A",)),
        ("GB", "SW1A 1", ("SW1A 1AA",)),
        ("GB", "JE", ("JE1 1AA",)),
        ("MC", "", ("98000",)),
        ("PL", "", ("00-001",)),
        ("PL", "8", ("80-000",)),
        ("NL", "1012 A", ("1012 AB",)),
        ("US", "09", ()),
        ("HK", "", ()),
    ],
)
def test_representatives(country: str, prefix: str, expected: tuple[str, ...]) -> None:
    """A prefix is represented by codes that begin with it."""
    assert expected == representatives(country, prefix)


@pytest.mark.parametrize("country", [*SUBDIVIDED, "BE", "NL", "LU"])
def test_representatives_cover_every_prefix(country: str, geonames: Path) -> None:
    """Each subdivision and zone of real codes with a common start has a representative."""
    classes: dict[str, set[tuple[str | None, str | None]]] = {}
    codes = sorted(rows_by_code(country, real_rows(geonames, country)))
    for code in codes[:: max(1, len(codes) // 6000)]:
        key = (subdivision(country, code), time_zone(country, code))
        for length in (1, 2, 3):
            classes.setdefault(code[:length].rstrip(), set()).add(key)
    for prefix, wanted in classes.items():
        found = representatives(country, prefix)
        assert all(code.startswith(prefix) for code in found)
        assert wanted <= {(subdivision(country, code), time_zone(country, code)) for code in found}


def real_rows(folder: Path, country: str) -> list[Row]:
    """Return the rows of a real GeoNames file, without business mail and military addresses."""
    kept = [row for row in all_rows(folder, country) if not is_business(country, row)]
    return [row for row in kept if country != "US" or row.state_code]


def all_rows(folder: Path, country: str) -> list[Row]:
    """Return all rows of a real GeoNames file."""
    text = zipfile.ZipFile(folder / f"{country}.zip").read(f"{country}.txt").decode("utf-8")
    return [row for line in text.split("\n") if (row := row_of(line.split("\t"))) is not None]
