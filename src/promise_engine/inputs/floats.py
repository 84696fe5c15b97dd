"""Floats for exact decimals, where a document holds GeoJSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

_DEEPEST = 60


def with_floats(node: Any, *, inside: bool = False, depth: int = 0) -> Any:
    """A copy in which every decimal below a key `polygon` is a float; what lies deeper than a document may is kept.

    Examples
    --------
    >>> with_floats({"polygon": [Decimal("7.5")], "price": Decimal("7.5")})
    {'polygon': [7.5], 'price': Decimal('7.5')}
    """
    if depth > _DEEPEST:
        return node
    if isinstance(node, dict):
        return {
            key: with_floats(value, inside=inside or key == "polygon", depth=depth + 1) for key, value in node.items()
        }
    if isinstance(node, list | tuple):
        return [with_floats(item, inside=inside, depth=depth + 1) for item in node]
    return float(node) if inside and isinstance(node, Decimal) else node
