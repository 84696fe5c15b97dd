"""The end of an offer: the last plan that gives it, and the rule that ends this plan."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._kernels._tables import replaced
from promise_engine.errors import Reason, Stage
from promise_engine.explanation.preparing import lasting
from promise_engine.explanation.reader import Reader
from promise_engine.explanation.words import day_text, duration_text, hours_text, instant_text
from promise_engine.offers import Offers
from promise_engine.reasons import REASON_TEXTS
from promise_engine.sourcing import choices_to_split, split_front
from promise_engine.units import ALWAYS, NEVER, instant
from promise_engine.views import View, enumerated, over_whole_area, same_offers, slots_in

if TYPE_CHECKING:
    from promise_engine.context import AnswerContext


_CHOSEN = [col.COLLECTION, col.READY, col.PROMISED]
"""What of a shipment changes when a plan ends."""


class _End(NamedTuple):
    """The last plan as ordered a second before the end, and what its candidate does with an order at the end."""

    at: int
    last: Reader
    then: list[int] | None  # any row of it, none when it cannot serve
    reason: Reason


def ending_text(context: AnswerContext, row: np.ndarray) -> str:
    """The rule that ends the offer of a row, and the last plan that gives it."""
    change = context.request.money.next_change()
    changed_at = NEVER if change is None else instant(datetime.combine(change, time.min, UTC))
    at = int(row[col.ORDER_BY])
    if at > changed_at:  # its last plans are reckoned at other rates than this answer's
        return "from then on no plan gives this window at this price."
    if context.offers is not None and context.offers.shipments.sources.count > 1:
        return _split_ending(context, row, at)
    by_way = np.array([method.choose_service for method in context.plan.methods], np.int64)
    same = same_offers(_ordered(context, at - 1)[0], row, by_way)
    if not len(same):
        return _split_ending(context, row, at)
    last = _preferred(same, row)
    reader = Reader(context, last.tolist())
    rows, reasons = _ordered(context, at, wishes=False)
    mine = rows[(rows[:, [col.TASK, col.SITE]] == last[[col.TASK, col.SITE]]).all(axis=1)]
    if at == changed_at and len(same_offers(rows, row, by_way)):
        rule = "other exchange rates hold from then on"
    elif len(context.request.destinations) > 1 and reader.place < 0:
        rule = "from then on no plan serves the whole area with this window at this price"
    else:
        reason = Reason(int(reasons[last[col.TASK], last[col.SITE]]))
        rule = _rule(_End(at, reader, mine[0].tolist() if len(mine) else None, reason))
    clock = "" if str(reader.here) == str(reader.there) else f" (times of {reader.here})"
    return f"{rule}. The last plan with this window and price: {_plan(reader)}{clock}."


def _split_ending(context: AnswerContext, row: np.ndarray, at: int) -> str:
    """The rule that ends the last split that gives a row."""
    if context.offers is None:
        raise LookupError("no plan gives the row a second before its end")
    offers = Offers(context.offers.shipments, at - 1)
    settings, by_way = context.network.settings, offers.shipments.by_way
    splits = [
        found.split
        for choice in choices_to_split(offers, settings)
        if choice[0] == row[col.METHOD]
        for found in split_front(offers, choice, settings).found
        if len(same_offers(found.row[None, :], row, by_way))
    ]
    shipments = list(zip(splits[0].rows, splits[0].parts, strict=True))
    plans = " and ".join(_plan(Reader(context.of_lines(lines), part.tolist())) for part, lines in shipments)
    told = "from then on no plan gives this window at this price"
    for part, lines in shipments:
        own = context.of_lines(lines)
        rows, reasons = _ordered(own, at, wishes=False)
        mine = rows[(rows[:, [col.TASK, col.SITE]] == part[[col.TASK, col.SITE]]).all(axis=1)]
        reason = Reason(int(reasons[part[col.TASK], part[col.SITE]]))
        if not len(mine) or (mine[0] != part)[_CHOSEN].any():
            told = _rule(_End(at, Reader(own, part.tolist()), mine[0].tolist() if len(mine) else None, reason))
            break
    return f"{told}. The last plan with this window and price: {plans}."


def _ordered(context: AnswerContext, at: int, *, wishes: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Every row, and the reasons, of the same order placed at an instant; perhaps whatever its wishes."""
    basket = replaced(context.request.basket, placed_at=at)
    if not wishes:
        basket = replaced(basket, not_before=ALWAYS, not_after=NEVER, nominated_day=-1)
    request = context.request._replace(basket=basket)
    rows, reasons, _ = enumerated(slots_in(View.ALL, request), request, context.plan, context.bound, context.stock)
    parts = len(request.destinations)
    return over_whole_area(rows, reasons, context.plan, parts) if parts > 1 else (rows, reasons)


def _preferred(rows: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The plan of the option itself when it is among the last ones, else that of the first site."""
    other = (rows[:, [col.SITE, col.WAY]] != row[[col.SITE, col.WAY]]).any(axis=1)
    preferred: np.ndarray = rows[np.lexsort((rows[:, col.WAY], rows[:, col.SITE], rows[:, col.RANK], other))[0]]
    return preferred


def _plan(last: Reader) -> str:
    if not last.way.services:
        return f"own stock of {last.site.id}, ready {instant_text(last.local(last.row[col.READY]))}"
    return f"{last.site.id} by {last.way.id}, collected {_departs(last)}"


def _departs(last: Reader) -> str:
    return instant_text(last.local(int(last.tables.collections.departure_at[last.row[col.COLLECTION]])))


def _rule(end: _End) -> str:
    """What the order of a second later misses."""
    if end.then is None:
        return _refused(end)
    told = _cut_off(end, end.then) or _slot(end.last, end.then)
    if told:
        return told
    return _collection(end.last, end.then) if end.last.way.services else _own_collection(end.last, end.then)


def _refused(end: _End) -> str:
    if end.reason.stage > Stage.HANDLING and end.last.way.services:
        return f"from then on the collection of {_departs(end.last)} is missed, and no other is in time"
    meaning = REASON_TEXTS[end.reason].meaning.rstrip(".")
    return f"from then on {end.last.site.id} cannot serve it: {meaning} [{end.reason.code}]"


def _cut_off(end: _End, then: list[int]) -> str:
    """The order cut-off between both orders, when it moves the release."""
    last = end.last
    variants, number = last.tables.variants, last.row[col.VARIANT]
    low, high = variants.cut_ptr[number : number + 2]
    tested = (last.row[col.ACCEPTED], then[col.ACCEPTED])
    if not variants.tests_acceptance[number]:
        tested = (end.at - 1, end.at)
    passed = [cut for cut in variants.cut_at[low:high].tolist() if tested[0] < cut <= tested[1]]
    if not passed or then[col.RELEASED] <= max(last.row[col.RELEASED], then[col.ACCEPTED]):
        return ""
    if not variants.tests_acceptance[number]:
        return f"it is the order cut-off of {last.site.id}"
    return (
        f"from then on it is accepted too late for {instant_text(last.local(passed[0]))}, the order cut-off of "
        f"{last.site.id}{lasting(last, handling=False)}"
    )


def _slot(last: Reader, then: list[int]) -> str:
    """The capacity slot that is lost between both orders, when the work goes elsewhere for it."""
    if last.row[col.SLOT] == then[col.SLOT]:
        return ""
    plans, site = last.tables.plans, last.row[col.SITE]
    every = range(int(plans.slot_ptr[site]), int(plans.slot_ptr[site + 1]))
    for number in sorted(every, key=lambda number: number != last.row[col.SLOT]):
        slot = last.network.slots[number]
        start, end = last.local(slot.start_at), last.local(slot.end_at)
        name = f"the capacity slot {day_text(start.date())} {hours_text(start, end)} of {last.site.id}"
        if last.row[col.ACCEPTED] < slot.use_by_at <= then[col.ACCEPTED]:
            use_by = instant_text(last.local(slot.use_by_at))
            return f"from then on it is accepted too late for {name}, which takes orders accepted before {use_by}"
        if last.row[col.RELEASED] < slot.end_at <= then[col.RELEASED]:
            return f"from then on {name} is over when it is released"
    return f"from then on {last.site.id} has another capacity slot for it"


def _collection(last: Reader, then: list[int]) -> str:
    """The collection that the later parcel is not ready for, or that is told of it too late."""
    collections, number, service = last.tables.collections, last.row[col.COLLECTION], last.way.services[0]
    in_time, departs = int(collections.cut_off_at[number]), _departs(last)
    if then[col.READY] > in_time:
        ready = instant_text(last.local(in_time))
        return (
            f"from then on it is not ready by {ready} for the collection of {departs} by {service} at "
            f"{last.site.id}{lasting(last)}"
        )
    notification = duration_text(int(collections.notification_seconds[number]))
    return f"from then on {service} is told less than {notification} of preparation hours before it collects {departs}"


def _own_collection(last: Reader, then: list[int]) -> str:
    ready, collected = (instant_text(last.local(then[column])) for column in (col.READY, col.COLLECT_FROM))
    return f"from then on it is ready {ready} and can be collected from {collected} only{lasting(last)}"
