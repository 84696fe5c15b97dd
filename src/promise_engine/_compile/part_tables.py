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
    """Several parts, and what the kernel writes anew for each of them."""

    parts: PartTables
    basket: Basket
    stock: SiteStock
    tasks: Tasks


def parts_together(
    request: CompiledRequest,
    planner: Planner,
    network: CompiledNetwork,
    whole: SiteStock,
    has: np.ndarray,
    sites: Sequence[np.ndarray],
) -> PartsTogether:
    """Parts of a basket of which no two lines share a SKU.

    Parameters
    ----------
    request
        The whole basket.
    planner
        Of the whole basket, planned.
    network
        The compiled network.
    whole
        The stock for it.
    has
        (P, L) which lines are in which part.
    sites
        By part, the sites at which it is asked.
    """
    tasks, costs = planner.tasks_of(request, has), planner.site_costs
    work, service_seconds = amounts_of(request.lines, network)
    line_of = {taken.sku: line for line, held in enumerate(request.lines) for taken in held.goods}
    has_need = has[:, [line_of[need.sku] for need in request.needs]] != 0
    grams, is_unknown = [0] * len(request.lines), [False] * len(request.lines)
    for piece in request.pieces:
        grams[piece.line] += piece.weight_grams * piece.units
        is_unknown[piece.line] |= piece.weight_grams < 0
    amounts = [np.ones(len(has), np.int64), *(sum_over(has, column) for column in work.T.tolist())]
    service_seconds = sum_over(has, service_seconds.tolist())
    alike = [*amounts, service_seconds, tasks.reason_idx, *tasks.sourcing_reason.T, *tasks.parcels.T]
    kinds, kind = np.unique(np.stack(alike, axis=1), axis=0, return_inverse=True)
    parts = PartTables(
        need_ptr=_pointers(has_need.sum(axis=1)),
        need_idx=np.ascontiguousarray(np.nonzero(has_need)[1]),
        waits=int((whole.wait_days >= 0).any()),
        site_ptr=_pointers(np.array([len(asked) for asked in sites], np.int64)),
        site_idx=np.concatenate(sites),
        work=np.stack(amounts, axis=1),
        service_seconds=service_seconds,
        mass_grams=np.where(sum_over(has, is_unknown) > 0, -1, sum_over(has, grams)),
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
    once = np.empty((3, 1), np.int64)
    basket = request.basket._replace(work=np.empty(4, np.int64), service_seconds=once[0], mass_grams=once[1])
    count = len(network.sites)
    stock = SiteStock(*np.empty((3, count), np.int64), *np.empty((7, len(request.needs), count), np.int64))
    stock.wait_days[:] = -1
    return PartsTogether(in_block(parts), basket, in_block(stock), in_block(planner.scratch(tasks)))


def _pointers(counts: np.ndarray) -> np.ndarray:
    """Where each of several lists of such lengths begins, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
