"""Splits of lines that share a SKU, by the slow twin: small cases worked out by hand.

Orders are placed on Monday 2 November 2026, 09:00 UTC (10:00 in Paris, where the sites are; UTC+1 all month). Sites
prepare at once, from Monday to Friday, 08:00 to 18:00. Each has `fast`: collected every day at 17:00 (16:00 UTC),
delivered on the next day from 08:00 to 18:00. So an order comes on Tuesday the 3rd, what waits for Wednesday's receipt
(09:00 UTC) on Thursday the 5th. K is a kit of one A and one C. Where nothing is said each site offers gift wrap (`wrap`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promise_engine.errors import Reason
from small_world import Doc, Inputs, small_world, utc

import naive

if TYPE_CHECKING:
    from naive import NaiveAnswer, NaiveOption

KIT: Doc = {"components": [{"sku": "A"}, {"sku": "C"}]}
NO_WRAP: Doc = {"line_services": []}
BY_SITE = {"channels": [{"id": "web", "share_scope": "site"}]}
HALF = {"stock_rules": [{"sku": "A", "share": "0.5"}]}


def received(on_hand: int, coming: int) -> Doc:
    """So much on hand, and more on Wednesday."""
    return {"on_hand": on_hand, "receipts": [{"quantity": coming, "expected_at": "2026-11-04T09:00:00Z"}]}


def inputs(wanted: str, stock: dict[str, Doc], *, items: dict[str, Doc] | None = None, **rest: Any) -> Inputs:
    """The inputs of lines as `2 A wrap, 1 K`."""
    asked = [part.split() for part in wanted.split(", ")]
    lines = [{"sku": sku, "quantity": count, "services": services} for count, sku, *services in asked]
    known = {"A": {}, "B": {}, "C": {}, "K": KIT} | (items or {})
    weighed = {sku: {"weight_grams": 400} | item for sku, item in known.items()}
    return small_world(lines, stock, weighed, **{"line_services": [{"id": "wrap", "price": "3.50"}], **rest})


def ask(wanted: str, stock: dict[str, Doc], **rest: Any) -> NaiveAnswer:
    """The answer to such inputs."""
    return naive.answer(*inputs(wanted, stock, **rest))


def told(option: NaiveOption) -> str:
    """Who sends what by which day: `s0 A B 03, s1 A:wrap 05`."""
    found = []
    for sent in option.shipments:
        sold = [":".join((sku, *services)) for (sku, _), services in zip(sent.lines, sent.line_services, strict=True)]
        found.append(f"{sent.site} {' '.join(sold)} {sent.promised:%d}")
    return ", ".join(found)


def offered(answer: NaiveAnswer) -> list[str]:
    """What is sent, for each option, or the reason why nothing is."""
    return [told(option) for option in answer.options] or [refused.reason.code for refused in answer.refusals]


NONE = [Reason.TOO_MANY_SHIPMENTS.code]


# Lines of one SKU.


def test_lines_of_one_sku_are_split() -> None:
    """Each site has one A. One is to be wrapped: at s0 or at s1, the first placement has it at s1, or where it is offered."""
    stock = {"s0": {"A": 1}, "s1": {"A": 1}}
    assert ["s0 A 03, s1 A:wrap 03"] == offered(ask("1 A, 1 A wrap", stock))
    assert ["s0 A:wrap 03, s1 A 03"] == offered(ask("1 A, 1 A wrap", stock, sites={"s1": NO_WRAP}))
    none = ask("1 A, 1 A wrap", stock, sites={"s0": NO_WRAP, "s1": NO_WRAP})
    assert [Reason.LINE_SERVICE_NOT_OFFERED.code] == offered(none)


def test_a_service_is_paid_once_however_many_shipments_there_are() -> None:
    """Three wrapped units in two shipments: 4.90 and 3 x 3.50, whichever site wraps."""
    (option,) = ask("2 A wrap, 1 B wrap", {"s0": {"A": 2}, "s1": {"B": 1}}).options
    assert ("s0 A:wrap 03, s1 B:wrap 03", 490 + 3 * 350) == (told(option), option.price_minor)
    price: Doc = {"percent": "10", "amount": "1"}
    tariff: Doc = {"service": {"tariff": "t"}, "tariffs": [{"id": "t", "rows": [{"price": "4"}]}]}
    (option,) = ask("2 A wrap, 1 B wrap", {"s0": {"A": 2}, "s1": {"B": 1}}, method={"price": price}, **tariff).options
    assert 800 + 80 + 100 + 3 * 350 == option.price_minor


def test_the_least_quantity_is_of_the_order_not_of_a_shipment() -> None:
    """A is ordered from three. Two and one, wrapped, come from two sites."""
    items: dict[str, Doc] = {"A": {"minimum": 3}}
    stock = {"s0": {"A": 2}, "s1": {"A": 1}}
    assert ["s0 A 03, s1 A:wrap 03"] == offered(ask("2 A, 1 A wrap", stock, items=items))


# What shipments leave each other.


def test_a_second_shipment_waits_for_what_the_first_takes_of_the_pool() -> None:
    """Only s0 wraps and only s1 has C. Of the four A the channel has half, two, which each site exposes alone.

    s0, first by its id, takes both; for the kit s1 waits for Wednesday's receipt. If s1, ranking first, took one, s0 would
    lack one for ever: so s0 takes both again. With all four, or with shares of each site, nothing is short.
    """
    stock = {"s0": {"A": 2}, "s1": {"A": received(2, 1), "C": 1}}
    sites: dict[str, Doc] = {"s1": NO_WRAP}
    assert ["s0 A:wrap 03, s1 K 05"] == offered(ask("2 A wrap, 1 K", stock, sites=sites, **HALF))
    first: dict[str, Doc] = {"s0": {"rank": 1}, "s1": NO_WRAP}
    assert ["s0 A:wrap 03, s1 K 05"] == offered(ask("2 A wrap, 1 K", stock, sites=first, **HALF))
    assert ["s0 A:wrap 03, s1 K 03"] == offered(ask("2 A wrap, 1 K", stock, sites=sites))
    assert ["s0 A:wrap 03, s1 K 03"] == offered(ask("1 A wrap, 1 K", stock, sites=sites, **BY_SITE, **HALF))


def test_what_is_left_is_taken_before_what_comes() -> None:
    """Half of six A are three. s0 takes two; the kits of s1 need three, one is left, so two of the receipt are needed.

    A receipt of one would not do, though the site has four on hand.
    """
    for coming, expected in ((2, ["s0 A:wrap 03, s1 K 05"]), (1, NONE)):
        stock = {"s0": {"A": 2}, "s1": {"A": received(4, coming), "C": 3}}
        assert expected == offered(ask("2 A wrap, 3 K", stock, sites={"s1": NO_WRAP}, **HALF))


def test_a_pools_safety_stock_is_left_once() -> None:
    """Four A less three for the pool leave one, which either site exposes: both together have not two."""
    rule = [{"of": "pool", "sku": "A", "safety_stock": 3}]
    stock = {"s0": {"A": 2}, "s1": {"A": 2, "C": 1}}
    sites: dict[str, Doc] = {"s1": NO_WRAP}
    assert NONE == offered(ask("1 A wrap, 1 K", stock, sites=sites, stock_rules=rule))
    assert ["s0 A:wrap 03"] == offered(ask("1 A wrap", stock, sites=sites, stock_rules=rule))
    assert ["s1 K 03"] == offered(ask("1 K", stock, sites=sites, stock_rules=rule))


def test_an_offer_that_waits_stands_until_it_waits_no_more() -> None:
    """The kit waits at s1 until Wednesday and comes on Thursday; the wrapped A may as well come on Thursday.

    So until Wednesday's van leaves both (16:00 UTC) the offer stays. What changes first is the day of A, with Monday's.
    """
    stock = {"s0": {"A": 2}, "s1": {"A": received(2, 1), "C": 1}}
    given = inputs("2 A wrap, 1 K", stock, sites={"s1": NO_WRAP}, **HALF)
    (option,) = naive.answer(*given).options
    assert (utc("05T17:00"), utc("04T16:00:01")) == (option.promised, option.order_by)
    assert utc("02T16:00:01") == naive.next_change_at(*given)


def test_an_answer_that_holds_for_a_day_is_that_of_its_last_second() -> None:
    """Until Tuesday 17:00 UTC an order misses Tuesday's van: A comes on Thursday, as the kit does."""
    stock = {"s0": {"A": 2}, "s1": {"A": received(2, 1), "C": 1}}
    request = {"valid_for": "PT24H", "placed_at": utc("02T17:00")}
    assert ["s0 A:wrap 05, s1 K 05"] == offered(
        ask("2 A wrap, 1 K", stock, sites={"s1": NO_WRAP}, request=request, **HALF)
    )


# Placements.

BANDS = [{"price": "3", "max_grams": 1000}, {"price": "5", "min_grams": 1000}]
TARIFF: Doc = {
    "method": {"price": {"percent": "0"}}, "service": {"tariff": "t"}, "tariffs": [{"id": "t", "rows": BANDS}],
    "line_services": [{"id": "wrap"}],
}  # fmt: skip


def test_every_placement_of_lines_that_share_a_sku_is_tried() -> None:
    """B is at s0 and C at s1; A and A with wrap may come from either, and each is first placed at s0.

    There they make a parcel of 1,200 g: 5.00 with 3.00 for the other site. One at each, or both at s1, beside the C of
    100 g, is two parcels below 1,000 g: 6.00. Of these cells the dearer is beaten, and of the three placements for 6.00
    the first, with the wrapped A at s1, holds it.
    """
    stock = {"s0": {"A": 9, "B": 9}, "s1": {"A": 9, "C": 9}}
    (option,) = ask("1 A, 1 A wrap, 1 B, 1 C", stock, items={"C": {"weight_grams": 100}}, **TARIFF).options
    assert ("s0 A B 03, s1 A:wrap C 03", 600) == (told(option), option.price_minor)


def test_lines_that_share_nothing_go_to_their_first_site() -> None:
    """Of two units of A, one line, no other placement is tried: all go to s0, at 8.00."""
    stock = {"s0": {"A": 9, "B": 9}, "s1": {"A": 9, "C": 9}}
    (option,) = ask("2 A, 1 B, 1 C", stock, items={"C": {"weight_grams": 100}}, **TARIFF).options
    assert ("s0 A B 03, s1 C 03", 800) == (told(option), option.price_minor)


def test_a_cell_holds_the_first_placement() -> None:
    """By price rules every placement costs the same: the first has all A at s0. By rank s1 is the first choice of each."""
    stock = {"s0": {"A": 9, "B": 9}, "s1": {"A": 9, "C": 9}}
    assert ["s0 A A:wrap B 03, s1 C 03"] == offered(ask("1 A, 1 A wrap, 1 B, 1 C", stock))
    sites: dict[str, Doc] = {"s0": {"rank": 1}}
    assert ["s0 B 03, s1 A A:wrap C 03"] == offered(ask("1 A, 1 A wrap, 1 B, 1 C", stock, sites=sites))


def test_another_placement_is_there_when_the_first_is_not() -> None:
    """s0 has two A for the first line, the kit or the wrap; the second choice of each is s1.

    Line A (2) at s0 leaves none for the kit, which s1 has. Both sites have all, but neither has three.
    """
    stock = {"s0": {"A": 2, "C": 9}, "s1": {"A": 2, "C": 9}}
    assert ["s0 A 03, s1 K 03"] == offered(ask("2 A, 1 K", stock))


def test_no_split_of_a_single_kit() -> None:
    """A kit is one line: its components come from one site."""
    stock = {"s0": {"A": 1}, "s1": {"C": 1}}
    assert [Reason.NOT_STOCKED.code] == offered(ask("1 K", stock))
    assert ["s0 A 03, s1 C 03"] == offered(ask("1 A, 1 C", stock))


def test_a_refused_split_names_the_kit() -> None:
    """s1 has what the kit needs, but it is too heavy for the carrier; B is at s0."""
    stock = {"s0": {"B": 1}, "s1": {"A": 1, "C": 1}}
    items = {"K": KIT | {"weight_grams": 40_000}}
    answer = ask("1 B, 1 K", stock, items=items, service={"limits": {"weight_grams": 30_000}})
    assert [naive.NaiveRefusal("home", Reason.UNIT_OVER_LIMIT, sku="K")] == answer.refusals
