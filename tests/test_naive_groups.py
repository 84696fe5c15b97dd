"""Groups of lines by the slow twin: small cases worked out by hand.

Orders are placed on Monday 2 November 2026, 09:00 UTC (10:00 in Paris, where the sites are; UTC+1 all month). Sites
prepare at once, from Monday to Friday, 08:00 to 18:00, and have `fast`: collected every day at 17:00 (16:00 UTC),
delivered on the next day from 08:00 to 18:00. So an order comes on Tuesday the 3rd, at 4.90, if placed until 16:00 UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from promise_engine import RequestError
from small_world import ADDRESS, Doc, Inputs, small_world, utc

import naive

if TYPE_CHECKING:
    from naive import NaiveAnswer, NaiveOption

HOME: Doc = {"id": "home", "kind": "home", "services": ["fast"], "price": [{"price": "4.90"}]}
LEIPZIG: Doc = {"country": "DE", "postal_code": "04109"}


def inputs(wanted: dict[str, str], stock: dict[str, Doc], *, request: Doc | None = None, **rest: Any) -> Inputs:
    """The inputs of an order: by group its lines as `2 A 9.90, 1 B`, how many of what, at what price."""
    lines = [
        dict(zip(("quantity", "sku", "unit_price"), part.split(), strict=False)) | {"group": group}
        for group, told in wanted.items()
        for part in told.split(", ")
    ]
    items: dict[str, Doc] = {line["sku"]: {} for line in lines} | rest.pop("items", {})
    groups = [{"id": group} | rest.pop(group, {}) for group in wanted]
    return small_world(lines, stock, items, request={"groups": groups, "view": "shopper"} | (request or {}), **rest)


def ask(wanted: dict[str, str], stock: dict[str, Doc], **rest: Any) -> NaiveAnswer:
    """The answer to such inputs."""
    return naive.answer(*inputs(wanted, stock, **rest))


def told(option: NaiveOption) -> str:
    """Whose option it is, from where, and by which day: `a s0 03`."""
    return f"{option.group} {'+'.join(sent.site for sent in option.shipments)} {option.promised:%d}"


def offered(answer: NaiveAnswer) -> list[str]:
    """Each option."""
    return [told(option) for option in answer.options]


def refused(answer: NaiveAnswer) -> dict[str | None, str]:
    """Why groups are offered nothing."""
    return {refusal.group: refusal.reason.code for refusal in answer.refusals}


def until(clock: str) -> Doc:
    """A site that takes orders until a time."""
    return {"preparation": {"calendar": "prep", "order_cut_off": {"daily": clock}}}


def planned(*slots: Doc, **plan: Any) -> Doc:
    """A site that prepares in slots."""
    return {"preparation": {"calendar": "prep", "plan": {"slots": list(slots), **plan}}}


# Who is asked what.


def test_groups_are_asked_by_id() -> None:
    """One A for two groups: the first by id has it, however they are written."""
    for wanted in ({"a": "1 A", "b": "1 A"}, {"b": "1 A", "a": "1 A"}):
        answer = ask(wanted, {"s0": {"A": 1}})
        assert (["a s0 03"], {"b": "insufficient_stock"}) == (offered(answer), refused(answer))


def test_a_refused_group_leaves_everything() -> None:
    """Three of two A cannot be had; two of two can."""
    answer = ask({"a": "3 A", "b": "2 A"}, {"s0": {"A": 2}})
    assert (["b s0 03"], {"a": "insufficient_stock"}) == (offered(answer), refused(answer))


def test_every_line_that_ships_names_a_group() -> None:
    """A line of no group, or of one that the request has not, is an error of the request."""
    for named in ({}, {"group": "c"}):
        lines = [{"sku": "A", "quantity": 1, "group": "a"}, {"sku": "A", "quantity": 1, **named}]
        with pytest.raises(RequestError):
            ask({"a": "1 A"}, {"s0": {"A": 9}}, request={"lines": lines})


def test_the_value_is_that_of_the_order_for_a_part_too() -> None:
    """Free from 50.00: 10.00 and 45.00 of the first group, of which only the 10.00 are had, and 1.00 of the other."""
    price = {"price": [{"price": "4.90"}, {"price": "0", "from_value": "50"}]}
    wanted = {"a": "1 A 10, 1 B 45", "b": "1 A 1"}
    answer = ask(wanted, {"s0": {"A": 2}}, method=price, request={"partial": True})
    assert [("a", 0), ("b", 0)] == [(option.group, option.price_minor) for option in answer.options]
    assert ["not_stocked"] == [line.reason.code for line in answer.options[0].left_out]


def test_methods_are_those_of_the_group_that_are_wished_for() -> None:
    """Of three methods two are wished for, and one of these is the group's; the other group has no own."""
    methods = [HOME | {"id": name} for name in ("m0", "m1", "m2")]
    given = inputs({"a": "1 A", "b": "1 A"}, {"s0": {"A": 9}}, methods=methods, a={"methods": ["m0", "m1"]})
    request = given[3].model_copy(update={"wishes": given[3].wishes.model_copy(update={"methods": ("m1", "m2")})})
    answer = naive.answer(*given[:3], request)
    assert [("a", "m1"), ("b", "m1"), ("b", "m2")] == [(option.group, option.method) for option in answer.options]
    assert not answer.refusals


# What is taken.


def test_stock_of_one_site_is_taken_from_the_pool() -> None:
    """Half of eight A may be sold: three that s0 sends to a leave one, at s0 or at s1."""
    stock: dict[str, Doc] = {"s0": {"A": 6}, "s1": {"A": 2}}
    answer = ask({"a": "3 A", "b": "2 A", "c": "1 A", "d": "1 A"}, stock, stock_rules=[{"share": "0.5"}])
    assert ["a s0 03", "c s0 03"] == offered(answer)
    assert {"b": "insufficient_stock", "d": "insufficient_stock"} == refused(answer)


@pytest.mark.parametrize(("first", "expected"), [("1 A", ["a s0 03"]), ("1 B", ["a s0 03", "b s0+s1 03"])])
def test_shipments_share_what_the_groups_before_leave_of_the_pool(first: str, expected: list[str]) -> None:
    """Half of six A may be sold: two in K at s0 and one in L at s1, if nobody before takes an A."""
    items: dict[str, Doc] = {
        name: {"components": [{"sku": "A", "quantity": count}, {"sku": own, "quantity": 1}]}
        for name, count, own in (("K", 2, "B"), ("L", 1, "C"))
    }
    items |= {"A": {}, "B": {}, "C": {}}
    stock: dict[str, Doc] = {"s0": {"A": 4, "B": 9}, "s1": {"A": 2, "C": 9}}
    rules = [{"sku": "A", "share": "0.5"}]
    assert expected == offered(ask({"a": first, "b": "1 K, 1 L"}, stock, items=items, stock_rules=rules))


def test_a_split_takes_at_each_of_its_sites() -> None:
    """A from s0 and B from s1 for the first group; of the three A and the one B the others have what is left."""
    wanted = {"a": "1 A, 1 B", "b": "2 A", "c": "1 B", "d": "1 A"}
    answer = ask(wanted, {"s0": {"A": 3}, "s1": {"B": 1}})
    assert ["a s0+s1 03", "b s0 03"] == offered(answer)
    assert {"c": "insufficient_stock", "d": "insufficient_stock"} == refused(answer)


def test_what_comes_is_taken_after_what_is_there() -> None:
    """Two A, two on Tuesday, two on Wednesday: 3, 1 and 1 are served of Tuesday's, Tuesday's and Wednesday's."""
    receipts = [{"quantity": 2, "expected_at": utc(at).isoformat()} for at in ("04T09:00", "03T09:00")]
    answer = ask({"a": "3 A", "b": "1 A", "c": "1 A", "d": "2 A"}, {"s0": {"A": {"on_hand": 2, "receipts": receipts}}})
    assert ["a s0 04", "b s0 04", "c s0 05"] == offered(answer)
    assert {"d": "insufficient_stock"} == refused(answer)


def test_work_fills_the_slots_up_to_the_last() -> None:
    """Ten units a day: 12 are of Monday and Tuesday, 8 the rest of Tuesday, and one is of Wednesday."""
    plan = planned({"start": "08:00", "end": "16:00", "capacity": 10}, unit="units")
    answer = ask({"a": "12 A", "b": "8 A", "c": "1 A"}, {"s0": {"A": 99}}, sites={"s0": plan})
    assert ["a s0 04", "b s0 04", "c s0 05"] == offered(answer)


def test_a_slot_with_too_much_work_is_not_empty() -> None:
    """Five units go into a slot of three when it is empty: each group has a day of its own, also the one unit."""
    slot = {"start": "08:00", "end": "16:00", "capacity": 3}
    plan = planned(slot, unit="units", splits=False, oversize="when_empty")
    answer = ask({"a": "5 A", "b": "5 A", "c": "1 A"}, {"s0": {"A": 99}}, sites={"s0": plan})
    assert ["a s0 03", "b s0 04", "c s0 05"] == offered(answer)


def test_every_shipment_takes_a_place_in_the_window() -> None:
    """The window holds three shipments, and the first group has two: one is left on Tuesday."""
    service: Doc = {"delivery": {"windows": [{"hours": "08:00-18:00", "capacity": 3}]}}
    answer = ask({"a": "1 A, 1 B", "b": "1 A", "c": "1 A"}, {"s0": {"A": 9}, "s1": {"B": 9}}, service=service)
    assert ["a s0+s1 03", "b s0 03", "c s0 04"] == offered(answer)


# How long.


def ends(answer: NaiveAnswer) -> dict[str | None, str]:
    """Until when each group's last option can be ordered."""
    return {option.group: f"{option.order_by:%dT%H:%M:%S}" for option in answer.options}


def test_an_offer_ends_when_the_group_before_takes_its_stock() -> None:
    """One A at each site: at 12:00 s0 is closed, so the first group's comes from s1, and the answer is another."""
    given = inputs({"a": "1 A", "b": "1 A"}, {"s0": {"A": 1}, "s1": {"A": 1}}, sites={"s0": until("12:00")})
    answer = naive.answer(*given)
    assert ["a s0 03", "b s1 03"] == offered(answer)
    assert {"a": "02T16:00:01", "b": "02T11:00:00"} == ends(answer)
    assert utc("02T11:00") == naive.next_change_at(*given)


def test_an_offer_ends_when_the_group_before_takes_its_slot() -> None:
    """The same promise to the first group, but from 12:00 on out of the slot in which the second was prepared."""
    halves = ({"start": "08:00", "end": "12:00", "capacity": 1}, {"start": "12:00", "end": "18:00", "capacity": 1})
    answer = ask({"a": "1 A", "b": "1 A"}, {"s0": {"A": 9}}, sites={"s0": planned(*halves)})
    assert ["a s0 03", "b s0 03"] == offered(answer)
    assert {"a": "02T16:00:01", "b": "02T11:00:00"} == ends(answer)


def test_an_offer_outlasts_groups_that_change_places() -> None:
    """Ordered at 12:00: Tuesday from s1, Wednesday from s0; from Monday 17:00 on the other way round, until Tuesday 12:00."""
    given = inputs({"a": "1 A", "b": "1 A"}, {"s0": {"A": 1}, "s1": {"A": 1}}, sites={"s0": until("12:00")})
    answer = naive.answer(*given[:3], given[3].model_copy(update={"placed_at": utc("02T11:00")}))
    assert ["a s1 03", "b s0 04"] == offered(answer)
    assert {"a": "02T16:00:01", "b": "03T11:00:00"} == ends(answer)


QUICK: Doc = {
    "methods": [HOME, HOME | {"id": "quick", "services": ["quick"]}],
    "services": [
        {"id": name, "carrier": "c", "lanes": [{"transit": {"maximum_days": 1}}], "tariff": "t",
         "delivery": {"windows": [{"hours": "08:00-18:00"}]}}
        for name in ("fast", "quick")
    ],
    "tariffs": [{"id": "t", "rows": [{"max_grams": 1000, "price": 5}, {"min_grams": 1000, "max_grams": 9000, "price": 8}]}],
    "collections": [
        {"sites": ["s0", "s1"], "services": ["fast"], "cut_off": "17:00"},
        {"sites": ["s0"], "services": ["quick"], "cut_off": "12:00"},
        {"sites": ["s1"], "services": ["quick"], "cut_off": "17:00"},
    ],
}  # fmt: skip
"""The first group's `quick` comes from s0 until 12:00, and then from s1, always for the next day."""

OWN: Doc = {"a": {"methods": ["quick"]}, "b": {"methods": ["home"]}}


def test_an_offer_ends_when_more_is_left_for_an_earlier_one() -> None:
    """The first group takes the tenth place of Monday at s0, and from 12:00 on it does not: the second's is Tuesday then."""
    plan = planned({"start": "08:00", "end": "18:00", "capacity": 10})
    network, catalogue, stock, request = inputs(
        {"a": "1 A", "b": "2 A"}, {"s0": {"A": 9}, "s1": {"A": 1}},
        items={"A": {"weight_grams": 100}}, sites={"s0": plan}, **QUICK, **OWN,
    )  # fmt: skip
    taken = [{"site": "s0", "start": utc("02T07:00").isoformat(), "committed": 9}]
    stock = type(stock).model_validate(stock.model_dump() | {"slots_taken": taken})
    answer = naive.answer(network, catalogue, stock, request)
    assert ["a s0 03", "b s0 04"] == offered(answer)
    assert {"a": "02T16:00:01", "b": "02T11:00:01"} == ends(answer)


def test_a_split_ends_when_a_site_alone_is_left_enough() -> None:
    """Two parcels of 500 g cost 10.00, one of 1 kg 8.00: it is one as soon as the first group leaves s0 its B."""
    methods = [QUICK["methods"][0] | {"price": {"percent": 0}}, QUICK["methods"][1]]
    items: dict[str, Doc] = {sku: {"weight_grams": 500} for sku in "AB"}
    stock: dict[str, Doc] = {"s0": {"A": 9, "B": 1}, "s1": {"B": 2}}
    answer = ask({"a": "1 B", "b": "1 A, 1 B"}, stock, items=items, **QUICK | {"methods": methods}, **OWN)
    assert ["a s0 03", "b s0+s1 03"] == offered(answer)
    assert 1000 == answer.options[1].price_minor
    assert {"a": "02T16:00:01", "b": "02T11:00:01"} == ends(answer)


@pytest.mark.parametrize(("valid_for", "expected"), [("5 h", "17T14:00:00"), ("0 s", "17T13:00:00")])
def test_after_the_last_second_groups_are_ordered_at_one_instant(valid_for: str, expected: str) -> None:
    """Wished for from Thursday the 19th on, when the 18th is a holiday in Leipzig; sites take orders until 14:00.

    On Tuesday the 17th before 14:00 the first group would have Wednesday, and is refused; the second has the only A. From
    then on the first has Thursday: it takes the A. An answer for the orders before 15:00 cannot offer it, because it is not
    offered to all of them, and the second's stands no longer than that.
    """
    given = inputs(
        {"a": "1 A", "b": "1 A"}, {"s0": {"A": 1}}, sites={"s0": until("14:00")}, b={"destination": LEIPZIG},
        settings={"horizon_days": 20, "destination_holidays": [{"country": "place", "subdivision": "place"}]},
        request={
            "placed_at": utc("17T09:00"), "valid_for": valid_for, "destination": ADDRESS,
            "wishes": {"not_before": utc("19T07:00").isoformat()},
        },
    )  # fmt: skip
    answer = naive.answer(*given)
    assert (["b s0 19"], {"a": "outside_wishes"}) == (offered(answer), refused(answer))
    assert {"b": expected} == ends(answer)
