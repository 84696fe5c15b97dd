"""Requests that are content with a part of the basket."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.plain import collected, plain_method, plain_service
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
    if not draw.on("partial", 0.08) or not 2 <= len(lines) <= MOST_LINES - draw.chance(0.8):
        return
    world.request["partial"] = True
    taken = set(world.needs(draw.pick(lines)))
    parts = [[row for row in lines if taken.isdisjoint(world.needs(row)) is rest] for rest in (False, True)]
    kind = draw.weighted({"sold out": 3, "divided": 9, "as it is": 1})
    if not parts[1] or any(row.get("daily_capacity") == 0 for row in world.list_of("pickup_points")):
        kind = "as it is"  # a full point is not seen behind stock that is not there
    if kind == "sold out":
        gone = _skus(world, parts[0])
        world.stock["records"] = [row for row in world.stock["records"] if row["sku"] not in gone]
    elif kind == "divided":
        _divide(world, draw, parts)
        _compare(world, draw, parts, placed)


def _divide(world: World, draw: Draw, parts: list[list[Doc]]) -> None:
    """Sites have the lines of one part or the other, for good, and mostly one may serve."""
    skus = [_skus(world, part) for part in parts]
    sites = [site["id"] for site in world.list_of("sites") if "preparation" in site]
    for number, site in enumerate(sites):
        stock_site(world, draw, site, [*skus[0], *skus[1]], skus[number % 2 - 1])
    free_stock(world, [*skus[0], *skus[1]])
    world.network.pop("supply_rules", None)
    plain_method(world, collected(world, plain_service(world)))
    for method in world.list_of("methods"):
        method["max_shipments"] = 2 if draw.chance(0.1) else 1


def _compare(world: World, draw: Draw, parts: list[list[Doc]], placed: datetime) -> None:
    """Parts that differ in value, in units, in lines, by when they come, or not at all."""
    lines = [row for part in parts for row in part]
    kind = draw.weighted({"prices": 3, "units": 2, "alike": 5 if len(lines) == 2 else 8})
    for row in lines:
        row.pop("unit_price", None)
    if kind == "prices":
        _price(draw, lines)
    elif kind == "alike":
        _level(world, parts)
        if draw.chance(0.5):
            _delay(world, draw, min(parts, key=lambda part: min(row["sku"] for row in part)), placed)


def _skus(world: World, part: list[Doc]) -> list[str]:
    return sorted({sku for row in part for sku in world.needs(row) if sku in world.skus})


def _price(draw: Draw, lines: list[Doc]) -> None:
    """Mostly the fewer of an item, the dearer it is."""
    prices = sorted(draw.random.sample(_PRICES, len(lines)), key=Decimal)
    if draw.chance(0.2):
        draw.random.shuffle(prices)
    for row, price in zip(sorted(lines, key=lambda row: -Decimal(row["quantity"])), prices, strict=True):
        row["unit_price"] = price


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
