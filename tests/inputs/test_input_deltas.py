"""Deltas: each counts once, in the order of its source, all of a batch or nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promise_engine.errors import StockError
from promise_engine.inputs import deltas
from promise_engine.inputs.deltas import KEPT, DeltaReport, Stream, record_index
from promise_engine.inputs.snapshot import StockSnapshot
from promise_engine.models.stock import DeltaDocument

from inputs.samples import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable


def stock() -> StockSnapshot:
    """Two sites, two SKUs, three records."""
    rows = [("lyon", "A", 10), ("lyon", "B", 20), ("metz", "A", 30)]
    records = [{"site": site, "sku": sku, "on_hand": on_hand, "unsellable": 1} for site, sku, on_hand in rows]
    records[2]["reservations"] = [{"quantity": 4, "channel": "web"}]
    return StockSnapshot.from_records(records, as_of=AS_OF)


def delta(sequence: int, kind: str, on_hand: float | None = None, **given_fields: Any) -> dict[str, Any]:
    """A delta of `wms` for SKU A at Lyon, unless said otherwise."""
    base = {"source": "wms", "site": "lyon", "sku": "A", "sequence": sequence, "kind": kind}
    return base | ({} if on_hand is None else {"on_hand": on_hand}) | given_fields


def on_hand(snapshot: StockSnapshot, site: str = "lyon", sku: str = "A", name: str = "on_hand") -> float:
    """A quantity of a record, in units."""
    at = record_index(snapshot.columns, (site, sku))
    return float(getattr(snapshot.columns, name)[at]) / 1_000


def counts(report: DeltaReport) -> tuple[int, int, int, int]:
    """Applied, duplicates, dropped, unknown."""
    return report.applied, report.duplicates, report.dropped, len(report.unknown)


def test_absolute_replaces_and_relative_adds() -> None:
    """10, then 50, then 50 - 3; the unsellable 1 becomes 1 + 2."""
    snapshot = stock()
    report = snapshot.apply([delta(1, "absolute", 50), delta(2, "relative", -3, unsellable=2)])
    assert counts(report) == (2, 0, 0, 0)
    assert (on_hand(snapshot), on_hand(snapshot, name="unsellable")) == (47, 3)


def test_a_batch_may_be_a_document() -> None:
    """Its dict and its model do the same as its deltas; another format is refused."""
    document = {"format": "promise-engine/deltas/1", "deltas": [delta(1, "relative", 5)]}
    for batch in (document, DeltaDocument.model_validate(document)):
        snapshot = stock()
        assert counts(snapshot.apply(batch)) == (1, 0, 0, 0)
        assert on_hand(snapshot) == 15
    with pytest.raises(StockError) as caught:
        stock().apply(document | {"format": "promise-engine/stock/1"})
    assert [(fault.path, fault.expected) for fault in caught.value.faults] == [("format", "`promise-engine/deltas/1`")]


def test_a_delta_counts_once() -> None:
    """The same sequence again, in this batch or a later one, changes nothing."""
    snapshot = stock()
    assert counts(snapshot.apply([delta(1, "relative", 5), delta(1, "relative", 5)])) == (1, 1, 0, 0)
    assert counts(snapshot.apply([delta(1, "relative", 5)])) == (0, 1, 0, 0)
    assert on_hand(snapshot) == 15


def test_two_deltas_of_a_batch_that_contradict_each_other_are_a_fault() -> None:
    """In either order the second is at fault, and nothing of the batch is taken."""
    batch = [delta(1, "relative", 5), delta(1, "absolute", 5), delta(2, "relative", 1)]
    for either in (batch, [batch[1], batch[0], batch[2]]):
        snapshot = stock()
        with pytest.raises(StockError) as caught:
            snapshot.apply(either)
        assert [("deltas.1.sequence", "conflict")] == [(fault.path, fault.code) for fault in caught.value.faults]
        assert 10 == on_hand(snapshot)


def test_an_older_relative_is_dropped() -> None:
    """An absolute holds every relative before it; each source and each record has its own order."""
    snapshot = stock()
    snapshot.apply([delta(5, "absolute", 50)])
    late = [delta(4, "relative", 7), delta(4, "relative", 1, source="shop"), delta(4, "relative", 2, sku="B")]
    assert counts(snapshot.apply(late)) == (2, 0, 1, 0)
    assert (on_hand(snapshot), on_hand(snapshot, sku="B")) == (51, 22)


def test_a_late_absolute_keeps_the_relatives_after_it() -> None:
    """Relative 7 came first, then absolute 6: 50 + 3; a still older absolute is dropped."""
    snapshot = stock()
    snapshot.apply([delta(7, "relative", 3)])
    assert counts(snapshot.apply([delta(6, "absolute", 50)])) == (1, 0, 0, 0)
    assert counts(snapshot.apply([delta(5, "absolute", 99)])) == (0, 0, 1, 0)
    assert on_hand(snapshot) == 53


def test_quantities_have_their_own_absolutes() -> None:
    """An absolute of what is on hand says nothing of what is unsellable."""
    snapshot = stock()
    snapshot.apply([delta(5, "absolute", 50), delta(3, "relative", 9, unsellable=2)])
    assert (on_hand(snapshot), on_hand(snapshot, name="unsellable")) == (50, 3)


def test_unknown_skus_and_sites_are_kept() -> None:
    """They are reported, kept once, and can be given to a later snapshot."""
    snapshot = stock()
    strange = [
        delta(1, "relative", 5, site="paris"),
        delta(1, "relative", 5, sku="Z"),
        delta(1, "relative", 5, sku="Z"),
    ]
    report = snapshot.apply(strange)
    assert counts(report) == (0, 1, 0, 2)
    assert counts(snapshot.apply(strange)) == (0, 3, 0, 0)
    assert snapshot.unresolved == report.unknown
    later = StockSnapshot.from_records([{"site": "paris", "sku": "Z"}, {"site": "lyon", "sku": "A"}], as_of=AS_OF)
    assert counts(later.apply(snapshot.unresolved)) == (2, 0, 0, 0)


def test_a_known_pair_without_a_record_gets_one() -> None:
    """Site and SKU are known, the record is new; the others keep their place and children."""
    snapshot = stock()
    assert counts(snapshot.apply([delta(1, "absolute", 8, site="metz", sku="B")])) == (1, 0, 0, 0)
    columns = snapshot.columns
    assert columns.sku_ptr.tolist() == [0, 2, 4]
    assert columns.on_hand.tolist() == [10_000, 30_000, 20_000, 8_000]
    assert columns.reservation_ptr.tolist() == [0, 0, 1, 1, 1]
    assert StockSnapshot.from_document(snapshot.document()).digest == snapshot.digest


def test_unsellable_is_never_shown_below_zero() -> None:
    """A relative that comes before its counterpart is not lost by showing zero meanwhile."""
    snapshot = stock()
    snapshot.apply([delta(2, "relative", unsellable=-4)])
    assert on_hand(snapshot, name="unsellable") == 0
    snapshot.apply([delta(1, "relative", unsellable=5)])
    assert on_hand(snapshot, name="unsellable") == 2


def test_a_batch_with_a_fault_changes_nothing() -> None:
    """Every fault is told, and neither columns nor memory of sequences change."""
    snapshot = stock()
    before = snapshot.columns
    bad = [delta(1, "relative", 5), delta(2, "set", 5), delta(3, "absolute", unsellable="x")]
    with pytest.raises(StockError) as caught:
        snapshot.apply(bad)
    assert [fault.path for fault in caught.value.faults] == ["deltas.1.kind", "deltas.2.unsellable"]
    with pytest.raises(StockError):
        snapshot.apply([delta(1, "relative", 5), delta(2, "relative", 10**12)])
    assert snapshot.columns is before
    assert counts(snapshot.apply([delta(1, "relative", 5)])) == (1, 0, 0, 0)


def test_old_columns_stay_as_they_were() -> None:
    """A reader keeps the state it took; an update without effect publishes nothing new."""
    snapshot = stock()
    before, digest = snapshot.columns, snapshot.digest
    snapshot.apply([delta(1, "relative", 5)])
    assert before.on_hand.tolist() == [10_000, 30_000, 20_000]
    assert snapshot.columns is not before
    assert snapshot.digest != digest
    after = snapshot.columns
    snapshot.apply([delta(1, "relative", 5)])
    assert snapshot.columns is after


def test_readers_never_see_half_a_batch() -> None:
    """While batches move one unit between two sites, their sum never changes."""
    snapshot = stock()
    wrong: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            total = int(snapshot.columns.on_hand[:2].sum())
            if total != 40_000:
                wrong.append(total)

    reader = threading.Thread(target=read)
    reader.start()
    for i in range(200):
        snapshot.apply([delta(i, "relative", -1), delta(i, "relative", 1, site="metz")])
    done.set()
    reader.join()
    assert wrong == []


_CHANGES = st.builds(
    lambda source, sku, sequence, kind, amount, unsellable: (
        delta(sequence, kind, amount, source=source, sku=sku)
        | ({} if unsellable is None else {"unsellable": unsellable})
    ),
    st.just("wms"),
    st.sampled_from("AB"),
    st.integers(0, 12),
    st.sampled_from(("absolute", "relative")),
    st.integers(-5, 50),
    st.none() | st.integers(0, 5),
)


def _expected(changes: Iterable[dict[str, Any]], sku: str, name: str, start: float) -> float:
    """The last absolute, or the start, plus the relatives after it."""
    mine = sorted((c for c in changes if c["sku"] == sku and name in c), key=lambda c: c["sequence"])
    last = max((i for i, c in enumerate(mine) if c["kind"] == "absolute"), default=None)
    base = start if last is None else mine[last][name]
    return float(base + sum(c[name] for c in mine[0 if last is None else last + 1 :]))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_CHANGES, max_size=15, unique_by=lambda c: (c["sku"], c["sequence"])),
    st.randoms(use_true_random=False),
    st.integers(1, 4),
)
def test_disorder_and_repetition_do_not_matter(changes: list[dict[str, Any]], random: Any, size: int) -> None:
    """Shuffled, repeated and cut into batches, the deltas of a source leave what they say in their own order."""
    snapshot = stock()
    sent = [*changes, *random.sample(changes, len(changes) // 2)]
    random.shuffle(sent)
    for start in range(0, len(sent), size):
        snapshot.apply(sent[start : start + size])
    for sku, first in (("A", 10), ("B", 20)):
        assert on_hand(snapshot, sku=sku) == _expected(changes, sku, "on_hand", first)
        assert on_hand(snapshot, sku=sku, name="unsellable") == max(0, _expected(changes, sku, "unsellable", 1))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(_CHANGES, max_size=40, unique_by=lambda c: (c["sku"], c["sequence"])),
    st.randoms(use_true_random=False),
    st.integers(1, 9),
)
def test_deltas_that_are_little_late_count(changes: list[dict[str, Any]], random: Any, size: int) -> None:
    """However few relatives are kept, a delta that at most so many overtook counts, and a repetition never does."""
    kept = 2
    changes.sort(key=lambda c: c["sequence"])
    late = {id(c): i + random.randint(0, kept) for i, c in enumerate(changes)}
    sent = sorted(changes, key=lambda c: late[id(c)])
    for i in sorted((random.randrange(len(sent)) for _ in range(len(sent) // 2)), reverse=True):
        sent.insert(random.randint(i, len(sent)), sent[i])
    snapshot = stock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deltas, "KEPT", kept)
        for start in range(0, len(sent), size):
            snapshot.apply(sent[start : start + size])
    for sku, first in (("A", 10), ("B", 20)):
        assert on_hand(snapshot, sku=sku) == _expected(changes, sku, "on_hand", first)
        assert on_hand(snapshot, sku=sku, name="unsellable") == max(0, _expected(changes, sku, "unsellable", 1))


def test_relatives_without_a_gap_are_not_kept() -> None:
    """After an absolute, or from sequence 0, each closes up; one in disorder waits for the gap to be filled."""
    stream = Stream()
    for sequence in (0, 1, 3, 4):
        stream.add(sequence, 1)
    assert (stream.first, stream.last, stream.later) == (-1, 1, {3: 1, 4: 1})
    stream.add(2, 1)
    assert (stream.last, stream.later) == (4, {})
    assert stream.restart(7) == 0
    stream.add(8, 1)
    assert (stream.first, stream.last, stream.later) == (7, 8, {})
    assert [sequence for sequence in range(10) if stream.knows(sequence)] == [7, 8]


def test_memory_has_an_end() -> None:
    """Of a source that leaves gaps and never sends an absolute, the latest relatives are kept, and no more than twice
    as many."""
    stream = Stream()
    for sequence in range(10, 30_000, 3):
        stream.add(sequence, 1)
        assert len(stream.later) <= 2 * KEPT
    assert len(stream.later) >= KEPT
    assert stream.first == stream.last == min(stream.later) - 3


def test_a_delta_that_is_far_too_late_is_dropped() -> None:
    """It cannot be told from a repetition any more: of the record nothing changes, and the report says so."""
    snapshot = stock()
    snapshot.apply([delta(sequence, "relative", 1) for sequence in range(1, 6 * KEPT, 2)])
    before = on_hand(snapshot)
    assert counts(snapshot.apply([delta(2, "relative", 5), delta(1, "relative", 1)])) == (0, 0, 2, 0)
    assert counts(snapshot.apply([delta(6 * KEPT - 2, "relative", 5)])) == (1, 0, 0, 0)
    assert on_hand(snapshot) == before + 5
