"""The hand-reasoned scenarios of tests/scenarios, against the engine and against the slow twin.

A file holds a list of scenarios. Each `extends` a base of `_bases.yaml` and states only what it is about: mappings are
merged key by key, lists of mappings with ids by id, every other list replaces; `key!` replaces whatever was there
and `null` takes a key away. `expect` lists the options in order, and all of them unless `count` says how many there are;
of an option only the fields that are written are compared, and so of its `shipments`, all of which are listed; `lines`
gives the date of every line, named by its SKU, the services it asks for and its ship group, as `mug+wrap@bulky`, and
`left_out` the reason of every line that it does not bring. `refused` gives reason codes by method, of a group of lines by `group/method`, or mappings
that also name what a refusal names.
`explained` gives texts of the explanation, which only the engine has. `next_change_at` gives the instant at which the
answer changes, null when it never does. Nothing here writes an expectation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import promise_engine
from promise_engine.inputs.yaml_text import parse_yaml
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import StockDocument
from promise_engine.options import jsonable

import naive

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "scenarios"
INSTANTS = {
    *("deliver_from", "deliver_by", "earliest_from", "collect_from", "collect_until", "promised", "order_by"),
    *("released_at", "started_at", "ready_at", "collected_at", "arrives_at"),
}
OF_SHIPMENT = {"site", "released_at", "started_at", "ready_at", "collected_at", "arrives_at"}
SHOWN_OF_SHIPMENT = {*OF_SHIPMENT, "deliver_from", "deliver_by"}
OF_REFUSAL = ("reason", "sku", "site", "service", "place")
COSTS = {"transport", "surcharge", "preparation", "packaging", "transfer", "total"}
TOLD = ("title", "reasoning", "catalogue", "expect", "count", "refused", "explained", "remedies", "next_change_at")
KEYS = {*TOLD, "extends", "network", "stock", "request"}


def _is_instant(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_amount(value: Any) -> bool:
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def _or_none(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or test(value)


def _list_of(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(test, value))


def _by_name(test: Callable[[Any], bool], names: set[str] | None = None) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, dict)
        and bool(value)
        and (names is None or set(value) <= names)
        and all(map(_is_text, value))
        and all(map(test, value.values()))
    )


def _fields(tests: dict[str, Callable[[Any], bool]]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, dict)
        and bool(value)
        and set(value) <= set(tests)
        and all(tests[name](part) for name, part in value.items())
    )


IS_SHIPMENT = _fields(
    dict.fromkeys(SHOWN_OF_SHIPMENT & INSTANTS, _or_none(_is_instant))
    | {"site": _is_text, "service": _or_none(_is_text), "parcels": _is_whole, "ship_group": _or_none(_is_text)}
    | {"skus": _list_of(_is_text), "quantities": _by_name(_is_amount)}
)
IS_OPTION = _fields(
    dict.fromkeys(INSTANTS, _or_none(_is_instant))
    | {
        "group": _or_none(_is_text),
        "method": _is_text,
        "site": _is_text,
        "service": _or_none(_is_text),
        "services": _list_of(_is_text),
    }
    | {"place": _or_none(_is_text), "price": _is_amount, "cost": _by_name(_is_amount, COSTS)}
    | {"parcels": _is_whole, "co2e_grams": _or_none(_is_whole), "tags": _list_of(_is_text)}
    | {"arrivals": _by_name(_is_instant), "lines": _by_name(_is_instant), "shipments": _list_of(IS_SHIPMENT)}
    | {"left_out": lambda value: value == {} or _by_name(_is_text)(value)}
)
IS_REFUSAL = _fields({"reason": _is_text} | dict.fromkeys(OF_REFUSAL[1:], _or_none(_is_text)))


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
    refused: dict[str, str | dict[str, str | None]] = field(default_factory=dict)
    explained: tuple[str, ...] = ()
    remedies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    next_change_at: str | None = ""
    unknown_keys: frozenset[str] = frozenset()

    @property
    def says_when_it_changes(self) -> bool:
        """Whether it says when the answer changes, or that it never does."""
        return self.next_change_at != ""

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
    told = {key: raw[key] for key in TOLD if key in raw}
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


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _same(value: Any) -> Any:
    return value


def _line(line: dict[str, Any]) -> str:
    """A line by its SKU, the services it asks for and its ship group, as `mug+wrap@bulky`."""
    named = "+".join((line["sku"], *line.get("services", ())))
    return "@".join(filter(None, (named, line.get("ship_group"))))


def _told_shipment(shipment: dict[str, Any]) -> dict[str, Any]:
    told = {name: _instant(shipment[name]) for name in SHOWN_OF_SHIPMENT & INSTANTS}
    told |= {name: shipment[name] for name in ("site", "service", "parcels")}
    told["ship_group"] = shipment.get("ship_group")
    told["quantities"] = {_line(line): Decimal(str(line["quantity"])) for line in shipment["lines"]}
    return told | {"skus": sorted(told["quantities"])}


def _told(option: dict[str, Any], name: str) -> Any:
    shipment = option["shipments"][0] if option.get("shipments") else {}
    if name == "place":
        return option["destination"].get("place")
    if name == "arrivals":
        return {arrival["stop"]: _instant(arrival["at"]) for arrival in shipment["arrivals"]}
    if name == "cost":
        return {part: _sum(_amounts(value)) for part, value in option["cost"].items()}
    if name == "lines":
        return {_line(line): _instant(line["deliver_by"]) for line in option["lines"]}
    if name == "left_out":
        return {_line(line): line["reason"] for line in option["left_out"]}
    if name == "shipments":
        return [_told_shipment(shipment) for shipment in option["shipments"]]
    value = (shipment if name in OF_SHIPMENT else option)[name]
    if name in INSTANTS:
        return _instant(value)
    if name == "price":
        return _amounts(value)
    return {"tags": sorted, "services": list}.get(name, _same)(value)


def _wanted(name: str, value: Any) -> Any:
    if name in INSTANTS:
        return _instant(value)
    if name in {"arrivals", "lines"}:
        return {key: _instant(at) for key, at in value.items()}
    if name in {"price", "cost", "quantities"}:
        return _amounts(value)
    if name == "shipments":
        return [{key: _wanted(key, part) for key, part in shipment.items()} for shipment in value]
    return sorted(value) if name in {"tags", "skus"} else value


def _spoken_of(told: Any, wanted: Any) -> Any:
    """Of what was told, the parts that the scenario writes; all shipments, if there are more or fewer."""
    if isinstance(wanted, dict):
        return {part: told.get(part) for part in wanted}
    return [_spoken_of(*both) for both in zip(told, wanted, strict=True)] if len(told) == len(wanted) else told


def _refused(refusal: dict[str, Any]) -> str:
    """What was refused: a method, of a group of lines by `group/method`."""
    return "/".join(filter(None, (refusal["group"], refusal["method"])))


def _refusals(answer: dict[str, Any], refused: dict[str, Any]) -> dict[str, Any]:
    """Of the refusals, the groups, methods and fields that the scenario writes."""
    by_method = {_refused(refusal): refusal for refusal in answer["refusals"]}
    return {
        method: _spoken_of(by_method.get(method, {}), wanted)
        if isinstance(wanted, dict)
        else by_method.get(method, {}).get("reason")
        for method, wanted in refused.items()
    }


def check(scenario: Scenario, answer: dict[str, Any]) -> None:
    """Compare a document of the answer with the scenario, only on what the scenario says."""
    assert scenario.refused == _refusals(answer, scenario.refused)
    options = answer["options"]
    reasons = {_refused(refusal): refusal["reason"] for refusal in answer["refusals"]}
    assert scenario.options_count == len(options), f"refused: {reasons}"
    for index, expected in enumerate(scenario.expect):
        wanted = {name: _wanted(name, value) for name, value in expected.items()}
        told = {name: _told(options[index], name) for name in expected}
        told |= {name: _spoken_of(told[name], wanted[name]) for name in {"cost", "shipments"} & set(expected)}
        assert wanted == told, f"option {index}"
    if scenario.says_when_it_changes:
        assert _instant(scenario.next_change_at) == _instant(answer["next_change_at"])


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


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
        option = {
            name: getattr(told, name) for name in ("group", "method", "services", "parcels", "co2e_grams", "tags")
        }
        option |= {name: _text(getattr(told, name)) for name in INSTANTS - OF_SHIPMENT}
        cost = {part: {"amount": Decimal(value) / 100} for part, value in told.cost.items()}
        options.append(
            {
                **option,
                "service": told.way or None,
                "destination": {"place": told.destination},
                "price": {"amount": Decimal(told.price_minor) / 100},
                "cost": {**cost, "total": {"amount": Decimal(sum(told.cost.values())) / 100}},
                "shipments": [_twin_shipment(sent) for sent in told.shipments],
                "lines": [
                    {**line, "deliver_by": _text(sent.promised), "ship_group": sent.ship_group}
                    for sent in sorted(told.shipments, key=lambda sent: sent.promised)
                    for line in _twin_lines(sent)
                ],
                "left_out": [
                    {name: getattr(line, name) for name in ("sku", "services", "ship_group")}
                    | {"reason": line.reason.code}
                    for line in told.left_out
                ],
            }
        )
    refusals = [
        {"method": told.method, "reason": told.reason.code, "service": told.way or None}
        | {name: getattr(told, name) for name in ("group", "sku", "site", "place")}
        for told in answer.refusals
    ]
    return {"options": options, "refusals": refusals}


def _twin_shipment(sent: Any) -> dict[str, Any]:
    return {name: _text(getattr(sent, name)) for name in SHOWN_OF_SHIPMENT & INSTANTS} | {
        "site": sent.site,
        "service": sent.way or None,
        "parcels": sent.parcels,
        "ship_group": sent.ship_group,
        "lines": _twin_lines(sent),
        "arrivals": [{"stop": stop, "at": _text(at)} for stop, at in sent.arrivals],
    }


def _twin_lines(sent: Any) -> list[dict[str, Any]]:
    pairs = zip(sent.lines, sent.line_services, strict=True)
    return [{"sku": sku, "services": services, "quantity": quantity} for (sku, quantity), services in pairs]


def _promise(scenario: Scenario) -> promise_engine.Answer:
    network = promise_engine.Network.model_validate(scenario.network)
    catalogue = None if scenario.catalogue is None else promise_engine.Catalogue.from_records(scenario.catalogue)
    stock = promise_engine.StockSnapshot.from_document(scenario.stock)
    return promise_engine.Engine(network, catalogue).promise(PromiseRequest.model_validate(scenario.request), stock)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=IDS)
def test_engine(scenario: Scenario) -> None:
    """The engine gives what was reasoned by hand."""
    answer = _promise(scenario)
    change = answer.next_change_at if scenario.says_when_it_changes else None
    told = {name: [jsonable(row) for row in getattr(answer, name)] for name in ("options", "refusals")}
    check(scenario, told | {"next_change_at": _text(change)})
    found = {
        _refused(jsonable(refusal)): jsonable(refusal.remedies) for refusal in answer.refusals if scenario.remedies
    }
    for method, remedies in scenario.remedies.items():
        assert list(map(_remedy, remedies)) == list(map(_remedy, found[method]))
    if scenario.explained:
        text = " ".join(answer.explain().replace("│", " ").split())
        assert [] == [part for part in scenario.explained if part not in text], text


@pytest.mark.parametrize("scenario", SCENARIOS, ids=IDS)
def test_twin(scenario: Scenario) -> None:
    """The slow twin gives what was reasoned by hand."""
    items = scenario.catalogue
    asked = (
        NetworkDocument.model_validate(scenario.network),
        None if items is None else CatalogueDocument.model_validate({"items": items}),
        StockDocument.model_validate(scenario.stock),
        PromiseRequest.model_validate(scenario.request),
    )
    change = naive.next_change_at(*asked) if scenario.says_when_it_changes else None
    check(scenario, _twin_document(naive.answer(*asked)) | {"next_change_at": _text(change)})


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
    assert [] == [expected for expected in scenario.expect if not IS_OPTION(expected)]
    assert [] == [told for told in scenario.refused.values() if not (_is_text(told) or IS_REFUSAL(told))]
    assert _list_of(_is_text)(list(scenario.explained))
    NetworkDocument.model_validate(scenario.network)
    StockDocument.model_validate(scenario.stock)
    PromiseRequest.model_validate(scenario.request)
    CatalogueDocument.model_validate({"items": scenario.catalogue or []})


@pytest.mark.parametrize(
    "scenario",
    [s for s in SCENARIOS if any(len(told.get("shipments", ())) > 1 for told in s.expect)],
    ids=lambda s: s.title,
)
def test_explains_every_shipment(scenario: Scenario) -> None:
    """The explanation of a split names every site and what it sends."""
    answer = _promise(scenario)
    for index, option in enumerate(answer.options):
        if len(option.shipments) > 1:
            text = answer.explain(index)
            names = [name for sent in option.shipments for name in (sent.site, *(line.sku for line in sent.lines))]
            assert [] == [name for name in names if name not in text], text


@pytest.mark.parametrize(
    "option",
    [
        {"price": 4.9},
        {"promised": "2026-11-20T18:00:00"},
        {"parcels": "2"},
        {"tags": "earliest"},
        {"lines": {"mug": "tomorrow"}},
        {"lines": ["mug"]},
        {"left_out": ["mug"]},
        {"left_out": {"mug": 1}},
        {"cost": {"fuel": "1.00"}},
        {"shipments": [{"site": "lille", "sku": ["mug"]}]},
        {"shipments": [{"skus": "mug"}]},
        {"shipments": [{"quantities": {"mug": 2}}]},
        {"shipments": {"site": "lille"}},
        {"colour": "blue"},
        {},
    ],
    ids=str,
)
def test_what_is_expected_is_typed(option: dict[str, Any]) -> None:
    """A field that no option has, or of another type, would be compared with nothing."""
    assert not IS_OPTION(option)
