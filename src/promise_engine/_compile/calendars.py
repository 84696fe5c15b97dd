"""What a calendar says of each date, with the reason."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._compile.recurrences import recurring_dates
from promise_engine.models._base import WEEKDAYS, Hours
from promise_engine.models.recurrence import parse_recurrence
from promise_engine.units import DAY_SECONDS, date_of, day_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from promise_engine._compile.almanac import Almanac
    from promise_engine.models._base import Weekday
    from promise_engine.models.working_time import Calendar, CalendarException, HolidaySource


_WEEKDAY_OF_DAY_ZERO = date_of(0).weekday()


class Region(NamedTuple):
    """Where holidays bite: a country and a subdivision of the `holidays` package."""

    country: str
    subdivision: str | None


class HolidayKey(NamedTuple):
    """The holidays of one year: what the `holidays` package is asked for."""

    country: str
    subdivision: str | None
    categories: tuple[str, ...]
    observed: bool
    year: int


class DayRule(NamedTuple):
    """What a calendar says of one date. `hours` is None when the calendar has no hours; `exceptional` when an
    exception or a holiday decided."""

    is_open: bool
    hours: tuple[Hours, ...] | None
    why: str
    exceptional: bool


class Period(NamedTuple):
    """The dates a compilation covers: `day_count` days from day number `first_day`."""

    first_day: int
    day_count: int

    @property
    def dates(self) -> tuple[date, ...]:
        """Every date of the period."""
        return _dates(self.first_day, self.day_count)

    @property
    def numbers(self) -> np.ndarray:
        """Day number of each date."""
        return np.arange(self.first_day, self.first_day + self.day_count)

    @property
    def weekdays(self) -> np.ndarray:
        """Weekday of each date, Monday 0."""
        return (self.numbers + _WEEKDAY_OF_DAY_ZERO) % 7

    @property
    def clock_range(self) -> tuple[int, int]:
        """The instants between which clocks must be known: two days more on either side."""
        first = (self.first_day - 2) * DAY_SECONDS
        return first, first + (self.day_count + 4) * DAY_SECONDS

    def position(self, day: date) -> int:
        """Where a date stands, before or after the period too."""
        return day_number(day) - self.first_day

    def holds(self, dates: Iterable[date]) -> np.ndarray:
        """Which dates of the period are among some dates."""
        result = np.zeros(self.day_count, bool)
        positions = [self.position(day) for day in dates]
        result[[position for position in positions if 0 <= position < self.day_count]] = True
        return result

    def within(self, first: date | None, last: date | None) -> slice:
        """The positions of a range of dates, both ends included, an open end without one."""
        start = 0 if first is None else max(0, self.position(first))
        return slice(start, self.day_count if last is None else max(start, self.position(last) + 1))

    def listed(
        self, weekdays: Collection[str], dates: Collection[date] | None, first: date | None, last: date | None
    ) -> np.ndarray:
        """Which dates are on some weekdays, or listed instead of them, and inside a range."""
        by_weekday = np.array([name in weekdays for name in WEEKDAYS])
        on = by_weekday[self.weekdays] if dates is None else self.holds(dates)
        result = np.zeros(self.day_count, bool)
        inside = self.within(first, last)
        result[inside] = on[inside]
        return result


@lru_cache(maxsize=8)
def _dates(first_day: int, day_count: int) -> tuple[date, ...]:
    first = date_of(first_day)
    return tuple(first + timedelta(days=i) for i in range(day_count))


def holiday_keys(source: HolidaySource, region: Region | None, period: Period) -> list[HolidayKey]:
    """What a source asks of the `holidays` package for a place, year by year; nothing when it lists its dates."""
    country = source.country
    if country == "place":
        country = region.country if region else None
    if country is None:
        return []
    subdivision = source.subdivision
    if subdivision == "place":
        subdivision = region.subdivision if region and region.country == country else None
    years = range(period.dates[0].year, period.dates[-1].year + 1)
    return [HolidayKey(country, subdivision, source.categories, source.observed, year) for year in years]


def holiday_names(source: HolidaySource, region: Region | None, period: Period, almanac: Almanac) -> dict[date, str]:
    """Dates on which a source has a holiday, at least those of the period, with the names.

    A country that the `holidays` package does not know has none; a country of a source is checked when the
    network loads, one of a destination cannot be.
    """
    names = dict(source.dates)
    for key in holiday_keys(source, region, period):
        names |= almanac.holidays(key)
    return {day: name for day, name in names.items() if day not in source.except_for}


def sources_at(sources: Sequence[HolidaySource], region: Region) -> list[HolidaySource]:
    """Those of the sources for destinations that bite in a region: a source that names a country bites there."""
    return [source for source in sources if source.country in {None, "place", region.country}]


def holidays_at(sources: Sequence[HolidaySource], region: Region, period: Period, almanac: Almanac) -> dict[date, str]:
    """Holidays of a destination in a region, with the names."""
    named: dict[date, str] = {}
    for source in sources_at(sources, region):
        named |= holiday_names(source, region, period, almanac)
    return named


def _by_date(exceptions: Sequence[CalendarException], effect: str, period: Period) -> dict[date, CalendarException]:
    """The exception of one effect that holds on each date: the shortest."""
    chosen: dict[date, CalendarException] = {}
    first, last = period.dates[0], period.dates[-1]
    for exception in sorted((e for e in exceptions if e.effect == effect), key=lambda e: -e.length):
        day, end = max(first, exception.first), min(last, exception.end)
        while day <= end:
            if exception.weekdays is None or WEEKDAYS[day.weekday()] in exception.weekdays:
                chosen[day] = exception
            day += timedelta(days=1)
    return chosen


class CalendarDays:
    """A calendar resolved for one place over a period: one `DayRule` a date."""

    def __init__(
        self,
        calendar: Calendar,
        calendars: Mapping[str, Calendar],
        region: Region | None,
        period: Period,
        almanac: Almanac,
    ) -> None:
        self.calendar = calendar
        self.holiday_keys = [key for source in calendar.holidays for key in holiday_keys(source, region, period)]
        self._closed = _by_date(calendar.exceptions, "closed", period)
        self._opened = _by_date(calendar.exceptions, "open", period)
        self._changed = _by_date(calendar.exceptions, "hours", period)
        self._holidays: dict[date, str] = {}
        for source in calendar.holidays:
            self._holidays |= holiday_names(source, region, period, almanac)
        members = calendar.all_of or calendar.any_of
        self._members = [CalendarDays(calendars[name], calendars, region, period, almanac) for name in members]
        self.holiday_keys += [key for member in self._members for key in member.holiday_keys]
        self.has_hours: bool = calendar.hours is not None or any(member.has_hours for member in self._members)
        self.rules = self._combined() if self._members else self._ordinary(period)
        for day in {*self._closed, *self._opened, *self._changed, *self._holidays}:
            position = period.position(day)
            if 0 <= position < period.day_count:
                self.rules[position] = self._exceptional(day, self.rules[position])
        self.is_open = np.array([rule.is_open for rule in self.rules], np.uint8)

    def _recurrence(self, period: Period) -> frozenset[date] | None:
        if self.calendar.recurrence is None:
            return None
        return recurring_dates(parse_recurrence(self.calendar.recurrence), period.dates[-1])

    def _ordinary(self, period: Period) -> list[DayRule]:
        """What the weekday says, or the recurrence."""
        recurring = self._recurrence(period)
        if recurring is None:
            worked = frozenset(self.calendar.open_weekdays)
            week = [self._weekly(name, name in worked, name) for name in WEEKDAYS]
            return [week[weekday] for weekday in period.weekdays.tolist()]
        other = "not in the recurrence"
        on, off = ([self._weekly(name, counts, other) for name in WEEKDAYS] for counts in (True, False))
        return [(on if day in recurring else off)[day.weekday()] for day in period.dates]

    def _weekly(self, weekday: Weekday, counts: bool, closed_by: str) -> DayRule:
        hours = None if self.calendar.hours is None else self.calendar.hours.get(weekday, ())
        if counts and hours != ():
            return DayRule(True, hours, weekday, False)
        return DayRule(False, hours and (), closed_by, False)

    def _combined(self) -> list[DayRule]:
        known: dict[tuple[DayRule, ...], DayRule] = {}
        result = []
        for rules in zip(*(member.rules for member in self._members), strict=True):
            if rules not in known:
                known[rules] = self._combination(rules)
            result.append(known[rules])
        return result

    def _combination(self, rules: tuple[DayRule, ...]) -> DayRule:
        if self.calendar.any_of:
            rules = tuple(rule for rule in rules if rule.is_open) or rules
        is_open = all(rule.is_open for rule in rules)
        timed = [rule.hours for rule in rules if rule.hours is not None]
        hours = (united(timed) if self.calendar.any_of else common(timed)) if timed else None
        why = "; ".join(dict.fromkeys(rule.why for rule in rules if rule.is_open == is_open))
        if is_open and hours == ():
            return DayRule(False, (), "no common hours", False)
        return DayRule(
            is_open, hours if is_open else (() if timed else None), why, any(rule.exceptional for rule in rules)
        )

    def _exceptional(self, day: date, ordinary: DayRule) -> DayRule:
        """What holds on a date that an exception or a holiday names."""
        empty = () if self.has_hours else None
        if day in self._closed:
            return DayRule(False, empty, self._closed[day].name or "closed", True)
        if day in self._opened:
            opening = self._opened[day]
            return DayRule(True, opening.hours if self.has_hours else None, opening.name or "opened", True)
        if day in self._holidays:
            return DayRule(False, empty, self._holidays[day], True)
        if not ordinary.is_open:
            return ordinary
        changed = self._changed[day]
        return DayRule(True, changed.hours, changed.name or "other hours", True)


def common(groups: Sequence[tuple[Hours, ...]]) -> tuple[Hours, ...]:
    """Hours that lie in every group.

    Examples
    --------
    >>> common([(Hours(0, 10),), (Hours(5, 20),)])
    (Hours(start=5, end=10),)
    """
    result = groups[0]
    for group in groups[1:]:
        pairs = [(max(a.start, b.start), min(a.end, b.end)) for a in result for b in group]
        result = tuple(sorted(Hours(start, end) for start, end in pairs if start < end))
    return result


def united(groups: Sequence[tuple[Hours, ...]]) -> tuple[Hours, ...]:
    """Hours that lie in any group, merged where they touch.

    Examples
    --------
    >>> united([(Hours(0, 10),), (Hours(5, 20),)])
    (Hours(start=0, end=20),)
    """
    merged: list[Hours] = []
    for hours in sorted(hours for group in groups for hours in group):
        if merged and hours.start <= merged[-1].end:
            merged[-1] = Hours(merged[-1].start, max(merged[-1].end, hours.end))
        else:
            merged.append(hours)
    return tuple(merged)
