"""Paths and words of faults."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from promise_engine.inputs.expectations import expected
from promise_engine.inputs.faults import close, faults_of, told
from promise_engine.inputs.paths import Rows, Sources, path_text
from promise_engine.models.network import NetworkDocument
from promise_engine.models.site import Handling

from inputs.samples import changed, sample


@pytest.mark.parametrize(
    ("loc", "path"),
    [
        ((), ""),
        (("sites",), "sites"),
        (("sites", 0), "sites[lyon]"),
        (("sites", 0, "preparation", "plan", "slots", 1, "end"), "sites[lyon].preparation.plan.slots.1.end"),
        (("zone_sets", 0, "zones", 1, "areas", 0), "zone_sets[france].zones[mainland].areas.0"),
        (("collections", 1, "sites", 0), "collections.1.sites.0"),
        (("sites", 99, "id"), "sites.99.id"),
        (("methods", 2, "price", "<tariff>", "percent"), "methods[point].price.percent"),
        (("settings", "horizon_days", "int"), "settings.horizon_days"),
        (
            ("sites", 0, "preparation", "order_cut_off", "times", "mon", "[key]"),
            "sites[lyon].preparation.order_cut_off.times.mon",
        ),
    ],
)
def test_paths(loc: tuple[int | str, ...], path: str) -> None:
    """Objects with ids go by them, unions leave no trace; models and documents have the same paths."""
    assert path_text(loc, sample("network")) == path
    if not {"int", "[key]"} & set(loc):
        assert path_text(loc, NetworkDocument.model_validate(sample("network"))) == path


def test_sources_name_the_file() -> None:
    """A top-level item belongs to its file, at its position there."""
    sources = Sources({"settings": "a.yaml"}, {"sites": [("a.yaml", 0), ("b.yaml", 0)]})
    assert sources.place(("sites", 1, "rank"), {"sites": [{}, {}]}) == ("b.yaml", "sites.0.rank")
    assert sources.place(("settings", "currency"), {}) == ("a.yaml", "settings.currency")
    assert sources.place((), {}) == ("", "")


def test_rows_name_row_and_column() -> None:
    """Nested fields are columns of their own."""
    rows = Rows(default="c.csv", numbers=[2, 4])
    assert rows.place(("items", 1, "dimensions", "width_mm"), None) == ("c.csv", "row 4.width_mm")


def test_values_show_decimals_as_written() -> None:
    """A decimal is a number to the reader, inside lists and mappings too."""
    assert told({"a": [Decimal("4.90")], "b": "x"}) == "{'a': [4.90], 'b': 'x'}"
    assert len(told({"a": "x" * 1_000})) == 80


def test_values_that_hold_themselves_are_shown() -> None:
    """A value of any depth, or in a circle, is cut."""
    circle: list[Any] = []
    circle.append(circle)
    assert told(circle) == "[[[[[[...]]]]]]"


def test_close_names_are_proposed() -> None:
    """A typo proposes what was meant, something else nothing."""
    assert close("lyn", ["lyon", "metz"]) == "; did you mean `lyon`?"
    assert close("berlin", ["lyon", "metz"]) == ""


def test_a_union_is_one_fault() -> None:
    """Branches of a union that are all wrong share one fault that names both."""
    with pytest.raises(ValidationError) as caught:
        Handling.model_validate({"maximum_days": 1, "ready": "noon"})
    (fault,) = faults_of(caught.value, Handling, {"maximum_days": 1, "ready": "noon"})
    assert fault.expected == "one of: opening, closing, or a time of day such as '17:00' or '24:00', in quotes"


def test_a_misspelt_field_is_one_fault() -> None:
    """The field that is then missing is not told a second time."""
    document = changed("network", "services.0.lanes.0.transit", {"maximum_day": 3})
    with pytest.raises(ValidationError) as caught:
        NetworkDocument.model_validate(document)
    assert [fault.code for fault in faults_of(caught.value, NetworkDocument, document)] == ["unknown_field"]


def test_every_kind_of_error_has_words() -> None:
    """Kinds that the models do not raise today fall back to the message."""

    class Odd(BaseModel):
        model_config = ConfigDict(strict=True)
        value: complex

    data: dict[str, Any] = {"value": "x"}
    with pytest.raises(ValidationError) as caught:
        Odd.model_validate(data)
    (wrong,) = caught.value.errors()
    assert expected(wrong, Odd) == wrong["msg"]
