"""What a field expects, in words, from its model and the kind of error."""

from __future__ import annotations

import types
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from promise_engine.models.pricing import PriceRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from promise_engine.inputs.paths import Loc

DATE = "a date such as '2026-12-24'"
INSTANT = "an instant with its UTC offset, such as '2026-11-21T17:59:00+01:00'"
DURATION = "a duration such as '90 min', '2 h 30 min', '1 d' or 'PT2H'"
POSTAL_RANGE = "a range of postal codes such as '67000..68999'"
PRICE = "a list of price rules, or a mapping with `percent` and `amount` (the tariff plus a margin)"
PRICE_RULES = "no such field; price rules are a list: `price: [{price: 4.90}]`"

_PATTERNS = {
    r"^\S+$": "an id of 1 to 100 characters without spaces",
    r"^[A-Z]{2}$": "a country code of two capital letters such as FR",
    r"^[A-Z]{3}$": "a currency code of three capital letters such as EUR",
}
_WORDS = {
    "missing": "a value: this field is required",
    "model_type": "a mapping of fields",
    "model_attributes_type": "a mapping of fields",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "iterable_type": "a list",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "invalid_key": "text as a key",
    "string_type": "text, in quotes",
    "string_sub_type": "text, in quotes",
    "string_unicode": "text without half characters",
}


def expected(wrong: ErrorDetails, model: type[BaseModel]) -> str:
    """What stands in the document's language where the error says what was wrong."""
    kind = wrong["type"]
    special = _SPECIAL.get((kind, str(wrong["loc"][-1]) if wrong["loc"] else ""))
    if special is not None:
        return special
    if kind == "tuple_type" and "ranges" in wrong["loc"][-2:-1]:
        return POSTAL_RANGE
    if kind in _WORDS:
        return _WORDS[kind]
    for beginning, words in _TELLERS:
        if kind.startswith(beginning):
            return words(wrong, model)
    return wrong["msg"]


def _pattern(wrong: ErrorDetails, _model: type[BaseModel]) -> str:
    pattern = wrong["ctx"]["pattern"]
    return _PATTERNS.get(pattern, f"text of the form {pattern}")


def _length(wrong: ErrorDetails, _model: type[BaseModel]) -> str:
    kind, context = wrong["type"], wrong["ctx"]
    thing = "character" if isinstance(wrong["input"], str) else "item"
    bound = context["min_length"] if kind.endswith("short") else context["max_length"]
    return f"{'at least' if kind.endswith('short') else 'at most'} {bound} {thing}{'s' if bound != 1 else ''}"


def _no_such_field(wrong: ErrorDetails, model: type[BaseModel]) -> str:
    if wrong["loc"][-2:-1] == ("<tariff>",) and wrong["loc"][-1] in PriceRule.model_fields:
        return PRICE_RULES
    name = meant(wrong, model)
    if name:
        return f"no such field; did you mean `{name}`?"
    return f"no such field; the fields are {', '.join(_fields_at(wrong, model))}"


def meant(wrong: ErrorDetails, model: type[BaseModel]) -> str | None:
    """The field that an unknown field is close to."""
    return next(iter(get_close_matches(str(wrong["loc"][-1]), _fields_at(wrong, model), n=1)), None)


def _fields_at(wrong: ErrorDetails, model: type[BaseModel]) -> list[str]:
    return sorted({name for owner in _at(model, wrong["loc"][:-1])[0] for name in owner.model_fields})


def _one_of(wrong: ErrorDetails, model: type[BaseModel]) -> str:
    choices = [
        choice
        for choice in _literals(_annotations_at(model, wrong["loc"]))
        if f"'{choice}'" in wrong["ctx"]["expected"]
    ]
    listed = ", ".join(choices) if choices else str(wrong["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
    matches = get_close_matches(str(wrong["input"]), choices, n=1, cutoff=0.7)
    words = f"one of: {listed}" if "," in listed else f"`{listed}`"
    return f"{words}; did you mean `{matches[0]}`?" if matches and len(choices) > 1 else words


def _number(wrong: ErrorDetails, model: type[BaseModel]) -> str:
    annotations = _annotations_at(model, wrong["loc"])
    bounds = _bounds(annotations)
    values = list(bounds.values())
    if any(isinstance(value, timedelta) for value in values):
        return f"{DURATION}, from 0 s to {bounds['le'].days} d"
    if any(isinstance(value, date) for value in values):
        return f"{DATE}, from {bounds.get('ge')} to {bounds.get('le')}"
    whole = wrong["type"].startswith("int_") or not _holds(annotations, (Decimal, float))
    words = [("a whole number" if whole else "a number"), *_range(bounds)]
    places = bounds.get("decimal_places")
    words += [f"with at most {places} decimals"] if places is not None and not whole else []
    return ", ".join(words)


def _range(bounds: dict[str, Any]) -> Iterator[str]:
    low, high = bounds.get("ge"), bounds.get("le")
    if low is not None and high is not None and not (low == 0 and high >= 10**9):
        yield f"from {_plain(low)} to {_plain(high)}"
        return
    if low is not None:
        yield f"{_plain(low)} or more"
    if bounds.get("gt") is not None:
        yield f"above {bounds['gt']}"
    if high is not None:
        yield f"at most {_plain(high)}"


def _plain(bound: Any) -> str:
    return f"{bound:,}" if isinstance(bound, int) else str(bound)


def _bounds(annotations: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for annotation in annotations:
        for part in _flat(annotation):
            for name in ("ge", "gt", "le", "lt", "decimal_places"):
                value = getattr(part, name, None)
                if value is not None and not callable(value):
                    found[name] = value
    return found


def _flat(annotation: Any) -> Iterator[Any]:
    yield annotation
    metadata = getattr(annotation, "metadata", None)
    if isinstance(metadata, list | tuple):
        for part in metadata:
            yield from _flat(part)
    if get_origin(annotation) in {Annotated, Union, types.UnionType}:
        for part in get_args(annotation):
            yield from _flat(part)


def _holds(annotations: list[Any], wanted: tuple[type, ...]) -> bool:
    return any(part in wanted for annotation in annotations for part in _flat(annotation) if isinstance(part, type))


def _literals(annotations: list[Any]) -> list[str]:
    return [
        str(choice)
        for a in annotations
        for part in _flat(a)
        if get_origin(part) is Literal
        for choice in get_args(part)
    ]


def _annotations_at(model: type[BaseModel], loc: Loc) -> list[Any]:
    """The annotations that govern the value at a location, with the metadata of its field."""
    return _at(model, loc)[1]


def _at(model: type[BaseModel], loc: Loc) -> tuple[list[type[BaseModel]], list[Any]]:
    """The models that may stand at a location, and the annotations that govern it."""
    owners, found = [model], list[Any]()
    for part in loc:
        annotations = _field(owners, part)
        if annotations is not None:
            found = annotations
        elif isinstance(part, str) and part.startswith("<"):
            found = [inner for annotation in found for inner in _tagged(annotation, part)] or found
        elif part == "[key]":
            found = [
                get_args(inner)[0] for annotation in found for inner in _flat(annotation) if get_origin(inner) is dict
            ]
        else:
            found = [*found, *(inner for annotation in found for inner in _items_of(annotation))]
            continue
        owners = [inner for annotation in found for inner in _models_in(annotation)]
    return owners, found


def _tagged(annotation: Any, tag: str) -> Iterator[Any]:
    """The branches of a union that bear a tag."""
    for part in _flat(annotation):
        if get_origin(part) is Annotated and any(getattr(note, "tag", None) == tag for note in get_args(part)[1:]):
            yield part


def _field(owners: list[type[BaseModel]], part: int | str) -> list[Any] | None:
    fields = [owner.model_fields[part] for owner in owners if isinstance(part, str) and part in owner.model_fields]
    return [both for field in fields for both in _with_metadata(field)] if fields else None


def _with_metadata(field: FieldInfo) -> list[Any]:
    return [field.annotation, *field.metadata]


def _items_of(annotation: Any) -> Iterator[Any]:
    for part in _flat(annotation):
        if get_origin(part) in {tuple, list, dict}:
            yield from (inner for inner in get_args(part) if inner is not Ellipsis)


def _always(words: str) -> Callable[[ErrorDetails, type[BaseModel]], str]:
    return lambda _wrong, _model: words


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


_SPECIAL = {("tuple_type", "<rules>"): PRICE}
_TELLERS: tuple[tuple[str | tuple[str, ...], Callable[[ErrorDetails, type[BaseModel]], str]], ...] = (
    ("extra_forbidden", _no_such_field),
    ("literal_error", _one_of),
    ("string_pattern_mismatch", _pattern),
    (("string_too_short", "string_too_long", "too_short", "too_long"), _length),
    (("datetime_", "timezone_"), _always(INSTANT)),
    (("date_from", "date_type", "date_parsing"), _always(DATE)),
    ("time_delta", _always(DURATION)),
    (("int_", "decimal_", "float_", "finite_", "greater_", "less_", "multiple_"), _number),
)
"""Who tells what is expected, by the beginning of the kind of error; the first that fits."""
