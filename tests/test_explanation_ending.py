"""The end of an offer: which rule ends which plan."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import Any

import pytest

from promise_engine import Answer, Catalogue, Engine, Network, StockSnapshot
from promise_engine.explanation.ending import ending_text

from generator.cases import make_case

PLACED = "2026-11-30T10:00:00+01:00"  # a Monday
NETWORK: dict[str, Any] = {
    "valid_from": "2026-11-01",
    "valid_until": "2026-12-31",
    "calendars": [{"id": "work", "hours": {"mon-fri": ["08:00-18:00"]}}],
    "sites": [
        {
            "id": "depot",
            "address": {"country": "FR", "postal_code": "69002"},
            "preparation": {"calendar": "work", "handling": {"maximum": {"fixed": "1 h"}}},
        }
    ],
    "carriers": [{"id": "post"}],
    "services": [{"id": "parcel", "carrier": "post", "lanes": [{"transit": {"maximum_days": 1}}]}],
    "collections": [{"sites": ["depot"], "services": ["parcel"], "cut_off": "16:00", "departure": "17:00"}],
    "methods": [{"id": "home", "kind": "home", "services": ["parcel"], "price": [{"price": 5}]}],
    "channels": [{"id": "web", "acceptance": "10 min"}],
}
"""Ready by 16:00 takes an order before 14:50:01: ten minutes of acceptance and an hour of handling."""

PLAN = "The last plan with this window and price: depot by parcel, collected Mon 30 Nov 17:00."
Change = tuple[str, Any]
RULES: dict[str, tuple[list[Change], str]] = {
    "the collection's cut-off": (
        [],
        (
            "from then on it is not ready by Mon 30 Nov 16:00 for the collection of Mon 30 Nov 17:00 by parcel at depot "
            f"(acceptance takes 10 min, handling 1 h of working time). {PLAN}"
        ),
    ),
    "the order cut-off": (
        [("sites.0.preparation.order_cut_off", {"daily": "12:00"})],
        f"it is the order cut-off of depot. {PLAN}",
    ),
    "the order cut-off of what is accepted": (
        [("sites.0.preparation.order_cut_off", {"daily": "12:00", "tests": "accepted_at"})],
        (
            "from then on it is accepted too late for Mon 30 Nov 12:00, the order cut-off of depot (acceptance takes "
            f"10 min). {PLAN}"
        ),
    ),
    "the use-by of a slot": (
        [
            (
                "sites.0.preparation.plan",
                {
                    "slots": [
                        {"start": "12:00", "end": "15:00", "capacity": 9, "use_by": "11:00"},
                        {"start": "15:30", "end": "18:00", "capacity": 9},
                    ]
                },
            )
        ],
        (
            "from then on it is accepted too late for the capacity slot Mon 30 Nov 12:00-15:00 of depot, which takes "
            f"orders accepted before Mon 30 Nov 11:00. {PLAN}"
        ),
    ),
    "the end of a slot": (
        [("sites.0.preparation.plan", {"slots": [{"start": "08:00", "end": "12:00", "capacity": 9}]})],
        f"from then on the capacity slot Mon 30 Nov 08:00-12:00 of depot is over when it is released. {PLAN}",
    ),
    "the notification of a collection": (
        [("collections.0.notification", "4 h")],
        "from then on parcel is told less than 4 h of preparation hours before it collects Mon 30 Nov 17:00. " + PLAN,
    ),
    "no slot later on": (
        [
            (
                "sites.0.preparation.plan",
                {"slots": [{"start": "08:00", "end": "12:00", "dates": ["2026-11-30"], "capacity": 9}]},
            )
        ],
        (
            "from then on depot cannot serve it: The site's preparation plan has no slot with room for the order before "
            f"the horizon ends [capacity_plan_ends]. {PLAN}"
        ),
    ),
    "no collection later on": (
        [("collections.0.dates", ["2026-11-30"])],
        f"from then on the collection of Mon 30 Nov 17:00 is missed, and no other is in time. {PLAN}",
    ),
    "the shop's hour": (
        [
            ("sites.0.store_collection", {"opening": "work", "step": "30 min", "capacity": False}),
            ("methods.0", {"id": "shop", "kind": "store_collection", "price": [{"price": 0}]}),
        ],
        (
            "from then on it is ready Mon 30 Nov 11:30:01 and can be collected from Mon 30 Nov 12:00 only (acceptance "
            "takes 10 min, handling 1 h of working time). The last plan with this window and price: own stock of depot, "
            "ready Mon 30 Nov 11:30."
        ),
    ),
}


def changed(*changes: Change) -> dict[str, Any]:
    """The network with values added or replaced."""
    document = copy.deepcopy(NETWORK)
    for place, value in changes:
        *above, last = [int(part) if part.isdigit() else part for part in place.split(".")]
        node: Any = document
        for part in above:
            node = node[part]
        node[last] = value
    return document


def ask(network: dict[str, Any], **asked: Any) -> Answer:
    """One piece to Lyon."""
    stock = [{"site": site["id"], "sku": "A", "on_hand": 3} for site in network["sites"]]
    request = {
        "lines": [{"sku": "A", "quantity": 1, "weight_grams": 500}],
        "destination": {"country": "FR", "postal_code": "69002"},
        "placed_at": PLACED,
        **asked,
    }
    engine = Engine(Network.model_validate(network))
    return engine.promise(request, StockSnapshot.from_records(stock, as_of=PLACED))


@pytest.mark.parametrize("name", RULES)
def test_the_rule_that_ends_the_last_plan_is_named(name: str) -> None:
    """With its instant, what lies between it and the order, and the plan."""
    changes, expected = RULES[name]
    answer = ask(changed(*changes))
    assert expected == ending_text(answer.context, answer.sections[0].rows[0])


def test_the_last_plan_may_be_of_another_site() -> None:
    """It is told with its own collection, though the option shown is served by the first site."""
    far = copy.deepcopy(NETWORK["sites"][0]) | {"id": "depot-2"}
    late = {"sites": ["depot-2"], "services": ["parcel"], "cut_off": "17:30"}
    answer = ask(changed(("sites", [NETWORK["sites"][0], far]), ("collections", [*NETWORK["collections"], late])))
    assert "depot" == answer.options[0].shipments[0].site
    assert "not ready by Mon 30 Nov 17:30" in ending_text(answer.context, answer.sections[0].rows[0])
    assert "depot-2 by parcel, collected Mon 30 Nov 17:30." in ending_text(answer.context, answer.sections[0].rows[0])


def test_a_wish_does_not_hide_the_rule() -> None:
    """The parcel of a later order has no window on the wished day, and still a rule that it misses."""
    day = {"nominated_day": "2026-12-01"}
    answer = ask(changed(("services.0.delivery", {"choice": "day"})), wishes=day)
    assert "not ready by Mon 30 Nov 16:00" in ending_text(answer.context, answer.sections[0].rows[0])


def test_an_area_is_told_as_a_whole() -> None:
    """Which of its parts ends the offer is not said."""
    answer = ask(NETWORK, destination={"country": "FR"})
    text = ending_text(answer.context, answer.sections[0].rows[0])
    assert f"from then on no plan serves the whole area with this window at this price. {PLAN}" == text


def test_an_exchange_rate_may_end_an_offer() -> None:
    """From its date on the price is another; an offer that outlives a change names no plan at the old rate."""
    rates = [
        {"of": "EUR", "to": "CHF", "rate": rate, "valid_from": day}
        for rate, day in (("1", "2026-11-01"), ("2", "2026-12-01"))
    ]
    late = changed(
        ("exchange_rates", rates), ("services.0.lanes.0.transit.maximum_days", 4), ("collections.0.weekdays", "wed")
    )
    answer = ask(late, currency="CHF")
    assert "2026-12-01T01:00:00+01:00" == answer.options[0].order_by.isoformat()
    assert ending_text(answer.context, answer.sections[0].rows[0]).startswith(
        "other exchange rates hold from then on. "
    )
    free = changed(("exchange_rates", rates), ("methods.0.price", [{"price": 0}]), ("collections.0.weekdays", "wed"))
    answer = ask(free, currency="CHF")
    assert "from then on no plan gives this window at this price." == ending_text(
        answer.context, answer.sections[0].rows[0]
    )


def test_another_clock_is_named() -> None:
    """Instants are those of the site; `order_by` stands above them in the time of the destination."""
    answer = ask(NETWORK, destination={"country": "MQ", "postal_code": "97200"})
    assert ending_text(answer.context, answer.sections[0].rows[0]).endswith("17:00 (times of Europe/Paris).")


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_the_last_plan_is_one_until_the_last_second(seed: int) -> None:
    """On random networks: an order of a second before is given the window by the plan that is named."""
    case = make_case(seed, frozenset({"partial", "groups"}))
    engine = Engine(Network.model_validate(case.network), Catalogue.from_document(case.catalogue))
    stock = StockSnapshot.from_document(case.stock)
    answer = engine.promise(case.request, stock)
    for row, option in list(zip(answer.sections[0].rows, answer.options, strict=True))[:3]:
        plan = ending_text(answer.context, row).partition("The last plan with this window and price: ")[2]
        if plan:
            at: datetime = option.order_by - timedelta(seconds=1)
            then = {"placed_at": at.isoformat(), "valid_for": "0 s", "view": "all"}
            before = engine.promise(case.request | then, stock).options
            same = [
                o for o in before if (o.method, o.promised, o.price) == (option.method, option.promised, option.price)
            ]
            named = [
                [f"{s.site} by {s.service}," if s.service else f"of {s.site}," for s in option.shipments]
                for option in same
            ]
            assert any(all(name in plan for name in names) for names in named)
