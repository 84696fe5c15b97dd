"""Line services: what lines ask for beside their goods, and which sites and carriers offer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.goods import line
from generator.plain import collected, plain_method, plain_service
from generator.tariffs import CURRENCIES
from generator.world import keep

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World


def ask_line_services(world: World) -> None:
    """One to three services, which some lines of the basket ask for; often another line of the SKU does not."""
    draw = world.draw.part("line_services")
    if not draw.on("line_services", 0.15):
        return
    for number in range(draw.weighted({1: 2, 2: 3, 3: 1})):
        _define(world, draw.part(f"service{number}"), f"LS{number}")
    ids = [row["id"] for row in world.list_of("line_services")]
    lines = [row for row in world.request["lines"] if row.get("ships", True)]
    asking = draw.some(lines)
    for row in asking:
        row["services"] = draw.random.sample(ids, draw.integer(1, min(2, len(ids))))
    if draw.chance(0.27) and len(lines) < 5:
        sku = draw.pick(asking)["sku"]
        more = line(world, draw.part("more"), 8, sku)
        other = draw.some(ids) if draw.chance(0.3) else None
        world.request["lines"].append(more | keep(services=other))
    if draw.chance(0.05):
        world.request["lines"].append({"sku": lines[0]["sku"], "quantity": 1, "ships": False, "services": ids[:1]})


def _define(world: World, draw: Draw, name: str) -> None:
    world.add("line_services", keep(
        id=name,
        name="gift wrap" if draw.chance(0.1) else None,
        offered_by=draw.pick(("carrier", "both", "site")) if draw.chance(0.96) else None,
        price=draw.pick(("2.5", "0.995", "12", "0.3333")) if draw.chance(0.85) else None,
        price_per=draw.pick(("line", "unit")) if draw.chance(0.8) else None,
        currency=draw.maybe("currencies", 0.5, CURRENCIES),
        preparation_cost=draw.pick(("1.1", "0.355")) if draw.chance(0.6) else None,
        preparation_work=draw.integer(1, 3) if draw.chance(0.6) else None,
        preparation_time=draw.pick(("5 min", "1 s", "40 min")) if draw.chance(0.6) else None,
    ))  # fmt: skip


def offer_line_services(world: World) -> None:
    """Most sites and carriers offer what is asked for; now and then a further method by one that does not."""
    draw = world.draw.part("line_services offered")
    offers = {row["id"]: row.get("offered_by", "site") for row in world.network.get("line_services", ())}
    if not offers:
        return
    for name, by in (("sites", "site"), ("services", "carrier")):
        for row in world.list_of(name):
            ids = [of for of, by_whom in offers.items() if draw.chance(0.93 if by_whom in {by, "both"} else 0.1)]
            row.update(keep(line_services=ids or None))
    if draw.on("traps", 0.4):
        _add_method_without(world, draw.part("without"), offers)


def _add_method_without(world: World, draw: Draw, offers: Doc) -> None:
    """A method whose carrier, or whose one site, does not offer what a line asks for."""
    shipped = [row for row in world.request["lines"] if row.get("ships", True)]
    asked = {of for row in shipped for of in row.get("services", ())}
    method = plain_method(world, collected(world, plain_service(world)))
    if "carrier" in {offers[of] for of in asked} or (draw.chance(0.5) and "both" in {offers[of] for of in asked}):
        return
    site = draw.pick([row for row in world.list_of("sites") if "preparation" in row])
    site.pop("line_services", None)
    world.service(world.list_of("services")[-1]["id"])["line_services"] = sorted(offers)
    for row in world.list_of("sites"):
        if row["id"] != site["id"]:
            world.hide(row["id"], method)
