"""The stock of every site at an instant, and what is taken of capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from promise_engine.errors import StockError
from promise_engine.inputs.faults import validated
from promise_engine.inputs.stock_columns import StockColumns, columns_digest
from promise_engine.inputs.stock_records import columns_of, document_of
from promise_engine.models.stock import StockDocument, StockRecord

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


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

    __slots__ = ("_columns",)

    def __init__(self, columns: StockColumns) -> None:
        self._columns = columns

    @classmethod
    def from_records(
        cls,
        records: Iterable[dict[str, Any] | StockRecord],
        *,
        as_of: datetime | str,
        slots_taken: Iterable[Any] = (),
        pools_taken: Iterable[Any] = (),
        windows_taken: Iterable[Any] = (),
        places_taken: Iterable[Any] = (),
    ) -> Self:
        """A snapshot of records; StockError lists every fault."""
        taken = {"slots_taken": slots_taken, "pools_taken": pools_taken, "windows_taken": windows_taken, "places_taken": places_taken}
        return cls.from_document(
            {"as_of": as_of, "records": list(records), **{name: list(rows) for name, rows in taken.items()}}
        )

    @classmethod
    def from_document(cls, document: StockDocument | dict[str, Any]) -> Self:
        """A snapshot of its document form; StockError lists every fault."""
        return cls(columns_of(validated(StockDocument, document, StockError)))

    @property
    def columns(self) -> StockColumns:
        """The stock as of now: one immutable state."""
        return self._columns

    @property
    def digest(self) -> str:
        """Sha256 of the stock; equal stock has an equal digest, whatever the order it came in."""
        return columns_digest(self._columns)

    def document(self) -> StockDocument:
        """The document form; a snapshot made from it has the same digest."""
        return document_of(self._columns)
