"""Reading documents: what plain text means, which files count."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from promise_engine.errors import InputError, NetworkError
from promise_engine.inputs import documents
from promise_engine.inputs.documents import parse_document, read_documents

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17:00", "17:00"),
        ("12:30:45", "12:30:45"),
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("FALSE", False),
        ("", None),
        ("~", None),
        ("null", None),
        ("2026-12-24", "2026-12-24"),
        ("2026-12-24T10:00:00Z", "2026-12-24T10:00:00Z"),
        ("01000", "01000"),
        ("0", 0),
        ("-5", -5),
        ("12", 12),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("0o7", "0o7"),
        ("4.90", Decimal("4.90")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal(1000)),
        ("1e999", "1e999"),
        ("007.5", "007.5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("9" * 50, "9" * 50),
        ("<<", "<<"),
    ],
)
def test_plain_yaml_values(text: str, value: object) -> None:
    """Scalars follow the core schema, and keep what was written where a number would lose it."""
    read = parse_document(f"a: {text}")["a"]
    assert read == value
    assert type(read) is type(value)


def test_decimals_are_exact_in_json() -> None:
    """A JSON number with a point is the decimal it is written as."""
    assert parse_document('{"a": 4.90, "b": 1e2, "c": 3}', is_json=True) == {
        "a": Decimal("4.90"),
        "b": Decimal(100),
        "c": 3,
    }


def test_aliases_stand_for_what_they_name() -> None:
    """An alias inside the budget is the value of its anchor."""
    assert parse_document("a: &x {b: 1}\nc: [*x, *x]") == {"a": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}


def test_keys_are_text() -> None:
    """A key is the text that is written, whatever it looks like."""
    assert parse_document("1: a\ntrue: b\n2026-01-01: c") == {"1": "a", "true": "b", "2026-01-01": "c"}


def test_folders_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Every YAML and JSON file below the folder counts, hidden ones and others do not."""
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/z.yml", "a.yaml", "c.json", "notes.txt", ".hidden.yaml", ".git/x.yaml"):
        (tmp_path / name).write_text("{}")
    assert [label for label, _ in read_documents(tmp_path)] == ["a.yaml", "b/z.yml", "c.json"]


def test_every_file_tells_its_faults(tmp_path: Path) -> None:
    """Faults of several files come together, in the order of the files."""
    (tmp_path / "a.yaml").write_text("a: [")
    (tmp_path / "b.json").write_text("{")
    with pytest.raises(NetworkError) as caught:
        read_documents(tmp_path, NetworkError)
    assert [fault.file for fault in caught.value.faults] == ["a.yaml", "b.json"]


@pytest.mark.parametrize("name", ["nothing.yaml", "empty", "notes.txt"])
def test_what_is_no_document_is_refused(name: str, tmp_path: Path) -> None:
    """A missing file, a folder without documents and another kind of file are one fault each."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(InputError) as caught:
        read_documents(tmp_path / name)
    assert [fault.code for fault in caught.value.faults] == ["unreadable"]


def test_large_files_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the cap is one fault that names the cap."""
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    (tmp_path / "a.yaml").write_text("a: 1234567890")
    with pytest.raises(InputError) as caught:
        read_documents(tmp_path)
    assert [(fault.value, fault.expected) for fault in caught.value.faults] == [
        ("'13 bytes'", "a file of at most 10 bytes")
    ]
