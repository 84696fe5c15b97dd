"""Cut-offs that cannot be met: of orders, of collections, of stores."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine.check._clock import OpenTime, clock_text, local_text
from promise_engine.models._base import WEEKDAYS
from promise_engine.units import DAY_SECONDS, NEVER, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.check._facts import Facts
    from promise_engine.inputs.paths import Loc
    from promise_engine.models._base import WallTime
    from promise_engine.models.carrier import Collection
    from promise_engine.models.site import Handling, OrderCutOff, Preparation


class _Kept(NamedTuple):
    """An order cut-off, and how what it lets in is prepared for each of its services."""

    loc: Loc
    rule: OrderCutOff
    services: list[tuple[str, Handling]]


class _Missed(NamedTuple):
    """The last order of a day that misses the last collection of that day."""

    accepted_at: int
    ready_at: int
    collected_at: int


def check_order_cut_offs(facts: Facts) -> None:
    """An order of one line and unit, placed a second before the cut-off of a weekday, is on no ordinary date ready for
    a collection before the next opening, although one released at the opening is. A cut-off that lies itself after
    that collection has its own code."""
    for name in facts.compiled.site_index:
        index, site = facts.site(name)
        if site.preparation is None:
            continue
        bench = _Bench(facts, index, site.preparation.calendar)
        for kept in _kept(facts, name, site.preparation):
            for key, limit, weekdays in _by_time(kept.rule):
                tried = {day: bench.missed(kept, WEEKDAYS.index(day), limit) for day in weekdays}
                missed = {day: found for day, found in tried.items() if found is not None}
                if missed:
                    _report(facts, bench, (*kept.loc, key), limit, missed)


def check_cut_offs_on_working_days(facts: Facts) -> None:
    """An order cut-off of a weekday on which the site works on no date: it decides nothing, often a wrong weekday."""
    for i, site in enumerate(facts.network.sites):
        preparation = site.preparation
        if preparation is None:
            continue
        calendar = int(facts.tables.sites.preparation_idx[facts.compiled.site_index[site.id]])
        days = OpenTime(facts.tables.working, calendar).working_days
        worked = {int(facts.weekday[day]) for day in days if facts.first <= day <= facts.last}
        base: Loc = ("sites", i, "preparation")
        rules = [(base, preparation.order_cut_off)]
        rules += [((*base, "overrides", k), override.order_cut_off) for k, override in enumerate(preparation.overrides)]
        for loc, rule in rules:
            for day, limit in rule.times.items() if rule is not None else ():
                if worked and WEEKDAYS.index(day) not in worked:  # a site that never works has its own warning
                    words = f"a weekday on which {site.id} works, by calendar {preparation.calendar}"
                    path = (*loc, "order_cut_off", "times", day)
                    facts.findings.warn(path, clock_text(limit), words, "cut_off_never_worked")


def _report(facts: Facts, bench: _Bench, loc: Loc, limit: int, missed: dict[str, _Missed]) -> None:
    first = min(missed.values(), key=lambda found: found.accepted_at)
    late = first.accepted_at > first.collected_at
    zone = bench.time_zone
    value = f"{clock_text(limit)} on {', '.join(missed)}"
    times = [local_text(at, zone) for at in (first.accepted_at, first.ready_at, first.collected_at)]
    aim = "lies before the last collection" if late else "leaves time to be ready for the last collection"
    words = (
        f"an order cut-off that {aim} of the day (accepted {times[0]}, ready {times[1]}, collected until {times[2]})"
    )
    path = (*loc[:-1], "times", loc[-1]) if loc[-1] != "daily" else loc
    facts.findings.warn(path, value, words, "cut_off_after_last_collection" if late else "cut_off_unmet")


def _kept(facts: Facts, site: str, preparation: Preparation) -> Iterator[_Kept]:
    """The order cut-offs of a site, each with the services that it holds for; the last override that fits wins."""
    base: Loc = (*facts.loc("sites", site), "preparation")
    rules: dict[Loc, _Kept] = {}
    for service in sorted(service for owner, service in facts.used_pairs if owner == site):
        loc, rule, handling = (*base, "order_cut_off"), preparation.order_cut_off, preparation.handling
        for k, override in enumerate(preparation.overrides):
            if service in override.services:
                handling = override.handling or handling
                if override.order_cut_off is not None:
                    loc, rule = (*base, "overrides", k, "order_cut_off"), override.order_cut_off
        if rule is not None:
            rules.setdefault(loc, _Kept(loc, rule, [])).services.append((service, handling))
    yield from rules.values()


def _by_time(rule: OrderCutOff) -> Iterator[tuple[str, WallTime, list[str]]]:
    """Each time of an order cut-off with its weekdays."""
    for day, limit in rule.times.items():
        yield day, limit, [day]
    if rule.daily is not None:
        yield "daily", rule.daily, [day for day in WEEKDAYS if day not in rule.times]


class _Bench:
    """The preparation of one site, tried with the smallest order while nothing is committed."""

    def __init__(self, facts: Facts, site: int, calendar: str) -> None:
        tables = facts.tables
        self._facts, self._site = facts, site
        self.time_zone = facts.zone_name(site)
        self._zone = facts.compiled.calendars.zones[self.time_zone]
        self._open = OpenTime(tables.working, int(tables.sites.preparation_idx[site]))
        rows = slice(int(tables.plans.slot_ptr[site]), int(tables.plans.slot_ptr[site + 1]))
        self._has_plan = bool(tables.plans.has_plan[site])
        self._start, self._end = tables.plans.start_at[rows], tables.plans.end_at[rows]
        self._use_by, self._capacity = tables.plans.use_by_at[rows], tables.plans.capacity[rows]
        self._cuts: dict[str, list[int]] = {}
        self._acceptance = min(seconds(channel.acceptance) for channel in facts.network.channels)
        rules = facts.compiled.calendars.resolved(calendar, facts.compiled.located_sites[site].region).rules
        days = self._open.working_days
        self._until = {
            day: self._open.opening_at[following]
            for day, following in zip(days, days[1:], strict=False)
            if facts.first <= day <= facts.last and not rules[day].exceptional
        }

    def missed(self, kept: _Kept, weekday: int, limit: int) -> _Missed | None:
        """The first date of a weekday, when the last order of every one misses the collections of its day."""
        found = None
        for day in self._until:
            for service, handling in kept.services if self._facts.weekday[day] == weekday else ():
                tried = self._tried(service, handling, day, limit, kept.rule)
                if tried is not None and tried.ready_at <= tried.collected_at:
                    return None
                found = found or tried
        return found

    def late_ready(self, services: list[str], handling: Handling) -> tuple[int, int] | None:
        """The first hour of readiness and the last collection after that day's opening, when each comes too late."""
        found = None
        for day, until in self._until.items():
            opening, ready = self._open.opening_at[day], self._open.opening_at[day]
            if isinstance(handling.ready, int):
                ready = max(opening, self._zone.instant(self._facts.day_number(day), handling.ready))
            elif handling.ready == "closing":
                ready = self._open.closing_at[day]
            for service in services:
                last = self._last_cut_off(service, opening, until)
                if last is not None and ready <= last:
                    return None
                found = found or (None if last is None else (ready, last))
        return found

    def _tried(self, service: str, handling: Handling, day: int, limit: int, rule: OrderCutOff) -> _Missed | None:
        """The last order of a day against the last collection before the next opening; None when the service takes
        nothing that day that an order released at the opening could reach."""
        opening = self._open.opening_at[day]
        last = None if handling.maximum_days else self._last_cut_off(service, opening, self._until[day])
        if last is None or self._ready(opening, opening, handling) > last:
            return None
        accepted = self._zone.instant(self._facts.day_number(day), limit) - 1
        accepted += self._acceptance if rule.tests == "placed_at" else 0
        return _Missed(accepted, self._ready(accepted, max(accepted, opening), handling), last)

    def _last_cut_off(self, service: str, opening: int, until: int) -> int | None:
        if service not in self._cuts:
            rows = self._facts.pickups(self._facts.compiled.sites[self._site].id, service)
            self._cuts[service] = sorted(self._facts.tables.collections.cut_off_at[rows].tolist())
        cuts = self._cuts[service]
        i = bisect_left(cuts, until) - 1
        return cuts[i] if i >= 0 and cuts[i] >= opening else None

    def _ready(self, accepted: int, released: int, handling: Handling) -> int:
        slot_end = None
        if self._has_plan:
            fits = np.flatnonzero((self._end > released) & (self._use_by > accepted) & (self._capacity > 0))
            if not len(fits):
                return NEVER
            released, slot_end = max(released, int(self._start[fits[0]])), int(self._end[fits[0]])
        started = self._open.next_open(released)
        base = slot_end if slot_end is not None and handling.counts_from == "slot_end" else started
        return self._open.add(base, smallest_work(handling))


def smallest_work(handling: Handling) -> int:
    """Seconds of handling of one line of one unit, at the maximum."""
    most = handling.maximum
    return 0 if most is None else seconds(most.fixed) + seconds(most.per_line) + seconds(most.per_unit)


def check_ready_hours(facts: Facts) -> None:
    """Handling by days whose hour of readiness comes, on every ordinary date, after the last collection before the next
    opening: what is ready on a day never leaves that day."""
    for name in facts.compiled.site_index:
        index, site = facts.site(name)
        if site.preparation is None:
            continue
        bench = _Bench(facts, index, site.preparation.calendar)
        for services, loc, handling in _handlings(facts, name, site.preparation):
            found = bench.late_ready(services, handling) if handling.maximum_days else None
            if found is not None:
                ready, collected = (local_text(at, bench.time_zone) for at in found)
                value = handling.model_dump(mode="json", include={"ready"})["ready"]
                words = (
                    f"an hour in time for the last collection of the day (ready {ready}, collected until {collected})"
                )
                facts.findings.warn((*loc, "ready"), value, words, "ready_after_last_collection")


def _handlings(facts: Facts, site: str, preparation: Preparation) -> Iterator[tuple[list[str], Loc, Handling]]:
    """The handlings of a site, each with the services it holds for; the last override that fits wins."""
    base: Loc = (*facts.loc("sites", site), "preparation")
    found: dict[Loc, tuple[list[str], Loc, Handling]] = {}
    for service in sorted(service for owner, service in facts.used_pairs if owner == site):
        loc, handling = (*base, "handling"), preparation.handling
        for k, override in enumerate(preparation.overrides):
            if service in override.services and override.handling is not None:
                loc, handling = (*base, "overrides", k, "handling"), override.handling
        found.setdefault(loc, ([], loc, handling))[0].append(service)
    yield from found.values()


def check_collection_cut_offs(facts: Facts) -> None:
    """A collection whose cut-off lies, on every date, before the site opens: nothing prepared that day can meet it. One
    written with a day offset (`20:00 -1d`) says that this is meant."""
    for number, collection in enumerate(facts.network.collections):
        limit = collection.cut_off or collection.departure
        if limit is None or limit.days != 0:
            continue
        for name in collection.sites:
            opening = _always_before_opening(facts, number, collection, name, limit.seconds)
            if opening is not None:
                field = "cut_off" if collection.cut_off is not None else "departure"
                words = f"a time after the opening of {name} ({opening}), or one with a day offset such as '20:00 -1d'"
                value = collection.model_dump(mode="json", include={field})[field]
                facts.findings.warn(("collections", number, field), value, words, "cut_off_before_opening")
                break


def _always_before_opening(facts: Facts, number: int, collection: Collection, name: str, limit: int) -> str | None:
    index, site = facts.site(name)
    services = [service for service in collection.services if (name, service) in facts.used_pairs]
    if site.preparation is None or not services:
        return None
    zone_name = facts.zone_name(index)
    zone = facts.compiled.calendars.zones[zone_name]
    opening_at = facts.tables.working.opening_at[facts.tables.sites.preparation_idx[index]]
    closing_at = facts.tables.working.closing_at[facts.tables.sites.preparation_idx[index]]
    first = None
    open_days = np.any([facts.open_days(name, service) for service in services], axis=0)
    for day in facts.in_force(facts.listed_collections[number] & open_days):
        if opening_at[day] == NEVER:
            continue
        number = facts.day_number(int(day))
        works_past_midnight = zone.instant(number, 0) < closing_at[day - 1] < NEVER
        if works_past_midnight or zone.instant(number, limit) >= opening_at[day]:
            return None
        first = first if first is not None else int(opening_at[day])
    return None if first is None else local_text(first, zone_name)


def check_store_cut_offs(facts: Facts) -> None:
    """A store whose collection cut-off comes before an order released at the opening can be ready, on every date:
    nothing prepared that day is handed over that day."""
    for i, site in enumerate(facts.network.sites):
        store, preparation = site.store_collection, site.preparation
        if store is None or preparation is None or store.cut_off is None:
            continue
        handling = store.handling or preparation.handling
        if handling.maximum_days:
            continue
        index = facts.compiled.site_index[site.id]
        ready = _first_ready_in_time(facts, index, handling, store.cut_off)
        if ready is not None:
            path: Loc = ("sites", i, "store_collection", "cut_off")
            value = store.model_dump(mode="json", include={"cut_off"})["cut_off"]
            words = f"a time after the first order of a day is ready ({ready})"
            facts.findings.warn(path, value, words, "store_cut_off_unmet")


def _first_ready_in_time(facts: Facts, index: int, handling: Handling, limit: int) -> str | None:
    """When the first order of the first working day is ready, if that is after the cut-off of every working day."""
    zone_name = facts.zone_name(index)
    zone = facts.compiled.calendars.zones[zone_name]
    hours = OpenTime(facts.tables.working, int(facts.tables.sites.preparation_idx[index]))
    first = None
    for day in (day for day in hours.working_days if facts.first <= day <= facts.last):
        ready = hours.add(hours.opening_at[day], smallest_work(handling))
        if ready <= zone.instant(facts.day_number(int(day)), min(limit, DAY_SECONDS)):
            return None
        first = first if first is not None else ready
    return None if first is None else local_text(first, zone_name)


CUT_OFFS = (
    check_order_cut_offs,
    check_cut_offs_on_working_days,
    check_ready_hours,
    check_collection_cut_offs,
    check_store_cut_offs,
)
