"""Calendars: which dates count, and on which hours."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import (
    WEEKDAYS,
    Country,
    DateRange,
    Day,
    Id,
    Model,
    OpenHours,
    Weekday,
    Weekdays,
    weekday_range,
)
from promise_engine.models.recurrence import parse_recurrence

DayHours = tuple[OpenHours, ...]


def _sorted_hours(intervals: DayHours) -> DayHours:
    ordered = tuple(sorted(intervals))
    if any(later.start < earlier.end for earlier, later in zip(ordered, ordered[1:], strict=False)):
        raise PydanticCustomError("hours", "intervals of one day that do not overlap")
    return ordered


class HolidaySource(Model):
    """Where holidays come from: a country of the `holidays` package, or listed dates.

    With `subdivision: place`, the subdivision (Land, canton, Alsace-Moselle...) is the one of the place the
    calendar is used for: the site's, or the destination's, from its postal code; with `country: place`, the
    country too. A calendar used for no place (a carrier's network) has none, and saying so is an error.
    """

    country: Country | Literal["place"] | None = Field(None, description="ISO country, or `place`.")
    subdivision: str | None = Field(None, description="Code that the `holidays` package knows, or `place`.")
    categories: tuple[str, ...] = Field(("public",), description="Categories of the `holidays` package.")
    observed: bool = Field(False, description="Whether a holiday on a weekend also closes its substitute day.")
    except_for: tuple[Day, ...] = Field((), description="Dates of the source that count as ordinary days.")
    dates: dict[Day, str] = Field(default_factory=dict, description="Listed dates with their names.")
    covers: DateRange | None = Field(None, description="Dates for which the list is complete; no end when absent.")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.country is None) == (not self.dates):
            raise PydanticCustomError("holidays", "either a country or listed dates")
        if self.country is None and self.subdivision is not None:
            raise PydanticCustomError("holidays", "a subdivision only together with a country")
        if self.country == "place" and self.subdivision not in {None, "place"}:
            raise PydanticCustomError("holidays", "`subdivision: place`, or none, with `country: place`")
        return self


class CalendarException(DateRange):
    """What is different on a range of dates.

    `closed` closes them. `open` opens them, on the given `hours` where the calendar has hours. `hours` alone
    changes the hours of the dates that are open anyway. Precedence on one date: a closure, then an opening,
    then a holiday, then the weekday; of two ranges of the same effect the shorter wins, and two of equal length
    that overlap are an error.
    """

    effect: Literal["closed", "open", "hours"] = Field(description="What happens on these dates.")
    hours: DayHours | None = Field(None, description="Hours on these dates, for `open` and `hours`.")
    weekdays: Weekdays | None = Field(None, description="Only these weekdays of the range; all when not given.")
    name: str = Field("", description="The reason, as shown by `promise-engine calendar`.")

    @field_validator("hours")
    @classmethod
    def _no_overlap(cls, value: DayHours | None) -> DayHours | None:
        return None if value is None else _sorted_hours(value)

    @model_validator(mode="after")
    def _hours_fit(self) -> Self:
        if self.effect == "closed" and self.hours is not None:
            raise PydanticCustomError("exception", "no hours on a closure")
        if self.effect == "hours" and not self.hours:
            raise PydanticCustomError("exception", "the hours that change")
        return self


class Calendar(Model):
    """A day calendar (which dates count) and, when it has `hours`, a working-time calendar.

    A date counts when its weekday (or the recurrence) says so, no holiday falls on it, and no exception says
    otherwise. Hours are wall-clock times of the place that uses the calendar and belong to the date they start
    on. `all_of` and `any_of` combine other calendars, date by date: open when all, or any, are open, on the
    intersection, or the union, of their hours; a member without hours leaves the hours to the others. The own
    rules of a combined calendar are exceptions only, applied on top.

    Examples
    --------
    >>> calendar = Calendar(id="shop", hours={"mon-fri": ["09:00-12:00", "14:00-18:00"]})
    >>> calendar.open_weekdays
    ('mon', 'tue', 'wed', 'thu', 'fri')
    """

    id: Id
    name: str = ""
    weekdays: Weekdays | None = Field(None, description="Weekdays that count; default: those with hours, else all.")
    recurrence: str | None = Field(
        None,
        description="RFC 5545 rule instead of weekdays: DTSTART, RRULE by days or longer, RDATE, EXDATE. Its dates are "
        "those of the place; times of day and time zones in it play no part.",
    )
    hours: dict[Weekday, DayHours] | None = Field(None, description="Opening hours by weekday or range of weekdays.")
    holidays: tuple[HolidaySource, ...] = Field((), description="Holidays that close.")
    exceptions: tuple[CalendarException, ...] = ()
    all_of: tuple[Id, ...] = Field((), description="Open when all of these are open.")
    any_of: tuple[Id, ...] = Field((), description="Open when any of these is open.")

    @field_validator("hours", mode="before")
    @classmethod
    def _by_weekday(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        spread: dict[str, Any] = {}
        for key, intervals in value.items():
            days = weekday_range(key) if isinstance(key, str) else None
            if days is None or any(day in spread for day in days):
                raise PydanticCustomError("hours", "each weekday once, as mon, mon-fri or daily")
            spread.update(dict.fromkeys(days, intervals))
        return {day: spread[day] for day in WEEKDAYS if day in spread}

    @field_validator("hours")
    @classmethod
    def _no_overlap(cls, value: dict[Weekday, DayHours] | None) -> dict[Weekday, DayHours] | None:
        return None if value is None else {day: _sorted_hours(intervals) for day, intervals in value.items()}

    @field_validator("recurrence")
    @classmethod
    def _is_rule(cls, value: str | None) -> str | None:
        if value is not None:
            parse_recurrence(value)
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.all_of and self.any_of:
            raise PydanticCustomError("calendar", "all_of or any_of, not both")
        if (self.all_of or self.any_of) and (self.weekdays or self.recurrence or self.hours or self.holidays):
            raise PydanticCustomError("calendar", "only exceptions beside all_of or any_of")
        if self.recurrence and self.weekdays:
            raise PydanticCustomError("calendar", "weekdays or a recurrence, not both")
        if self.hours is not None and any(e.effect == "open" and not e.hours for e in self.exceptions):
            raise PydanticCustomError("calendar", "hours on every opening, because the calendar has hours")
        return self

    @property
    def open_weekdays(self) -> tuple[Weekday, ...]:
        """Weekdays that count before holidays and exceptions."""
        if self.weekdays is not None:
            return self.weekdays
        return WEEKDAYS if self.hours is None else tuple(day for day in WEEKDAYS if self.hours.get(day))
