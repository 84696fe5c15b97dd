"""Where in a document something is: `sites[lyon].preparation.calendar`, and in which file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import BaseModel

Loc: TypeAlias = tuple[int | str, ...]

_ID = re.compile(r"\S{1,100}")
_IDENTITY = {"items": "sku"}
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Sources:
    """Which file each part of a merged document came from.

    Attributes
    ----------
    files
        The file of each top-level field that stands once.
    items
        For each top-level list, the file and the position in that file of each of its items.

    """

    files: dict[str, str] = field(default_factory=dict)
    items: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    default: str = ""

    def file(self, loc: Loc) -> str:
        """The file that holds what the location points to."""
        listed = self.items.get(str(loc[0])) if loc else None
        if listed and len(loc) > 1 and isinstance(loc[1], int) and loc[1] < len(listed):
            return listed[loc[1]][0]
        return self.files.get(str(loc[0]), self.default) if loc else self.default

    def place(self, loc: Loc, root: Any) -> tuple[str, str]:
        """The file and the path of a location in the data."""
        return self.file(loc), path_text(loc, root, self)

    def position(self, loc: Loc) -> int | str:
        """The position of a top-level list's item in its own file."""
        listed = self.items.get(str(loc[0]))
        if listed and isinstance(loc[1], int) and loc[1] < len(listed):
            return listed[loc[1]][1]
        return loc[1]


@dataclass(frozen=True, slots=True)
class Rows(Sources):
    """Rows of a table that became the items of a list; nested fields are columns of their own."""

    numbers: list[int] = field(default_factory=list)

    def place(self, loc: Loc, root: Any) -> tuple[str, str]:
        """The file, and the row and column."""
        if len(loc) < 2 or not isinstance(loc[1], int):
            return self.default, path_text(loc, root)
        columns = [str(part) for part in loc[2:] if part not in {"dimensions", "[key]"}]
        return self.default, ".".join([f"row {self.numbers[loc[1]]}", *columns])


NO_SOURCES = Sources()


def path_text(loc: Loc, root: Any, sources: Sources = NO_SOURCES) -> str:
    """The path as a config writer reads it: ids where objects have them, else positions.

    Examples
    --------
    >>> path_text(("sites", 0, "rank"), {"sites": [{"id": "lyon", "rank": -1}]})
    'sites[lyon].rank'
    """
    node, above = root, ""
    parts: list[str] = []
    for depth, part in enumerate(loc):
        if _is_label(node, part):
            continue
        node = child(node, part)
        name = identity(node, above) if isinstance(part, int) and parts else None
        if name is not None:
            parts[-1] += f"[{name}]"
        else:
            parts.append(str(sources.position(loc) if depth == 1 else part))
        above = str(part)
    return ".".join(parts)


def child(node: Any, part: int | str) -> Any:
    """What stands at a key, a field or a position; a marker when nothing does."""
    if isinstance(node, Mapping):
        return node.get(part, _ABSENT)
    if isinstance(node, BaseModel):
        return getattr(node, part, _ABSENT) if isinstance(part, str) else _ABSENT
    if _is_list(node) and isinstance(part, int) and part < len(node):
        return node[part]
    return _ABSENT


def _is_label(node: Any, part: int | str) -> bool:
    """Whether a part names a branch of a union, not a place in the document."""
    if isinstance(part, int):
        return node is not _ABSENT and not isinstance(node, Mapping) and not _is_list(node)
    if part == "[key]" or part.startswith("<"):
        return True
    return node is not _ABSENT and not isinstance(node, Mapping | BaseModel)


def _is_list(node: Any) -> bool:
    return isinstance(node, Sequence) and not isinstance(node, str | bytes)


def identity(node: Any, above: str = "") -> str | None:
    """The id of an object (of an item in the list `above`), when it is one."""
    found = child(node, _IDENTITY.get(above, "id"))
    return found if isinstance(found, str) and _ID.fullmatch(found) else None
