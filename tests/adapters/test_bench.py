"""The command `bench`: exit codes, tables and documents; no time is asserted."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from promise_engine import benchmarking
from promise_engine._resources import example_path
from promise_engine.adapters.cli.app import app
from promise_engine.testing import minimal_request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MINIMAL = example_path("minimal")
FILES = (
    *("--network", str(MINIMAL / "network.yaml")),
    *("--catalogue", str(MINIMAL / "catalogue.json")),
    *("--stock", str(MINIMAL / "stock.json")),
)


def run(*arguments: object) -> Result:
    """What the command answers."""
    return CliRunner(env={"COLUMNS": "130", "NO_COLOR": "1"}).invoke(app, ["bench", *map(str, arguments)])


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Three recorded requests, as JSON lines."""
    request = json.loads((MINIMAL / "request.json").read_text("utf-8"))
    file = tmp_path / "asked.jsonl"
    file.write_text(
        "".join(json.dumps({**request, "view": view}) + "\n" for view in ("shopper", "front", "all")), "utf-8"
    )
    return file


def test_a_budget_that_is_met_passes(recorded: Path) -> None:
    """Status 0, and the table says so; each recorded request is asked once."""
    done = run(*FILES, "--requests", recorded, "--budget", "p99=60s", "--budget", "worst=60s")
    assert (0, "") == (done.exit_code, done.stderr)
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("recorded requests")]
    assert ["3"] == row.split()[2:3]
    assert ["p99=60s", "pass"] == row.split()[-2:]
    assert "worst=60s" in done.stdout
    assert "order_by" in done.stdout.split("Where the time goes")[1]


def test_a_budget_that_is_missed_fails(recorded: Path) -> None:
    """Status 1."""
    done = run(*FILES, "--requests", recorded, "--budget", "p50=1ns", "--budget", "p99=60s")
    assert 1 == done.exit_code
    assert "MISS" in done.stdout
    assert "pass" in done.stdout


def test_a_folder_of_requests_as_a_document(recorded: Path, tmp_path: Path) -> None:
    """JSON documents of a folder are asked; `--json` gives what was found, with the stages asked for."""
    folder = tmp_path / "asked"
    folder.mkdir()
    for number, line in enumerate(recorded.read_text("utf-8").splitlines()):
        (folder / f"{number}.json").write_text(line, "utf-8")
    done = run(*FILES, "--requests", folder, "--budget", "p99=1ns", "--calls", 7, "--next-change", "--json")
    assert 1 == done.exit_code
    found: dict[str, Any] = json.loads(done.stdout)
    (row,) = found["rows"]
    assert 7 == row["calls"]
    assert [("p99", False)] == [(budget["measure"], budget["is_met"]) for budget in row["budgets"]]
    assert {"next_change_at", "to_json"} <= {cost["stage"] for cost in found["stages"]["costs"]}
    assert {"processor", "cores", "python", "numba", "numpy"} <= found["machine"].keys()


def test_faults_of_all_files_are_told(tmp_path: Path) -> None:
    """Status 2: what is wrong with the stock and with the requests, each with path, value and what was expected."""
    stock, asked = tmp_path / "stock.json", tmp_path / "asked.jsonl"
    stock.write_text('{"as_of": "soon", "records": []}', "utf-8")
    asked.write_text("{]", "utf-8")
    done = run("--network", MINIMAL / "network.yaml", "--stock", stock, "--requests", asked)
    assert 2 == done.exit_code
    assert "as_of" in done.stderr
    assert "line 1" in done.stderr


def test_requests_that_the_network_does_not_understand(tmp_path: Path) -> None:
    """Status 2, with the line of the file."""
    asked = tmp_path / "asked.jsonl"
    asked.write_text(json.dumps(minimal_request() | {"channel": "fax"}), "utf-8")
    done = run(*FILES, "--requests", asked)
    assert 2 == done.exit_code
    assert "line 1.channel" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--budget", "p99=1ms"), "give --network"),
        (("--network", "n", "--requests", "r"), "Missing --stock"),
        ((*FILES, "--requests", "r", "--quick", "--seed", "2"), "--quick, --seed: of the reference workload"),
        ((*FILES, "--requests", "r", "--budget", "fast"), "found 'fast', expected a measure"),
        (("--density", "0.95"), "0.95"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...], words: str) -> None:
    """Status 2, and what would do."""
    done = run(*arguments)
    assert 2 == done.exit_code
    assert words in " ".join(done.stderr.replace("│", " ").split())


@pytest.fixture
def no_callbacks() -> Iterator[None]:
    """Without callbacks of the garbage collector, in which a call that is broken off would be an error of nobody."""
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = callbacks


@pytest.mark.usefixtures("no_callbacks")
def test_the_reference_workload_is_shown_and_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row of the table with its budgets; status 0, whatever is missed."""
    monkeypatch.setattr(benchmarking, "QUICK", benchmarking.TINY)
    done = run("--quick", "--calls", 1, "--give-up", 0.3, "--seed", 3)
    assert (0, "") == (done.exit_code, done.stderr)
    assert "FR-10, seed 3" == done.stdout.splitlines()[0]
    names = ("1 line, all modes", "5 lines", "20 lines", "view all", "JSON of 200 options", "request from JSON")
    assert all(f"\n{name}" in done.stdout for name in names)
    assert "p99=250us" in done.stdout


def test_help_teaches() -> None:
    """What to type for a team's own network, and what the exit status means."""
    shown = run("--help").stdout
    assert "--requests requests.jsonl --budget p50=75us --budget p99=500us" in shown
    assert "1 when a budget of --budget is missed" in " ".join(shown.split())
