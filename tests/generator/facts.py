"""A case read once: models by id, time zones, and what one option used of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from promise_engine import places
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import StockDocument

from generator.rows import Rows
from naive.asking import Asking
from naive.groups import groups_of
from naive.taken import Before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from promise_engine.models.carrier import CarrierService, Collection, Route
    from promise_engine.models.policy import Channel
    from promise_engine.models.site import Site

    from generator.cases import Case
    from generator.rows import Row


@dataclass(frozen=True)
class Documents:
    """The four inputs of a case as models."""

    network: NetworkDocument
    catalogue: CatalogueDocument
    stock: StockDocument
    request: PromiseRequest

    @classmethod
    def of(cls, case: Case) -> Documents:
        """Validate the documents of a case."""
        return cls(
            NetworkDocument.model_validate(case.network),
            CatalogueDocument.model_validate(case.catalogue),
            StockDocument.model_validate(case.stock),
            PromiseRequest.model_validate(case.request),
        )


@dataclass(frozen=True)
class Facts:
    """The inputs of a case together with the answer to it."""

    given: Documents
    rows: Rows
    before: Before = field(default_factory=Before)
    """The groups of the order that are asked before this one."""

    def by_group(self) -> Iterator[Facts]:
        """Each group of the order as a request of its own; the request itself where it has none."""
        given = self.given
        if not given.request.groups:
            yield self
            return
        for group in groups_of(Asking(given.network, given.catalogue, given.stock), given.request):
            options, refusals = (
                [row for row in rows if row["group"] == group.id] for rows in (self.rows.options, self.rows.refusals)
            )
            rows = Rows(options, refusals, self.rows.leaves_out)
            yield Facts(replace(given, request=group.request), rows, group.asking.before)

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.given.network.sites}

    @cached_property
    def services(self) -> dict[str, CarrierService]:
        """Services by id."""
        return {service.id: service for service in self.given.network.services}

    @cached_property
    def routes(self) -> dict[str, Route]:
        """Routes by id."""
        return {route.id: route for route in self.given.network.routes}

    @cached_property
    def channel(self) -> Channel:
        """The channel of the request."""
        wanted = self.given.request.channel
        return next(row for row in self.given.network.channels if wanted in {None, row.id})

    @cached_property
    def placed(self) -> datetime:
        """The instant of the order."""
        return self.given.request.placed_at.astimezone(UTC)

    def zone(self, row: Row, what: str = "site") -> ZoneInfo:
        """The time zone of an option's site, or of its destination."""
        request = self.given.request.destination
        points = {point.id: point for point in self.given.network.pickup_points}
        where = row["site"] if what == "site" else row["place"] or request.place
        place = self.sites.get(where) or points.get(where) if where else None
        if place is not None and place.time_zone:
            return ZoneInfo(place.time_zone)
        address = place.address if place is not None else request
        code = address.postal_code or getattr(address, "postal_prefix", None) or ""
        return ZoneInfo(places.time_zone(address.country or "", code) or "UTC")

    def local(self, row: Row, name: str, what: str = "site") -> datetime:
        """An instant of an option on the clock of its site, or of its destination."""
        return datetime.fromisoformat(row[name]).astimezone(self.zone(row, what))

    def day(self, row: Row, name: str, what: str = "site") -> date:
        """The local date of an instant of an option."""
        return self.local(row, name, what).date()

    def way(self, row: Row) -> list[CarrierService]:
        """The services an option travels on."""
        return [self.services[name] for name in row["services"]]

    def route(self, row: Row) -> Route | None:
        """The route of an option, if it has one."""
        return self.routes.get(row["service"] or "")

    def collections(self, row: Row) -> list[Collection]:
        """Collections of the first leg whose departure, on the clock of the site, is the one taken."""
        if not row["services"] or not row["collected_at"]:
            return []
        left = self.local(row, "collected_at")
        return [
            collection
            for collection in self.given.network.collections
            if row["site"] in collection.sites
            and row["services"][0] in collection.services
            and _leaves(collection, left)
        ]

    def used(self) -> Iterator[BaseModel]:
        """What the options went through: sites, services, collections, places, and the calendars they name."""
        network, rows = self.given.network, self.rows.options
        ways = {sent["service"] for row in rows for sent in row["shipments"]}
        routes = [self.routes[name] for name in ways if name in self.routes]
        names = (
            {sent["site"] for row in rows for sent in row["shipments"]}
            | {row["place"] for row in rows}
            | {leg.to for route in routes for leg in route.legs}
        )
        services = {name for row in rows for name in row["services"]}
        shown = {row["method"] for row in rows}
        yield from (self.given.request, self.channel, *routes)
        yield from (site for site in network.sites if site.id in names)
        yield from (point for point in network.pickup_points if point.id in names)
        yield from (service for service in network.services if service.id in services)
        yield from (row for row in network.carriers if row.id in {self.services[name].carrier for name in services})
        yield from (
            row for row in network.collections if names.intersection(row.sites) and services.intersection(row.services)
        )
        yield from (method for method in network.methods if method.id in shown)
        yield from (policy for policy in network.policies if policy.id == self.channel.policy)


def _leaves(collection: Collection, left: datetime) -> bool:
    leaving = collection.departure or collection.cut_off
    if leaving is None:
        return left.hour == left.minute == 0
    clock = timedelta(seconds=leaving.seconds % 86_400)
    return clock == timedelta(hours=left.hour, minutes=left.minute, seconds=left.second)


def named_in(model: Any) -> set[str]:
    """Every text inside a model or a document: the ids it may name."""
    dumped = model.model_dump(mode="json") if hasattr(model, "model_dump") else model
    if isinstance(dumped, dict):
        return {name for value in dumped.values() for name in named_in(value)}
    if isinstance(dumped, list):
        return {name for value in dumped for name in named_in(value)}
    return {dumped} if isinstance(dumped, str) else set()
