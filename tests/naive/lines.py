"""One line of the basket: what it needs of stock, as which pieces it goes into parcels, and what it asks for besides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import LineService
    from promise_engine.models.request import Line

Sides = tuple[int, int, int]
Key = tuple[str, tuple[str, ...], str]
"""What tells lines apart: the SKU, the services asked for, by id, and the ship group, which is empty where there is none."""
Cut = frozenset[tuple[Key, Decimal]]
"""How much is sent of lines of which not all is sent."""


def key_of(line: Line, item: Item) -> Key:
    """What tells the merged line apart that a line is part of."""
    return line.sku, tuple(sorted(set(line.services))), line.ship_group or item.ship_group or ""


@dataclass(frozen=True)
class Piece:
    """One unit as it goes into a parcel; what nobody gives is None."""

    sku: str
    weight: Decimal | None
    sides: Sides | None


class Goods(NamedTuple):
    """So much of one SKU, as stock has it."""

    item: Item
    quantity: Decimal

    @property
    def units(self) -> int:
        """How many units it counts: its quantity, or 1 for measured goods."""
        return 1 if is_measured(self.item) else int(self.quantity)

    @property
    def work(self) -> int:
        """Preparation work of its units; an item that does not say counts 1."""
        return self.units * (1 if self.item.preparation_work is None else self.item.preparation_work)

    def pieces(self, weight: int | None, sides: Sides | None) -> list[Piece]:
        """Its units, each of this weight and with these sides; measured goods weigh this for a quantity of 1."""
        if is_measured(self.item):
            grams = None if weight is None else (weight * self.quantity).to_integral_value(ROUND_CEILING)
            return [Piece(self.item.sku, grams, sides)]
        return [Piece(self.item.sku, None if weight is None else Decimal(weight), sides)] * self.units


@dataclass(frozen=True)
class MergedLine:
    """All lines that ship, of one SKU and ship group and with the same services: one for sourcing, handling and work."""

    item: Item
    services: tuple[LineService, ...]
    asked: tuple[Line, ...]
    holds: tuple[Goods, ...]
    """What one of a kit holds; nothing where the item is no kit."""

    @cached_property
    def key(self) -> Key:
        """What tells it from other lines."""
        return key_of(self.asked[0], self.item)

    @property
    def ship_group(self) -> str:
        """Its ship group, empty where it has none."""
        return self.key[2]

    @cached_property
    def quantity(self) -> Decimal:
        """How much is asked for."""
        return sum((line.quantity for line in self.asked), Decimal(0))

    @cached_property
    def goods(self) -> tuple[Goods, ...]:
        """What it needs of stock: its own SKU, or of a kit the components."""
        own = Goods(self.item, self.quantity)
        return tuple(Goods(held.item, held.quantity * self.quantity) for held in self.holds) or (own,)

    @property
    def units(self) -> int:
        """How many units it counts where units are prepared: of a kit those of its components."""
        return sum(held.units for held in self.holds) * int(self.quantity) if self.holds else self.sold

    @property
    def sold(self) -> int:
        """How many units its services are for: of a kit the kits."""
        return Goods(self.item, self.quantity).units

    @property
    def work(self) -> int:
        """Preparation work: the item's own, else of a kit that of its components; and that of its services."""
        own = Goods(self.item, self.quantity).work
        if self.holds and self.item.preparation_work is None:
            own = sum(held.work for held in self.holds) * int(self.quantity)
        return own + self.sold * sum(service.preparation_work for service in self.services)

    # What several sites may send of it.

    @property
    def steps(self) -> int:
        """How many steps of its item it is, rounded down."""
        return int(self.quantity // self.item.step)

    @property
    def is_alike(self) -> bool:
        """Whether it is of pieces or kits that all weigh the same and have the same size."""
        return not is_measured(self.item) and len({(self._weight(line), self._sides(line)) for line in self.asked}) == 1

    def so_much(self, quantity: Decimal) -> MergedLine:
        """Only so much of it, where all of it is alike."""
        return replace(self, asked=(self.asked[0].model_copy(update={"quantity": quantity}),))

    # What rules look at.

    @property
    def skus(self) -> frozenset[str]:
        """Its SKU, and of a kit those of the components."""
        return frozenset({self.item.sku, *(held.item.sku for held in self.holds)})

    @property
    def tags(self) -> frozenset[str]:
        """Its tags; of a kit that gives neither tags nor a category those of its components."""
        return frozenset(tag for item in self._told_by for tag in item.tags)

    @property
    def categories(self) -> frozenset[str]:
        """Its category; of a kit that gives neither tags nor a category those of its components."""
        return frozenset(item.category for item in self._told_by if item.category is not None)

    @property
    def _told_by(self) -> list[Item]:
        says = bool(self.item.tags) or self.item.category is not None
        return [self.item] if says or not self.holds else [held.item for held in self.holds]

    # What goes into parcels.

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its single pieces; each line asked for has weights and sizes of its own."""
        return tuple(piece for line in self.asked for piece in self._pieces(line))

    def _pieces(self, line: Line) -> list[Piece]:
        weight, sides = self._weight(line), self._sides(line)
        if not self.holds:
            return Goods(self.item, line.quantity).pieces(weight, sides)
        if weight is None and sides is None:
            return [piece for held in self.holds for piece in _as_the_catalogue_says(held) * int(line.quantity)]
        if weight is None:
            weight = self._weight_of_components()
        return Goods(self.item, line.quantity).pieces(weight, sides)

    def _weight(self, line: Line) -> int | None:
        return self.item.weight_grams if line.weight_grams is None else line.weight_grams

    def _sides(self, line: Line) -> Sides | None:
        return _sides(line) or _sides(self.item)

    def _weight_of_components(self) -> int | None:
        """What one kit holds, in grams; unknown when something of it is."""
        weights = [piece.weight for held in self.holds for piece in _as_the_catalogue_says(held)]
        known = [int(weight) for weight in weights if weight is not None]
        return sum(known) if len(known) == len(weights) else None


def is_measured(item: Item) -> bool:
    """Whether an item is cut as one piece, whatever the quantity."""
    return item.step % 1 != 0


def _as_the_catalogue_says(goods: Goods) -> list[Piece]:
    return goods.pieces(goods.item.weight_grams, _sides(goods.item))


def _sides(of: Item | Line) -> Sides | None:
    return of.dimensions.sides if of.dimensions else None
