"""From ready to the end of the journey: collections, transit, stops."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine.explanation.reader import LegOfRow, Reader, Step
from promise_engine.explanation.words import counted, day_text, duration_text, instant_text, skipped_text, time_text, why_text
from promise_engine.models.carrier import HourTransit
from promise_engine.units import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_DAY = timedelta(days=1)


def transport_steps(reader: Reader) -> list[Step]:
    """Collections, and arrivals at stops and at the destination."""
    steps: list[Step] = []
    ready = reader.row[col.READY]
    for leg in reader.legs():
        steps.append(_collected(reader, leg, ready))
        if leg.stop >= 0:
            reached = reader.row[col.STOP + leg.number]
            steps.append(_stopped(reader, leg, reached))
            ready = reached + seconds(reader.way.model.legs[leg.number].turnaround)  # type: ignore[union-attr]
        else:
            steps.append(_arrived(reader, leg))
    return steps


def _collected(reader: Reader, leg: LegOfRow, ready: int) -> Step:
    collections, zone = reader.tables.collections, reader.zone_of_site(leg.origin)
    departs = reader.local(int(collections.departure_at[leg.collection]), zone)
    in_time = reader.local(int(collections.cut_off_at[leg.collection]), zone)
    day = reader.date_of_day(int(collections.day[leg.collection]))
    whose = "" if day == departs.date() else f", collection of {day_text(day)}"
    notes = [f"{leg.service.id} at {reader.network.sites[leg.origin].id}{whose}: ready by {instant_text(in_time)}, leaves {time_text(departs)}"]
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
    elif leg.number > 0:
        return  # when exactly the parcel left the stop's hands is not in the row
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
    others = [pair for pair in reader.closed_between(carrier.collection_days, region, first, day) if pair[0] not in dict(closed)]
    if others:
        yield f"{carrier.id} does not collect on {skipped_text(others)} (calendar {carrier.collection_days})"


def _pool(reader: Reader, leg: LegOfRow) -> Iterator[str]:
    room = int(reader.tables.collections.room_idx[leg.collection])
    if room >= 0:
        name = next(pool for (pool, _, _), position in reader.network.pool_rooms.items() if position == room)
        yield f"pool {name}: room for {counted(_free(reader, leg.collection), 'parcel')}, this order has {reader.row[col.PARCELS]}"


def _stopped(reader: Reader, leg: LegOfRow, reached: int) -> Step:
    at = reader.local(reached, reader.zone_of_site(leg.stop))
    site = reader.network.sites[leg.stop]
    model = reader.way.model.legs[leg.number]  # type: ignore[union-attr]
    notes = [transit_text(reader, leg, at.date()), *stop_notes(reader, leg, site.receiving)]
    if model.turnaround:
        notes.append(f"turnaround {duration_text(seconds(model.turnaround))} in receiving hours (calendar {site.receiving})")
    return Step(at, f"reaches {site.id}", tuple(notes))


def stop_notes(reader: Reader, leg: LegOfRow, receiving: str | None) -> Iterator[str]:
    """At which hour a stop or a store takes the parcel in."""
    model = reader.way.model.legs[leg.number]  # type: ignore[union-attr]
    if not isinstance(leg.lane.transit, HourTransit):
        yield "at the leg's arrival time" if model.arrival is not None else f"at the end of receiving hours (calendar {receiving})"


def _arrived(reader: Reader, leg: LegOfRow) -> Step:
    at = reader.local(reader.row[col.ARRIVES], reader.there)
    notes = [transit_text(reader, leg, at.date())]
    if reader.tables.ways.to_store[reader.row[col.WAY]]:
        store = reader.network.sites[int(reader.tables.places.site_idx[reader.place])]
        notes += stop_notes(reader, leg, store.receiving)
    notes += _margins(reader, leg)
    return Step(at, "arrives", tuple(notes))


def _margins(reader: Reader, leg: LegOfRow) -> Iterator[str]:
    if reader.row[col.EFFECTIVE] == reader.row[col.ARRIVES]:
        return
    owners = ((leg.service.id, leg.service), (reader.site.id, reader.site), (f"channel {reader.context.request.channel.id}", reader.context.request.channel))
    parts = []
    for name, owner in owners:
        days, elapsed = owner.safety_margin_days, seconds(owner.safety_margin)  # type: ignore[attr-defined]
        amount = [counted(days, "day")] * bool(days) + [duration_text(elapsed)] * bool(elapsed)
        parts += [f"{' '.join(amount)} of {name}"] if amount else []
    counts = instant_text(reader.local(reader.row[col.EFFECTIVE], reader.there))
    yield f"safety margin {' + '.join(parts)}: delivery counts from {counts}"


def transit_text(reader: Reader, leg: LegOfRow, arrival: date) -> str:
    """Transit of a leg: its length, the dates that do not count, overlays."""
    transit = leg.lane.transit
    day = reader.date_of_day(int(reader.tables.collections.day[leg.collection]))
    if isinstance(transit, HourTransit):
        counted_in = f"in hours of calendar {transit.hours}" if transit.hours else "elapsed"
        overlays = _overlays(reader, leg, day, arrival)
        return f"transit {duration_text(seconds(transit.maximum))} {counted_in}{_early(transit.minimum, transit.maximum)}{overlays}"
    rules = reader.rules(transit.network_days, None) if transit.network_days else None
    counting, skipped = [], []
    date = day + _DAY
    while date <= arrival:
        rule = rules[reader.day_of_date(date)] if rules else None
        if rule is None or rule.is_open:
            counting.append(date)
        else:
            skipped.append((date, why_text(rule.why)))
        date += _DAY
    overlays = _overlays(reader, leg, day, counting[transit.maximum_days - 1] if 0 < transit.maximum_days <= len(counting) else day)
    least = "" if transit.minimum_days in {None, transit.maximum_days} else f" ({transit.minimum_days} at least, for the early end)"
    calendar = f" of calendar {transit.network_days}" if transit.network_days else ""
    skips = f"; skips {skipped_text(skipped)}" if skipped else ""
    return f"transit {counted(transit.maximum_days, 'day')}{calendar} after {day_text(day)}{least}{overlays}{skips}"


def _early(minimum: timedelta | None, maximum: timedelta) -> str:
    return "" if minimum in {None, maximum} else f" ({duration_text(seconds(minimum or maximum))} at least, for the early end)"


def _overlays(reader: Reader, leg: LegOfRow, collected: date, arrival: date) -> str:
    """Overlays that add days: those of the collection date, and those of the arrival date."""
    zone_set = reader.network.zone_sets.get(leg.service.zone_set or "")
    zone = zone_set.zones[leg.zone - 1].id if zone_set and leg.zone else None
    parts = []
    for overlay in leg.service.overlays:
        day = arrival if overlay.keyed_on == "arrival" else collected
        if overlay.add_days and overlay.covers(day) and (overlay.zones is None or zone in overlay.zones):
            parts.append(f"+ {counted(overlay.add_days, 'day')} ({overlay.name or 'overlay'})")
    return " ".join(["", *parts])
