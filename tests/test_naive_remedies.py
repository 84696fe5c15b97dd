"""Remedies of refusals by the slow twin: small cases worked out by hand.

Orders are placed on Monday 2 November 2026, 09:00 UTC (10:00 in Paris, where the sites are; UTC+1 all month). Sites
prepare at once, from Monday to Friday, 08:00 to 18:00, and have `fast`: collected every day at 17:00 (16:00 UTC),
delivered on the next day from 08:00 to 18:00. So an order comes on Tuesday the 3rd if placed until 16:00 UTC.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from small_world import ADDRESS, Doc, small_world, utc

import naive

LATE: Doc = {"placed_at": utc("02T17:00")}
TUESDAY_EVENING = utc("03T17:00").isoformat()


def told(wanted: str, stock: dict[str, Doc], *, of: str = "home", group: str | None = None, **rest: Any) -> list[str]:
    """The remedies of a method for lines such as `2 A 9.90, a: 1 B`: quantity, SKU and price, with the group before.

    Each as its kind and its fields, such as `more_units s0 A 1`.
    """
    lines: list[Doc] = []
    for text in wanted.split(", "):
        name, _, line = text.rpartition(": ")
        lines.append(dict(zip(("quantity", "sku", "unit_price"), line.split(), strict=False)) | {"group": name or None})
    groups = sorted({line["group"] for line in lines if line["group"]})
    items = rest.pop("items", {line["sku"]: {} for line in lines})
    request = {"groups": [{"id": name} for name in groups]} | rest.pop("request", {})
    found = naive.remedies(*small_world(lines, stock, items, request=request, **rest), of, group)
    return [_told(remedy) for remedy in found]


def _told(remedy: naive.NaiveRemedy) -> str:
    values = [getattr(remedy, field.name) for field in fields(remedy)]
    return " ".join(
        f"{value:%dT%H:%M:%S}" if field.name == "at" else str(value)
        for field, value in zip(fields(remedy), values, strict=True)
        if value is not None
    )


# Time.


def test_an_earlier_order_is_in_time() -> None:
    """At 17:00 UTC Monday's van has gone: Wednesday, a day after the wish. Until 16:00:00 it was in time."""
    wished = LATE | {"wishes": {"not_after": TUESDAY_EVENING}}
    expected = ["order_before 02T16:00:01", "more_days 1 not_after"]
    assert expected == told("1 A", {"s0": {"A": 1}}, request=wished)


def test_an_earlier_order_is_in_time_with_its_last_second() -> None:
    """An answer for an hour is that of its last second: of an order of 15:00:01 that is 16:00:00, just in time."""
    wished = LATE | {"wishes": {"not_after": TUESDAY_EVENING}, "valid_for": "1 h"}
    assert "order_before 02T15:00:02" == told("1 A", {"s0": {"A": 1}}, request=wished)[0]


def test_orders_of_the_day_before_are_not_thought_of() -> None:
    """No order of Monday comes on Monday; a day later, Tuesday, is when it comes."""
    wished: Doc = {"wishes": {"nominated_day": "2026-11-02"}}
    assert ["more_days 1 nominated_day"] == told("1 A", {"s0": {"A": 1}}, request=wished)


@pytest.mark.parametrize(
    ("cut_off", "valid_from", "expected"),
    [
        ("00:40", "2026-11-01", "order_before 01T23:40:00"),
        ("00:40", "2026-11-02", None),
        ("01:10", "2026-11-02", "order_before 02T00:10:00"),
    ],
)
def test_orders_before_the_validity_are_not_thought_of(cut_off: str, valid_from: str, expected: str | None) -> None:
    """Ordered at 01:30 in Paris, after the cut-off; the first date of the network begins at 01:00 there."""
    late: Doc = {"placed_at": utc("02T00:30"), "wishes": {"not_after": TUESDAY_EVENING}}
    site = {"preparation": {"calendar": "prep", "order_cut_off": {"daily": cut_off}}}
    found = told("1 A", {"s0": {"A": 1}}, sites={"s0": site}, request=late, valid_from=valid_from)
    assert [*([expected] if expected else []), "more_days 1 not_after"] == found


def test_a_horizon_is_too_short() -> None:
    """Of one day it ends with Tuesday, and the order comes on Wednesday; nothing is wished for."""
    expected = ["order_before 02T16:00:01", "more_days 1 horizon_days"]
    assert expected == told("1 A", {"s0": {"A": 1}}, request=LATE, settings={"horizon_days": 1})


# Goods.


@pytest.mark.parametrize(
    ("wanted", "stock", "expected"),
    [
        ("9 A", {"s0": {"A": 2}, "s1": {"A": 3}}, "s1 A 6"),
        ("9 A", {"s0": {"A": 3}, "s1": {"A": 3}}, "s0 A 6"),
        ("2 A", {"s0": {"B": 1}}, "s0 A 2"),
        ("3 A, 1 B", {"s0": {"A": 1, "B": 1}, "s1": {"A": 2}}, "s1 A 1"),
    ],
)
def test_the_least_quantity_that_some_site_lacks(wanted: str, stock: dict[str, Doc], expected: str) -> None:
    """Of equal ones the first site; in a record of its own; beside a line that another site sends."""
    assert f"more_units {expected}" == told(wanted, stock)[0]


def test_of_equal_quantities_the_site_with_the_better_rank() -> None:
    """Each lacks one, and s1 is preferred."""
    found = told("3 A", {"s0": {"A": 2}, "s1": {"A": 2}}, sites={"s0": {"rank": 1}, "s1": {"rank": 0}})
    assert ["more_units s1 A 1"] == found


def test_stock_of_which_a_share_is_sold_is_added_in_steps() -> None:
    """Half of 1.5 m is sold, 0.5 m in whole steps of 0.5 m; for 1 m there must be 2 m."""
    stock: dict[str, Doc] = {"s0": {"A": "1.5"}}
    found = told("1 A", stock, items={"A": {"step": "0.5"}}, stock_rules=[{"share": "0.5"}])
    assert ["more_units s0 A 0.5"] == found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("1 A, 2 B", ["more_units s0 B 2", "without_sku B"]),
        ("2 A, 1 B", ["more_units s0 B 1", "without_sku B"]),
        ("1 B, 1 C", []),
        ("1 B", ["more_units s0 B 1"]),
    ],
)
def test_the_sku_that_stands_in_the_way(wanted: str, expected: list[str]) -> None:
    """There is enough of A, and no B or C: one may be had, and one left out, if something is left."""
    assert expected == told(wanted, {"s0": {"A": 9}})


@pytest.mark.parametrize(("given", "expected"), [({}, []), ({"basket_value": "60"}, ["without_sku B"])])
def test_what_is_left_must_be_worth_enough(given: Doc, expected: list[str]) -> None:
    """Nothing is sent below 50.00: without B at 45.00 the A is worth 10.00, if no value is given."""
    price: Doc = {"price": [{"price": "4.90", "from_value": "50"}]}
    found = told("1 A 10, 1 B 45", {"s0": {"A": 1}}, method=price, request=given)
    assert ["more_units s0 B 1", *expected] == found


def test_a_fault_of_the_basket_names_its_sku() -> None:
    """C is not in the catalogue, and no other SKU is tried."""
    assert ["without_sku C"] == told("1 A, 5 C", {"s0": {"A": 1}}, items={"A": {}})
    assert [] == told("5 C", {"s0": {"A": 1}}, items={"A": {}})


@pytest.mark.parametrize(("most", "expected"), [(1, ["more_shipments 2"]), (2, ["more_shipments 1"])])
def test_more_shipments_bring_all(most: int, expected: list[str]) -> None:
    """Three sites have one SKU each, and none of the others; without one SKU two shipments are left."""
    stock: dict[str, Doc] = {"s0": {"A": 1}, "s1": {"B": 1}, "s2": {"C": 1}}
    besides = {1: [], 2: ["more_units s0 B 1", "without_sku A"]}
    found = told("1 A, 1 B, 1 C", stock, method={"max_shipments": most})
    assert [*besides[most], *expected] == found


def test_more_shipments_bring_more_units() -> None:
    """Three sites have two of the six A each: no row has all, but each has some."""
    sent: Doc = {"max_shipments": 2, "split_units": True}
    found = told("6 A", {f"s{i}": {"A": 2} for i in range(3)}, method=sent)
    assert ["more_units s0 A 2", "more_shipments 1"] == found


@pytest.mark.parametrize(
    ("wanted", "stock", "method"),
    [
        ("1 A, 1 B", {"s0": {"A": 1}, "s1": {"B": 1}, "s2": {"A": 1, "B": 1}}, {}),
        ("2 A", {"s0": {"A": 1}, "s1": {"A": 1}}, {"split_units": True}),
    ],
)
def test_what_shipments_lack_is_time(wanted: str, stock: dict[str, Doc], method: Doc) -> None:
    """No site that hands over has all, and s2 hands nothing over; of one line, or one unit, the horizon ends too early."""
    collected = [{"sites": ["s0", "s1"], "services": ["fast"], "cut_off": "17:00"}]
    short: Doc = {"settings": {"horizon_days": 1}, "request": LATE, "collections": collected}
    found = told(wanted, stock, method=method, **short)
    assert ["order_before 02T16:00:01", "more_days 1 horizon_days"] == found


# Places.


def _store(latitude: float) -> Doc:
    address = {"country": "FR", "postal_code": "75001", "latitude": latitude, "longitude": 2.34}
    return {"address": address, "store_collection": {"opening": "prep"}}


@pytest.mark.parametrize("destination", [ADDRESS, {"place": "s0"}])
def test_another_place_has_it(destination: Doc) -> None:
    """Of shops on a meridian, 1,112 m apart from the shopper's on, the first two have nothing."""
    shops = {f"s{i}": _store(48.86 + i / 100) for i in range(4)}
    method: Doc = {"id": "shop", "kind": "store_collection", "places_shown": 1, "price": [{"price": 0}]}
    stock: dict[str, Doc] = {"s0": {"A": 0}, "s1": {"A": 0}, "s2": {"A": 1}, "s3": {"A": 1}}
    found = told("1 A", stock, of="shop", sites=shops, methods=[method], request={"destination": destination})
    assert ["more_units s0 A 1", "other_place s2 2224"] == found


def test_a_method_that_is_not_shown_has_none() -> None:
    """Whatever is ordered, the channel does not show it."""
    other = [{"id": name, "kind": "home", "services": ["fast"], "price": [{"price": 0}]} for name in ("home", "other")]
    assert [] == told("1 A", {"s0": {"A": 1}}, methods=other, channels=[{"id": "web", "methods": ["other"]}])


# Groups.


def test_the_group_before_takes_what_is_added_first() -> None:
    """Both want two of the one A: a needs one more; b three more, when a takes two of the four."""
    stock: dict[str, Doc] = {"s0": {"A": 1}}
    assert ["more_units s0 A 1"] == told("a: 2 A, b: 2 A", stock, group="a")
    assert ["more_units s0 A 3"] == told("a: 2 A, b: 2 A", stock, group="b")


def test_a_group_leaves_out_lines_of_its_own() -> None:
    """Nobody has C: without its own C the second group has its A, and the first has nothing else to order."""
    stock: dict[str, Doc] = {"s0": {"A": 1}}
    assert ["more_units s0 C 1"] == told("a: 1 C, b: 1 A, b: 1 C", stock, group="a")
    assert ["more_units s0 C 2", "without_sku C"] == told("a: 1 C, b: 1 A, b: 1 C", stock, group="b")


def test_an_earlier_order_leaves_the_second_group_more() -> None:
    """After 12:00 s0 begins on Tuesday: the first group has the A of s1, and the second's comes a day too late."""
    site = {"preparation": {"calendar": "prep", "order_cut_off": {"daily": "12:00"}}}
    stock: dict[str, Doc] = {"s0": {"A": 1}, "s1": {"A": 1}}
    late: Doc = {"placed_at": utc("02T12:00"), "wishes": {"not_after": TUESDAY_EVENING}}
    found = told("a: 1 A, b: 1 A", stock, group="b", sites={"s0": site}, request=late)
    assert ["order_before 02T11:00:00", "more_units s1 A 1", "more_days 1 not_after"] == found
