"""The stock of the workload as columns: millions of records without a Python object for each."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from promise_engine.benchmarking._goods import Range, densities, held, kit_id, sku_id
from promise_engine.benchmarking._names import HOME, WAREHOUSES
from promise_engine.inputs.snapshot import StockSnapshot
from promise_engine.inputs.stock_columns import (
    Dated,
    PoolRow,
    Records,
    Reservations,
    TakenCounts,
    build_columns,
)
from promise_engine.units import DAY_SECONDS, NEVER, QUANTITY_SCALE, day_number, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

AS_OF = datetime(2026, 11, 9, 0, 0, tzinfo=ZoneInfo("Europe/Paris"))
_CHUNK = 4_000  # SKUs at a time
_TAKEN_DAYS = 21
_SCATTERED_STOCK = 400


def stock_of(
    seed: int, network: dict[str, Any], goods: Range, records: int, density: float | None,
    passed: Callable[[int], object] = lambda _done: None,
) -> StockSnapshot:  # fmt: skip
    """A snapshot of about so many records; `passed` is told after how many SKUs it is.

    Examples
    --------
    >>> from promise_engine.benchmarking._network import network_document
    >>> snapshot = stock_of(1, network_document(1, 8, 3), Range(500), 2_000, None)
    >>> len(snapshot.columns.skus), len(snapshot.columns.sites)
    (500, 11)
    """
    draw = np.random.default_rng([seed, 1])
    sites = tuple(sorted(site["id"] for site in network["sites"]))
    site, sku = _pairs(draw, sites, goods, densities(goods, len(sites), records, density), passed)
    count = len(site)
    in_warehouse = site >= len(sites) - len(WAREHOUSES)
    on_hand = draw.geometric(0.3, count).astype(np.int64)
    on_hand[in_warehouse] = draw.integers(20, 400, int(in_warehouse.sum()))
    on_hand[(draw.random(count) < 0.03) & ~in_warehouse] = 0
    on_hand[sku < goods.scattered.stop] = _SCATTERED_STOCK
    columns = build_columns(
        instant(AS_OF),
        (sites, tuple(map(sku_id, range(goods.skus)))),
        Records(
            site=site,
            sku=sku,
            on_hand=on_hand * QUANTITY_SCALE,
            unsellable=np.where(draw.random(count) < 0.02, QUANTITY_SCALE, 0),
            sellable=(draw.random(count) > 0.005).astype(np.uint8) | (sku < goods.scattered.stop).astype(np.uint8),
            safety=np.full(count, NEVER, np.int64),
        ),
        _reservations(draw, count),
        (_dated(draw, count, 0.05, (5, 60)), _dated(draw, count, 0.003, (1, 3))),
        _taken(Random(f"{seed}/taken"), network),
        [PoolRow(sku_id(number), 2 * QUANTITY_SCALE, "web", "") for number in goods.ranged[::50]],
    )
    return StockSnapshot(columns)


def kits_of(goods: Range) -> list[str]:
    """The kits that may be asked for.

    Examples
    --------
    >>> kits_of(Range(1_000))
    ['K0000', 'K0001']
    """
    return [kit_id(number) for number in range(goods.kits)]


def _pairs(
    draw: np.random.Generator, sites: Sequence[str], goods: Range, density: NDArray[np.float32],
    passed: Callable[[int], object],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:  # fmt: skip
    """Site and SKU of every record, by SKU, then site."""
    scattered = np.arange(len(goods.scattered), dtype=np.int32)
    first_warehouse = len(sites) - len(WAREHOUSES)
    found = [((first_warehouse + scattered % len(WAREHOUSES)).astype(np.int32), scattered)]
    for start in range(goods.ranged.start, goods.skus, _CHUNK):
        numbers = range(start, min(start + _CHUNK, goods.skus))
        sku, site = np.nonzero(held(draw, len(sites), numbers, density[numbers.start : numbers.stop]))
        found.append((site.astype(np.int32), (sku + start).astype(np.int32)))
        passed(numbers.stop)
    site_parts, sku_parts = zip(*found, strict=True)
    return np.concatenate(site_parts), np.concatenate(sku_parts)


def _reservations(draw: np.random.Generator, count: int) -> Reservations:
    """One record in a hundred has a unit reserved: for anybody else, a channel or a segment."""
    record = np.flatnonzero(draw.random(count) < 0.01)
    kind = draw.integers(0, 3, len(record))
    return Reservations(
        record=record,
        quantity=np.full(len(record), QUANTITY_SCALE, np.int64),
        channel=np.where(kind == 1, 0, -1).astype(np.int32),
        segment=np.where(kind == 2, 0, -1).astype(np.int32),
        channels=("marketplace",),
        segments=("club",),
    )


def _dated(draw: np.random.Generator, count: int, share: float, quantities: tuple[int, int]) -> Dated:
    """Receipts or commitments within six weeks, in a share of the records."""
    record = np.flatnonzero(draw.random(count) < share)
    hours = draw.integers(1, 6 * 7 * 24, len(record))
    return Dated(
        record=record,
        at=instant(AS_OF) + hours * 3_600,
        quantity=draw.integers(*quantities, len(record)) * QUANTITY_SCALE,
    )


def _taken(draw: Random, network: dict[str, Any]) -> TakenCounts:
    """What is booked of the next three weeks, the more the nearer."""
    first = day_number(AS_OF.date())
    places = [point["id"] for point in network["pickup_points"] if "daily_capacity" in point]
    slots = {
        (site["id"], at): int(slot["capacity"] * draw.uniform(0.0, 1.1 - 0.04 * days))
        for site in network["sites"]
        for slot in site["preparation"]["plan"]["slots"]
        for days, at in _starts(slot)
    }
    windows = [
        (service["id"], window["hours"], window["capacity"])
        for service in network["services"]
        if service["id"] in {product.id for product in HOME}
        for window in service["delivery"]["windows"]
        if "capacity" in window
    ]
    return TakenCounts(
        slots=slots,
        pools={
            (pool["id"], first + days, 0): draw.randrange(pool["capacity"])
            for pool in network["collection_pools"]
            if pool["per"] == "date"
            for days in range(_TAKEN_DAYS)
        },
        windows={
            (service, first + days, hours): int(capacity * draw.uniform(0.0, 1.1))
            for service, hours, capacity in windows
            for days in range(_TAKEN_DAYS)
        },
        places={(place, first + days): draw.randint(0, 42) for place in places for days in range(_TAKEN_DAYS)},
    )


def _starts(slot: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """How many days ahead a slot is, and when it starts, for three weeks of its weekdays."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    first, _, last = slot["weekdays"].partition("-")
    weekdays = range(names.index(first), names.index(last or first) + 1)
    start = time.fromisoformat(slot["start"])
    for days in range(_TAKEN_DAYS):
        day: date = AS_OF.date() + timedelta(days=days)
        if day.weekday() in weekdays:
            yield days, instant(datetime.combine(day, start, AS_OF.tzinfo))


def placed_from() -> int:
    """The first instant at which the workload's orders are placed, a day after the stock is known."""
    return instant(AS_OF) + DAY_SECONDS
