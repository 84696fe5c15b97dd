"""Which rules decide something in a case: without them the twin has other supply at some site, or another answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.rows import keys_of
from naive.pool import is_in_pool, pool
from naive.rules import supply_rule
from naive.stock import Supply, supply
from naive.timeline import timeline
from naive.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from promise_engine.errors import Reason
    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import StockRule, SupplyRule

    from generator.facts import Documents, Facts
    from generator.rows import Row
    from naive.basket import Basket

PAID = "stock: what the pool owes is paid"
SHARED = "stock: shipments need more of a SKU than the pool has"
LEFT_OUT = "how long: what the first second does not offer is left out"


def effects_of(facts: Facts) -> set[str]:
    """The rules that decide from when some site can supply some line of the basket, or whether it can."""
    world = _world(facts.given)
    if world.basket.refused:
        return set()
    found, supplied = {PAID} if _is_debt_paid(world) else set(), _supplied(world)
    if any(_needs_more_than_the_pool(world, row) for row in facts.rows.options):
        found.add(SHARED)
    if _is_left_out(facts):
        found.add(LEFT_OUT)
    for name, without in WITHOUT.items():
        other = without(facts)
        if other != facts.given and _supplied(_world(other)) != supplied:
            found.add(name)
    return found


def rules_in_use(facts: Facts) -> Iterator[SupplyRule]:
    """The supply rules that hold for the basket at the sites of the options."""
    world = _world(facts.given)
    for site in sorted({sent["site"] for row in facts.rows.options for sent in row["shipments"]}):
        for goods in world.basket.needs:
            kinds = ("replenish_after", "preorder_from")
            rules = (supply_rule(world, world.sites[site], goods.item, kind) for kind in kinds)
            yield from (rule for rule in rules if rule)


def _world(given: Documents) -> World:
    return World(given.network, given.catalogue, given.stock, given.request)


def _supplied(world: World) -> list[int | Reason]:
    """From when each site of the pool can supply each line of the basket, or why it cannot."""
    lines = [world.of_lines(frozenset({line.key})) for line in world.basket.lines]
    found = (supply(line, site) for line in lines for site in world.network.sites if is_in_pool(world, site))
    return [had.at(world.placed_at) if isinstance(had, Supply) else had for had in found]


def _is_debt_paid(world: World) -> bool:
    return any(
        pool(world, goods.item).later[site.id] != timeline(world, site, goods.item).later
        for goods in world.basket.needs
        for site in world.network.sites
        if is_in_pool(world, site)
    )


def _needs_more_than_the_pool(world: World, row: Row) -> bool:
    """Whether shipments of a split need one SKU, together more than what the pool has at once."""
    needed: dict[str, list[Decimal]] = {}
    items: dict[str, Item] = {}
    for sent in row["shipments"]:
        for item, quantity in carried(world, sent).needs:
            items[item.sku] = item
            needed.setdefault(item.sku, []).append(quantity)
    return any(len(each) > 1 and sum(each) > pool(world, items[sku]).cap for sku, each in needed.items())


def carried(world: World, sent: Row) -> Basket:
    """What a shipment carries."""
    whole = {line.key: line.quantity for line in world.basket.lines}
    quantities = keys_of(sent)
    cut = frozenset((key, quantity) for key, quantity in quantities.items() if quantity != whole[key])
    return world.basket.part(frozenset(quantities), cut)


def _is_left_out(facts: Facts) -> bool:
    """Whether the last second, asked alone, is answered otherwise."""
    return facts.rows.leaves_out


# What a case is without.


def _of_network(given: Documents, **fields: object) -> Documents:
    return replace(given, network=given.network.model_copy(update=fields))


def _look_ahead(facts: Facts, value: str) -> Documents:
    settings = facts.given.network.settings
    if settings.look_ahead != value:
        return facts.given
    return _of_network(facts.given, settings=settings.model_copy(update={"look_ahead": "none"}))


def _stock_rules(facts: Facts, is_taken_away: Callable[[StockRule], bool]) -> Documents:
    kept = tuple(rule for rule in facts.given.network.stock_rules if not is_taken_away(rule))
    return _of_network(facts.given, stock_rules=kept)


def _share(facts: Facts, scope: str) -> Documents:
    return _stock_rules(facts, lambda rule: facts.channel.share_scope == scope and rule.share is not None)


def _share_of_supply(facts: Facts) -> Documents:
    channels = [channel.model_copy(update={"share_supply": False}) for channel in facts.given.network.channels]
    return _of_network(facts.given, channels=tuple(channels))


def _supply_rules(facts: Facts, kind: str) -> Documents:
    kept = tuple(rule for rule in facts.given.network.supply_rules if getattr(rule, kind) is None)
    return _of_network(facts.given, supply_rules=kept)


def _pool_reservations(facts: Facts) -> Documents:
    return replace(facts.given, stock=facts.given.stock.model_copy(update={"pool_reservations": ()}))


WITHOUT: dict[str, Callable[[Facts], Documents]] = {
    "stock: floor decides": lambda f: _look_ahead(f, "floor"),
    "stock: accumulate decides": lambda f: _look_ahead(f, "accumulate"),
    "stock: threshold decides": lambda f: _stock_rules(f, lambda rule: rule.withdraw_below is not None),
    "stock: safety stock of the pool decides": lambda f: _stock_rules(f, lambda rule: rule.of == "pool"),
    "stock: reservation of the pool decides": _pool_reservations,
    "stock: share of the pool decides": lambda f: _share(f, "pool"),
    "stock: share of the site decides": lambda f: _share(f, "site"),
    "stock: share of supply decides": _share_of_supply,
    "stock: replenishment decides": lambda f: _supply_rules(f, "replenish_after"),
    "stock: preorder decides": lambda f: _supply_rules(f, "preorder_from"),
}

EFFECTS = (PAID, SHARED, LEFT_OUT, *WITHOUT)
