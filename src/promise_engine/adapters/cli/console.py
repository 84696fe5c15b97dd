"""Where the command line writes: answers to stdout, faults and progress to stderr."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console
    from rich.table import Table

    from promise_engine.errors import Fault, InputError

WIDE = 110
"""From so many columns on, tables have one line a row."""
_PADDING = re.compile(" +$", re.MULTILINE)
_COMPILING = "Compiling the kernels: about a minute, usually only the first time ..."


class _Unpadded:
    """A stream without the spaces that fill the last column of a table up to its width."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write whole lines."""
        return self._stream.write(_PADDING.sub("", text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def out() -> Console:
    """The console of answers."""
    return _console(sys.stdout)


def err() -> Console:
    """The console of faults and progress."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    """A console that takes texts as they are; only on a terminal are lines padded to the width of their table."""
    from rich.console import Console  # noqa: PLC0415

    file = stream if stream.isatty() else cast("TextIO", _Unpadded(stream))
    return Console(file=file, highlight=False, emoji=False, markup=False)


def plain_table(*headings: str, lines: bool = False) -> Table:
    """A table with a rule under its headings and nothing else, as wide as its content."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_lines=lines, show_edge=False, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def fail(message: str) -> None:
    """Say why the command ends."""
    console = err()
    console.print(f"promise-engine: {message}", style="red" if console.is_terminal else None, soft_wrap=True)


def print_faults(error: InputError) -> None:
    """All faults of a refused input."""
    count = len(error.faults)
    fail(f"{count} fault{'s' if count != 1 else ''} in the {error.subject}")
    show_faults(err(), error.faults)


def show_faults(console: Console, faults: Sequence[Fault]) -> None:
    """Faults by file: where, what was found, what was expected; as a table where there is room for one."""
    last = None
    table = plain_table("Where", "Found", "Expected")
    for fault in faults:
        if fault.file != last and table.row_count:
            console.print(table)
            table = plain_table("Where", "Found", "Expected")
        if fault.file != last and fault.file:
            console.print(fault.file, style="bold")
        last = fault.file
        if console.width >= WIDE:
            table.add_row(fault.path or "-", fault.value or "-", fault.expected)
        else:
            _stack(console, fault)
    if table.row_count:
        console.print(table)


def _stack(console: Console, fault: Fault) -> None:
    """One fault over several lines."""
    from rich.table import Table  # noqa: PLC0415

    console.print(f"  {fault.path or 'the whole'}", soft_wrap=True)
    grid = Table.grid(padding=(0, 2))
    for name, text in (("found", fault.value), ("expected", fault.expected)):
        if text:
            grid.add_row("  ", name, text)
    console.print(grid)


@contextmanager
def busy(words: str) -> Iterator[None]:
    """Show on a terminal that something takes a while; say anywhere, once, that kernels are being compiled."""
    console = err()
    if console.is_terminal:
        with console.status(words) as status, heard_compiling(lambda _: status.update(_COMPILING)):
            yield
        return
    told: list[str] = []

    def tell(name: str) -> None:
        if not told:
            console.print(_COMPILING, soft_wrap=True)
        told.append(name)

    with heard_compiling(tell):
        yield


@contextmanager
def heard_compiling(begins: Callable[[str], object], ends: Callable[[str], object] | None = None) -> Iterator[None]:
    """Call with the name of each function when numba begins, and ends, to compile it."""
    from numba.core import event  # noqa: PLC0415

    class Listener(event.Listener):  # type: ignore[misc]  # numba has no types
        """Hears when numba begins and ends a function."""

        def on_start(self, event: Any) -> None:
            begins(event.data["dispatcher"].py_func.__name__)

        def on_end(self, event: Any) -> None:
            if ends is not None:
                ends(event.data["dispatcher"].py_func.__name__)

    with event.install_listener("numba:compile", Listener()):
        yield
