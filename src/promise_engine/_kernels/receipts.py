"""Receipts: from when they are expected to when they can be sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine._kernels._jit import entry
from promise_engine._kernels.atp import FAR
from promise_engine._kernels.working_time import add_working

if TYPE_CHECKING:
    from promise_engine._arrays import I64, NetworkTables, StockTables


@entry
def available_receipts(
    net: NetworkTables, putaway_seconds: I64, late_days: int, as_of: int, stock: StockTables
) -> None:
    """Turn `receipt_at` from expected to available instants, in order inside each record, in place.

    A receipt expected before the snapshot is dropped (`late_days` -1: it brings nothing) or expected so many days
    after it. One that is put away after the last compiled day is there at FAR.
    """
    for record in range(len(stock.site_idx)):
        site = stock.site_idx[record]
        begin, end = stock.receipt_ptr[record], stock.receipt_ptr[record + 1]
        for i in range(begin, end):
            expected, quantity = stock.receipt_at[i], stock.receipt_quantity[i]
            if expected < as_of:
                expected = FAR if late_days < 0 else as_of + late_days * 86_400
                quantity = 0 if late_days < 0 else quantity
            available = expected
            if site >= 0 and expected < FAR and putaway_seconds[site] > 0:
                calendar = net.sites.receiving_idx[site]
                available = expected + putaway_seconds[site]
                if calendar >= 0:
                    available = min(FAR, add_working(net.working, calendar, expected, putaway_seconds[site]))
            j = i
            while j > begin and stock.receipt_at[j - 1] > available:
                stock.receipt_at[j], stock.receipt_quantity[j] = stock.receipt_at[j - 1], stock.receipt_quantity[j - 1]
                j -= 1
            stock.receipt_at[j], stock.receipt_quantity[j] = available, quantity
