"""Whether all that is delivered on a day comes in one window, whichever site sends it and whenever it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._kernels._jit import entry, kernel
from promise_engine._kernels.clock import DAY, at_time
from promise_engine._kernels.lead_time import lane_of

if TYPE_CHECKING:
    from promise_engine._arrays import U8, Basket, NetworkTables, Targets, Tasks

_NO_DELIVERY, _DEPENDS = -1, -2


@kernel
def leave_before(net: NetworkTables, pattern: int, zone_idx: int, start: int) -> bool:
    """Whether the collections of a pattern leave before a time of the next day in a zone, and have no limit."""
    for k in range(net.collections.ptr[pattern], net.collections.ptr[pattern + 1]):
        latest = at_time(net, zone_idx, net.collections.day[k] + 1, start)
        if net.collections.departure_at[k] > latest or net.collections.room_idx[k] >= 0:
            return False
    return True


@kernel
def window_of_day(net: NetworkTables, region: int, lane: int, day: int) -> int:
    """The only window of a lane on a day; _NO_DELIVERY, or _DEPENDS where it is not told by the day alone."""
    deliveries, delivery = net.deliveries, net.services.lane_delivery_idx[lane]
    if net.services.lane_in_hours[lane] or net.services.lane_high[lane] < 1:
        return _DEPENDS
    if deliveries.choice[delivery] != 0 or deliveries.length_seconds[delivery] > 0:
        return _DEPENDS
    window_set = deliveries.set_of_day[delivery, day]
    begin, end = deliveries.set_ptr[window_set], deliveries.set_ptr[window_set + 1]
    if begin == end or deliveries.next_day[delivery, region, day] != day:
        return _NO_DELIVERY
    window = deliveries.window_idx[begin]
    if end - begin > 1 or deliveries.window_room[window] >= 0 or deliveries.window_end[window] > DAY:
        return _DEPENDS
    return int(window)


@entry
def has_one_window(net: NetworkTables, basket: Basket, targets: Targets, tasks: Tasks, wanted: U8, day: int) -> bool:
    """Whether what the tasks wanted deliver on a day has the same window for all sites, arrivals and lines.

    It has where services from site to address take days, their parcels are there before the only window of the day
    begins, and no room is limited: then nothing of it but the day depends on the plan.
    """
    window, checked = _NO_DELIVERY, np.zeros(len(net.collections.ptr), np.uint8)
    for task in np.flatnonzero(wanted):
        way, target = tasks.way_idx[task], tasks.target_idx[task]
        leg, region = net.ways.leg_ptr[way], targets.region_idx[target]
        if net.ways.leg_ptr[way + 1] - leg != 1 or net.ways.to_store[way]:
            return False
        service = net.ways.leg_service[leg]
        for site in range(tasks.site_reason.shape[1]):
            lane, pattern = lane_of(net, targets, leg, site, target), net.sites.pattern_idx[site, service]
            if tasks.site_reason[task, site] < 0 or lane < 0 or pattern < 0:
                continue
            if net.sites.margin_seconds[site] + basket.margin_seconds + net.services.margin_seconds[service] > 0:
                return False
            found = window_of_day(net, region, lane, day)
            if found == _DEPENDS or window_of_day(net, region, lane, max(0, day - 1)) == _DEPENDS:
                return False
            if found == _NO_DELIVERY:
                continue
            window = found if window == _NO_DELIVERY else window
            for hours in (net.deliveries.window_start, net.deliveries.window_end):
                if hours[found] != hours[window]:
                    return False
            if not checked[pattern]:
                checked[pattern] = 1
                if not leave_before(net, pattern, targets.zone_idx[target], net.deliveries.window_start[window]):
                    return False
    return True
