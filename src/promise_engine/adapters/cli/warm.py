"""The command `warm`: compile the kernels once, and keep them on disk."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from promise_engine.adapters.cli.console import err, heard_compiling, out

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command()
def warm() -> None:
    """Compile the kernels and keep them on disk, so that the first promise of a process is fast.

    \b
    Example:
      promise-engine warm

    Run it once after an installation or an update, for instance while an image is built. It takes a minute or two.
    The kernels are kept beside the package, or where NUMBA_CACHE_DIR says.
    """  # noqa: D301  # click's mark of text that it must not wrap
    import numba  # noqa: PLC0415

    if numba.config.DISABLE_JIT:
        out().print("NUMBA_DISABLE_JIT is set: there is nothing to compile.")
        return
    started = perf_counter()
    with _progress() as compiled:
        _promise_everything()
    _report(compiled, perf_counter() - started)


def _promise_everything() -> None:
    """Call every kernel: for an address, a whole country, what may be sold, and two sites that serve together."""
    import numpy as np  # noqa: PLC0415

    from promise_engine import Engine, Network, StockSnapshot  # noqa: PLC0415
    from promise_engine._resources import example_path  # noqa: PLC0415
    from promise_engine.covering import Coverage  # noqa: PLC0415
    from promise_engine.inputs.documents import read_document  # noqa: PLC0415

    folder = example_path("minimal")
    request = read_document(folder / "request.json", "request.json")
    engine = Engine(Network.load(folder / "network.yaml"))
    stock = StockSnapshot.load(folder / "stock.json")
    engine.promise({**request, "view": "front"}, stock).to_dict()
    engine.promise({**request, "destination": {"country": "FR"}}, stock)
    engine.availability([line["sku"] for line in request["lines"]], stock)
    several = [{**line, "ship_group": str(number)} for number, line in enumerate(request["lines"] * 2)]
    engine.promise({**request, "lines": several}, stock)
    network, skus = _two_sites(), ("MUG", "CUP")
    held = zip(network["sites"], skus, strict=True)
    records = [{"site": site["id"], "sku": sku, "on_hand": 9} for site, sku in held]
    apart = StockSnapshot.from_document({"as_of": request["placed_at"], "records": records})
    lines = [{"sku": sku, "quantity": 1} for sku in skus]
    Engine(Network.model_validate(network)).promise({**request, "lines": lines}, apart)
    each_one = Coverage(np.eye(2))
    list(each_one.sets(each_one.useful(2), 2))


def _two_sites() -> dict[str, Any]:
    """The network of the smallest example with its site twice."""
    from promise_engine._resources import example_path  # noqa: PLC0415
    from promise_engine.inputs.documents import read_document  # noqa: PLC0415

    network: dict[str, Any] = read_document(example_path("minimal") / "network.yaml", "network.yaml")
    (site,), (collection,) = network["sites"], network["collections"]
    sites = [site, {**site, "id": "second"}]
    collected = {**collection, "sites": [one["id"] for one in sites]}
    return {**network, "sites": sites, "collections": [collected]}


@contextmanager
def _progress() -> Iterator[set[str]]:
    """Show each kernel while it is compiled; gives the names of those compiled."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = err()
    compiled: set[str] = set()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("loading", total=len(_kernels()))

        def ended(name: str) -> None:
            compiled.add(name)
            progress.update(task, completed=len(compiled))

        with heard_compiling(lambda name: progress.update(task, description=f"compiling {name}"), ended):
            yield compiled


def _kernels() -> list[Any]:
    """Every compiled function of the package."""
    import sys  # noqa: PLC0415

    from numba.core.dispatcher import Dispatcher  # noqa: PLC0415

    modules = [module for name, module in list(sys.modules.items()) if name.startswith("promise_engine._kernels.")]
    found = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Dispatcher)}
    return list(found.values())


def _report(compiled: set[str], lasted: float) -> None:
    """Where the kernels are kept, how many were compiled, how long it took."""
    stats = [kernel.stats for kernel in _kernels()]
    folders = sorted({entry.cache_path for entry in stats if entry.cache_path})
    hits = sum(sum(entry.cache_hits.values()) for entry in stats)
    console = out()
    if compiled:
        console.print(f"Compiled {len(compiled)} kernels in {lasted:.1f} s.")
    else:
        console.print(f"Already warm: {hits} kernels loaded in {lasted:.1f} s.")
    if folders:
        console.print(f"Kept in {', '.join(folders)}", soft_wrap=True)
    else:
        console.print(
            "No folder can be written: every process compiles anew. Set NUMBA_CACHE_DIR to a folder of yours."
        )
