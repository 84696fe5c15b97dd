"""The dates of calendars as the command `calendar` shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promise_engine import Network
from promise_engine._compile.almanac import InstalledAlmanac
from promise_engine._compile.calendars import Period
from promise_engine._compile.working_time import Calendars
from promise_engine._resources import example_path
from promise_engine.adapters.cli.console import out, plain_table
from promise_engine.adapters.cli.inputs import EXAMPLE
from promise_engine.adapters.cli.subjects import Asked, Subject, holidays_of, subjects_of
from promise_engine.context import hours_text
from promise_engine.explanation.words import counted, day_text, why_text
from promise_engine.models._base import WEEKDAYS
from promise_engine.units import day_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from promise_engine._compile.calendars import DayRule, HolidayKey
    from promise_engine.models.carrier import Delivery


class Shown(NamedTuple):
    """One date as it is shown."""

    day: date
    counts: bool
    hours: str
    why: str
    exceptional: bool  # differs from the ordinary week


class _Listening(InstalledAlmanac):
    """Remembers the years of which it was asked for holidays and knows none."""

    def __init__(self) -> None:
        super().__init__()
        self.without: set[HolidayKey] = set()

    def holidays(self, key: HolidayKey) -> Mapping[date, str]:
        """Holidays of one year."""
        found = super().holidays(key)
        if not found:
            self.without.add(key)
        return found


def network_of(path: Path | None) -> Network:
    """The network of a path; without one the embedded example's."""
    return Network.load(path or example_path(EXAMPLE) / "network")


def show_days(network: Network, asked: Asked, start: date, end: date, exceptions: bool) -> None:
    """Print the dates of every calendar that is asked for."""
    period = Period(day_number(start), (end - start).days + 1)
    almanac = _Listening()
    calendars = Calendars({model.id: model for model in network.calendars}, period, almanac)
    holidays = holidays_of(network, asked.to, period, almanac) if asked.to is not None else {}
    for subject in subjects_of(network, asked):
        _print(subject, _days(subject, calendars, holidays), exceptions)
    _tell_unknown_holidays(almanac.without)
    _tell_validity(network, start, end)


def _days(subject: Subject, calendars: Calendars, holidays: dict[date, str]) -> list[Shown]:
    """Each date as it is shown."""
    rules = calendars.resolved(subject.calendar, subject.region).rules if subject.calendar else None
    shown = []
    for position, day in enumerate(calendars.period.dates):
        at_calendar = _of_calendar(day, rules[position] if rules else None)
        if subject.delivery is not None and at_calendar.counts:
            shown.append(_delivered(at_calendar, subject.delivery, holidays))
        elif day in holidays and at_calendar.counts:
            shown.append(Shown(day, False, "", holidays[day], True))
        else:
            shown.append(at_calendar)
    return shown


def _of_calendar(day: date, rule: DayRule | None) -> Shown:
    """What a calendar says of a date; without a calendar every date counts."""
    if rule is None:
        return Shown(day, True, "", "", False)
    hours = ", ".join(hours_text(interval) for interval in rule.hours or ())
    return Shown(day, rule.is_open, hours, why_text(rule.why), rule.exceptional)


def _delivered(shown: Shown, delivery: Delivery, holidays: dict[date, str]) -> Shown:
    """A delivery day of the calendar with its windows, unless it is a holiday at the destination."""
    day = shown.day
    if day in holidays and not delivery.on_holidays and day not in delivery.worked_holidays:
        return Shown(day, False, "", f"{holidays[day]} (at the destination)", True)
    covering = [exception for exception in delivery.exceptions if exception.covers(day)]
    exception = min(covering, key=lambda exception: exception.length, default=None)
    windows = (exception or delivery).windows
    weekday = WEEKDAYS[day.weekday()]
    hours = [window.hours for window in windows if window.weekdays is None or weekday in window.weekdays]
    why = [shown.why, (exception.name or "other windows") if exception else "", "" if hours else "no window"]
    return Shown(
        day,
        bool(hours),
        ", ".join(hours_text(interval) for interval in hours),
        "; ".join(filter(None, why)),
        shown.exceptional or exception is not None,
    )


def _print(subject: Subject, days: list[Shown], exceptions: bool) -> None:
    """The dates of one subject as a table."""
    console = out()
    place = f", holidays of {'-'.join(filter(None, subject.region))}" if subject.region else ""
    on_holidays = subject.delivery is not None and subject.delivery.on_holidays
    every = ": every day" if on_holidays else ": every day, less holidays"
    named = f" (calendar {subject.calendar}{place})" if subject.calendar else every
    console.print(f"{subject.title}{named}", style="bold")
    with_hours = any(shown.hours for shown in days)
    table = plain_table("Date", "", *(["Hours"] if with_hours else []), "Why")
    for shown in days:
        if shown.exceptional or not exceptions:
            style = None if shown.counts else "dim"
            cells = [
                day_text(shown.day, year=True),
                "open" if shown.counts else "closed",
                *([shown.hours] if with_hours else []),
                shown.why,
            ]
            table.add_row(*cells, style=style)
    if table.row_count:
        console.print(table)
    counting = sum(shown.counts for shown in days)
    console.print(f"{counted(counting, 'day')} of {len(days)} count.")
    if subject.missing:
        console.print(subject.missing)
    console.print()


def _tell_unknown_holidays(without: set[HolidayKey]) -> None:
    """Say of which years the `holidays` package knows no holidays, so that none are shown."""
    by_country: dict[str, set[int]] = {}
    for key in without:
        by_country.setdefault(key.country, set()).add(key.year)
    for country, unknown in sorted(by_country.items()):
        listed = ", ".join(map(str, sorted(unknown)))
        out().print(f"Holidays of {country} in {listed} are not known to the `holidays` package: none are applied.")


def _tell_validity(network: Network, start: date, end: date) -> None:
    """Say that dates are shown on which the network takes no orders."""
    if start >= network.valid_from and end <= network.valid_until:
        return
    outside = "These dates lie" if end < network.valid_from or start > network.valid_until else "Some dates lie"
    out().print(
        f"{outside} outside the network's validity, {network.valid_from} to {network.valid_until}: no order "
        "placed on them is answered."
    )
