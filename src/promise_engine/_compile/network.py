"""A network to arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from promise_engine import places as place_data
from promise_engine._arrays import MAX_SERVICES, MAX_SITES, NetworkTables, Places, Services, Sites
from promise_engine._compile.almanac import InstalledAlmanac
from promise_engine._compile.areas import named_spans
from promise_engine._compile.carrier import (
    DeliveryBuilder,
    LaneRow,
    Way,
    WindowRow,
    lane_matrix,
    lane_row,
    services_table,
    ways_table,
)
from promise_engine._compile.collections import Patterns
from promise_engine._compile.distance import metres_between
from promise_engine._compile.period import period_of
from promise_engine._compile.places import Located, coordinates, late_from
from promise_engine._compile.preparation import Slot, Variant, plan_slots, plans_table, variants_table
from promise_engine._compile.working_time import Calendars, Zone, clocks_table, int64
from promise_engine._compile.zones import AreaIndex, Spot, ZoneSetIndex
from promise_engine._kernels._tables import freeze, in_block
from promise_engine.errors import LimitError
from promise_engine.models.carrier import HourTransit
from promise_engine.units import seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from promise_engine._compile.almanac import Almanac
    from promise_engine._compile.areas import Span
    from promise_engine._compile.calendars import Period, Region
    from promise_engine._compile.money import SiteCosts
    from promise_engine.models.carrier import CarrierService
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.place import PickupPoint
    from promise_engine.models.site import Preparation, PreparationPlan, Site, Visibility


@dataclass
class CompiledNetwork:
    """The tables, and the names behind their positions."""

    model: NetworkDocument
    almanac: Almanac
    placed: tuple[date, date]  # dates (UTC) of the orders it answers
    tables: NetworkTables
    period: Period
    sites: list[Site]
    site_index: dict[str, int]
    services: list[CarrierService]
    service_index: dict[str, int]
    ways: list[Way]
    way_index: dict[str, int]
    regions: list[Region]
    region_index: dict[Region, int]
    time_zones: list[str]
    zone_sets: dict[str, ZoneSetIndex]
    located_sites: list[Located]
    points: list[PickupPoint]
    place_ids: list[str]
    place_index: dict[str, int]
    located_places: list[Located]
    calendars: Calendars
    deliveries: DeliveryBuilder
    restricted_areas: dict[str, AreaIndex]
    slots: list[Slot] = field(default_factory=list)
    slot_index: dict[tuple[str, int], int] = field(default_factory=dict)
    pool_rooms: dict[tuple[str, int, int], int] = field(default_factory=dict)
    pool_capacities: list[int] = field(default_factory=list)
    windows: list[WindowRow] = field(default_factory=list)
    place_coordinates: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))
    site_coordinates: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))
    place_zones: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.int64))
    area_codes: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # found when first asked for
    site_ranks: dict[tuple[str, str, str, str], np.ndarray] = field(default_factory=dict)  # found when first asked for
    site_costs: dict[tuple[str, Decimal], SiteCosts] = field(default_factory=dict)  # by currency and rate, as above
    _extended: dict[tuple[Spotted, ...], Reached] = field(default_factory=dict)

    def reach(self, spots: tuple[Spotted, ...]) -> Reached:
        """The tables with the time zones and holidays of some destinations, and their positions.

        Those of the countries that the network names are compiled with it; others when first asked for.
        """
        if all(spot.time_zone in self.time_zones and spot.region in self.region_index for spot in spots):
            zones = [self.time_zones.index(spot.time_zone) for spot in spots]
            return Reached(self.tables, zones, [self.region_index[spot.region] for spot in spots])
        if spots not in self._extended:
            self._extended[spots] = self._extend(spots)
        return self._extended[spots]

    def kind_of(self, spot: Spot) -> tuple[object, ...]:
        """What zones and restrictions tell apart in a spot: two of one kind are promised alike."""
        zones = [index.resolve(spot) for index in self.zone_sets.values()]
        return (*zones, *(index.holds(spot) for index in self.restricted_areas.values()))

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle holds: columns, without the addresses that kernels read them by."""
        return self.__dict__ | {"tables": self.tables.columns, "_extended": {}}  # type: ignore[attr-defined]

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Give the columns of a pickle addresses in this process."""
        self.__dict__ |= state | {"tables": in_block(freeze(state["tables"]))}

    @cached_property
    def shown_to_some(self) -> list[tuple[int, Visibility]]:
        """The sites that not every request is shown, by position."""
        shown = [(i, site.shown_to) for i, site in enumerate(self.sites)]
        return [(i, to) for i, to in shown if any(names is not None for names in vars(to).values())]

    @cached_property
    def point_of(self) -> dict[str, PickupPoint]:
        """The pickup points by their ids."""
        return {point.id: point for point in self.points}

    @cached_property
    def named_spans(self) -> dict[str, tuple[Span, ...]]:
        """Codes, prefixes and ranges that zones and restrictions name, by country."""
        of_zones = [areas for index in self.zone_sets.values() for areas in index.areas]
        return named_spans([*of_zones, *self.restricted_areas.values()])

    def _extend(self, spots: tuple[Spotted, ...]) -> Reached:
        names = list(dict.fromkeys([*self.time_zones, *(spot.time_zone for spot in spots)]))
        regions = list(dict.fromkeys([*self.regions, *(spot.region for spot in spots)]))
        clocks = clocks_table([Zone(name, self.period, self.almanac) for name in names])
        tables = self.tables._replace(clocks=clocks, deliveries=self.deliveries.table(regions))
        zones = [names.index(spot.time_zone) for spot in spots]
        return Reached(in_block(freeze(tables)), zones, [regions.index(spot.region) for spot in spots])


class Spotted(NamedTuple):
    """The clock and the holidays of a destination."""

    time_zone: str
    region: Region


class Reached(NamedTuple):
    """Tables that hold the clocks and holidays of some destinations."""

    tables: NetworkTables
    zones: list[int]
    regions: list[int]


def compile_network(
    model: NetworkDocument, almanac: Almanac | None = None, placed: tuple[date, date] | None = None
) -> CompiledNetwork:
    """All tables of a network that passed the reference checks, for orders of its validity or of some dates.

    What the tables need of libraries and data files is asked of the almanac alone, now and when requests are answered.
    """
    return _Compiler(model, almanac or InstalledAlmanac(), placed or (model.valid_from, model.valid_until)).compiled()


class _Compiler:
    def __init__(self, model: NetworkDocument, almanac: Almanac, placed: tuple[date, date]) -> None:
        for what, count, cap in (
            ("sites", len(model.sites), MAX_SITES),
            ("services", len(model.services), MAX_SERVICES),
        ):
            if count > cap:
                raise LimitError.of(what, count, f"at most {cap:,} {what}", code="limit")
        self.model = model
        self.placed = placed
        self.period = period_of(model, placed)
        self.almanac = almanac
        self.calendars = Calendars({calendar.id: calendar for calendar in model.calendars}, self.period, almanac)
        self.sites = sorted(model.sites, key=lambda site: site.id)
        self.site_index = {site.id: i for i, site in enumerate(self.sites)}
        self.services = sorted(model.services, key=lambda service: service.id)
        self.service_index = {service.id: i for i, service in enumerate(self.services)}
        ways = [Way(service.id, service) for service in model.services] + [Way(r.id, r) for r in model.routes]
        self.ways = [Way("", None), *sorted(ways, key=lambda way: way.id)]
        self.located = [almanac.locate(site.address) for site in self.sites]
        self.zone_names = [
            site.time_zone or found.time_zone or "UTC" for site, found in zip(self.sites, self.located, strict=True)
        ]
        self.zone_sets = {
            zone_set.id: ZoneSetIndex(zone_set) for zone_set in sorted(model.zone_sets, key=lambda z: z.id)
        }
        self.points = sorted(model.pickup_points, key=lambda point: point.id)
        self.variants: list[Variant] = []
        self._variant_of: dict[tuple[int, bool, tuple[int, ...]], int] = {}

    def compiled(self) -> CompiledNetwork:
        """Fill every table."""
        stores = [(site.id, i) for i, site in enumerate(self.sites) if site.store_collection]
        entries = sorted([(name, i, -1) for name, i in stores] + [(p.id, -1, i) for i, p in enumerate(self.points)])
        located_points = [self.almanac.locate(point.address) for point in self.points]
        located_places = [self.located[site] if site >= 0 else located_points[point] for _, site, point in entries]
        regions = self._regions(located_places)
        deliveries = DeliveryBuilder(self.calendars, self.model.settings.destination_holidays)
        services = self._services(deliveries)
        patterns = Patterns(self.calendars, {pool.id: pool for pool in self.model.collection_pools})
        sites = self._sites(patterns)
        plans = self._plans()
        places = self._places(entries, located_places, regions)
        columns = NetworkTables(
            working=self.calendars.working_table(),
            days=self.calendars.day_table(),
            sites=sites,
            variants=variants_table(self.variants, self.calendars),
            plans=plans_table(plans),
            collections=patterns.table(),
            services=services,
            deliveries=deliveries.table(regions),
            ways=ways_table(self.ways, self.service_index, self.site_index, sites.pattern_idx),
            places=places,
            clocks=self.calendars.clocks(),
            first_day=self.period.first_day,
            day_count=self.period.day_count,
        )
        slots = [slot for _, group in plans for slot in group]
        owners = [site.id for site, (_, group) in zip(self.sites, plans, strict=True) for _ in group]
        return CompiledNetwork(
            model=self.model, almanac=self.almanac, placed=self.placed,
            tables=in_block(freeze(columns)), period=self.period, sites=self.sites, site_index=self.site_index,
            services=self.services, service_index=self.service_index, ways=self.ways,
            way_index={way.id: i for i, way in enumerate(self.ways)}, regions=regions,
            region_index={region: i for i, region in enumerate(regions)}, time_zones=list(self.calendars.zones),
            zone_sets=self.zone_sets, located_sites=self.located, points=self.points,
            place_ids=[name for name, _, _ in entries], place_index={name: i for i, (name, _, _) in enumerate(entries)},
            located_places=located_places, calendars=self.calendars, slots=slots,
            slot_index={(owner, slot.written_at): i for i, (owner, slot) in enumerate(zip(owners, slots, strict=True))},
            pool_rooms=patterns.rooms, pool_capacities=patterns.capacities, windows=list(deliveries.windows),
            place_coordinates=coordinates(located_places), site_coordinates=coordinates(self.located),
            place_zones=self.service_zones(located_places), deliveries=deliveries,
            restricted_areas={r.id: AreaIndex(r.destinations) for r in self.model.restrictions if r.destinations},
        )  # fmt: skip

    def _regions(self, located_places: list[Located]) -> list[Region]:
        """Those of the places, and those of the countries that the network names; others are added when asked for."""
        countries = {located.region.country for located in (*self.located, *located_places)}
        areas = [area for zone_set in self.model.zone_sets for zone in zone_set.zones for area in zone.areas]
        for area in areas:
            countries.update(area.countries)
            for prefix in area.prefixes:
                countries.update(country for country, _ in place_data.expand_prefix(area.countries[0], prefix))
            for code in (*area.postal_codes, *(first for first, _ in area.ranges)):
                countries.add(place_data.normalise(area.countries[0], code)[0])
        regions = {located.region for located in located_places} | self.almanac.regions(countries)
        return sorted(regions, key=lambda region: (region.country, region.subdivision or ""))

    def _services(self, deliveries: DeliveryBuilder) -> Services:
        lanes: list[LaneRow] = []
        matrices: list[list[int]] = []
        for service in self.services:
            matrices.append(lane_matrix(service, self.zone_sets.get(service.zone_set or ""), len(lanes)))
            for lane in service.lanes:
                name = lane.transit.hours if isinstance(lane.transit, HourTransit) else None
                hours = [-1 if name is None else self._working(name, i) for i in range(len(self.sites))]
                lanes.append(lane_row(service, lane, deliveries, self.calendars, hours))
        modes = {mode.id: mode for mode in self.model.transport_modes}
        zone_set_index = {name: i for i, name in enumerate(self.zone_sets)}
        return services_table(
            self.services, self.zone_sets, zone_set_index, lanes, matrices, modes, self.period, len(self.sites)
        )

    def _working(self, name: str, site: int) -> int:
        return self.calendars.working_idx(name, self.located[site].region, self.zone_names[site])

    def _workings(self, names: Sequence[str | None]) -> np.ndarray:
        """Working-time calendar of each site, -1 where there is none."""
        return int64([self._working(name, i) if name else -1 for i, name in enumerate(names)])

    def _variant(self, site: int, service: str | None) -> int:
        """Preparation variant of a site: for own store collection when no service is given."""
        preparation = self.sites[site].preparation
        if preparation is None:
            return -1
        matched = tuple(i for i, override in enumerate(preparation.overrides) if service in override.services)
        key = (site, service is None, matched)
        if key not in self._variant_of:
            self._variant_of[key] = len(self.variants)
            self.variants.append(self._new_variant(site, preparation, matched, own=service is None))
        return self._variant_of[key]

    def _new_variant(self, site: int, preparation: Preparation, matched: tuple[int, ...], *, own: bool) -> Variant:
        cut_off, handling, uses_plan = preparation.order_cut_off, preparation.handling, True
        collection = self.sites[site].store_collection
        if own and collection is not None:
            cut_off, handling = collection.order_cut_off or cut_off, collection.handling or handling
            uses_plan = collection.capacity
        for override in (preparation.overrides[i] for i in matched):
            cut_off, handling = override.order_cut_off or cut_off, override.handling or handling
        zone = self.calendars.zone(self.zone_names[site])
        return Variant(site, self._working(preparation.calendar, site), zone, cut_off, handling, uses_plan)

    def _sites(self, patterns: Patterns) -> Sites:
        models, count = self.sites, len(self.sites)
        collections = [site.store_collection for site in models]
        stop_ids = sorted({leg.to for route in self.model.routes for leg in route.legs if leg.to})
        stops = [self.site_index[name] for name in stop_ids]
        spots = coordinates(self.located)
        return Sites(
            zone_idx=int64([self.calendars.zone_idx(name) for name in self.zone_names]),
            prepares=np.array([site.preparation is not None for site in models], np.uint8),
            preparation_idx=self._workings([s.preparation.calendar if s.preparation else None for s in models]),
            receiving_idx=self._workings([site.receiving for site in models]),
            opening_idx=self._workings([c.opening if c else None for c in collections]),
            collection_variant_idx=int64([self._variant(i, None) for i in range(count)]),
            collection_cut_off=int64([late_from(collection) for collection in collections]),
            collection_step=int64([seconds(c.step) if c else 1 for c in collections]),
            hold_days=int64([c.hold_days if c else 0 for c in collections]),
            margin_seconds=int64([seconds(site.safety_margin) for site in models]),
            margin_days=int64([site.safety_margin_days for site in models]),
            variant_idx=np.array(
                [[self._variant(i, service.id) for service in self.services] for i in range(count)], np.int64
            ).reshape(count, len(self.services)),
            pattern_idx=self._patterns(patterns),
            service_zone=self.service_zones(self.located),
            stop_row=int64([stops.index(i) if i in stops else -1 for i in range(count)]),
            stop_metres=np.array([metres_between(spots, spots[stop]) for stop in stops], np.int64).reshape(-1, count),
        )  # fmt: skip

    def _patterns(self, patterns: Patterns) -> np.ndarray:
        table = np.full((len(self.sites), len(self.services)), -1, np.int64)
        carriers = {carrier.id: carrier for carrier in self.model.carriers}
        pairs: dict[tuple[str, str], list[int]] = {}
        for number, collection in enumerate(self.model.collections):
            for pair in ((site, service) for site in collection.sites for service in collection.services):
                pairs.setdefault(pair, []).append(number)
        for (site_id, service_id), numbers in pairs.items():
            site, service = self.site_index[site_id], self.service_index[service_id]
            model, region = self.sites[site], self.located[site].region
            preparation = model.preparation
            dispatch = (preparation.dispatch or preparation.calendar) if preparation else model.receiving
            carrier = carriers[self.services[service].carrier]
            table[site, service] = patterns.intern(
                [(number, self.model.collections[number]) for number in numbers],
                self.zone_names[site],
                self.calendars.open_days(dispatch, region),
                self.calendars.open_days(carrier.collection_days, region),
            )
        return table

    def service_zones(self, located: list[Located]) -> np.ndarray:
        """(places, services): the zone of each place in each service's zone set."""
        by_set = {name: index.resolved([place.spot for place in located]) for name, index in self.zone_sets.items()}
        none = [0] * len(located)
        columns = [by_set[s.zone_set] if s.zone_set else none for s in self.services]
        return np.ascontiguousarray(int64(columns).reshape(len(self.services), len(located)).T)

    def _plans(self) -> list[tuple[PreparationPlan | None, list[Slot]]]:
        plans: list[tuple[PreparationPlan | None, list[Slot]]] = []
        for i, site in enumerate(self.sites):
            preparation = site.preparation
            if preparation is None or preparation.plan is None:
                plans.append((None, []))
                continue
            working, zone = self._working(preparation.calendar, i), self.calendars.zone(self.zone_names[i])
            plans.append((preparation.plan, plan_slots(preparation.plan, working, zone, self.calendars)))
        return plans

    def _places(self, entries: list[tuple[str, int, int]], located: list[Located], regions: list[Region]) -> Places:
        index = {region: i for i, region in enumerate(regions)}
        zones, openings, available, hold, rooms, limited = [], [], [], [], [], 0
        for (_, site, point), found in zip(entries, located, strict=True):
            collection = self.sites[site].store_collection if site >= 0 else None
            if collection is not None:
                name, opening = self.zone_names[site], collection.opening
                available.append(-1)
                hold.append(collection.hold_days)
                rooms.append(-1)
            else:
                model = self.points[point]
                name, opening = model.time_zone or found.time_zone or "UTC", model.opening
                available.append(-1 if model.available_from is None else model.available_from)
                hold.append(model.hold_days)
                rooms.append(-1 if model.daily_capacity is None else limited)
                limited += model.daily_capacity is not None
            zones.append(self.calendars.zone_idx(name))
            openings.append(self.calendars.working_idx(opening, found.region, name))
        return Places(
            site_idx=int64([site for _, site, _ in entries]),
            zone_idx=int64(zones),
            region_idx=int64([index[found.region] for found in located]),
            opening_idx=int64(openings),
            available_seconds=int64(available),
            hold_days=int64(hold),
            room_idx=int64(rooms),
        )
