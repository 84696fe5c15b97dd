"""The sites of the workload: calendars, warehouses, stores, their hours, handling and capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promise_engine.benchmarking._geography import Spot, address_at, drawn_spots, spots
from promise_engine.benchmarking._names import WAREHOUSES, round_of, services_of

if TYPE_CHECKING:
    from random import Random

_WAREHOUSE_CODES = {"wh-centre": "45000", "wh-north": "59000", "wh-south": "13000"}
_WAVES = (
    (("mon-sat", "09:00", "14:00"), ("mon-sat", "14:00", "19:00"), ("sun", "11:00", "18:00")),
    (("mon", "13:00", "19:00"), ("tue-sat", "09:30", "14:00"), ("tue-sat", "14:00", "19:30")),
    (("mon-sat", "08:30", "12:30"), ("mon-sat", "14:00", "19:00")),
    (("mon-sat", "10:00", "15:00"), ("mon-sat", "15:00", "20:30"), ("sun", "11:00", "18:00")),
)
"""Slots of a store's capacity, by the round it is in."""
_LARGE_TOWNS = ("75000", "69000", "13000", "59000", "31000", "35000", "67000", "20000")
"""Where the first stores are, however few: in every region, and in every town that has couriers."""
_PLACE = [{"country": "place", "subdivision": "place"}]


def calendars() -> list[dict[str, Any]]:
    """Hours of sites, dates of carriers and of delivery.

    Examples
    --------
    >>> len({calendar["id"] for calendar in calendars()}) == len(calendars())
    True
    """
    nation = [{"country": "FR"}]
    closed = [
        {"effect": "closed", "first": "2026-12-24", "name": "Christmas Eve"},
        {"effect": "closed", "first": "2026-12-31", "name": "stocktaking"},
    ]
    sundays = [
        {"effect": "open", "first": "2026-11-29", "last": "2026-12-20", "weekdays": "sun", "hours": ["11:00-18:00"]}
    ]
    return [
        {"id": "warehouse", "hours": {"mon-fri": ["06:00-21:00"], "sat": ["07:00-13:00"]}, "holidays": _PLACE},
        {"id": "warehouse-dispatch", "weekdays": "mon-sat", "holidays": _PLACE, "exceptions": closed[:1]},
        {"id": "receiving", "hours": {"mon-sat": ["06:00-12:00"]}, "holidays": _PLACE},
        {"id": "store-0", "hours": {"mon-sat": ["09:00-19:00"]}, "holidays": _PLACE, "exceptions": sundays},
        {"id": "store-1", "hours": {"mon": ["13:00-19:00"], "tue-sat": ["09:30-19:30"]}, "holidays": _PLACE},
        {"id": "store-2", "hours": {"mon-sat": ["08:30-12:30", "14:00-19:00"]}, "holidays": _PLACE},
        {"id": "store-3", "hours": {"mon-sat": ["10:00-20:30"]}, "holidays": _PLACE, "exceptions": sundays},
        {"id": "counter", "hours": {"mon-sat": ["09:30-20:00"]}, "holidays": _PLACE, "exceptions": sundays},
        {"id": "corner-shop", "hours": {"mon-sat": ["09:00-20:00"], "sun": ["09:00-12:30"]}, "holidays": _PLACE},
        {"id": "locker", "hours": {"mon-sun": ["00:00-24:00"]}},
        {"id": "weekdays", "weekdays": "mon-fri", "holidays": nation},
        {"id": "with-saturdays", "weekdays": "mon-sat", "holidays": nation},
        {"id": "with-saturdays-and-bridges", "weekdays": "mon-sat", "holidays": nation, "exceptions": closed},
        {"id": "tuesday-to-friday", "weekdays": "tue-fri", "holidays": nation},
        {"id": "riding", "hours": {"mon-sat": ["08:00-22:00"], "sun": ["10:00-20:00"]}},
    ]


def sites(draw: Random, stores: int) -> list[dict[str, Any]]:
    """The warehouses, and as many stores as are asked for.

    Examples
    --------
    >>> from random import Random
    >>> [site["id"] for site in sites(Random(1), 2)]
    ['wh-centre', 'wh-north', 'wh-south', 'store-0000', 'store-0001']
    """
    by_code = {spot.postal_code: spot for spot in spots()}
    warehouses = [_warehouse(draw, name, by_code[_WAREHOUSE_CODES[name]]) for name in WAREHOUSES]
    large = [by_code[code] for code in _LARGE_TOWNS[:stores]]
    places = large + drawn_spots(draw, stores - len(large))
    return warehouses + [_store(draw, number, spot) for number, spot in enumerate(places)]


def region_of(site: dict[str, Any]) -> str:
    """The region of a site.

    Examples
    --------
    >>> from random import Random
    >>> region_of(sites(Random(1), 0)[1])
    'north'
    """
    group: str = next(name for name in site["groups"] if name.startswith("region-"))
    return group.removeprefix("region-")


def _warehouse(draw: Random, name: str, spot: Spot) -> dict[str, Any]:
    rank = WAREHOUSES.index(name)
    return {
        "id": name,
        "kind": "warehouse",
        "address": address_at(draw, spot),
        "groups": ["warehouses", f"region-{spot.region}"],
        "rank": 10 + rank,
        "receiving": "receiving",
        "putaway": "4 h",
        "preparation": {
            "calendar": "warehouse",
            "dispatch": "warehouse-dispatch",
            "order_cut_off": {"daily": f"17:{10 * rank:02}:59", "times": {"sat": "10:30:30"}},
            "handling": {
                "minimum": {"fixed": "45 min"},
                "maximum": {"fixed": "90 min", "per_line": "3 min", "per_unit": "20 s"},
            },
            "plan": {
                "unit": "units",
                "slots": [
                    _slot("mon-fri", "06:00", "11:00", 9_000),
                    _slot("mon-fri", "11:00", "16:00", 9_000),
                    _slot("mon-fri", "16:00", "21:00", 7_000) | {"use_by": "19:30:00"},
                    _slot("sat", "07:00", "13:00", 4_000),
                ],
            },
            "overrides": [
                {
                    "services": services_of("express"),
                    "order_cut_off": {"daily": "17:55:30", "times": {"sat": "10:45:30"}},
                    "handling": {"maximum": {"fixed": "40 min"}},
                }
            ],
        },
        "line_services": ["gift-wrap"],
        "preparation_cost": "1.20",
        "preparation_cost_per_unit": "0.30",
        "packaging_cost": "0.45",
    }


def _store(draw: Random, number: int, spot: Spot) -> dict[str, Any]:
    late = draw.randint(13, 14)
    seconds = f"{draw.randint(0, 59):02}:{draw.randint(0, 59):02}"
    capacity = draw.choice((40, 60, 90))
    store = {
        "id": f"store-{number:04}",
        "kind": "store",
        "address": address_at(draw, spot),
        "groups": ["stores", f"region-{spot.region}", *(["flagships"] if number % 10 == 0 else [])],
        "rank": 100 + draw.randint(0, 5),
        "receiving": "receiving",
        "putaway": "2 h",
        "preparation": {
            "calendar": f"store-{round_of(number)}",
            "order_cut_off": {"daily": f"{late}:{seconds}"},
            "handling": {"maximum": {"fixed": f"{draw.choice((60, 75, 90))} min", "per_line": "4 min"}},
            "plan": {
                "unit": "lines",
                "splits": number % 2 == 0,
                "slots": [_slot(*waves, capacity) for waves in _WAVES[round_of(number)]],
            },
        },
        "store_collection": {
            "opening": "counter",
            "order_cut_off": {"daily": "18:29:59"},
            "handling": {"maximum": {"fixed": "2 h"}},
            "cut_off": "19:15:00",
            "capacity": number % 3 > 0,
        },
        "preparation_cost": f"{draw.choice((1.5, 1.8, 2.1)):.2f}",
        "packaging_cost": "0.60",
    }
    if number % 2 == 0:
        store["line_services"] = ["gift-wrap"]
    if number % 25 == 1:
        store["shown_to"] = {"channels": ["web"]}
    return store


def _slot(weekdays: str, start: str, end: str, capacity: int) -> dict[str, Any]:
    return {"weekdays": weekdays, "start": start, "end": end, "capacity": capacity}
