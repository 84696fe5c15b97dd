"""What a request is answered with: the one place that puts an answer together from those to several smaller requests."""

from __future__ import annotations

from datetime import timedelta
from decimal import localcontext
from typing import TYPE_CHECKING, Any

from .answer import Question
from .clock import FOREVER, instant, utc
from .groups import with_groups
from .lasting import end_of_validity, lag, promised
from .partial import sections, together
from .taken import Before

if TYPE_CHECKING:
    from datetime import datetime

    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.request import PromiseRequest
    from promise_engine.models.stock import StockDocument

    from .answer import NaiveAnswer


class Asking:
    """A network, a catalogue and stock, and every request that was asked of them, and of what groups leave of it."""

    def __init__(
        self,
        network: NetworkDocument,
        catalogue: CatalogueDocument | None,
        stock: StockDocument,
        before: Before | None = None,
        known_of_network: dict[Any, Any] | None = None,
    ) -> None:
        self.network, self.catalogue, self.stock = network, catalogue, stock
        self.before = before or Before()
        self.known_of_network: dict[Any, Any] = {} if known_of_network is None else known_of_network
        self._asked: dict[str, Question] = {}
        self._later: list[Asking] = []

    def after(self, before: Before) -> Asking:
        """The same asked for a group of the order, after other groups."""
        self._later.append(Asking(self.network, self.catalogue, self.stock, before, self.known_of_network))
        return self._later[-1]

    def whole(self, request: PromiseRequest) -> Question:
        """A request asked for all its lines at once, each request one time."""
        key = request.model_dump_json()
        if key not in self._asked:
            given = self.network, self.catalogue, self.stock, request
            self._asked[key] = Question(*given, self.before, self.known_of_network)
        return self._asked[key]

    def answer(self, request: PromiseRequest) -> NaiveAnswer:
        """The answer to a request, from as many smaller ones as it takes."""
        return with_groups(self, request) if request.groups else together(sections(self, request))

    def steady_until(self, placed_at: datetime) -> int:
        """An instant of asking until which nothing moves that the answers of any request asked for an instant depend on."""
        asked = [question for question in self._asked.values() if question.request.placed_at == placed_at]
        ends = [question.steady_until() for question in asked]
        return min(ends + [asking.steady_until(placed_at) for asking in self._later], default=FOREVER)


def answer(
    network: NetworkDocument, catalogue: CatalogueDocument | None, stock: StockDocument, request: PromiseRequest
) -> NaiveAnswer:
    """Every delivery option the network can truly promise for a request, and why the others are not possible."""
    with localcontext() as context:
        context.prec = 60
        return Asking(network, catalogue, stock).answer(request)


def next_change_at(
    network: NetworkDocument, catalogue: CatalogueDocument | None, stock: StockDocument, request: PromiseRequest
) -> datetime | None:
    """The first later instant at which the question is answered otherwise; None within 31 days, or while the network is valid.

    It asks again whenever anything moves that any candidate may depend on, in the first second or in the last, and when
    an option is gone: of a later group that may be a second later, when an order of the last second alone is another.
    """
    with localcontext() as context:
        context.prec = 60
        asking, placed_at = Asking(network, catalogue, stock), request.placed_at
        answered = asking.answer(request)
        first, gone = promised(answered), [instant(option.order_by) - lag(request) for option in answered.options]
        while True:
            at = min([asking.steady_until(placed_at), *gone])
            if at + lag(request) >= end_of_validity(network) or utc(at) > request.placed_at + timedelta(days=31):
                return None
            asking, placed_at = Asking(network, catalogue, stock, None, asking.known_of_network), utc(at)
            if promised(asking.answer(request.model_copy(update={"placed_at": placed_at}))) != first:
                return placed_at
