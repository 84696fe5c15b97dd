"""The laws of the engine, on any case: what must hold whatever the numbers are."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from generator.changes import (
    asked,
    asked_at,
    at_a_place,
    in_fixed_zones,
    more_capacity,
    more_stock,
    one_more_service,
    one_more_site,
    placed,
    shuffled,
)
from generator.comparison import engine_answer
from generator.rows import INSTANTS, answer_rows, shipments_of
from generator.strategies import cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from promise_engine import Option

    from generator.cases import Case
    from generator.rows import Row, Rows

EXAMPLES = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PROBES = st.sampled_from([1, 59, 3_600, 20_000, 86_400, 200_000])
CHANGES: dict[str, Callable[[Case], Case]] = {
    "stock": more_stock, "capacity": more_capacity, "a site": one_more_site, "a service": one_more_service,
}  # fmt: skip


def rows_of(case: Case) -> Rows:
    """The engine's rows for a case."""
    return answer_rows(engine_answer(case))


def promised(row: Row) -> str:
    """The end of the window, as text that sorts like instants of one answer."""
    return str(row["collect_from"] or row["deliver_by"])


def candidate(row: Row) -> tuple[object, ...]:
    """What an option is a promise of."""
    return row["method"], row["place"], row["site"], row["service"]


def nominated(case: Case) -> set[str]:
    """Services whose shoppers name a day or a slot."""
    return {
        service["id"]
        for service in case.network["services"]
        if any(
            part.get("choice", "none") != "none"
            for part in (service.get("delivery", {}), *(lane.get("delivery", {}) for lane in service["lanes"]))
        )
    }


def plain_rows(case: Case, rows: Rows) -> dict[tuple[object, ...], Row]:
    """The row of every candidate that serves alone and whose service leaves the shopper no choice of day."""
    chosen = nominated(case)
    alone = [row for row in rows.options if len(row["shipments"]) == 1]
    return {candidate(row): row for row in alone if not chosen.intersection(row["services"])}


@EXAMPLES
@given(case=cases(without=["wishes", "partial", "groups"]), later=PROBES)
def test_later_order_is_never_earlier(case: Case, later: int) -> None:
    """Ordering later never gives an earlier release, start, ready or promised instant for the same candidate."""
    case = asked(case, view="all")
    first = plain_rows(case, rows_of(case))
    second = plain_rows(case, rows_of(asked_at(case, placed(case) + timedelta(seconds=later))))
    for key in first.keys() & second.keys():
        for name in ("released_at", "started_at", "ready_at"):
            assert first[key][name] <= second[key][name], (key, name)
        assert promised(first[key]) <= promised(second[key]), key


@EXAMPLES
@given(case=cases(without=["wishes", "partial", "groups"]), later=PROBES)
def test_later_order_has_no_earlier_best_date(case: Case, later: int) -> None:
    """Ordering later never gives a method an earlier best promise."""
    case = asked(case, view="all")
    first, second = rows_of(case), rows_of(asked_at(case, placed(case) + timedelta(seconds=later)))
    for method in {row["method"] for row in first.options}:
        after = [promised(row) for row in second.options if row["method"] == method]
        assert not after or min(promised(row) for row in first.options if row["method"] == method) <= min(after)


@EXAMPLES
@given(case=cases())
def test_story_is_in_order(case: Case) -> None:
    """The instants of every story follow one another."""
    case = asked(case, view="all")
    rows = rows_of(case).options
    assert all(row["earliest_from"] <= (row["collect_from"] or row["deliver_from"]) for row in rows)
    assert all(placed(case) < datetime.fromisoformat(row["order_by"]) for row in rows)
    for row in (shipment for option in rows for shipment in shipments_of(option)):
        start = placed(case).timestamp()
        arrivals = [instant for _, instant in row["arrivals"]]
        ends = (
            [row["deliver_from"], row["deliver_by"]]
            if row["deliver_by"]
            else [row["collect_from"], row["collect_until"]]
        )
        told = [
            row["released_at"],
            row["started_at"],
            row["ready_at"],
            row["collected_at"],
            *arrivals,
            row["arrives_at"],
            *ends,
        ]
        instants = [start, *(datetime.fromisoformat(text).timestamp() for text in told if text is not None)]
        assert instants == sorted(instants), row


def _group(case: Case, row: Row) -> tuple[object, ...]:
    """Options that are compared with one another: of one method, place, service if chosen, and nominated day."""
    method = next(method for method in case.network["methods"] if method["id"] == row["method"])
    way = row["service"] if method.get("choose_service") else None
    day = (row["deliver_from"], row["deliver_by"]) if nominated(case).intersection(row["services"]) else None
    return row["method"], row["place"], way, day


def _criteria(row: Row) -> tuple[Any, ...]:
    """What more of anything may not worsen; an unknown CO2e counts as the worst."""
    cost = sum(value for name, value in row.items() if name.startswith("cost."))
    grams = row["co2e_grams"]
    return promised(row), row["price"], cost, float("inf") if grams is None else grams, row["parcels"]


@pytest.mark.parametrize("change", CHANGES)
@EXAMPLES
@given(
    case=cases(without=["wishes", "surcharges", "choice", "partial", "groups"]), view=st.sampled_from(["front", "all"])
)
def test_more_never_worsens(change: str, case: Case, view: str) -> None:
    """With more stock, capacity, services or sites every option is still there, or one as good in every respect."""
    case = asked(case, view=view)
    more = CHANGES[change](case)
    before, after = rows_of(case).options, rows_of(more).options
    for row in (row for row in before if len(row["shipments"]) == 1):
        rivals = [_criteria(other) for other in after if _group(more, other) == _group(case, row)]
        worst = _criteria(row)
        assert any(all(one <= limit for one, limit in zip(rival, worst, strict=True)) for rival in rivals), row


def _day_and_price(case: Case, option: Option) -> tuple[date, Decimal]:
    """What more of anything may not worsen of a split: the promised day, and the price that is the method's."""
    promised = option.collect_from or option.deliver_by - timedelta(seconds=1)
    by_tariff = any(row["id"] == option.method and isinstance(row["price"], dict) for row in case.network["methods"])
    return promised.date(), Decimal(0) if by_tariff else option.price.amount


@pytest.mark.parametrize("change", CHANGES)
@EXAMPLES
@given(
    case=cases(without=["wishes", "surcharges", "choice", "partial", "groups"]), view=st.sampled_from(["front", "all"])
)
def test_more_never_worsens_splits(change: str, case: Case, view: str) -> None:
    """With more stock, capacity, services or sites no split was better in promised day and the method's price."""
    case = asked(case, view=view)
    before, after = engine_answer(case).options, engine_answer(CHANGES[change](case)).options
    for option in (option for option in before if len(option.shipments) > 1):
        where = option.method, option.destination.place, option.nominated
        same = (other for other in after if (other.method, other.destination.place, other.nominated) == where)
        rivals = [_day_and_price(case, other) for other in same]
        day, price = _day_and_price(case, option)
        assert any(rival[0] <= day and rival[1] <= price for rival in rivals), option


def _window(row: Row) -> tuple[object, ...]:
    """What the shopper is shown for a group: the window to collect at a place, else of the delivery, and the price."""
    kind = "deliver" if row["collect_from"] is None else "collect"
    ends = ("deliver_from", "deliver_by") if kind == "deliver" else ("collect_from", "collect_until")
    return (row["group"], row["method"], row["place"], kind, *(row[end] for end in ends), row["price"])


@EXAMPLES
@given(case=cases(without=["partial"]), choice=st.integers(0, 10**6), share=st.floats(0, 1))
def test_order_by_is_exact(case: Case, choice: int, share: float) -> None:
    """One second before `order_by`, and at any instant until then, the window and price stand; at it they do not."""
    case = asked(case, view="all")
    options = rows_of(case).options
    assume(options)
    row = options[choice % len(options)]
    limit = datetime.fromisoformat(row["order_by"])
    assume(limit.date().isoformat() < case.network["valid_until"])
    chosen = any(method["id"] == row["method"] and method.get("choose_service") for method in case.network["methods"])

    def stands(moment: datetime) -> bool:
        others = rows_of(asked(case, placed_at=moment.isoformat(), valid_for="0 s")).options
        return any(
            _window(other) == _window(row) and (not chosen or other["service"] == row["service"]) for other in others
        )

    between = placed(case) + timedelta(seconds=int((limit - placed(case)).total_seconds() * share * 0.999))
    assert stands(limit - timedelta(seconds=1))
    assert stands(between)
    assert not stands(limit)


@EXAMPLES
@given(case=cases(without=["time_zones", "groups"]), offset=st.integers(-9, 9))
def test_moving_the_clocks_moves_the_answer(case: Case, offset: int) -> None:
    """With all zones and all given instants moved by the same hours, every instant of the answer moves by them."""
    destination = at_a_place(case)
    assume(destination is not None)
    case = asked(case, view="all", destination=destination)
    near, far = in_fixed_zones(case, 0), in_fixed_zones(case, offset)
    expected, actual = rows_of(near), rows_of(far)
    assert expected.refusals == actual.refusals
    assert [_moved(row, timedelta(hours=-offset)) for row in expected.options] == actual.options


def _moved(row: Row, shift: timedelta) -> Row:
    moved = {name: _later(row[name], shift) for name in INSTANTS if name in row}
    moved |= {"arrivals": tuple((stop, _later(instant, shift)) for stop, instant in row["arrivals"])}
    if "shipments" in row:
        moved["shipments"] = tuple(_moved(shipment, shift) for shipment in row["shipments"])
        moved["line_dates"] = tuple((*line, _later(instant, shift)) for *line, instant in row["line_dates"])
    return row | moved


def _later(text: str | None, shift: timedelta) -> str | None:
    return None if text is None else (datetime.fromisoformat(text) + shift).isoformat()


@EXAMPLES
@given(case=cases(), seed=st.integers(0, 10**6))
def test_order_of_the_input_means_nothing(case: Case, seed: int) -> None:
    """The same input in another order gives the same bytes."""
    assert engine_answer(case).to_json() == engine_answer(shuffled(case, Random(seed))).to_json()


@EXAMPLES
@given(case=cases())
def test_wider_views_contain_narrower_ones(case: Case) -> None:
    """What the shopper sees is on the front, and the front is part of all."""
    shopper, front, everything = (
        {option.id for option in engine_answer(asked(case, view=view)).options} for view in ("shopper", "front", "all")
    )
    assert shopper <= front <= everything
