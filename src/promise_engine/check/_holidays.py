"""Holidays that are not known for every date that matters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from promise_engine._compile.calendars import Period, Region, holiday_names
from promise_engine.units import day_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.check._facts import Facts
    from promise_engine.inputs.paths import Loc
    from promise_engine.models.working_time import HolidaySource


def check_lists_cover(facts: Facts) -> None:
    """A list of holidays in use that says it is complete for fewer dates than matter."""
    for loc, source in dict(_sources(facts)).values():
        if source.covers is None:
            continue
        first, last = facts.network.valid_from, facts.last_date
        if source.covers.first > first or source.covers.end < last:
            words = f"dates complete from {first} to {last}"
            value = f"{source.covers.first} to {source.covers.end}"
            facts.findings.warn((*loc, "covers"), value, words, "holidays_end")


def check_packages_know(facts: Facts) -> None:
    """A country (and its categories) of the `holidays` package in use without one holiday in a year that matters."""
    years = range(facts.network.valid_from.year, facts.last_date.year + 1)
    told: set[tuple[Loc, str]] = set()
    for region, (loc, source) in _regional(facts):
        country = region.country if source.country == "place" else source.country
        if not country or (loc, country) in told:
            continue
        missing = [year for year in years if not holiday_names(source, region, _year(year), facts.compiled.almanac)]
        if missing:
            told.add((loc, country))
            words = (
                f"holidays of {country} ({', '.join(source.categories)}) in every year from {years[0]} to {years[-1]}"
            )
            facts.findings.warn((*loc, "country"), f"none in {', '.join(map(str, missing))}", words, "no_holidays")


def _year(year: int) -> Period:
    first = day_number(date(year, 1, 1))
    return Period(first, day_number(date(year + 1, 1, 1)) - first)


def _sources(facts: Facts) -> Iterator[tuple[Loc, tuple[Loc, HolidaySource]]]:
    for _, entry in _regional(facts):
        yield entry[0], entry


def _regional(facts: Facts) -> Iterator[tuple[Region, tuple[Loc, HolidaySource]]]:
    """Every source in use, with every place for which it is asked."""
    seen: set[tuple[str, Region | None]] = set()
    for use in facts.uses:
        for name in _with_members(facts, use.calendar):
            if (name, use.region) not in seen:
                seen.add((name, use.region))
                calendar = facts.findings.get("calendars", name)
                for k, source in enumerate(calendar.holidays):
                    yield use.region or Region("", None), ((*facts.loc("calendars", name), "holidays", k), source)
    for country in sorted({region.country for region in facts.compiled.regions}):
        for k, source in enumerate(facts.network.settings.destination_holidays):
            if source.country in {None, "place", country}:
                yield Region(country, None), (("settings", "destination_holidays", k), source)


def _with_members(facts: Facts, name: str) -> Iterator[str]:
    yield name
    calendar = facts.findings.get("calendars", name)
    for member in (*calendar.all_of, *calendar.any_of):
        yield from _with_members(facts, member)


HOLIDAYS = (check_lists_cover, check_packages_know)
