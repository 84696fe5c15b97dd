"""Until when what candidates give stays as it is: from event to event, and what each of them changes."""

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
from promise_engine._kernels.clock import DAY, offset_at
from promise_engine._kernels.order_by import reachable_count
from promise_engine._kernels.promise import (
    OWN_COLLECTION,
    candidate_rows,
    choice_of,
    start_trip,
    static_reason,
    variant_of,
)
from promise_engine.errors import Reason
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import I64, U8, Basket, NetworkTables, SiteStock, Taken, Targets, Tasks

# What is watched of a candidate: nothing; whether a new horizon adds to it; whether it serves, and which days and slots
# may be nominated; all that it shows, of own stock only the days on which it is collected and kept; all that it shows;
# whether anything moves that decides what it takes of slots and collections.
NOTHING, GAINS, CHOICES, DAYS, EVERYTHING, TAKES = 0, 1, 2, 3, 4, 5
TOO_SHORT = -1

_BEYOND_HORIZON = int(Reason.BEYOND_HORIZON)
_NO_COLLECTION = int(Reason.NO_COLLECTION)

# Columns of `state`: what the rows of a candidate depend on, inside one horizon. Each only ever moves one way.
STAGE, ELIGIBLE, COLLECT_HIGH, COLLECT_LOW, SLOT, USED_SLOTS = 0, 1, 2, 3, 4, 5
TIGHT_HIGH, COUNT_HIGH, TIGHT_LOW, COUNT_LOW = 6, 7, 8, 9
STATE_COLUMNS = 10
PREPARED, LATE_AFTER_SLOT, NO_SLOT, RELEASED_LATE = 0, 1, 2, 3


@kernel
def next_horizon(net: NetworkTables, zone_idx: int, instant: int) -> int:
    """The first later instant at which the local date, and with it the horizon, may be another."""
    clocks = net.clocks
    midnight = instant + DAY - (instant + offset_at(clocks, zone_idx, instant)) % DAY
    for i in range(clocks.change_ptr[zone_idx], clocks.change_ptr[zone_idx + 1]):
        if instant < clocks.change_at[i] < midnight:
            return clocks.change_at[i]
    return midnight


@kernel
def eligible_slots(net: NetworkTables, site: int, times: I64) -> int:
    """How many slots of a plan could still be used, were there room; 0 where no order is too much for a slot."""
    plans, count = net.plans, 0
    if plans.splits[site] or not plans.refuses_oversize[site]:
        return 0
    for slot in range(prep.first_slot(net, site, times[prep.RELEASED]), plans.slot_ptr[site + 1]):
        if plans.start_at[slot] < times[prep.HORIZON_END] and times[prep.ACCEPTED] < plans.use_by_at[slot]:
            count += 1
    return count


@kernel
def used_slots(net: NetworkTables, site: int, times: I64) -> int:
    """How many slots split work may use."""
    count = 0
    if times[prep.SLOT] != prep.NO_SLOT and net.plans.splits[site]:
        for slot in range(prep.first_slot(net, site, times[prep.RELEASED]), times[prep.SLOT] + 1):
            count += times[prep.ACCEPTED] < net.plans.use_by_at[slot]
    return count


@kernel
def collected_from(net: NetworkTables, trip: I64, ready: int, found: I64) -> int:
    """From when own stock that is ready at an instant can be collected; NEVER beyond the horizon."""
    return found[col.COLLECT_FROM] if dl.collect_at_store(net, trip[tr.SITE], ready, trip, found) else NEVER


@kernel
def prepare_state(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, trip: I64, times: I64, found: I64,
    placed_at: int, state: I64,
) -> None:  # fmt: skip
    """Walk the preparation of an order placed at an instant of the same horizon, and write how far it gets."""
    way, site = trip[tr.WAY], trip[tr.SITE]
    times[prep.PLACED] = placed_at
    reason = prep.prepare(net, taken, basket, variant_of(net, way, site), stock, times)
    state[ELIGIBLE], state[COLLECT_HIGH], state[COLLECT_LOW] = 0, 0, 0
    state[SLOT], state[USED_SLOTS] = prep.NO_SLOT, 0
    if reason == 0:
        state[STAGE], state[SLOT], state[USED_SLOTS] = PREPARED, times[prep.SLOT], used_slots(net, site, times)
        if way == OWN_COLLECTION:
            state[COLLECT_HIGH] = collected_from(net, trip, times[prep.READY_HIGH], found)
            state[COLLECT_LOW] = collected_from(net, trip, times[prep.READY_LOW], found)
    elif times[prep.RELEASED] >= times[prep.HORIZON_END]:
        state[STAGE] = RELEASED_LATE
    elif reason == _BEYOND_HORIZON:
        state[STAGE] = LATE_AFTER_SLOT
    else:
        state[STAGE], state[ELIGIBLE] = NO_SLOT, eligible_slots(net, site, times)


@kernel
def first_pattern(net: NetworkTables, trip: I64) -> int:
    """The collection pattern of the first leg."""
    return net.sites.pattern_idx[trip[tr.SITE], net.ways.leg_service[net.ways.leg_ptr[trip[tr.WAY]]]]


@kernel
def reach(net: NetworkTables, trip: I64, times: I64, ready: int) -> tuple[int, int]:
    """The earliest cut-off of the collections in reach, and their number (-1 when no notification is asked for)."""
    pattern, calendar = first_pattern(net, trip), net.sites.preparation_idx[trip[tr.SITE]]
    tight, count, notified = NEVER, 0, False
    for k in range(lt.first_departure(net, pattern, ready), net.collections.ptr[pattern + 1]):
        if net.collections.departure_at[k] >= times[prep.HORIZON_END]:
            break
        if lt.reachable(net, calendar, k, ready, times[prep.STARTED]):
            tight, count = min(tight, net.collections.cut_off_at[k]), count + 1
            notified = notified or net.collections.notification_seconds[k] >= 0
    return tight, count if notified else -1


@kernel
def lost(net: NetworkTables, trip: I64, times: I64, ready: int, tight: int, count: int) -> bool:
    """Whether one of the collections that were in reach no longer is; later orders only lose them."""
    if ready > tight:
        return True
    if count < 0:
        return False
    calendar = net.sites.preparation_idx[trip[tr.SITE]]
    pattern, end = first_pattern(net, trip), times[prep.HORIZON_END]
    return reachable_count(net, pattern, calendar, ready, times[prep.STARTED], end) != count


@kernel
def unchanged(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, trip: I64, times: I64, found: I64,
    placed_at: int, by_slot: bool, state: I64, later: I64,
) -> bool:  # fmt: skip
    """Whether all that the rows of a candidate depend on is the same for an order placed at a later instant."""
    prepare_state(net, taken, basket, stock, trip, times, found, placed_at, later)
    for column in range(TIGHT_HIGH if by_slot else SLOT):
        if state[column] != later[column]:
            return False
    if state[STAGE] != PREPARED:
        return True
    high, low = state[TIGHT_HIGH] < NEVER, state[TIGHT_LOW] < NEVER
    if high and lost(net, trip, times, times[prep.READY_HIGH], state[TIGHT_HIGH], state[COUNT_HIGH]):
        return False
    return not (low and lost(net, trip, times, times[prep.READY_LOW], state[TIGHT_LOW], state[COUNT_LOW]))


@kernel
def next_event(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    site: int, placed_at: int, end: int, reason: int, by_slot: bool, trip: I64, times: I64, found: I64, state: I64,
    later: I64,
) -> int:  # fmt: skip
    """The first instant after `placed_at` at which the rows of a candidate may change, `end` when none comes before.

    `end` lies inside the horizon of `placed_at`, or is the first instant after it.
    """
    start_trip(net, basket, targets, tasks, task, site, placed_at, trip, times)
    prepare_state(net, taken, basket, stock, trip, times, found, placed_at, state)
    state[TIGHT_HIGH] = state[TIGHT_LOW] = NEVER
    travels = state[STAGE] == PREPARED and trip[tr.WAY] != OWN_COLLECTION
    if travels and reason not in (_BEYOND_HORIZON, _NO_COLLECTION):  # which fewer collections give as well
        state[TIGHT_HIGH], state[COUNT_HIGH] = reach(net, trip, times, times[prep.READY_HIGH])
        if choice_of(net, targets, trip[tr.WAY], site, trip[tr.TARGET]) == 0:
            state[TIGHT_LOW], state[COUNT_LOW] = reach(net, trip, times, times[prep.READY_LOW])
    if unchanged(net, taken, basket, stock, trip, times, found, end - 1, by_slot, state, later):
        return end
    low, high = placed_at, end - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if unchanged(net, taken, basket, stock, trip, times, found, middle, by_slot, state, later):
            low = middle
        else:
            high = middle
    return high


@kernel
def shows_the_same(before: I64, after: I64, count: int, by_load: bool) -> bool:
    """Whether rows show the same: windows, money, and the load where the policy asks for it; not their story."""
    for i in range(count):
        for column in range(col.PROMISED, col.COLLECT_UNTIL + 1):
            if before[i, column] != after[i, column]:
                return False
        for column in range(col.PARCELS, col.COST + 1):
            if before[i, column] != after[i, column]:
                return False
        if before[i, col.EARLIEST_FROM] != after[i, col.EARLIEST_FROM]:
            return False
        for column in range(col.LOAD_USED, col.LOAD_CAPACITY + 1 if by_load else col.LOAD_USED):
            if before[i, column] != after[i, column]:
                return False
    return True


@kernel
def offers_the_same(before: I64, after: I64, count: int) -> bool:
    """Whether rows are of the same nominated days or slots."""
    for i in range(count):
        nominated = before[i, col.NOMINATED]
        if nominated > 0 and before[i, col.DAY] != after[i, col.DAY]:
            return False
        if nominated == 2 and before[i, col.NAMED_SLOT] != after[i, col.NAMED_SLOT]:
            return False
    return True


@kernel
def keeps_its_days(before: I64, after: I64, count: int) -> bool:
    """Whether rows of own stock are collected and kept on the same days, whatever the quarter of an hour."""
    for i in range(count):
        if before[i, col.DAY] != after[i, col.DAY] or before[i, col.COLLECT_UNTIL] != after[i, col.COLLECT_UNTIL]:
            return False
    return True


@kernel
def candidate_changes_at(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    site: int, watched: int, most: int, by_load: bool, limit: int, trip: I64, times: I64, stack: I64, found: I64,
    best: I64, early: I64, state: I64, later: I64, before: I64, after: I64,
) -> int:  # fmt: skip
    """The first instant before `limit` at which a candidate changes in what is watched of it; else `limit`.

    GAINS looks at new horizons only: at one that may add days to nominate, or at which a refused one serves. TAKES
    stops whenever something may change.
    """
    placed_at, zone_idx = basket.placed_at, targets.zone_idx[tasks.target_idx[task]]
    had, reason, _ = candidate_rows(
        net, taken, basket, stock, targets, tasks, task, site, placed_at, most, trip, times, stack, found, best,
        early, before, 0,
    )  # fmt: skip
    if had >= len(before):
        return TOO_SHORT
    nominates = choice_of(net, targets, tasks.way_idx[task], site, tasks.target_idx[task]) != 0
    if watched == GAINS and ((reason == 0 and not nominates) or reason == _NO_COLLECTION):
        return limit
    while True:
        event = min(limit, next_horizon(net, zone_idx, placed_at))
        if watched != GAINS:
            event = next_event(
                net, taken, basket, stock, targets, tasks, task, site, placed_at, event, reason,
                by_load or watched == TAKES, trip, times, found, state, later,
            )  # fmt: skip
        if event >= limit:
            return limit
        if watched == TAKES or (watched == GAINS and reason == 0):
            return event
        has, then, _ = candidate_rows(
            net, taken, basket, stock, targets, tasks, task, site, event, most, trip, times, stack, found, best,
            early, after, 0,
        )  # fmt: skip
        if has >= len(after):
            return TOO_SHORT
        if watched == GAINS:
            other = then == 0
        else:
            other = then != reason or has != had or not offers_the_same(before, after, has)
            if watched == DAYS and trip[tr.WAY] == OWN_COLLECTION and not by_load:
                other = other or not keeps_its_days(before, after, has)
            elif watched >= DAYS:
                other = other or not shows_the_same(before, after, has, by_load)
        if other:
            return event
        placed_at = event


@entry
def next_change(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, watched: U8,
    most: int, by_load: bool, limit: int, before: I64, after: I64,
) -> int:  # fmt: skip
    """The first instant after `placed_at` and before `limit` at which a watched (task, site) changes; else `limit`.

    `before` and `after` have room for the rows of one candidate; TOO_SHORT when they have not.
    """
    trip, times = np.empty(tr.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
    found, best, early = np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64)
    stack = np.empty((MAX_LEGS, 4), np.int64)
    state, later = np.empty(STATE_COLUMNS, np.int64), np.empty(STATE_COLUMNS, np.int64)
    for task in range(len(tasks.method_idx)):
        for site in range(len(stock.reason)):
            if watched[task, site] == NOTHING or static_reason(net, stock, targets, tasks, task, site) != 0:
                continue
            limit = candidate_changes_at(
                net, taken, basket, stock, targets, tasks, task, site, watched[task, site], most, by_load, limit,
                trip, times, stack, found, best, early, state, later, before, after,
            )  # fmt: skip
            if limit == TOO_SHORT:
                return TOO_SHORT
    return limit
