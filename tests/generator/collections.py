"""Collections and their pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.world import keep

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

_TIMES: tuple[tuple[str | None, str | None], ...] = (
    ("16:00", "17:30"),
    ("12:00", "12:00"),
    ("20:00 -1d", "05:00"),
    ("18:00", "02:30 +1d"),
    ("23:00", "01:00 +1d"),
    ("17:00", None),
    (None, "16:30"),
    (None, None),
    (None, None),
)


def add_collections(world: World) -> None:
    """The collections of nearly every site and service, two a day now and then."""
    draw = world.draw.part("collections")
    services = [service["id"] for service in world.list_of("services")]
    for number, site in enumerate(world.list_of("sites")):
        for service in services:
            part = draw.part(f"{number}-{service}")
            if part.chance(0.1) and number:
                continue
            for daily in range(2 if part.chance(0.35) else 1):
                add_collection(world, part.part(f"{daily}"), [site["id"]], [service])
    if draw.chance(0.15) and len(world.list_of("sites")) > 1:
        add_collection(world, draw.part("shared"), [site["id"] for site in world.list_of("sites")], services)


def add_collection(world: World, draw: Draw, sites: list[str], services: list[str]) -> None:
    """One collection of these sites and services."""
    cut_off, departure = draw.pick(_TIMES)
    if cut_off and " " not in cut_off:
        world.clocks.append((cut_off, world.town.zone))
    world.add("collections", keep(
        sites=sites,
        services=services,
        weekdays=draw.pick(("mon-fri", "mon-sat", "tue,thu", "sat-sun")) if draw.on("few_days", 0.35) else None,
        dates=[world.day(offset) for offset in (1, 2, 4, 5, 8)] if draw.chance(0.06) else None,
        valid_from=world.day(draw.integer(-5, 2)) if draw.chance(0.1) else None,
        valid_until=world.day(draw.integer(4, 20)) if draw.chance(0.1) else None,
        cut_off=cut_off,
        departure=departure,
        inclusive=False if draw.chance(0.3) else None,
        pool=_pool(world, draw) if draw.on("pools", 0.3) else None,
        notification=draw.pick(("1 h", "4 h", "12 h", "1 s")) if draw.on("notification", 0.2) else None,
    ))  # fmt: skip


def _pool(world: World, draw: Draw) -> str:
    pools = world.list_of("collection_pools")
    if pools and draw.chance(0.4):
        return str(draw.pick(pools)["id"])
    pool: Doc = keep(
        id=world.fresh("collection_pools", "P"),
        capacity=draw.integer(1, 6),
        per="departure" if draw.chance(0.4) else None,
    )
    return world.add("collection_pools", pool)
