"""Instants, dates, durations and hours as people read them; English, whatever the locale."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from promise_engine.models._base import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from promise_engine.options import Option

WIDTH = 79
"""Columns of an explanation."""

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def day_text(day: date, *, year: bool = False) -> str:
    """A date with its weekday.

    Examples
    --------
    >>> from datetime import date
    >>> day_text(date(2026, 11, 20)), day_text(date(2027, 1, 4), year=True)
    ('Fri 20 Nov', 'Mon 4 Jan 2027')
    """
    text = f"{WEEKDAY_NAMES[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def time_text(moment: datetime) -> str:
    """A local time; seconds only where there are some.

    Examples
    --------
    >>> time_text(datetime(2026, 11, 20, 17, 59)), time_text(datetime(2026, 11, 20, 17, 59, 30))
    ('17:59', '17:59:30')
    """
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def clock_text(value: int) -> str:
    """A wall-clock time of seconds after midnight.

    Examples
    --------
    >>> clock_text(63_000), clock_text(63_001)
    ('17:30', '17:30:01')
    """
    hour, rest = divmod(value, 3_600)
    minute, second = divmod(rest, 60)
    return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")


def instant_text(moment: datetime, *, year: bool = False) -> str:
    """A local instant with its weekday.

    Examples
    --------
    >>> instant_text(datetime(2026, 11, 20, 17, 59))
    'Fri 20 Nov 17:59'
    """
    return f"{day_text(moment.date(), year=year)} {time_text(moment)}"


def hours_text(start: datetime, end: datetime) -> str:
    """The hours of an interval, without the date it starts on.

    Examples
    --------
    >>> day = datetime(2026, 11, 20)
    >>> hours_text(day.replace(hour=8), day.replace(hour=18))
    '08:00-18:00'
    >>> hours_text(day.replace(hour=8), day.replace(day=21))
    '08:00-24:00'
    >>> hours_text(day.replace(hour=22), day.replace(day=21, hour=2))
    '22:00 - Sat 21 Nov 02:00'
    """
    if end.date() == start.date():
        return f"{time_text(start)}-{time_text(end)}"
    if end.time() == time() and end.date() == start.date() + timedelta(days=1):
        return f"{time_text(start)}-24:00"
    return f"{time_text(start)} - {instant_text(end)}"


def closing_text(closes: datetime, day: date, *, minutes: bool = False) -> str:
    """When a place closes on an opening day: midnight is the day's own end, later belongs to its night.

    Examples
    --------
    >>> day = datetime(2026, 12, 1)
    >>> closing_text(day.replace(hour=19), day.date()), closing_text(day.replace(hour=19), day.date(), minutes=True)
    ('Tue 1 Dec', 'Tue 1 Dec 19:00')
    >>> closing_text(day.replace(day=2), day.date()), closing_text(day.replace(day=2), day.date(), minutes=True)
    ('Tue 1 Dec', 'Tue 1 Dec 24:00')
    >>> closing_text(day.replace(day=2, hour=1), day.date())
    'Wed 2 Dec 01:00 (night of Tue 1 Dec)'
    """
    if closes.date() > day and closes.time() != time():
        return f"{instant_text(closes)} (night of {day_text(day)})"
    if not minutes:
        return day_text(day)
    return f"{day_text(day)} {time_text(closes) if closes.date() == day else '24:00'}"


def duration_text(seconds: int) -> str:
    """A duration in its largest units.

    Examples
    --------
    >>> duration_text(9_000), duration_text(0), duration_text(600)
    ('2 h 30 min', '0 s', '10 min')
    """
    parts = []
    for size, name in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or "0 s"


def counted(count: int | Decimal, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "day"), counted(2, "day")
    ('1 day', '2 days')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(parts: Sequence[str], most: int = 6) -> str:
    """Some parts as a list, cut when it is long.

    Examples
    --------
    >>> listed(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    shown = ", ".join(parts[:most])
    return shown if len(parts) <= most else f"{shown} and {len(parts) - most} more"


def goods_text(sku: str, services: Sequence[str], quantity: Decimal) -> str:
    """What is ordered, with its line services.

    Examples
    --------
    >>> from decimal import Decimal
    >>> goods_text("MUG", ("gift-wrap",), Decimal(2))
    '2 x MUG with gift-wrap'
    """
    return f"{quantity} x {sku}{' with ' if services else ''}{' and '.join(services)}"


def left_out_text(option: Option) -> str:
    """What an option leaves out of what was asked for, each with the code of its reason."""
    return listed([f"{goods_text(one.sku, one.services, one.quantity)} ({one.reason.code})" for one in option.left_out])


def group_text(group: str | None) -> str:
    """How what belongs to a group of lines begins; nothing where the request has no groups.

    Examples
    --------
    >>> group_text("gift"), group_text(None)
    ('gift: ', '')
    """
    return "" if group is None else f"{group}: "


def mass_text(grams: int | None) -> str:
    """A mass in grams or kilograms; a dash for an unknown one.

    Examples
    --------
    >>> mass_text(840), mass_text(12_345), mass_text(None)
    ('840 g', '12.3 kg', '-')
    """
    if grams is None:
        return "-"
    return f"{grams} g" if grams < 10_000 else f"{grams / 1000:,.1f} kg"


def distance_text(metres: int) -> str:
    """A distance in kilometres.

    Examples
    --------
    >>> distance_text(1_480), distance_text(402_000)
    ('1.5 km', '402.0 km')
    """
    return f"{metres / 1000:.1f} km"


def why_text(why: str) -> str:
    """Why a calendar has a date closed, in words; nothing for its ordinary weekday.

    Examples
    --------
    >>> why_text("sun"), why_text("sat; Christmas Day")
    ('', 'Christmas Day')
    """
    return "; ".join(part for part in why.split("; ") if part not in WEEKDAYS)


def skipped_text(days: Sequence[tuple[date, str]]) -> str:
    """Dates that do not count, each with its reason; ordinary weekdays together where there are many.

    Examples
    --------
    >>> from datetime import date
    >>> skipped_text([(date(2026, 12, 25), "Christmas Day"), (date(2026, 12, 27), "")])
    'Fri 25 Dec (Christmas Day), Sun 27 Dec'
    >>> skipped_text([(date(2026, 12, day), "") for day in (6, 13, 20, 27)])
    '4 Sundays'
    """
    plain = Counter(day.weekday() for day, why in days if not why)
    joined = {weekday for weekday, count in plain.items() if count > 2}
    parts = [counted(plain[weekday], WEEKDAY_NAMES[weekday]) for weekday in sorted(joined)]
    for day, why in days:
        if why or day.weekday() not in joined:
            parts.append(f"{day_text(day)} ({why})" if why else day_text(day))
    return listed(parts, 8)


def option_when(option: Option) -> str:
    """The window of an option, or from when the shopper collects."""
    if option.collect_from is not None:
        return f"{day_text(option.collect_from.date())} from {time_text(option.collect_from)}"
    if option.deliver_from is None or option.deliver_by is None:
        return instant_text(option.promised)
    return f"{day_text(option.deliver_from.date())} {hours_text(option.deliver_from, option.deliver_by)}"
