"""Which dates the tables of a network cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine._compile.calendars import Period
from promise_engine.units import day_number

if TYPE_CHECKING:
    from datetime import date

    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.working_time import Calendar

_DAYS_BEFORE, _DAYS_AFTER = 30, 14


def period_of(model: NetworkDocument, placed: tuple[date, date]) -> Period:
    """The dates that tables must cover: those of orders, the horizon, and what lies around a promise."""
    openings = {calendar.id: calendar for calendar in model.calendars}
    held = [(point.opening, point.hold_days) for point in model.pickup_points]
    held += [(s.store_collection.opening, s.store_collection.hold_days) for s in model.sites if s.store_collection]
    holding = max((_days_of_holding(openings[name], days) for name, days in set(held)), default=0)
    first = day_number(placed[0]) - _DAYS_BEFORE
    last = day_number(placed[1]) + model.settings.horizon_days + _DAYS_AFTER + holding
    return Period(first, last - first + 1)


def _days_of_holding(opening: Calendar, hold_days: int) -> int:
    """Dates in which a place certainly has so many opening days."""
    if opening.hours is None or opening.recurrence is not None:
        return 10 * hold_days
    closed = sum(exception.length for exception in opening.exceptions if exception.effect == "closed")
    return hold_days * 7 // max(1, len(opening.open_weekdays)) + min(closed, 120) + 28
