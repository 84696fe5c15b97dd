"""Where things are: addresses, zones of zone sets, the nearest places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from shapely.geometry import Point, shape

from promise_engine import places
from promise_engine.errors import RequestError

from .calendar import HolidayPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.place import Address, Area, Zone, ZoneSet
    from promise_engine.models.request import Destination


@dataclass(frozen=True)
class Spot:
    """A point of the map with its postal code and clock. `id` is that of a site or pickup point, else empty."""

    id: str
    country: str
    code: str
    city: str
    subdivision: str | None
    time_zone: ZoneInfo
    latitude: float | None
    longitude: float | None

    @property
    def holiday_place(self) -> HolidayPlace:
        """Where `place` holiday sources look."""
        return HolidayPlace(self.country, self.subdivision)

    @property
    def point(self) -> tuple[float | None, float | None]:
        """Latitude and longitude."""
        return self.latitude, self.longitude


@lru_cache(maxsize=65_536)
def _looked_up(country: str, code: str) -> tuple[str, str, str | None, str | None, float | None, float | None]:
    home, canonical = places.normalise(country, code) if code else (country, "")
    found = places.locate(home, canonical)
    point = (found.latitude, found.longitude) if found else (None, None)
    return home, canonical, places.subdivision(home, canonical), places.time_zone(home, canonical), *point


def spot_of_address(spot_id: str, address: Address, time_zone: str | None) -> Spot:
    """Where a site or pickup point is."""
    country, code, subdivision, zone, latitude, longitude = _looked_up(address.country, address.postal_code)
    if address.latitude is not None:
        latitude, longitude = address.latitude, address.longitude
    name = time_zone or zone
    if name is None:
        raise RequestError.of(spot_id, address.postal_code, "a place whose time zone is given or known")
    return Spot(spot_id, country, code, address.city, subdivision, ZoneInfo(name), latitude, longitude)


def spots_of_destination(network: NetworkDocument, wanted: Destination) -> tuple[Spot, ...]:
    """The address asked for; for a country or a prefix alone, one spot for each part of the area."""
    country = wanted.country or ""
    try:
        if wanted.postal_code is not None:
            return (_destination(wanted, country, wanted.postal_code),)
        codes = codes_of_area(network, country, wanted.postal_prefix or "")
        return tuple(_destination(wanted, country, code) for code in codes or ("",))
    except places.PlaceError as error:
        raise RequestError.of("destination", str(error), "a postal code of its country") from error


def _destination(wanted: Destination, named: str, postal_code: str) -> Spot:
    country, code, subdivision, zone, latitude, longitude = _looked_up(named, postal_code)
    if wanted.latitude is not None:
        latitude, longitude = wanted.latitude, wanted.longitude
    if zone is None:
        raise RequestError.of("destination", postal_code, "a destination whose time zone is known")
    return Spot("", country, code, wanted.city or "", subdivision, ZoneInfo(zone), latitude, longitude)


def shopper_point(wanted: Destination) -> tuple[float, float] | None:
    """Where the shopper is, for distances to places: the point given, else that of the code, prefix or country."""
    if wanted.latitude is not None and wanted.longitude is not None:
        return wanted.latitude, wanted.longitude
    if wanted.country is None:
        return None
    try:
        found = places.locate(wanted.country, wanted.postal_code or wanted.postal_prefix or "")
    except places.PlaceError as error:
        raise RequestError.of("destination", str(error), "a postal code of its country") from error
    return (found.latitude, found.longitude) if found else None


def metres_between(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> int | None:
    """The great-circle distance of two points, unknown when one of them is."""
    (lat1, lon1), (lat2, lon2) = one, other
    if lat1 is None or lon1 is None or lat2 is None or lon2 is None:
        return None
    return places.distance_metres(lat1, lon1, lat2, lon2)


def distance(one: Spot, other: Spot) -> int | None:
    """The great-circle distance of two spots, unknown when one has no coordinates."""
    return metres_between(one.point, other.point)


# Ranks of the rules of a zone, smaller is more exact: (kind, finer rank inside the kind).
Exactness = tuple[int, int]


@lru_cache(maxsize=65_536)
def _in_plan_of(country: str, spot_country: str, code: str) -> bool:
    """Whether a code belongs to the postal plan of a country: French 97 holds codes of Réunion."""
    if not code:
        return False
    try:
        return places.normalise(country, code) == (spot_country, code)
    except places.PlaceError:
        return False


@lru_cache(maxsize=65_536)
def _written(country: str, text: str) -> str:
    """A postal code, or the beginning of one, in its one written form."""
    return places.normalise_prefix(country, text)[1]


def _width(first: str, last: str) -> int:
    """How many codes a range is wide; letters count as digits of base 36."""
    base = 10 if (first + last).isdigit() else 36
    low, high = (int("".join(filter(str.isalnum, code)), base) for code in (first, last))
    return high - low + 1


def _by_code(area: Area, spot: Spot) -> Iterator[Exactness]:
    country = area.countries[0]
    if not _in_plan_of(country, spot.country, spot.code):
        return
    if any(places.normalise(country, listed) == (spot.country, spot.code) for listed in area.postal_codes):
        yield (0, 0)
    for prefix in area.prefixes:
        starts = places.expand_prefix(country, prefix)
        if any(home == spot.country and spot.code.startswith(start) for home, start in starts):
            yield (1, -min(len(_plain(start)) for _, start in starts))
    for low, high in area.ranges:
        first, last = _written(country, low), _written(country, high)
        if first <= spot.code <= last:
            yield (2, _width(first, last))


def _by_name(area: Area, spot: Spot) -> Iterator[Exactness]:
    if spot.country == area.countries[0]:
        if spot.city and spot.city.casefold() in {city.casefold() for city in area.cities}:
            yield (4, 0)
        if spot.subdivision is not None and spot.subdivision in area.subdivisions:
            yield (5, 0)


def _by_polygon(area: Area, spot: Spot) -> Iterator[Exactness]:
    if area.polygon is None or spot.latitude is None or spot.longitude is None:
        return
    if shape(area.polygon).covers(Point(spot.longitude, spot.latitude)):
        yield (3, 0)


def how_exactly(area: Area, spot: Spot) -> Exactness | None:
    """The most exact rule of an area that holds the spot; None when none does."""
    found = list(_by_polygon(area, spot))
    if area.by_code:
        found += [*_by_code(area, spot), *_by_name(area, spot)]
    elif spot.country in area.countries:
        found.append((6, 0))
    if area.rest:
        found.append((7, 0))
    return min(found, default=None)


def holds(areas: Iterable[Area], spot: Spot) -> bool:
    """Whether one of the areas holds the spot."""
    return any(how_exactly(area, spot) is not None for area in areas)


def zone_of(zone_set: ZoneSet, spot: Spot) -> str | None:
    """The zone of the set that the spot belongs to: the most exact rule decides, then the smaller id."""

    def exactness(zone: Zone) -> Exactness | None:
        found = (how_exactly(area, spot) for area in zone.areas)
        return min((rule for rule in found if rule is not None), default=None)

    ranked = [(rule, zone.id) for zone in zone_set.zones if (rule := exactness(zone)) and not holds(zone.exclude, spot)]
    return min(ranked)[1] if ranked else None


def nearest(
    point: tuple[float, float], spots: Iterable[Spot], radius_metres: int, count: int
) -> list[tuple[int, Spot]]:
    """The nearest spots inside the radius (inclusive), ties by id."""
    measured = ((metres_between(point, spot.point), spot) for spot in spots)
    inside = [(metres, spot) for metres, spot in measured if metres is not None and metres <= radius_metres]
    return sorted(inside, key=lambda pair: (pair[0], pair[1].id))[:count]


def codes_of_area(network: NetworkDocument, country: str, prefix: str) -> list[str]:
    """The codes that stand for an area: real ones, and one of every run of codes that the network names alike.

    Where codes are numbers, every one of the area is looked at.
    """
    codes = set(places.representatives(country, prefix))
    for home, start in places.expand_prefix(country, prefix):
        texts = [named for area in _areas_of(network) for named in _named(area, home)]
        if places.code_digits(home):
            codes |= _firsts_of_runs(home, _plain(start), texts)
        else:
            ends = {end for span in texts for end in span}
            both = {max(_plain(start), end, key=len) for end in ends if _begin_alike(_plain(start), end)}
            codes |= {code for code in (places.first_code(home, text) for text in both) if code is not None}
    return sorted(codes)


def _areas_of(network: NetworkDocument) -> Iterator[Area]:
    for zone_set in network.zone_sets:
        for zone in zone_set.zones:
            yield from (*zone.areas, *zone.exclude)
    for restriction in network.restrictions:
        yield from restriction.destinations or ()


def _named(area: Area, home: str) -> Iterator[tuple[str, str]]:
    """First and last of what an area lists in a country, without separators."""
    for listed in area.postal_codes:
        country, code = places.normalise(area.countries[0], listed)
        if country == home:
            yield _plain(code), _plain(code)
    for prefix in area.prefixes:
        for country, start in places.expand_prefix(area.countries[0], prefix):
            if country == home:
                yield _plain(start), _plain(start)
    for low, high in area.ranges:
        (country, first), (_, last) = (places.normalise(area.countries[0], end) for end in (low, high))
        if country == home:
            yield _plain(first), _plain(last)


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code))


def _begin_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _firsts_of_runs(home: str, start: str, spans: list[tuple[str, str]]) -> set[str]:
    digits = places.code_digits(home)
    finer = places.is_finer_than_table(home, start)
    if not any(first[: len(start)] <= start[: len(first)] <= last[: len(start)] for first, last in spans):
        return set()
    found, before = set(), None
    for number in range(int(start.ljust(digits, "0")), int(start.ljust(digits, "9")) + 1):
        code = f"{number:0{digits}d}"
        named = frozenset(i for i, (a, b) in enumerate(spans) if a <= code[: len(a)] and code[: len(b)] <= b)
        if named:
            found.update(known for known in places.known_codes(home, code[:2]) if _plain(known).startswith(start))
        if named != before and (named or finer):
            found.add(code)
        before = named
    return {code for code in found if _is_code(home, code)}


def _is_code(home: str, code: str) -> bool:
    try:
        return places.normalise(home, code)[0] == home
    except places.PostalCodeError:
        return False
