"""How long an answer holds: `valid_for` and `next_change_at`, on any case, asked again at instants and of the twin.

`PROMISE_TWIN_CASES` sets how many cases the twin is asked about: one of two hundred, at least 10; `PROMISE_HOW_LONG` how
many cases each other test asks (8 when not given; of 100 instants each, five of eight as many).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from promise_engine import Catalogue, Engine, Network, PromiseRequest, RequestError, StockSnapshot
from promise_engine.changes import FURTHEST, promise_of
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

import naive
from generator.cases import make_case
from generator.changes import asked
from generator.facts import Documents
from generator.strategies import cases

if TYPE_CHECKING:
    from promise_engine import Answer
    from promise_engine.changes import Promise
    from promise_engine.options import Option

    from generator.cases import Case

CASES = int(os.environ.get("PROMISE_HOW_LONG", "8"))
EXAMPLES = settings(
    max_examples=CASES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TWIN_CASES = max(10, int(os.environ.get("PROMISE_TWIN_CASES", "2000")) // 200)
IN_GROUPS = [seed for seed in range(120) if "groups" in make_case(seed).request][: TWIN_CASES // 3]
BETWEEN = 100  # instants before the next change
SECOND = timedelta(seconds=1)
VALID_FOR = st.sampled_from(["0 s", "1 s", "300 s", "15 min", "1 d"])
VIEWS = st.sampled_from(["shopper", "front", "all"])


class Asked:
    """One case, asked at any instant."""

    def __init__(self, case: Case) -> None:
        self.engine = Engine(Network.model_validate(case.network), Catalogue.from_records(case.catalogue["items"]))
        self.stock = StockSnapshot.from_document(case.stock)
        self.request = PromiseRequest.model_validate(case.request)
        self.placed_at = self.request.placed_at.astimezone(UTC)

    def at(self, moment: datetime, **fields: Any) -> Answer:
        """The answer to the request placed at an instant."""
        return self.engine.promise(self.request.model_copy(update={"placed_at": moment, **fields}), self.stock)

    def promised_at(self, moment: datetime) -> Promise:
        """What is promised when it is asked at an instant."""
        return promise_of(self.at(moment))

    @property
    def last(self) -> datetime:
        """The last second at which it can be asked."""
        end = datetime.combine(self.engine.placed_between[1] + timedelta(days=1), datetime.min.time(), UTC)
        return min(end - SECOND, end - self.request.valid_for, self.placed_at + FURTHEST)


@settings(EXAMPLES, max_examples=-(-5 * CASES // 8))  # each asks a hundred times
@given(case=cases(), valid_for=VALID_FOR, view=VIEWS, seed=st.integers(0, 10**6))
def test_the_next_change_is_the_first(case: Case, valid_for: str, view: str, seed: int) -> None:
    """At `next_change_at` the promise is another; one second before, and at 100 instants until then, it is the same."""
    question = Asked(asked(case, valid_for=valid_for, view=view))
    answer = question.at(question.placed_at)
    change = answer.next_change_at
    promised, random = promise_of(answer), Random(seed)
    if change is not None:
        assert change > question.placed_at
        assert promised != question.promised_at(change)
    last = question.last if change is None else change.astimezone(UTC) - SECOND
    seconds = max(0, int((last - question.placed_at).total_seconds()))
    between = {question.placed_at + random.randint(0, seconds) * SECOND for _ in range(BETWEEN)} | {last}
    for moment in sorted(between):
        assert promised == question.promised_at(max(moment, question.placed_at)), moment


def choice_of(option: Option) -> tuple[Any, ...]:
    """What a shopper chooses: the choice code, and a nominated day or slot."""
    return option.choice_code, option.nominated


@EXAMPLES
@given(case=cases(without=["partial", "groups"]), valid_for=VALID_FOR, view=VIEWS, seed=st.integers(0, 10**6))
def test_an_answer_holds_for_all_its_seconds(case: Case, valid_for: str, view: str, seed: int) -> None:
    """In its first, its last and any second each of its options can be had, at the latest when it is promised."""
    question = Asked(asked(case, valid_for=valid_for, view=view))
    answer = question.at(question.placed_at)
    assume(answer.options)
    lasts = max(1, int(question.request.valid_for.total_seconds()))
    random = Random(seed)
    for second in {0, lasts - 1, *(random.randrange(lasts) for _ in range(5))}:
        order = question.at(question.placed_at + second * SECOND, valid_for=timedelta(0), view="all")
        for option in answer.options:
            had = [other.promised for other in order.options if choice_of(other) == choice_of(option)]
            assert had, (second, choice_of(option))
            assert min(had) <= option.promised


@EXAMPLES
@given(case=cases(without=["partial", "groups"]), valid_for=VALID_FOR, view=VIEWS)
def test_an_answer_is_that_of_its_last_second(case: Case, valid_for: str, view: str) -> None:
    """Its options are among those of its last second, with every field and story, and stand until it is over."""
    question = Asked(asked(case, valid_for=valid_for, view=view))
    answer = question.at(question.placed_at)
    lasts = question.request.valid_for
    last = question.at(max(question.placed_at, question.placed_at + lasts - SECOND), valid_for=timedelta(0), view="all")
    known = {option.id: option for option in last.options}
    for option in answer.options:
        assert option.order_by >= question.placed_at + lasts
        assert known[option.id].shipments == option.shipments
        assert (known[option.id].price, known[option.id].order_by) == (option.price, option.order_by)


@pytest.mark.parametrize("seed", dict.fromkeys([*range(TWIN_CASES), *IN_GROUPS]))
def test_the_twin_finds_the_same_change(seed: int) -> None:
    """The slow twin, which watches every candidate and asks again at each of their events, finds the same instant."""
    random = Random(seed)
    case = asked(
        make_case(seed),
        valid_for=random.choice(["0 s", "0 s", "300 s", "15 min", "1 d"]),
        view=random.choice(["shopper", "front", "all"]),
        partial=random.choice([False, True]),
    )
    documents = Documents.of(case)
    expected = naive.next_change_at(documents.network, documents.catalogue, documents.stock, documents.request)
    question = Asked(case)
    assert expected == question.at(question.placed_at).next_change_at


# The request, and the document.


def minimal() -> tuple[Engine, StockSnapshot]:
    """The network of the docstrings, collected at 17:00, and its stock."""
    return Engine(Network.model_validate(minimal_network())), StockSnapshot.from_document(minimal_stock())


def test_the_document_says_both() -> None:
    """`valid_for` and `next_change_at` stand in the answer's document, as text."""
    engine, stock = minimal()
    document = engine.promise({**minimal_request(), "valid_for": "15 min"}, stock).to_dict()
    change = engine.promise({**minimal_request(), "valid_for": "15 min"}, stock).next_change_at
    assert change is not None
    assert ("15 min", change.isoformat()) == (document["valid_for"], document["next_change_at"])


def test_the_next_change_is_local_to_the_destination() -> None:
    """As `order_by`, it is an instant on the clock of the destination."""
    engine, stock = minimal()
    answer = engine.promise({**minimal_request(), "placed_at": "2026-11-23T09:00:00Z"}, stock)
    change = answer.next_change_at
    assert change is not None
    assert answer.options[0].order_by.tzinfo == change.tzinfo


def test_more_than_a_day_is_refused() -> None:
    """An answer is asked to hold for a day at most."""
    engine, stock = minimal()
    with pytest.raises(RequestError, match=r"valid_for: found '25 h', expected a duration .*, from 0 s to 1 d"):
        engine.promise({**minimal_request(), "valid_for": "25 h"}, stock)


def test_an_answer_cannot_outlast_the_network() -> None:
    """An answer for orders that the network is not valid for is refused; one until its last second is not."""
    engine, stock = minimal()
    last = engine.placed_between[1].isoformat()
    engine.promise({**minimal_request(), "placed_at": f"{last}T23:45:00Z", "valid_for": "15 min"}, stock)
    with pytest.raises(RequestError, match=f"valid_for: found '15 min', expected a duration that ends with {last}"):
        engine.promise({**minimal_request(), "placed_at": f"{last}T23:45:01Z", "valid_for": "15 min"}, stock)


def test_fractions_of_a_second_are_held_too() -> None:
    """An answer that begins or ends inside a second holds for all of it."""
    engine, stock = minimal()
    for placed_at, valid_for in (("2026-11-23T12:44:59.5+01:00", "15 min"), ("2026-11-23T12:45:00+01:00", "PT899.5S")):
        answer = engine.promise({**minimal_request(), "placed_at": placed_at, "valid_for": valid_for}, stock)
        assert (
            engine.promise({**minimal_request(), "placed_at": "2026-11-23T12:59:59+01:00"}, stock).options[0].shipments
            == answer.options[0].shipments
        )


def test_an_explanation_names_the_last_second() -> None:
    """The story of an answer that holds for a while is told of its last second."""
    engine, stock = minimal()
    answer = engine.promise({**minimal_request(), "valid_for": "15 min"}, stock)
    text = answer.explain(0)
    assert "Mon 23 Nov 10:14:59  \u25cf order placed" in text
    assert "the last second of the 15 min for which the answer" in text
