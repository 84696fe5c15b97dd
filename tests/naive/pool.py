"""What all sites that a request may see have together of one item."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from .rules import at_site, of_pool
from .timeline import NOTHING, Increment, is_ours, paid, timeline

if TYPE_CHECKING:
    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import StockRule
    from promise_engine.models.site import Site

    from .world import World


@dataclass(frozen=True)
class Pool:
    """What the request may take of the stock of all sites together, and what comes later at each of them.

    What the groups of the order before it take is no more in the one, and still in the other.
    """

    cap: Decimal
    later: dict[str, tuple[Increment, ...]]


def pool(world: World, item: Item) -> Pool:
    """The pool of an item for the channel and segment of the request."""
    key = ("pool", item.sku)
    if key not in world.known:
        world.known[key] = _pool(world, item)
    found: Pool = world.known[key]
    return found


def exposed(world: World, site: Site, item: Item) -> Decimal:
    """What a site alone may sell at once."""
    if "stock" not in world.channel.supply:
        return NOTHING
    share = share_at(world, site, item) if world.channel.share_scope == "site" else Decimal(1)
    had = in_steps(share * timeline(world, site, item).free, item) - world.taken.stock.get((site.id, item.sku), NOTHING)
    return min(had, pool(world, item).cap)


def share_at(world: World, site: Site, item: Item) -> Decimal:
    """What part the channel may take, of the site or of the pool."""
    if world.channel.share_scope == "pool":
        return _share(of_pool(world, item, "share"))
    return _share(at_site(world, site, item, "share"))


def in_steps(quantity: Decimal, item: Item) -> Decimal:
    """A quantity, rounded down to the step of the item."""
    return quantity // item.step * item.step


def is_in_pool(world: World, site: Site) -> bool:
    """Whether a site prepares, and is shown to the channel and the segment of the request."""
    shown = site.shown_to
    return (
        site.preparation is not None
        and (shown.channels is None or world.channel.id in shown.channels)
        and (shown.segments is None or world.request.segment in shown.segments)
    )


def _share(rule: StockRule | None) -> Decimal:
    return rule.share if rule and rule.share is not None else Decimal(1)


def _pool(world: World, item: Item) -> Pool:
    timelines = {site.id: timeline(world, site, item) for site in world.network.sites if is_in_pool(world, site)}
    left = sum((found.free for found in timelines.values()), NOTHING) - _withheld(world, item)
    rule = of_pool(world, item, "safety_stock")
    safety = rule.safety_stock if rule and rule.safety_stock is not None else NOTHING
    free = max(NOTHING, max(NOTHING, left) - safety)
    share = _share(of_pool(world, item, "share")) if world.channel.share_scope == "pool" else Decimal(1)
    later = {site: found.later for site, found in timelines.items()}
    cap = in_steps(share * free, item) - world.taken.of_pool(item.sku)
    return Pool(cap, _after_debt(max(NOTHING, -left), later))


def _withheld(world: World, item: Item) -> Decimal:
    """Reservations of others that no site holds yet."""
    return sum(
        (
            r.quantity for r in world.stock.pool_reservations
            if r.sku == item.sku and not is_ours(world, r.channel, r.segment)
        ),
        NOTHING,
    )  # fmt: skip


def _after_debt(debt: Decimal, later: dict[str, tuple[Increment, ...]]) -> dict[str, tuple[Increment, ...]]:
    """What the earliest increments of all sites leave after the pool's debt; at one instant by the id of the site."""
    queue = sorted((increment.at, site, increment) for site, increments in later.items() for increment in increments)
    left = paid(debt, [increment for _, _, increment in queue])
    of_site: dict[str, list[Increment]] = {site: [] for site in later}
    for (_, site, _), increment in zip(queue, left, strict=True):
        of_site[site].append(increment)
    return {site: tuple(increments) for site, increments in of_site.items()}
