"""Stock from pandas frames, column by column."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pydantic import TypeAdapter, ValidationError

from promise_engine.errors import Fault, InputError, StockError, shown
from promise_engine.inputs.expectations import INSTANT
from promise_engine.inputs.stock_columns import (
    Dated,
    Records,
    Reservations,
    StockColumns,
    build_columns,
    no_safety,
    repeated_records,
)
from promise_engine.inputs.stock_records import field_place, pool_rows, taken_of
from promise_engine.inputs.tables import check_header, expect_frame
from promise_engine.models._base import Id, Instant
from promise_engine.units import NEVER, QUANTITY_SCALE, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from promise_engine.inputs.stock_columns import Int32, Int64
    from promise_engine.models.stock import StockDocument

_MOST = 10**12
_ID = TypeAdapter[str](Id)
_INSTANT = TypeAdapter[Any](Instant)
_SIGNED = "a number, from -1,000,000,000,000 to 1,000,000,000,000, with at most 3 decimals"
_COUNTED = "a number, 0 or more, at most 1,000,000,000,000, with at most 3 decimals"
_POSITIVE = "a number, above 0, at most 1,000,000,000,000, with at most 3 decimals"
_REQUIRED = "a value: this field is required"
_DRIFT = 1e-3
"""How far a float may lie from a whole thousandth, in thousandths."""


class StockFrames(NamedTuple):
    """The frames of one snapshot."""

    stock: pd.DataFrame
    receipts: pd.DataFrame | None
    reservations: pd.DataFrame | None
    commitments: pd.DataFrame | None


_COLUMNS = {
    "stock": (("site", "sku"), ("on_hand", "unsellable", "status", "safety_stock")),
    "receipts": (("site", "sku", "quantity", "expected_at"), ()),
    "reservations": (("site", "sku", "quantity"), ("channel", "segment")),
    "commitments": (("site", "sku", "quantity", "due_at"), ()),
}


def columns_of_frames(frames: StockFrames, rest: StockDocument) -> StockColumns:
    """The columns of frames, with `as_of` and what is taken from a document; StockError lists every fault."""
    faults: list[Fault] = []
    given = {name: frame for name, frame in frames._asdict().items() if frame is not None or name == "stock"}
    for name, frame in given.items():
        expect_frame(name, frame)
        required, optional = _COLUMNS[name]
        try:
            check_header([str(column) for column in frame.columns], (*required, *optional), required, name)
        except InputError as invalid:
            faults += invalid.faults
    if faults:
        raise StockError(faults)
    readers = {name: _Reader(name, frame, faults) for name, frame in given.items()}
    sites, site_codes = _shared_names(readers, "site")
    skus, sku_codes = _shared_names(readers, "sku")
    taken = taken_of(rest, field_place, faults)
    parts = _Parts(readers, site_codes, sku_codes, len(sites))
    records = parts.records()
    reservations, dated = (
        parts.reservations(),
        (parts.dated("receipts", "expected_at"), parts.dated("commitments", "due_at")),
    )
    if not faults:
        faults += [
            Fault(
                "stock",
                f"row {i + 1}",
                shown((sites[records.site[i]], skus[records.sku[i]])),
                "each site and SKU once",
                "duplicate",
            )
            for i in repeated_records(records)
        ]
    if faults:
        raise StockError(faults)
    return build_columns(instant(rest.as_of), (sites, skus), records, reservations, dated, taken, pool_rows(rest))


class _Reader:
    """Reads columns of one frame; faults name the frame, and rows from 1."""

    def __init__(self, name: str, frame: pd.DataFrame, faults: list[Fault]) -> None:
        self.name = name
        self.frame = frame
        self._faults = faults

    def __len__(self) -> int:
        return len(self.frame)

    def names(self, column: str) -> tuple[Int32, list[str]]:
        """The position of each row's name in a list of distinct names, -1 for none."""
        if column not in self.frame.columns:
            return np.full(len(self), -1, np.int32), []
        codes, uniques = self._factorized(column)
        texts = [
            str(value) if column == "sku" and isinstance(value, int) and not isinstance(value, bool) else value
            for value in uniques
        ]
        wrong = np.array([*(not _is_id(text, column) for text in texts), False])
        self._note(
            column,
            np.flatnonzero(wrong[codes]),
            "text" if column == "segment" else "an id of 1 to 100 characters without spaces",
        )
        if column in {"site", "sku"}:
            self._note(column, np.flatnonzero(codes < 0), _REQUIRED)
        return codes.astype(np.int32), [str(text) for text in texts]

    def quantities(self, column: str, bounds: tuple[int, str], missing: int | None) -> Int64:
        """Thousandths; `bounds` is the least quantity and what is expected, `missing` stands for no value."""
        if column not in self.frame.columns:
            return np.full(len(self), missing or 0, np.int64)
        series = self.frame[column]
        kind = series.dtype.kind if isinstance(series.dtype, np.dtype) else "O"
        values, wrong, empty = (
            _whole(series)
            if kind in "iu"
            else _scaled(series)
            if kind == "f"
            else _converted(*self._factorized(column))
        )
        least, words = bounds
        wrong = (wrong | (values < least) | (values > _MOST * QUANTITY_SCALE)) & ~empty
        self._note(column, np.flatnonzero(wrong), words)
        if missing is None:
            self._note(column, np.flatnonzero(empty), _REQUIRED)
        return np.where(empty, missing or 0, values)

    def instants(self, column: str) -> Int64:
        """Seconds since 1970-01-01 UTC."""
        import pandas as pd  # noqa: PLC0415

        series = self.frame[column]
        if isinstance(series.dtype, pd.DatetimeTZDtype):
            empty = series.isna().to_numpy()
            self._note(column, np.flatnonzero(empty), _REQUIRED)
            known = series.fillna(pd.Timestamp(0, tz="UTC")).dt.tz_convert("UTC")
            since: Int64 = ((known - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(seconds=1)).to_numpy(np.int64)
            return since
        codes, uniques = self._factorized(column)
        seconds = [_seconds(value) for value in uniques]
        wrong = np.array([*(value is None for value in seconds), False])
        self._note(column, np.flatnonzero(wrong[codes]), INSTANT)
        self._note(column, np.flatnonzero(codes < 0), _REQUIRED)
        return np.array([*(value or 0 for value in seconds), 0], np.int64)[codes]

    def sellable(self) -> NDArray[np.uint8]:
        """1 where the status lets the record be sold."""
        if "status" not in self.frame.columns:
            return np.ones(len(self), np.uint8)
        codes, uniques = self._factorized("status")
        wrong = np.array([*(value not in {"sellable", "not_sellable"} for value in uniques), False])
        self._note("status", np.flatnonzero(wrong[codes]), "one of: sellable, not_sellable")
        return np.array([*(value == "sellable" for value in uniques), True], np.uint8)[codes]

    def _factorized(self, column: str) -> tuple[Int64, list[Any]]:
        """The position of each row's value in the list of distinct values, -1 for none."""
        import pandas as pd  # noqa: PLC0415

        try:
            codes, uniques = pd.factorize(self.frame[column])
        except TypeError:
            raise StockError([Fault(self.name, column, "", "a column of single values")]) from None
        return codes.astype(np.int64), uniques.tolist()

    def _note(self, column: str, rows: Int64, words: str) -> None:
        series = self.frame[column]
        for row in rows.tolist():
            value = "" if words == _REQUIRED else shown(_plain(series.iloc[row]))
            self._faults.append(
                Fault(self.name, f"row {row + 1}.{column}", value, words, "missing" if not value else "invalid")
            )


class _Parts(NamedTuple):
    """The frames with their sites and SKUs as positions in shared names."""

    readers: dict[str, _Reader]
    site: dict[str, Int32]
    sku: dict[str, Int32]
    site_count: int

    def records(self) -> Records:
        """The records of the stock, then an empty one for each other pair that is named."""
        stock = self.readers["stock"]
        count = len(stock)
        keys = self._keys("stock")
        others = [self._keys(name) for name in self.readers if name != "stock"]
        bare = np.setdiff1d(np.concatenate(others), keys) if others else np.zeros(0, np.int64)
        more = len(bare)
        site, sku = bare % max(self.site_count, 1), bare // max(self.site_count, 1)
        low = -_MOST * QUANTITY_SCALE
        safety = (
            stock.quantities("safety_stock", (low, _SIGNED), NEVER)
            if "safety_stock" in stock.frame.columns
            else no_safety(count)
        )
        return Records(
            site=np.concatenate([self.site["stock"], site]).astype(np.int32),
            sku=np.concatenate([self.sku["stock"], sku]).astype(np.int32),
            on_hand=_padded(stock.quantities("on_hand", (low, _SIGNED), None), more, 0),
            unsellable=_padded(stock.quantities("unsellable", (0, _COUNTED), 0), more, 0),
            sellable=np.concatenate([stock.sellable(), np.ones(more, np.uint8)]),
            safety=_padded(safety, more, NEVER),
        )

    def reservations(self) -> Reservations:
        """The reservations, each with the position of its record."""
        if "reservations" not in self.readers:
            none = np.zeros(0, np.int32)
            return Reservations(np.zeros(0, np.int64), np.zeros(0, np.int64), none, none, (), ())
        reader = self.readers["reservations"]
        channels, channel = _sorted_names([reader.names("channel")])
        segments, segment = _sorted_names([reader.names("segment")])
        quantity = reader.quantities("quantity", (1, _POSITIVE), None)
        return Reservations(self._record("reservations"), quantity, channel[0], segment[0], channels, segments)

    def dated(self, name: str, column: str) -> Dated:
        """Receipts or commitments, each with the position of its record."""
        if name not in self.readers:
            return Dated(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
        reader = self.readers[name]
        return Dated(self._record(name), reader.instants(column), reader.quantities("quantity", (1, _POSITIVE), None))

    def _keys(self, name: str) -> Int64:
        return self.sku[name].astype(np.int64) * self.site_count + self.site[name]

    def _record(self, name: str) -> Int64:
        """The position of each row's record among the records."""
        stocked = self._keys("stock")
        others = [self._keys(other) for other in self.readers if other != "stock"]
        every = np.concatenate([stocked, np.setdiff1d(np.concatenate(others), stocked)])
        order = np.argsort(every, kind="stable")
        found: Int64 = order[np.searchsorted(every[order], self._keys(name))].astype(np.int64)
        return found


def _shared_names(readers: dict[str, _Reader], column: str) -> tuple[tuple[str, ...], dict[str, Int32]]:
    names, codes = _sorted_names([reader.names(column) for reader in readers.values()])
    return names, {reader: np.maximum(code, 0) for reader, code in zip(readers, codes, strict=True)}


def _sorted_names(columns: Sequence[tuple[Int32, list[str]]]) -> tuple[tuple[str, ...], list[Int32]]:
    """The names of all columns, sorted, and for each column the positions of its rows' names; -1 for none."""
    names = tuple(sorted({text for _, texts in columns for text in texts}))
    index = {text: i for i, text in enumerate(names)}
    return names, [np.array([*(index[text] for text in texts), -1], np.int32)[codes] for codes, texts in columns]


def _is_id(text: Any, column: str) -> bool:
    if column == "segment":
        return isinstance(text, str)
    try:
        _ID.validate_python(text)
    except ValidationError:
        return False
    return True


def _seconds(value: Any) -> int | None:
    try:
        return instant(_INSTANT.validate_python(value))
    except ValidationError:
        return None


def _whole(series: pd.Series[Any]) -> tuple[Int64, NDArray[np.bool_], NDArray[np.bool_]]:
    values = series.to_numpy()
    wrong = (values > _MOST) | (values < -_MOST) if values.dtype.kind == "i" else values > _MOST
    return np.where(wrong, 0, values).astype(np.int64) * QUANTITY_SCALE, wrong, np.zeros(len(values), np.bool_)


def _scaled(series: pd.Series[Any]) -> tuple[Int64, NDArray[np.bool_], NDArray[np.bool_]]:
    values = series.to_numpy(np.float64)
    empty = np.isnan(values)
    wrong = ~empty & ~(np.abs(values) <= _MOST)
    scaled = np.where(empty | wrong, 0.0, values) * QUANTITY_SCALE
    rounded = np.rint(scaled)
    wrong |= np.abs(scaled - rounded) > np.maximum(_DRIFT, np.abs(scaled) * 1e-15)
    return rounded.astype(np.int64), wrong, empty


def _converted(codes: Int64, uniques: list[Any]) -> tuple[Int64, NDArray[np.bool_], NDArray[np.bool_]]:
    amounts = [_thousandths(value) for value in uniques]
    values = np.array([*(amount or 0 for amount in amounts), 0], np.int64)[codes]
    wrong = np.array([*(amount is None for amount in amounts), False])[codes]
    return values, wrong, codes < 0


def _thousandths(value: Any) -> int | None:
    try:
        exact = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        return None
    if not exact.is_finite() or abs(exact) > _MOST:
        return None
    scaled = exact * QUANTITY_SCALE
    return int(scaled) if scaled == scaled.to_integral_value() else None


def _padded(values: Int64, more: int, value: int) -> Int64:
    return np.concatenate([values, np.full(more, value, np.int64)])


def _plain(value: Any) -> Any:
    convert: Callable[[], Any] | None = getattr(value, "item", None)
    return convert() if convert is not None else value
