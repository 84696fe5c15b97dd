"""Zones of one set that are equally exact about one place."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine.errors import Severity
from promise_engine.inputs._rules.addresses import compact, placed, polygon_fault
from promise_engine.places import PlaceError, expand_prefix, normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.inputs._rules.findings import Findings
    from promise_engine.inputs.paths import Loc
    from promise_engine.models.place import Area, Zone

_LEAST_OVERLAP = 1e-9
"""Square degrees: what two drawings of one border may differ by."""


class _Claim(NamedTuple):
    """A rule of a zone: what it says, as it stands there and in a form equal for two of one rank about one place."""

    zone: int
    loc: Loc
    rank: str
    country: str
    text: str
    said: str


def check_zones(findings: Findings) -> None:
    """Every rule about zones of one set."""
    for i, zone_set in enumerate(findings.network.zone_sets):
        base: Loc = ("zone_sets", i, "zones")
        by_rule: dict[tuple[str, str, str], list[_Claim]] = defaultdict(list)
        for claim in (claim for k, zone in enumerate(zone_set.zones) for claim in _claims(base, k, zone)):
            by_rule[claim.rank, claim.country, claim.text].append(claim)
        for claims in by_rule.values():
            for claim in claims[1:]:
                if claim.zone != claims[0].zone:
                    _tie(findings, zone_set.zones, claims[0], claim)
        _check_ranges(findings, zone_set.zones, base)
        _check_polygons(findings, zone_set.zones, base)


def _claims(base: Loc, number: int, zone: Zone) -> Iterator[_Claim]:
    for k, area in enumerate(zone.areas):
        loc: Loc = (*base, number, "areas", k)
        for field, n, country, text in _listed(area):
            yield _Claim(number, (*loc, field, n), field, country, text, getattr(area, field)[n])
        if not area.by_code and area.polygon is None:
            for n, whole in enumerate(area.countries):
                yield _Claim(number, (*loc, "countries", n), "countries", whole, "", whole)
        if area.rest:
            yield _Claim(number, (*loc, "rest"), "rest", "", "", "rest")


def _listed(area: Area) -> Iterator[tuple[str, int, str, str]]:
    """What an area lists inside its country: field, position, country and text; wrong codes are left out."""
    country = area.countries[0] if area.countries else ""
    for n, code in enumerate(area.postal_codes):
        with suppress(PlaceError):
            home, text = normalise(country, code)
            yield "postal_codes", n, home, compact(text)
    for n, prefix in enumerate(area.prefixes):
        with suppress(PlaceError):
            (home, first), *others = expand_prefix(country, prefix)
            for text in (first, *(start for other, start in others if other == home)):
                yield "prefixes", n, home, compact(text)
    for n, city in enumerate(area.cities):
        yield "cities", n, country, city.casefold()
    for n, subdivision in enumerate(area.subdivisions):
        yield "subdivisions", n, country, subdivision


def _tie(findings: Findings, zones: tuple[Zone, ...], one: _Claim, other: _Claim) -> None:
    severity = Severity.ERROR
    for claim in (one, other):
        excluded = [area for area in zones[claim.zone].exclude if _touches(area, claim)]
        if any(_takes_out(area, claim) for area in excluded):
            return
        severity = Severity.WARNING if excluded else severity
    _report(findings, zones, one.zone, other, severity)


def _report(findings: Findings, zones: tuple[Zone, ...], first: int, claim: _Claim, severity: Severity) -> None:
    words = f"places that the zone `{zones[first].id}` does not hold by an equally exact rule"
    findings.add(claim.loc, claim.said, words, "zone_tie", severity)


def _touches(area: Area, claim: _Claim) -> bool:
    countries = {*area.countries, *(country for _, _, country, _ in _listed(area))}
    return area.polygon is not None or area.rest or not claim.country or claim.country in countries


def _takes_out(area: Area, claim: _Claim) -> bool:
    """Whether an exclusion certainly takes out all that a rule holds."""
    if not area.by_code and area.polygon is None and claim.country in area.countries:
        return True
    for field, _, country, text in _listed(area):
        by_code = field in {"postal_codes", "prefixes"} and claim.rank in {"postal_codes", "prefixes"}
        holds = (
            claim.text.startswith(text)
            if field == "prefixes" and by_code
            else (field, text) == (claim.rank, claim.text)
        )
        if country == claim.country and holds:
            return True
    return False


def _check_ranges(findings: Findings, zones: tuple[Zone, ...], base: Loc) -> None:
    """Ranges of equal width in two zones that share a code."""
    by_width: dict[tuple[str, int], list[tuple[str, str, _Claim]]] = defaultdict(list)
    for number, zone in enumerate(zones):
        for k, area in enumerate(zone.areas):
            for n, (first, last) in enumerate(area.ranges):
                with suppress(PlaceError):
                    (country, low), (_, high) = placed(area.countries[0], first), placed(area.countries[0], last)
                    loc = (*base, number, "areas", k, "ranges", n)
                    claim = _Claim(number, loc, "ranges", country, "", f"{first}..{last}")
                    by_width[country, int(high, 36) - int(low, 36)].append((low, high, claim))
    for ranges in by_width.values():
        ranges.sort(key=lambda entry: entry[:2])
        for i, (_, high, claim) in enumerate(ranges):
            for low, _, later in ranges[i + 1 :]:
                if low > high:
                    break
                if later.zone != claim.zone:
                    _tie(findings, zones, claim, later)
                    break


def _check_polygons(findings: Findings, zones: tuple[Zone, ...], base: Loc) -> None:
    drawn = [
        (number, (*base, number, "areas", k, "polygon"), area.polygon)
        for number, zone in enumerate(zones)
        for k, area in enumerate(zone.areas)
        if area.polygon is not None and not polygon_fault(area.polygon)
    ]
    if not drawn:
        return
    try:
        from shapely.geometry import shape  # noqa: PLC0415
        from shapely.validation import explain_validity  # noqa: PLC0415
    except ImportError:
        words = 'the optional dependency for polygons: pip install "promise-engine[geo]"'
        findings.warn(drawn[0][1], "", words, "needs_extra")
        return
    shapes: list[tuple[int, Loc, Any]] = [(number, loc, shape(polygon)) for number, loc, polygon in drawn]
    for _, loc, polygon in shapes:
        if not polygon.is_valid:
            findings.add(loc, explain_validity(polygon), "a polygon whose border does not cross itself", "polygon")
    valid = [entry for entry in shapes if entry[2].is_valid]
    for (number, _, one), (other_number, loc, other) in combinations(valid, 2):
        if number != other_number and one.intersects(other) and one.intersection(other).area > _LEAST_OVERLAP:
            claim = _Claim(other_number, loc, "polygon", "", "", "polygon")
            severity = Severity.WARNING if zones[number].exclude or zones[other_number].exclude else Severity.ERROR
            _report(findings, zones, number, claim, severity)
