"""Whatever text or value comes in, what comes out is an input or an InputError."""

from __future__ import annotations

import contextlib
import copy
import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promise_engine import Engine
from promise_engine.errors import InputError
from promise_engine.inputs.catalogue import Catalogue
from promise_engine.inputs.documents import parse_document
from promise_engine.inputs.network import Network
from promise_engine.inputs.request import parse_request
from promise_engine.inputs.snapshot import StockSnapshot
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

from inputs.samples import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _apply(document: Any) -> None:
    deltas: Any = document.get("deltas") if isinstance(document, dict) else document
    StockSnapshot.from_document(sample("stock")).apply(deltas)


READERS: dict[str, Callable[[Any], object]] = {
    "network": Network.model_validate,
    "catalogue": Catalogue.from_document,
    "stock": StockSnapshot.from_document,
    "deltas": _apply,
    "request": parse_request,
}
KINDS = st.sampled_from(sorted(READERS))
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        [
            "\ud800",
            "x" * 5_000,
            "9" * 5_000,
            "1e999999999",
            "0" * 50,
            "\x00",
            "17:00",
            "2026-12-24",
            "P400D",
            "P1Y",
            "-P1D",
            "place",
            "FR",
            "69..",
            "..",
            "10..2",
            "Z" * 30,
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "RRULE:FREQ=DAILY",
            "DTSTART:20260101T000000 RRULE:FREQ=DAILY;INTERVAL=0",
            "DTSTART;TZID=Europe/Paris:20260101T000000 RRULE:FREQ=DAILY",
            "DTSTART:20260101 RRULE:FREQ=DAILY;BYMONTHDAY=32",
            "999999999999 h",
            "1000000000 d",
            "0001-01-01T00:00:00+05:00",
            "9999-12-31T23:59:59-05:00",
            "٣:٣٠",
            "²",
        ]
    ),
    st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("1e30"), Decimal("1e-30"), 2**63, -(2**63)]),
    st.sampled_from(
        [
            [],
            {},
            [[]],
            [None],
            {"": None},
            {"id": 1},
            {"country": "FR"},
            [1, 2, 3],
            {1: 2},
            (1,),
            {"a"},
            b"bytes",
            object(),
        ]
    ),
    st.recursive(
        st.integers(0, 3) | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
)


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with each of its keys or positions."""
    for key in list(node if isinstance(node, dict) else range(len(node))):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])


def _mutate(document: Any, data: st.DataObject) -> Any:
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(_places(document))
        if not places:
            break
        node, key = places[data.draw(st.integers(0, len(places) - 1))]
        action = data.draw(st.sampled_from(("replace", "replace", "remove", "rename", "copy")))
        if action == "remove":
            del node[key]
        elif action == "replace":
            node[key] = data.draw(STRANGE)
        elif isinstance(node, list):
            node.append(copy.deepcopy(node[key]))
        else:
            node[data.draw(st.text(max_size=8)) if action == "rename" else f"{key}s"] = copy.deepcopy(node[key])
    return document


@QUICK
@given(KINDS, st.data())
def test_mutated_documents(kind: str, data: st.DataObject) -> None:
    """A valid document with some values replaced, removed or repeated is read, or refused with faults that print."""
    try:
        READERS[kind](_mutate(sample(kind), data))
    except InputError as refused:
        str(refused.faults[0]).encode("utf-8", "backslashreplace")


@QUICK
@given(KINDS, st.booleans(), st.data())
def test_mutated_text(kind: str, is_json: bool, data: st.DataObject) -> None:
    """A valid text with some characters changed is a document, or refused; never a traceback."""
    text = json.dumps(sample(kind)) if is_json else yaml.safe_dump(sample(kind))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 5))
        fresh = data.draw(
            st.text(max_size=3)
            | st.sampled_from([*"{}[]:,-&*!|>'\"%@`#?\n\t ", "---\n", "<<: ", "!!map ", "&a ", "*a"])
        )
        text = text[:at] + fresh + text[at + gone :]
    with contextlib.suppress(InputError):
        READERS[kind](parse_document(text, is_json=is_json))


@QUICK
@given(st.binary(max_size=60) | st.text(alphabet="{}[]:,-&*!|>'\"%@#? \nab1", max_size=60), st.booleans())
def test_any_bytes(content: bytes | str, is_json: bool) -> None:
    """Arbitrary bytes, and arbitrary punctuation, are a document or refused."""
    with contextlib.suppress(InputError):
        parse_document(content, is_json=is_json)


@QUICK
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=20,
    )
)
def test_json_is_read_as_json_reads_it(document: Any) -> None:
    """What has no decimals is what the standard library reads."""
    assert parse_document(json.dumps(document), is_json=True) == document


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The engine of the valid network, for a few days."""
    placed = date(2026, 11, 20), date(2026, 11, 23)
    catalogue = Catalogue.from_document(sample("catalogue"))
    return Engine(Network.model_validate(sample("network")), catalogue, placed_between=placed)


@settings(QUICK, max_examples=60)
@given(st.data())
def test_mutated_requests_are_answered(engine: Engine, data: st.DataObject) -> None:
    """What is asked with a valid network is answered, or refused with faults; never a traceback."""
    stock = StockSnapshot.from_document(sample("stock"))
    with contextlib.suppress(InputError):
        answer = engine.promise(_mutate(sample("request"), data), stock)
        assert json.loads(answer.to_json())


EXTREME_AMOUNTS = st.sampled_from(["0", "0.0001", "4.9", "1e9", "1000000000.0001", "99999999999.9999", "1e11", "1e14"])


@settings(QUICK, max_examples=40)
@given(
    st.lists(EXTREME_AMOUNTS, min_size=7, max_size=7), st.sampled_from(["0.000000001", "1", "1e5", "999999999", "1e9"])
)
def test_extreme_amounts(amounts: list[str], rate: str) -> None:
    """Costs and prices at every bound add up exactly, or are refused."""
    document = minimal_network()
    document["sites"][0] |= dict(
        zip(("preparation_cost", "preparation_cost_per_unit", "packaging_cost"), amounts, strict=False)
    )
    surcharges = [{"id": "a", "amount": amounts[3]}, {"id": "b", "percent": 1_000}]
    document["tariffs"] = [{"id": "t", "rows": [{"price": amounts[4]}], "surcharges": surcharges}]
    document["services"][0] |= {"tariff": "t", "limits": {"weight_grams": 9}}
    document["methods"][0]["price"] = {"percent": 1_000, "amount": amounts[5]}
    document["exchange_rates"] = [{"of": "EUR", "to": "CLF", "rate": rate, "valid_from": "2026-01-01"}]
    request = minimal_request() | {"lines": [{"sku": "A1", "quantity": 10, "weight_grams": 9}], "currency": "CLF"}
    with contextlib.suppress(InputError):
        engine = Engine(Network.model_validate(document), placed_between=(date(2026, 11, 23), date(2026, 11, 23)))
        (option,) = engine.promise(
            request | {"basket_value": amounts[6]}, StockSnapshot.from_document(minimal_stock())
        ).options
        cost = option.cost
        assert 10 == option.parcels
        assert option.price.amount >= 11 * (cost.transport.amount + cost.surcharge.amount) >= 0
        assert cost.total.amount >= cost.packaging.amount + cost.transport.amount


@pytest.mark.parametrize("kind", sorted(READERS))
def test_strange_roots(kind: str) -> None:
    """A root of any type is refused with one fault or more; only a batch of deltas may be empty."""
    for root in (None, 1, 1.5, "x", b"x", [1], (2,), {1: 2}, {"": ""}, object(), float("nan")):
        with pytest.raises(InputError):
            READERS[kind](root)
