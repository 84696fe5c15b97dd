"""Some of a basket's lines from one site: the parts of a question, and the rows that sites would have for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import MAX_LEGS, SiteStock
from promise_engine._compile.part_tables import unfilled_stock
from promise_engine._kernels._tables import replaced
from promise_engine._kernels.atp import stock_of_sites
from promise_engine.errors import Reason
from promise_engine.units import NEVER
from promise_engine.views import choice_keys, policy_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from promise_engine._arrays import NetworkTables, StockTables, Taken
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.tasks import Plan

_DAY = 86_400

Choice = tuple[int, ...]
"""Method, place, nominated day and slot, and way where the shopper chooses it; -1 for none."""


class Part(NamedTuple):
    """Some lines of a basket, as kernels take them."""

    request: CompiledRequest
    plan: Plan
    stock: SiteStock


class Looked(NamedTuple):
    """A part that was asked, and the sites at which; None for all."""

    lines: int
    sites: tuple[int, ...] | None


class AskedRows:
    """The rows of parts that were asked together, in no order.

    Parameters
    ----------
    whole
        The whole basket.
    distinct
        The rows; parts may share those that say the same of them.
    by_way
        By method, whether the shopper chooses the way.
    row_of
        (n, 2) for each site of each part, where its rows begin and end.
    parts
        (P+1,) which of these are of each part.
    """

    def __init__(
        self, whole: Part, distinct: np.ndarray, by_way: np.ndarray, row_of: np.ndarray, parts: np.ndarray
    ) -> None:
        self.whole, self._distinct, self._by_way = whole, distinct, by_way
        counts = row_of[:, 1] - row_of[:, 0]
        begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        self._number = np.arange(begins[-1]) + np.repeat(row_of[:, 0] - begins[:-1], counts)
        self.begins: list[int] = begins[parts].tolist()  # (P+1,) where the rows of each part begin
        self._of_choice: dict[Choice, np.ndarray] = {}
        self._first_days: dict[Choice, np.ndarray] = {}
        self._first_promised: dict[Choice, np.ndarray] = {}

    @property
    def columns(self) -> int:
        """How many columns the rows have."""
        return int(self._distinct.shape[1])

    def rows(self, positions: np.ndarray | slice) -> np.ndarray:
        """Some rows."""
        found: np.ndarray = self._distinct[self._number[positions]]
        return found

    @cached_property
    def sites(self) -> np.ndarray:
        """The site of each row."""
        return np.asarray(self._distinct[:, col.SITE][self._number])

    @cached_property
    def promised(self) -> np.ndarray:
        """The promised instant of each row."""
        return np.asarray(self._distinct[:, col.PROMISED][self._number])

    @cached_property
    def days(self) -> np.ndarray:
        """The promised day of each row."""
        return np.asarray(self._distinct_days[self._number])

    @cached_property
    def _distinct_days(self) -> np.ndarray:
        return promised_days(self.whole, self._distinct)

    @cached_property
    def _distinct_keys(self) -> np.ndarray:
        return choice_keys(self._distinct, self.whole.plan.targets.place_idx, self._by_way)

    @cached_property
    def keys(self) -> np.ndarray:
        """The choice of each row (n, 5)."""
        return np.asarray(self._distinct_keys[self._number])

    @cached_property
    def only_choice(self) -> Choice | None:
        """The choice of all rows; None where they are of several, or there is none."""
        keys = self._distinct_keys
        return tuple(keys[0].tolist()) if len(keys) and (keys == keys[0]).all() else None

    def of_choice(self, choice: Choice) -> np.ndarray:
        """Which rows are of a choice."""
        if choice not in self._of_choice:
            self._of_choice[choice] = self._distinct_of(choice)[self._number]
        return self._of_choice[choice]

    def _distinct_of(self, choice: Choice) -> np.ndarray:
        if self.only_choice is not None:
            return np.full(len(self._distinct), self.only_choice == choice)
        return np.asarray((self._distinct_keys == choice).all(axis=1))

    @cached_property
    def _part(self) -> np.ndarray:
        """The part of each row."""
        return np.repeat(np.arange(len(self.begins) - 1), np.diff(self.begins))

    def first_days(self, choice: Choice) -> np.ndarray:
        """The first day on which each site promises each part (P, S); NEVER without."""
        if choice not in self._first_days:
            sites = self.whole.plan.tables.site_rank.shape[1]
            first, here = np.full((len(self.begins) - 1, sites), NEVER, np.int64), self.of_choice(choice)
            np.minimum.at(first, (self._part[here], self.sites[here]), self.days[here])
            self._first_days[choice] = first
        return self._first_days[choice]

    def first_promised(self, choice: Choice) -> np.ndarray:
        """The first instant at which some site promises each part (P,); NEVER without."""
        if choice not in self._first_promised:
            first, here = np.full(len(self.begins) - 1, NEVER, np.int64), self.of_choice(choice)
            np.minimum.at(first, self._part[here], self.promised[here])
            self._first_promised[choice] = first
        return self._first_promised[choice]

    def different_days(self, choice: Choice) -> set[int]:
        """The promised days in a choice."""
        return set(self._distinct_days[self._distinct_of(choice)].tolist())

    def first(self, positions: np.ndarray) -> int:
        """Which of some rows the policy prefers, `promised` abstaining."""
        return 0 if len(positions) == 1 else int(self._order(positions)[0])

    def in_order(self, positions: np.ndarray) -> np.ndarray:
        """Some rows as the policy orders them, `promised` abstaining."""
        return self.rows(positions[self._order(positions)])

    def best(self, some: Mapping[int, tuple[Asked, int]], choice: Choice, day: int) -> Iterator[tuple[int, np.ndarray]]:
        """By number, of a part from a site each, the policy's first row that keeps a day, else its first."""
        begins, ends = np.array([asked.span for asked, _ in some.values()], np.int64).T
        counts, sites = ends - begins, np.array([site for _, site in some.values()], np.int64)
        which = np.repeat(np.arange(len(some)), counts)
        positions = np.arange(len(which)) + (begins - np.cumsum(counts) + counts)[which]
        here = self.of_choice(choice)[positions] & (self.sites[positions] == sites[which])
        kept = here & (self.days[positions] <= day)
        keeps = np.bincount(which[kept], minlength=len(some)) > 0
        compared = np.flatnonzero(np.where(keeps[which], kept, here))
        compared = compared[self._order(positions[compared])]
        found, first = np.unique(which[compared], return_index=True)
        numbers = list(some)
        return zip([numbers[one] for one in found.tolist()], self.rows(positions[compared[first]]), strict=True)

    def _order(self, positions: np.ndarray) -> np.ndarray:
        """Some rows in policy order, `promised` abstaining: which of them comes where."""
        request, plan, _ = self.whole
        return policy_order(self.rows(positions), (), plan, request.policy, abstaining="promised")


class Asked:
    """The rows of one part, from some sites or from all."""

    def __init__(self, together: AskedRows, number: int, sites: Sequence[int] | None, reasons: np.ndarray) -> None:
        self.together, self.number, self.sites = together, number, sites
        self.span = together.begins[number], together.begins[number + 1]
        self._mine = slice(*self.span)
        self.reasons = reasons  # (N, S); (0, N, S) where they were not wanted

    @property
    def rows(self) -> np.ndarray:
        """Every row, in no order."""
        return self.together.rows(self._mine)

    @property
    def sites_of_rows(self) -> np.ndarray:
        """The site of each row."""
        return self.together.sites[self._mine]

    @property
    def promised(self) -> np.ndarray:
        """The promised instant of each row."""
        return self.together.promised[self._mine]

    @property
    def days(self) -> np.ndarray:
        """The promised day of each row."""
        return self.together.days[self._mine]

    @cached_property
    def choices(self) -> frozenset[Choice]:
        """The choices that have rows."""
        only = self.together.only_choice
        if only is not None:
            return frozenset([only] if self.span[0] < self.span[1] else [])
        return frozenset(map(tuple, np.unique(self.together.keys[self._mine], axis=0).tolist()))

    def promised_by(self, instant: int) -> bool:
        """Whether some row is promised by an instant."""
        return bool((self.promised <= instant).any())

    def of_choice(self, choice: Choice) -> np.ndarray:
        """Which rows are of a choice."""
        return self.together.of_choice(choice)[self._mine]

    def at(self, choice: Choice, site: int) -> np.ndarray:
        """Where, among the rows asked together, a choice has those from a site."""
        here: np.ndarray = np.flatnonzero(self.of_choice(choice) & (self.sites_of_rows == site)) + self.span[0]
        return here


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


def asked_alone(
    part: Part, rows: np.ndarray, by_way: np.ndarray, sites: Sequence[int] | None, reasons: np.ndarray
) -> Asked:
    """A part that was asked by itself."""
    row_of, parts = np.array([[0, len(rows)]]), np.array([0, 1])
    return Asked(AskedRows(part, rows, by_way, row_of, parts), 0, sites, reasons)


def has_rooms(tables: NetworkTables) -> bool:
    """Whether some collection, delivery window or pickup point takes so many and no more."""
    rooms = tables.collections.room_idx, tables.deliveries.window_room, tables.places.room_idx
    return any(bool((room >= 0).any()) for room in rooms)


def room_left(taken: Taken, table: str) -> np.ndarray:
    """What is left in a table, by room and day: (n, D), (n, 1) for pools."""
    left: np.ndarray = getattr(taken, table)
    return left.reshape(len(left), -1)


def site_stock(tables: NetworkTables, stock: StockTables, request: CompiledRequest, sites: int) -> SiteStock:
    """What each site could sell of a request's lines."""
    result = unfilled_stock(len(request.needs), sites)
    stock_of_sites(tables, stock, request.demand, result)
    return result


def only_at(stock: SiteStock, sites: Sequence[int]) -> SiteStock:
    """What some sites could sell, as if the others had none."""
    reasons = np.full(len(stock.reason), int(Reason.NOT_STOCKED), np.int64)
    reasons[list(sites)] = stock.reason[list(sites)]
    return replaced(stock, reason=reasons)


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
