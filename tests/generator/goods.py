"""Items, and the lines that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.world import keep

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

SIZES = ((300, 200, 100), (150, 150, 150), (600, 80, 50), (750, 400, 300), (40, 30, 10))
WEIGHTS = (250, 900, 1_000, 1_999, 4_000)


def add_items(world: World) -> None:
    """Three to five items; most have a weight and a size."""
    draw = world.draw.part("items")
    for number in range(draw.integer(3, 5)):
        part = draw.part(f"item{number}")
        size = part.pick(SIZES)
        step = part.weighted({"1": 8, "2": 1, "0.5": 1, "0.01": 1})
        world.skus.append(f"A{number}")
        world.items.append(keep(
            sku=f"A{number}",
            name="an item" if part.chance(0.1) else None,
            weight_grams=part.pick(WEIGHTS) if part.chance(0.93) else None,
            dimensions=dict(zip(("length_mm", "width_mm", "height_mm"), size, strict=True)) if part.chance(0.9) else None,
            category=part.pick(("toys", "books")) if part.chance(0.4) else None,
            tags=part.some(("hazmat", "fragile", "bulky")) if part.chance(0.4) else None,
            step=step if step != "1" or part.chance(0.2) else None,
            minimum="1" if part.chance(0.1) else None,
            maximum="100" if part.chance(0.1) else None,
            preparation_work=part.integer(0, 4) if part.chance(0.5) else None,
        ))  # fmt: skip


def lines(world: World, draw: Draw) -> list[Doc]:
    """One to four lines, two of one SKU now and then."""
    rows: list[Doc] = []
    for number in range(draw.weighted({1: 1.2, 2: 5, 3: 4, 4: 1})):
        part = draw.part(f"line{number}")
        repeats = bool(rows) and part.on("duplicates", 0.2)
        others = [sku for sku in world.skus if all(row["sku"] != sku for row in rows)]
        sku = rows[0]["sku"] if repeats or not others else world.sku(part)
        if not repeats and others and sku not in others:
            sku = part.pick(others)
        rows.append(line(world, part, number, sku))
    if draw.chance(0.12):
        rows.append({"sku": draw.pick((*world.skus, "A-VIRTUAL")), "quantity": 1, "ships": False})
    return rows


def line(world: World, draw: Draw, number: int, sku: str) -> Doc:
    """A line that asks for some of an item, in its steps."""
    step = world.item(sku).get("step", "1")
    quantity = {
        "1": draw.integer(1, 4),
        "2": draw.pick((2, 4)),
        "0.5": draw.pick(("1", "1.5", "2.5")),
        "0.01": draw.pick(("1.07", "2.5", "3")),
    }[step]
    size = draw.pick(SIZES)
    return keep(
        id=f"line {number}" if draw.chance(0.3) else None,
        sku=sku,
        quantity=quantity,
        unit_price=draw.pick(("19.99", "8.5", "40")) if draw.chance(0.6) else None,
        weight_grams=draw.pick((0, *WEIGHTS)) if draw.chance(0.12) else None,
        dimensions=dict(zip(("length_mm", "width_mm", "height_mm"), size, strict=True)) if draw.chance(0.1) else None,
        ships=True if draw.chance(0.1) else None,
    )
