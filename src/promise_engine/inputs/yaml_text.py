"""YAML text to plain values, built from parser events: no tags, no recursion, bounded aliases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from promise_engine.errors import Fault, InputError, shown
from promise_engine.inputs.json_text import DEPTH_EXPECTED, KEY_EXPECTED, MAX_DEPTH, MAX_TEXT, TEXT_EXPECTED
from promise_engine.inputs.scalars import plain_value

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NODES = 2_000_000
"""How many nodes a document may have once its aliases are written out."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT_TAG = "tag:yaml.org,2002:str"
_MISSING = object()


def parse_yaml(text: str, label: str) -> Any:
    """The data of a YAML text with one document; InputError with every fault."""
    builder = _Builder(label)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as problem:
        raise InputError([_syntax_fault(problem, text, label)]) from None
    except yaml.reader.ReaderError as problem:
        where = f"line {text.count(chr(10), 0, problem.position) + 1}"
        character = chr(problem.character) if isinstance(problem.character, int) else problem.character
        raise InputError.of(where, character, "printable text in UTF-8", file=label, code="encoding") from None
    except yaml.YAMLError as problem:
        raise InputError([Fault(label, "", "", f"well-formed YAML ({problem})", "syntax")]) from None
    if builder.root is _MISSING:
        raise InputError([Fault(label, "", "", "a document; there is none", "empty")])
    if builder.faults:
        raise InputError(builder.faults)
    return builder.root


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    data: dict[Any, Any] | list[Any]
    anchor: str | None
    nodes: int = 1
    key: Any = _MISSING


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=_LOADER))


def _where(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""


def _syntax_fault(problem: yaml.MarkedYAMLError, text: str, label: str) -> Fault:
    mark = problem.problem_mark or problem.context_mark
    lines = text.split("\n")
    near = lines[mark.line].strip() if mark is not None and mark.line < len(lines) else ""
    return Fault(
        label,
        _where(mark),
        shown(near) if near else "",
        f"well-formed YAML ({problem.problem or problem.context})",
        "syntax",
    )


@dataclass(slots=True)
class _Builder:
    """Builds the value of one document from its events, and collects faults."""

    label: str
    root: Any = _MISSING
    faults: list[Fault] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    nodes: int = 0
    documents: int = 0

    def take(self, event: Any) -> None:
        """Use the next event of the parser."""
        if isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event), 1, event, event.anchor)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(event, "---", "one document in a file", "several_documents")

    def _fault(self, event: Any, value: object, words: str, code: str) -> None:
        found = "" if value == "" else shown(value)
        self.faults.append(Fault(self.label, _where(event.start_mark), found, words, code))

    def _stop(self, event: Any, value: object, words: str, code: str) -> None:
        self._fault(event, value, words, code)
        raise InputError(self.faults)

    def _awaits_key(self) -> bool:
        top = self.stack[-1] if self.stack else None
        return top is not None and isinstance(top.data, dict) and top.key is _MISSING

    def _scalar(self, event: Any) -> Any:
        if event.tag is not None and event.tag not in {"!", _TEXT_TAG}:
            self._fault(event, event.tag, "a value without a tag", "tag")
            return event.value
        if len(event.value) > MAX_TEXT:
            self._fault(event, event.value, TEXT_EXPECTED, "too_long")
        plain = event.tag is None and event.implicit[0] and not self._awaits_key()
        return plain_value(event.value) if plain else event.value

    def _open(self, event: Any) -> None:
        if event.tag is not None:
            self._fault(event, event.tag, "a value without a tag", "tag")
        if len(self.stack) >= MAX_DEPTH:
            self._stop(event, "", DEPTH_EXPECTED, "too_deep")
        if self._awaits_key():
            self._stop(
                event, "[...]" if isinstance(event, yaml.SequenceStartEvent) else "{...}", "text as a key", "key"
            )
        data: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if event.anchor is not None:
            self.anchors[event.anchor] = (_MISSING, 0)
        self.stack.append(_Open(data, event.anchor))

    def _close(self, event: Any) -> None:
        done = self.stack.pop()
        self._add(done.data, done.nodes, event, done.anchor)

    def _alias(self, event: Any) -> None:
        value, nodes = self.anchors.get(event.anchor, (None, -1))
        if nodes < 0:
            self._stop(event, f"*{event.anchor}", "an anchor defined above it", "alias")
        if value is _MISSING:
            self._stop(event, f"*{event.anchor}", "an alias outside of what it names", "alias")
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            self._stop(
                event,
                f"*{event.anchor}",
                f"at most {MAX_NODES:,} values once aliases are written out",
                "too_many_values",
            )
        self._add(value, nodes, event, None)

    def _add(self, value: Any, nodes: int, event: Any, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = (value, nodes)
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        top.nodes += nodes
        if isinstance(top.data, list):
            top.data.append(value)
        elif top.key is _MISSING:
            self._key(top, value, event)
        else:
            top.data[top.key] = value
            top.key = _MISSING

    def _key(self, top: _Open, key: Any, event: Any) -> None:
        if not isinstance(key, str):
            self._stop(event, key, "text as a key", "key")
        if key in top.data:
            self._fault(event, key, KEY_EXPECTED, "duplicate_key")
        top.key = key
