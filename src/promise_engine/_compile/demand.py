"""What a request asks of stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._arrays import Demand
from promise_engine._compile.rules import is_kept_from
from promise_engine._compile.working_time import int64
from promise_engine._kernels._tables import in_block
from promise_engine.units import thousandths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promise_engine._compile.lines import BasketLine, Need
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.stock_rules import StockRules, SupplyRules
    from promise_engine.models.policy import Channel

LOOK_AHEADS = ("none", "floor", "accumulate")


def kept_item(segment: str | None, channel: Channel, lines: list[BasketLine], network: CompiledNetwork) -> str | None:
    """The first SKU of a line that an allocation keeps for others."""
    kept = (
        line.sku
        for line in lines
        for allocation in network.model.allocations
        if is_kept_from(allocation, line.labels, channel.id, segment)
    )
    return min(kept, default=None)


def demand_table(
    segment: str | None, channel: Channel, needs: list[Need], rules: tuple[StockRules, SupplyRules],
    bound: BoundStock, network: CompiledNetwork,
) -> Demand:  # fmt: skip
    """The basket by SKU, with the rules and the sites that bear on it."""
    columns, (stock_rules, supply_rules) = bound.columns, rules
    channels = {name: i for i, name in enumerate(columns.channels)}
    segments = {name: i for i, name in enumerate(columns.segments)}
    sku_idx = [columns.sku_index.get(need.sku, -1) for need in needs]
    receipts = [bound.tables.receipt_ptr[bound.tables.sku_ptr[sku : sku + 2]].tolist() for sku in sku_idx if sku >= 0]
    records = [bound.tables.sku_ptr[sku : sku + 2].tolist() for sku in sku_idx if sku >= 0]
    most = [last - first + end - begin for (first, last), (begin, end) in zip(receipts, records, strict=True)]
    return in_block(
        Demand(
            sku_idx=int64(sku_idx),
            quantity=int64([need.quantity for need in needs]),
            step=int64([thousandths(need.item.step) if need.item else 1_000 for need in needs]),
            pool_taken=int64([bound.ahead.pool[need.sku] for need in needs]),
            stock_ahead=_ahead(needs, bound.ahead.stock, network),
            supply_ahead=_ahead(needs, bound.ahead.supply, network),
            pool_withheld=int64([_withheld_from_pool(need.sku, segment, channel, bound) for need in needs]),
            rule_idx=int64([stock_rules.row(need.sku, need.item, channel.id) for need in needs]),
            safety=stock_rules.safety,
            withdraw_below=stock_rules.withdraw_below,
            share=stock_rules.share,
            pool_safety=stock_rules.pool_safety,
            pool_share=stock_rules.pool_share,
            supply_idx=int64([supply_rules.row(need.sku, need.item) for need in needs]),
            replenish_days=supply_rules.replenish_days,
            replenish_quantity=supply_rules.replenish_quantity,
            preorder_at=supply_rules.preorder_at,
            preorder_quantity=supply_rules.preorder_quantity,
            in_pool=_in_pool(channel.id, segment, network),
            channel_code=channels.get(channel.id, -2),
            segment_code=segments.get(segment, -2) if segment is not None else -2,
            counts_stock=int("stock" in channel.supply),
            counts_receipts=int("receipts" in channel.supply),
            counts_replenishment=int("replenishment" in channel.supply),
            counts_preorder=int("preorder" in channel.supply),
            site_scope=int(channel.share_scope == "site"),
            share_supply=int(channel.share_supply),
            look_ahead=LOOK_AHEADS.index(network.model.settings.look_ahead),
            room=max(most, default=0) + 1,
        )
    )


def some_needs(demand: Demand, chosen: list[int], quantities: list[int], taken: list[int]) -> Demand:
    """The demand for some of its SKUs, in other quantities; `taken` is what other shipments take of the pool."""
    return in_block(
        demand._replace(
            sku_idx=demand.sku_idx[chosen],
            quantity=int64(quantities),
            step=demand.step[chosen],
            pool_taken=demand.pool_taken[chosen] + taken,
            stock_ahead=demand.stock_ahead[chosen],
            supply_ahead=demand.supply_ahead[chosen],
            pool_withheld=demand.pool_withheld[chosen],
            rule_idx=demand.rule_idx[chosen],
            supply_idx=demand.supply_idx[chosen],
        )
    )


def _ahead(needs: list[Need], taken: Mapping[tuple[str, int], int], network: CompiledNetwork) -> np.ndarray:
    """What is taken of each need at each site; without columns when nothing is taken."""
    table = np.zeros((len(needs), len(network.sites) if taken else 0), np.int64)
    for (sku, site), quantity in taken.items():
        for position in (i for i, need in enumerate(needs) if need.sku == sku):
            table[position, site] = quantity
    return table


def _withheld_from_pool(sku: str, segment: str | None, channel: Channel, bound: BoundStock) -> int:
    """Reservations of others that no site holds yet."""
    total = 0
    for row in bound.pool_reservations.get(sku, ()):
        ours = bool(row.channel or row.segment)
        ours = ours and row.channel in {"", channel.id} and row.segment in {"", segment}
        total += 0 if ours else row.quantity
    return total


def _in_pool(channel: str, segment: str | None, network: CompiledNetwork) -> np.ndarray:
    """Which sites prepare and are shown to a channel and segment."""
    in_pool = network.tables.sites.prepares.copy()
    for position, shown_to in network.shown_to_some:
        for names, name in ((shown_to.channels, channel), (shown_to.segments, segment)):
            in_pool[position] &= names is None or name in names
    return in_pool
