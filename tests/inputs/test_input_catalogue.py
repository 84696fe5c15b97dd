"""Catalogues from records, documents, tables and frames."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from promise_engine.errors import CatalogueError
from promise_engine.inputs.catalogue import Catalogue
from promise_engine.models.catalogue import Item

from inputs.samples import sample

if TYPE_CHECKING:
    from pathlib import Path

CSV = """sku,name,weight_grams,length_mm,width_mm,height_mm,category,tags,step,minimum,maximum,preparation_work
A,,250,300,200,50,,aerosol,,,,
B,,,,,,fabric,,0.01,0.5,20,2
"""


def test_every_form_gives_the_same_catalogue(tmp_path: Path) -> None:
    """Records, document, CSV, Parquet, JSON and frame of the same items have one digest."""
    first = Catalogue.from_records(sample("catalogue")["items"])
    (tmp_path / "c.csv").write_text(CSV)
    frame = pd.read_csv(tmp_path / "c.csv")
    frame.to_parquet(tmp_path / "c.parquet")
    (tmp_path / "c.json").write_text(json.dumps(sample("catalogue")))
    others = [Catalogue.load(tmp_path / name) for name in ("c.csv", "c.parquet", "c.json")]
    others += [Catalogue.from_frame(frame), Catalogue.from_document(first.document()), Catalogue(first.items)]
    assert {other.digest for other in others} == {first.digest}
    assert all(other == first for other in others)


def test_a_list_of_items_is_a_catalogue(tmp_path: Path) -> None:
    """Items as in a document, and rows as pandas writes them, without a document around them; null is not given."""
    first = Catalogue.from_records(sample("catalogue")["items"])
    (tmp_path / "c.csv").write_text(CSV)
    (tmp_path / "items.json").write_text(json.dumps(sample("catalogue")["items"]))
    pd.read_csv(tmp_path / "c.csv").to_json(tmp_path / "rows.json", orient="records")
    assert [Catalogue.load(tmp_path / name) for name in ("items.json", "rows.json")] == [first, first]


def test_faults_of_a_list_of_items(tmp_path: Path) -> None:
    """They name the item, as those of a document."""
    (tmp_path / "c.json").write_text('[{"sku": "A", "tags": 5}, "B", {"sku": "A", "length_mm": 3}]')
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path / "c.json")
    assert [(fault.file, fault.path) for fault in caught.value.faults] == [
        ("c.json", "items.1"),
        ("c.json", "items[A].dimensions.height_mm"),
        ("c.json", "items[A].dimensions.width_mm"),
        ("c.json", "items[A].sku"),
        ("c.json", "items[A].tags"),
    ]


def test_order_does_not_matter() -> None:
    """Items are sorted by SKU, tags are a set."""
    one = Catalogue.from_records([{"sku": "B", "tags": ["x", "y"]}, {"sku": "A"}])
    other = Catalogue.from_records([Item.model_validate({"sku": "A"}), {"sku": "B", "tags": ["y", "x"]}])
    assert [item.sku for item in one.items] == ["A", "B"]
    assert (one.digest, hash(one)) == (other.digest, hash(other))


def test_items_are_found_by_sku() -> None:
    """A SKU has its item, an unknown one none; a number is its text."""
    catalogue = Catalogue.from_records([{"sku": 1001, "weight_grams": 5}])
    assert len(catalogue) == 1
    found = catalogue.get("1001")
    assert found is not None
    assert found.weight_grams == 5
    assert catalogue.get("1002") is None


def test_all_faults_of_a_table_come_at_once(tmp_path: Path) -> None:
    """Wrong values and repeated SKUs are told together, by row and column."""
    (tmp_path / "c.csv").write_text("sku,weight_grams,tags\nA,x,\nA,1,\nB,-1,a|b\n,1,\n")
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path / "c.csv")
    assert [fault.path for fault in caught.value.faults] == [
        "row 2.weight_grams",
        "row 3.sku",
        "row 4.weight_grams",
        "row 5.sku",
    ]


def test_rows_of_a_frame_count_from_one() -> None:
    """A fault of a frame names the row and the column."""
    with pytest.raises(CatalogueError) as caught:
        Catalogue.from_frame(pd.DataFrame({"sku": ["A", "B"], "weight_grams": [1, -1]}))
    assert [fault.path for fault in caught.value.faults] == ["row 2.weight_grams"]


def test_tags_are_separated_by_bars(tmp_path: Path) -> None:
    """A cell holds several tags."""
    (tmp_path / "c.csv").write_text("sku,tags\nA, fragile | heavy \n")
    (item,) = Catalogue.load(tmp_path / "c.csv").items
    assert item.tags == ("fragile", "heavy")


def test_two_equal_skus_are_refused() -> None:
    """Items made by hand are checked too."""
    with pytest.raises(CatalogueError):
        Catalogue([Item.model_validate({"sku": "A"}), Item.model_validate({"sku": "A"})])
