"""Kits: items that are sold as one and stocked as what they hold, with rules that name them or their components."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.goods import SIZES, WEIGHTS, line
from generator.world import keep

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

_QUANTITIES: dict[str, tuple[int | str, ...]] = {
    "1": (1, 1, 2, 3), "2": (2, 4), "0.5": ("0.5", 1, "1.5"), "0.01": ("0.25", "1.07"),
}  # fmt: skip
"""What one kit holds of a component, by the component's step."""


def add_kits(world: World) -> None:
    """A kit in the basket now and then, mostly of what other lines ask for too; rarely two."""
    draw = world.draw.part("kits")
    if not draw.on("kits", 0.14):
        return
    for number in range(draw.weighted({1: 7, 2: 1})):
        part = draw.part(f"kit{number}")
        kit = _kit(world, part, f"{part.pick(('A-KIT', 'KIT'))}{number}")
        world.items.append(kit)
        lines = world.request["lines"]
        if len(lines) > 3:
            lines.pop()
        lines.insert(part.integer(0, len(lines)), line(world, part.part("line"), 5 + number, kit["sku"]))
        _add_rules(world, part.part("rules"), kit)
        _limit_components(world, part.part("limits"), kit)


def _kit(world: World, draw: Draw, sku: str) -> Doc:
    size = draw.pick(SIZES)
    return keep(
        sku=sku,
        components=_components(world, draw.part("components")),
        weight_grams=draw.pick(WEIGHTS) if draw.chance(0.3) else None,
        dimensions=dict(zip(("length_mm", "width_mm", "height_mm"), size, strict=True)) if draw.chance(0.25) else None,
        category=draw.pick(("toys", "books")) if draw.chance(0.25) else None,
        tags=draw.some(("hazmat", "fragile", "bulky")) if draw.chance(0.25) else None,
        step="2" if draw.chance(0.12) else None,
        minimum="1" if draw.chance(0.1) else None,
        maximum="100" if draw.chance(0.1) else None,
        preparation_work=draw.integer(0, 5) if draw.chance(0.4) else None,
    )


def _components(world: World, draw: Draw) -> list[Doc]:
    """One to three items, the first mostly one that a line asks for."""
    asked = [row["sku"] for row in world.request["lines"] if row["sku"] in world.skus and row.get("ships", True)]
    first = draw.pick(asked) if draw.chance(0.5) else draw.pick(world.skus)
    others = [sku for sku in world.skus if sku != first]
    skus = [first, *draw.random.sample(others, min(len(others), draw.weighted({0: 1, 1: 4, 2: 1})))]
    found = []
    for sku in skus:
        quantity = draw.pick(_QUANTITIES[world.item(sku).get("step", "1")])
        found.append(keep(sku=sku, quantity=quantity if quantity != 1 or draw.chance(0.3) else None))
    return found


def _add_rules(world: World, draw: Draw, kit: Doc) -> None:
    """Rules that say something of the kit, and others that say nothing because they name what is never stocked."""
    component = draw.pick(kit["components"])["sku"]
    if draw.on("restrictions", 0.15):
        items: Doc = draw.pick(({"skus": [kit["sku"]]}, {"skus": [component]}, {"tags": ["bulky"]}))
        if "tags" in items:
            item = world.item(component)
            item["tags"] = sorted({*item.get("tags", ()), "bulky"})
        side = draw.pick(("services", "sites"))
        where = draw.pick(world.list_of(side))["id"]
        world.add("restrictions", {"id": f"RS-{kit['sku']}", **items, side: [where]})
    for site in world.list_of("sites"):
        if "preparation" in site and draw.chance(0.3):
            world.stock["records"].append({"site": site["id"], "sku": kit["sku"], "on_hand": draw.pick((0, 500))})
    if draw.on("stock_rules", 0.2):
        world.add("stock_rules", {"sku": kit["sku"], "safety_stock": 200})
    if draw.on("supply_rules", 0.2):
        world.add("supply_rules", {"sku": kit["sku"], "replenish_after": 0})


def _limit_components(world: World, draw: Draw, kit: Doc) -> None:
    """Least and greatest quantities that hold for the lines of a component, not for what is in kits."""
    for component in kit["components"]:
        item = world.item(component["sku"])
        asked = sum(
            Decimal(str(row["quantity"]))
            for row in world.request["lines"]
            if row["sku"] == item["sku"] and row.get("ships", True)
        )
        if draw.chance(0.2):
            item["maximum"] = str(asked or Decimal(item.get("step", "1")))
            item.pop("minimum", None)
        elif draw.chance(0.1) and not asked:
            item["minimum"] = "50"
            item.pop("maximum", None)
