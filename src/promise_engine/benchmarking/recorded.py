"""Requests that were recorded, from files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine._compile.request_checks import checked_request, examined
from promise_engine.errors import InputError, RequestError
from promise_engine.inputs.documents import parse_document, read_bytes, read_documents
from promise_engine.inputs.request import read_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from promise_engine.engine import Engine
    from promise_engine.errors import Fault

_LINES = {".jsonl", ".ndjson"}


class Recorded(NamedTuple):
    """A request with where it was found."""

    file: str
    place: str  # its line; nothing where it is the whole file
    document: Any


def recorded_requests(path: Path) -> list[Recorded]:
    """The requests of a file of JSON lines, of a document (one, or a list of them), or of a folder of documents.

    Raises
    ------
    RequestError
        With every fault: files that cannot be read, lines that are no JSON, no request at all.

    Examples
    --------
    >>> from pathlib import Path
    >>> recorded_requests(Path("nowhere.jsonl"))
    Traceback (most recent call last):
    promise_engine.errors.RequestError: 1 fault in the request:
      nowhere.jsonl: found 'nowhere.jsonl', expected a readable file (No such file or directory)
    """
    try:
        found = list(_lines(path) if path.suffix.lower() in _LINES else _documents(path))
    except InputError as invalid:
        raise RequestError(invalid.faults) from None
    if not found:
        raise RequestError.of("", str(path), "at least one request", file=path.name, code="missing")
    return found


def checked_by(engine: Engine, requests: Sequence[Recorded]) -> list[Any]:
    """The documents of requests that an engine can answer.

    Raises
    ------
    RequestError
        With every fault of every request, each with its file and line.

    Examples
    --------
    >>> from promise_engine import Engine, Network
    >>> from promise_engine.testing import minimal_network, minimal_request
    >>> engine = Engine(Network.model_validate(minimal_network()))
    >>> len(checked_by(engine, [Recorded("a.json", "", minimal_request())]))
    1
    """
    faults: list[Fault] = []
    for file, place, document in requests:
        faults += [_placed(fault, file, place) for fault in _faults_of(document, engine)]
    if faults:
        raise RequestError(faults)
    return [request.document for request in requests]


def _faults_of(document: Any, engine: Engine) -> Sequence[Fault]:
    """What the engine would refuse the request for."""
    network, items = engine._compiled, engine._items  # noqa: SLF001  # asked as the engine asks itself
    try:
        request = checked_request(read_request(document), network, items)
    except RequestError as refused:
        return refused.faults
    return examined(request, network, items, frozenset()).faults


def _lines(path: Path) -> Iterator[Recorded]:
    faults: list[Fault] = []
    for number, line in enumerate(read_bytes(path, path.name).splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield Recorded(path.name, f"line {number}", parse_document(line, path.name, is_json=True))
        except InputError as invalid:
            faults += [replace(fault, path=f"line {number}") for fault in invalid.faults]
    if faults:
        raise InputError(faults)


def _documents(path: Path) -> Iterator[Recorded]:
    for name, data in read_documents(path):
        if isinstance(data, list):
            yield from (Recorded(name, str(number), one) for number, one in enumerate(data))
        else:
            yield Recorded(name, "", data)


def _placed(fault: Fault, file: str, place: str) -> Fault:
    return replace(fault.below(place) if place else fault, file=file)
