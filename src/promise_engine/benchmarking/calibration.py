"""A fixed piece of work, timed beside every measurement: its time is the unit in which days and machines compare."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RUNS = 50


def _bisections(values: NDArray[np.int64]) -> int:
    """Bisect 20,000 times among a million integers: the work promises are made of."""
    total = 0
    for i in range(20_000):
        low, high, wanted = 0, len(values), (i * 7_919) % len(values)
        while low < high:
            middle = (low + high) >> 1
            if values[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        total += low
    return total


calibrate = numba.njit(_bisections)


def calibration_seconds(runs: int = _RUNS) -> float:
    """Seconds the calibration kernel takes here and now: the least of some runs.

    Examples
    --------
    >>> 0 < calibration_seconds(2) < 10
    True
    """
    values = np.arange(1_000_000, dtype=np.int64)
    calibrate(values)
    least = float("inf")
    for _ in range(runs):
        start = perf_counter()
        calibrate(values)
        least = min(least, perf_counter() - start)
    return least
