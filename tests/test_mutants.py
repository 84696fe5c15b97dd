"""The proof is proved: every deliberate fault in the kernels and the compiler is caught, by the twin or a scenario.

Every thirtieth fault is tried, all of them with `PROMISE_FAULTS=all`, which takes the better part of an hour, and those of
some files with their names: `PROMISE_FAULTS=groups.py,leaving.py`.
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


def name_of(fault: Fault) -> str:
    """How a test of a fault is called."""
    return f"{fault.file}: {fault.why}"


def chosen(named: str) -> tuple[Fault, ...]:
    """The faults that are tried: all, those of the files that are named, or every thirtieth."""
    if not named or named == "all":
        return FAULTS[:: 1 if named else 30]
    files = set(named.split(","))
    if unknown := files.difference(fault.file for fault in FAULTS):
        raise ValueError(f"PROMISE_FAULTS: no fault in {', '.join(sorted(unknown))}; expected `all` or files of faults")
    return tuple(fault for fault in FAULTS if fault.file in files)


TRIED = chosen(os.environ.get("PROMISE_FAULTS", ""))


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


def test_faults_are_chosen_by_file() -> None:
    """The faults of the files that are named, no others; a file without faults is an error."""
    assert {"groups.py", "leaving.py"} == {fault.file for fault in chosen("leaving.py,groups.py")}
    with pytest.raises(ValueError, match=r"no fault in group\.py"):
        chosen("group.py,leaving.py")


@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
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
            fault: pool.submit(caught_by, fault, answers, SEEDS, tmp_path_factory.mktemp("fault")) for fault in TRIED
        }


@pytest.mark.parametrize("fault", TRIED, ids=name_of)
def test_fault_is_caught(fault: Fault, trials: dict[Fault, Future[str | None]]) -> None:
    """Some case gives another answer with the fault than the twin gives, or a scenario fails."""
    assert trials[fault].result() is not None, f"survives {len(SEEDS)} cases and the scenarios: {fault.why}"
