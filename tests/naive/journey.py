"""From the ready parcel to the door: the collections of every leg, chosen together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promise_engine.errors import Reason

from .clock import dates, wall, whole_seconds
from .doors import Door, Doorstep, Margin, Nomination, margin_of, store_door
from .legs import AROUND, Departure, Leg, arrival

if TYPE_CHECKING:
    from datetime import date

    from promise_engine.models.place import PickupPoint

    from .chain import Horizon, PreparationChain, Prepared
    from .world import World


@dataclass(frozen=True)
class Trip:
    """One arrangement of collections, from some leg on, with the door it leads to."""

    door: Door
    departures: tuple[Departure, ...]
    arrivals: tuple[tuple[str, int], ...]


Trips = dict[Nomination, Trip]


class Journey:
    """All legs of a way to one destination, at every maximum or (`early`) every minimum."""

    def __init__(
        self,
        world: World,
        legs: list[Leg],
        timetable: list[list[Departure]],
        chain: PreparationChain,
        parcels: int,
        point: PickupPoint | None,
        *,
        early: bool,
    ) -> None:
        self.world, self.legs, self.timetable, self.chain, self.early = world, legs, timetable, chain, early
        self.horizon: Horizon = chain.horizon
        self.margin: Margin = margin_of(world, legs[-1].service, chain.site)
        self.met: set[Reason] = set()
        last = legs[-1]
        self.doorstep = None if last.stop else Doorstep(world, last, self.margin, self.horizon, parcels, point)
        self._onward: dict[tuple[int, int], Trips] = {}

    def reachable(self, prepared: Prepared) -> list[int]:
        """Which collections of the first leg a prepared parcel meets, room or not."""
        ready = prepared.ready_minimum if self.early else prepared.ready
        return self._reachable(0, prepared.started, ready)

    def trips(self, prepared: Prepared) -> Trips:
        """The best trip of a prepared parcel; by choice one for each nominated day or slot."""
        return self._best(0, self.reachable(prepared))

    def _reachable(self, index: int, since: int, ready: int) -> list[int]:
        """The collections of a leg that a parcel meets which is there since an instant and ready at another."""
        found = []
        notified: dict[int, int | None] = {}
        for position, departure in enumerate(self.timetable[index]):
            if not departure.takes(ready):
                continue
            if departure.notification is not None:
                if departure.notification not in notified:
                    notified[departure.notification] = self._notified(index, since, departure.notification)
                told_at = notified[departure.notification]
                if told_at is None or told_at > departure.leaves:
                    continue
            found.append(position)
        return found

    def _notified(self, index: int, since: int, seconds: int) -> int | None:
        site = self.legs[index].origin
        hours = self.chain.hours if index == 0 else self.world.receiving_hours(site)
        return hours.add_working(since, seconds, self.horizon.end)

    def _best(self, index: int, positions: list[int]) -> Trips:
        """Of all reachable collections with room the earliest at the door; then the first or the last."""
        best: Trips = {}
        last = self.legs[index].service.dispatch == "last"
        for position in positions:
            departure = self.timetable[index][position]
            if not all(room.suffices for room in departure.rooms):
                self.met.add(Reason.COLLECTION_FULL)
                continue
            if None in best and departure.leaves > best[None].door.promised:
                break  # what leaves after the promise cannot be promised earlier
            for nomination, trip in self._leaving(index, position).items():
                rank = _rank(trip)
                reigning = _rank(best[nomination]) if nomination in best else None
                if reigning is None or rank < reigning or (last and rank == reigning):
                    best[nomination] = trip
        return best

    def _leaving(self, index: int, position: int) -> Trips:
        """What is possible for a parcel that leaves with a collection of a leg."""
        key = (index, position)
        if key not in self._onward:
            self._onward[key] = self._travel(index, self.timetable[index][position])
        return self._onward[key]

    def _travel(self, index: int, departure: Departure) -> Trips:
        leg = self.legs[index]
        there = arrival(self.world, leg, departure, self.horizon.end, minimum=self.early)
        if there is None:
            return {}
        if leg.stop is not None:
            at = there.at if there.at is not None else self._at_stop(leg, there.day, departure.leaves)
            return {} if at is None else self._from_stop(index, departure, at)
        assert self.doorstep is not None
        arrives_at = there.at if there.at is not None else max(wall(there.day, 0, leg.end.time_zone), departure.leaves)
        doors = self.doorstep.doors(arrives_at, self.met, early=self.early)
        trips: Trips = {}
        for nomination, door in doors:
            trips.setdefault(nomination, Trip(door, (departure,), ()))
        return trips

    def _at_stop(self, leg: Leg, day_of_arrival: date, leaves: int) -> int | None:
        """By days: the first arrival time (or closing) of a receiving date that is not before the departure."""
        assert leg.stop is not None
        receiving = self.world.receiving_hours(leg.stop)
        for day in dates(day_of_arrival, self.horizon.last + AROUND):
            if receiving.is_open(day):
                hour = leg.model.arrival
                at = receiving.closing(day) if hour is None else wall(day, hour, receiving.zone)
                if at >= leaves:
                    return at if at < self.horizon.end else None
        return None

    def _from_stop(self, index: int, departure: Departure, at: int) -> Trips:
        """On from a stop, or to the shopper when the stop is the store where the route ends."""
        leg = self.legs[index]
        assert leg.stop is not None
        receiving, turnaround = self.world.receiving_hours(leg.stop), whole_seconds(leg.model.turnaround)
        if index + 1 < len(self.legs):
            ready = receiving.add_working(at, turnaround, self.horizon.end)
            onward = {} if ready is None else self._best(index + 1, self._reachable(index + 1, at, ready))
            return {
                nomination: Trip(trip.door, (departure, *trip.departures), ((leg.stop.id, at), *trip.arrivals))
                for nomination, trip in onward.items()
            }
        effective = self.margin.delay(at, leg.end)
        ready = receiving.add_working(effective, turnaround, self.horizon.end)
        door = None if ready is None else store_door(self.world, leg.stop, ready, at, self.horizon)
        return {} if door is None else {None: Trip(door, (departure,), ())}


def _rank(trip: Trip) -> tuple[int, date]:
    """What makes a trip earlier at the door."""
    return trip.door.promised, trip.door.day
