"""One text for equal documents, whatever the order and the form they were written in."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

_RANGE = "a range"
_ORDERED = frozenset({"criteria", "legs", "polygon", _RANGE})
"""Lists whose order says something; `_RANGE` stands for each pair in `ranges`."""


_ENCODE = json.JSONEncoder(ensure_ascii=True).encode


def document_digest(document: BaseModel) -> str:
    """Sha256 of the canonical JSON of a document: defaults included, lists that are sets sorted."""
    return hashlib.sha256(_canonical(document.model_dump(), "").encode()).hexdigest()


def _canonical(node: Any, name: str) -> str:
    """The canonical JSON of the part of a document that has this name."""
    if isinstance(node, dict):
        members = sorted(((str(key), value) for key, value in node.items()), key=itemgetter(0))
        return "{" + ",".join(f"{_ENCODE(key)}:{_canonical(value, key)}" for key, value in members) + "}"
    if isinstance(node, list | tuple):
        if name in _ORDERED:
            return "[" + ",".join(_canonical(item, name) for item in node) + "]"
        items = sorted((_identity(item), _canonical(item, _RANGE if name == "ranges" else "")) for item in node)
        return "[" + ",".join(text for _, text in items) + "]"
    if isinstance(node, float | Decimal):
        return _ENCODE(_number(Decimal(str(node))))
    return _ENCODE(node if node is None or isinstance(node, int | str) else str(node))


def _identity(item: Any) -> str:
    return str(item.get("id") or "") if isinstance(item, dict) else ""


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"
