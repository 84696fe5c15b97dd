"""The command `check`: every fault of a network at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from promise_engine.adapters.cli.console import busy, out, show_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine import Fault

_WARNED, _FAULTY = 1, 2
_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("path", type=_FILE)
@click.option("--stock", type=_FILE, help="A snapshot, file or folder: its faults, and names that others lack.")
@click.option("--catalogue", type=_FILE, help="A catalogue: its faults and, with --stock, the SKUs it lacks.")
def check(path: Path, stock: Path | None, catalogue: Path | None) -> None:
    """Find every fault of a network (a folder or a file), and prove what can be proved.

    \b
    Examples:
      promise-engine check network/
      promise-engine check network/ --stock stock.json --catalogue catalogue.csv

    Errors refuse the network. Warnings are what is doubtful: cut-offs that no parcel can meet, services that never
    collect, gaps between weight bands, times that do not exist on a clock change ... Exit status: 0 nothing found,
    1 warnings, 2 errors.
    """  # noqa: D301  # click's mark of text that it must not wrap
    from promise_engine.check import check_network  # noqa: PLC0415
    from promise_engine.errors import Severity  # noqa: PLC0415

    with busy(f"Checking {path} ..."):
        of_network = check_network(path)
        faults = [*of_network, *_of_stock(path, of_network, stock, catalogue)]
    errors = [fault for fault in faults if fault.severity is Severity.ERROR]
    warnings = [fault for fault in faults if fault.severity is Severity.WARNING]
    _print(errors, "error")
    _print(warnings, "warning")
    if any(fault.severity is Severity.ERROR for fault in of_network):
        out().print("A network with errors cannot be proved: more warnings may appear once they are fixed.")
    if not faults:
        out().print(f"{path}: nothing found.")
    raise SystemExit(_FAULTY if errors else _WARNED if warnings else 0)


def _of_stock(path: Path, found: Sequence[Fault], stock: Path | None, catalogue: Path | None) -> list[Fault]:
    """Every fault of a snapshot and a catalogue; where nothing is wrong, what they name that others lack."""
    from promise_engine import Catalogue, Network, StockSnapshot  # noqa: PLC0415
    from promise_engine.check import stock_warnings  # noqa: PLC0415
    from promise_engine.errors import InputError, Severity  # noqa: PLC0415

    faults: list[Fault] = []
    items, snapshot = None, None
    try:
        items = Catalogue.load(catalogue) if catalogue else None
    except InputError as invalid:
        faults += invalid.faults
    try:
        snapshot = StockSnapshot.load(stock) if stock else None
    except InputError as invalid:
        faults += invalid.faults
    if snapshot is None or any(fault.severity is Severity.ERROR for fault in (*found, *faults)):
        return faults
    return stock_warnings(Network.load(path), snapshot, items, file=str(stock))


def _print(faults: Sequence[Fault], noun: str) -> None:
    if not faults:
        return
    console = out()
    console.print(f"{len(faults)} {noun}{'s' if len(faults) != 1 else ''}", style="bold")
    show_faults(console, faults)
    console.print()
