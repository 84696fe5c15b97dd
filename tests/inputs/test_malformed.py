"""Each malformed input gives exactly the one right fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from promise_engine.errors import CatalogueError, InputError, NetworkError, RequestError, StockError
from promise_engine.inputs import yaml_text
from promise_engine.inputs.catalogue import Catalogue
from promise_engine.inputs.documents import parse_document
from promise_engine.inputs.network import Network
from promise_engine.inputs.request import parse_request
from promise_engine.inputs.snapshot import StockSnapshot

from inputs.malformed import (
    calendars,
    carriers,
    catalogue_and_deltas,
    offers,
    places,
    request,
    rules,
    settings,
    sites,
    stock,
)
from inputs.malformed.texts import TABLES, TEXTS, TextCase
from inputs.samples import AS_OF, changed, sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inputs.malformed.words import Case

TOPICS = (settings, calendars, sites, carriers, places, offers, rules, catalogue_and_deltas, stock, request)
CASES = [case for topic in TOPICS for case in topic.CASES]


def _apply(document: Any) -> None:
    StockSnapshot.from_document(sample("stock")).apply(document["deltas"])


READERS: dict[str, tuple[Callable[[Any], object], type[InputError]]] = {
    "network": (Network.model_validate, NetworkError),
    "catalogue": (Catalogue.from_document, CatalogueError),
    "stock": (StockSnapshot.from_document, StockError),
    "deltas": (_apply, StockError),
    "request": (parse_request, RequestError),
}


@pytest.mark.parametrize("kind", READERS)
def test_the_samples_are_valid(kind: str) -> None:
    """What the cases change is valid before."""
    READERS[kind][0](sample(kind))


@pytest.mark.parametrize("case", CASES, ids=[f"{case.kind}-{i}-{case.at}" for i, case in enumerate(CASES)])
def test_one_change_gives_one_fault(case: Case) -> None:
    """A valid document with one thing wrong gives one fault: its path, its value, what was expected."""
    read, error = READERS[case.kind]
    with pytest.raises(error) as caught:
        read(changed(case.kind, case.at, case.to))
    assert [(fault.path, fault.value, fault.expected) for fault in caught.value.faults] == [
        (case.path, case.value, case.expected)
    ]


@pytest.mark.parametrize("case", TEXTS, ids=[f"{i}-{case.text[:20]!r}" for i, case in enumerate(TEXTS)])
def test_malformed_text_gives_one_fault(case: TextCase) -> None:
    """A text that is no document gives one fault: where, what stands there, what was expected."""
    with pytest.raises(InputError) as caught:
        parse_document(case.text, "a file", is_json=case.kind == "json")
    assert [(fault.file, fault.path, fault.value, fault.expected) for fault in caught.value.faults] == [
        ("a file", case.path, case.value, case.expected)
    ]


@pytest.mark.parametrize("case", [case for case in TEXTS if case.kind == "yaml"], ids=lambda case: repr(case.text[:20]))
def test_the_parser_in_python_agrees(case: TextCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no libyaml the same faults are found."""
    monkeypatch.setattr(yaml_text, "_LOADER", yaml.SafeLoader)
    with pytest.raises(InputError) as caught:
        parse_document(case.text, "a file")
    assert [(fault.path, fault.value, fault.expected) for fault in caught.value.faults] == [
        (case.path, case.value, case.expected)
    ]


@pytest.mark.parametrize("case", TABLES, ids=[f"{i}-{case.kind}" for i, case in enumerate(TABLES)])
def test_malformed_tables_give_one_fault(case: TextCase, tmp_path: Path) -> None:
    """A table with one thing wrong gives one fault with its row and column."""
    file = tmp_path / f"{case.kind}.csv"
    file.write_bytes(case.text if isinstance(case.text, bytes) else case.text.encode())
    with pytest.raises(InputError) as caught:
        Catalogue.load(file) if case.kind == "catalogue" else StockSnapshot.load(file, as_of=AS_OF)
    assert [(fault.file, fault.path, fault.value, fault.expected) for fault in caught.value.faults] == [
        (file.name, case.path, case.value, case.expected)
    ]


def test_there_are_enough_cases() -> None:
    """The tables keep their promise of 200 malformed inputs."""
    assert len(CASES) + len(TEXTS) + len(TABLES) >= 400
