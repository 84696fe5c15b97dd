"""Delivery windows and collection by the shopper: from arrived to promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine._kernels._jit import kernel
from promise_engine._kernels.clock import at_time, day_of, rounded_up
from promise_engine._kernels.trip import (
    DAY_WANTED,
    HORIZON_DAY,
    HORIZON_END,
    MAY_WAIT,
    MET,
    PARCELS,
    TARGET,
    WINDOW_WANTED,
)
from promise_engine._kernels.working_time import (
    next_open,
    next_opening_after_day,
    nth_open_day,
    open_day_of,
    rounded_open,
)
from promise_engine.errors import Reason
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import I64, NetworkTables, Taken, Targets

POINT_STEP_SECONDS = 900

_BY_SLOT = 2

_WAITING_FORBIDDEN = int(Reason.WAITING_FORBIDDEN)
_SLOT_FULL = int(Reason.SLOT_FULL)
_PLACE_FULL = int(Reason.PLACE_FULL)


@kernel
def hold_until(net: NetworkTables, calendar: int, collect_from: int, hold_days: int) -> int:
    """Closing of the n-th opening day after the one of the first collection."""
    day = open_day_of(net.working, calendar, collect_from)
    if hold_days > 0:
        day = nth_open_day(net, net.working.days_idx[calendar], day, hold_days)
    return NEVER if day >= net.day_count else net.working.closing_at[calendar, day]


@kernel
def collect_at_store(net: NetworkTables, site: int, ready: int, trip: I64, found: I64) -> bool:
    """Step 8 at a store, for a parcel ready there; whether it is inside the horizon."""
    calendar = net.sites.opening_idx[site]
    zone_idx = net.sites.zone_idx[site]
    first = next_open(net.working, calendar, ready)
    cut_off = net.sites.collection_cut_off[site]
    if cut_off < NEVER and first < NEVER:
        opening_day = open_day_of(net.working, calendar, first)
        if ready >= at_time(net, zone_idx, opening_day, cut_off):
            first = max(first, next_opening_after_day(net, calendar, opening_day))
    collect_from = NEVER if first >= NEVER else rounded_open(net, calendar, first, net.sites.collection_step[site])
    if collect_from >= trip[HORIZON_END]:
        return False
    found[col.COLLECT_FROM] = collect_from
    found[col.COLLECT_UNTIL] = hold_until(net, calendar, collect_from, net.sites.hold_days[site])
    found[col.PROMISED] = collect_from
    found[col.DAY] = day_of(net, zone_idx, collect_from)
    found[col.DELIVER_FROM] = found[col.DELIVER_BY] = found[col.WINDOW] = -1
    return True


@kernel
def collect_at_point(net: NetworkTables, place: int, day: int, trip: I64, found: I64) -> bool:
    """Step 8 at a pickup point, for the delivery window in `found`, which begins when the parcel is there."""
    places = net.places
    base = found[col.DELIVER_BY]
    if places.available_seconds[place] >= 0:
        base = max(found[col.DELIVER_FROM], at_time(net, places.zone_idx[place], day, places.available_seconds[place]))
    calendar = places.opening_idx[place]
    collect_from = rounded_open(net, calendar, base, POINT_STEP_SECONDS)
    if collect_from >= trip[HORIZON_END]:
        return False
    found[col.COLLECT_FROM] = collect_from
    found[col.COLLECT_UNTIL] = hold_until(net, calendar, collect_from, places.hold_days[place])
    found[col.PROMISED] = collect_from
    return True


@kernel
def fit_window(
    net: NetworkTables, taken: Taken, delivery: int, zone_idx: int, day: int, effective: int, after: int, trip: I64,
    found: I64,
) -> int:  # fmt: skip
    """Choose the window of a date, after a position in its set, that ends in time and has room, and write it.

    Returns its position; -1 when there is none.
    """
    deliveries = net.deliveries
    window_set = deliveries.set_of_day[delivery, day]
    for i in range(max(deliveries.set_ptr[window_set], after + 1), deliveries.set_ptr[window_set + 1]):
        window = deliveries.window_idx[i]
        if trip[WINDOW_WANTED] >= 0 and trip[WINDOW_WANTED] != window:
            continue
        start = at_time(net, zone_idx, day, deliveries.window_start[window])
        end = at_time(net, zone_idx, day, deliveries.window_end[window])
        if end <= start or end <= effective:
            continue
        begins = max(start, effective)
        if deliveries.length_seconds[delivery] > 0:
            begins = rounded_up(net.clocks, zone_idx, begins, deliveries.step_seconds[delivery])
            if begins + deliveries.length_seconds[delivery] > end:
                continue
            end = begins + deliveries.length_seconds[delivery]
        room = deliveries.window_room[window]
        if room >= 0 and taken.window_room[room, day] < 1:
            trip[MET] = max(trip[MET], _SLOT_FULL)
            continue
        found[col.WINDOW], found[col.DELIVER_FROM], found[col.DELIVER_BY] = window, begins, end
        found[col.PROMISED], found[col.DAY] = end, day
        return i
    return -1


@kernel
def deliver(
    net: NetworkTables, taken: Taken, targets: Targets, delivery: int, effective: int, trip: I64, found: I64
) -> bool:
    """Step 7 (and 8 at a pickup point) for an effective arrival; whether it is delivered inside the horizon."""
    target = trip[TARGET]
    zone_idx, region, place = targets.zone_idx[target], targets.region_idx[target], targets.place_idx[target]
    room = -1 if place < 0 else net.places.room_idx[place]
    arrival_day = day_of(net, zone_idx, effective)
    day = max(arrival_day, trip[DAY_WANTED])
    last_day = trip[DAY_WANTED] if trip[DAY_WANTED] >= 0 else trip[HORIZON_DAY]
    while day <= last_day:
        day = net.deliveries.next_day[delivery, region, day]
        if day > last_day:
            return False
        closed = place >= 0 and net.working.opening_at[net.places.opening_idx[place], day] >= NEVER
        position = -1
        while not closed:
            position = fit_window(net, taken, delivery, zone_idx, day, effective, position, trip, found)
            if position < 0:
                break
            if room >= 0 and taken.place_room[room, day] < trip[PARCELS]:
                trip[MET] = max(trip[MET], _PLACE_FULL)
            elif place >= 0 and not collect_at_point(net, place, day, trip, found):
                if net.deliveries.choice[delivery] != _BY_SLOT:
                    return False
            else:
                if trip[MAY_WAIT] == 0 and day != arrival_day:
                    trip[MET] = max(trip[MET], _WAITING_FORBIDDEN)
                    return False
                return True
        day += 1
    return False
