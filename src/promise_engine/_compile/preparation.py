"""Preparation of sites: order cut-offs, handling, capacity slots."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import Plans, Variants
from promise_engine._compile.working_time import int64, joined
from promise_engine.models._base import WEEKDAYS
from promise_engine.units import DAY_SECONDS, NEVER, seconds

if TYPE_CHECKING:
    from promise_engine._compile.working_time import Calendars, Zone
    from promise_engine.models.site import Handling, HandlingTime, OrderCutOff, PreparationPlan

UNITS = ("orders", "lines", "units", "work")
READY_KINDS = {"opening": 0, "closing": 1}


class Variant(NamedTuple):
    """One way a site prepares."""

    site_idx: int
    working_idx: int
    zone: Zone
    order_cut_off: OrderCutOff | None
    handling: Handling
    uses_plan: bool


class Slot(NamedTuple):
    """One slot of a plan on its date, clipped to the hours."""

    start_at: int
    end_at: int
    use_by_at: int
    day: int
    capacity: int
    written_at: int


def _cut_offs(variant: Variant, calendars: Calendars) -> tuple[np.ndarray, np.ndarray]:
    """First late instant and opening, by working day."""
    rules = variant.order_cut_off
    if rules is None:
        return int64([]), int64([])
    opening_at, _ = calendars.bounds(variant.working_idx)
    days = np.flatnonzero(opening_at < NEVER)
    limits = [rules.times.get(weekday, rules.daily) for weekday in WEEKDAYS]
    late = int64([DAY_SECONDS if limit is None else limit for limit in limits])[calendars.period.weekdays[days]]
    added = int64([0 if limit is None else int(rules.inclusive) for limit in limits])[calendars.period.weekdays[days]]
    return variant.zone.instants(calendars.period.first_day + days, late) + added, opening_at[days]


def _amounts(time: HandlingTime | None, days: int | None) -> list[int]:
    if days is not None:
        return [days, 0, 0]
    return [0, 0, 0] if time is None else [seconds(time.fixed), seconds(time.per_line), seconds(time.per_unit)]


def variants_table(variants: list[Variant], calendars: Calendars) -> Variants:
    """The preparation variants of all sites."""
    cuts = [_cut_offs(variant, calendars) for variant in variants]
    rules = [variant.handling for variant in variants]
    low = [
        _amounts(h.minimum or h.maximum, h.maximum_days if h.minimum_days is None else h.minimum_days) for h in rules
    ]
    high = [_amounts(h.maximum, h.maximum_days) for h in rules]
    return Variants(
        site_idx=int64([variant.site_idx for variant in variants]),
        cut_ptr=int64(np.cumsum([0, *(len(cut) for cut, _ in cuts)]).tolist()),
        cut_at=joined([cut for cut, _ in cuts]),
        cut_opening_at=joined([openings for _, openings in cuts]),
        tests_acceptance=np.array(
            [v.order_cut_off is not None and v.order_cut_off.tests == "accepted_at" for v in variants], np.uint8
        ),
        uses_plan=np.array([variant.uses_plan for variant in variants], np.uint8),
        in_days=np.array([h.maximum_days is not None for h in rules], np.uint8),
        low=int64(low).reshape(-1, 3),
        high=int64(high).reshape(-1, 3),
        from_release=np.array([h.day_zero == "release" for h in rules], np.uint8),
        ready_kind=int64([READY_KINDS[h.ready] if isinstance(h.ready, str) else 2 for h in rules]),
        ready_seconds=int64([0 if isinstance(h.ready, str) else h.ready for h in rules]),
        from_slot_end=np.array([h.counts_from == "slot_end" for h in rules], np.uint8),
    )


def plan_slots(plan: PreparationPlan, working_idx: int, zone: Zone, calendars: Calendars) -> list[Slot]:
    """The slots of a plan over the period, by start."""
    opening_at, closing_at = calendars.bounds(working_idx)
    period, slots = calendars.period, []
    for model in plan.slots:
        listed = period.listed(model.weekdays, model.dates, model.valid_from, model.valid_until)
        days = np.flatnonzero(listed & (opening_at < NEVER))
        numbers = period.first_day + days
        written = zone.instants(numbers, model.start)
        start = np.maximum(written, opening_at[days])
        end = np.minimum(zone.instants(numbers + model.end.days, model.end.seconds), closing_at[days])
        use_by = np.full(len(days), NEVER)
        if model.use_by is not None:
            use_by = zone.instants(numbers + model.use_by.days, model.use_by.seconds)
        capacity = np.full(len(days), model.capacity)
        rows = np.stack([start, end, use_by, days, capacity, written], axis=1)[start < end]
        slots += [Slot(*row) for row in rows.tolist()]
    return sorted(slots)


def plans_table(plans: list[tuple[PreparationPlan | None, list[Slot]]]) -> Plans:
    """The plans of all sites, in their order."""
    slots = [slot for _, group in plans for slot in group]
    models = [plan for plan, _ in plans]
    return Plans(
        slot_ptr=int64(np.cumsum([0, *(len(group) for _, group in plans)]).tolist()),
        has_plan=np.array([plan is not None for plan in models], np.uint8),
        unit=int64([UNITS.index(plan.unit) if plan else 0 for plan in models]),
        splits=np.array([plan is not None and plan.splits for plan in models], np.uint8),
        refuses_oversize=np.array([plan is not None and plan.oversize == "refuse" for plan in models], np.uint8),
        plain=np.array([_is_plain(group) for _, group in plans], np.uint8),
        start_at=int64([slot.start_at for slot in slots]),
        end_at=int64([slot.end_at for slot in slots]),
        use_by_at=int64([slot.use_by_at for slot in slots]),
        day=int64([slot.day for slot in slots]),
        capacity=int64([slot.capacity for slot in slots]),
    )


def _is_plain(slots: list[Slot]) -> bool:
    """Whether ends rise with starts and no slot has a use-by, so that prefix sums apply."""
    return all(slot.use_by_at == NEVER for slot in slots) and all(a.end_at <= b.start_at for a, b in pairwise(slots))
