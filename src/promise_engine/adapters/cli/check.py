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


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """Find every fault of a network (a folder or a file), and prove what can be proved.

    \b
    Example:
      promise-engine check network/

    Errors refuse the network. Warnings are what is doubtful: cut-offs that no parcel can meet, services that never
    collect, gaps between weight bands, times that do not exist on a clock change ... Exit status: 0 nothing found,
    1 warnings, 2 errors.
    """  # noqa: D301  # click's mark of text that it must not wrap
    from promise_engine.check import check_network  # noqa: PLC0415
    from promise_engine.errors import Severity  # noqa: PLC0415

    with busy(f"Checking {path} ..."):
        faults = check_network(path)
    errors = [fault for fault in faults if fault.severity is Severity.ERROR]
    warnings = [fault for fault in faults if fault.severity is Severity.WARNING]
    _print(errors, "error")
    _print(warnings, "warning")
    if errors:
        out().print("A network with errors cannot be proved: more warnings may appear once they are fixed.")
    if not faults:
        out().print(f"{path}: nothing found.")
    raise SystemExit(_FAULTY if errors else _WARNED if warnings else 0)


def _print(faults: Sequence[Fault], noun: str) -> None:
    if not faults:
        return
    console = out()
    console.print(f"{len(faults)} {noun}{'s' if len(faults) != 1 else ''}", style="bold")
    show_faults(console, faults)
    console.print()
