"""Every setting of the models, and which of them a case uses.

A setting is a field of a model, or one value of a field that is a choice. They are read off the models, so that a
new field is a new setting without anybody having to remember it.
"""

from __future__ import annotations

import types
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXEMPT: dict[str, str] = {
    "format": "one value only",
    "name": "shown to people, no rule reads it",
    "TransportMode.source": "shown to people, no rule reads it",
    "NetworkDocument.valid_from": "required; the frame of all dates",
    "NetworkDocument.valid_until": "required; the frame of all dates",
}
"""Fields that are no settings, and why. A bare name exempts it in every model."""


def settings_of(*models: type[BaseModel]) -> set[str]:
    """All settings of the models and of the models inside them.

    A choice gives one setting for each of its values, `Slot.kind=day`; any other field gives one, `Slot.start`.
    """
    found: set[str] = set()
    seen: set[type[BaseModel]] = set()
    waiting = list(models)
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        for name, field in model.model_fields.items():
            if not exempt(model, name):
                found.update(_settings_of_field(f"{model.__name__}.{name}", field.annotation))
            waiting += [
                part for part in _parts(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)
            ]
    return found


def exempt(model: type[BaseModel], name: str) -> bool:
    """Whether a field is no setting."""
    return name in EXEMPT or any(f"{parent.__name__}.{name}" in EXEMPT for parent in model.__mro__)


def _settings_of_field(label: str, annotation: Any) -> set[str]:
    parts = list(_parts(annotation))
    models = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
    values = [value for part in parts if get_origin(part) is Literal for value in get_args(part)]
    found = {f"{label}={value}" for value in values}
    if bool in parts:
        found |= {f"{label}=True", f"{label}=False"}
    if len(models) > 1:
        found |= {f"{label}={model.__name__}" for model in models}
    plain = [
        part
        for part in parts
        if part not in {bool, type(None)} and part not in models and get_origin(part) is not Literal
    ]
    return found | ({label} if plain or not found else set())


def _parts(annotation: Any) -> Iterator[Any]:
    """What a field may hold, without the wrapping of optional, annotated and sequence types; of a dict, its values."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for part in get_args(annotation):
            yield from _parts(part)
    elif origin is tuple:
        yield from _parts(get_args(annotation)[0])
    elif origin is dict:
        yield from _parts(get_args(annotation)[1])
    else:
        yield annotation


class _FieldOf(NamedTuple):
    name: str
    label: str
    required: bool
    default: Any


@lru_cache(maxsize=200)
def _fields(model: type[BaseModel]) -> tuple[_FieldOf, ...]:
    """The fields of a model that are settings."""
    return tuple(
        _FieldOf(name, f"{model.__name__}.{name}", field.is_required(), field.get_default(call_default_factory=False))
        for name, field in model.model_fields.items()
        if not exempt(model, name)
    )


def settings_used(objects: Iterable[BaseModel]) -> set[str]:
    """The settings that these objects, and the objects inside them, use."""
    found: set[str] = set()
    for item in objects:
        for field in _fields(type(item)):
            value = getattr(item, field.name)
            inside = list(_models_in(value))
            found |= _used(field, value, inside)
            found |= settings_used(inside)
    return found


def _used(field: _FieldOf, value: Any, inside: list[BaseModel]) -> set[str]:
    if isinstance(value, bool | str):
        found = {f"{field.label}={value}"}
    elif isinstance(value, tuple):
        found = {f"{field.label}={part}" for part in value if isinstance(part, str)}
    else:
        found = set()
    found |= {f"{field.label}={type(model).__name__}" for model in inside}
    if value not in (None, (), {}) and (field.required or value != field.default):
        found.add(field.label)
    return found


def _models_in(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _models_in(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _models_in(part)
