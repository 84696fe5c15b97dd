"""Collections and transit, leg by leg, to the door: from ready to promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine._arrays import MAX_LEGS
from promise_engine._kernels._jit import kernel
from promise_engine._kernels.clock import DAY, at_time, day_of, instant_of_wall, offset_at
from promise_engine._kernels.delivery import collect_at_store, deliver
from promise_engine._kernels.trip import (
    BASE,
    DAY_WANTED,
    HIGH,
    HORIZON_END,
    MARGIN_DAYS,
    MARGIN_SECONDS,
    MET,
    PARCELS,
    READY,
    RUN_LAST,
    SITE,
    TARGET,
    WAY,
)
from promise_engine._kernels.working_time import add_working, nth_open_day
from promise_engine.errors import Reason
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import I64, NetworkTables, Taken, Targets

_BEYOND_HORIZON = int(Reason.BEYOND_HORIZON)
_COLLECTION_FULL = int(Reason.COLLECTION_FULL)


@kernel
def overlay_days(net: NetworkTables, service: int, zone: int, day: int, on_arrival: int) -> int:
    """Days of transit that dated overlays add on a day."""
    services = net.services
    total = 0
    for i in range(services.overlay_ptr[service], services.overlay_ptr[service + 1]):
        if (
            services.overlay_on_arrival[i] == on_arrival
            and services.overlay_first_day[i] <= day <= services.overlay_last_day[i]
            and (services.overlay_zone[i] == -1 or services.overlay_zone[i] == zone)
        ):
            total += services.overlay_days[i]
    return total


@kernel
def transit_hours(net: NetworkTables, lane: int, site: int, departure: int, seconds: int) -> int:
    """Departure plus elapsed, or working, transit time."""
    calendar = net.services.lane_hours_idx[lane, site]
    return departure + seconds if calendar == -1 else add_working(net.working, calendar, departure, seconds)


@kernel
def transit_day(net: NetworkTables, calendar: int, day: int, count: int) -> int:
    """The count-th network day strictly after a day; the day itself for 0."""
    return day if count == 0 else nth_open_day(net, calendar, day, count)


@kernel
def arrival(
    net: NetworkTables, service: int, lane: int, site: int, zone: int, zone_idx: int, collection: int, high: int
) -> tuple[int, int]:
    """Arrival date and, for couriers, the instant (NEVER for day-based transit)."""
    services = net.services
    day, departure = net.collections.day[collection], net.collections.departure_at[collection]
    added = overlay_days(net, service, zone, day, 0)
    amount = services.lane_high[lane] if high else services.lane_low[lane]
    if services.lane_in_hours[lane]:
        latest = transit_hours(net, lane, site, departure, services.lane_high[lane])
        if latest >= NEVER:
            return net.day_count, NEVER
        added += overlay_days(net, service, zone, day_of(net, zone_idx, latest + added * DAY), 1)
        instant = transit_hours(net, lane, site, departure, amount) + added * DAY
        return day_of(net, zone_idx, instant), instant
    calendar = services.lane_days_idx[lane]
    latest_day = transit_day(net, calendar, day, services.lane_high[lane] + added)
    added += overlay_days(net, service, zone, latest_day, 1)
    return transit_day(net, calendar, day, amount + added), NEVER


@kernel
def stop_arrival(net: NetworkTables, leg: int, stop: int, day: int, instant: int, departure: int) -> int:
    """When a parcel reaches a stop: at the arrival hour, else at the end of receiving, on a receiving date."""
    if instant < NEVER:
        return instant
    calendar = net.sites.receiving_idx[stop]
    days_idx = net.working.days_idx[calendar]
    while day < net.day_count:
        day = net.days.next_day[days_idx, day]
        if day >= net.day_count:
            break
        reached = net.working.closing_at[calendar, day]
        if net.ways.leg_arrival[leg] >= 0:
            reached = at_time(net, net.sites.zone_idx[stop], day, net.ways.leg_arrival[leg])
        if reached >= departure:
            return reached
        day += 1
    return NEVER


@kernel
def with_margin(net: NetworkTables, zone_idx: int, instant: int, trip: I64) -> int:
    """The instant moved by calendar days at the same local time, then by elapsed seconds."""
    if trip[MARGIN_DAYS] > 0:
        wall = instant + offset_at(net.clocks, zone_idx, instant) + trip[MARGIN_DAYS] * DAY
        instant = instant_of_wall(net.clocks, zone_idx, wall)
    return instant + trip[MARGIN_SECONDS]


@kernel
def reach_door(
    net: NetworkTables, taken: Taken, targets: Targets, leg: int, lane: int, day: int, instant: int, departure: int,
    trip: I64, found: I64,
) -> bool:  # fmt: skip
    """The end of the last leg (address, pickup point, store); whether it is reached inside the horizon."""
    target = trip[TARGET]
    zone_idx = targets.zone_idx[target]
    if net.ways.to_store[trip[WAY]]:
        store = net.places.site_idx[targets.place_idx[target]]
        reached = stop_arrival(net, leg, store, day, instant, departure)
        if reached >= trip[HORIZON_END]:
            return False
        found[col.ARRIVES] = reached
        found[col.EFFECTIVE] = with_margin(net, zone_idx, reached, trip)
        calendar = net.sites.receiving_idx[store]
        ready = add_working(net.working, calendar, found[col.EFFECTIVE], net.ways.leg_turnaround[leg])
        found[col.STOP_READY + leg - net.ways.leg_ptr[trip[WAY]]] = ready
        return ready < trip[HORIZON_END] and collect_at_store(net, store, ready, trip, found)
    if instant >= NEVER:
        if day >= net.day_count:
            return False
        instant = max(at_time(net, zone_idx, day, 0), departure)
    found[col.ARRIVES] = instant
    found[col.EFFECTIVE] = with_margin(net, zone_idx, instant, trip)
    if found[col.EFFECTIVE] >= trip[HORIZON_END]:
        return False
    return deliver(net, taken, targets, net.services.lane_delivery_idx[lane], found[col.EFFECTIVE], trip, found)


@kernel
def first_departure(net: NetworkTables, pattern: int, ready: int) -> int:
    """Position of the first collection of a pattern that leaves at `ready` or later."""
    low, high = net.collections.ptr[pattern], net.collections.ptr[pattern + 1]
    while low < high:
        middle = (low + high) >> 1
        if net.collections.departure_at[middle] >= ready:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def reachable(net: NetworkTables, calendar: int, collection: int, ready: int, base: int) -> bool:
    """Whether a parcel meets a collection's cut-off and its notification."""
    if ready > net.collections.cut_off_at[collection]:
        return False
    notification = net.collections.notification_seconds[collection]
    departure = net.collections.departure_at[collection]
    return notification < 0 or add_working(net.working, calendar, base, notification) <= departure


@kernel
def better(net: NetworkTables, trip: I64, found: I64, best: I64) -> bool:
    """Whether a combination reaches the shopper earlier, or as early and is preferred leg by leg."""
    if found[col.PROMISED] != best[col.PROMISED]:
        return found[col.PROMISED] < best[col.PROMISED]
    if found[col.DAY] != best[col.DAY]:
        return found[col.DAY] < best[col.DAY]
    way = trip[WAY]
    first = net.ways.leg_ptr[way]
    for depth in range(net.ways.leg_ptr[way + 1] - first):
        mine, other = found[col.COLLECTION + depth], best[col.COLLECTION + depth]
        if mine != other:
            last = net.services.dispatch_last[net.ways.leg_service[first + depth]] != 0
            return (mine > other) if last else (mine < other)
    return False


@kernel
def same_window(found: I64, best: I64) -> bool:
    """Whether two promises show the same window, with both ends."""
    same = True
    for column in range(col.DELIVER_FROM, col.COLLECT_UNTIL + 1):
        same = same and found[column] == best[column]
    return same


@kernel
def lane_of(net: NetworkTables, targets: Targets, leg: int, origin: int, target: int) -> int:
    """The lane of a leg from a site to its stop or the target; -1 without."""
    service, stop = net.ways.leg_service[leg], net.ways.leg_stop[leg]
    zone = net.sites.service_zone[stop, service] if stop >= 0 else targets.service_zone[target, service]
    pair = net.sites.service_zone[origin, service] * net.services.zone_count[service] + zone
    return net.services.lane_of_pair[net.services.lane_ptr[service] + pair]


@kernel
def search(net: NetworkTables, taken: Taken, targets: Targets, trip: I64, stack: I64, found: I64, best: I64) -> int:
    """Walk every combination of collections over the legs and keep the earliest; the reason, or 0.

    `stack` has one row a leg: next collection, ready, base, site the leg leaves from.
    """
    way = trip[WAY]
    first = net.ways.leg_ptr[way]
    last = net.ways.leg_ptr[way + 1] - 1 - first
    best[col.PROMISED] = NEVER
    trip[MET], depth, in_run = 0, 0, False
    last_departure = trip[HORIZON_END]
    if trip[DAY_WANTED] >= 0:  # a window may end on the day after the one that is wanted
        zone_idx = targets.zone_idx[trip[TARGET]]
        last_departure = min(last_departure, at_time(net, zone_idx, trip[DAY_WANTED] + 2, 0))
    stack[0, 1], stack[0, 2], stack[0, 3] = trip[READY], trip[BASE], trip[SITE]
    stack[0, 0] = -1
    while depth >= 0:
        leg = first + depth
        site, ready = stack[depth, 3], stack[depth, 1]
        service = net.ways.leg_service[leg]
        pattern = net.sites.pattern_idx[site, service]
        k = stack[depth, 0]
        if k == -1:
            k = first_departure(net, pattern, ready)
        departure = net.collections.departure_at[k] if k < net.collections.ptr[pattern + 1] else NEVER
        if departure >= last_departure or departure > best[col.PROMISED]:
            depth -= 1
            continue
        stack[depth, 0] = k + 1
        calendar = net.sites.preparation_idx[site] if depth == 0 else net.sites.receiving_idx[site]
        if not reachable(net, calendar, k, ready, stack[depth, 2]):
            continue
        room = net.collections.room_idx[k]
        if room >= 0 and taken.pool_room[room] < trip[PARCELS]:
            trip[MET] = max(trip[MET], _COLLECTION_FULL)
            continue
        stop = net.ways.leg_stop[leg]
        zone_idx = net.sites.zone_idx[stop] if stop >= 0 else targets.zone_idx[trip[TARGET]]
        zone = net.sites.service_zone[stop, service] if stop >= 0 else targets.service_zone[trip[TARGET], service]
        lane = lane_of(net, targets, leg, site, trip[TARGET])
        day, instant = arrival(net, service, lane, site, zone, zone_idx, k, trip[HIGH])
        found[col.COLLECTION + depth] = k
        if depth < last:
            reached = stop_arrival(net, leg, stop, day, instant, departure)
            if reached >= trip[HORIZON_END]:
                continue
            leaves = add_working(net.working, net.sites.receiving_idx[stop], reached, net.ways.leg_turnaround[leg])
            if leaves >= trip[HORIZON_END]:
                continue
            found[col.STOP + depth], found[col.STOP_READY + depth] = reached, leaves
            depth += 1
            stack[depth, 0], stack[depth, 1], stack[depth, 2], stack[depth, 3] = -1, leaves, reached, stop
            continue
        reached_door = reach_door(net, taken, targets, leg, lane, day, instant, departure, trip, found)
        if reached_door and better(net, trip, found, best):
            best[:] = found
            trip[RUN_LAST] = found[col.COLLECTION]
            in_run = last == 0 and net.services.dispatch_last[service] == 0
        elif reached_door and in_run:
            in_run = same_window(found, best)
            if in_run:
                trip[RUN_LAST] = k
    if best[col.PROMISED] < NEVER:
        return 0
    return trip[MET] if trip[MET] > 0 else _BEYOND_HORIZON


@kernel
def clear_legs(found: I64) -> None:
    """Forget collections and stops of an earlier search."""
    for i in range(MAX_LEGS):
        found[col.COLLECTION + i] = -1
        found[col.STOP + i] = found[col.STOP_READY + i] = -1
