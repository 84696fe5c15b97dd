"""Networks: merged from files, checked as a whole, equal as values."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from promise_engine.errors import NetworkError
from promise_engine.inputs.network import Network
from promise_engine.models.network import NetworkDocument

from inputs.samples import changed, sample

if TYPE_CHECKING:
    from pathlib import Path

SETS = ("calendars", "sites", "services", "collections", "methods", "zone_sets", "stock_rules", "channels")


def write(folder: Path, files: dict[str, Any]) -> None:
    """Write documents as YAML or JSON."""
    for name, data in files.items():
        text = json.dumps(data) if name.endswith("json") else yaml.safe_dump(data)
        (folder / name).write_text(text, encoding="utf-8")


def faults(document: Any) -> list[tuple[str, str]]:
    """Path and code of each fault."""
    with pytest.raises(NetworkError) as caught:
        Network.model_validate(document)
    return [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_folder_is_one_network(tmp_path: Path) -> None:
    """Lists are joined, everything else stands once, and the result is that of the one document."""
    whole = sample("network")
    split = {"a.yaml": {}, "b.json": {}, "c.yml": {"format": whole["format"], "valid_from": whole["valid_from"]}}
    for i, (name, value) in enumerate(whole.items()):
        if isinstance(value, list):
            split["a.yaml"][name], split["b.json"][name] = value[:1], value[1:]
        else:
            split[("a.yaml", "b.json")[i % 2]][name] = value
    write(tmp_path, split)
    assert Network.load(tmp_path) == Network.model_validate(whole)


def test_other_documents_in_the_folder_are_left_out(tmp_path: Path) -> None:
    """A catalogue beside the network says what it is, and does not disturb."""
    write(tmp_path, {"network.yaml": sample("network"), "catalogue.json": sample("catalogue")})
    assert Network.load(tmp_path) == Network.model_validate(sample("network"))


def test_two_values_of_one_field_are_a_fault(tmp_path: Path) -> None:
    """What stands twice with two values names both files."""
    write(tmp_path, {"a.yaml": sample("network"), "b.yaml": {"settings": {"currency": "CHF"}}, "c.yaml": {"sites": 3}})
    with pytest.raises(NetworkError) as caught:
        Network.load(tmp_path)
    assert [(fault.file, fault.path, fault.code) for fault in caught.value.faults] == [
        ("b.yaml", "settings", "conflict"),
        ("c.yaml", "sites", "conflict"),
    ]
    assert "a.yaml" in caught.value.faults[0].expected


def test_faults_name_the_file_and_the_place_in_it(tmp_path: Path) -> None:
    """An object of the second file is found there: by its id, else by its position in that file."""
    write(
        tmp_path,
        {
            "a.yaml": sample("network"),
            "b.yaml": {
                "carriers": [{"id": "ups", "collection_days": "dayz"}],
                "collections": [
                    {"sites": ["lyon"], "services": ["courier"]},
                    {"sites": ["paris"], "services": ["courier"], "inclusive": 7},
                ],
            },
        },
    )
    with pytest.raises(NetworkError) as caught:
        Network.load(tmp_path)
    assert [(fault.file, fault.path) for fault in caught.value.faults] == [
        ("b.yaml", "carriers[ups].collection_days"),
        ("b.yaml", "collections.1.inclusive"),
        ("b.yaml", "collections.1.sites.0"),
    ]


def test_a_document_that_is_no_mapping_is_a_fault_of_its_file(tmp_path: Path) -> None:
    """A list at the root is refused with the name of the file."""
    write(tmp_path, {"a.yaml": sample("network"), "b.yaml": ["sites"]})
    with pytest.raises(NetworkError) as caught:
        Network.load(tmp_path)
    assert [(fault.file, fault.expected) for fault in caught.value.faults] == [("b.yaml", "a mapping of fields")]


def test_schema_and_reference_faults_come_together() -> None:
    """A wrong value in one object does not hide an unknown id in another."""
    document = changed("network", "sites.0.rank", -1)
    document["services"][0]["carrier"] = "poste"
    assert faults(document) == [("services[home_13].carrier", "unknown_id"), ("sites[lyon].rank", "invalid")]


def test_a_faulty_object_is_no_unknown_id() -> None:
    """References to an object that is there, but wrong, are not reported."""
    assert faults(changed("network", "calendars.0.weekdays", "always")) == [("calendars[week].weekdays", "invalid")]


def test_order_does_not_matter() -> None:
    """Networks are equal, with one digest and one hash, whatever the order of their lists and fields."""
    first = Network.model_validate(sample("network"))
    for seed in range(5):
        shuffled = dict(random.Random(seed).sample(list(sample("network").items()), len(sample("network"))))
        for name in SETS:
            random.Random(seed).shuffle(shuffled[name])
        second = Network.model_validate(shuffled)
        assert (first, first.digest, hash(first)) == (second, second.digest, hash(second))


def test_content_matters() -> None:
    """Another value, or another order of criteria, is another network."""
    first = Network.model_validate(sample("network"))
    for at, to in (("sites.0.rank", 1), ("policies.0.criteria", ["cost", "promised"]), ("services.0.dispatch", "last")):
        assert Network.model_validate(changed("network", at, to)) != first


def test_one_value_has_one_digest() -> None:
    """Defaults, and numbers written in several ways, make no difference."""
    first = Network.model_validate(sample("network"))
    document = changed("network", "methods.0.price.0.price", "4.900")
    document["sites"][0]["rank"] = 0
    assert Network.model_validate(document).digest == first.digest


def test_a_network_validates_to_itself() -> None:
    """A network passes through; a document, and its dump, give an equal one."""
    network = Network.model_validate(sample("network"))
    assert Network.model_validate(network) is network
    assert Network.model_validate(NetworkDocument.model_validate(sample("network"))) == network
    assert Network.model_validate(network.model_dump(mode="json")) == network
    assert copy.deepcopy(network) == network


def test_changed_copies_are_checked() -> None:
    """A copy with another value has another digest; one with a fault is refused."""
    network = Network.model_validate(sample("network"))
    assert network.model_copy() == network
    later = network.model_copy(update={"valid_until": "2026-11-30"})
    assert later.digest != network.digest
    with pytest.raises(NetworkError):
        network.model_copy(update={"carriers": ()})


def test_the_schema_is_that_of_the_document() -> None:
    """The JSON Schema describes the document's fields."""
    assert {"sites", "calendars", "services"} <= Network.json_schema()["properties"].keys()


@pytest.mark.parametrize(
    ("at", "path"),
    [
        ("calendars.0.weekdays", "calendars[week].weekdays"),
        ("channels.0.methods", "channels[web].methods"),
        ("channels.1.supply", "channels[market].supply"),
        ("collections.1.weekdays", "collections.1.weekdays"),
        ("methods.1.destination_types", "methods[store].destination_types"),
        ("methods.0.price", "methods[home].price"),
        ("methods.0.zones", "methods[home].zones"),
        ("restrictions.0.services", "restrictions[no_aerosols].services"),
        ("routes.1.stores", "routes[to_store].stores"),
        ("services.0.lanes.0.destinations", "services[home_13].lanes.0.destinations"),
        ("services.0.overlays.0.zones", "services[home_13].overlays.0.zones"),
        ("sites.1.shown_to.channels", "sites[metz].shown_to.channels"),
        ("sites.1.shown_to.countries", "sites[metz].shown_to.countries"),
    ],
)
def test_an_empty_list_that_stands_for_none_is_doubtful(at: str, path: str) -> None:
    """Left out, the field would stand for all; what it drops in silence is told when the network is loaded."""
    network = Network.model_validate(changed("network", at, []))
    instead = "" if at.endswith("price") else ", or the field left out"
    assert [(fault.path, fault.value, fault.expected, fault.code) for fault in network.warnings] == [
        (path, "[]", f"at least one{instead}: an empty list stands for none", "empty_list")
    ]


def test_an_empty_list_that_is_the_default_is_fine() -> None:
    """Nor is a calendar without weekdays doubtful that exceptions open."""
    for at in ("services.0.delivery.exceptions", "tariffs.0.surcharges"):
        assert Network.model_validate(changed("network", at, [])).warnings == ()
    fair = {"id": "fair", "weekdays": [], "exceptions": [{"first": "2026-12-20", "effect": "open"}]}
    assert Network.model_validate(changed("network", "calendars.6", fair)).warnings == ()


def test_warnings_do_not_refuse() -> None:
    """What is doubtful is kept with the network."""
    network = Network.model_validate(changed("network", "pickup_points.0.network", "other"))
    assert [(fault.path, fault.code) for fault in network.warnings] == [("services[relay].pickup_network", "no_points")]
