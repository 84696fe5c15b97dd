"""Stock from tables: a CSV or Parquet file of records, or a folder of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel

from promise_engine.errors import Fault, InputError, StockError
from promise_engine.inputs.documents import read_document
from promise_engine.inputs.faults import validated
from promise_engine.inputs.paths import Rows, Sources
from promise_engine.inputs.tables import read_table
from promise_engine.models._base import Id, Instant, Model, Sku
from promise_engine.models.stock import (
    Commitment,
    PlaceTaken,
    PoolReservation,
    PoolTaken,
    Receipt,
    Reservation,
    SlotTaken,
    StockDocument,
    StockRecord,
    WindowTaken,
)

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T", bound=BaseModel)


class _ReservationRow(Reservation):
    site: Id
    sku: Sku


class _ReceiptRow(Receipt):
    site: Id
    sku: Sku


class _CommitmentRow(Commitment):
    site: Id
    sku: Sku


class _StockRow(StockRecord):
    pass


class _RowsOf(Model, Generic[T]):
    rows: tuple[T, ...]


class _Moment(Model):
    format: Literal["promise-engine/stock/1"] = "promise-engine/stock/1"
    as_of: Instant


_STOCK_COLUMNS = ("site", "sku", "on_hand", "unsellable", "status", "safety_stock")
_CHILDREN: dict[str, type[BaseModel]] = {
    "reservations": _ReservationRow,
    "receipts": _ReceiptRow,
    "commitments": _CommitmentRow,
}
_TAKEN: dict[str, type[BaseModel]] = {
    "pool_reservations": PoolReservation,
    "slots_taken": SlotTaken,
    "pools_taken": PoolTaken,
    "windows_taken": WindowTaken,
    "places_taken": PlaceTaken,
}


class Tabled(NamedTuple):
    """A document made of tables, and where its parts came from: file and row."""

    document: StockDocument
    rows: dict[str, Rows]

    def place(self, field: str, position: int) -> tuple[str, str]:
        """The file and row of a part of the document."""
        return self.rows[field].place((field, position), None)


def stock_of_table(path: Path, as_of: Any) -> Tabled:
    """The document of one table of records."""
    faults: list[Fault] = []
    tables = {"records": _table(path, _StockRow, faults, _STOCK_COLUMNS)}
    return _assembled(tables, _checked_moment({"as_of": as_of} if as_of is not None else {}, path.name, faults), faults)


def stock_of_folder(folder: Path, as_of: Any) -> Tabled:
    """The document of a folder: `stock.csv`, and what else is there, with `as_of` in `snapshot.yaml`."""
    faults: list[Fault] = []
    tables = {"records": _table(_file_of(folder, "stock"), _StockRow, faults, _STOCK_COLUMNS)}
    for name, model in (*_CHILDREN.items(), *_TAKEN.items()):
        file = _file_of(folder, name)
        if file.is_file():
            tables[name] = _table(file, model, faults)
    return _assembled(tables, _moment(folder, as_of, faults), faults)


def _file_of(folder: Path, name: str) -> Path:
    parquet = folder / f"{name}.parquet"
    return parquet if parquet.is_file() else folder / f"{name}.csv"


class _Read(NamedTuple):
    rows: tuple[Any, ...]
    sources: Rows


def _table(path: Path, model: type[T], faults: list[Fault], columns: tuple[str, ...] = ()) -> _Read:
    fields = columns or tuple(model.model_fields)
    required = [name for name in fields if model.model_fields[name].is_required()]
    try:
        table = read_table(path, fields, required)
        sources = Rows(default=table.label, numbers=table.numbers)
        return _Read(validated(_RowsOf[model], {"rows": table.rows}, StockError, sources).rows, sources)  # type: ignore[valid-type]
    except InputError as invalid:
        faults += invalid.faults
        return _Read((), Rows())


def _moment(folder: Path, as_of: Any, faults: list[Fault]) -> Any:
    if as_of is not None:
        return _checked_moment({"as_of": as_of}, "", faults)
    files = [folder / f"snapshot{suffix}" for suffix in (".yaml", ".yml", ".json")]
    file = next((file for file in files if file.is_file()), files[0])
    try:
        return _checked_moment(read_document(file, file.name), file.name, faults)
    except InputError as invalid:
        faults += invalid.faults
        return None


def _checked_moment(data: Any, label: str, faults: list[Fault]) -> Any:
    try:
        return validated(_Moment, data, StockError, Sources(default=label)).as_of
    except StockError as invalid:
        faults += invalid.faults
        return None


def _assembled(tables: dict[str, _Read], as_of: Any, faults: list[Fault]) -> Tabled:
    if faults:
        raise StockError(faults)
    children: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for name in _CHILDREN:
        for row in tables[name].rows if name in tables else ():
            children.setdefault((row.site, row.sku), {}).setdefault(name, []).append(row)
    stocked = {(record.site, record.sku) for record in tables["records"].rows}
    bare = [
        StockRecord.model_validate({"site": site, "sku": sku}) for site, sku in children if (site, sku) not in stocked
    ]
    records = [
        record.model_copy(
            update={name: tuple(rows) for name, rows in children.get((record.site, record.sku), {}).items()}
        )
        for record in (*tables["records"].rows, *bare)
    ]
    taken = {name: tables[name].rows for name in _TAKEN if name in tables}
    document = StockDocument.model_validate({"as_of": as_of, "records": records, **taken})
    return Tabled(document, {name: read.sources for name, read in tables.items()})
