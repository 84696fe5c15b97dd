"""Partial answers by the slow twin: small cases worked out by hand.

Orders are placed on Monday 2 November 2026, 09:00 UTC (10:00 in Paris, where the sites are; UTC+1 all month). Sites
prepare at once, from Monday to Friday, 08:00 to 18:00, and have `fast`: collected every day at 17:00 (16:00 UTC),
delivered on the next day from 08:00 to 18:00. So an order comes on Tuesday the 3rd, at 4.90.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine.errors import Reason
from small_world import Doc, Inputs, small_world, utc

import naive

if TYPE_CHECKING:
    from naive import NaiveAnswer, NaiveOption

ONE_SITE: Doc = {"max_shipments": 1}
HOME: Doc = {"id": "home", "kind": "home", "services": ["fast"], "price": [{"price": "4.90"}]}


def inputs(wanted: str, stock: dict[str, str], *, request: Doc | None = None, **rest: Any) -> Inputs:
    """The inputs of lines as `2 A 9.90, 1 B`: how many of what, at what price; sites have ten of each SKU named."""
    asked = [dict(zip(("quantity", "sku", "unit_price"), part.split(), strict=False)) for part in wanted.split(", ")]
    had: dict[str, Doc] = {site: dict.fromkeys(skus, 10) for site, skus in stock.items()}
    items: dict[str, Doc] = {sku: {} for line in asked for sku in line["sku"]} | rest.pop("items", {})
    return small_world(asked, had, items, request={"partial": True} | (request or {}), **rest)


def ask(wanted: str, stock: dict[str, str], **rest: Any) -> NaiveAnswer:
    """The answer to such inputs."""
    return naive.answer(*inputs(wanted, stock, **rest))


def told(option: NaiveOption) -> str:
    """What an option brings, by when, and why not the rest: `home AB: 03, C not_stocked`."""
    brought = "".join(sku for sent in option.shipments for sku, _ in sent.lines)
    left = "".join(f", {line.sku} {line.reason.code}" for line in option.left_out)
    return f"{option.method} {brought}: {option.promised:%d}{left}"


def offered(answer: NaiveAnswer) -> list[str]:
    """What each option brings."""
    return [told(option) for option in answer.options]


def refused(answer: NaiveAnswer) -> dict[str, str]:
    """Why methods offer nothing."""
    return {refusal.method: refusal.reason.code for refusal in answer.refusals}


def until(clock: str) -> Doc:
    """A site that takes orders until a time."""
    return {"preparation": {"calendar": "prep", "order_cut_off": {"daily": clock}}}


# When the whole basket is not served.


def test_what_is_not_stocked_is_left_out() -> None:
    """Nobody has B: asked for parts, the rest is offered, and the method is not refused; else it is."""
    answer = ask("1 A, 1 B, 1 C", {"s0": "AC"})
    assert (["home AC: 03, B not_stocked"], {}) == (offered(answer), refused(answer))
    answer = ask("1 A, 1 B, 1 C", {"s0": "AC"}, request={"partial": False})
    assert ([], {"home": "not_stocked"}) == (offered(answer), refused(answer))


def test_a_fault_of_a_line_is_that_of_the_line() -> None:
    """Nobody knows B, of A the least is two and C is sold by threes; the whole is refused for B, D alone is served."""
    items: Doc = {"A": {"minimum": 2}, "C": {"step": 3}}
    given = inputs("1 A, 1 B, 2 C, 1 D", {"s0": "ABCD"}, items=items)
    catalogue = given[1].model_copy(update={"items": tuple(item for item in given[1].items if item.sku != "B")})
    answer = naive.answer(given[0], catalogue, *given[2:])
    assert ["home D: 03, A quantity_below_minimum, B unknown_sku, C quantity_not_a_step"] == offered(answer)


def test_a_basket_that_is_served_is_not_taken_apart() -> None:
    """A and B come from two sites together; nothing is left out, though one line alone needs one parcel."""
    (option,) = ask("1 A, 1 B", {"s0": "A", "s1": "B"}).options
    assert ("home AB: 03", ()) == (told(option), option.left_out)


def test_where_nothing_is_served_the_whole_is_refused() -> None:
    """A and B are each held by a site, 40 kg of each are too much for the carrier; one line has no parts at all."""
    limits: Doc = {
        "service": {"limits": {"weight_grams": 30_000}},
        "items": {sku: {"weight_grams": 40_000} for sku in "AB"},
    }
    answer, whole = (ask("1 A, 1 B", {"s0": "A", "s1": "B"}, **limits, request={"partial": it}) for it in (True, False))
    assert ([], {"home": "unit_over_limit"}) == (offered(answer), refused(answer))
    assert whole.refusals == answer.refusals
    assert {"home": "not_stocked"} == refused(ask("1 A", {"s0": ""}))


# Which part is chosen.


def test_the_greatest_value_is_chosen() -> None:
    """One site may serve: it has A of 50.00 or B and C of 15.00 each. Both B and C alone could be had."""
    answer = ask("1 A 50, 1 B 15, 1 C 15", {"s0": "A", "s1": "BC"}, method=ONE_SITE)
    assert ["home A: 03, B too_many_shipments, C too_many_shipments"] == offered(answer)


def test_lines_without_a_price_are_worth_nothing() -> None:
    """A thousandth of a euro beats ten of what has no price."""
    assert ["home B: 03, A too_many_shipments"] == offered(
        ask("10 A, 1 B 0.001", {"s0": "A", "s1": "B"}, method=ONE_SITE)
    )


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("1 A 30, 3 B 10", "B"),  # three pieces beat one of the same value
        ("2 A 10, 2 B 10", "A"),  # all equal: the first
        ("1 A 20, 2.5 M 8", "A"),  # measured goods are one piece
        ("2 A 10, 1 K 20", "A"),  # a kit is one, whatever it holds
        ("1 A 20, 1 K 20", "A"),
    ],
)
def test_of_one_value_most_units(wanted: str, chosen: str) -> None:
    """One site may serve, and each has one line. M is cut to the half; K is five B."""
    items: Doc = {"M": {"step": "0.5"}, "K": {"components": [{"sku": "B", "quantity": 5}]}, "B": {}}
    (option,) = ask(wanted, {"s0": "A", "s1": "BM"}, method=ONE_SITE, items=items).options
    assert f"home {chosen}" == told(option)[:6]


def test_of_as_many_units_most_lines() -> None:
    """Two A or one B and one C: two pieces of 20.00 together either way."""
    answer = ask("2 A 10, 1 B 10, 1 C 10", {"s0": "A", "s1": "BC"}, method=ONE_SITE)
    assert ["home BC: 03, A too_many_shipments"] == offered(answer)


def test_of_equal_parts_the_earliest_then_the_first() -> None:
    """A and B are worth the same, and both come on Tuesday; where s0 closes at 9:00, A comes on Wednesday."""
    for sites, expected in (({}, "A: 03, B"), ({"s0": until("09:00")}, "B: 03, A")):
        answer = ask("1 A, 1 B", {"s0": "A", "s1": "B"}, method=ONE_SITE, sites=sites)
        assert [f"home {expected} too_many_shipments"] == offered(answer)


# What is brought.


def test_a_part_is_asked_as_a_basket_of_its_own() -> None:
    """Free from 50.00: A for 30.00 and C for 20.00 are enough, without C they are not, unless the shop gives the value."""
    price = {"price": [{"price": "4.90"}, {"price": "0", "from_value": "50"}]}
    for stock, value, paid in (("AC", None, 0), ("A", None, 490), ("A", "50", 0)):
        given = {"basket_value": value} if value else {}
        (option,) = ask("1 A 30, 1 B 80, 1 C 20", {"s0": stock}, method=price, request=given).options
        assert paid == option.price_minor


def test_a_part_may_take_several_shipments() -> None:
    """Three sites hold a line each and two may serve: the two of the greatest value."""
    stock = {"s0": "A", "s1": "B", "s2": "C"}
    (option,) = ask("1 A 1, 1 B 2, 1 C 3", stock, method={"max_shipments": 2}).options
    assert (2, "home BC: 03, A too_many_shipments") == (len(option.shipments), told(option))


def test_lines_of_the_request_are_listed_each() -> None:
    """Two lines of B are one of the basket, left out together, each with its id; what does not ship takes no part."""
    lines: list[Doc] = [
        {"id": "b", "sku": "B", "quantity": 2}, {"sku": "A", "quantity": 1}, {"id": "a", "sku": "B", "quantity": 1},
        {"sku": "Z", "quantity": 1, "ships": False},
    ]  # fmt: skip
    (option,) = ask("1 A, 1 B", {"s0": "A"}, request={"lines": lines}).options
    left = [
        naive.NaiveLeftOut(name, "B", (), Decimal(count), Reason.NOT_STOCKED) for name, count in (("a", 1), ("b", 2))
    ]
    assert (tuple(left), (("A", 1),)) == (option.left_out, option.shipments[0].lines)


def test_lines_of_one_sku_are_told_apart_by_services() -> None:
    """Only the carrier could engrave, and does not: the line of A that wants it is left out, the other comes."""
    services = [{"id": "engrave", "offered_by": "carrier"}]
    lines = [{"sku": "A", "quantity": 1, "services": asked} for asked in ([], ["engrave"])]
    (option,) = ask("1 A", {"s0": "A"}, line_services=services, request={"lines": lines}).options
    assert ("home A: 03, A line_service_not_offered", ("engrave",)) == (told(option), option.left_out[0].services)


# Several methods.


def methods(*forbidden: str, **fields: Any) -> Doc:
    """Methods m0, m1 ... alike, each with the SKUs that it may not send, cheaper by a cent from one to the next."""
    return {
        "methods": [{**HOME, "id": f"m{i}", "price": [{"price": f"4.9{9 - i}"}], **fields} for i in range(len(forbidden))],
        "restrictions": [
            {"id": f"r{i}{sku}", "skus": [sku], "methods": [f"m{i}"]} for i, skus in enumerate(forbidden) for sku in skus
        ],
    }  # fmt: skip


def test_what_brings_all_comes_first_and_has_the_tags() -> None:
    """m0 may not send A; m1 sends all and is cheaper than m2, which may not send B, but not than m3, which may not send A.

    Tags are held by the one that brings all. A is worth more than B: what m2 brings comes before the two without A.
    """
    policy: Doc = {"policies": [{"id": "p", "criteria": ["price"]}], "channels": [{"id": "web", "policy": "p"}]}
    answer = ask("1 A 20, 1 B 10, 1 C 1", {"s0": "ABC"}, **methods("A", "", "B", "A"), **policy)
    brought = ["m1 ABC: 03", "m2 AC: 03, B restricted", "m3 BC: 03, A restricted", "m0 BC: 03, A restricted"]
    assert brought == offered(answer)
    tags = [option.tags for option in answer.options]
    assert [("cheapest", "earliest", "fewest_parcels"), (), (), ()] == tags


def test_where_nothing_brings_all_the_first_part_has_the_tags() -> None:
    """m1 brings the more valuable A; m0 and m2, which is cheaper, bring B alone; m3 brings nothing."""
    answer = ask("1 A 20, 1 B 10", {"s0": "AB"}, **methods("A", "B", "A", "AB"))
    assert ["m1 A: 03, B restricted", "m2 B: 03, A restricted", "m0 B: 03, A restricted"] == offered(answer)
    assert [True, False, False] == [bool(option.tags) for option in answer.options]
    assert {"m3": "restricted"} == refused(answer)


def test_only_what_is_wished_is_asked_for_parts() -> None:
    """m0 alone is wished: m1 is neither offered nor refused."""
    answer = ask("1 A, 1 B", {"s0": "AB"}, **methods("A", "B"), request={"wishes": {"methods": ["m0"]}})
    assert (["m0 B: 03, A restricted"], {}) == (offered(answer), refused(answer))


def test_the_reason_is_that_of_the_method() -> None:
    """m0 may not send A, and m1, with sites for all but one shipment, brings A instead of B."""
    given = methods("A", "")
    given["methods"][1] |= ONE_SITE
    answer = ask("1 A 20, 1 B 10", {"s0": "A", "s1": "B"}, **given)
    assert ["m1 A: 03, B too_many_shipments", "m0 B: 03, A restricted"] == offered(answer)


# How long.

WITHIN_TUESDAY: Doc = {"wishes": {"not_after": "2026-11-03T20:00:00Z"}}


def test_the_answer_changes_when_the_part_does() -> None:
    """Wished by Tuesday: B's site closes at 12:00, A's at 15:00 and C's at 17:00; then nothing is left to promise."""
    sites = {"s0": until("15:00"), "s1": until("12:00")}
    steps = [
        ("02T11:00", ["home AC: 03, B outside_wishes"]),
        ("02T14:00", ["home C: 03, A outside_wishes, B outside_wishes"]),
        ("02T16:00:01", []),
    ]
    request = dict(WITHIN_TUESDAY)
    for at, expected in steps:
        given = inputs("1 A, 1 B, 1 C", {"s0": "A", "s1": "B", "s2": "C"}, sites=sites, request=request)
        assert utc(at) == naive.next_change_at(*given)
        request["placed_at"] = utc(at).isoformat()
        given = inputs("1 A, 1 B, 1 C", {"s0": "A", "s1": "B", "s2": "C"}, sites=sites, request=request)
        assert expected == offered(naive.answer(*given))


def test_the_answer_changes_when_an_equal_part_is_earlier() -> None:
    """Both come on Tuesday until s0 closes at 12:00: from then on B does, and A would on Wednesday."""
    given = inputs("1 A, 1 B", {"s0": "A", "s1": "B"}, method=ONE_SITE, sites={"s0": until("12:00")})
    assert utc("02T11:00") == naive.next_change_at(*given)
    later = given[3].model_copy(update={"placed_at": utc("02T11:00")})
    assert ["home B: 03, A too_many_shipments"] == offered(naive.answer(*given[:3], later))


def test_a_part_is_the_one_of_the_last_second() -> None:
    """For orders of three hours, until 13:00, the part is that of an order after 12:00.

    The last of them is placed at 14:00, when s1 is closed as well, if the first is a second after 11:00: of two that
    come on Wednesday A is the first.
    """
    sites = {"s0": until("12:00"), "s1": until("14:00")}
    given = inputs("1 A, 1 B", {"s0": "A", "s1": "B"}, method=ONE_SITE, sites=sites, request={"valid_for": "3 h"})
    assert ["home B: 03, A too_many_shipments"] == offered(naive.answer(*given))
    assert utc("02T10:00:01") == naive.next_change_at(*given)
