"""Calendars, collections, plans and holidays that end inside the horizon, or lie outside it."""

from __future__ import annotations

from typing import Any

import pytest

from check.builders import found

UNTIL_MAY = "DTSTART:20260101 RRULE:FREQ=DAILY;UNTIL=20260515"
SLOT = {"start": "08:00", "end": "12:00", "capacity": 5}
LATE = {"start": "12:00", "end": "18:00", "capacity": 5}
PLAN = "sites.0.preparation.plan"
Change = tuple[str, Any]

DOUBTFUL: dict[str, tuple[list[Change], list[tuple[str, str]]]] = {
    "a recurrence with an end": (
        [("calendars.3", {"id": "r", "recurrence": UNTIL_MAY}), ("services.2.delivery", {"days": "r"})],
        [("calendar_ends", "calendars[r].recurrence")],
    ),
    "a recurrence with a count": (
        [
            ("calendars.3", {"id": "r", "recurrence": "DTSTART:20260204 RRULE:FREQ=WEEKLY;COUNT=10"}),
            ("services.2.delivery", {"days": "r"}),
        ],
        [("calendar_ends", "calendars[r].recurrence")],
    ),
    "a member of a combined calendar": (
        [
            ("calendars.3", {"id": "r", "recurrence": UNTIL_MAY}),
            ("calendars.4", {"id": "both", "all_of": ["r", "post-days"]}),
            ("services.2.delivery", {"days": "both"}),
        ],
        [("calendar_ends", "calendars[r].recurrence")],
    ),
    "a closure without end": (
        [
            (
                "calendars.3",
                {"id": "c", "exceptions": [{"first": "2026-06-01", "last": "2027-06-01", "effect": "closed"}]},
            ),
            ("services.2.delivery", {"days": "c"}),
        ],
        [("calendar_ends", "calendars[c]")],
    ),
    "a stop that never receives": (
        [
            ("calendars.3", {"id": "never", "hours": {"mon": ["08:00-09:00"]}, "weekdays": "tue"}),
            ("sites.1.receiving", "never"),
        ],
        [("never_open", "sites[metz].receiving")],
    ),
    "collections that end": (
        [("collections.0.valid_until", "2026-07-15")],
        [("collections_end", "collections.0.valid_until")],
    ),
    "listed dates that end": (
        [
            ("collections.0.services", ["parcel", "to-point"]),
            ("collections.1", {"sites": ["lyon"], "services": ["van"], "dates": ["2026-03-02", "2026-03-09"]}),
        ],
        [("collections_end", "collections.1.dates")],
    ),
    "a plan that ends": (
        [(PLAN, {"slots": [{**SLOT, "valid_until": "2026-06-30"}, {**LATE, "valid_until": "2026-06-30"}]})],
        [("plan_ends", "sites[lyon].preparation.plan.slots")],
    ),
    "an exception of another year": (
        [("calendars.0.exceptions", [{"first": "2025-05-01", "effect": "closed"}])],
        [("never_in_force", "calendars[work].exceptions.0")],
    ),
    "an overlay after the last date": (
        [("services.0.overlays", [{"first": "2026-11-21", "last": "2026-12-24", "add_days": 1}])],
        [("never_in_force", "services[parcel].overlays.0")],
    ),
    "a collection that is over": (
        [("collections.1", {"sites": ["lyon"], "services": ["van"], "valid_until": "2025-12-31", "cut_off": "12:00"})],
        [("never_in_force", "collections.1")],
    ),
    "a slot that is over": (
        [(PLAN, {"slots": [SLOT, LATE, {"start": "06:00", "end": "08:00", "capacity": 1, "dates": ["2025-12-01"]}]})],
        [("never_in_force", "sites[lyon].preparation.plan.slots.2")],
    ),
    "a list of holidays that says where it ends": (
        [
            (
                "calendars.0.holidays",
                [{"dates": {"2026-05-01": "May"}, "covers": {"first": "2026-01-01", "last": "2026-06-30"}}],
            )
        ],
        [("holidays_end", "calendars[work].holidays.0.covers")],
    ),
    "a list of holidays that begins too late": (
        [
            (
                "settings.destination_holidays",
                [{"dates": {"2026-05-01": "May"}, "covers": {"first": "2026-03-01", "last": "2027-01-01"}}],
            )
        ],
        [("holidays_end", "settings.destination_holidays.0.covers")],
    ),
    "a category without holidays": (
        [("calendars.0.holidays", [{"country": "place", "categories": ["school"]}])],
        [("no_holidays", "calendars[work].holidays.0.country")],
    ),
}

SOUND: dict[str, list[Change]] = {
    "a recurrence without end": [
        ("calendars.3", {"id": "r", "recurrence": "DTSTART:20260105 RRULE:FREQ=MONTHLY;BYDAY=1MO"}),
        ("services.2.delivery", {"days": "r"}),
    ],
    "a recurrence that ends after the horizon": [
        ("calendars.3", {"id": "r", "recurrence": "DTSTART:20260101 RRULE:FREQ=DAILY;UNTIL=20260730"}),
        ("services.2.delivery", {"days": "r"}),
    ],
    "collections of a season beside those of the year": [
        ("collections.1", {"sites": ["lyon"], "services": ["van"], "dates": ["2026-03-06"], "cut_off": "12:00"})
    ],
    "collections in turn": [
        ("collections.0.valid_until", "2026-04-30"),
        (
            "collections.1",
            {
                "sites": ["lyon"],
                "services": ["parcel", "to-point", "van"],
                "valid_from": "2026-05-01",
                "cut_off": "16:00",
            },
        ),
    ],
    "collections to the end of the horizon": [("collections.0.valid_until", "2026-07-30")],
    "a slot of a season beside those of the year": [
        (
            PLAN,
            {
                "slots": [
                    SLOT,
                    {**LATE, "valid_until": "2026-03-31"},
                    {**LATE, "start": "13:00", "valid_from": "2026-04-01"},
                ]
            },
        )
    ],
    "an exception in the horizon of the last order": [
        ("calendars.0.exceptions", [{"first": "2026-07-30", "effect": "closed"}])
    ],
    "a complete list of holidays": [
        (
            "calendars.0.holidays",
            [{"dates": {"2026-05-01": "May"}, "covers": {"first": "2026-01-01", "last": "2026-12-31"}}],
        )
    ],
    "a list of holidays that says nothing of its end": [("calendars.0.holidays", [{"dates": {"2026-05-01": "May"}}])],
    "holidays of the place": [("calendars.0.holidays", [{"country": "place", "subdivision": "place"}])],
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_schedules_that_end(name: str) -> None:
    """Each is told once, at its cause."""
    changes, expected = DOUBTFUL[name]
    assert expected == found(*changes)


@pytest.mark.parametrize("name", SOUND)
def test_schedules_that_last(name: str) -> None:
    """Nothing is told."""
    assert found(*SOUND[name]) == []
