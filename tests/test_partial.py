"""Parts of a basket: which a method serves where it cannot serve the whole, and what an answer tells of it."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine import Engine, Network, StockSnapshot, replay
from promise_engine.partial import Worth, _by_worth
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

if TYPE_CHECKING:
    from small_world import Doc


def answered(lines: list[Doc], has: dict[str, int], **more: Any) -> Any:
    """The answer to a basket that asks for the part that can be served; `has` is what the one site has of each SKU."""
    records = [{"site": "lyon", "sku": sku, "on_hand": count} for sku, count in has.items()]
    engine = Engine(Network.model_validate(minimal_network()))
    stock = StockSnapshot.from_document(minimal_stock() | {"records": records})
    return engine.promise(minimal_request() | {"lines": lines, "partial": True, **more}, stock)


def line(sku: str, quantity: int = 1, price: float = 0) -> Doc:
    """A line of a basket."""
    return {"sku": sku, "quantity": quantity, "unit_price": price}


def test_what_is_left_out_is_told_with_its_reason() -> None:
    """The line without stock is left out, the other is promised; nothing is refused."""
    answer = answered([line("A1"), line("B1") | {"id": "second"}], {"A1": 1})
    (option,) = answer.options
    assert ["A1"] == [one.sku for one in option.lines]
    assert [("second", "B1", "not_stocked")] == [(one.id, one.sku, one.reason.code) for one in option.left_out]
    assert () == answer.refusals
    assert "without 1 x B1 (not_stocked)" in answer.explain()


def test_nothing_is_left_out_unless_it_is_asked() -> None:
    """Without `partial` the basket is refused."""
    answer = answered([line("A1"), line("B1")], {"A1": 1}, partial=False)
    assert 0 == len(answer.options)
    assert ["not_stocked"] == [refusal.reason.code for refusal in answer.refusals]


def test_a_basket_that_nothing_serves_is_refused_as_a_whole() -> None:
    """No line has stock: the refusal is that of the whole, its remedies too."""
    (refusal,) = answered([line("A1", 2), line("A1", 2) | {"services": []}, line("B1")], {}).refusals
    assert "not_stocked" == refusal.reason.code


def test_unknown_lines_do_not_refuse_the_others() -> None:
    """A quantity that is no whole piece refuses its line alone."""
    (option,) = answered([line("A1"), {"sku": "B1", "quantity": 1.5}], {"A1": 1, "B1": 9}).options
    assert ["quantity_not_a_step"] == [one.reason.code for one in option.left_out]


def test_the_answer_is_replayed_and_pickled() -> None:
    """The parts are found again."""
    answer = answered([line("A1"), line("B1")], {"A1": 1})
    assert answer.to_json() == replay(json.loads(json.dumps(answer.evidence()))).to_json()
    assert answer.to_json() == pickle.loads(pickle.dumps(answer)).to_json()  # noqa: S301


def test_it_holds_until_a_part_changes() -> None:
    """The part's window is gone after the van of 17:00."""
    answer = answered([line("A1"), line("B1")], {"A1": 1})
    assert answer.options[0].order_by == answer.next_change_at


@pytest.mark.parametrize("count", range(6))
def test_sets_come_by_what_they_are_worth(count: int) -> None:
    """Every set of lines once, those that are worth the least first."""
    worth = [Worth(Decimal(7 * i % 4), i % 3, 1) for i in range(count)]
    sets = list(_by_worth(worth))
    everything = [frozenset(some) for size in range(count + 1) for some in combinations(range(count), size)]
    assert sorted(map(sorted, everything)) == sorted(map(sorted, sets))
    totals = [tuple(sum(worth[i][k] for i in some) for k in range(3)) for some in sets]
    assert sorted(totals) == totals


def test_the_search_ends_at_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many parts asked lines are taken as long as they are served, and the answer says that a bound ended it."""
    lines = [line(sku) for sku in ("A1", "B1", "C1", "D1")]
    has = dict.fromkeys(("A1", "B1", "C1", "D1"), 1)
    document = minimal_network()
    document["services"][0]["limits"] = {"weight_grams": 250}
    document["methods"][0]["max_parcels"] = 1
    items = [each | {"weight_grams": 100} for each in lines]
    engine = Engine(Network.model_validate(document))
    stock = StockSnapshot.from_document(
        minimal_stock() | {"records": [{"site": "lyon", "sku": sku, "on_hand": 1} for sku in has]}
    )
    whole = engine.promise(minimal_request() | {"lines": items, "partial": True}, stock)
    assert ["A1", "B1"] == [one.sku for one in whole.options[0].lines]
    assert "exact" == whole.to_dict()["front"]
    monkeypatch.setattr("promise_engine.partial.MOST_ASKED", 3)
    bounded = engine.promise(minimal_request() | {"lines": items, "partial": True}, stock)
    assert ["A1", "B1"] == [one.sku for one in bounded.options[0].lines]
    assert ["C1", "D1"] == [one.sku for one in bounded.options[0].left_out]
    assert "bounded" == bounded.to_dict()["front"]


def test_lines_that_others_make_possible_are_added_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below 120 a basket is not split: 60 and 55 come from two sites only once 45 of the first is there, too."""
    monkeypatch.setattr("promise_engine.partial.MOST_ASKED", 1)
    document = minimal_network()
    (lyon,) = document["sites"]
    document["sites"] = [lyon | {"id": site} for site in ("lyon", "lille", "nantes")]
    document["collections"][0]["sites"] = ["lyon", "lille", "nantes"]
    document["methods"][0] |= {"max_shipments": 2, "min_split_value": "120"}
    held = {"A1": "lyon", "E1": "lille", "B1": "nantes", "C1": "lyon"}
    records = [{"site": site, "sku": sku, "on_hand": 1} for sku, site in held.items()]
    worth = {"A1": 60, "E1": 55, "B1": 50, "C1": 45}
    request = minimal_request() | {"lines": [line(sku, 1, price) for sku, price in worth.items()], "partial": True}
    engine = Engine(Network.model_validate(document))
    answer = engine.promise(request, StockSnapshot.from_document(minimal_stock() | {"records": records}))
    assert {("A1", "C1", "E1")} == {tuple(sorted(one.sku for one in option.lines)) for option in answer.options}
