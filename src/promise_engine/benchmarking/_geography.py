"""Where the workload's sites, pickup points and shoppers are: real postal codes of the embedded table, by region."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine.places import known_codes, locate

if TYPE_CHECKING:
    from random import Random

_DEPARTMENTS = {
    "north": "02 08 14 27 50 51 59 60 61 62 76 80",
    "east": "10 21 25 39 52 54 55 57 58 67 68 70 71 88 89 90",
    "paris": "75 77 78 91 92 93 94 95",
    "west": "16 17 18 22 28 29 35 36 37 41 44 45 49 53 56 72 79 85 86",
    "south-west": "09 11 12 15 19 23 24 31 32 33 40 46 47 64 65 66 81 82 87",
    "south-east": "01 03 04 05 06 07 13 26 30 34 38 42 43 48 63 69 73 74 83 84",
    "corsica": "20",
}
REGIONS = {region: tuple(starts.split()) for region, starts in _DEPARTMENTS.items()}
"""The departments of each region of the carriers, as beginnings of postal codes."""

TOWNS = {"paris": ("75", "92", "93", "94"), "lyon": ("69",), "marseille": ("13",), "lille": ("59",)}
"""Towns with couriers, who do not ride from one to another."""

_CROWDED = {"75": 40, "92": 8, "93": 8, "94": 8, "13": 5, "31": 4, "33": 4, "44": 4, "59": 6, "67": 4, "69": 6, "06": 4}
_SPREAD = 0.08
"""How far an address lies from the middle of its postal code, in degrees; most lie nearer."""


class Spot(NamedTuple):
    """A postal code with its middle and its region."""

    postal_code: str
    latitude: float
    longitude: float
    region: str


@cache
def spots() -> tuple[Spot, ...]:
    """The postal codes of France that the embedded table knows, with their places.

    Examples
    --------
    >>> spots()[0].postal_code, spots()[0].region
    ('01000', 'south-east')
    """
    region_of = {start: region for region, starts in REGIONS.items() for start in starts}
    found = []
    for code in known_codes("FR", ""):
        place = locate("FR", code)
        if place is not None and code[:2] in region_of:
            found.append(Spot(code, place.latitude, place.longitude, region_of[code[:2]]))
    return tuple(found)


@cache
def _weights() -> tuple[int, ...]:
    running, total = [], 0
    for spot in spots():
        total += _CROWDED.get(spot.postal_code[:2], 1)
        running.append(total)
    return tuple(running)


def drawn_spots(draw: Random, count: int) -> list[Spot]:
    """Postal codes as people live: more often those of large towns.

    Examples
    --------
    >>> from random import Random
    >>> len(drawn_spots(Random(1), 3))
    3
    """
    return draw.choices(spots(), cum_weights=_weights(), k=count)


def address_at(draw: Random, spot: Spot) -> dict[str, Any]:
    """An address in a postal code, with coordinates of its own.

    Examples
    --------
    >>> from random import Random
    >>> address_at(Random(1), spots()[0])["postal_code"]
    '01000'
    """
    return {
        "country": "FR",
        "postal_code": spot.postal_code,
        "latitude": round(spot.latitude + draw.triangular(-_SPREAD, _SPREAD), 5),
        "longitude": round(spot.longitude + draw.triangular(-_SPREAD, _SPREAD), 5),
    }
