"""Stock snapshots: columns, digests, every form of input."""

from __future__ import annotations

import json
import pickle
import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from promise_engine.errors import StockError
from promise_engine.inputs.snapshot import StockSnapshot
from promise_engine.units import NEVER

from inputs.samples import AS_OF, sample

if TYPE_CHECKING:
    from pathlib import Path

RECORDS: list[dict[str, Any]] = [
    {
        "site": "metz",
        "sku": "B",
        "on_hand": "2.5",
        "reservations": [{"quantity": 2}, {"quantity": 1, "channel": "web"}, {"quantity": 1, "segment": "gold"}],
        "receipts": [
            {"quantity": 9, "expected_at": "2026-11-25T08:00:00+01:00"},
            {"quantity": 5, "expected_at": "2026-11-24T08:00:00+01:00"},
        ],
    },
    {"site": "lyon", "sku": "B", "on_hand": 4, "unsellable": 1, "status": "not_sellable", "safety_stock": -2},
    {"site": "lyon", "sku": "A", "commitments": [{"quantity": 3, "due_at": "1970-01-01T00:01:00Z"}]},
]


def frames() -> dict[str, pd.DataFrame]:
    """The records as frames."""
    return {
        "stock": pd.DataFrame(
            {
                "site": ["metz", "lyon", "lyon"],
                "sku": ["B", "B", "A"],
                "on_hand": [2.5, 4, 0],
                "unsellable": [0, 1, 0],
                "status": [None, "not_sellable", "sellable"],
                "safety_stock": [np.nan, -2, np.nan],
            }
        ),
        "receipts": pd.DataFrame(
            {
                "site": ["metz"] * 2,
                "sku": ["B"] * 2,
                "quantity": [9, 5],
                "expected_at": ["2026-11-25T08:00:00+01:00", "2026-11-24T07:00:00Z"],
            }
        ),
        "reservations": pd.DataFrame(
            {
                "site": ["metz"] * 3,
                "sku": ["B"] * 3,
                "quantity": [2, 1, 1],
                "channel": [None, "web", None],
                "segment": [None, None, "gold"],
            }
        ),
        "commitments": pd.DataFrame(
            {"site": ["lyon"], "sku": ["A"], "quantity": [3], "due_at": ["1970-01-01T00:01:00Z"]}
        ),
    }


def records() -> StockSnapshot:
    """The snapshot of the records."""
    return StockSnapshot.from_records(RECORDS, as_of=AS_OF)


def test_columns_are_sorted_by_sku_then_site() -> None:
    """Every column says what the records say, in thousandths and seconds."""
    columns = records().columns
    assert (columns.sites, columns.skus) == (("lyon", "metz"), ("A", "B"))
    assert (columns.site_index, columns.sku_index) == ({"lyon": 0, "metz": 1}, {"A": 0, "B": 1})
    assert columns.as_of == 1_795_176_000
    assert columns.sku_ptr.tolist() == [0, 1, 3]
    assert columns.site_idx.tolist() == [0, 0, 1]
    assert columns.on_hand.tolist() == [0, 4_000, 2_500]
    assert columns.unsellable.tolist() == [0, 1_000, 0]
    assert columns.sellable.tolist() == [1, 0, 1]
    assert columns.safety.tolist() == [NEVER, -2_000, NEVER]


def test_children_are_sorted_inside_their_record() -> None:
    """Reservations by channel and segment, receipts and commitments by instant."""
    columns = records().columns
    assert (columns.channels, columns.segments) == (("web",), ("gold",))
    assert columns.reservation_ptr.tolist() == [0, 0, 0, 3]
    assert columns.reservation_channel.tolist() == [-1, -1, 0]
    assert columns.reservation_segment.tolist() == [-1, 0, -1]
    assert columns.reservation_quantity.tolist() == [2_000, 1_000, 1_000]
    assert columns.receipt_ptr.tolist() == [0, 0, 0, 2]
    assert columns.receipt_at.tolist() == [1_795_503_600, 1_795_590_000]
    assert columns.receipt_quantity.tolist() == [5_000, 9_000]
    assert columns.commitment_ptr.tolist() == [0, 1, 1, 1]
    assert columns.commitment_at.tolist() == [60]


def test_arrays_are_read_only_and_typed() -> None:
    """Nobody can write to what is published."""
    for name, value in records().columns._asdict().items():
        if isinstance(value, np.ndarray):
            assert not value.flags.writeable, name
            assert value.dtype in {np.dtype(np.int64), np.dtype(np.int32), np.dtype(np.uint8)}, name


def test_what_is_taken_is_counted_by_its_key() -> None:
    """Slots by site and start, pools by day (and departure), windows and places by day."""
    columns = StockSnapshot.from_document(sample("stock")).columns
    assert columns.slots_taken == {("lyon", 1_795_417_200): 12}
    assert columns.pools_taken == {("van_1", 20_780, 0): 40}
    assert columns.windows_taken == {("home_13", 20_781, "08:00-13:00"): 3}
    assert columns.places_taken == {("tabac", 20_781): 3}


def test_order_does_not_matter() -> None:
    """Shuffled records, reservations and receipts give the same columns."""
    for seed in range(5):
        shuffled = [{**record} for record in random.Random(seed).sample(RECORDS, len(RECORDS))]
        for record in shuffled:
            for name in ("reservations", "receipts"):
                if name in record:
                    record[name] = random.Random(seed).sample(record[name], len(record[name]))
        assert StockSnapshot.from_records(shuffled, as_of=AS_OF).digest == records().digest


def test_content_matters() -> None:
    """Another quantity, status or instant is another stock."""
    for change in ({"on_hand": 5}, {"status": "sellable"}, {"safety_stock": None}):
        changed = [RECORDS[0], RECORDS[1] | change, RECORDS[2]]
        assert StockSnapshot.from_records(changed, as_of=AS_OF).digest != records().digest
    assert StockSnapshot.from_records(RECORDS, as_of="2026-11-20T12:00:01Z").digest != records().digest


def test_documents_pickles_and_files_keep_the_stock(tmp_path: Path) -> None:
    """A snapshot made of another's document, file or pickle is the same stock."""
    first = StockSnapshot.from_document(sample("stock"))
    (tmp_path / "stock.json").write_text(first.document().model_dump_json())
    copies = [
        StockSnapshot.from_document(first.document()),
        StockSnapshot.load(tmp_path / "stock.json"),
        pickle.loads(pickle.dumps(first)),  # noqa: S301 - our own
    ]
    assert {copy.digest for copy in copies} == {first.digest}


def test_frames_give_the_same_stock() -> None:
    """Columns of frames are those of the records."""
    assert StockSnapshot.from_frame(**frames(), as_of=AS_OF).digest == records().digest


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_folder_of_tables_gives_the_same_stock(tmp_path: Path, suffix: str) -> None:
    """Tables beside each other, and the instant, are a snapshot."""
    for name, frame in frames().items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False) if suffix == "csv" else frame.to_parquet(
            tmp_path / f"{name}.parquet"
        )
    (tmp_path / "snapshot.yaml").write_text(f"as_of: {AS_OF}")
    assert StockSnapshot.load(tmp_path).digest == records().digest
    assert StockSnapshot.load(tmp_path, as_of=AS_OF).digest == records().digest


def test_a_folder_holds_what_is_taken(tmp_path: Path) -> None:
    """What is taken may be tables, too."""
    document = sample("stock")
    for name in ("slots_taken", "pools_taken", "windows_taken", "places_taken"):
        pd.DataFrame(document[name]).to_csv(tmp_path / f"{name}.csv", index=False)
    (tmp_path / "stock.csv").write_text("site,sku\n")
    (tmp_path / "snapshot.yaml").write_text(f"as_of: {AS_OF}")
    loaded = StockSnapshot.load(tmp_path).columns
    expected = StockSnapshot.from_document(document | {"records": []}).columns
    assert loaded[-6:] == expected[-6:]


def test_supply_without_a_record_makes_one() -> None:
    """A receipt of a SKU that has no row at the site gives an empty record with that receipt."""
    given = frames()
    given["receipts"]["site"] = ["paris", "metz"]
    columns = StockSnapshot.from_frame(**given, as_of=AS_OF).columns
    assert columns.sites == ("lyon", "metz", "paris")
    assert columns.on_hand.tolist() == [0, 4_000, 2_500, 0]
    assert columns.receipt_ptr.tolist() == [0, 0, 0, 1, 2]


def test_aware_timestamps_need_no_text() -> None:
    """A column of timestamps with a time zone is read as it is."""
    given = frames()
    given["receipts"]["expected_at"] = pd.to_datetime(given["receipts"]["expected_at"], utc=True)
    assert StockSnapshot.from_frame(**given, as_of=AS_OF).digest == records().digest


@pytest.mark.parametrize(
    ("frame", "column", "values", "faults"),
    [
        ("stock", "site", ["metz", None, "ly on"], [("row 2.site", "missing"), ("row 3.site", "invalid")]),
        ("stock", "sku", ["B", "B", 1.5], [("row 3.sku", "invalid")]),
        ("stock", "sku", ["B", "B", "B"], [("row 3", "duplicate")]),
        (
            "stock",
            "on_hand",
            [1.0005, 1e13, -np.inf],
            [("row 1.on_hand", "invalid"), ("row 2.on_hand", "invalid"), ("row 3.on_hand", "invalid")],
        ),
        ("stock", "on_hand", ["1", "x", "0.0001"], [("row 2.on_hand", "invalid"), ("row 3.on_hand", "invalid")]),
        ("stock", "on_hand", [1, np.nan, None], [("row 2.on_hand", "missing"), ("row 3.on_hand", "missing")]),
        ("stock", "on_hand", [True, 1, [2]], [("on_hand", "invalid")]),
        ("stock", "unsellable", [0, -1, 2**62], [("row 2.unsellable", "invalid"), ("row 3.unsellable", "invalid")]),
        ("stock", "status", ["sold", None, "sellable"], [("row 1.status", "invalid")]),
        ("stock", "onhand", [1, 2, 3], [("header", "unknown_column")]),
        ("receipts", "quantity", [0, None], [("row 1.quantity", "invalid"), ("row 2.quantity", "missing")]),
        (
            "receipts",
            "expected_at",
            ["2026-11-24T08:00:00", None],
            [("row 1.expected_at", "invalid"), ("row 2.expected_at", "missing")],
        ),
        (
            "receipts",
            "expected_at",
            pd.to_datetime(["2026-11-24", "2026-11-25"]),
            [("row 1.expected_at", "invalid"), ("row 2.expected_at", "invalid")],
        ),
        ("reservations", "channel", ["a b", "web", None], [("row 1.channel", "invalid")]),
        ("reservations", "segment", [5, "gold", None], [("row 1.segment", "invalid")]),
    ],
)
def test_faults_of_frames(frame: str, column: str, values: Any, faults: list[tuple[str, str]]) -> None:
    """Wrong cells are told by frame, row and column."""
    given = frames()
    given[frame][column] = values
    with pytest.raises(StockError) as caught:
        StockSnapshot.from_frame(**given, as_of=AS_OF)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == faults
    assert {fault.file for fault in caught.value.faults} == {frame}


def test_faults_of_a_folder_name_file_and_row(tmp_path: Path) -> None:
    """Every table tells its faults, and so does the missing instant."""
    (tmp_path / "stock.csv").write_text("site,sku,on_hand\nlyon,A,x\n")
    (tmp_path / "receipts.csv").write_text("site,sku,quantity,expected_at\nlyon,A,1,soon\n")
    with pytest.raises(StockError) as caught:
        StockSnapshot.load(tmp_path)
    assert [(fault.file, fault.path) for fault in caught.value.faults] == [
        ("receipts.csv", "row 2.expected_at"),
        ("snapshot.yaml", ""),
        ("stock.csv", "row 2.on_hand"),
    ]


def test_a_table_alone_needs_an_instant(tmp_path: Path) -> None:
    """Without `as_of` a table of records is one fault."""
    (tmp_path / "stock.csv").write_text("site,sku,on_hand\nlyon,A,1\n")
    assert StockSnapshot.load(tmp_path / "stock.csv", as_of=AS_OF).columns.on_hand.tolist() == [1_000]
    with pytest.raises(StockError) as caught:
        StockSnapshot.load(tmp_path / "stock.csv")
    assert [fault.path for fault in caught.value.faults] == ["as_of"]


def test_a_list_of_records_needs_an_instant(tmp_path: Path) -> None:
    """A bare list is the records of the instant given, null is not given; without an instant the fault says so."""
    records = [{**record, "safety_stock": record.get("safety_stock")} for record in sample("stock")["records"]]
    (tmp_path / "s.json").write_text(json.dumps(records))
    expected = StockSnapshot.from_records(sample("stock")["records"], as_of=AS_OF)
    assert StockSnapshot.load(tmp_path / "s.json", as_of=AS_OF).digest == expected.digest
    with pytest.raises(StockError) as caught:
        StockSnapshot.load(tmp_path / "s.json")
    (fault,) = caught.value.faults
    assert (fault.file, fault.path) == ("s.json", "as_of")
    assert fault.expected.endswith("beside a list of records, `as_of` as an argument of `load`")


def test_the_instant_given_beats_the_one_written(tmp_path: Path) -> None:
    """Of a document as of a folder."""
    (tmp_path / "s.json").write_text(json.dumps(sample("stock")))
    later = "2026-11-22T12:00:00Z"
    expected = StockSnapshot.from_document(sample("stock") | {"as_of": later})
    assert StockSnapshot.load(tmp_path / "s.json", as_of=later).digest == expected.digest


def test_a_document_file_names_itself(tmp_path: Path) -> None:
    """Faults of a stock file carry its name."""
    (tmp_path / "s.json").write_text(json.dumps(sample("stock") | {"records": [{"site": "a", "sku": "b"}] * 2}))
    with pytest.raises(StockError) as caught:
        StockSnapshot.load(tmp_path / "s.json")
    assert [(fault.file, fault.path) for fault in caught.value.faults] == [("s.json", "records.1")]
