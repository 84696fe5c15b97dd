"""Calendars to instants and day tables, interned by (calendar, region, zone)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._arrays import Clocks, DayCalendars, WorkingTimes
from promise_engine._compile.calendars import CalendarDays, Region
from promise_engine.units import DAY_SECONDS, NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promise_engine._compile.almanac import Almanac
    from promise_engine._compile.calendars import HolidayKey, Period
    from promise_engine.models._base import Hours
    from promise_engine.models.working_time import Calendar

EVERY_DAY = 0


def int64(values: Sequence[int] | Sequence[Sequence[int]]) -> np.ndarray:
    """A column, or a table, of integers."""
    return np.array(values, np.int64)


class Zone:
    """Changes of UTC offset of one time zone over a period."""

    def __init__(self, name: str, period: Period, almanac: Almanac) -> None:
        offsets = almanac.offsets(name, *period.clock_range)
        self.offset_first = offsets.first
        self.change_at = [at for at, _ in offsets.changes]
        self.offset_after = [after for _, after in offsets.changes]
        before = [offsets.first, *self.offset_after]
        self.change_wall = [
            at + max(pair) for at, *pair in zip(self.change_at, before, self.offset_after, strict=False)
        ]
        self._walls = np.array(self.change_wall, np.int64)
        self._offsets = np.array([self.offset_first, *self.offset_after], np.int64)

    def instants(self, days: np.ndarray | np.int64, seconds: np.ndarray | int) -> np.ndarray:
        """The instants of times of day numbers, PEP 495 `fold=0`."""
        walls = days * DAY_SECONDS + seconds
        result: np.ndarray = walls - self._offsets[np.searchsorted(self._walls, walls, side="right")]
        return result

    def instant(self, day: int, seconds: int) -> int:
        """The instant of a time of one day number."""
        return int(self.instants(np.int64(day), seconds))


class Calendars:
    """Interns calendars resolved at places, and writes their tables.

    Index 0 of the day calendars is open every day.
    """

    def __init__(self, calendars: Mapping[str, Calendar], period: Period, almanac: Almanac) -> None:
        self.period = period
        self.almanac = almanac
        self._models = calendars
        self._days: dict[tuple[str, Region | None], CalendarDays] = {}
        self._day_index: dict[bytes, int] = {}
        self._open: list[np.ndarray] = []
        self._working_index: dict[tuple[str, Region | None, str], int] = {}
        self._working: list[_Intervals] = []
        self.zones: dict[str, Zone] = {}
        self._zone_index: dict[str, int] = {}
        self.intern_days(np.ones(period.day_count, np.uint8))

    def zone_idx(self, name: str) -> int:
        """Position of a time zone."""
        self.zone(name)
        return self._zone_index[name]

    def zone(self, name: str) -> Zone:
        """A time zone over the period."""
        if name not in self.zones:
            self._zone_index[name] = len(self.zones)
            self.zones[name] = Zone(name, self.period, self.almanac)
        return self.zones[name]

    def resolved(self, name: str, region: Region | None) -> CalendarDays:
        """A calendar at a place, date by date."""
        key = (name, region)
        if key not in self._days:
            self._days[key] = CalendarDays(self._models[name], self._models, region, self.period, self.almanac)
        return self._days[key]

    def holiday_keys(self) -> set[HolidayKey]:
        """The holidays that the calendars resolved so far were made with."""
        return {key for days in list(self._days.values()) for key in days.holiday_keys}

    def intern_days(self, is_open: np.ndarray) -> int:
        """Position of a day calendar with these open dates."""
        key = is_open.tobytes()
        if key not in self._day_index:
            self._day_index[key] = len(self._open)
            self._open.append(is_open)
        return self._day_index[key]

    def open_days(self, name: str | None, region: Region | None) -> np.ndarray:
        """Open dates of a calendar at a place; every date without a calendar."""
        if name is None:
            return np.ones(self.period.day_count, np.uint8)
        return self.resolved(name, region).is_open

    def days_idx(self, name: str | None, region: Region | None) -> int:
        """Position of the day calendar of a calendar at a place."""
        return self.intern_days(self.open_days(name, region))

    def working_idx(self, name: str, region: Region | None, zone: str) -> int:
        """Position of the working-time calendar of a calendar at a place."""
        key = (name, region, zone)
        if key not in self._working_index:
            resolved = self.resolved(name, region)
            intervals = _Intervals([rule.hours or () for rule in resolved.rules], self.zone(zone), self.period)
            intervals.zone_idx = self.zone_idx(zone)
            intervals.days_idx = self.intern_days((intervals.opening_at < NEVER).astype(np.uint8))
            self._working_index[key] = len(self._working)
            self._working.append(intervals)
        return self._working_index[key]

    def bounds(self, working_idx: int) -> tuple[np.ndarray, np.ndarray]:
        """Opening and closing instants by date of a working-time calendar."""
        return self._working[working_idx].opening_at, self._working[working_idx].closing_at

    def clocks(self) -> Clocks:
        """The time zone table."""
        return clocks_table(list(self.zones.values()))

    def day_table(self) -> DayCalendars:
        """The day calendar table."""
        is_open = np.stack(self._open)
        count, days = is_open.shape
        rank = np.zeros((count, days + 1), np.int32)
        rank[:, 1:] = np.cumsum(is_open, axis=1)
        nth = np.full((count, days), days, np.int32)
        for row in range(count):
            opened = np.flatnonzero(is_open[row])
            nth[row, : len(opened)] = opened
        return DayCalendars(is_open, rank, nth, next_day_table(is_open))

    def working_table(self) -> WorkingTimes:
        """The working-time table."""
        parts = self._working
        shape = (len(parts), self.period.day_count)
        return WorkingTimes(
            ptr=int64(np.cumsum([0, *(len(p.open_at) for p in parts)]).tolist()),
            open_at=joined([p.open_at for p in parts]),
            close_at=joined([p.close_at for p in parts]),
            before_seconds=joined([p.before_seconds for p in parts]),
            day=joined([p.day for p in parts]),
            opening_at=joined([p.opening_at for p in parts]).reshape(shape),
            closing_at=joined([p.closing_at for p in parts]).reshape(shape),
            zone_idx=int64([p.zone_idx for p in parts]),
            days_idx=int64([p.days_idx for p in parts]),
        )


def joined(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Columns of integers one after the other."""
    return np.concatenate([*columns, int64([])])


def clocks_table(zones: Sequence[Zone]) -> Clocks:
    """The table of some time zones."""
    return Clocks(
        change_ptr=int64(np.cumsum([0, *(len(zone.change_at) for zone in zones)]).tolist()),
        change_at=int64([at for zone in zones for at in zone.change_at]),
        change_wall=int64([wall for zone in zones for wall in zone.change_wall]),
        offset_after=int64([offset for zone in zones for offset in zone.offset_after]),
        offset_first=int64([zone.offset_first for zone in zones]),
    )


def next_day_table(is_open: np.ndarray) -> np.ndarray:
    """First open day not before each day, along the last axis; the day count when there is none.

    Examples
    --------
    >>> next_day_table(np.array([0, 1, 0], np.uint8)).tolist()
    [1, 1, 3, 3]
    """
    days = is_open.shape[-1]
    table = np.full((*is_open.shape[:-1], days + 1), days, np.int32)
    positions = np.where(is_open != 0, np.arange(days, dtype=np.int32), days).astype(np.int32)
    table[..., :days] = np.minimum.accumulate(positions[..., ::-1], axis=-1)[..., ::-1]
    return table


class _Intervals:
    """Open intervals of one calendar at one place."""

    def __init__(self, hours_by_day: Sequence[tuple[Hours, ...]], zone: Zone, period: Period) -> None:
        self.zone_idx = self.days_idx = -1
        days_with: dict[tuple[Hours, ...], list[int]] = {}
        for position, hours in enumerate(hours_by_day):
            days_with.setdefault(hours, []).append(position)
        spans = [(np.array(days), span) for hours, days in days_with.items() for span in hours]
        day = joined([days for days, _ in spans])
        start = joined([zone.instants(period.first_day + days, span.start) for days, span in spans])
        end = joined([zone.instants(period.first_day + days, span.end) for days, span in spans])
        order = np.lexsort((start, day))
        day, start, end = (column[order][(start < end)[order]] for column in (day, start, end))
        self.opening_at = np.full(period.day_count, NEVER, np.int64)
        np.minimum.at(self.opening_at, day, start)
        self.closing_at = np.where(self.opening_at < NEVER, 0, NEVER)
        np.maximum.at(self.closing_at, day, end)
        reached = np.maximum.accumulate(end)
        begin = np.concatenate([start[:1], np.maximum(start[1:], reached[:-1])])
        kept = begin < end
        self.open_at, self.close_at, self.day = begin[kept], end[kept], day[kept]
        self.before_seconds = np.cumsum(self.close_at - self.open_at) - (self.close_at - self.open_at)
