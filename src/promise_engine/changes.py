"""How long an answer holds: the last second it is for, what is offered until then, and when it would be another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._compile.money import Money
from promise_engine._kernels.changes import CHOICES, DAYS, EVERYTHING, GAINS, NOTHING, TAKES, TOO_SHORT, next_change
from promise_engine.parts import Part, has_rooms
from promise_engine.sourcing import may_split
from promise_engine.units import ALWAYS, NEVER, instant
from promise_engine.views import View, choice_keys, enumerated, select_rows, slots_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import tzinfo

    from promise_engine._arrays import Taken
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.tasks import Plan
    from promise_engine.answer import Answer
    from promise_engine.context import AnswerContext
    from promise_engine.models.request import PromiseRequest
    from promise_engine.options import Option, Refusal
    from promise_engine.partial import GroupSections
    from promise_engine.parts import Choice, Looked
    from promise_engine.questions import Question, Questions, Whole
    from promise_engine.section import Section

FURTHEST = timedelta(days=31)
MOST_ASKED = 500  # instants at which an answer is asked for again
"""How long after `placed_at` a change is looked for."""

_FIRST_ROWS = 256
_MOMENT = timedelta(microseconds=1)


class Promise(NamedTuple):
    """What an answer promises: its options without the story of their shipments, in order, and its refusals."""

    options: tuple[Option, ...]
    refusals: tuple[Refusal, ...]


def promise_of(answer: Answer) -> Promise:
    """What of an answer counts as a change: all that it shows, but the story of the shipments.

    Examples
    --------
    >>> from promise_engine import Engine, Network, StockSnapshot
    >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
    >>> engine = Engine(Network.model_validate(minimal_network()))
    >>> answer = engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock()))
    >>> promise_of(answer).options[0].shipments
    ()
    """
    return Promise(tuple(replace(option, shipments=()) for option in answer.options), answer.refusals)


def last_second(request: PromiseRequest) -> int:
    """The last second of `[placed_at, placed_at + valid_for)`, never before `placed_at`."""
    placed_at = request.placed_at.astimezone(UTC)
    return max(instant(placed_at), instant(placed_at + request.valid_for - _MOMENT))


def moment(at: int) -> datetime:
    """An instant as a datetime in UTC."""
    return datetime.fromtimestamp(at, UTC)


def clock_asked(context: AnswerContext) -> tzinfo:
    """The clock of the address, of the first part of an area, or of the place that was asked for."""
    request, network = context.request, context.compiled
    if request.place is None:
        return network.almanac.clock(request.destinations[0].time_zone or "UTC")
    zone = int(network.tables.places.zone_idx[network.place_index[request.place]])
    return network.almanac.clock(network.time_zones[zone])


# What is offered all along.


class Throughout(NamedTuple):
    """What is offered to every order of `[placed_at, placed_at + valid_for)`."""

    model: PromiseRequest  # as it was asked: for every option where orders differ
    whole: Whole  # of the last second
    rows: np.ndarray  # of the last second that the first is offered too
    earlier: Whole | None  # of the first second, where it may be offered less


def ask_throughout(
    questions: Questions,
    model: PromiseRequest,
    bound: BoundStock,
    planned: Question | None = None,
    at_first: BoundStock | None = None,
) -> Throughout:
    """Ask for the last second that an answer is for, and leave out what is not offered at `placed_at`.

    `at_first` is what groups before leave at `placed_at`, where that is something else than in the last second.
    """
    placed_at, last = instant(model.placed_at), last_second(model)
    whole = questions.whole(_placed(model, last), bound, planned)
    gains = may_gain(whole.question.request, whole.question.plan, questions.network, placed_at)
    if at_first is None and not gains and not (last > placed_at and _may_have_collided(whole)):
        return Throughout(model, whole, whole.rows, None)
    every = model.model_copy(update={"view": "all"})
    whole = questions.whole(_placed(every, last), bound)
    earlier = questions.whole(_placed(every, placed_at), bound if at_first is None else at_first)
    return Throughout(every, whole, offered_from(whole.rows, earlier.rows, whole.question), earlier)


def _placed(model: PromiseRequest, at: int) -> PromiseRequest:
    return model if at == instant(model.placed_at) else model.model_copy(update={"placed_at": moment(at)})


def may_gain(request: CompiledRequest, plan: Plan, network: CompiledNetwork, placed_at: int) -> bool:
    """Whether a question may offer what the same question at the earlier `placed_at` does not.

    Later orders only lose, but for a horizon that has moved on, exchange rates that have begun, and promises that were
    too early for the wishes.
    """
    last = request.basket.placed_at
    rates = _rates_change(request, network, placed_at)
    if last == placed_at:
        return False
    if starts_late(request) or (rates is not None and rates <= last):
        return True
    clocks = map(network.almanac.clock, _zones(request, plan, network))
    return any(moment(placed_at).astimezone(clock).date() != moment(last).astimezone(clock).date() for clock in clocks)


def _may_have_collided(whole: Whole) -> bool:
    """Whether a split may not have been had earlier: a shipment that came sooner may have wanted what another needs."""
    offers = whole.question.offers
    if offers is None or not whole.splits:
        return False
    shipments, rows = offers.shipments, whole.rows[len(whole.question.rows) :]
    methods = [shipments.plan.methods[number] for number in np.unique(rows[:, col.METHOD]).tolist()]
    limited = any(one.split_units or one.shipping != "together" or one.max_parcels is not None for one in methods)
    at_place = bool((rows[:, col.COLLECT_FROM] >= 0).any())
    return limited or at_place or shipments.sources.count > 1 or has_rooms(shipments.request.reached.tables)


def starts_late(request: CompiledRequest) -> bool:
    """Whether the wishes refuse what is promised too early."""
    return request.basket.not_before > ALWAYS or request.basket.nominated_day >= 0


def offered_from(later: np.ndarray, earlier: np.ndarray, question: Question) -> np.ndarray:
    """The rows of a later order without what the earlier order is not offered at all, or only later.

    It is offered a choice: a method, a place, a nominated day or slot, and the way where the shopper chooses it.
    """
    places, by_way = question.plan.targets.place_idx, question.by_way
    soonest: dict[Choice, int] = {}
    for key, promised in _choices_promised(earlier, places, by_way):
        soonest[key] = min(promised, soonest.get(key, NEVER))
    had = [soonest.get(key, NEVER) <= promised for key, promised in _choices_promised(later, places, by_way)]
    kept: np.ndarray = later[had]
    return kept


def _choices_promised(rows: np.ndarray, places: np.ndarray, by_way: np.ndarray) -> Iterator[tuple[Choice, int]]:
    """The choice of each row, and what it promises."""
    keys = map(tuple, choice_keys(rows, places, by_way).tolist())
    return zip(keys, rows[:, col.PROMISED].tolist(), strict=True)


# The next change.


def next_change_at(answer: Answer, ask: Callable[[int], Answer]) -> int | None:
    """The first later instant at which the same question is promised otherwise; None when none is within `FURTHEST`.

    Between two events of all candidates that can bear on what is shown an answer stays the same, so it is enough to
    ask again at events, until the promise is another: at the latest when an option is gone, at its `order_by`. What is
    asked need not say `order_by`: an option that is offered without a break stands until the same instant. After
    `MOST_ASKED` events at which nothing changed the answer is said to change at the next.
    """
    promised, asked, gone_at = promise_of(answer), answer, _first_gone(answer)
    furthest = instant(answer.context.request.model.placed_at + FURTHEST)
    shape, left = _shape(answer), MOST_ASKED
    while True:
        at = _next_event(asked, furthest)
        if at is None or at == gone_at or left == 0:
            return at
        left -= 1
        asked = ask(at)
        if _shape(asked) != shape:
            return at
        for section, before in zip(asked.sections, answer.sections, strict=True):
            section.rows[:, col.ORDER_BY] = before.rows[:, col.ORDER_BY]
        if promise_of(asked) != promised:
            return at


def _shape(answer: Answer) -> list[int]:
    """How many options each section has."""
    return [len(section.rows) for section in answer.sections]


def _first_gone(answer: Answer) -> int | None:
    """When the first of the options can no longer be ordered; None without options."""
    rows = np.concatenate([section.rows[:, col.ORDER_BY] for section in answer.sections])
    lag = answer.context.request.basket.placed_at - instant(answer.context.request.model.placed_at)
    return int(rows.min()) - lag if len(rows) else None


def _next_event(answer: Answer, furthest: int) -> int | None:
    """The first later instant of the order, up to the furthest, at which the answer may be another; else None."""
    request = answer.context.request
    lag = request.basket.placed_at - instant(request.model.placed_at)
    end = instant(datetime.combine(answer.context.compiled.placed[1] + timedelta(days=1), time.min, UTC))
    gone = [at for section in answer.sections for at in section.rows[:, col.ORDER_BY].tolist()]
    until = min([end, *gone])  # an option is gone at its `order_by`
    at = first_event(answer.groups, until, end)
    if len(answer.groups) > 1:
        at = min(at, first_taken_change(answer.groups[:-1], until) - lag)
    if answer.at_first:
        at = min(at, first_taken_change(answer.at_first, end))
    return at if at <= furthest and at + lag < end else None


def first_event(groups: Iterable[GroupSections], until: int, end: int) -> int:
    """The first later instant of the order at which something asked of groups may be another, else the limit."""
    sections = (section for group in groups for section in [*group.sections, *group.parts.others])
    return min(_event(section, until, end) for section in sections)


def first_taken_change(groups: Iterable[GroupSections], until: int) -> int:
    """The first later instant of the last second at which a first option may be another, or take something else."""
    sections = [section for group in groups for section in [*group.sections, *group.parts.others]]
    return min(_first_change(section.context, until, list(_of_default(section))) for section in sections)


def _event(section: Section, until: int, end: int) -> int:
    """The first later instant of the order at which a section may be another; the limits are of its last second."""
    request, first = section.context.request, section.first
    lag = request.basket.placed_at - instant(request.model.placed_at)
    at = _first_change(section.context, until, [_of_rows(section), *_of_splits(section)]) - lag
    if first is not None:
        watches = [_of_choices(first.section), *_of_splits(first.section)]
        at = min(at, _first_change(first.section.context, end, watches))
    return at


class Watch(NamedTuple):
    """What is watched of each (task, site) for some lines, and of how many nominated days or slots."""

    part: Part
    watched: np.ndarray
    slots: int


def _first_change(context: AnswerContext, limit: int, watches: list[Watch]) -> int:
    """The first instant before `limit` at which what is watched, or an exchange rate, may change; else `limit`."""
    rates = context.request.money.next_change()
    limit = limit if rates is None else min(limit, instant(datetime.combine(rates, time.min, UTC)))
    limit = limit if context.offers is None else min(limit, context.offers.next_supply_change())
    for watch in watches:
        limit = first_change(watch, context.bound.taken, limit)
    return limit


def first_change(watch: Watch, taken: Taken, limit: int) -> int:
    """The first instant before `limit` at which what is watched may change; else `limit`."""
    request, plan, stock = watch.part
    size = _FIRST_ROWS
    while True:
        before, after = np.empty((2, size, col.COUNT), np.int64)
        found = next_change(
            request.reached.tables, taken, request.basket, stock, plan.targets, plan.tables,
            watch.watched, watch.slots, _by_load(request), limit, before, after,
        )  # fmt: skip
        if found != TOO_SHORT:
            return int(found)
        size *= 4


def _of_rows(section: Section) -> Watch:
    """What is watched for the rows of single sites that a section shows, and for its refusals.

    A later order of a candidate is promised at most later: inside one horizon, at the money of the same collections,
    no row becomes better, and none is added but by wishes that it was too early for. So the front, and what is chosen
    from it, stays the same until one of its own rows changes; of the rest it is enough to watch what the horizon or the
    wishes add, and money that depends on the date of a collection. A method that is refused has the reason of any of
    its candidates.
    """
    context, plan, tables = section.context, section.context.plan, section.context.plan.tables
    request = context.request
    slots = slots_in(View(section.view) if section.first is None else View.ALL, request)
    part = Part(request, plan, context.stock)
    if section.view == View.ALL or _by_load(request) or len(request.destinations) > 1:
        return Watch(part, np.full(tables.site_reason.shape, EVERYTHING, np.uint8), slots)
    by_way = np.array([method.choose_service for method in plan.methods], np.int64)
    every = enumerated(slots, request, plan, context.bound, context.stock)[0]
    front = select_rows(View.FRONT, every, (), plan, request, by_way)
    watched = _what_may_gain(request, plan)
    watched[~np.isin(tables.method_idx, section.rows[:, col.METHOD])] = EVERYTHING
    watched[front[:, col.TASK], front[:, col.SITE]] = EVERYTHING
    return Watch(part, watched, slots)


def _what_may_gain(request: CompiledRequest, plan: Plan) -> np.ndarray:
    """What is watched of candidates that a later order may do better with: the horizon, the wishes, and dated money."""
    watched = np.full(plan.tables.site_reason.shape, CHOICES if starts_late(request) else GAINS, np.uint8)
    watched[np.diff(plan.tables.dated_ptr) > 0] = EVERYTHING
    return watched


def _of_default(section: Section) -> Iterator[Watch]:
    """What is watched for the option that is shown first: its own shipments, and what may come before it.

    A row of the front may hide one that the policy puts first, as long as it is there; splits may change in any way.
    """
    context, row = section.context, section.default_row()
    request, plan, tables = context.request, context.plan, context.plan.tables
    watched, slots = _what_may_gain(request, plan), slots_in(View(section.view), request)
    if _by_load(request) or len(request.destinations) > 1:
        watched[:] = TAKES
    elif row is not None:
        front = section.selected(View.FRONT)
        alone = front[front[:, col.SPLIT] < 0]
        watched[alone[:, col.TASK], alone[:, col.SITE]] = EVERYTHING
        if row[col.SPLIT] < 0:
            watched[row[col.TASK], row[col.SITE]] = TAKES
    yield Watch(Part(request, plan, context.stock), watched, slots)
    yield from _of_splits(section)
    if context.offers is None or row is None or row[col.SPLIT] < 0:
        return
    for looked in context.offers.asked_parts:
        part = context.offers.part(looked.lines)
        tasks = np.where(tables.method_idx == row[col.METHOD], TAKES, NOTHING)
        yield Watch(part, watched_at(tasks, looked, part), slots_in(View.ALL, part.request))


def _of_choices(section: Section) -> Watch:
    """What is watched for what an order may choose, whatever window and price come with it."""
    context, plan = section.context, section.context.plan
    watched = np.full(plan.tables.site_reason.shape, CHOICES, np.uint8)
    return Watch(Part(context.request, plan, context.stock), watched, slots_in(View.ALL, context.request))


def _of_splits(section: Section) -> Iterator[Watch]:
    """What is watched for splits, and for why there is none: the parts of the basket that were asked for them.

    Where sites have not all lines between them, this is so whenever it is asked.
    """
    context, offers = section.context, section.context.offers
    if offers is None:
        return
    offered, methods = set(section.rows[:, col.METHOD].tolist()), range(len(context.plan.methods))
    refused = [number for number in methods if number not in offered]
    splitting = [number for number in methods if may_split(offers, number, context.network.settings)]
    has_each = offers.shipments.coverage.may_be_covered(1)  # a site that has each line, maybe not with the others
    for looked in offers.asked_parts if splitting or has_each else ():
        part = offers.part(looked.lines)
        splits, refuses = (np.isin(part.plan.tables.method_idx, numbers) for numbers in (splitting, refused))
        tasks = np.where(splits, np.where(refuses, DAYS, EVERYTHING), NOTHING)
        if has_each and looked.lines & (looked.lines - 1) == 0:
            tasks[refuses & ~splits] = CHOICES
        yield Watch(part, watched_at(tasks, looked, part), slots_in(View.ALL, part.request))


def watched_at(tasks: np.ndarray, looked: Looked, part: Part) -> np.ndarray:
    """What is watched of tasks (N,) at the sites at which a part was asked: (N, S)."""
    watched = np.full((len(tasks), len(part.stock.reason)), NOTHING, np.uint8)
    watched[:, slice(None) if looked.sites is None else looked.sites] = tasks[:, None]
    return watched


def _by_load(request: CompiledRequest) -> bool:
    """Whether the policy looks at the load of preparation slots."""
    return request.policy is not None and "load" in request.policy.criteria


def _rates_change(request: CompiledRequest, network: CompiledNetwork, at: int) -> int | None:
    """The first instant after another at which an exchange rate into the answer's currency changes."""
    model = network.model
    own, currency = model.settings.currency, request.money.currency
    change = Money(model.exchange_rates, own, currency, moment(at).date()).next_change()
    return None if change is None else instant(datetime.combine(change, time.min, UTC))


def _zones(request: CompiledRequest, plan: Plan, network: CompiledNetwork) -> set[str]:
    """Time zones of the destinations."""
    places = network.tables.places.zone_idx[plan.chosen_places].tolist()
    return {part.time_zone or "UTC" for part in request.destinations} | {network.time_zones[zone] for zone in places}
