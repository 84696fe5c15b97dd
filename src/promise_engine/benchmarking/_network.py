"""The network of the workload as a document."""

from __future__ import annotations

from random import Random
from typing import Any

from promise_engine.benchmarking._carriers import carriers, services, tariffs, transport_modes, zone_sets
from promise_engine.benchmarking._collections import collections, pools
from promise_engine.benchmarking._geography import address_at, drawn_spots
from promise_engine.benchmarking._names import CATEGORIES, PICKUP, services_of
from promise_engine.benchmarking._sites import calendars, sites


def network_document(seed: int, stores: int, points: int, day_shipments: int = 1) -> dict[str, Any]:
    """The whole network: three warehouses, stores and pickup points, twelve carriers, every kind of rule.

    `day_shipments` is how many shipments an order may have whose day the shopper chooses.

    Examples
    --------
    >>> document = network_document(1, stores=5, points=9)
    >>> len(document["sites"]), len(document["pickup_points"]), len(document["methods"])
    (8, 9, 8)
    """
    of_sites = sites(Random(f"{seed}/sites"), stores)
    return {
        "valid_from": "2026-11-02",
        "valid_until": "2026-11-30",
        "settings": {"horizon_days": 60, "late_receipts": 1, "look_ahead": "floor"},
        "calendars": calendars(),
        "sites": of_sites,
        "carriers": carriers(),
        "services": services(),
        "collections": collections(of_sites),
        "collection_pools": pools(of_sites),
        "routes": _routes(),
        "zone_sets": zone_sets(),
        "pickup_points": _points(Random(f"{seed}/points"), points),
        "tariffs": tariffs(),
        "transport_modes": transport_modes(),
        "methods": _methods(day_shipments),
        "channels": _channels(),
        "policies": _policies(),
        "stock_rules": _stock_rules(),
        "supply_rules": [{"tag": "made-to-order", "site": "wh-centre", "replenish_after": 8}],
        "allocations": [{"id": "club-only", "tags": ["club"], "channels": ["web"]}],
        "restrictions": _restrictions(),
        "line_services": [
            {"id": "gift-wrap", "price": "3.50", "preparation_cost": "0.90", "preparation_time": "3 min"}
        ],
    }


def _points(draw: Random, count: int) -> list[dict[str, Any]]:
    found = []
    for number, spot in enumerate(drawn_spots(draw, count)):
        is_locker = number % 3 == 2
        point: dict[str, Any] = {
            "id": f"point-{number:05}",
            "kind": "locker" if is_locker else "pickup_point",
            "network": PICKUP[number % len(PICKUP)],
            "address": address_at(draw, spot),
            "opening": "locker" if is_locker else "corner-shop",
        }
        if is_locker:
            point |= {"available_from": "15:00", "limits": {"longest_mm": 600}, "hold_days": 3}
        if number % 4 == 0:
            point["daily_capacity"] = 40
        found.append(point)
    return found


def _routes() -> list[dict[str, Any]]:
    to_store = {"service": "shuttle", "arrival": "08:30", "turnaround": "1 h"}
    return [
        {"id": "to-store", "ends_at": "store", "legs": [to_store]},
        {
            "id": "to-store-by-the-centre",
            "ends_at": "store",
            "origins": ["wh-north", "wh-south"],
            "transfer_cost": "0.35",
            "legs": [{"service": "line-haul", "to": "wh-centre", "arrival": "06:30", "turnaround": "45 min"}, to_store],
        },
    ]


def _methods(day_shipments: int) -> list[dict[str, Any]]:
    def prices(price: str, free_from: str, island: str) -> list[dict[str, str]]:
        return [{"price": price}, {"from_value": free_from, "price": "0"}, {"zone": "corsica", "price": island}]

    def home(kind: str, *price: str, **given: Any) -> dict[str, Any]:
        named = {"id": f"home-{kind}", "kind": "home", "services": services_of(kind)}
        return {**named, "zone_set": "prices", "price": prices(*price), **given}

    club = {"segment": "club", "price": "0"}
    standard = home("standard", "4.90", "50", "9.90")
    standard["price"].append(club)
    return [
        standard,
        home("express", "9.90", "150", "24.90"),
        home("day", "12.90", "300", "39.90", max_shipments=day_shipments),
        home("slot", "7.90", "120", "7.90", max_shipments=1, destination_types=["home", "business"]),
        home("courier", "12.90", "250", "12.90", max_shipments=1),
        {
            "id": "relay", "kind": "pickup_point", "services": list(PICKUP), "radius_metres": 60_000,
            "places_shown": 20, "zone_set": "prices", "price": prices("3.50", "40", "6.90"),
        },
        {
            "id": "collect", "kind": "store_collection", "radius_metres": 150_000, "places_shown": 10,
            "price": [{"price": "0"}],
        },
        {
            "id": "ship-to-store", "kind": "store_collection", "from_stock": False, "radius_metres": 150_000,
            "routes": ["to-store", "to-store-by-the-centre"], "places_shown": 10,
            "price": [{"price": "1.90"}, {"from_value": "25", "price": "0"}],
        },
    ]  # fmt: skip


def _channels() -> list[dict[str, Any]]:
    return [
        {"id": "web", "policy": "web", "acceptance": "10 min", "supply": ["stock", "receipts", "replenishment"]},
        {
            "id": "marketplace", "policy": "marketplace", "acceptance": "45 min", "supply": ["stock", "receipts"],
            "share_scope": "pool", "safety_margin": "30 min",
        },
    ]  # fmt: skip


def _policies() -> list[dict[str, Any]]:
    criteria = ["promised", "price", "cost", "co2e", "parcels", "site_rank", "distance"]
    ranks = [{"site_group": "flagships", "method": "home-courier", "rank": 1}]
    return [
        {"id": "web", "criteria": criteria, "ranks": ranks},
        {"id": "marketplace", "criteria": ["promised", "cost", "shipments", "site_rank"]},
    ]


def _stock_rules() -> list[dict[str, Any]]:
    return [
        {"safety_stock": 0},
        {"site_group": "stores", "safety_stock": 1},
        {"category": "clothing", "site_group": "stores", "safety_stock": 2},
        {"tag": "clearance", "safety_stock": 0},
        {"category": "furniture", "site_group": "stores", "withdraw_below": 3},
        {"channel": "web", "share": "0.95"},
        {"channel": "marketplace", "share": "0.5"},
        {"category": CATEGORIES[0], "channel": "marketplace", "share": "0.8"},
    ]


def _restrictions() -> list[dict[str, Any]]:
    island = [{"countries": ["FR"], "prefixes": ["20"]}]
    return [
        {"id": "flammable", "tags": ["flammable"], "services": [*services_of("courier"), *services_of("express")[:6]]},
        {"id": "flammable-island", "tags": ["flammable"], "methods": ["home-express"], "destinations": island},
        {"id": "oversize", "tags": ["oversize"], "services": [*PICKUP, *services_of("courier")]},
        {"id": "lithium", "tags": ["lithium"], "site_groups": ["stores"], "methods": ["home-express"]},
        {"id": "own-shops", "tags": ["exclusive"], "channels": ["marketplace"]},
    ]
