"""Several parts of a basket as one call of a kernel takes them: some of its lines, each from some sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import PartTables, SiteStock
from promise_engine._compile.request import amounts_of
from promise_engine._kernels._tables import in_block, replaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine._arrays import Basket, NetworkTables, Tasks
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.tasks import Planner


class PartsTogether(NamedTuple):
    """Several parts, and the tasks that the kernel writes anew for each of them."""

    parts: PartTables
    tasks: Tasks


class Scratch(NamedTuple):
    """What the kernel writes anew for each part, whichever are asked: for one caller at a time."""

    basket: Basket
    stock: SiteStock


class PartCompiler:
    """Compiles parts of a basket of which no two lines share a SKU.

    Parameters
    ----------
    request
        The whole basket.
    planner
        Of the whole basket, planned.
    network
        The compiled network.
    whole
        The stock for the whole basket.
    """

    def __init__(self, request: CompiledRequest, planner: Planner, network: CompiledNetwork, whole: SiteStock) -> None:
        self._request, self._planner = request, planner
        self._waits = int((whole.wait_days >= 0).any())
        self._timed, self._has_rooms = _timed_work(network.tables), _has_rooms(network.tables)
        self.scratch = _scratch(request, len(network.sites))
        self._lines = planner.whole
        work, service_seconds = amounts_of(request.lines, network)
        line_of = {taken.sku: line for line, held in enumerate(request.lines) for taken in held.goods}
        self._line_of_need = [line_of[need.sku] for need in request.needs]
        grams, is_unknown = np.zeros((2, len(request.lines)), np.int64)
        for piece in request.pieces:
            grams[piece.line] += piece.weight_grams * piece.units
            is_unknown[piece.line] |= piece.weight_grams < 0
        self._amounts = np.column_stack([work, service_seconds, grams, is_unknown])
        self._known: dict[bytes, PartsTogether] = {}  # of the same lines, whichever sites were asked last

    def together(self, has: np.ndarray, sites: Sequence[np.ndarray]) -> PartsTogether:
        """Some parts; `has` (P, L) says which lines are in which, `sites` at which sites each is asked."""
        key = has.tobytes()
        if key not in self._known:
            self._known[key] = self._of_lines(has)
        parts, tasks = self._known[key]
        counts = np.array([len(asked) for asked in sites], np.int64)
        return PartsTogether(replaced(parts, site_ptr=_pointers(counts), site_idx=np.concatenate(sites)), tasks)

    def _of_lines(self, has: np.ndarray) -> PartsTogether:
        """Parts that are asked at no site yet."""
        tasks, costs = self._lines.of(has), self._planner.site_costs
        has_need = has[:, self._line_of_need] != 0
        amounts = has.astype(np.int64) @ self._amounts
        service_seconds, grams, unknown = amounts[:, 3:].T.copy()
        work = np.concatenate([np.ones((len(has), 1), np.int64), amounts[:, :3]], axis=1)
        alike = [work[:, self._timed], service_seconds[:, None], tasks.reason_idx[:, None], tasks.sourcing_reason]
        alike += [tasks.parcels] if self._has_rooms else []
        kinds: dict[bytes, int] = {}
        kind = [kinds.setdefault(row.tobytes(), len(kinds)) for row in np.concatenate(alike, axis=1)]
        parts = PartTables(
            need_ptr=_pointers(has_need.sum(axis=1)),
            need_idx=np.ascontiguousarray(np.nonzero(has_need)[1]),
            waits=self._waits,
            site_ptr=np.zeros(len(has) + 1, np.int64),
            site_idx=np.empty(0, np.int64),
            work=work,
            service_seconds=service_seconds,
            mass_grams=np.where(unknown > 0, -1, grams),
            kind=np.array(kind, np.int64),
            kind_count=len(kinds),
            reason_idx=tasks.reason_idx,
            site_reason=tasks.site_reason,
            sourcing_reason=tasks.sourcing_reason,
            parcels=tasks.parcels,
            service_price=tasks.service_price,
            transport=tasks.transport,
            surcharge=tasks.surcharge,
            transfer=tasks.transfer,
            shipment_cost=costs.shipment,
            unit_cost=costs.unit,
            service_cost=tasks.service_cost,
            dated_ptr=tasks.dated_ptr,
        )
        return PartsTogether(in_block(parts), self._planner.scratch(tasks))


def _scratch(request: CompiledRequest, sites: int) -> Scratch:
    once = np.empty((2, 1), np.int64)
    basket = request.basket._replace(work=np.empty(4, np.int64), service_seconds=once[0], mass_grams=once[1])
    stock = unfilled_stock(len(request.needs), sites)
    stock.wait_days[:] = -1
    return Scratch(basket, stock)


def _timed_work(tables: NetworkTables) -> list[int]:
    """The columns of work (orders, lines, units, work) that decide how long preparation takes at some site."""
    of_plans = set(tables.plans.unit[tables.plans.has_plan != 0].tolist())
    return sorted(of_plans.union(column for column in (1, 2) if (tables.variants.high[:, column] > 0).any()))


def _has_rooms(tables: NetworkTables) -> bool:
    """Whether some collection or pickup point takes so many parcels and no more."""
    return bool((tables.collections.room_idx >= 0).any() or (tables.places.room_idx >= 0).any())


def unfilled_stock(needs: int, sites: int) -> SiteStock:
    """The stock of some SKUs at sites, for a kernel to fill."""
    return in_block(SiteStock(*np.empty((3, sites), np.int64), *np.empty((7, needs, sites), np.int64)))


def _pointers(counts: np.ndarray) -> np.ndarray:
    """Where each of several lists of such lengths begins, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
