"""The pages are true: generated ones up to date, tables complete, links alive, examples found."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from promise_engine.errors import Reason

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
REASON_ROW = re.compile(r"^\| `(\w+)` \| (\d+) \| (\w+) \| (.+?) \| (.+?) \|$", flags=re.MULTILINE)


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_is_up_to_date() -> None:
    """The pages written from the code are what it says today, and every field has a description."""
    reference = _script("build_reference")
    texts = reference.Texts()
    page = reference.page(texts)
    assert reference.PAGE.read_text("utf-8") == page, "run scripts/build_reference.py"
    reasons = reference.REASONS_PAGE.read_text("utf-8")
    assert reasons == reference.reasons_page(reasons), "run scripts/build_reference.py"
    assert texts.missing == []
    assert texts.superfluous() == []


def test_reasons_page_has_every_reason() -> None:
    """One row for each Reason, in the order of its number, with its stage."""
    rows = REASON_ROW.findall((ROOT / "docs" / "reasons.md").read_text("utf-8"))
    expected = [(r.code, str(r.value), r.stage.name.lower()) for r in Reason if r is not Reason.NONE]
    assert expected == [(code, number, stage) for code, number, stage, _, _ in rows]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file, and a heading of it."""
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", page.read_text("utf-8")):
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ +(.+)$", path.read_text("utf-8").lower(), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}, target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_named_files_exist(page: Path) -> None:
    """A path of the repository that a page names in code marks is there."""
    prefixes = ("src/", "tests/", "docs/", "scripts/", "examples/", "data/", "benchmarks/", ".ci/", "changelog.d/")
    for named in re.findall(r"`([\w./*-]+)`", page.read_text("utf-8")):
        if named.startswith(prefixes):
            assert list(ROOT.glob(named)), named


def test_quick_start_has_two_blocks() -> None:
    """The README's quick start installs and shows the demo, then installs and passes the tests."""
    script = ROOT / "scripts" / "readme_block"
    blocks = []
    for number in "123":
        command = [sys.executable, str(script), "Quick start", number]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        blocks.append(done.stdout.splitlines())
    assert [bool(block) for block in blocks] == [True, True, False]
    assert blocks[0][-1] == "promise-engine demo"
    assert blocks[1][-1].startswith("python -m pytest")


def test_doctests_are_found() -> None:
    """Doctest finds examples in the package and on the README: none is skipped by a wrong setting."""
    finder, found = doctest.DocTestFinder(), 0
    for path in sorted((ROOT / "src" / "promise_engine").glob("*.py")):
        name = "promise_engine" if path.stem == "__init__" else f"promise_engine.{path.stem}"
        module = importlib.import_module(name)
        found += sum(bool(test.examples) for test in finder.find(module))
    assert found >= 20
    readme = doctest.DocTestParser().get_examples((ROOT / "README.md").read_text("utf-8"))
    assert len(readme) >= 3


QUOTES = [
    (page, block.splitlines()[0].removeprefix("# "), block.splitlines()[1:])
    for page in PAGES
    for block in re.findall(r"(?ms)^```(?:python|yaml)\n(# [\w./-]+/[\w./-]+\n.*?)^```$", page.read_text("utf-8"))
]


@pytest.mark.parametrize(("page", "path", "lines"), QUOTES, ids=[f"{page.name}: {path}" for page, path, _ in QUOTES])
def test_quoted_lines_are_there(page: Path, path: str, lines: list[str]) -> None:
    """A block of code that begins with a path quotes lines of that file."""
    assert page.exists()
    assert set(lines) <= set((ROOT / path).read_text("utf-8").splitlines())


def test_readme_shows_what_the_demo_prints() -> None:
    """The table on the README's first screen is what the command prints."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"^`promise-engine (demo .*?)`.*?^```text\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    assert found is not None
    code = "from promise_engine.adapters.cli import main; main()"
    environment = os.environ | {"COLUMNS": "100", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", code, *shlex.split(found[1])]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert found[2].splitlines() == done.stdout.decode("utf-8").rstrip().splitlines()
