"""Checking a file, a folder or a network: everything at once, nothing raised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from check.builders import network
from promise_engine._compile.network import compile_network
from promise_engine.check import check_network, network_warnings
from promise_engine.errors import Severity
from promise_engine.inputs.documents import read_document
from promise_engine.inputs.network import Network

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ANNOTATED = [
    path
    for path in sorted((EXAMPLES / "annotated").glob("*.yaml"))
    if read_document(path, path.name)["format"] == "promise-engine/network/1"
]
SHOWN_ON_PURPOSE = {"unused", "slot_without_end"}
"""Objects that an example shows and does not use, and a plan of whole days."""


def written(folder: Path, **documents: dict[str, Any]) -> Path:
    """A folder of JSON files."""
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_a_sound_network_has_no_faults() -> None:
    """The network that all other tests change."""
    assert check_network(Network.model_validate(network())) == []


def test_faults_of_a_folder_name_their_files(tmp_path: Path) -> None:
    """Warnings of the fields, of the references and of the proofs, each with the file and the position in it."""
    document = network(("collections.1", {"sites": ["lyon"], "services": ["parcel"], "cut_off": "06:00"}))
    late = {"collections": [document["collections"].pop()]}
    folder = written(tmp_path, base=document, late=late)
    assert [("late.json", "collections.0.cut_off", "cut_off_before_opening")] == [
        (fault.file, fault.path, fault.code) for fault in check_network(folder)
    ]


def test_schema_and_reference_faults_come_together(tmp_path: Path) -> None:
    """Nothing is raised; a network with errors is not compiled."""
    document = network(("sites.0.rank", -1), ("collections.0.services", ["parcel", "lorry"]))
    faults = check_network(str(written(tmp_path, base=document)))
    assert {("sites[lyon].rank", "invalid"), ("collections.0.services.1", "unknown_id")} <= {
        (f.path, f.code) for f in faults
    }
    assert faults == sorted(faults)


def test_a_path_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    """So is a text that is no document."""
    assert ["unreadable"] == [fault.code for fault in check_network(tmp_path / "absent")]
    (tmp_path / "broken.yaml").write_text("a: [", encoding="utf-8")
    assert Severity.ERROR is check_network(tmp_path / "broken.yaml")[0].severity


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([("zone_sets.0.zones.2", {"id": "france", "areas": [{"countries": ["FR"]}]})], "zone_tie"),
        ([("stock_rules", [{"site": "lyon", "safety_stock": 1}, {"site": "lyon", "safety_stock": 2}])], "tie"),
        ([("methods.0.currency", "CHF")], "no_rate"),
        ([("services.1.pickup_network", "absent")], "no_points"),
    ],
)
def test_reference_faults_are_shown(changes: list[tuple[str, Any]], code: str, tmp_path: Path) -> None:
    """Zones that tie, stock rules of equal rank, currencies without a rate, and warnings of references."""
    assert code in {fault.code for fault in check_network(written(tmp_path, base=network(*changes)))}


def test_warnings_of_a_compiled_network_are_the_proofs_alone() -> None:
    """All of them warnings, in the order of file and path."""
    document = network(("collections.0.cut_off", "07:00"), ("calendars.3", {"id": "spare"}))
    found = network_warnings(compile_network(Network.model_validate(document)))
    assert ["unused", "cut_off_before_opening"] == [fault.code for fault in found]
    assert {Severity.WARNING} == {fault.severity for fault in found}


def test_the_order_of_the_input_does_not_matter() -> None:
    """Lists that are sets, turned round, give the same codes."""
    changes = [("calendars.3", {"id": "spare"}), ("sites.0.preparation.order_cut_off", {"daily": "17:30"})]
    document = network(*changes)
    turned = {name: value[::-1] if isinstance(value, list) else value for name, value in document.items()}
    one, other = (check_network(Network.model_validate(each)) for each in (document, turned))
    assert [(f.path, f.code, f.value, f.expected) for f in one] == [
        (f.path, f.code, f.value, f.expected) for f in other
    ]


@pytest.mark.parametrize("path", [*ANNOTATED, EXAMPLES / "minimal" / "network.yaml"], ids=lambda path: path.stem)
def test_small_examples_give_no_false_alarm(path: Path) -> None:
    """Nothing but what an example shows without using it."""
    assert {fault.code for fault in check_network(path)} <= SHOWN_ON_PURPOSE
