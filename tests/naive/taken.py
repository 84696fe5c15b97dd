"""How much of stock, supply and capacity options take, and what a group of lines knows of the groups before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from .clock import FOREVER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from promise_engine.models.stock import PlaceTaken, PoolTaken, SlotTaken, StockDocument, WindowTaken

Quantities = dict[tuple[str, str], Decimal]
"""How much of a SKU at a site."""
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Taken:
    """What options take together."""

    stock: Quantities = field(default_factory=dict)
    """Of what is there."""
    supply: Quantities = field(default_factory=dict)
    """Of what is to come."""
    slots: tuple[SlotTaken, ...] = ()
    pools: tuple[PoolTaken, ...] = ()
    windows: tuple[WindowTaken, ...] = ()
    places: tuple[PlaceTaken, ...] = ()

    def __add__(self, other: Taken) -> Taken:
        """What both take."""
        return Taken(
            _added(self.stock, other.stock),
            _added(self.supply, other.supply),
            self.slots + other.slots,
            self.pools + other.pools,
            self.windows + other.windows,
            self.places + other.places,
        )

    def of_pool(self, sku: str) -> Decimal:
        """How much stock of a SKU, at all sites together."""
        return sum((quantity for (_, taken), quantity in self.stock.items() if taken == sku), NOTHING)

    def told(self, stock: StockDocument) -> StockDocument:
        """A snapshot that says of capacity that this is taken too; what it says of stock is as it was."""
        return stock.model_copy(
            update={
                "slots_taken": stock.slots_taken + self.slots,
                "pools_taken": stock.pools_taken + self.pools,
                "windows_taken": stock.windows_taken + self.windows,
                "places_taken": stock.places_taken + self.places,
            }
        )


class Before:
    """The groups of an order that are asked before one, as that one sees them: here there are none."""

    def __init__(self) -> None:
        self.ordered: Mapping[str, Decimal] = {}
        """How much of each SKU all other groups order."""

    def taken(self, placed_at: datetime, valid_for: timedelta) -> Taken:  # noqa: ARG002
        """What their first options take when all groups are ordered at an instant, by an answer that holds for so long."""
        return Taken()

    def steady_until(self, at: int) -> int:  # noqa: ARG002
        """An instant until which they certainly take what they take in an order placed at an instant."""
        return FOREVER


def _added(one: Quantities, other: Quantities) -> Quantities:
    return {key: one.get(key, NOTHING) + other.get(key, NOTHING) for key in one.keys() | other.keys()}
