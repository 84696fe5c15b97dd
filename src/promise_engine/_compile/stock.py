"""A snapshot's columns as this network's kernels read them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from promise_engine._arrays import StockTables, Taken
from promise_engine._kernels._tables import freeze, in_block
from promise_engine._kernels.receipts import available_receipts
from promise_engine.inputs.stock_columns import columns_digest
from promise_engine.units import seconds

if TYPE_CHECKING:
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine.inputs.stock_columns import PoolRow, StockColumns


@dataclass(frozen=True)
class Ahead:
    """What the groups of an order that are answered before take of a SKU at a site, in thousandths."""

    stock: Counter[tuple[str, int]] = field(default_factory=Counter)
    supply: Counter[tuple[str, int]] = field(default_factory=Counter)
    pool: Counter[str] = field(default_factory=Counter)  # of the stock of all sites together


@dataclass(frozen=True)
class BoundStock:
    """A published state of a snapshot, in this network's positions."""

    columns: StockColumns
    tables: StockTables
    taken: Taken
    ahead: Ahead = field(default_factory=Ahead)

    @cached_property
    def pool_reservations(self) -> dict[str, list[PoolRow]]:
        """Reservations at no site yet, by SKU."""
        by_sku: dict[str, list[PoolRow]] = {}
        for row in self.columns.pool_reservations:
            by_sku.setdefault(row.sku, []).append(row)
        return by_sku

    @cached_property
    def digest(self) -> str:
        """Digest of the state, whatever the order it came in."""
        return columns_digest(self.columns)


def bind(network: CompiledNetwork, columns: StockColumns) -> BoundStock:
    """Translate sites, compute when receipts are available, and what slots, pools, windows and places leave free."""
    return BoundStock(columns, _stock_tables(network, columns), in_block(freeze(_taken(network, columns))))


def rebound(network: CompiledNetwork, bound: BoundStock, columns: StockColumns) -> BoundStock:
    """Other records, with all that is taken as it was."""
    return replace(bound, columns=columns, tables=_stock_tables(network, columns))


def _stock_tables(network: CompiledNetwork, columns: StockColumns) -> StockTables:
    site_of = np.array([network.site_index.get(name, -1) for name in columns.sites] or [0], np.int64)
    late = network.model.settings.late_receipts
    tables = StockTables(
        sku_ptr=columns.sku_ptr,
        site_idx=site_of[columns.site_idx],
        on_hand=columns.on_hand,
        unsellable=columns.unsellable,
        sellable=columns.sellable,
        safety=columns.safety,
        overdue=_overdue(columns),
        reservation_ptr=columns.reservation_ptr,
        reservation_quantity=columns.reservation_quantity,
        reservation_channel=columns.reservation_channel.astype(np.int64),
        reservation_segment=columns.reservation_segment.astype(np.int64),
        receipt_ptr=columns.receipt_ptr,
        receipt_at=columns.receipt_at.copy(),
        receipt_quantity=columns.receipt_quantity.copy(),
        commitment_ptr=columns.commitment_ptr,
        commitment_at=columns.commitment_at,
        commitment_quantity=columns.commitment_quantity,
        as_of=columns.as_of,
    )
    putaway = np.array([seconds(site.putaway) for site in network.sites], np.int64)
    late_days = -1 if isinstance(late, str) else late
    available_receipts(network.tables, putaway, late_days, columns.as_of, in_block(tables))
    return in_block(freeze(tables))


def _overdue(columns: StockColumns) -> np.ndarray:
    due = np.where(columns.commitment_at < columns.as_of, columns.commitment_quantity, 0)
    running = np.concatenate([[0], np.cumsum(due)]).astype(np.int64)
    return running[columns.commitment_ptr[1:]] - running[columns.commitment_ptr[:-1]]


def _taken(network: CompiledNetwork, columns: StockColumns) -> Taken:
    tables, period = network.tables, network.period
    committed = np.zeros(len(network.slots), np.int64)
    for slot, work in columns.slots_taken.items():
        if slot in network.slot_index:
            committed[network.slot_index[slot]] = work
    pool_room = np.array(network.pool_capacities, np.int64)
    per_date = {pool.id for pool in network.model.collection_pools if pool.per == "date"}
    for (pool, number, departure), parcels in columns.pools_taken.items():
        room = network.pool_rooms.get((pool, number, 0 if pool in per_date else departure), -1)
        if room >= 0:
            pool_room[room] -= parcels
    limited = [row for row in network.windows if row.capacity is not None]
    window_room = np.repeat(np.array([row.capacity for row in limited], np.int64)[:, None], period.day_count, axis=1)
    for (service, number, window), shipments in columns.windows_taken.items():
        day = number - period.first_day
        for row, limit in enumerate(limited):
            if (limit.service, limit.key) == (service, window) and 0 <= day < period.day_count:
                window_room[row, day] -= shipments
    capacities = [point.daily_capacity for point in network.points if point.daily_capacity is not None]
    place_room = np.repeat(np.array(capacities, np.int64)[:, None], period.day_count, axis=1)
    for (place, number), parcels in columns.places_taken.items():
        day, position = number - period.first_day, network.place_index.get(place)
        room = -1 if position is None else int(tables.places.room_idx[position])
        if room >= 0 and 0 <= day < period.day_count:
            place_room[room, day] -= parcels
    return Taken(committed, room_before(network, committed), pool_room, window_room, place_room)


def room_before(network: CompiledNetwork, committed: np.ndarray) -> np.ndarray:
    """Prefix sums of free slot capacity, restarting at each site; site `s` begins at `slot_ptr[s] + s`."""
    plans = network.tables.plans
    free = np.maximum(0, plans.capacity - committed)
    parts = [
        np.concatenate([[0], np.cumsum(free[plans.slot_ptr[s] : plans.slot_ptr[s + 1]])])
        for s in range(len(network.sites))
    ]
    return np.concatenate(parts).astype(np.int64)
