"""Changes of stock: each counts once, in the order of its source, whatever the order it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from promise_engine.errors import Fault, StockError
from promise_engine.inputs.faults import listed, told, validated
from promise_engine.inputs.stock_columns import frozen
from promise_engine.models.stock import DeltaDocument, StockDelta
from promise_engine.units import NEVER, QUANTITY_SCALE, quantity_of, thousandths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promise_engine.inputs.stock_columns import StockColumns

KEPT = 1_000
"""How many relatives that lie beyond a gap are kept at least, for each source, record and quantity."""

GREATEST = 10**12 * QUANTITY_SCALE
"""The greatest quantity of a record, in thousandths, as in the models."""

Pair: TypeAlias = tuple[str, str]
"""Site and SKU."""

DeltaBatch: TypeAlias = "Iterable[dict[str, Any] | StockDelta] | DeltaDocument | dict[str, Any]"
"""Deltas, or the document form of them."""

_QUANTITIES = ("on_hand", "unsellable")


class DeltaReport(NamedTuple):
    """What became of a batch of deltas."""

    applied: int
    duplicates: int  # applied, or left unresolved, before
    dropped: int  # a later absolute delta of the source already holds them, or they are more than `KEPT` deltas late
    unknown: tuple[StockDelta, ...]  # of a SKU or a site that the snapshot does not have


@dataclass(slots=True)
class Stream:
    """What one source has said of one quantity of one record.

    Every sequence from `first` to `last` is in: an absolute with the relatives that follow it without a gap.
    Nothing that comes later can part them, so their amounts are not kept. What lies before `first` is settled: the
    absolute there holds it. Relatives beyond a gap stay in `later`, because an absolute may still fall into the
    gap. When there are more than twice `KEPT`, all but the `KEPT` latest are settled too, and what comes into
    their gaps is dropped.
    """

    first: int = -1
    last: int = -1
    later: dict[int, int] = field(default_factory=dict)

    def knows(self, sequence: int) -> bool:
        """Whether this delta is in already."""
        return self.first <= sequence <= self.last or sequence in self.later

    def copy(self) -> Stream:
        """The same, to be changed apart."""
        return Stream(self.first, self.last, self.later.copy())

    def restart(self, sequence: int) -> int:
        """Take in an absolute; the sum of the relatives after it."""
        self.later = {late: amount for late, amount in self.later.items() if late > sequence}
        after = sum(self.later.values())
        self.first = self.last = sequence
        self._close()
        return after

    def add(self, sequence: int, amount: int) -> None:
        """Take in a relative."""
        self.later[sequence] = amount
        self._close()
        if len(self.later) > 2 * KEPT:
            settled = sorted(self.later)[:-KEPT]
            for early in settled:
                del self.later[early]
            self.first = self.last = settled[-1]
            self._close()

    def _close(self) -> None:
        """Move `last` to the next gap."""
        while self.later.pop(self.last + 1, None) is not None:
            self.last += 1


_SILENT = Stream()


@dataclass(slots=True)
class Ledger:
    """What is needed to take later deltas: streams by (source, site, SKU, quantity), values not cut at zero."""

    streams: dict[tuple[str, str, str, str], Stream] = field(default_factory=dict)
    values: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def take(self, other: Ledger) -> None:
        """Take over what a batch changed."""
        self.streams.update(other.streams)
        self.values.update(other.values)


def checked_deltas(deltas: DeltaBatch) -> tuple[StockDelta, ...]:
    """The deltas of a batch; StockError lists every fault."""
    data = deltas if isinstance(deltas, Mapping | DeltaDocument) else {"deltas": listed(deltas)}
    batch = validated(DeltaDocument, data, StockError).deltas
    faults = [
        Fault("", f"deltas.{i}.unsellable", told(delta.unsellable), "a number, 0 or more, in an absolute delta")
        for i, delta in enumerate(batch)
        if delta.kind == "absolute" and delta.unsellable is not None and delta.unsellable < 0
    ]
    faults += _conflicts(batch)
    if faults:
        raise StockError(faults)
    return batch


def _conflicts(batch: tuple[StockDelta, ...]) -> Iterator[Fault]:
    """A fault for each delta that says something else than an earlier one of its source, record and sequence."""
    said: dict[tuple[str, str, str, int], int] = {}
    for i, delta in enumerate(batch):
        first = said.setdefault((delta.source, delta.site, delta.sku, delta.sequence), i)
        if batch[first] != delta:
            words = f"another sequence, or what deltas.{first} says with this source, site, SKU and sequence"
            yield Fault("", f"deltas.{i}.sequence", told(delta.sequence), words, "conflict")


@dataclass(slots=True)
class Change:
    """A batch of deltas on top of columns and a ledger, neither of which it touches."""

    columns: StockColumns
    ledger: Ledger
    unresolved: dict[tuple[str, str, str, int], StockDelta]
    fresh: Ledger = field(default_factory=Ledger)
    unknown: dict[tuple[str, str, str, int], StockDelta] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"applied": 0, "duplicates": 0, "dropped": 0})
    positions: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def take(self, position: int, delta: StockDelta) -> None:
        """Use one delta of the batch."""
        site, sku, sequence = delta.site, delta.sku, delta.sequence
        if site not in self.columns.site_index or sku not in self.columns.sku_index:
            key = (delta.source, site, sku, sequence)
            if key in self.unresolved or key in self.unknown:
                self.counts["duplicates"] += 1
            else:
                self.unknown[key] = delta
        elif any(self._stream(delta, name).knows(sequence) for name in _QUANTITIES):
            self.counts["duplicates"] += 1
        else:
            used = [self._use(position, delta, name) for name in _QUANTITIES if getattr(delta, name) is not None]
            self.counts["applied" if any(used) else "dropped"] += 1

    def report(self) -> DeltaReport:
        """What became of the batch."""
        return DeltaReport(**self.counts, unknown=tuple(self.unknown.values()))

    def faults(self) -> list[Fault]:
        """Quantities that the batch takes out of range."""
        return [
            Fault(
                "",
                f"deltas.{self.positions[key]}.{key[2]}",
                told(quantity_of(value)),
                "a resulting quantity within 1,000,000,000,000",
            )
            for key, value in self.fresh.values.items()
            if abs(value) > GREATEST
        ]

    def changed_columns(self) -> StockColumns:
        """The columns after the batch."""
        if not self.fresh.values:
            return self.columns
        pairs = {(site, sku) for site, sku, _ in self.fresh.values}
        columns = _with_records(self.columns, [pair for pair in pairs if record_index(self.columns, pair) is None])
        arrays = {name: getattr(columns, name).copy() for name in _QUANTITIES}
        for (site, sku, name), value in self.fresh.values.items():
            at = record_index(columns, (site, sku))
            arrays[name][at] = max(value, 0) if name == "unsellable" else value
        return frozen(columns._replace(**arrays))

    def _stream(self, delta: StockDelta, name: str) -> Stream:
        key = (delta.source, delta.site, delta.sku, name)
        return self.fresh.streams.get(key) or self.ledger.streams.get(key, _SILENT)

    def _use(self, position: int, delta: StockDelta, name: str) -> bool:
        if delta.sequence < self._stream(delta, name).first:
            return False
        key, amount = (delta.site, delta.sku, name), thousandths(getattr(delta, name))
        stream = self._own_stream(delta, name)
        if delta.kind == "absolute":
            self.fresh.values[key] = amount + stream.restart(delta.sequence)
        else:
            self.fresh.values[key] = self._value(key) + amount
            stream.add(delta.sequence, amount)
        self.positions[key] = position
        return True

    def _own_stream(self, delta: StockDelta, name: str) -> Stream:
        """The stream of this batch, a copy of what the ledger has when first asked for."""
        key = (delta.source, delta.site, delta.sku, name)
        if key not in self.fresh.streams:
            self.fresh.streams[key] = self.ledger.streams.get(key, _SILENT).copy()
        return self.fresh.streams[key]

    def _value(self, key: tuple[str, str, str]) -> int:
        for ledger in (self.fresh, self.ledger):
            if key in ledger.values:
                return ledger.values[key]
        at = record_index(self.columns, key[:2])
        return 0 if at is None else int(getattr(self.columns, key[2])[at])


def record_index(columns: StockColumns, pair: Pair) -> int | None:
    """The position of a record, or None; both its site and its SKU are in the columns."""
    site, sku = columns.site_index[pair[0]], columns.sku_index[pair[1]]
    at = _place(columns, site, sku)
    return at if at < columns.sku_ptr[sku + 1] and columns.site_idx[at] == site else None


def _place(columns: StockColumns, site: int, sku: int) -> int:
    low, high = int(columns.sku_ptr[sku]), int(columns.sku_ptr[sku + 1])
    return low + int(np.searchsorted(columns.site_idx[low:high], site))


def _with_records(columns: StockColumns, pairs: list[Pair]) -> StockColumns:
    """The columns with an empty record for each pair of a known site and a known SKU."""
    if not pairs:
        return columns
    added = sorted((columns.sku_index[sku], columns.site_index[site]) for site, sku in pairs)
    places = np.array([_place(columns, site, sku) for sku, site in added])
    counts = np.bincount([sku for sku, _ in added], minlength=len(columns.skus))
    return columns._replace(
        sku_ptr=columns.sku_ptr + np.concatenate(([0], np.cumsum(counts))),
        site_idx=np.insert(columns.site_idx, places, [site for _, site in added]),
        on_hand=np.insert(columns.on_hand, places, 0),
        unsellable=np.insert(columns.unsellable, places, 0),
        sellable=np.insert(columns.sellable, places, 1),
        safety=np.insert(columns.safety, places, NEVER),
        reservation_ptr=np.insert(columns.reservation_ptr, places, columns.reservation_ptr[places]),
        receipt_ptr=np.insert(columns.receipt_ptr, places, columns.receipt_ptr[places]),
        commitment_ptr=np.insert(columns.commitment_ptr, places, columns.commitment_ptr[places]),
    )
