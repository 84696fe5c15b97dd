"""The engine agrees with its slow twin, to the second and the cent, and the cases that prove it cover everything.

`PROMISE_TWIN_CASES` sets how many cases run (2,000 when not given), `PROMISE_TWIN_SEED` where they begin. One seed is
replayed with `scripts/twin --seed N --cases 1`.
"""

from __future__ import annotations

import gc
import os
from multiprocessing import get_context

import pytest

from generator.comparison import Tally, compare
from generator.coverage import shortfall, table

CASES = int(os.environ.get("PROMISE_TWIN_CASES", "2000"))
FIRST = int(os.environ.get("PROMISE_TWIN_SEED", "0"))


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Compare engine and twin on all cases, a process for each core."""
    found, seeds = Tally(), range(FIRST, FIRST + CASES)
    with get_context("spawn").Pool(initializer=gc.set_threshold, initargs=(100_000,)) as pool:
        for outcome in pool.imap_unordered(compare, seeds, chunksize=4):
            found.add(outcome)
    return found


def test_engine_and_twin_agree(tally: Tally) -> None:
    """Every option, field and refusal is the same in both."""
    first = sorted(tally.different, key=lambda outcome: outcome.seed)[:8]
    shown = "\n\n".join(f"seed {outcome.seed}\n{outcome.difference}" for outcome in first)
    assert not tally.different, f"{len(tally.different)} of {tally.cases} cases differ\n{shown}"


@pytest.mark.skipif(CASES < 1_000, reason="coverage is judged on 1,000 cases or more")
def test_cases_cover_everything(tally: Tally) -> None:
    """Every reason, setting and step occurs often enough among the cases."""
    short = shortfall(tally.counts, tally.cases)
    assert not short, f"the generator covers too little:\n{table(short)}"
