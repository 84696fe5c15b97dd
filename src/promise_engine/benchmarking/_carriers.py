"""The carriers of the workload: zones, services with their lanes, windows and limits, tariffs, modes of transport."""

from __future__ import annotations

from typing import Any

from promise_engine.benchmarking._geography import REGIONS, TOWNS
from promise_engine.benchmarking._names import HOME, PICKUP, SHUTTLE, Product, carrier_id, collects_on_saturdays

_NEAR = {
    "north": ("paris", "east"),
    "east": ("north", "paris", "south-east"),
    "paris": ("north", "east", "west"),
    "west": ("paris", "south-west"),
    "south-west": ("west", "south-east"),
    "south-east": ("east", "south-west"),
}
_BANDS = ((0, 500, 4.1), (500, 2_000, 5.2), (2_000, 5_000, 7.3), (5_000, 10_000, 10.6), (10_000, 30_001, 17.4))
_DAYS = ("weekdays", "with-saturdays", "with-saturdays-and-bridges", "tuesday-to-friday")
_PEAK = {"first": "2026-11-20", "last": "2026-12-24"}


def zone_sets() -> list[dict[str, Any]]:
    """Regions of the carriers, towns of the couriers, zones of prices.

    Examples
    --------
    >>> [zone_set["id"] for zone_set in zone_sets()]
    ['regions', 'towns', 'prices']
    """

    def zone(name: str, starts: tuple[str, ...]) -> dict[str, Any]:
        return {"id": name, "areas": [{"countries": ["FR"], "prefixes": list(starts)}]}

    return [
        {"id": "regions", "zones": [zone(name, starts) for name, starts in REGIONS.items()]},
        {"id": "towns", "zones": [zone(name, starts) for name, starts in TOWNS.items()]},
        {
            "id": "prices",
            "zones": [
                {"id": "mainland", "areas": [{"countries": ["FR"]}]},
                zone("capital", REGIONS["paris"]),
                zone("corsica", REGIONS["corsica"]),
            ],
        },
    ]


def carriers() -> list[dict[str, Any]]:
    """Twelve carriers and the retailer's own fleet.

    Examples
    --------
    >>> len(carriers())
    13
    """
    days = ("weekdays", "with-saturdays")
    found = [{"id": carrier_id(n), "collection_days": days[collects_on_saturdays(n)]} for n in range(12)]
    return [*found, {"id": SHUTTLE}]


def services() -> list[dict[str, Any]]:
    """All services: to homes, to pickup points, and of the own fleet.

    Examples
    --------
    >>> len(services())
    41
    """
    makers = {
        "standard": _standard, "express": _express, "day": _nominated_day, "slot": _slots, "courier": _courier,
    }  # fmt: skip
    common = {"limits": {"weight_grams": 30_000, "longest_mm": 1_500}, "packing": {"fold": "stack"}}
    home = [
        {
            "id": one.id,
            "carrier": one.carrier,
            "tariff": f"t-{one.id}",
            "transport": "van",
            **common,
            **makers[one.kind](one),
        }
        for one in HOME
    ]
    return home + [_to_points(number, name) for number, name in enumerate(PICKUP)] + _fleet()


def _lanes(base: int, spread: int, network_days: str) -> list[dict[str, Any]]:
    """A day more to regions farther away, two to the island."""

    def lane(origin: str | None, destinations: list[str], days: int) -> dict[str, Any]:
        transit = {"minimum_days": max(1, days - spread), "maximum_days": days, "network_days": network_days}
        named = {} if origin is None else {"origins": [origin]}
        return {**named, "destinations": destinations, "transit": transit}

    mainland = [name for name in REGIONS if name != "corsica"]
    lanes = [lane(None, ["corsica"], base + 3)]
    for origin in mainland:
        near = [origin, *_NEAR[origin]]
        far = [name for name in mainland if name not in near]
        lanes += [lane(origin, near, base), lane(origin, far, base + 1)]
    return [*lanes, lane("corsica", mainland, base + 3)]


def _standard(product: Product) -> dict[str, Any]:
    days = _DAYS[product.number % len(_DAYS)]
    service: dict[str, Any] = {
        "zone_set": "regions",
        "lanes": _lanes(1 + product.number % 3, product.number % 2, ("with-saturdays", "weekdays")[product.number % 2]),
        "delivery": {"days": days, "windows": [{"hours": "08:00-18:00"}]},
    }
    if product.number % 4 == 0:
        service["overlays"] = [{**_PEAK, "add_days": 1, "zones": ["paris"], "name": "peak"}]
    if product.number % 5 == 0:
        service["safety_margin"] = "90 min"
    return service


def _express(product: Product) -> dict[str, Any]:
    hour = (10, 12, 13, 18)[product.number % 4]
    return {
        "zone_set": "regions",
        "lanes": _lanes(1, 0, "with-saturdays"),
        "delivery": {"days": _DAYS[product.number % 3], "windows": [{"hours": f"08:00-{hour}:00"}]},
        "max_parcels": 3,
    }


def _nominated_day(product: Product) -> dict[str, Any]:
    windows = [{"hours": "07:00-21:00", "capacity": 5_000}]
    return {
        "zone_set": "regions",
        "lanes": _lanes(2, 0, "with-saturdays"),
        "delivery": {"days": _DAYS[product.number % 2], "choice": "day", "windows": windows},
        "dispatch": "last",
    }


def _slots(product: Product) -> dict[str, Any]:
    """Two-hour slots with room, in the region of the site."""
    first = 8 + product.number % 2
    hours = [f"{hour:02}:00-{hour + 2:02}:00" for hour in range(first, first + 12, 2)]
    transit = {"maximum_days": 1, "network_days": "with-saturdays"}
    return {
        "zone_set": "regions",
        "lanes": [{"origins": [name], "destinations": [name], "transit": transit} for name in REGIONS],
        "delivery": {
            "days": "with-saturdays",
            "choice": "slot",
            "windows": [{"hours": each, "capacity": 400} for each in hours],
        },
    }


def _courier(_product: Product) -> dict[str, Any]:
    transit = {"minimum": "40 min", "maximum": "90 min", "hours": "riding"}
    return {
        "zone_set": "towns",
        "lanes": [{"origins": [town], "destinations": [town], "transit": transit} for town in TOWNS],
        "delivery": {"windows": [{"hours": "09:00-22:00"}], "length": "1 h"},
        "limits": {"weight_grams": 15_000},
        "packing": {},
        "max_parcels": 1,
        "transport": "cargo-bike",
    }


def _to_points(number: int, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "carrier": carrier_id(number),
        "pickup_network": name,
        "zone_set": "regions",
        "lanes": _lanes(1 + number, 1, "with-saturdays"),
        "delivery": {"days": "with-saturdays", "windows": [{"hours": "08:00-14:00"}]},
        "limits": {"weight_grams": 20_000, "longest_mm": 1_200},
        "packing": {"fold": "stack"},
        "tariff": f"t-{name}",
        "transport": "van",
    }


def _fleet() -> list[dict[str, Any]]:
    """Lorries between warehouses, and shuttles to stores."""
    lanes = [{"transit": {"maximum_days": 1, "network_days": "with-saturdays"}}]
    own = {"carrier": SHUTTLE, "lanes": lanes, "transport": "lorry"}
    return [{"id": "line-haul", "tariff": "t-line-haul", **own}, {"id": "shuttle", "tariff": "t-shuttle", **own}]


def tariffs() -> list[dict[str, Any]]:
    """A tariff for each service, by zone and weight band, with surcharges.

    Examples
    --------
    >>> len(tariffs())
    41
    """
    dearer = {"standard": 1.0, "express": 1.8, "day": 1.4, "slot": 1.6, "courier": 2.1}
    found = [_tariff(f"t-{one.id}", dearer[one.kind] + 0.05 * (one.number % 7)) for one in HOME]
    found += [_tariff(f"t-{name}", 0.8 + 0.05 * number) for number, name in enumerate(PICKUP)]
    flat = [{"id": "t-line-haul", "rows": [{"price": "0.45"}]}, {"id": "t-shuttle", "rows": [{"price": "0.60"}]}]
    return found + flat


def _tariff(name: str, factor: float) -> dict[str, Any]:
    zones = {"mainland": 1.0, "capital": 0.95, "corsica": 1.7}
    rows = [
        {"zone": zone, "min_grams": low, "max_grams": high, "price": f"{price * factor * times:.2f}"}
        for zone, times in zones.items()
        for low, high, price in _BANDS
    ]
    surcharges = [
        {"id": "peak", "on": _PEAK, "amount": "0.25"},
        {"id": "energy", "percent": "4.2"},
        {"id": "long", "over": {"longest_mm": 1_000}, "amount": "6.00"},
    ]
    return {"id": name, "zone_set": "prices", "rows": rows, "surcharges": surcharges}


def transport_modes() -> list[dict[str, Any]]:
    """Grams of CO2e per tonne-kilometre, assumed.

    Examples
    --------
    >>> [mode["id"] for mode in transport_modes()]
    ['van', 'lorry', 'cargo-bike']
    """
    modes = (("van", 257, "1.25"), ("lorry", 105, "1.2"), ("cargo-bike", 272, "1.2"))
    return [{"id": name, "intensity": grams, "detour": detour, "source": "assumed"} for name, grams, detour in modes]
