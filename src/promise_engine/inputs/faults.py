"""Faults of a document against its model, in words a config writer understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from promise_engine.errors import Fault, InputError, shown
from promise_engine.inputs.expectations import expected, meant
from promise_engine.inputs.paths import NO_SOURCES, Loc, Sources

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SHOWN_DEPTH, _SHOWN_ITEMS = 6, 20
_AIMS = {"range": "last", "maximum": "maximum"}

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], data: Any, error: type[InputError], sources: Sources = NO_SOURCES) -> M:
    """The model of the data, or the error with every fault."""
    try:
        return model.model_validate(data)
    except ValidationError as invalid:
        raise error(faults_of(invalid, model, data, sources)) from None


def faults_of(
    invalid: ValidationError, model: type[BaseModel], data: Any, sources: Sources = NO_SOURCES
) -> list[Fault]:
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
    errors = [wrong for wrong in invalid.errors(include_url=False) if not _follows_from_items(wrong)]
    misspelt = {(*wrong["loc"][:-1], meant(wrong, model)) for wrong in errors if wrong["type"] == "extra_forbidden"}
    merged: dict[tuple[str, str, str], tuple[str, list[str]]] = {}
    for wrong in errors:
        if wrong["type"] == "missing" and wrong["loc"] in misspelt:
            continue
        loc, value = _aimed(wrong)
        key = (*sources.place(loc, data), value)
        words = merged.setdefault(key, (_code(wrong["type"]), []))[1]
        text = expected(wrong, model)
        if text not in words:
            words.append(text)
    return [Fault(*key, expected=_either(words), code=code) for key, (code, words) in merged.items()]


def told(value: Any) -> str:
    """A value as a message shows it, decimals as they are written.

    Examples
    --------
    >>> told([Decimal("4.90"), "x"])
    "[4.90, 'x']"
    """
    return shown(_readable(value, 0))


def listed(values: Any) -> Any:
    """The list of what can be iterated; anything else as it is, for its fault."""
    plain = isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable)
    return values if plain else list(values)


class _Shown:
    """Shows as a text without quotes: the digits of a decimal, dots for what is too deep."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _readable(value: Any, depth: int) -> Any:
    if isinstance(value, Decimal):
        return _Shown(str(value))
    if depth == _SHOWN_DEPTH and isinstance(value, dict | list | tuple):
        return _Shown("...")
    if isinstance(value, dict):
        return {key: _readable(item, depth + 1) for key, item in islice(value.items(), _SHOWN_ITEMS)}
    if isinstance(value, list):
        return [_readable(item, depth + 1) for item in value[:_SHOWN_ITEMS]]
    return value


def _aimed(wrong: ErrorDetails) -> tuple[Loc, str]:
    """The location and the value to show; some rules about two fields point to the second."""
    loc, value = wrong["loc"], wrong["input"]
    aim = _AIMS.get(wrong["type"])
    if aim is not None and isinstance(value, dict):
        return (*loc, aim), told(value.get(aim))
    return loc, "" if wrong["type"] == "missing" else told(value)


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
