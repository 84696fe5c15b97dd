"""Faults of a document against its model, in words a config writer understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from promise_engine.errors import Fault, InputError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], data: Any, error: type[InputError], file: str = "") -> M:
    """The model of the data, or the error with every fault."""
    try:
        return model.model_validate(data)
    except ValidationError as invalid:
        raise error(faults_of(invalid, data, file)) from None


def faults_of(invalid: ValidationError, data: Any, file: str = "") -> Iterator[Fault]:
    """One fault for each wrong value."""
    for wrong in invalid.errors(include_url=False):
        yield Fault(file, ".".join(map(str, wrong["loc"])), shown(wrong["input"]), wrong["msg"])
