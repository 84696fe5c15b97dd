"""What is ordered: lines merged by SKU, and the single pieces that go into parcels."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from promise_engine.errors import Reason, RequestError
from promise_engine.models.catalogue import Item

if TYPE_CHECKING:
    from collections.abc import Callable

    from promise_engine.models._base import Dimensions
    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.request import Line, PromiseRequest


@dataclass(frozen=True)
class MergedLine:
    """All lines of one SKU: one line for limits, stock, handling and work."""

    item: Item
    quantity: Decimal

    @property
    def units(self) -> int:
        """How many units it counts: its quantity, or 1 for measured goods."""
        return 1 if is_measured(self.item) else int(self.quantity)


@dataclass(frozen=True)
class Piece:
    """One unit as it goes into a parcel; what nobody gives is None."""

    sku: str
    weight: Decimal | None
    sides: tuple[int, int, int] | None


@dataclass(frozen=True)
class Basket:
    """The shipping part of a request. `refused` is the first thing wrong with it as a whole, `faulty` the SKU of it."""

    lines: tuple[MergedLine, ...]
    pieces: tuple[Piece, ...]
    refused: Reason | None
    faulty: str | None

    @property
    def skus(self) -> frozenset[str]:
        """The SKUs of all lines."""
        return frozenset(line.item.sku for line in self.lines)

    @property
    def units(self) -> int:
        """Units over all lines."""
        return sum(line.units for line in self.lines)

    @property
    def work(self) -> int:
        """Preparation work over all lines."""
        return sum(line.units * line.item.preparation_work for line in self.lines)

    @property
    def tags(self) -> frozenset[str]:
        """Tags of all items."""
        return frozenset(tag for line in self.lines for tag in line.item.tags)


def is_measured(item: Item) -> bool:
    """Whether an item is cut as one piece, whatever the quantity."""
    return item.step % 1 != 0


def basket_of(
    request: PromiseRequest, catalogue: CatalogueDocument | None, skus: frozenset[str] | None = None
) -> Basket:
    """The basket of a request, or of its lines of some SKUs only; one in which nothing ships is a request error."""
    items = {item.sku: item for item in catalogue.items} if catalogue else {}
    shipping = [line for line in request.lines if line.ships and (skus is None or line.sku in skus)]
    if not shipping:
        raise RequestError.of("lines", len(request.lines), "at least one line that ships")
    quantities: dict[str, Decimal] = {}
    for line in shipping:
        quantities[line.sku] = quantities.get(line.sku, Decimal(0)) + line.quantity
    lines = tuple(MergedLine(items.get(sku) or Item(sku=sku), quantities[sku]) for sku in sorted(quantities))
    refused, faulty = _refused(lines, set(items) if catalogue else None)
    pieces = (
        ()
        if refused
        else tuple(p for line in shipping for p in _pieces(line, items.get(line.sku) or Item(sku=line.sku)))
    )
    return Basket(lines, pieces, refused, faulty)


def _refused(lines: tuple[MergedLine, ...], known: set[str] | None) -> tuple[Reason | None, str | None]:
    """The first fault, each tested over all lines, with the first line that has it."""
    faults: dict[Reason, Callable[[MergedLine], bool]] = {
        Reason.UNKNOWN_SKU: lambda line: known is not None and line.item.sku not in known,
        Reason.QUANTITY_NOT_A_STEP: lambda line: line.quantity % line.item.step != 0,
        Reason.QUANTITY_BELOW_MINIMUM: lambda line: line.item.minimum is not None and line.quantity < line.item.minimum,
        Reason.QUANTITY_ABOVE_MAXIMUM: lambda line: line.item.maximum is not None and line.quantity > line.item.maximum,
    }
    found = ((reason, line.item.sku) for reason, is_fault in faults.items() for line in lines if is_fault(line))
    return next(found, (None, None))


def _pieces(line: Line, item: Item) -> list[Piece]:
    weight = item.weight_grams if line.weight_grams is None else line.weight_grams
    dimensions: Dimensions | None = line.dimensions or item.dimensions
    sides = dimensions.sides if dimensions else None
    if is_measured(item):
        return [
            Piece(
                line.sku, None if weight is None else (weight * line.quantity).to_integral_value(ROUND_CEILING), sides
            )
        ]
    return [Piece(line.sku, None if weight is None else Decimal(weight), sides)] * int(line.quantity)
