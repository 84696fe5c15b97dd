"""Available to promise: when each site has the whole basket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine._kernels._jit import entry, kernel
from promise_engine._kernels.working_time import add_working
from promise_engine.errors import Reason
from promise_engine.units import ALWAYS, NEVER, SHARE_SCALE

if TYPE_CHECKING:
    from promise_engine._arrays import I64, Demand, NetworkTables, SiteStock, StockTables

_NOT_STOCKED = int(Reason.NOT_STOCKED)
_INSUFFICIENT_STOCK = int(Reason.INSUFFICIENT_STOCK)


@kernel
def withheld(stock: StockTables, demand: Demand, record: int) -> int:
    """Reservations of others and commitments that were due before the snapshot."""
    total = stock.overdue[record]
    for i in range(stock.reservation_ptr[record], stock.reservation_ptr[record + 1]):
        channel, segment = stock.reservation_channel[i], stock.reservation_segment[i]
        ours = channel >= 0 or segment >= 0
        ours = ours and (channel < 0 or channel == demand.channel_code)
        ours = ours and (segment < 0 or segment == demand.segment_code)
        if not ours:
            total += stock.reservation_quantity[i]
    return total


@kernel
def supply_instant(stock: StockTables, record: int, missing: int) -> int:
    """The instant at which receipts bring a missing quantity; NEVER when they do not."""
    total = 0
    for i in range(stock.receipt_ptr[record], stock.receipt_ptr[record + 1]):
        if stock.receipt_at[i] >= NEVER:
            break
        total += stock.receipt_quantity[i]
        if total >= missing:
            return stock.receipt_at[i]
    return NEVER


@entry
def stock_of_sites(stock: StockTables, demand: Demand, counted: I64, result: SiteStock) -> None:
    """Fill what each site could sell of the whole basket. `counted` (S,) is scratch.

    One pass over the records of each SKU of the basket; a site not met for every SKU does not stock the basket.
    """
    result.supply_at[:] = ALWAYS
    result.depth[:] = NEVER
    result.reason[:] = 0
    counted[:] = 0
    for line in range(len(demand.sku_idx)):
        sku = demand.sku_idx[line]
        if sku < 0:
            continue
        quantity, step, rules = demand.quantity[line], demand.step[line], demand.rule_idx[line]
        for record in range(stock.sku_ptr[sku], stock.sku_ptr[sku + 1]):
            site = stock.site_idx[record]
            if site < 0:
                continue
            counted[site] += 1
            safety = stock.safety[record]
            if safety >= NEVER:
                safety = demand.safety[rules, site]
            raw = stock.on_hand[record] - stock.unsellable[record] - withheld(stock, demand, record) - safety
            exposed = 0
            if raw > 0 and stock.sellable[record] and demand.counts_stock:
                exposed = raw * demand.share[rules, site] // SHARE_SCALE // step * step
            result.depth[site] = min(result.depth[site], max(0, exposed - quantity))
            if exposed >= quantity:
                continue
            supply_at = NEVER
            if stock.sellable[record] and demand.counts_receipts:
                supply_at = supply_instant(stock, record, quantity - exposed + max(0, -raw))
            if supply_at >= NEVER:
                result.reason[site] = _INSUFFICIENT_STOCK
            result.supply_at[site] = max(result.supply_at[site], supply_at)
    for site in range(len(counted)):
        if counted[site] < len(demand.sku_idx):
            result.reason[site] = _NOT_STOCKED


@entry
def available_receipts(
    net: NetworkTables, putaway_seconds: I64, late_days: int, as_of: int, stock: StockTables
) -> None:
    """Turn `receipt_at` from expected to available instants, in order inside each record, in place.

    A receipt expected before the snapshot is dropped (`late_days` -1) or expected so many days after it.
    """
    for record in range(len(stock.site_idx)):
        site = stock.site_idx[record]
        begin, end = stock.receipt_ptr[record], stock.receipt_ptr[record + 1]
        for i in range(begin, end):
            expected = stock.receipt_at[i]
            if expected < as_of:
                expected = NEVER if late_days < 0 else as_of + late_days * 86_400
            available, quantity = expected, stock.receipt_quantity[i]
            if site >= 0 and expected < NEVER and putaway_seconds[site] > 0:
                calendar = net.sites.receiving_idx[site]
                available = expected + putaway_seconds[site]
                if calendar >= 0:
                    available = add_working(net.working, calendar, expected, putaway_seconds[site])
            j = i
            while j > begin and stock.receipt_at[j - 1] > available:
                stock.receipt_at[j], stock.receipt_quantity[j] = stock.receipt_at[j - 1], stock.receipt_quantity[j - 1]
                j -= 1
            stock.receipt_at[j], stock.receipt_quantity[j] = available, quantity
