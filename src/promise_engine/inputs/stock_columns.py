"""Stock as columns: what a snapshot publishes and the compiler reads."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine.units import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Int64 = NDArray[np.int64]
    Int32 = NDArray[np.int32]
    UInt8 = NDArray[np.uint8]


class PoolRow(NamedTuple):
    """A reservation at no site yet; the quantity in thousandths, empty text where it names nobody."""

    sku: str
    quantity: int
    channel: str
    segment: str


class StockColumns(NamedTuple):
    """One state of the stock, immutable: read-only arrays, and mappings nobody writes to.

    Records are sorted by SKU, then site. Quantities are thousandths, instants seconds since 1970-01-01 UTC.
    The children of record `r` are `[ptr[r], ptr[r + 1])`.
    """

    as_of: int
    sites: tuple[str, ...]  # sorted
    skus: tuple[str, ...]  # sorted
    sku_ptr: Int64  # [n_sku + 1] first record of each SKU
    site_idx: Int32  # [n_record] into `sites`
    on_hand: Int64  # [n_record]
    unsellable: Int64  # [n_record]
    sellable: UInt8  # [n_record] 0 when the status is not_sellable
    safety: Int64  # [n_record] NEVER when the record has none
    reservation_ptr: Int64  # [n_record + 1]
    reservation_quantity: Int64
    reservation_channel: Int32  # into `channels`, -1 none
    reservation_segment: Int32  # into `segments`, -1 none
    channels: tuple[str, ...]  # sorted
    segments: tuple[str, ...]  # sorted
    receipt_ptr: Int64  # [n_record + 1]
    receipt_at: Int64  # expected_at, ascending inside a record
    receipt_quantity: Int64
    commitment_ptr: Int64  # [n_record + 1]
    commitment_at: Int64  # due_at, ascending inside a record
    commitment_quantity: Int64
    pool_reservations: tuple[PoolRow, ...]  # at no site yet, sorted
    slots_taken: Mapping[tuple[str, int], int]  # (site, start) -> committed
    pools_taken: Mapping[tuple[str, int, int], int]  # (pool, day, departure or 0) -> parcels
    windows_taken: Mapping[tuple[str, int, str], int]  # (service, day, window) -> shipments
    places_taken: Mapping[tuple[str, int], int]  # (place, day) -> parcels
    sku_index: Mapping[str, int]
    site_index: Mapping[str, int]


class Records(NamedTuple):
    """Stock records in the order received."""

    site: Int32  # into the sorted sites
    sku: Int32  # into the sorted SKUs
    on_hand: Int64
    unsellable: Int64
    sellable: UInt8
    safety: Int64  # NEVER when there is none


class Reservations(NamedTuple):
    """Reservations in the order received; `record` is the position of their record in `Records`."""

    record: Int64
    quantity: Int64
    channel: Int32
    segment: Int32
    channels: tuple[str, ...]
    segments: tuple[str, ...]


class Dated(NamedTuple):
    """Receipts or commitments in the order received; `record` is the position of their record in `Records`."""

    record: Int64
    at: Int64
    quantity: Int64


class TakenCounts(NamedTuple):
    """What is taken of slots, pools, windows and places."""

    slots: dict[tuple[str, int], int]
    pools: dict[tuple[str, int, int], int]
    windows: dict[tuple[str, int, str], int]
    places: dict[tuple[str, int], int]


def build_columns(
    as_of: int,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    records: Records,
    reservations: Reservations,
    dated: tuple[Dated, Dated],
    taken: TakenCounts,
    pool: Sequence[PoolRow],
) -> StockColumns:
    """Sort what was received into columns; `names` are sorted sites and SKUs, `dated` receipts and commitments."""
    sites, skus = names
    order = np.lexsort((records.site, records.sku))
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    reserved = _sorted_reservations(reservations, position)
    receipts, commitments = (_sorted_dated(table, position) for table in dated)
    count = len(order)
    columns = StockColumns(
        as_of=as_of,
        sites=sites,
        skus=skus,
        sku_ptr=_offsets(records.sku, len(skus)),
        site_idx=records.site[order],
        on_hand=records.on_hand[order],
        unsellable=records.unsellable[order],
        sellable=records.sellable[order],
        safety=records.safety[order],
        reservation_ptr=_offsets(reserved.record, count),
        reservation_quantity=reserved.quantity,
        reservation_channel=reserved.channel,
        reservation_segment=reserved.segment,
        channels=reservations.channels,
        segments=reservations.segments,
        receipt_ptr=_offsets(receipts.record, count),
        receipt_at=receipts.at,
        receipt_quantity=receipts.quantity,
        commitment_ptr=_offsets(commitments.record, count),
        commitment_at=commitments.at,
        commitment_quantity=commitments.quantity,
        pool_reservations=tuple(sorted(pool)),
        **{f"{name}_taken": rows for name, rows in taken._asdict().items()},
        sku_index={sku: i for i, sku in enumerate(skus)},
        site_index={site: i for i, site in enumerate(sites)},
    )
    return frozen(columns)


def frozen(columns: StockColumns) -> StockColumns:
    """The same columns, their arrays read-only."""
    for value in columns:
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return columns


def repeated_records(records: Records) -> list[int]:
    """Positions of the records whose site and SKU an earlier record has."""
    order = np.lexsort((records.site, records.sku))
    sku, site = records.sku[order], records.site[order]
    again = (sku[1:] == sku[:-1]) & (site[1:] == site[:-1])
    positions: list[int] = np.sort(order[1:][again]).tolist()
    return positions


def codes(values: Sequence[str | None]) -> tuple[tuple[str, ...], Int32]:
    """The distinct names, sorted, and for each value its position among them; -1 for none."""
    names = tuple(sorted({value for value in values if value is not None}))
    index: dict[str | None, int] = {name: i for i, name in enumerate(names)}
    index[None] = -1
    return names, np.fromiter((index[value] for value in values), np.int32, len(values))


def columns_digest(columns: StockColumns) -> str:
    """Sha256 of the columns: equal for equal stock, whatever the order and the form it came in."""
    digest = hashlib.sha256()
    for name, value in zip(columns._fields, columns, strict=True):
        if name.endswith("_index"):
            continue
        digest.update(f"{name}\n".encode())
        digest.update(_canonical_bytes(value))
    return digest.hexdigest()


def no_safety(count: int) -> Int64:
    """A column without safety stock."""
    return np.full(count, NEVER, np.int64)


def _canonical_bytes(value: object) -> bytes:
    if isinstance(value, np.ndarray):
        return value.astype(value.dtype.newbyteorder("<")).tobytes()
    listed = sorted([*key, count] for key, count in value.items()) if isinstance(value, dict) else value
    return json.dumps(listed, ensure_ascii=True, separators=(",", ":")).encode()


def _offsets(owner: NDArray[np.signedinteger], count: int) -> Int64:
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=offsets[1:])
    return offsets


def _sorted_reservations(table: Reservations, position: Int64) -> Reservations:
    record = position[table.record]
    order = np.lexsort((table.quantity, table.segment, table.channel, record))
    return table._replace(
        record=record[order], quantity=table.quantity[order], channel=table.channel[order], segment=table.segment[order]
    )


def _sorted_dated(table: Dated, position: Int64) -> Dated:
    record = position[table.record]
    order = np.lexsort((table.quantity, table.at, record))
    return Dated(record[order], table.at[order], table.quantity[order])
