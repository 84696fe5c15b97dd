"""Carriers and what they do: services, lanes, delivery windows, overlays, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.calendars import days_calendar, hours_calendar
from generator.world import keep
from generator.zones import zone_ids, zone_set

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

_WINDOWS: tuple[tuple[str, ...], ...] = (
    ("08:00-18:00",),
    ("08:00-18:00",),
    ("00:00-24:00",),
    ("08:00-12:00", "14:00-18:00"),
    ("09:00-13:00", "18:00-22:00"),
    ("20:00-02:00",),
    ("06:00-10:00", "06:00-12:00", "09:00-12:00"),
    ("02:30-13:00",),
)
_HOLIDAYS = (
    "2026-04-03", "2026-04-06", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-08-01", "2026-11-01", "2026-11-11",
    "2026-12-25", "2026-12-26", "2027-01-01", "2027-01-06",
)  # fmt: skip
_NETWORKS = ("N0", "N1")


def add_services(world: World) -> None:
    """One to three services, one of them for pickup points now and then."""
    draw = world.draw.part("services")
    for number in range(draw.integer(1, 2)):
        part = draw.part(f"carrier{number}")
        days = days_calendar(world, part, place=part.chance(0.5)) if part.on("few_days", 0.35) else None
        world.add(
            "carriers", keep(id=f"K{number}", name="a carrier" if part.chance(0.1) else None, collection_days=days)
        )
    for number in range(draw.weighted({1: 1, 2: 4, 3: 3})):
        add_service(world, draw.part(f"home{number}"))
    if draw.on("points", 0.45):
        service = add_service(world, draw.part("point"))
        world.service(service)["pickup_network"] = draw.pick(_NETWORKS)


def add_service(world: World, draw: Draw) -> str:
    """A service with everything it may have; its id."""
    zones = zone_set(world, draw.part("zones")) if draw.on("zones", 0.45) else None
    service = keep(
        id=world.fresh("services", "V"),
        carrier=draw.pick(world.list_of("carriers"))["id"],
        name="a service" if draw.chance(0.1) else None,
        zone_set=zones,
        lanes=_lanes(world, draw.part("lanes"), zones),
        delivery=delivery(world, draw.part("delivery")) if draw.chance(0.85) else None,
        overlays=_overlays(world, draw.part("overlays"), zones) if draw.on("overlays", 0.42) else None,
        dispatch="last" if draw.chance(0.3) else None,
        destination_types=draw.pick((["home"], ["home", "business"], ["home", "po_box"]))
        if draw.chance(0.12)
        else None,
        limits=limits(draw.part("limits")) if draw.on("limits", 0.35) else None,
        packing=packing(draw.part("packing")) if draw.on("limits", 0.5) else None,
        max_parcels=draw.integer(2, 8) if draw.on("limits", 0.2) else None,
        safety_margin=draw.maybe("margins", 0.1, ("30 min", "6 h", "26 h")),
        safety_margin_days=draw.maybe("margins", 0.08, (1, 2)),
    )
    return world.add("services", service)


def transit(world: World, draw: Draw) -> Doc:
    """Transit by days of a network calendar, or by hours."""
    if draw.on("hour_transit", 0.3):
        most = draw.pick(("90 min", "5 h", "26 h", "50 h"))
        return keep(
            maximum=most,
            minimum=draw.pick(("0 s", "1 h", "90 min")) if draw.on("ranges", 0.35) else None,
            hours=hours_calendar(world, draw.part("hours")) if draw.chance(0.45) else None,
        )
    days = draw.weighted({0: 1, 1: 4, 2: 3, 3: 1})
    return keep(
        maximum_days=days,
        minimum_days=draw.integer(0, days) if draw.on("ranges", 0.5) else None,
        network_days=days_calendar(world, draw.part("network"), place=False) if draw.on("few_days", 0.5) else None,
    )


def _lanes(world: World, draw: Draw, zones: str | None) -> list[Doc]:
    if zones is None or not draw.on("lanes", 0.7):
        return [{"transit": transit(world, draw)}]
    names = zone_ids(world, zones)
    lanes = []
    for number, zone in enumerate(names):
        part = draw.part(f"lane{number}")
        other = delivery(world, part.part("delivery")) if part.chance(0.2) else None
        lanes.append(keep(destinations=[zone], transit=transit(world, part), delivery=other))
    if draw.chance(0.4):
        part = draw.part("origin")
        lanes.append({"origins": part.some(names), "destinations": part.some(names), "transit": transit(world, part)})
    return lanes


def delivery(world: World, draw: Draw) -> Doc:
    """When a service delivers, and what the shopper chooses."""
    windows = _windows(draw.part("windows"), draw.pick(_WINDOWS)) if draw.on("windows", 0.8) else None
    return keep(
        days=days_calendar(world, draw.part("days"), place=False) if draw.on("few_days", 0.5) else None,
        on_holidays=True if draw.chance(0.2) else None,
        worked_holidays=_worked(world, draw.part("worked")) if draw.chance(0.25) else None,
        windows=windows,
        exceptions=_window_exceptions(world, draw.part("exceptions")) if draw.on("window_exceptions", 0.2) else None,
        choice=draw.pick(("day", "slot")) if draw.on("choice", 0.18) else None,
        waiting=False if draw.on("waiting", 0.2) else None,
        length=draw.pick(("2 h", "45 min", "3 h")) if draw.on("windows", 0.15) else None,
        step=draw.pick(("30 min", "1 h", "10 min")) if draw.chance(0.2) else None,
    )


def _worked(world: World, draw: Draw) -> list[str]:
    """Most public holidays of the days after the order, and a day that may be none."""
    near = [day for day in _HOLIDAYS if world.day(-1) < day < world.day(14) and draw.chance(0.8)]
    return [*near, world.day(draw.integer(0, 6))]


def _windows(draw: Draw, hours: tuple[str, ...]) -> list[Doc]:
    """Windows of one scheme; one without weekdays and capacity always remains."""
    windows = []
    for number, text in enumerate(hours):
        windows.append(keep(
            id=f"W{number}" if draw.chance(0.3) else None,
            hours=text,
            weekdays=draw.pick(("mon-fri", "mon-sat", "tue,thu,sat", "sat-sun")) if draw.chance(0.2) else None,
            capacity=draw.integer(0, 2) if draw.on("capacity", 0.25) else None,
        ))  # fmt: skip
    return windows


def _window_exceptions(world: World, draw: Draw) -> list[Doc]:
    """Other windows near the order, in ranges of different lengths."""
    found = []
    for number, length in enumerate(draw.some((1, 3, 6))):
        start = draw.integer(0, 5)
        windows = _windows(draw.part(f"range{number}"), draw.pick(_WINDOWS))
        name = "peak" if draw.chance(0.2) else None
        found.append(keep(first=world.day(start), last=world.day(start + length - 1), windows=windows, name=name))
    return found


def _overlays(world: World, draw: Draw, zones: str | None) -> list[Doc]:
    found = []
    for _ in range(draw.integer(1, 2)):
        on_arrival = draw.chance(0.6)
        start = draw.integer(0, 5) if on_arrival else draw.integer(-2, 5)
        found.append(keep(
            first=world.day(start),
            last=world.day(start + draw.integer(0, 3)) if draw.chance(0.8) else None,
            add_days=draw.integer(0, 2),
            keyed_on="arrival" if on_arrival else None,
            zones=["near"] if zones and draw.chance(0.4) else None,
            name="peak" if draw.chance(0.1) else None,
        ))  # fmt: skip
    return found


def limits(draw: Draw) -> Doc:
    """Limits that most baskets keep, some in several parcels."""
    return keep(
        weight_grams=draw.pick((2_000, 5_000, 20_000)) if draw.chance(0.7) else None,
        longest_mm=draw.pick((800, 1_200)) if draw.chance(0.4) else None,
        sum_of_sides_mm=draw.pick((1_500, 2_500)) if draw.chance(0.3) else None,
        girth_mm=draw.pick((2_000, 3_000)) if draw.chance(0.3) else None,
        volumetric_grams=draw.pick((20_000, 60_000)) if draw.chance(0.3) else None,
    )


def packing(draw: Draw) -> Doc:
    """How items become parcels."""
    fold = draw.weighted({"weight": 2, "stack": 2, "given": 1})
    box: Any = {"length_mm": 400, "width_mm": draw.pick((300, 200)), "height_mm": 200} if fold == "given" else None
    return keep(
        fold=fold,
        box=box,
        oversize="alone" if draw.chance(0.45) else None,
        volumetric_divisor=draw.pick((5_000, 4_000, 167)) if draw.chance(0.4) else None,
    )
