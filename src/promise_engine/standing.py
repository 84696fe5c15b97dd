"""Until when each option stands: the same window and price, from any plan."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._kernels.changes import EVERYTHING, NOTHING
from promise_engine._kernels.one_window import has_one_window
from promise_engine._kernels.order_by import fill_order_by, stretch_end
from promise_engine.changes import Watch, first_change, starts_late, watched_at
from promise_engine.lasting import Lasting, kept_until, lasting, lasting_beside, may_last
from promise_engine.offers import Offers, Scope
from promise_engine.sourcing import by_tariff, may_split
from promise_engine.split_limits import limits_of
from promise_engine.units import NEVER
from promise_engine.views import choice_keys, offer_key, same_offers

if TYPE_CHECKING:
    from promise_engine.parts import Choice, Looked
    from promise_engine.questions import Question, Questions
    from promise_engine.shipments import Shipments
    from promise_engine.sourcing import Front
    from promise_engine.split_option import Found
    from promise_engine.split_search import Search


class Stretch(NamedTuple):
    """A time in which nothing changes of what was asked of a part."""

    start: int
    end: int
    is_change: bool  # whether something changes at its end


class Standing:
    """Finds `order_by` of the rows of one question."""

    def __init__(self, questions: Questions, question: Question, fronts: dict[Choice, Front]) -> None:
        self._questions, self._question = questions, question
        self._asked = {question.placed_at: question}
        self._whole_areas: dict[int, Question] = {}
        self._offers: dict[tuple[int, Scope], Offers] = {}
        self._lasts: dict[tuple[int, ...], Lasting] = {}
        self._unmoved: dict[tuple[int, Scope | None, int, int], int] = {}
        self._stretches: dict[tuple[Shipments, Scope | None, int, Looked], Stretch] = {}
        self._fronts = {(question.placed_at, choice): front for choice, front in fronts.items()}
        self._searches: dict[tuple[int, Choice], Search | None] = {}
        self._splits: dict[tuple[int, Choice], list[tuple[tuple[int, ...], Found]]] = {}

    def fill_order_by(self, rows: np.ndarray) -> None:
        """Write `order_by` of each row."""
        parts = len(self._question.request.destinations)
        in_area = (rows[:, col.TARGET] < parts) & (parts > 1)
        for position in np.flatnonzero(in_area).tolist():
            rows[position, col.ORDER_BY] = self._area_until(rows[position])
        positions = np.flatnonzero(~in_area)
        ends = self._alone_until(self._question, rows[positions])
        for position, end in zip(positions.tolist(), ends.tolist(), strict=True):
            rows[position, col.ORDER_BY] = self._until(rows[position], end)

    def _until(self, row: np.ndarray, end: int) -> int:
        """Hop from plan to plan; `end` is how long single sites give the row at first. Where none does, splits may."""
        question = self._question
        last = self._last_split(row, end) if end > question.placed_at else None
        if last is not None and max(end, last) <= (question.next_rate or NEVER):
            return max(end, last)
        while True:
            at, rate = question.placed_at, question.next_rate
            if end == at and question.offers is not None:
                end, is_last = self._split_until(question, question.offers, row)
                if is_last and (rate is None or end <= rate):
                    return end
            end = end if rate is None else min(end, rate)
            if end == at or (question.offers is None and end != rate):
                return end
            if end not in self._asked:
                ask = self._questions.ask_later if end == rate else self._questions.later
                self._asked[end] = ask(question, end)
            question = self._asked[end]
            end = int(self._alone_until(question, row[None, :])[0])

    def _last_split(self, row: np.ndarray, end: int) -> int | None:
        """The end of the last split that gives what single sites do until an end; None where only a search tells."""
        question, offers = self._question, self._question.offers
        if offers is None:
            return None
        shipments, settings = offers.shipments, self._questions.network.model.settings
        method = int(row[col.METHOD])
        if not may_split(offers, method, settings):
            return question.placed_at
        (choice,) = map(tuple, choice_keys(row[None, :], question.plan.targets.place_idx, question.by_way).tolist())
        front, alone = self._fronts.get((question.placed_at, choice)), question.rows
        earlier = [found for found in (front.found if front else ()) if found.row[col.PROMISED] < row[col.PROMISED]]
        if any(self._depends(offers, choice, int(one[col.DAY])) for one in [row, *(found.row for found in earlier)]):
            return None
        most = limits_of(shipments.plan.methods[method], shipments.request, settings.split_candidates).shipments
        if (alone[alone[:, col.METHOD] == method, col.PROMISED] < row[col.PROMISED]).any():
            if may_last(offers, method, int(row[col.PROMISED]) - 1, most, end):
                return None
            earlier = []
        last_of = partial(self._last_of, offers, front.search if front else None)
        until = lasting_beside(offers, row, end, earlier, most, last_of)
        return until.until if until.is_last else None

    def _last_of(self, offers: Offers, search: Search | None, row: np.ndarray, most: int, begin: int) -> Lasting:
        """Until when splits of so many shipments at most give a row, as far as that is after `begin`, found once."""
        key = offers.placed_at, int(row[col.METHOD]), int(row[col.PROMISED]), most, begin
        if key not in self._lasts:
            useful = offers.shipments.useful if search is None else search.useful(search.day_of(row), most)
            self._lasts[key] = lasting(offers, row, most, useful, begin)
        return self._lasts[key]

    def _alone_until(self, question: Question, rows: np.ndarray) -> np.ndarray:
        """Until when single sites give rows, exchange rates aside; the order's own instant when none does."""
        rows = np.ascontiguousarray(rows)
        fill_order_by(
            question.request.reached.tables, question.bound.taken, question.request.basket, question.stock,
            question.plan.targets, question.plan.tables, question.by_way, question.first_promised, rows,
        )  # fmt: skip
        return rows[:, col.ORDER_BY]

    def _split_until(self, question: Question, whole: Offers, row: np.ndarray) -> Lasting:
        """Until when splits give a row, as far as the instant of a question tells."""
        is_last = False
        end, place = question.placed_at, question.plan.targets.place_idx[row[col.TARGET]]
        wanted = offer_key(row, question.by_way)
        for offers in [whole] if question is self._question else self._scoped(question, whole.shipments, row):
            for choice in self._choices(offers) if offers.may_promise_by(row[col.PROMISED]) else ():
                method, at_place, day, _, way = choice
                if (method, at_place) != (row[col.METHOD], place) or way not in {-1, row[col.WAY]}:
                    continue
                days = {-1, row[col.DAY]} if offers.scope is None else {offers.scope.day}
                if at_place < 0 and day not in days:
                    continue
                if offers.earliest(choice) > row[col.PROMISED]:
                    continue
                for offer, found in self._found(offers, choice):
                    if offer == wanted:
                        until = self._kept_until(question, offers, choice, found)
                        end, is_last = max(end, until.until), is_last or until.is_last
        return Lasting(end, is_last)

    def _choices(self, offers: Offers) -> list[Choice]:
        """The choices that may have splits."""
        if offers is not self._question.offers:
            return self._questions.choices(offers)
        return [choice for at, choice in self._fronts if at == offers.placed_at]

    def _kept_until(self, question: Question, offers: Offers, choice: Choice, found: Found) -> Lasting:
        """Until when a split, or one that gives the same, is shown, as far as the instant of a question tells."""
        search, others = self._searches[offers.placed_at, choice], [other for _, other in self._found(offers, choice)]
        earlier = [other for other in others if other.row[col.PROMISED] < found.row[col.PROMISED]]
        days = {int(one.row[col.DAY]) for one in [found, *earlier]}
        if search is None or search.bounded or any(self._depends(offers, choice, day) for day in days):
            return Lasting(self._unmoved_until(question, offers, found), is_last=False)
        most = search.limits.shipments
        method, latest = int(found.row[col.METHOD]), int(found.row[col.PROMISED])
        last_of = partial(self._last_of, offers, search)
        until, is_last = lasting_beside(offers, found.row, offers.placed_at, earlier, most, last_of)
        if not is_last:
            sent = zip(found.split.rows[:, col.SITE].tolist(), found.split.parts, strict=True)
            until = max(until, kept_until(offers, dict(sent), method, latest))
        return Lasting(until, is_last)

    def _unmoved_until(self, question: Question, offers: Offers, found: Found) -> int:
        """Until when neither the shipments of a split change, nor anything for which the search found it."""
        limit, method = offers.unchanged_until(found.split), int(found.row[col.METHOD])
        key = offers.placed_at, offers.scope, method, offers.asks
        if key not in self._unmoved:
            self._unmoved[key] = min(limit, offers.next_supply_change())
            for looked in offers.asked_parts:
                self._unmoved[key] = self._part_until(question, offers, looked, method, self._unmoved[key])
        return min(limit, self._unmoved[key])

    def _depends(self, offers: Offers, choice: Choice, day: int) -> bool:
        """Whether a later order may be shown another window or price for a day while a split can still be had.

        Where every plan for the day has the same, it is shown as long as one of so many shipments is left: a later
        order is promised no part earlier, so that none takes its place.
        """
        shipments, (number, place, nominated, _, way) = offers.shipments, choice
        method, tables = shipments.plan.methods[number], shipments.plan.tables
        limited = method.shipping != "together" or method.split_units or method.max_parcels is not None
        if limited or max(place, nominated, way) >= 0 or shipments.share_skus or shipments.sources.count > 1:
            return True
        if by_tariff(offers, choice) or starts_late(shipments.request):
            return True
        basket, wanted = shipments.request.basket, (tables.method_idx == number).astype(np.uint8)
        reached, targets = shipments.request.reached.tables, shipments.plan.targets
        return not has_one_window(reached, basket, targets, tables, wanted, day)

    def _part_until(self, question: Question, offers: Offers, looked: Looked, method: int, limit: int) -> int:
        """Until when nothing changes of what was asked of a part; `limit` when it does not before."""
        key, at = (offers.shipments, offers.scope, method, looked), offers.placed_at
        known = self._stretches.get(key)
        if known is None or not known.start <= at < known.end or not (known.is_change or known.end >= limit):
            part = offers.part(looked.lines)
            tasks = np.where(offers.wanted & (question.plan.tables.method_idx == method), EVERYTHING, NOTHING)
            watch = Watch(part, watched_at(tasks, looked, part), offers.slots(part.request))
            end = first_change(watch, question.bound.taken, limit)
            known = self._stretches[key] = Stretch(at, end, end < limit)
        return min(known.end, limit)

    def _scoped(self, question: Question, shipments: Shipments, row: np.ndarray) -> list[Offers]:
        """What may give a row: to an address without nominating, or nominating its day; at all places any day."""
        method, target, on = row[[col.METHOD, col.TARGET, col.DAY]].tolist()
        at_place = question.plan.targets.place_idx[target] >= 0
        days = (-1, on) if self._nominates(method) else (-1,)
        scopes = [Scope(method)] if at_place else [Scope(method, target, day) for day in days]
        for scope in scopes:
            if (question.placed_at, scope) not in self._offers:
                self._offers[question.placed_at, scope] = Offers(shipments, question.placed_at, scope)
        return [self._offers[question.placed_at, scope] for scope in scopes]

    def _nominates(self, method: int) -> bool:
        """Whether some service that delivers for a method lets the shopper nominate."""
        tasks, net = self._question.plan.tables, self._question.request.reached.tables
        last_legs = net.ways.leg_ptr[np.unique(tasks.way_idx[tasks.method_idx == method]) + 1] - 1
        for service in np.unique(net.ways.leg_service[last_legs[last_legs >= 0]]).tolist():
            lanes = net.services.lane_of_pair[slice(*net.services.lane_ptr[service : service + 2].tolist())]
            if net.deliveries.choice[net.services.lane_delivery_idx[lanes[lanes >= 0]]].any():
                return True
        return False

    def _found(self, offers: Offers, choice: Choice) -> list[tuple[tuple[int, ...], Found]]:
        """The splits of a choice, each with what it offers."""
        key, by_way = (offers.placed_at, choice), self._question.by_way
        if key not in self._splits:
            front = self._fronts.get(key) or self._questions.front(offers, choice)
            self._searches[key] = front.search
            self._splits[key] = [(offer_key(found.row, by_way), found) for found in front.found]
        return self._splits[key]

    def _area_until(self, row: np.ndarray) -> int:
        """For all parts of an area: hop from one stretch of unchanged offers to the next."""
        at, known = self._question.placed_at, self._whole_areas
        while True:
            if at not in known:
                known[at] = self._questions.ask_later(self._question, at)
            same = same_offers(known[at].rows, row, known[at].by_way)
            if not len(same):
                return at
            at = max(_area_end(known[at], offer) for offer in same)


def _area_end(question: Question, row: np.ndarray) -> int:
    """Until when no part of the area changes what it is offered by a row's candidate."""
    request, plan = question.request, question.plan
    tasks = np.flatnonzero((plan.tables.method_idx == row[col.METHOD]) & (plan.tables.way_idx == row[col.WAY]))
    parts = [task for task in tasks.tolist() if plan.targets.place_idx[plan.tables.target_idx[task]] < 0]
    args = (request.reached.tables, question.bound.taken, request.basket, question.stock, plan.targets, plan.tables)
    ends = [stretch_end(*args, task, int(row[col.SITE])) for task in parts]
    return int(min(ends if question.next_rate is None else [*ends, question.next_rate]))
