"""The proof is proved: every deliberate fault in the kernels and the compiler is caught, by the twin or a scenario.

Every thirtieth fault is tried, all of them with `PROMISE_FAULTS=all`, which takes the better part of an hour.
`PROMISE_MUTANT_CASES` sets how many cases a fault may survive before the test fails.
"""

from __future__ import annotations

import os
import pickle
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from generator import make_case
from generator.comparison import twin_answer
from generator.facts import Documents
from mutants.faults import FAULTS, Fault
from mutants.trial import caught_by, occurrences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEEDS = range(int(os.environ.get("PROMISE_MUTANT_CASES", "120")))
IDS = [f"{fault.file}: {fault.why}" for fault in FAULTS]
TRIED = slice(None, None, 1 if os.environ.get("PROMISE_FAULTS") == "all" else 30)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The twin's answers to the cases, in a file that all trials read."""
    path: Path = tmp_path_factory.mktemp("mutants") / "answers.pickle"
    path.write_bytes(pickle.dumps({seed: twin_answer(Documents.of(make_case(seed))) for seed in SEEDS}))
    return path


def test_there_are_enough() -> None:
    """At least 30 faults, all different."""
    assert len(FAULTS) >= 30
    assert len(FAULTS) == len({(fault.file, fault.old, fault.new) for fault in FAULTS})


@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_fault_has_its_place(fault: Fault) -> None:
    """The text a fault changes stands exactly once in its file."""
    assert occurrences(fault) == 1


def test_the_unchanged_package_agrees(answers: Path, tmp_path: Path) -> None:
    """Without a fault nothing differs, on these cases and in the scenarios, so that what differs is the fault's doing."""
    nothing = FAULTS[0]._replace(new=FAULTS[0].old)
    assert caught_by(nothing, answers, SEEDS[:60], tmp_path) is None


@pytest.fixture(scope="module")
def trials(answers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Fault, Future[str | None]]]:
    """All trials, two at a time, each in a process of its own."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {
            fault: pool.submit(caught_by, fault, answers, SEEDS, tmp_path_factory.mktemp("fault"))
            for fault in FAULTS[TRIED]
        }


@pytest.mark.parametrize("fault", FAULTS[TRIED], ids=IDS[TRIED])
def test_fault_is_caught(fault: Fault, trials: dict[Fault, Future[str | None]]) -> None:
    """Some case gives another answer with the fault than the twin gives, or a scenario fails."""
    assert trials[fault].result() is not None, f"survives {len(SEEDS)} cases and the scenarios: {fault.why}"
