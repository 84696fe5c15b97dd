"""Several parts of a basket as one call of a kernel takes them: some of its lines, each from some sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import PartTables, SiteStock
from promise_engine._compile.lines import sum_over
from promise_engine._compile.request import amounts_of
from promise_engine._kernels._tables import in_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine._arrays import Basket, Tasks
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
        self.scratch = _scratch(request, len(network.sites))
        work, service_seconds = amounts_of(request.lines, network)
        self._work, self._service_seconds = work.T.tolist(), service_seconds.tolist()
        line_of = {taken.sku: line for line, held in enumerate(request.lines) for taken in held.goods}
        self._line_of_need = [line_of[need.sku] for need in request.needs]
        self._grams, self._is_unknown = [0] * len(request.lines), [False] * len(request.lines)
        for piece in request.pieces:
            self._grams[piece.line] += piece.weight_grams * piece.units
            self._is_unknown[piece.line] |= piece.weight_grams < 0

    def together(self, has: np.ndarray, sites: Sequence[np.ndarray]) -> PartsTogether:
        """Some parts; `has` (P, L) says which lines are in which, `sites` at which sites each is asked."""
        tasks, costs = self._planner.tasks_of(self._request, has), self._planner.site_costs
        has_need = has[:, self._line_of_need] != 0
        work = np.stack([np.ones(len(has), np.int64), *(sum_over(has, column) for column in self._work)], axis=1)
        service_seconds = sum_over(has, self._service_seconds)
        alike = [work, service_seconds[:, None], tasks.reason_idx[:, None], tasks.sourcing_reason, tasks.parcels]
        kinds, kind = np.unique(np.concatenate(alike, axis=1), axis=0, return_inverse=True)
        parts = PartTables(
            need_ptr=_pointers(has_need.sum(axis=1)),
            need_idx=np.ascontiguousarray(np.nonzero(has_need)[1]),
            waits=self._waits,
            site_ptr=_pointers(np.array([len(asked) for asked in sites], np.int64)),
            site_idx=np.concatenate(sites),
            work=work,
            service_seconds=service_seconds,
            mass_grams=np.where(sum_over(has, self._is_unknown) > 0, -1, sum_over(has, self._grams)),
            kind=kind.reshape(-1),
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


def unfilled_stock(needs: int, sites: int) -> SiteStock:
    """The stock of some SKUs at sites, for a kernel to fill."""
    return in_block(SiteStock(*np.empty((3, sites), np.int64), *np.empty((7, needs, sites), np.int64)))


def _pointers(counts: np.ndarray) -> np.ndarray:
    """Where each of several lists of such lengths begins, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
