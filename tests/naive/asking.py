"""What a request is answered with: the one place that puts an answer together from those to several smaller requests."""

from __future__ import annotations

from datetime import timedelta
from decimal import localcontext
from typing import TYPE_CHECKING

from .answer import Question
from .clock import utc
from .lasting import end_of_validity, lag, promised
from .partial import with_parts

if TYPE_CHECKING:
    from datetime import datetime

    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.request import PromiseRequest
    from promise_engine.models.stock import StockDocument

    from .answer import NaiveAnswer


class Asking:
    """A network, a catalogue and stock, and every request that was asked of them for one answer."""

    def __init__(self, network: NetworkDocument, catalogue: CatalogueDocument | None, stock: StockDocument) -> None:
        self.network, self.catalogue, self.stock = network, catalogue, stock
        self._asked: dict[str, Question] = {}

    def whole(self, request: PromiseRequest) -> Question:
        """A request asked for all its lines at once, each request one time."""
        key = request.model_dump_json()
        if key not in self._asked:
            self._asked[key] = Question(self.network, self.catalogue, self.stock, request)
        return self._asked[key]

    def answer(self, request: PromiseRequest) -> NaiveAnswer:
        """The answer to a request, from as many smaller ones as it takes."""
        return with_parts(self, request) if request.partial else self.whole(request).answer

    def steady_until(self) -> int:
        """An instant of asking until which nothing moves that the answer to any request that was asked depends on."""
        return min(question.steady_until() for question in self._asked.values())


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

    It asks again whenever anything moves that any candidate may depend on, in the first second or in the last.
    """
    with localcontext() as context:
        context.prec = 60
        asking = Asking(network, catalogue, stock)
        first = promised(asking.answer(request))
        while True:
            at = asking.steady_until()
            if at + lag(request) >= end_of_validity(network) or utc(at) > request.placed_at + timedelta(days=31):
                return None
            asking = Asking(network, catalogue, stock)
            if promised(asking.answer(request.model_copy(update={"placed_at": utc(at)}))) != first:
                return utc(at)
