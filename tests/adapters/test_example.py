"""The embedded example that `demo` keeps compiled between processes."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from promise_engine._resources import example_path
from promise_engine.adapters.cli import example

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 20)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own to keep the example in."""
    monkeypatch.setattr(example, "_folder", lambda: tmp_path)
    return tmp_path


def answered(known: example.Example) -> str:
    """What the example answers to the request of the demo."""
    request = json.loads((example_path(example.EXAMPLE) / "requests" / "demo.json").read_text("utf-8"))
    return known.engine.promise(request, known.stock).to_json()


def test_the_second_process_reads_what_the_first_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read back, not compiled again, and with the same answer."""
    first = answered(example.example(DAY))
    assert 1 == len(list(folder.iterdir()))
    monkeypatch.setattr(example, "_compiled", lambda _day: pytest.fail("compiled again"))
    assert first == answered(example.example(DAY))


def test_a_damaged_file_is_replaced(folder: Path) -> None:
    """A file cut short is compiled anew."""
    first = example.example(DAY)
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    assert answered(first) == answered(example.example(DAY))
    assert len(whole) == kept.stat().st_size


def test_what_another_version_kept_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other libraries give another name, and the file of the former goes."""
    example.example(DAY)
    (former,) = folder.iterdir()
    monkeypatch.setattr(example, "version", lambda name: f"{name} of tomorrow")
    example.example(DAY)
    (kept,) = folder.iterdir()
    assert former != kept


def test_files_of_pgeocode_are_never_mixed_with_what_was_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With PGEOCODE_DATA_DIR coordinates may differ: nothing is kept, nothing is read."""
    monkeypatch.setenv("PGEOCODE_DATA_DIR", str(tmp_path))
    assert example._folder() is None


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the example is compiled in each process."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way", "utf-8")
    monkeypatch.setattr(example, "_folder", lambda: blocked)
    assert answered(example.example(DAY))
