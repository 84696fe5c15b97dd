"""Wall-clock times and instants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine._kernels._jit import kernel

if TYPE_CHECKING:
    from promise_engine._arrays import Clocks, NetworkTables

DAY = 86_400


@kernel
def offset_at(clocks: Clocks, zone_idx: int, instant: int) -> int:
    """Seconds east of UTC at an instant."""
    offset = clocks.offset_first[zone_idx]
    for i in range(clocks.change_ptr[zone_idx], clocks.change_ptr[zone_idx + 1]):
        if clocks.change_at[i] > instant:
            break
        offset = clocks.offset_after[i]
    return offset


@kernel
def instant_of_wall(clocks: Clocks, zone_idx: int, wall: int) -> int:
    """The instant of a wall-clock second: the first of two, or the offset before a gap (PEP 495, fold=0)."""
    offset = clocks.offset_first[zone_idx]
    for i in range(clocks.change_ptr[zone_idx], clocks.change_ptr[zone_idx + 1]):
        if clocks.change_wall[i] > wall:
            break
        offset = clocks.offset_after[i]
    return wall - offset


@kernel
def day_of(net: NetworkTables, zone_idx: int, instant: int) -> int:
    """The local date of an instant, as a day of the period (may lie outside)."""
    return (instant + offset_at(net.clocks, zone_idx, instant)) // DAY - net.first_day


@kernel
def at_time(net: NetworkTables, zone_idx: int, day: int, seconds: int) -> int:
    """The instant of a time of a day of the period."""
    return instant_of_wall(net.clocks, zone_idx, (day + net.first_day) * DAY + seconds)


@kernel
def rounded_up(clocks: Clocks, zone_idx: int, instant: int, step_seconds: int) -> int:
    """The instant rounded up to a step of local time."""
    if step_seconds <= 1:
        return instant
    offset = offset_at(clocks, zone_idx, instant)
    return -((-(instant + offset)) // step_seconds) * step_seconds - offset
