"""A network without anything doubtful, and how to change one thing in it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from promise_engine.check import check_network
from promise_engine.inputs.network import Network

if TYPE_CHECKING:
    from promise_engine.errors import Fault

_NETWORK: dict[str, Any] = {
    "valid_from": "2026-02-01",
    "valid_until": "2026-06-30",
    "settings": {"horizon_days": 30},
    "calendars": [
        {"id": "work", "hours": {"mon-fri": ["08:00-18:00"]}},
        {"id": "shop", "hours": {"mon-sat": ["09:00-19:00"]}},
        {"id": "post-days", "weekdays": "mon-sat", "holidays": [{"country": "FR"}]},
    ],
    "sites": [
        {
            "id": "lyon",
            "address": {"country": "FR", "postal_code": "69003"},
            "groups": ["depots"],
            "preparation": {"calendar": "work", "handling": {"maximum": {"fixed": "1 h"}}},
        },
        {
            "id": "metz",
            "kind": "store",
            "groups": ["stores"],
            "address": {"country": "FR", "postal_code": "57000"},
            "receiving": "shop",
            "preparation": {"calendar": "shop"},
            "store_collection": {"opening": "shop"},
        },
    ],
    "carriers": [{"id": "post", "collection_days": "post-days"}],
    "services": [
        {
            "id": "parcel",
            "carrier": "post",
            "zone_set": "france",
            "lanes": [{"transit": {"maximum_days": 1, "network_days": "post-days"}}],
            "delivery": {"days": "post-days", "windows": [{"hours": "08:00-18:00"}]},
            "limits": {"weight_grams": 30_000},
            "tariff": "prices",
        },
        {"id": "to-point", "carrier": "post", "pickup_network": "relays", "lanes": [{"transit": {"maximum_days": 2}}]},
        {"id": "van", "carrier": "post", "lanes": [{"transit": {"maximum_days": 1}}]},
    ],
    "collections": [
        {"sites": ["lyon"], "services": ["parcel", "to-point", "van"], "cut_off": "17:00", "departure": "17:30"}
    ],
    "routes": [{"id": "to-store", "legs": [{"service": "van"}], "ends_at": "store"}],
    "zone_sets": [
        {
            "id": "france",
            "zones": [
                {"id": "corsica", "areas": [{"countries": ["FR"], "prefixes": ["20"]}]},
                {"id": "mainland", "areas": [{"countries": ["FR"]}]},
            ],
        }
    ],
    "pickup_points": [
        {"id": "p1", "network": "relays", "address": {"country": "FR", "postal_code": "69001"}, "opening": "shop"}
    ],
    "tariffs": [
        {
            "id": "prices",
            "zone_set": "france",
            "rows": [
                {"zone": "mainland", "max_grams": 1_000, "price": 4},
                {"zone": "mainland", "min_grams": 1_000, "price": 8},
                {"zone": "corsica", "price": 9},
            ],
        }
    ],
    "methods": [
        {"id": "home", "kind": "home", "services": ["parcel"], "price": [{"price": 4.9}]},
        {"id": "point", "kind": "pickup_point", "services": ["to-point"], "price": [{"price": 3}]},
        {"id": "store", "kind": "store_collection", "routes": ["to-store"], "price": [{"price": 0}]},
    ],
    "channels": [{"id": "web"}],
}


def network(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The network with values replaced, or added to a list at its length; a place is a path of keys and positions."""
    document = copy.deepcopy(_NETWORK)
    for place, value in changes:
        *above, last = [int(part) if part.isdigit() else part for part in place.split(".")]
        node: Any = document
        for part in above:
            node = node.setdefault(part, {}) if isinstance(node, dict) else node[part]
        if isinstance(node, list) and last == len(node):
            node.append(value)
        else:
            node[last] = value
    return document


def faults_of(document: dict[str, Any]) -> list[Fault]:
    """The faults of a document that is valid."""
    return check_network(Network.model_validate(document))


def found(*changes: tuple[str, Any]) -> list[tuple[str, str]]:
    """Code and path of each fault of the network with these changes."""
    return [(fault.code, fault.path) for fault in faults_of(network(*changes))]


def told(*changes: tuple[str, Any]) -> str:
    """The faults of the network with these changes, in words."""
    return "\n".join(map(str, faults_of(network(*changes))))
