"""Preparation plans, pools and places that promise too early, or hold nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promise_engine.check._clock import local_text
from promise_engine.units import DAY_SECONDS, NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.check._facts import Facts
    from promise_engine.inputs.paths import Loc
    from promise_engine.models.site import CapacitySlot, Handling, PreparationPlan, Site


class _SlotDate(NamedTuple):
    """A slot on a working date: as written and as the hours leave it."""

    start_at: int
    end_at: int
    opening_at: int
    closing_at: int


def _plans(facts: Facts) -> Iterator[tuple[Loc, int, Site, PreparationPlan]]:
    for i, site in enumerate(facts.network.sites):
        if site.preparation is not None and site.preparation.plan is not None:
            loc: Loc = ("sites", i, "preparation", "plan", "slots")
            yield loc, facts.compiled.site_index[site.id], site, site.preparation.plan


def _slot_dates(facts: Facts, index: int, slot: CapacitySlot) -> list[_SlotDate]:
    """The slot on each date that matters on which the site prepares."""
    working, calendar = facts.tables.working, facts.tables.sites.preparation_idx[index]
    zone = facts.compiled.calendars.zones[facts.zone_name(index)]
    found = []
    for day in facts.in_force(facts.listed(slot.weekdays, slot.dates, slot.valid_from, slot.valid_until)).tolist():
        opening, closing = int(working.opening_at[calendar, day]), int(working.closing_at[calendar, day])
        if opening < NEVER:
            number = facts.compiled.period.first_day + day
            start = zone.instant(number, slot.start)
            found.append(_SlotDate(start, zone.instant(number + slot.end.days, slot.end.seconds), opening, closing))
    return found


def check_slots_end(facts: Facts) -> None:
    """A plan of whole days, most of its dates one slot over all opening hours, with handling that counts from the
    start: an order is promised as if it were the first of its day, however full the day is."""
    for loc, index, site, plan in _plans(facts):
        handlings = _handlings_from_start(site)
        if not handlings:
            continue
        dates = [_slot_dates(facts, index, slot) for slot in plan.slots]
        whole = [[d for d in days if d.start_at <= d.opening_at and d.end_at >= d.closing_at] for days in dates]
        covered = {date.opening_at for days in whole for date in days}
        if 2 * len(covered) > len({date.opening_at for days in dates for date in days}):
            longest = max(range(len(whole)), key=lambda k: (len(whole[k]), -k))
            slot = plan.slots[longest].model_dump(mode="json", include={"start", "end"})
            words = f"shorter slots, or `counts_from: slot_end` in {', '.join(handlings)}"
            facts.findings.warn((*loc, longest), f"{slot['start']} to {slot['end']}", words, "slot_without_end")


def _handlings_from_start(site: Site) -> list[str]:
    """The fields with handling that uses the plan and counts time, or no day, from the start."""
    preparation, store = site.preparation, site.store_collection
    assert preparation is not None  # noqa: S101  # a site with a plan
    named: list[tuple[str, Handling]] = [("preparation.handling", preparation.handling)]
    named += [
        (f"preparation.overrides.{k}.handling", o.handling) for k, o in enumerate(preparation.overrides) if o.handling
    ]
    if store is not None and store.capacity and store.handling is not None:
        named.append(("store_collection.handling", store.handling))
    return [name for name, handling in named if handling.counts_from == "start" and not handling.maximum_days]


def check_slots_fit_hours(facts: Facts) -> None:
    """A slot outside the preparation hours on all of its dates, or cut by them on all: it begins before the opening, or
    ends after the closing. `00:00` to `24:00` says that the hours decide."""
    for loc, index, _, plan in _plans(facts):
        for k, slot in enumerate(plan.slots):
            dates = _slot_dates(facts, index, slot)
            if not dates:
                listed = facts.listed(slot.weekdays, slot.dates, slot.valid_from, slot.valid_until)
                if facts.in_force(listed).size:
                    facts.findings.warn((*loc, k), "", "a slot on dates on which the site prepares", "slot_never")
                continue
            first, zone = dates[0], facts.zone_name(index)
            value = f"{local_text(first.start_at, zone)} to {local_text(first.end_at, zone)}"
            hours = f"{local_text(first.opening_at, zone)} to {local_text(first.closing_at, zone)}"
            if all(d.start_at >= d.closing_at or d.end_at <= d.opening_at for d in dates):
                facts.findings.warn((*loc, k), value, f"a slot inside the preparation hours, {hours}", "slot_never")
            elif (slot.start, slot.end.days * DAY_SECONDS + slot.end.seconds) == (0, DAY_SECONDS):
                continue
            elif all(d.start_at < d.opening_at for d in dates) or all(d.end_at > d.closing_at for d in dates):
                words = f"a slot inside the preparation hours, {hours}, which cut it and not its capacity"
                facts.findings.warn((*loc, k), value, words, "slot_clipped")


def check_capacities(facts: Facts) -> None:
    """A plan, a pool, the windows of a service or a pickup point without any capacity: nothing can ever be promised."""
    for loc, _, _, plan in _plans(facts):
        if not any(slot.capacity for slot in plan.slots):
            facts.findings.warn(loc, 0, "a slot with capacity", "no_capacity")
    for i, pool in enumerate(facts.network.collection_pools):
        if not pool.capacity:
            facts.findings.warn(
                ("collection_pools", i, "capacity"),
                0,
                "room for a parcel, or no collection that names it",
                "no_capacity",
            )
    for i, service in enumerate(facts.network.services):
        if all(window.capacity == 0 for window in service.delivery.windows):
            facts.findings.warn(("services", i, "delivery", "windows"), 0, "a window with capacity", "no_capacity")
    for i, point in enumerate(facts.network.pickup_points):
        if point.daily_capacity == 0:
            facts.findings.warn(("pickup_points", i, "daily_capacity"), 0, "room for a parcel a day", "no_capacity")


CAPACITY = (check_slots_end, check_slots_fit_hours, check_capacities)
