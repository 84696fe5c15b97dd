"""Explanations of routes: when a parcel is at a stop, and when its turnaround there ends."""

from __future__ import annotations

from typing import Any

import pytest

from promise_engine import Answer, Engine, Network, StockSnapshot

PLACED = "2026-11-19T10:00:00+01:00"  # a Thursday
PRICE = [{"price": 0}]

NETWORK: dict[str, Any] = {
    "valid_from": "2026-11-01",
    "valid_until": "2026-12-31",
    "calendars": [
        {"id": "long", "hours": {"mon-fri": ["06:00-20:00"]}},
        {"id": "mornings", "hours": {"mon-fri": ["06:00-10:00"]}},
        {"id": "shop", "hours": {"mon-sat": ["10:00-19:00"]}},
    ],
    "sites": [
        {
            "id": "depot",
            "address": {"country": "FR", "postal_code": "69002"},
            "preparation": {"calendar": "long", "handling": {"maximum": {"fixed": "1 h"}}},
        },
        {"id": "hub", "address": {"country": "FR", "postal_code": "94150"}, "receiving": "mornings"},
        {
            "id": "store",
            "address": {"country": "FR", "postal_code": "57000"},
            "receiving": "mornings",
            "store_collection": {"opening": "shop"},
        },
    ],
    "carriers": [{"id": "own"}],
    "services": [
        {"id": "linehaul", "carrier": "own", "lanes": [{"transit": {"maximum_days": 1}}]},
        {
            "id": "tour",
            "carrier": "own",
            "lanes": [{"transit": {"maximum_days": 0}}],
            "delivery": {"windows": [{"hours": "08:00-18:00"}]},
        },
    ],
    "collections": [
        {"sites": ["depot"], "services": ["linehaul"], "weekdays": "mon-fri", "cut_off": "17:00", "departure": "17:30"},
        {"sites": ["hub"], "services": ["tour"], "weekdays": "mon-fri", "cut_off": "07:00", "departure": "07:30"},
    ],
    "routes": [
        {
            "id": "over-hub",
            "legs": [
                {"service": "linehaul", "to": "hub", "arrival": "09:00", "turnaround": "5 h 30 min"},
                {"service": "tour"},
            ],
        },
        {
            "id": "to-shop",
            "ends_at": "store",
            "legs": [{"service": "linehaul", "arrival": "09:00", "turnaround": "5 h 30 min"}],
        },
    ],
    "methods": [
        {"id": "home", "kind": "home", "routes": ["over-hub"], "price": PRICE},
        {"id": "shop", "kind": "store_collection", "from_stock": False, "routes": ["to-shop"], "price": PRICE},
    ],
    "channels": [{"id": "web"}],
}
"""A route over a hub, and one to a store, that both take parcels in on weekday mornings and keep them for 5 h 30 min."""


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    """What is promised at home, and at the store, for an order of Thursday 10:00."""
    engine = Engine(Network.model_validate(NETWORK))
    stock = StockSnapshot.from_records([{"site": "depot", "sku": "A", "on_hand": 3}], as_of=PLACED)
    request = {"lines": [{"sku": "A", "quantity": 1, "weight_grams": 500}], "placed_at": PLACED}
    home = {"country": "FR", "postal_code": "75011"}
    return {
        method: engine.promise({**request, "destination": destination}, stock)
        for method, destination in (("home", home), ("shop", {"place": "store"}))
    }


def joined(text: str) -> str:
    """A text without the bars of its timeline and its line breaks."""
    return " ".join(text.replace("│", " ").split())


def test_a_stop_tells_when_its_turnaround_ends(answers: dict[str, Answer]) -> None:
    """Each arrival has the instant from which the next leg can collect the parcel, in the document too."""
    # At the hub Friday 09:00: one hour until closing, four on Monday, half an hour on Tuesday.
    (stop,) = answers["home"].to_dict()["options"][0]["shipments"][0]["arrivals"]
    assert {
        "stop": "hub",
        "at": "2026-11-20T09:00:00+01:00",
        "ready_at": "2026-11-24T06:30:00+01:00",
        "service": "tour",
        "collected_at": "2026-11-24T07:30:00+01:00",
    } == stop


def test_the_story_has_the_end_of_a_turnaround(answers: dict[str, Answer]) -> None:
    """Between the arrival at a stop and the next collection stands the instant from which it can be collected."""
    text = joined(answers["home"].explain(0))
    assert "Fri 20 Nov 09:00 ● reaches hub" in text
    assert (
        "Tue 24 Nov 06:30 ● ready at hub turnaround 5 h 30 min in receiving hours (calendar mornings) "
        "Tue 24 Nov 07:30 ● collected tour at hub: ready by Tue 24 Nov 07:00, leaves 07:30 "
        "too late for the one of Mon 23 Nov 07:30"
    ) in text
    assert "does not dispatch" not in text  # the weekend lies before the parcel is ready


def test_the_story_has_the_end_of_a_turnaround_at_a_store(answers: dict[str, Answer]) -> None:
    """Where a route ends at a store, its story tells when the store has the parcel ready for the shopper."""
    answer = answers["shop"]
    assert "2026-11-24T10:00:00+01:00" == answer.options[0].collect_from.isoformat()  # type: ignore[union-attr]
    text = joined(answer.explain(0))
    assert "Tue 24 Nov 06:30 ● ready at store turnaround 5 h 30 min in receiving hours (calendar mornings)" in text
    assert "closed on" not in text  # Sunday lies before the parcel is ready
