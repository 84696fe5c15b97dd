"""Which stock rule, supply rule or allocation holds for an item."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import Allocation, Restriction, StockRule, SupplyRule
    from promise_engine.models.site import Site

    from .lines import MergedLine
    from .world import World

    Told = Literal["safety_stock", "share", "withdraw_below"]
    Kind = Literal["replenish_after", "preorder_from"]


def at_site(world: World, site: Site, item: Item, what: Told) -> StockRule | None:
    """The most specific rule for each site that says something about it: by item, then by place, then by channel."""
    return _most_specific(
        rule for rule in _told(world, what) if rule.of == "site" and _fits_item(rule, item) and _fits_site(rule, site)
    )


def of_pool(world: World, item: Item, what: Told) -> StockRule | None:
    """The most specific rule for all sites together: a safety stock `of: pool`, or a share without a place."""
    of = "pool" if what == "safety_stock" else "site"
    return _most_specific(
        rule for rule in _told(world, what)
        if rule.of == of and _fits_item(rule, item) and rule.site is None and rule.site_group is None
    )  # fmt: skip


def supply_rule(world: World, site: Site, item: Item, kind: Kind) -> SupplyRule | None:
    """The most specific rule of a kind: by item, then by place."""
    return max(
        (
            rule for rule in world.network.supply_rules
            if getattr(rule, kind) is not None and _fits_item(rule, item) and _fits_site(rule, site)
        ),
        key=_specificity,
        default=None,
    )  # fmt: skip


def concerns(listed: Allocation | Restriction, line: MergedLine) -> bool:
    """Whether a restriction or an allocation lists the goods of a line, by a SKU, a tag or a category."""
    pairs = ((line.skus, listed.skus), (line.tags, listed.tags), (line.categories, listed.categories))
    return any(own.intersection(named) for own, named in pairs)


def is_kept_from(world: World, line: MergedLine) -> bool:
    """Whether the goods of a line are kept for channels or segments that are not the request's."""
    return any(concerns(kept, line) and not _is_for(world, kept) for kept in world.network.allocations)


def _is_for(world: World, kept: Allocation) -> bool:
    return (kept.channels is None or world.channel.id in kept.channels) and (
        kept.segments is None or world.request.segment in kept.segments
    )


def _told(world: World, what: Told) -> Iterable[StockRule]:
    return (
        rule for rule in world.network.stock_rules
        if getattr(rule, what) is not None and rule.channel in {None, world.channel.id}
    )  # fmt: skip


def _fits_item(rule: StockRule | SupplyRule, item: Item) -> bool:
    return (
        rule.sku in {None, item.sku}
        and (rule.tag is None or rule.tag in item.tags)
        and (rule.category is None or rule.category == item.category)
    )


def _fits_site(rule: StockRule | SupplyRule, site: Site) -> bool:
    return rule.site in {None, site.id} and (rule.site_group is None or rule.site_group in site.groups)


def _most_specific(rules: Iterable[StockRule]) -> StockRule | None:
    return max(rules, key=lambda rule: (_specificity(rule), rule.channel is not None), default=None)


def _specificity(rule: StockRule | SupplyRule) -> tuple[int, int]:
    by_item = 3 if rule.sku is not None else 2 if rule.tag is not None else 1 if rule.category is not None else 0
    by_place = 2 if rule.site is not None else 1 if rule.site_group is not None else 0
    return by_item, by_place
