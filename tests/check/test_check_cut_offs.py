"""Cut-offs that cannot be met."""

from __future__ import annotations

from typing import Any

import pytest

from check.builders import found, told

CUT_OFF = "sites.0.preparation.order_cut_off"
AT = "sites[lyon].preparation.order_cut_off"
HOUR = {"maximum": {"fixed": "1 h"}}
Change = tuple[str, Any]

DOUBTFUL: dict[str, tuple[list[Change], list[tuple[str, str]]]] = {
    "handling passes the last collection": (
        [(CUT_OFF, {"daily": "16:30"})],
        [("cut_off_unmet", f"{AT}.daily")],
    ),
    "one weekday": (
        [(CUT_OFF, {"daily": "15:00", "times": {"fri": "16:05"}})],
        [("cut_off_unmet", f"{AT}.times.fri")],
    ),
    "a weekday on which the site never works": (
        [(CUT_OFF, {"daily": "15:00", "times": {"sun": "12:00"}})],
        [("cut_off_never_worked", f"{AT}.times.sun")],
    ),
    "an override for a weekday on which the site never works": (
        [("sites.0.preparation.overrides", [{"services": ["parcel"], "order_cut_off": {"times": {"sat": "11:00"}}}])],
        [("cut_off_never_worked", "sites[lyon].preparation.overrides.0.order_cut_off.times.sat")],
    ),
    "the cut-off itself is after the last collection": (
        [(CUT_OFF, {"daily": "17:30"})],
        [("cut_off_after_last_collection", f"{AT}.daily")],
    ),
    "acceptance takes the rest": (
        [(CUT_OFF, {"daily": "15:45"}), ("channels.0.acceptance", "30 min")],
        [("cut_off_unmet", f"{AT}.daily")],
    ),
    "an override for some services": (
        [("sites.0.preparation.overrides", [{"services": ["parcel"], "order_cut_off": {"daily": "16:30"}}])],
        [("cut_off_unmet", "sites[lyon].preparation.overrides.0.order_cut_off.daily")],
    ),
    "the slot ends after the last collection": (
        [
            (CUT_OFF, {"daily": "13:00"}),
            ("sites.0.preparation.handling", {"counts_from": "slot_end"}),
            (
                "sites.0.preparation.plan",
                {"slots": [{"start": s, "end": e, "capacity": 9} for s, e in (("08:00", "12:00"), ("12:00", "18:00"))]},
            ),
        ],
        [("cut_off_unmet", f"{AT}.daily")],
    ),
    "ready at the closing, after the last collection": (
        [("sites.0.preparation.handling", {"maximum_days": 1, "ready": "closing"})],
        [("ready_after_last_collection", "sites[lyon].preparation.handling.ready")],
    ),
    "ready too late for the service of an override": (
        [
            (
                "sites.0.preparation.overrides",
                [{"services": ["parcel"], "handling": {"maximum_days": 1, "ready": "17:01"}}],
            )
        ],
        [("ready_after_last_collection", "sites[lyon].preparation.overrides.0.handling.ready")],
    ),
    "a collection before the opening": (
        [("collections.0.cut_off", "07:30")],
        [("cut_off_before_opening", "collections.0.cut_off")],
    ),
    "a departure before the opening": (
        [("collections.0", {"sites": ["lyon"], "services": ["parcel", "to-point", "van"], "departure": "07:30"})],
        [("cut_off_before_opening", "collections.0.departure")],
    ),
    "a store that closes its counter before anything is ready": (
        [("sites.1.store_collection", {"opening": "shop", "cut_off": "09:30", "handling": HOUR})],
        [("store_cut_off_unmet", "sites[metz].store_collection.cut_off")],
    ),
}

SOUND: dict[str, list[Change]] = {
    "ready at the cut-off of the collection": [(CUT_OFF, {"daily": "16:00"})],
    "a later collection": [
        (CUT_OFF, {"daily": "16:30"}),
        ("collections.1", {"sites": ["lyon"], "services": ["van"], "cut_off": "17:45"}),
    ],
    "a collection of the night": [
        (CUT_OFF, {"daily": "17:00"}),
        ("collections.1", {"sites": ["lyon"], "services": ["parcel"], "departure": "05:00 +1d"}),
    ],
    "a Sunday that is worked once": [
        ("carriers.0", {"id": "post"}),
        ("calendars.0.exceptions", [{"first": "2026-03-01", "effect": "open", "hours": ["08:00-12:00"]}]),
        (CUT_OFF, {"daily": "15:00", "times": {"sun": "10:00"}}),
    ],
    "a weekday without collections": [
        ("calendars.0.hours", {"mon-fri": ["08:00-18:00"], "sat": ["08:00-12:00"]}),
        ("collections.0.weekdays", "mon-fri"),
        (CUT_OFF, {"daily": "15:00", "times": {"sat": "11:30"}}),
    ],
    "work of days, for which no order leaves the same day": [
        (CUT_OFF, {"daily": "17:30"}),
        ("sites.0.preparation.handling", {"maximum_days": 2}),
    ],
    "work too long for any order of the day": [
        (CUT_OFF, {"daily": "16:30"}),
        ("sites.0.preparation.handling", {"maximum": {"fixed": "12 h"}}),
    ],
    "a worked Sunday with shorter hours": [
        (CUT_OFF, {"daily": "16:00"}),
        ("carriers.0", {"id": "post"}),
        ("calendars.0.exceptions", [{"first": "2026-03-01", "effect": "open", "hours": ["08:00-12:00"]}]),
    ],
    "ready at the hour of the last collection": [
        ("sites.0.preparation.handling", {"maximum_days": 1, "ready": "17:00"})
    ],
    "ready at the closing, before a collection of the evening": [
        ("sites.0.preparation.handling", {"maximum_days": 1, "ready": "closing"}),
        ("collections.0", {"sites": ["lyon"], "services": ["parcel", "to-point", "van"], "departure": "18:00"}),
    ],
    "a collection that says it belongs to the evening before": [("collections.0.cut_off", "20:00 -1d")],
    "a collection after a night shift": [
        ("calendars.0.hours", {"mon-fri": ["20:00-04:00"]}),
        ("collections.0.cut_off", "06:00"),
    ],
    "a counter that closes late enough": [
        ("sites.1.store_collection", {"opening": "shop", "cut_off": "10:00", "handling": HOUR})
    ],
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_cut_offs_that_cannot_be_met(name: str) -> None:
    """Each is told where the time stands."""
    changes, expected = DOUBTFUL[name]
    assert expected == found(*changes)


@pytest.mark.parametrize("name", SOUND)
def test_cut_offs_that_can_be_met(name: str) -> None:
    """Nothing is told."""
    assert found(*SOUND[name]) == []


def test_the_warning_shows_the_reckoning() -> None:
    """16:29:59 and an hour of work make 17:29:59, after 17:00, on Monday 2 February 2026 and every working day."""
    expected = (
        "sites[lyon].preparation.order_cut_off.daily: found '16:30 on mon, tue, wed, thu, fri', expected an order"
        " cut-off that leaves time to be ready for the last collection of the day (accepted 2026-02-02 16:29:59,"
        " ready 2026-02-02 17:29:59, collected until 2026-02-02 17:00)"
    )
    assert expected == told((CUT_OFF, {"daily": "16:30"}))
