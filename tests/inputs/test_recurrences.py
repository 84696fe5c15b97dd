"""Recurrences: what is read, what is refused, and the dates that come out."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from promise_engine import Engine, Network
from promise_engine._compile.recurrences import recurring_dates
from promise_engine.models.recurrence import parse_recurrence
from promise_engine.testing import minimal_network

if TYPE_CHECKING:
    from collections.abc import Sequence

LAST = date(2029, 6, 30)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
QUICK = settings(max_examples=150, deadline=None)


def dates(text: str, last: str = "2026-12-31") -> list[str]:
    """The dates of a recurrence as text."""
    return [day.isoformat() for day in sorted(recurring_dates(parse_recurrence(text), date.fromisoformat(last)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DTSTART:20260105 RRULE:FREQ=WEEKLY;COUNT=2", ["2026-01-05", "2026-01-12"]),
        ("dtstart:20260105 freq=weekly;count=1", ["2026-01-05"]),
        ("DTSTART;TZID=Europe/Paris:20260101T230000 RRULE:FREQ=DAILY;COUNT=1", ["2026-01-01"]),
        ("DTSTART;VALUE=DATE:2026-01-01 RDATE;VALUE=DATE:20260203,20260102", ["2026-01-02", "2026-02-03"]),
        ("DTSTART:20260101T080000Z RRULE:FREQ=DAILY;UNTIL=20260103T070000Z", ["2026-01-01", "2026-01-02"]),
        ("DTSTART:20260101T080000 RRULE:FREQ=DAILY;UNTIL=20260102", ["2026-01-01", "2026-01-02"]),
        ("DTSTART:20260101T080000 RRULE:FREQ=DAILY;COUNT=3 EXDATE:20260102", ["2026-01-01", "2026-01-03"]),
        ("DTSTART:20260101 RRULE:FREQ=DAILY;COUNT=1 RRULE:FREQ=MONTHLY;COUNT=2", ["2026-01-01", "2026-02-01"]),
        # A number in BYDAY and a bare weekday are two ways to be in the list: the second Wednesday, and Mondays.
        ("DTSTART:20260401 RRULE:FREQ=MONTHLY;BYDAY=2WE,MO;COUNT=3", ["2026-04-06", "2026-04-08", "2026-04-13"]),
        # Weeks from Sunday on: 27 December 2026 to 2 January 2027 has five days in 2026 and is its week 52.
        ("DTSTART:20261230 RRULE:FREQ=YEARLY;BYWEEKNO=52;WKST=SU;COUNT=2", ["2026-12-30", "2026-12-31"]),
        ("DTSTART:20280101 RRULE:FREQ=DAILY", []),
        ("DTSTART:20260101 RRULE:FREQ=DAILY;UNTIL=20251231", []),
        ("DTSTART:20260101 RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", []),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    """The dates of forms that RFC 5545 knows."""
    assert expected == dates(text)


def _numbers(low: int, high: int) -> st.SearchStrategy[str]:
    numbers = st.sampled_from([i for i in range(low, high + 1) if i])
    return st.lists(numbers, min_size=1, max_size=6).map(lambda listed: ",".join(map(str, listed)))


def _weekdays(nth: Sequence[str]) -> st.SearchStrategy[str]:
    days = st.builds(str.__add__, st.sampled_from(nth), st.sampled_from(DAYS))
    return st.lists(days, min_size=1, max_size=4).map(",".join)


@st.composite
def matching_rules(draw: st.DrawFn) -> str:
    """Rules that match some dates, or few of many periods: dateutil looks for the others until the year 9999."""
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}"]
    kind = draw(st.sampled_from(("none", "months", "weeks", "year days", "month days", "weekdays")))
    if kind == "none" or frequency in {"MONTHLY", "YEARLY"}:
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if kind in {"months", "weekdays"}:
        parts += draw(st.lists(_numbers(1, 12).map("BYMONTH={}".format), max_size=1))
    if kind == "weeks":  # of which dateutil counts only those from Monday on as the RFC does
        parts.append(f"BYWEEKNO={draw(_numbers(-51, 51))}")
    elif frequency == "WEEKLY":
        parts.append(f"WKST={draw(st.sampled_from(DAYS))}")
    if kind == "year days":
        parts.append(f"BYYEARDAY={draw(_numbers(-365, 365))}")
    if kind == "month days":
        parts.append(f"BYMONTHDAY={draw(_numbers(-28, 28))}")
    if kind == "weekdays":  # bare ones or numbered ones, which dateutil does not mix
        numbered = frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans())
        parts.append(f"BYDAY={draw(_weekdays(('1', '-1', '2', '-4') if numbered else ('',)))}")
        if frequency in {"MONTHLY", "YEARLY"}:
            parts += draw(st.lists(_numbers(-2, 2).map("BYSETPOS={}".format), max_size=1))
    parts += draw(st.sampled_from(([], [], ["COUNT=7"], ["UNTIL=20280229"])))
    return ";".join(parts)


@QUICK
@given(matching_rules(), st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_the_dates_are_those_of_dateutil(rule: str, start: date) -> None:
    """Another reader of RFC 5545 finds the same dates."""
    text = f"DTSTART:{start:%Y%m%d} RRULE:{rule}"
    expected = set()
    for moment in rrulestr(text):
        if moment.date() > LAST:
            break
        expected.add(moment.date())
    assert expected == recurring_dates(parse_recurrence(text), LAST)


NASTY = st.one_of(
    st.integers(-400, 400).map(str),
    st.sampled_from(
        ["", "0", "-1", "32", "13", "99999999999999", "9" * 1_500, "MO", "0MO", "6MO", "-54SU", "XX", "1.5"]
    ),
    st.sampled_from(
        ["20260101", "00010101", "99991231T235959Z", "20260230", "T", "٣", "\ud800", "{}", "=", ",", "1,,2"]
    ),
)


@st.composite
def nasty_recurrences(draw: st.DrawFn) -> str:
    """Properties and parts that exist, with values that may not be."""
    names = (
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "WKST",
        "BYDAY",
        "BYMONTH",
        "BYMONTHDAY",
        "BYYEARDAY",
        "BYWEEKNO",
        "BYSETPOS",
    )
    named = st.sampled_from((*names, "BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER", "X"))
    frequency = draw(st.sampled_from(("DAILY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "SECONDLY", "0")))
    values = st.lists(NASTY, min_size=1, max_size=3).map(",".join)
    parts = draw(st.lists(st.builds("{}={}".format, named, values), max_size=3))
    start = draw(
        st.sampled_from((":20260101", ":20260101T000000", ";TZID=Europe/Paris:20260101T000000", ":20260101T000000Z"))
        | NASTY.map(":{}".format)
    )
    more = draw(
        st.lists(st.sampled_from(("RRULE:FREQ=DAILY", "EXRULE:FREQ=DAILY", "RDATE:20260201", "EXDATE:20260101T080000")))
    )
    return draw(st.sampled_from((" ", "\n"))).join(
        [f"DTSTART{start}", f"RRULE:{';'.join([f'FREQ={frequency}', *parts])}", *more]
    )


@QUICK
@given(nasty_recurrences())
def test_any_recurrence_is_refused_in_words_or_listed_at_once(text: str) -> None:
    """No rule, however odd, fails in another way, gives dates out of range, or needs more than a moment."""
    begun = time.process_time()
    try:
        recurrence = parse_recurrence(text)
    except PydanticCustomError:
        return
    found = recurring_dates(recurrence, date(2100, 12, 31))
    assert all(date(1900, 1, 1) <= day <= date(2100, 12, 31) for day in found)
    assert time.process_time() - begun < 2


def test_a_rule_without_dates_is_compiled_at_once() -> None:
    """Looking for dates that do not exist ends with the period of the network."""
    document = minimal_network()
    document["calendars"].append(
        {"id": "never", "recurrence": "DTSTART:20260101 RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"}
    )
    document["carriers"][0]["collection_days"] = "never"
    network = Network.model_validate(document)
    begun = time.process_time()
    Engine(network, placed_between=(network.valid_from, network.valid_from + timedelta(days=1)))
    assert time.process_time() - begun < 2
