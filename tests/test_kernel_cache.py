"""The disk cache of kernels, on a kernel of a few instructions, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
import sys
from promise_engine._kernels import _cache

_cache.SOURCE_DIGEST = sys.argv[1]
from promise_engine._kernels._jit import entry, kernel

@entry
def twice(numbers):
    return [2 * number for number in numbers if number > 0][0]

@entry
def four_times(numbers):
    return 2 * twice(numbers)

if "fail" in sys.argv:
    def lost(*_):
        raise OSError("no space")
    _cache.IndexDataCacheFile._save_data = lost
import numpy as np
print(twice(np.array([-1, 21])), sum(twice.stats.cache_hits.values()))
if "link" in sys.argv:
    print(four_times(np.array([-1, 21])))
"""
"""Calls an entry, and says how often it was loaded; on demand calls another that must not call it."""


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The script, beside an empty cache."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return script


def run(script: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """The script in a new process, compiled even where the tests are not."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(script.parent / "kept"), "NUMBA_DISABLE_JIT": "0"}
    return subprocess.run(
        [sys.executable, str(script), *args], env=environment, capture_output=True, text=True, check=False
    )


def test_a_second_process_loads_what_the_first_compiled(kept: Path) -> None:
    """The first compiles, the second loads, and both give the same."""
    assert [run(kept, "same").stdout.split() for _ in range(2)] == [["42", "0"], ["42", "1"]]


def test_another_source_is_compiled_anew_in_place_of_the_old(kept: Path) -> None:
    """Machine code of other sources is neither loaded nor left behind."""
    assert run(kept, "old").stdout.split() == ["42", "0"]
    files = sorted(path.name for path in kept.parent.rglob("*.nb[ci]"))
    assert run(kept, "new").stdout.split() == ["42", "0"]
    assert run(kept, "new").stdout.split() == ["42", "1"]
    assert sorted(path.name for path in kept.parent.rglob("*.nb[ci]")) == files
    assert run(kept, "old").stdout.split() == ["42", "0"]


def test_what_an_older_source_left_is_not_taken_for_the_new(kept: Path) -> None:
    """Where the disk was full between index and machine code, the old code stands under the new index."""
    assert run(kept, "old").stdout.split() == ["42", "0"]
    failed = run(kept, "new", "fail")
    assert failed.stdout.split() == ["42", "0"]
    assert "is not kept" in failed.stderr
    assert [run(kept, "new").stdout.split() for _ in range(2)] == [["42", "0"], ["42", "1"]]


def test_a_damaged_cache_is_as_none(kept: Path) -> None:
    """An empty index, or machine code cut short, is compiled anew."""
    for pattern in ("*.nbi", "*.nbc"):
        assert run(kept, pattern).returncode == 0
        for path in kept.parent.rglob(pattern):
            path.write_bytes(path.read_bytes()[:7] if pattern == "*.nbc" else b"")
        assert run(kept, pattern).stdout.split() == ["42", "0"]
        assert run(kept, pattern).stdout.split() == ["42", "1"]


def test_an_entry_that_was_loaded_cannot_be_called_by_another_kernel(kept: Path) -> None:
    """There is nothing to link: it ends with an error, not with a wrong number."""
    assert run(kept, "same").returncode == 0
    linked = run(kept, "same", "link")
    assert linked.returncode == 1
    assert linked.stdout.split() == ["42", "1"]
    assert "library unfit for linking" in linked.stderr
