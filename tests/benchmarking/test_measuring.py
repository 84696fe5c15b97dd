"""Budgets are read and judged, calls are timed and told apart by stage."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from promise_engine import Engine, Network, RequestError, StockSnapshot
from promise_engine import questions as questions_module
from promise_engine.benchmarking.budgets import Budget, duration, judged, parse_budget
from promise_engine.benchmarking.measuring import Limit, Timings, timed
from promise_engine.benchmarking.recorded import checked_by, recorded_requests
from promise_engine.benchmarking.stages import STAGES, stage_costs
from promise_engine.benchmarking.suite import _times_of_json
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

if TYPE_CHECKING:
    from pathlib import Path

BUDGETS = [
    ("p99=500us", Budget("p99", 500e-6)),
    ("p50=75us", Budget("p50", 75e-6)),
    ("p99.9=1.5ms", Budget("p99.9", 1.5e-3)),
    (" worst = 2 s ", Budget("worst", 2.0)),
    ("p5=10ns", Budget("p5", 10e-9)),
    ("p95=20µs", Budget("p95", 20e-6)),
]


@pytest.mark.parametrize(("text", "budget"), BUDGETS)
def test_budgets_are_read(text: str, budget: Budget) -> None:
    """A measure and a time, with its unit."""
    assert budget == parse_budget(text)
    assert budget == parse_budget(str(budget))


@pytest.mark.parametrize("text", ["", "p99", "p99=", "p99=5", "p100=5ms", "mean=5ms", "p99=-5ms", "p99=5 parsecs"])
def test_other_words_are_no_budget(text: str) -> None:
    """What is wrong is shown, with what was expected."""
    with pytest.raises(ValueError, match=r"^found .*, expected a measure \(p50"):
        parse_budget(text)


def test_quantiles_are_calls_that_were_made() -> None:
    """The time within which so many of the calls ended."""
    timings = Timings(number / 1_000 for number in range(200, 0, -1))
    assert [0.1, 0.198, 0.2, 0.2] == [timings.at(measure) for measure in ("p50", "p99", "p99.9", "worst")]
    assert 7 == Timings([7]).at("p50")


def test_budgets_are_judged() -> None:
    """At the budget is within it; calls that were given up are not, however large it is."""
    timings = Timings([0.001, 0.002, 0.003])
    assert judged(Budget("p50", 0.002), timings).is_met
    assert not judged(Budget("p50", 0.0019), timings).is_met
    assert not judged(Budget("worst", 0.002), timings).is_met
    given_up = Timings([0.001, 0.002, 0.003], given_up=1)
    assert [True, False] == [judged(Budget(measure, 1.0), given_up).is_met for measure in ("p50", "worst")]


def test_calls_are_timed_each_with_its_own_question() -> None:
    """Warming questions are asked first and not counted; the limit ends it."""
    asked: list[int] = []
    told: list[int] = []
    timings = timed(asked.append, range(100), Limit(5), lambda calls, _: told.append(calls), warm=3)
    assert list(range(8)) == asked
    assert [1, 2, 3, 4, 5] == told
    assert 5 == len(timings)
    assert 1 == len(timed(asked.append, range(100), Limit(5, seconds=0.0)))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no such alarm")
def test_a_long_call_is_given_up() -> None:
    """It counts as long as it was let, and says so; shorter ones are whole."""
    timings = timed(time.sleep, [0.0, 30.0, 0.0], Limit(3, give_up=0.05), warm=0)
    assert (3, 1) == (len(timings), timings.given_up)
    assert [False, True] == [timings.is_least(measure) for measure in ("p50", "worst")]
    assert timings.at("worst") >= 0.05


def test_stages_leave_the_engine_as_it_was() -> None:
    """Every stage of a call is told, and nothing stays wrapped."""
    engine = Engine(Network.model_validate(minimal_network()))
    stock = StockSnapshot.from_document(minimal_stock())
    compile_request = questions_module.compile_request
    costs = stage_costs(engine, stock, [minimal_request()] * 3, Limit(2))
    assert compile_request is questions_module.compile_request
    assert {"validate the request", "plan", "enumerate", "order_by", "to_json"} <= {cost.stage for cost in costs}
    assert {cost.stage for cost in costs} <= set(STAGES)
    without = stage_costs(engine, stock, [minimal_request()], Limit(1), next_change=False)
    assert "next_change_at" not in {cost.stage for cost in without}


@pytest.mark.parametrize(("seconds", "words"), [(75e-6, "75us"), (0.0123456, "12.3ms"), (61.0, "61s"), (2e-9, "2ns")])
def test_times_are_said_in_three_digits(seconds: float, words: str) -> None:
    """In the unit that fits."""
    assert words == duration(seconds)


def test_recorded_requests_tell_their_faults_with_file_and_line(tmp_path: Path) -> None:
    """Lines that are no JSON, and requests that the network cannot answer, all at once."""
    file = tmp_path / "asked.jsonl"
    file.write_text('{"lines": 1\n\n{]\n', "utf-8")
    with pytest.raises(RequestError) as unread:
        recorded_requests(file)
    assert [("asked.jsonl", "line 1"), ("asked.jsonl", "line 3")] == [(f.file, f.path) for f in unread.value.faults]
    file.write_text('{"lines": [], "channel": "fax"}', "utf-8")
    engine = Engine(Network.model_validate(minimal_network()))
    with pytest.raises(RequestError) as refused:
        checked_by(engine, recorded_requests(file))
    found = {(fault.file, fault.path) for fault in refused.value.faults}
    assert {("asked.jsonl", "line 1.lines"), ("asked.jsonl", "line 1.channel")} <= found


def test_no_requests_are_refused(tmp_path: Path) -> None:
    """An empty file says that at least one was expected."""
    file = tmp_path / "none.jsonl"
    file.write_text("\n", "utf-8")
    with pytest.raises(RequestError, match="expected at least one request"):
        recorded_requests(file)


def test_what_was_never_measured_misses_its_budget() -> None:
    """Where every answer was given up there is no time of a document, and none that is within a budget."""
    timings = _times_of_json([], give_up=5.0)
    assert (True, 5.0) == (timings.is_least("p50"), timings.at("p50"))
    assert not judged(parse_budget("p50=10s"), timings).is_met
