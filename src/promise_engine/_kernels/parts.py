"""Parts of a basket asked together: what each promises at its sites, and until when by an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import MAX_LEGS
from promise_engine._kernels import preparation as prep
from promise_engine._kernels import trip as tr
from promise_engine._kernels._jit import entry, kernel
from promise_engine._kernels.atp import join_needs, join_waits
from promise_engine._kernels.order_by import taken_until
from promise_engine._kernels.promise import asked_rows, start_trip, static_reason, walk
from promise_engine.errors import Reason

if TYPE_CHECKING:
    from promise_engine._arrays import I64, U8, Basket, NetworkTables, PartTables, SiteStock, Taken, Targets, Tasks


_WAITS = -1  # for replenishment, which takes another time from each instant on
_NOT_STOCKED = int(Reason.NOT_STOCKED)


@kernel
def take_part(parts: PartTables, part: int, basket: Basket, tasks: Tasks) -> None:
    """Write what of a basket and of its tasks is about the lines of a part, whatever the site."""
    basket.work[:] = parts.work[part]
    basket.service_seconds[0], basket.mass_grams[0] = parts.service_seconds[part], parts.mass_grams[part]
    tasks.service_price[0] = parts.service_price[part]
    tasks.sourcing_reason[:], tasks.parcels[:] = parts.sourcing_reason[part], parts.parcels[part]
    tasks.transport[:], tasks.surcharge[:] = parts.transport[part], parts.surcharge[part]
    tasks.transfer[:], tasks.dated_ptr[:] = parts.transfer[part], parts.dated_ptr[part]


@kernel
def take_site(
    parts: PartTables, part: int, site: int, whole: SiteStock, needs: I64, stock: SiteStock, tasks: Tasks
) -> None:
    """Write what of a part's stock and tasks is about a site."""
    join_needs(whole, needs, site, stock)
    if parts.waits:
        join_waits(whole, needs, site, stock)
    units = parts.work[part, 2]
    tasks.preparation[site] = parts.shipment_cost[site] + parts.unit_cost[site] * units + parts.service_cost[part]
    for task in range(len(tasks.method_idx)):
        tasks.site_reason[task, site] = parts.site_reason[parts.reason_idx[part], task, site]


@kernel
def there_since(parts: PartTables, whole: SiteStock, needs: I64, site: int, placed_at: int) -> int:
    """From when a site has a part, not before the order; minus the reason where it never has, else _WAITS."""
    since, reason = placed_at, 0
    for need in needs:
        if parts.waits and whole.wait_days[need, site] >= 0:
            return _WAITS
        since = max(since, whole.need_supply_at[need, site])
        if reason != _NOT_STOCKED and whole.need_reason[need, site] != 0:
            reason = whole.need_reason[need, site]
    return since if reason == 0 else -reason


@kernel
def add_rows(added: I64, rows: I64, count: int) -> int:
    """Add some rows to others, in as many columns as these have; the new count."""
    for position in range(len(added)):
        for column in range(rows.shape[1]):
            rows[count, column] = added[position, column]
        count += 1
    return count


@entry
def enumerate_parts(
    net: NetworkTables, taken: Taken, parts: PartTables, whole: SiteStock, basket: Basket, stock: SiteStock,
    targets: Targets, tasks: Tasks, wanted: U8, most: int, full: I64, rows: I64, row_of: I64, reasons: I64,
) -> int:  # fmt: skip
    """Fill a row for each promise of each part of a basket at the sites at which it is asked.

    `whole` is the stock for the whole basket; `basket`, `stock` and `tasks` are written anew for each part, `full` for
    each candidate. `row_of` (n, 2) gets the first row of each position of `parts`, and the one after its last;
    `reasons` (P, N, S) the reasons where a part is asked, -1 elsewhere; (0, N, S) where they are not wanted. Returns
    the number of rows, -1 when `rows` or `full` is too short. Where rows have the columns before BRIEF only, positions
    share those that take the same time.
    """
    trip, times = np.empty(tr.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
    found, best, early = np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64)
    stack = np.empty((MAX_LEGS, 4), np.int64)
    shares, tells = rows.shape[1] == col.BRIEF, len(reasons) > 0
    known = np.full((parts.kind_count, len(stock.reason), 4), _WAITS, np.int64)  # since when; first row, last; part
    count = 0
    reasons[:] = -1
    for part in range(len(parts.work)):
        needs = parts.need_idx[parts.need_ptr[part] : parts.need_ptr[part + 1]]
        take_part(parts, part, basket, tasks)
        for position in range(parts.site_ptr[part], parts.site_ptr[part + 1]):
            site = parts.site_idx[position]
            since = there_since(parts, whole, needs, site, basket.placed_at)
            if since < _WAITS and not tells:
                row_of[position] = count
                continue
            same = known[parts.kind[part], site]
            if shares and since >= 0 and same[0] == since:
                row_of[position, 0], row_of[position, 1] = same[1], same[2]
                for task in range(len(wanted) if tells else 0):
                    reasons[part, task, site] = reasons[same[3], task, site]
                continue
            row_of[position, 0] = count
            take_site(parts, part, site, whole, needs, stock, tasks)
            for task in range(len(wanted)):
                if wanted[task]:
                    added, reason, _ = asked_rows(
                        net, taken, basket, stock, targets, tasks, task, site, most, trip, times, stack, found, best,
                        early, full, 0,
                    )  # fmt: skip
                    if added >= len(full) or count + added > len(rows):
                        return -1
                    count = add_rows(full[:added], rows, count)
                    if tells:
                        reasons[part, task, site] = reason
            row_of[position, 1] = count
            if since >= 0:
                same[0], same[1], same[2], same[3] = since, row_of[position, 0], count, part
    return count


@kernel
def promised_until(
    net: NetworkTables, taken: Taken, basket: Basket, stock: SiteStock, targets: Targets, tasks: Tasks, task: int,
    site: int, latest: int, until: int, trip: I64, times: I64, stack: I64, found: I64, best: I64,
) -> int:  # fmt: skip
    """From when on a candidate no longer promises by the latest instant; `until` if that is by then."""
    while static_reason(net, stock, targets, tasks, task, site) == 0:
        start_trip(net, basket, targets, tasks, task, site, until, trip, times)
        found[col.COLLECT_FROM] = found[col.COLLECT_UNTIL] = -1
        if (
            walk(net, taken, basket, stock, targets, trip, times, stack, found, best) != 0
            or best[col.PROMISED] > latest
        ):
            break
        until = taken_until(net, taken, basket, stock, trip, times, best, found, until)
    return until


@entry
def fill_promised_until(
    net: NetworkTables, taken: Taken, parts: PartTables, whole: SiteStock, basket: Basket, stock: SiteStock,
    targets: Targets, tasks: Tasks, wanted: U8, latest: int, begin: int, until: I64,
) -> None:  # fmt: skip
    """Write from when on no task wanted promises a part by the latest instant, for each part and site (P, S).

    It is `begin` where none does from then on, or where the part is not asked. A later order is promised no earlier.
    """
    trip, times = np.empty(tr.TRIP_COLUMNS, np.int64), np.empty(prep.PREPARED_COLUMNS, np.int64)
    found, best = np.empty(col.COUNT, np.int64), np.empty(col.COUNT, np.int64)
    stack = np.empty((MAX_LEGS, 4), np.int64)
    known = np.full((parts.kind_count, len(stock.reason), 2), _WAITS, np.int64)  # since when, until when
    until[:] = begin
    for part in range(len(parts.work)):
        needs = parts.need_idx[parts.need_ptr[part] : parts.need_ptr[part + 1]]
        take_part(parts, part, basket, tasks)
        for site in parts.site_idx[parts.site_ptr[part] : parts.site_ptr[part + 1]]:
            since = there_since(parts, whole, needs, site, basket.placed_at)
            same = known[parts.kind[part], site]
            if since < _WAITS:
                continue
            if since >= 0 and same[0] == since:
                until[part, site] = same[1]
                continue
            take_site(parts, part, site, whole, needs, stock, tasks)
            for task in range(len(wanted)):
                if wanted[task]:
                    until[part, site] = promised_until(
                        net, taken, basket, stock, targets, tasks, task, site, latest, until[part, site], trip, times,
                        stack, found, best,
                    )  # fmt: skip
            if since >= 0:
                same[0], same[1] = since, until[part, site]
