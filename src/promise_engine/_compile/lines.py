"""A basket's lines: what each needs of stock, weighs, and takes to prepare."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, NamedTuple

from promise_engine.errors import Reason
from promise_engine.units import QUANTITY_SCALE, thousandths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from promise_engine.models._base import Dimensions
    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import UnknownSize
    from promise_engine.models.request import Line


class Piece(NamedTuple):
    """Units that parcels take, of one line. Weight and sides are -1 where nobody gives them."""

    line: int  # position in the basket
    sku: str
    units: int
    weight_grams: int
    sides: tuple[int, int, int]


class Need(NamedTuple):
    """What lines need of one SKU."""

    sku: str
    quantity: int
    item: Item | None


class Goods(NamedTuple):
    """What one line takes of one SKU."""

    sku: str
    quantity: int
    units: int
    item: Item | None


class Labels(NamedTuple):
    """By what restrictions, allocations and surcharges know a line."""

    skus: frozenset[str]
    tags: frozenset[str]
    categories: frozenset[str]


class BasketLine(NamedTuple):
    """What is ordered of one SKU with the same services, in one ship group."""

    sku: str
    services: tuple[str, ...]
    ship_group: str | None
    quantity: int
    units: int  # pieces, or kits
    item: Item | None
    goods: tuple[Goods, ...]  # the SKU itself, or the components of a kit

    @property
    def key(self) -> LineKey:
        """What tells it from the other lines of a basket."""
        return self.sku, self.services, self.ship_group or ""

    @property
    def handled(self) -> int:
        """The units that are picked."""
        return sum(taken.units for taken in self.goods)

    @property
    def work(self) -> int:
        """The work of its units, without that of services."""
        if self.item is not None and self.item.preparation_work is not None:
            return self.units * self.item.preparation_work
        return sum(taken.units * _work_of_one(taken.item) for taken in self.goods)

    def of_units(self, units: int) -> BasketLine:
        """The same with fewer units."""
        goods = tuple(
            taken._replace(quantity=taken.quantity // self.units * units, units=taken.units // self.units * units)
            for taken in self.goods
        )
        return self._replace(quantity=self.quantity // self.units * units, units=units, goods=goods)

    @property
    def labels(self) -> Labels:
        """Its own SKU and those of its components; of a kit without tags and category those of its components."""
        skus = frozenset([self.sku, *(taken.sku for taken in self.goods)])
        if self.item is None:
            return Labels(skus, frozenset(), frozenset())
        known = [self.item]
        if self.item.components and not self.item.tags and self.item.category is None:
            known = [taken.item for taken in self.goods if taken.item is not None]
        categories = frozenset(item.category for item in known if item.category is not None)
        return Labels(skus, frozenset(tag for item in known for tag in item.tags), categories)


LineKey = tuple[str, tuple[str, ...], str]
"""SKU, services, and ship group; empty for none."""


def _work_of_one(item: Item | None) -> int:
    return 1 if item is None or item.preparation_work is None else item.preparation_work


def _key_of(line: Line, items: Mapping[str, Item] | None) -> LineKey:
    """The line of the basket that a line of the request is part of."""
    item = (items or {}).get(line.sku)
    ship_group = line.ship_group or (item and item.ship_group) or ""
    return line.sku, tuple(sorted(set(line.services))), ship_group


def positions_of(lines: Sequence[Line], merged: Sequence[BasketLine], items: Mapping[str, Item] | None) -> list[int]:
    """Of each line of a request the line of the basket that it is part of; -1 for one that does not ship."""
    positions = {line.key: position for position, line in enumerate(merged)}
    return [positions[_key_of(line, items)] if line.ships else -1 for line in lines]


def value_of(lines: Iterable[Line]) -> Decimal:
    """Unit price times quantity over the lines that give a price."""
    return sum((line.unit_price * line.quantity for line in lines if line.unit_price is not None), Decimal(0))


def values_of(lines: Sequence[Line], positions: Sequence[int], count: int) -> list[Decimal]:
    """What each of so many lines of a basket is worth; `positions` are those of `positions_of`."""
    values = [Decimal(0)] * count
    for line, position in zip(lines, positions, strict=True):
        if line.ships:
            values[position] += value_of([line])
    return values


def basket_lines(lines: Sequence[Line], items: Mapping[str, Item] | None) -> list[BasketLine]:
    """The lines of a basket in their order, each SKU with the same services and ship group once."""
    quantities: dict[LineKey, Decimal] = {}
    for line in lines:
        key = _key_of(line, items)
        quantities[key] = quantities.get(key, Decimal(0)) + line.quantity
    return [_basket_line(key, quantities[key], items or {}) for key in sorted(quantities)]


def _basket_line(key: LineKey, quantity: Decimal, items: Mapping[str, Item]) -> BasketLine:
    sku, services, ship_group = key
    item, units = items.get(sku), _units(quantity, items.get(sku))
    goods: tuple[Goods, ...] = (Goods(sku, thousandths(quantity), units, item),)
    if item is not None and item.components:
        goods = tuple(
            Goods(part.sku, thousandths(quantity * part.quantity), units * _units(part.quantity, kept), kept)
            for part in sorted(item.components, key=lambda part: part.sku)
            for kept in [items.get(part.sku)]
        )
    return BasketLine(sku, services, ship_group or None, thousandths(quantity), units, item, goods)


def line_of(sku: str, items: Mapping[str, Item]) -> BasketLine:
    """The line of a basket with one of a SKU, or one kit."""
    return _basket_line((sku, (), ""), Decimal(1), items)


def needs_of(lines: Iterable[BasketLine]) -> list[Need]:
    """What lines need together, by SKU."""
    quantities: dict[str, int] = {}
    items: dict[str, Item | None] = {}
    for taken in (taken for line in lines for taken in line.goods):
        quantities[taken.sku] = quantities.get(taken.sku, 0) + taken.quantity
        items[taken.sku] = taken.item
    return [Need(sku, quantities[sku], items[sku]) for sku in sorted(quantities)]


def refused_lines(
    lines: Sequence[BasketLine], items: Mapping[str, Item] | None, elsewhere: Mapping[str, int]
) -> tuple[Reason, str] | None:
    """The least reason for which the basket is refused as a whole, with its SKU.

    `elsewhere` is, by SKU, what other groups of the same order ask for.
    """
    if items is None:
        return min(((Reason.QUANTITY_NOT_A_STEP, line.sku) for line in lines if line.quantity % 1_000), default=None)
    totals = dict(elsewhere)
    for line in lines:
        totals[line.sku] = totals.get(line.sku, 0) + line.quantity
    return min((fault for line in lines for fault in _refusals(line, totals[line.sku])), default=None)


def _refusals(line: BasketLine, total: int) -> Iterable[tuple[Reason, str]]:
    item = line.item
    if item is None:
        yield Reason.UNKNOWN_SKU, line.sku
    elif line.quantity % thousandths(item.step):
        yield Reason.QUANTITY_NOT_A_STEP, line.sku
    elif item.minimum is not None and total < thousandths(item.minimum):
        yield Reason.QUANTITY_BELOW_MINIMUM, line.sku
    elif item.maximum is not None and total > thousandths(item.maximum):
        yield Reason.QUANTITY_ABOVE_MAXIMUM, line.sku


def _units(quantity: Decimal, item: Item | None) -> int:
    """Units of a quantity: measured goods (a step that is not whole) are one piece."""
    step = item.step if item else Decimal(1)
    return int(quantity) if step == int(step) and quantity == int(quantity) else 1


def unit_steps(lines: Sequence[Line], merged: Sequence[BasketLine], positions: Sequence[int]) -> list[int]:
    """How many steps of its SKU each line of a basket has, where its units may come from several sites.

    It is 1 for a line that stays whole: measured goods, a line that shares a SKU with another, and one whose units
    the lines of the request say to weigh or measure differently.
    """
    sizes: list[set[tuple[int | None, Dimensions | None]]] = [set() for _ in merged]
    for line, position in zip(lines, positions, strict=True):
        sizes[position].add((line.weight_grams, line.dimensions))
    users = Counter(taken.sku for line in merged for taken in line.goods)
    return [
        line.quantity // _whole_step(line)
        if line.quantity == line.units * QUANTITY_SCALE
        and _whole_step(line) % QUANTITY_SCALE == 0
        and line.quantity % _whole_step(line) == 0
        and len(sizes[position]) == 1
        and all(users[taken.sku] == 1 for taken in line.goods)
        else 1
        for position, line in enumerate(merged)
    ]


def _whole_step(line: BasketLine) -> int:
    return QUANTITY_SCALE if line.item is None else thousandths(line.item.step)


# Parcels.


def pieces_of(
    lines: Sequence[Line], positions: Sequence[int], items: Mapping[str, Item] | None, assumed: UnknownSize
) -> list[Piece]:
    """What of each line of a request goes into parcels; `positions` are those of `positions_of`."""
    placed = zip(lines, positions, strict=True)
    return [piece for line, position in placed for piece in _pieces(line, position, items or {}, assumed)]


def _pieces(line: Line, position: int, items: Mapping[str, Item], assumed: UnknownSize) -> Iterable[Piece]:
    item = items.get(line.sku)
    weight, dimensions = line.weight_grams, line.dimensions
    if item is not None:
        weight = item.weight_grams if weight is None else weight
        dimensions = dimensions or item.dimensions
    if item is None or not item.components:
        yield _piece(position, line.sku, line.quantity, item, 1, _Size(weight, dimensions), assumed)
        return
    parts = [(part, items.get(part.sku)) for part in item.components]
    if weight is None and dimensions is None:
        for part, held in parts:
            size = _Size(held.weight_grams, held.dimensions) if held else _Size(None, None)
            yield _piece(position, part.sku, part.quantity, held, int(line.quantity), size, assumed)
        return
    if weight is None:
        known = [(part.quantity, held.weight_grams) for part, held in parts if held and held.weight_grams is not None]
        weight = sum(_weight_of(*each) for each in known) if len(known) == len(parts) else None
    yield _piece(position, line.sku, line.quantity, item, 1, _Size(weight, dimensions), assumed)


class _Size(NamedTuple):
    """What one unit weighs and measures, where it is given."""

    weight_grams: int | None
    dimensions: Dimensions | None


def _piece(
    position: int, sku: str, quantity: Decimal, item: Item | None, times: int, size: _Size, assumed: UnknownSize
) -> Piece:
    """So much of a SKU, so many times."""
    count, weight = _units(quantity, item), size.weight_grams
    if weight is not None and count != quantity:  # measured goods: one piece of the whole quantity
        weight = _weight_of(quantity, weight)
    weight = assumed.weight_grams if weight is None else weight
    sides = size.dimensions.sides if size.dimensions else assumed.sides_mm
    ordered = (-1, -1, -1) if sides is None else tuple(sorted(sides, reverse=True))
    return Piece(position, sku, count * times, -1 if weight is None else weight, ordered)  # type: ignore[arg-type]


def _weight_of(quantity: Decimal, weight_grams: int) -> int:
    return int((quantity * weight_grams).to_integral_value(ROUND_CEILING))


def pieces_of_units(pieces: Iterable[Piece], line: BasketLine, units: int) -> list[Piece]:
    """The pieces of some units of a line, of which all are alike, given those of all its units."""
    counts: dict[Piece, int] = {}
    for piece in pieces:
        one = piece._replace(units=0)
        counts[one] = counts.get(one, 0) + piece.units
    return [piece._replace(units=count // line.units * units) for piece, count in counts.items()]
