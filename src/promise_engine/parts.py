"""Some of a basket's lines from one site: the parts of a question, and the rows that sites would have for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import MAX_LEGS, SiteStock
from promise_engine._kernels._tables import in_block
from promise_engine._kernels.atp import stock_of_sites
from promise_engine.views import choice_keys, policy_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promise_engine._arrays import NetworkTables, StockTables, Taken
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.tasks import Plan

_DAY = 86_400

Choice = tuple[int, ...]
"""Method, place, nominated day and slot, and way where the shopper chooses it; -1 for none."""


_NOWHERE = np.zeros(0, np.int64)


class Part(NamedTuple):
    """Some lines of a basket, as kernels take them."""

    request: CompiledRequest
    plan: Plan
    stock: SiteStock


class Asked:
    """The rows of a part; sorted when they are first looked into."""

    def __init__(self, part: Part, rows: np.ndarray, reasons: np.ndarray, by_way: np.ndarray) -> None:
        self._part, self._unsorted, self._by_way = part, rows, by_way
        self.reasons = reasons  # (N, S)
        self._by_site: dict[Choice, dict[int, list[int]]] = {}

    def promised_by(self, instant: int) -> bool:
        """Whether some row is promised by an instant."""
        return bool((self._unsorted[:, col.PROMISED] <= instant).any())

    @cached_property
    def rows(self) -> np.ndarray:
        """The rows in policy order, `promised` abstaining."""
        request, plan, _ = self._part
        rows: np.ndarray = self._unsorted[policy_order(self._unsorted, (), plan, request.policy, abstaining="promised")]
        return rows

    @cached_property
    def days(self) -> np.ndarray:
        """The promised day of each row."""
        return promised_days(self._part, self.rows)

    @cached_property
    def choices(self) -> dict[Choice, np.ndarray]:
        """Where each choice has its rows."""
        keys = choice_keys(self.rows, self._part.plan.targets.place_idx, self._by_way)
        order = np.lexsort(keys.T[::-1])
        ordered = keys[order]
        first = np.flatnonzero(np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])[: len(ordered)])
        names = map(tuple, ordered[first].tolist())
        return dict(zip(names, np.split(order, first[1:]), strict=True)) if len(first) else {}

    def of_choice(self, choice: Choice) -> np.ndarray:
        """Where a choice has its rows."""
        return self.choices.get(choice, _NOWHERE)

    def at(self, choice: Choice, site: int) -> list[int]:
        """Where a choice has its rows from a site."""
        if choice not in self._by_site:
            here = self.of_choice(choice)
            self._by_site[choice] = {}
            for i, at in zip(here.tolist(), self.rows[here, col.SITE].tolist(), strict=True):
                self._by_site[choice].setdefault(at, []).append(i)
        return self._by_site[choice].get(site, [])


class TakenRoom(NamedTuple):
    """What a shipment takes of a collection pool, a delivery window or a pickup point."""

    table: str  # of `Taken`
    room: int
    day: int  # 0 in a pool, whose rooms have their date
    units: int  # parcels, or shipments in a window


def rooms_of(row: Sequence[int], tables: NetworkTables, plan: Plan) -> Iterator[TakenRoom]:
    """The rooms that a shipment takes, those without a limit left out."""
    parcels, day = row[col.PARCELS], row[col.DAY]
    place = int(plan.targets.place_idx[row[col.TARGET]])
    legs = [leg for leg in row[col.COLLECTION : col.COLLECTION + MAX_LEGS] if leg >= 0]
    taken = [TakenRoom("pool_room", int(tables.collections.room_idx[leg]), 0, parcels) for leg in legs]
    if row[col.WINDOW] >= 0:
        taken.append(TakenRoom("window_room", int(tables.deliveries.window_room[row[col.WINDOW]]), day, 1))
    if place >= 0:
        taken.append(TakenRoom("place_room", int(tables.places.room_idx[place]), day, parcels))
    return (one for one in taken if one.room >= 0)


def room_left(taken: Taken, table: str) -> np.ndarray:
    """What is left in a table, by room and day: (n, D), (n, 1) for pools."""
    left: np.ndarray = getattr(taken, table)
    return left.reshape(len(left), -1)


def site_stock(tables: NetworkTables, stock: StockTables, request: CompiledRequest, sites: int) -> SiteStock:
    """What each site could sell of a request's lines."""
    result = in_block(SiteStock(*np.empty((3, sites), np.int64), *np.empty((5, len(request.needs), sites), np.int64)))
    stock_of_sites(tables, stock, request.demand, result)
    return result


def promised_days(part: Part, rows: np.ndarray) -> np.ndarray:
    """Local dates, as day numbers, of the first collection or the last second of the delivery window."""
    clocks, zones = part.request.reached.tables.clocks, part.plan.targets.zone_idx[rows[:, col.TARGET]]
    instants = np.where(rows[:, col.COLLECT_FROM] >= 0, rows[:, col.COLLECT_FROM], rows[:, col.DELIVER_BY] - 1)
    offsets = np.empty(len(rows), np.int64)
    for zone in np.unique(zones).tolist():
        here = zones == zone
        first, last = clocks.change_ptr[zone : zone + 2].tolist()
        after = np.searchsorted(clocks.change_at[first:last], instants[here], side="right")
        offsets[here] = np.concatenate([clocks.offset_first[zone : zone + 1], clocks.offset_after[first:last]])[after]
    return (instants + offsets) // _DAY
