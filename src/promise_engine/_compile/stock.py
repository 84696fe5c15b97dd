"""A snapshot's columns as this network's kernels read them, and the stock rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from promise_engine._arrays import StockTables, Taken, freeze
from promise_engine._kernels._tables import in_block
from promise_engine._kernels.atp import available_receipts
from promise_engine.inputs.stock_columns import columns_digest
from promise_engine.units import SHARE_SCALE, seconds, ten_thousandths, thousandths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promise_engine._compile.network import CompiledNetwork
    from promise_engine.inputs.stock_columns import StockColumns
    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import StockRule


@dataclass(frozen=True)
class BoundStock:
    """A published state of a snapshot, in this network's positions."""

    columns: StockColumns
    tables: StockTables
    taken: Taken

    @cached_property
    def digest(self) -> str:
        """Digest of the state, whatever the order it came in."""
        return columns_digest(self.columns)


def bind(network: CompiledNetwork, columns: StockColumns) -> BoundStock:
    """Translate sites, compute when receipts are available, and what slots, pools, windows and places leave free."""
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
    )
    putaway = np.array([seconds(site.putaway) for site in network.sites], np.int64)
    late_days = -1 if isinstance(late, str) else late
    available_receipts(network.tables, putaway, late_days, columns.as_of, in_block(tables))
    return BoundStock(columns, in_block(freeze(tables)), in_block(freeze(_taken(network, columns))))


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
    return Taken(committed, _room_before(network, committed), pool_room, window_room, place_room)


def _room_before(network: CompiledNetwork, committed: np.ndarray) -> np.ndarray:
    """Prefix sums of free slot capacity, restarting at each site; site `s` begins at `slot_ptr[s] + s`."""
    plans = network.tables.plans
    free = np.maximum(0, plans.capacity - committed)
    parts = [
        np.concatenate([[0], np.cumsum(free[plans.slot_ptr[s] : plans.slot_ptr[s + 1]])])
        for s in range(len(network.sites))
    ]
    return np.concatenate(parts).astype(np.int64)


class StockRules:
    """Safety stock and share of every (item class, channel) at every site.

    Items on which the same rules bear share a class, so the table has few rows.
    """

    def __init__(self, network: CompiledNetwork, items: Iterable[Item]) -> None:
        self._rules = sorted(network.model.stock_rules, key=lambda rule: rule.model_dump_json())
        self._skus = {rule.sku for rule in self._rules if rule.sku is not None}
        self._tags = {rule.tag for rule in self._rules if rule.tag is not None}
        self._categories = {rule.category for rule in self._rules if rule.category is not None}
        self._sites = network.sites
        self._channels = {channel.id: i for i, channel in enumerate(network.model.channels)}
        keys = {self.key(item.sku, item) for item in items}
        keys |= {(sku, frozenset(), None) for sku in self._skus} | {(None, frozenset(), None)}
        ordered = sorted(keys, key=lambda key: (key[0] or "", sorted(key[1]), key[2] or ""))
        self._row_of = {key: i for i, key in enumerate(ordered)}
        rows = [(key, channel) for key in ordered for channel in self._channels]
        self.safety = np.array([self._safety(*row) for row in rows], np.int64).reshape(len(rows), -1)
        self.share = np.array([self._share(*row) for row in rows], np.int64).reshape(len(rows), -1)

    def key(self, sku: str, item: Item | None) -> tuple[str | None, frozenset[str], str | None]:
        """What distinguishes an item for the rules."""
        own = sku if sku in self._skus else None
        if item is None:
            return own, frozenset(), None
        return (
            own,
            frozenset(self._tags.intersection(item.tags)),
            item.category if item.category in self._categories else None,
        )

    def row(self, sku: str, item: Item | None, channel: str) -> int:
        """The row of an item in a channel."""
        return self._row_of[self.key(sku, item)] * len(self._channels) + self._channels[channel]

    def _safety(self, key: tuple[str | None, frozenset[str], str | None], channel: str) -> list[int]:
        found = self._most_specific([rule for rule in self._rules if rule.safety_stock is not None], key, channel)
        return [0 if rule is None or rule.safety_stock is None else thousandths(rule.safety_stock) for rule in found]

    def _share(self, key: tuple[str | None, frozenset[str], str | None], channel: str) -> list[int]:
        found = self._most_specific([rule for rule in self._rules if rule.share is not None], key, channel)
        return [SHARE_SCALE if rule is None or rule.share is None else ten_thousandths(rule.share) for rule in found]

    def _most_specific(
        self, rules: list[StockRule], key: tuple[str | None, frozenset[str], str | None], channel: str
    ) -> list[StockRule | None]:
        """The rule that wins at each site: by item, then place, then channel."""
        fitting = [(exact, rule) for rule in rules if (exact := _item_exactness(rule, *key)) is not None]
        fitting = [(exact, rule) for exact, rule in fitting if rule.channel in {None, channel}]
        winners: list[StockRule | None] = []
        for site in self._sites:
            ranked = [
                ((exact, 2 if rule.site else 1 if rule.site_group else 0, rule.channel is not None), rule)
                for exact, rule in fitting
                if rule.site in {None, site.id} and (rule.site_group is None or rule.site_group in site.groups)
            ]
            winners.append(max(ranked, key=lambda pair: pair[0])[1] if ranked else None)
        return winners


def _item_exactness(rule: StockRule, sku: str | None, tags: frozenset[str], category: str | None) -> int | None:
    if rule.sku is not None:
        return 3 if rule.sku == sku else None
    if rule.tag is not None:
        return 2 if rule.tag in tags else None
    if rule.category is not None:
        return 1 if rule.category == category else None
    return 0
