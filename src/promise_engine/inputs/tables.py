"""Tables: CSV and Parquet files, and frames, as rows of given cells."""

from __future__ import annotations

import csv
import io
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine.errors import Fault, InputError, MissingExtraError, expect_type, shown
from promise_engine.inputs.documents import decoded, read_bytes
from promise_engine.inputs.faults import close

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd


class Table(NamedTuple):
    """Rows with the cells that are not empty, and the number of each row."""

    label: str
    rows: list[dict[str, Any]]
    numbers: list[int]


def read_table(path: Path, columns: Sequence[str], required: Sequence[str], label: str = "") -> Table:
    """The rows of a CSV or Parquet file; InputError for what is no table of these columns.

    The header of a CSV file is row 1; the rows of a Parquet file count from 1.
    """
    name = label or path.name
    if path.suffix.lower() == ".parquet":
        return _parquet(path, columns, required, name)
    return _csv(decoded(read_bytes(path, name), name), columns, required, name)


def expect_frame(name: str, value: object) -> None:
    """TypeError, with words how to make one, when an argument is no pandas frame."""
    try:
        pandas = import_module("pandas")
    except ImportError:
        raise MissingExtraError("reading frames", "frames") from None
    expect_type(name, value, pandas.DataFrame, "pandas.DataFrame(rows) or pandas.read_csv(path)")


def frame_table(frame: pd.DataFrame, columns: Sequence[str], required: Sequence[str]) -> Table:
    """The rows of a frame, counted from 1; InputError for what is no table of these columns."""
    expect_frame("frame", frame)
    check_header([str(name) for name in frame.columns], columns, required, "")
    given = frame.notna().to_numpy()
    records = frame.to_dict("records")
    rows = [
        {str(name): value for (name, value), there in zip(record.items(), row, strict=True) if there}
        for record, row in zip(records, given, strict=True)
    ]
    return Table("", rows, list(range(1, len(rows) + 1)))


def check_header(names: Sequence[str], columns: Sequence[str], required: Sequence[str], label: str) -> None:
    """InputError with every column that is unknown, stands twice, or is missing."""
    faults = [_unknown_column(label, name, columns) for name in names if name not in columns]
    faults += [
        Fault(label, "header", shown(name), "each column once", "duplicate_column")
        for i, name in enumerate(names)
        if name in names[:i]
    ]
    faults += [
        Fault(label, "header", "", f"a column `{name}`", "missing_column") for name in required if name not in names
    ]
    if faults:
        raise InputError(faults)


def _unknown_column(label: str, name: str, columns: Iterable[str]) -> Fault:
    return Fault(
        label, "header", shown(name), f"columns among {', '.join(columns)}{close(name, columns)}", "unknown_column"
    )


def _csv(text: str, columns: Sequence[str], required: Sequence[str], label: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    faults: list[Fault] = []
    header: list[str] | None = None
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if header is None:
                header = [cell.strip() for cell in cells]
                check_header(header, columns, required, label)
            elif len(cells) != len(header) and cells:
                faults.append(
                    Fault(label, f"row {number}", str(len(cells)), f"{len(header)} cells, as in the header", "cells")
                )
            elif cells:
                rows.append({name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()})
                numbers.append(number)
    except csv.Error as problem:
        faults.append(Fault(label, f"row {number + 1}", "", f"well-formed CSV ({problem})", "syntax"))
    if header is None and not faults:
        faults.append(Fault(label, "", "", "a header with the names of the columns; the file is empty", "empty"))
    if faults:
        raise InputError(faults)
    return Table(label, rows, numbers)


def _parquet(path: Path, columns: Sequence[str], required: Sequence[str], label: str) -> Table:
    try:
        pa, pq = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise MissingExtraError("reading Parquet files", "frames") from None
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as problem:
        raise InputError(
            [Fault(label, "", "", f"a readable Parquet file ({str(problem).splitlines()[0]})", "unreadable")]
        ) from None
    check_header(table.column_names, columns, required, label)
    rows = [{name: value for name, value in row.items() if value is not None} for row in table.to_pylist()]
    return Table(label, rows, list(range(1, len(rows) + 1)))
