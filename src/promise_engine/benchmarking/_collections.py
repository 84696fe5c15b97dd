"""When carriers take parcels from the sites of the workload, several times a day, and the room in their vans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promise_engine.benchmarking._geography import TOWNS
from promise_engine.benchmarking._names import (
    HOME,
    PICKUP,
    WAREHOUSES,
    carrier_id,
    collects_on_saturdays,
    round_of,
    services_of,
)
from promise_engine.benchmarking._sites import region_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CARRIERS = 12
_COURIERS = (10, 11)


def pools(sites: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Room in the lorries of a warehouse for each departure, in the vans of a region for each date.

    Examples
    --------
    >>> from random import Random
    >>> from promise_engine.benchmarking._sites import sites
    >>> pools(sites(Random(1), 0))[0]
    {'id': 'carrier-00-wh-centre', 'capacity': 8000, 'per': 'departure'}
    """
    regions = sorted({region_of(site) for site in _stores(sites)})
    return [
        {"id": f"{carrier_id(n)}-{name}", "capacity": capacity, "per": per}
        for names, capacity, per in ((WAREHOUSES, 8_000, "departure"), (regions, 6_000, "date"))
        for n in range(_CARRIERS)
        for name in names
    ]


def collections(sites: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The collections of all carriers at all sites (slots and couriers at stores), and those of the own fleet.

    Examples
    --------
    >>> from random import Random
    >>> from promise_engine.benchmarking._sites import sites
    >>> sorted({len(row["sites"]) for row in collections(sites(Random(1), 0))})
    [1, 3]
    """
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for number, site in enumerate(_stores(sites)):
        groups.setdefault((region_of(site), round_of(number)), []).append(site)
    own = {"sites": list(WAREHOUSES)}
    fleet = [
        {**own, "services": ["line-haul"], "weekdays": "mon-fri", "cut_off": "19:30:00", "departure": "20:15"},
        {**own, "services": ["shuttle"], "weekdays": "mon-sat", "cut_off": "20:00:00", "departure": "03:30 +1d"},
    ]
    found = [row for n in range(_CARRIERS) for row in (*_at_warehouses(n), *_at_stores(n, groups))]
    return [*found, *_rides(groups), *fleet]


def _stores(sites: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    return sites[len(WAREHOUSES) :]


def _services(number: int) -> list[str]:
    """Those of a carrier that collect at every site: all but couriers."""
    carrier = carrier_id(number)
    home = [product.id for product in HOME if product.carrier == carrier and product.kind != "courier"]
    return home + list(PICKUP[number : number + 1])


def _at_warehouses(number: int) -> Iterator[dict[str, Any]]:
    """Three lorries a day, and one on Saturday where the carrier drives then."""
    for site in WAREHOUSES:
        row = {"sites": [site], "services": _services(number), "pool": f"{carrier_id(number)}-{site}"}
        for hour in (11, 16, 19):
            cut_off = f"{hour}:{2 * number:02}:{(7 * number + hour) % 60:02}"
            yield row | {"weekdays": "mon-fri", "cut_off": cut_off, "departure": f"{hour}:45"}
        if collects_on_saturdays(number):
            yield row | {"weekdays": "sat", "cut_off": "12:15:30", "departure": "12:45"}


def _at_stores(number: int, groups: dict[tuple[str, int], list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Two vans a day, one more where slots are delivered from; each round at its own time."""
    hours = (11, 15, 18) if number in _COURIERS else (12, 18)
    weekdays = "mon-sat" if collects_on_saturdays(number) else "mon-fri"
    for (region, vans), sites in sorted(groups.items()):
        row: dict[str, Any] = {
            "sites": [site["id"] for site in sites],
            "services": _services(number),
            "weekdays": weekdays,
            "pool": f"{carrier_id(number)}-{region}",
        }
        if number == 0:
            row["notification"] = "30 min"
        for hour in hours:
            cut_off = f"{hour}:{10 * vans + number % 10:02}:{(13 * number + 7 * vans) % 60:02}"
            yield row | {"cut_off": cut_off, "departure": f"{hour}:55"}


def _rides(groups: dict[tuple[str, int], list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Couriers come to the stores of their towns every two hours."""
    starts = tuple(start for names in TOWNS.values() for start in names)
    for (_, vans), sites in sorted(groups.items()):
        ids = [site["id"] for site in sites if site["address"]["postal_code"].startswith(starts)]
        for hour in (10, 12, 14, 16, 18) if ids else ():
            at = {"cut_off": f"{hour}:{5 * vans:02}:30", "departure": f"{hour}:30"}
            yield {"sites": ids, "services": services_of("courier"), "weekdays": "mon-sat", **at}
