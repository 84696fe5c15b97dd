"""What stands where, and the rules about what may be sold of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from generator.world import keep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World

_HOURS = (0, 2, 3, 10, 20, 21, 27, 34, 50, 60, 75, 76)
_RULES: dict[str, tuple[float, dict[str, tuple[int | str, ...]]]] = {
    "stock_rules": (0.3, {"safety_stock": (1, 2, "-4", "0.5")}),
    "share": (0.45, {"share": ("0.8", "0.5", "0.3333", "0.25", "0.8", "0.5", "1", "0.9", "0")}),
    "withdrawal": (0.25, {"withdraw_below": (1, 2, 3, 4, 6, 30, 61, "-1")}),
    "pool_safety": (0.5, {"of": ("pool",), "safety_stock": (3, 5, 7, 9, 12, "-3")}),
}
"""How often there are rules of a feature, and what they say."""


def add_stock(world: World, as_of: datetime) -> None:
    """Records of nearly every item at nearly every site that prepares."""
    draw = world.draw.part("stock")
    look_ahead = draw.maybe("look_ahead", 0.5, ("none", "floor", "accumulate"))
    world.network["settings"] |= keep(look_ahead=look_ahead)
    world.scarce = draw.pick(world.skus) if draw.on("scarce", 0.42) else None
    records: list[Doc] = []
    for number, site in enumerate(world.list_of("sites")):
        for sku in world.skus:
            part = draw.part(f"{number}-{sku}")
            if "preparation" not in site or not part.chance(0.96):
                continue
            few = sku == world.scarce and part.chance(0.68)
            record = _record(part, site["id"], sku, as_of)
            if few:
                record |= _few(part, as_of)
            if look_ahead and part.on("look_ahead", 0.6 if few else 0.25):
                record["commitments"] = _commitments(part, as_of, (1, 2, "2.5") if few else (1, 8, 15, 30))
            records.append(record)
    world.stock |= {"as_of": as_of.isoformat(), "records": records}
    world.stock |= keep(pool_reservations=_owed(world, draw.part("owed")))


def _record(draw: Draw, site: str, sku: str, as_of: datetime) -> Doc:
    poor = draw.chance(0.04)
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


def _few(draw: Draw, as_of: datetime) -> Doc:
    """So little that shares, thresholds and what is owed decide, and mostly more to come."""
    return keep(
        on_hand=draw.pick((0, 1, 2, 3, 4, 5, 6, 7)),
        receipts=_receipts(draw, as_of, 2) if draw.on("receipts", 0.9) else None,
    )


def _reservations(draw: Draw) -> list[Doc]:
    return [{"quantity": draw.pick((1, 2, "0.5"))} | _whose(draw) for _ in range(draw.integer(1, 3))]


def _whose(draw: Draw) -> Doc:
    return keep(
        channel=draw.pick(("web", "market")) if draw.chance(0.5) else None,
        segment=draw.pick(("gold", "staff")) if draw.chance(0.4) else None,
    )


def _receipts(draw: Draw, as_of: datetime, least: int = 1) -> list[Doc]:
    rows = []
    for _ in range(draw.integer(least, 3)):
        hours = draw.pick((-30, -1, 0, 3, 20, 27, 50, 75))
        rows.append(
            {"quantity": draw.pick((2, 5, 10, "7.5")), "expected_at": (as_of + timedelta(hours=hours)).isoformat()}
        )
    return rows


def _commitments(draw: Draw, as_of: datetime, quantities: Sequence[int | str]) -> list[Doc]:
    """Some before, some after the receipts, several on one day or at one instant."""
    return [
        {"quantity": draw.pick(quantities), "due_at": (as_of + timedelta(hours=draw.pick(_HOURS))).isoformat()}
        for _ in range(draw.integer(1, 4))
    ]


def _owed(world: World, draw: Draw) -> list[Doc] | None:
    """Reservations at no site yet, now and then of more than there is."""
    if not draw.on("owed", 0.32):
        return None
    quantities = (1, 2, "0.5", 3, 4, 5, 6, 7, 8, 9, 10, 12, 30, 300)
    return [
        {"sku": world.sku(draw), "quantity": draw.pick(quantities)} | _whose(draw) for _ in range(draw.integer(1, 3))
    ]


def add_stock_rules(world: World) -> None:
    """Safety stocks, shares and thresholds, each of another exactness."""
    draw = world.draw.part("stock_rules")
    channels = [row["id"] for row in world.list_of("channels")]
    for feature, (often, values) in _RULES.items():
        part = draw.part(feature)
        seen: set[tuple[str, str, bool]] = set()
        for _ in range(part.integer(1, 4) if part.on(feature, often) else 0):
            item, place = _scope(world, part)
            channel = part.pick(channels) if part.chance(0.4) else None
            if not _may_name_places(world, feature, channel):
                place = "any"
            if (item, place, channel is not None) not in seen:
                seen.add((item, place, channel is not None))
                says = {name: part.pick(choices) for name, choices in values.items()}
                world.add("stock_rules", _rule(world, part, item, place) | keep(channel=channel) | says)


def _may_name_places(world: World, feature: str, channel: str | None) -> bool:
    """A share of single sites is for channels that take it of single sites, and a rule of the pool names none."""
    held = [row for row in world.list_of("channels") if channel in {None, row["id"]}]
    return feature != "pool_safety" and (feature != "share" or all(row.get("share_scope") == "site" for row in held))


def add_supply_rules(world: World) -> None:
    """What comes because it is ordered, or from a date on, each rule of a kind of another exactness."""
    draw = world.draw.part("supply_rules")
    if not draw.on("supply_rules", 0.7 if world.scarce else 0.4):
        return
    for kind in ("replenish_after", "preorder_from"):
        part = draw.part(kind)
        seen: set[tuple[str, str]] = set()
        for _ in range(part.integer(0, 4)):
            scope = _scope(world, part)
            if scope not in seen:
                seen.add(scope)
                when = part.integer(0, 4) if kind == "replenish_after" else world.day(part.integer(-1, 6))
                quantity = part.pick((0, 1, 2, "2.5", 6, 40)) if part.chance(0.5) else None
                world.add("supply_rules", _rule(world, part, *scope) | keep(quantity=quantity) | {kind: when})


def _scope(world: World, draw: Draw) -> tuple[str, str]:
    """How exact a rule is."""
    item = draw.pick(("sku", "tag", "category", "any"))
    return item, draw.pick(("site", "site_group", "any") if world.groups() else ("site", "any"))


def _rule(world: World, draw: Draw, item: str, place: str) -> Doc:
    items: dict[str, Any] = {"sku": world.sku(draw), "tag": draw.pick(("hazmat", "fragile")), "category": "toys"}
    places: dict[str, Any] = {
        "site": draw.pick(world.list_of("sites"))["id"],
        "site_group": draw.pick(world.groups() or ["none"]),
    }
    return {name: rows[name] for name, rows in ((item, items), (place, places)) if name in rows}


def add_allocations(world: World) -> None:
    """Items kept for some channels or segments: of the basket for those of the request, but in one case of 36."""
    draw = world.draw.part("allocations")
    asked = {sku for line in world.request["lines"] for sku in (line["sku"], *world.needs(line))}
    basket = [item for item in world.items if item["sku"] in asked]
    for number in range(draw.integer(1, 3) if draw.on("allocations", 0.35) else 0):
        kept = _kept(world, draw.part(f"items{number}"))
        fits = any(_concerns(kept, item) for item in basket) or draw.chance(0.3)
        world.add(
            "allocations", {"id": f"AL{number}", **kept, **_kept_for(world, draw.part(f"for{number}"), fits=fits)}
        )
    if int(world.draw.seed) % 36 == 7 and "allocations" not in draw.off:
        sku = world.request["lines"][0]["sku"]
        world.add("allocations", {"id": "AL", "skus": [sku], **_kept_for(world, draw.part("for"), fits=False)})


def _concerns(kept: Doc, item: Doc) -> bool:
    tags = set(item.get("tags", ()))
    return (
        item["sku"] in kept.get("skus", ())
        or bool(tags.intersection(kept.get("tags", ())))
        or item.get("category") in kept.get("categories", ())
    )


def _kept(world: World, draw: Draw) -> Doc:
    items = {"skus": draw.some(world.skus)[:2], "tags": ["hazmat"], "categories": ["toys"]}
    return {name: items[name] for name in draw.some(tuple(items))[:2]}


def _kept_for(world: World, draw: Draw, *, fits: bool) -> Doc:
    """Channels, segments, or both; what does not fit the request fails by either."""
    channels = [row["id"] for row in world.list_of("channels")]
    channel, segment = world.request.get("channel", channels[0]), world.request.get("segment")
    others = [name for name in channels if name != channel]
    if fits:
        kind = draw.pick(("channels", "segments", "both") if segment else ("channels",))
        names = draw.pick(([channel], channels))
        return keep(
            channels=None if kind == "segments" else names, segments=None if kind == "channels" else [segment, "vip"]
        )
    if others and draw.chance(0.5):
        return keep(channels=others, segments=[segment] if segment and draw.chance(0.5) else None)
    return keep(channels=[channel] if draw.chance(0.5) else None, segments=["vip", "press"])
