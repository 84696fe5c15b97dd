"""The valid part of a faulty network, so that its references are checked in the same run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from promise_engine.inputs._rules.findings import FaultyObject
from promise_engine.inputs.paths import Loc, Sources, identity
from promise_engine.models.network import NetworkDocument, Settings


class Part(NamedTuple):
    """The arguments of `network_faults`."""

    network: NetworkDocument
    sources: Sources
    broken: dict[str, set[str] | None]
    faulty: dict[str, list[FaultyObject]]


def valid_part(invalid: ValidationError, data: Any, sources: Sources) -> Part | None:
    """The objects that are valid by themselves; None when the data is no mapping."""
    if not isinstance(data, Mapping):
        return None
    wrong = _wrong_items(invalid)
    values: dict[str, Any] = {"settings": Settings.model_validate({})}
    items: dict[str, list[tuple[str, int]]] = {}
    broken: dict[str, set[str] | None] = {}
    faulty: dict[str, list[FaultyObject]] = {}
    for name, field in NetworkDocument.model_fields.items():
        listed, bad = data.get(name, ()), wrong.get(name, {})
        if not _holds_models(field.annotation):
            values |= {} if bad is None or bad else _single(name, data)
            broken |= {name: None} if bad is None or bad else {}
        elif bad is None or not isinstance(listed, Sequence):
            values[name], broken[name] = (), None
        else:
            kept, left_out = ([i for i in range(len(listed)) if (i in bad) is out] for out in (False, True))
            values[name] = TypeAdapter[Any](field.annotation or Any).validate_python([listed[i] for i in kept])
            items[name] = [_origin(sources, name, i) for i in (*kept, *left_out)]
            broken[name] = _ids([listed[i] for i in left_out])
            faulty[name] = [FaultyObject(listed[i], frozenset(bad[i])) for i in left_out]
    network = NetworkDocument.model_construct(**values)
    return Part(network, Sources(sources.files, items, sources.default), broken, faulty)


def _wrong_items(invalid: ValidationError) -> dict[str, dict[int, set[Loc]] | None]:
    """By field, the positions with errors and where these are below them; None when the field as a whole is wrong."""
    wrong: dict[str, dict[int, set[Loc]] | None] = {}
    for error in invalid.errors(include_url=False, include_input=False, include_context=False):
        loc = error["loc"]
        if not loc:
            continue
        name, positions = str(loc[0]), wrong.setdefault(str(loc[0]), {})
        if len(loc) > 1 and isinstance(loc[1], int):
            if positions is not None:
                positions.setdefault(loc[1], set()).add(_without_tags(loc[2:]))
        elif error["type"] != "too_short" or not positions:
            wrong[name] = None
    return wrong


def _without_tags(loc: Loc) -> Loc:
    """A location without the names of branches of unions."""
    return tuple(part for part in loc if not str(part).startswith("<"))


def _holds_models(annotation: Any) -> bool:
    return any(isinstance(inner, type) and issubclass(inner, BaseModel) for inner in get_args(annotation))


def _single(name: str, data: Mapping[Any, Any]) -> dict[str, Any]:
    if name not in data:
        return {}
    annotation = NetworkDocument.model_fields[name].annotation
    return {name: TypeAdapter[Any](annotation or Any).validate_python(data[name])}


def _origin(sources: Sources, name: str, position: int) -> tuple[str, int]:
    listed = sources.items.get(name)
    return listed[position] if listed else (sources.default, position)


def _ids(things: list[Any]) -> set[str] | None:
    names = [identity(thing) for thing in things]
    return {name for name in names if name is not None} if None not in names else None
