"""Which rows a view shows, in which order, with which tags."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._kernels.promise import enumerate_rows
from promise_engine._kernels.ranking import mark_front
from promise_engine.errors import Reason
from promise_engine.models.policy import Policy
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine._arrays import SiteStock
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.tasks import Plan

TAGS = ("earliest", "cheapest", "greenest", "fewest_parcels")
_TAG_COLUMNS = (col.PROMISED, col.PRICE, col.CO2E, col.PARCELS)
_CRITERION_COLUMNS = {
    "promised": col.PROMISED, "price": col.PRICE, "cost": col.COST, "co2e": col.CO2E, "parcels": col.PARCELS,
    "site_rank": col.RANK, "distance": col.DISTANCE, "shipments": col.SHIPMENTS,
}  # fmt: skip
_FIRST_ROWS = 256
_FRONT_CRITERIA = (col.PROMISED, col.PRICE, col.COST, col.CO2E, col.PARCELS)
_DEFAULT_CRITERIA = Policy.model_construct(id="default").criteria


class View(StrEnum):
    """What an answer shows."""

    SHOPPER = "shopper"
    FRONT = "front"
    ALL = "all"


def slots_in(view: View, request: CompiledRequest) -> int:
    """How many nominated days or slots of a candidate a view may need; in all but the shopper's every one."""
    return request.basket.slots_shown if view is View.SHOPPER else request.basket.horizon_days * 1_000


def enumerated(
    slots: int, request: CompiledRequest, plan: Plan, bound: BoundStock, stock: SiteStock,
    wanted: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Rows of every candidate that can serve, the reason of each that cannot, and the earliest promise of each.

    `slots` is how many nominated days or slots each candidate shows at most; `wanted` (N,) marks the tasks that are
    asked, all of them by default.
    """
    reasons = np.zeros(plan.tables.site_reason.shape, np.int64)
    first_promised = np.zeros(reasons.shape, np.int64)
    wanted = np.ones(len(reasons), np.uint8) if wanted is None else wanted
    size = _FIRST_ROWS
    while True:
        rows = np.empty((size, col.COUNT), np.int64)
        count = enumerate_rows(
            request.reached.tables, bound.taken, request.basket, stock, plan.targets, plan.tables, wanted, slots, rows,
            reasons, first_promised,
        )  # fmt: skip
        if count >= 0:
            return rows[:count], reasons, first_promised
        size *= 4


def same_offers(rows: np.ndarray, row: np.ndarray, by_way: np.ndarray) -> np.ndarray:
    """The rows of the same choice with the same window and price."""
    columns = _offered(row, by_way)
    same: np.ndarray = rows[(rows[:, columns] == row[columns]).all(axis=1)]
    return same


def offer_key(row: np.ndarray, by_way: np.ndarray) -> tuple[int, ...]:
    """What rows of the same choice with the same window and price have in common."""
    return tuple(row[_offered(row, by_way)].tolist())


def _offered(row: np.ndarray, by_way: np.ndarray) -> list[int]:
    window = [col.DELIVER_FROM, col.DELIVER_BY] if row[col.COLLECT_FROM] < 0 else [col.COLLECT_FROM, col.COLLECT_UNTIL]
    columns = [col.METHOD, col.PRICE, col.FIRST_PROMISED, *window]
    if by_way[row[col.METHOD]]:
        columns.append(col.WAY)
    if row[col.COLLECT_FROM] >= 0:
        columns.append(col.TARGET)
    return columns


class Split(NamedTuple):
    """The shipments of a plan over several sites."""

    rows: np.ndarray  # one a shipment, by site
    parts: tuple[int, ...]  # of each shipment, as `Shipments` numbers them


def select_rows(
    view: View, rows: np.ndarray, splits: Sequence[Split], plan: Plan, request: CompiledRequest, by_way: np.ndarray
) -> np.ndarray:
    """The rows of a view, in policy order."""
    rows = rows[policy_order(rows, splits, plan, request.policy)]
    if view is View.ALL or not len(rows):
        return rows
    places = plan.targets.place_idx
    alone = np.flatnonzero(rows[:, col.SPLIT] < 0)
    front = alone[_front(rows[alone], places, by_way)]
    rows = rows[np.sort(np.concatenate([front, np.flatnonzero(rows[:, col.SPLIT] >= 0)]))]
    return rows if view is View.FRONT else rows[_shopper(rows, places, by_way, request.basket.slots_shown)]


def policy_order(
    rows: np.ndarray, splits: Sequence[Split], plan: Plan, policy: Policy | None, *, abstaining: str = ""
) -> np.ndarray:
    """Positions of rows in policy order; the last keys make it independent of any input order."""
    criteria = policy.criteria if policy else _DEFAULT_CRITERIA
    keys = [_criterion(rows, splits, name) for name in criteria if name != abstaining]
    keys += [_by_shipment(rows, splits, col.SITE), _by_shipment(rows, splits, col.WAY)]
    keys += [rows[:, col.METHOD], plan.targets.place_idx[rows[:, col.TARGET]]]
    keys += [rows[:, col.PROMISED], rows[:, col.DELIVER_FROM], _by_lines(rows, splits)]
    return np.lexsort(keys[::-1])


def _criterion(rows: np.ndarray, splits: Sequence[Split], name: str) -> np.ndarray:
    if name == "stock_depth":
        return _by_shipment(rows, splits, col.DEPTH, sign=-1, worst_first=True)
    if name == "site_rank":
        return _by_shipment(rows, splits, col.RANK, worst_first=True)
    if name == "load":
        return _positions([tuple(sorted(_loads(part), reverse=True)) for part in _shipments(rows, splits)])
    return rows[:, _CRITERION_COLUMNS[name]]


def _shipments(rows: np.ndarray, splits: Sequence[Split]) -> list[np.ndarray]:
    """The rows of the shipments of each row."""
    return [rows[i : i + 1] if split < 0 else splits[split].rows for i, split in enumerate(rows[:, col.SPLIT].tolist())]


def _positions(values: list[Any]) -> np.ndarray:
    """Each value as its position among the distinct ones."""
    order = {value: i for i, value in enumerate(sorted(set(values)))}
    return np.array([order[value] for value in values], np.int64)


def _by_shipment(
    rows: np.ndarray, splits: Sequence[Split], column: int, *, sign: int = 1, worst_first: bool = False
) -> np.ndarray:
    """Rows by a column of their shipments, compared one by one, the shorter list first."""
    if (rows[:, col.SPLIT] < 0).all():
        return sign * rows[:, column]
    lists = [(sign * part[:, column]).tolist() for part in _shipments(rows, splits)]
    return _positions([tuple(sorted(values, reverse=True) if worst_first else values) for values in lists])


def _by_lines(rows: np.ndarray, splits: Sequence[Split]) -> np.ndarray:
    """Rows by which lines their shipments carry."""
    return _positions([() if split < 0 else splits[split].parts for split in rows[:, col.SPLIT].tolist()])


def _loads(rows: np.ndarray) -> list[tuple[bool, Fraction]]:
    """Loads as they compare exactly; unknown last."""
    return [
        (used < 0, Fraction(max(0, used), max(1, capacity)))
        for used, capacity in rows[:, [col.LOAD_USED, col.LOAD_CAPACITY]].tolist()
    ]


def _slot(rows: np.ndarray) -> list[np.ndarray]:
    """What a nominated row is about: its day, and for a slot its end and start."""
    nominated = rows[:, col.NOMINATED]
    day = np.where(nominated > 0, rows[:, col.DAY], -1)
    return [day, np.where(nominated == 2, rows[:, col.NAMED_SLOT], -1)]


def _choices(rows: np.ndarray, places: np.ndarray, by_way: np.ndarray) -> np.ndarray:
    """A number for each (method, place or address, nominated day or slot, and way where the shopper chooses it)."""
    return np.unique(choice_keys(rows, places, by_way), axis=0, return_inverse=True)[1].reshape(-1)


def choice_keys(rows: np.ndarray, places: np.ndarray, by_way: np.ndarray) -> np.ndarray:
    """Method, place, nominated day and slot, and way where the shopper chooses it: what rows are compared within."""
    way = np.where(by_way[rows[:, col.METHOD]] != 0, rows[:, col.WAY], -1)
    return np.stack([rows[:, col.METHOD], places[rows[:, col.TARGET]], *_slot(rows), way], axis=1)


def _front(rows: np.ndarray, places: np.ndarray, by_way: np.ndarray) -> np.ndarray:
    """Positions of undominated rows, in policy order."""
    choices = _choices(rows, places, by_way)
    criteria = rows[:, _FRONT_CRITERIA]
    order = np.lexsort((np.arange(len(rows)), *criteria.T[::-1], choices))
    kept = np.zeros(len(rows), np.uint8)
    mark_front(choices[order], np.ascontiguousarray(criteria[order]), kept)
    return np.sort(order[kept != 0])


def _shopper(rows: np.ndarray, places: np.ndarray, by_way: np.ndarray, slots_shown: int) -> np.ndarray:
    """Positions of the rows a checkout shows: one a place, a staircase a home method, the first slots."""
    early = _first_slots(rows, slots_shown)
    collected = places[rows[:, col.TARGET]] >= 0
    at_places, at_home = np.flatnonzero(collected & early), np.flatnonzero(~collected & early)
    return np.array(sorted([*_first_of(rows, at_places), *_staircases(rows, at_home, places, by_way)]), np.int64)


def _first_of(rows: np.ndarray, positions: np.ndarray) -> list[int]:
    """The first row of each (method, place), inside each nominated day or slot."""
    part = rows[positions]
    keys = np.stack([part[:, col.METHOD], part[:, col.TARGET], *_slot(part)], axis=1)
    first = np.unique(keys, axis=0, return_index=True)[1]
    return [int(position) for position in positions[first]]


def _staircases(rows: np.ndarray, positions: np.ndarray, places: np.ndarray, by_way: np.ndarray) -> list[int]:
    """Home deliveries: by promised, later only if cheaper or with a shipment ahead of all others; nominated ones inside
    their day or slot."""
    part = rows[positions]
    choices = _choices(part, places, by_way)
    order = np.lexsort((np.arange(len(part)), part[:, col.PRICE], part[:, col.PROMISED], choices))
    shown, choice, cheapest, first = [], -1, 0, 0
    for i in order.tolist():
        if choices[i] != choice:
            choice, cheapest, first = choices[i], NEVER, NEVER
        price, promised = part[i, [col.PRICE, col.FIRST_PROMISED]].tolist()
        if price < cheapest or promised < first:
            cheapest, first = min(price, cheapest), min(promised, first)
            shown.append(int(positions[i]))
    return shown


def _first_slots(rows: np.ndarray, slots_shown: int) -> np.ndarray:
    """Whether each row is not nominated, or among the first days or slots of its method."""
    keep: np.ndarray = rows[:, col.NOMINATED] == 0
    for method in np.unique(rows[:, col.METHOD]):
        mine = (rows[:, col.METHOD] == method) & ~keep
        slots = np.stack(_slot(rows[mine]), axis=1)
        distinct, inverse = np.unique(slots, axis=0, return_inverse=True)
        keep[mine] = (inverse.reshape(-1) < slots_shown) if len(distinct) else keep[mine]
    return keep


def last_slots(view: View, rows: np.ndarray, request: CompiledRequest) -> np.ndarray:
    """By method, the last day whose slots a view may show: splits only add to the slots of single sites."""
    last, shown = request.basket.nominated_until.copy(), request.basket.slots_shown
    for method in np.unique(rows[:, col.METHOD]).tolist() if view is View.SHOPPER else ():
        mine = rows[(rows[:, col.METHOD] == method) & (rows[:, col.NOMINATED] > 0)]
        slots = np.unique(np.stack(_slot(mine), axis=1), axis=0)
        if len(slots) >= shown:
            last[method] = slots[shown - 1, 0]
    return last


def tag_rows(rows: np.ndarray) -> None:
    """Mark the one holder of each tag: the first row, in policy order, with the least value."""
    for bit, column in enumerate(_TAG_COLUMNS):
        if len(rows) and rows[:, column].min() < NEVER:
            rows[np.argmin(rows[:, column]), col.TAGS] |= 1 << bit


def over_whole_area(rows: np.ndarray, reasons: np.ndarray, plan: Plan, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Candidates over all parts of an area: offered only if every part is served, latest window, highest price.

    The reason of a candidate is the least of its failing parts, kept at the first part; other parts are no
    candidates of their own.
    """
    tables, reasons = plan.tables, reasons.copy()
    of_place = rows[rows[:, col.TARGET] >= parts]
    kept = [of_place]
    at_home = np.flatnonzero(tables.target_idx < parts).tolist()
    for first in (task for task in at_home if tables.target_idx[task] == 0):
        same = (tables.method_idx == tables.method_idx[first]) & (tables.way_idx == tables.way_idx[first])
        tasks = [task for task in at_home if same[task]]
        failed = np.where(reasons[tasks] > 0, reasons[tasks], NEVER).min(axis=0)
        for site in np.flatnonzero(reasons[first] >= 0).tolist():
            combined = [] if failed[site] < NEVER else _combined(rows, tasks, site)
            kept += [row[None, :] for row in combined]
            empty = int(Reason.BEYOND_HORIZON) if failed[site] == NEVER else int(failed[site])
            reasons[first, site] = 0 if combined else empty
        reasons[tasks[1:]] = -1
    return np.concatenate(kept), reasons


def _combined(rows: np.ndarray, tasks: list[int], site: int) -> list[np.ndarray]:
    """The rows of a candidate for each day or slot that all parts have."""
    mine = rows[(rows[:, col.SITE] == site) & np.isin(rows[:, col.TASK], tasks)]
    slots = np.stack(_slot(mine), axis=1)
    combined = []
    for slot in np.unique(slots, axis=0):
        parts = mine[(slots == slot).all(axis=1)]
        if len(parts) == len(tasks):
            latest = parts[
                np.lexsort((parts[:, col.TASK], -parts[:, col.DELIVER_FROM], -parts[:, col.PROMISED]))[0]
            ].copy()
            latest[col.PRICE] = parts[:, col.PRICE].max()
            combined.append(latest)
    return combined
