"""Release, order cut-off, capacity and handling: from placed to ready at one site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine._kernels._jit import entry, kernel
from promise_engine._kernels.atp import supply_instant
from promise_engine._kernels.clock import at_time, day_of
from promise_engine._kernels.working_time import add_working, next_open, nth_open_day, open_day_of
from promise_engine.errors import Reason
from promise_engine.units import ALWAYS, NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import I64, Basket, NetworkTables, SiteStock, Taken

PLACED, HORIZON_END, ACCEPTED, RELEASED, STARTED, READY_LOW, READY_HIGH, SLOT = 0, 1, 2, 3, 4, 5, 6, 7
PREPARED_COLUMNS = 8
NO_SLOT = -1

_BEYOND_HORIZON = int(Reason.BEYOND_HORIZON)
_CAPACITY_PLAN_ENDS = int(Reason.CAPACITY_PLAN_ENDS)
_WORK_OVER_SLOT = int(Reason.WORK_OVER_SLOT)


@kernel
def cut_off_opening(net: NetworkTables, variant: int, tested: int) -> int:
    """Opening of the first working day whose cut-off is still ahead; ALWAYS without order cut-offs."""
    variants = net.variants
    low, high = variants.cut_ptr[variant], variants.cut_ptr[variant + 1]
    end = high
    if low == end:
        return ALWAYS
    while low < high:
        middle = (low + high) >> 1
        if variants.cut_at[middle] > tested:
            high = middle
        else:
            low = middle + 1
    return NEVER if low == end else variants.cut_opening_at[low]


@kernel
def first_slot(net: NetworkTables, site: int, released: int) -> int:
    """Position of the first slot of a site that ends after the release."""
    low, high = net.plans.slot_ptr[site], net.plans.slot_ptr[site + 1]
    while low < high:
        middle = (low + high) >> 1
        if net.plans.end_at[middle] > released:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def last_slot_of_split_work(
    net: NetworkTables, taken: Taken, site: int, work: int, released: int, accepted: int
) -> int:
    """The slot that covers the rest of the work, each slot giving what it has left; the plan's end when none does."""
    plans = net.plans
    first, end = first_slot(net, site, released), plans.slot_ptr[site + 1]
    if plans.plain[site]:  # prefix sums of free capacity find it directly
        low, high = first, end
        target = taken.slot_room_before[first + site] + work
        while low < high:
            middle = (low + high) >> 1
            if taken.slot_room_before[middle + 1 + site] >= target:
                high = middle
            else:
                low = middle + 1
        return low
    for slot in range(first, end):
        if accepted < plans.use_by_at[slot]:
            work -= max(0, plans.capacity[slot] - taken.slot_committed[slot])
            if work <= 0:
                return slot
    return end


@kernel
def slot_of_whole_work(net: NetworkTables, taken: Taken, site: int, work: int, released: int, accepted: int) -> int:
    """The first slot that takes the work whole; the plan's end when none does."""
    plans = net.plans
    end = plans.slot_ptr[site + 1]
    for slot in range(first_slot(net, site, released), end):
        if accepted < plans.use_by_at[slot]:
            capacity, committed = plans.capacity[slot], taken.slot_committed[slot]
            if capacity - committed >= work:
                return slot
            if not plans.refuses_oversize[site] and committed == 0 and 0 < capacity < work:
                return slot
    return end


@kernel
def no_slot_reason(net: NetworkTables, site: int, work: int, released: int, accepted: int, horizon_end: int) -> int:
    """Why a plan has no slot for the work."""
    plans = net.plans
    if plans.splits[site] or not plans.refuses_oversize[site]:
        return _CAPACITY_PLAN_ENDS
    eligible = False
    for slot in range(first_slot(net, site, released), plans.slot_ptr[site + 1]):
        if plans.start_at[slot] < horizon_end and accepted < plans.use_by_at[slot]:
            eligible = True
            if plans.capacity[slot] >= work:
                return _CAPACITY_PLAN_ENDS
    return _WORK_OVER_SLOT if eligible else _CAPACITY_PLAN_ENDS


@kernel
def handled(net: NetworkTables, basket: Basket, variant: int, amounts: I64, times: I64) -> int:
    """When the parcel is ready, given the release, the start and the slot in `times`."""
    variants, sites, plans = net.variants, net.sites, net.plans
    calendar = sites.preparation_idx[variants.site_idx[variant]]
    from_slot = variants.from_slot_end[variant] != 0 and times[SLOT] != NO_SLOT
    base = plans.end_at[times[SLOT]] if from_slot else times[STARTED]
    if variants.in_days[variant] == 0:
        seconds = amounts[0] + amounts[1] * basket.work[1] + amounts[2] * basket.work[2] + basket.service_seconds[0]
        return max(add_working(net.working, calendar, base, seconds), times[STARTED])
    if amounts[0] == 0:
        return max(base, times[STARTED])
    if from_slot:
        day_zero = plans.day[times[SLOT]]
    elif variants.from_release[variant] != 0:
        day_zero = day_of(net, net.working.zone_idx[calendar], times[RELEASED])
    else:
        day_zero = open_day_of(net.working, calendar, times[STARTED])
    day = nth_open_day(net, net.working.days_idx[calendar], day_zero, amounts[0])
    if day >= net.day_count:
        return NEVER
    kind = variants.ready_kind[variant]
    if kind == 0:
        ready = net.working.opening_at[calendar, day]
    elif kind == 1:
        ready = net.working.closing_at[calendar, day]
    else:
        ready = at_time(net, net.working.zone_idx[calendar], day, variants.ready_seconds[variant])
    return max(ready, times[STARTED])


@kernel
def use_capacity(net: NetworkTables, taken: Taken, basket: Basket, variant: int, times: I64) -> int:
    """Choose the last slot used; write it, or return why there is none."""
    times[SLOT] = NO_SLOT
    site = net.variants.site_idx[variant]
    if net.plans.has_plan[site] == 0 or net.variants.uses_plan[variant] == 0:
        return 0
    work = basket.work[net.plans.unit[site]]
    if work == 0:
        return 0
    released, accepted = times[RELEASED], times[ACCEPTED]
    if net.plans.splits[site]:
        slot = last_slot_of_split_work(net, taken, site, work, released, accepted)
    else:
        slot = slot_of_whole_work(net, taken, site, work, released, accepted)
    if slot == net.plans.slot_ptr[site + 1] or net.plans.start_at[slot] >= times[HORIZON_END]:
        return no_slot_reason(net, site, work, released, accepted, times[HORIZON_END])
    times[SLOT] = slot
    return 0


@kernel
def prepare(net: NetworkTables, taken: Taken, basket: Basket, variant: int, stock: SiteStock, times: I64) -> int:
    """Walk steps 1 to 4 from `times[PLACED]` and write their instants; the reason when a step fails, else 0."""
    site = net.variants.site_idx[variant]
    calendar = net.sites.preparation_idx[site]
    accepted = times[PLACED] + basket.acceptance_seconds
    if basket.acceptance_working:
        accepted = add_working(net.working, calendar, times[PLACED], basket.acceptance_seconds)
    tested = accepted if net.variants.tests_acceptance[variant] else times[PLACED]
    times[ACCEPTED] = accepted
    times[RELEASED] = max(
        accepted, supply_instant(net, stock, site, times[PLACED]), cut_off_opening(net, variant, tested)
    )
    if times[RELEASED] >= times[HORIZON_END]:
        return _BEYOND_HORIZON
    reason = use_capacity(net, taken, basket, variant, times)
    if reason != 0:
        return reason
    earliest = times[RELEASED]
    if times[SLOT] != NO_SLOT:
        earliest = max(earliest, net.plans.start_at[times[SLOT]])
    times[STARTED] = next_open(net.working, calendar, earliest)
    if times[STARTED] >= times[HORIZON_END]:
        return _BEYOND_HORIZON
    times[READY_HIGH] = handled(net, basket, variant, net.variants.high[variant], times)
    times[READY_LOW] = min(times[READY_HIGH], handled(net, basket, variant, net.variants.low[variant], times))
    return _BEYOND_HORIZON if times[READY_HIGH] >= times[HORIZON_END] else 0


@entry
def fill_supply_instants(net: NetworkTables, stock: SiteStock, placed_at: int, instants: I64) -> None:
    """Write from when each site (S,) has the whole basket of an order; `placed_at` where it has it before."""
    for site in range(len(instants)):
        instants[site] = (
            NEVER if stock.reason[site] != 0 else max(placed_at, supply_instant(net, stock, site, placed_at))
        )
