"""Remedies of refusals are true: applied to the documents, they give the method an option; one smaller does not."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from generator.cases import Case, make_case
from generator.changes import asked, asked_at
from generator.comparison import engine_answer

if TYPE_CHECKING:
    from promise_engine import Refusal, Remedy

SEEDS = range(48)


def _with_units(case: Case, remedy: Remedy, quantity: Decimal) -> Case:
    """More on hand in the record, or a new record."""
    stock = copy.deepcopy(case.stock)
    here = [row for row in stock["records"] if (row["site"], row["sku"]) == (remedy.site, remedy.sku)]
    for row in here:
        row["on_hand"] = str(Decimal(str(row["on_hand"])) + quantity)
    if not here:
        stock["records"].append({"site": remedy.site, "sku": remedy.sku, "on_hand": str(quantity)})
    return case._replace(stock=stock)


def _with_shipments(case: Case, method: str, count: int) -> Case:
    network = copy.deepcopy(case.network)
    row = next(row for row in network["methods"] if row["id"] == method)
    row["max_shipments"] = row.get("max_shipments", 3) + count
    return case._replace(network=network)


def _with_days(case: Case, of: str, count: int) -> Case:
    """The wish so many days later, or the horizon so many days longer."""
    days = timedelta(days=count)
    if of == "horizon_days":
        network = copy.deepcopy(case.network)
        network["settings"]["horizon_days"] += count
        return case._replace(network=network)
    kind = date if of == "nominated_day" else datetime
    wishes = case.request["wishes"]
    return asked(case, wishes=wishes | {of: (kind.fromisoformat(wishes[of]) + days).isoformat()})


def _step(case: Case, sku: str) -> Decimal:
    return next(Decimal(str(item.get("step", 1))) for item in case.catalogue["items"] if item["sku"] == sku)


def applied(case: Case, method: str, remedy: Remedy) -> tuple[Case, Case | None]:
    """The case with the remedy, and with the next smaller one of its kind, where that is another case."""
    if remedy.kind == "order_before":
        return asked_at(case, remedy.at - timedelta(seconds=1)), asked_at(case, remedy.at)
    if remedy.kind == "more_units":
        less = remedy.quantity - _step(case, remedy.sku)
        return _with_units(case, remedy, remedy.quantity), _with_units(case, remedy, less) if less else None
    if remedy.kind == "without_sku":
        return asked(case, lines=[row for row in case.request["lines"] if row["sku"] != remedy.sku]), None
    if remedy.kind == "other_place":
        return asked(case, destination={"place": remedy.place}), None
    change: Any = (
        (lambda count: _with_shipments(case, method, count))
        if remedy.kind == "more_shipments"
        else (lambda count: _with_days(case, remedy.of, count))
    )
    return change(remedy.count), change(remedy.count - 1) if remedy.count > 1 else None


def offered(case: Case, method: str) -> bool:
    """Whether a new engine gives the method an option."""
    return any(option.method == method for option in engine_answer(case).options)


def check(case: Case, refusal: Refusal) -> None:
    """Every remedy of a refusal works alone, and nothing smaller does."""
    for remedy in refusal.remedies:
        changed, smaller = applied(case, refusal.method, remedy)
        assert offered(changed, refusal.method), (refusal, remedy)
        assert smaller is None or not offered(smaller, refusal.method), (refusal, remedy)


@pytest.mark.parametrize("seed", SEEDS)
def test_remedies_are_true_and_smallest(seed: int) -> None:
    """Asked again with a remedy alone, a refused method has an option; with a smaller one it has none."""
    case = make_case(seed)
    for refusal in engine_answer(case).refusals:
        check(case, refusal)
