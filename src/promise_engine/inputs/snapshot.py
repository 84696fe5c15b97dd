"""The stock of every site at an instant, and what is taken of capacity."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from promise_engine.errors import Fault, InputError, StockError
from promise_engine.inputs.deltas import Change, DeltaBatch, DeltaReport, Ledger, checked_deltas
from promise_engine.inputs.documents import read_documents
from promise_engine.inputs.faults import listed, validated
from promise_engine.inputs.paths import Sources
from promise_engine.inputs.stock_columns import StockColumns, columns_digest
from promise_engine.inputs.stock_records import columns_of, document_of
from promise_engine.inputs.stock_tables import stock_of_folder, stock_of_table
from promise_engine.models.stock import StockDelta, StockDocument, StockRecord

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import pandas as pd


class StockSnapshot:
    """Stock by site and SKU as of an instant. It depends on no network; any engine may use it.

    `columns` is replaced as a whole by `apply`: a reader that took it sees one state, and may keep it.

    Examples
    --------
    >>> stock = StockSnapshot.from_records(
    ...     [{"site": "lyon", "sku": "A", "on_hand": 3}], as_of="2026-11-21T12:00:00+01:00"
    ... )
    >>> stock.columns.on_hand.tolist()
    [3000]
    """

    __slots__ = ("_columns", "_digested", "_ledger", "_lock", "_unresolved")

    def __init__(self, columns: StockColumns) -> None:
        """Start from columns."""
        self._columns = columns
        self._digested: tuple[StockColumns, str] | None = None
        self._ledger = Ledger()
        self._unresolved: dict[tuple[str, str, str, int], StockDelta] = {}
        self._lock = Lock()

    @classmethod
    def from_records(
        cls,
        records: Iterable[dict[str, Any] | StockRecord],
        *,
        as_of: datetime | str,
        pool_reservations: Iterable[Any] = (),
        slots_taken: Iterable[Any] = (),
        pools_taken: Iterable[Any] = (),
        windows_taken: Iterable[Any] = (),
        places_taken: Iterable[Any] = (),
    ) -> Self:
        """A snapshot of records; StockError lists every fault."""
        rest = _rest(as_of, pool_reservations, slots_taken, pools_taken, windows_taken, places_taken)
        return cls.from_document({**rest, "records": listed(records)})

    @classmethod
    def from_document(cls, document: StockDocument | dict[str, Any]) -> Self:
        """A snapshot of its document form; StockError lists every fault."""
        return cls(columns_of(validated(StockDocument, document, StockError)))

    @classmethod
    def from_frame(
        cls,
        stock: pd.DataFrame,
        receipts: pd.DataFrame | None = None,
        reservations: pd.DataFrame | None = None,
        *,
        as_of: datetime | str,
        commitments: pd.DataFrame | None = None,
        pool_reservations: Iterable[Any] = (),
        slots_taken: Iterable[Any] = (),
        pools_taken: Iterable[Any] = (),
        windows_taken: Iterable[Any] = (),
        places_taken: Iterable[Any] = (),
    ) -> Self:
        """A snapshot of pandas frames, without a loop over rows; StockError lists every fault.

        Parameters
        ----------
        stock
            Columns `site`, `sku`, and any of `on_hand` (0 without the column; no cell of it may be empty),
            `unsellable`, `status`, `safety_stock`.
        receipts
            Columns `site`, `sku`, `quantity`, `expected_at`.
        reservations
            Columns `site`, `sku`, `quantity`, and any of `channel`, `segment`.
        as_of
            The instant of the stock.
        commitments
            Columns `site`, `sku`, `quantity`, `due_at`.
        pool_reservations, slots_taken, pools_taken, windows_taken, places_taken
            Records, as in the document.

        """
        from promise_engine.inputs.stock_frames import StockFrames, columns_of_frames  # noqa: PLC0415

        frames = StockFrames(stock, receipts, reservations, commitments)
        rest = _rest(as_of, pool_reservations, slots_taken, pools_taken, windows_taken, places_taken)
        return cls(columns_of_frames(frames, validated(StockDocument, rest, StockError)))

    @classmethod
    def load(cls, path: str | Path, *, as_of: datetime | str | None = None) -> Self:
        """A snapshot of a document or list of records (JSON, YAML), a table of records (CSV, Parquet), or a folder.

        A folder holds `stock.csv` and any of `receipts`, `reservations`, `commitments`,
        `pool_reservations`, `slots_taken`, `pools_taken`, `windows_taken`, `places_taken` (CSV or Parquet), and
        `as_of` in `snapshot.yaml`.
        A table or a list alone says no instant: give `as_of`. What is given here beats what is written.
        """
        file = Path(path)
        try:
            if file.is_dir() or file.suffix.lower() in {".csv", ".parquet"}:
                tabled = (stock_of_folder if file.is_dir() else stock_of_table)(file, as_of)
                return cls(columns_of(tabled.document, tabled.place))
            ((label, data),) = read_documents(file)
        except InputError as invalid:
            raise StockError(invalid.faults) from None
        document = validated(StockDocument, _dated(data, as_of, label), StockError, Sources(default=label))
        return cls(columns_of(document, lambda field, i: (label, f"{field}.{i}")))

    def apply(self, deltas: DeltaBatch) -> DeltaReport:
        """Take a batch of changes: all of it is published at once, or, after a StockError, nothing.

        The batch is an iterable of deltas, or the dict of a delta document. Each delta counts once per (source, site,
        SKU, sequence), in the order of its source: a relative delta not later than the last absolute of its source is
        dropped, a late absolute keeps the relatives after it. Two of one batch that contradict each other are a fault.
        One that more than 1,000 later deltas of its source and record have overtaken may be dropped (see `StockDelta`).
        Deltas of a SKU or a site that the snapshot does not have are kept in `unresolved`.
        """
        batch = checked_deltas(deltas)
        with self._lock:
            change = Change(self._columns, self._ledger, self._unresolved)
            for position, delta in enumerate(batch):
                change.take(position, delta)
            faults = change.faults()
            if faults:
                raise StockError(faults)
            columns = change.changed_columns()
            self._ledger.take(change.fresh)
            self._unresolved.update(change.unknown)
            self._columns = columns
        return change.report()

    @property
    def unresolved(self) -> tuple[StockDelta, ...]:
        """Deltas of a SKU or a site that the snapshot does not have, in the order received."""
        return tuple(self._unresolved.values())

    @property
    def columns(self) -> StockColumns:
        """The stock as of now: one immutable state."""
        return self._columns

    @property
    def digest(self) -> str:
        """Sha256 of the stock; equal stock has an equal digest, whatever the order it came in."""
        columns, digested = self._columns, self._digested
        if digested is None or digested[0] is not columns:
            digested = (columns, columns_digest(columns))
            self._digested = digested
        return digested[1]

    def document(self) -> StockDocument:
        """The document form; a snapshot made from it has the same digest."""
        return document_of(self._columns)

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the lock, for pickling."""
        return {
            "_columns": self._columns,
            "_digested": None,
            "_ledger": self._ledger,
            "_unresolved": dict(self._unresolved),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore, with a lock of its own."""
        for name, value in state.items():
            setattr(self, name, value)
        self._lock = Lock()


def _dated(data: Any, as_of: datetime | str | None, label: str) -> Any:
    """The data of a document with the instant given; a bare list becomes its records, where null is not given."""
    if isinstance(data, list):
        if as_of is None:
            words = (
                "a mapping with `as_of` and `records`, or, beside a list of records, `as_of` as an argument of `load`"
            )
            raise StockError([Fault(label, "as_of", "", words, "missing")])
        rows = [{k: v for k, v in row.items() if v is not None} if isinstance(row, dict) else row for row in data]
        return {"as_of": as_of, "records": rows}
    return {**data, "as_of": as_of} if isinstance(data, dict) and as_of is not None else data


def _rest(as_of: Any, *taken: Iterable[Any]) -> dict[str, Any]:
    """A document without records."""
    names = ("pool_reservations", "slots_taken", "pools_taken", "windows_taken", "places_taken")
    return {"as_of": as_of, **{name: listed(rows) for name, rows in zip(names, taken, strict=True)}}
