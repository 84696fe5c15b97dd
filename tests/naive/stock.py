"""What a site may sell to this request, and from when."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from promise_engine.errors import Reason

from .clock import AT_ONCE, FOREVER, local_date, wall
from .pool import exposed, in_steps, pool, share_at
from .rules import supply_rule
from .timeline import NOTHING, Increment, record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import SupplyRule
    from promise_engine.models.site import Site

    from .lines import Goods
    from .rules import Kind
    from .world import World

UNLIMITED = Decimal("Infinity")
Left = frozenset[tuple[str, Decimal]]
"""How much is left of the pool of some SKUs."""


class Supply:
    """What a site has, and gets, of what a shipment carries."""

    def __init__(self, goods: Sequence[GoodsSupply]) -> None:
        self.goods = goods
        self.depth = min(each.depth for each in goods)
        self._known: dict[int, int] = {}

    @property
    def is_replenished(self) -> bool:
        """Whether some of it comes because it is ordered."""
        return any(each.replenished is not None for each in self.goods)

    def at(self, placed_at: int) -> int:
        """From when it can supply all of an order placed at an instant."""
        if placed_at not in self._known:
            instants = [each.at(placed_at) for each in self.goods]
            self._known[placed_at] = max(FOREVER if at is None else at for at in instants)
        return self._known[placed_at]


@dataclass(frozen=True)
class GoodsSupply:
    """What a site has of one SKU, for all lines that need it, and what is to come whoever orders."""

    world: World
    site: Site
    goods: Goods
    exposed: Decimal
    later: tuple[Increment, ...]
    replenished: SupplyRule | None
    promised: Decimal
    """How much of what is to come the groups of the order before it take."""

    @property
    def depth(self) -> Decimal:
        """The stock then left."""
        return max(NOTHING, self.exposed - self.goods.quantity)

    def at(self, placed_at: int) -> int | None:
        """From when there is enough for an order placed at an instant; None when there never is."""
        if self.exposed >= self.goods.quantity:
            return AT_ONCE
        due = NOTHING
        for increment in sorted((*self.later, *self._ordered(placed_at))):
            due += increment.quantity
            if self.exposed + self._counted(due) >= self.goods.quantity + self.promised:
                return increment.at
        return None

    def _ordered(self, placed_at: int) -> list[Increment]:
        """What comes because it is ordered."""
        rule = self.replenished
        if rule is None or rule.replenish_after is None:
            return []
        at = placed_at
        if rule.replenish_after:
            hours = self.world.preparation_hours(self.site)
            last = local_date(self.world.period_end, hours.zone)
            working = hours.following(local_date(placed_at, hours.zone), last)
            day = next(islice(working, rule.replenish_after - 1, None), None)
            at = FOREVER if day is None else hours.opening(day)
        return [Increment(at, _quantity(rule))]

    def _counted(self, due: Decimal) -> Decimal:
        """What the channel may take of what is to come."""
        if not self.world.channel.share_supply:
            return due
        share = share_at(self.world, self.site, self.goods.item)
        return in_steps(share * due, self.goods.item) if share else NOTHING


def supply(world: World, site: Site) -> Supply | Reason:
    """Whether and from when a site can supply the whole basket, and what it sends of the same SKUs beside it."""
    key = ("supply", site.id)
    if key not in world.known_of_basket:
        world.known_of_basket[key] = _supply(world, site)
    found: Supply | Reason = world.known_of_basket[key]
    return found


def _supply(world: World, site: Site) -> Supply | Reason:
    if not all(_is_stocked(world, site, goods.item) for goods in world.needs):
        return Reason.NOT_STOCKED
    found = [_supply_of(world, site, goods) for goods in world.needs]
    if any(each.at(world.placed_at) is None for each in found):
        return Reason.INSUFFICIENT_STOCK
    return Supply(found)


def short_of(world: World, site: Site) -> list[str]:
    """The SKUs that a site has no record of, or not enough, ever."""
    return [
        goods.item.sku for goods in world.needs
        if not _is_stocked(world, site, goods.item) or _supply_of(world, site, goods).at(world.placed_at) is None
    ]  # fmt: skip


def _is_stocked(world: World, site: Site, item: Item) -> bool:
    if record_of(world, site, item):
        return True
    return any(_counted_rule(world, site, item, kind) for kind in ("replenish_after", "preorder_from"))


def _counted_rule(world: World, site: Site, item: Item, kind: Kind) -> SupplyRule | None:
    """The rule of a kind of supply that the channel counts; none where the item is not for sale."""
    record = record_of(world, site, item)
    counted = "replenishment" if kind == "replenish_after" else "preorder"
    if counted not in world.channel.supply or (record and record.status == "not_sellable"):
        return None
    return supply_rule(world, site, item, kind)


def _supply_of(world: World, site: Site, goods: Goods) -> GoodsSupply:
    item, left = goods.item, dict(world.left)
    later = pool(world, item).later.get(site.id, ())
    return GoodsSupply(
        world,
        site,
        goods,
        min(exposed(world, site, item), left.get(item.sku, UNLIMITED)),
        (*later, *_preordered(world, site, item)),
        _counted_rule(world, site, item, "replenish_after"),
        world.taken.supply.get((site.id, item.sku), NOTHING),
    )


def _preordered(world: World, site: Site, item: Item) -> list[Increment]:
    """What is there from a date on."""
    rule = _counted_rule(world, site, item, "preorder_from")
    if rule is None or rule.preorder_from is None:
        return []
    return [Increment(wall(rule.preorder_from, 0, world.spot(site.id).time_zone), _quantity(rule))]


def _quantity(rule: SupplyRule) -> Decimal:
    return UNLIMITED if rule.quantity is None else rule.quantity
