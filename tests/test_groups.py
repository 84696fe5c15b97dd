"""Groups of lines: what each leaves to the next, and what an answer tells of them."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine import Engine, Network, RequestError, StockSnapshot, replay
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

if TYPE_CHECKING:
    from small_world import Doc

TO_PARIS = {"country": "FR", "postal_code": "75001"}


def order(*groups: tuple[str, int], **more: Any) -> Doc:
    """An order of groups, each with so many of A1; what is before `c` goes to Paris."""
    return minimal_request() | {
        "groups": [{"id": name} | ({"destination": TO_PARIS} if name < "c" else {}) for name, _ in groups],
        "lines": [{"sku": "A1", "quantity": count, "group": name} for name, count in groups],
        **more,
    }


def network(**site: Any) -> Doc:
    """The smallest network, with more said of its site."""
    document = minimal_network()
    document["sites"][0]["preparation"] |= site
    return document


def answered(request: Doc, document: Doc | None = None, stock: Doc | None = None) -> Any:
    """The answer to an order."""
    engine = Engine(Network.model_validate(document or minimal_network()))
    return engine.promise(request, StockSnapshot.from_document(stock or minimal_stock()))


def test_the_last_units_go_to_the_first_group() -> None:
    """Of ten units six are promised to the first group by id, so that the other, which wants five, lacks one."""
    answer = answered(order(("d", 5), ("b", 6)))
    assert [("b", "75001")] == [(option.group, option.destination.postal_code) for option in answer.options]
    (refusal,) = answer.refusals
    assert ("d", "insufficient_stock") == (refusal.group, refusal.reason.code)
    assert "1" == str(refusal.remedies[0].quantity)


def test_a_group_takes_stock_and_the_next_what_comes() -> None:
    """Of four on hand one is left to the second group, which waits for Wednesday's receipt, the third for Friday's."""
    receipts = [{"expected_at": f"2026-11-{day}T09:00:00+01:00", "quantity": 3} for day in (25, 27)]
    stock = minimal_stock()
    stock["records"][0] |= {"on_hand": 4, "receipts": receipts}
    answer = answered(order(("a", 3), ("b", 3), ("c", 3)), stock=stock)
    days = [option.deliver_by.date().isoformat() for option in answer.options]
    assert ["2026-11-24", "2026-11-26", "2026-11-30"] == days


def test_groups_share_the_slots_of_a_day() -> None:
    """A day takes one order, so that the second group is prepared on the next, and the third the day after."""
    slots = [{"weekdays": "mon-fri", "start": "08:00", "end": "18:00", "capacity": 1}]
    answer = answered(order(("a", 1), ("b", 1), ("c", 1)), network(plan={"unit": "orders", "slots": slots}))
    started = [option.shipments[0].started_at.day for option in answer.options]
    assert [23, 24, 25] == started


def test_a_later_group_can_be_ordered_while_the_first_leaves_enough() -> None:
    """From 17:00:01 on the first group waits for Tuesday's van, and so does the other: both windows end with Monday's."""
    answer = answered(order(("a", 5), ("b", 5)))
    assert 1 == len({option.order_by for option in answer.options})
    before, after = (
        answered(order(("a", 5), ("b", 5), placed_at=at))
        for at in ("2026-11-23T17:00:00+01:00", "2026-11-23T17:00:01+01:00")
    )
    windows = [option.deliver_by for option in answer.options]
    assert windows == [option.deliver_by for option in before.options]
    assert windows != [option.deliver_by for option in after.options]


def test_each_group_has_tags_and_a_best() -> None:
    """`best` asks one group, the first that has the tag when none is named."""
    answer = answered(order(("a", 2), ("b", 3)))
    assert ["a", "b"] == [option.group for option in answer.options if "earliest" in option.tags]
    assert "b" == answer.best("cheapest", group="b").group
    assert "a" == answer.best("cheapest").group
    assert answer.best("cheapest", group="z") is None


def test_the_value_is_that_of_the_whole_order() -> None:
    """Two groups of 30 EUR are an order of 60 EUR, which is free from 50 EUR on."""
    document = minimal_network()
    document["methods"][0]["price"] = [{"price": 4.9}, {"price": 0, "from_value": 50}]
    request = order(("a", 3), ("b", 3))
    for line in request["lines"]:
        line["unit_price"] = 10
    assert ["0.00", "0.00"] == [str(option.price.amount) for option in answered(request, document).options]


def test_groups_ask_for_their_own_methods() -> None:
    """A group answers for the methods it names, of those that the order wishes for."""
    document = minimal_network()
    document["methods"].append(document["methods"][0] | {"id": "express"})
    request = order(("a", 1), ("b", 1))
    request["groups"][1]["methods"] = ["express"]
    told = [(option.group, option.method) for option in answered(request, document).options]
    assert [("a", "express"), ("a", "home"), ("b", "express")] == sorted(told)
    request["wishes"] = {"methods": ["home"]}
    with pytest.raises(RequestError, match=r"groups\.1\.methods: found \['express'\], expected at least one of those"):
        answered(request, document)


def test_the_document_names_groups_and_their_destinations() -> None:
    """There is no destination of the whole order; each group has one, and options and refusals name their group."""
    document = json.loads(answered(order(("a", 5), ("c", 6))).to_json())
    assert document["destination"] is None
    assert [("a", "75001"), ("c", "67000")] == [
        (group["id"], group["destination"]["postal_code"]) for group in document["groups"]
    ]
    assert ["a"] == [option["group"] for option in document["options"]]
    assert ["c"] == [refusal["group"] for refusal in document["refusals"]]


def test_ids_of_options_differ_by_group() -> None:
    """Two groups of the same goods to the same place have options of the same choice, and of different ids."""
    first, second = answered(order(("c", 2), ("d", 2))).options
    assert first.choice_code == second.choice_code
    assert first.id != second.id


def test_an_answer_of_groups_is_replayed_and_pickled() -> None:
    """Evidence holds where each group goes."""
    answer = answered(order(("a", 5), ("c", 6)))
    evidence = json.loads(json.dumps(answer.evidence()))
    assert 2 == len(evidence["almanac"]["destinations"])
    assert answer.to_json() == replay(evidence).to_json()
    assert answer.to_json() == pickle.loads(pickle.dumps(answer)).to_json()  # noqa: S301


def test_the_answer_changes_when_a_later_group_does() -> None:
    """Nothing changes a second before `next_change_at`, and something does then."""
    request = order(("a", 5), ("b", 5))
    answer = answered(request)
    assert "2026-11-23T17:00:01+01:00" == answer.next_change_at.isoformat()
    assert answer.explain().count("Option ") == 2
    assert "Option 2 of 2: b: home [home]" in answer.explain()


def test_groups_hold_for_a_quarter_of_an_hour() -> None:
    """With `valid_for` every option of every group holds for so long: at 17:00 only Tuesday's van is sure for 15 min."""
    answer = answered(order(("a", 5), ("b", 5), placed_at="2026-11-23T16:50:00+01:00", valid_for="15 min"))
    assert [24, 24] == [option.shipments[0].collected_at.day for option in answer.options]
    assert all(option.order_by.isoformat() >= "2026-11-23T17:05:00+01:00" for option in answer.options)
