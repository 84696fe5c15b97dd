"""Services, lanes, overlays, delivery days and windows, ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import Deliveries, Services, Ways
from promise_engine._compile.calendars import Region, holiday_keys, holidays_at, sources_at
from promise_engine._compile.working_time import int64, next_day_table
from promise_engine.models._base import WEEKDAYS
from promise_engine.models.carrier import HourTransit, Route
from promise_engine.units import day_number, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promise_engine._compile.calendars import HolidayKey, Period
    from promise_engine._compile.working_time import Calendars
    from promise_engine._compile.zones import ZoneSetIndex
    from promise_engine.models.carrier import CarrierService, Delivery, DeliveryWindow, Lane
    from promise_engine.models.pricing import TransportMode
    from promise_engine.models.working_time import HolidaySource

CHOICES = {"none": 0, "day": 1, "slot": 2}


class WindowRow(NamedTuple):
    """One delivery window: hours, the name it is counted under, capacity."""

    end: int
    start: int
    key: str
    capacity: int | None
    service: str


class DeliveryBuilder:
    """Interns delivery rules, their windows, and the windows of each date."""

    def __init__(self, calendars: Calendars, holiday_sources: Sequence[HolidaySource]) -> None:
        self._calendars = calendars
        self._period: Period = calendars.period
        self._holiday_sources = holiday_sources
        self._holidays: dict[Region, np.ndarray] = {}
        self._index: dict[tuple[str, Delivery], int] = {}
        self._models: list[Delivery] = []
        self._sets: dict[tuple[WindowRow, ...], int] = {}
        self._set_of_day: list[np.ndarray] = []
        self.windows: dict[WindowRow, int] = {}

    def intern(self, service: str, delivery: Delivery) -> int:
        """Position of the delivery rules of a service (or one of its lanes)."""
        key = (service, delivery)
        try:
            return self._index[key]
        except KeyError:
            self._index[key] = len(self._models)
        self._models.append(delivery)
        self._set_of_day.append(self._sets_by_day(service, delivery))
        return self._index[key]

    def _sets_by_day(self, service: str, delivery: Delivery) -> np.ndarray:
        """The window set of each date: of its weekday, or of the shortest exception that covers it."""
        period = self._period
        by_day: np.ndarray = self._week(service, delivery.windows)[period.weekdays]
        for exception in sorted(delivery.exceptions, key=lambda exception: exception.length)[::-1]:
            covered = period.within(exception.first, exception.end)
            by_day[covered] = self._week(service, exception.windows)[period.weekdays[covered]]
        return by_day

    def _week(self, service: str, windows: Sequence[DeliveryWindow]) -> np.ndarray:
        rows = [
            (_window_row(service, window), WEEKDAYS if window.weekdays is None else window.weekdays)
            for window in windows
        ]
        return int64([self._set_idx(tuple(sorted(row for row, on in rows if day in on))) for day in WEEKDAYS])

    def _set_idx(self, rows: tuple[WindowRow, ...]) -> int:
        for row in rows:
            self.windows.setdefault(row, len(self.windows))
        return self._sets.setdefault(rows, len(self._sets))

    def _is_holiday(self, region: Region) -> np.ndarray:
        if region not in self._holidays:
            named = holidays_at(self._holiday_sources, region, self._period, self._calendars.almanac)
            self._holidays[region] = self._period.holds(named)
        return self._holidays[region]

    def holiday_keys(self, regions: Iterable[Region]) -> set[HolidayKey]:
        """What the holidays of destinations in some regions are made of."""
        pairs = [(source, region) for region in regions for source in sources_at(self._holiday_sources, region)]
        return {key for source, region in pairs for key in holiday_keys(source, region, self._period)}

    def _open_dates(self, delivery: Delivery, holidays: np.ndarray) -> np.ndarray:
        """(regions, days): 1 on delivery days of the service that its holidays leave."""
        base = self._calendars.open_days(delivery.days, None)
        if delivery.on_holidays:
            return np.repeat(base[None, :], len(holidays), axis=0)
        worked = self._period.holds(delivery.worked_holidays)
        return np.where(holidays & ~worked, 0, base).astype(np.uint8)

    def table(self, regions: Sequence[Region]) -> Deliveries:
        """The delivery table for destinations of some regions."""
        sets = list(self._sets)
        holidays = np.array([self._is_holiday(region) for region in regions], bool)
        holidays = holidays.reshape(len(regions), self._period.day_count)
        windows = list(self.windows)
        limited = [row for row in windows if row.capacity is not None]
        slots = sorted({row[:3] for row in windows})
        return Deliveries(
            next_day=np.array(
                [next_day_table(self._open_dates(model, holidays)) for model in self._models], np.int32
            ).reshape(len(self._models), len(regions), self._period.day_count + 1),
            choice=int64([CHOICES[model.choice] for model in self._models]),
            waiting=np.array([model.waiting for model in self._models], np.uint8),
            length_seconds=int64([seconds(model.length) if model.length else 0 for model in self._models]),
            step_seconds=int64([seconds(model.step) for model in self._models]),
            set_of_day=np.array(self._set_of_day, np.int64).reshape(len(self._models), self._period.day_count),
            set_ptr=int64(np.cumsum([0, *(len(rows) for rows in sets)]).tolist()),
            window_idx=int64([self.windows[row] for rows in sets for row in rows]),
            window_start=int64([row.start for row in windows]),
            window_end=int64([row.end for row in windows]),
            window_room=int64([limited.index(row) if row.capacity is not None else -1 for row in windows]),
            window_slot=int64([slots.index(row[:3]) for row in windows]),
        )


def _window_row(service: str, window: DeliveryWindow) -> WindowRow:
    return WindowRow(window.hours.end, window.hours.start, window.key, window.capacity, service)


class LaneRow(NamedTuple):
    """One lane in integers."""

    in_hours: bool
    low: int
    high: int
    days_idx: int
    hours: tuple[int, ...]
    delivery_idx: int


def lane_row(
    service: CarrierService, lane: Lane, deliveries: DeliveryBuilder, calendars: Calendars, hours: list[int]
) -> LaneRow:
    """A lane's transit and delivery; `hours` is its working-time calendar at each site."""
    delivery_idx = deliveries.intern(service.id, lane.delivery or service.delivery)
    transit = lane.transit
    if isinstance(transit, HourTransit):
        low = transit.maximum if transit.minimum is None else transit.minimum
        return LaneRow(True, seconds(low), seconds(transit.maximum), 0, tuple(hours), delivery_idx)
    low_days = transit.maximum_days if transit.minimum_days is None else transit.minimum_days
    days_idx = calendars.days_idx(transit.network_days, None)
    return LaneRow(False, low_days, transit.maximum_days, days_idx, tuple(hours), delivery_idx)


def lane_matrix(service: CarrierService, zones: ZoneSetIndex | None, first_lane: int) -> list[int]:
    """Lane of each (origin zone, destination zone): one that names the origin beats one that does not, then the
    destination likewise; -1 where no lane fits. Destination zone 0 of a service with zones is nowhere."""
    count = zones.count if zones else 1
    matrix = [-1] * (count * count)
    exactness = [-1] * (count * count)
    for number, lane in enumerate(service.lanes):
        origins = range(count) if lane.origins is None or zones is None else [zones.position(z) for z in lane.origins]
        ends = (
            range(count)
            if lane.destinations is None or zones is None
            else [zones.position(z) for z in lane.destinations]
        )
        exact = 2 * (lane.origins is not None) + (lane.destinations is not None)
        for pair in (origin * count + end for origin in origins for end in ends):
            if exact > exactness[pair]:
                matrix[pair], exactness[pair] = first_lane + number, exact
    return matrix


def services_table(
    services: Sequence[CarrierService],
    zone_sets: dict[str, ZoneSetIndex],
    zone_set_index: dict[str, int],
    lanes: list[LaneRow],
    matrices: list[list[int]],
    modes: dict[str, TransportMode],
    period: Period,
    site_count: int,
) -> Services:
    """The service table."""
    overlays = [(s, overlay, zone) for s in services for overlay in s.overlays for zone in overlay.zones or (None,)]
    transport = [modes[service.transport] if service.transport else None for service in services]
    return Services(
        zone_set_idx=int64([zone_set_index[s.zone_set] if s.zone_set else -1 for s in services]),
        dispatch_last=np.array([s.dispatch == "last" for s in services], np.uint8),
        margin_seconds=int64([seconds(s.safety_margin) for s in services]),
        margin_days=int64([s.safety_margin_days for s in services]),
        overlay_ptr=int64(
            np.cumsum([0, *(sum(len(o.zones or (None,)) for o in s.overlays) for s in services)]).tolist()
        ),
        overlay_first_day=int64([day_number(o.first) - period.first_day for _, o, _ in overlays]),
        overlay_last_day=int64([day_number(o.end) - period.first_day for _, o, _ in overlays]),
        overlay_days=int64([o.add_days for _, o, _ in overlays]),
        overlay_on_arrival=np.array([o.keyed_on == "arrival" for _, o, _ in overlays], np.uint8),
        overlay_zone=int64(
            [
                -1 if zone is None or s.zone_set is None else zone_sets[s.zone_set].position(zone)
                for s, _, zone in overlays
            ]
        ),
        lane_ptr=int64(np.cumsum([0, *(len(matrix) for matrix in matrices)]).tolist()),
        zone_count=int64([zone_sets[s.zone_set].count if s.zone_set else 1 for s in services]),
        lane_of_pair=int64([lane for matrix in matrices for lane in matrix]),
        lane_in_hours=np.array([lane.in_hours for lane in lanes], np.uint8),
        lane_low=int64([lane.low for lane in lanes]),
        lane_high=int64([lane.high for lane in lanes]),
        lane_days_idx=int64([lane.days_idx for lane in lanes]),
        lane_hours_idx=int64([lane.hours for lane in lanes]).reshape(len(lanes), site_count),
        lane_delivery_idx=int64([lane.delivery_idx for lane in lanes]),
        intensity_milli=int64([int(mode.intensity * 1000) if mode else -1 for mode in transport]),
        detour_milli=int64([int(mode.detour * 1000) if mode else 1000 for mode in transport]),
    )


class Way(NamedTuple):
    """A service, a route, or (with no id) own store collection."""

    id: str
    model: CarrierService | Route | None

    @property
    def services(self) -> tuple[str, ...]:
        """The service of each leg."""
        if isinstance(self.model, Route):
            return tuple(leg.service for leg in self.model.legs)
        return (self.model.id,) if self.model else ()

    @property
    def stops(self) -> tuple[str, ...]:
        """The site at the end of each leg but the last."""
        legs = self.model.legs if isinstance(self.model, Route) else ()
        return tuple(leg.to for leg in legs if leg.to is not None)


def ways_table(
    ways: Sequence[Way], service_index: dict[str, int], site_index: dict[str, int], pattern_idx: np.ndarray
) -> Ways:
    """The way table. A route without `origins` is used by the sites with collections of its first leg."""
    routes = [way.model if isinstance(way.model, Route) else None for way in ways]
    rows: list[list[tuple[str, str | None, int | None, int]]] = []
    for way, route in zip(ways, routes, strict=True):
        if route is not None:
            rows.append([(leg.service, leg.to, leg.arrival, seconds(leg.turnaround)) for leg in route.legs])
        else:
            rows.append([(service, None, None, 0) for service in way.services])
    legs = [leg for row in rows for leg in row]
    return Ways(
        leg_ptr=int64(np.cumsum([0, *(len(row) for row in rows)]).tolist()),
        leg_service=int64([service_index[service] for service, *_ in legs]),
        leg_stop=int64([-1 if stop is None else site_index[stop] for _, stop, *_ in legs]),
        leg_arrival=int64([-1 if at is None else at for _, _, at, _ in legs]),
        leg_turnaround=int64([turnaround for *_, turnaround in legs]),
        to_store=np.array([route is not None and route.ends_at == "store" for route in routes], np.uint8),
        from_site=np.array([_uses(route, site_index, service_index, pattern_idx) for route in routes], np.uint8),
    )


def _uses(
    route: Route | None, site_index: dict[str, int], service_index: dict[str, int], pattern_idx: np.ndarray
) -> list[bool]:
    if route is None:
        return [True] * len(site_index)
    if route.origins is not None:
        return [site in route.origins for site in site_index]
    served = pattern_idx[:, service_index[route.legs[0].service]] >= 0
    return [bool(uses) for uses in served]
