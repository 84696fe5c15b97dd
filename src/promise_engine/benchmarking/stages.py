"""Which stage of a promise costs what: in a pass of its own, because to look takes time."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine import engine as engine_module
from promise_engine import questions as questions_module
from promise_engine import section as section_module
from promise_engine._compile.tasks import Planner
from promise_engine.benchmarking.measuring import GivenUpError, given_up_after
from promise_engine.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from promise_engine.benchmarking.measuring import Limit
    from promise_engine.engine import Engine
    from promise_engine.inputs.snapshot import StockSnapshot

_WATCHED: tuple[tuple[Any, str, str], ...] = (
    (engine_module, "read_request", "validate the request"),
    (engine_module, "checked_request", "validate the request"),
    (questions_module, "compile_request", "compile the request"),
    (Planner, "__init__", "plan"),
    (Planner, "plan", "plan"),
    (questions_module, "site_stock", "stock of the sites"),
    (questions_module, "enumerated", "enumerate"),
    (questions_module, "Shipments", "splits"),
    (Questions, "fronts", "splits"),
    (section_module, "select_rows", "select what is shown"),
    (engine_module, "fill_order_by", "order_by"),
)
"""Where each stage begins: an attribute that is called, and the name of the stage."""

PROMISE = "promise, the rest"
STAGES = (*dict.fromkeys(name for *_, name in _WATCHED), PROMISE, "refusals", "next_change_at", "to_json")
"""The stages, in the order of a call."""


class StageCost(NamedTuple):
    """What a stage takes of a call on average."""

    stage: str
    seconds: float
    share: float


class _Watch:
    """Sums up time by stage; what a stage calls of another counts for the outer one."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._is_inside = False

    def wrapped(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """The same function, its time noted."""

        def watched(*given: Any, **named: Any) -> Any:
            if self._is_inside:
                return function(*given, **named)
            self._is_inside = True
            start = perf_counter()
            try:
                return function(*given, **named)
            finally:
                self.seconds[stage] += perf_counter() - start
                self._is_inside = False

        return watched


def stage_costs(
    engine: Engine,
    stock: StockSnapshot,
    requests: Iterable[Any],
    limit: Limit,
    *,
    next_change: bool = True,
    passed: Callable[[int, float], object] = lambda _calls, _seconds: None,
) -> Sequence[StageCost]:
    """What each stage takes of a call on average, the engine's own code unchanged.

    Parameters
    ----------
    engine, stock
        What is asked.
    requests
        What it is asked.
    limit
        When to stop.
    next_change
        Whether `next_change_at` is worked out too, and the JSON with it; it may take far longer than the rest.
    passed
        Told after each call how many there were, and after how many seconds.

    Examples
    --------
    >>> from promise_engine import Engine, Network, StockSnapshot
    >>> from promise_engine.benchmarking.measuring import Limit
    >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
    >>> engine = Engine(Network.model_validate(minimal_network()))
    >>> stock = StockSnapshot.from_document(minimal_stock())
    >>> costs = stage_costs(engine, stock, [minimal_request()], Limit(1))
    >>> costs[0].stage, round(sum(cost.share for cost in costs), 6)
    ('validate the request', 1.0)
    """
    watch, began, calls = _Watch(), perf_counter(), 0
    with _watching(watch):
        for request in requests:
            with suppress(GivenUpError), given_up_after(limit.give_up):
                _asked(watch, engine, stock, request, next_change=next_change)
            calls += 1
            passed(calls, perf_counter() - began)
            if calls >= limit.calls or perf_counter() - began >= limit.seconds:
                break
    total = sum(watch.seconds.values()) or 1.0
    return [
        StageCost(stage, seconds / max(1, calls), seconds / total)
        for stage, seconds in watch.seconds.items()
        if seconds > 0
    ]


def _asked(watch: _Watch, engine: Engine, stock: StockSnapshot, request: Any, *, next_change: bool) -> None:
    before, start = sum(watch.seconds.values()), perf_counter()
    answer = engine.promise(request, stock)
    watch.seconds[PROMISE] += perf_counter() - start - (sum(watch.seconds.values()) - before)
    watch.wrapped(lambda: answer.refusals, "refusals")()
    if next_change:
        watch.wrapped(lambda: answer.next_change_at, "next_change_at")()
        watch.wrapped(lambda: answer.to_json(remedies=False), "to_json")()


@contextmanager
def _watching(watch: _Watch) -> Iterator[None]:
    """Put the watch before each stage, and take it away again."""
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in _WATCHED]
    try:
        for (owner, name, stage), (*_, function) in zip(_WATCHED, kept, strict=True):
            setattr(owner, name, watch.wrapped(function, stage))
        yield
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)
