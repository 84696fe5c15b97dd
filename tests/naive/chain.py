"""From order to ready parcel at one site: acceptance, order cut-off, capacity, handling."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from promise_engine.errors import Reason
from promise_engine.models._base import WEEKDAYS
from promise_engine.models.site import HandlingTime

from .clock import ONE_DAY, PAST_THE_HORIZON, dates, end_of_date, instant, local_date, wall, wall_on, whole_seconds

if TYPE_CHECKING:
    from datetime import date

    from promise_engine.models.site import CapacitySlot, Handling, OrderCutOff, PreparationPlan, Site

    from .basket import Basket
    from .stock import Supply
    from .world import World


@dataclass(frozen=True)
class Horizon:
    """The last date at the destination, and the instant at which it ends."""

    last: date
    end: int


@dataclass(frozen=True)
class Slot:
    """A slot of a plan on one date, clipped; `committed` is what the snapshot says is taken."""

    day: date
    written: int
    """Its start before clipping, which tells it from other slots."""
    start: int
    end: int
    use_by: int | None
    capacity: int
    committed: int

    @property
    def left(self) -> int:
        """What it still has."""
        return max(0, self.capacity - self.committed)


@dataclass(frozen=True)
class Prepared:
    """The instants of one order up to the ready parcel, at the maximum and at the minimum."""

    released: int
    started: int
    ready: int
    ready_minimum: int
    load: Fraction | None
    slots: tuple[tuple[int, int], ...]
    """The slots it uses, by their start as written, and the work it puts into each."""


@dataclass(frozen=True)
class Rules:
    """What governs the preparation of one candidate."""

    cut_off: OrderCutOff | None
    handling: Handling
    plan: PreparationPlan | None


def rules_of_service(site: Site, service_id: str) -> Rules:
    """Cut-off and handling of the override for the service, else the site's."""
    assert site.preparation is not None
    preparation = site.preparation
    overrides = [override for override in preparation.overrides if service_id in override.services]
    cut_offs = [o.order_cut_off for o in overrides if o.order_cut_off is not None]
    handlings = [o.handling for o in overrides if o.handling is not None]
    cut_off = cut_offs[0] if cut_offs else preparation.order_cut_off
    return Rules(cut_off, handlings[0] if handlings else preparation.handling, preparation.plan)


def rules_of_store(site: Site) -> Rules:
    """Cut-off and handling of store collection from own stock, else the site's."""
    assert site.preparation is not None
    assert site.store_collection is not None
    preparation, store = site.preparation, site.store_collection
    return Rules(
        store.order_cut_off or preparation.order_cut_off,
        store.handling or preparation.handling,
        preparation.plan if store.capacity else None,
    )


def work_of(basket: Basket, plan: PreparationPlan) -> int:
    """How much work a basket is, in what a plan counts."""
    return {"orders": 1, "lines": len(basket.lines), "units": basket.units, "work": basket.work}[plan.unit]


class PreparationChain:
    """The chain of one site under one set of rules, for any instant of the order.

    What the site sends in one plan it prepares as one order.
    """

    def __init__(self, world: World, site: Site, rules: Rules, supply: Supply, horizon: Horizon) -> None:
        self.world, self.site, self.rules = world, site, rules
        self.supply, self.horizon = supply, horizon
        self.hours = world.preparation_hours(site)
        self.zone = self.hours.zone
        self.last = horizon.last + PAST_THE_HORIZON
        self.slots = self._slots() if rules.plan else []
        self._known: dict[int, Prepared | Reason] = {}

    def at(self, placed_at: int) -> Prepared | Reason:
        """What becomes of an order placed at an instant."""
        if placed_at not in self._known:
            self._known[placed_at] = self._walk(placed_at)
        return self._known[placed_at]

    def _walk(self, placed_at: int) -> Prepared | Reason:
        accepted = self._accepted(placed_at)
        if accepted is None:
            return Reason.BEYOND_HORIZON
        released = self._released(placed_at, accepted)
        if released is None or released >= self.horizon.end:
            return Reason.BEYOND_HORIZON
        used = self._used(accepted, released)
        if isinstance(used, Reason):
            return used
        slot = used[-1][0] if used else None
        started = self.hours.next_open(max(released, slot.start) if slot else released, self.horizon.end)
        if started is None:
            return Reason.BEYOND_HORIZON
        ready = self._ready(released, started, slot, minimum=False)
        earliest = self._ready(released, started, slot, minimum=True)
        if ready is None or ready >= self.horizon.end:
            return Reason.BEYOND_HORIZON
        load = Fraction(slot.committed, slot.capacity) if slot else None
        slots = tuple((slot.written, work) for slot, work in used)
        return Prepared(released, started, ready, ready if earliest is None else earliest, load, slots)

    def _accepted(self, placed_at: int) -> int | None:
        channel = self.world.channel
        seconds = whole_seconds(channel.acceptance)
        if channel.acceptance_counts == "working_time":
            return self.hours.add_working(placed_at, seconds, self.horizon.end)
        return placed_at + seconds

    def _released(self, placed_at: int, accepted: int) -> int | None:
        """The latest of acceptance, the opening of the day the order belongs to, and the supply."""
        latest = max(accepted, self.supply.at(placed_at))
        cut_off = self.rules.cut_off
        if cut_off is None:
            return latest
        tested = placed_at if cut_off.tests == "placed_at" else accepted
        for day in dates(local_date(tested, self.zone) - ONE_DAY, self.last):
            if self.hours.is_open(day) and self._before_cut_off(cut_off, day, tested):
                return max(latest, self.hours.opening(day))
        return None

    def _before_cut_off(self, cut_off: OrderCutOff, day: date, tested: int) -> bool:
        seconds = cut_off.times.get(WEEKDAYS[day.weekday()], cut_off.daily)
        if seconds is None:
            return tested < end_of_date(day, self.zone)
        until = wall(day, seconds, self.zone)
        return tested < until or (cut_off.inclusive and tested == until)

    # Capacity.

    def _slots(self) -> list[Slot]:
        assert self.rules.plan is not None
        first = local_date(self.world.placed_at, self.zone) - 2 * ONE_DAY
        found = []
        for model in self.rules.plan.slots:
            for day in dates(first, self.last):
                slot = self._slot_on(model, day)
                if slot and slot.start < self.horizon.end:
                    found.append(slot)
        return sorted(found, key=lambda slot: (slot.start, slot.end))

    def _slot_on(self, model: CapacitySlot, day: date) -> Slot | None:
        listed = day in model.dates if model.dates is not None else WEEKDAYS[day.weekday()] in model.weekdays
        if not listed or not self.hours.is_open(day):
            return None
        if (model.valid_from and day < model.valid_from) or (model.valid_until and day > model.valid_until):
            return None
        written_start = wall(day, model.start, self.zone)
        start = max(written_start, self.hours.opening(day))
        end = min(wall_on(day, model.end.days, model.end.seconds, self.zone), self.hours.closing(day))
        if start >= end:
            return None
        use_by = None if model.use_by is None else wall_on(day, model.use_by.days, model.use_by.seconds, self.zone)
        committed = sum(
            taken.committed for taken in self.world.stock.slots_taken
            if taken.site == self.site.id and instant(taken.start) == written_start
        )  # fmt: skip
        return Slot(day, written_start, start, end, use_by, model.capacity, committed)

    @property
    def own_work(self) -> int:
        """The work of the lines that the shipment carries itself; nothing without a plan."""
        return work_of(self.world.basket, self.rules.plan) if self.rules.plan else 0

    def _used(self, accepted: int, released: int) -> list[tuple[Slot, int]] | Reason:
        """The slots the order uses, and how much of its work each takes."""
        plan = self.rules.plan
        work = work_of(self.world.sent, plan) if plan else 0
        if plan is None or work == 0:
            return []
        eligible = [s for s in self.slots if (s.use_by is None or accepted < s.use_by) and released < s.end]
        if plan.splits:
            used = []
            for slot in eligible:
                used.append((slot, min(slot.left, work)))
                work -= slot.left
                if work <= 0:
                    return used
            return Reason.CAPACITY_PLAN_ENDS
        for slot in eligible:
            alone = plan.oversize == "when_empty" and slot.committed == 0 and 0 < slot.capacity < work
            if slot.left >= work or alone:
                return [(slot, work)]
        never = bool(eligible) and all(slot.capacity < work for slot in eligible)
        return Reason.WORK_OVER_SLOT if plan.oversize == "refuse" and never else Reason.CAPACITY_PLAN_ENDS

    # Handling.

    def _ready(self, released: int, started: int, slot: Slot | None, *, minimum: bool) -> int | None:
        handling = self.rules.handling
        from_slot = slot if handling.counts_from == "slot_end" else None
        base = max(from_slot.end, started) if from_slot else started
        if handling.maximum_days is not None:
            days = handling.maximum_days
            if minimum and handling.minimum_days is not None:
                days = handling.minimum_days
            return self._ready_by_days(days, released, started, from_slot)
        chosen = handling.minimum if minimum and handling.minimum else handling.maximum
        return self.hours.add_working(base, self._seconds(chosen or HandlingTime()), self.horizon.end)

    def _seconds(self, handling: HandlingTime) -> int:
        basket = self.world.sent
        per_line, per_unit = whole_seconds(handling.per_line), whole_seconds(handling.per_unit)
        services = [(service, line.sold) for line in basket.lines for service in line.services]
        return (
            whole_seconds(handling.fixed)
            + per_line * len(basket.lines)
            + per_unit * basket.units
            + sum(whole_seconds(service.preparation_time) * units for service, units in services)
        )

    def _ready_by_days(self, days: int, released: int, started: int, from_slot: Slot | None) -> int | None:
        if days == 0:
            return max(from_slot.end, started) if from_slot else started
        if from_slot:
            zero: date | None = from_slot.day
        elif self.rules.handling.day_zero == "release":
            zero = local_date(released, self.zone)
        else:
            zero = self.hours.date_of(started)
        assert zero is not None
        working = list(islice(self.hours.following(zero, self.last), days))
        if len(working) < days:
            return None
        ready = max(self._ready_on(working[-1]), started)
        return ready if ready < self.horizon.end else None

    def _ready_on(self, day: date) -> int:
        when = self.rules.handling.ready
        if when == "opening":
            return self.hours.opening(day)
        if when == "closing":
            return self.hours.closing(day)
        return wall(day, when, self.zone)
