"""Evidence that is malformed, was changed, or lacks a fact is refused, with every fault."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine import Engine, EvidenceError, Network, StockSnapshot, replay
from promise_engine.inputs.evidence import evidence_digest
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def evidence() -> dict[str, Any]:
    """The evidence of an answer whose network has holidays."""
    network = minimal_network()
    network["calendars"][0]["holidays"] = [{"country": "FR"}]
    engine = Engine(Network.model_validate(network))
    return engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock())).evidence()


def refused(document: Any) -> dict[str, str]:
    """Path and expectation of every fault."""
    with pytest.raises(EvidenceError) as caught:
        replay(document)
    return {fault.path: fault.expected for fault in caught.value.faults}


def changed(evidence: dict[str, Any], change: Change) -> dict[str, Any]:
    """A copy with a change, its digest as it was."""
    document = deepcopy(evidence)
    change(document)
    return document


def forged(evidence: dict[str, Any], change: Change) -> dict[str, Any]:
    """A copy with a change, and the digest of what it then holds."""
    document = changed(evidence, change)
    return document | {"digest": evidence_digest(document)}


def test_any_change_is_found(evidence: dict[str, Any]) -> None:
    """A price, a holiday and a quantity that were changed are each told by the digest."""
    changes: list[Change] = [
        lambda e: e["network"]["methods"][0]["price"][0].update(price="3.90"),
        lambda e: e["almanac"]["holidays"][0]["dates"].update({"2026-11-23": "None"}),
        lambda e: e["stock"]["records"][0].update(on_hand="9"),
        lambda e: e["written_by"].update(holidays="0.1"),
    ]
    for change in changes:
        assert ["digest"] == list(refused(changed(evidence, change)))
    words = refused(changed(evidence, changes[0]))["digest"]
    assert words.endswith("the digest of what the document holds: it was changed since it was written")


def test_the_order_of_keys_is_no_change(evidence: dict[str, Any]) -> None:
    """A database may hand keys back in another order, and white space is nothing."""
    text = json.dumps(evidence, sort_keys=True, indent=1)
    assert replay(evidence).to_json() == replay(text).to_json() == replay(text.encode("utf-8-sig")).to_json()


def test_every_fault_is_told_at_once(evidence: dict[str, Any]) -> None:
    """Faults of the request, the network and the almanac stand beside the digest."""

    def change(document: dict[str, Any]) -> None:
        del document["catalogue"]
        document["request"]["lines"][0]["quantity"] = 0
        document["network"]["sites"][0]["safety_margin"] = "soon"
        document["almanac"]["time_zones"][0]["offset_seconds"] = "late"
        document["unknown"] = 1

    paths = {
        "catalogue", "request.lines.0.quantity", "network.sites[lyon].safety_margin",
        "almanac.time_zones[Europe/Paris].offset_seconds", "unknown", "digest",
    }  # fmt: skip
    assert paths == set(refused(changed(evidence, change)))


@pytest.mark.parametrize("version", ["promise-engine/evidence/2", "promise-engine/answer/1", None])
def test_another_format_is_the_one_fault(evidence: dict[str, Any], version: object) -> None:
    """Nothing is said of the fields of a format that is not known."""
    words = "'promise-engine/evidence/1', the one format that this version of promise-engine replays"
    assert {"format": words} == refused(evidence | {"format": version, "later": 1})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("evidence.json", "well-formed JSON"),
        (b"\xff\xfe{}", "text in UTF-8"),
        ("[]", "a mapping"),
        ('{"format": 1, "format": 2}', "each key once"),
        ("{}", "this field is required"),
    ],
)
def test_what_is_no_evidence_is_refused(text: str | bytes, words: str) -> None:
    """A path, another encoding, a list, a repeated key, an empty document."""
    assert any(words in expected for expected in refused(text).values())


def test_arguments_have_types() -> None:
    """A type that is none of the three is a TypeError that says what to give."""
    with pytest.raises(TypeError, match="expected a dict, str or bytes"):
        replay(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("almanac.holidays", lambda e: e["almanac"].update(holidays=[])),
        ("almanac.time_zones", lambda e: e["almanac"].update(time_zones=[])),
        ("almanac.addresses", lambda e: e["almanac"].update(addresses=[])),
        (
            "almanac.time_zones[Europe/Paris]",
            lambda e: e["almanac"]["time_zones"][0].update(until="2026-11-20T00:00:00Z"),
        ),
        ("network.collections.0.sites.0", lambda e: e["network"]["collections"][0].update(sites=["nowhere"])),
        ("stock.records.1", lambda e: e["stock"]["records"].append(e["stock"]["records"][0])),
        ("request.channel", lambda e: e["request"].update(channel="nowhere")),
        ("digests.answer", lambda e: e["digests"].update(answer="0" * 64)),
    ],
)
def test_no_fact_is_looked_up_elsewhere(evidence: dict[str, Any], path: str, change: Change) -> None:
    """Evidence whose digest is right, but that lacks a fact or contradicts itself, is refused all the same."""
    assert [path] == list(refused(forged(evidence, change)))


def test_unused_holidays_of_other_versions_do_not_matter(evidence: dict[str, Any]) -> None:
    """A country that no installed package knows is no fault: the dates are in the evidence."""

    def change(document: dict[str, Any]) -> None:
        document["network"]["calendars"][0]["holidays"][0]["categories"] = ["of another version"]
        for year in document["almanac"]["holidays"]:
            if year["country"] == "FR" and year["subdivision"] is None:
                document["almanac"]["holidays"] = [
                    *document["almanac"]["holidays"], year | {"categories": ["of another version"]},
                ]  # fmt: skip

    assert replay(evidence).to_json() == replay(forged(evidence, change)).to_json()
