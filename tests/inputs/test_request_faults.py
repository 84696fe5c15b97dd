"""Faults of a request: all at once, those of the network too, and those of every request of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from promise_engine import Catalogue, Engine, LimitError, Network, RequestError, StockSnapshot

from inputs.samples import ABSENT, changed, sample

if TYPE_CHECKING:
    from promise_engine import Fault

METHODS = "one of: home, point, store"
CODE = "a postal code of FR: 5 digits, such as 75001 (a leading zero may have been lost: 07501?)"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The sample network and catalogue."""
    return Engine(Network.model_validate(sample("network")), Catalogue.from_document(sample("catalogue")))


@pytest.fixture(scope="module")
def stock() -> StockSnapshot:
    """The sample stock."""
    return StockSnapshot.from_document(sample("stock"))


def asked(**changes: Any) -> dict[str, Any]:
    """The sample request with some fields changed; `ABSENT` removes one."""
    request = sample("request") | changes
    return {name: value for name, value in request.items() if value is not ABSENT}


def refused(engine: Engine, stock: StockSnapshot, request: Any) -> tuple[Fault, ...]:
    """The faults of a request."""
    with pytest.raises(RequestError) as caught:
        engine.promise(request, stock)
    return caught.value.faults


def paths(faults: tuple[Fault, ...]) -> list[str]:
    """Where the faults are."""
    return [fault.path for fault in faults]


def test_faults_of_the_network_come_with_those_of_places(engine: Engine, stock: StockSnapshot) -> None:
    """A channel, two methods and a postal code that nothing has: four faults, each with its value."""
    request = asked(channel="zz", destination={"country": "FR", "postal_code": "7501"})
    request["wishes"] = {"methods": ["nope", "home", "never"]}
    assert [(fault.path, fault.value, fault.expected) for fault in refused(engine, stock, request)] == [
        ("channel", "'zz'", "one of: market, web"),
        ("destination.postal_code", "'7501'", CODE),
        ("wishes.methods.0", "'nope'", METHODS),
        ("wishes.methods.2", "'never'", METHODS),
    ]


def test_faults_of_the_model_come_with_those_of_everything_else(engine: Engine, stock: StockSnapshot) -> None:
    """What is valid by itself is asked about though other fields are wrong."""
    request = asked(
        lines=[{"sku": "A", "quantity": -2}],
        destination={"country": "FR", "postal_code": "7501", "latitude": 91},
        wishes={"methods": ["nope"], "not_before": "soon"},
        channel="zz",
        view="x",
        currency="USD",
        placed_at="2031-01-01T00:00:00Z",
    )
    assert paths(refused(engine, stock, request)) == [
        "channel",
        "currency",
        "destination.latitude",
        "destination.postal_code",
        "lines.0.quantity",
        "placed_at",
        "view",
        "wishes.methods.0",
        "wishes.not_before",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"chanel": "zz", "channel": ABSENT}, ["chanel"]),
        ({"chanel": "zz", "channel": ABSENT, "view": "x"}, ["chanel", "view"]),
        ({"placed_at": "now", "currency": "USD"}, ["placed_at"]),
        ({"destination": {"country": "FR", "zip": "67000"}, "view": "x"}, ["destination.zip", "view"]),
        ({"destination": {"place": "nowhere"}, "view": "x"}, ["destination.place", "view"]),
        (
            {"destination": {"country": "FR", "place": "metz", "latitude": 91}, "channel": "zz"},
            ["channel", "destination.latitude"],
        ),
        (
            {"destination": {"country": "CA", "postal_code": "K1A 0B1"}, "channel": "zz"},
            ["channel", "destination.country"],
        ),
        ({"destination": "Lyon", "wishes": "home", "lines": {}}, ["destination", "lines", "wishes"]),
        ({"lines": ABSENT, "channel": "zz"}, ["channel", "lines"]),
    ],
)
def test_what_depends_on_a_wrong_part_is_left_out(
    engine: Engine, stock: StockSnapshot, changes: dict[str, Any], expected: list[str]
) -> None:
    """A fault that only follows from another is not told; one beside it is."""
    assert paths(refused(engine, stock, asked(**changes))) == expected


@pytest.mark.parametrize("request_", [None, 5, [], "a request"])
def test_what_is_no_request_has_one_fault(engine: Engine, stock: StockSnapshot, request_: Any) -> None:
    """Nothing of it can be asked about."""
    assert [(fault.path, fault.expected) for fault in refused(engine, stock, request_)] == [("", "a mapping of fields")]


def test_a_cap_is_a_fault_beside_the_others(engine: Engine, stock: StockSnapshot) -> None:
    """Too many lines and too many units are told with path, value and cap, and the error is a LimitError too."""
    lines = [{"sku": "A", "quantity": 30} for _ in range(201)]
    with pytest.raises(LimitError) as caught:
        engine.promise(asked(lines=lines, channel="zz"), stock)
    assert isinstance(caught.value, RequestError)
    assert [(fault.path, fault.value, fault.expected, fault.code) for fault in caught.value.faults] == [
        ("channel", "'zz'", "one of: market, web", "unknown_id"),
        ("lines", "201 lines that ship", "at most 200 lines that ship", "limit"),
        ("lines", "6,030 units", "at most 5,000 units", "limit"),
    ]


def test_an_error_without_a_cap_is_no_limit_error(engine: Engine, stock: StockSnapshot) -> None:
    """Who catches caps apart is not told of other faults."""
    with pytest.raises(RequestError) as caught:
        engine.promise(asked(channel="zz"), stock)
    assert not isinstance(caught.value, LimitError)


@pytest.mark.parametrize(("currency", "paths_"), [("CHF", []), ("USD", ["currency"]), ("EUR", [])])
def test_a_currency_is_known_by_a_price_or_a_rate(currency: str, paths_: list[str]) -> None:
    """One in which a tariff is written may be asked for; one without price and rate is told with the other faults."""
    engine = Engine(Network.model_validate(sample("network")))
    stock = StockSnapshot.from_document(sample("stock"))
    assert paths(refused(engine, stock, asked(channel="zz", currency=currency))) == ["channel", *paths_]


def test_a_rate_makes_a_currency_known_from_its_date() -> None:
    """A rate into the currency counts from the date of the order on."""
    rates = [
        *sample("network")["exchange_rates"],
        {"of": "EUR", "to": "SEK", "rate": 11, "valid_from": "2026-06-01"},
    ]
    engine = Engine(Network.model_validate(changed("network", "exchange_rates", rates)))
    stock = StockSnapshot.from_document(sample("stock"))
    early = asked(channel="zz", currency="SEK", placed_at="2026-05-31T12:00:00Z")
    assert paths(refused(engine, stock, early)) == ["channel", "currency"]
    assert paths(refused(engine, stock, early | {"placed_at": "2026-06-01T12:00:00Z"})) == ["channel"]


def test_a_batch_tells_the_faults_of_all_its_requests(engine: Engine, stock: StockSnapshot) -> None:
    """Each path begins with the position of its request; there is no answer, not even to the good ones."""
    bad = asked(destination={"country": "FR", "postal_code": "7501"}, view="x")
    with pytest.raises(RequestError) as caught:
        engine.promise_many([asked(), bad, asked(channel="zz"), 5], stock)  # type: ignore[list-item]
    assert [(fault.path, fault.value) for fault in caught.value.faults] == [
        ("requests.1.destination.postal_code", "'7501'"),
        ("requests.1.view", "'x'"),
        ("requests.2.channel", "'zz'"),
        ("requests.3", "5"),
    ]


def test_a_batch_over_a_cap_is_a_limit_error(engine: Engine, stock: StockSnapshot) -> None:
    """As a single request is."""
    with pytest.raises(LimitError) as caught:
        engine.promise_many([asked(lines=[{"sku": "A", "quantity": 5_001}]), asked(view="x")], stock)
    assert paths(caught.value.faults) == ["requests.0.lines", "requests.1.view"]


def test_all_faults_of_groups_are_told(engine: Engine, stock: StockSnapshot) -> None:
    """A group twice, one without lines, a line without a group and one of another, a wrong method, code and place."""
    line = {"sku": "A", "quantity": 1}
    request = asked(
        groups=[
            {"id": "a", "methods": ["home", "never"]},
            {"id": "a", "destination": {"country": "FR", "postal_code": "7501"}},
            {"id": "b", "destination": {"place": "nowhere"}},
        ],
        lines=[line | {"group": "a"}, line, line | {"group": "c"}],
    )
    assert [(fault.path, fault.value, fault.expected) for fault in refused(engine, stock, request)] == [
        ("groups.0.methods.1", "'never'", METHODS),
        ("groups.1.destination.postal_code", "'7501'", CODE),
        ("groups.1.id", "'a'", "an id that no other group has"),
        ("groups.2.destination.place", "'nowhere'", "the id of a store where shoppers collect, or of a pickup point"),
        ("groups.2.id", "'b'", "a group that a line which ships names"),
        ("lines.1.group", "None", "one of: a, b"),
        ("lines.2.group", "'c'", "one of: a, b"),
    ]
