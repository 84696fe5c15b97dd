"""Some of a basket's lines from one site: the parts of a question, and the rows that sites would have for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import SiteStock
from promise_engine._kernels._tables import in_block
from promise_engine._kernels.atp import stock_of_sites
from promise_engine.views import group_keys, policy_order

if TYPE_CHECKING:
    from promise_engine._arrays import NetworkTables, StockTables
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.tasks import Plan

_DAY = 86_400
_SLOT = 2  # what a row nominates

Group = tuple[int, ...]
"""Method, place, nominated day and slot, and way where the shopper chooses it; -1 for none."""


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
        self._by_site: dict[Group, dict[int, list[int]]] = {}

    def promised_by(self, instant: int) -> bool:
        """Whether some row is promised by an instant, or for a slot at a place, where more lines may be earlier."""
        rows = self._unsorted
        slots = (rows[:, col.NOMINATED] == _SLOT) & (rows[:, col.COLLECT_FROM] >= 0)
        return bool((slots | (rows[:, col.PROMISED] <= instant)).any())

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
    def groups(self) -> dict[Group, list[int]]:
        """Where each group has its rows."""
        groups: dict[Group, list[int]] = {}
        keys = group_keys(self.rows, self._part.plan.targets.place_idx, self._by_way)
        for i, group in enumerate(map(tuple, keys.tolist())):
            groups.setdefault(group, []).append(i)
        return groups

    def of_group(self, group: Group) -> np.ndarray:
        """Where a group has its rows."""
        return np.array(self.groups.get(group, ()), np.int64)

    def at(self, group: Group, site: int) -> list[int]:
        """Where a group has its rows from a site."""
        if group not in self._by_site:
            self._by_site[group] = {}
            for i in self.groups.get(group, ()):
                self._by_site[group].setdefault(int(self.rows[i, col.SITE]), []).append(i)
        return self._by_site[group].get(site, [])


def site_stock(tables: NetworkTables, stock: StockTables, request: CompiledRequest, sites: int) -> SiteStock:
    """What each site could sell of a request's lines."""
    result = in_block(SiteStock(*np.empty((3, sites), np.int64), *np.empty((4, len(request.needs), sites), np.int64)))
    stock_of_sites(tables, stock, request.demand, result)
    return result


def to_slot_at_place(group: Group) -> bool:
    """Whether a group is of a slot at a place."""
    _, place, _, slot, _ = group
    return place >= 0 and slot >= 0


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
