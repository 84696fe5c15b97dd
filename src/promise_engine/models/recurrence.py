"""Recurrences: the part of RFC 5545 that says on which dates something happens."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Literal, NamedTuple, NoReturn, get_args

from pydantic_core import PydanticCustomError

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST = 2_000
_YEARS = range(1900, 2101)
_SHAPE = "an RFC 5545 rule such as 'DTSTART:20260105 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO'"
_BY_DAYS = "a rule that says its DTSTART and repeats by days or longer"
_LISTS = {
    "BYMONTH": (1, 12),
    "BYWEEKNO": (-53, 53),
    "BYYEARDAY": (-366, 366),
    "BYMONTHDAY": (-31, 31),
    "BYSETPOS": (-366, 366),
}
_BY = {*_LISTS, "BYDAY"}
_CLOCK = {"BYHOUR", "BYMINUTE", "BYSECOND"}
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
_WEEKDAY = re.compile(r"([+-]?[0-9]{1,2})?([A-Z]{2})")
_MOMENT = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T([0-9]{2}):?([0-9]{2})(?::?([0-9]{2}))?(Z)?)?", re.IGNORECASE
)


class NthWeekday(NamedTuple):
    """A weekday (Monday 0), each one of the period when `nth` is 0, else the n-th, from the end when negative."""

    nth: int
    weekday: int


class RecurrenceRule(NamedTuple):
    """One RRULE, in dates; what is empty does not restrict."""

    frequency: Frequency
    interval: int
    most: int | None  # dates from the start on
    until: date | None  # last date, included
    week_start: int  # Monday 0
    months: tuple[int, ...]
    weeks: tuple[int, ...]
    year_days: tuple[int, ...]
    month_days: tuple[int, ...]
    weekdays: tuple[NthWeekday, ...]
    positions: tuple[int, ...]


class Recurrence(NamedTuple):
    """A recurrence from its first date on: the dates of its rules and those added, less those left out."""

    start: date
    rules: tuple[RecurrenceRule, ...]
    added: frozenset[date]
    left_out: frozenset[date]


class _Moment(NamedTuple):
    day: date
    clock: time | None
    is_utc: bool


class _Start(NamedTuple):
    moment: _Moment
    has_zone: bool


def parse_recurrence(text: str) -> Recurrence:
    """The recurrence of an RFC 5545 text: properties separated by white space, DTSTART among them.

    A calendar counts dates, those of the place that uses it. Times of day and a TZID are therefore read and play no
    part, except that an UNTIL with a time of day before that of DTSTART ends on the date before.

    Raises
    ------
    PydanticCustomError
        With what is expected, in words.

    Examples
    --------
    >>> parse_recurrence("DTSTART;TZID=Europe/Paris:20260105T080000 RRULE:FREQ=WEEKLY;INTERVAL=2").rules[0].interval
    2

    """
    if len(text) > _LONGEST:
        _refuse(f"a recurrence of at most {_LONGEST:,} characters")
    properties = [_property(line) for line in text.split()]
    starts = [_start(named, value) for name, named, value in properties if name == "DTSTART"]
    if len(starts) != 1:
        _refuse("a recurrence with one DTSTART" if starts else _BY_DAYS)
    rules: list[RecurrenceRule] = []
    dates: dict[str, set[date]] = {"RDATE": set(), "EXDATE": set()}
    for name, named, value in properties:
        if name == "RRULE":
            rules.append(_rule(value, starts[0]))
        elif name in dates:
            _has_zone(named)
            dates[name].update(_moment(part, name).day for part in value.split(","))
    if not rules and not dates["RDATE"]:
        _refuse("a recurrence with an RRULE, or RDATEs")
    return Recurrence(starts[0].moment.day, tuple(rules), frozenset(dates["RDATE"]), frozenset(dates["EXDATE"]))


def _refuse(words: str) -> NoReturn:
    raise PydanticCustomError("recurrence", words)


def _property(line: str) -> tuple[str, list[str], str]:
    """Name, parameters and value; a rule may stand without its name."""
    head, colon, value = line.partition(":")
    if not colon and "=" in line:
        head, value = "RRULE", line
    name, *named = head.upper().split(";")
    if name == "EXRULE":
        _refuse("no EXRULE, which RFC 5545 has no more: EXDATEs, or exceptions of the calendar")
    if name not in {"DTSTART", "RRULE", "RDATE", "EXDATE"} or not value or (name == "RRULE" and named):
        _refuse(_SHAPE)
    return name, named, value.upper()


def _has_zone(named: list[str]) -> bool:
    """Whether the parameters of dates name a time zone."""
    for parameter in named:
        if parameter not in {"VALUE=DATE", "VALUE=DATE-TIME"} and not re.fullmatch(r"TZID=\S+", parameter):
            _refuse("dates, with VALUE=DATE, VALUE=DATE-TIME or a TZID")
    return any(parameter.startswith("TZID=") for parameter in named)


def _start(named: list[str], value: str) -> _Start:
    return _Start(_moment(value, "DTSTART"), _has_zone(named))


def _moment(text: str, name: str) -> _Moment:
    words = f"{name} as a date between {_YEARS[0]} and {_YEARS[-1]}, such as 20260105 or 20260105T080000"
    match = _MOMENT.fullmatch(text)
    if match is None:
        _refuse(words)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = _Moment(date(year, month, day), time(hour, minute, second) if match[4] else None, bool(match[7]))
    except ValueError:
        _refuse(words)
    if year not in _YEARS:
        _refuse(words)
    return moment


def _rule(text: str, start: _Start) -> RecurrenceRule:
    parts = _parts(text)
    if parts.get("FREQ") not in get_args(Frequency):
        _refuse(_BY_DAYS)
    if {"COUNT", "UNTIL"} <= parts.keys():
        _refuse("a rule with COUNT or UNTIL, not both")
    if "BYSETPOS" in parts and len(_BY & parts.keys()) == 1:
        _refuse("BYSETPOS beside another BY part, to choose from its dates")
    lists = {name: _listed(parts, name) for name in _LISTS}
    weekdays = tuple(_weekday(part, parts) for part in parts["BYDAY"].split(",")) if "BYDAY" in parts else ()
    return RecurrenceRule(
        frequency=parts["FREQ"],  # type: ignore[arg-type]
        interval=_number(parts["INTERVAL"], "INTERVAL", 1, 9_999) if "INTERVAL" in parts else 1,
        most=_number(parts["COUNT"], "COUNT", 1, 9_999) if "COUNT" in parts else None,
        until=_last(_moment(parts["UNTIL"], "UNTIL"), start) if "UNTIL" in parts else None,
        week_start=_DAYS.index(_one_weekday(parts.get("WKST", "MO"), "WKST")),
        months=lists["BYMONTH"],
        weeks=lists["BYWEEKNO"],
        year_days=lists["BYYEARDAY"],
        month_days=lists["BYMONTHDAY"],
        weekdays=weekdays,
        positions=lists["BYSETPOS"],
    )


def _parts(text: str) -> dict[str, str]:
    known = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *_BY}
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if name in _CLOCK:
            _refuse(f"a rule of dates, without {name}; hours are the calendar's `hours`")
        if not equals or name not in known or name in parts:
            _refuse(f"parts of a rule, each once: {', '.join(sorted(known))}" if equals else _SHAPE)
        parts[name] = value
    return parts


def _listed(parts: dict[str, str], name: str) -> tuple[int, ...]:
    if name not in parts:
        return ()
    return tuple(_number(part, name, *_LISTS[name]) for part in parts[name].split(","))


def _number(text: str, name: str, low: int, high: int) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else 0
    if number == 0 or not low <= number <= high:
        either = f"from 1 to {high:,}" + (f", or from -1 to {low} counted from the end" if low < 0 else "")
        _refuse(f"{name} {either}")
    return number


def _weekday(text: str, parts: dict[str, str]) -> NthWeekday:
    match = _WEEKDAY.fullmatch(text)
    day = _one_weekday(match[2] if match else "", "BYDAY")
    if match is None or match[1] is None:
        return NthWeekday(0, _DAYS.index(day))
    if parts["FREQ"] not in {"MONTHLY", "YEARLY"}:
        _refuse("a number of a weekday in BYDAY only with FREQ=MONTHLY or YEARLY")
    most = 53 if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts else 5
    return NthWeekday(_number(match[1], "a number of a weekday in BYDAY", -most, most), _DAYS.index(day))


def _one_weekday(text: str, name: str) -> str:
    if text not in _DAYS:
        _refuse(f"{name} of the weekdays {', '.join(_DAYS)}")
    return text


def _last(until: _Moment, start: _Start) -> date:
    """The last date of a rule; in UTC beside a TZID it would depend on the zone's offset then."""
    if until.is_utc and start.has_zone:
        _refuse("UNTIL as a date, such as 20261231, beside a TZID")
    if until.clock is not None and until.clock < (start.moment.clock or time()):
        return date.fromordinal(until.day.toordinal() - 1)
    return until.day
