"""What type checkers must accept, and know, of the public names. Checked by mypy, never run."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, assert_type

from promise_engine import (
    Answer,
    Catalogue,
    Engine,
    Fault,
    InputError,
    Money,
    Network,
    NetworkError,
    Option,
    OrderBefore,
    PromiseEngineError,
    PromiseRequest,
    Reason,
    Refusal,
    Remedy,
    Shipment,
    StockSnapshot,
    replay,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def load(folder: Path) -> tuple[Engine, StockSnapshot]:
    """Inputs are read from paths, text or path objects."""
    network = Network.load(folder / "network")
    assert_type(network, Network)
    catalogue = Catalogue.load(str(folder / "catalogue.csv"))
    assert_type(catalogue, Catalogue)
    assert_type(Network.model_validate({}), Network)
    assert_type(Network.json_schema(), dict[str, Any])
    stock = StockSnapshot.load(folder / "stock")
    assert_type(stock, StockSnapshot)
    assert_type(stock.digest, str)
    assert_type(StockSnapshot.from_records([], as_of=datetime.fromisoformat("2026-11-20T06:00:00Z")), StockSnapshot)
    return Engine(network, catalogue), stock


def ask(engine: Engine, stock: StockSnapshot, request: PromiseRequest, cart: dict[str, Any]) -> None:
    """A request is a model or a dict; an answer knows its options and refusals."""
    answer = engine.promise(request, stock)
    assert_type(answer, Answer)
    assert_type(engine.promise(cart, stock), Answer)
    answers: Sequence[Answer] = engine.promise_many([request, cart], stock)
    assert_type(answers[0], Answer)
    assert_type(answer.options[0], Option)
    options: Sequence[Option] = answer.options[:2]
    assert_type(options[0], Option)
    assert_type(answer.best("earliest"), Option | None)
    assert_type(answer.refusals, tuple[Refusal, ...])
    assert_type(answer.to_json(indent=2), str)
    assert_type(answer.to_dict(), dict[str, Any])
    assert_type(answer.to_json(remedies=False), str)
    assert_type(answer.next_change_at, datetime | None)
    assert_type(answer.explain(), str)
    assert_type(answer.evidence(), dict[str, Any])
    assert_type(replay(answer.evidence()), Answer)
    assert_type(replay(b"{}"), Answer)


def read(option: Option, refusal: Refusal) -> None:
    """Instants are datetimes, money is exact."""
    assert_type(option.promised, datetime)
    assert_type(option.order_by, datetime)
    assert_type(option.deliver_by, datetime | None)
    assert_type(option.price, Money)
    assert_type(option.price.amount, Decimal)
    assert_type(option.cost.total, Money)
    assert_type(option.co2e_grams, int | None)
    assert_type(option.shipments, tuple[Shipment, ...])
    assert_type(refusal.reason, Reason)
    assert_type(refusal.reason.code, str)
    assert_type(refusal.remedies, tuple[Remedy, ...])
    for remedy in refusal.remedies:
        if remedy.kind == "order_before":
            assert_type(remedy, OrderBefore)
            assert_type(remedy.at, datetime)


def refuse(error: NetworkError) -> PromiseEngineError:
    """All errors are of one tree; those of inputs list their faults."""
    assert_type(error.faults, tuple[Fault, ...])
    as_input: InputError = error
    return as_input
