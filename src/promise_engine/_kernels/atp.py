"""Available to promise: what each site can sell of the basket, and from when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._kernels._jit import entry, kernel
from promise_engine._kernels.clock import day_of
from promise_engine._kernels.working_time import nth_open_day
from promise_engine.errors import Reason
from promise_engine.units import ALWAYS, NEVER, SHARE_SCALE

if TYPE_CHECKING:
    from promise_engine._arrays import I64, Demand, NetworkTables, SiteStock, SkuStock, StockTables

UNLIMITED = 2**55  # more than any quantity
FAR = NEVER >> 1  # after the last compiled day: it comes, but inside no horizon

NO_RECORD, NOT_SELLABLE = -1, -2
LOOK_AHEAD_NONE, LOOK_AHEAD_FLOOR = 0, 1

_NOT_STOCKED = int(Reason.NOT_STOCKED)
_INSUFFICIENT_STOCK = int(Reason.INSUFFICIENT_STOCK)


@kernel
def ours(demand: Demand, channel: int, segment: int) -> bool:
    """Whether a reservation names something, and everything it names is the request's."""
    if channel < 0 and segment < 0:
        return False
    return (channel < 0 or channel == demand.channel_code) and (segment < 0 or segment == demand.segment_code)


@kernel
def withheld(stock: StockTables, demand: Demand, record: int) -> int:
    """Reservations of others and commitments that were due before the snapshot."""
    total = stock.overdue[record]
    for i in range(stock.reservation_ptr[record], stock.reservation_ptr[record + 1]):
        if not ours(demand, stock.reservation_channel[i], stock.reservation_segment[i]):
            total += stock.reservation_quantity[i]
    return total


@kernel
def shared(quantity: int, share: int, step: int) -> int:
    """A share of a quantity in whole steps, exactly; a share of what is unlimited is unlimited."""
    if quantity >= UNLIMITED:
        return UNLIMITED if share > 0 else 0
    part = quantity // SHARE_SCALE * share + quantity % SHARE_SCALE * share // SHARE_SCALE
    return part // step * step


@kernel
def after_debt(stock: StockTables, first: int, last: int, raw: int, at: I64, gain: I64, begin: int) -> int:
    """Increments of receipts once they have paid what is below zero; the number of them."""
    count, debt = 0, max(0, -raw)
    for i in range(first, last):
        paid = min(debt, stock.receipt_quantity[i])
        debt -= paid
        if stock.receipt_quantity[i] > paid:
            at[begin + count], gain[begin + count] = stock.receipt_at[i], stock.receipt_quantity[i] - paid
            count += 1
    return count


@kernel
def floor_of(
    stock: StockTables, first: int, last: int, record: int, raw: int, at: I64, gain: I64, begin: int
) -> tuple[int, int]:
    """What stays free from now on, and by how much each receipt raises it; the number of those.

    The projection is walked backwards, so that its least value from an instant on is known at that instant.
    """
    i, j = last - 1, stock.commitment_ptr[record + 1] - 1
    due = stock.commitment_ptr[record]
    while due <= j and stock.commitment_at[due] < stock.as_of:
        due += 1
    level = raw
    for k in range(first, last):
        level += stock.receipt_quantity[k]
    for k in range(due, j + 1):
        level -= stock.commitment_quantity[k]
    least, end = UNLIMITED, begin + last - first
    position = end
    while i >= first or j >= due:
        now = ALWAYS
        if i >= first:
            now = stock.receipt_at[i]
        if j >= due:
            now = max(now, stock.commitment_at[j])
        least = min(least, level)
        if i >= first and stock.receipt_at[i] == now:
            position -= 1
            at[position], gain[position] = now, least
        while i >= first and stock.receipt_at[i] == now:
            level -= stock.receipt_quantity[i]
            i -= 1
        while j >= due and stock.commitment_at[j] == now:
            level += stock.commitment_quantity[j]
            j -= 1
        if now <= stock.as_of:
            level = least
    free = max(0, min(least, level))
    count, reached = 0, free
    for k in range(position, end):
        if gain[k] > reached:
            now, more = at[k], gain[k] - reached
            reached = gain[k]
            at[begin + count], gain[begin + count] = now, more
            count += 1
    return free, count


@kernel
def accumulated(
    net: NetworkTables, stock: StockTables, first: int, last: int, record: int, site: int, raw: int, at: I64, gain: I64,
    begin: int,
) -> tuple[int, int]:  # fmt: skip
    """Surpluses by site-local day, after negative days took from the latest earlier ones; free, and the others."""
    zone_idx, top = net.sites.zone_idx[site], begin
    at[top], gain[top] = ALWAYS, max(0, raw)
    i, j, end = first, stock.commitment_ptr[record], stock.commitment_ptr[record + 1]
    while j < end and stock.commitment_at[j] < stock.as_of:
        j += 1
    while i < last or j < end:
        day = NEVER
        if i < last:
            day = day_of(net, zone_idx, stock.receipt_at[i])
        if j < end:
            day = min(day, day_of(net, zone_idx, stock.commitment_at[j]))
        surplus, there_at = 0, ALWAYS
        while i < last and day_of(net, zone_idx, stock.receipt_at[i]) == day:
            surplus += stock.receipt_quantity[i]
            there_at = stock.receipt_at[i]
            i += 1
        while j < end and day_of(net, zone_idx, stock.commitment_at[j]) == day:
            surplus -= stock.commitment_quantity[j]
            j += 1
        if surplus > 0:
            top += 1
            at[top], gain[top] = there_at, surplus
        while surplus < 0 and top >= begin:
            taken = min(gain[top], -surplus)
            gain[top] -= taken
            surplus += taken
            if gain[top] > 0 or top == begin:
                break
            top -= 1
    free = gain[begin]
    for k in range(begin, top):
        at[k], gain[k] = at[k + 1], gain[k + 1]
    return free, top - begin


@kernel
def timeline(
    net: NetworkTables, stock: StockTables, demand: Demand, record: int, site: int, raw: int, at: I64, gain: I64,
    begin: int,
) -> tuple[int, int]:  # fmt: skip
    """What is free now, and the number of increments written from `begin` on."""
    first, last = stock.receipt_ptr[record], stock.receipt_ptr[record + 1]
    if not demand.counts_receipts:
        last = first
    if demand.look_ahead == LOOK_AHEAD_NONE:
        return max(0, raw), after_debt(stock, first, last, raw, at, gain, begin)
    if demand.look_ahead == LOOK_AHEAD_FLOOR:
        return floor_of(stock, first, last, record, raw, at, gain, begin)
    return accumulated(net, stock, first, last, record, site, raw, at, gain, begin)


@kernel
def pay_pool_debt(demand: Demand, debt: int, at: I64, gain: I64, owner: I64, count: int) -> None:
    """Take what reservations at no site lack from the earliest increments of the pool's sites; ties by site."""
    while debt > 0:
        earliest = -1
        for k in range(count):
            if gain[k] == 0 or not demand.in_pool[owner[k]]:
                continue
            if earliest < 0 or at[k] < at[earliest] or (at[k] == at[earliest] and owner[k] < owner[earliest]):
                earliest = k
        if earliest < 0:
            return
        paid = min(debt, gain[earliest])
        gain[earliest] -= paid
        debt -= paid


@kernel
def there_from(
    at: I64, gain: I64, begin: int, end: int, extra_at: int, extra: int, ahead: int, missing: int, share: int, step: int
) -> int:  # fmt: skip
    """First instant at which what has come by then suffices; ALWAYS when what is `ahead` does, NEVER when nothing does.

    `extra` comes at one instant beside the increments.
    """
    total, k, extra_left = ahead, begin, extra
    if shared(total, share, step) >= missing:
        return ALWAYS
    while k < end or extra_left > 0:
        if extra_left > 0 and (k == end or extra_at <= at[k]):
            now, total, extra_left = extra_at, min(UNLIMITED, total + extra_left), 0
        else:
            now, total = at[k], min(UNLIMITED, total + gain[k])
            k += 1
        if shared(total, share, step) >= missing:
            return now
    return NEVER


@kernel
def replenished_at(net: NetworkTables, site: int, days: int, placed_at: int) -> int:
    """The opening of the n-th preparation day after the order's local date; the order itself for none."""
    if days == 0:
        return placed_at
    calendar = net.sites.preparation_idx[site]
    placed_on = day_of(net, net.sites.zone_idx[site], placed_at)
    day = nth_open_day(net, net.working.days_idx[calendar], placed_on, days)
    return FAR if day >= net.day_count else net.working.opening_at[calendar, day]


@kernel
def supply_instant(net: NetworkTables, stock: SiteStock, site: int, placed_at: int) -> int:
    """When a site has the whole basket for an order placed at an instant."""
    latest = stock.supply_at[site]
    for need in range(len(stock.wait_days)):
        days = stock.wait_days[need, site]
        if days >= 0:
            replenished = max(replenished_at(net, site, days, placed_at), stock.wait_with[need, site])
            latest = max(latest, min(replenished, stock.wait_without[need, site]))
    return latest


@kernel
def fill_need(
    demand: Demand, need: int, site: int, exposed: int, at: I64, gain: I64, begin: int, end: int, result: SiteStock
) -> None:
    """Write when a site has the quantity of one SKU, given its increments."""
    quantity, step, rules = demand.quantity[need], demand.step[need], demand.supply_idx[need]
    result.need_depth[need, site] = max(0, exposed - quantity)
    if exposed >= quantity:
        return
    share = SHARE_SCALE
    if demand.share_supply:
        share = (
            demand.share[demand.rule_idx[need], site] if demand.site_scope else demand.pool_share[demand.rule_idx[need]]
        )
    preordered, preorder_at = 0, FAR
    if demand.counts_preorder:
        preordered, preorder_at = max(0, demand.preorder_quantity[rules, site]), demand.preorder_at[rules, site]
    missing = quantity - exposed
    if demand.supply_ahead.shape[1] > 0:
        missing += demand.supply_ahead[need, site]
    without = there_from(at, gain, begin, end, preorder_at, preordered, 0, missing, share, step)
    days = demand.replenish_days[rules, site] if demand.counts_replenishment else -1
    within = NEVER
    if days >= 0:
        ordered = demand.replenish_quantity[rules, site]
        within = there_from(at, gain, begin, end, preorder_at, preordered, ordered, missing, share, step)
    if within < NEVER and within < without:
        result.wait_days[need, site], result.wait_with[need, site] = days, within
        result.wait_without[need, site] = without
    elif without < NEVER:
        result.need_supply_at[need, site] = without
    else:
        result.need_reason[need, site] = _INSUFFICIENT_STOCK


@kernel
def join_needs(whole: SiteStock, needs: I64, site: int, part: SiteStock) -> None:
    """Write what a site could sell of some SKUs of a basket together, given what it could of each."""
    part.reason[site], part.supply_at[site], part.depth[site] = 0, ALWAYS, NEVER
    for need in needs:
        part.supply_at[site] = max(part.supply_at[site], whole.need_supply_at[need, site])
        part.depth[site] = min(part.depth[site], whole.need_depth[need, site])
        if part.reason[site] != _NOT_STOCKED and whole.need_reason[need, site] != 0:
            part.reason[site] = whole.need_reason[need, site]


@kernel
def join_waits(whole: SiteStock, needs: I64, site: int, part: SiteStock) -> None:
    """Write what a site waits for of some SKUs of a basket, given what it waits for of each."""
    part.wait_days[:, site] = -1
    for position in range(len(needs)):
        part.wait_days[position, site] = whole.wait_days[needs[position], site]
        part.wait_with[position, site] = whole.wait_with[needs[position], site]
        part.wait_without[position, site] = whole.wait_without[needs[position], site]


@kernel
def supplied_by_rule(demand: Demand, rules: int, site: int) -> bool:
    """Whether an item comes to a site that has no record of it."""
    ordered = demand.counts_replenishment != 0 and demand.replenish_days[rules, site] >= 0
    dated = demand.counts_preorder != 0 and demand.preorder_quantity[rules, site] >= 0
    return bool(ordered or dated)


@kernel
def read_sku(
    net: NetworkTables, stock: StockTables, demand: Demand, need: int, free: I64, known: I64, at: I64, gain: I64,
    begins: I64, ends: I64,
) -> int:  # fmt: skip
    """Fill what is free of a needed SKU at each site, and its increments; returns what the pool lets a plan take."""
    sku, rules = demand.sku_idx[need], demand.rule_idx[need]
    free[:], known[:], begins[:], ends[:] = 0, NO_RECORD, 0, 0
    owner = np.empty(demand.room, np.int64)
    used, left = 0, 0
    if sku >= 0:
        for record in range(stock.sku_ptr[sku], stock.sku_ptr[sku + 1]):
            site = stock.site_idx[record]
            if site < 0:
                continue
            known[site] = record if stock.sellable[record] else NOT_SELLABLE
            if not stock.sellable[record]:
                continue
            safety = stock.safety[record] if stock.safety[record] < NEVER else demand.safety[rules, site]
            raw = stock.on_hand[record] - stock.unsellable[record] - withheld(stock, demand, record) - safety
            free[site], count = timeline(net, stock, demand, record, site, raw, at, gain, used)
            owner[used : used + count] = site
            begins[site], ends[site] = used, used + count
            used += count
            if free[site] < demand.withdraw_below[rules, site]:
                free[site] = 0
            if demand.in_pool[site]:
                left += free[site]
        left -= demand.pool_withheld[need]
        pay_pool_debt(demand, -left, at, gain, owner, used)
    share = SHARE_SCALE if demand.site_scope else demand.pool_share[rules]
    pooled = shared(max(0, max(0, left) - demand.pool_safety[rules]), share, demand.step[need])
    return max(0, pooled - demand.pool_taken[need])


@kernel
def exposed_at(demand: Demand, need: int, site: int, cap: int, free: int) -> int:
    """What a site serving alone sells of its stock."""
    if not demand.counts_stock:
        return 0
    share = demand.share[demand.rule_idx[need], site] if demand.site_scope else SHARE_SCALE
    ahead = demand.stock_ahead[need, site] if demand.stock_ahead.shape[1] > 0 else 0
    return min(cap, max(0, shared(free, share, demand.step[need]) - ahead))


@entry
def stock_of_sites(net: NetworkTables, stock: StockTables, demand: Demand, result: SiteStock) -> None:
    """Fill what each site could sell of the whole basket.

    For each SKU one pass over its records gives what is free and what comes; their sum over the channel's sites is
    the pool; a second pass over the sites says from when each has the quantity.
    """
    sites = len(result.reason)
    result.need_supply_at[:], result.need_depth[:], result.need_reason[:], result.wait_days[:] = ALWAYS, NEVER, 0, -1
    result.exposed[:] = 0
    free, known = np.empty(sites, np.int64), np.empty(sites, np.int64)
    begins, ends = np.empty(sites, np.int64), np.empty(sites, np.int64)
    at, gain = np.empty(demand.room, np.int64), np.empty(demand.room, np.int64)
    for need in range(len(demand.sku_idx)):
        cap = read_sku(net, stock, demand, need, free, known, at, gain, begins, ends)
        for site in range(sites):
            if known[site] == NOT_SELLABLE:
                result.need_reason[need, site], result.need_depth[need, site] = _INSUFFICIENT_STOCK, 0
            elif known[site] == NO_RECORD and not supplied_by_rule(demand, demand.supply_idx[need], site):
                result.need_reason[need, site] = _NOT_STOCKED
            else:
                exposed = exposed_at(demand, need, site, cap, free[site])
                result.exposed[need, site] = exposed
                fill_need(demand, need, site, exposed, at, gain, begins[site], ends[site], result)
    needs = np.arange(len(demand.sku_idx))
    for site in range(sites):
        join_needs(result, needs, site, result)


@entry
def stock_of_sku(net: NetworkTables, stock: StockTables, demand: Demand, placed_at: int, seen: SkuStock) -> None:
    """Fill what is free and exposed of the one SKU of a demand at each site, and what is to come there."""
    seen.cap[0] = read_sku(net, stock, demand, 0, seen.free, seen.known, seen.at, seen.gain, seen.begin, seen.end)
    for site in range(len(seen.free)):
        sells = seen.known[site] != NOT_SELLABLE
        seen.exposed[site] = exposed_at(demand, 0, site, seen.cap[0], seen.free[site]) if sells else 0
        days = demand.replenish_days[demand.supply_idx[0], site] if demand.counts_replenishment else -1
        seen.replenished_at[site] = replenished_at(net, site, days, placed_at) if days >= 0 and sells else FAR
