"""The engine agrees with its slow twin, to the second and the cent, and the cases that prove it cover everything.

`PROMISE_TWIN_CASES` sets how many cases run (2,000 when not given), `PROMISE_TWIN_SEED` where they begin. One seed is
replayed with `scripts/twin --seed N --cases 1`.
"""

from __future__ import annotations

import os

import pytest

from generator.comparison import Tally, compare
from generator.coverage import shortfall, table

CASES = int(os.environ.get("PROMISE_TWIN_CASES", "2000"))
FIRST = int(os.environ.get("PROMISE_TWIN_SEED", "0"))


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Compare engine and twin on all cases."""
    found = Tally()
    for seed in range(FIRST, FIRST + CASES):
        found.add(compare(seed))
    return found


def test_engine_and_twin_agree(tally: Tally) -> None:
    """Every option, field and refusal is the same in both."""
    shown = "\n\n".join(f"seed {outcome.seed}\n{outcome.difference}" for outcome in tally.different[:8])
    assert not tally.different, f"{len(tally.different)} of {tally.cases} cases differ\n{shown}"


@pytest.mark.skipif(CASES < 1_000, reason="coverage is judged on 1,000 cases or more")
def test_cases_cover_everything(tally: Tally) -> None:
    """Every reason, setting and step occurs often enough among the cases."""
    short = shortfall(tally.counts, tally.cases)
    assert not short, f"the generator covers too little:\n{table(short)}"
