"""Benchmarks: the reference workload FR-500, times of whole calls, and budgets that they are judged by.

It is what `promise-engine bench` runs. Nothing of it is used to answer a request; it reads the clock, which the
library never does.
"""

from __future__ import annotations

from promise_engine.benchmarking.budgets import Budget, Verdict, judged, parse_budget
from promise_engine.benchmarking.measuring import Limit, Timings, timed
from promise_engine.benchmarking.report import Report
from promise_engine.benchmarking.suite import run_suite, run_yours
from promise_engine.benchmarking.workload import FULL, QUICK, TINY, Size, Workload

__all__ = [
    "FULL",
    "QUICK",
    "TINY",
    "Budget",
    "Limit",
    "Report",
    "Size",
    "Timings",
    "Verdict",
    "Workload",
    "judged",
    "parse_budget",
    "run_suite",
    "run_yours",
    "timed",
]
