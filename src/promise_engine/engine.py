"""The engine: one call, every option that can be promised."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import SiteStock
from promise_engine._compile.network import compile_network
from promise_engine._compile.places import Locator
from promise_engine._compile.request import checked_request, compile_request
from promise_engine._compile.stock import BoundStock, bind
from promise_engine._compile.stock_rules import StockRules, SupplyRules
from promise_engine._compile.tasks import Planner
from promise_engine._kernels._tables import in_block
from promise_engine._kernels.atp import stock_of_sites
from promise_engine._kernels.order_by import fill_order_by, stretch_end
from promise_engine.answer import Answer
from promise_engine.availability import Asked, Availability, availability_of
from promise_engine.changes import Enumerated, last_second, may_gain, moment, offered_from
from promise_engine.context import AnswerContext
from promise_engine.errors import NetworkError, RequestError, Severity, expect_type, request_error
from promise_engine.inputs.catalogue import Catalogue
from promise_engine.inputs.network import Network
from promise_engine.inputs.references import network_faults
from promise_engine.inputs.request import read_request
from promise_engine.inputs.snapshot import StockSnapshot
from promise_engine.units import instant
from promise_engine.views import View, enumerated, over_whole_area, same_offers, select_rows, tag_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.tasks import Plan
    from promise_engine.errors import Fault
    from promise_engine.models.request import PromiseRequest


class Engine:
    """A network and a catalogue, compiled. Immutable; may be shared by threads, and pickled for other processes.

    Parameters
    ----------
    network
        What people configure.
    catalogue
        What is sold; without one, lines bring their own weight and size.
    pgeocode_dir
        Folder of GeoNames files for exact coordinates; default: the environment's `PGEOCODE_DATA_DIR`, else
        the embedded table of prefix centroids.
    placed_between
        First and last date (UTC) of the orders to answer; default: the network's validity. Fewer dates compile faster.

    Raises
    ------
    NetworkError
        When parts of the network contradict each other; `faults` lists all of them.
    LimitError
        When a cap of the data layout is passed.

    Examples
    --------
    >>> from promise_engine import Engine, Network, StockSnapshot
    >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
    >>> engine = Engine(Network.model_validate(minimal_network()))
    >>> answer = engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock()))
    >>> print(answer.options[0].deliver_by)
    2026-11-24 18:00:00+01:00
    """

    def __init__(
        self,
        network: Network,
        catalogue: Catalogue | None = None,
        *,
        pgeocode_dir: Path | None = None,
        placed_between: tuple[date, date] | None = None,
    ) -> None:
        expect_type("network", network, Network, "Network.load(path) or Network.model_validate(dict)")
        if catalogue is not None:
            expect_type("catalogue", catalogue, Catalogue, "Catalogue.load(path) or Catalogue.from_records(rows)")
        if not network.is_checked:
            errors = [fault for fault in network_faults(network) if fault.severity is Severity.ERROR]
            if errors:
                raise NetworkError(errors)
        self.network = network
        self.catalogue = catalogue
        self._compiled = compile_network(network, pgeocode_dir, placed_between)
        self._items = None if catalogue is None else {item.sku: item for item in catalogue.items}
        items = list(self._items.values()) if self._items else []
        self._rules = StockRules(self._compiled, items), SupplyRules(self._compiled, items)
        self._locator = Locator(pgeocode_dir)
        self._bound: BoundStock | None = None

    @property
    def placed_between(self) -> tuple[date, date]:
        """First and last date (UTC) of the orders that the engine answers."""
        return self._compiled.placed

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle holds: all but the stock that was bound last."""
        return self.__dict__ | {"_bound": None}

    def promise(self, request: PromiseRequest | dict[str, Any], stock: StockSnapshot) -> Answer:
        """Every option that can be promised for a request, and why the other methods cannot.

        Parameters
        ----------
        request
            A `PromiseRequest`, or the dict of one.
        stock
            The snapshot to promise from; the answer keeps the state it had at this call.

        Raises
        ------
        RequestError
            When the request is malformed, or names what the network does not have; `faults` lists all of it.
            One over a cap is a `LimitError` too.
        """
        return self._answer(request, self._bind(stock))

    def promise_many(
        self, requests: Iterable[PromiseRequest | dict[str, Any]], stock: StockSnapshot
    ) -> Sequence[Answer]:
        """Answers to several requests from one state of the stock, in their order.

        Raises
        ------
        RequestError
            As for `promise`, with the faults of all requests; paths begin with the position: `requests.1.channel`.
        """
        bound = self._bind(stock)
        answers: list[Answer] = []
        faults: list[Fault] = []
        for position, request in enumerate(requests):
            try:
                answers.append(self._answer(request, bound))
            except RequestError as refused:
                faults += [fault.below(f"requests.{position}") for fault in refused.faults]
        if faults:
            raise request_error(faults)
        return answers

    def availability(
        self,
        skus: Iterable[str],
        stock: StockSnapshot,
        *,
        channel: str | None = None,
        segment: str | None = None,
        placed_at: datetime | None = None,
    ) -> tuple[Availability, ...]:
        """What may be sold of each SKU now and later, by site and of the pool, and what is withheld by which rule.

        It is read from the tables that promises are made from: what a product page and a stock feed show.

        Parameters
        ----------
        skus
            The SKUs, answered in this order.
        stock
            The snapshot.
        channel, segment
            Who would buy; the channel may be left out when the network has one.
        placed_at
            When an order would be placed, for what comes because it is ordered; default: the snapshot's `as_of`.

        Raises
        ------
        RequestError
            When the network has no such channel.

        Examples
        --------
        >>> from promise_engine import Engine, Network, StockSnapshot
        >>> from promise_engine.testing import minimal_network, minimal_stock
        >>> engine = Engine(Network.model_validate(minimal_network()))
        >>> (found,) = engine.availability(["A1"], StockSnapshot.from_document(minimal_stock()))
        >>> found.now, [(site.site, site.now) for site in found.sites]
        (Decimal('10'), [('lyon', Decimal('10'))])
        """
        bound, channels = self._bind(stock), {entry.id: entry for entry in self.network.channels}
        name = next(iter(channels)) if channel is None and len(channels) == 1 else channel
        if name not in channels:
            raise RequestError.of("channel", channel, f"one of: {', '.join(sorted(channels))}", code="unknown_id")
        at = bound.columns.as_of if placed_at is None else instant(placed_at)
        items = self._items or {}
        return tuple(
            availability_of(Asked(sku, items.get(sku), channels[name], segment, at), self._compiled, self._rules, bound)
            for sku in skus
        )

    def _bind(self, stock: StockSnapshot) -> BoundStock:
        expect_type("stock", stock, StockSnapshot, "StockSnapshot.load(path) or StockSnapshot.from_document(dict)")
        columns = stock.columns
        bound = self._bound
        if bound is None or bound.columns is not columns:
            bound = bind(self._compiled, columns)
            self._bound = bound  # one assignment: a reader sees the old state or the new one
        return bound

    def _answer(self, asked: PromiseRequest | dict[str, Any], bound: BoundStock) -> Answer:
        return self._promised(checked_request(read_request(asked), self._compiled, self._items, self._locator), bound)

    def _promised(self, model: PromiseRequest, bound: BoundStock) -> Answer:
        question = self._standing_question(model, bound)
        shown = select_rows(View(model.view), question.rows, question.plan, question.request, question.by_way)
        self._fill_order_by(question, shown)
        tag_rows(shown)
        context = AnswerContext(
            self.network, self.catalogue, self._compiled, question.request._replace(model=model), question.plan, bound,
            question.stock,
        )  # fmt: skip
        return Answer(context, shown, question.reasons, partial(self._asked_at, model, bound))

    def _asked_at(self, model: PromiseRequest, bound: BoundStock, placed_at: int) -> Answer:
        """The answer to the same request placed at another instant."""
        return self._promised(model.model_copy(update={"placed_at": moment(placed_at)}), bound)

    def _standing_question(self, model: PromiseRequest, bound: BoundStock) -> _Question:
        """The question of the last second that the answer is for, less what is not offered at `placed_at`."""
        placed_at, last = instant(model.placed_at), last_second(model)
        if last == placed_at:
            return self._question(model, bound)
        later = self._question(model.model_copy(update={"placed_at": moment(last)}), bound)
        if not may_gain(later.request, later.plan, self._compiled, placed_at):
            return later
        first, later = (
            self._question(model.model_copy(update={"placed_at": moment(at), "view": "all"}), bound)
            for at in (placed_at, last)
        )
        kept = offered_from(
            Enumerated(later.rows, later.reasons), Enumerated(first.rows, first.reasons), later.plan,
            len(later.request.destinations), later.by_way,
        )  # fmt: skip
        return later._replace(rows=kept.rows, reasons=kept.reasons)

    def _question(self, model: PromiseRequest, bound: BoundStock) -> _Question:
        """Compile a request and enumerate its rows."""
        request = compile_request(model, self._compiled, self._items, self._rules, bound, self._locator)
        plan = Planner(self._compiled, request).plan()
        stock = self._site_stock(request, bound)
        rows, reasons, first_promised = enumerated(View(model.view), request, plan, bound, stock)
        if len(request.destinations) > 1:
            rows, reasons = over_whole_area(rows, reasons, plan, len(request.destinations))
        by_way = np.array([method.choose_service for method in plan.methods], np.int64)
        return _Question(model, request, plan, bound, stock, rows, reasons, first_promised, by_way)

    def _fill_order_by(self, question: _Question, rows: np.ndarray) -> None:
        """Write `order_by` of each row."""
        parts = len(question.request.destinations)
        in_area = (rows[:, col.TARGET] < parts) & (parts > 1)
        single = rows[~in_area]
        self._fill_single_order_by(question, single)
        rows[~in_area] = single
        area = rows[in_area]
        self._fill_area_order_by(question, area)
        rows[in_area] = area

    def _fill_single_order_by(self, question: _Question, rows: np.ndarray) -> None:
        """For one address or place; where a new exchange rate comes first, ask again at that instant."""
        request, plan = question.request, question.plan
        fill_order_by(
            request.reached.tables, question.bound.taken, request.basket, question.stock, plan.targets, plan.tables,
            question.by_way, question.first_promised, rows,
        )  # fmt: skip
        change = request.money.next_change()
        at = None if change is None else datetime.combine(change, time.min, UTC)
        late = [] if at is None else np.flatnonzero(rows[:, col.ORDER_BY] > instant(at)).tolist()
        if not late or at is None:
            return
        later = self._question(question.model.model_copy(update={"placed_at": at, "view": "all"}), question.bound)
        for position in late:
            same = same_offers(later.rows, rows[position], question.by_way)
            self._fill_single_order_by(later, same[:1])
            rows[position, col.ORDER_BY] = same[0, col.ORDER_BY] if len(same) else instant(at)

    def _fill_area_order_by(self, question: _Question, rows: np.ndarray) -> None:
        """For all parts of an area: hop from one stretch of unchanged offers to the next."""
        known: dict[int, _Question] = {}
        for position in range(len(rows)):
            at = question.request.basket.placed_at
            while True:
                if at not in known:
                    placed_at = datetime.fromtimestamp(at, UTC)
                    known[at] = self._question(
                        question.model.model_copy(update={"placed_at": placed_at, "view": "all"}), question.bound
                    )
                same = same_offers(known[at].rows, rows[position], question.by_way)
                if not len(same):
                    break
                at = max(_stretch_end(known[at], row) for row in same)
            rows[position, col.ORDER_BY] = at

    def _site_stock(self, request: CompiledRequest, bound: BoundStock) -> SiteStock:
        count, lines = len(self._compiled.sites), len(request.needs)
        result = in_block(SiteStock(*np.empty((3, count), np.int64), *np.empty((3, lines, count), np.int64)))
        stock_of_sites(self._compiled.tables, bound.tables, request.demand, result)
        return result


class _Question(NamedTuple):
    """A compiled request with all its rows."""

    model: PromiseRequest
    request: CompiledRequest
    plan: Plan
    bound: BoundStock
    stock: SiteStock
    rows: np.ndarray
    reasons: np.ndarray
    first_promised: np.ndarray
    by_way: np.ndarray


def _stretch_end(question: _Question, row: np.ndarray) -> int:
    """Until when no part of the area changes what it is offered by a row's candidate."""
    request, plan = question.request, question.plan
    tasks = np.flatnonzero((plan.tables.method_idx == row[col.METHOD]) & (plan.tables.way_idx == row[col.WAY]))
    parts = [task for task in tasks.tolist() if plan.targets.place_idx[plan.tables.target_idx[task]] < 0]
    args = (request.reached.tables, question.bound.taken, request.basket, question.stock, plan.targets, plan.tables)
    ends = [stretch_end(*args, task, int(row[col.SITE])) for task in parts]
    change = request.money.next_change()
    return min(ends) if change is None else min(*ends, instant(datetime.combine(change, time.min, UTC)))
