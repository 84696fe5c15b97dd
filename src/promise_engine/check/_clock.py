"""Reckoning in the open hours of a site, over the compiled tables."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from promise_engine.units import DAY_SECONDS, NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import WorkingTimes


class OpenTime:
    """The open intervals of one working-time calendar."""

    def __init__(self, working: WorkingTimes, calendar: int) -> None:
        rows = slice(int(working.ptr[calendar]), int(working.ptr[calendar + 1]))
        self._open_at: list[int] = working.open_at[rows].tolist()
        self._close_at: list[int] = working.close_at[rows].tolist()
        self._before: list[int] = working.before_seconds[rows].tolist()
        self._through = [b + c - o for b, c, o in zip(self._before, self._close_at, self._open_at, strict=True)]
        self.opening_at: list[int] = working.opening_at[calendar].tolist()
        self.closing_at: list[int] = working.closing_at[calendar].tolist()
        self.working_days = [day for day, at in enumerate(self.opening_at) if at < NEVER]

    def next_open(self, instant: int) -> int:
        """The first open instant not before this one."""
        i = bisect_right(self._close_at, instant)
        return NEVER if i == len(self._close_at) else max(instant, self._open_at[i])

    def add(self, instant: int, seconds: int) -> int:
        """The instant at which so many open seconds have passed; work ending at closing ends at closing."""
        if seconds == 0 or instant >= NEVER:
            return instant
        i = bisect_right(self._close_at, instant)
        if i == len(self._close_at):
            return NEVER
        target = self._before[i] + max(0, instant - self._open_at[i]) + seconds
        k = bisect_left(self._through, target)
        return NEVER if k == len(self._through) else self._open_at[k] + target - self._before[k]


def local_text(instant: int, time_zone: str) -> str:
    """An instant as a clock of a time zone shows it.

    Examples
    --------
    >>> local_text(1795262400, "Europe/Paris")
    '2026-11-21 13:00'
    """
    if instant >= NEVER:
        return "never"
    moment = datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(time_zone))
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def clock_text(seconds: int) -> str:
    """Seconds after midnight as a clock shows them.

    Examples
    --------
    >>> clock_text(95_400)
    '02:30'
    """
    hours, rest = divmod(seconds % DAY_SECONDS, 3_600)
    return f"{hours:02d}:{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")
