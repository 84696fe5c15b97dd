"""One leg: which lane, which collections, how long the transit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from promise_engine.models._base import WEEKDAYS
from promise_engine.models.carrier import DayTransit

from .clock import ONE_DAY, dates, end_of_date, instant, local_date, wall, wall_on, whole_seconds

if TYPE_CHECKING:
    from promise_engine.models.carrier import CarrierService, Collection, HourTransit, Lane
    from promise_engine.models.carrier import Leg as LegModel
    from promise_engine.models.site import Site

    from .calendar import DayCalendar
    from .chain import Horizon
    from .places import Spot
    from .world import World

AROUND = timedelta(days=10)
"""Cut-offs and departures may lie up to nine days from the date they belong to."""

FAR = 800 * 86_400
"""Overlays keyed on arrival ask for the arrival date at the maximum, be it after the horizon."""


@dataclass(frozen=True)
class Leg:
    """A service from a site to an end: a stop, a store, an address or a pickup point."""

    service: CarrierService
    origin: Site
    start: Spot
    end: Spot
    stop: Site | None
    model: LegModel
    lane: Lane
    zone: str | None


@dataclass(frozen=True)
class Room:
    """What is left of a capacity, and what one shipment asks of it."""

    of: tuple[object, ...]
    left: int
    asked: int

    @property
    def suffices(self) -> bool:
        """Whether the shipment alone has room."""
        return self.left >= self.asked


@dataclass(frozen=True)
class Departure:
    """A collection on one of its dates."""

    day: date
    cut_off: int
    in_time_at_cut_off: bool
    leaves: int
    notification: int | None
    rooms: tuple[Room, ...]

    def takes(self, ready: int) -> bool:
        """Whether a parcel ready at an instant meets the cut-off."""
        return ready < self.cut_off or (self.in_time_at_cut_off and ready == self.cut_off)


@dataclass(frozen=True)
class Arrival:
    """Where a leg's transit ends in time: the arrival date, and the instant of hour-based transit."""

    day: date
    at: int | None


def lane_of(world: World, service: CarrierService, start: Spot, end: Spot) -> Lane | None:
    """The lane of a service between two spots; one that names an origin beats one that does not."""
    origin, destination = world.zone(service.zone_set, start), world.zone(service.zone_set, end)
    fitting = [
        lane
        for lane in service.lanes
        if (lane.origins is None or origin in lane.origins)
        and (lane.destinations is None or destination in lane.destinations)
    ]
    return max(fitting, key=lambda lane: (lane.origins is not None, lane.destinations is not None), default=None)


def collections_of(world: World, site_id: str, service_id: str) -> list[Collection]:
    """The collections of a (site, service)."""
    return [c for c in world.network.collections if site_id in c.sites and service_id in c.services]


def _hands_over(world: World, leg: Leg, day: date) -> bool:
    """Whether the site dispatches on a date and the carrier collects."""
    collects = world.carriers[leg.service.carrier].collection_days
    carrier_comes = collects is None or world.days(collects, leg.start.holiday_place).is_open(day)
    return carrier_comes and _dispatches(world, leg.origin, day)


def _dispatches(world: World, site: Site, day: date) -> bool:
    if site.preparation is None:
        return world.receiving_hours(site).is_open(day)
    if site.preparation.dispatch is None:
        return world.preparation_hours(site).is_open(day)
    return world.days(site.preparation.dispatch, world.spot(site.id).holiday_place).is_open(day)


def departures(world: World, leg: Leg, horizon: Horizon, parcels: int) -> list[Departure]:
    """Every collection of the leg on each of its dates that an order may still meet, by departure, cut-off and date."""
    first = local_date(world.placed_at, leg.start.time_zone) - AROUND
    days = [day for day in dates(first, horizon.last + AROUND) if _hands_over(world, leg, day)]
    found = [
        _departure(world, leg, collection, day, parcels)
        for collection in collections_of(world, leg.origin.id, leg.service.id)
        for day in days
        if _is_on(collection, day)
    ]
    ahead = [d for d in found if d.cut_off >= world.placed_at and d.leaves < horizon.end]
    free = {d for d in ahead if not d.rooms}
    needed = [d for d in ahead if not d.rooms or replace(d, rooms=()) not in free]
    return sorted(
        needed,
        key=lambda d: (d.leaves, d.cut_off - (not d.in_time_at_cut_off), d.day, [str(room.of) for room in d.rooms]),
    )


def _is_on(collection: Collection, day: date) -> bool:
    if collection.valid_from is not None and day < collection.valid_from:
        return False
    if collection.valid_until is not None and day > collection.valid_until:
        return False
    if collection.dates is not None:
        return day in collection.dates
    return WEEKDAYS[day.weekday()] in collection.weekdays


def _departure(world: World, leg: Leg, collection: Collection, day: date, parcels: int) -> Departure:
    zone = leg.start.time_zone
    cut_off, leaves = collection.cut_off or collection.departure, collection.departure or collection.cut_off
    if cut_off is None or leaves is None:
        until = leaves_at = end_of_date(day, zone)
        in_time_at_cut_off = False
    else:
        until = wall_on(day, cut_off.days, cut_off.seconds, zone)
        leaves_at = wall_on(day, leaves.days, leaves.seconds, zone)
        in_time_at_cut_off = collection.inclusive
    notification = None if collection.notification is None else whole_seconds(collection.notification)
    return Departure(
        day, until, in_time_at_cut_off, leaves_at, notification, _rooms(world, collection, day, leaves_at, parcels)
    )


def _rooms(world: World, collection: Collection, day: date, leaves: int, parcels: int) -> tuple[Room, ...]:
    if collection.pool is None:
        return ()
    pool = world.pools[collection.pool]
    taken = [t for t in world.stock.pools_taken if t.pool == pool.id and t.date == day]
    if pool.per == "departure":
        taken = [t for t in taken if t.departure is not None and instant(t.departure) == leaves]
    of = leaves if pool.per == "departure" else day
    return (Room(("pool", pool.id, of), pool.capacity - sum(t.parcels for t in taken), parcels),)


# Transit.


def arrival(world: World, leg: Leg, departure: Departure, before: int, *, minimum: bool) -> Arrival | None:
    """When a parcel that leaves with a departure arrives; None when not before the limit."""
    extra = _overlay_days(leg, "collection", departure.day)
    if any(overlay.keyed_on == "arrival" for overlay in leg.service.overlays):
        longest = _transit(world, leg, departure, extra, before + FAR, minimum=False)
        extra += _overlay_days(leg, "arrival", longest.day) if longest else 0
    return _transit(world, leg, departure, extra, before, minimum=minimum)


def _overlay_days(leg: Leg, keyed_on: str, day: date) -> int:
    return sum(
        overlay.add_days for overlay in leg.service.overlays
        if overlay.keyed_on == keyed_on and overlay.covers(day) and (overlay.zones is None or leg.zone in overlay.zones)
    )  # fmt: skip


def _transit(world: World, leg: Leg, departure: Departure, extra: int, before: int, *, minimum: bool) -> Arrival | None:
    transit = leg.lane.transit
    if isinstance(transit, DayTransit):
        days = transit.maximum_days
        if minimum and transit.minimum_days is not None:
            days = transit.minimum_days
        network_days = world.days(transit.network_days) if transit.network_days else None
        return _by_days(leg, departure.day, days + extra, network_days, before)
    return _by_hours(world, leg, transit, departure, extra, before, minimum=minimum)


def _by_days(leg: Leg, day: date, count: int, network_days: DayCalendar | None, before: int) -> Arrival | None:
    last = local_date(before, leg.end.time_zone)
    while count > 0:
        day += ONE_DAY
        if day > last:
            return None
        if network_days is None or network_days.is_open(day):
            count -= 1
    return Arrival(day, None) if wall(day, 0, leg.end.time_zone) < before else None


def _by_hours(
    world: World, leg: Leg, transit: HourTransit, departure: Departure, extra: int, before: int, *, minimum: bool
) -> Arrival | None:
    duration = transit.maximum
    if minimum and transit.minimum is not None:
        duration = transit.minimum
    seconds = whole_seconds(duration)
    if transit.hours is None:
        moved: int | None = departure.leaves + seconds
    else:
        moved = world.hours_at(transit.hours, leg.start).add_working(departure.leaves, seconds, before)
    if moved is None or moved + extra * 86_400 >= before:
        return None
    at = moved + extra * 86_400
    return Arrival(local_date(at, leg.end.time_zone), at)
