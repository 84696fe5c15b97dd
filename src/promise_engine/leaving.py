"""What an option leaves of stock and capacity to the groups of the same order that are answered after."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import Taken
from promise_engine._compile.stock import Ahead, room_before
from promise_engine._kernels._tables import freeze, in_block
from promise_engine.models.policy import MOST_SHIPMENTS
from promise_engine.parts import room_left, rooms_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promise_engine._compile.lines import Need
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.tasks import Plan
    from promise_engine.context import AnswerContext
    from promise_engine.partial import GroupSections


class _Sent(NamedTuple):
    """A shipment of an option."""

    row: np.ndarray
    needs: list[Need]  # of its own lines
    exposed: np.ndarray  # of each, to all that its site sends
    work: np.ndarray  # of its own lines, by unit
    plan: Plan


def _sent_of(context: AnswerContext, row: np.ndarray) -> Iterator[_Sent]:
    """The shipments of the option of a row."""
    if row[col.SPLIT] < 0:
        yield _sent(row, context, context)
        return
    split = context.splits[row[col.SPLIT]]
    for shipment, lines in zip(split.rows, split.parts, strict=True):
        yield _sent(shipment, context.of_lines(lines), context.of_own_lines(lines))


def _sent(row: np.ndarray, context: AnswerContext, own: AnswerContext) -> _Sent:
    exposed = context.stock.exposed[:, int(row[col.SITE])]
    return _Sent(row, own.request.needs, exposed, own.request.basket.work, context.plan)


def left_by(group: GroupSections, bound: BoundStock, network: CompiledNetwork) -> BoundStock:
    """What the first option of a group leaves of what is bound; all of it where the group is refused."""
    first = next(((one.context, row) for one in group.sections for row in [one.default_row()] if row is not None), None)
    if first is None:
        return bound
    ahead, taken = _copied(bound)
    from_stock = Counter[tuple[str, int]]()
    for sent in _sent_of(*first):
        _take_stock(sent, ahead, from_stock)
        _take_rooms(sent, network, taken)
        _take_slots(sent, network, taken)
    return _rebound(bound, network, ahead, taken)


def left_at_least(contexts: Sequence[AnswerContext]) -> BoundStock:
    """What groups leave at the least: each takes all it asks for at every site, in every slot, window and pool."""
    bound, network = contexts[0].bound, contexts[0].compiled
    ahead, taken = _copied(bound)
    for context in contexts:
        for need in context.request.needs:
            ahead.pool[need.sku] += need.quantity
            for site in range(len(network.sites)):
                ahead.stock[need.sku, site] += need.quantity
                ahead.supply[need.sku, site] += need.quantity
        units = sum(piece.units for piece in context.request.pieces)
        taken.pool_room[:] -= units
        taken.window_room[:] -= MOST_SHIPMENTS
        taken.place_room[:] -= units
        plans, work = network.tables.plans, context.request.basket.work.copy()
        work[0] *= MOST_SHIPMENTS  # orders: one for each shipment
        taken.slot_committed[:] += np.repeat(work[plans.unit], np.diff(plans.slot_ptr))
    return _rebound(bound, network, ahead, taken)


def leave_the_same(one: BoundStock, other: BoundStock) -> bool:
    """Whether groups before leave the same of stock and capacity."""
    same = (np.array_equal(getattr(one.taken, name), getattr(other.taken, name)) for name in Taken._fields)
    return one.ahead == other.ahead and all(same)


def _copied(bound: BoundStock) -> tuple[Ahead, Taken]:
    ahead = Ahead(Counter(bound.ahead.stock), Counter(bound.ahead.supply), Counter(bound.ahead.pool))
    return ahead, Taken(*(getattr(bound.taken, name).copy() for name in Taken._fields))


def _rebound(bound: BoundStock, network: CompiledNetwork, ahead: Ahead, taken: Taken) -> BoundStock:
    taken = taken._replace(slot_room_before=room_before(network, taken.slot_committed))
    return replace(bound, taken=in_block(freeze(taken)), ahead=ahead)


def _take_stock(sent: _Sent, ahead: Ahead, from_stock: Counter[tuple[str, int]]) -> None:
    """Units from stock as far as the site exposes it, the rest from what comes there.

    `from_stock` is what the shipments of the option took of stock before, by SKU and site.
    """
    site = int(sent.row[col.SITE])
    for need, at_site in zip(sent.needs, sent.exposed.tolist(), strict=True):
        exposed = min(need.quantity, max(0, at_site - from_stock[need.sku, site]))
        from_stock[need.sku, site] += exposed
        ahead.stock[need.sku, site] += exposed
        ahead.pool[need.sku] += exposed
        ahead.supply[need.sku, site] += need.quantity - exposed


def _take_rooms(sent: _Sent, network: CompiledNetwork, taken: Taken) -> None:
    """Parcels in collections and at a pickup point, a shipment in a delivery window."""
    for table, room, day, count in rooms_of(sent.row.tolist(), network.tables, sent.plan):
        room_left(taken, table)[room, day] -= count


def _take_slots(sent: _Sent, network: CompiledNetwork, taken: Taken) -> None:
    """Work in the slot that takes it whole, or in every slot up to the last, each what it has left."""
    row, plans, committed = sent.row, network.tables.plans, taken.slot_committed
    site, last = int(row[col.SITE]), int(row[col.SLOT])
    if last < 0:
        return
    work = int(sent.work[plans.unit[site]])
    if not plans.splits[site]:
        committed[last] += work
        return
    for slot in range(int(plans.slot_ptr[site]), last + 1):
        if plans.end_at[slot] > row[col.RELEASED] and row[col.ACCEPTED] < plans.use_by_at[slot]:
            used = min(work, max(0, int(plans.capacity[slot] - committed[slot])))
            committed[slot] += used
            work -= used
