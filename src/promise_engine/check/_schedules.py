"""Calendars, collections and plans that end too early, never count, or lie outside the dates that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine.inputs._rules.findings import each

if TYPE_CHECKING:
    from promise_engine.check._facts import Dates, Facts
    from promise_engine.inputs.paths import Loc
    from promise_engine.models.working_time import Calendar

_RANGES = (
    "calendars.*.exceptions.*",
    "services.*.overlays.*",
    "services.*.delivery.exceptions.*",
    "services.*.lanes.*.delivery.exceptions.*",
    "tariffs.*.surcharges.*.on",
)


def _until(facts: Facts) -> str:
    network = facts.network
    return f"{facts.last_date}, the end of the horizon of orders of {network.valid_until}"


def check_calendars_count(facts: Facts) -> None:
    """A calendar in use that has no date at that place while the network is valid, its horizon included."""
    for use in facts.uses:
        if not facts.in_force(open_dates(facts, use.calendar, use.region)).size:
            words = f"a calendar with an open date between {facts.network.valid_from} and {facts.last_date}"
            facts.findings.warn(use.loc, use.calendar, words, "never_open")


def check_calendars_last(facts: Facts) -> None:
    """A calendar in use whose dates stop inside the horizon of the last order: a recurrence that ends, or a closure."""
    for use in facts.uses:
        end = facts.ends_early(open_dates(facts, use.calendar, use.region))
        if end is not None:
            calendar = _cause(facts, facts.findings.get("calendars", use.calendar), use.region)
            loc = facts.loc("calendars", calendar.id)
            path = (*loc, "recurrence") if calendar.recurrence else loc
            facts.findings.warn(path, str(facts.date(end)), f"open dates up to {_until(facts)}", "calendar_ends")


def open_dates(facts: Facts, calendar: str, region: object) -> Dates:
    """The dates on which a calendar is open at a place, on some hours where it has hours."""
    rules = facts.compiled.calendars.resolved(calendar, region).rules  # type: ignore[arg-type]
    return np.array([rule.is_open and rule.hours != () for rule in rules], bool)


def _cause(facts: Facts, calendar: Calendar, region: object) -> Calendar:
    """The combined calendar, or the member whose end makes it end."""
    for name in (*calendar.all_of, *calendar.any_of):
        if facts.ends_early(open_dates(facts, name, region)) is not None:
            return _cause(facts, facts.findings.get("calendars", name), region)
    return calendar


def check_collections_last(facts: Facts) -> None:
    """A site and a service whose collections all end, by `valid_until` or their list of dates, inside the horizon."""
    ending: dict[int, list[str]] = {}
    for pair, numbers in sorted(facts.collections_of.items()):
        if pair in facts.used_pairs:
            end = facts.ends_early(np.any([facts.listed_collections[number] for number in numbers], axis=0))
            if end is not None:
                last = next(number for number in numbers if facts.listed_collections[number][end])
                ending.setdefault(last, []).append(f"{pair[1]} at {pair[0]}")
    for last, pairs in ending.items():
        field = "dates" if facts.network.collections[last].dates is not None else "valid_until"
        end = int(np.flatnonzero(facts.listed_collections[last])[-1])
        words = f"collections of {', '.join(pairs)} up to {_until(facts)}"
        facts.findings.warn(("collections", last, field), str(facts.date(end)), words, "collections_end")


def check_plans_last(facts: Facts) -> None:
    """A preparation plan whose slots all end inside the horizon: later orders are refused."""
    for i, site in enumerate(facts.network.sites):
        plan = site.preparation.plan if site.preparation else None
        if plan is None:
            continue
        end = facts.ends_early(
            np.any([facts.listed(s.weekdays, s.dates, s.valid_from, s.valid_until) for s in plan.slots], axis=0)
        )
        if end is not None:
            loc: Loc = ("sites", i, "preparation", "plan", "slots")
            facts.findings.warn(loc, str(facts.date(end)), f"slots up to {_until(facts)}", "plan_ends")


def check_ranges_matter(facts: Facts) -> None:
    """A dated range, collection or slot that lies wholly outside the dates that matter: often a wrong year."""
    first, last = facts.network.valid_from, facts.last_date
    words = f"dates between {first} and {last}"
    for pattern in _RANGES:
        for loc, dated in each(facts.network, pattern):
            if dated.end < first or dated.first > last:
                value = str(dated.first) if dated.first == dated.end else f"{dated.first} to {dated.end}"
                facts.findings.warn(loc, value, words, "never_in_force")
    for pattern in ("collections.*", "sites.*.preparation.plan.slots.*"):
        for loc, thing in each(facts.network, pattern):
            if not facts.in_force(facts.listed(thing.weekdays, thing.dates, thing.valid_from, thing.valid_until)).size:
                facts.findings.warn(loc, "", words, "never_in_force")


SCHEDULES = (
    check_calendars_count,
    check_calendars_last,
    check_collections_last,
    check_plans_last,
    check_ranges_matter,
)
