"""Tariffs with gaps, windows without days, rules that never match, objects that nothing names."""

from __future__ import annotations

from typing import Any

import pytest

from check.builders import found, told

ROWS, TARIFF = "tariffs.0.rows", "tariffs[prices].rows"
BOTH = [{"zone": "corsica", "price": 9}, {"zone": "mainland", "price": 4}]
Change = tuple[str, Any]

DOUBTFUL: dict[str, tuple[list[Change], list[tuple[str, str]]]] = {
    "a gap between bands": (
        [(f"{ROWS}.1", {"zone": "mainland", "min_grams": 2_000, "price": 8})],
        [("tariff_gap", TARIFF)],
    ),
    "no band from 0": ([(f"{ROWS}.2", {"zone": "corsica", "min_grams": 1, "price": 9})], [("tariff_gap", TARIFF)]),
    "no band at the limit": (
        [(f"{ROWS}.2", {"zone": "corsica", "max_grams": 30_000, "price": 9})],
        [("tariff_gap", TARIFF)],
    ),
    "a zone without a band": ([(ROWS, BOTH[1:])], [("tariff_gap", TARIFF)]),
    "a stop in a zone without a band": (
        [
            ("services.2.tariff", "vans"),
            ("tariffs.1", {"id": "vans", "zone_set": "france", "rows": BOTH[:1]}),
        ],
        [("tariff_gap", "tariffs[vans].rows")],
    ),
    "a currency without a rate": (
        [("exchange_rates", [{"of": "EUR", "to": "CHF", "rate": 0.95, "valid_from": "2026-05-01"}])],
        [("no_rate", "settings.currency")],
    ),
    "a tariff finer than its currency": (
        [(ROWS, [BOTH[0], {"zone": "mainland", "price": "4.905"}])],
        [("rounded_amount", f"{TARIFF}.1.price")],
    ),
    "a price finer than its currency": (
        [
            ("methods.0.currency", "JPY"),
            ("methods.0.price", [{"price": "5.4"}]),
            (
                "exchange_rates",
                [
                    {"of": "EUR", "to": "JPY", "rate": 160, "valid_from": "2026-01-01"},
                    {"of": "JPY", "to": "EUR", "rate": "0.006", "valid_from": "2026-01-01"},
                ],
            ),
        ],
        [("rounded_amount", "methods[home].price.0.price")],
    ),
    "windows on days without delivery": (
        [("services.1.delivery", {"days": "post-days", "windows": [{"hours": "08:00-12:00", "weekdays": "sun"}]})],
        [("windows_never", "services[to-point].delivery.windows")],
    ),
    "one window on a day without delivery": (
        [
            (
                "services.1.delivery",
                {
                    "days": "post-days",
                    "windows": [{"hours": "08:00-12:00", "weekdays": "sun"}, {"hours": "14:00-16:00"}],
                },
            )
        ],
        [("window_never", "services[to-point].delivery.windows.0.weekdays")],
    ),
    "a length that no window has": (
        [("services.0.delivery", {"windows": [{"hours": "10:00-12:00"}], "length": "3 h"})],
        [("windows_never", "services[parcel].delivery.length")],
    ),
    "delivery on Sundays, without waiting, of what travels from Monday to Saturday": (
        [
            ("calendars.3", {"id": "sundays", "weekdays": "sun"}),
            ("services.0.delivery", {"days": "sundays", "waiting": False}),
        ],
        [("waiting_needed", "services[parcel].lanes.0.transit.network_days")],
    ),
    "a restriction of a method and a service that it has not": (
        [("restrictions", [{"id": "r", "tags": ["x"], "methods": ["home"], "services": ["van"]}])],
        [("restriction_never", "restrictions[r]")],
    ),
    "a restriction of a site and a group without it": (
        [("restrictions", [{"id": "r", "tags": ["x"], "sites": ["lyon"], "site_groups": ["stores"]}])],
        [("restriction_never", "restrictions[r]")],
    ),
    "a restriction of a channel and a method that it does not show": (
        [
            ("channels.1", {"id": "market", "methods": ["home"]}),
            ("restrictions", [{"id": "r", "tags": ["x"], "channels": ["market"], "methods": ["store"]}]),
        ],
        [("restriction_never", "restrictions[r]")],
    ),
    "a rank for a method that the channel does not show": (
        [
            ("channels.1", {"id": "market", "methods": ["home"], "policy": "p"}),
            (
                "policies",
                [{"id": "p", "ranks": [{"sites": ["lyon"], "channel": "market", "method": "store", "rank": 1}]}],
            ),
        ],
        [("rank_never", "policies[p].ranks.0.method")],
    ),
    "an unused calendar": ([("calendars.3", {"id": "spare"})], [("unused", "calendars[spare]")]),
    "an unused carrier": ([("carriers.1", {"id": "spare"})], [("unused", "carriers[spare]")]),
    "an unused pool": (
        [("collection_pools", [{"id": "spare", "capacity": 5}])],
        [("unused", "collection_pools[spare]")],
    ),
    "an unused tariff": ([("tariffs.1", {"id": "spare", "rows": [{"price": 1}]})], [("unused", "tariffs[spare]")]),
    "an unused service": (
        [("services.3", {"id": "spare", "carrier": "post", "lanes": [{"transit": {"maximum_days": 1}}]})],
        [("unused", "services[spare]")],
    ),
    "an unused route": ([("routes.1", {"id": "spare", "legs": [{"service": "van"}]})], [("unused", "routes[spare]")]),
    "an unused mode": (
        [("transport_modes", [{"id": "spare", "intensity": 1}])],
        [("unused", "transport_modes[spare]")],
    ),
    "an unused policy": ([("policies", [{"id": "spare"}])], [("unused", "policies[spare]")]),
    "an unused zone set": (
        [("zone_sets.1", {"id": "spare", "zones": [{"id": "z", "areas": [{"countries": ["FR"]}]}]})],
        [("unused", "zone_sets[spare]")],
    ),
    "an unused zone": (
        [
            ("zone_sets.0.zones.2", {"id": "spain", "areas": [{"countries": ["ES"]}]}),
            ("services.0.lanes.0.destinations", ["corsica", "mainland"]),
        ],
        [("unused", "zone_sets[france].zones[spain]")],
    ),
}

SOUND: dict[str, list[Change]] = {
    "a last band that ends above the limit": [(f"{ROWS}.2", {"zone": "corsica", "max_grams": 30_001, "price": 9})],
    "a zone without a band, to which no lane goes": [
        (ROWS, BOTH[1:]),
        ("services.0.lanes.0.destinations", ["mainland"]),
    ],
    "a zone without a band, in which no method is": [
        (ROWS, BOTH[1:]),
        ("methods.0.zone_set", "france"),
        ("methods.0.zones", ["mainland"]),
    ],
    "a service without limits": [
        (f"{ROWS}.2", {"zone": "corsica", "max_grams": 500, "price": 9}),
        ("services.0.limits", {}),
    ],
    "all rates": [("exchange_rates", [{"of": "EUR", "to": "CHF", "rate": 0.95, "valid_from": "2026-01-01"}])],
    "a window of an exception only": [
        (
            "services.1.delivery",
            {
                "days": "post-days",
                "windows": [{"hours": "08:00-12:00"}],
                "exceptions": [{"first": "2026-02-01", "last": "2026-12-31", "windows": [{"hours": "09:00-11:00"}]}],
            },
        )
    ],
    "windows of a service that only goes to stores": [
        ("services.2.delivery", {"days": "post-days", "windows": [{"hours": "08:00-12:00", "weekdays": "sun"}]})
    ],
    "delivery on Saturdays, without waiting, of what travels until Saturday": [
        ("calendars.3", {"id": "saturdays", "weekdays": "sat"}),
        ("services.0.delivery", {"days": "saturdays", "waiting": False}),
    ],
    "a restriction that can match": [
        (
            "restrictions",
            [{"id": "r", "tags": ["x"], "methods": ["store"], "services": ["van"], "site_groups": ["depots"]}],
        )
    ],
    "a zone that only takes places out of another": [
        ("services.0.lanes.0.destinations", ["mainland"]),
        (ROWS, BOTH[1:]),
    ],
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_rules_and_prices_that_are_doubtful(name: str) -> None:
    """Each is told where it stands."""
    changes, expected = DOUBTFUL[name]
    assert expected == found(*changes)


@pytest.mark.parametrize("name", SOUND)
def test_rules_and_prices_that_are_sound(name: str) -> None:
    """Nothing is told."""
    assert found(*SOUND[name]) == []


def test_a_gap_is_told_with_its_zone_and_weights() -> None:
    """From the end of one band to the start of the next."""
    assert "found 'mainland: nothing from 1000 to 2000 g'" in told(
        (f"{ROWS}.1", {"zone": "mainland", "min_grams": 2_000, "price": 8})
    )
