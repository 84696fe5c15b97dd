"""How long a promise takes on the French example. Informational: nothing here fails because a number got worse.

    python -m pytest benchmarks
    python -m pytest benchmarks --benchmark-json result.json    # `extra_info.ratio` compares machines and days

`ratio` is the median time over that of a fixed calibration kernel, measured in the same session.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine import Catalogue, Engine, Network, StockSnapshot
from promise_engine.benchmarking.calibration import calibration_seconds

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

FRENCH = Path(__file__).resolve().parent.parent / "examples" / "fr_omnichannel"
REQUESTS = sorted(path.stem for path in (FRENCH / "requests").glob("*.json"))
AREAS = {"country_only", "paris_prefix"}


@pytest.fixture(scope="session")
def calibration() -> float:
    """Seconds the calibration kernel takes here and now: the least of 50 runs."""
    return calibration_seconds()


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The French engine."""
    return Engine(Network.load(FRENCH / "network"), Catalogue.load(FRENCH / "catalogue.csv"))


@pytest.fixture(scope="session")
def stock() -> StockSnapshot:
    """The French snapshot."""
    return StockSnapshot.load(FRENCH / "stock")


def request_of(name: str, view: str) -> dict[str, Any]:
    """A request of the example, with a view."""
    document: dict[str, Any] = json.loads((FRENCH / "requests" / f"{name}.json").read_text("utf-8"))
    return document | {"view": view}


def note_ratio(benchmark: BenchmarkFixture, calibration: float) -> None:
    """Note the median as a multiple of the calibration kernel's time."""
    if benchmark.stats is not None:
        benchmark.extra_info["ratio"] = round(benchmark.stats.stats.median / calibration, 3)


@pytest.mark.parametrize("name", [name for name in REQUESTS if name not in AREAS])
def test_promise(
    benchmark: BenchmarkFixture, calibration: float, engine: Engine, stock: StockSnapshot, name: str
) -> None:
    """One request as a checkout asks it; options are not built."""
    request = request_of(name, "shopper")
    engine.promise(request, stock)
    benchmark(engine.promise, request, stock)
    note_ratio(benchmark, calibration)


def test_document(benchmark: BenchmarkFixture, calibration: float, engine: Engine, stock: StockSnapshot) -> None:
    """The same, with the answer's whole document as JSON."""
    request = request_of("demo", "shopper")
    engine.promise(request, stock)
    benchmark(lambda: engine.promise(request, stock).to_json())
    note_ratio(benchmark, calibration)


def test_compile_network(benchmark: BenchmarkFixture, calibration: float) -> None:
    """A new engine from a network that is loaded."""
    network, catalogue = Network.load(FRENCH / "network"), Catalogue.load(FRENCH / "catalogue.csv")
    benchmark.pedantic(lambda: Engine(network, catalogue), rounds=3)
    note_ratio(benchmark, calibration)
