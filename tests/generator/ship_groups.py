"""Lines of several ship groups: sources that have all, some or none of them, and sites where preparing them together tells."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.goods import line
from generator.offers import price_known_channels
from generator.scatter import add_methods
from generator.shared import put, to_come, withhold
from generator.sites import plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World

_NAMES = ("bulky", "A-GIFT", "z")
_MOST_LINES = 4
_MOST_SHIPMENTS = 5


def add_ship_groups(world: World, placed: datetime) -> None:
    """Now and then lines that never share a shipment, because their items or the lines themselves name ship groups."""
    draw = world.draw.part("ship_groups")
    lines = [row for row in world.request["lines"] if row.get("ships", True)]
    if len(lines) < 2 or "several_sites" in draw.off or not draw.on("ship_groups", 0.01 if world.goes_far else 0.14):
        return
    names = _NAMES[: draw.weighted({1: 5, 2: 2})]
    if len(lines) < _MOST_LINES and draw.chance(0.35):
        lines.append(_repeated(world, draw.part("repeated"), draw.pick(lines)["sku"]))
    _name(world, draw.part("names"), lines, names)
    if not any(method.get("split_units") for method in world.list_of("methods")) or draw.chance(0.2):
        _stock(world, draw.part("stock"), lines, placed)
    if draw.chance(0.4):
        add_methods(world, draw.part("methods"))
        price_known_channels(world)
    _allow(world, draw.part("shipments"), len({_group(world, row) for row in lines}))
    if draw.chance(0.6):
        _prepare_together(world, draw.part("together"))


def _repeated(world: World, draw: Draw, sku: str) -> Doc:
    """One more line of a SKU, which shares its stock where the ship groups differ."""
    more = line(world, draw, 11, sku) if sku in world.skus else {"sku": sku, "quantity": 2}
    world.request["lines"].append(more)
    if sku in world.skus:
        world.item(sku).pop("maximum", None)
    return more


def _name(world: World, draw: Draw, lines: list[Doc], names: Sequence[str]) -> None:
    """Ship groups of items and of lines; mostly not all the same."""
    for item in world.items:
        if draw.chance(0.35):
            item["ship_group"] = draw.pick(names)
    for row in lines:
        if draw.chance(0.35):
            row["ship_group"] = draw.pick(names)
    found = {_group(world, row) for row in lines}
    if len(found) == 1 and draw.chance(0.9):
        lines[-1]["ship_group"] = next(name for name in _NAMES if name not in found)


def _group(world: World, row: Doc) -> str | None:
    items = {item["sku"]: item for item in world.items}
    of_item: str | None = items.get(row["sku"], {}).get("ship_group")
    return row.get("ship_group", of_item)


def _stock(world: World, draw: Draw, lines: list[Doc], placed: datetime) -> None:
    """Sites that have all of a SKU, as much as one of its lines needs, or nothing; now and then with more to come."""
    if not draw.chance(0.7):
        return
    needs: dict[str, list[Decimal]] = {}
    for row in lines:
        for sku, quantity in world.needs(row).items():
            needs.setdefault(sku, []).append(quantity)
    sites = [site["id"] for site in world.list_of("sites") if "preparation" in site]
    if draw.chance(0.7):  # what little there is would mostly be kept back
        world.network["stock_rules"] = []
    for sku, quantities in needs.items():
        part, whole = draw.part(sku), sum(quantities, Decimal(0))
        for site in sites:
            had = part.weighted({whole: 4, max(quantities): 3, Decimal(0): 2})
            put(world, site, sku, had, to_come(part, placed, whole) if part.chance(0.3) else [])
        withhold(world, part, sku, quantities, limited=len(quantities) > 1 and part.chance(0.4))


def _allow(world: World, draw: Draw, count: int) -> None:
    """Mostly as many shipments as there are ship groups; some methods send small baskets from one site only."""
    for method in world.list_of("methods"):
        if method.get("max_shipments", 3) < count and draw.chance(0.85):
            method["max_shipments"] = min(_MOST_SHIPMENTS, count + draw.integer(0, 1))
        if draw.chance(0.2):
            method["min_split_value"] = draw.pick(("20", "60", "1000"))


def _prepare_together(world: World, draw: Draw) -> None:
    """Sites that take so long for a line or a unit, or have room for so few, that it matters what else they send."""
    for number, site in enumerate(world.list_of("sites")):
        part = draw.part(f"site{number}")
        if "preparation" not in site or not part.chance(0.7):
            continue
        changed: Doc = {"handling": {"maximum": part.pick(({"per_line": "3 h"}, {"per_unit": "90 min"}))}}
        if part.on("capacity", 0.5):
            changed = {"plan": plan(world, part.part("plan"), part.pick(("orders", "lines", "units", "work")))}
        site["preparation"] = {**site["preparation"], **changed}
