"""Plans, pools and places that promise too early, or hold nothing."""

from __future__ import annotations

from typing import Any

import pytest

from check.builders import found

PLAN, AT = "sites.0.preparation.plan", "sites[lyon].preparation.plan.slots"
MORNING = {"start": "08:00", "end": "13:00", "capacity": 9}
EVENING = {"start": "13:00", "end": "18:00", "capacity": 9}
DAY = {"start": "08:00", "end": "18:00", "capacity": 9}
Change = tuple[str, Any]

DOUBTFUL: dict[str, tuple[list[Change], list[tuple[str, str]]]] = {
    "a slot of a day": ([(PLAN, {"slots": [DAY]})], [("slot_without_end", f"{AT}.0")]),
    "a slot of any day": (
        [(PLAN, {"slots": [{**DAY, "start": "00:00", "end": "24:00"}]})],
        [("slot_without_end", f"{AT}.0")],
    ),
    "a slot that the hours cut": (
        [(PLAN, {"slots": [{**MORNING, "start": "06:00"}, EVENING]})],
        [("slot_clipped", f"{AT}.0")],
    ),
    "a slot before the opening": (
        [(PLAN, {"slots": [MORNING, EVENING, {"start": "05:00", "end": "07:00", "capacity": 9}]})],
        [("slot_never", f"{AT}.2")],
    ),
    "a slot on a closed day": (
        [(PLAN, {"slots": [MORNING, EVENING, {"weekdays": "sun", "start": "19:00", "end": "20:00", "capacity": 9}]})],
        [("slot_never", f"{AT}.2")],
    ),
    "a plan without capacity": (
        [(PLAN, {"slots": [{**MORNING, "capacity": 0}, {**EVENING, "capacity": 0}]})],
        [("no_capacity", AT)],
    ),
    "a pool without capacity": (
        [("collection_pools", [{"id": "lorry", "capacity": 0}]), ("collections.0.pool", "lorry")],
        [("no_capacity", "collection_pools[lorry].capacity")],
    ),
    "windows without capacity": (
        [("services.0.delivery.windows.0.capacity", 0)],
        [("no_capacity", "services[parcel].delivery.windows")],
    ),
    "a point without capacity": (
        [("pickup_points.0.daily_capacity", 0)],
        [("no_capacity", "pickup_points[p1].daily_capacity")],
    ),
}

SOUND: dict[str, list[Change]] = {
    "a slot of a day whose end counts": [
        (PLAN, {"slots": [DAY]}),
        ("sites.0.preparation.handling", {"maximum": {"fixed": "1 h"}, "counts_from": "slot_end"}),
    ],
    "a slot of a day, and work of days": [
        (PLAN, {"slots": [DAY]}),
        ("sites.0.preparation.handling", {"maximum_days": 1}),
    ],
    "two waves, one on a short day": [
        ("calendars.0.hours", {"mon-thu": ["08:00-18:00"], "fri": ["08:00-13:00"]}),
        (PLAN, {"slots": [MORNING, {**EVENING, "weekdays": "mon-thu"}]}),
    ],
    "a slot that a short day cuts": [
        ("calendars.0.hours", {"mon-thu": ["08:00-18:00"], "fri": ["08:00-16:00"]}),
        (PLAN, {"slots": [MORNING, EVENING]}),
    ],
    "one wave that takes nothing": [(PLAN, {"slots": [MORNING, {**EVENING, "capacity": 0}]})],
    "a pool with capacity": [("collection_pools", [{"id": "lorry", "capacity": 1}]), ("collections.0.pool", "lorry")],
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_capacity_that_deceives(name: str) -> None:
    """Each is told at the slot, the pool or the place."""
    changes, expected = DOUBTFUL[name]
    assert expected == found(*changes)


@pytest.mark.parametrize("name", SOUND)
def test_capacity_that_holds(name: str) -> None:
    """Nothing is told."""
    assert found(*SOUND[name]) == []
