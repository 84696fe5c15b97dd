"""Wall-clock times that do not exist when clocks go forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine.check._clock import clock_text
from promise_engine.check._schedules import open_dates
from promise_engine.models._base import WEEKDAYS
from promise_engine.units import DAY_SECONDS, NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.check._facts import Dates, Facts
    from promise_engine.inputs.paths import Loc
    from promise_engine.models._base import DayTime, WallTime
    from promise_engine.models.carrier import Delivery
    from promise_engine.models.site import OrderCutOff


class _Gap(NamedTuple):
    """Wall-clock seconds of a date, from `start` to `end`, that a change of clocks leaves out."""

    day: int
    start: int
    end: int


class _Gaps:
    """The changes of each time zone that leave out wall-clock times, and what falls into them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[str, list[_Gap]] = {}
        self._told: set[Loc] = set()

    def of(self, zone_name: str) -> list[_Gap]:
        """The gaps of a time zone on dates that matter."""
        if zone_name not in self._known:
            zone = self._facts.compiled.calendars.zone(zone_name)
            before = [zone.offset_first, *zone.offset_after]
            first_day = self._facts.compiled.period.first_day
            gaps = []
            for at, old, new in zip(zone.change_at, before, zone.offset_after, strict=False):
                day, start = divmod(at + old, DAY_SECONDS)
                if new > old and self._facts.first <= day - first_day <= self._facts.last:
                    gaps.append(_Gap(day - first_day, start, start + new - old))
            self._known[zone_name] = gaps
        return self._known[zone_name]

    def try_time(self, loc: Loc, seconds: int, dates: Dates, zone_name: str, *, ends: bool = False) -> None:
        """Tell once if a time, counted from the midnight of its dates, falls into a gap. An interval may end where a
        gap begins: that instant is the change itself."""
        for gap in self.of(zone_name):
            for day in range(gap.day - seconds // DAY_SECONDS - 1, gap.day - seconds // DAY_SECONDS + 2):
                inside = gap.start <= (day - gap.day) * DAY_SECONDS + seconds < gap.end
                at_start = (day - gap.day) * DAY_SECONDS + seconds == gap.start
                if (
                    inside
                    and not (ends and at_start)
                    and 0 <= day < len(dates)
                    and dates[day]
                    and loc not in self._told
                ):
                    self._told.add(loc)
                    self._tell(loc, seconds, gap, zone_name)

    def _tell(self, loc: Loc, seconds: int, gap: _Gap, zone_name: str) -> None:
        value = f"{clock_text(seconds)} on {self._facts.date(gap.day)} in {zone_name}"
        words = f"a time that exists: clocks go from {clock_text(gap.start)} to {clock_text(gap.end)}, it is read later"
        self._facts.findings.warn(loc, value, words, "no_such_time")


def check_hours(facts: Facts) -> None:
    """Opening hours, of any calendar at any place that uses it, that begin or end where clocks jump."""
    gaps = _Gaps(facts)
    for use in facts.uses:
        if use.time_zone is None:
            continue
        rules = facts.compiled.calendars.resolved(use.calendar, use.region).rules
        loc = (*facts.loc("calendars", use.calendar), "hours")
        for gap in gaps.of(use.time_zone):
            for day in (gap.day - 1, gap.day):
                dates = np.arange(len(rules)) == day
                for hours in rules[day].hours or ():
                    gaps.try_time(loc, hours.start, dates, use.time_zone)
                    gaps.try_time(loc, hours.end, dates, use.time_zone, ends=True)


def check_site_times(facts: Facts) -> None:
    """Order cut-offs, hours of readiness and cut-offs of stores that fall where clocks jump on a working day."""
    gaps = _Gaps(facts)
    for i, site in enumerate(facts.network.sites):
        index = facts.compiled.site_index[site.id]
        zone = facts.zone_name(index)
        if site.preparation is None:
            continue
        base: Loc = ("sites", i, "preparation")
        working = facts.tables.working.opening_at[facts.tables.sites.preparation_idx[index]] < NEVER
        rules = [((*base, "order_cut_off"), site.preparation.order_cut_off)]
        handlings = [((*base, "handling", "ready"), site.preparation.handling)]
        for k, override in enumerate(site.preparation.overrides):
            rules.append(((*base, "overrides", k, "order_cut_off"), override.order_cut_off))
            handlings.append(
                ((*base, "overrides", k, "handling", "ready"), override.handling or site.preparation.handling)
            )
        store = site.store_collection
        if store is not None:
            rules.append((("sites", i, "store_collection", "order_cut_off"), store.order_cut_off))
            handlings.append(
                (("sites", i, "store_collection", "handling", "ready"), store.handling or site.preparation.handling)
            )
            if store.cut_off is not None:
                gaps.try_time(("sites", i, "store_collection", "cut_off"), store.cut_off, working, zone)
        for loc, seconds, dates in _cut_off_times(facts, rules, working):
            gaps.try_time(loc, seconds, dates, zone)
        for loc, handling in handlings:
            if isinstance(handling.ready, int):
                gaps.try_time(loc, handling.ready, working, zone)


def _cut_off_times(
    facts: Facts, rules: list[tuple[Loc, OrderCutOff | None]], working: Dates
) -> Iterator[tuple[Loc, WallTime, Dates]]:
    for loc, rule in rules:
        if rule is not None:
            for name, limit in rule.times.items():
                yield (*loc, "times", name), limit, working & (facts.weekday == WEEKDAYS.index(name))
            if rule.daily is not None:
                others = [WEEKDAYS.index(day) for day in WEEKDAYS if day not in rule.times]
                yield (*loc, "daily"), rule.daily, working & np.isin(facts.weekday, others)


def check_slot_times(facts: Facts) -> None:
    """Preparation slots that begin, end or close where clocks jump, on a date on which they exist."""
    gaps = _Gaps(facts)
    for i, site in enumerate(facts.network.sites):
        plan = site.preparation.plan if site.preparation else None
        if plan is None:
            continue
        index = facts.compiled.site_index[site.id]
        working = facts.tables.working.opening_at[facts.tables.sites.preparation_idx[index]] < NEVER
        for k, slot in enumerate(plan.slots):
            loc: Loc = ("sites", i, "preparation", "plan", "slots", k)
            dates = facts.listed(slot.weekdays, slot.dates, slot.valid_from, slot.valid_until) & working
            gaps.try_time((*loc, "start"), slot.start, dates, facts.zone_name(index))
            gaps.try_time((*loc, "end"), _counted(slot.end), dates, facts.zone_name(index), ends=True)
            if slot.use_by is not None:
                gaps.try_time((*loc, "use_by"), _counted(slot.use_by), dates, facts.zone_name(index))


def _counted(time: DayTime) -> int:
    return time.days * DAY_SECONDS + time.seconds


def check_collection_times(facts: Facts) -> None:
    """Cut-offs and departures of collections that fall where clocks jump, on a date on which they exist at a site."""
    gaps = _Gaps(facts)
    for number, collection in enumerate(facts.network.collections):
        for site in collection.sites:
            zone = facts.zone_name(facts.compiled.site_index[site])
            if not gaps.of(zone) or (collection.cut_off or collection.departure) is None:
                continue
            dates = facts.listed_collections[number] & np.any(
                [facts.open_days(site, s) for s in collection.services], axis=0
            )
            for field in ("cut_off", "departure"):
                time = getattr(collection, field)
                if time is not None:
                    gaps.try_time(("collections", number, field), _counted(time), dates, zone)


def check_arrival_times(facts: Facts) -> None:
    """Arrivals at stops, and hours from which parcels can be collected, that fall where clocks jump on an open date."""
    gaps = _Gaps(facts)
    for i, route in enumerate(facts.network.routes):
        for k, leg in enumerate(route.legs):
            for name in [leg.to] if leg.to else facts.stores_of(route.id):
                index, stop = facts.site(name)
                if leg.arrival is not None and stop.receiving is not None:
                    dates = open_dates(facts, stop.receiving, facts.compiled.located_sites[index].region)
                    gaps.try_time(("routes", i, "legs", k, "arrival"), leg.arrival, dates, facts.zone_name(index))
    for i, point in enumerate(facts.network.pickup_points):
        if point.available_from is not None:
            place = facts.compiled.place_index[point.id]
            zone = facts.compiled.time_zones[facts.tables.places.zone_idx[place]]
            dates = open_dates(facts, point.opening, facts.compiled.located_places[place].region)
            gaps.try_time(("pickup_points", i, "available_from"), point.available_from, dates, zone)


def check_window_times(facts: Facts) -> None:
    """Delivery windows that begin or end where clocks jump on a delivery day, in a zone of the network's places."""
    gaps = _Gaps(facts)
    zones = [name for name in facts.compiled.time_zones if gaps.of(name)]
    for i, service in enumerate(facts.network.services):
        _try_windows(facts, gaps, ("services", i, "delivery"), service.delivery, zones)
        for k, lane in enumerate(service.lanes):
            if lane.delivery is not None:
                _try_windows(facts, gaps, ("services", i, "lanes", k, "delivery"), lane.delivery, zones)


def _try_windows(facts: Facts, gaps: _Gaps, loc: Loc, delivery: Delivery, zones: list[str]) -> None:
    if "windows" not in delivery.model_fields_set:
        return
    days = np.asarray(facts.compiled.calendars.open_days(delivery.days, None), bool)
    for k, window in enumerate(delivery.windows):
        weekdays = [WEEKDAYS.index(day) for day in window.weekdays or WEEKDAYS]
        dates = days & np.isin(facts.weekday, weekdays)
        for zone in zones:
            gaps.try_time((*loc, "windows", k), window.hours.start, dates, zone)
            gaps.try_time((*loc, "windows", k), window.hours.end, dates, zone, ends=True)


CLOCK_CHANGES = (
    check_hours,
    check_site_times,
    check_slot_times,
    check_collection_times,
    check_arrival_times,
    check_window_times,
)
