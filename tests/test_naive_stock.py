"""What may be sold, by the slow twin: small tables worked out by hand.

The snapshot is of Monday 2 November 2026, 00:00 UTC (01:00 in Paris, where the sites are; UTC+1 all month). They
prepare from Monday to Friday, 08:00 to 18:00. Orders are placed on that Monday at 09:00 UTC when nothing else is said.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from promise_engine.errors import Reason
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import StockDocument

import naive
from naive.clock import AT_ONCE, instant, utc
from naive.pool import exposed, pool
from naive.stock import Supply, supply
from naive.timeline import timeline
from naive.world import World

Doc = dict[str, Any]
AS_OF = "2026-11-02T00:00:00Z"


def at(text: str) -> int:
    """An instant from its UTC text, of November 2026: `03T12:00`."""
    return instant(datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC))


def received(quantity: float, text: str) -> Doc:
    """A receipt in November 2026."""
    return {"quantity": quantity, "expected_at": f"2026-11-{text}:00Z"}


def committed(quantity: float, text: str) -> Doc:
    """A commitment in November 2026."""
    return {"quantity": quantity, "due_at": f"2026-11-{text}:00Z"}


def network(sites: int, channel: Doc, settings: Doc, **lists: Any) -> NetworkDocument:
    """Sites s0, s1 and so on that ship to every address on the next day."""
    names = [f"s{number}" for number in range(sites)]
    address = {"country": "FR", "postal_code": "69007"}
    return NetworkDocument.model_validate({
        "valid_from": "2026-10-01", "valid_until": "2026-12-31", "settings": {"horizon_days": 60, **settings},
        "calendars": [{"id": "prep", "hours": {"mon-fri": ["08:00-18:00"]}}],
        "sites": [
            {"id": name, "address": address, "time_zone": "Europe/Paris", "preparation": {"calendar": "prep"}}
            for name in names
        ],
        "carriers": [{"id": "c"}],
        "services": [{"id": "next", "carrier": "c", "lanes": [{"transit": {"maximum_days": 1}}],
                      "delivery": {"windows": [{"hours": "08:00-18:00"}]}}],
        "collections": [{"sites": names, "services": ["next"], "cut_off": "17:00"}],
        "methods": [{"id": "home", "kind": "home", "services": ["next"], "price": [{"price": "4.90"}]}],
        "channels": [{"id": "web", **channel}, {"id": "market"}],
        **lists,
    })  # fmt: skip


def world(
    *records: Doc,
    quantity: float = 1,
    sites: int = 1,
    channel: Doc | None = None,
    settings: Doc | None = None,
    item: Doc | None = None,
    request: Doc | None = None,
    held: tuple[Doc, ...] = (),
    **lists: Any,
) -> World:
    """So many of A wanted, with these records by site s0, s1 and so on; an empty record is none."""
    rows = [{"site": f"s{number}", "sku": "A", **record} for number, record in enumerate(records) if record]
    return World(
        network(sites, channel or {}, settings or {}, **lists),
        CatalogueDocument.model_validate({"items": [{"sku": "A", **(item or {})}]}),
        StockDocument.model_validate({"as_of": AS_OF, "records": rows, "pool_reservations": [{"sku": "A", **row} for row in held]}),
        PromiseRequest.model_validate({
            "lines": [{"sku": "A", "quantity": quantity}], "destination": {"country": "FR", "postal_code": "75001"},
            "channel": "web", "placed_at": "2026-11-02T09:00:00Z", **(request or {}),
        }),
    )  # fmt: skip


def table(given: World, site: str = "s0") -> tuple[float, list[tuple[str, float]]]:
    """What is free at a site, and its increments."""
    found = timeline(given, given.sites[site], given.basket.lines[0].item)
    return float(found.free), [(when(step.at), float(step.quantity)) for step in found.later]


def when(instant_: int) -> str:
    """An instant as `at` reads it."""
    return utc(instant_).strftime("%dT%H:%M")


def sold(given: World) -> list[float]:
    """What each site alone may sell at once."""
    return [float(exposed(given, site, given.basket.lines[0].item)) for site in given.network.sites]


def coming(given: World) -> list[list[tuple[str, float]]]:
    """What comes to each site, after the pool's debt."""
    later = pool(given, given.basket.lines[0].item).later
    return [[(when(step.at), float(step.quantity)) for step in later[site.id]] for site in given.network.sites]


def supplied(given: World, placed_at: str = "02T09:00", site: str = "s0") -> str | Reason:
    """From when a site can supply the basket."""
    found = supply(given, given.sites[site])
    if not isinstance(found, Supply):
        return found
    instant_ = found.at(at(placed_at))
    return "at once" if instant_ == AT_ONCE else when(instant_)


# One site.


def test_a_debt_is_paid_by_the_first_receipts() -> None:
    """3 on hand, 8 of others: 5 short. Receipts of 4 and 6 leave nothing on Tuesday and 5 on Wednesday."""
    record = {
        "on_hand": 3,
        "reservations": [{"quantity": 8}],
        "receipts": [received(4, "03T10:00"), received(6, "04T10:00")],
    }
    given = world(record, quantity=5)
    assert (0, [("03T10:00", 0), ("04T10:00", 5)]) == table(given)
    assert "04T10:00" == supplied(given)
    assert Reason.INSUFFICIENT_STOCK is supplied(world(record, quantity=6))


def test_what_is_withdrawn_leaves_a_gap_and_no_debt() -> None:
    """4 free at a threshold of 5: none is sold, the receipt of 3 is; 5 free are sold."""
    rules = [{"withdraw_below": 9}, {"sku": "A", "withdraw_below": 5}]
    few, enough = ({"on_hand": on_hand, "receipts": [received(3, "03T10:00")]} for on_hand in (4, 5))
    assert ["03T10:00", Reason.INSUFFICIENT_STOCK] == [
        supplied(world(few, quantity=quantity, stock_rules=rules)) for quantity in (3, 4)
    ]
    assert "at once" == supplied(world(enough, quantity=5, stock_rules=rules))


def test_what_is_not_sellable_has_no_supply_of_any_kind() -> None:
    """Neither the stock, nor the receipt, nor what could be ordered."""
    record = {"on_hand": 9, "status": "not_sellable", "receipts": [received(3, "03T10:00")]}
    assert Reason.INSUFFICIENT_STOCK is supplied(world(record, supply_rules=[{"replenish_after": 1}]))


# Look-ahead.


def test_a_floor_keeps_what_must_leave_later() -> None:
    """10 now, 8 leave on Tuesday, 5 come on Wednesday, 1 leaves on Thursday: 10, 2, 7, 6.

    2 stay from now on, and 4 more from Wednesday.
    """
    record = {
        "on_hand": 10,
        "commitments": [committed(8, "03T10:00"), committed(1, "05T10:00")],
        "receipts": [received(5, "04T10:00")],
    }
    assert (2, [("04T10:00", 4)]) == table(world(record, settings={"look_ahead": "floor"}))
    assert (10, [("04T10:00", 5)]) == table(world(record))


def test_a_floor_below_zero_is_a_debt_of_what_comes() -> None:
    """3 now, 8 leave on Tuesday, 2 and 6 come: 3, -5, -3, 3. Nothing is free before Thursday, then 3.

    What comes and leaves at one instant counts together.
    """
    settings = {"look_ahead": "floor"}
    record = {"on_hand": 3, "commitments": [committed(8, "03T10:00")]}
    receipts = [received(2, "04T10:00"), received(6, "05T10:00")]
    assert (0, [("05T10:00", 3)]) == table(world(record | {"receipts": receipts}, settings=settings))
    assert (3, []) == table(world(record | {"receipts": [received(8, "03T10:00")]}, settings=settings))


def test_a_negative_day_takes_from_the_latest_earlier_surplus() -> None:
    """4 now; Tuesday +5, Wednesday +3, Thursday -6, Friday +2: Wednesday's 3 go, then 3 of Tuesday's 5."""
    record = {
        "on_hand": 4,
        "receipts": [received(5, "03T10:00"), received(3, "04T10:00"), received(2, "06T10:00")],
        "commitments": [committed(6, "05T10:00")],
    }
    given = world(record, quantity=6, settings={"look_ahead": "accumulate"})
    assert (4, [("03T10:00", 2), ("04T10:00", 0), ("06T10:00", 2)]) == table(given)
    assert "03T10:00" == supplied(given)


def test_what_is_missing_is_dropped_when_surpluses_add_up() -> None:
    """1 short now and 3 short on Tuesday are both dropped: Wednesday's 5 are all there."""
    record = {"on_hand": -1, "commitments": [committed(3, "03T10:00")], "receipts": [received(5, "04T10:00")]}
    assert (0, [("04T10:00", 5)]) == table(world(record, settings={"look_ahead": "accumulate"}))


def test_days_add_up_by_the_clock_of_the_site() -> None:
    """22:30Z on Tuesday is Tuesday 23:30 in Paris, 23:30Z is Wednesday: 5 + 4 - 6 on one day, there with the last."""
    record = {
        "receipts": [received(5, "03T06:00"), received(4, "03T08:00"), received(1, "03T23:30")],
        "commitments": [committed(6, "03T22:30")],
    }
    assert (0, [("03T08:00", 3), ("03T23:30", 1)]) == table(world(record, settings={"look_ahead": "accumulate"}))


# The pool.


def test_a_share_of_500_single_units_is_taken_of_all_of_them_together() -> None:
    """80 % of 500 sites with one each are 400; of each site alone they would be none."""
    rules = [{"share": "0.8"}]
    ones = [{"on_hand": 1}] * 500
    given = world(*ones, sites=500, stock_rules=rules)
    assert Decimal(400) == pool(given, given.basket.lines[0].item).cap
    assert [1.0] * 500 == sold(given)
    assert [0.0] * 500 == sold(world(*ones, sites=500, stock_rules=rules, channel={"share_scope": "site"}))


def test_safety_and_reservations_of_the_pool_come_before_the_share() -> None:
    """6 + 3 free, 2 held for others (1 for us), 2 of safety: 80 % of 5 are 4 at most; the second site has but 3."""
    rules = [
        {"share": "0.8"},
        {"of": "pool", "safety_stock": 2},
        {"of": "pool", "channel": "market", "safety_stock": 9},
    ]
    held = ({"quantity": 2}, {"quantity": 1, "channel": "web"})
    given = world({"on_hand": 6}, {"on_hand": 3}, sites=2, stock_rules=rules, held=held)
    assert [4, 3] == sold(given)
    of_sites = world(
        {"on_hand": 6}, {"on_hand": 3}, sites=2, stock_rules=rules, held=held, channel={"share_scope": "site"}
    )
    assert [4, 2] == sold(of_sites)


def test_what_the_pool_owes_is_paid_by_the_earliest_receipts_of_any_site() -> None:
    """2 free, 7 held for others: 5 short. s1 gives its 3 of Tuesday, s0 2 of its 4 of Wednesday, before s1's 4."""
    receipts = ([received(4, "04T10:00")], [received(3, "03T10:00"), received(4, "04T10:00")])
    records = [{"on_hand": number, "receipts": rows} for number, rows in zip((2, 0), receipts, strict=True)]
    given = world(*records, sites=2, held=({"quantity": 7},))
    assert [0, 0] == sold(given)
    assert [[("04T10:00", 2)], [("03T10:00", 0), ("04T10:00", 4)]] == coming(given)


def test_sites_not_shown_and_sites_withdrawn_are_no_part_of_the_pool() -> None:
    """Of 10 at each of three sites, one hidden from the channel and one withdrawn, half of 10 may be sold."""
    rules = [{"share": "0.5"}, {"site": "s1", "withdraw_below": 11}]
    given = world(*[{"on_hand": 10}] * 3, sites=3, stock_rules=rules)
    hidden = given.sites["s2"].shown_to.model_copy(update={"channels": ("market",)})
    given.network = given.network.model_copy(
        update={"sites": (*given.network.sites[:2], given.network.sites[2].model_copy(update={"shown_to": hidden}))}
    )
    assert [5, 0] == sold(given)[:2]


# Supply to come.


@pytest.mark.parametrize(
    ("days", "placed_at", "there"),
    [
        (0, "06T09:30", "06T09:30"),
        (1, "06T09:30", "09T07:00"),
        (2, "06T22:30", "10T07:00"),
        (2, "06T23:30", "10T07:00"),
        (1, "08T12:00", "09T07:00"),
    ],
)
def test_what_is_ordered_again_comes_after_working_days(days: int, placed_at: str, there: str) -> None:
    """From Friday (or its night) the first working day is Monday 9 November, 08:00 in Paris; no record is needed."""
    assert there == supplied(world({}, supply_rules=[{"replenish_after": days}]), placed_at)


def test_without_a_counted_rule_an_item_without_a_record_is_not_stocked() -> None:
    """A rule for other items, or of a kind that the channel does not count, stocks nothing."""
    rules = [{"sku": "B", "replenish_after": 0}, {"preorder_from": "2026-11-09"}]
    assert "08T23:00" == supplied(world({}, supply_rules=rules))
    assert Reason.NOT_STOCKED is supplied(world({}, supply_rules=rules, channel={"supply": ["stock", "replenishment"]}))


def test_stock_receipts_and_what_is_ordered_add_up() -> None:
    """1 now, 2 on Wednesday, 3 by order on Tuesday, 4 from Monday on: 1, 4, 6, 10, and never 11."""
    rules = [
        {"replenish_after": 9},
        {"sku": "A", "replenish_after": 1, "quantity": 3},
        {"preorder_from": "2026-11-09", "quantity": 4},
    ]
    record = {"on_hand": 1, "receipts": [received(2, "04T10:00")]}
    found = [supplied(world(record, quantity=quantity, supply_rules=rules)) for quantity in (1, 4, 6, 10, 11)]
    assert ["at once", "03T07:00", "04T10:00", "08T23:00", Reason.INSUFFICIENT_STOCK] == found


def test_debts_are_not_paid_by_what_is_ordered() -> None:
    """5 short at the site and 2 in the pool: 3 of 3 ordered are there all the same."""
    record = {"on_hand": -5}
    given = world(record, quantity=3, held=({"quantity": 2},), supply_rules=[{"replenish_after": 0, "quantity": 3}])
    assert "02T09:00" == supplied(given)


def test_a_share_of_what_is_to_come() -> None:
    """Half of 4 now, then half of 3, of 3 + 4 and of no limit: 2, 3, 5, and as many as one wants on Monday."""
    record = {"on_hand": 4, "receipts": [received(3, "03T10:00"), received(4, "04T10:00")]}
    found = [
        supplied(
            world(
                record,
                quantity=quantity,
                channel={"share_supply": True},
                stock_rules=[{"share": "0.5"}],
                supply_rules=[{"preorder_from": "2026-11-09"}],
            )
        )
        for quantity in (2, 3, 5, 6, 1_000)
    ]
    assert ["at once", "03T10:00", "04T10:00", "08T23:00", "08T23:00"] == found
    none = world({}, channel={"share_supply": True}, stock_rules=[{"share": 0}], supply_rules=[{"replenish_after": 0}])
    assert Reason.INSUFFICIENT_STOCK is supplied(none)


def answer(given: World) -> naive.NaiveAnswer:
    """The whole answer for a world."""
    catalogue = CatalogueDocument.model_validate({"items": [line.item.model_dump() for line in given.basket.lines]})
    return naive.answer(given.network, catalogue, given.stock, given.request)


def test_what_is_kept_for_others_refuses_the_basket() -> None:
    """A toy kept for gold shoppers of the web: others are refused before the place is looked at."""
    kept = [
        {"id": "k", "categories": ["toys"], "channels": ["web"]},
        {"id": "g", "tags": ["new"], "segments": ["gold"]},
    ]
    item = {"category": "toys", "tags": ["new"]}
    gold, plain = (
        answer(world({"on_hand": 5}, item=item, allocations=kept, request={"segment": segment} if segment else {}))
        for segment in ("gold", None)
    )
    assert [] == gold.refusals
    assert [Reason.ITEM_NOT_SHOWN] == [refusal.reason for refusal in plain.refusals]


def test_order_by_looks_at_what_is_ordered_again() -> None:
    """Ordered on Monday, there on Tuesday 08:00, delivered on Wednesday; ordered on Tuesday, a day later.

    The offer ends with Monday in Paris (23:00Z), long before the collection of Tuesday.
    """
    (option,) = answer(world({}, supply_rules=[{"replenish_after": 1}], request={"view": "all"})).options
    assert utc(at("02T23:00")) == option.order_by
    assert (utc(at("03T07:00")), utc(at("04T17:00"))) == (option.shipments[0].released_at, option.deliver_by)
