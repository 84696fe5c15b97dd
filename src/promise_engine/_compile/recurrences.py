"""The dates of a recurrence, by arrays over the dates from its start on: never more work than these have days."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine.units import date_of, day_number

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from promise_engine.models.recurrence import NthWeekday, Recurrence, RecurrenceRule

    Days = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_WEEK = 7
_MONDAY = 4  # 1970-01-05, as a day number


def recurring_dates(recurrence: Recurrence, last: date) -> frozenset[date]:
    """The dates of a recurrence up to one, included.

    Examples
    --------
    >>> from datetime import date
    >>> from promise_engine.models.recurrence import parse_recurrence
    >>> rule = parse_recurrence("DTSTART:20260101 RRULE:FREQ=MONTHLY;BYDAY=-1FR")
    >>> sorted(recurring_dates(rule, date(2026, 3, 1)))
    [datetime.date(2026, 1, 30), datetime.date(2026, 2, 27)]
    """
    found = {day for day in recurrence.added if day <= last}
    for rule in recurrence.rules:
        found.update(map(date_of, _days_of(rule, recurrence.start, last).tolist()))
    return frozenset(found - recurrence.left_out)


def _days_of(rule: RecurrenceRule, start: date, last: date) -> Days:
    """The day numbers of a rule, in order."""
    until = last if rule.until is None else min(rule.until, last)
    if until < start:
        return np.zeros(0, np.int64)
    # Whole years, and the weeks over their ends: BYSETPOS counts in whole periods.
    days = np.arange(
        day_number(start.replace(month=1, day=1)) - _WEEK, day_number(until.replace(month=12, day=31)) + _WEEK + 1
    )
    dates = _dates(days)
    period = _periods(rule, dates)
    begun = period[day_number(start) - days[0]]
    on = ((period - begun) % rule.interval == 0) & _matches(rule, start, dates)
    if rule.positions:
        on[on] = _at(rule.positions, period[on])
    on &= (days >= day_number(start)) & (days <= day_number(until))
    found: Days = days[on][: rule.most]
    return found


class _Dates(NamedTuple):
    """Dates taken apart, each number a column."""

    days: Days
    weekday: Days  # Monday 0
    month_number: Days  # since 1970
    year: Days
    month_day: Days  # from 1
    month_length: Days
    year_day: Days  # from 1
    year_length: Days


def _dates(days: Days) -> _Dates:
    dates = days.astype("datetime64[D]")
    months, years = dates.astype("datetime64[M]"), dates.astype("datetime64[Y]")
    month_first, month_after = (_first_days(months + i) for i in range(2))
    year_first, year_after = (_first_days(years + i) for i in range(2))
    return _Dates(
        days,
        (days - _MONDAY) % _WEEK,
        months.astype(np.int64),
        years.astype(np.int64),
        days - month_first + 1,
        month_after - month_first,
        days - year_first + 1,
        year_after - year_first,
    )


def _first_days(periods: NDArray[np.datetime64]) -> Days:
    return periods.astype("datetime64[D]").astype(np.int64)


def _periods(rule: RecurrenceRule, dates: _Dates) -> Days:
    """The number of the period of the rule's frequency that each date lies in."""
    return {
        "DAILY": dates.days,
        "WEEKLY": (dates.days - _MONDAY - rule.week_start) // _WEEK,
        "MONTHLY": dates.month_number,
        "YEARLY": dates.year,
    }[rule.frequency]


def _matches(rule: RecurrenceRule, start: date, dates: _Dates) -> Mask:
    """Whether each date is in all BY parts; without one that names days, those of the start are meant."""
    months, month_days, weekdays = rule.months, rule.month_days, {day.weekday for day in rule.weekdays if day.nth == 0}
    if not (rule.weeks or rule.year_days or month_days or rule.weekdays):
        if rule.frequency == "YEARLY":
            months = months or (start.month,)
        if rule.frequency in {"YEARLY", "MONTHLY"}:
            month_days = (start.day,)
        if rule.frequency == "WEEKLY":
            weekdays = {start.weekday()}
    on = np.ones(len(dates.days), np.bool_)
    if months:
        on &= np.isin(dates.month_number % 12 + 1, months)
    if rule.weeks:
        on &= _one_of(rule.weeks, *_weeks(dates, rule.week_start))
    if rule.year_days:
        on &= _one_of(rule.year_days, dates.year_day, dates.year_length)
    if month_days:
        on &= _one_of(month_days, dates.month_day, dates.month_length)
    if weekdays or rule.weekdays:
        nth = [day for day in rule.weekdays if day.nth]
        on &= np.isin(dates.weekday, list(weekdays)) | _nth_weekdays(nth, _by_year(rule), dates)
    return on


def _by_year(rule: RecurrenceRule) -> bool:
    """Whether the n-th weekdays are those of the year, and not of the month."""
    return rule.frequency == "YEARLY" and not rule.months


def _one_of(wanted: tuple[int, ...], number: Days, length: Days) -> Mask:
    """Whether a number from 1 to a length, or the same from the end below zero, is wanted."""
    return np.isin(number, wanted) | np.isin(number - length - 1, wanted)


def _weeks(dates: _Dates, week_start: int) -> tuple[Days, Days]:
    """The number of each date's week, and how many weeks the year of that week has; it is the year of its middle."""
    middle = _dates(dates.days - (dates.weekday - week_start) % _WEEK + 3)
    number = (middle.year_day - 1) // _WEEK + 1
    return number, number + (middle.year_length - middle.year_day) // _WEEK


def _nth_weekdays(wanted: list[NthWeekday], in_year: bool, dates: _Dates) -> Mask:
    number, length = (dates.year_day, dates.year_length) if in_year else (dates.month_day, dates.month_length)
    forward, backward = (number - 1) // _WEEK + 1, -((length - number) // _WEEK) - 1
    on = np.zeros(len(dates.days), np.bool_)
    for nth, weekday in wanted:
        on |= (dates.weekday == weekday) & ((forward == nth) | (backward == nth))
    return on


def _at(positions: tuple[int, ...], period: Days) -> Mask:
    """Whether each of some dates stands at one of the positions among those of its period."""
    first = np.searchsorted(period, period, side="left")
    length = np.searchsorted(period, period, side="right") - first
    return _one_of(positions, np.arange(len(period)) - first + 1, length)
