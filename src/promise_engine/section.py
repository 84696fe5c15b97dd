"""What is asked together: a basket, or the part of it that some methods can serve, with its options and refusals."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine.asking_again import RemedyFinder
from promise_engine.changes import ask_throughout
from promise_engine.context import AnswerContext
from promise_engine.errors import Reason, Stage
from promise_engine.option_builder import OptionBuilder
from promise_engine.options import Refusal
from promise_engine.sourcing import why_not_split
from promise_engine.views import View, select_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promise_engine._compile.stock import BoundStock
    from promise_engine.context import WholeDigests
    from promise_engine.inputs.catalogue import Catalogue
    from promise_engine.inputs.network import Network
    from promise_engine.models.request import PromiseRequest
    from promise_engine.options import LeftOut, Option
    from promise_engine.orders import Order
    from promise_engine.questions import Question, Questions, Whole


class FirstSecond(NamedTuple):
    """What the first second of `valid_for` offers, where that may be less than what the last does."""

    section: Section  # with every option
    left_out: frozenset[int]  # methods of which the last second offers nothing that the first does


class Section:
    """The options and refusals of one basket, to one destination.

    Parameters
    ----------
    context
        What its options are built from.
    offered
        The rows of all options.
    whole
        Everything that was asked, in the last second that it is for.
    asking
        What it was asked of, and is asked of again for remedies.
    first
        What the first second offers, where that may be less.
    """

    def __init__(
        self,
        context: AnswerContext,
        offered: np.ndarray,
        whole: Whole,
        asking: Asking,
        first: FirstSecond | None = None,
    ) -> None:
        self.context, self.whole, self.questions, self.first = context, whole, asking.questions, first
        self.offered = offered
        self.rows = self.selected(View(self.view))  # those that are shown, in policy order
        self.reasons = whole.question.reasons
        self.left_out: Mapping[int, tuple[LeftOut, ...]] = {}  # by method, of a part of what was asked for
        self._builder = OptionBuilder(context)
        self._finder = RemedyFinder(asking.questions, context, self.reasons, asking.order)

    @property
    def view(self) -> str:
        """The view that was asked for."""
        return self.context.request.model.view

    def selected(self, view: View) -> np.ndarray:
        """The rows of a view, in policy order."""
        plan, request, by_way = self.context.plan, self.context.request, self.whole.question.by_way
        return select_rows(view, self.offered, self.context.splits, plan, request, by_way)

    def default_row(self) -> np.ndarray | None:
        """The row of the option that a checkout shows first, whatever the view; None without options."""
        rows = self.selected(View.SHOPPER)
        return rows[0] if len(rows) else None

    def of_part(self, left_out: Mapping[int, tuple[LeftOut, ...]]) -> Section:
        """The same as a part of what was asked for, with what each of its methods leaves out, by number."""
        part = copy(self)
        part.rows, part.left_out = self.rows.copy(), left_out
        return part

    def option(self, position: int) -> Option:
        """The option of a row."""
        row = self.rows[position].tolist()
        return self._builder.option(row, self.left_out.get(row[col.METHOD], ()))

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """One for each method without an option, by method id."""
        offered = set(self.rows[:, col.METHOD].tolist())
        wished = self.context.request.model.wishes.methods
        return tuple(
            replace(self._refusal(number), group=self.context.group, find=self._finder.find)
            for number, method in enumerate(self.context.plan.methods)
            if number not in offered and (wished is None or method.id in wished)
        )

    def reasons_met(self, number: int) -> set[Reason]:
        """Why candidates of a method cannot serve, each by itself."""
        plan = self.context.plan
        if number in plan.direct_reasons:
            return {plan.direct_reasons[number]}
        met = self.reasons[plan.tables.method_idx == number]
        return set(map(Reason, np.unique(met[met > 0]).tolist()))

    def _refusal(self, number: int) -> Refusal:
        """The candidate of a method that got furthest; ties by site rank, site, way, place."""
        plan, network = self.context.plan, self.context.compiled
        method = plan.methods[number].id
        if self.first is not None and number in self.first.left_out:
            then = (refusal for refusal in self.first.section.refusals if refusal.method == method)
            return next(then, Refusal(method, Reason.OUTSIDE_WISHES))
        about, sku = self.context.request.refused or (Reason.ITEM_NOT_SHOWN, self.context.request.kept)
        if number in plan.direct_reasons:
            reason = plan.direct_reasons[number]
            return Refusal(method, reason, sku=sku if reason is about else None)
        tasks = plan.tables
        ranked = []
        for task in np.flatnonzero(tasks.method_idx == number).tolist():
            place = int(plan.targets.place_idx[tasks.target_idx[task]])
            for site in np.flatnonzero(self.reasons[task] > 0).tolist():
                rank = int(tasks.site_rank[task, site])
                ranked.append((-int(self.reasons[task, site]), rank, site, int(tasks.way_idx[task]), place))
        split = self._split_refusal(number, max((Reason(-code).stage for code, *_ in ranked), default=None))
        if split:
            return split
        if not ranked:
            return Refusal(method, Reason.NO_COLLECTION)
        code, _, site, way, place = min(ranked)
        return Refusal(
            method,
            Reason(-code),
            network.place_ids[place] if place >= 0 else None,
            network.sites[site].id,
            network.ways[way].id or None,
            sku if Reason(-code) is about else None,
        )

    def _split_refusal(self, number: int, furthest: Stage | None) -> Refusal | None:
        """Why no split serves a method either, where it got further than any single site, or had to serve alone."""
        context = self.context
        if context.offers is None:
            return None
        one_shipment = context.offers.shipments.sources.count == 1
        if one_shipment and (furthest is None or furthest > Stage.STOCK):
            return None
        why = why_not_split(context.offers, number, context.network.settings)
        if why is None:
            return None
        reason, line = why
        sku = None if line is None else context.request.lines[line].sku
        return Refusal(context.plan.methods[number].id, reason, sku=sku)


class Asking(NamedTuple):
    """Asks an engine's network baskets from one state of the stock."""

    network: Network
    catalogue: Catalogue | None
    questions: Questions
    bound: BoundStock
    digests: WholeDigests | None
    group: str | None = None
    order: Order | None = None  # of the group
    at_first: BoundStock | None = None  # what groups before leave in the first second, where that is something else

    def section(self, model: PromiseRequest, planned: Question | None = None) -> Section:
        """The section of a request, without until when its options can be ordered."""
        asked, first = ask_throughout(self.questions, model, self.bound, planned, self.at_first), None
        whole = asked.whole
        if asked.earlier is not None:
            left_out = frozenset(whole.rows[:, col.METHOD].tolist()) - frozenset(asked.rows[:, col.METHOD].tolist())
            context = self._context(asked.model, asked.earlier)
            first = FirstSecond(Section(context, asked.earlier.rows, asked.earlier, self), left_out)
        return Section(self._context(model, whole), asked.rows, whole, self, first)

    def _context(self, model: PromiseRequest, whole: Whole) -> AnswerContext:
        question = whole.question
        return AnswerContext(
            self.network, self.catalogue, self.questions.network, question.request._replace(model=model), question.plan,
            question.bound, question.stock, question.offers, whole.splits, whole.bounded, self.digests, self.group,
        )  # fmt: skip
