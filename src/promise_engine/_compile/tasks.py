"""What a request tries: every (method, target, way), with the reasons and the money that do not depend on the clock."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import Targets, Tasks
from promise_engine._compile.forbidding import Sent, hidden_sites, restricted_sites, unserving_sites
from promise_engine._compile.lines import sum_over
from promise_engine._compile.listing import Listing
from promise_engine._compile.money import leg_costs, price_of
from promise_engine._compile.parcels import Packer
from promise_engine._compile.request import CompiledRequest, money_of_services, services_of
from promise_engine._compile.rules import concerns, site_ranks
from promise_engine._compile.working_time import int64
from promise_engine._kernels._tables import in_block
from promise_engine.errors import Reason
from promise_engine.models.carrier import Route
from promise_engine.models.pricing import TariffPrice
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine._compile.carrier import Way
    from promise_engine._compile.lines import LineKey
    from promise_engine._compile.money import LegCosts
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.parcels import Packed
    from promise_engine._compile.places import Located
    from promise_engine.models.carrier import CarrierService
    from promise_engine.models.policy import DeliveryMethod, LineService, Restriction

_DAYS = np.array([0, 1, 1, 0])  # which columns of dated surcharges are days


class Plan(NamedTuple):
    """All tasks of a request, and the reasons of methods that have none."""

    tables: Tasks
    targets: Targets
    chosen_places: list[int]
    methods: list[DeliveryMethod]
    direct_reasons: dict[int, Reason]


class TasksOfParts(NamedTuple):
    """What of the tasks is about the lines, for several parts of a basket; fields as in `Tasks`."""

    site_reason: np.ndarray  # (K, N, S)
    reason_idx: np.ndarray  # (P,) which of these
    sourcing_reason: np.ndarray  # (P, N)
    parcels: np.ndarray  # (P, N)
    service_price: np.ndarray  # (P,)
    transport: np.ndarray  # (P, N)
    surcharge: np.ndarray  # (P, N)
    transfer: np.ndarray  # (P, N)
    service_cost: np.ndarray  # (P,) preparation of line services
    dated_ptr: np.ndarray  # (P, N+1) into the next
    dated: np.ndarray  # (n, 4) leg, numbers of the first and last day, amount


class _Standing(NamedTuple):
    """Why sites do not serve a task, whatever the lines."""

    place: int  # of the destination, the same for every site
    hidden: np.ndarray  # reasons that come before a restriction, by site; 0 without
    candidates: np.ndarray


class SiteCosts(NamedTuple):
    """What preparation costs at each site, in minor units."""

    shipment: np.ndarray
    unit: np.ndarray
    parcel: np.ndarray


class _Lines(NamedTuple):
    """What of the lines of several parts decides parcels, restrictions and tariffs."""

    request: CompiledRequest
    has: np.ndarray  # (P, L) which lines are in which part
    packer: Packer
    costs: dict[tuple[str, str | None, bytes, bytes], LegCosts]  # of a tariff, in a zone, of parcels

    def has_tags(self, tags: list[str]) -> np.ndarray:
        """Which parts have a line with some of the tags (P,)."""
        return sum_over(self.has, [not line.labels.tags.isdisjoint(tags) for line in self.request.lines]) > 0


class _Task(NamedTuple):
    """One (method, target, way) with what several parts ask for before the clock starts: each array is (P,)."""

    is_unknown: np.ndarray  # whether parcels need a weight or size that nobody gives
    reason: np.ndarray
    parcels: np.ndarray
    transport: np.ndarray
    surcharge: np.ndarray
    transfer: np.ndarray
    dated: list[tuple[int, int, int, int, int]]  # part, leg, first day, last day, amount


class Planner:
    """Prepares the tasks of one request, for its basket or for some of its lines."""

    def __init__(self, network: CompiledNetwork, request: CompiledRequest) -> None:
        self.network = network
        self.request = request
        self._listing = Listing(network, request)
        self._zones: dict[tuple[str, int], str | None] = {}
        self._standing: dict[tuple[int, int, int], _Standing] = {}
        self._hidden: dict[tuple[int, str], np.ndarray] = {}
        self._prices: dict[tuple[str, str | None], int | None] = {}
        self._tariffs = {tariff.id: tariff for tariff in network.model.tariffs}
        self._tables_of: dict[tuple[tuple[LineKey, int], ...], Tasks] = {}

    def plan(self) -> Plan:
        """Every task, in the order of methods, targets and ways."""
        listing = self._listing
        listing.fill()
        self.methods, self.targets, self._spots = listing.methods, listing.targets, listing.spots
        tables = self.tables_of(self.request)
        return Plan(tables, listing.targets, listing.chosen_places, listing.methods, listing.direct_reasons)

    def tables_of(self, request: CompiledRequest) -> Tasks:
        """The tasks of the plan for a basket, the whole one or some of its lines; prepared once for each."""
        lines = tuple((line.key, line.units) for line in request.lines)
        if lines not in self._tables_of:
            count = max([len(request.lines) - 1, *(piece.line for piece in request.pieces)]) + 1
            parts, costs = self.tasks_of(request, np.ones((1, count), np.uint8)), self.site_costs
            units = sum(line.handled for line in request.lines)
            self._tables_of[lines] = in_block(
                self._without_lines(parts.dated)._replace(
                    site_reason=parts.site_reason[0],
                    sourcing_reason=parts.sourcing_reason[0],
                    parcels=parts.parcels[0],
                    service_price=parts.service_price,
                    transport=parts.transport[0],
                    surcharge=parts.surcharge[0],
                    transfer=parts.transfer[0],
                    preparation=costs.shipment + costs.unit * units + parts.service_cost[0],
                    dated_ptr=parts.dated_ptr[0],
                )
            )
        return self._tables_of[lines]

    def scratch(self, parts: TasksOfParts) -> Tasks:
        """Tasks of which what is about the lines is written later, for each of several parts."""
        return self._undated if not len(parts.dated) else in_block(self._without_lines(parts.dated))

    @cached_property
    def _undated(self) -> Tasks:
        return in_block(self._without_lines(np.empty((0, 4), np.int64)))

    def _without_lines(self, dated: np.ndarray) -> Tasks:
        tasks, sites = len(self._listing.listed), len(self.network.sites)
        leg, first_day, last_day, amount = (dated - self.network.period.first_day * _DAYS).T.copy()
        return self._fixed._replace(
            site_reason=np.empty((tasks, sites), np.int64),
            sourcing_reason=np.empty(tasks, np.int64),
            parcels=np.empty(tasks, np.int64),
            service_price=np.empty(1, np.int64),
            transport=np.empty(tasks, np.int64),
            surcharge=np.empty(tasks, np.int64),
            transfer=np.empty(tasks, np.int64),
            preparation=np.empty(sites, np.int64),
            dated_ptr=np.empty(tasks + 1, np.int64),
            dated_leg=leg,
            dated_first_day=first_day,
            dated_last_day=last_day,
            dated_amount=amount,
        )

    @cached_property
    def _fixed(self) -> Tasks:
        """Tasks with all that is about no lines."""
        tasks, sites = len(self._listing.listed), len(self.network.sites)
        number, target, way = int64(self._listing.listed).reshape(tasks, 3).T.copy()
        methods = [self.methods[each] for each in number.tolist()]
        prices = [self._price(*each) for each in zip(methods, target.tolist(), strict=True)]
        percent, amount = int64([self._margin(method) for method in methods]).reshape(tasks, 2).T.copy()
        ranks = [self._ranks(*each) for each in zip(number.tolist(), target.tolist(), strict=True)]
        unknown = dict.fromkeys(Tasks._fields, np.empty(0, np.int64))
        known = {
            "method_idx": number,
            "target_idx": target,
            "way_idx": way,
            "site_rank": np.array(ranks, np.int64).reshape(tasks, sites),
            "price": int64([-1 if price is None else price for price in prices]),
            "price_percent": percent,
            "price_amount": amount,
            "packaging": self.site_costs.parcel,
        }
        return Tasks(**unknown | known)

    def tasks_of(self, request: CompiledRequest, has: np.ndarray) -> TasksOfParts:
        """What parts of a basket ask for; `has` (P, L) says which lines are in which."""
        lines = _Lines(request, has, Packer(self.network, request.pieces, has), {})
        tasks, parts = [self._task(lines, *listed) for listed in self._listing.listed], len(has)

        def by_part(columns: list[np.ndarray]) -> np.ndarray:
            return np.array(columns, np.int64).reshape(len(tasks), parts).T.copy()

        dated = sorted((part, number, *rest) for number, task in enumerate(tasks) for part, *rest in task.dated)
        counts = np.zeros(parts * len(tasks) + 1, np.int64)
        for part, number, *_ in dated:
            counts[part * len(tasks) + number + 1] += 1
        begins = np.arange(parts)[:, None] * len(tasks) + np.arange(len(tasks) + 1)
        is_unknown = by_part([task.is_unknown for task in tasks]) != 0
        site_reason, reason_idx = self._reasons(lines, is_unknown)
        price, cost = money_of_services(request, self.network)
        return TasksOfParts(
            site_reason,
            reason_idx,
            sourcing_reason=by_part([task.reason for task in tasks]),
            parcels=by_part([np.maximum(task.parcels, 1) for task in tasks]),
            service_price=sum_over(has, price),
            transport=by_part([task.transport for task in tasks]),
            surcharge=by_part([task.surcharge for task in tasks]),
            transfer=by_part([task.transfer for task in tasks]),
            service_cost=sum_over(has, cost),
            dated_ptr=np.cumsum(counts)[begins],
            dated=np.array([rest for _, _, *rest in dated], np.int64).reshape(len(dated), 4),
        )

    def _task(self, lines: _Lines, number: int, target: int, way_idx: int) -> _Task:
        way, method = self.network.ways[way_idx], self.methods[number]
        packed = lines.packer.packed(way_idx, int(self.targets.place_idx[target]))
        reason, (transport, surcharge) = packed.reason.copy(), np.zeros((2, len(lines.has)), np.int64)
        dated: list[tuple[int, int, int, int, int]] = []
        limits = [service.max_parcels for service in self._services(way)] + [method.max_parcels]
        most = min((limit for limit in limits if limit is not None), default=NEVER)
        if way.id:
            reason[(reason == 0) & (packed.parcel_count > most)] = Reason.TOO_MANY_PARCELS
        for leg, costs in self._leg_costs(lines, way, target, packed):
            reason[(reason == 0) & ~costs.is_priced] = Reason.NO_TARIFF
            transport += costs.transport
            surcharge += costs.surcharge
            dated += [(part, leg, first, last, amount) for part, first, last, amount in costs.dated]
        transport[reason != 0] = surcharge[reason != 0] = 0
        dated = [entry for entry in dated if reason[entry[0]] == 0]
        transfer = packed.parcel_count * 0
        if isinstance(way.model, Route):
            transfer = packed.parcel_count * self.request.money.minor(way.model.transfer_cost, None)
        is_unknown = packed.reason == Reason.UNKNOWN_SIZE
        return _Task(is_unknown, reason, packed.parcel_count, transport, surcharge, transfer, dated)

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

    def _leg_costs(self, lines: _Lines, way: Way, target: int, packed: Packed) -> Iterator[tuple[int, LegCosts]]:
        """The costs of the legs that have a tariff, each with its number."""
        for number, service in enumerate(self._services(way)):
            if service.tariff is None:
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
            key = tariff.id, zone, packed.parcels.tobytes(), packed.parcel_count.tobytes()
            if key not in lines.costs:
                lines.costs[key] = leg_costs(tariff, zone, packed, lines.has_tags, lines.request.money)
            yield number, lines.costs[key]

    def _reasons(self, lines: _Lines, is_unknown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Reasons by task and site (K, N, S), and which of them are those of each part; `is_unknown` is (P, N)."""
        asked = lines.request.lines
        rules = [rule for rule in self.network.model.restrictions if any(concerns(rule, line.labels) for line in asked)]
        services = list({service.id: service for _, service in services_of(asked, self.network)}.values())
        concerned = [sum_over(lines.has, [concerns(rule, line.labels) for line in asked]) > 0 for rule in rules]
        served = [sum_over(lines.has, [service.id in line.services for line in asked]) > 0 for service in services]
        differing = np.stack([*concerned, *served, *is_unknown.T], axis=1) if len(is_unknown.T) else is_unknown
        kinds, reason_idx = np.zeros((1, differing.shape[1]), np.bool_), np.zeros(len(lines.has), np.int64)
        if differing.any():
            kinds, reason_idx = np.unique(differing, axis=0, return_inverse=True)
        reasons = [
            self._site_reasons(
                lines,
                [rule for rule, is_met in zip(rules, kind, strict=False) if is_met],
                [service for service, is_met in zip(services, kind[len(rules) :], strict=False) if is_met],
                kind[len(rules) + len(services) + number],
                *listed,
            )
            for kind in kinds.tolist()
            for number, listed in enumerate(self._listing.listed)
        ]
        shape = len(kinds), len(self._listing.listed), len(self.network.sites)
        return np.array(reasons, np.int64).reshape(shape), reason_idx.reshape(-1)

    def _site_reasons(
        self, lines: _Lines, restrictions: list[Restriction], services: list[LineService], is_unknown: bool,
        number: int, target: int, way_idx: int,
    ) -> np.ndarray:  # fmt: skip
        """First reason before stock is asked, by site; -1 where the site is no candidate."""
        key = (number, target, way_idx)
        if key not in self._standing:
            self._standing[key] = self._standing_reasons(*key)
        standing, refused = self._standing[key], lines.request.refused
        reasons = np.full(len(self.network.sites), standing.place, np.int64)
        way, network = self.network.ways[way_idx], self.network
        if services:
            last = self._services(way)[-1] if way.services else None
            reasons[unserving_sites(services, last, network)] = Reason.LINE_SERVICE_NOT_OFFERED
        if restrictions:
            sent = Sent(self.methods[number].id, lines.request.channel.id, way, self._spots[target])
            reasons[restricted_sites(restrictions, sent, network)] = Reason.RESTRICTED
        reasons = np.where(standing.hidden != 0, standing.hidden, reasons)
        if is_unknown:
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
    def site_costs(self) -> SiteCosts:
        """What preparation and packaging cost at each site."""
        sites, minor = self.network.sites, cache(lambda amount: self.request.money.minor(amount, None))
        return SiteCosts(
            int64([minor(site.preparation_cost) for site in sites]),
            int64([minor(site.preparation_cost_per_unit) for site in sites]),
            int64([minor(site.packaging_cost) for site in sites]),
        )
