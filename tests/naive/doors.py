"""The last step: delivery windows at the door, and collection by the shopper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from promise_engine.errors import Reason
from promise_engine.models._base import WEEKDAYS

from .calendar import is_holiday
from .clock import ONE_DAY, dates, local_date, move_days, round_up, wall, whole_seconds
from .legs import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.models.carrier import CarrierService, Delivery, DeliveryWindow
    from promise_engine.models.place import PickupPoint
    from promise_engine.models.site import Site, StoreCollection

    from .calendar import WorkingTime
    from .chain import Horizon
    from .legs import Leg
    from .places import Spot
    from .world import World

Nomination = tuple[date, int, int, str] | None
"""What a shopper nominates: a day (with an empty key) or a slot, by date, end and start of its hours, and key."""

PICKUP_STEP = timedelta(minutes=15)
HOLDING = timedelta(days=800)


@dataclass(frozen=True)
class Door:
    """A way to keep the promise: a window, or a collection by the shopper."""

    day: date
    arrives_at: int | None
    deliver_from: int | None = None
    deliver_by: int | None = None
    collect_from: int | None = None
    collect_until: int | None = None
    rooms: tuple[Room, ...] = ()

    @property
    def promised(self) -> int:
        """The end of the window: `deliver_by`, or `collect_from` when the shopper collects."""
        found = self.deliver_by if self.collect_from is None else self.collect_from
        assert found is not None
        return found

    @property
    def begins(self) -> int:
        """`deliver_from`, or `collect_from` when the shopper collects."""
        found = self.deliver_from if self.collect_from is None else self.collect_from
        assert found is not None
        return found

    @property
    def delivers_from(self) -> int:
        """`deliver_from`, or when there is none `collect_from`."""
        return self.begins if self.deliver_from is None else self.deliver_from

    @property
    def window(self) -> tuple[int | None, int | None]:
        """Both ends as the shopper sees them."""
        if self.collect_from is not None:
            return self.collect_from, self.collect_until
        return self.deliver_from, self.deliver_by


@dataclass(frozen=True)
class Margin:
    """Safety margins, added up."""

    days: int
    seconds: int

    def delay(self, at: int, spot: Spot) -> int:
        """The instant moved by the days at the same local time, then by the elapsed time."""
        return move_days(at, self.days, spot.time_zone) + self.seconds


def margin_of(world: World, service: CarrierService, site: Site) -> Margin:
    """Margins of the last leg's service, the site and the channel."""
    owners = (service, site, world.channel)
    return Margin(sum(o.safety_margin_days for o in owners), sum(whole_seconds(o.safety_margin) for o in owners))


# Delivery.


class Doorstep:
    """Delivery by one leg at its end, an address or a pickup point."""

    def __init__(
        self, world: World, leg: Leg, margin: Margin, horizon: Horizon, parcels: int, point: PickupPoint | None
    ) -> None:
        self.world, self.leg, self.margin, self.horizon = world, leg, margin, horizon
        self.parcels, self.point = parcels, point
        self.delivery: Delivery = leg.lane.delivery or leg.service.delivery
        self.zone = leg.end.time_zone
        self.opening = world.hours_at(point.opening, leg.end) if point else None
        self._known: dict[date, list[tuple[int, int, str, DeliveryWindow]]] = {}

    def doors(self, arrives_at: int, met: set[Reason], *, early: bool) -> Iterator[tuple[Nomination, Door]]:
        """What an arrival makes possible: the first window, or by choice every day or slot of the horizon."""
        effective = self.margin.delay(arrives_at, self.leg.end)
        first = local_date(effective, self.zone)
        choice = "none" if early else self.delivery.choice
        for day in dates(first, self.horizon.last):
            found = self._doors_on(day, effective, arrives_at, met)
            waits = day > first and not self.delivery.waiting and not early
            for window, door in found if choice == "slot" else islice(found, 1):
                if door is None:
                    if choice == "slot":
                        continue
                    return
                if waits:
                    met.add(Reason.WAITING_FORBIDDEN)
                    return
                yield {"none": None, "day": (day, 0, 0, ""), "slot": (day, *window)}[choice], door
                if choice == "none":
                    return

    def _doors_on(
        self, day: date, effective: int, arrives_at: int, met: set[Reason]
    ) -> Iterator[tuple[tuple[int, int, str], Door | None]]:
        """The windows of a date that have room, by end, start and key; no door where collected after the horizon."""
        if day not in self._known:
            self._known[day] = self._windows(day) if self._delivers_on(day) else []
        for start, end, key, window in self._known[day]:
            bounds = self._bounds(start, end, effective)
            if bounds is None:
                continue
            window_rooms, place_rooms = self._window_rooms(day, key, window.capacity), self._place_rooms(day)
            if not all(room.suffices for room in window_rooms):
                met.add(Reason.SLOT_FULL)
            elif not all(room.suffices for room in place_rooms):
                met.add(Reason.PLACE_FULL)
            else:
                rooms = window_rooms + place_rooms
                door = self._collected(Door(day, arrives_at, *bounds, rooms=rooms), effective)
                yield (window.hours.end, window.hours.start, key), door

    def _delivers_on(self, day: date) -> bool:
        delivery, place = self.delivery, self.leg.end.holiday_place
        if delivery.days is not None and not self.world.days(delivery.days, place).is_open(day):
            return False
        if self.opening is not None and not self.opening.is_open(day):
            return False
        if delivery.on_holidays or day in delivery.worked_holidays:
            return True
        sources = self.world.network.settings.destination_holidays
        local = [source for source in sources if source.country in {None, "place", place[0]}]
        return not any(is_holiday(source, day, place) for source in local)

    def _windows(self, day: date) -> list[tuple[int, int, str, DeliveryWindow]]:
        covering = [exception for exception in self.delivery.exceptions if exception.covers(day)]
        shortest = min(covering, key=lambda e: e.length, default=None)
        read = [
            (wall(day, w.hours.start, self.zone), wall(day, w.hours.end, self.zone), w.key, w)
            for w in (shortest or self.delivery).windows
            if w.weekdays is None or WEEKDAYS[day.weekday()] in w.weekdays
        ]  # fmt: skip
        return sorted((r for r in read if r[0] < r[1]), key=lambda r: (r[1], r[0], r[2]))

    def _bounds(self, start: int, end: int, effective: int) -> tuple[int, int] | None:
        """Both ends of the window for a parcel that is there at an instant."""
        if end <= effective:
            return None
        begins = max(start, effective)
        if self.delivery.length is None:
            return begins, end
        begins = round_up(begins, self.delivery.step, self.zone)
        ends = begins + whole_seconds(self.delivery.length)
        return (begins, ends) if ends <= end else None

    def _window_rooms(self, day: date, key: str, capacity: int | None) -> tuple[Room, ...]:
        if capacity is None:
            return ()
        taken = sum(
            t.shipments for t in self.world.stock.windows_taken
            if t.service == self.leg.service.id and t.date == day and t.window == key
        )  # fmt: skip
        return (Room(("window", self.leg.service.id, day, key), capacity - taken, 1),)

    def _place_rooms(self, day: date) -> tuple[Room, ...]:
        if self.point is None or self.point.daily_capacity is None:
            return ()
        taken = sum(t.parcels for t in self.world.stock.places_taken if t.place == self.point.id and t.date == day)
        return (Room(("place", self.point.id, day), self.point.daily_capacity - taken, self.parcels),)

    def _collected(self, door: Door, effective: int) -> Door | None:
        """At a pickup point, when the shopper can collect what the carrier hands over."""
        if self.point is None or self.opening is None:
            return door
        assert door.deliver_by is not None
        available = door.deliver_by
        if self.point.available_from is not None:
            available = wall(door.day, self.point.available_from, self.zone)
        assert door.deliver_from is not None
        there = max(effective, available, door.deliver_from)
        found = _collection(self.opening, there, PICKUP_STEP, self.point.hold_days, self.horizon)
        return None if found is None else replace(door, collect_from=found[0], collect_until=found[1])


# Collection by the shopper.


def _collection(
    opening: WorkingTime, ready: int, step: timedelta, hold_days: int, horizon: Horizon
) -> tuple[int, int | None] | None:
    """From when and until when the shopper can collect what is ready at an instant."""
    at = opening.next_open(ready, horizon.end)
    while at is not None:
        rounded = round_up(at, step, opening.zone)
        day = opening.date_of(rounded)
        if day is not None:
            if local_date(rounded, opening.zone) > horizon.last:
                return None
            return rounded, _closing_after(opening, day, hold_days)
        at = opening.next_open(rounded, horizon.end)
    return None


def _closing_after(opening: WorkingTime, day: date, hold_days: int) -> int | None:
    for later in opening.following(day, day + HOLDING) if hold_days else ():
        hold_days -= 1
        if hold_days == 0:
            return opening.closing(later)
    return opening.closing(day) if hold_days == 0 else None


def store_door(world: World, store: Site, ready: int, arrives_at: int | None, horizon: Horizon) -> Door | None:
    """When the shopper can collect at a store what is ready there at an instant."""
    assert store.store_collection is not None
    terms = store.store_collection
    opening = world.hours_at(terms.opening, world.spot(store.id))
    from_then = _after_cut_off(terms, opening, ready, horizon)
    if from_then is None:
        return None
    found = _collection(opening, from_then, terms.step, terms.hold_days, horizon)
    if found is None:
        return None
    return Door(local_date(found[0], opening.zone), arrives_at, collect_from=found[0], collect_until=found[1])


def _after_cut_off(terms: StoreCollection, opening: WorkingTime, ready: int, horizon: Horizon) -> int | None:
    """The parcel's instant, or the opening of the next opening day when it is ready after the store's cut-off.

    The cut-off is that of the opening day in whose hours the parcel is ready, or that comes next.
    """
    opened = opening.next_open(ready, horizon.end)
    if terms.cut_off is None or opened is None:
        return opened
    day = opening.date_of(opened)
    assert day is not None
    until = wall(day, terms.cut_off, opening.zone)
    if ready < until or (terms.cut_off_inclusive and ready == until):
        return opened
    following = next(opening.following(day, horizon.last + ONE_DAY), None)
    return None if following is None else max(opened, opening.opening(following))
