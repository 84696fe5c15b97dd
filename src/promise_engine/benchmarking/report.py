"""What a benchmark found, for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine.benchmarking.budgets import Verdict
    from promise_engine.benchmarking.measuring import Timings
    from promise_engine.benchmarking.stages import StageCost


class Fact(NamedTuple):
    """Something measured once: the seconds of a preparation, or the bytes that something holds."""

    name: str
    amount: float
    unit: str  # seconds, bytes, or a count of things
    at_most: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether it is within its budget; None without one."""
        return None if self.at_most is None else self.amount <= self.at_most


class Row(NamedTuple):
    """The times of one kind of call."""

    name: str
    timings: Timings
    ratio: float  # of the median to the calibration kernel's time
    verdicts: Sequence[Verdict]


class Report(NamedTuple):
    """All that a run of the benchmark found."""

    title: str
    machine: dict[str, Any]
    calibration: float
    facts: Sequence[Fact]
    rows: Sequence[Row]
    stages: Sequence[StageCost]
    staged: str  # which calls the stages are those of

    @property
    def missed(self) -> list[tuple[str, Verdict]]:
        """The budgets that were missed, each with the row it is of."""
        return [(row.name, verdict) for row in self.rows for verdict in row.verdicts if not verdict.is_met]

    def to_dict(self) -> dict[str, Any]:
        """Plain values; times in seconds.

        Examples
        --------
        >>> Report("nothing", {}, 0.001, [], [], [], "").to_dict()["rows"]
        []
        """
        return {
            "title": self.title,
            "machine": self.machine,
            "calibration_seconds": self.calibration,
            "facts": [{**fact._asdict(), "is_met": fact.is_met} for fact in self.facts],
            "rows": [
                {
                    "name": row.name,
                    "calls": len(row.timings),
                    "given_up": row.timings.given_up,
                    **{measure: row.timings.at(measure) for measure in ("p50", "p99", "worst")},
                    "ratio": row.ratio,
                    "budgets": [
                        {
                            "measure": verdict.budget.measure,
                            "seconds": verdict.budget.seconds,
                            "measured": verdict.measured,
                            "is_met": verdict.is_met,
                        }
                        for verdict in row.verdicts
                    ],
                }
                for row in self.rows
            ],
            "stages": {"of": self.staged, "costs": [cost._asdict() for cost in self.stages]},
        }
