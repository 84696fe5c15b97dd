"""From ready to the end of the journey: collections, transit, stops."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine.explanation.reader import LegOfRow, Reader, Step
from promise_engine.explanation.words import (
    counted,
    day_text,
    duration_text,
    instant_text,
    skipped_text,
    time_text,
    why_text,
)
from promise_engine.models.carrier import HourTransit
from promise_engine.units import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from promise_engine.models.carrier import TransitOverlay

_DAY = timedelta(days=1)
_MOST_MOVED = 61


def transport_steps(reader: Reader) -> list[Step]:
    """Collections, and arrivals at stops and at the destination."""
    steps: list[Step] = []
    ready = reader.row[col.READY]
    for leg in reader.legs():
        steps.append(_collected(reader, leg, ready))
        if leg.stop >= 0:
            steps.append(_stopped(reader, leg))
            steps += _turned_around(reader, leg, leg.stop)
            ready = reader.row[col.STOP_READY + leg.number]
        else:
            steps.append(_arrived(reader, leg))
            if reader.tables.ways.to_store[reader.row[col.WAY]]:
                steps += _turned_around(reader, leg, reader.store)
    return steps


def _collected(reader: Reader, leg: LegOfRow, ready: int) -> Step:
    collections, zone = reader.tables.collections, reader.zone_of_site(leg.origin)
    departs = reader.local(int(collections.departure_at[leg.collection]), zone)
    in_time = reader.local(int(collections.cut_off_at[leg.collection]), zone)
    day = reader.date_of_day(int(collections.day[leg.collection]))
    whose = "" if day == departs.date() else f", collection of {day_text(day)}"
    who = f"{leg.service.id} at {reader.network.sites[leg.origin].id}{whose}"
    notes = [f"{who}: ready by {instant_text(in_time)}, leaves {time_text(departs)}"]
    notes += [*_before(reader, leg, ready), *_days_without(reader, leg, ready, day), *_pool(reader, leg)]
    return Step(departs, "collected", tuple(notes))


def _before(reader: Reader, leg: LegOfRow, ready: int) -> Iterator[str]:
    """Why the collection before this one was not taken, when it left after the parcel was being prepared."""
    collections, before, zone = reader.tables.collections, leg.collection - 1, reader.zone_of_site(leg.origin)
    pattern = reader.tables.sites.pattern_idx[leg.origin, reader.network.service_index[leg.service.id]]
    if before < collections.ptr[pattern] or collections.departure_at[before] < reader.row[col.ACCEPTED]:
        return
    departs = instant_text(reader.local(int(collections.departure_at[before]), zone))
    in_time = int(collections.cut_off_at[before])
    if ready > in_time:
        yield f"too late for the one of {departs}: ready by {instant_text(reader.local(in_time, zone))}"
    elif _free(reader, before) < reader.row[col.PARCELS]:
        yield f"the one of {departs} is full"
    elif leg.service.dispatch == "last":
        yield f"the one of {departs} would reach the destination no earlier (dispatch: last)"


def _free(reader: Reader, collection: int) -> int:
    room = int(reader.tables.collections.room_idx[collection])
    return 10**18 if room < 0 else int(reader.context.bound.taken.pool_room[room])


def _days_without(reader: Reader, leg: LegOfRow, ready: int, day: date) -> Iterator[str]:
    """Dates between ready and the collection on which the site does not dispatch or the carrier does not collect."""
    first = reader.local(ready, reader.zone_of_site(leg.origin)).date()
    site = reader.network.sites[leg.origin]
    preparation = site.preparation
    dispatch = (preparation.dispatch or preparation.calendar) if preparation else site.receiving
    carrier = next(c for c in reader.context.network.carriers if c.id == leg.service.carrier)
    region = reader.network.located_sites[leg.origin].region
    closed = reader.closed_between(dispatch, region, first, day)
    if closed:
        yield f"{site.id} does not dispatch on {skipped_text(closed)} (calendar {dispatch})"
    others = [
        pair
        for pair in reader.closed_between(carrier.collection_days, region, first, day)
        if pair[0] not in dict(closed)
    ]
    if others:
        yield f"{carrier.id} does not collect on {skipped_text(others)} (calendar {carrier.collection_days})"


def _pool(reader: Reader, leg: LegOfRow) -> Iterator[str]:
    room = int(reader.tables.collections.room_idx[leg.collection])
    if room >= 0:
        name = next(pool for (pool, _, _), position in reader.network.pool_rooms.items() if position == room)
        free = counted(_free(reader, leg.collection), "parcel")
        yield f"pool {name}: room for {free}, this order has {reader.row[col.PARCELS]}"


def _stopped(reader: Reader, leg: LegOfRow) -> Step:
    at = reader.local(reader.row[col.STOP + leg.number], reader.zone_of_site(leg.stop))
    site = reader.network.sites[leg.stop]
    notes = [transit_text(reader, leg, at.date()), *stop_notes(reader, leg, site.receiving)]
    return Step(at, f"reaches {site.id}", tuple(notes))


def _turned_around(reader: Reader, leg: LegOfRow, position: int) -> Iterator[Step]:
    """The end of the turnaround at a stop, or at the store where a route ends; nothing where there is none."""
    turnaround = seconds(reader.way.model.legs[leg.number].turnaround)  # type: ignore[union-attr]
    if turnaround:
        site = reader.network.sites[position]
        at = reader.local(reader.row[col.STOP_READY + leg.number], reader.zone_of_site(position))
        note = f"turnaround {duration_text(turnaround)} in receiving hours (calendar {site.receiving})"
        yield Step(at, f"ready at {site.id}", (note,))


def stop_notes(reader: Reader, leg: LegOfRow, receiving: str | None) -> Iterator[str]:
    """At which hour a stop or a store takes the parcel in."""
    model = reader.way.model.legs[leg.number]  # type: ignore[union-attr]
    if not isinstance(leg.lane.transit, HourTransit):
        yield (
            "at the leg's arrival time"
            if model.arrival is not None
            else f"at the end of receiving hours (calendar {receiving})"
        )


def _arrived(reader: Reader, leg: LegOfRow) -> Step:
    at = reader.local(reader.row[col.ARRIVES], reader.there)
    notes = [transit_text(reader, leg, at.date())]
    if reader.tables.ways.to_store[reader.row[col.WAY]]:
        notes += stop_notes(reader, leg, reader.network.sites[reader.store].receiving)
    notes += _margins(reader, leg)
    return Step(at, "arrives", tuple(notes))


def _margins(reader: Reader, leg: LegOfRow) -> Iterator[str]:
    if reader.row[col.EFFECTIVE] == reader.row[col.ARRIVES]:
        return
    owners = (
        (leg.service.id, leg.service),
        (reader.site.id, reader.site),
        (f"channel {reader.context.request.channel.id}", reader.context.request.channel),
    )
    parts = []
    for name, owner in owners:
        days, elapsed = owner.safety_margin_days, seconds(owner.safety_margin)
        amount = [counted(days, "day")] * bool(days) + [duration_text(elapsed)] * bool(elapsed)
        parts += [f"{' '.join(amount)} of {name}"] if amount else []
    counts = instant_text(reader.local(reader.row[col.EFFECTIVE], reader.there))
    yield f"safety margin {' + '.join(parts)}: delivery counts from {counts}"


def transit_text(reader: Reader, leg: LegOfRow, arrival: date) -> str:
    """Transit of a leg: its length, overlays, the dates that do not count."""
    transit = leg.lane.transit
    collected = reader.date_of_day(int(reader.tables.collections.day[leg.collection]))
    overlays = _keyed(reader, leg, "collection", collected)
    if isinstance(transit, HourTransit):
        overlays += _keyed_on_instant(reader, leg, arrival)
        calendar = f" in hours of calendar {transit.hours}" if transit.hours else ""
        least = "" if transit.minimum in {None, transit.maximum} else duration_text(seconds(transit.minimum or _DAY))
        return f"transit {duration_text(seconds(transit.maximum))}{calendar}{_at_least(least)}{_added(overlays)}"
    walk = _Walk(reader, transit.network_days, collected)
    walk.go(transit.maximum_days + _sum(overlays))
    late = _keyed(reader, leg, "arrival", walk.day)
    walk.go(_sum(late))
    calendar = f" of calendar {transit.network_days}" if transit.network_days else ""
    least = "" if transit.minimum_days in {None, transit.maximum_days} else str(transit.minimum_days)
    skips = f"; skips {skipped_text(walk.skipped)}" if walk.skipped else ""
    length = counted(transit.maximum_days, "day")
    added = _added([*overlays, *late])
    return (
        f"transit {length}{calendar} after {day_text(collected)}{_at_least(least)}{added}{skips}{_waits(walk, arrival)}"
    )


class _Walk:
    """Walks the dates after a collection, counting those of the carrier's network."""

    def __init__(self, reader: Reader, calendar: str | None, day: date) -> None:
        self._reader = reader
        self._rules = reader.rules(calendar, None) if calendar else None
        self.day = day
        self.skipped: list[tuple[date, str]] = []

    def go(self, count: int) -> None:
        """Go on by so many dates that count."""
        while count > 0:
            self.day += _DAY
            rule = self._rules[self._reader.day_of_date(self.day)] if self._rules else None
            if rule is None or rule.is_open:
                count -= 1
            else:
                self.skipped.append((self.day, why_text(rule.why)))


def _waits(walk: _Walk, arrival: date) -> str:
    """At a stop: that it takes parcels in on a later date than that of the arrival."""
    return f"; taken in on {day_text(arrival)}, the next receiving day" if walk.day < arrival else ""


def _at_least(least: str) -> str:
    return f" ({least} at least, for the early end)" if least else ""


def _sum(overlays: Sequence[TransitOverlay]) -> int:
    return sum(overlay.add_days for overlay in overlays)


def _added(overlays: Sequence[TransitOverlay]) -> str:
    return "".join(f" + {counted(o.add_days, 'day')} ({o.name or 'overlay'})" for o in overlays)


def _keyed(reader: Reader, leg: LegOfRow, keyed_on: str, day: date) -> list[TransitOverlay]:
    """The overlays that add days for a collection, or an arrival, on a date."""
    zone_set = reader.network.zone_sets.get(leg.service.zone_set or "")
    zone = zone_set.zones[leg.zone - 1].id if zone_set and leg.zone else None
    return [
        overlay
        for overlay in leg.service.overlays
        if overlay.keyed_on == keyed_on
        and overlay.add_days
        and overlay.covers(day)
        and (overlay.zones is None or zone in overlay.zones)
    ]


def _keyed_on_instant(reader: Reader, leg: LegOfRow, arrival: date) -> list[TransitOverlay]:
    """Overlays of a courier's arrival, which they have moved: those that add up to the move."""
    for moved in range(_MOST_MOVED):
        overlays = _keyed(reader, leg, "arrival", arrival - moved * _DAY)
        if _sum(overlays) == moved:
            return overlays
    return []
