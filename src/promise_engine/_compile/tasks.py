"""What a request tries: every (method, target, way), with the reasons and the money that do not depend on the clock."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import Targets, Tasks
from promise_engine._compile.distance import metres_between
from promise_engine._compile.forbidding import Sent, hidden_sites, restricted_sites, unserving_sites
from promise_engine._compile.money import LegCost, leg_cost, price_of
from promise_engine._compile.parcels import Packer
from promise_engine._compile.request import CompiledRequest, services_of, targets_table
from promise_engine._compile.rules import concerns, site_ranks
from promise_engine._compile.working_time import int64
from promise_engine._kernels._tables import in_block
from promise_engine.errors import Reason
from promise_engine.models.carrier import Route
from promise_engine.models.pricing import TariffPrice

if TYPE_CHECKING:
    from promise_engine._compile.carrier import Way
    from promise_engine._compile.lines import LineKey
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.places import Located
    from promise_engine.models.carrier import CarrierService
    from promise_engine.models.policy import DeliveryMethod, LineService, Restriction


class Task(NamedTuple):
    """One (method, target, way) with what is known before the clock starts."""

    method: int
    target: int
    way: int
    site_reason: np.ndarray
    sourcing_reason: int
    parcels: int
    rank: np.ndarray
    price: int
    margin: tuple[int, int]
    legs: list[LegCost]
    transfer: int


class Plan(NamedTuple):
    """All tasks of a request, and the reasons of methods that have none."""

    tables: Tasks
    targets: Targets
    chosen_places: list[int]
    methods: list[DeliveryMethod]
    direct_reasons: dict[int, Reason]


class _Standing(NamedTuple):
    """Why sites do not serve a task, whatever the lines."""

    place: int  # of the destination, the same for every site
    hidden: np.ndarray  # reasons that come before a restriction, by site; 0 without
    candidates: np.ndarray


class _SiteCosts(NamedTuple):
    """What preparation costs at each site, in minor units."""

    shipment: np.ndarray
    unit: np.ndarray
    parcel: np.ndarray


class _Lines(NamedTuple):
    """What of a basket's lines decides parcels, restrictions and tariffs."""

    request: CompiledRequest
    packer: Packer
    restrictions: list[Restriction]
    services: list[LineService]
    costs: dict[tuple[str, str | None, bytes], LegCost | None]  # of a tariff, in a zone, of some parcels


class Planner:
    """Lists the tasks of one request, and prepares them for its basket or for some of its lines."""

    def __init__(self, network: CompiledNetwork, request: CompiledRequest) -> None:
        self.network = network
        self.request = request
        self.methods = sorted(network.model.methods, key=lambda method: method.id)
        self._zones: dict[tuple[str, int], str | None] = {}
        self._standing: dict[tuple[int, int, int], _Standing] = {}
        self._hidden: dict[tuple[int, str], np.ndarray] = {}
        self._prices: dict[tuple[str, str | None], int | None] = {}
        self._tariffs = {tariff.id: tariff for tariff in network.model.tariffs}
        self._listed: list[tuple[int, int, int]] = []
        self._tables_of: dict[tuple[tuple[LineKey, int], ...], Tasks] = {}
        self.direct_reasons: dict[int, Reason] = {}

    def plan(self) -> Plan:
        """Every task, in the order of methods, targets and ways."""
        wished = self.request.model.wishes.methods
        asked = [i for i, m in enumerate(self.methods) if wished is None or m.id in wished]
        places = {number: self._places(self.methods[number], number) for number in asked}
        chosen = sorted({place for group in places.values() for place in group})
        self.targets = targets_table(self.request, self.network, chosen)
        parts = len(self.request.destinations)
        self._spots = self.request.destinations + [self.network.located_places[place] for place in chosen]
        for number in asked:
            if number in self.direct_reasons:
                continue
            method = self.methods[number]
            targets = list(range(parts)) if method.kind == "home" else [parts + chosen.index(p) for p in places[number]]
            for target in targets:
                self._listed += [(number, target, way) for way in self._ways(method, target)]
        for number in asked:
            if number not in self.direct_reasons and not any(method == number for method, *_ in self._listed):
                self.direct_reasons[number] = Reason.NO_COLLECTION
        return Plan(self.tables_of(self.request), self.targets, chosen, self.methods, self.direct_reasons)

    def tables_of(self, request: CompiledRequest) -> Tasks:
        """The tasks of the plan for a basket, the whole one or some of its lines; prepared once for each."""
        lines = tuple((line.key, line.units) for line in request.lines)
        if lines not in self._tables_of:
            self._tables_of[lines] = self._tasks_for(request)
        return self._tables_of[lines]

    def _tasks_for(self, request: CompiledRequest) -> Tasks:
        labels = [line.labels for line in request.lines]
        restrictions = [
            rule for rule in self.network.model.restrictions if any(concerns(rule, known) for known in labels)
        ]
        services = [service for _, service in services_of(request.lines, self.network)]
        lines = _Lines(request, Packer(self.network, request.pieces), restrictions, services, {})
        return self._tables([self._task(lines, *listed) for listed in self._listed], request)

    def _places(self, method: DeliveryMethod, number: int) -> list[int]:
        """Places where a method could go, the nearest within its radius."""
        early = self._early_reason(method)
        if method.kind == "home":
            if not self.request.destinations:
                self.direct_reasons[number] = early or Reason.DESTINATION_TYPE_NOT_SERVED
            return []
        served = self.served_places(method)
        if self.request.place is not None:
            place = self.network.place_index[self.request.place]
            if place not in served:
                self.direct_reasons[number] = early or Reason.DESTINATION_TYPE_NOT_SERVED
                return []
            return [place]
        metres, reason = self._near(served)
        near = [(m, place) for m, place in zip(metres, served, strict=True) if 0 <= m <= method.radius_metres]
        if reason or not near:
            self.direct_reasons[number] = early or reason or Reason.NO_PLACE_IN_RADIUS
            return []
        return [place for _, place in sorted(near)[: method.places_shown]]

    def _early_reason(self, method: DeliveryMethod) -> Reason | None:
        """What refuses a method before any place is looked at, for when there is no candidate to ask."""
        if self.request.refused:
            return self.request.refused[0]
        if self.request.kept is not None:
            return Reason.ITEM_NOT_SHOWN
        shown = self.request.channel.methods
        return Reason.METHOD_NOT_SHOWN if shown is not None and method.id not in shown else None

    def _near(self, served: list[int]) -> tuple[list[int], Reason | None]:
        if self.request.point is None:
            return [-1] * len(served), Reason.NO_COORDINATES
        here = np.array(self.request.point)
        return metres_between(self.network.place_coordinates[served], here).tolist(), None

    def served_places(self, method: DeliveryMethod) -> list[int]:
        """Places that a method can serve by configuration, near or far."""
        tables = self.network.tables
        if method.kind == "store_collection":
            stores = np.flatnonzero(tables.places.site_idx >= 0).tolist()
            return [place for place in stores if self._served_store(method, place)]
        services = self.network.service_index
        networks = {self.network.services[services[name]].pickup_network for name in method.services}
        points = {point.id for point in self.network.points if point.network in networks}
        return [i for i, name in enumerate(self.network.place_ids) if name in points]

    def _served_store(self, method: DeliveryMethod, place: int) -> bool:
        """Whether a store hands over its own stock, or a route of the method ends there."""
        prepares = self.network.tables.sites.prepares[self.network.tables.places.site_idx[place]]
        own = method.from_stock and bool(prepares)
        return own or any(self._goes_to(name, self.network.place_ids[place]) for name in method.routes)

    def _ways(self, method: DeliveryMethod, target: int) -> list[int]:
        index, place = self.network.way_index, int(self.targets.place_idx[target])
        names = [*method.services, *method.routes]
        if method.kind == "pickup_point":
            network = self.network.point_of[self.network.place_ids[place]].network
            names = [n for n in names if self.network.services[self.network.service_index[n]].pickup_network == network]
        if method.kind == "store_collection":
            store = self.network.place_ids[place]
            names = [n for n in names if self._goes_to(n, store)]
            return ([0] if method.from_stock else []) + [index[name] for name in sorted(names)]
        return [index[name] for name in sorted(names)]

    def _goes_to(self, route_id: str, store: str) -> bool:
        """Whether a route ends at a store: one it lists, or any with receiving hours."""
        route = self.network.ways[self.network.way_index[route_id]].model
        if not isinstance(route, Route) or route.ends_at != "store":
            return False
        if route.stores is not None:
            return store in route.stores
        return self.network.sites[self.network.site_index[store]].receiving is not None

    def _task(self, lines: _Lines, number: int, target: int, way_idx: int) -> Task:
        way, method = self.network.ways[way_idx], self.methods[number]
        packed = lines.packer.packed(way_idx, int(self.targets.place_idx[target]))
        reason, parcels = packed.reason, len(packed.parcels)
        most = [s.max_parcels for s in self._services(way)] + [method.max_parcels]
        if not reason and any(limit is not None and parcels > limit for limit in most) and way.id:
            reason = int(Reason.TOO_MANY_PARCELS)
        legs = [] if reason else self._leg_costs(lines, way, target, packed.parcels)
        if legs is None:
            reason, legs = int(Reason.NO_TARIFF), []
        price = self._price(method, target)
        transfer = 0
        if isinstance(way.model, Route):
            transfer = self.request.money.minor(way.model.transfer_cost, None) * parcels
        reasons = self._site_reasons(lines, packed.reason, number, target, way_idx)
        return Task(
            number, target, way_idx, reasons, reason, max(parcels, 1), self._ranks(number, target),
            -1 if price is None else price, self._margin(method), legs, transfer,
        )  # fmt: skip

    def _services(self, way: Way) -> list[CarrierService]:
        return [self.network.services[self.network.service_index[name]] for name in way.services]

    def _margin(self, method: DeliveryMethod) -> tuple[int, int]:
        if not isinstance(method.price, TariffPrice):
            return 0, 0
        amount = method.price.amount
        sign = -1 if amount < 0 else 1
        return int(method.price.percent * 10_000), sign * self.request.money.minor(abs(amount), method.currency)

    def _price(self, method: DeliveryMethod, target: int) -> int | None:
        """The shopper's price: -1 from the tariff, None when no rule fits."""
        if isinstance(method.price, TariffPrice):
            return -1
        request, zone = self.request, self._zone(method.zone_set, target)
        if (method.id, zone) not in self._prices:
            self._prices[method.id, zone] = price_of(
                method, request.channel.id, request.model.segment, zone, request.basket_minor, request.money
            )
        return self._prices[method.id, zone]

    def _zone(self, zone_set: str | None, target: int) -> str | None:
        return self._zone_of(zone_set, target, self._spots[target]) if zone_set else None

    def _zone_of(self, zone_set: str, key: int, located: Located) -> str | None:
        if (zone_set, key) not in self._zones:
            index = self.network.zone_sets[zone_set]
            number = index.resolve(located.spot)
            self._zones[zone_set, key] = index.zones[number - 1].id if number else None
        return self._zones[zone_set, key]

    def _leg_costs(self, lines: _Lines, way: Way, target: int, parcels: np.ndarray) -> list[LegCost] | None:
        costs = []
        for number, service in enumerate(self._services(way)):
            if service.tariff is None:
                costs.append(LegCost(0, 0, []))
                continue
            tariff, stop = self._tariffs[service.tariff], None
            if isinstance(way.model, Route):
                stop = way.model.legs[number].to
            zone = None
            if tariff.zone_set and stop is None:
                zone = self._zone(tariff.zone_set, target)
            elif tariff.zone_set and stop is not None:
                site = self.network.site_index[stop]
                zone = self._zone_of(tariff.zone_set, -1 - site, self.network.located_sites[site])
            key = (tariff.id, zone, parcels.tobytes())
            if key not in lines.costs:
                lines.costs[key] = leg_cost(tariff, zone, parcels, lines.request.tags, self.request.money)
            cost = lines.costs[key]
            if cost is None:
                return None
            costs.append(cost)
        return costs

    def _site_reasons(self, lines: _Lines, packing: int, number: int, target: int, way_idx: int) -> np.ndarray:
        """First reason before stock is asked, by site; -1 where the site is no candidate."""
        key = (number, target, way_idx)
        if key not in self._standing:
            self._standing[key] = self._standing_reasons(*key)
        standing, refused = self._standing[key], lines.request.refused
        reasons = np.full(len(self.network.sites), standing.place, np.int64)
        way, network = self.network.ways[way_idx], self.network
        if lines.services:
            last = self._services(way)[-1] if way.services else None
            reasons[unserving_sites(lines.services, last, network)] = Reason.LINE_SERVICE_NOT_OFFERED
        if lines.restrictions:
            sent = Sent(self.methods[number].id, lines.request.channel.id, way, self._spots[target])
            reasons[restricted_sites(lines.restrictions, sent, network)] = Reason.RESTRICTED
        reasons = np.where(standing.hidden != 0, standing.hidden, reasons)
        if packing == Reason.UNKNOWN_SIZE:
            reasons[:] = Reason.UNKNOWN_SIZE
        if refused:
            reasons[:] = refused[0]
        reasons[~standing.candidates] = -1
        return reasons

    def _standing_reasons(self, number: int, target: int, way_idx: int) -> _Standing:
        network, method = self.network, self.methods[number]
        way, tables = network.ways[way_idx], network.tables
        hidden = self._hidden_sites(number, self._spots[target].spot.country)
        candidates = (tables.sites.prepares != 0) & (tables.ways.from_site[way_idx] != 0)
        if not way.id:
            candidates &= np.arange(len(network.sites)) == tables.places.site_idx[self.targets.place_idx[target]]
        return _Standing(self._place_reason(method, target, way, self._price(method, target)), hidden, candidates)

    def _hidden_sites(self, number: int, country: str) -> np.ndarray:
        """Reasons for which sites are not shown for a method and a destination's country; 0 where they are."""
        if (number, country) not in self._hidden:
            hidden = hidden_sites(self.request, self.methods[number], country, self.network)
            self._hidden[number, country] = hidden
        return self._hidden[number, country]

    def _place_reason(self, method: DeliveryMethod, target: int, way: Way, price: int | None) -> int:
        kind = self.request.model.destination.type
        if method.kind == "home":
            typed = [method.destination_types, self._services(way)[-1].destination_types]
            if any(types is not None and kind not in types for types in typed):
                return int(Reason.DESTINATION_TYPE_NOT_SERVED)
        outside = method.zones is not None and self._zone(method.zone_set, target) not in method.zones
        return int(Reason.OUTSIDE_ZONE) if outside or price is None else 0

    def _ranks(self, number: int, target: int) -> np.ndarray:
        """The rank of each site for a method and destination."""
        policy, channel = self.request.policy, self.request.channel.id
        known = self.network.site_ranks
        key = ("" if policy is None else policy.id, channel, self.methods[number].id, self._spots[target].spot.country)
        if key not in known:
            known[key] = site_ranks(policy, self.network.sites, *key[1:])
        return known[key]

    @cached_property
    def _site_costs(self) -> _SiteCosts:
        sites, minor = self.network.sites, self.request.money.minor
        return _SiteCosts(
            int64([minor(site.preparation_cost, None) for site in sites]),
            int64([minor(site.preparation_cost_per_unit, None) for site in sites]),
            int64([minor(site.packaging_cost, None) for site in sites]),
        )

    def _tables(self, tasks: list[Task], request: CompiledRequest) -> Tasks:
        money, costs, units, count = (
            request.money,
            self._site_costs,
            sum(line.handled for line in request.lines),
            len(self.network.sites),
        )
        served = services_of(request.lines, self.network)
        service_cost = sum(line.units * money.minor(service.preparation_cost, None) for line, service in served)
        dated = [[(leg, *rest) for leg, cost in enumerate(task.legs) for rest in cost.dated] for task in tasks]
        flat = [entry for group in dated for entry in group]
        first_day = self.network.period.first_day
        return in_block(
            Tasks(
                method_idx=int64([task.method for task in tasks]),
                target_idx=int64([task.target for task in tasks]),
                way_idx=int64([task.way for task in tasks]),
                site_reason=np.array([task.site_reason for task in tasks], np.int64).reshape(len(tasks), count),
                sourcing_reason=int64([task.sourcing_reason for task in tasks]),
                parcels=int64([task.parcels for task in tasks]),
                site_rank=np.array([task.rank for task in tasks], np.int64).reshape(len(tasks), count),
                price=int64([task.price for task in tasks]),
                service_price=sum(
                    money.minor(service.price, service.currency) * (line.units if service.price_per == "unit" else 1)
                    for line, service in served
                ),
                price_percent=int64([task.margin[0] for task in tasks]),
                price_amount=int64([task.margin[1] for task in tasks]),
                transport=int64([sum(leg.transport for leg in task.legs) for task in tasks]),
                surcharge=int64([sum(leg.surcharge for leg in task.legs) for task in tasks]),
                transfer=int64([task.transfer for task in tasks]),
                preparation=costs.shipment + costs.unit * units + service_cost,
                packaging=costs.parcel,
                dated_ptr=int64(np.cumsum([0, *(len(group) for group in dated)]).tolist()),
                dated_leg=int64([leg for leg, *_ in flat]),
                dated_first_day=int64([first - first_day for _, first, _, _ in flat]),
                dated_last_day=int64([last - first_day for _, _, last, _ in flat]),
                dated_amount=int64([amount for *_, amount in flat]),
            )
        )
