"""The script that computes the embedded tables."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from types import ModuleType

    import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "build_places.py"


def load() -> ModuleType:
    """Import the script as a module."""
    spec = importlib.util.spec_from_file_location("build_places", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build_places = load()
CODES = st.dictionaries(st.text(alphabet="0123456789", min_size=4, max_size=4), st.sampled_from("ABC"), min_size=1)


def longest_match(rules: dict[str, str], code: str) -> str | None:
    """Return the value of the longest rule that the code begins with."""
    lengths = range(len(code), 0, -1)
    return next((rules[code[:length]] for length in lengths if code[:length] in rules), None)


@given(CODES, st.integers(1, 3))
def test_fewest_rules_give_back_every_code(codes: dict[str, str], shortest: int) -> None:
    """Compression loses no code, makes no rule too short, and never more rules than codes."""
    rules = build_places.fewest_rules(codes, shortest)
    assert {code: longest_match(rules, code) for code in codes} == codes
    assert all(len(prefix) >= shortest for prefix in rules)
    assert len(rules) <= len(codes)


def test_fewest_rules_by_hand() -> None:
    """One rule holds for a prefix, one for each exception in it."""
    codes = {"1000": "A", "1001": "A", "1010": "B", "1011": "B", "1012": "A", "2000": "C"}
    # 10 is A but for 1010 and 1011; making 101 B would need 1012 as well: as many rules.
    rules = build_places.fewest_rules(codes, 2)
    assert len(rules) == 4
    assert rules["20"] == "C"


def test_british_rules_by_hand() -> None:
    """An area has the nation of most of its districts, the others are listed."""
    rules = build_places.british_rules({"TD1": "SCT", "TD2": "SCT", "TD15": "ENG", "T1": "WLS"})
    assert rules == {"TD": "SCT", "TD15": "ENG", "T": "WLS"}


def test_whole_run(zips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script turns a folder of files into tables that name their source."""
    arguments = ["build_places", str(zips), "--retrieved", "2026-01-02", "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", arguments)
    assert build_places.main() == 0
    # (45.70 + 45.80 + 45.75) / 3; CEDEX rows and Clipperton are left out
    lines = (tmp_path / "centroids_FR.csv").read_text(encoding="utf-8").split("\n")
    assert lines[0].startswith("# GeoNames")
    assert lines[0].endswith("2026-01-02")
    assert lines[1:] == [
        "prefix,latitude,longitude,codes,examples",
        "670,48.580,7.750,1,67000",
        "690,45.750,4.850,1,69002",
        "",
    ]
    rules = (tmp_path / "subdivisions_FR.csv").read_text(encoding="utf-8").split("\n")
    assert rules[1:] == ["prefix,subdivision", "67,6AE", "69,", ""]
    assert "2026-01-02" in (tmp_path / "NOTICE.md").read_text(encoding="utf-8")
