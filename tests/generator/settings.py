"""Every setting of the models, and which of them a case uses.

A setting is a field of a model, or one value of a field that is a choice. They are read off the models, so that a
new field is a new setting without anybody having to remember it.
"""

from __future__ import annotations

import types
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

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
            waiting += [part for part in _parts(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)]
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
    plain = [part for part in parts if part not in {bool, type(None)} and part not in models and get_origin(part) is not Literal]
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


def settings_used(objects: Iterable[BaseModel]) -> set[str]:
    """The settings that these objects, and the objects inside them, use."""
    found: set[str] = set()
    for item in objects:
        model = type(item)
        for name, field in model.model_fields.items():
            value = getattr(item, name)
            if exempt(model, name):
                continue
            inside = list(_models_in(value))
            found |= _used(f"{model.__name__}.{name}", value, inside, required=field.is_required(), default=field.get_default(call_default_factory=False))
            found |= settings_used(inside)
    return found


def _used(label: str, value: Any, inside: list[BaseModel], *, required: bool, default: Any) -> set[str]:
    scalars = value if isinstance(value, tuple) and not hasattr(value, "_fields") else (value,)
    found = {f"{label}={scalar.value if isinstance(scalar, Enum) else scalar}" for scalar in scalars if isinstance(scalar, bool | str)}
    found |= {f"{label}={type(model).__name__}" for model in inside}
    if value not in (None, (), {}) and (required or value != default):
        found.add(label)
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
