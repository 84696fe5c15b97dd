"""Routes over stops, and the pickup points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.calendars import hours_calendar
from generator.carriers import limits
from generator.world import keep

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World


def add_routes(world: World) -> None:
    """Up to two routes of one to three legs, to the address or to stores."""
    draw = world.draw.part("routes")
    if not draw.on("routes", 0.6):
        return
    for number in range(draw.integer(1, 2)):
        _add_route(world, draw.part(f"route{number}"))


def _add_route(world: World, draw: Draw) -> None:
    services = [row["id"] for row in world.list_of("services") if "pickup_network" not in row]
    stops = [site["id"] for site in world.list_of("sites") if "receiving" in site]
    stores = [site["id"] for site in world.list_of("sites") if "store_collection" in site]
    legs = min(draw.weighted({1: 1, 2: 7, 3: 1}), len(stops) + 1)
    to_store = bool(stores) and draw.chance(0.5)
    visited = draw.random.sample(stops, legs - 1)
    origins = [row["id"] for row in world.list_of("sites") if "preparation" in row and row["id"] not in visited]
    world.add("routes", keep(
        id=world.fresh("routes", "R"),
        name="a route" if draw.chance(0.1) else None,
        legs=[_leg(draw, services, stop) for stop in [*visited, None]],
        origins=draw.some(origins) if origins and draw.chance(0.7) else None,
        ends_at="store" if to_store else None,
        stores=draw.some(stores) if to_store and draw.chance(0.8) else None,
        transfer_cost="0.55" if draw.on("tariffs", 0.4) else None,
    ))  # fmt: skip


def _leg(draw: Draw, services: list[str], stop: str | None) -> Doc:
    return keep(
        service=draw.pick(services),
        to=stop,
        arrival=draw.pick(("07:00", "12:30", "02:30", "24:00")) if draw.chance(0.4) else None,
        turnaround=draw.pick(("2 h", "30 min", "11 h")) if draw.chance(0.5) else None,
    )


def add_points(world: World) -> None:
    """Up to six pickup points around the destination, of the networks that services deliver to."""
    draw = world.draw.part("points")
    networks = sorted({row["pickup_network"] for row in world.list_of("services") if "pickup_network" in row})
    for number in range(draw.integer(1, 6) if networks else 0):
        add_point(world, draw.part(f"point{number}"), draw.pick(networks))


def add_point(world: World, draw: Draw, network: str) -> str:
    """A pickup point of the network; its id."""
    offset = (draw.pick((0.0, 0.01, 0.02, -0.03, 0.4)), draw.pick((0.0, 0.01, -0.05)))
    zone = (
        "Asia/Tokyo"
        if world.town.code == "100-0001"
        else draw.maybe("time_zones", 0.2, ("Europe/London", "Europe/Paris", "Atlantic/Azores"))
    )
    return world.add("pickup_points", keep(
        id=world.fresh("pickup_points", "PP"),
        name="a point" if draw.chance(0.2) else None,
        kind=draw.pick(("pickup_point", "locker", "post_office")),
        network=network,
        address=world.town.address(offset if not world.town.located or draw.chance(0.85) else None),
        time_zone=zone,
        opening=hours_calendar(world, draw.part("opening")),
        available_from=draw.pick(("14:00", "24:00", "08:00")) if draw.chance(0.4) else None,
        hold_days=draw.integer(0, 3) if draw.chance(0.5) else None,
        limits=limits(draw.part("limits")) if draw.on("limits", 0.2) else None,
        daily_capacity=draw.integer(1, 4) if draw.on("capacity", 0.35) else None,
    ))  # fmt: skip
