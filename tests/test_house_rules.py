"""House rules that no linter knows."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "promise_engine"
SOURCES = sorted(PACKAGE.rglob("*.py"))
KERNELS = sorted((PACKAGE / "_kernels").glob("[!_]*.py"))  # the others teach numba our tables
TEXTS = [
    path
    for folder in ("src", "tests", "scripts", "docs", "examples", "benchmarks", "changelog.d", "data", ".ci")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and not re.search(r"/(__pycache__|\.\w+_cache|\.hypothesis)/", path.as_posix())
] + [path for path in sorted(ROOT.glob("*")) if path.is_file()]

LONGEST_FUNCTION, LONGEST_FILE = 60, 400
LONG_FUNCTIONS: dict[str, str] = {
    "_kernels/lead_time.py: search": "the walk over all combinations of collections is one loop over one stack",
}
LONG_FILES: dict[str, str] = {}

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"},
}
NETWORK = {"socket", "ssl", "http", "urllib", "requests", "ftplib"}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _core() -> list[Path]:
    return [path for path in SOURCES if not {"adapters", "benchmarking"} & set(path.parts)]


def _functions() -> Iterator[tuple[str, int]]:
    for path in SOURCES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef):
                yield f"{_name(path)}: {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", _core(), ids=_name)
def test_no_clock_is_read(path: Path) -> None:
    """The library reads no clock: the same input gives the same answer."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.attr not in CLOCKS.get(node.value.id, set()), f"line {node.lineno}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            assert not {alias.name for alias in node.names} & CLOCKS["time"], f"line {node.lineno}"


@pytest.mark.parametrize("path", _core(), ids=_name)
def test_no_network_is_used(path: Path) -> None:
    """The library opens no connection."""
    imported = {alias.name for node in ast.walk(_tree(path)) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(_tree(path)) if isinstance(node, ast.ImportFrom)}
    assert not {name.partition(".")[0] for name in imported} & NETWORK


@pytest.mark.parametrize("path", KERNELS, ids=_name)
def test_kernels_do_not_raise(path: Path) -> None:
    """Kernels check nothing and raise nothing: what is wrong was said before."""
    assert not [node.lineno for node in ast.walk(_tree(path)) if isinstance(node, ast.Raise | ast.Assert)]


@pytest.mark.parametrize("path", KERNELS, ids=_name)
def test_kernels_have_no_defaults(path: Path) -> None:
    """A kernel is told everything by its caller."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef) and {"kernel", "entry"} & {ast.unparse(d) for d in node.decorator_list}:
            assert not node.args.defaults, node.name


def test_table_names_are_unique() -> None:
    """No other NamedTuple has the name of a table: a reader, and numba, would have to tell them apart."""
    names = [
        (_name(path), node.name)
        for path in SOURCES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "NamedTuple" for base in node.bases)
    ]
    count = Counter(name for _, name in names)
    assert [(path, name) for path, name in names if path == "_arrays.py" and count[name] > 1] == []


def test_functions_are_short() -> None:
    """No function is longer than 60 lines, but for those with a reason."""
    assert {name for name, length in _functions() if length > LONGEST_FUNCTION} <= set(LONG_FUNCTIONS)


def test_files_are_short() -> None:
    """No file of the package is longer than 400 lines, but for those with a reason."""
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name for name, length in lengths.items() if length > LONGEST_FILE} <= set(LONG_FILES)


def test_no_machine_paths() -> None:
    """No file names a folder of somebody's machine."""
    machine = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp|opt|mnt)/\w+")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in TEXTS
        for match in machine.finditer(path.read_text("utf-8", errors="replace"))
    ]
    assert found == []


def test_the_twin_shares_nothing_with_the_engine() -> None:
    """The slow twin imports models, places and names of reasons only, so that no mistake is made twice."""
    allowed = re.compile(r"promise_engine(\.(errors|models|places)(\.|$)|$)")
    imported = {
        node.module
        for path in sorted((ROOT / "tests" / "naive").glob("*.py"))
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("promise_engine")
    }
    assert [name for name in sorted(imported) if not allowed.match(name or "")] == []
