"""The engine finds the remedies that its slow twin finds, of refusals of every kind.

`PROMISE_TWIN_REMEDIES` sets how many cases run (100 when not given), `PROMISE_TWIN_SEED` where they begin. One seed is
replayed with `scripts/twin --remedies --seed N --cases 1`.
"""

from __future__ import annotations

import gc
import os
from multiprocessing import get_context

import pytest

from generator.comparison import Tally
from generator.remedies import LABELS, compare_remedies

CASES = int(os.environ.get("PROMISE_TWIN_REMEDIES", "100"))
FIRST = int(os.environ.get("PROMISE_TWIN_SEED", "0"))


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Compare the remedies of engine and twin, a process for each core."""
    found, seeds = Tally(), range(FIRST, FIRST + CASES)
    with get_context("spawn").Pool(initializer=gc.set_threshold, initargs=(100_000,)) as pool:
        for outcome in pool.imap_unordered(compare_remedies, seeds, chunksize=4):
            found.add(outcome)
    return found


def test_engine_and_twin_find_the_same_remedies(tally: Tally) -> None:
    """Every remedy of the refusals compared is the same in both, and so is their order."""
    first = sorted(tally.different, key=lambda outcome: outcome.seed)[:8]
    shown = "\n\n".join(f"seed {outcome.seed}\n{outcome.difference}" for outcome in first)
    assert not tally.different, f"{len(tally.different)} of {tally.cases} cases differ\n{shown}"


@pytest.mark.skipif(CASES < 100, reason="coverage is judged on 100 cases or more")
def test_cases_have_remedies_of_every_kind(tally: Tally) -> None:
    """Each kind occurs among the cases, and so do groups and refusals without any."""
    assert [] == [label for label in LABELS if not tally.counts[label]]
