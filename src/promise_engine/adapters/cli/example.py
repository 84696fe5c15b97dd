"""The embedded example, kept compiled beside the kernels so that the next process starts at once."""

from __future__ import annotations

import hashlib
import pickle
import sys
import tempfile
import zoneinfo
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import promise_engine
from promise_engine import Catalogue, Engine, Network, StockSnapshot
from promise_engine._kernels.promise import enumerate_rows
from promise_engine._resources import data_path, example_path
from promise_engine.adapters.cli.inputs import EXAMPLE
from promise_engine.places import data_directory

if TYPE_CHECKING:
    from datetime import date

_LIBRARIES = ("holidays", "numba", "numpy", "pydantic", "tzdata")


class Example(NamedTuple):
    """The example's documents, and the engine of its network for the orders of one day."""

    network: Network
    catalogue: Catalogue
    stock: StockSnapshot
    engine: Engine


def example(day: date) -> Example:
    """The example for orders of a day: as kept by an earlier process, else compiled and kept."""
    folder = _folder()
    if folder is None:
        return _compiled(day)
    path = folder / f"example-{_digest(day)}.pickle"
    kept = _read(path)
    if kept is None:
        kept = _compiled(day)
        _write(path, kept)
    return kept


def _compiled(day: date) -> Example:
    folder = example_path(EXAMPLE)
    network = Network.load(folder / "network")
    catalogue = Catalogue.load(folder / "catalogue.csv")
    stock = StockSnapshot.load(folder / "stock")
    return Example(network, catalogue, stock, Engine(network, catalogue, placed_between=(day, day)))


def _folder() -> Path | None:
    """Where numba keeps the kernels; None where it keeps none, or where files of pgeocode change the answers."""
    stats = getattr(enumerate_rows, "stats", None)
    if stats is None or not stats.cache_path or data_directory() is not None:
        return None
    return Path(stats.cache_path)


def _digest(day: date) -> str:
    """A name that changes with the day, the example, the package, and whatever else decides the compiled tables."""
    package = Path(promise_engine.__file__).parent
    files = [*package.rglob("*.py"), *example_path(EXAMPLE).rglob("*.*"), *data_path("places").iterdir()]
    known = [(str(path), status.st_mtime_ns, status.st_size) for path in sorted(files) for status in [path.stat()]]
    zones = [(path, Path(path).stat().st_mtime_ns) for path in zoneinfo.TZPATH if Path(path).is_dir()]
    libraries = [(name, version(name)) for name in _LIBRARIES]
    return hashlib.sha256(repr((day, sys.version, known, zones, libraries)).encode()).hexdigest()[:24]


def _read(path: Path) -> Example | None:
    try:
        with path.open("rb") as file:
            kept: Example = pickle.load(file)  # noqa: S301 - from the folder that numba trusts likewise
    except (OSError, EOFError, pickle.UnpicklingError):
        return None
    return kept


def _write(path: Path, kept: Example) -> None:
    """Put the file in place whole, instead of those of other versions; where nothing can be written, keep nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            pickle.dump(kept, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(path)
    except OSError:
        return
    for other in path.parent.glob("example-*.pickle"):
        if other != path:
            other.unlink(missing_ok=True)
