"""Which zone of a zone set holds a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine import places
from promise_engine.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promise_engine.models.place import Area, Zone, ZoneSet


class Spot(NamedTuple):
    """A place as zones see it. `code` is the normalised postal code without separators."""

    country: str
    code: str
    city: str
    subdivision: str | None
    latitude: float | None
    longitude: float | None


def compact(postal_code: str) -> str:
    """A postal code without separators, upper case.

    Examples
    --------
    >>> compact("sw1a 1aa")
    'SW1A1AA'
    """
    return "".join(c for c in postal_code.upper() if c.isalnum())


def _placed(country: str, code: str) -> tuple[str, str]:
    canonical, normalised = places.normalise(country, code)
    return canonical, compact(normalised)


def _starts(country: str, prefix: str) -> list[tuple[int, str, str]]:
    """Exactness, country and beginning of the codes under a prefix; all are as exact as the shortest."""
    expanded = [(home, compact(start)) for home, start in places.expand_prefix(country, prefix)]
    return [(min(len(start) for _, start in expanded), home, start) for home, start in expanded]


def _value(code: str) -> int:
    return int(code, 36)


class _AreaMatcher:
    """One area, ready to say how exactly it holds a spot: (rank, exactness), or None."""

    def __init__(self, area: Area) -> None:
        self.countries = frozenset(area.countries)
        self.by_code = area.by_code
        self.rest = area.rest
        own = area.countries[0] if area.countries else ""
        self.codes = frozenset(_placed(own, code) for code in area.postal_codes)
        self.prefixes = sorted({start for prefix in area.prefixes for start in _starts(own, prefix)}, reverse=True)
        ranges = [(_placed(own, first), compact(places.normalise(own, last)[1])) for first, last in area.ranges]
        self.ranges = sorted(ranges, key=lambda r: _value(r[1]) - _value(r[0][1]))
        self.cities = frozenset(city.casefold() for city in area.cities)
        self.subdivisions = frozenset(area.subdivisions)
        self.polygon: Any = _shape(area.polygon) if area.polygon else None

    def rank(self, spot: Spot) -> tuple[int, int] | None:
        """Exactness of the area's best rule that holds the spot; greater is more exact."""
        ranked = self._in_codes(spot)
        if ranked is not None:
            return ranked
        if self.polygon is not None and self._in_polygon(spot):
            return (5, 0)
        if spot.country in self.countries:
            if spot.city and spot.city.casefold() in self.cities:
                return (4, 0)
            if spot.subdivision is not None and spot.subdivision in self.subdivisions:
                return (3, 0)
            if not self.by_code and self.polygon is None:
                return (2, 0)
        return (1, 0) if self.rest else None

    def named(self) -> Iterator[tuple[str, str, str]]:
        """Country, first and last of each listed code, prefix and range."""
        yield from ((country, code, code) for country, code in self.codes)
        yield from ((country, prefix, prefix) for _, country, prefix in self.prefixes)
        yield from ((country, first, last) for (country, first), last in self.ranges)

    def _in_codes(self, spot: Spot) -> tuple[int, int] | None:
        if not spot.code:
            return None
        if (spot.country, spot.code) in self.codes:
            return (8, 0)
        for length, country, prefix in self.prefixes:
            if spot.country == country and spot.code.startswith(prefix):
                return (7, length)
        for (country, first), last in self.ranges:
            if spot.country == country and first <= spot.code[: len(first)] and spot.code[: len(last)] <= last:
                return (6, _value(first) - _value(last))
        return None

    def _in_polygon(self, spot: Spot) -> bool:
        if spot.latitude is None or spot.longitude is None:
            return False
        from shapely import Point, prepare  # noqa: PLC0415

        prepare(self.polygon)  # at once where it is prepared already; a pickled engine has lost it
        return bool(self.polygon.covers(Point(spot.longitude, spot.latitude)))


def _shape(polygon: dict[str, Any]) -> Any:
    try:
        from shapely.geometry import shape  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError("a zone drawn as a polygon", "geo") from None
    return shape(polygon)


class AreaIndex:
    """A union of areas."""

    def __init__(self, areas: tuple[Area, ...]) -> None:
        self._areas = [_AreaMatcher(area) for area in areas]

    def rank(self, spot: Spot) -> tuple[int, int] | None:
        """The best rank of any of the areas."""
        return max(filter(None, (area.rank(spot) for area in self._areas)), default=None)

    def named(self) -> Iterator[tuple[str, str, str]]:
        """Country, first and last of each code, prefix and range that the areas list."""
        for area in self._areas:
            yield from area.named()

    def holds(self, spot: Spot) -> bool:
        """Whether the spot lies in one of the areas."""
        return self.rank(spot) is not None


class ZoneSetIndex:
    """A zone set, ready to resolve spots. Zones count from 1 in the order of their ids; 0 is no zone."""

    def __init__(self, zone_set: ZoneSet) -> None:
        self.zones: list[Zone] = sorted(zone_set.zones, key=lambda zone: zone.id)
        self._areas = [AreaIndex(zone.areas) for zone in self.zones]
        self._excluded = [AreaIndex(zone.exclude) for zone in self.zones]
        areas = [area for zone in self.zones for area in (*zone.areas, *zone.exclude)]
        self.has_polygons = any(area.polygon is not None for area in areas)

    @property
    def count(self) -> int:
        """Zones plus one."""
        return len(self.zones) + 1

    @property
    def areas(self) -> list[AreaIndex]:
        """The areas of all zones, exclusions too."""
        return [*self._areas, *self._excluded]

    def position(self, zone_id: str) -> int:
        """The number of a zone."""
        return next(i for i, zone in enumerate(self.zones, 1) if zone.id == zone_id)

    def resolve(self, spot: Spot) -> int:
        """The number of the zone that holds a spot, the smaller id where two do equally; 0 when none does."""
        best, chosen = None, 0
        for number, (areas, excluded) in enumerate(zip(self._areas, self._excluded, strict=True), 1):
            ranked = areas.rank(spot)
            if ranked is not None and (best is None or ranked > best) and not excluded.holds(spot):
                best, chosen = ranked, number
        return chosen

    def resolved(self, spots: Iterable[Spot]) -> list[int]:
        """The number of the zone of each spot; spots that the zone set cannot tell apart are resolved once."""
        known: dict[Spot, int] = {}
        zones = []
        for spot in spots:
            key = spot if self.has_polygons else spot._replace(latitude=None, longitude=None)
            if key not in known:
                known[key] = self.resolve(key)
            zones.append(known[key])
        return zones
