"""The remedies of a refusal: the method asked again with one change, until the smallest of each kind is known.

Nothing is concluded that was not asked: every remedy was answered with an option, and one smaller was refused.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from promise_engine._compile.distance import metres_between
from promise_engine._compile.listing import Listing
from promise_engine._compile.request import of_needs
from promise_engine._compile.stock import rebound
from promise_engine.changes import ask_throughout, last_second
from promise_engine.errors import Reason, RequestError, Stage
from promise_engine.inputs.added_stock import AddedUnits, with_more
from promise_engine.models.network import NetworkDocument
from promise_engine.models.policy import MOST_SHIPMENTS
from promise_engine.models.request import Destination
from promise_engine.option_builder import OptionBuilder
from promise_engine.parts import site_stock
from promise_engine.questions import Question, Questions
from promise_engine.remedies import MoreDays, MoreShipments, MoreUnits, OrderBefore, OtherPlace, WithoutSku
from promise_engine.units import instant, quantity_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from promise_engine._compile.stock import BoundStock
    from promise_engine.context import AnswerContext
    from promise_engine.options import Refusal
    from promise_engine.orders import Order
    from promise_engine.remedies import Remedy

MOST_PAIRS = 24  # (site, SKU) that are asked for more units
MOST_STEPS = 2**20  # of a SKU that are asked for
MOST_SKUS = 24  # that are left out
MOST_DAYS = 14  # by which a nominated day moves
MOST_HORIZON_DAYS = 7  # by which a horizon grows: half of what tables cover after it, whatever dates are compiled
LONGEST_HORIZON = 250
MOST_PLACES = 10

_OF_TIME = {
    *(Reason.CAPACITY_PLAN_ENDS, Reason.WORK_OVER_SLOT, Reason.COLLECTION_FULL, Reason.WAITING_FORBIDDEN),
    *(Reason.SLOT_FULL, Reason.PLACE_FULL, Reason.BEYOND_HORIZON, Reason.OUTSIDE_WISHES, Reason.TOO_MANY_SHIPMENTS),
}
"""Reasons that an earlier order, a later wish or a longer horizon may remove."""

WHATEVER_THE_BASKET = {
    *(Reason.METHOD_NOT_SHOWN, Reason.SITE_NOT_SHOWN, Reason.NO_COLLECTION),
    *(reason for reason in Reason if reason.stage is Stage.PLACE),
}
"""Reasons that no line has to do with."""


class RemedyFinder:
    """Finds the remedies of one answer's refusals."""

    def __init__(
        self, questions: Questions, context: AnswerContext, reasons: np.ndarray, order: Order | None = None
    ) -> None:
        self._questions, self._context, self._reasons = questions, context, reasons
        self._order = order  # of which the lines are a group

    def find(self, refusal: Refusal) -> tuple[Remedy, ...]:
        """The remedies of a refusal, at most one of each kind (of `more_days` one of each limit)."""
        if refusal.reason is Reason.METHOD_NOT_SHOWN:
            return ()
        again = _Again(self._questions, self._context, self._reasons, refusal, self._order)
        kinds: list[Iterator[Remedy]] = [
            *(again.order_before(), again.more_units(), again.without_sku()),
            *(again.more_shipments(), again.more_days(), again.other_place()),
        ]
        return tuple(remedy for kind in kinds for remedy in kind)


def _least(fails: int, serves: int, does_serve: Callable[[int], bool]) -> int:
    """The least number that serves, by halving between one that fails and one that serves."""
    while serves - fails > 1:
        middle = (fails + serves) // 2
        if does_serve(middle):
            serves = middle
        else:
            fails = middle
    return serves


def _different(reasons: np.ndarray) -> set[Reason]:
    """The reasons of candidates that do not serve."""
    return set(map(Reason, np.unique(reasons[reasons > 0]).tolist()))


class _Again:
    """One refused method, asked again."""

    def __init__(
        self,
        questions: Questions,
        context: AnswerContext,
        reasons: np.ndarray,
        refusal: Refusal,
        order: Order | None,
    ) -> None:
        self._questions, self._context, self._refusal, self._order = questions, context, refusal, order
        self._network, self._request, self._plan = context.compiled, context.request, context.plan
        self._number = next(i for i, method in enumerate(self._plan.methods) if method.id == refusal.method)
        self._method = self._plan.methods[self._number]
        self._tasks = np.flatnonzero(self._plan.tables.method_idx == self._number)
        self._reasons = reasons[self._tasks]
        self._met = {refusal.reason, *_different(self._reasons)}
        wishes = self._request.model.wishes.model_copy(update={"methods": (refusal.method,)})
        self._model = self._request.model.model_copy(update={"wishes": wishes})

    @cached_property
    def _may_lack_time(self) -> bool:
        """Whether a candidate got as far as a step of time, with all lines, one, or a step of one that may be split."""
        met, offers = set(self._met), self._context.offers
        if offers is not None:
            parts = (part for line in range(offers.shipments.line_count) for part in offers.parts_alone(line))
            met.update(*(_different(offers.reasons(part)[self._tasks]) for part in parts))
        return not met.isdisjoint(_OF_TIME)

    @cached_property
    def _planned(self) -> Question:
        """The method asked again without a change."""
        return self._questions.ask(self._model, self._context.bound)

    def _serves(self, questions: Questions | None = None, bound: BoundStock | None = None, **changed: Any) -> bool:
        """Whether the method has an option when it is asked again with one change, of a group with all of the order."""
        group, model = self._context.group, self._model.model_copy(update=changed)
        try:
            if self._order is not None and group is not None:
                return self._order.changed(group, questions, bound, changed).serves(group, self._method.id)
            same = questions is None and not changed  # but for the stock
            questions, bound = questions or self._questions, bound or self._context.bound
            if last_second(model) > instant(model.placed_at):
                return len(ask_throughout(questions, model, bound).rows) > 0
            question = questions.ask(model, bound, self._planned if same else None)
        except RequestError:  # an earlier date may lack an exchange rate: then the whole request is refused
            return False
        if len(question.rows):
            return True
        offers = question.offers
        return offers is not None and any(questions.front(offers, choice).found for choice in questions.choices(offers))

    # Order before.

    def order_before(self) -> Iterator[OrderBefore]:
        """The instant of the order's own date, at the destination, from which on there is no option."""
        if not self._may_lack_time or not len(self._tasks):
            return
        placed_at = instant(self._model.placed_at)
        zone = OptionBuilder(self._context).zone_of_target(0)
        placed_on = datetime.fromtimestamp(placed_at, UTC).astimezone(zone).date()
        valid_from = datetime.combine(self._network.model.valid_from, time.min, UTC)
        most = placed_at - max(instant(datetime.combine(placed_on, time.min, zone)), instant(valid_from))

        def serves(seconds_earlier: int) -> bool:
            return self._serves(placed_at=datetime.fromtimestamp(placed_at - seconds_earlier, UTC))

        if most > 0 and serves(most):
            at = placed_at - _least(0, most, serves) + 1
            yield OrderBefore(datetime.fromtimestamp(at, UTC).astimezone(zone))

    # More units.

    def more_units(self) -> Iterator[MoreUnits]:
        """The least quantity that is missing at one site of one SKU; of equals the first site by rank, then id."""
        best = None
        for site, need in self._hopeful(self._short()[:MOST_PAIRS]):
            step = int(self._request.demand.step[need])
            below = MOST_STEPS if best is None else (best.quantity - 1) // step
            found = self._steps(site, need, below)
            if found:
                best = self._units(site, need, found)
        if best is not None:
            yield MoreUnits(best.site, best.sku, quantity_of(best.quantity))

    def _hopeful(self, pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """The pairs but those that do not serve even with others: halved until it is known of each.

        More stock promises earlier at most, which only wishes that begin late, or name a day, refuse; but groups before
        may then take something else.
        """
        wishes = self._model.wishes
        begins_late = wishes.not_before is not None or wishes.nominated_day is not None
        if len(pairs) < 2 or begins_late or self._order is not None:
            yield from pairs
        elif self._serves_with([self._units(*pair, MOST_STEPS) for pair in pairs]):
            middle = len(pairs) // 2
            yield from self._hopeful(pairs[:middle])
            yield from self._hopeful(pairs[middle:])

    def _steps(self, site: int, need: int, most: int) -> int:
        """The least number of steps of a SKU that are missing at a site; 0 when even the most are too few."""

        def serves(steps: int) -> bool:
            return self._serves_with([self._units(site, need, steps)])

        of_group = self._order is not None  # where more may take an option away
        if most < 1 or not serves(MOST_STEPS if of_group else most):
            return 0
        fails, tried = 0, 1
        while tried < most and not serves(tried):
            fails, tried = tried, 2 * tried
        tried = min(tried, most)
        return 0 if of_group and not serves(tried) else _least(fails, tried, serves)

    def _units(self, site: int, need: int, steps: int) -> AddedUnits:
        step = int(self._request.demand.step[need])
        return AddedUnits(self._network.sites[site].id, self._request.needs[need].sku, steps * step)

    def _serves_with(self, added: list[AddedUnits]) -> bool:
        """Whether more on hand gives an option."""
        if self._order is None:
            bound, skus = self._context.bound, {need.sku for need in self._request.needs}
        else:
            bound, skus = self._order.asking.bound, self._order.skus
        return self._serves(bound=rebound(self._network, bound, with_more(bound.columns, skus, added)))

    def _short(self) -> list[tuple[int, int]]:
        """Sites and needs that are stopped at stock: first where the fewest SKUs are short, by rank of the site."""
        request, network = self._request, self._network
        if not len(self._tasks):
            return []
        short = []
        for need in request.needs:
            alone = site_stock(
                network.tables, self._context.bound.tables, of_needs(request, [need], {}), len(network.sites)
            )
            short.append(self._stopped_at_stock(need.sku) & (alone.reason != 0))
        count, ranks = np.sum(short, axis=0), self._plan.tables.site_rank[self._tasks].min(axis=0)
        sites, needs = np.nonzero(np.array(short).T)
        pairs = zip(sites.tolist(), needs.tolist(), strict=True)
        return sorted(pairs, key=lambda pair: (int(count[pair[0]]), int(ranks[pair[0]]), *pair))

    def _stopped_at_stock(self, sku: str) -> np.ndarray:
        """The sites that stock stops: where lines may be split of one with the SKU, or, if several have it, of all."""
        offers = self._context.offers
        met = []
        if offers is not None:
            lines = [i for i, skus in enumerate(offers.shipments.skus) if sku in skus]
            met = [offers.reasons(1 << line)[self._tasks] for line in lines]
        reasons = np.array(met if len(met) == 1 else [*met, self._reasons])
        stopped: np.ndarray = (reasons // 100 == Stage.STOCK).any(axis=(0, 1))
        return stopped

    # Without a SKU.

    def without_sku(self) -> Iterator[WithoutSku]:
        """The SKU of the fewest units that may be left out, alone; of equals the first."""
        refusal, units = self._refusal, Counter[str]()
        for line in self._request.lines:
            units[line.sku] += line.units
        if len(units) < 2 or self._met <= WHATEVER_THE_BASKET:
            return
        skus = sorted(units, key=lambda sku: (units[sku], sku))[:MOST_SKUS]
        if refusal.sku is not None and refusal.reason.stage <= Stage.VISIBILITY:
            skus = [refusal.sku]  # no other can help
        for sku in skus:
            if self._serves(lines=tuple(line for line in self._model.lines if line.sku != sku)):
                yield WithoutSku(sku)
                return

    # More shipments.

    def more_shipments(self) -> Iterator[MoreShipments]:
        """How many shipments more than the method allows deliver the basket."""
        offers, allowed = self._context.offers, self._method.max_shipments
        if offers is None or not any(choice[0] == self._number for choice in offers.choices()):
            return
        useful = sum(self._request.steps) if self._method.split_units else len(self._request.lines)
        for most in range(allowed + 1, min(MOST_SHIPMENTS, useful) + 1):
            wider = self._method.model_copy(update={"max_shipments": most})
            methods = tuple(wider if one.id == wider.id else one for one in self._network.model.methods)
            if self._serves(self._configured(methods=methods)):
                yield MoreShipments(most - allowed)
                return

    def _configured(self, **changed: Any) -> Questions:
        """The same tables, with other settings or methods: valid ones, so that nothing is checked again."""
        network = replace(self._network, model=NetworkDocument.model_copy(self._network.model, update=changed))
        return Questions(network, self._questions.items, self._questions.rules, self._questions.elsewhere)

    # More days.

    def more_days(self) -> Iterator[MoreDays]:
        """How many days later the wish would have to be, or how many the horizon longer."""
        if not self._may_lack_time:
            return
        horizon, wishes = self._network.model.settings.horizon_days, self._model.wishes
        if wishes.nominated_day is not None:
            later = next(filter(self._serves_nominated, range(1, MOST_DAYS + 1)), None)
            yield from [] if later is None else [MoreDays(later, "nominated_day")]
        past = self._model.placed_at + timedelta(days=horizon + 2)  # the horizon ends before it, whatever the clock
        if wishes.not_after is not None and wishes.not_after < past:
            yield from self._days_more("not_after", horizon, self._serves_until)
        most = min(MOST_HORIZON_DAYS, LONGEST_HORIZON - horizon)
        yield from self._days_more("horizon_days", most, self._serves_within)

    def _days_more(
        self, of: Literal["not_after", "horizon_days"], most: int, serves: Callable[[int], bool]
    ) -> Iterator[MoreDays]:
        """The fewest days that serve; of a group tried one by one, because more days may take an option away."""
        if self._order is not None:
            count = next(filter(serves, range(1, most + 1)), 0)
        else:
            count = _least(0, most, serves) if most > 0 and serves(most) else 0
        if count:
            yield MoreDays(count, of)

    def _serves_nominated(self, days_later: int) -> bool:
        day = self._model.wishes.nominated_day
        return day is not None and self._serves_wish(nominated_day=day + timedelta(days=days_later))

    def _serves_until(self, days_later: int) -> bool:
        end = self._model.wishes.not_after
        return end is not None and self._serves_wish(not_after=end + timedelta(days=days_later))

    def _serves_wish(self, **changed: date | datetime) -> bool:
        return self._serves(wishes=self._model.wishes.model_copy(update=changed))

    def _serves_within(self, more_days: int) -> bool:
        """Whether a longer horizon gives an option; what is compiled reaches far enough for it."""
        settings = self._network.model.settings
        longer = settings.model_copy(update={"horizon_days": settings.horizon_days + more_days})
        return self._serves(self._configured(settings=longer))

    # Another place.

    def other_place(self) -> Iterator[OtherPlace]:
        """The nearest place of the method that was not tried."""
        if self._method.kind == "home" or self._request.refused or self._request.kept is not None:
            return
        network = self._network
        here = self._here()
        tried = set(self._plan.targets.place_idx[self._plan.tables.target_idx[self._tasks]].tolist())
        others = [p for p in Listing(network, self._request).served_places(self._method) if p not in tried]
        metres = metres_between(network.place_coordinates[others], here).tolist()
        known = sorted((far, place) for far, place in zip(metres, others, strict=True) if far >= 0)
        for far, place in known[:MOST_PLACES]:
            name = network.place_ids[place]
            if self._serves(destination=Destination(place=name)):
                yield OtherPlace(name, far)
                return

    def _here(self) -> np.ndarray:
        """Where the shopper is, else where the place asked for is."""
        if self._request.point is None and self._request.place is not None:
            found: np.ndarray = self._network.place_coordinates[self._network.place_index[self._request.place]]
            return found
        return np.array(self._request.point or (np.nan, np.nan), np.float64)
