"""The engine: one call, every option that can be promised."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from promise_engine._compile.almanac import InstalledAlmanac
from promise_engine._compile.network import compile_network
from promise_engine._compile.request_checks import checked_request
from promise_engine._compile.stock import BoundStock, bind
from promise_engine._compile.stock_rules import StockRules, SupplyRules
from promise_engine.answer import Answer
from promise_engine.availability import Asked, Availability, availability_of
from promise_engine.changes import last_second
from promise_engine.errors import NetworkError, RequestError, Severity, expect_type, request_error
from promise_engine.inputs.catalogue import Catalogue
from promise_engine.inputs.network import Network
from promise_engine.inputs.references import network_faults
from promise_engine.inputs.request import read_request
from promise_engine.inputs.snapshot import StockSnapshot
from promise_engine.ordering import fill_order_by
from promise_engine.orders import Order
from promise_engine.questions import Questions
from promise_engine.section import Asking
from promise_engine.units import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from promise_engine._compile.almanac import Almanac
    from promise_engine.context import WholeDigests
    from promise_engine.errors import Fault
    from promise_engine.models.request import PromiseRequest
    from promise_engine.questions import Question


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
        the embedded table of prefix centroids. A country without a file there is answered from the table; a folder
        that does not exist, and a file that cannot be read, are refused (`places.PlaceFileError`), here or later.
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
        self._set_up(network, catalogue, InstalledAlmanac(pgeocode_dir), placed_between)

    def _set_up(
        self,
        network: Network,
        catalogue: Catalogue | None,
        almanac: Almanac,
        placed: tuple[date, date] | None,
        whole: WholeDigests | None = None,
    ) -> None:
        """Compile inputs that are checked."""
        self.network = network
        self.catalogue = catalogue
        self._whole = whole
        self._compiled = compile_network(network, almanac, placed)
        self._items = None if catalogue is None else {item.sku: item for item in catalogue.items}
        items = list(self._items.values()) if self._items else []
        self._rules = StockRules(self._compiled, items), SupplyRules(self._compiled, items)
        self._questions = Questions(self._compiled, self._items, self._rules)
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
            When the network has no such channel, or the instant no UTC offset.

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
        if isinstance(skus, str):
            raise TypeError(f"skus: expected several SKUs (a list, such as [{skus!r}]), found str")
        if placed_at is not None and getattr(placed_at, "tzinfo", None) is None:  # text has none either
            expected = "a datetime with its UTC offset, such as datetime.fromisoformat('2026-11-21T17:59:00+01:00')"
            raise RequestError.of("placed_at", placed_at, expected, code="instant")
        at = bound.columns.as_of if placed_at is None else instant(placed_at)
        asked = [Asked(sku, self._items, channels[name], segment, at) for sku in skus]
        return tuple(availability_of(one, self._compiled, self._rules, bound) for one in asked)

    def _bind(self, stock: StockSnapshot) -> BoundStock:
        expect_type("stock", stock, StockSnapshot, "StockSnapshot.load(path) or StockSnapshot.from_document(dict)")
        columns = stock.columns
        bound = self._bound
        if bound is None or bound.columns is not columns:
            bound = bind(self._compiled, columns)
            self._bound = bound  # one assignment: a reader sees the old state or the new one
        return bound

    def _answer(self, asked: PromiseRequest | dict[str, Any], bound: BoundStock) -> Answer:
        return self._promised(checked_request(read_request(asked), self._compiled, self._items), bound)

    def _promised(self, model: PromiseRequest, bound: BoundStock) -> Answer:
        """The answer of the last second that it is for, less what is not offered at `placed_at`."""
        order = self._order(model, bound)
        answer = self._shown(order)
        fill_order_by(answer, lambda at: order.alone().placed(at).groups())
        return answer

    def _order(self, model: PromiseRequest, bound: BoundStock) -> Order:
        return Order(Asking(self.network, self.catalogue, self._questions, bound, self._whole), model)

    def _shown(self, order: Order, planned: Question | None = None) -> Answer:
        """The answer without until when its options can be ordered."""
        at_first = list(order.groups_at_first())
        groups = [group for group, _ in order.groups(planned, [left for _, left in at_first])]
        question = None if order.model.groups else groups[0].whole.whole.question
        return Answer(order.model, groups, partial(self._shown_at, order, question), [group for group, _ in at_first])

    def _shown_at(self, order: Order, question: Question | None, placed_at: int) -> Answer:
        """The same of a later order, by the plan of a question while exchange rates stay the same."""
        later = order.placed(placed_at)
        same = question is None or question.next_rate is None or last_second(later.model) < question.next_rate
        return self._shown(later, question if same else None)
