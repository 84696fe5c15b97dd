"""What is already taken of slots, pools, windows and pickup points."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from generator.world import keep, wall

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World


def add_taken(world: World) -> None:
    """Bookings on the days around the order, more often full than not."""
    draw = world.draw.part("taken")
    world.stock |= keep(
        slots_taken=_slots(world, draw.part("slots")),
        pools_taken=_pools(world, draw.part("pools")),
        windows_taken=_windows(world, draw.part("windows")),
        places_taken=_places(world, draw.part("places")),
    )


def site_zone(world: World, site: Doc) -> str:
    """The time zone of a site."""
    from generator.towns import DESTINATIONS, ORIGINS

    zones = {(town.country, town.code): town.zone for town in (*ORIGINS, *DESTINATIONS)}
    address = site["address"]
    return str(site.get("time_zone") or zones[address["country"], address["postal_code"]])


def _days(world: World, draw: Draw, last: int) -> list[date]:
    return [world.today + timedelta(days=offset) for offset in range(-1, last) if draw.chance(0.75)]


def _slots(world: World, draw: Draw) -> list[Doc]:
    rows = []
    for site in world.list_of("sites"):
        zone = site_zone(world, site)
        busy = draw.integer(1, 5)
        slots = site.get("preparation", {}).get("plan", {}).get("slots", []) if draw.on("capacity", 0.8) else []
        if site["id"] in world.booked_out:
            days = [world.today + timedelta(days=offset) for offset in range(-2, world.horizon + 2)]
            rows += [
                {"site": site["id"], "start": wall(day, "06:00", zone).isoformat(), "committed": 1} for day in days
            ]
            continue
        for slot in slots:
            for day in _days(world, draw, busy):
                committed = draw.pick(
                    (slot["capacity"], slot["capacity"], 1, max(0, slot["capacity"] - 1), slot["capacity"] + 1)
                )
                rows.append(
                    {"site": site["id"], "start": wall(day, slot["start"], zone).isoformat(), "committed": committed}
                )
    return rows


def _pools(world: World, draw: Draw) -> list[Doc]:
    rows: dict[tuple[str, date, str | None], Doc] = {}
    pools = {pool["id"]: pool for pool in world.list_of("collection_pools")}
    for collection in world.list_of("collections"):
        if "pool" not in collection:
            continue
        pool = pools[collection["pool"]]
        for day in _days(world, draw, 4) if draw.chance(0.7) else []:
            departures: list[str | None] = (
                [*_departures(world, collection, day)] if pool.get("per") == "departure" else [None]
            )
            for departure in departures:
                parcels = draw.pick((pool["capacity"], pool["capacity"], 1, max(0, pool["capacity"] - 1)))
                rows[pool["id"], day, departure] = keep(
                    pool=pool["id"], date=day.isoformat(), departure=departure, parcels=parcels
                )
    return list(rows.values())


def _departures(world: World, collection: Doc, day: date) -> list[str]:
    clock, _, shift = (collection.get("departure") or collection.get("cut_off") or "24:00").partition(" ")
    sites = {site["id"]: site for site in world.list_of("sites")}
    zones = sorted({site_zone(world, sites[site]) for site in collection["sites"]})
    return sorted({wall(day, clock, zone, int(shift[:-1] or 0)).isoformat() for zone in zones})


def _windows(world: World, draw: Draw) -> list[Doc]:
    rows: dict[tuple[str, date, str], Doc] = {}
    for service in world.list_of("services"):
        deliveries = [service.get("delivery", {}), *(lane.get("delivery", {}) for lane in service["lanes"])]
        lists = [d.get("windows", []) for d in deliveries] + [
            e["windows"] for d in deliveries for e in d.get("exceptions", [])
        ]
        for window in (window for windows in lists for window in windows if "capacity" in window):
            key = window.get("id") or window["hours"]
            for day in _days(world, draw, 5):
                taken = draw.pick((window["capacity"], window["capacity"], 0, 1))
                rows[service["id"], day, key] = {
                    "service": service["id"],
                    "date": day.isoformat(),
                    "window": key,
                    "shipments": taken,
                }
    return list(rows.values())


def _places(world: World, draw: Draw) -> list[Doc]:
    rows = []
    for point in world.list_of("pickup_points"):
        for day in _days(world, draw, 4) if "daily_capacity" in point else []:
            parcels = draw.pick((point["daily_capacity"], 1, max(0, point["daily_capacity"] - 1)))
            rows.append({"place": point["id"], "date": day.isoformat(), "parcels": parcels})
    return rows
