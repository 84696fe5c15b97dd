"""The stages in order, for every candidate of a request; the cached entries that Python calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import MAX_LEGS
from promise_engine._kernels import lead_time as lt
from promise_engine._kernels import preparation as prep
from promise_engine._kernels._jit import entry, kernel
from promise_engine._kernels.clock import at_time, day_of
from promise_engine._kernels.money import co2e_grams, write_money
from promise_engine.errors import Reason
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import I64, Basket, NetworkTables, SiteStock, Taken, Targets, Tasks

OWN_COLLECTION = 0

_BEYOND_HORIZON = int(Reason.BEYOND_HORIZON)
_NO_LANE = int(Reason.NO_LANE)
_NO_COLLECTION = int(Reason.NO_COLLECTION)
_OUTSIDE_WISHES = int(Reason.OUTSIDE_WISHES)


@kernel
def static_reason(
    net: NetworkTables, stock: SiteStock, targets: Targets, tasks: Tasks, task: int, site: int
) -> int:
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
    horizon_day = day_of(net, zone_idx, placed_at) + basket.horizon_days
    trip[lt.WAY], trip[lt.SITE], trip[lt.TARGET], trip[lt.PARCELS] = way, site, target, tasks.parcels[task]
    trip[lt.HORIZON_DAY] = horizon_day
    trip[lt.HORIZON_END] = at_time(net, zone_idx, horizon_day + 1, 0)
    trip[lt.HIGH], trip[lt.DAY_WANTED], trip[lt.WINDOW_WANTED] = 1, -1, -1
    trip[lt.MARGIN_SECONDS] = net.sites.margin_seconds[site] + basket.margin_seconds
    trip[lt.MARGIN_DAYS] = net.sites.margin_days[site] + basket.margin_days
    trip[lt.MAY_WAIT] = 1
    if way != OWN_COLLECTION:
        last_leg = net.ways.leg_ptr[way + 1] - 1
        service = net.ways.leg_service[last_leg]
        trip[lt.MARGIN_SECONDS] += net.services.margin_seconds[service]
        trip[lt.MARGIN_DAYS] += net.services.margin_days[service]
        trip[lt.MAY_WAIT] = net.deliveries.waiting[delivery_of(net, targets, way, site, target)]
    times[prep.PLACED], times[prep.HORIZON_END] = placed_at, trip[lt.HORIZON_END]


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
    way, site = trip[lt.WAY], trip[lt.SITE]
    reason = prep.prepare(net, taken, basket, variant_of(net, way, site), stock.supply_at[site], times)
    if reason != 0:
        return reason
    lt.clear_legs(found)
    trip[lt.HIGH], trip[lt.READY], trip[lt.BASE] = 1, times[prep.READY_HIGH], times[prep.STARTED]
    if way == OWN_COLLECTION:
        found[col.ARRIVES] = found[col.EFFECTIVE] = -1
        collected = lt.collect_at_store(net, site, trip[lt.READY], trip, found)
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
    may_wait = trip[lt.MAY_WAIT]
    trip[lt.HIGH], trip[lt.READY], trip[lt.MAY_WAIT] = 0, times[prep.READY_LOW], 1
    lt.clear_legs(found)
    if trip[lt.WAY] == OWN_COLLECTION:
        early_found = lt.collect_at_store(net, trip[lt.SITE], trip[lt.READY], trip, early)
    else:
        early_found = lt.search(net, taken, targets, trip, stack, found, early) == 0
    trip[lt.HIGH], trip[lt.READY], trip[lt.MAY_WAIT] = 1, times[prep.READY_HIGH], may_wait
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
    row[col.CO2E] = co2e_grams(net, targets, way, site, target, basket.mass_grams)
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
    if wanted >= 0 and collected_day(net, targets, trip[lt.TARGET], best) != wanted:
        return count
    best[col.SITE] = trip[lt.SITE]
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
    target, added = trip[lt.TARGET], 0
    delivery = delivery_of(net, targets, trip[lt.WAY], trip[lt.SITE], target)
    choice, region = net.deliveries.choice[delivery], targets.region_idx[target]
    day, last_day = best[col.DAY], trip[lt.HORIZON_DAY]
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
            trip[lt.DAY_WANTED] = day
            trip[lt.WINDOW_WANTED] = -1 if choice == 1 else net.deliveries.window_idx[i]
            lt.clear_legs(found)
            if lt.search(net, taken, targets, trip, stack, found, best) != 0 or not within_wishes(basket, best):
                continue
            if basket.nominated_day >= 0 and collected_day(net, targets, target, best) != basket.nominated_day:
                continue
            best[col.SITE] = trip[lt.SITE]
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


@entry
def enumerate_rows(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, most: int,
    rows: I64, reasons: I64, first_promised: I64,
) -> int:  # fmt: skip
    """Fill a row for each promise of each (task, site), and the reason of each that has none.

    `first_promised` gets the earliest promise of each, whatever the wishes; NEVER without. Returns the number of rows, or -1 when `rows` is too short.
    """
    trip, times = np.empty(lt.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
    found, best, early = np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64)
    stack = np.empty((MAX_LEGS, 4), np.int64)
    count = 0
    for task in range(len(tasks.method_idx)):
        way, target = tasks.way_idx[task], tasks.target_idx[task]
        for site in range(len(stock.reason)):
            reason = static_reason(net, stock, targets, tasks, task, site)
            reasons[task, site], first_promised[task, site] = reason, NEVER
            if reason != 0:
                continue
            start_trip(net, basket, targets, tasks, task, site, basket.placed_at, trip, times)
            found[col.COLLECT_FROM] = found[col.COLLECT_UNTIL] = -1
            reason = walk(net, taken, basket, stock, targets, trip, times, stack, found, best)
            if reason == 0:
                first_promised[task, site] = best[col.PROMISED]
                if count + 1 >= len(rows):
                    return -1
                before = count
                if choice_of(net, targets, way, site, target) != 0:
                    count = add_nominated_rows(
                        net, taken, basket, stock, targets, tasks, task, trip, times, stack, found, best, rows,
                        count, most,
                    )  # fmt: skip
                    if count >= len(rows):
                        return -1
                else:
                    early[col.COLLECT_FROM] = -1
                    count = add_plain_row(
                        net, taken, basket, stock, targets, tasks, task, trip, times, stack, found, best, early, rows,
                        count,
                    )  # fmt: skip
                reason = 0 if count > before else _OUTSIDE_WISHES
            reasons[task, site] = reason
    return count


PLAIN, ANY_DAY_WINDOW = -2, -1


@kernel
def stands(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, row: I64,
    task: int, site: int, wanted: int, placed_at: int, trip: I64, times: I64, stack: I64, found: I64, best: I64,
    priced: I64,
) -> bool:  # fmt: skip
    """Whether an order placed at an instant gets the row's window and price from this candidate.

    `wanted` is the window that is nominated on the row's day, ANY_DAY_WINDOW for a nominated day, or PLAIN.
    """
    start_trip(net, basket, targets, tasks, task, site, placed_at, trip, times)
    if wanted != PLAIN:
        if row[col.DAY] > trip[lt.HORIZON_DAY]:
            return False
        trip[lt.DAY_WANTED], trip[lt.WINDOW_WANTED] = row[col.DAY], wanted
    found[col.COLLECT_FROM] = found[col.COLLECT_UNTIL] = -1
    if walk(net, taken, basket, stock, targets, trip, times, stack, found, best) != 0:
        return False
    first = col.DELIVER_FROM if row[col.COLLECT_FROM] < 0 else col.COLLECT_FROM
    if best[first] != row[first] or best[first + 1] != row[first + 1]:
        return False
    priced[:] = best
    priced[col.TASK], priced[col.SITE] = task, site
    write_money(net, tasks, tasks.parcels[task], priced)
    return priced[col.PRICE] == row[col.PRICE]


@kernel
def still_taken(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, trip: I64, times: I64, best: I64, found: I64,
    placed_at: int,
) -> bool:  # fmt: skip
    """Whether an order placed at a later instant still makes the first collection of the combination in `best`.

    Later orders only lose collections of the first leg; what follows one of them does not depend on the order. So a
    combination stays chosen exactly as long as its first collection is made. Own store collection has none: there
    the first instant to collect must stay.
    """
    way, site = trip[lt.WAY], trip[lt.SITE]
    times[prep.PLACED] = placed_at
    if prep.prepare(net, taken, basket, variant_of(net, way, site), stock.supply_at[site], times) != 0:
        return False
    if way == OWN_COLLECTION:
        collected = lt.collect_at_store(net, site, times[prep.READY_HIGH], trip, found)
        return collected and found[col.COLLECT_FROM] == best[col.COLLECT_FROM]
    calendar = net.sites.preparation_idx[site]
    return lt.reachable(net, calendar, best[col.COLLECTION], times[prep.READY_HIGH], times[prep.STARTED])


@kernel
def taken_until(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, trip: I64, times: I64, best: I64, found: I64,
    placed_at: int,
) -> int:  # fmt: skip
    """First instant after `placed_at` at which the combination in `best` is no longer taken, by bisection."""
    low, high = placed_at, best[col.PROMISED] + 1
    if trip[lt.WAY] != OWN_COLLECTION:
        high = net.collections.departure_at[best[col.COLLECTION]] + 1
    while high - low > 1:
        middle = (low + high) >> 1
        if still_taken(net, taken, basket, stock, trip, times, best, found, middle):
            low = middle
        else:
            high = middle
    return high


@kernel
def kept_until(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, row: I64,
    task: int, site: int, placed_at: int, trip: I64, times: I64, stack: I64, found: I64, best: I64, priced: I64,
) -> int:  # fmt: skip
    """Until when one candidate gives the row's window and price; `placed_at` when it does not at all."""
    way, target = tasks.way_idx[task], tasks.target_idx[task]
    choice = choice_of(net, targets, way, site, target)
    first, last = PLAIN, PLAIN + 1
    window_set = 0
    if choice == 1:
        first, last = ANY_DAY_WINDOW, ANY_DAY_WINDOW + 1
    elif choice == 2:
        window_set = net.deliveries.set_of_day[delivery_of(net, targets, way, site, target), row[col.DAY]]
        first, last = net.deliveries.set_ptr[window_set], net.deliveries.set_ptr[window_set + 1]
    for i in range(first, last):
        wanted, until = (net.deliveries.window_idx[i] if choice == 2 else i), placed_at
        while stands(
            net, taken, basket, stock, targets, tasks, row, task, site, wanted, until, trip, times, stack, found,
            best, priced,
        ):  # fmt: skip
            until = taken_until(net, taken, basket, stock, trip, times, best, found, until)
        if until > placed_at:
            return until
    return placed_at


@entry
def fill_order_by(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks,
    by_way: I64, first_promised: I64, rows: I64,
) -> None:  # fmt: skip
    """Write `order_by` of each row: hop from plan to plan while one still gives its window and price.

    `first_promised` (N, S) is what each candidate promises now; one that is later than the row stays later.
    """
    trip, times = np.empty(lt.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
    found, best, priced = np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64)
    stack = np.empty((MAX_LEGS, 4), np.int64)
    for position in range(len(rows)):
        row = rows[position]
        until, moved = basket.placed_at, True
        while moved:
            moved = False
            for task in range(len(tasks.method_idx)):
                same_choice = tasks.method_idx[task] == row[col.METHOD] and tasks.target_idx[task] == row[col.TARGET]
                if not same_choice or (by_way[row[col.METHOD]] and tasks.way_idx[task] != row[col.WAY]):
                    continue
                for site in range(len(stock.reason)):
                    if first_promised[task, site] > row[col.PROMISED]:
                        continue
                    kept = kept_until(
                        net, taken, basket, stock, targets, tasks, row, task, site, until, trip, times, stack, found,
                        best, priced,
                    )  # fmt: skip
                    if kept > until:
                        until, moved = kept, True
        row[col.ORDER_BY] = until


@kernel
def reachable_count(net: NetworkTables, pattern: int, calendar: int, ready: int, base: int, horizon_end: int) -> int:
    """How many collections of a pattern a parcel can still take before the horizon ends."""
    count = 0
    for k in range(lt.first_departure(net, pattern, ready), net.collections.ptr[pattern + 1]):
        if net.collections.departure_at[k] < horizon_end and lt.reachable(net, calendar, k, ready, base):
            count += 1
    return count


@entry
def stretch_end(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    site: int,
) -> int:  # fmt: skip
    """First instant after `placed_at` at which a candidate has lost a collection of its first leg.

    Later orders only lose collections, so their number tells which are left.
    """
    trip, times = np.empty(lt.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
    start_trip(net, basket, targets, tasks, task, site, basket.placed_at, trip, times)
    horizon_end, way = trip[lt.HORIZON_END], tasks.way_idx[task]
    pattern = net.sites.pattern_idx[site, net.ways.leg_service[net.ways.leg_ptr[way]]]
    calendar = net.sites.preparation_idx[site]
    low, high, whole = basket.placed_at, horizon_end, -1
    while high - low > 1:
        middle = low if whole < 0 else (low + high) >> 1
        times[prep.PLACED], times[prep.HORIZON_END] = middle, horizon_end
        count = 0
        if prep.prepare(net, taken, basket, variant_of(net, way, site), stock.supply_at[site], times) == 0:
            count = reachable_count(net, pattern, calendar, times[prep.READY_HIGH], times[prep.STARTED], horizon_end)
        if whole < 0:
            whole = count
        elif count == whole:
            low = middle
        else:
            high = middle
    return high
