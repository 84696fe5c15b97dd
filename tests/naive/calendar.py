"""Which dates count, and on which hours: one calendar as it is used at one place."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import holidays as holidays_package
from dateutil.rrule import rrulestr

from promise_engine.models._base import WEEKDAYS

from .clock import ONE_DAY, dates, local_date, wall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from promise_engine.models.working_time import Calendar, CalendarException, HolidaySource

Intervals = tuple[tuple[int, int], ...]
"""Of one date: start and end in seconds after midnight (wall clock), or as instants."""


class HolidayPlace(NamedTuple):
    """Where `place` holiday sources look: a country and its subdivision."""

    country: str
    subdivision: str | None


NOWHERE = HolidayPlace("", None)


@lru_cache(maxsize=4_096)
def _public_holidays(
    country: str, subdivision: str | None, categories: tuple[str, ...], *, observed: bool
) -> Mapping[date, str]:
    try:
        known = holidays_package.country_holidays(country)
    except NotImplementedError:
        return {}
    part = subdivision if subdivision in known.subdivisions else None
    kinds = tuple(kind for kind in categories if kind in known.supported_categories)
    if not kinds:
        return {}
    return holidays_package.country_holidays(country, subdiv=part, observed=observed, categories=kinds)


def is_holiday(source: HolidaySource, day: date, place: HolidayPlace) -> bool:
    """Whether a source has a holiday on a date, for a place."""
    if day in source.except_for:
        return False
    if day in source.dates:
        return True
    country = place.country if source.country == "place" else source.country
    if not country:
        return False
    subdivision = place.subdivision if source.subdivision == "place" else source.subdivision
    return day in _public_holidays(country, subdivision, source.categories, observed=source.observed)


class _Recurrence:
    """The dates of an RFC 5545 rule, listed as far as anybody asked."""

    def __init__(self, rule: str) -> None:
        self.upcoming: Iterator[datetime] = iter(rrulestr(rule))
        self.listed: set[date] = set()
        self.last: date | None = None
        self.ended = False

    def holds(self, day: date) -> bool:
        while not self.ended and (self.last is None or self.last <= day):
            following = next(self.upcoming, None)
            if following is None:
                self.ended = True
            else:
                self.last = following.date()
                self.listed.add(self.last)
        return day in self.listed


@lru_cache(maxsize=1_024)
def _recurrence(rule: str) -> _Recurrence:
    return _Recurrence(rule)


def _shortest(exceptions: tuple[CalendarException, ...], effect: str, day: date) -> CalendarException | None:
    fitting = [
        e for e in exceptions
        if e.effect == effect and e.covers(day) and (e.weekdays is None or WEEKDAYS[day.weekday()] in e.weekdays)
    ]  # fmt: skip
    return min(fitting, key=lambda e: e.length, default=None)


def _intersection(some: Intervals, others: Intervals) -> Intervals:
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return tuple(sorted((start, end) for start, end in pairs if start < end))


def _union(intervals: Intervals) -> Intervals:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


class DayCalendar:
    """One calendar at one place, date by date."""

    def __init__(self, calendars: Mapping[str, Calendar], calendar_id: str, place: HolidayPlace) -> None:
        self.calendar = calendars[calendar_id]
        self.place = place
        self.members: list[DayCalendar] = [
            DayCalendar(calendars, member, place) for member in self.calendar.all_of or self.calendar.any_of
        ]
        self.has_hours: bool = self.calendar.hours is not None or any(member.has_hours for member in self.members)
        self._known: dict[date, Intervals | None] = {}

    def hours(self, day: date) -> Intervals | None:
        """The hours of a date: None when it is closed, nothing when it is open in a calendar without hours."""
        if day not in self._known:
            self._known[day] = self._hours(day)
        return self._known[day]

    def is_open(self, day: date) -> bool:
        """Whether the date counts."""
        return self.hours(day) is not None

    def _hours(self, day: date) -> Intervals | None:
        exceptions = self.calendar.exceptions
        if _shortest(exceptions, "closed", day):
            return None
        opening = _shortest(exceptions, "open", day)
        if opening:
            found = tuple((h.start, h.end) for h in opening.hours or ())
            return found or (self._ordinary(day) or () if self.has_hours else ()) or self._none_left()
        if any(is_holiday(source, day, self.place) for source in self.calendar.holidays):
            return None
        ordinary = self._ordinary(day)
        change = _shortest(exceptions, "hours", day)
        if ordinary is not None and change and change.hours and self.has_hours:
            return tuple((h.start, h.end) for h in change.hours)
        return ordinary

    def _none_left(self) -> Intervals | None:
        return None if self.has_hours else ()

    def _ordinary(self, day: date) -> Intervals | None:
        """The hours of the date by weekday, recurrence or members, without exceptions and holidays."""
        if self.members:
            return self._combined(day)
        calendar = self.calendar
        weekday = WEEKDAYS[day.weekday()]
        counts = (
            _recurrence(calendar.recurrence).holds(day) if calendar.recurrence else weekday in calendar.open_weekdays
        )
        if not counts:
            return None
        if calendar.hours is None:
            return ()
        return tuple((h.start, h.end) for h in calendar.hours.get(weekday, ())) or None

    def _combined(self, day: date) -> Intervals | None:
        found = [(member.has_hours, member.hours(day)) for member in self.members]
        of_open = [(has_hours, hours) for has_hours, hours in found if hours is not None]
        if not of_open or (self.calendar.all_of and len(of_open) < len(found)):
            return None
        if not self.has_hours:
            return ()
        with_hours = [hours for has_hours, hours in of_open if has_hours]
        if self.calendar.any_of:
            return _union(tuple(interval for hours in with_hours for interval in hours)) or None
        common = with_hours[0]
        for hours in with_hours[1:]:
            common = _intersection(common, hours)
        return common or None


class WorkingTime:
    """A calendar with hours at a place with a clock: instants instead of wall-clock times."""

    def __init__(self, days: DayCalendar, zone: ZoneInfo) -> None:
        self.days = days
        self.zone = zone
        self._known: dict[date, Intervals] = {}

    def intervals(self, day: date) -> Intervals:
        """The open intervals of a date, as instants; those that a clock change leaves empty do not exist."""
        if day not in self._known:
            walls = self.days.hours(day) or ()
            read = ((wall(day, start, self.zone), wall(day, end, self.zone)) for start, end in walls)
            self._known[day] = tuple(sorted((start, end) for start, end in read if start < end))
        return self._known[day]

    def is_open(self, day: date) -> bool:
        """Whether the date is open."""
        return bool(self.intervals(day))

    def opening(self, day: date) -> int:
        """The first start of an open date."""
        return self.intervals(day)[0][0]

    def closing(self, day: date) -> int:
        """The last end of an open date."""
        return max(end for _, end in self.intervals(day))

    def date_of(self, at: int) -> date | None:
        """The date to which an open instant belongs: the earlier, when it lies in the intervals of two."""
        today = local_date(at, self.zone)
        for day in (today - ONE_DAY, today):
            if any(start <= at < end for start, end in self.intervals(day)):
                return day
        return None

    def next_open(self, at: int, before: int) -> int | None:
        """The first open instant not before `at`, if there is one before the limit."""
        for start, end in self._from(at, before):
            if end > at:
                return max(start, at) if max(start, at) < before else None
        return None

    def add_working(self, at: int, seconds: int, before: int) -> int | None:
        """The instant when so much open time has passed since `at`, if it comes before the limit."""
        if seconds == 0:
            return at if at < before else None
        worked_until, left = at, seconds
        for start, end in self._from(at, before):
            begin = max(start, worked_until)
            if end <= begin:
                continue
            if end - begin >= left:
                return begin + left if begin + left < before else None
            left -= end - begin
            worked_until = end
        return None

    def _from(self, at: int, before: int) -> Iterator[tuple[int, int]]:
        """The intervals of the dates around `at` and later, in order, until they start after the limit."""
        for day in dates(local_date(at, self.zone) - ONE_DAY, local_date(before, self.zone)):
            yield from self.intervals(day)

    def following(self, day: date, last: date) -> Iterator[date]:
        """The open dates strictly after a date, up to the last."""
        return (later for later in dates(day + ONE_DAY, last) if self.is_open(later))
