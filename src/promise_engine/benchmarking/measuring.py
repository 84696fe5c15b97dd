"""Times of whole calls, each with another question, as a service would see them."""

from __future__ import annotations

import gc
import signal
import threading
from contextlib import contextmanager, suppress
from itertools import islice
from math import ceil
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")


class Timings:
    """Seconds of several calls.

    Examples
    --------
    >>> timings = Timings([0.3, 0.1, 0.2])
    >>> timings.at("p50"), timings.at("worst"), len(timings)
    (0.2, 0.3, 3)
    """

    def __init__(self, seconds: Iterable[float], given_up: int = 0) -> None:
        self.seconds: Sequence[float] = sorted(seconds)
        self.given_up = given_up  # how many of them would have taken longer

    def __len__(self) -> int:
        return len(self.seconds)

    def at(self, measure: str) -> float:
        """The time within which a part of the calls ended: `p99` for 99 in a hundred, `worst` for all of them.

        With fewer than a hundred calls, p99 is the worst.
        """
        return self.seconds[self._position(measure)]

    def is_least(self, measure: str) -> bool:
        """Whether calls were given up that long: the time is then the least that it may be."""
        return self._position(measure) >= len(self.seconds) - self.given_up

    def _position(self, measure: str) -> int:
        share = 1.0 if measure == "worst" else float(measure.removeprefix("p")) / 100
        return max(0, ceil(round(share * len(self.seconds), 6)) - 1)


class Limit(NamedTuple):
    """When to stop measuring: after so many calls, or when the time is over, but never before the first call.

    A call that takes longer than `give_up` is broken off, and counts as that long.
    """

    calls: int
    seconds: float = float("inf")
    give_up: float = float("inf")


_RINGS_AGAIN = 1.0
"""Seconds: what is raised in a callback of the garbage collector is lost."""


class GivenUpError(Exception):
    """A call took too long."""


@contextmanager
def given_up_after(seconds: float) -> Iterator[None]:
    """Break off with GivenUpError what takes longer; where the system has no such alarm, wait for its end.

    Examples
    --------
    >>> with given_up_after(60):
    ...     print("done")
    done
    """
    can_ring = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if seconds == float("inf") or not can_ring:
        yield
        return

    def ring(_number: int, _frame: object) -> None:
        raise GivenUpError

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _RINGS_AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def timed(
    answer: Callable[[Any], object],
    questions: Iterable[Any],
    limit: Limit,
    passed: Callable[[int, float], object] = lambda _calls, _seconds: None,
    *,
    warm: int = 2,
) -> Timings:
    """The times of calls, each with the next question; what comes before the call and after it does not count.

    Parameters
    ----------
    answer
        What is timed.
    questions
        What it is asked.
    limit
        When to stop.
    passed
        Told after each call how many there were, and after how many seconds.
    warm
        So many questions are asked first and not counted: they load what a process loads once.

    Examples
    --------
    >>> len(timed(str, range(9), Limit(5)))
    5
    """
    coming = iter(questions)
    for question in islice(coming, warm):
        with suppress(GivenUpError), given_up_after(limit.give_up):
            answer(question)
    found: list[float] = []
    began = perf_counter()
    given_up = 0
    for question in islice(coming, limit.calls):
        start = perf_counter()
        try:
            with given_up_after(limit.give_up):
                answer(question)
        except GivenUpError:
            given_up += 1
        found.append(perf_counter() - start)
        passed(len(found), perf_counter() - began)
        if perf_counter() - began >= limit.seconds:
            break
    return Timings(found, given_up)


@contextmanager
def as_a_service() -> Iterator[None]:
    """What is loaded by now is not looked through by the garbage collector, as in a service that has started.

    Examples
    --------
    >>> with as_a_service():
    ...     gc.isenabled()
    True
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def took(work: Callable[[], T]) -> tuple[T, float]:
    """What some work gives, and the seconds it took.

    Examples
    --------
    >>> took(lambda: 7)[0]
    7
    """
    start = perf_counter()
    result = work()
    return result, perf_counter() - start


def resident_bytes() -> int | None:
    """The most memory that this process has held by now; None where the system does not say.

    Examples
    --------
    >>> (resident_bytes() or 2**30) > 10_000_000
    True
    """
    try:
        import resource  # noqa: PLC0415  # not there on Windows
    except ImportError:
        return None
    import sys  # noqa: PLC0415

    unit = 1 if sys.platform == "darwin" else 1_024
    used: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used * unit


def machine() -> dict[str, Any]:
    """What was measured on: processor, cores, and versions.

    Examples
    --------
    >>> sorted(machine())
    ['cores', 'numba', 'numpy', 'processor', 'promise_engine', 'python']
    """
    import os  # noqa: PLC0415
    import platform  # noqa: PLC0415

    import numba  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    return {
        "processor": _processor() or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": np.__version__,
        "promise_engine": _version(),
    }


def _processor() -> str:
    """The model that Linux tells."""
    from pathlib import Path  # noqa: PLC0415

    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("promise-engine")
    except PackageNotFoundError:
        return "(not installed)"
