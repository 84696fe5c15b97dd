"""Plain parts of a network, served everywhere and by nothing hindered: what traps and splits begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.world import keep

if TYPE_CHECKING:
    from generator.world import Doc, World


def _carrier(world: World) -> str:
    if all(row["id"] != "KT" for row in world.list_of("carriers")):
        world.add("carriers", {"id": "KT"})
    return "KT"


def plain_service(world: World, **fields: Any) -> str:
    """A plain service without collections, changed by what is given; its id."""
    plain: Doc = {
        "id": world.fresh("services", "V"),
        "carrier": _carrier(world),
        "lanes": [{"transit": {"maximum_days": 1}}],
        "delivery": {"windows": [{"hours": "08:00-18:00"}]},
    }
    return world.add("services", plain | fields)


def collected(world: World, service: str, **fields: Any) -> str:
    """Let every site hand over to the service at the end of every day; its id."""
    sites = [row["id"] for row in world.list_of("sites") if "preparation" in row]
    world.add("collections", {"sites": sites, "services": [service]} | fields)
    return service


def plain_method(world: World, service: str, **fields: Any) -> str:
    """A method that delivers to the address by a service, changed by what is given; its id."""
    plain: Doc = {"id": world.fresh("methods", "M"), "kind": "home", "services": [service], "price": [{"price": "5"}]}
    return world.add("methods", plain | fields)


def point_service(world: World, capacity: int | None, offset: tuple[float, float]) -> str:
    """A service to one point of its own; its id."""
    opening = world.add("calendars", {"id": world.fresh("calendars", "C"), "hours": {"daily": ["09:00-19:00"]}})
    number = world.fresh("pickup_points", "PP")
    point = keep(
        id=number, network=f"N-{number}", address=world.town.address(offset), opening=opening, daily_capacity=capacity
    )
    world.add("pickup_points", point | ({} if world.town.located else {"time_zone": world.town.zone}))
    return collected(world, plain_service(world, pickup_network=f"N-{number}"))
