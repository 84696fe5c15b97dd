"""What the baskets of cases hold: kits, what lines share, and services that they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.facts import Documents

    Key = tuple[str, tuple[str, ...]]
    Label = Callable[[Documents], bool]


def keys_of(given: Documents) -> set[Key]:
    """The lines that ship, by SKU and services."""
    return {(line.sku, tuple(sorted(set(line.services)))) for line in given.request.lines if line.ships}


def stocked(given: Documents, lines: Iterable[Key]) -> set[str]:
    """The SKUs that lines take of stock: their own, or the components of kits."""
    held = {item.sku: {part.sku for part in item.components} for item in given.catalogue.items}
    return {sku for line, _ in lines for sku in held.get(line) or {line}}


def kits_of(given: Documents) -> set[str]:
    """The SKUs of the kits."""
    return {item.sku for item in given.catalogue.items if item.components}


def _has_component_as_line(given: Documents) -> bool:
    """Whether what a kit holds is asked for by a line too."""
    keys = keys_of(given)
    kits = [key for key in keys if key[0] in kits_of(given)]
    return not stocked(given, kits).isdisjoint(sku for sku, _ in keys)


def _has_service_of(given: Documents, kits: set[str]) -> bool:
    return any(services and sku in kits for sku, services in keys_of(given))


def _has_pool_share(given: Documents) -> bool:
    """Whether a share of all sites together limits what the channel may have of a SKU of the basket."""
    channels = [channel for channel in given.network.channels if given.request.channel in {None, channel.id}]
    of_pool = {channel.id for channel in channels if channel.share_scope == "pool"}
    items = {item.sku: item for item in given.catalogue.items}
    asked = [(sku, items.get(sku)) for sku in stocked(given, keys_of(given))]
    return any(
        rule.share is not None
        and rule.share < 1
        and rule.site is rule.site_group is None
        and (rule.channel in of_pool or (rule.channel is None and bool(of_pool)))
        and rule.sku in {None, sku}
        and (rule.category is None or (item is not None and item.category == rule.category))
        and (rule.tag is None or (item is not None and rule.tag in item.tags))
        for rule in given.network.stock_rules
        for sku, item in asked
    )


def _has_supply_dates(given: Documents) -> bool:
    """Whether a site gets a SKU of the basket at several instants."""
    asked = stocked(given, keys_of(given))
    records = [record for record in given.stock.records if record.sku in asked]
    return any(len({receipt.expected_at for receipt in record.receipts}) > 1 for record in records)


BASKETS: dict[str, Label] = {
    "a pool share": _has_pool_share,
    "several supply dates": _has_supply_dates,
    "a kit in the basket": lambda g: any(sku in kits_of(g) for sku, _ in keys_of(g)),
    "a kit's component is also a line": _has_component_as_line,
    "a kit asks for a service": lambda g: _has_service_of(g, kits_of(g)),
    "a line asks for a service": lambda g: any(services for _, services in keys_of(g)),
    "lines of one SKU with different services": lambda g: len({sku for sku, _ in keys_of(g)}) < len(keys_of(g)),
}
"""Labels of requests."""
