"""Items, what stands where, and the rules about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from generator.world import keep

if TYPE_CHECKING:
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World

_SIZES = ((300, 200, 100), (150, 150, 150), (600, 80, 50), (750, 400, 300), (40, 30, 10))
_WEIGHTS = (250, 900, 1_000, 1_999, 4_000)


def add_items(world: World) -> None:
    """Three to five items; most have a weight and a size."""
    draw = world.draw.part("items")
    for number in range(draw.integer(3, 5)):
        part = draw.part(f"item{number}")
        size = part.pick(_SIZES)
        step = part.weighted({"1": 8, "2": 1, "0.5": 1, "0.01": 1})
        world.skus.append(f"A{number}")
        world.items.append(keep(
            sku=f"A{number}",
            name="an item" if part.chance(0.1) else None,
            weight_grams=part.pick(_WEIGHTS) if part.chance(0.93) else None,
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
    for number in range(draw.weighted({1: 4, 2: 4, 3: 2, 4: 1})):
        part = draw.part(f"line{number}")
        repeats = bool(rows) and part.on("duplicates", 0.2)
        sku = rows[0]["sku"] if repeats else part.pick(world.skus)
        if not repeats and any(row["sku"] == sku for row in rows):
            continue
        rows.append(_line(world, part, number, sku))
    if draw.chance(0.12):
        rows.append({"sku": draw.pick((*world.skus, "A-VIRTUAL")), "quantity": 1, "ships": False})
    return rows


def _line(world: World, draw: Draw, number: int, sku: str) -> Doc:
    item = next(item for item in world.items if item["sku"] == sku)
    step = item.get("step", "1")
    quantity = {
        "1": draw.integer(1, 4),
        "2": draw.pick((2, 4)),
        "0.5": draw.pick(("1", "1.5", "2.5")),
        "0.01": draw.pick(("1.07", "2.5", "3")),
    }[step]
    size = draw.pick(_SIZES)
    return keep(
        id=f"line {number}" if draw.chance(0.3) else None,
        sku=sku,
        quantity=quantity,
        unit_price=draw.pick(("19.99", "8.5", "40")) if draw.chance(0.6) else None,
        weight_grams=draw.pick((0, *_WEIGHTS)) if draw.chance(0.12) else None,
        dimensions=dict(zip(("length_mm", "width_mm", "height_mm"), size, strict=True)) if draw.chance(0.1) else None,
        ships=True if draw.chance(0.1) else None,
    )


def add_stock(world: World, as_of: datetime) -> None:
    """Records of nearly every item at nearly every site that prepares."""
    draw = world.draw.part("stock")
    records: list[Doc] = []
    for number, site in enumerate(world.list_of("sites")):
        for sku in world.skus:
            part = draw.part(f"{number}-{sku}")
            if "preparation" in site and part.chance(0.96):
                records.append(_record(part, site["id"], sku, as_of))
    world.stock |= {"as_of": as_of.isoformat(), "records": records}


def _record(draw: Draw, site: str, sku: str, as_of: datetime) -> Doc:
    poor = draw.chance(0.1)
    return keep(
        site=site,
        sku=sku,
        on_hand=draw.pick((0, 1, 3, "-2")) if poor else draw.pick((25, 40, "60.5", 90)),
        unsellable=draw.pick((1, 2)) if draw.chance(0.1) else None,
        status="not_sellable" if draw.chance(0.03) else "sellable" if draw.chance(0.1) else None,
        safety_stock=draw.pick((0, 1, -3)) if draw.on("stock_rules", 0.1) else None,
        reservations=_reservations(draw) if draw.on("reservations", 0.25) else None,
        receipts=_receipts(draw, as_of) if draw.on("receipts", 0.7 if poor else 0.15) else None,
        commitments=[{"quantity": 1, "due_at": (as_of + timedelta(hours=draw.pick((-5, 0, 30)))).isoformat()}]
        if draw.on("reservations", 0.08)
        else None,
    )


def _reservations(draw: Draw) -> list[Doc]:
    return [
        keep(
            quantity=draw.pick((1, 2, "0.5")),
            channel=draw.pick(("web", "market")) if draw.chance(0.5) else None,
            segment=draw.pick(("gold", "staff")) if draw.chance(0.4) else None,
        )
        for _ in range(draw.integer(1, 3))
    ]


def _receipts(draw: Draw, as_of: datetime) -> list[Doc]:
    rows = []
    for _ in range(draw.integer(1, 3)):
        hours = draw.pick((-30, -1, 0, 3, 20, 27, 50, 75))
        rows.append(
            {"quantity": draw.pick((2, 5, 10, "7.5")), "expected_at": (as_of + timedelta(hours=hours)).isoformat()}
        )
    return rows


def add_stock_rules(world: World) -> None:
    """Safety stocks and shares, each of another exactness."""
    draw = world.draw.part("stock_rules")
    channels = [row["id"] for row in world.list_of("channels")]
    for kind, values in (("safety_stock", (1, 2, "-4", "0.5")), ("share", ("0.8", "0.5", "1", "0.3333"))):
        part = draw.part(kind)
        feature = "share" if kind == "share" else "stock_rules"
        seen: set[tuple[str, str, bool]] = set()
        for _ in range(part.integer(1, 4) if part.on(feature, 0.3) else 0):
            item, place, channel = (
                part.pick(("sku", "tag", "category", "any")),
                part.pick(("site", "site_group", "any") if world.groups() else ("site", "any")),
                part.chance(0.4),
            )
            if (item, place, channel) not in seen:
                seen.add((item, place, channel))
                world.add(
                    "stock_rules",
                    _rule(world, part, item, place)
                    | ({"channel": part.pick(channels)} if channel else {})
                    | {kind: part.pick(values)},
                )


def _rule(world: World, draw: Draw, item: str, place: str) -> Doc:
    items: dict[str, Any] = {"sku": draw.pick(world.skus), "tag": draw.pick(("hazmat", "fragile")), "category": "toys"}
    places: dict[str, Any] = {
        "site": draw.pick(world.list_of("sites"))["id"],
        "site_group": draw.pick(world.groups() or ["none"]),
    }
    return {name: rows[name] for name, rows in ((item, items), (place, places)) if name in rows}
