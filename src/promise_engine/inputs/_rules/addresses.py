"""Addresses and areas: countries and postal codes that exist, time zones that are known, polygons that are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promise_engine.models.place import Address, Area
from promise_engine.places import CountryError, PlaceError, PostalCodeError, normalise, normalise_prefix, time_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from promise_engine.inputs._rules.findings import Findings
    from promise_engine.inputs.paths import Loc

_AREAS = ("zone_sets.*.zones.*.areas.*", "zone_sets.*.zones.*.exclude.*", "restrictions.*.destinations.*")
_COUNTRIES = ("sites.*.shown_to.countries.*", "policies.*.ranks.*.country")
_COUNTRY_EXPECTED = "an ISO 3166-1 country code such as FR"
_MAX_LATITUDE, _MAX_LONGITUDE, _RING = 90, 180, 4


def check_places(findings: Findings) -> None:
    """Every rule about addresses and areas, but that time zones must be known."""
    for kind in ("sites", "pickup_points"):
        for loc, address in findings.each_model(f"{kind}.*.address", Address, ("country", "postal_code")):
            _check_address(findings, loc, address)
    for pattern in _COUNTRIES:
        for loc, country in findings.each(pattern):
            country_stands(findings, loc, country)
    for pattern in _AREAS:
        for loc, area in findings.each_model(pattern, Area):
            _check_area(findings, loc, area)


def check_time_zones(findings: Findings) -> None:
    """That the postal tables tell the time zone of an address, where nobody else does."""
    for kind in ("sites", "pickup_points"):
        for i, thing in enumerate(getattr(findings.network, kind)):
            if thing.time_zone is None:
                _check_time_zone(findings, (kind, i, "time_zone"), thing.address)


def country_stands(findings: Findings, loc: Loc, country: str) -> bool:
    """Whether a country exists; a fault when not."""
    try:
        normalise_prefix(country, "")
    except PlaceError:
        findings.add(loc, country, _COUNTRY_EXPECTED, "country")
        return False
    return True


def _code_stands(findings: Findings, loc: Loc, read: Callable[[str, str], Any], country: str, code: str) -> bool:
    try:
        read(country, code)
    except PostalCodeError as wrong:
        hint = f" ({wrong.hint})" if wrong.hint else ""
        findings.add(loc, code, f"a postal code of {country}: {wrong.expected}{hint}", "postal_code")
        return False
    except CountryError:
        return False
    return True


def _check_address(findings: Findings, loc: Loc, address: Address) -> None:
    if country_stands(findings, (*loc, "country"), address.country):
        _code_stands(findings, (*loc, "postal_code"), normalise, address.country, address.postal_code)


def _check_time_zone(findings: Findings, loc: Loc, address: Address) -> None:
    try:
        known = time_zone(*normalise(address.country, address.postal_code))
    except PlaceError:  # `check_places` tells
        return
    if known is None:
        words = f"a time zone, because that of {address.country} {address.postal_code} is not known"
        findings.add(loc, "", words, "no_time_zone")


def _check_area(findings: Findings, loc: Loc, area: Area) -> None:
    stands = [country_stands(findings, (*loc, "countries", k), country) for k, country in enumerate(area.countries)]
    if area.by_code and all(stands):
        country = area.countries[0]
        for k, code in enumerate(area.postal_codes):
            _code_stands(findings, (*loc, "postal_codes", k), normalise, country, code)
        for k, prefix in enumerate(area.prefixes):
            _code_stands(findings, (*loc, "prefixes", k), normalise_prefix, country, prefix)
        for k, (first, last) in enumerate(area.ranges):
            ends = [_code_stands(findings, (*loc, "ranges", k), normalise, country, end) for end in (first, last)]
            if all(ends) and not _ordered(placed(country, first), placed(country, last)):
                words = "a range of codes of one country, equally long, the last not before the first"
                findings.add((*loc, "ranges", k), f"{first}..{last}", words, "range")
    if area.polygon is not None:
        wrong = polygon_fault(area.polygon)
        if wrong:
            findings.add((*loc, "polygon"), area.polygon, wrong, "polygon")


def placed(country: str, code: str) -> tuple[str, str]:
    """The country and the text, without separators, by which destinations with this code are known.

    Examples
    --------
    >>> placed("GB", "sw1a 1aa"), placed("FR", "97400")
    (('GB', 'SW1A1AA'), ('RE', '97400'))
    """
    home, normalised = normalise(country, code)
    return home, compact(normalised)


def compact(code: str) -> str:
    """A normalised postal code without separators."""
    return "".join(character for character in code if character.isalnum())


def _ordered(first: tuple[str, str], last: tuple[str, str]) -> bool:
    return first[0] == last[0] and len(first[1]) == len(last[1]) and first[1] <= last[1]


def polygon_fault(polygon: dict[str, Any]) -> str:
    """What is expected of a GeoJSON polygon that is none; nothing when it is one.

    Examples
    --------
    >>> polygon_fault({"type": "Point", "coordinates": [7.7, 48.6]})
    'a GeoJSON geometry of type Polygon or MultiPolygon'
    """
    kind, coordinates = polygon.get("type"), polygon.get("coordinates")
    if kind not in {"Polygon", "MultiPolygon"}:
        return "a GeoJSON geometry of type Polygon or MultiPolygon"
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(parts, list | tuple) or not parts:
        return "coordinates: rings of [longitude, latitude]"
    for rings in parts:
        if not isinstance(rings, list | tuple) or not rings or not all(map(_is_ring, rings)):
            return "rings of at least 4 positions [longitude, latitude], the last equal to the first"
    return ""


def _is_ring(ring: Any) -> bool:
    if not isinstance(ring, list | tuple) or len(ring) < _RING or not all(map(_is_position, ring)):
        return False
    return list(ring[0]) == list(ring[-1])


def _is_position(position: Any) -> bool:
    if not isinstance(position, list | tuple) or len(position) not in {2, 3}:
        return False
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in position):
        return False
    return bool(abs(position[0]) <= _MAX_LONGITUDE and abs(position[1]) <= _MAX_LATITUDE)
