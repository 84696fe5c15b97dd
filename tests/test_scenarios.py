"""The hand-reasoned scenarios of tests/scenarios, against the engine and against the slow twin.

A file holds a list of scenarios. Each `extends` a base of `_bases.yaml` and states only what it is about: mappings are
merged key by key, lists of mappings with ids by id, every other list replaces; `key!` replaces whatever was there
and `null` takes a key away. `expect` lists the options in order, and all of them unless `count` says how many there are;
of an option only the fields that are written are compared. `refused` gives reason codes by method, `remedies` all
remedies of a refused method, which the twin does not look for. Nothing here writes an expectation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import promise_engine
from promise_engine.inputs.yaml_text import parse_yaml
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import StockDocument

import naive

FOLDER = Path(__file__).parent / "scenarios"
INSTANTS = {
    *("deliver_from", "deliver_by", "earliest_from", "collect_from", "collect_until", "promised", "order_by"),
    *("released_at", "started_at", "ready_at", "collected_at", "arrives_at"),
}
OF_SHIPMENT = {"site", "released_at", "started_at", "ready_at", "collected_at", "arrives_at"}
FIELDS = {
    *INSTANTS, *OF_SHIPMENT,
    *("method", "service", "services", "place", "price", "cost", "parcels", "co2e_grams", "tags", "arrivals"),
}  # fmt: skip
KEYS = {
    "title",
    "reasoning",
    "extends",
    "network",
    "catalogue",
    "stock",
    "request",
    "expect",
    "count",
    "refused",
    "remedies",
}


@dataclass(frozen=True)
class Scenario:
    """One question with its answer, as text."""

    topic: str
    title: str
    reasoning: str
    network: dict[str, Any]
    stock: dict[str, Any]
    request: dict[str, Any]
    catalogue: list[dict[str, Any]] | None = None
    expect: list[dict[str, Any]] = field(default_factory=list)
    count: int | None = None
    refused: dict[str, str] = field(default_factory=dict)
    remedies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unknown_keys: frozenset[str] = frozenset()

    @property
    def options_count(self) -> int:
        """How many options the answer must have."""
        return len(self.expect) if self.count is None else self.count


def _by_id(items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(item, dict) and "id" in item for item in items)


def merged(base: Any, patch: Any) -> Any:
    """A base document with a patch applied, as the module says."""
    if isinstance(base, dict) and isinstance(patch, dict):
        result = {key: value for key, value in base.items() if f"{key}!" not in patch}
        for key, value in patch.items():
            name = key.removesuffix("!")
            result[name] = value if name != key else merged(result.get(key), value)
        return {key: value for key, value in result.items() if value is not None}
    if _by_id(base) and _by_id(patch) and base:
        patches = {item["id"]: item for item in patch}
        kept = [merged(item, patches.pop(item["id"], {})) for item in base]
        return kept + [merged({}, item) for item in patches.values()]
    return merged({}, patch) if isinstance(patch, dict) and base is None else patch


def _base(name: str, bases: dict[str, Any]) -> dict[str, Any]:
    own = dict(bases[name])
    parent = own.pop("extends", None)
    return merged(_base(parent, bases), own) if parent else own


def _scenario(topic: str, raw: dict[str, Any], bases: dict[str, Any]) -> Scenario:
    base = _base(raw["extends"], bases)
    parts = {key: merged(base.get(key), raw.get(key, {})) for key in ("network", "stock", "request")}
    names = ("title", "reasoning", "catalogue", "expect", "count", "refused", "remedies")
    told = {key: raw[key] for key in names if key in raw}
    return Scenario(topic, **parts, **told, unknown_keys=frozenset(set(raw) - KEYS))


def load_scenarios(folder: Path = FOLDER) -> list[Scenario]:
    """Every scenario of the folder, by file name, in the order of the file."""
    read = {path.stem: parse_yaml(path.read_text("utf-8"), path.name) for path in sorted(folder.glob("*.yaml"))}
    bases = read.pop("_bases")
    return [_scenario(topic, raw, bases) for topic, raws in read.items() for raw in raws]


SCENARIOS = load_scenarios()
IDS = [f"{s.topic}: {s.title}" for s in SCENARIOS]


def _amounts(value: Any) -> Any:
    """Money of a document as bare decimals, so that 4.9 and 4.90 agree."""
    if isinstance(value, dict):
        return Decimal(str(value["amount"])) if "amount" in value else {k: _amounts(v) for k, v in value.items()}
    return Decimal(str(value))


def _sum(value: Any) -> Decimal:
    return sum(map(_sum, value.values()), Decimal(0)) if isinstance(value, dict) else value


def _told(option: dict[str, Any], name: str) -> Any:
    shipment = option["shipments"][0] if option.get("shipments") else {}
    if name == "place":
        return option["destination"].get("place")
    if name == "arrivals":
        return {arrival["stop"]: datetime.fromisoformat(arrival["at"]) for arrival in shipment["arrivals"]}
    if name == "cost":
        return {part: _sum(_amounts(value)) for part, value in option["cost"].items()}
    value = (shipment if name in OF_SHIPMENT else option)[name]
    if name in INSTANTS and value is not None:
        return datetime.fromisoformat(value)
    if name == "price":
        return _amounts(value)
    return sorted(value) if name == "tags" else value


def _wanted(name: str, value: Any) -> Any:
    if name in INSTANTS and value is not None:
        return datetime.fromisoformat(value)
    if name == "arrivals":
        return {stop: datetime.fromisoformat(at) for stop, at in value.items()}
    if name in {"price", "cost"}:
        return _amounts(value)
    return sorted(value) if name == "tags" else value


def check(scenario: Scenario, answer: dict[str, Any]) -> None:
    """Compare a document of the answer with the scenario, only on what the scenario says."""
    refused = {refusal["method"]: refusal["reason"] for refusal in answer["refusals"]}
    assert scenario.refused == {method: refused.get(method) for method in scenario.refused}
    options = answer["options"]
    assert scenario.options_count == len(options), f"refused: {refused}"
    for index, expected in enumerate(scenario.expect):
        wanted = {name: _wanted(name, value) for name, value in expected.items()}
        told = {name: _told(options[index], name) for name in expected}
        if isinstance(wanted.get("cost"), dict):
            told["cost"] = {part: told["cost"].get(part) for part in wanted["cost"]}
        assert wanted == told, f"option {index}"


def _remedy(told: dict[str, Any]) -> dict[str, Any]:
    """A remedy with its instant and its quantity as values, so that 1 and 1.0 agree."""
    values = {"at": datetime.fromisoformat, "quantity": Decimal}
    return {name: values[name](value) if name in values else value for name, value in told.items()}


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _twin_document(answer: Any) -> dict[str, Any]:
    """What the twin answers, in the shape of the engine's document as far as scenarios look."""
    options = []
    for told in answer.options:
        option = {name: getattr(told, name) for name in ("method", "services", "parcels", "co2e_grams", "tags")}
        option |= {name: _text(getattr(told, name)) for name in INSTANTS - OF_SHIPMENT}
        cost = {part: {"amount": Decimal(value) / 100} for part, value in told.cost.items()}
        options.append(
            {
                **option,
                "service": told.way,
                "destination": {"place": told.destination},
                "price": {"amount": Decimal(told.price_minor) / 100},
                "cost": {**cost, "total": {"amount": Decimal(sum(told.cost.values())) / 100}},
                "shipments": [_twin_shipment(sent) for sent in told.shipments],
            }
        )
    refusals = [{"method": refusal.method, "reason": refusal.reason.code} for refusal in answer.refusals]
    return {"options": options, "refusals": refusals}


def _twin_shipment(sent: Any) -> dict[str, Any]:
    shipment: dict[str, Any] = {name: _text(getattr(sent, name)) for name in INSTANTS & OF_SHIPMENT}
    return shipment | {"site": sent.site, "arrivals": [{"stop": stop, "at": _text(at)} for stop, at in sent.arrivals]}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=IDS)
def test_engine(scenario: Scenario) -> None:
    """The engine gives what was reasoned by hand."""
    network = promise_engine.Network.model_validate(scenario.network)
    catalogue = None if scenario.catalogue is None else promise_engine.Catalogue.from_records(scenario.catalogue)
    stock = promise_engine.StockSnapshot.from_document(scenario.stock)
    request = PromiseRequest.model_validate(scenario.request)
    answer = promise_engine.Engine(network, catalogue).promise(request, stock)
    document = answer.to_dict(remedies=bool(scenario.remedies))
    check(scenario, document)
    found = {refusal["method"]: refusal["remedies"] for refusal in document["refusals"] if scenario.remedies}
    for method, remedies in scenario.remedies.items():
        assert list(map(_remedy, remedies)) == list(map(_remedy, found[method]))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=IDS)
def test_twin(scenario: Scenario) -> None:
    """The slow twin gives what was reasoned by hand."""
    items = scenario.catalogue
    answer = naive.answer(
        NetworkDocument.model_validate(scenario.network),
        None if items is None else CatalogueDocument.model_validate({"items": items}),
        StockDocument.model_validate(scenario.stock),
        PromiseRequest.model_validate(scenario.request),
    )
    check(scenario, _twin_document(answer))


def test_there_are_enough() -> None:
    """At least 120 scenarios, each with another name."""
    assert len(SCENARIOS) >= 120
    assert len(IDS) == len(set(IDS))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=IDS)
def test_is_reasoned(scenario: Scenario) -> None:
    """A scenario says why, expects something typed, and its documents are valid models."""
    assert not scenario.unknown_keys
    assert len(scenario.reasoning) >= 80
    assert scenario.expect or scenario.refused
    assert all(expected and set(expected) <= FIELDS for expected in scenario.expect)
    for expected in scenario.expect:
        for name in INSTANTS & set(expected):
            assert expected[name] is None or datetime.fromisoformat(expected[name]).tzinfo is not None
    NetworkDocument.model_validate(scenario.network)
    StockDocument.model_validate(scenario.stock)
    PromiseRequest.model_validate(scenario.request)
    CatalogueDocument.model_validate({"items": scenario.catalogue or []})
