"""A method of a request asked again, with one change of the documents; of a group with the whole order."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine.errors import RequestError
from promise_engine.models.request import Destination
from promise_engine.models.stock import StockRecord

from .asking import Asking
from .groups import groups_of

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.request import PromiseRequest
    from promise_engine.models.stock import StockDocument

    from .answer import Question


class Documents(NamedTuple):
    """What is asked of what."""

    network: NetworkDocument
    catalogue: CatalogueDocument | None
    stock: StockDocument
    request: PromiseRequest


class Again:
    """A method of a request, or of one of its groups, asked for all lines at once."""

    def __init__(self, given: Documents, method: str, group: str | None) -> None:
        self.given, self.method, self.group = given, method, group
        self._known_of_network: dict[Any, Any] = {}

    @cached_property
    def question(self) -> Question:
        """As it was asked."""
        return self._asked(self.given)

    # One change each: whether it gives the method an option.

    def placed_at(self, at: datetime) -> bool:
        """The order placed at another instant."""
        return self._with_request(placed_at=at)

    def with_more(self, site: str, sku: str, quantity: Decimal) -> bool:
        """So much more of a SKU on hand at a site."""
        stock = self.given.stock
        records = [
            record.model_copy(update={"on_hand": record.on_hand + quantity})
            if (record.site, record.sku) == (site, sku)
            else record
            for record in stock.records
        ]
        if all((record.site, record.sku) != (site, sku) for record in stock.records):
            records.append(StockRecord(site=site, sku=sku, on_hand=quantity))
        return self._has_option(stock=stock.model_copy(update={"records": tuple(records)}))

    def without(self, sku: str) -> bool:
        """The basket, or that of the group, without the lines of a SKU."""
        lines = self.given.request.lines
        return self._with_request(lines=tuple(line for line in lines if (line.sku, line.group) != (sku, self.group)))

    def with_shipments(self, count: int) -> bool:
        """So many shipments of the method."""
        network = self.given.network
        methods = tuple(
            method.model_copy(update={"max_shipments": count}) if method.id == self.method else method
            for method in network.methods
        )
        return self._has_option(network=network.model_copy(update={"methods": methods}))

    def wished(self, of: str, days: int) -> bool:
        """A day or instant wished for, so many days of 24 hours later."""
        wishes = self.given.request.wishes
        later = getattr(wishes, of) + timedelta(days=days)
        return self._with_request(wishes=wishes.model_copy(update={of: later}))

    def with_horizon(self, days: int) -> bool:
        """A horizon of so many days."""
        network = self.given.network
        settings = network.settings.model_copy(update={"horizon_days": days})
        return self._has_option(network=network.model_copy(update={"settings": settings}))

    def to_place(self, place: str) -> bool:
        """The destination, or that of the group, is a place."""
        request, there = self.given.request, Destination(place=place)
        if self.group is None:
            return self._with_request(destination=there)
        groups = tuple(
            group.model_copy(update={"destination": there}) if group.id == self.group else group
            for group in request.groups
        )
        return self._with_request(groups=groups)

    def _with_request(self, **changed: object) -> bool:
        return self._has_option(request=self.given.request.model_copy(update=changed))

    def _has_option(self, **changed: Any) -> bool:
        """Whether the method has an option; a question that is an error has none."""
        try:
            return bool(self._asked(self.given._replace(**changed)).choices)
        except RequestError:
            return False

    def _asked(self, given: Documents) -> Question:
        """The question to this method alone for the whole, in an order whose other groups are asked as they are."""
        asking = Asking(given.network, given.catalogue, given.stock, None, self._known_of_network)
        request = given.request
        if self.group is not None:
            group = next(group for group in groups_of(asking, request) if group.id == self.group)
            asking, request = group.asking, group.request
        wishes = request.wishes.model_copy(update={"methods": (self.method,)})
        return asking.whole(request.model_copy(update={"wishes": wishes, "partial": False}))
