"""Calendars, malformed."""

from __future__ import annotations

from promise_engine.inputs.faults import told

from inputs.malformed.words import AN_ID, BOOLEAN, COUNTRY_FORM, DATE, HOURS, LIST, REQUIRED, TEXT, WEEKDAYS, Case
from inputs.samples import ABSENT


def _recurrence(text: str, expected: str) -> Case:
    calendar = {"id": "any", "recurrence": text}
    return Case("network", "calendars.5", calendar, "calendars[any].recurrence", expected, told(text))


START = "DTSTART:20260105"
RULE = f"{START} RRULE:FREQ=WEEKLY"
RFC_5545 = "an RFC 5545 rule such as 'DTSTART:20260105 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO'"
BY_DAYS = "a rule that says its DTSTART and repeats by days or longer"
START_EXPECTED = "DTSTART as a date between 1900 and 2100, such as 20260105 or 20260105T080000"
PARTS = (
    "parts of a rule, each once: BYDAY, BYMONTH, BYMONTHDAY, BYSETPOS, BYWEEKNO, BYYEARDAY, COUNT, FREQ, INTERVAL, "
    "UNTIL, WKST"
)
WEEKDAY_NAMES = "BYDAY of the weekdays MO, TU, WE, TH, FR, SA, SU"

RECURRENCES = (
    _recurrence("", BY_DAYS),
    _recurrence("x" * 2_001, "a recurrence of at most 2,000 characters"),
    _recurrence(START, "a recurrence with an RRULE, or RDATEs"),
    _recurrence(f"{RULE} {START}", "a recurrence with one DTSTART"),
    _recurrence("DTSTART:00010101 RRULE:FREQ=DAILY", START_EXPECTED),
    _recurrence("DTSTART:20260230 RRULE:FREQ=DAILY", START_EXPECTED),
    _recurrence("DTSTART: RRULE:FREQ=DAILY", RFC_5545),
    _recurrence(
        "DTSTART;RANGE=THISANDFUTURE:20260105 RRULE:FREQ=DAILY", "dates, with VALUE=DATE, VALUE=DATE-TIME or a TZID"
    ),
    _recurrence(f"{START} RRULE:FREQ=HOURLY", BY_DAYS),
    _recurrence(f"{START} RRULE:INTERVAL=2", BY_DAYS),
    _recurrence(f"{RULE};INTERVAL=0", "INTERVAL from 1 to 9,999"),
    _recurrence(f"{RULE};INTERVAL=-1", "INTERVAL from 1 to 9,999"),
    _recurrence(f"{RULE};INTERVAL=99999999999999", "INTERVAL from 1 to 9,999"),
    _recurrence(f"{RULE};COUNT=0", "COUNT from 1 to 9,999"),
    _recurrence(f"{RULE};COUNT=3;UNTIL=20260301", "a rule with COUNT or UNTIL, not both"),
    _recurrence(f"{RULE};UNTIL=spring", START_EXPECTED.replace("DTSTART", "UNTIL")),
    _recurrence(
        "DTSTART;TZID=Europe/Paris:20260105T000000 RRULE:FREQ=DAILY;UNTIL=20260301T225959Z",
        "UNTIL as a date, such as 20261231, beside a TZID",
    ),
    _recurrence(f"{RULE};BYMONTHDAY=32", "BYMONTHDAY from 1 to 31, or from -1 to -31 counted from the end"),
    _recurrence(f"{RULE};BYMONTHDAY=0", "BYMONTHDAY from 1 to 31, or from -1 to -31 counted from the end"),
    _recurrence(f"{RULE};BYMONTH=13", "BYMONTH from 1 to 12"),
    _recurrence(f"{RULE};BYMONTH=-1", "BYMONTH from 1 to 12"),
    _recurrence(f"{RULE};BYWEEKNO=54", "BYWEEKNO from 1 to 53, or from -1 to -53 counted from the end"),
    _recurrence(f"{RULE};BYYEARDAY=367", "BYYEARDAY from 1 to 366, or from -1 to -366 counted from the end"),
    _recurrence(f"{RULE};BYDAY=XX", WEEKDAY_NAMES),
    _recurrence(f"{RULE};BYDAY=", WEEKDAY_NAMES),
    _recurrence(f"{RULE};BYDAY=1MO", "a number of a weekday in BYDAY only with FREQ=MONTHLY or YEARLY"),
    _recurrence(
        f"{START} FREQ=MONTHLY;BYDAY=6MO",
        "a number of a weekday in BYDAY from 1 to 5, or from -1 to -5 counted from the end",
    ),
    _recurrence(f"{RULE};WKST=1", "WKST of the weekdays MO, TU, WE, TH, FR, SA, SU"),
    _recurrence(f"{RULE};BYSETPOS=5", "BYSETPOS beside another BY part, to choose from its dates"),
    _recurrence(f"{RULE};BYHOUR=8", "a rule of dates, without BYHOUR; hours are the calendar's `hours`"),
    _recurrence(f"{RULE};BYEASTER=1", PARTS),
    _recurrence(f"{RULE};INTERVAL=2;INTERVAL=2", PARTS),
    _recurrence(f"{RULE};INTERVAL", RFC_5545),
    _recurrence(
        f"{RULE} EXRULE:FREQ=DAILY", "no EXRULE, which RFC 5545 has no more: EXDATEs, or exceptions of the calendar"
    ),
    _recurrence(f"{RULE} RDATE;VALUE=PERIOD:20260101/P1D", "dates, with VALUE=DATE, VALUE=DATE-TIME or a TZID"),
    _recurrence(f"{RULE} DURATION:P1D", RFC_5545),
)

CASES = (
    *RECURRENCES,
    Case("network", "calendars", None, "calendars", LIST),
    Case("network", "calendars.0.id", "two words", "calendars.0.id", AN_ID),
    Case("network", "calendars.0.id", "", "calendars.0.id", "at least 1 character"),
    Case("network", "calendars.0.id", "x" * 101, "calendars.0.id", "at most 100 characters"),
    Case("network", "calendars.0.id", 7, "calendars.0.id", TEXT),
    Case("network", "calendars.5.id", "week", "calendars[week].id", "an id that no other calendar has"),
    Case("network", "calendars.5.id", ABSENT, "calendars.5.id", REQUIRED),
    Case("network", "calendars.5.weekdays", "monday", "calendars[any].weekdays", WEEKDAYS),
    Case("network", "calendars.5.weekdays", 5, "calendars[any].weekdays", WEEKDAYS),
    Case("network", "calendars.5.weekdays", ["mon", "funday"], "calendars[any].weekdays", WEEKDAYS),
    Case(
        "network", "calendars.5.weekday", "mon-fri", "calendars[any].weekday", "no such field; did you mean `weekdays`?"
    ),
    Case(
        "network",
        "calendars.0.hours",
        {"mon": ["08:00-18:00"], "mon-fri": ["09:00-17:00"]},
        "calendars[week].hours",
        "each weekday once, as mon, mon-fri or daily",
    ),
    Case(
        "network",
        "calendars.0.hours",
        {"monday": ["08:00-18:00"]},
        "calendars[week].hours",
        "each weekday once, as mon, mon-fri or daily",
    ),
    Case("network", "calendars.0.hours", {"mon": "08:00-18:00"}, "calendars[week].hours.mon", LIST, "'08:00-18:00'"),
    Case(
        "network", "calendars.0.hours", {"mon": ["08:00-25:00"]}, "calendars[week].hours.mon.0", HOURS, "'08:00-25:00'"
    ),
    Case("network", "calendars.0.hours", {"mon": ["18:00"]}, "calendars[week].hours.mon.0", HOURS, "'18:00'"),
    Case(
        "network", "calendars.0.hours", {"mon": ["08:00-08:00"]}, "calendars[week].hours.mon.0", HOURS, "'08:00-08:00'"
    ),
    Case(
        "network",
        "calendars.0.hours",
        {"mon": ["08:00-12:00", "11:00-13:00"]},
        "calendars[week].hours",
        "intervals of one day that do not overlap",
    ),
    Case("network", "calendars.0.hours", ["08:00-12:00"], "calendars[week].hours", "a mapping"),
    Case(
        "network",
        "calendars.5.recurrence",
        "every other monday",
        "calendars[any].recurrence",
        "an RFC 5545 rule such as 'DTSTART:20260105 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO'",
    ),
    Case(
        "network",
        "calendars.5",
        {"id": "any", "recurrence": "RRULE:FREQ=WEEKLY"},
        "calendars[any].recurrence",
        "a rule that says its DTSTART and repeats by days or longer",
        "'RRULE:FREQ=WEEKLY'",
    ),
    Case(
        "network",
        "calendars.5.recurrence",
        "DTSTART:20260105\nRRULE:FREQ=WEEKLY",
        "calendars[any]",
        "weekdays or a recurrence, not both",
        "{'id': 'any', 'weekdays': 'mon-fri', 'recurrence': 'DTSTART:20260105\\nRRULE:F...",
    ),
    Case(
        "network",
        "calendars.2.holidays.0",
        {"country": "FR", "dates": {"2026-05-01": "x"}},
        "calendars[days].holidays.0",
        "either a country or listed dates",
    ),
    Case(
        "network",
        "calendars.2.holidays.0.country",
        "Fr",
        "calendars[days].holidays.0.country",
        f"{COUNTRY_FORM}, or `place`",
    ),
    Case(
        "network",
        "calendars.2.holidays.0.country",
        "ZZ",
        "calendars[days].holidays.0.country",
        "a country that the `holidays` package knows",
    ),
    Case(
        "network",
        "calendars.2.holidays.0",
        {"subdivision": "57", "dates": {"2026-05-01": "x"}},
        "calendars[days].holidays.0",
        "a subdivision only together with a country",
    ),
    Case(
        "network",
        "calendars.2.holidays.0",
        {"dates": {"1 May": "x"}},
        "calendars[days].holidays.0.dates.1 May",
        DATE,
        "'1 May'",
    ),
    Case(
        "network",
        "calendars.3.holidays.0.subdivision",
        "57",
        "calendars[local].holidays.0",
        "`subdivision: place`, or none, with `country: place`",
        "{'country': 'place', 'subdivision': '57'}",
    ),
    Case("network", "calendars.2.holidays.0.observed", "perhaps", "calendars[days].holidays.0.observed", BOOLEAN),
    Case(
        "network",
        "calendars.2.holidays.0.except_for",
        ["2026-02-30"],
        "calendars[days].holidays.0.except_for.0",
        DATE,
        "'2026-02-30'",
    ),
    Case(
        "network",
        "calendars.1.exceptions.0.effect",
        "shut",
        "calendars[shop].exceptions.0.effect",
        "one of: closed, open, hours",
    ),
    Case("network", "calendars.1.exceptions.0.effect", ABSENT, "calendars[shop].exceptions.0.effect", REQUIRED),
    Case(
        "network",
        "calendars.1.exceptions.0.hours",
        ABSENT,
        "calendars[shop]",
        "hours on every opening, because the calendar has hours",
        "{'id': 'shop', 'hours': {'mon-sat': ['09:00-19:00']}, 'holidays': [{'country'...",
    ),
    Case(
        "network",
        "calendars.1.exceptions.1.hours",
        ABSENT,
        "calendars[shop].exceptions.1",
        "the hours that change",
        "{'first': '2026-12-24', 'effect': 'hours'}",
    ),
    Case(
        "network",
        "calendars.1.exceptions.0",
        {"first": "2026-12-25", "effect": "closed", "hours": ["09:00-10:00"]},
        "calendars[shop].exceptions.0",
        "no hours on a closure",
    ),
    Case(
        "network",
        "calendars.1.exceptions.0",
        {"first": "2026-12-25", "last": "2026-12-24", "effect": "closed"},
        "calendars[shop].exceptions.0.last",
        "a range whose last date is not before its first",
        "'2026-12-24'",
    ),
    Case(
        "network",
        "calendars.1.exceptions.2",
        {"first": "2026-12-20", "effect": "open", "hours": ["11:00-12:00"]},
        "calendars[shop].exceptions.2",
        "a range that is shorter or longer than every other of its kind that shares a date with it",
        "'2026-12-20 to 2026-12-20'",
    ),
    Case(
        "network",
        "calendars.1.exceptions.2",
        {"first": "2026-12-24", "effect": "hours", "hours": ["11:00-12:00"], "weekdays": "thu"},
        "calendars[shop].exceptions.2",
        "a range that is shorter or longer than every other of its kind that shares a date with it",
        "'2026-12-24 to 2026-12-24'",
    ),
    Case(
        "network",
        "calendars.4.any_of",
        ["week"],
        "calendars[both]",
        "all_of or any_of, not both",
        "{'id': 'both', 'all_of': ['week', 'shop'], 'any_of': ['week']}",
    ),
    Case(
        "network",
        "calendars.4.weekdays",
        "mon",
        "calendars[both]",
        "only exceptions beside all_of or any_of",
        "{'id': 'both', 'all_of': ['week', 'shop'], 'weekdays': 'mon'}",
    ),
    Case(
        "network",
        "calendars.4.all_of",
        ["week", "both"],
        "calendars[both].all_of",
        "calendars that do not combine each other in a circle",
        "['both']",
    ),
    Case(
        "network",
        "calendars.4.all_of",
        ["week", "shops"],
        "calendars[both].all_of.1",
        "the id of a calendar; did you mean `shop`?",
        "'shops'",
    ),
)
