"""A request asked: compiled, with the rows of every candidate and the splits of every choice."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._compile.request import compile_request
from promise_engine._compile.tasks import Planner
from promise_engine._kernels._tables import replaced
from promise_engine.offers import Offers
from promise_engine.parts import Part, asked_alone, site_stock
from promise_engine.shipments import Shipments
from promise_engine.sourcing import choices_to_split, split_front
from promise_engine.units import NEVER, instant
from promise_engine.views import View, enumerated, last_slots, over_whole_area, slots_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promise_engine._arrays import SiteStock
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.stock_rules import StockRules, SupplyRules
    from promise_engine._compile.tasks import Plan
    from promise_engine.models.catalogue import Item
    from promise_engine.models.request import PromiseRequest
    from promise_engine.parts import Choice
    from promise_engine.sourcing import Front
    from promise_engine.views import Split


class Question(NamedTuple):
    """A compiled request with the rows of its candidates, for an order placed at `request.basket.placed_at`."""

    model: PromiseRequest
    request: CompiledRequest
    planner: Planner
    plan: Plan
    bound: BoundStock
    stock: SiteStock
    rows: np.ndarray  # of single sites
    reasons: np.ndarray
    first_promised: np.ndarray
    by_way: np.ndarray
    offers: Offers | None  # what splits are made of; none where there are no splits

    @property
    def placed_at(self) -> int:
        """When the order is placed."""
        return self.request.basket.placed_at

    @property
    def next_rate(self) -> int | None:
        """When an exchange rate into the answer's currency changes next."""
        change = self.request.money.next_change()
        return None if change is None else instant(datetime.combine(change, time.min, UTC))


class Whole(NamedTuple):
    """A question with the splits of all its choices."""

    question: Question
    rows: np.ndarray  # of single sites, then of splits
    splits: list[Split]
    fronts: dict[Choice, Front]

    @property
    def bounded(self) -> bool:
        """Whether a bound cut something of the splits."""
        return any(front.bounded for front in self.fronts.values())


class Questions:
    """Asks requests of a compiled network."""

    def __init__(
        self,
        network: CompiledNetwork,
        items: Mapping[str, Item] | None,
        rules: tuple[StockRules, SupplyRules],
        elsewhere: Mapping[str, int] | None = None,
    ) -> None:
        self.network, self.items, self.rules = network, items, rules
        self.elsewhere = elsewhere or {}  # what other choices of the order ask for, by SKU

    def beside(self, elsewhere: Mapping[str, int]) -> Questions:
        """The same for one choice of an order, whose other choices ask for so much."""
        return Questions(self.network, self.items, self.rules, elsewhere)

    def ask(self, model: PromiseRequest, bound: BoundStock, planned: Question | None = None) -> Question:
        """Compile a request and enumerate its rows.

        `planned` is a question that differs in stock or instant only, at the same exchange rates: its plan serves.
        """
        request = compile_request(model, self.network, self.items, self.rules, bound, self.elsewhere)
        planner = Planner(self.network, request) if planned is None else planned.planner
        plan = planner.plan() if planned is None else planned.plan
        stock = site_stock(self.network.tables, bound.tables, request, len(self.network.sites))
        rows, reasons, first_promised = enumerated(slots_in(View(model.view), request), request, plan, bound, stock)
        parts = len(request.destinations)
        if parts > 1:
            rows, reasons = over_whole_area(rows, reasons, plan, parts)
        by_way = np.array([method.choose_service for method in plan.methods], np.int64)
        offers = None
        several = len(request.lines) > 1 or (
            request.steps[0] > 1 and any(method.split_units for method in plan.methods)
        )
        if several and not (request.refused or request.kept):
            part = Part(request, plan, stock)
            shipments, whole = Shipments(self.network, part, planner, bound, by_way), None
            if shipments.sources.count > 1:  # no single site serves in one shipment
                rows, first_promised = rows[:0], np.full_like(first_promised, NEVER)
            elif parts == 1 and not (rows[:, col.NOMINATED] > 0).any():  # of what is nominated views tell fewer
                whole = asked_alone(part, rows, by_way, None, reasons)
            until = last_slots(View(model.view), rows, request)
            offers = Offers(shipments, request.basket.placed_at, nominated_until=until, whole=whole)
        return Question(model, request, planner, plan, bound, stock, rows, reasons, first_promised, by_way, offers)

    def whole(self, model: PromiseRequest, bound: BoundStock, planned: Question | None = None) -> Whole:
        """A request with every row of its candidates and splits."""
        question = self.ask(model, bound, planned)
        fronts = self.fronts(question)
        found = [split for front in fronts.values() for split in front.found]
        rows = np.concatenate([question.rows, *(row[None, :] for row, _ in found)])
        rows[len(question.rows) :, col.SPLIT] = np.arange(len(found))
        return Whole(question, rows, [split for _, split in found], fronts)

    def ask_later(self, question: Question, at: int) -> Question:
        """The same request for an order placed later, every row of it."""
        model = question.model.model_copy(update={"placed_at": datetime.fromtimestamp(at, UTC), "view": "all"})
        return self.ask(model, question.bound)

    def later(self, question: Question, at: int) -> Question:
        """The same request for an order placed later, at the same exchange rates, without the rows of single sites."""
        request = question.request._replace(basket=replaced(question.request.basket, placed_at=at))
        model = question.model.model_copy(update={"placed_at": datetime.fromtimestamp(at, UTC)})
        offers = question.offers and Offers(question.offers.shipments, at)
        return question._replace(model=model, request=request, rows=question.rows[:0], offers=offers)

    def fronts(self, question: Question) -> dict[Choice, Front]:
        """The splits of every choice."""
        offers = question.offers
        if offers is None:
            return {}
        return {choice: self.front(offers, choice) for choice in self.choices(offers)}

    def choices(self, offers: Offers) -> list[Choice]:
        """The choices that may have splits."""
        return choices_to_split(offers, self.network.model.settings)

    def front(self, offers: Offers, choice: Choice) -> Front:
        """The splits of a choice."""
        return split_front(offers, choice, self.network.model.settings)
