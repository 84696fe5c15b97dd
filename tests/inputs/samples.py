"""Valid documents to change one thing in, and how to change it."""

from __future__ import annotations

import copy
from typing import Any

ABSENT = object()
"""Stands for removing what is there."""

AS_OF = "2026-11-20T12:00:00Z"

_CALENDARS = [
    {"id": "week", "hours": {"mon-fri": ["08:00-12:00", "13:00-18:00"], "sat": ["09:00-12:00"]}},
    {
        "id": "shop",
        "hours": {"mon-sat": ["09:00-19:00"]},
        "holidays": [{"country": "FR", "subdivision": "6AE"}],
        "exceptions": [
            {"first": "2026-12-20", "effect": "open", "hours": ["10:00-18:00"]},
            {"first": "2026-12-24", "effect": "hours", "hours": ["09:00-16:00"]},
        ],
    },
    {"id": "days", "weekdays": "mon-fri", "holidays": [{"country": "FR"}]},
    {"id": "local", "weekdays": "mon-sat", "holidays": [{"country": "place", "subdivision": "place"}]},
    {"id": "both", "all_of": ["week", "shop"]},
    {"id": "any", "weekdays": "mon-fri"},
]

_SITES = [
    {
        "id": "lyon",
        "address": {"country": "FR", "postal_code": "69007", "latitude": 45.74, "longitude": 4.84},
        "groups": ["north"],
        "preparation": {
            "calendar": "week",
            "dispatch": "days",
            "order_cut_off": {"times": {"mon": "16:00"}, "daily": "17:00"},
            "handling": {"maximum": {"fixed": "2 h", "per_unit": "5 min"}},
            "plan": {
                "slots": [
                    {"start": "08:00", "end": "12:00", "capacity": 100, "weekdays": "mon-fri"},
                    {"start": "13:00", "end": "18:00", "capacity": 100, "weekdays": "mon-fri", "use_by": "12:00"},
                ]
            },
            "overrides": [{"services": ["home_13"], "handling": {"maximum_days": 1, "ready": "10:00"}}],
        },
        "receiving": "week",
        "putaway": "2 h",
    },
    {
        "id": "metz",
        "kind": "store",
        "address": {"country": "FR", "postal_code": "57000"},
        "groups": ["north"],
        "preparation": {"calendar": "shop"},
        "receiving": "shop",
        "store_collection": {"opening": "shop", "cut_off": "18:00", "step": "15 min"},
        "shown_to": {"channels": ["web"], "methods": ["store"], "countries": ["FR"]},
    },
    {"id": "hub", "kind": "hub", "address": {"country": "FR", "postal_code": "54000"}, "receiving": "week"},
    {
        "id": "office",
        "kind": "supplier",
        "address": {"country": "CA", "postal_code": "K1A 0B1"},
        "time_zone": "America/Toronto",
    },
]

_SERVICES = [
    {
        "id": "home_13",
        "carrier": "post",
        "zone_set": "france",
        "lanes": [
            {"destinations": ["corsica"], "transit": {"minimum_days": 1, "maximum_days": 3, "network_days": "days"}},
            {"destinations": ["mainland"], "transit": {"maximum_days": 1, "network_days": "days"}},
        ],
        "delivery": {
            "days": "days",
            "windows": [{"hours": "08:00-13:00"}],
            "exceptions": [{"first": "2026-12-21", "last": "2026-12-24", "windows": [{"hours": "08:00-18:00"}]}],
        },
        "overlays": [{"first": "2026-12-01", "last": "2026-12-24", "add_days": 1, "zones": ["corsica"]}],
        "limits": {"weight_grams": 30_000, "longest_mm": 1_500},
        "tariff": "post_prices",
        "transport": "van",
    },
    {"id": "relay", "carrier": "post", "pickup_network": "relays", "lanes": [{"transit": {"maximum_days": 2}}]},
    {"id": "courier", "carrier": "bikes", "lanes": [{"transit": {"maximum": "2 h", "hours": "week"}}]},
]

_OFFERS: dict[str, Any] = {
    "tariffs": [
        {
            "id": "post_prices",
            "currency": "CHF",
            "zone_set": "france",
            "rows": [
                {"zone": "mainland", "max_grams": 5_000, "price": 5.9},
                {"zone": "mainland", "min_grams": 5_000, "price": 9.9},
                {"zone": "corsica", "price": "12.50"},
            ],
            "surcharges": [{"id": "bulky", "over": {"longest_mm": 1_000}, "amount": 3}, {"id": "fuel", "percent": 8.5}],
        }
    ],
    "exchange_rates": [{"of": "CHF", "to": "EUR", "rate": 1.05, "valid_from": "2026-01-01"}],
    "transport_modes": [{"id": "van", "intensity": 220, "detour": 1.2}],
    "methods": [
        {
            "id": "home",
            "kind": "home",
            "services": ["home_13", "courier"],
            "routes": ["via_hub"],
            "zone_set": "france",
            "zones": ["mainland", "corsica"],
            "price": [
                {"price": 4.9},
                {"from_value": 50, "price": 0},
                {"zone": "corsica", "channel": "web", "price": 9},
            ],
        },
        {"id": "store", "kind": "store_collection", "routes": ["to_store"], "price": [{"price": 0}]},
        {"id": "point", "kind": "pickup_point", "services": ["relay"], "price": {"percent": 10, "amount": -1}},
    ],
    "channels": [
        {"id": "web", "policy": "usual", "methods": ["home", "store", "point"]},
        {"id": "market", "acceptance": "30 min", "share_scope": "site"},
    ],
    "policies": [
        {"id": "usual", "criteria": ["promised", "cost"], "ranks": [{"sites": ["lyon"], "channel": "web", "rank": 1}]}
    ],
    "stock_rules": [
        {"sku": "A", "safety_stock": 2},
        {"site_group": "north", "safety_stock": 1},
        {"site": "metz", "channel": "market", "share": 0.5},
    ],
    "restrictions": [
        {
            "id": "no_aerosols",
            "tags": ["aerosol"],
            "services": ["home_13"],
            "destinations": [{"countries": ["FR"], "prefixes": ["20"]}],
        }
    ],
}

_NETWORK: dict[str, Any] = {
    "format": "promise-engine/network/1",
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "settings": {"currency": "EUR", "horizon_days": 30},
    "calendars": _CALENDARS,
    "sites": _SITES,
    "carriers": [{"id": "post", "collection_days": "days"}, {"id": "bikes"}],
    "services": _SERVICES,
    "collections": [
        {
            "sites": ["lyon", "hub"],
            "services": ["home_13", "relay"],
            "cut_off": "17:00",
            "departure": "18:00",
            "pool": "van_1",
        },
        {"sites": ["metz"], "services": ["courier"], "weekdays": "mon-sat", "notification": "30 min"},
    ],
    "collection_pools": [{"id": "van_1", "capacity": 500}],
    "routes": [
        {
            "id": "via_hub",
            "legs": [{"service": "courier", "to": "hub", "arrival": "06:00"}, {"service": "home_13"}],
            "origins": ["lyon"],
        },
        {"id": "to_store", "legs": [{"service": "courier"}], "ends_at": "store", "stores": ["metz"]},
    ],
    "zone_sets": [
        {
            "id": "france",
            "zones": [
                {"id": "corsica", "areas": [{"countries": ["FR"], "prefixes": ["20"]}]},
                {"id": "mainland", "areas": [{"countries": ["FR"]}, {"countries": ["BE"], "ranges": ["1000..1299"]}]},
                {"id": "rest", "areas": [{"rest": True}]},
            ],
        }
    ],
    "pickup_points": [
        {
            "id": "tabac",
            "network": "relays",
            "address": {"country": "FR", "postal_code": "69003"},
            "opening": "shop",
            "available_from": "14:00",
        }
    ],
    **_OFFERS,
}

_CATALOGUE: dict[str, Any] = {
    "format": "promise-engine/catalogue/1",
    "items": [
        {
            "sku": "A",
            "weight_grams": 250,
            "dimensions": {"length_mm": 300, "width_mm": 200, "height_mm": 50},
            "tags": ["aerosol"],
        },
        {"sku": "B", "step": "0.01", "minimum": 0.5, "maximum": 20, "category": "fabric", "preparation_work": 2},
    ],
}

_STOCK: dict[str, Any] = {
    "format": "promise-engine/stock/1",
    "as_of": AS_OF,
    "records": [
        {
            "site": "lyon",
            "sku": "A",
            "on_hand": 12,
            "unsellable": 1,
            "safety_stock": 2,
            "reservations": [{"quantity": 1, "channel": "web", "segment": "gold"}],
            "receipts": [{"quantity": 50, "expected_at": "2026-11-24T08:00:00+01:00"}],
            "commitments": [{"quantity": 2, "due_at": "2026-11-19T08:00:00+01:00"}],
        },
        {"site": "metz", "sku": "B", "on_hand": "7.25", "status": "not_sellable"},
    ],
    "slots_taken": [{"site": "lyon", "start": "2026-11-23T08:00:00+01:00", "committed": 12}],
    "pools_taken": [{"pool": "van_1", "date": "2026-11-23", "parcels": 40}],
    "windows_taken": [{"service": "home_13", "date": "2026-11-24", "window": "08:00-13:00", "shipments": 3}],
    "places_taken": [{"place": "tabac", "date": "2026-11-24", "parcels": 3}],
}

_DELTAS: dict[str, Any] = {
    "deltas": [
        {"source": "wms", "site": "lyon", "sku": "A", "sequence": 1, "kind": "absolute", "on_hand": 20},
        {
            "source": "wms",
            "site": "lyon",
            "sku": "A",
            "sequence": 2,
            "kind": "relative",
            "on_hand": -3,
            "unsellable": 1,
        },
    ]
}

_REQUEST: dict[str, Any] = {
    "format": "promise-engine/request/1",
    "lines": [{"id": "1", "sku": "A", "quantity": 2, "unit_price": 19.9}, {"id": "2", "sku": "B", "quantity": "0.5"}],
    "destination": {"country": "FR", "postal_code": "67000"},
    "channel": "web",
    "placed_at": "2026-11-21T12:00:00+01:00",
    "basket_value": 45,
    "wishes": {"methods": ["home"], "nominated_day": "2026-11-25"},
    "view": "all",
}

_SAMPLES = {"network": _NETWORK, "catalogue": _CATALOGUE, "stock": _STOCK, "deltas": _DELTAS, "request": _REQUEST}


def sample(kind: str) -> dict[str, Any]:
    """A valid document of a kind, to do with as one likes."""
    return copy.deepcopy(_SAMPLES[kind])


def changed(kind: str, at: str, to: Any) -> Any:
    """A valid document with one value replaced, added, or (`ABSENT`) removed; `at` is a path of keys and positions."""
    document = sample(kind)
    if not at:
        return to
    *above, last = [int(part) if part.isdigit() else part for part in at.split(".")]
    node: Any = document
    for part in above:
        node = node[part]
    if to is ABSENT:
        del node[last]
    elif isinstance(node, list) and last == len(node):
        node.append(to)
    else:
        node[last] = to
    return document
