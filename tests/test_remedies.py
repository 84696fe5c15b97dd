"""Remedies of refusals are true: applied to the documents, they give the method an option; one smaller does not.

The scenarios of `tests/scenarios/remedies.yaml` are the kinds one by one, reasoned by hand.
"""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine import Answer, Engine, Network, OrderBefore, OtherPlace, StockSnapshot
from promise_engine.inputs.added_stock import AddedUnits, with_more
from promise_engine.inputs.stock_columns import columns_digest
from promise_engine.questions import Questions
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

from generator.cases import Case, make_case
from generator.changes import asked, asked_at
from generator.comparison import engine_answer

if TYPE_CHECKING:
    from promise_engine import Refusal, Remedy

SEEDS = range(48)
SEEDS_OF_GROUPS = (6, 22, 30, 41, 47, 77, 88, 100, 137, 147, 148, 159, 166, 170, 173, 178, 181, 203, 249, 278, 365)
"""Cases with groups of which one is refused and has remedies."""


def _with_units(case: Case, remedy: Remedy, quantity: Decimal) -> Case:
    """More on hand in the record, or a new record."""
    stock = copy.deepcopy(case.stock)
    here = [row for row in stock["records"] if (row["site"], row["sku"]) == (remedy.site, remedy.sku)]
    for row in here:
        row["on_hand"] = str(Decimal(str(row["on_hand"])) + quantity)
    if not here:
        stock["records"].append({"site": remedy.site, "sku": remedy.sku, "on_hand": str(quantity)})
    return case._replace(stock=stock)


def _with_shipments(case: Case, method: str, count: int) -> Case:
    network = copy.deepcopy(case.network)
    row = next(row for row in network["methods"] if row["id"] == method)
    row["max_shipments"] = row.get("max_shipments", 3) + count
    return case._replace(network=network)


def _with_days(case: Case, of: str, count: int) -> Case:
    """The wish so many days later, or the horizon so many days longer."""
    days = timedelta(days=count)
    if of == "horizon_days":
        network = copy.deepcopy(case.network)
        network["settings"]["horizon_days"] += count
        return case._replace(network=network)
    kind = date if of == "nominated_day" else datetime
    wishes = case.request["wishes"]
    return asked(case, wishes=wishes | {of: (kind.fromisoformat(wishes[of]) + days).isoformat()})


def _step(case: Case, sku: str) -> Decimal:
    return next(Decimal(str(item.get("step", 1))) for item in case.catalogue["items"] if item["sku"] == sku)


def _elsewhere(case: Case, group: str | None, place: str) -> Case:
    destination = {"place": place}
    if group is None:
        return asked(case, destination=destination)
    groups = [row | ({"destination": destination} if row["id"] == group else {}) for row in case.request["groups"]]
    return asked(case, groups=groups)


def applied(case: Case, refusal: Refusal, remedy: Remedy) -> tuple[Case, Case | None]:
    """The case with the remedy, and with the next smaller one of its kind, where that is another case."""
    method, group = refusal.method, refusal.group
    if remedy.kind == "order_before":
        return asked_at(case, remedy.at - timedelta(seconds=1)), asked_at(case, remedy.at)
    if remedy.kind == "more_units":
        less = remedy.quantity - _step(case, remedy.sku)
        return _with_units(case, remedy, remedy.quantity), _with_units(case, remedy, less) if less else None
    if remedy.kind == "without_sku":
        lines = [row for row in case.request["lines"] if (row["sku"], row.get("group")) != (remedy.sku, group)]
        return asked(case, lines=lines), None
    if remedy.kind == "other_place":
        return _elsewhere(case, group, remedy.place), None
    change: Any = (
        (lambda count: _with_shipments(case, method, count))
        if remedy.kind == "more_shipments"
        else (lambda count: _with_days(case, remedy.of, count))
    )
    return change(remedy.count), change(remedy.count - 1) if remedy.count > 1 else None


def offered(case: Case, refusal: Refusal) -> bool:
    """Whether a new engine gives the refused method an option for all lines of the basket, or of the group."""
    wanted = refusal.method, refusal.group
    options = engine_answer(case).options
    return any((option.method, option.group) == wanted and not option.left_out for option in options)


def check(case: Case, refusal: Refusal) -> None:
    """Every remedy of a refusal works alone, and nothing smaller does."""
    for remedy in refusal.remedies:
        changed, smaller = applied(case, refusal, remedy)
        assert offered(changed, refusal), (refusal, remedy)
        assert smaller is None or not offered(smaller, refusal), (refusal, remedy)


@pytest.mark.parametrize("seed", SEEDS)
def test_remedies_are_true_and_smallest(seed: int) -> None:
    """Asked again with a remedy alone, a refused method has an option for the whole basket; with a smaller one none."""
    case = make_case(seed, frozenset({"groups"}))
    for refusal in engine_answer(case).refusals:
        check(case, refusal)


@pytest.mark.parametrize("seed", SEEDS_OF_GROUPS)
def test_remedies_of_groups_are_true_of_the_order(seed: int) -> None:
    """The same of a group, with the whole order asked again: what groups before take then may be something else."""
    case = make_case(seed)
    for refusal in engine_answer(case).refusals:
        check(case, refusal)


# By hand, on the smallest network: the van of Monday is met by what is ordered until 17:00, and delivers on Tuesday.

TOO_LATE = {"placed_at": "2026-11-23T17:30:00+01:00", "wishes": {"not_after": "2026-11-24T18:00:00+01:00"}}


def answered(network: dict[str, Any] | None = None, **asked_for: Any) -> Answer:
    """The answer of the minimal network, or of another."""
    engine = Engine(Network.model_validate(network or minimal_network()))
    return engine.promise(minimal_request() | asked_for, StockSnapshot.from_document(minimal_stock()))


def before(answer: Answer) -> list[str]:
    """Until when the first refused method could be ordered."""
    return [str(one.at) for one in answer.refusals[0].remedies if isinstance(one, OrderBefore)]


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Grows by each question that is asked."""
    found: list[Any] = []
    ask = Questions.ask

    def heard(self: Questions, *arguments: Any) -> Any:
        found.append(arguments)
        return ask(self, *arguments)

    monkeypatch.setattr(Questions, "ask", heard)
    return found


def test_remedies_are_looked_for_when_first_read(questions: list[Any]) -> None:
    """An answer and its refusals ask nothing more; remedies do, once."""
    answer = answered(**TOO_LATE)
    (refusal,) = answer.refusals
    assert "remedies" not in answer.to_dict(remedies=False)["refusals"][0]
    assert 1 == len(questions)
    assert refusal.remedies
    count = len(questions)
    assert count > 1
    assert refusal.remedies is answer.refusals[0].remedies
    assert count == len(questions)


def test_effort_is_bounded(questions: list[Any]) -> None:
    """The second of a day, and the days of a wish and a horizon, are found by halving."""
    assert 2 == len(answered(**TOO_LATE).refusals[0].remedies)
    assert len(questions) <= 1 + (1 + 17) + (1 + 6) + 1


def test_the_document_tells_remedies_by_kind() -> None:
    """A refusal's document has its remedies in order, instants local to the destination."""
    (refusal,) = answered(**TOO_LATE).to_dict()["refusals"]
    expected = [
        {"kind": "order_before", "at": "2026-11-23T17:00:01+01:00"},
        {"kind": "more_days", "count": 1, "of": "not_after"},
    ]
    assert expected == refusal["remedies"]


def test_remedies_are_told_in_words() -> None:
    """An explanation of a refused method ends with what would do."""
    text = " ".join(answered(**TOO_LATE).explain(method="home").split())
    assert text.endswith("would do order before Mon 23 Nov 17:00:01; 1 more day to the end of the wishes")


def test_an_answer_for_longer_has_remedies_for_longer() -> None:
    """With `valid_for` every second of it must have the option: an hour before, and the last second is not counted."""
    assert ["2026-11-23 16:00:02+01:00"] == before(answered(**TOO_LATE, valid_for="1 h"))


def test_an_earlier_order_that_cannot_be_asked_is_no_remedy() -> None:
    """The first second of the local date lies before the first exchange rate, so that no order of it is answered."""
    rates = [{"of": "EUR", "to": "CHF", "rate": "1.1", "valid_from": "2026-11-23"}]
    network = minimal_network() | {"exchange_rates": rates}
    assert [] == before(answered(network, **TOO_LATE, currency="CHF"))
    rates[0]["valid_from"] = "2026-11-22"
    assert ["2026-11-23 17:00:01+01:00"] == before(answered(network, **TOO_LATE, currency="CHF"))


def test_orders_before_the_validity_are_not_thought_of() -> None:
    """On the first date of a network, local to the destination, only orders that it answers are remedies."""
    network = minimal_network()
    network["sites"][0]["preparation"]["order_cut_off"] = {"daily": "00:30"}
    late = {"placed_at": "2026-11-24T01:30:00+01:00", "wishes": {"not_after": "2026-11-25T18:00:00+01:00"}}
    assert ["2026-11-24 00:30:00+01:00"] == before(answered(network, **late))
    assert [] == before(answered(network | {"valid_from": "2026-11-24"}, **late))


def _shops(*latitudes: float) -> dict[str, Any]:
    """Shops on one meridian, in the order of their ids, where the first has no stock of anything."""
    network = minimal_network()
    network["calendars"].append({"id": "shop", "hours": {"mon-sat": ["10:00-19:00"]}})
    network["sites"] = [
        {
            "id": f"shop-{i}",
            "address": {"country": "FR", "postal_code": "69002", "latitude": latitude, "longitude": 4.8},
            "preparation": {"calendar": "weekdays"},
            "store_collection": {"opening": "shop"},
        }
        for i, latitude in enumerate(latitudes)
    ]
    network["collections"] = []
    network["methods"] = [{"id": "collect", "kind": "store_collection", "places_shown": 1, "price": [{"price": 0}]}]
    return network


@pytest.mark.parametrize("destination", [{"place": "shop-0"}, {"country": "FR", "postal_code": "69002"}])
def test_another_place_is_the_nearest_that_has_an_option(destination: dict[str, Any]) -> None:
    """Of the shops that were not tried, the nearest that has the goods, whether a shop or an address was asked for."""
    network = _shops(45.0, 45.01, 45.02, 45.03)
    if "country" in destination:
        destination |= {"latitude": 45.0, "longitude": 4.8}
    records = [{"site": f"shop-{i}", "sku": "A1", "on_hand": 5} for i in (2, 3)]
    stock = StockSnapshot.from_records(records, as_of=minimal_stock()["as_of"])
    answer = Engine(Network.model_validate(network)).promise(minimal_request() | {"destination": destination}, stock)
    assert OtherPlace("shop-2", 2224) in answer.refusals[0].remedies


def test_added_units_are_those_of_a_snapshot_with_more() -> None:
    """Stock with more on hand is that of a document with more: in a record, in a new one, at a new site."""
    as_of = "2026-11-23T08:00:00+01:00"
    rows = [
        {
            "site": site,
            "sku": sku,
            "on_hand": 4,
            "safety_stock": 1,
            "receipts": [{"quantity": 2, "expected_at": f"2026-11-2{day}T08:00:00Z"} for day in (7, 5)],
            "reservations": [{"quantity": 1, "channel": "web"}, {"quantity": 3, "segment": "gold"}],
            "commitments": [{"quantity": 1, "due_at": "2026-11-26T08:00:00Z"}],
        }
        for site, sku in (("s", "A"), ("r", "A"), ("t", "C"), ("r", "B"), ("s", "D"))
    ]
    columns = StockSnapshot.from_records(rows, as_of=as_of).columns
    kept = [row for row in rows if row["sku"] in {"A", "B"}]
    others = {"site": "t", "sku": "B", "on_hand": 7}
    for added, expected in (
        (AddedUnits("s", "A", 7_000), [row | {"on_hand": 11} if row["site"] == "s" else row for row in kept]),
        (AddedUnits("t", "B", 7_000), [*kept, others]),
        (AddedUnits("a", "B", 7_000), [*kept, others | {"site": "a"}]),
    ):
        of_document = StockSnapshot.from_records(expected, as_of=as_of).columns
        of_columns = with_more(columns, ["A", "B"], [added])
        names = tuple(site for site in of_columns.sites if site in of_document.sites)
        assert of_document.sites == names
        same = [tuple(found.sites[i] for i in found.site_idx) for found in (of_document, of_columns)]
        assert same[0] == same[1]
        digests = [
            columns_digest(found._replace(sites=(), site_idx=found.site_idx[:0])) for found in (of_document, of_columns)
        ]
        assert digests[0] == digests[1]
