"""JSON text to plain values, with decimals, and repeated keys refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from promise_engine.errors import Fault, InputError, shown
from promise_engine.inputs.paths import path_text
from promise_engine.inputs.scalars import decimal_or_text, integer_or_text

if TYPE_CHECKING:
    from promise_engine.inputs.paths import Loc

MAX_DEPTH = 60
"""How deeply a document may nest."""

MAX_TEXT = 4_000
"""How many characters one value may have."""

TEXT_EXPECTED = f"text of at most {MAX_TEXT:,} characters"
DEPTH_EXPECTED = f"at most {MAX_DEPTH} levels of nesting"
KEY_EXPECTED = "each key once in a mapping"


class _Repeated(dict[str, Any]):
    """A mapping in which some keys stood more than once."""

    keys_again: list[str]


def parse_json(text: str, label: str) -> Any:
    """The data of a JSON text; InputError with every fault."""
    try:
        data = json.loads(
            text,
            object_pairs_hook=_mapping,
            parse_float=decimal_or_text,
            parse_int=integer_or_text,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        near = text[problem.pos : problem.pos + 20].split("\n", maxsplit=1)[0]
        fault = Fault(label, where, shown(near) if near else "", f"well-formed JSON ({problem.msg})", "syntax")
        raise InputError([fault]) from None
    except _ConstantError as problem:
        raise InputError.of(
            "", problem.name, "a number; NaN and Infinity are not JSON", file=label, code="syntax"
        ) from None
    except RecursionError:
        raise InputError([Fault(label, "", "", DEPTH_EXPECTED, "too_deep")]) from None
    faults = _structure_faults(data, label)
    if faults:
        raise InputError(faults)
    return data


class _ConstantError(Exception):
    def __init__(self, name: str) -> None:
        self.name = name


def _no_constant(name: str) -> None:
    raise _ConstantError(name)


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = _Repeated(plain)
    seen: set[str] = set()
    marked.keys_again = sorted({key for key, _ in pairs if key in seen or seen.add(key)})  # type: ignore[func-returns-value]
    return marked


def _structure_faults(data: Any, label: str) -> list[Fault]:
    faults: list[Fault] = []
    todo: list[tuple[Any, Loc]] = [(data, ())] if isinstance(data, dict | list) else []
    while todo:
        node, loc = todo.pop()
        if len(loc) >= MAX_DEPTH:
            return [Fault(label, path_text(loc[:3], data) + "...", "", DEPTH_EXPECTED, "too_deep")]
        if isinstance(node, _Repeated):
            faults += [
                Fault(label, path_text((*loc, key), data), shown(key), KEY_EXPECTED, "duplicate_key")
                for key in node.keys_again
            ]
        for part, value in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(value, dict | list):
                todo.append((value, (*loc, part)))
            elif isinstance(value, str) and len(value) > MAX_TEXT:
                faults.append(Fault(label, path_text((*loc, part), data), shown(value), TEXT_EXPECTED, "too_long"))
    return faults
