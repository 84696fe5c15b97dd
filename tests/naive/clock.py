"""Wall clocks to instants and back. An instant is a whole number of seconds since 1970-01-01 UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
PAST_THE_HORIZON = timedelta(days=10)
FOREVER = 2**40
"""Later than every instant."""

AT_ONCE = -FOREVER
"""Before every instant."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(moment: datetime) -> int:
    """The instant of an aware datetime, fractions of a second dropped."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def utc(at: int) -> datetime:
    """The aware UTC datetime of an instant."""
    return _EPOCH + timedelta(seconds=at)


def utc_or_none(at: int | None) -> datetime | None:
    """The aware UTC datetime of an instant, if there is one."""
    return None if at is None else utc(at)


@lru_cache(maxsize=200_000)
def wall(day: date, seconds: int, zone: ZoneInfo) -> int:
    """The instant at which a clock shows so many seconds after midnight of a date.

    PEP 495 with fold 0: the first of two occurrences; a time that does not exist is read with the offset before the
    change.
    """
    naive = datetime.combine(day, time()) + timedelta(seconds=seconds)
    return instant(naive.replace(tzinfo=zone, fold=0))


def wall_on(day: date, days: int, seconds: int, zone: ZoneInfo) -> int:
    """The instant of a wall-clock time on a date that lies some days after (or before) the given one."""
    return wall(day + timedelta(days=days), seconds, zone)


def local_date(at: int, zone: ZoneInfo) -> date:
    """The date that a clock in the zone shows at an instant."""
    return datetime.fromtimestamp(at, zone).date()


def end_of_date(day: date, zone: ZoneInfo) -> int:
    """The instant at which a date ends."""
    return wall(day + ONE_DAY, 0, zone)


def move_days(at: int, days: int, zone: ZoneInfo) -> int:
    """The instant so many days later at the same local time."""
    if days == 0:
        return at
    local = datetime.fromtimestamp(at, zone)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return wall(local.date() + timedelta(days=days), seconds, zone)


def round_up(at: int, step: timedelta, zone: ZoneInfo) -> int:
    """The instant rounded up to a multiple of the step, counted from local midnight."""
    width = step // timedelta(seconds=1)
    if width <= 0:
        return at
    local = datetime.fromtimestamp(at, zone)
    since_midnight = local.hour * 3600 + local.minute * 60 + local.second
    return at + -since_midnight % width


def dates(first: date, last: date) -> Iterator[date]:
    """Every date from first to last, both included."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def whole_seconds(duration: timedelta) -> int:
    """Whole seconds of a duration."""
    return duration // timedelta(seconds=1)


def instant_of_date(day: date) -> int:
    """The instant at which a UTC date begins."""
    return (day - _EPOCH.date()) // timedelta(seconds=1)
