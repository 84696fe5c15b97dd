"""What a request tries: every (method, target, way), with the reasons and the money that do not depend on the clock."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import Targets, Tasks
from promise_engine._compile.forbidding import hidden_sites
from promise_engine._compile.line_tasks import LineTasks
from promise_engine._compile.listing import Listing
from promise_engine._compile.money import SiteCosts, price_of
from promise_engine._compile.rules import site_ranks
from promise_engine._compile.working_time import int64
from promise_engine._kernels._tables import in_block
from promise_engine.errors import Reason
from promise_engine.models.pricing import TariffPrice

if TYPE_CHECKING:
    from promise_engine._compile.carrier import Way
    from promise_engine._compile.line_tasks import TasksOfParts
    from promise_engine._compile.lines import LineKey
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.places import Located
    from promise_engine._compile.request import CompiledRequest
    from promise_engine.models.carrier import CarrierService
    from promise_engine.models.policy import DeliveryMethod

_DAYS = np.array([0, 1, 1, 0])  # which columns of dated surcharges are days


class Plan(NamedTuple):
    """All tasks of a request, and the reasons of methods that have none."""

    tables: Tasks
    targets: Targets
    chosen_places: list[int]
    methods: list[DeliveryMethod]
    direct_reasons: dict[int, Reason]


class Standing(NamedTuple):
    """Why sites do not serve a task, whatever the lines."""

    place: int  # of the destination, the same for every site
    hidden: np.ndarray  # reasons that come before a restriction, by site; 0 without
    candidates: np.ndarray


class Planner:
    """Prepares the tasks of one request, for its basket or for some of its lines."""

    def __init__(self, network: CompiledNetwork, request: CompiledRequest) -> None:
        self.network = network
        self.request = request
        self.tariffs = {tariff.id: tariff for tariff in network.model.tariffs}
        self._listing = Listing(network, request)
        self._zones: dict[tuple[str, int], str | None] = {}
        self._standing: dict[tuple[int, int, int], Standing] = {}
        self._hidden: dict[tuple[int, str], np.ndarray] = {}
        self._prices: dict[tuple[str, str | None], int | None] = {}
        self._tables_of: dict[tuple[tuple[LineKey, int], ...], Tasks] = {}

    def plan(self) -> Plan:
        """Every task, in the order of methods, targets and ways."""
        listing = self._listing
        listing.fill()
        self.methods, self.targets, self.spots, self.listed = (
            listing.methods,
            listing.targets,
            listing.spots,
            listing.listed,
        )
        tables = self.tables_of(self.request)
        return Plan(tables, listing.targets, listing.chosen_places, listing.methods, listing.direct_reasons)

    def tables_of(self, request: CompiledRequest) -> Tasks:
        """The tasks of the plan for a basket, the whole one or some of its lines; prepared once for each."""
        lines = tuple((line.key, line.units) for line in request.lines)
        if lines not in self._tables_of:
            count = max([len(request.lines) - 1, *(piece.line for piece in request.pieces)]) + 1
            of_lines = self.whole if request is self.request else LineTasks(self, request)
            parts, costs = of_lines.of(np.ones((1, count), np.uint8)), self.site_costs
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

    @cached_property
    def whole(self) -> LineTasks:
        """What tasks ask for lines of the whole basket."""
        return LineTasks(self, self.request)

    def scratch(self, parts: TasksOfParts) -> Tasks:
        """Tasks of which what is about the lines is written later, for each of several parts."""
        return self._undated if not len(parts.dated) else in_block(self._without_lines(parts.dated))

    @cached_property
    def _undated(self) -> Tasks:
        return in_block(self._without_lines(np.empty((0, 4), np.int64)))

    def _without_lines(self, dated: np.ndarray) -> Tasks:
        tasks, sites = len(self.listed), len(self.network.sites)
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
        tasks, sites = len(self.listed), len(self.network.sites)
        number, target, way = int64(self.listed).reshape(tasks, 3).T.copy()
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

    def services(self, way: Way) -> list[CarrierService]:
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
        request, zone = self.request, self.zone(method.zone_set, target)
        if (method.id, zone) not in self._prices:
            self._prices[method.id, zone] = price_of(
                method, request.channel.id, request.model.segment, zone, request.basket_minor, request.money
            )
        return self._prices[method.id, zone]

    def zone(self, zone_set: str | None, target: int) -> str | None:
        """The zone of a target."""
        return self._zone_of(zone_set, target, self.spots[target]) if zone_set else None

    def zone_at(self, zone_set: str | None, stop: str) -> str | None:
        """The zone of a site at which a leg ends."""
        site = self.network.site_index[stop]
        return self._zone_of(zone_set, -1 - site, self.network.located_sites[site]) if zone_set else None

    def _zone_of(self, zone_set: str, key: int, located: Located) -> str | None:
        if (zone_set, key) not in self._zones:
            index = self.network.zone_sets[zone_set]
            number = index.resolve(located.spot)
            self._zones[zone_set, key] = index.zones[number - 1].id if number else None
        return self._zones[zone_set, key]

    def standing(self, number: int, target: int, way_idx: int) -> Standing:
        """Why sites do not serve a task, whatever the lines."""
        if (number, target, way_idx) not in self._standing:
            self._standing[number, target, way_idx] = self._standing_reasons(number, target, way_idx)
        return self._standing[number, target, way_idx]

    def _standing_reasons(self, number: int, target: int, way_idx: int) -> Standing:
        network, method = self.network, self.methods[number]
        way, tables = network.ways[way_idx], network.tables
        hidden = self._hidden_sites(number, self.spots[target].spot.country)
        candidates = (tables.sites.prepares != 0) & (tables.ways.from_site[way_idx] != 0)
        if not way.id:
            candidates &= np.arange(len(network.sites)) == tables.places.site_idx[self.targets.place_idx[target]]
        return Standing(self._place_reason(method, target, way, self._price(method, target)), hidden, candidates)

    def _hidden_sites(self, number: int, country: str) -> np.ndarray:
        """Reasons for which sites are not shown for a method and a destination's country; 0 where they are."""
        if (number, country) not in self._hidden:
            hidden = hidden_sites(self.request, self.methods[number], country, self.network)
            self._hidden[number, country] = hidden
        return self._hidden[number, country]

    def _place_reason(self, method: DeliveryMethod, target: int, way: Way, price: int | None) -> int:
        kind = self.request.model.destination.type
        if method.kind == "home":
            typed = [method.destination_types, self.services(way)[-1].destination_types]
            if any(types is not None and kind not in types for types in typed):
                return int(Reason.DESTINATION_TYPE_NOT_SERVED)
        outside = method.zones is not None and self.zone(method.zone_set, target) not in method.zones
        return int(Reason.OUTSIDE_ZONE) if outside or price is None else 0

    def _ranks(self, number: int, target: int) -> np.ndarray:
        """The rank of each site for a method and destination."""
        policy, channel = self.request.policy, self.request.channel.id
        known = self.network.site_ranks
        key = ("" if policy is None else policy.id, channel, self.methods[number].id, self.spots[target].spot.country)
        if key not in known:
            known[key] = site_ranks(policy, self.network.sites, *key[1:])
        return known[key]

    @cached_property
    def site_costs(self) -> SiteCosts:
        """What preparation and packaging cost at each site."""
        sites, money, known = self.network.sites, self.request.money, self.network.site_costs
        key = money.currency, money.rate(self.network.model.settings.currency)
        if key not in known:
            minor = cache(lambda amount: money.minor(amount, None))
            known[key] = SiteCosts(
                int64([minor(site.preparation_cost) for site in sites]),
                int64([minor(site.preparation_cost_per_unit) for site in sites]),
                int64([minor(site.packaging_cost) for site in sites]),
            )
        return known[key]
