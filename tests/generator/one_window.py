"""Methods whose services have one window a day: what is promised for a day is then the same whichever sites deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.plain import collected, plain_method, plain_service
from generator.scatter import free_stock, stock_site
from generator.traps import trap_names

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

_HIDDEN = {"place_full", "waiting"}
"""Traps that are not seen behind other stock."""
_SATURDAYS: tuple[Doc, ...] = (
    {"hours": "08:00-18:00", "weekdays": "mon-fri"},
    {"hours": "09:00-12:00", "weekdays": "sat"},
)


def deliver_in_one_window(world: World) -> None:
    """Now and then one more method, by services that collect late or early, for lines of which each site lacks one."""
    draw = world.draw.part("one_window")
    lines = [row["sku"] for row in world.request["lines"] if row.get("ships", True)]
    sites = [row["id"] for row in world.list_of("sites") if "preparation" in row]
    if (
        len(set(lines)) < 2
        or len(sites) < 2
        or "postal_code" not in world.request["destination"]
        or _is_about_more(world)
    ):
        return
    if not draw.on("one_window", 0.01 if world.goes_far else 0.45):
        return
    skus = sorted({sku for row in world.request["lines"] for sku in world.needs(row)})
    apart = draw.chance(0.5) and min(len(skus), len(sites)) > 2  # each has one alone
    for number, site in enumerate(sites):
        some = draw.some(skus[:-1]) if draw.chance(0.5) else [draw.pick(skus)]
        alone = [sku for position, sku in enumerate(skus) if position != number % len(skus)]
        stock_site(world, draw, site, skus, alone if apart else some)
    free_stock(world, skus)
    for row in (*world.list_of("sites"), *world.list_of("channels")):
        row.pop("safety_margin", None)
    _offer(world, draw, sites)


def _is_about_more(world: World) -> bool:
    """Whether a case shows what this would hide: groups, services, parts of the basket, full points, what goes ahead."""
    grouped = any("ship_group" in row for row in (*world.request["lines"], *world.items)) or "groups" in world.request
    ahead = any("shipping" in row for row in world.list_of("methods"))
    asked = "partial" in world.request or any("services" in row for row in world.request["lines"])
    return grouped or ahead or asked or not _HIDDEN.isdisjoint(trap_names(world))


def _offer(world: World, draw: Draw, sites: list[str]) -> None:
    windows = draw.pick(([{"hours": "08:00-18:00"}], [{"hours": "09:00-13:00"}], list(_SATURDAYS)))
    services = []
    for number in range(draw.weighted({1: 1, 2: 3, 3: 1})):
        part = draw.part(f"service{number}")
        lanes = [{"transit": {"maximum_days": part.weighted({1: 4, 2: 2, 3: 1})}}]
        services.append(plain_service(world, lanes=lanes, delivery={"windows": windows}))
        leaving = part.some(sites) if number else sites
        collected(world, services[-1], sites=leaving, cut_off=part.pick(("09:00", "12:00", "17:30", "23:00")))
    plain_method(world, services[0], services=services, max_shipments=draw.weighted({3: 3, 4: 1}))
    plain_method(world, services[0], price=[{"price": "3"}])
