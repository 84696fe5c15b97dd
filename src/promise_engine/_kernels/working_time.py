"""Next open instant; adding working time; opening days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine._kernels._jit import kernel
from promise_engine._kernels.clock import rounded_up
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import NetworkTables, WorkingTimes


@kernel
def interval_after(working: WorkingTimes, calendar: int, instant: int) -> int:
    """Position of the first interval that closes after an instant; the end of the calendar when there is none."""
    low, high = working.ptr[calendar], working.ptr[calendar + 1]
    while low < high:
        middle = (low + high) >> 1
        if working.close_at[middle] > instant:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def next_open(working: WorkingTimes, calendar: int, instant: int) -> int:
    """The first open instant not before this one."""
    i = interval_after(working, calendar, instant)
    if i == working.ptr[calendar + 1]:
        return NEVER
    return max(instant, working.open_at[i])


@kernel
def add_working(working: WorkingTimes, calendar: int, instant: int, seconds: int) -> int:
    """The instant at which so many open seconds have passed; work ending at closing ends at closing."""
    if seconds == 0:
        return instant
    i = interval_after(working, calendar, instant)
    end = working.ptr[calendar + 1]
    if i == end:
        return NEVER
    target = working.before_seconds[i] + max(0, instant - working.open_at[i]) + seconds
    low, high = i, end
    while low < high:
        middle = (low + high) >> 1
        if working.before_seconds[middle] + working.close_at[middle] - working.open_at[middle] >= target:
            high = middle
        else:
            low = middle + 1
    if low == end:
        return NEVER
    return working.open_at[low] + target - working.before_seconds[low]


@kernel
def nth_open_day(net: NetworkTables, calendar: int, day: int, count: int) -> int:
    """The count-th open day strictly after a day (count 1 or more); the end of the period when there is none."""
    last = net.day_count
    if day >= last:
        return last
    rank = net.days.rank[calendar, max(day + 1, 0)] + count - 1
    return last if rank >= last else net.days.nth_day[calendar, rank]


@kernel
def next_opening_after_day(net: NetworkTables, calendar: int, day: int) -> int:
    """The opening of the first open date strictly after a day."""
    found = nth_open_day(net, net.working.days_idx[calendar], day, 1)
    return NEVER if found >= net.day_count else net.working.opening_at[calendar, found]


@kernel
def rounded_open(net: NetworkTables, calendar: int, instant: int, step_seconds: int) -> int:
    """The first instant on a step of local time that is open and not before this one."""
    zone_idx = net.working.zone_idx[calendar]
    opened = next_open(net.working, calendar, instant)
    while opened < NEVER:
        rounded = rounded_up(net.clocks, zone_idx, opened, step_seconds)
        opened = next_open(net.working, calendar, rounded)
        if opened == rounded:
            return rounded
    return NEVER


@kernel
def open_day_of(working: WorkingTimes, calendar: int, instant: int) -> int:
    """The date to which an open instant belongs."""
    return working.day[interval_after(working, calendar, instant)]
