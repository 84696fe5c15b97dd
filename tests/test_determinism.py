"""The same input gives the same bytes: in another process, and in whatever order it is listed."""

from __future__ import annotations

import copy
import json
import os
import pickle
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from promise_engine import Catalogue, Engine, Network, Reason, StockSnapshot
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

ROOT = Path(__file__).resolve().parent.parent
FRENCH = ROOT / "examples" / "fr_omnichannel"
ASKED = (
    ("demo", "shopper"), ("strasbourg", "shopper"), ("ajaccio", "all"), ("marketplace", "front"), ("store", "all"),
)  # fmt: skip
ORDERED = {"criteria", "legs", "overrides", "polygon", "ranges"}  # lists whose order means something


def documents() -> list[Any]:
    """The French network, catalogue and snapshot as plain values."""
    network = Network.load(FRENCH / "network")
    catalogue = Catalogue.load(FRENCH / "catalogue.csv")
    stock = StockSnapshot.load(FRENCH / "stock")
    return [document.model_dump(mode="json") for document in (network, catalogue.document(), stock.document())]


def shuffled(value: Any, rng: random.Random) -> Any:
    """The same document with every list whose order means nothing, and every mapping, in another order."""
    if isinstance(value, list):
        return rng.sample([shuffled(item, rng) for item in value], len(value))
    if isinstance(value, dict):
        keys = rng.sample(list(value), len(value))
        return {key: value[key] if key in ORDERED else shuffled(value[key], rng) for key in keys}
    return value


def requests() -> list[dict[str, Any]]:
    """Some requests of the example, each with a view."""
    folder = FRENCH / "requests"
    return [json.loads((folder / f"{name}.json").read_text("utf-8")) | {"view": view} for name, view in ASKED]


def answers(network: Any, catalogue: Any, stock: Any) -> list[str]:
    """The answers' documents to these requests."""
    engine = Engine(Network.model_validate(network), Catalogue.from_document(catalogue))
    snapshot = StockSnapshot.from_document(stock)
    return [engine.promise(request, snapshot).to_json() for request in requests()]


@pytest.fixture(scope="module")
def plain() -> list[Any]:
    """The documents as they are."""
    return documents()


@pytest.fixture(scope="module")
def expected(plain: list[Any]) -> list[str]:
    """What this process answers."""
    return answers(*plain)


def test_there_is_something_to_compare(expected: list[str]) -> None:
    """Every answer has options."""
    assert all(json.loads(text)["options"] for text in expected)


def test_sides_of_unknown_sizes_have_no_order() -> None:
    """A network has one digest in whatever order its assumed sides are listed: a box may be turned."""
    settings = [{"unknown_size": {"sides_mm": sides}} for sides in ([400, 300, 50], [50, 400, 300])]
    digests = {Network.model_validate(minimal_network() | {"settings": one}).digest for one in settings}
    assert 1 == len(digests)


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_input_means_nothing(seed: int, plain: list[Any], expected: list[str]) -> None:
    """Shuffled documents give the same bytes, digests included."""
    rng = random.Random(seed)
    assert expected == answers(*(shuffled(document, rng) for document in plain))


def test_another_process_answers_the_same(expected: list[str]) -> None:
    """A process that hashes text differently gives the same bytes."""
    code = "import sys, test_determinism as t; sys.stdout.write(chr(10).join(t.answers(*t.documents())))"
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert "\n".join(expected) == done.stdout.decode("utf-8")


def test_asking_again_changes_nothing(plain: list[Any], expected: list[str]) -> None:
    """One engine gives the same bytes however often it is asked, and `promise_many` gives those of `promise`."""
    network, catalogue, stock = plain
    engine = Engine(Network.model_validate(network), Catalogue.from_document(catalogue))
    snapshot = StockSnapshot.from_document(stock)
    twice = engine.promise_many([*requests(), *requests()], snapshot)
    assert [*expected, *expected] == [answer.to_json() for answer in twice]


def test_a_pickled_engine_answers_the_same(plain: list[Any]) -> None:
    """An engine and a snapshot that went through a pickle give the same bytes, in a process of their own too."""
    network, catalogue, stock = plain
    engine = Engine(Network.model_validate(network), Catalogue.from_document(catalogue))
    snapshot = StockSnapshot.from_document(stock)
    expected = [engine.promise(request, snapshot).to_json() for request in requests()]
    pickled = pickle.dumps((engine, snapshot, requests()))
    again, stock_again, asked = pickle.loads(pickled)  # noqa: S301
    assert engine.placed_between == again.placed_between
    assert expected == [again.promise(request, stock_again).to_json() for request in asked]
    program = (
        "import pickle, sys; engine, stock, asked = pickle.load(sys.stdin.buffer)\n"
        "for request in asked: print(engine.promise(request, stock).to_json())"
    )
    done = subprocess.run([sys.executable, "-c", program], input=pickled, capture_output=True, check=True)
    assert expected == done.stdout.decode().splitlines()


def test_a_pickled_answer_is_the_same_and_still_answers() -> None:
    """A pickle and a deep copy have the same document and next change, by kernels of the same types."""
    engine = Engine(Network.model_validate(minimal_network()))
    answer = engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock()))
    copies = (pickle.loads(pickle.dumps(answer)), copy.deepcopy(answer))  # noqa: S301
    types = {again.context.stock._numba_type_ for again in (answer, *copies)}
    types |= {again.context.bound.tables._numba_type_ for again in copies}
    assert types == {answer.context.stock._numba_type_, answer.context.bound.tables._numba_type_}
    expected = answer.to_json(), answer.next_change_at, answer.explain()
    for again in copies:
        assert (again.to_json(), again.next_change_at, again.explain()) == expected


def test_a_pickled_polygon_still_holds_its_places() -> None:
    """Zones drawn as polygons, prepared for speed, survive a pickle."""
    square = {"type": "Polygon", "coordinates": [[[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 49.0], [2.0, 48.0]]]}
    network = minimal_network()
    network["zone_sets"] = [{"id": "drawn", "zones": [{"id": "paris", "areas": [{"polygon": square}]}]}]
    network["services"][0]["zone_set"] = "drawn"
    network["services"][0]["lanes"][0]["destinations"] = ["paris"]
    engine = pickle.loads(pickle.dumps(Engine(Network.model_validate(network))))  # noqa: S301
    stock = StockSnapshot.from_document(minimal_stock())
    inside = {**minimal_request(), "destination": {"country": "FR", "postal_code": "75001"}}
    outside = {**minimal_request(), "destination": {"country": "FR", "postal_code": "69002"}}
    assert engine.promise(inside, stock).options
    assert [Reason.NO_LANE] == [refusal.reason for refusal in engine.promise(outside, stock).refusals]
