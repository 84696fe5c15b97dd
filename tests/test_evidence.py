"""Evidence holds everything an answer was made from, and gives it again where all else is gone."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from promise_engine import Catalogue, Engine, Network, StockSnapshot, replay
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

from generator.cases import make_case
from generator.comparison import engine_answer

ROOT = Path(__file__).resolve().parent.parent
FRENCH = ROOT / "examples" / "fr_omnichannel"
SEEDS = range(30)

REPLAYED = """
import json, sys
from promise_engine import replay
for line in sys.stdin.buffer:
    answer = replay(line)
    assert answer.evidence() == json.loads(line)
    print(json.dumps([answer.to_json(), answer.explain()]))
"""
GONE = """
import importlib.util, sys, zoneinfo
sys.modules["holidays"] = sys.modules["tzdata"] = sys.modules["pgeocode"] = None
import promise_engine, promise_engine.places._tables as tables
def gone(name):
    raise AssertionError(name)
tables.read_table = gone
for name in ("Europe/Paris", "UTC"):
    try:
        zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError:
        continue
    raise AssertionError(name)
"""
OTHER = """
import datetime, sys, types, zoneinfo
def everyday(country, years, **_):
    first = datetime.date(years, 1, 1)
    return {first + datetime.timedelta(days=i): "Every Day" for i in range(365)}
sys.modules["holidays"] = types.SimpleNamespace(country_holidays=everyday)
paris = zoneinfo.ZoneInfo("Europe/Paris")
assert datetime.timedelta(hours=9) == paris.utcoffset(datetime.datetime(2026, 7, 1))
"""


def taken(answers: list[Any]) -> tuple[list[str], list[list[str]]]:
    """The evidence of some answers as lines, and what their replays must give."""
    lines = [json.dumps(answer.evidence()) for answer in answers]
    return lines, [[answer.to_json(), answer.explain()] for answer in answers]


@pytest.fixture(scope="module")
def generated() -> tuple[list[str], list[list[str]]]:
    """Evidence and answers of generated cases."""
    return taken([engine_answer(make_case(seed)) for seed in SEEDS])


def in_another_process(program: str, lines: list[str], tzpath: str = "") -> list[list[str]]:
    """What a process without our tables and clocks replays."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONTZPATH": tzpath, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", program + REPLAYED]
    done = subprocess.run(command, env=environment, input="\n".join(lines).encode(), capture_output=True, check=False)
    assert not done.returncode, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_nothing_installed_is_asked(generated: tuple[list[str], list[list[str]]]) -> None:
    """Without the `holidays` package, time zone database and postal tables: the same bytes and explanations."""
    lines, expected = generated
    assert expected == in_another_process(GONE, lines)


def test_other_holidays_and_clocks_change_nothing(generated: tuple[list[str], list[list[str]]], tmp_path: Path) -> None:
    """Where every day is a holiday and every clock that of Tokyo: the same bytes and explanations."""
    lines, expected = generated
    tokyo = files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo").read_bytes()
    zones = {zone["id"] for line in lines for zone in json.loads(line)["almanac"]["time_zones"]}
    for name in zones | {"Europe/Paris"}:
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_bytes(tokyo)
    assert expected == in_another_process(OTHER, lines, str(tmp_path))


def test_the_french_example_is_replayed() -> None:
    """Of 500 SKUs and 50 sites it holds what two lines need, and gives the same bytes elsewhere."""
    network, catalogue = Network.load(FRENCH / "network"), Catalogue.load(FRENCH / "catalogue.csv")
    stock = StockSnapshot.load(FRENCH / "stock")
    request = json.loads((FRENCH / "requests" / "demo.json").read_text("utf-8"))
    day = stock.document().as_of.date()
    answer = Engine(network, catalogue, placed_between=(day, day)).promise(request, stock)
    lines = [json.dumps(answer.evidence())]
    found = json.loads(lines[0])
    skus = {line["sku"] for line in request["lines"]}
    assert skus == {item["sku"] for item in found["catalogue"]["items"]}
    assert skus == {row["sku"] for row in found["stock"]["records"]}
    assert answer.to_dict()["digests"] == {name: found["digests"][name] for name in ("network", "catalogue", "stock")}
    program = GONE + REPLAYED.replace("answer.explain()", "''")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONTZPATH": ""}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, input=lines[0].encode(), capture_output=True, check=True)
    assert [answer.to_json(), ""] == json.loads(done.stdout)


def minimal_engine(**changes: Any) -> Engine:
    """An engine of the minimal network, with some fields changed."""
    return Engine(Network.model_validate(minimal_network() | changes))


def test_deltas_change_no_evidence() -> None:
    """Evidence taken after the live snapshot changed is that of the answer, not of today's stock."""
    stock = StockSnapshot.from_document(minimal_stock())
    answer = minimal_engine().promise(minimal_request(), stock)
    before = answer.evidence()
    change = {"source": "pos", "site": "lyon", "sku": "A1", "sequence": 1, "kind": "absolute", "on_hand": 0}
    stock.apply([change])
    assert before == answer.evidence()
    assert not minimal_engine().promise(minimal_request(), stock).options
    assert answer.to_json() == replay(answer.evidence()).to_json()


def test_equal_questions_give_equal_evidence() -> None:
    """Whatever an engine was asked and explained before, and in another engine: the same bytes."""
    stock = StockSnapshot.from_document(minimal_stock())
    holidays = [{"country": "place", "subdivision": "place"}]
    engines = [minimal_engine(settings={"destination_holidays": holidays}) for _ in range(2)]
    for code in ("67000", "75011"):
        elsewhere = minimal_request() | {"destination": {"country": "FR", "postal_code": code}}
        engines[0].promise(elsewhere, stock).explain()
    abroad = minimal_request() | {"destination": {"country": "CH", "postal_code": "8001"}}
    engines[0].promise(abroad, stock).explain()
    engines.append(pickle.loads(pickle.dumps(engines[0])))  # noqa: S301
    found = {json.dumps(engine.promise(minimal_request(), stock).evidence()) for engine in engines}
    assert 1 == len(found)


def test_the_rows_of_other_skus_are_left_out() -> None:
    """Records, reservations at no site and items of other SKUs are not there; what is taken is, whole."""
    record = minimal_stock()["records"][0]
    stock = minimal_stock() | {
        "records": [
            record | {"reservations": [{"quantity": 2}], "receipts": [{"quantity": 1, "expected_at": "2027-01-01T00:00:00Z"}]},
            record | {"sku": "A0", "reservations": [{"quantity": 7}]},
            record | {"sku": "B2", "commitments": [{"quantity": 1, "due_at": "2027-01-01T00:00:00Z"}]},
        ],
        "pool_reservations": [{"sku": "A1", "quantity": 1}, {"sku": "B2", "quantity": 5}],
        "slots_taken": [{"site": "lyon", "start": "2026-11-23T08:00:00+01:00", "committed": 3}],
    }  # fmt: skip
    catalogue = Catalogue.from_records([{"sku": "A1"}, {"sku": "B2"}])
    engine = Engine(Network.model_validate(minimal_network()), catalogue)
    answer = engine.promise(minimal_request(), StockSnapshot.from_document(stock))
    found = answer.evidence()
    (kept,) = found["stock"]["records"]
    assert ("A1", "2", "1") == (kept["sku"], kept["reservations"][0]["quantity"], kept["receipts"][0]["quantity"])
    assert [] == kept["commitments"]
    assert ["A1"] == [row["sku"] for row in found["stock"]["pool_reservations"]]
    assert ["A1"] == [item["sku"] for item in found["catalogue"]["items"]]
    assert [3] == [row["committed"] for row in found["stock"]["slots_taken"]]
    assert answer.to_json() == replay(found).to_json()


def test_skus_that_nobody_knows_are_replayed() -> None:
    """A line without a record or an item gives evidence too, of the refusal."""
    engine = Engine(Network.model_validate(minimal_network()), Catalogue.from_records([{"sku": "B2"}]))
    request = minimal_request() | {"lines": [{"sku": "nothing", "quantity": 1}]}
    answer = engine.promise(request, StockSnapshot.from_document(minimal_stock()))
    assert not answer.options
    assert answer.to_json() == replay(answer.evidence()).to_json()


def test_a_basket_of_two_sites_is_replayed() -> None:
    """A split is promised, and explained, from the evidence alone too."""
    network, stock = minimal_network(), minimal_stock()
    network["methods"][0]["max_shipments"] = 2
    network["sites"].append(network["sites"][0] | {"id": "paris", "address": {"country": "FR", "postal_code": "75011"}})
    network["collections"][0]["sites"] = ["lyon", "paris"]
    stock["records"].append({"site": "paris", "sku": "B2", "on_hand": 1})
    request = minimal_request() | {"lines": [{"sku": "A1", "quantity": 1}, {"sku": "B2", "quantity": 1}]}
    answer = Engine(Network.model_validate(network)).promise(request, StockSnapshot.from_document(stock))
    assert ["lyon", "paris"] == [shipment.site for shipment in answer.options[0].shipments]
    again = replay(answer.evidence())
    assert (answer.to_json(), answer.explain()) == (again.to_json(), again.explain())


def test_stock_older_than_the_period_is_told_in_its_own_time() -> None:
    """Clocks are known from the instant of the stock on, however old it is."""
    stock = minimal_stock() | {"as_of": "2026-06-01T12:00:00Z"}
    answer = minimal_engine().promise(minimal_request(), StockSnapshot.from_document(stock))
    zone = answer.evidence()["almanac"]["time_zones"][0]
    assert ("2026-05-31T12:00:00Z", 7200) == (zone["since"], zone["offset_seconds"])
    assert answer.to_json() == replay(answer.evidence()).to_json()


def test_zones_drawn_as_polygons_are_replayed() -> None:
    """Exact coordinates and polygons survive the text of the evidence."""
    square = {"type": "Polygon", "coordinates": [[[2.0, 48.0], [3.0, 48.0], [3.0, 49.25], [2.0, 49.0], [2.0, 48.0]]]}
    network = minimal_network()
    network["zone_sets"] = [{"id": "drawn", "zones": [{"id": "paris", "areas": [{"polygon": square}]}]}]
    network["services"][0]["zone_set"] = "drawn"
    network["services"][0]["lanes"][0]["destinations"] = ["paris"]
    inside = minimal_request() | {"destination": {"country": "FR", "postal_code": "75001"}}
    engine = Engine(Network.model_validate(network))
    answer = engine.promise(inside, StockSnapshot.from_document(minimal_stock()))
    assert answer.options
    assert answer.to_json() == replay(json.dumps(answer.evidence()).encode()).to_json()


def test_a_replayed_answer_is_an_answer() -> None:
    """Its options may be pickled and shown as a frame, and it has the same evidence."""
    evidence = minimal_engine().promise(minimal_request(), StockSnapshot.from_document(minimal_stock())).evidence()
    answer = replay(evidence)
    frame = answer.to_frame()
    assert [option.id for option in answer.options] == frame["id"].tolist()
    assert [option.deliver_by for option in answer.options] == list(frame["deliver_by"])
    assert tuple(answer.options) == pickle.loads(pickle.dumps(answer.options[:]))  # noqa: S301
    assert evidence == answer.evidence()
