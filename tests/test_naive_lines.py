"""Kits and line services by the slow twin: small cases worked out by hand.

Orders are placed on Monday 2 November 2026, 09:00 UTC (10:00 in Paris, where the sites are; UTC+1 all month). Sites
prepare at once, from Monday to Friday, 08:00 to 18:00. Each has `fast`: collected every day at 17:00 (16:00 UTC),
delivered on the next day from 08:00 to 18:00. So an order comes on Tuesday the 3rd at 4.90. K is a kit of two A and one
B, of 500 g each. Gift wrap (`wrap`) is defined everywhere, and offered by sites.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine.errors import Reason, RequestError
from small_world import ADDRESS, Doc, Inputs, small_world, utc

import naive
from naive.world import World

if TYPE_CHECKING:
    from naive import NaiveAnswer
    from naive.basket import Basket

BOX = {"length_mm": 300, "width_mm": 200, "height_mm": 100}
KIT: Doc = {"components": [{"sku": "A", "quantity": 2}, {"sku": "B"}]}
ITEMS: dict[str, Doc] = {"A": {"weight_grams": 500}, "B": {"weight_grams": 500}, "K": KIT}


def lines(text: str) -> list[Doc]:
    """Lines as `2 A wrap+card, 1 K`: how many of what, with which services."""
    found = [part.split() for part in text.split(", ")]
    return [
        {"sku": sku, "quantity": count, "unit_price": "10", "services": rest[0].split("+") if rest else []}
        for count, sku, *rest in found
    ]


def inputs(
    wanted: str,
    stock: dict[str, Doc] | None = None,
    *,
    items: dict[str, Doc] | None = None,
    wrap: Doc | None = None,
    **rest: Any,
) -> Inputs:
    """The inputs of lines as `2 A wrap+card, 1 K`."""
    services = [{"id": "wrap", **(wrap or {})}, {"id": "card"}]
    had = stock or {"s0": {"A": 9, "B": 9}}
    return small_world(lines(wanted), had, ITEMS | (items or {}), **{"line_services": services, **rest})


def ask(wanted: str, stock: dict[str, Doc] | None = None, **rest: Any) -> NaiveAnswer:
    """The answer to such inputs."""
    return naive.answer(*inputs(wanted, stock, **rest))


def basket(wanted: str, items: dict[str, Doc] | None = None) -> Basket:
    """The basket of a request."""
    return World(*inputs(wanted, items=items)).basket


def weights(found: Basket) -> list[tuple[str, int | None]]:
    """The pieces by SKU and weight."""
    return [(piece.sku, None if piece.weight is None else int(piece.weight)) for piece in found.pieces]


def result(answer: NaiveAnswer) -> str | tuple[Reason, str | None]:
    """What is sent and by which day, of the only option of one site, or why nothing is offered: `s0 A B:wrap: 03`."""
    if answer.refusals:
        (refused,) = answer.refusals
        return refused.reason, refused.sku
    (option,) = answer.options
    (sent,) = option.shipments
    sold = [":".join((sku, *services)) for (sku, _), services in zip(sent.lines, sent.line_services, strict=True)]
    return f"{sent.site} {' '.join(sold)}: {option.promised:%d}"


# Kits.


def test_a_kit_and_a_line_of_its_component_add_up() -> None:
    """Two K need four A and two B; with three A more they are seven. Of six each line could be had, but not both."""
    assert "s0 A K: 03" == result(ask("2 K, 3 A", {"s0": {"A": 7, "B": 2}}))
    assert (Reason.TOO_MANY_SHIPMENTS, None) == result(ask("2 K, 3 A", {"s0": {"A": 6, "B": 2}}))
    assert (Reason.INSUFFICIENT_STOCK, None) == result(ask("2 K", {"s0": {"A": 3, "B": 2}}))


def test_stock_of_the_kits_own_sku_says_nothing() -> None:
    """Nine K on hand are none without A and B; a receipt of A is waited for until Wednesday."""
    assert (Reason.NOT_STOCKED, None) == result(ask("1 K", {"s0": {"K": 9, "A": 9}}))
    coming = {"on_hand": 1, "receipts": [{"quantity": 1, "expected_at": "2026-11-04T09:00:00Z"}]}
    assert "s0 K: 05" == result(ask("1 K", {"s0": {"K": 0, "A": coming, "B": 1}}))


@pytest.mark.parametrize(
    ("kit", "pieces"),
    [
        ({}, [("A", 500)] * 4 + [("B", 700)] * 2),
        ({"weight_grams": 1_000}, [("K", 1_000)] * 2),
        ({"dimensions": BOX}, [("K", 1_700)] * 2),
        ({"dimensions": BOX, "components": [{"sku": "A"}, {"sku": "C"}]}, [("K", None)] * 2),
    ],
)
def test_a_kit_with_a_weight_or_size_is_one_piece(kit: Doc, pieces: list[tuple[str, int | None]]) -> None:
    """Else it is the pieces of its components; a weight it lacks is theirs together, unknown when that of C is."""
    found = basket("2 K", {"K": KIT | kit, "B": {"weight_grams": 700}, "C": {}})
    assert pieces == weights(found)


def test_a_line_makes_one_piece_of_a_kit() -> None:
    """The weight may be the line's: of two lines of K only the first is one piece."""
    first, second = lines("1 K, 1 K")
    network, catalogue, stock, request = inputs("1 K", request={"lines": [first | {"weight_grams": 900}, second]})
    found = World(network, catalogue, stock, request).basket
    assert (1, [("K", 900), ("A", 500), ("A", 500), ("B", 500)]) == (len(found.lines), weights(found))


def test_measured_components_are_cut_for_each_kit() -> None:
    """Three kits of 1.25 m of cable, 333 g a metre, are three pieces: three units, each of 416.25 g rounded up."""
    cable = {"weight_grams": 333, "step": "0.25"}
    found = basket("3 K", {"K": {"components": [{"sku": "C", "quantity": "1.25"}]}, "C": cable})
    assert ([("C", 417)] * 3, 3, Decimal("3.75")) == (weights(found), found.units, found.needs[0].quantity)


def test_work_and_units_of_a_kit() -> None:
    """Two K are six units and one line. Their work is 4 x 5 + 2 x 1 of the components, or 2 x 3 by a work of its own."""
    heavy = {"A": {"preparation_work": 5}}
    found = basket("2 K", heavy)
    assert (6, 1, 22) == (found.units, len(found.lines), found.work)
    assert 6 == basket("2 K", heavy | {"K": KIT | {"preparation_work": 3}}).work
    assert 0 == basket("2 K", heavy | {"K": KIT | {"preparation_work": 0}}).work


def test_times_and_costs_of_a_kit_count_its_components() -> None:
    """Two K and an A: two lines of 10 min, seven units of 1 min, 27 minutes from 10:00; seven units cost 0.25 each."""
    handling = {"maximum": {"per_line": "10 min", "per_unit": "1 min"}}
    site = {"preparation": {"calendar": "prep", "handling": handling}, "preparation_cost_per_unit": "0.25"}
    (option,) = ask("2 K, 1 A", sites={"s0": site}).options
    assert (utc("02T09:27"), 175) == (option.shipments[0].ready_at, option.cost["preparation"])


@pytest.mark.parametrize(
    ("kit", "rule", "forbidden"),
    [
        ({}, {"tags": ["hazmat"]}, True),
        ({"tags": ["present"]}, {"tags": ["hazmat"]}, False),
        ({"category": "sets"}, {"tags": ["hazmat"]}, False),
        ({"tags": ["present"]}, {"tags": ["present"]}, True),
        ({"tags": ["present"]}, {"skus": ["A"]}, True),
        ({}, {"skus": ["K"]}, True),
        ({"tags": ["present"]}, {"categories": ["paint"]}, False),
    ],
)
def test_a_restriction_looks_at_the_kits_own_tags_first(kit: Doc, rule: Doc, *, forbidden: bool) -> None:
    """A is paint and hazmat: so is a kit that says nothing itself. By SKU both the kit and its component are named."""
    items = {"A": {"tags": ["hazmat"], "category": "paint"}, "K": KIT | kit}
    restrictions = [{"id": "r", "methods": ["home"], **rule}]
    found = ask("1 K", items=items, restrictions=restrictions)
    assert ((Reason.RESTRICTED, None) if forbidden else "s0 K: 03") == result(found)
    assert "s0 B: 03" == result(ask("1 B", items=items, restrictions=restrictions))


@pytest.mark.parametrize(("kit", "surcharge"), [({}, 200), ({"category": "sets"}, 0), ({"tags": ["hazmat"]}, 200)])
def test_a_surcharge_looks_at_the_same_tags(kit: Doc, surcharge: int) -> None:
    """A is hazmat, 2.00 a parcel: the kit is when it says so, or says nothing."""
    tariff = {"id": "t", "rows": [{"price": "4.00"}], "surcharges": [{"id": "h", "tags": ["hazmat"], "amount": "2.00"}]}
    items = {"A": {"weight_grams": 500, "tags": ["hazmat"]}, "K": KIT | kit}
    (option,) = ask("1 K", items=items, service={"tariff": "t"}, tariffs=[tariff]).options
    assert surcharge == option.cost["surcharge"]


def test_a_kit_is_kept_back_with_its_component() -> None:
    """B is kept for the club: a kit that holds one is not shown to others, and is what the refusal names."""
    kept = [{"id": "k", "skus": ["B"], "segments": ["club"]}]
    assert (Reason.ITEM_NOT_SHOWN, "K") == result(ask("1 A, 1 K", allocations=kept))
    assert "s0 A K: 03" == result(ask("1 A, 1 K", allocations=kept, request={"segment": "club"}))


# Steps, least and greatest quantities.


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        ("1 K, 2 A", (Reason.QUANTITY_BELOW_MINIMUM, "A")),
        ("1 K, 3 A", (None, None)),
        ("9 K, 5 A", (None, None)),
        ("1 A wrap, 2 A", (None, None)),
        ("3 A wrap, 3 A", (Reason.QUANTITY_ABOVE_MAXIMUM, "A")),
    ],
)
def test_limits_of_a_component_do_not_count_kits(wanted: str, fault: tuple[Reason | None, str | None]) -> None:
    """A is ordered from three to five: kits hold others, and lines of A with and without wrap count together."""
    found = basket(wanted, {"A": {"minimum": 3, "maximum": 5}})
    assert fault == (found.refused, found.faulty)


def test_a_step_is_that_of_each_line() -> None:
    """K is sold by twos and A by threes, whatever kits hold; two of three A with wrap and one without are no step each."""
    items = {"K": KIT | {"step": 2}, "A": {"step": 3}}
    assert (None, None) == (basket("2 K, 3 A", items).refused, basket("2 K", items).refused)
    assert (Reason.QUANTITY_NOT_A_STEP, "K") == (basket("3 K", items).refused, basket("3 K", items).faulty)
    assert Reason.QUANTITY_NOT_A_STEP is basket("2 A wrap, 1 A", items).refused
    assert basket("2 A, 1 A", items).refused is None


# Line services.


def test_lines_are_told_apart_by_their_services() -> None:
    """A and A with wrap are two lines in the order of the services; the order in which services are asked for is none."""
    found = basket("1 A wrap+card, 2 A, 1 A card+wrap, 1 A wrap")
    assert [(2, ()), (2, ("card", "wrap")), (1, ("wrap",))] == [(line.quantity, line.key[1]) for line in found.lines]


def test_two_lines_of_one_sku_need_their_sum() -> None:
    """One A wrapped and one not: two on hand are enough; of one each line could be had, but not both."""
    assert "s0 A A:wrap: 03" == result(ask("1 A wrap, 1 A", {"s0": {"A": 2}}))
    assert (Reason.TOO_MANY_SHIPMENTS, None) == result(ask("1 A wrap, 1 A", {"s0": {"A": 1}}))


def test_an_unknown_service_is_a_fault_of_the_request() -> None:
    """Nobody knows engraving; a line that does not ship takes no part."""
    with pytest.raises(RequestError):
        ask("1 A engraving")
    line, other = lines("1 A, 1 B engraving")
    assert "s0 A: 03" == result(ask("1 A", request={"lines": [line, other | {"ships": False}]}))


@pytest.mark.parametrize(
    ("offered_by", "site", "carrier", "served"),
    [
        ("site", True, False, True), ("site", False, True, False), ("carrier", False, True, True),
        ("carrier", True, False, False), ("both", True, True, True), ("both", True, False, False),
        ("both", False, True, False),
    ],
)  # fmt: skip
def test_who_must_offer_a_service(offered_by: str, site: bool, carrier: bool, served: bool) -> None:
    """The site that prepares, the carrier's service, or both."""
    found = ask(
        "1 A wrap",
        sites={"s0": {"line_services": ["wrap"] if site else []}},
        service={"line_services": ["wrap"] if carrier else []},
        wrap={"offered_by": offered_by},
    )
    assert ("s0 A:wrap: 03" if served else (Reason.LINE_SERVICE_NOT_OFFERED, None)) == result(found)


def test_what_is_restricted_is_not_asked_for_services() -> None:
    """Neither site wraps: s0, which may send A, gets further than s1, which may not."""
    none: Doc = {"line_services": []}
    rule = [{"id": "r", "skus": ["A"], "sites": ["s1"]}]
    (refused,) = ask(
        "1 A wrap", {"s0": {"A": 1}, "s1": {"A": 1}}, sites={"s0": none, "s1": none}, restrictions=rule
    ).refusals
    assert naive.NaiveRefusal("home", Reason.LINE_SERVICE_NOT_OFFERED, "s0", "fast") == refused
    (refused,) = ask("1 A wrap", {"s1": {"A": 1}}, sites={"s1": none}, restrictions=rule).refusals
    assert Reason.RESTRICTED is refused.reason


@pytest.mark.parametrize(("offered_by", "way"), [("site", ""), ("carrier", "r")])
def test_services_on_the_way_to_a_store(offered_by: str, way: str) -> None:
    """At the store itself there is no carrier; a route from s0 has that of its last leg, and the sites wrap or not.

    The store wraps and s0 does not. `fast` takes the first leg and does not offer what `late`, the last, does.
    """
    opening = {"receiving": "prep", "address": ADDRESS | {"city": "Paris"}}
    late = {"id": "late", "carrier": "c", "lanes": [{"transit": {"maximum_days": 1}}], "line_services": ["wrap"]}
    fast = {"id": "fast", "carrier": "c", "lanes": [{"transit": {"maximum_days": 1}}]}
    found = ask(
        "1 A wrap",
        {"s0": {"A": 1}, "hub": {}, "store": {"A": 1}},
        sites={
            "s0": {"line_services": []},
            "hub": {"receiving": "prep"},
            "store": opening | {"store_collection": {"opening": "prep"}},
        },
        services=[fast, late],
        collections=[{"sites": ["s0", "hub"], "services": ["fast", "late"], "cut_off": "17:00"}],
        routes=[{"id": "r", "legs": [{"service": "fast", "to": "hub"}, {"service": "late"}], "ends_at": "store"}],
        method={"kind": "store_collection", "services": [], "routes": ["r"]},
        wrap={"offered_by": offered_by},
    )
    assert [way] == [option.way for option in found.options]


@pytest.mark.parametrize(
    ("wrap", "price"),
    [
        ({"price": "3.50"}, 490 + 5 * 350),
        ({"price": "3.50", "price_per": "line"}, 490 + 2 * 350),
        ({"price": "3.50", "currency": "GBP", "price_per": "line"}, 490 + 2 * 420),
    ],
)
def test_a_service_has_its_price_on_top(wrap: Doc, price: int) -> None:
    """Two kits and three A are wrapped: five units in two lines; 3.50 pounds are 4.20 euros. B is not wrapped.

    Two lines of A with wrap are one line.
    """
    rates = [{"of": "GBP", "to": "EUR", "rate": "1.2", "valid_from": "2026-10-01"}]
    (option,) = ask("2 K wrap, 1 A wrap, 2 A wrap, 1 B", wrap=wrap, exchange_rates=rates).options
    assert price == option.price_minor


def test_a_service_is_paid_beside_free_shipping_and_tariffs() -> None:
    """Free from 50.00, which the price of the wrap does not count for; by tariff 4.00 - 10.00 is 0, and then 3.50."""
    wrap: Doc = {"price": "3.50", "price_per": "line"}
    free = {"price": [{"price": "4.90"}, {"price": "0", "from_value": "50"}]}
    prices = [ask(f"{count} A wrap", wrap=wrap, method=free).options[0].price_minor for count in (4, 5)]
    assert [490 + 350, 350] == prices
    tariff: Doc = {"service": {"tariff": "t"}, "tariffs": [{"id": "t", "rows": [{"price": "4.00"}]}]}
    (option,) = ask("1 A wrap", wrap=wrap, method={"price": {"amount": "-10"}}, **tariff).options
    assert 350 == option.price_minor


def test_a_service_costs_work_and_time_for_each_unit() -> None:
    """Two kits and one A are wrapped, three units: 0.75 and 6 minutes; work 2 x 3 + 1 of the goods and 3 x 4 of the wrap.

    A handling that says nothing is working time of none. By working days the wrap adds nothing: ready on Tuesday at 08:00.
    """
    wrap: Doc = {"preparation_cost": "0.25", "preparation_work": 4, "preparation_time": "2 min"}
    (option,) = ask("2 K wrap, 1 A wrap, 2 B", wrap=wrap).options
    assert (75, utc("02T09:06")) == (option.cost["preparation"], option.shipments[0].ready_at)
    assert 7 + 12 == World(*inputs("2 K wrap, 1 A wrap", wrap=wrap)).basket.work
    days = {"preparation": {"calendar": "prep", "handling": {"maximum_days": 1}}}
    (option,) = ask("1 A wrap", wrap=wrap, sites={"s0": days}).options
    assert utc("03T07:00") == option.shipments[0].ready_at


def test_the_time_of_a_service_is_of_both_ends() -> None:
    """Handling takes 1 h to 6 h 30 min, the wrap 1 h more: ready by 12:00 at the least, after the van of 17:00 at the most.

    Where the wrap takes 6 h 30 min, both ends miss it.
    """
    handling = {"minimum": {"fixed": "1 h"}, "maximum": {"fixed": "6 h 30 min"}}
    site = {"preparation": {"calendar": "prep", "handling": handling}}
    (option,) = ask("1 A wrap", sites={"s0": site}, wrap={"preparation_time": "1 h"}).options
    assert (utc("04T17:00"), utc("03T07:00")) == (option.promised, option.earliest_from)
    (option,) = ask("1 A wrap", sites={"s0": site}, wrap={"preparation_time": "6 h 30 min"}).options
    assert (utc("04T17:00"), utc("04T07:00")) == (option.promised, option.earliest_from)


@pytest.mark.parametrize(("unit", "day"), [("work", "04"), ("units", "03")])
def test_the_work_of_a_service_fills_a_slot(unit: str, day: str) -> None:
    """A slot of six a day: two A are 2 units, with the wrap of 3 each a work of 8, which takes Monday and Tuesday."""
    plan = {"unit": unit, "splits": True, "slots": [{"start": "08:00", "end": "18:00", "capacity": 6}]}
    found = ask(
        "2 A wrap", sites={"s0": {"preparation": {"calendar": "prep", "plan": plan}}}, wrap={"preparation_work": 3}
    )
    assert f"s0 A:wrap: {day}" == result(found)
