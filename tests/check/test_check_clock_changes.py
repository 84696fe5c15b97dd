"""Times that do not exist on 29 March 2026, when clocks in France go from 02:00 to 03:00."""

from __future__ import annotations

from typing import Any

import pytest

from check.builders import found, told

NIGHT = {"id": "night", "hours": {"daily": ["22:00-02:30"]}}
NIGHTS = [("calendars.0.hours", {"daily": ["00:00-24:00"]}), ("carriers.0", {"id": "post"})]
PARCEL = {"sites": ["lyon"], "services": ["parcel"]}
SLOTS = "sites.0.preparation.plan.slots"
Change = tuple[str, Any]

DOUBTFUL: dict[str, tuple[list[Change], list[tuple[str, str]]]] = {
    "hours past midnight": (
        [("calendars.0.hours", {"mon-fri": ["08:00-18:00"], "sat": ["22:00-02:30"]})],
        [("no_such_time", "calendars[work].hours")],
    ),
    "an order cut-off": (
        [*NIGHTS, ("sites.0.preparation.order_cut_off", {"times": {"sun": "02:15"}})],
        [("no_such_time", "sites[lyon].preparation.order_cut_off.times.sun")],
    ),
    "the hour of readiness": (
        [*NIGHTS, ("sites.0.preparation.handling", {"maximum_days": 1, "ready": "02:30"})],
        [("no_such_time", "sites[lyon].preparation.handling.ready")],
    ),
    "a departure after midnight": (
        [*NIGHTS, ("collections.1", {**PARCEL, "cut_off": "23:00", "departure": "02:30 +1d"})],
        [("no_such_time", "collections.1.departure")],
    ),
    "a slot": (
        [*NIGHTS, (SLOTS, [{"start": "02:30", "end": "12:00", "capacity": 5, "use_by": "02:45"}])],
        [
            ("no_such_time", "sites[lyon].preparation.plan.slots.0.start"),
            ("no_such_time", "sites[lyon].preparation.plan.slots.0.use_by"),
        ],
    ),
    "an arrival at a store": (
        [
            ("calendars.1.hours", {"mon-sat": ["09:00-19:00"], "sun": ["01:00-05:00"]}),
            ("routes.0.legs.0.arrival", "02:30"),
        ],
        [("no_such_time", "routes[to-store].legs.0.arrival")],
    ),
    "the hour from which a point hands over": (
        [("calendars.1.hours", {"daily": ["00:00-24:00"]}), ("pickup_points.0.available_from", "02:30")],
        [("no_such_time", "pickup_points[p1].available_from")],
    ),
    "a delivery window": (
        [("services.2.delivery", {"windows": [{"hours": "20:00-02:30"}]})],
        [("no_such_time", "services[van].delivery.windows.0")],
    ),
    "the counter of a store": (
        [("calendars.1.hours", {"daily": ["00:00-24:00"]}), ("sites.1.store_collection.cut_off", "02:30")],
        [("no_such_time", "sites[metz].store_collection.cut_off")],
    ),
}

SOUND: dict[str, list[Change]] = {
    "hours on other nights": [("calendars.0.hours", {"mon-thu": ["22:00-02:30"]}), ("collections.0.cut_off", "17:00")],
    "hours that end with the change": [("calendars.0.hours", {"mon-fri": ["08:00-18:00"], "sat": ["22:00-02:00"]})],
    "a time of the autumn change, which occurs twice": [
        *NIGHTS,
        ("valid_from", "2026-09-01"),
        ("valid_until", "2026-12-01"),
        ("sites.0.preparation.order_cut_off", {"times": {"sun": "02:15"}}),
    ],
    "a place without clock changes": [
        *NIGHTS,
        ("sites.0.time_zone", "Africa/Tunis"),
        ("sites.0.preparation.order_cut_off", {"times": {"sun": "02:15"}}),
    ],
    "a date on which nothing is collected": [
        ("collections.1", {**PARCEL, "weekdays": "mon-fri", "cut_off": "17:30", "departure": "02:30 +1d"})
    ],
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_times_that_do_not_exist(name: str) -> None:
    """Each object is told once."""
    changes, expected = DOUBTFUL[name]
    assert expected == [fault for fault in found(*changes) if fault[0] == "no_such_time"]


@pytest.mark.parametrize("name", SOUND)
def test_times_that_exist(name: str) -> None:
    """Nothing is told."""
    assert [fault for fault in found(*SOUND[name]) if fault[0] == "no_such_time"] == []


def test_the_warning_names_the_date_and_the_zone() -> None:
    """So that one can see what is meant."""
    assert (
        "found '02:30 on 2026-03-29 in Europe/Paris', expected a time that exists: clocks go from 02:00 to 03:00"
        in told(*DOUBTFUL["a delivery window"][0])
    )
