"""Runs of the benchmark: the table of budgets on the reference workload, and a team's own network and requests."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine.benchmarking.budgets import judged, parse_budget
from promise_engine.benchmarking.calibration import calibration_seconds
from promise_engine.benchmarking.measuring import (
    Limit,
    Timings,
    as_a_service,
    machine,
    resident_bytes,
    timed,
    took,
)
from promise_engine.benchmarking.report import Fact, Report, Row
from promise_engine.benchmarking.stages import stage_costs
from promise_engine.benchmarking.workload import FULL
from promise_engine.engine import Engine
from promise_engine.inputs.request import parse_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from promise_engine.answer import Answer
    from promise_engine.benchmarking.budgets import Budget
    from promise_engine.benchmarking.workload import Workload
    from promise_engine.inputs.snapshot import StockSnapshot

    Told = Callable[[str, float], object]

_OPTIONS = 200
_MIB = 2**20


class _Asked(NamedTuple):
    """A row of the budget table: what is asked, and what it may cost."""

    name: str
    lines: int
    view: str
    budgets: tuple[str, ...]


_PROMISES = (
    _Asked("1 line, all modes", 1, "shopper", ("p50=75us", "p99=250us")),
    _Asked("5 lines", 5, "shopper", ("p50=75us", "p99=250us")),
    _Asked("20 lines, splits up to 3 shipments", 20, "shopper", ("p50=250us", "p99=1ms")),
    _Asked("view all, 1 line", 1, "all", ("p50=300us", "p99=1ms")),
)
_JSON = _Asked("JSON of 200 options", 1, "front", ("p50=200us", "p99=500us"))
_READ = _Asked("request from JSON, 20 lines", 20, "shopper", ("p50=15us",))
_STAGED = _PROMISES[1]


def _silent(_what: str, _done: float) -> None:
    """Tell nobody."""


class _Promising(NamedTuple):
    """Calls the engine as a checkout does, and reads what the answer says beside its rows."""

    engine: Engine
    stock: StockSnapshot
    next_change: bool

    def ask(self, request: Any) -> Answer:
        """The answer, its refusals read, and by choice until when it holds."""
        answer = self.engine.promise(request, self.stock)
        _ = answer.refusals
        if self.next_change:
            _ = answer.next_change_at
        return answer


class _Bench(NamedTuple):
    """What rows are measured with."""

    limit: Limit
    told: Told
    calibration: float

    def passed(self, name: str) -> Callable[[int, float], object]:
        """Tells how far a row is."""
        calls, seconds, _ = self.limit
        return lambda done, since: self.told(name, min(1.0, max(done / calls, since / seconds)))

    def row(self, name: str, timings: Timings, budgets: Sequence[Budget]) -> Row:
        """A row, judged."""
        verdicts = [judged(budget, timings) for budget in budgets]
        return Row(name, timings, timings.at("p50") / self.calibration, verdicts)


def run_suite(workload: Workload, limit: Limit, *, next_change: bool = False, told: Told = _silent) -> Report:
    """The table of budgets on the reference workload.

    Parameters
    ----------
    workload
        What is asked.
    limit
        Of each row.
    next_change
        Whether every call also works out until when its answer holds.
    told
        Called with the name of what is done, and which part of it is done, from 0 to 1.

    Examples
    --------
    >>> from promise_engine.benchmarking.workload import TINY, Workload
    >>> report = run_suite(Workload(TINY), Limit(1, give_up=1.0))
    >>> len(report.rows), report.rows[0].name
    (6, '1 line, all modes')
    """
    engine, stock, facts = _prepared(workload, told)
    bench = _Bench(limit, told, calibration_seconds())
    ask = _Promising(engine, stock, next_change)
    rows = []
    told("warming", 0.0)
    for lines in (1, 1, 5):  # what a process loads once is not counted
        timed(ask.ask, workload.requests(1, lines=lines, valid_for=60), limit._replace(calls=0), warm=1)
    with as_a_service():
        for asked in _PROMISES:
            told(asked.name, 0.0)
            questions = workload.requests(limit.calls, lines=asked.lines, view=asked.view)
            timings = timed(ask.ask, questions, limit, bench.passed(asked.name), warm=0)
            rows.append(bench.row(asked.name, timings, _budgets(asked)))
        rows += [_json_row(bench, workload, ask), _read_row(bench, workload)]
        told("stages", 0.0)
        coming = workload.requests(limit.calls, lines=_STAGED.lines)
        stages = stage_costs(engine, stock, coming, limit, next_change=next_change, passed=bench.passed("stages"))
    facts += _process("process at its largest, calls included", workload)
    name = workload.size.name + (f", density {workload.density}" if workload.density is not None else "")
    return Report(f"{name}, seed {workload.seed}", machine(), bench.calibration, facts, rows, stages, _STAGED.name)


def run_yours(
    engine: Engine,
    stock: StockSnapshot,
    requests: Sequence[Any],
    budgets: Sequence[Budget],
    limit: Limit,
    *,
    next_change: bool = False,
    told: Told = _silent,
) -> Report:
    """The times of recorded requests to a network of one's own, judged by budgets.

    Parameters
    ----------
    engine, stock
        What is asked.
    requests
        What it is asked, one after the other, from the first again when more calls are wanted.
    budgets
        What the calls may take.
    limit, next_change, told
        As for `run_suite`.

    Examples
    --------
    >>> from promise_engine import Engine, Network, StockSnapshot
    >>> from promise_engine.benchmarking.budgets import parse_budget
    >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
    >>> engine = Engine(Network.model_validate(minimal_network()))
    >>> stock = StockSnapshot.from_document(minimal_stock())
    >>> report = run_yours(engine, stock, [minimal_request()], [parse_budget("p99=60s")], Limit(3))
    >>> len(report.rows[0].timings), report.missed
    (3, [])
    """
    name = "recorded requests"
    bench = _Bench(limit, told, calibration_seconds())
    with as_a_service():
        told(name, 0.0)
        ask = _Promising(engine, stock, next_change)
        timings = timed(ask.ask, _again(requests), limit, bench.passed(name), warm=min(2, len(requests)))
        told("stages", 0.0)
        passed = bench.passed("stages")
        stages = stage_costs(engine, stock, _again(requests), limit, next_change=next_change, passed=passed)
    row = bench.row(name, timings, budgets)
    return Report("your network", machine(), bench.calibration, _process("process at its largest"), [row], stages, name)


def _again(requests: Sequence[Any]) -> Iterator[Any]:
    while True:
        yield from requests


def _budgets(asked: _Asked) -> list[Budget]:
    return [parse_budget(text) for text in asked.budgets]


def _prepared(workload: Workload, told: Told) -> tuple[Engine, StockSnapshot, list[Fact]]:
    """Everything compiled, with what that took."""
    full = workload.size == FULL
    told("network", 0.0)
    network, read = took(lambda: workload.network)
    told("catalogue", 0.0)
    catalogue, listed = took(lambda: workload.catalogue)
    told("stock", 0.0)
    stock, held = took(lambda: workload.stock(lambda done: told("stock", done / workload.size.skus)))
    told("compiling", 0.0)
    engine, compiled = took(lambda: Engine(network, catalogue))
    told("first promise", 0.0)
    first, *_ = workload.requests(1, lines=1)
    _, bound = took(lambda: engine.promise(first, stock))
    facts = [
        Fact("network checked", read, "seconds"),
        Fact("catalogue checked", listed, "seconds"),
        Fact("stock made", held, "seconds"),
        Fact("network and catalogue compiled", compiled, "seconds", 10.0 if full else None),
        Fact("stock bound, kernels loaded, first promise", bound, "seconds"),
        Fact("stock records", len(stock.columns.site_idx), "records"),
        Fact("stock as columns", _bytes_of(stock), "bytes", 200 * _MIB if full else None),
        *_process("process at its largest by then", workload),
    ]
    return engine, stock, facts


def _bytes_of(stock: StockSnapshot) -> int:
    return sum(getattr(column, "nbytes", 0) for column in stock.columns)


def _process(name: str, workload: Workload | None = None) -> list[Fact]:
    used, full = resident_bytes(), workload is not None and workload.size == FULL
    return [] if used is None else [Fact(name, used, "bytes", 600 * _MIB if full else None)]


def _json_row(bench: _Bench, workload: Workload, ask: _Promising) -> Row:
    """Answers to bytes, options built; each time counts for 200 options, however many the answer has."""
    bench.told(_JSON.name, 0.0)
    until = bench.limit._replace(calls=min(bench.limit.calls, 100))
    answers: list[Answer] = []

    def collected(request: Any) -> None:
        answer = ask.ask(request)
        _ = answer.next_change_at
        answers.append(answer)

    questions = workload.requests(until.calls, lines=_JSON.lines, view=_JSON.view)
    timed(collected, questions, until, bench.passed(_JSON.name), warm=0)
    return bench.row(_JSON.name, _times_of_json(answers, until.give_up), _budgets(_JSON))


def _times_of_json(answers: Sequence[Answer], give_up: float) -> Timings:
    """The times of 200 options to bytes; where no answer came, that of one that was given up."""
    found = []
    for answer in answers:
        if len(answer.options):
            _, seconds = took(lambda one=answer: one.to_json(remedies=False).encode())  # type: ignore[misc]
            found.append(seconds * _OPTIONS / len(answer.options))
    return Timings(found) if found else Timings([give_up], given_up=1)


def _read_row(bench: _Bench, workload: Workload) -> Row:
    """Bytes of requests to validated requests."""
    bench.told(_READ.name, 0.0)
    count = min(bench.limit.calls, 10_000)
    bodies = [json.dumps(request).encode() for request in islice(workload.requests(count, lines=_READ.lines), count)]
    timings = timed(lambda body: parse_request(json.loads(body)), bodies, bench.limit, bench.passed(_READ.name), warm=0)
    return bench.row(_READ.name, timings, _budgets(_READ))
