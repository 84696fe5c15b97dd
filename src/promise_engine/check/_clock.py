"""Reckoning in the open hours of a site, over the compiled tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from promise_engine.units import DAY_SECONDS, NEVER

if TYPE_CHECKING:
    from promise_engine._arrays import WorkingTimes


class OpenTime:
    """The open intervals of one working-time calendar."""

    def __init__(self, working: WorkingTimes, calendar: int) -> None:
        rows = slice(int(working.ptr[calendar]), int(working.ptr[calendar + 1]))
        self._open_at, self._close_at = working.open_at[rows], working.close_at[rows]
        self._before = working.before_seconds[rows]
        self._through = self._before + self._close_at - self._open_at
        self.opening_at = working.opening_at[calendar]
        self.closing_at = working.closing_at[calendar]

    def next_open(self, instant: int) -> int:
        """The first open instant not before this one."""
        i = int(np.searchsorted(self._close_at, instant, side="right"))
        return NEVER if i == len(self._close_at) else max(instant, int(self._open_at[i]))

    def add(self, instant: int, seconds: int) -> int:
        """The instant at which so many open seconds have passed; work ending at closing ends at closing."""
        if seconds == 0 or instant >= NEVER:
            return instant
        i = int(np.searchsorted(self._close_at, instant, side="right"))
        if i == len(self._close_at):
            return NEVER
        target = int(self._before[i]) + max(0, instant - int(self._open_at[i])) + seconds
        k = int(np.searchsorted(self._through, target, side="left"))
        return NEVER if k == len(self._through) else int(self._open_at[k]) + target - int(self._before[k])


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
