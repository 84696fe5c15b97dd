"""The request: when, where to, what is wished."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from generator.goods import lines
from generator.tariffs import CURRENCIES
from generator.world import keep, wall

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

_CHANGES = ("00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30")
_ROUND = ("00:00", "06:00", "08:00", "09:30", "11:00", "13:15", "18:00", "21:00", "24:00")


def placed_at(world: World) -> datetime:
    """An instant near a cut-off, a clock change or midnight, or any other."""
    draw = world.draw.part("placed_at")
    kind = draw.weighted({"clock": 4, "change": 1, "round": 2, "any": 2})
    if kind == "clock" and world.clocks:
        clock, zone = draw.pick(world.clocks)
        return wall(world.today, clock, zone) + timedelta(seconds=draw.pick((-1, 0, 1)))
    if kind in {"change", "round"}:
        clock = draw.pick(_CHANGES if kind == "change" else _ROUND)
        return wall(world.today, clock, world.town.zone) + timedelta(seconds=draw.pick((-1, 0, 0, 1)))
    moment = time(draw.integer(0, 23), draw.integer(0, 59), draw.integer(0, 59))
    return datetime.combine(world.today, moment, ZoneInfo(world.town.zone))


def add_request(world: World, placed: datetime) -> None:
    """The request, its basket and its wishes."""
    draw = world.draw.part("request")
    channels = [row["id"] for row in world.list_of("channels")]
    instant = placed.astimezone(ZoneInfo(world.town.zone)) if draw.chance(0.5) else placed
    world.request |= keep(
        lines=lines(world, draw.part("lines")),
        destination=_destination(world, draw.part("destination")),
        channel=draw.pick(channels) if len(channels) > 1 or draw.chance(0.5) else None,
        segment=draw.pick(("gold", "staff", "other")) if draw.chance(0.4) else None,
        placed_at=instant.isoformat(),
        basket_value=draw.pick(("10", "24.99", "25", "50", "120.5")) if draw.chance(0.5) else None,
        currency=draw.maybe("currencies", 0.3, CURRENCIES),
        wishes=_wishes(world, draw.part("wishes"), placed) if draw.on("wishes", 0.085) else None,
        valid_for=draw.part("valid_for").maybe("valid_for", 0.2, ("300 s", "15 min", "1 d", "1 d", "1 d")),
        view=draw.weighted({"all": 21, "front": 2, "shopper": 2}),
    )
    if world.request["view"] == "shopper" and draw.chance(0.4):
        del world.request["view"]


def _destination(world: World, draw: Draw) -> Doc:
    town = world.town
    stores = [site["id"] for site in world.list_of("sites") if "store_collection" in site]
    points = [point["id"] for point in world.list_of("pickup_points")]
    if draw.on("place", 0.07) and stores + points:
        return {"place": draw.pick(stores + points)}
    if draw.on("area", 0.07) and town.located:
        prefix = town.prefixes[1] if draw.chance(0.85) else None
        return keep(country=town.country, postal_prefix=prefix if prefix or town.country != "MQ" else None)
    destination: Doc = {"country": town.country, "postal_code": town.code}
    if town.country == "MQ" and draw.chance(0.5):
        destination["country"] = "FR"
    if draw.chance(0.6):
        destination["city"] = town.city
    if draw.chance(0.2) and town.located:
        destination |= {"latitude": town.point[0] + 0.004, "longitude": town.point[1]}
    kind = draw.weighted({"home": 10, "business": 3, "po_box": 0.7})
    return destination | ({"type": kind} if kind != "home" or draw.chance(0.1) else {})


def _wishes(world: World, draw: Draw, placed: datetime) -> Doc:
    methods = [row["id"] for row in world.list_of("methods")]
    before = draw.pick((2, 20, 48)) if draw.chance(0.45) else None
    after = draw.pick((6, 60, 150)) if draw.chance(0.45) else None
    return keep(
        methods=draw.some(methods) if draw.chance(0.4) else None,
        not_before=(placed + timedelta(hours=before)).isoformat() if before else None,
        not_after=(placed + timedelta(hours=after)).isoformat() if after else None,
        nominated_day=world.day(draw.integer(0, 4)) if draw.chance(0.45) else None,
    )
