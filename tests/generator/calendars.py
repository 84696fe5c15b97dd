"""Calendars: days, hours, holidays, exceptions, combinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.world import keep

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

_DAYS = ("mon-fri", "mon-fri", "mon-sat", "daily", "tue-sat", "mon,wed,fri")
_WEEK_HOURS: tuple[Doc, ...] = (
    {"mon-fri": ["08:00-18:00"]},
    {"mon-sat": ["09:00-12:00", "14:00-19:00"]},
    {"daily": ["06:00-22:00"]},
    {"mon-fri": ["08:00-17:00"], "sat": ["09:00-12:30"]},
    {"daily": ["00:00-24:00"]},
    {"mon-sat": ["07:00-19:00"]},
)
_ODD_HOURS: tuple[Doc, ...] = (
    {"mon-fri": ["20:00-04:00"]},
    {"mon-sat": ["08:00-12:00", "18:00-09:00"]},
    {"daily": ["02:30-10:00"]},
    {"daily": ["00:30-02:15", "02:45-11:00"]},
    {"mon-sat": ["10:00-19:30"], "sun": ["01:30-03:30", "10:00-13:00"]},
    {"tue-sat": ["22:00-06:00"], "sun": ["14:00-02:00"]},
)
_CHANGED = (["10:00-16:00"], ["07:00-13:00"], ["09:00-12:00", "13:00-20:00"], ["18:00-01:00"], ["06:00-21:00"])
_COUNTRY_CATEGORIES = {
    "CH": ["public", "half_day"],
    "DE": ["public", "catholic"],
    "BE": ["public", "bank"],
    "US": ["public", "half_day"],
}
_SUBDIVISIONS = {"FR": "6AE", "CH": "GE", "DE": "BY", "ES": "CN", "GB": "SCT", "US": "NY"}


def hours_calendar(world: World, draw: Draw, *, long: bool = False) -> str:
    """Add a working-time calendar of a place; its id."""
    if draw.on("combined", 0.12):
        return _combined(world, draw)
    hours = {"daily": ["00:00-24:00"]} if long else draw.pick(_ODD_HOURS if draw.on("hours", 0.2) else _WEEK_HOURS)
    return _add(world, draw, hours=hours, place=True)


def days_calendar(world: World, draw: Draw, *, place: bool) -> str:
    """Add a calendar of dates, of a place or of none; its id."""
    if draw.on("combined", 0.08):
        kind = draw.pick(("all_of", "any_of"))
        members = [_add(world, draw.part(f"member{i}"), place=place) for i in (0, 1)]
        return world.add(
            "calendars",
            {"id": world.fresh("calendars", "C"), kind: members, "exceptions": _exceptions(world, draw, None)},
        )
    return _add(world, draw, place=place)


def _combined(world: World, draw: Draw) -> str:
    """Hours cut down by days, or weekday hours together with weekend hours."""
    if draw.chance(0.5):
        members = [
            _add(world, draw.part("hours"), hours=draw.pick(_WEEK_HOURS), place=True),
            _add(world, draw.part("days"), place=True),
        ]
        fields: Doc = {"all_of": members}
    else:
        weekend = {"sat": ["09:00-13:00"], "sun": ["10:00-12:00"], "wed": ["12:00-20:00"]}
        members = [
            _add(world, draw.part("week"), hours=draw.pick(_WEEK_HOURS), place=True),
            _add(world, draw.part("end"), hours=weekend, place=True),
        ]
        fields = {"any_of": members}
    exceptions = _exceptions(world, draw, {"daily": []})
    return world.add("calendars", {"id": world.fresh("calendars", "C"), **fields, "exceptions": exceptions})


def _add(world: World, draw: Draw, *, hours: Doc | None = None, place: bool) -> str:
    days = draw.pick(_DAYS) if hours is None and draw.on("few_days", 0.8) else None
    recurrence = _recurrence(draw) if draw.on("recurrence", 0.07) else None
    calendar = keep(
        id=world.fresh("calendars", "C"),
        name="a calendar" if draw.chance(0.1) else None,
        weekdays="mon-sat"
        if recurrence is None and hours and draw.chance(0.1)
        else days
        if recurrence is None
        else None,
        recurrence=recurrence,
        hours=hours,
        holidays=_holidays(world, draw, place=place) if draw.on("holidays", 0.55) else None,
        exceptions=_exceptions(world, draw, hours),
    )
    return world.add("calendars", calendar)


def _recurrence(draw: Draw) -> str:
    return draw.pick((
        "DTSTART:20250106T000000 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
        "DTSTART:20250101T000000 RRULE:FREQ=DAILY;INTERVAL=2",
        "DTSTART:20250106T000000 RRULE:FREQ=WEEKLY;BYDAY=MO,TU,TH,SA",
    ))  # fmt: skip


def _holidays(world: World, draw: Draw, *, place: bool) -> list[Doc]:
    kinds = {"country": 3.0, "subdivision": 2.0, "listed": 1.5}
    if place:
        kinds |= {"place": 3.0, "place_country": 1.0, "country_place": 1.0}
    sources = [holiday_source(world, draw, draw.weighted(kinds))]
    if draw.chance(0.2):
        sources.append(holiday_source(world, draw, "listed"))
    return sources


def holiday_source(world: World, draw: Draw, kind: str) -> Doc:
    """One holiday source of a kind."""
    country = (
        world.town.country
        if draw.chance(0.5) and world.town.country in _SUBDIVISIONS
        else draw.pick(tuple(_SUBDIVISIONS))
    )
    source: Doc = {"country": country}
    if kind == "listed":
        dates = {world.day(draw.integer(-1, 8)): "listed day" for _ in range(draw.integer(1, 2))}
        covers = (
            {"first": world.day(-100), "last": world.day(400)}
            if draw.chance(0.5)
            else {"first": world.day(-100)}
            if draw.chance(0.3)
            else None
        )
        return keep(dates=dates, covers=covers)
    if kind == "subdivision":
        source["subdivision"] = _SUBDIVISIONS[country]
    if kind == "country_place":
        source = {"country": world.town.country if world.town.country != "JP" else "FR", "subdivision": None}
    if kind in {"place", "place_country"}:
        source = {"country": "place", "subdivision": "place" if kind == "place" else None}
    if kind == "country" and draw.chance(0.4) and country in _COUNTRY_CATEGORIES:
        source["categories"] = _COUNTRY_CATEGORIES[country]
    if draw.chance(0.3):
        source["observed"] = True
    if draw.chance(0.25):
        source["except_for"] = [
            draw.pick(("2026-12-25", "2026-05-14", "2026-11-01", "2026-04-03", world.day(1), world.day(3)))
        ]
    return {name: value for name, value in source.items() if value is not None}


def _exceptions(world: World, draw: Draw, hours: Doc | None) -> list[Doc]:
    """Exceptions near the order; ranges of one effect differ in length, so that none ties."""
    if not draw.on("closures", 0.45):
        return []
    found: list[Doc] = []
    for effect in draw.some(("closed", "open") if hours is None else ("closed", "open", "hours")):
        lengths = draw.some((1, 2, 5)) if draw.chance(0.3) else [draw.pick((1, 1, 2, 3))]
        found += [_exception(world, draw, effect, length, with_hours=hours is not None) for length in lengths]
    return found


def _exception(world: World, draw: Draw, effect: str, length: int, *, with_hours: bool) -> Doc:
    start = draw.integer(-2, 9)
    changed: Any = draw.pick(_CHANGED) if with_hours and effect != "closed" else None
    return keep(
        effect=effect,
        first=world.day(start),
        last=world.day(start + length - 1) if length > 1 or draw.chance(0.2) else None,
        hours=changed,
        weekdays=draw.pick(("mon-fri", "sat-sun", ["tue", "thu"])) if length > 1 and draw.chance(0.25) else None,
        name="stocktaking" if draw.chance(0.2) else None,
    )
