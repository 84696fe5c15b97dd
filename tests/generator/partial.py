"""Requests that are content with a part of the basket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.scatter import free_stock, stock_late, stock_site

if TYPE_CHECKING:
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World

MOST_LINES = 4
"""Each line more doubles the parts that the twin tries."""
_PRICES = ("1", "8.5", "19.99", "40", "90")


def ask_for_parts(world: World, placed: datetime) -> None:
    """Now and then a part of the basket is enough; often the lines are at different sites, of which one may serve."""
    draw = world.draw.part("partial")
    lines = [row for row in world.request["lines"] if row.get("ships", True)]
    if not draw.on("partial", 0.16) or not 2 <= len(lines) <= MOST_LINES - draw.chance(0.6):
        return
    world.request["partial"] = True
    taken = set(world.needs(draw.pick(lines)))
    parts = [[row for row in lines if taken.isdisjoint(world.needs(row)) is rest] for rest in (False, True)]
    if parts[1] and draw.chance(0.7):
        _divide(world, draw, parts)
        kind = draw.weighted({"prices": 3, "quantities": 1, "alike": 4})
        for row in lines:
            row.pop("unit_price", None)
            if kind == "prices":
                row["unit_price"] = draw.pick(_PRICES)
        if kind == "alike":
            _level(world, parts)
            if draw.chance(0.5):
                _delay(world, draw, parts[0], placed)


def _divide(world: World, draw: Draw, parts: list[list[Doc]]) -> None:
    """Sites have the lines of one part or the other, and one site may serve."""
    skus = [_skus(world, part) for part in parts]
    sites = [site["id"] for site in world.list_of("sites") if "preparation" in site]
    for number, site in enumerate(sites):
        stock_site(world, draw, site, [*skus[0], *skus[1]], skus[number % 2 - 1])
    free_stock(world, [*skus[0], *skus[1]])
    for method in world.list_of("methods"):
        method["max_shipments"] = 1


def _skus(world: World, part: list[Doc]) -> list[str]:
    return sorted({sku for row in part for sku in world.needs(row) if sku in world.skus})


def _level(world: World, parts: list[list[Doc]]) -> None:
    """As many units in both parts; measured goods are one."""
    measured = any(world.item(sku).get("step") in {"0.5", "0.01"} for part in parts for sku in _skus(world, part))
    for part, other in (parts, parts[::-1]):
        for row in part:
            row["quantity"] = 1 if measured else 2 * len(other)


def _delay(world: World, draw: Draw, part: list[Doc], placed: datetime) -> None:
    """A part comes to its sites later."""
    for site in world.list_of("sites"):
        for sku in _skus(world, part):
            stock_late(world, draw, site["id"], sku, placed)
