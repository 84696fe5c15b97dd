"""The stages in order, for every candidate of a request; the cached entries that Python calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import MAX_LEGS
from promise_engine._kernels import delivery as dl
from promise_engine._kernels import lead_time as lt
from promise_engine._kernels import preparation as prep
from promise_engine._kernels import trip as tr
from promise_engine._kernels._jit import entry, kernel
from promise_engine._kernels.clock import at_time, day_of
from promise_engine._kernels.money import co2e_grams, write_money
from promise_engine.errors import Reason
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import I64, U8, Basket, NetworkTables, SiteStock, Taken, Targets, Tasks

OWN_COLLECTION = 0

_BEYOND_HORIZON = int(Reason.BEYOND_HORIZON)
_NO_LANE = int(Reason.NO_LANE)
_NO_COLLECTION = int(Reason.NO_COLLECTION)
_OUTSIDE_WISHES = int(Reason.OUTSIDE_WISHES)


@kernel
def static_reason(net: NetworkTables, stock: SiteStock, targets: Targets, tasks: Tasks, task: int, site: int) -> int:
    """The first stage before the clock that fails; -1 when (task, site) is no candidate."""
    reason = tasks.site_reason[task, site]
    if reason != 0:
        return reason
    way, target, origin = tasks.way_idx[task], tasks.target_idx[task], site
    for leg in range(net.ways.leg_ptr[way], net.ways.leg_ptr[way + 1]):
        if lt.lane_of(net, targets, leg, origin, target) < 0:
            return _NO_LANE
        if net.ways.leg_stop[leg] >= 0:
            origin = net.ways.leg_stop[leg]
    return stock.reason[site] if stock.reason[site] != 0 else tasks.sourcing_reason[task]


@kernel
def lacks_collection(net: NetworkTables, way: int, site: int) -> bool:
    """Whether some leg has no collection at all."""
    origin = site
    for leg in range(net.ways.leg_ptr[way], net.ways.leg_ptr[way + 1]):
        if net.sites.pattern_idx[origin, net.ways.leg_service[leg]] < 0:
            return True
        if net.ways.leg_stop[leg] >= 0:
            origin = net.ways.leg_stop[leg]
    return False


@kernel
def variant_of(net: NetworkTables, way: int, site: int) -> int:
    """The preparation that a way gets at a site."""
    if way == OWN_COLLECTION:
        return net.sites.collection_variant_idx[site]
    return net.sites.variant_idx[site, net.ways.leg_service[net.ways.leg_ptr[way]]]


@kernel
def start_trip(
    net: NetworkTables, basket: Basket, targets: Targets, tasks: Tasks, task: int, site: int, placed_at: int,
    trip: I64, times: I64,
) -> None:  # fmt: skip
    """Set what a candidate's walk is about, for an order placed at an instant."""
    way, target = tasks.way_idx[task], tasks.target_idx[task]
    zone_idx = targets.zone_idx[target]
    horizon_day = min(day_of(net, zone_idx, placed_at) + basket.horizon_days, net.day_count - 1)
    trip[tr.WAY], trip[tr.SITE], trip[tr.TARGET], trip[tr.PARCELS] = way, site, target, tasks.parcels[task]
    trip[tr.HORIZON_DAY] = horizon_day
    trip[tr.HORIZON_END] = at_time(net, zone_idx, horizon_day + 1, 0)
    trip[tr.HIGH], trip[tr.DAY_WANTED], trip[tr.WINDOW_WANTED] = 1, -1, -1
    trip[tr.MARGIN_SECONDS] = net.sites.margin_seconds[site] + basket.margin_seconds
    trip[tr.MARGIN_DAYS] = net.sites.margin_days[site] + basket.margin_days
    trip[tr.MAY_WAIT] = 1
    if way != OWN_COLLECTION:
        last_leg = net.ways.leg_ptr[way + 1] - 1
        service = net.ways.leg_service[last_leg]
        trip[tr.MARGIN_SECONDS] += net.services.margin_seconds[service]
        trip[tr.MARGIN_DAYS] += net.services.margin_days[service]
        trip[tr.MAY_WAIT] = net.deliveries.waiting[delivery_of(net, targets, way, site, target)]
    times[prep.PLACED], times[prep.HORIZON_END] = placed_at, trip[tr.HORIZON_END]


@kernel
def delivery_of(net: NetworkTables, targets: Targets, way: int, site: int, target: int) -> int:
    """The delivery rules of the last leg of a way."""
    last_leg = net.ways.leg_ptr[way + 1] - 1
    origin = site if last_leg == net.ways.leg_ptr[way] else net.ways.leg_stop[last_leg - 1]
    return net.services.lane_delivery_idx[lt.lane_of(net, targets, last_leg, origin, target)]


@kernel
def walk(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, trip: I64, times: I64,
    stack: I64, found: I64, best: I64,
) -> int:  # fmt: skip
    """Steps 1 to 8 of a started trip at every maximum; the promise is in `best`; the reason, or 0."""
    way, site = trip[tr.WAY], trip[tr.SITE]
    reason = prep.prepare(net, taken, basket, variant_of(net, way, site), stock, times)
    if reason != 0:
        return reason
    lt.clear_legs(found)
    trip[tr.HIGH], trip[tr.READY], trip[tr.BASE] = 1, times[prep.READY_HIGH], times[prep.STARTED]
    if way == OWN_COLLECTION:
        found[col.ARRIVES] = found[col.EFFECTIVE] = -1
        collected = dl.collect_at_store(net, site, trip[tr.READY], trip, found)
        best[:] = found
        return 0 if collected else _BEYOND_HORIZON
    if lacks_collection(net, way, site):
        return _NO_COLLECTION
    return lt.search(net, taken, targets, trip, stack, found, best)


@kernel
def earliest_from(
    net: NetworkTables, taken: Taken, targets: Targets, trip: I64, times: I64, stack: I64, found: I64, early: I64,
    latest: int,
) -> int:  # fmt: skip
    """The early end: the same walk with every minimum, waiting allowed, never later than the promise."""
    may_wait = trip[tr.MAY_WAIT]
    trip[tr.HIGH], trip[tr.READY], trip[tr.MAY_WAIT] = 0, times[prep.READY_LOW], 1
    lt.clear_legs(found)
    if trip[tr.WAY] == OWN_COLLECTION:
        early_found = dl.collect_at_store(net, trip[tr.SITE], trip[tr.READY], trip, early)
    else:
        early_found = lt.search(net, taken, targets, trip, stack, found, early) == 0
    trip[tr.HIGH], trip[tr.READY], trip[tr.MAY_WAIT] = 1, times[prep.READY_HIGH], may_wait
    if not early_found:
        return latest
    start = early[col.DELIVER_FROM] if early[col.COLLECT_FROM] < 0 else early[col.COLLECT_FROM]
    return min(start, latest)


@kernel
def within_wishes(basket: Basket, best: I64) -> bool:
    """Whether a promise lies inside what the shopper asks for."""
    start = best[col.DELIVER_FROM] if best[col.COLLECT_FROM] < 0 else best[col.COLLECT_FROM]
    return start >= basket.not_before and best[col.PROMISED] <= basket.not_after


@kernel
def finish_row(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    times: I64, best: I64, row: I64,
) -> None:  # fmt: skip
    """Write everything a row holds beside its story."""
    site, target, way = best[col.SITE], tasks.target_idx[task], tasks.way_idx[task]
    row[:] = best
    row[col.METHOD], row[col.TARGET], row[col.WAY] = tasks.method_idx[task], target, way
    row[col.TASK] = task
    row[col.ACCEPTED], row[col.RELEASED] = times[prep.ACCEPTED], times[prep.RELEASED]
    row[col.STARTED], row[col.READY], row[col.SLOT] = times[prep.STARTED], times[prep.READY_HIGH], times[prep.SLOT]
    row[col.VARIANT] = variant_of(net, way, site)
    write_money(net, tasks, tasks.parcels[task], row)
    row[col.CO2E] = co2e_grams(net, targets, way, site, target, basket.mass_grams[0])
    row[col.DISTANCE] = targets.shopper_metres[target]
    if targets.place_idx[target] < 0:
        row[col.DISTANCE] = targets.metres[target, site]
    if row[col.DISTANCE] < 0:
        row[col.DISTANCE] = NEVER
    row[col.RANK], row[col.DEPTH] = tasks.site_rank[task, site], stock.depth[site]
    row[col.LOAD_USED], row[col.LOAD_CAPACITY] = -1, 1
    if times[prep.SLOT] != prep.NO_SLOT:
        row[col.LOAD_USED] = taken.slot_committed[times[prep.SLOT]]
        row[col.LOAD_CAPACITY] = net.plans.capacity[times[prep.SLOT]]
    row[col.ORDER_BY], row[col.TAGS], row[col.NAMED_SLOT] = NEVER, 0, -1
    row[col.SPLIT], row[col.SHIPMENTS], row[col.FIRST_PROMISED] = -1, 1, row[col.PROMISED]
    if row[col.WINDOW] >= 0:
        row[col.NAMED_SLOT] = net.deliveries.window_slot[row[col.WINDOW]]


@kernel
def collected_day(net: NetworkTables, targets: Targets, target: int, best: I64) -> int:
    """The date a wish for a day is compared with: of the delivery, or of the first collection."""
    if best[col.COLLECT_FROM] < 0:
        return best[col.DAY]
    return day_of(net, targets.zone_idx[target], best[col.COLLECT_FROM])


@kernel
def add_plain_row(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    trip: I64, times: I64, stack: I64, found: I64, best: I64, early: I64, rows: I64, count: int,
) -> int:  # fmt: skip
    """Add the one promise of a candidate if it is inside the wishes; the new count of rows."""
    wanted = basket.nominated_day
    if not within_wishes(basket, best):
        return count
    if wanted >= 0 and collected_day(net, targets, trip[tr.TARGET], best) != wanted:
        return count
    best[col.SITE] = trip[tr.SITE]
    finish_row(net, taken, basket, stock, targets, tasks, task, times, best, rows[count])
    start = best[col.DELIVER_FROM] if best[col.COLLECT_FROM] < 0 else best[col.COLLECT_FROM]
    rows[count, col.EARLIEST_FROM] = earliest_from(net, taken, targets, trip, times, stack, found, early, start)
    rows[count, col.NOMINATED] = 0
    return count + 1


@kernel
def add_nominated_rows(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    trip: I64, times: I64, stack: I64, found: I64, best: I64, rows: I64, count: int, most: int,
) -> int:  # fmt: skip
    """Add a row for each day or slot that the shopper may nominate, from the earliest on; the new count."""
    target, added = trip[tr.TARGET], 0
    delivery = delivery_of(net, targets, trip[tr.WAY], trip[tr.SITE], target)
    choice, region = net.deliveries.choice[delivery], targets.region_idx[target]
    day, last_day = best[col.DAY], min(trip[tr.HORIZON_DAY], basket.nominated_until[tasks.method_idx[task]])
    if basket.nominated_day >= 0 and targets.place_idx[target] < 0:
        day, last_day = max(day, basket.nominated_day), min(last_day, basket.nominated_day)
    while day <= last_day and added < most:
        day = net.deliveries.next_day[delivery, region, day]
        if day > last_day:
            break
        window_set = net.deliveries.set_of_day[delivery, day]
        begin, end = net.deliveries.set_ptr[window_set], net.deliveries.set_ptr[window_set + 1]
        for i in range(begin, begin + 1 if choice == 1 else end):
            if begin == end or added >= most or count >= len(rows):
                break
            trip[tr.DAY_WANTED] = day
            trip[tr.WINDOW_WANTED] = -1 if choice == 1 else net.deliveries.window_idx[i]
            lt.clear_legs(found)
            if lt.search(net, taken, targets, trip, stack, found, best) != 0 or not within_wishes(basket, best):
                continue
            if basket.nominated_day >= 0 and collected_day(net, targets, target, best) != basket.nominated_day:
                continue
            best[col.SITE] = trip[tr.SITE]
            finish_row(net, taken, basket, stock, targets, tasks, task, times, best, rows[count])
            start = best[col.DELIVER_FROM] if best[col.COLLECT_FROM] < 0 else best[col.COLLECT_FROM]
            rows[count, col.EARLIEST_FROM], rows[count, col.NOMINATED] = start, choice
            count += 1
            added += 1
        day += 1
    return count


@kernel
def choice_of(net: NetworkTables, targets: Targets, way: int, site: int, target: int) -> int:
    """What the shopper nominates for a way: 0 nothing, 1 a day, 2 a slot."""
    if way == OWN_COLLECTION or net.ways.to_store[way]:
        return 0
    return net.deliveries.choice[delivery_of(net, targets, way, site, target)]


@kernel
def candidate_rows(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    site: int, placed_at: int, most: int, trip: I64, times: I64, stack: I64, found: I64, best: I64, early: I64,
    rows: I64, count: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Add the rows of one candidate for an order placed at an instant.

    Returns the new count, the reason when it has no row, and its earliest promise whatever the wishes, NEVER without.
    `rows` must have room for one; they are too short when the count reaches their length.
    """
    way, target = tasks.way_idx[task], tasks.target_idx[task]
    start_trip(net, basket, targets, tasks, task, site, placed_at, trip, times)
    found[col.COLLECT_FROM] = found[col.COLLECT_UNTIL] = -1
    reason = walk(net, taken, basket, stock, targets, trip, times, stack, found, best)
    if reason != 0:
        return count, reason, NEVER
    promised, before = best[col.PROMISED], count
    if choice_of(net, targets, way, site, target) != 0:
        count = add_nominated_rows(
            net, taken, basket, stock, targets, tasks, task, trip, times, stack, found, best, rows, count, most
        )
    else:
        early[col.COLLECT_FROM] = -1
        count = add_plain_row(
            net, taken, basket, stock, targets, tasks, task, trip, times, stack, found, best, early, rows, count
        )
    return count, 0 if count > before else _OUTSIDE_WISHES, promised


@kernel
def asked_rows(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    site: int, most: int, trip: I64, times: I64, stack: I64, found: I64, best: I64, early: I64, rows: I64, count: int,
) -> tuple[int, int, int]:  # fmt: skip
    """The rows of one candidate, if it is one: as `candidate_rows`."""
    reason = static_reason(net, stock, targets, tasks, task, site)
    if reason != 0:
        return count, reason, NEVER
    return candidate_rows(
        net, taken, basket, stock, targets, tasks, task, site, basket.placed_at, most, trip, times, stack, found, best,
        early, rows, count,
    )  # fmt: skip


@entry
def enumerate_rows(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, wanted: U8,
    most: int, rows: I64, reasons: I64, first_promised: I64,
) -> int:  # fmt: skip
    """Fill a row for each promise of each (task, site) of the tasks wanted, and the reason of each that has none.

    `first_promised` gets the earliest promise of each, whatever the wishes; NEVER without. Returns the number of
    rows, or -1 when `rows` is too short.
    """
    trip, times = np.empty(tr.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
    found, best, early = np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64)
    stack = np.empty((MAX_LEGS, 4), np.int64)
    count = 0
    reasons[:], first_promised[:] = -1, NEVER
    for task in range(len(tasks.method_idx)):
        for site in range(len(stock.reason) if wanted[task] else 0):
            count, reasons[task, site], first_promised[task, site] = asked_rows(
                net, taken, basket, stock, targets, tasks, task, site, most, trip, times, stack, found, best, early,
                rows, count,
            )  # fmt: skip
            if count >= len(rows):
                return -1
    return count
