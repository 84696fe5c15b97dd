"""One text for equal documents, whatever the order and the form they were written in."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

_ORDERED = frozenset({"criteria", "legs", "polygon", "sides_mm"})
"""Lists whose order says something; the pairs in `ranges` are kept too."""


def document_digest(document: BaseModel) -> str:
    """Sha256 of the canonical JSON of a document: defaults included, lists that are sets sorted."""
    text = json.dumps(_canonical(document.model_dump(), ""), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(node: Any, name: str) -> Any:
    if isinstance(node, dict):
        return {str(key): _canonical(value, str(key)) for key, value in node.items()}
    if isinstance(node, list | tuple):
        if name in _ORDERED:
            return [_canonical(item, name) for item in node]
        items = [_canonical(item, "sides_mm" if name == "ranges" else "") for item in node]
        return sorted(items, key=_order)
    if isinstance(node, Decimal):
        return _number(node)
    if isinstance(node, bool | int | str | None):
        return node
    return _number(Decimal(repr(node))) if isinstance(node, float) else str(node)


def _order(item: Any) -> tuple[str, str]:
    identity = item.get("id") if isinstance(item, dict) else None
    return str(identity or ""), json.dumps(item, ensure_ascii=True, sort_keys=True)


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"
