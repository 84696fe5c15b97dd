"""Try one fault: a copy of the package with it, in a process of its own, until its answer differs from what is right.

    python trial.py ANSWERS SEED...       # on the path: the faulty package, then tests

The twin's answers to some random cases come first, then the scenarios, for faults that random cases seldom meet, then
the other cases. Prints what caught the fault; exit status 1 when something did, 0 when it survives.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mutants.faults import Fault

_EARLY = 60  # cases before the scenarios
TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
PACKAGE = ROOT / "src" / "promise_engine"


def occurrences(fault: Fault) -> int:
    """How often the text to change stands in the file."""
    return (PACKAGE / fault.file).read_text("utf-8").count(fault.old)


def caught_by(fault: Fault, answers: Path, seeds: Sequence[int], folder: Path) -> str | None:
    """What shows the fault first, a seed or the scenarios; None when nothing does."""
    shutil.copytree(PACKAGE, folder / "src" / "promise_engine", ignore=shutil.ignore_patterns("__pycache__"))
    for shared in ("data", "examples"):
        if (ROOT / shared).exists() and not (folder / shared).exists():
            (folder / shared).symlink_to(ROOT / shared)
    path = folder / "src" / "promise_engine" / fault.file
    path.write_text(path.read_text("utf-8").replace(fault.old, fault.new), "utf-8")
    environment = os.environ | {
        "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join([str(folder / "src"), str(TESTS)]), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    command = [sys.executable, "-W", "ignore", str(Path(__file__)), str(answers), *map(str, seeds)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr[-2_000:])
    return done.stdout.splitlines()[-1] if done.returncode == 1 else None


def main(arguments: Sequence[str]) -> int:
    """Ask the package on the path about some seeds, the scenarios, then the other seeds, until something is wrong."""
    expected = pickle.loads(Path(arguments[0]).read_bytes())  # noqa: S301
    seeds = list(map(int, arguments[1:]))
    return int(_differs(seeds[:_EARLY], expected) or _fails_scenarios() or _differs(seeds[_EARLY:], expected))


def _differs(seeds: Sequence[int], expected: dict[int, Any]) -> bool:
    from generator.cases import make_case
    from generator.comparison import difference, engine_answer
    from generator.rows import answer_rows

    for seed in seeds:
        try:
            same = not difference(expected[seed], answer_rows(engine_answer(make_case(seed))))
        except Exception:  # noqa: BLE001
            same = False
        if not same:
            print(f"seed {seed}")
            return True
    return False


def _fails_scenarios() -> bool:
    failed = pytest.main(["-x", "-p", "no:cacheprovider", "-k", "test_engine", str(TESTS / "test_scenarios.py")])
    if failed:
        print("the scenarios")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
