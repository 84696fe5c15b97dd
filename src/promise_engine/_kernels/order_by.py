"""Until when an option stands: the inverse of the whole chain, over every plan that gives it."""

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
from promise_engine._kernels.clock import day_of
from promise_engine._kernels.money import write_money
from promise_engine._kernels.promise import OWN_COLLECTION, choice_of, delivery_of, start_trip, variant_of, walk

if TYPE_CHECKING:
    from promise_engine._arrays import I64, Basket, NetworkTables, SiteStock, Taken, Targets, Tasks

PLAIN, ANY_DAY_WINDOW = -2, -1
DAYS_BEFORE_COLLECTION = 14  # how long a delivered parcel may wait for its point to open


@kernel
def stands(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, row: I64,
    task: int, site: int, day: int, wanted: int, placed_at: int, trip: I64, times: I64, stack: I64, found: I64,
    best: I64, priced: I64,
) -> bool:  # fmt: skip
    """Whether an order placed at an instant gets the row's window and price from this candidate.

    `wanted` is the window that is nominated on a day, ANY_DAY_WINDOW for a nominated day, or PLAIN.
    """
    start_trip(net, basket, targets, tasks, task, site, placed_at, trip, times)
    if wanted != PLAIN:
        if day > trip[tr.HORIZON_DAY]:
            return False
        trip[tr.DAY_WANTED], trip[tr.WINDOW_WANTED] = day, wanted
    found[col.COLLECT_FROM] = found[col.COLLECT_UNTIL] = -1
    if walk(net, taken, basket, stock, targets, trip, times, stack, found, best) != 0:
        return False
    first = col.DELIVER_FROM if row[col.COLLECT_FROM] < 0 else col.COLLECT_FROM
    if row[col.FIRST_PROMISED] != best[col.PROMISED]:
        return False
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
    combination stays chosen exactly as long as its first collection is made, and a window as long as the last
    collection of a run that gives it is. Own store collection has none: there the first instant to collect must stay.
    """
    way, site = trip[tr.WAY], trip[tr.SITE]
    times[prep.PLACED] = placed_at
    if prep.prepare(net, taken, basket, variant_of(net, way, site), stock, times) != 0:
        return False
    if way == OWN_COLLECTION:
        collected = dl.collect_at_store(net, site, times[prep.READY_HIGH], trip, found)
        return collected and found[col.COLLECT_FROM] == best[col.COLLECT_FROM]
    calendar = net.sites.preparation_idx[site]
    return lt.reachable(net, calendar, trip[tr.RUN_LAST], times[prep.READY_HIGH], times[prep.STARTED])


@kernel
def taken_until(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, trip: I64, times: I64, best: I64, found: I64,
    placed_at: int,
) -> int:  # fmt: skip
    """First instant after `placed_at` at which the combination in `best` is no longer taken, by bisection."""
    low, high = placed_at, best[col.PROMISED] + 1
    if trip[tr.WAY] != OWN_COLLECTION:
        high = net.collections.departure_at[trip[tr.RUN_LAST]] + 1
    while high - low > 1:
        middle = (low + high) >> 1
        if still_taken(net, taken, basket, stock, trip, times, best, found, middle):
            low = middle
        else:
            high = middle
    return high


@kernel
def kept_on_day(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, row: I64,
    task: int, site: int, choice: int, day: int, placed_at: int, trip: I64, times: I64, stack: I64, found: I64,
    best: I64, priced: I64,
) -> int:  # fmt: skip
    """Until when one candidate gives the row's window and price on a day; `placed_at` when it does not."""
    way, target = tasks.way_idx[task], tasks.target_idx[task]
    first, last = PLAIN, PLAIN + 1
    if choice == 1:
        first, last = ANY_DAY_WINDOW, ANY_DAY_WINDOW + 1
    elif choice == 2:
        window_set = net.deliveries.set_of_day[delivery_of(net, targets, way, site, target), day]
        first, last = net.deliveries.set_ptr[window_set], net.deliveries.set_ptr[window_set + 1]
    for i in range(first, last):
        wanted, until = (net.deliveries.window_idx[i] if choice == 2 else i), placed_at
        while stands(
            net, taken, basket, stock, targets, tasks, row, task, site, day, wanted, until, trip, times, stack, found,
            best, priced,
        ):  # fmt: skip
            if tasks.price[task] < 0 and tasks.dated_ptr[task] < tasks.dated_ptr[task + 1]:
                trip[tr.RUN_LAST] = best[col.COLLECTION]  # the price may change with the collection's date
            until = taken_until(net, taken, basket, stock, trip, times, best, found, until)
        if until > placed_at:
            return until
    return placed_at


@kernel
def kept_until(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, row: I64,
    task: int, site: int, placed_at: int, trip: I64, times: I64, stack: I64, found: I64, best: I64, priced: I64,
) -> int:  # fmt: skip
    """Until when one candidate gives the row's window and price; `placed_at` when it does not at all.

    At a pickup point several nominated delivery days may give one first instant to collect.
    """
    target = tasks.target_idx[task]
    choice = choice_of(net, targets, tasks.way_idx[task], site, target)
    first_day, last_day = row[col.DAY], row[col.DAY]
    if choice != 0 and row[col.COLLECT_FROM] >= 0:
        last_day = day_of(net, targets.zone_idx[target], row[col.COLLECT_FROM])
        first_day = max(0, min(first_day, last_day - DAYS_BEFORE_COLLECTION))
    for day in range(first_day, last_day + 1):
        kept = kept_on_day(
            net, taken, basket, stock, targets, tasks, row, task, site, choice, day, placed_at, trip, times, stack,
            found, best, priced,
        )  # fmt: skip
        if kept > placed_at:
            return kept
    return placed_at


@entry
def fill_order_by(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks,
    by_way: I64, first_promised: I64, rows: I64,
) -> None:  # fmt: skip
    """Write `order_by` of each row: hop from plan to plan while one still gives its window and price.

    `first_promised` (N, S) is what each candidate promises now; one that is later than the row stays later.
    """
    trip, times = np.empty(tr.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
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


@kernel
def left_to(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, trip: I64, times: I64, found: I64,
    placed_at: int,
) -> int:  # fmt: skip
    """What an order placed at an instant can still have: how many collections of its first leg, or when it is handed
    over from the store's own stock; 0 for nothing."""
    way, site = trip[tr.WAY], trip[tr.SITE]
    times[prep.PLACED], times[prep.HORIZON_END] = placed_at, trip[tr.HORIZON_END]
    if prep.prepare(net, taken, basket, variant_of(net, way, site), stock, times) != 0:
        return 0
    if way == OWN_COLLECTION:
        collected = dl.collect_at_store(net, site, times[prep.READY_HIGH], trip, found)
        return found[col.COLLECT_FROM] if collected else 0
    pattern = net.sites.pattern_idx[site, net.ways.leg_service[net.ways.leg_ptr[way]]]
    calendar = net.sites.preparation_idx[site]
    return reachable_count(net, pattern, calendar, times[prep.READY_HIGH], times[prep.STARTED], trip[tr.HORIZON_END])


@entry
def stretch_end(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    site: int,
) -> int:  # fmt: skip
    """First instant after `placed_at` at which a candidate has lost a collection of its first leg, or is handed over
    later.

    What is left never comes back, so the instant is found by halving.
    """
    trip, times = np.empty(tr.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
    found = np.empty(col.COUNT, np.int64)
    start_trip(net, basket, targets, tasks, task, site, basket.placed_at, trip, times)
    low, high = basket.placed_at, trip[tr.HORIZON_END]
    whole = left_to(net, taken, basket, stock, trip, times, found, low)
    while high - low > 1:
        middle = (low + high) >> 1
        if left_to(net, taken, basket, stock, trip, times, found, middle) == whole:
            low = middle
        else:
            high = middle
    return high
