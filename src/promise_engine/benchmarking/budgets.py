"""Latency budgets: read from words such as `p99=500us`, and judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from promise_engine.benchmarking.measuring import Timings

_WRITTEN = re.compile(r"(p\d{1,2}(?:\.\d+)?|worst)\s*=\s*(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s)")


class Budget(NamedTuple):
    """The most that a part of the calls may take: `p99` for 99 in a hundred, `worst` for all of them."""

    measure: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.measure}={duration(self.seconds)}"


class Verdict(NamedTuple):
    """A budget beside what was measured."""

    budget: Budget
    measured: float
    is_least: bool = False  # calls were given up that long

    @property
    def is_met(self) -> bool:
        """Whether the measured time is within the budget; exactly at it is within, what was given up is not."""
        return self.measured <= self.budget.seconds and not self.is_least


def parse_budget(text: str) -> Budget:
    """The budget that a text says.

    Raises
    ------
    ValueError
        When it says none.

    Examples
    --------
    >>> parse_budget("p99=500us")
    Budget(measure='p99', seconds=0.0005)
    >>> str(parse_budget("worst = 1.5 s"))
    'worst=1.5s'
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"found {text!r}, expected a measure (p50, p99, p99.9, worst) and a time, such as p99=500us")
    return Budget(found[1], float(f"{found[2]}e{_EXPONENTS[found[3]]}"))


_EXPONENTS = {"ns": -9, "us": -6, "µs": -6, "ms": -3, "s": 0}


def judged(budget: Budget, timings: Timings) -> Verdict:
    """What was measured beside a budget.

    Examples
    --------
    >>> from promise_engine.benchmarking.measuring import Timings
    >>> judged(parse_budget("p50=2ms"), Timings([0.001, 0.003, 0.004])).is_met
    False
    """
    return Verdict(budget, timings.at(budget.measure), timings.is_least(budget.measure))


def duration(seconds: float) -> str:
    """A time as people say it, in three digits.

    Examples
    --------
    >>> duration(0.0000752), duration(0.25), duration(12.5), duration(0)
    ('75.2us', '250ms', '12.5s', '0s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)):
        if seconds >= size:
            return f"{float(f'{seconds / size:.3g}'):g}{unit}"
    return "0s"
