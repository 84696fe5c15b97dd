"""Orders in groups of lines, each to a destination of its own or by methods of its own, that want the same things."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.plain import collected, plain_method, plain_service
from generator.shared import put, to_come
from generator.sites import plan
from generator.towns import DESTINATIONS
from generator.world import keep

if TYPE_CHECKING:
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World

MOST_LINES = 4
"""What the twin asks grows with every line, and it asks the groups before again at each of their events."""
_MOST_METHODS = 4
_NAMES = ("a", "b", "gift", "rest", "B")


def order_in_groups(world: World, placed: datetime) -> None:
    """Now and then lines go in two or three groups, mostly so that what one takes is what another wants."""
    draw = world.draw.part("groups")
    lines = [row for row in world.request["lines"] if row.get("ships", True)]
    if not draw.on("groups", 0.03 if world.goes_far else 0.25) or world.request.get("partial"):
        return
    if int(world.draw.seed) % 9 == 0:  # each ninth basket has a trap
        return
    names = draw.random.sample(_NAMES, draw.weighted({2: 3, 3: 1}))
    lines = lines[:3]
    groups = [lines[number :: len(names)] for number in range(len(names))]
    asked = _wanted_twice(world, draw.part("lines"), groups)
    for name, rows in zip(names, asked, strict=True):
        for row in rows:
            row["group"] = name
    unsent = [row for row in world.request["lines"] if not row.get("ships", True)]
    world.request["lines"] = [row for rows in asked for row in rows] + unsent
    _compete(world, draw.part("compete"), placed)
    world.request["groups"] = [_group(world, draw.part(f"group{number}"), name) for number, name in enumerate(names)]
    if draw.on("partial", 0.15):
        world.request["partial"] = True
    _shorten(world, draw.part("short"))


def _shorten(world: World, draw: Draw) -> None:
    """Few days, few of them to nominate, and long steps of time: up to its last `order_by` a group asks those before again.

    The engine asks at most 200 times, and the twin as often as it takes.
    """
    settings = world.network["settings"]
    nominated = any(
        row.get("delivery", {}).get("choice")
        for service in world.list_of("services")
        for row in (service, *service["lanes"])
    )
    settings["slots_shown"] = draw.integer(1, 2)
    settings["horizon_days"] = min(settings["horizon_days"], draw.integer(5, 6) if nominated else draw.integer(6, 9))
    world.request["view"] = "shopper" if nominated else draw.weighted({"all": 1, "front": 1, "shopper": 3})
    for site in world.list_of("sites"):
        if "store_collection" in site:
            site["store_collection"] = {**site["store_collection"], "step": draw.pick(("2 h", "4 h"))}
    for method in world.list_of("methods") if draw.chance(0.6) else ():
        method.update({"split_units": False} if "split_units" in method else {})


def _wanted_twice(world: World, draw: Draw, groups: list[list[Doc]]) -> list[list[Doc]]:
    """Lines for every group: those without any ask for what another asks for, and so do others."""
    first = groups[0][0]
    found = [list(rows) for rows in groups]
    count = sum(map(len, found))
    for rows in found:
        if not rows or (count < MOST_LINES and first not in rows and draw.chance(0.8)):
            again = {name: value for name, value in first.items() if name != "id"}
            step = Decimal(str(world.item(first["sku"]).get("step", "1")))
            rows.append(again | {"quantity": str(step * draw.integer(1, 2))} if draw.chance(0.6) else again)
            count += 1
    return found


def _group(world: World, draw: Draw, name: str) -> Doc:
    """A group, mostly by the same few methods as the others where there are many."""
    wished = world.request.get("wishes", {}).get("methods")
    methods = wished or [row["id"] for row in world.list_of("methods")]
    many = len(methods) > _MOST_METHODS
    chooses = world.draw.part("methods of groups") if draw.chance(0.7) else draw
    few = chooses.some(methods, 3)[-_MOST_METHODS:]
    return keep(
        id=name,
        destination=_destination(world, draw.part("destination")) if draw.chance(0.45) else None,
        methods=few if draw.chance(0.9 if many else 0.3) else None,
    )


def _destination(world: World, draw: Draw) -> Doc:
    """Another address in the town, another town, a store or a pickup point, now and then a whole area."""
    stores = [site["id"] for site in world.list_of("sites") if "store_collection" in site]
    points = [point["id"] for point in world.list_of("pickup_points")]
    kind = draw.weighted({"address": 4, "town": 3, "place": 2.5, "area": 0.4})
    if kind == "place" and stores + points:
        return {"place": draw.pick(stores + points)}
    town = world.town if kind == "address" else draw.weighted(DESTINATIONS)
    if kind == "area" and town.located:
        return {"country": town.country, "postal_prefix": town.prefixes[1]}
    return town.address() | {"type": draw.pick(("home", "business"))}


# What groups compete for.


def _compete(world: World, draw: Draw, placed: datetime) -> None:
    """Few of an item that two groups want, or little room in slots, collections, windows or at points."""
    if draw.chance(0.8):
        plain_method(world, collected(world, plain_service(world)))
    if draw.on("scarce", 0.85):
        _few_units(world, draw.part("units"), placed)
    for name, limit in _LIMITS.items():
        if draw.on("capacity", 0.35):
            limit(world, draw.part(name))


def _few_units(world: World, draw: Draw, placed: datetime) -> None:
    """Of an item each site has enough for a group, or one has, or one has and more comes later; mostly not for all."""
    needed: dict[str, list[Decimal]] = {}
    for line in world.request["lines"]:
        for sku, quantity in world.needs(line).items():
            needed.setdefault(sku, []).append(quantity)
    shared = [sku for sku, each in needed.items() if len(each) > 1 and sku in world.skus]
    sites = [site["id"] for site in world.list_of("sites") if "preparation" in site]
    if not shared:
        return
    sku = draw.pick(shared)
    each, whole = needed[sku], sum(needed[sku])
    kind = draw.weighted({"apart": 3, "last": 3, "later": 3})
    for number, site in enumerate(draw.random.sample(sites, len(sites))):
        few = max(each) if kind == "apart" or not number else draw.pick((Decimal(0), Decimal(0), min(each)))
        had = whole if draw.chance(0.1) else few
        put(world, site, sku, had, to_come(draw, placed, whole) if kind == "later" else [])
    if draw.chance(0.8):
        world.network["stock_rules"] = [row for row in world.list_of("stock_rules") if row.get("sku") != sku]
    if draw.chance(0.8):
        owed = [row for row in world.stock.get("pool_reservations", ()) if row["sku"] != sku]
        world.stock |= {"pool_reservations": owed}


def _few_slots(world: World, draw: Draw) -> None:
    """Slots for one or two orders."""
    for site in world.list_of("sites"):
        if "preparation" in site and draw.chance(0.6):
            made = plan(world, draw.part(site["id"]), draw.pick(("orders", "orders", "units")))
            for slot in made["slots"]:
                slot["capacity"] = min(slot["capacity"], draw.integer(1, 2))
            site["preparation"] = {**site["preparation"], "plan": made}


def _few_collected(world: World, draw: Draw) -> None:
    """Collections with room for few parcels."""
    per = draw.pick(("date", "departure"))
    pool = {"id": world.fresh("collection_pools", "P"), "capacity": draw.integer(1, 2), "per": per}
    chosen = [row for row in world.list_of("collections") if "pool" not in row and draw.chance(0.8)]
    if chosen:
        world.add("collection_pools", pool)
    for row in chosen:
        row["pool"] = pool["id"]


def _few_windows(world: World, draw: Draw) -> None:
    """Windows for one shipment."""
    for service in world.list_of("services"):
        windows = service.get("delivery", {}).get("windows", []) if draw.chance(0.8) else []
        for window in windows:
            window.setdefault("capacity", 1)


def _few_places(world: World, draw: Draw) -> None:
    """Pickup points for one or two parcels a day."""
    for point in world.list_of("pickup_points"):
        if draw.chance(0.8):
            point.setdefault("daily_capacity", draw.integer(1, 2))


_LIMITS = {"slots": _few_slots, "collections": _few_collected, "windows": _few_windows, "places": _few_places}
