"""The page of baskets to try: every request that it asks is there, and every answer is what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from promise_engine.adapters.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
FRENCH = ROOT / "examples" / "fr_omnichannel"
PAGE = (ROOT / "docs" / "examples.md").read_text("utf-8")
ASKED = re.findall(r"^```sh\npromise-engine (.*?)\n```\n+```text\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
LEFT_OUT = "..."
FEATURES = (
    "kit", "kit_and_component", "gift_wrap", "engraving", "two_man_delivery", "made_to_order", "drop_ship",
    "marketplace_share", "split", "partial", "two_addresses", "ship_groups", "as_available",
)  # fmt: skip


def test_every_command_of_the_page_has_its_output() -> None:
    """No command stands without the lines that it prints, so none goes untested."""
    assert PAGE.count("\npromise-engine ") == len(ASKED)


def test_the_page_asks_for_each_feature() -> None:
    """The table at its top and its commands name the requests that show one feature each."""
    assert FEATURES == tuple(re.findall(r"^\| \[(\w+)\]\(#", PAGE, flags=re.MULTILINE))
    assert FEATURES == tuple(re.findall(r"--request requests/(\w+)\.json", PAGE))
    assert [name for name in FEATURES if not (FRENCH / "requests" / f"{name}.json").exists()] == []


@pytest.mark.parametrize(
    ("command", "shown"), ASKED, ids=[re.sub(r".*requests/|\W+", " ", command) for command, _ in ASKED]
)
def test_the_command_prints_what_the_page_shows(command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines shown are printed next to each other, those after `...` somewhere below."""
    monkeypatch.chdir(FRENCH)
    done = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(app, shlex.split(command))
    assert 0 == done.exit_code, done.output
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    for block in shown.split(f"{LEFT_OUT}\n"):
        lines = block.splitlines()
        starts = [start for start in range(len(printed)) if printed[start : start + len(lines)] == lines]
        assert starts, f"{command}: not printed:\n{block}"
        printed = printed[starts[0] + len(lines) :]
