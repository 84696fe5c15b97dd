"""Stock as it would be with more of a SKU at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from promise_engine.inputs.stock_columns import Dated, Records, Reservations, TakenCounts, build_columns
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from promise_engine.inputs.stock_columns import Int64, StockColumns

IntegerT = TypeVar("IntegerT", bound="np.integer[Any]")


class AddedUnits(NamedTuple):
    """More on hand of a SKU at a site, in thousandths."""

    site: str
    sku: str
    quantity: int


def with_more(columns: StockColumns, skus: Iterable[str], added: AddedUnits) -> StockColumns:
    """The records of some SKUs alone, with more on hand at one site: in its record, or in one of its own."""
    names = tuple(sorted({*columns.sites, added.site})), tuple(sorted({*skus, added.sku}))
    kept, sku = _kept(columns, names[1])
    positions = {site: i for i, site in enumerate(names[0])}
    site = np.array([positions[name] for name in columns.sites] or [0], np.int32)[columns.site_idx[kept]]
    records = Records(
        site, sku, columns.on_hand[kept], columns.unsellable[kept], columns.sellable[kept], columns.safety[kept]
    )
    held = _children(columns.reservation_ptr, kept)
    reservations = Reservations(
        held.record, columns.reservation_quantity[held.at], columns.reservation_channel[held.at],
        columns.reservation_segment[held.at], columns.channels, columns.segments,
    )  # fmt: skip
    come, due = _children(columns.receipt_ptr, kept), _children(columns.commitment_ptr, kept)
    dated = (
        Dated(come.record, columns.receipt_at[come.at], columns.receipt_quantity[come.at]),
        Dated(due.record, columns.commitment_at[due.at], columns.commitment_quantity[due.at]),
    )
    taken = TakenCounts(
        dict(columns.slots_taken), dict(columns.pools_taken), dict(columns.windows_taken), dict(columns.places_taken)
    )
    more = _added(records, positions[added.site], names[1].index(added.sku), added.quantity)
    return build_columns(columns.as_of, names, more, reservations, dated, taken, columns.pool_reservations)


def _added(records: Records, site: int, sku: int, quantity: int) -> Records:
    here = (records.site == site) & (records.sku == sku)
    if here.any():
        return records._replace(on_hand=np.where(here, records.on_hand + quantity, records.on_hand))
    return Records(
        _and_one(records.site, site), _and_one(records.sku, sku), _and_one(records.on_hand, quantity),
        _and_one(records.unsellable, 0), _and_one(records.sellable, 1), _and_one(records.safety, NEVER),
    )  # fmt: skip


def _and_one(column: NDArray[IntegerT], value: int) -> NDArray[IntegerT]:
    return np.append(column, np.array([value], column.dtype))


class _Children(NamedTuple):
    """Rows that belong to records: the position of the record, and of the row."""

    record: Int64
    at: Int64


def _kept(columns: StockColumns, skus: tuple[str, ...]) -> tuple[Int64, np.ndarray]:
    """The positions of the records of some SKUs, and for each which SKU it is of."""
    known = [(number, columns.sku_index[name]) for number, name in enumerate(skus) if name in columns.sku_index]
    kept = _children(columns.sku_ptr, np.array([sku for _, sku in known], np.int64))
    return kept.at, np.array([number for number, _ in known], np.int32)[kept.record]


def _children(offsets: Int64, owners: Int64) -> _Children:
    """The rows of some owners, whose rows lie together."""
    counts = offsets[owners + 1] - offsets[owners]
    record = np.repeat(np.arange(len(owners)), counts)
    before = np.cumsum(counts) - counts
    return _Children(record, np.arange(len(record)) - before[record] + offsets[owners][record])
