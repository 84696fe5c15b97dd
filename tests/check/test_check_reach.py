"""Sites, services, methods and places that never meet."""

from __future__ import annotations

from typing import Any

import pytest

from check.builders import found, told

PARCEL = {"sites": ["lyon"], "services": ["parcel"]}
HUB = {"id": "hub", "address": {"country": "FR", "postal_code": "54000"}, "receiving": "shop"}
VIA_HUB = {"id": "via-hub", "legs": [{"service": "van", "to": "hub"}, {"service": "parcel"}]}
FROM_HUB = {"sites": ["hub"], "services": ["parcel"], "cut_off": "17:00"}
ROUTED = [("sites.2", HUB), ("routes.1", VIA_HUB), ("methods.0.routes", ["via-hub"])]
Change = tuple[str, Any]

DOUBTFUL: dict[str, tuple[list[Change], list[tuple[str, str]]]] = {
    "a service without collections": (
        [
            ("services.3", {"id": "bike", "carrier": "post", "lanes": [{"transit": {"maximum_days": 0}}]}),
            ("methods.0.services", ["parcel", "bike"]),
        ],
        [("no_collection", "services[bike]")],
    ),
    "a method whose one service has no collections": (
        [("collections.0.services", ["parcel", "van"])],
        [
            ("method_never", "methods[point]"),
            ("point_unreached", "pickup_points[p1].network"),
            ("no_collection", "services[to-point]"),
        ],
    ),
    "days that do not meet": (
        [("collections.1", {"sites": ["metz"], "services": ["parcel"], "weekdays": "sun", "cut_off": "12:00"})],
        [("never_collected", "collections.1")],
    ),
    "a collection on a day without collections, beside one that serves": (
        [("collections.1", {**PARCEL, "weekdays": "sun", "cut_off": "12:00"})],
        [("collection_never", "collections.1")],
    ),
    "a collection on a closed date only, before one that serves": (
        [
            ("collections.1", PARCEL | {"cut_off": "12:00"}),
            ("collections.0.dates", ["2026-05-01"]),
            ("collections.0.services", ["parcel"]),
            ("collections.2", {"sites": ["lyon"], "services": ["to-point", "van"], "cut_off": "12:00"}),
        ],
        [("collection_never", "collections.0")],
    ),
    "a collection that no method can use": (
        [("sites.2", HUB), ("collections.1", FROM_HUB)],
        [("collection_unused", "collections.1"), ("site_unserved", "sites[hub]")],
    ),
    "a stop without collections": (
        [*ROUTED],
        [("route_never", "routes[via-hub].legs.1.service")],
    ),
    "a route without a lane from its stop": (
        [
            *ROUTED,
            ("collections.1", FROM_HUB),
            ("services.0.lanes", [{"origins": ["mainland"], "transit": {"maximum_days": 1}}]),
            ("sites.2.address.postal_code", "20000"),
        ],
        [("route_never", "routes[via-hub]"), ("no_lane", "services[parcel].lanes")],
    ),
    "a site that nothing leaves": (
        [
            (
                "sites.2",
                {
                    "id": "nice",
                    "address": {"country": "FR", "postal_code": "06000"},
                    "preparation": {"calendar": "work"},
                },
            )
        ],
        [("site_unserved", "sites[nice]")],
    ),
    "a site that is shown to nobody": (
        [("sites.0.shown_to", {"methods": []})],
        [
            ("collection_unused", "collections.0"),
            ("method_never", "methods[home]"),
            ("method_never", "methods[point]"),
            ("point_unreached", "pickup_points[p1].network"),
            ("route_never", "routes[to-store].legs.0.service"),
            ("site_unserved", "sites[lyon]"),
            ("empty_list", "sites[lyon].shown_to.methods"),
        ],
    ),
    "a method that no channel shows": (
        [("channels.0.methods", ["point", "store"])],
        [("method_never", "methods[home]")],
    ),
    "a method without a price": ([("methods.0.price", [])], [("empty_list", "methods[home].price")]),
    "a channel without supply": ([("channels.0.supply", [])], [("empty_list", "channels[web].supply")]),
    "a zone without a price": (
        [
            ("methods.0.zone_set", "france"),
            ("methods.0.zones", ["corsica", "mainland"]),
            ("methods.0.price", [{"zone": "mainland", "price": 5}]),
        ],
        [("no_price", "methods[home].zones.0")],
    ),
    "a zone without a lane": (
        [
            ("methods.0.zone_set", "france"),
            ("methods.0.zones", ["corsica", "mainland"]),
            ("services.0.lanes.0.destinations", ["mainland"]),
        ],
        [("no_lane", "methods[home].zones.0")],
    ),
    "a service that no site of the method has": (
        [
            ("methods.0.services", ["parcel", "bike"]),
            ("services.3", {"id": "bike", "carrier": "post", "lanes": [{"transit": {"maximum_days": 0}}]}),
            ("collections.1", {"sites": ["metz"], "services": ["bike"], "cut_off": "17:00"}),
            ("sites.1.shown_to", {"methods": ["store"]}),
        ],
        [("collection_unused", "collections.1"), ("service_never", "methods[home].services.1")],
    ),
    "points that no service reaches": (
        [
            (
                "pickup_points.1",
                {
                    "id": "p2",
                    "network": "lockers",
                    "address": {"country": "FR", "postal_code": "69001"},
                    "opening": "shop",
                },
            ),
        ],
        [("point_unreached", "pickup_points[p2].network")],
    ),
    "a point in a zone without a lane": (
        [
            (
                "pickup_points.1",
                {
                    "id": "p2",
                    "network": "relays",
                    "address": {"country": "FR", "postal_code": "20000"},
                    "opening": "shop",
                },
            ),
            ("services.1.zone_set", "france"),
            ("services.1.lanes.0.destinations", ["mainland"]),
        ],
        [("point_unreached", "pickup_points[p2].network")],
    ),
    "a lane from where nothing is collected": (
        [("services.0.lanes.1", {"origins": ["corsica"], "transit": {"maximum_days": 2}})],
        [("lane_unreached", "services[parcel].lanes.1")],
    ),
    "an override for a service that nobody collects here": (
        [("sites.1.preparation.overrides", [{"services": ["van"]}])],
        [("override_unused", "sites[metz].preparation.overrides.0.services")],
    ),
    "a place whose coordinates nobody knows": (
        [("sites.1.address", {"country": "JP", "postal_code": "100-0001"}), ("sites.1.time_zone", "Asia/Tokyo")],
        [("no_coordinates", "sites[metz].address")],
    ),
}

SOUND: dict[str, list[Change]] = {
    "a route over a stop": [*ROUTED, ("collections.1", FROM_HUB)],
    "a site that hands over only": [("collections.0.services", ["parcel", "to-point", "van"])],
    "a collection that happens at one of its sites": [
        ("collections.1", {"sites": ["lyon", "metz"], "services": ["parcel"], "weekdays": "sat", "cut_off": "12:00"})
    ],
    "a zone with a price of its own": [
        ("methods.0.zone_set", "france"),
        ("methods.0.zones", ["corsica", "mainland"]),
        ("methods.0.price", [{"price": 5}, {"zone": "corsica", "price": 9}]),
    ],
    "prices that leave a zone out, in a method that is not said to be there": [
        ("methods.0.zone_set", "france"),
        ("methods.0.price", [{"zone": "mainland", "price": 5}]),
    ],
    "a lane for one town beside one for all": [
        ("services.0.lanes.1", {"origins": ["mainland"], "transit": {"maximum_days": 2}})
    ],
    "coordinates that are given": [
        ("sites.1.address", {"country": "JP", "postal_code": "100-0001", "latitude": 35.68, "longitude": 139.76}),
        ("sites.1.time_zone", "Asia/Tokyo"),
    ],
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_things_that_never_meet(name: str) -> None:
    """Each is told at what should be mended."""
    changes, expected = DOUBTFUL[name]
    assert sorted(expected) == sorted(found(*changes))


@pytest.mark.parametrize("name", SOUND)
def test_things_that_meet(name: str) -> None:
    """Nothing is told."""
    assert found(*SOUND[name]) == []


def test_points_out_of_reach_are_told_together() -> None:
    """Once for each network, with their number."""
    place = {"country": "FR", "postal_code": "69001"}
    points = [{"id": f"x{i}", "network": "lockers", "address": place, "opening": "shop"} for i in range(3)]
    assert "the 3 such points of the network `lockers`" in told(
        *((f"pickup_points.{1 + i}", p) for i, p in enumerate(points))
    )
