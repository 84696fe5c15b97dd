"""Sites: warehouses that ship, stores that ship and hand over, hubs that pass parcels on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.calendars import days_calendar, hours_calendar
from generator.towns import ORIGINS
from generator.world import keep

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.towns import Town
    from generator.world import Doc, World

_CUT_OFFS = ("10:00", "11:30", "12:00", "14:00", "15:30", "16:00", "17:00", "23:00", "24:00", "02:30")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ODD_ZONES = ("Europe/London", "America/New_York", "Atlantic/Azores", "Atlantic/Canary", "Asia/Kathmandu")
_PLANS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("00:00", "24:00"),),
    (("06:00", "12:00"), ("12:00", "20:00")),
    (("08:00", "10:00"), ("10:00", "12:00"), ("14:00", "18:00")),
    (("20:00", "04:00 +1d"),),
    (("07:00", "13:00"), ("13:00", "01:00 +1d")),
)


def add_sites(world: World) -> None:
    """One to four sites: one that ships at least, and up to three stores."""
    draw = world.draw.part("sites")
    total = draw.weighted({1: 0.3, 2: 1.5, 3: 4, 4: 5})
    stores = draw.integer(0, min(3, total)) if draw.on("stores", 0.8) else 0
    for number in range(max(total, stores + 1)):
        part = draw.part(f"site{number}")
        if 0 < number <= stores:
            add_store(world, part)
        elif number and draw.on("ranks", 0.25):
            _add_twin_site(world, number)
        else:
            add_warehouse(world, part)


def _add_twin_site(world: World, number: int) -> None:
    """The first site again under another id: its options tie with those of the first."""
    world.add("sites", {**world.list_of("sites")[0], "id": f"S{number}"})


def add_warehouse(world: World, draw: Draw) -> str:
    """A site that ships, and now and then takes parcels in; its id."""
    town = world.town if world.town.located and draw.chance(0.3) else draw.weighted(ORIGINS)
    near = (draw.pick((0.0, 0.02, -0.3)), 0.1) if draw.chance(0.3) else None
    site = _site(world, draw, town, draw.weighted({"warehouse": 6, "supplier": 1, "hub": 1}), town.address(near))
    if draw.chance(0.5):
        _with_receiving(world, draw, site)
    return world.add("sites", site)


def add_store(world: World, draw: Draw) -> str:
    """A store near the destination, where shoppers collect; its id."""
    offset = (draw.pick((0.0, 0.01, 0.03, -0.05, 0.3)), draw.pick((0.0, 0.02, -0.04)))
    site = _site(world, draw, world.town, "store", world.town.address(offset, city=draw.chance(0.8)))
    if draw.chance(0.12):
        del site["preparation"]
    _with_receiving(world, draw, site)
    site["store_collection"] = store_collection(world, draw.part("collection"))
    return world.add("sites", site)


def _with_receiving(world: World, draw: Draw, site: Doc) -> None:
    site["receiving"] = hours_calendar(world, draw.part("receiving"))
    if draw.chance(0.5):
        site["putaway"] = draw.pick(("2 h", "45 min", "9 h", "PT4H"))


def _site(world: World, draw: Draw, town: Town, kind: str, address: Doc) -> Doc:
    zone = draw.maybe("time_zones", 0.08, _ODD_ZONES)
    return keep(
        id=world.fresh("sites", "S"),
        name="a site" if draw.chance(0.1) else None,
        kind=kind,
        address=address,
        time_zone=zone or ("Asia/Tokyo" if town.code == "100-0001" else None),
        groups=draw.pick((["G1"], ["G2"], ["G1", "G2"])) if draw.chance(0.5) else None,
        rank=draw.integer(1, 3) if draw.on("ranks", 0.35) else None,
        preparation=preparation(world, draw.part("preparation"), zone or town.zone),
        preparation_cost="1.255" if draw.on("tariffs", 0.2) else None,
        preparation_cost_per_unit="0.3" if draw.on("tariffs", 0.2) else None,
        packaging_cost="0.85" if draw.on("tariffs", 0.2) else None,
        safety_margin=draw.maybe("margins", 0.08, ("30 min", "5 h", "20 h")),
        safety_margin_days=draw.maybe("margins", 0.06, (1, 2)),
    )


def preparation(world: World, draw: Draw, zone: str) -> Doc:
    """How a site prepares."""
    return keep(
        calendar=hours_calendar(world, draw.part("calendar")),
        dispatch=days_calendar(world, draw.part("dispatch"), place=True) if draw.on("few_days", 0.25) else None,
        order_cut_off=order_cut_off(world, draw.part("cut_off"), zone) if draw.on("order_cut_off", 0.5) else None,
        handling=handling(draw.part("handling")) if draw.on("handling", 0.75) else None,
        plan=plan(world, draw.part("plan")) if draw.on("capacity", 0.45) else None,
    )


def order_cut_off(world: World, draw: Draw, zone: str) -> Doc:
    """A cut-off by weekday, for every day, or both; its times are remembered as interesting."""
    daily = draw.pick(_CUT_OFFS) if draw.chance(0.75) else None
    days = draw.some(_WEEKDAYS) if daily is None or draw.chance(0.3) else []
    times = {day: draw.pick(_CUT_OFFS) for day in days}
    world.clocks += [(clock, zone) for clock in [*([daily] if daily else []), *times.values()]]
    return keep(
        daily=daily,
        times=times or None,
        inclusive=True if draw.chance(0.3) else None,
        tests="accepted_at" if draw.chance(0.3) else None,
    )


def handling(draw: Draw) -> Doc:
    """Working time or working days, with a range now and then."""
    if draw.on("day_handling", 0.4):
        most = draw.weighted({0: 2, 1: 4, 2: 2, 3: 1})
        return keep(
            maximum_days=most,
            minimum_days=draw.integer(0, most) if draw.on("ranges", 0.4) else None,
            day_zero="release" if draw.chance(0.5) else None,
            ready=draw.pick(("opening", "closing", "13:30", "23:00")) if draw.chance(0.5) else None,
            counts_from="slot_end" if draw.chance(0.35) else None,
        )
    most_time = keep(
        fixed=draw.pick(("2 h", "45 min", "10 h", "7 h 30 min", "1 s")),
        per_line="20 min" if draw.chance(0.3) else None,
        per_unit="7 min" if draw.chance(0.3) else None,
    )
    least: Any = None
    if draw.on("ranges", 0.4):
        least = {name: draw.pick((value, "0 s", "1 s")) for name, value in most_time.items()}
    return keep(maximum=most_time, minimum=least, counts_from="slot_end" if draw.chance(0.3) else None)


def plan(world: World, draw: Draw, unit: str | None = None) -> Doc:
    """Slots of one scheme, with capacities that orders overflow."""
    unit = unit or draw.pick(("orders", "lines", "units", "work"))
    slots = [_slot(world, draw, start, end, unit) for start, end in draw.pick(_PLANS)]
    if draw.chance(0.4) and slots[0]["start"] != "00:00":
        slots.append(
            {
                "dates": [world.day(draw.integer(0, 1)), world.day(draw.integer(2, 3))],
                "start": "04:30",
                "end": "05:30",
                "capacity": 3,
            }
        )
    return keep(
        unit=unit if unit != "orders" or draw.chance(0.5) else None,
        splits=False if draw.on("splits", 0.4) else None,
        oversize="refuse" if draw.chance(0.3) else None,
        slots=slots,
    )


def _slot(world: World, draw: Draw, start: str, end: str, unit: str) -> Doc:
    use_by = draw.pick(("10:00", "20:00 -1d", "12:00 -1d", start)) if draw.chance(0.25) else None
    if use_by:
        world.clocks.append((use_by.split()[0], world.town.zone))
    return keep(
        weekdays=draw.pick(("mon-fri", "mon-sat")) if draw.on("few_days", 0.25) else None,
        valid_from=world.day(draw.integer(-3, 2)) if draw.chance(0.12) else None,
        valid_until=world.day(draw.integer(6, 20)) if draw.chance(0.15) else None,
        start=start,
        end=end,
        capacity=draw.integer(1, 3) if unit in {"orders", "lines"} else draw.integer(2, 9),
        use_by=use_by,
    )


def store_collection(world: World, draw: Draw) -> Doc:
    """Handing over at a store."""
    cut_off = draw.pick(("12:00", "16:30", "18:00")) if draw.chance(0.5) else None
    return keep(
        opening=hours_calendar(world, draw.part("opening")),
        cut_off=cut_off,
        cut_off_inclusive=False if draw.chance(0.3) else None,
        hold_days=draw.integer(0, 3) if draw.chance(0.5) else None,
        step=draw.pick(("30 min", "1 h", "1 s", "20 min")) if draw.chance(0.3) else None,
        handling=handling(draw.part("handling")) if draw.on("handling", 0.5) else None,
        order_cut_off=order_cut_off(world, draw.part("order"), world.town.zone)
        if draw.on("order_cut_off", 0.3)
        else None,
        capacity=False if draw.chance(0.4) else None,
    )


def add_overrides(world: World, draw: Draw, services: list[str]) -> None:
    """Other cut-offs and handling for some services."""
    for number, site in enumerate(world.list_of("sites")):
        part = draw.part(f"override{number}")
        if "preparation" not in site or not part.on("overrides", 0.3):
            continue
        cut_off = order_cut_off(world, part.part("cut_off"), world.town.zone) if part.chance(0.6) else None
        changed = handling(part.part("handling")) if cut_off is None or part.chance(0.5) else None
        override = keep(services=part.some(services), order_cut_off=cut_off, handling=changed)
        site["preparation"] = {**site["preparation"], "overrides": [override]}
