"""A value fault in an object does not hide what can be read of the others: ids, postal codes, holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from promise_engine.errors import NetworkError
from promise_engine.inputs.network import Network

from inputs.samples import sample
from inputs.test_malformed import CASES

if TYPE_CHECKING:
    from inputs.malformed.words import Case

OBJECTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a postal code": (
        {"sites.0.rank": -1, "sites.0.address.postal_code": "7500"},
        ["sites[lyon].address.postal_code", "sites[lyon].rank"],
    ),
    "a postal code beside a wrong latitude": (
        {"sites.0.address.latitude": 91, "sites.0.address.postal_code": "7500"},
        ["sites[lyon].address.latitude", "sites[lyon].address.postal_code"],
    ),
    "a calendar": (
        {"sites.0.rank": -1, "sites.0.preparation.calendar": "nope"},
        ["sites[lyon].preparation.calendar", "sites[lyon].rank"],
    ),
    "a calendar without hours": (
        {"sites.0.rank": -1, "sites.0.preparation.calendar": "days"},
        ["sites[lyon].preparation.calendar", "sites[lyon].rank"],
    ),
    "a service": (
        {"collections.0.cut_off": "25:00x", "collections.0.services": ["nope"]},
        ["collections.0.cut_off", "collections.0.services.0"],
    ),
    "a site that collects nothing": (
        {"collections.0.cut_off": "25:00x", "collections.0.sites": ["office"]},
        ["collections.0.cut_off", "collections.0.sites.0"],
    ),
    "in a faulty part of the object": (
        {"services.0.lanes.0.transit": {"maximum_days": -1, "network_days": "nope"}},
        ["services[home_13].lanes.0.transit.maximum_days", "services[home_13].lanes.0.transit.network_days"],
    ),
    "a zone": (
        {"services.0.limits": 7, "services.0.lanes.0.destinations": ["nope"]},
        ["services[home_13].lanes.0.destinations.0", "services[home_13].limits"],
    ),
    "a zone, where the zone set is misspelt": (
        {"services.0.zone_set": ["france"], "services.0.lanes.0.destinations": ["nope"]},
        ["services[home_13].zone_set"],
    ),
    "an area": (
        {
            "zone_sets.0.zones.0.rank": 1,
            "zone_sets.0.zones.1.areas.1.ranges": ["1000..12999"],
            "zone_sets.0.zones.1.areas.0.countries": ["ZZ"],
        },
        [
            "zone_sets[france].zones[corsica].rank",
            "zone_sets[france].zones[mainland].areas.0.countries.0",
            "zone_sets[france].zones[mainland].areas.1.ranges.0",
        ],
    ),
    "holidays": (
        {"calendars.2.weekdays": "monday", "calendars.2.holidays.0.country": "ZZ"},
        ["calendars[days].holidays.0.country", "calendars[days].weekdays"],
    ),
    "an id that is there twice": (
        {"carriers.1": {"id": "post", "collection_day": "days"}, "services.2.carrier": "post"},
        ["carriers[post].collection_day", "carriers[post].id"],
    ),
    "one fault only, where the reference is no id": (
        {"sites.0.rank": -1, "sites.0.preparation.calendar": "two words", "sites.0.shown_to": {"countries": ["fr"]}},
        ["sites[lyon].preparation.calendar", "sites[lyon].rank", "sites[lyon].shown_to.countries.0"],
    ),
}


def faults_of(changes: dict[str, Any]) -> list[str]:
    """The paths of the faults of the sample with some values changed, sorted."""
    document = sample("network")
    for at, to in changes.items():
        *above, last = [int(part) if part.isdigit() else part for part in at.split(".")]
        node: Any = document
        for part in above:
            node = node[part]
        node[last] = to
    with pytest.raises(NetworkError) as caught:
        Network.model_validate(document)
    return sorted(fault.path for fault in caught.value.faults)


@pytest.mark.parametrize("name", OBJECTS)
def test_faults_of_one_object_are_told_at_once(name: str) -> None:
    """What is wrong with a value, and what names nothing, in the same object."""
    changes, expected = OBJECTS[name]
    assert expected == faults_of(changes)


REFERENCES = [
    case
    for case in CASES
    if case.kind == "network" and "id of a" in case.expected and isinstance(case.to, str | list) and "." in case.at
]


@pytest.mark.parametrize("case", REFERENCES, ids=lambda case: case.at)
def test_no_value_fault_hides_a_reference(case: Case) -> None:
    """Each reference that is told in a sound object is told when the object has a field that does not exist."""
    owner = ".".join(case.at.split(".")[:2])
    paths = faults_of({case.at: case.to, f"{owner}.nonsense": 1})
    assert 2 == len(paths)
    assert case.path in paths


def test_the_validity_is_looked_at_beside_other_faults() -> None:
    """A network that ends before it begins is told so, whatever else is wrong, and each fault once."""
    document = sample("network") | {"valid_until": "2025-01-01"}
    with pytest.raises(NetworkError) as alone:
        Network.model_validate(document)
    assert [fault.path for fault in alone.value.faults] == ["valid_until"]
    with pytest.raises(NetworkError) as beside:
        Network.model_validate(document | {"methods": [{**document["methods"][0], "kind": "house"}]})
    assert [fault.path for fault in beside.value.faults if fault.path == "valid_until"] == ["valid_until"]
    assert any(fault.path.endswith("kind") for fault in beside.value.faults)
