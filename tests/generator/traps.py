"""Traps: a further method, mostly with a service or a site of its own, that fails for one given reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from generator.plain import collected, plain_method, plain_service, point_service
from generator.towns import LYON
from generator.world import keep
from generator.zones import area

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.draw import Draw
    from generator.world import Doc, World

    Trap = Callable[[World, Draw], None]


def trap_names(world: World) -> list[str]:
    """The traps of a case: none, one or two."""
    draw = world.draw.part("traps")
    return list(dict.fromkeys(draw.random.sample((*TRAPS, *_RARE), draw.weighted({0: 2, 1: 4, 2: 3}))))


def add_traps(world: World) -> None:
    """None, one or two traps; a case with a trap in its basket has no other."""
    draw = world.draw.part("traps")
    if "traps" in draw.off:
        return
    for name in trap_names(world):
        TRAPS[name](world, draw.part(name))
    number = int(world.draw.seed)
    if number % 9 == 0:  # all methods are refused then: just as often as needed
        BASKET_TRAPS[number // 9 % len(BASKET_TRAPS)](world, draw.part("basket"))
    elif world.scarce is None and draw.chance(0.4):
        _only_site(world, draw.part("way out"), services=3)


def _only_site(world: World, draw: Draw, plan: Doc | None = None, on_hand: int | None = 500, services: int = 1) -> None:
    """A method that sees one plain site only, with this plan and this stock, by one service or by any of several."""
    site = world.fresh("sites", "S")
    calendar = world.add("calendars", {"id": world.fresh("calendars", "C"), "hours": {"daily": ["06:00-20:00"]}})
    preparation = keep(calendar=calendar, plan=plan)
    world.add("sites", {"id": site, "address": LYON.address(), "preparation": preparation})
    named = [collected(world, plain_service(world)) for _ in range(services)]
    method = plain_method(world, named[0], services=named, choose_service=services > 1 or draw.chance(0.2))
    for row in world.list_of("sites"):
        if row["id"] != site:
            world.hide(row["id"], method)
    if on_hand is not None:
        world.stock["records"] += [{"site": site, "sku": sku, "on_hand": on_hand} for sku in world.skus]


def _near_and_rest(world: World) -> str:
    countries = sorted({world.town.country, "FR"} if world.town.country == "MQ" else {world.town.country})
    zones = [{"id": "near", "areas": [{"countries": countries}]}, {"id": "rest", "areas": [{"rest": True}]}]
    return world.add("zone_sets", {"id": world.fresh("zone_sets", "Z"), "zones": zones})


def _unknown_size(world: World, draw: Draw) -> None:
    sku = world.request["lines"][0]["sku"]
    part = draw.pick(("weight_grams", "dimensions"))
    for row in (*world.items, *world.request["lines"]):
        if row["sku"] == sku:
            row.pop(part, None)
    world.network["settings"].pop("unknown_size", None)
    limits = {"weight_grams": 900_000} if part == "weight_grams" else {"longest_mm": 90_000}
    plain_method(world, collected(world, plain_service(world, limits=limits)))


def _method_not_shown(world: World, draw: Draw) -> None:
    del draw
    world.hide("*", plain_method(world, collected(world, plain_service(world))))


def _site_not_shown(world: World, draw: Draw) -> None:
    del draw
    method = plain_method(world, collected(world, plain_service(world)))
    for site in world.list_of("sites"):
        world.hide(site["id"], method)


def _restricted(world: World, draw: Draw) -> None:
    service = collected(world, plain_service(world))
    method = plain_method(world, service)
    side: Doc = draw.pick(
        (
            {"methods": [method]},
            {"services": [service], "destinations": [area(world.town, "countries"), {"rest": True}]},
        )
    )
    sku = world.request["lines"][0]["sku"]
    item = next((row for row in world.items if row["sku"] == sku), {})
    items: Doc = {"tags": item["tags"][:1]} if item.get("tags") and draw.chance(0.4) else {"skus": [sku]}
    world.add("restrictions", {"id": f"RS-{method}", **items, **side})


def _type_not_served(world: World, draw: Draw) -> None:
    kind = "po_box" if world.request["destination"].get("type", "home") != "po_box" else "home"
    service = collected(
        world, plain_service(world, destination_types=[kind] if draw.chance(0.4) else ["home", "business", "po_box"])
    )
    plain_method(world, service, destination_types=[kind])


def _no_place(world: World, draw: Draw) -> None:
    plain_method(
        world, point_service(world, None, (0.5, 0.0)), kind="pickup_point", radius_metres=draw.pick((0, 1, 9_000))
    )


def _outside_zone(world: World, draw: Draw) -> None:
    service = collected(world, plain_service(world))
    if draw.chance(0.5):
        plain_method(world, service, price=[{"price": "3", "from_value": "100000"}])
    else:
        plain_method(world, service, zone_set=_near_and_rest(world), zones=["rest"])


def _no_lane(world: World, draw: Draw) -> None:
    del draw
    lanes = [{"destinations": ["rest"], "transit": {"maximum_days": 1}}]
    plain_method(world, collected(world, plain_service(world, zone_set=_near_and_rest(world), lanes=lanes)))


def _not_stocked(world: World, draw: Draw) -> None:
    _only_site(world, draw, on_hand=None)


def _insufficient(world: World, draw: Draw) -> None:
    _only_site(world, draw, on_hand=0)


def _unit_over(world: World, draw: Draw) -> None:
    limits: Doc = draw.pick(
        ({"weight_grams": 1, "longest_mm": 5}, {"sum_of_sides_mm": 5}, {"girth_mm": 3, "weight_grams": 1})
    )
    plain_method(
        world, collected(world, plain_service(world, limits=limits, packing={"fold": draw.pick(("weight", "stack"))}))
    )


def _parcel_over(world: World, draw: Draw) -> None:
    box = {"length_mm": 1_900, "width_mm": 300, "height_mm": 300}
    limits: Doc = draw.pick(
        ({"longest_mm": 1_899}, {"sum_of_sides_mm": 2_499}, {"girth_mm": 3_099}, {"volumetric_grams": 34_206})
    )
    packing = {"fold": "given", "box": box, "volumetric_divisor": 4_999}  # 34,206.8 grams
    plain_method(world, collected(world, plain_service(world, limits=limits, packing=packing)))


def _too_many(world: World, draw: Draw) -> None:
    world.request["lines"][0]["quantity"] = 4
    where = draw.chance(0.5)
    packing = {"oversize": "alone", "fold": "stack"}
    service = plain_service(world, limits={"longest_mm": 1}, packing=packing, **({"max_parcels": 3} if where else {}))
    plain_method(world, collected(world, service), **({} if where else {"max_parcels": 1}))


def _no_tariff(world: World, draw: Draw) -> None:
    rows = [{"min_grams": draw.pick((1_000_000, 500_000)), "price": "9"}]
    tariff = world.add("tariffs", {"id": world.fresh("tariffs", "TF"), "rows": rows})
    plain_method(world, collected(world, plain_service(world, tariff=tariff)))


def _plan_ends(world: World, draw: Draw) -> None:
    ended: Doc = {"start": "06:00", "end": "20:00", "capacity": 50} | draw.pick(
        ({"valid_until": world.day(-1)}, {"dates": [world.day(-2)]}, {"capacity": 0})
    )
    if draw.chance(0.6):
        _only_site(world, draw, plan={"unit": draw.pick(("orders", "units")), "slots": [ended]})
        return
    world.booked_out.add(world.fresh("sites", "S"))
    slots = [{"start": "06:00", "end": "20:00", "capacity": 1}]
    _only_site(world, draw, plan={"unit": "orders", "splits": draw.chance(0.3), "oversize": "refuse", "slots": slots})


def _work_over(world: World, draw: Draw) -> None:
    slots = [{"start": "06:00", "end": "12:00", "capacity": 0}, {"start": "12:00", "end": "20:00", "capacity": 0}]
    _only_site(
        world,
        draw,
        plan={"unit": draw.pick(("orders", "lines", "units")), "splits": False, "oversize": "refuse", "slots": slots},
    )


def _no_collection(world: World, draw: Draw) -> None:
    service = plain_service(world)
    if draw.chance(0.4):
        collected(world, service, dates=[world.day(-9)])
    plain_method(world, service)


def _collection_full(world: World, draw: Draw) -> None:
    pool = world.add(
        "collection_pools",
        {"id": world.fresh("collection_pools", "P"), "capacity": 0, "per": draw.pick(("date", "departure"))},
    )
    plain_method(world, collected(world, plain_service(world), pool=pool, cut_off=draw.pick(("17:00", "20:00 -1d"))))


def _waiting(world: World, draw: Draw) -> None:
    sunday = world.add("calendars", {"id": world.fresh("calendars", "C"), "weekdays": "sun"})
    week = world.add("calendars", {"id": world.fresh("calendars", "C"), "weekdays": "mon-sat"})
    lane = {"transit": {"maximum_days": draw.integer(1, 2), "network_days": week}}
    delivery = {"days": sunday, "waiting": False, "windows": [{"hours": "08:00-18:00"}]}
    plain_method(world, collected(world, plain_service(world, lanes=[lane], delivery=delivery)))


def _slot_full(world: World, draw: Draw) -> None:
    windows = [{"hours": "08:00-12:00", "capacity": 0}, {"hours": "14:00-18:00", "capacity": 0}]
    choice = draw.pick(("none", "day", "slot"))
    plain_method(world, collected(world, plain_service(world, delivery={"windows": windows, "choice": choice})))


def _place_full(world: World, draw: Draw) -> None:
    plain_method(world, point_service(world, 0, (draw.pick((0.0, 0.02)), 0.01)), kind="pickup_point")


def _beyond(world: World, draw: Draw) -> None:
    lane: Doc = draw.pick(({"transit": {"maximum_days": 45, "minimum_days": 1}}, {"transit": {"maximum": "40 d"}}))
    plain_method(world, collected(world, plain_service(world, lanes=[lane])))


def _wishes(world: World, draw: Draw) -> None:
    moment = datetime.fromisoformat(world.request["placed_at"])
    late: Doc = {"not_before": (moment + timedelta(days=200)).isoformat()}
    soon: Doc = {"not_after": (moment + timedelta(minutes=1)).isoformat()}
    day: Doc = {"nominated_day": world.day(draw.integer(-1, 2))}
    later: Doc = {"not_before": (moment + timedelta(days=3)).isoformat()}
    world.request["wishes"] = draw.pick((late, soon, day, day, later, later, later))


def _extra(world: World, item: Doc, quantity: int) -> None:
    world.items.append({"sku": "A-EXTRA", "weight_grams": 500} | item)
    world.request["lines"].append({"sku": "A-EXTRA", "quantity": quantity})


def _unknown_sku(world: World, draw: Draw) -> None:
    world.request["lines"].insert(draw.integer(0, 1), {"sku": "A-UNKNOWN", "quantity": 1, "weight_grams": 100})


def _not_a_step(world: World, draw: Draw) -> None:
    _extra(world, {"step": draw.pick(("2", "1.5"))}, 5)


def _below(world: World, draw: Draw) -> None:
    _extra(world, {"minimum": draw.pick((3, 10))}, 2)


def _above(world: World, draw: Draw) -> None:
    _extra(world, {"maximum": draw.pick((1, 4))}, 5)


BASKET_TRAPS: tuple[Trap, ...] = (_unknown_sku, _not_a_step, _below, _above)

_RARE = ("waiting", "work_over", "no_tariff", "place_full")
"""Traps that another site of the network often hides, tried more often."""

TRAPS: dict[str, Trap] = {
    "unknown_size": _unknown_size, "method_not_shown": _method_not_shown, "site_not_shown": _site_not_shown, "restricted": _restricted,
    "type_not_served": _type_not_served, "no_place": _no_place, "outside_zone": _outside_zone, "no_lane": _no_lane,
    "not_stocked": _not_stocked, "insufficient": _insufficient, "unit_over": _unit_over, "parcel_over": _parcel_over, "too_many": _too_many,
    "no_tariff": _no_tariff, "plan_ends": _plan_ends, "work_over": _work_over, "no_collection": _no_collection,
    "collection_full": _collection_full, "waiting": _waiting, "slot_full": _slot_full, "place_full": _place_full, "beyond": _beyond,
    "wishes": _wishes,
}  # fmt: skip
