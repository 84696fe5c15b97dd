"""Refusals of the engine and of its slow twin, and the differences between their remedies."""

from __future__ import annotations

import traceback
from dataclasses import fields
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from promise_engine.errors import Reason

from generator.cases import make_case
from generator.changes import asked, at_a_place, placed
from generator.comparison import Outcome, engine_answer
from generator.draw import Draw
from generator.facts import Documents
from generator.rows import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine import Answer, Refusal

    from generator.cases import Case
    from generator.rows import Row

KINDS = (
    "order_before", "more_units", "without_sku", "more_shipments", "more_days nominated_day", "more_days not_after",
    "more_days horizon_days", "other_place",
)  # fmt: skip
IN_GROUPS = "in groups"
NO_REMEDY = "without any"
LABELS = (*KINDS, IN_GROUPS, NO_REMEDY)
MOST_COMPARED = 2
"""Refusals of a case: the twin asks each again some dozens of times."""


def refused_case(seed: int, off: frozenset[str] = frozenset()) -> Case:
    """The case of a seed, mostly with something more in the way that is nearly enough."""
    case, draw = make_case(seed, off), Draw(f"{seed}/remedies", off)
    hinder = draw.weighted(
        {_wish_early: 4, _wish_soon: 4, _see_few_days: 3, _send_less: 5, _go_elsewhere: 2, _as_it_is: 2}
    )
    return hinder(case, draw)


def compare_remedies(seed: int, off: frozenset[str] = frozenset()) -> Outcome:
    """Ask both for the remedies of a few refusals of a case, without the features that are off; say which kinds there are."""
    case = refused_case(seed, off)
    try:
        answer = engine_answer(case)
        refusals = list(_chosen(answer, Draw(f"{seed}/chosen")))
        expected = [_rows(refusal.remedies) for refusal in refusals]
    except Exception:  # noqa: BLE001
        return Outcome(seed, f"the engine failed:\n{traceback.format_exc(limit=-6)}")
    labels, found = set(), []
    for refusal, rows in zip(refusals, expected, strict=True):
        labels |= {_kind(row) for row in rows} or {NO_REMEDY}
        labels |= {IN_GROUPS} if refusal.group and rows else set()
        try:
            twin = _twin_rows(case, refusal)
        except Exception:  # noqa: BLE001
            return Outcome(seed, f"the twin failed:\n{traceback.format_exc(limit=-6)}", frozenset(labels))
        if twin != rows:
            found.append(f"{_told(refusal)}\n  twin   {twin}\n  engine {rows}")
    return Outcome(seed, "\n".join(found), frozenset(labels))


def _chosen(answer: Answer, draw: Draw) -> Iterator[Refusal]:
    """A few refusals that have remedies, and now and then one that the engine finds none for."""
    refusals = draw.random.sample(answer.refusals, len(answer.refusals))
    count, none_too = 0, draw.chance(0.25)
    for refusal in refusals:
        if count == MOST_COMPARED:
            return
        if refusal.remedies:
            count += 1
            yield refusal
        elif none_too and refusal.reason is not Reason.METHOD_NOT_SHOWN:
            none_too = False
            count += 1
            yield refusal


def _twin_rows(case: Case, refusal: Refusal) -> list[Row]:
    """What the twin finds for a refusal."""
    from naive.remedies import remedies

    given = Documents.of(case)
    return _rows(remedies(given.network, given.catalogue, given.stock, given.request, refusal.method, refusal.group))


def _rows(remedies: Any) -> list[Row]:
    """Remedies in order, by the fields that their kind has; instants in UTC."""
    told = [{field.name: getattr(remedy, field.name) for field in fields(remedy)} for remedy in remedies]
    return [
        {name: at(value) if name == "at" else value for name, value in row.items() if value is not None} for row in told
    ]


def _kind(row: Row) -> str:
    return f"{row['kind']} {row.get('of', '')}".strip()


def _told(refusal: Refusal) -> str:
    """Who is refused, and why."""
    of = f"{refusal.method} of {refusal.group}" if refusal.group else refusal.method
    return f"{of}, refused with {refusal.reason.code}:"


# What stands in the way.


def _as_it_is(case: Case, draw: Draw) -> Case:
    return case


def _wish_early(case: Case, draw: Draw) -> Case:
    """A day that comes too early, of an order placed late on its date."""
    case = _placed_late(case, draw)
    day = placed(case).date() + timedelta(days=draw.weighted({0: 1, 1: 4, 2: 2, 3: 1}))
    return _wishing(case, nominated_day=day.isoformat())


def _wish_soon(case: Case, draw: Draw) -> Case:
    """An instant that comes too early, of an order placed late on its date."""
    case = _placed_late(case, draw)
    soon = placed(case) + timedelta(hours=draw.pick((3, 12, 18, 24, 24, 30, 36, 48, 60)))
    return _wishing(case, not_after=soon.isoformat())


def _see_few_days(case: Case, draw: Draw) -> Case:
    """A horizon of few days."""
    case = _placed_late(case, draw)
    settings = case.network["settings"] | {"horizon_days": draw.weighted({1: 4, 2: 3, 3: 2})}
    return case._replace(network=case.network | {"settings": settings})


def _send_less(case: Case, draw: Draw) -> Case:
    """Few shipments of every method."""
    few = draw.weighted({1: 3, 2: 1})
    methods = [row | {"max_shipments": min(few, row.get("max_shipments", 3))} for row in case.network["methods"]]
    return case._replace(network=case.network | {"methods": methods})


def _go_elsewhere(case: Case, draw: Draw) -> Case:
    """A store or pickup point by its id, where there is one."""
    destination = at_a_place(case)
    return asked(case, destination=destination) if destination else case


def _placed_late(case: Case, draw: Draw) -> Case:
    """Mostly placed in the evening; an order of the morning may then be in time."""
    moment = placed(case)
    if draw.chance(0.7):
        moment = max(moment, datetime.combine(moment.date(), time(draw.integer(14, 22), 30), moment.tzinfo))
    return asked(case, placed_at=moment.isoformat())


def _wishing(case: Case, **wish: str) -> Case:
    return asked(case, wishes=case.request.get("wishes", {}) | wish)
