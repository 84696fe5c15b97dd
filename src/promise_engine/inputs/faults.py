"""Faults of a document against its model, in words a config writer understands."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from promise_engine.errors import Fault, InputError, shown
from promise_engine.inputs.expectations import expected
from promise_engine.inputs.paths import NO_SOURCES, Loc, Sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], data: Any, error: type[InputError], sources: Sources = NO_SOURCES) -> M:
    """The model of the data, or the error with every fault."""
    try:
        return model.model_validate(data)
    except ValidationError as invalid:
        raise error(faults_of(invalid, model, data, sources)) from None


def faults_of(invalid: ValidationError, model: type[BaseModel], data: Any, sources: Sources = NO_SOURCES) -> list[Fault]:
    """One fault for each wrong value; the branches of a union share one.

    Examples
    --------
    >>> from promise_engine.models.request import Line
    >>> try:
    ...     Line.model_validate({"sku": "A", "quantity": 0})
    ... except ValidationError as invalid:
    ...     print(*faults_of(invalid, Line, {"sku": "A", "quantity": 0}))
    quantity: found 0, expected a number, above 0, at most 1,000,000,000,000, with at most 3 decimals
    """
    merged: dict[tuple[str, str, str], tuple[str, list[str]]] = {}
    for wrong in invalid.errors(include_url=False):
        if _follows_from_items(wrong):
            continue
        loc: Loc = wrong["loc"]
        value = "" if wrong["type"] == "missing" else shown(wrong["input"])
        key = (*sources.place(loc, data), value)
        code, words = merged.setdefault(key, (_code(wrong["type"]), []))
        text = expected(wrong, model)
        if text not in words:
            words.append(text)
    return [Fault(*key, expected=_either(words), code=code) for key, (code, words) in merged.items()]


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", or ".join(text.partition("; did you mean")[0] for text in words)


def close(name: str, known: Iterable[str]) -> str:
    """The words that propose a name close to a wrong one, or nothing.

    Examples
    --------
    >>> close("cutoff", ["cut_off", "departure"])
    '; did you mean `cut_off`?'
    """
    matches = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean `{matches[0]}`?" if matches else ""


def _follows_from_items(wrong: ErrorDetails) -> bool:
    """Whether a list counts as too short only because its items are wrong."""
    listed = wrong["input"]
    return (
        wrong["type"] == "too_short"
        and isinstance(listed, list | tuple)
        and len(listed) >= wrong.get("ctx", {}).get("min_length", 0)
    )


def _code(kind: str) -> str:
    return {"missing": "missing", "extra_forbidden": "unknown_field"}.get(kind, "invalid")
