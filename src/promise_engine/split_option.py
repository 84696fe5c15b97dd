"""The option of a plan of several shipments: what they promise, cost and show together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine.units import NEVER
from promise_engine.views import policy_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine.shipments import Shipments
    from promise_engine.views import Split

_MILLION = 1_000_000
_CRITERIA = [col.PROMISED, col.PRICE, col.SHIPMENTS, col.FIRST_PROMISED]
_BESIDE_ALONE = [col.PROMISED, col.PRICE, col.FIRST_PROMISED]  # what a split and a single site are compared on
_SUMMED = [
    *(col.PARCELS, col.TRANSPORT, col.SURCHARGE, col.PREPARATION, col.PACKAGING, col.TRANSFER, col.COST),
]


class Found(NamedTuple):
    """The option of a plan, and its shipments."""

    row: np.ndarray
    split: Split


def option_of(split: Split, shipments: Shipments) -> Found:
    """The row of a plan: that of its last shipment, with what all cost together."""
    rows = split.rows
    start = col.DELIVER_FROM if rows[0, col.COLLECT_FROM] < 0 else col.COLLECT_FROM
    last = np.lexsort((rows[:, col.SITE], -rows[:, col.DELIVER_FROM], -rows[:, col.PROMISED]))[0]
    row = rows[last].copy()
    row[_SUMMED] = rows[:, _SUMMED].sum(axis=0)
    row[col.CO2E] = min(NEVER, rows[:, col.CO2E].sum()) if rows[:, col.CO2E].max() < NEVER else NEVER
    if shipments.plan.targets.place_idx[row[col.TARGET]] < 0 and rows[:, col.DISTANCE].max() < NEVER:
        row[col.DISTANCE] = rows[:, col.DISTANCE].sum()
    row[col.COLLECT_UNTIL] = rows[:, col.COLLECT_UNTIL].min()
    row[col.EARLIEST_FROM] = min(rows[:, col.EARLIEST_FROM].max(), row[start])
    row[col.SHIPMENTS] = len(rows)
    row[col.PRICE] = _price(row, shipments)
    return Found(row, split)


def _price(row: np.ndarray, shipments: Shipments) -> int:
    """The price of the rules, or that of the tariffs together."""
    tables, task = shipments.plan.tables, row[col.TASK]
    if tables.price[task] >= 0:
        return int(tables.price[task] + tables.service_price[0])
    tariff = int(row[col.TRANSPORT] + row[col.SURCHARGE])
    margin = (tariff * int(tables.price_percent[task]) + _MILLION // 2) // _MILLION
    return max(0, tariff + margin + int(tables.price_amount[task])) + int(tables.service_price[0])


def in_policy_order(found: Sequence[Found], shipments: Shipments) -> list[Found]:
    """Options as the policy orders them."""
    if len(found) < 2:  # nothing to order
        return list(found)
    rows = np.array([option.row for option in found])
    rows[:, col.SPLIT] = np.arange(len(found))
    order = policy_order(rows, [option.split for option in found], shipments.plan, shipments.request.policy)
    return [found[position] for position in order.tolist()]


def front_of(found: Sequence[Found], alone: np.ndarray) -> list[Found]:
    """The options that no other beats or equals, and to which no single site is as good; of equals the first."""
    return [
        option
        for i, option in enumerate(found)
        if not any(_beats(other, option, first=j < i) for j, other in enumerate(found) if j != i)
        and not ((alone[:, _BESIDE_ALONE] <= option.row[_BESIDE_ALONE]).all(axis=1)).any()
    ]


def _beats(other: Found, option: Found, *, first: bool) -> bool:
    """Whether another option is as good on every criterion, and better on one or the first of equals."""
    theirs, own = other.row[_CRITERIA], option.row[_CRITERIA]
    return bool((theirs <= own).all() and ((theirs < own).any() or first))
