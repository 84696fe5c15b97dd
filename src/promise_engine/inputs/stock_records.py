"""Stock documents to columns and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from promise_engine.errors import Fault, StockError, shown
from promise_engine.inputs.stock_columns import (
    Dated,
    PoolRow,
    Records,
    Reservations,
    StockColumns,
    TakenCounts,
    build_columns,
    codes,
    repeated_records,
)
from promise_engine.models.stock import (
    Commitment,
    PlaceTaken,
    PoolReservation,
    PoolTaken,
    Receipt,
    Reservation,
    SlotTaken,
    StockDocument,
    StockRecord,
    WindowTaken,
)
from promise_engine.units import NEVER, date_of, day_number, instant, quantity_of, thousandths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal

    from numpy.typing import NDArray
    from pydantic import BaseModel

K = TypeVar("K")
Place: TypeAlias = "Callable[[str, int], tuple[str, str]]"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def field_place(field: str, position: int) -> tuple[str, str]:
    """The file (none) and the path of a part of a document."""
    return "", f"{field}.{position}"


def columns_of(document: StockDocument, place: Place = field_place) -> StockColumns:
    """The columns of a validated document; StockError when a record, or a thing taken, stands twice."""
    listed = document.records
    sites, site = codes([record.site for record in listed])
    skus, sku = codes([record.sku for record in listed])
    records = _records(listed, site, sku)
    faults = [
        Fault(*place("records", i), shown((listed[i].site, listed[i].sku)), "each site and SKU once", "duplicate")
        for i in repeated_records(records)
    ]
    taken = taken_of(document, place, faults)
    if faults:
        raise StockError(faults)
    dated = (
        _dated([(i, instant(child.expected_at), child.quantity) for i, r in enumerate(listed) for child in r.receipts]),
        _dated([(i, instant(child.due_at), child.quantity) for i, r in enumerate(listed) for child in r.commitments]),
    )
    pool = pool_rows(document)
    return build_columns(instant(document.as_of), (sites, skus), records, _reservations(listed), dated, taken, pool)


def document_of(columns: StockColumns) -> StockDocument:
    """The document of the columns, records sorted by SKU, then site."""
    owner = np.repeat(np.arange(len(columns.skus)), np.diff(columns.sku_ptr)).tolist()
    site = columns.site_idx.tolist()
    reservations, receipts, commitments = _children(columns)
    safety = [None if value == NEVER else quantity_of(value) for value in columns.safety.tolist()]
    records = tuple(
        StockRecord(
            site=columns.sites[site[i]],
            sku=columns.skus[owner[i]],
            on_hand=quantity_of(int(columns.on_hand[i])),
            unsellable=quantity_of(int(columns.unsellable[i])),
            status="sellable" if columns.sellable[i] else "not_sellable",
            safety_stock=safety[i],
            reservations=reservations[i],
            receipts=receipts[i],
            commitments=commitments[i],
        )
        for i in range(len(site))
    )
    pool = tuple(
        PoolReservation(
            sku=row.sku, quantity=quantity_of(row.quantity), channel=row.channel or None, segment=row.segment or None
        )
        for row in columns.pool_reservations
    )
    return StockDocument(
        as_of=_moment(columns.as_of), records=records, pool_reservations=pool, **_taken_models(columns)
    )


def of_skus(columns: StockColumns, skus: Iterable[str]) -> StockColumns:
    """The columns without the records, and the reservations at no site, of other SKUs; what is taken stays whole."""
    wanted = set(skus)
    kept = tuple(sku for sku in columns.skus if sku in wanted)
    rows, sku_ptr = _gathered(columns.sku_ptr, np.array([columns.sku_index[sku] for sku in kept], np.int64))
    reservations, reservation_ptr = _gathered(columns.reservation_ptr, rows)
    receipts, receipt_ptr = _gathered(columns.receipt_ptr, rows)
    commitments, commitment_ptr = _gathered(columns.commitment_ptr, rows)
    return columns._replace(
        skus=kept,
        sku_index={sku: i for i, sku in enumerate(kept)},
        sku_ptr=sku_ptr,
        site_idx=columns.site_idx[rows],
        on_hand=columns.on_hand[rows],
        unsellable=columns.unsellable[rows],
        sellable=columns.sellable[rows],
        safety=columns.safety[rows],
        reservation_ptr=reservation_ptr,
        reservation_quantity=columns.reservation_quantity[reservations],
        reservation_channel=columns.reservation_channel[reservations],
        reservation_segment=columns.reservation_segment[reservations],
        receipt_ptr=receipt_ptr,
        receipt_at=columns.receipt_at[receipts],
        receipt_quantity=columns.receipt_quantity[receipts],
        commitment_ptr=commitment_ptr,
        commitment_at=columns.commitment_at[commitments],
        commitment_quantity=columns.commitment_quantity[commitments],
        pool_reservations=tuple(row for row in columns.pool_reservations if row.sku in wanted),
    )


def _gathered(ptr: NDArray[np.int64], owners: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The positions of the children of some owners, and their offsets."""
    counts = ptr[owners + 1] - ptr[owners]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return np.arange(offsets[-1]) + np.repeat(ptr[owners] - offsets[:-1], counts), offsets


def pool_rows(document: StockDocument) -> list[PoolRow]:
    """The reservations of a document that no site holds yet."""
    return [
        PoolRow(row.sku, thousandths(row.quantity), row.channel or "", row.segment or "")
        for row in document.pool_reservations
    ]


def _records(listed: tuple[StockRecord, ...], site: NDArray[np.int32], sku: NDArray[np.int32]) -> Records:
    count = len(listed)
    safeties = (NEVER if r.safety_stock is None else thousandths(r.safety_stock) for r in listed)
    return Records(
        site=site,
        sku=sku,
        on_hand=np.fromiter((thousandths(r.on_hand) for r in listed), np.int64, count),
        unsellable=np.fromiter((thousandths(r.unsellable) for r in listed), np.int64, count),
        sellable=np.fromiter((r.status == "sellable" for r in listed), np.uint8, count),
        safety=np.fromiter(safeties, np.int64, count),
    )


def _reservations(listed: tuple[StockRecord, ...]) -> Reservations:
    pairs = [(i, child) for i, record in enumerate(listed) for child in record.reservations]
    channels, channel = codes([child.channel for _, child in pairs])
    segments, segment = codes([child.segment for _, child in pairs])
    return Reservations(
        record=np.array([i for i, _ in pairs], np.int64),
        quantity=np.array([thousandths(child.quantity) for _, child in pairs], np.int64),
        channel=channel,
        segment=segment,
        channels=channels,
        segments=segments,
    )


def _dated(rows: list[tuple[int, int, Decimal]]) -> Dated:
    record, at, quantity = zip(*rows, strict=True) if rows else ((), (), ())
    amounts = [thousandths(value) for value in quantity]
    return Dated(np.array(record, np.int64), np.array(at, np.int64), np.array(amounts, np.int64))


def taken_of(document: StockDocument, place: Place, faults: list[Fault]) -> TakenCounts:
    """What a document says is taken; a fault for each thing that stands twice."""
    slots = [((t.site, instant(t.start)), t.committed, t) for t in document.slots_taken]
    pools = [(_pool_key(t), t.parcels, t) for t in document.pools_taken]
    windows = [((t.service, day_number(t.date), t.window), t.shipments, t) for t in document.windows_taken]
    places = [((t.place, day_number(t.date)), t.parcels, t) for t in document.places_taken]
    return TakenCounts(
        slots=_counted("slots_taken", slots, place, faults),
        pools=_counted("pools_taken", pools, place, faults),
        windows=_counted("windows_taken", windows, place, faults),
        places=_counted("places_taken", places, place, faults),
    )


def _counted(field: str, rows: Iterable[tuple[K, int, BaseModel]], place: Place, faults: list[Fault]) -> dict[K, int]:
    found: dict[K, int] = {}
    for i, (key, count, model) in enumerate(rows):
        if key in found:
            value = shown(model.model_dump(mode="json", exclude_none=True))
            faults.append(Fault(*place(field, i), value, "each of what is taken once", "duplicate"))
        found[key] = count
    return found


def _pool_key(taken: PoolTaken) -> tuple[str, int, int]:
    return taken.pool, day_number(taken.date), 0 if taken.departure is None else instant(taken.departure)


def _moment(at: int) -> datetime:
    return _EPOCH + timedelta(seconds=at)


def _children(columns: StockColumns) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    channels, segments = (*columns.channels, None), (*columns.segments, None)
    reservations = [
        Reservation(quantity=quantity_of(quantity), channel=channels[channel], segment=segments[segment])
        for quantity, channel, segment in zip(
            columns.reservation_quantity.tolist(),
            columns.reservation_channel.tolist(),
            columns.reservation_segment.tolist(),
            strict=True,
        )
    ]
    receipts = [
        Receipt(quantity=quantity_of(quantity), expected_at=_moment(at))
        for at, quantity in zip(columns.receipt_at.tolist(), columns.receipt_quantity.tolist(), strict=True)
    ]
    commitments = [
        Commitment(quantity=quantity_of(quantity), due_at=_moment(at))
        for at, quantity in zip(columns.commitment_at.tolist(), columns.commitment_quantity.tolist(), strict=True)
    ]
    return (
        _cut(reservations, columns.reservation_ptr),
        _cut(receipts, columns.receipt_ptr),
        _cut(commitments, columns.commitment_ptr),
    )


def _cut(children: list[Any], ptr: NDArray[np.int64]) -> list[tuple[Any, ...]]:
    bounds = ptr.tolist()
    return [tuple(children[a:b]) for a, b in pairwise(bounds)]


def _taken_models(columns: StockColumns) -> dict[str, Any]:
    return {
        "slots_taken": tuple(
            SlotTaken(site=site, start=_moment(start), committed=count)
            for (site, start), count in sorted(columns.slots_taken.items())
        ),
        "pools_taken": tuple(
            PoolTaken(pool=pool, date=date_of(day), departure=_moment(departure) if departure else None, parcels=count)
            for (pool, day, departure), count in sorted(columns.pools_taken.items())
        ),
        "windows_taken": tuple(
            WindowTaken(service=service, date=date_of(day), window=window, shipments=count)
            for (service, day, window), count in sorted(columns.windows_taken.items())
        ),
        "places_taken": tuple(
            PlaceTaken(place=place, date=date_of(day), parcels=count)
            for (place, day), count in sorted(columns.places_taken.items())
        ),
    }
