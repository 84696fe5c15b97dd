"""Rules about two objects that the table of malformed inputs does not hold."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine.errors import Severity
from promise_engine.inputs.references import network_faults
from promise_engine.models.network import NetworkDocument

from inputs.samples import changed, sample

if TYPE_CHECKING:
    from collections.abc import Mapping


def found(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Path, code and severity of each fault of a valid document."""
    return [(f.path, f.code, f.severity.value) for f in network_faults(NetworkDocument.model_validate(document))]


def zones(*areas: dict[str, Any], exclude: dict[str, Any] | None = None) -> dict[str, Any]:
    """The sample with a second zone set, a zone for each area; the first with an exclusion."""
    listed: list[dict[str, Any]] = [{"id": f"z{i}", "areas": [area]} for i, area in enumerate(areas)]
    if exclude is not None:
        listed[0]["exclude"] = [exclude]
    document: dict[str, Any] = changed("network", "zone_sets.1", {"id": "two", "zones": listed})
    return document


def square(west: float, south: float, side: float = 1) -> dict[str, Any]:
    """A GeoJSON square."""
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"polygon": {"type": "Polygon", "coordinates": [ring]}}


def test_the_sample_has_no_fault() -> None:
    """Nothing is found where nothing is wrong."""
    assert found(sample("network")) == []


@pytest.mark.parametrize("position", [0, 1])
def test_what_names_a_double_id_is_not_judged(position: int) -> None:
    """Of two sites of one id nobody knows which a collection means: that one of them cannot dispatch is not told."""
    document = sample("network")
    document["sites"].insert(position, {"id": "lyon", "address": {"country": "FR", "postal_code": "69002"}})
    assert found(document) == [("sites[lyon].id", "duplicate_id", "error")]


def test_a_tie_shows_what_the_file_says() -> None:
    """Of two zones that name one city, the value found is as it is written, not as it is compared."""
    document = zones({"countries": ["FR"], "cities": ["Paris"]}, {"countries": ["FR"], "cities": ["PARIS"]})
    (fault,) = network_faults(NetworkDocument.model_validate(document))
    assert (fault.path, fault.value) == ("zone_sets[two].zones[z1].areas.0.cities.0", "'PARIS'")


def test_circles_are_told_once() -> None:
    """Three calendars that combine each other are one fault, at the first id."""
    document = changed("network", "calendars.4.all_of", ["c2"])
    document["calendars"] += [{"id": "c2", "any_of": ["c1", "days"]}, {"id": "c1", "all_of": ["both"]}]
    assert found(document) == [("calendars[both].all_of", "cycle", "error")]


def test_combined_calendars_have_the_hours_of_their_members() -> None:
    """A combination with one timed member may be used where hours are needed, one without may not."""
    assert found(changed("network", "sites.0.receiving", "both")) == []
    document = changed("network", "sites.0.receiving", "dates")
    document["calendars"].append({"id": "dates", "all_of": ["days", "any"]})
    assert found(document) == [("sites[lyon].receiving", "needs_hours", "error")]


def test_openings_on_different_weekdays_do_not_conflict() -> None:
    """Equal ranges of one effect may share dates when their weekdays differ."""
    exceptions = [
        {"first": "2026-12-01", "last": "2026-12-31", "effect": "hours", "hours": ["08:00-20:00"], "weekdays": days}
        for days in ("mon-wed", "thu-sat")
    ]
    assert found(changed("network", "calendars.0.exceptions", exceptions)) == []
    exceptions[1]["weekdays"] = "wed-sat"
    assert found(changed("network", "calendars.0.exceptions", exceptions)) == [
        ("calendars[week].exceptions.1", "overlap", "error")
    ]


def test_hours_that_run_into_the_next_day_are_doubtful() -> None:
    """Hours past midnight that overlap those of the next day are a warning."""
    hours = {"fri": ["20:00-10:00"], "sat": ["09:00-12:00"]}
    assert found(changed("network", "calendars.0.hours", hours)) == [
        ("calendars[week].hours.fri", "overlap", "warning")
    ]


@pytest.mark.parametrize(
    ("at", "to", "words"),
    [
        ("calendars.2.holidays.0.subdivision", "BAS", "a subdivision of FR in the `holidays` package"),
        ("calendars.2.holidays.0.categories", ["publik"], "one of: "),
        ("calendars.3.holidays.0.categories", ["publik"], "one of: "),
    ],
)
def test_holidays_are_those_of_the_package(at: str, to: Any, words: str) -> None:
    """Subdivisions and categories that the `holidays` package does not know are errors that list what it knows."""
    (fault,) = network_faults(NetworkDocument.model_validate(changed("network", at, to)))
    assert fault.code == "unknown_holidays"
    assert fault.expected.startswith(words)


def test_members_that_ask_for_a_place_count() -> None:
    """A combined calendar asks for a place when a member does."""
    document = changed("network", "services.0.delivery.days", "mixed")
    document["calendars"].append({"id": "mixed", "all_of": ["days", "local"]})
    assert found(document) == [("services[home_13].delivery.days", "place_holidays", "error")]


@pytest.mark.parametrize(
    ("areas", "path"),
    [
        (
            [{"countries": ["FR"], "postal_codes": ["75001"]}, {"countries": ["FR"], "postal_codes": ["75 001"]}],
            "postal_codes.0",
        ),
        ([{"countries": ["FR"], "cities": ["Metz"]}, {"countries": ["FR"], "cities": ["METZ"]}], "cities.0"),
        (
            [{"countries": ["DE"], "subdivisions": ["BY"]}, {"countries": ["DE"], "subdivisions": ["BY"]}],
            "subdivisions.0",
        ),
        ([square(0, 45), square(0.5, 45.5)], "polygon"),
    ],
)
def test_zones_of_one_rank_that_meet(areas: list[dict[str, Any]], path: str) -> None:
    """Two zones that can hold one place by equally exact rules are an error."""
    assert found(zones(*areas)) == [(f"zone_sets[two].zones[z1].areas.0.{path}", "zone_tie", "error")]


@pytest.mark.parametrize(
    "areas",
    [
        [{"countries": ["FR"], "prefixes": ["7"]}, {"countries": ["FR"], "prefixes": ["75"]}],
        [{"countries": ["FR"], "ranges": ["75000..75999"]}, {"countries": ["FR"], "ranges": ["75000..76999"]}],
        [{"countries": ["FR"], "ranges": ["75000..75999"]}, {"countries": ["FR"], "ranges": ["76000..76999"]}],
        [{"countries": ["FR"], "ranges": ["1000..1999"]}, {"countries": ["BE"], "ranges": ["1000..1999"]}][1:],
        [{"countries": ["DE"], "subdivisions": ["BY"]}, {"countries": ["AT"], "subdivisions": ["9"]}],
        [square(0, 45), square(1, 45)],
        [{"countries": ["FR"]}, {"countries": ["FR"], "prefixes": ["75"]}, square(0, 45), {"rest": True}],
    ],
)
def test_zones_that_do_not_tie(areas: list[dict[str, Any]]) -> None:
    """Rules of different rank, or about different places, do not conflict; nor do polygons that touch."""
    assert found(zones(*areas)) == []


def test_exclusions_can_settle_a_tie() -> None:
    """An exclusion that takes out all of the tie settles it; one that may not is a warning."""
    areas = [{"countries": ["FR"], "prefixes": ["20"]}, {"countries": ["FR"], "prefixes": ["20"]}]
    assert found(zones(*areas, exclude={"countries": ["FR"], "prefixes": ["2"]})) == []
    partly = found(zones(*areas, exclude={"countries": ["FR"], "prefixes": ["201"]}))
    assert partly == [("zone_sets[two].zones[z1].areas.0.prefixes.0", "zone_tie", "warning")]


def test_polygons_without_the_extra_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without shapely one warning says what to install."""
    real_import = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("shapely"):
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert found(zones(square(0, 45), square(0.5, 45.5))) == [
        ("zone_sets[two].zones[z0].areas.0.polygon", "needs_extra", "warning")
    ]


def test_stock_rules_of_two_tags_are_doubtful() -> None:
    """Two tags may stand on one item: a warning; one tag twice is an error."""
    rules = [
        {"tag": "fragile", "safety_stock": 1},
        {"tag": "heavy", "safety_stock": 2},
        {"tag": "fragile", "safety_stock": 3},
    ]
    assert found(changed("network", "stock_rules", rules)) == [
        ("stock_rules.1", "tie", "warning"),
        ("stock_rules.2", "tie", "error"),
    ]


def test_stock_rules_of_two_groups_tie_where_a_site_has_both() -> None:
    """Rules on groups meet at the sites that name both groups."""
    document = changed("network", "sites.0.groups", ["north", "east"])
    document["sites"][1]["groups"] = ["north", "west"]
    document["stock_rules"] = [{"site_group": "east", "safety_stock": 1}, {"site_group": "west", "safety_stock": 1}]
    assert found(document) == []
    document["stock_rules"].append({"site_group": "north", "safety_stock": 1})
    assert found(document) == [("stock_rules.2", "tie", "error")]


def test_slots_of_different_dates_do_not_overlap() -> None:
    """Slots at one time conflict on common dates only."""
    slots = [
        {"start": "08:00", "end": "12:00", "capacity": 1, "weekdays": "mon", "valid_until": "2026-06-30"},
        {"start": "08:00", "end": "12:00", "capacity": 1, "weekdays": "mon", "valid_from": "2026-07-01"},
        {"start": "08:00", "end": "12:00", "capacity": 1, "dates": ["2026-12-24"]},
    ]
    at = "sites.0.preparation.plan.slots"
    assert found(changed("network", at, slots)) == []
    slots[2]["dates"] = ["2026-12-24", "2026-12-28"]
    assert found(changed("network", at, slots)) == [("sites[lyon].preparation.plan.slots.2", "tie", "error")]


def test_too_many_sites_are_refused() -> None:
    """The cap of the data layout is named."""
    document = sample("network")
    document["sites"] += [{"id": f"s{i}", "address": {"country": "FR", "postal_code": "75001"}} for i in range(4_092)]
    faults = network_faults(NetworkDocument.model_validate(document))
    assert [(f.path, f.value, f.expected, f.code) for f in faults] == [
        ("sites", "'4,096 sites'", "at most 4,095 sites", "limit")
    ]


def test_a_method_without_any_store_is_doubtful() -> None:
    """Store collection where no site hands over is a warning."""
    document = changed("network", "routes.1.stores", None)
    del document["sites"][1]["store_collection"]
    assert found(document) == [("methods[store].kind", "no_stores", "warning")]


def test_a_method_that_can_send_nothing_ahead_is_doubtful() -> None:
    """As available with one shipment is a warning."""
    document = changed("network", "methods.0.shipping", "as_available")
    document["methods"][0]["max_shipments"] = 1
    assert found(document) == [("methods[home].max_shipments", "one_shipment", "warning")]


def test_severities_are_ordered_like_the_faults() -> None:
    """Faults come sorted by file and path."""
    document = changed("network", "services.0.carrier", "poste")
    document["calendars"][0]["hours"] = {"fri": ["20:00-10:00"], "sat": ["09:00-12:00"]}
    faults = network_faults(NetworkDocument.model_validate(document))
    assert [f.severity for f in faults] == [Severity.WARNING, Severity.ERROR]


def test_a_share_of_one_site_needs_shares_by_site() -> None:
    """Where shares are of the pool a share rule that names a place is refused, with the channels it would hold for."""
    document = sample("network")
    for channel in document["channels"]:
        channel.pop("share_scope", None)
    (fault,) = network_faults(NetworkDocument.model_validate(document))
    assert "share_scope" == fault.code
    assert fault.expected.endswith("`share_scope: site` on the channels: market")
