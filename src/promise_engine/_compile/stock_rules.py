"""Rules of what may be sold, as tables: by item class and channel, by site and of the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from promise_engine._kernels.atp import FAR, UNLIMITED
from promise_engine.units import ALWAYS, SHARE_SCALE, ten_thousandths, thousandths

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from promise_engine._compile.calendars import Period
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.working_time import Zone
    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import StockRule, SupplyRule
    from promise_engine.models.site import Site

RuleT = TypeVar("RuleT", "StockRule", "SupplyRule")


class ItemClass(NamedTuple):
    """What distinguishes an item for rules: its own SKU, tags and category as far as rules name them."""

    sku: str | None
    tags: frozenset[str]
    category: str | None


class ItemClasses:
    """Items on which the same rules bear share a class, so that tables of rules have few rows."""

    def __init__(self, rules: Sequence[StockRule | SupplyRule], items: Iterable[Item]) -> None:
        self._skus = {rule.sku for rule in rules if rule.sku is not None}
        self._tags = {rule.tag for rule in rules if rule.tag is not None}
        self._categories = {rule.category for rule in rules if rule.category is not None}
        found = {self._class(item.sku, item) for item in items}
        found |= {ItemClass(sku, frozenset(), None) for sku in self._skus} | {ItemClass(None, frozenset(), None)}
        self.all = sorted(found, key=lambda one: (one.sku or "", sorted(one.tags), one.category or ""))
        self._position = {one: i for i, one in enumerate(self.all)}

    def position(self, sku: str, item: Item | None) -> int:
        """The class of an item."""
        return self._position[self._class(sku, item)]

    def _class(self, sku: str, item: Item | None) -> ItemClass:
        own = sku if sku in self._skus else None
        if item is None:
            return ItemClass(own, frozenset(), None)
        category = item.category if item.category in self._categories else None
        return ItemClass(own, frozenset(self._tags.intersection(item.tags)), category)


class StockRules:
    """Safety stock, shares and withdrawal thresholds of every (item class, channel), at every site and of the pool."""

    def __init__(self, network: CompiledNetwork, items: Collection[Item]) -> None:
        rules = sorted(network.model.stock_rules, key=lambda rule: rule.model_dump_json())
        self._rules, self._classes = rules, ItemClasses(rules, items)
        self._channels = {channel.id: i for i, channel in enumerate(network.model.channels)}
        rows = [(one, channel) for one in self._classes.all for channel in self._channels]
        self.safety = _by_site(rules, "safety_stock", rows, network.sites, thousandths, 0)
        self.withdraw_below = _by_site(rules, "withdraw_below", rows, network.sites, thousandths, ALWAYS)
        self.share = _by_site(rules, "share", rows, network.sites, ten_thousandths, SHARE_SCALE)
        placeless = [rule for rule in rules if rule.site is None and rule.site_group is None]
        self.pool_safety = _of_pool(placeless, "safety_stock", rows, thousandths, 0)
        self.pool_share = _of_pool(placeless, "share", rows, ten_thousandths, SHARE_SCALE)

    def winner(
        self, what: str, sku: str, item: Item | None, channel: str, site: Site | None, *, of: str = "site"
    ) -> StockRule | None:
        """The rule of one kind that holds for an item in a channel, at a site or (none) for the pool."""
        placeless = [rule for rule in self._rules if rule.site is None and rule.site_group is None]
        rules = self._rules if site is not None else placeless
        fitting = [rule for rule in rules if rule.of == of and getattr(rule, what) is not None]
        return _most_specific(fitting, self._classes.all[self._classes.position(sku, item)], channel, site)

    def row(self, sku: str, item: Item | None, channel: str) -> int:
        """The row of an item in a channel."""
        return self._classes.position(sku, item) * len(self._channels) + self._channels[channel]


class SupplyRules:
    """What comes to each site because it is ordered, or from a date on, by item class."""

    def __init__(self, network: CompiledNetwork, items: Collection[Item]) -> None:
        rules = sorted(network.model.supply_rules, key=lambda rule: rule.model_dump_json())
        self._classes = ItemClasses(rules, items)
        shape = (len(self._classes.all), len(network.sites))
        self.replenish_days, self.replenish_quantity = np.full(shape, -1, np.int64), np.zeros(shape, np.int64)
        self.preorder_at, self.preorder_quantity = np.full(shape, FAR, np.int64), np.full(shape, -1, np.int64)
        ordered = [rule for rule in rules if rule.replenish_after is not None]
        dated = [rule for rule in rules if rule.preorder_from is not None]
        for row, one in enumerate(self._classes.all if rules else ()):
            for i, site in enumerate(network.sites):
                rule = _most_specific(ordered, one, None, site)
                if rule is not None and rule.replenish_after is not None:
                    self.replenish_days[row, i], self.replenish_quantity[row, i] = rule.replenish_after, _amount(rule)
                rule = _most_specific(dated, one, None, site)
                if rule is not None and rule.preorder_from is not None:
                    zone = network.calendars.zone(network.time_zones[int(network.tables.sites.zone_idx[i])])
                    self.preorder_quantity[row, i] = _amount(rule)
                    self.preorder_at[row, i] = _start_of(rule.preorder_from, zone, network.period)

    def row(self, sku: str, item: Item | None) -> int:
        """The row of an item."""
        return self._classes.position(sku, item)


def _amount(rule: SupplyRule) -> int:
    return UNLIMITED if rule.quantity is None else thousandths(rule.quantity)


def _start_of(day: date, zone: Zone, period: Period) -> int:
    position = period.position(day)
    if position < 0:
        return ALWAYS
    return FAR if position >= period.day_count else zone.instant(period.first_day + position, 0)


def _by_site(
    rules: Sequence[StockRule], what: str, rows: Sequence[tuple[ItemClass, str]], sites: Sequence[Site],
    amount: Callable[[Decimal], int], without: int,
) -> np.ndarray:  # fmt: skip
    """(rows, S) what the most specific rule of one kind says at each site."""
    fitting = [rule for rule in rules if rule.of == "site" and getattr(rule, what) is not None]
    table = np.full((len(rows), len(sites)), without, np.int64)
    for row, (one, channel) in enumerate(rows if fitting else ()):
        for i, site in enumerate(sites):
            rule = _most_specific(fitting, one, channel, site)
            if rule is not None:
                table[row, i] = amount(getattr(rule, what))
    return table


def _of_pool(
    rules: Sequence[StockRule], what: str, rows: Sequence[tuple[ItemClass, str]], amount: Callable[[Decimal], int],
    without: int,
) -> np.ndarray:  # fmt: skip
    """(rows,) what the most specific rule of one kind says of all sites together."""
    of = "pool" if what == "safety_stock" else "site"
    fitting = [rule for rule in rules if rule.of == of and getattr(rule, what) is not None]
    found = [_most_specific(fitting, one, channel, None) for one, channel in rows]
    return np.array([without if rule is None else amount(getattr(rule, what)) for rule in found], np.int64)


def _most_specific(rules: Sequence[RuleT], one: ItemClass, channel: str | None, site: Site | None) -> RuleT | None:
    """The rule that wins: by item, then place, then channel."""
    ranked = [
        ((exact, 2 if rule.site else 1 if rule.site_group else 0, getattr(rule, "channel", None) is not None), rule)
        for rule in rules
        if (exact := _item_exactness(rule, one)) is not None
        and getattr(rule, "channel", None) in {None, channel}
        and (site is None or rule.site in {None, site.id})
        and (site is None or rule.site_group is None or rule.site_group in site.groups)
    ]
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _item_exactness(rule: StockRule | SupplyRule, one: ItemClass) -> int | None:
    if rule.sku is not None:
        return 3 if rule.sku == one.sku else None
    if rule.tag is not None:
        return 2 if rule.tag in one.tags else None
    if rule.category is not None:
        return 1 if rule.category == one.category else None
    return 0
