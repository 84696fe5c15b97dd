"""What is ordered: lines merged by SKU, services and ship group, and what they need together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from promise_engine.errors import Reason, RequestError
from promise_engine.models.catalogue import Item

from .lines import Cut, Goods, Key, MergedLine, Piece, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.policy import LineService
    from promise_engine.models.request import Line, PromiseRequest


@dataclass(frozen=True)
class Basket:
    """The shipping part of a request. `refused` is the first thing wrong with it as a whole, `faulty` the SKU of it."""

    lines: tuple[MergedLine, ...]
    refused: Reason | None
    faulty: str | None

    def part(self, keys: frozenset[Key], cut: Cut = frozenset()) -> Basket:
        """Some of its lines, or so much of them; what is wrong with an order is wrong with each part of it."""
        quantities = dict(cut)
        lines = (line for line in self.lines if line.key in keys)
        sent = (line.so_much(quantities[line.key]) if line.key in quantities else line for line in lines)
        return replace(self, lines=tuple(sent))

    @property
    def keys(self) -> frozenset[Key]:
        """What tells its lines apart."""
        return frozenset(line.key for line in self.lines)

    @cached_property
    def ship_groups(self) -> tuple[str, ...]:
        """The ship groups of its lines; where there are several no shipment carries all of it."""
        return tuple(sorted({line.ship_group for line in self.lines}))

    @property
    def is_mixed(self) -> bool:
        """Whether it has several ship groups."""
        return len(self.ship_groups) > 1

    @cached_property
    def sharing(self) -> frozenset[Key]:
        """The lines that need a SKU which another line needs too."""
        return frozenset(
            line.key for line in self.lines for other in self.lines if other is not line and _share(line, other)
        )

    @cached_property
    def divisible(self) -> frozenset[Key]:
        """The lines of which several sites may each send some, where the method lets them."""
        return frozenset(
            line.key for line in self.lines if line.is_alike and line.steps > 1 and line.key not in self.sharing
        )

    @cached_property
    def needs(self) -> tuple[Goods, ...]:
        """What all lines need of stock, in the order of the SKUs."""
        items: dict[str, Item] = {}
        quantities: dict[str, Decimal] = {}
        for goods in (goods for line in self.lines for goods in line.goods):
            items[goods.item.sku] = goods.item
            quantities[goods.item.sku] = quantities.get(goods.item.sku, Decimal(0)) + goods.quantity
        return tuple(Goods(items[sku], quantities[sku]) for sku in sorted(items))

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The single pieces of all lines."""
        return tuple(piece for line in self.lines for piece in line.pieces)

    @property
    def units(self) -> int:
        """Units over all lines."""
        return sum(line.units for line in self.lines)

    @property
    def work(self) -> int:
        """Preparation work over all lines."""
        return sum(line.work for line in self.lines)

    @property
    def tags(self) -> frozenset[str]:
        """Tags of all lines."""
        return frozenset(tag for line in self.lines for tag in line.tags)


def _share(one: MergedLine, other: MergedLine) -> bool:
    return not {goods.item.sku for goods in one.goods}.isdisjoint(goods.item.sku for goods in other.goods)


def basket_of(
    request: PromiseRequest,
    catalogue: CatalogueDocument | None,
    network: NetworkDocument,
    ordered: Mapping[str, Decimal],
) -> Basket:
    """The basket of a request, in an order of so much more of some SKUs; one in which nothing ships is a request error."""
    items = {item.sku: item for item in catalogue.items} if catalogue else {}
    services = {service.id: service for service in network.line_services}
    asked: dict[Key, list[Line]] = {}
    for line in request.lines:
        if line.ships:
            asked.setdefault(key_of(line, items.get(line.sku) or Item(sku=line.sku)), []).append(line)
    if not asked:
        raise RequestError.of("lines", len(request.lines), "at least one line that ships")
    lines = tuple(_merged(key, asked[key], items, services) for key in sorted(asked))
    return Basket(lines, *_refused(lines, set(items) if catalogue else None, ordered))


def _merged(key: Key, asked: list[Line], items: Mapping[str, Item], services: Mapping[str, LineService]) -> MergedLine:
    sku, wanted, _ = key
    for service in wanted:
        if service not in services:
            raise RequestError.of("lines.services", service, "a line service of the network")
    item = items.get(sku) or Item(sku=sku)
    holds = tuple(Goods(items[component.sku], component.quantity) for component in item.components)
    return MergedLine(item, tuple(services[service] for service in wanted), tuple(asked), holds)


def _refused(
    lines: tuple[MergedLine, ...], known: set[str] | None, besides: Mapping[str, Decimal]
) -> tuple[Reason | None, str | None]:
    """The first fault, each tested over all lines, with the first line that has it."""
    ordered = dict(besides)
    for line in lines:
        ordered[line.item.sku] = ordered.get(line.item.sku, Decimal(0)) + line.quantity

    def is_below(line: MergedLine) -> bool:
        return line.item.minimum is not None and ordered[line.item.sku] < line.item.minimum

    def is_above(line: MergedLine) -> bool:
        return line.item.maximum is not None and ordered[line.item.sku] > line.item.maximum

    faults: dict[Reason, Callable[[MergedLine], bool]] = {
        Reason.UNKNOWN_SKU: lambda line: known is not None and line.item.sku not in known,
        Reason.QUANTITY_NOT_A_STEP: lambda line: line.quantity % line.item.step != 0,
        Reason.QUANTITY_BELOW_MINIMUM: is_below,
        Reason.QUANTITY_ABOVE_MAXIMUM: is_above,
    }
    found = ((reason, line.item.sku) for reason, is_fault in faults.items() for line in lines if is_fault(line))
    return next(found, (None, None))
