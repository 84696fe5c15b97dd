"""Calendars: hours where hours are needed, holidays that exist, exceptions that do not contradict each other."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, Protocol

from promise_engine.inputs._rules.findings import Findings, each
from promise_engine.inputs.faults import close
from promise_engine.models._base import WEEKDAYS
from promise_engine.models.working_time import HolidaySource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promise_engine.inputs.paths import Loc
    from promise_engine.models._base import Weekday
    from promise_engine.models.working_time import Calendar

_WITH_HOURS = (
    "sites.*.preparation.calendar",
    "sites.*.receiving",
    "sites.*.store_collection.opening",
    "pickup_points.*.opening",
    "services.*.lanes.*.transit.hours",
)
_WITHOUT_PLACE = (
    "services.*.lanes.*.transit.network_days",
    "services.*.lanes.*.delivery.days",
    "services.*.delivery.days",
)
_DAY_SECONDS = 86_400


class _Range(Protocol):
    @property
    def first(self) -> date: ...
    @property
    def end(self) -> date: ...
    @property
    def length(self) -> int: ...


def check_calendars(findings: Findings) -> None:
    """Every rule about calendars, but those about their holidays."""
    _check_cycles(findings)
    _check_uses(findings)
    for i, calendar in enumerate(findings.network.calendars):
        _check_exceptions(findings, ("calendars", i, "exceptions"), calendar)
        _check_late_hours(findings, ("calendars", i, "hours"), calendar)
    for pattern in ("services.*.delivery.exceptions", "services.*.lanes.*.delivery.exceptions"):
        for loc, exceptions in each(findings.network, pattern):
            _check_equal_ranges(findings, loc, [(k, e, None) for k, e in enumerate(exceptions)])


def check_holidays(findings: Findings) -> None:
    """That the `holidays` package knows what sources name."""
    for pattern in ("calendars.*.holidays.*", "settings.destination_holidays.*"):
        for loc, source in findings.each_model(pattern, HolidaySource):
            _check_source(findings, loc, source)


def _check_uses(findings: Findings) -> None:
    for pattern in _WITH_HOURS:
        for loc, name in findings.each(pattern):
            if _has_hours(findings, name, ()) is False:
                findings.add(loc, name, "a calendar with hours", "needs_hours")
    for pattern in _WITHOUT_PLACE:
        for loc, name in findings.each(pattern):
            if _asks_place(findings, name, ()):
                words = "a calendar whose holidays name their country and subdivision, because no place is known here"
                findings.add(loc, name, words, "place_holidays")


def _members(calendar: Calendar) -> tuple[str, ...]:
    return calendar.all_of or calendar.any_of


def _check_cycles(findings: Findings) -> None:
    for i, calendar in enumerate(findings.network.calendars):
        reached = _reached(findings, calendar.id)
        in_cycle = (
            {name for name in reached if calendar.id in _reached(findings, name)} if calendar.id in reached else set()
        )
        if in_cycle and calendar.id == min(in_cycle):
            field = "all_of" if calendar.all_of else "any_of"
            findings.add(
                ("calendars", i, field),
                sorted(in_cycle),
                "calendars that do not combine each other in a circle",
                "cycle",
            )


def _reached(findings: Findings, name: str) -> set[str]:
    """The calendars that a calendar combines, directly or not."""
    reached: set[str] = set()
    todo = [name]
    while todo:
        calendar = findings.get("calendars", todo.pop())
        fresh = [] if calendar is None else [member for member in _members(calendar) if member not in reached]
        reached.update(fresh)
        todo += fresh
    return reached


def _has_hours(findings: Findings, name: str, above: tuple[str, ...]) -> bool | None:
    """Whether a calendar has hours; None when it cannot be known."""
    calendar = findings.get("calendars", name)
    if calendar is None or name in above:
        return None
    if calendar.hours is not None:
        return True
    parts = [_has_hours(findings, member, (*above, name)) for member in _members(calendar)]
    return True if True in parts else (None if None in parts else False)


def _asks_place(findings: Findings, name: str, above: tuple[str, ...]) -> bool:
    calendar = findings.get("calendars", name)
    if calendar is None or name in above:
        return False
    if any("place" in {source.country, source.subdivision} for source in calendar.holidays):
        return True
    return any(_asks_place(findings, member, (*above, name)) for member in _members(calendar))


def _check_exceptions(findings: Findings, loc: Loc, calendar: Calendar) -> None:
    for effect in ("open", "hours"):
        _check_equal_ranges(
            findings, loc, [(k, e, e.weekdays) for k, e in enumerate(calendar.exceptions) if e.effect == effect]
        )


def _check_equal_ranges(
    findings: Findings, loc: Loc, ranges: Sequence[tuple[int, _Range, tuple[Weekday, ...] | None]]
) -> None:
    by_length: dict[int, list[tuple[int, _Range, tuple[Weekday, ...] | None]]] = {}
    for entry in ranges:
        by_length.setdefault(entry[1].length, []).append(entry)
    for equal in by_length.values():
        for (_, one, days), (k, other, other_days) in combinations(equal, 2):
            if _common_date(one, other, days, other_days):
                words = "a range that is shorter or longer than every other of its kind that shares a date with it"
                findings.add((*loc, k), f"{other.first} to {other.end}", words, "overlap")
                break


def _common_date(
    one: _Range, other: _Range, days: tuple[Weekday, ...] | None, other_days: tuple[Weekday, ...] | None
) -> bool:
    shared = set(WEEKDAYS if days is None else days) & set(WEEKDAYS if other_days is None else other_days)
    return any(WEEKDAYS[day.weekday()] in shared for day in _week(max(one.first, other.first), min(one.end, other.end)))


def _week(first: date, last: date) -> Iterator[date]:
    for i in range(min(7, (last - first).days + 1)):
        yield first + timedelta(days=i)


def _check_late_hours(findings: Findings, loc: Loc, calendar: Calendar) -> None:
    hours = calendar.hours or {}
    for i, day in enumerate(WEEKDAYS):
        following = WEEKDAYS[(i + 1) % 7]
        if hours.get(day) and hours.get(following) and hours[day][-1].end - _DAY_SECONDS > hours[following][0].start:
            shown_hours = calendar.model_dump(mode="json", include={"hours"})["hours"][day]
            findings.warn((*loc, day), shown_hours, f"hours that end before those of {following} begin", "overlap")
            return


class _Known(NamedTuple):
    subdivisions: frozenset[str]
    aliases: frozenset[str]
    categories: frozenset[str]


@lru_cache(maxsize=512)
def _known(country: str) -> _Known | None:
    from holidays import country_holidays  # noqa: PLC0415 - a process that loads no network does without

    try:
        table = country_holidays(country)
    except NotImplementedError:
        return None
    return _Known(
        frozenset(table.subdivisions), frozenset(table.subdivisions_aliases), frozenset(table.supported_categories)
    )


@lru_cache(maxsize=1)
def _countries() -> tuple[str, ...]:
    from holidays import list_supported_countries  # noqa: PLC0415

    return tuple(sorted(list_supported_countries()))


@lru_cache(maxsize=1)
def _categories() -> frozenset[str]:
    from holidays import constants  # noqa: PLC0415

    return frozenset(value for name, value in vars(constants).items() if name.isupper() and value == name.lower())


def _check_source(findings: Findings, loc: Loc, source: HolidaySource) -> None:
    if source.country in {None, "place"}:
        known = _Known(frozenset(), frozenset(), _categories())
    else:
        found = _known(str(source.country))
        if found is None:
            words = f"a country that the `holidays` package knows{close(str(source.country), _countries())}"
            findings.add((*loc, "country"), source.country, words, "unknown_holidays")
            return
        known = found
    if source.subdivision not in {None, "place"} and source.subdivision not in known.subdivisions | known.aliases:
        listed = ", ".join(sorted(known.subdivisions)[:40]) or "none"
        meant = close(str(source.subdivision), known.subdivisions)
        words = f"a subdivision of {source.country} in the `holidays` package{meant} ({listed})"
        findings.add((*loc, "subdivision"), source.subdivision, words, "unknown_holidays")
    for k, category in enumerate(source.categories if source.country is not None else ()):
        if category not in known.categories:
            words = f"one of: {', '.join(sorted(known.categories))}{close(category, known.categories)}"
            findings.add((*loc, "categories", k), category, words, "unknown_holidays")
