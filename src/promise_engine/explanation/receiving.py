"""The end of the story: delivery days and windows, collection by the shopper, the end of the offer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine.explanation.reader import Reader, Step, delivery_of
from promise_engine.explanation.words import (
    clock_text,
    closing_text,
    day_text,
    duration_text,
    instant_text,
    skipped_text,
    why_text,
)
from promise_engine.units import NEVER, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_DAY = timedelta(days=1)


def receiving_steps(reader: Reader) -> list[Step]:
    """Delivery, collection by the shopper, and until when the offer stands."""
    steps = [_delivered(reader)] if reader.row[col.DELIVER_FROM] >= 0 else []
    if reader.row[col.COLLECT_FROM] >= 0:
        steps.append(_collectable(reader))
    return steps


def _delivered(reader: Reader) -> Step:
    row = reader.row
    start, end = reader.local(row[col.DELIVER_FROM], reader.there), reader.local(row[col.DELIVER_BY], reader.there)
    leg = reader.legs()[-1]
    delivery = delivery_of(leg)
    window = reader.network.windows[row[col.WINDOW]].key
    notes = [f"by {instant_text(end)}: window {window} of {leg.service.id}"]
    if delivery.length is not None:
        length, step = duration_text(seconds(delivery.length)), duration_text(seconds(delivery.step))
        notes.append(f"lasts {length} from the arrival, rounded up to {step}")
    if row[col.NOMINATED]:
        notes.append(f"the {'day' if row[col.NOMINATED] == 1 else 'slot'} that the shopper chooses")
    notes += _skipped_days(reader, start.date())
    if row[col.EARLIEST_FROM] < row[col.DELIVER_FROM] and row[col.COLLECT_FROM] < 0:
        early = instant_text(reader.local(row[col.EARLIEST_FROM], reader.there))
        notes.append(f"with every minimum it could come from {early}")
    return Step(start, "delivered from", tuple(notes))


def _skipped_days(reader: Reader, delivered: date) -> Iterator[str]:
    """Dates from the arrival on without delivery, with the reason of each."""
    delivery = delivery_of(reader.legs()[-1])
    rules = reader.rules(delivery.days, None) if delivery.days else None
    holidays = {} if delivery.on_holidays else reader.holidays_of_target()
    opening = reader.rules(_opening(reader), reader.region_of_target()) if reader.place >= 0 else None
    day, skipped = reader.local(reader.row[col.EFFECTIVE], reader.there).date(), []
    while day < delivered:
        position = reader.day_of_date(day)
        if rules and not rules[position].is_open:
            skipped.append((day, why_text(rules[position].why)))
        elif day in holidays and day not in delivery.worked_holidays:
            skipped.append((day, holidays[day]))
        elif opening and not opening[position].is_open:
            skipped.append((day, "point closed"))
        elif not reader.row[col.NOMINATED]:
            skipped.append((day, "no window left in time or with room"))
        day += _DAY
    if skipped:
        calendar = f" (calendar {delivery.days})" if delivery.days else ""
        yield f"not delivered on {skipped_text(skipped)}{calendar}"


def _opening(reader: Reader) -> str:
    """The calendar of the opening hours of the place."""
    name = reader.network.place_ids[reader.place]
    site = int(reader.tables.places.site_idx[reader.place])
    if site >= 0 and (collection := reader.network.sites[site].store_collection) is not None:
        return collection.opening
    return reader.network.point_of[name].opening


def _collectable(reader: Reader) -> Step:
    row, calendar = reader.row, _opening(reader)
    at = reader.local(row[col.COLLECT_FROM], reader.there)
    name = reader.network.place_ids[reader.place]
    hours = ", ".join(reader.context.opening_hours(reader.place, at.date()))
    notes = [f"{name} is open {hours} on {day_text(at.date())} (calendar {calendar})"]
    notes += _wait(reader, calendar)
    notes += _held(reader, calendar)
    if row[col.EARLIEST_FROM] < row[col.COLLECT_FROM]:
        early = instant_text(reader.local(row[col.EARLIEST_FROM], reader.there))
        notes.append(f"with every minimum it could be there from {early}")
    return Step(at, "to be collected from", tuple(notes))


def _wait(reader: Reader, calendar: str) -> Iterator[str]:
    """What lies between the parcel's being there and the collection: a cut-off, closed dates, the point's hour."""
    row, site = reader.row, reader.store
    since = reader.local(max(_there(reader), row[col.DELIVER_BY]), reader.there)
    cut_off = int(reader.tables.sites.collection_cut_off[site]) if site >= 0 else NEVER
    if cut_off < NEVER:
        yield f"a parcel ready from {clock_text(cut_off)} on waits for the next opening day"
    point = reader.network.point_of.get(reader.network.place_ids[reader.place])
    if point is not None:
        yield (
            "from the end of the delivery window"
            if point.available_from is None
            else f"from {clock_text(point.available_from)} on the delivery day"
        )
    collected = reader.local(row[col.COLLECT_FROM], reader.there).date()
    closed = reader.closed_between(calendar, reader.region_of_target(), since.date(), collected)
    if closed:
        yield f"closed on {skipped_text(closed)}"
    step = int(reader.tables.sites.collection_step[site]) if site >= 0 else 900
    if step > 1:
        yield f"rounded up to {duration_text(step)} inside opening hours"


def _there(reader: Reader) -> int:
    """When the parcel is at its destination and can be given out, whatever the hours there."""
    if not reader.way.services:
        return reader.row[col.READY]
    if reader.tables.ways.to_store[reader.row[col.WAY]]:
        return reader.row[col.STOP_READY + len(reader.way.services) - 1]
    return reader.row[col.EFFECTIVE]


def _held(reader: Reader, calendar: str) -> Iterator[str]:
    site = reader.store
    days = int(reader.tables.sites.hold_days[site] if site >= 0 else reader.tables.places.hold_days[reader.place])
    until = reader.row[col.COLLECT_UNTIL]
    if until < NEVER:
        closes = reader.local(until, reader.there)
        when = closing_text(closes, reader.context.closing_day(reader.place, closes), minutes=True)
        yield f"held until {when}: closing of {_last_day(days)} (calendar {calendar})"


def _last_day(days: int) -> str:
    return f"opening day {days} after that date" if days else "that date"
