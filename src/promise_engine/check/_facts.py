"""What the proofs read: a network, its tables, and what several proofs ask of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine.inputs._rules.findings import Findings
from promise_engine.models._base import WEEKDAYS
from promise_engine.models.carrier import DayTransit, HourTransit, Route
from promise_engine.units import date_of, day_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from numpy.typing import NDArray

    from promise_engine._compile.calendars import Region
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine.inputs.paths import Loc, Sources
    from promise_engine.models._base import Day, Weekdays
    from promise_engine.models.policy import DeliveryMethod
    from promise_engine.models.site import Site

    Dates = NDArray[np.bool_]


class Use(NamedTuple):
    """A calendar, the place that uses it, and where the document says so. A carrier's network is no place."""

    loc: Loc
    calendar: str
    region: Region | None
    time_zone: str | None


class Journey(NamedTuple):
    """A way that a method may go from a site: the legs as (site they leave, service); none for own store collection."""

    method: DeliveryMethod
    way: str
    site: str
    legs: tuple[tuple[str, str], ...]


class Facts:
    """A network under proof.

    `first` and `last` are the positions in the period of the first date on which orders may be placed, and of
    the last one that an order placed on the last date may be delivered on.
    """

    def __init__(self, compiled: CompiledNetwork, sources: Sources) -> None:
        self.compiled = compiled
        self.network = compiled.model
        self.tables = compiled.tables
        self.findings = Findings(compiled.model, sources)
        period = compiled.period
        self.first = day_number(self.network.valid_from) - period.first_day
        self.last = day_number(self.network.valid_until) + self.network.settings.horizon_days - period.first_day
        self.dates = period.dates
        self.weekday = (np.arange(period.day_count) + period.first_day + 3) % 7
        self._positions: dict[str, dict[str, int]] = {}

    @property
    def last_date(self) -> date:
        """The last date that matters: the last of the horizon of the last order."""
        return self.date(self.last)

    def date(self, position: int) -> date:
        """The date at a position of the period."""
        return date_of(self.day_number(position))

    def day_number(self, position: int) -> int:
        """The day number of a position of the period."""
        return self.compiled.period.first_day + position

    def loc(self, kind: str, name: str) -> Loc:
        """Where the document has the object of an id."""
        if kind not in self._positions:
            self._positions[kind] = {thing.id: i for i, thing in reversed(list(enumerate(getattr(self.network, kind))))}
        return (kind, self._positions[kind][name])

    def site(self, name: str) -> tuple[int, Site]:
        """The position of a site in the tables, and the site."""
        index = self.compiled.site_index[name]
        return index, self.compiled.sites[index]

    def zone_name(self, site: int) -> str:
        """The time zone of a site."""
        return self.compiled.time_zones[int(self.tables.sites.zone_idx[site])]

    def listed(
        self, weekdays: Weekdays, dates: tuple[Day, ...] | None, valid_from: Day | None, valid_until: Day | None
    ) -> Dates:
        """The dates of the period on which something exists by weekdays or dates and its validity."""
        first_day = self.compiled.period.first_day
        positions = np.arange(len(self.weekday))
        if dates is None:
            found = np.isin(self.weekday, [WEEKDAYS.index(day) for day in weekdays])
        else:
            found = np.isin(positions, [day_number(day) - first_day for day in dates])
        if valid_from is not None:
            found &= positions >= day_number(valid_from) - first_day
        if valid_until is not None:
            found &= positions <= day_number(valid_until) - first_day
        return found

    def in_force(self, dates: Dates) -> NDArray[np.int64]:
        """Positions of the dates that matter."""
        found = np.flatnonzero(dates[self.first : self.last + 1])
        return found + self.first

    def ends_early(self, dates: Dates) -> int | None:
        """The position of the last date, when the dates stop before the last that matters: longer than ever before."""
        found = np.flatnonzero(dates[self.first :]) + self.first
        if not len(found) or found[-1] >= self.last:
            return None
        longest = int(np.diff(found).max(initial=0))
        return int(found[-1]) if len(dates) - 1 - found[-1] > longest else None

    @cached_property
    def listed_collections(self) -> list[Dates]:
        """Of each collection, the dates it lists."""
        return [self.listed(c.weekdays, c.dates, c.valid_from, c.valid_until) for c in self.network.collections]

    @cached_property
    def collections_of(self) -> dict[tuple[str, str], list[int]]:
        """The numbers of the collections of each (site, service)."""
        pairs: dict[tuple[str, str], list[int]] = {}
        for number, collection in enumerate(self.network.collections):
            for site in collection.sites:
                for service in collection.services:
                    pairs.setdefault((site, service), []).append(number)
        return pairs

    def open_days(self, site: str, service: str) -> Dates:
        """The dates on which a site dispatches and the carrier of a service collects."""
        index, model = self.site(site)
        preparation = model.preparation
        dispatch = (preparation.dispatch or preparation.calendar) if preparation else model.receiving
        carrier = self.findings.get("carriers", self.findings.get("services", service).carrier)
        region = self.compiled.located_sites[index].region
        calendars = self.compiled.calendars
        both = calendars.open_days(dispatch, region) & calendars.open_days(carrier.collection_days, region)
        return np.asarray(both, bool)

    def pickups(self, site: str, service: str) -> slice:
        """The rows of the collection table of a (site, service)."""
        pattern = self.tables.sites.pattern_idx[self.compiled.site_index[site], self.compiled.service_index[service]]
        if pattern < 0:
            return slice(0, 0)
        ptr = self.tables.collections.ptr
        return slice(int(ptr[pattern]), int(ptr[pattern + 1]))

    def is_collected(self, site: str, service: str) -> bool:
        """Whether a carrier ever collects for a service from a site on a date that matters."""
        days = self.tables.collections.day[self.pickups(site, service)]
        return bool(((days >= self.first) & (days <= self.last)).any())

    def lane_zones(self, service: str, site: str) -> set[int]:
        """Zones of the service's zone set that a lane reaches from a site; zone 0 is everywhere without a zone set."""
        services, v = self.tables.services, self.compiled.service_index[service]
        count, origin = (
            int(services.zone_count[v]),
            int(self.tables.sites.service_zone[self.compiled.site_index[site], v]),
        )
        start = int(services.lane_ptr[v]) + origin * count
        reached = np.flatnonzero(services.lane_of_pair[start : start + count] >= 0).tolist()
        return {zone for zone in reached if zone or services.zone_set_idx[v] < 0}

    @cached_property
    def possible(self) -> list[Journey]:
        """Every way of every method from every site that prepares, uses it and is shown where the method is."""
        return [journey for method in self.network.methods for journey in self._possible(method)]

    def _possible(self, method: DeliveryMethod) -> Iterator[Journey]:
        channels = {c.id for c in self.network.channels if c.methods is None or method.id in c.methods}
        for site in self.compiled.sites:
            shown = site.shown_to
            if site.preparation is None or (shown.methods is not None and method.id not in shown.methods):
                continue
            if not channels or (shown.channels is not None and not channels & set(shown.channels)):
                continue
            if method.kind == "store_collection" and method.from_stock and site.store_collection is not None:
                yield Journey(method, "", site.id, ())
            for name in method.services:
                yield Journey(method, name, site.id, ((site.id, name),))
            for name in method.routes:
                route: Route = self.findings.get("routes", name)
                if route.origins is None or site.id in route.origins:
                    starts = [site.id, *(leg.to for leg in route.legs[:-1] if leg.to)]
                    yield Journey(
                        method, name, site.id, tuple(zip(starts, [leg.service for leg in route.legs], strict=True))
                    )

    @cached_property
    def served(self) -> list[Journey]:
        """The possible journeys whose every leg has collections and a lane."""
        return [journey for journey in self.possible if self.is_served(journey)]

    def is_served(self, journey: Journey) -> bool:
        """Whether every leg has collections on dates that matter, and a lane to where it goes."""
        if not journey.way:
            return True
        ends: list[str | None] = [*(site for site, _ in journey.legs[1:]), None]
        for (site, service), end in zip(journey.legs, ends, strict=True):
            if not self.is_collected(site, service):
                return False
            targets = self._last_zones(journey, service) if end is None else {self._zone_of_site(end, service)}
            if not self.lane_zones(service, site) & targets:
                return False
        return True

    def _zone_of_site(self, site: str, service: str) -> int:
        return int(self.tables.sites.service_zone[self.compiled.site_index[site], self.compiled.service_index[service]])

    def _last_zones(self, journey: Journey, service: str) -> set[int]:
        """Zones that the last leg may go to: of the pickup points, of the stores, or any."""
        if journey.method.kind == "pickup_point":
            network = self.findings.get("services", service).pickup_network
            return self.point_zones(network, service)
        if journey.method.kind == "store_collection":
            return {self._zone_of_site(store, service) for store in self.stores_of(journey.way)}
        return set(range(int(self.tables.services.zone_count[self.compiled.service_index[service]])))

    def point_zones(self, network: str | None, service: str) -> set[int]:
        """Zones of a service's zone set in which points of a pickup network lie."""
        column = self.compiled.place_zones[:, self.compiled.service_index[service]]
        index = self.compiled.place_index
        return {int(column[index[point.id]]) for point in self.compiled.points if point.network == network}

    def stores_of(self, route: str) -> list[str]:
        """Stores where a route ends."""
        model: Route = self.findings.get("routes", route)
        if model.ends_at != "store":
            return []
        able = [
            site.id for site in self.compiled.sites if site.store_collection is not None and site.receiving is not None
        ]
        return [name for name in able if model.stores is None or name in model.stores]

    @cached_property
    def used_pairs(self) -> set[tuple[str, str]]:
        """Every (site, service) that some journey of a method could go by."""
        return {leg for journey in self.possible for leg in journey.legs}

    @cached_property
    def delivering(self) -> set[str]:
        """Services that bring parcels to a door or a pickup point, on the last leg of a journey."""
        kinds = {"home", "pickup_point"}
        return {journey.legs[-1][1] for journey in self.possible if journey.legs and journey.method.kind in kinds}

    @cached_property
    def uses(self) -> list[Use]:
        """Every calendar at every place that uses it, each pair once."""
        found: dict[tuple[str, Region | None, str | None], Use] = {}
        for use in (*self._site_uses(), *self._carrier_uses(), *self._service_uses(), *self._point_uses()):
            found.setdefault((use.calendar, use.region, use.time_zone), use)
        return list(found.values())

    def _site_uses(self) -> Iterator[Use]:
        for i, site in enumerate(self.network.sites):
            index = self.compiled.site_index[site.id]
            region, zone = self.compiled.located_sites[index].region, self.zone_name(index)
            named: list[tuple[Loc, str | None]] = [(("sites", i, "receiving"), site.receiving)]
            if site.preparation is not None:
                named.append((("sites", i, "preparation", "calendar"), site.preparation.calendar))
                named.append((("sites", i, "preparation", "dispatch"), site.preparation.dispatch))
            if site.store_collection is not None:
                named.append((("sites", i, "store_collection", "opening"), site.store_collection.opening))
            yield from (Use(loc, name, region, zone) for loc, name in named if name is not None)

    def _carrier_uses(self) -> Iterator[Use]:
        carriers = {service.id: service.carrier for service in self.network.services}
        sites: dict[str, set[str]] = {}
        for site, service in self.collections_of:
            sites.setdefault(carriers[service], set()).add(site)
        for i, carrier in enumerate(self.network.carriers):
            for site in sorted(sites.get(carrier.id, ())):
                if carrier.collection_days is not None:
                    index = self.compiled.site_index[site]
                    region, zone = self.compiled.located_sites[index].region, self.zone_name(index)
                    yield Use(("carriers", i, "collection_days"), carrier.collection_days, region, zone)

    def _service_uses(self) -> Iterator[Use]:
        for i, service in enumerate(self.network.services):
            if service.delivery.days is not None:
                yield Use(("services", i, "delivery", "days"), service.delivery.days, None, None)
            for k, lane in enumerate(service.lanes):
                loc: Loc = ("services", i, "lanes", k)
                if lane.delivery is not None and lane.delivery.days is not None:
                    yield Use((*loc, "delivery", "days"), lane.delivery.days, None, None)
                if isinstance(lane.transit, DayTransit) and lane.transit.network_days is not None:
                    yield Use((*loc, "transit", "network_days"), lane.transit.network_days, None, None)
                if isinstance(lane.transit, HourTransit) and lane.transit.hours is not None:
                    for site in sorted(site for site, name in self.collections_of if name == service.id):
                        index = self.compiled.site_index[site]
                        region = self.compiled.located_sites[index].region
                        yield Use((*loc, "transit", "hours"), lane.transit.hours, region, self.zone_name(index))

    def _point_uses(self) -> Iterator[Use]:
        for i, point in enumerate(self.network.pickup_points):
            place = self.compiled.place_index[point.id]
            zone = self.compiled.time_zones[self.tables.places.zone_idx[place]]
            yield Use(("pickup_points", i, "opening"), point.opening, self.compiled.located_places[place].region, zone)
