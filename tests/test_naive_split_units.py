"""Units of a line over several sites, by the slow twin: small cases worked out by hand.

Orders are placed on Monday 2 November 2026, 09:00 UTC (10:00 in Paris, where the sites are; UTC+1 all month). Sites
prepare at once, from Monday to Friday, 08:00 to 18:00. Each has `fast`: collected every day at 17:00 (16:00 UTC),
delivered on the next day from 08:00 to 18:00. So an order comes on Tuesday the 3rd, what waits for Wednesday's receipt
(09:00 UTC) on Thursday the 5th. K is a kit of one A and one C; M is cut, in steps of a half; P is sold in pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from promise_engine.errors import Reason
from small_world import Doc, small_world, utc

import naive

if TYPE_CHECKING:
    from naive import NaiveAnswer, NaiveOption

ITEMS: dict[str, Doc] = {
    "A": {},
    "B": {},
    "C": {},
    "K": {"components": [{"sku": "A"}, {"sku": "C"}]},
    "M": {"step": "0.5"},
    "P": {"step": 2},
}
SHORT = [Reason.INSUFFICIENT_STOCK.code]


def received(on_hand: int, coming: int) -> Doc:
    """So much on hand, and more on Wednesday."""
    return {"on_hand": on_hand, "receipts": [{"quantity": coming, "expected_at": "2026-11-04T09:00:00Z"}]}


def _lines(wanted: str) -> list[Doc]:
    asked = (part.split() for part in wanted.split(", "))
    return [{"sku": sku, "quantity": count, "services": services} for count, sku, *services in asked]


def ask(wanted: str | list[Doc], stock: dict[str, Doc], method: Doc | None = None, **rest: Any) -> NaiveAnswer:
    """The answer to lines as `5 A wrap, 1 B`, by a method that lets units of a line come from several sites."""
    lines = _lines(wanted) if isinstance(wanted, str) else wanted
    known = {sku: {"weight_grams": 400} | item for sku, item in ITEMS.items()}
    splitting = {"split_units": True} | (method or {})
    given: Doc = {"line_services": [{"id": "wrap", "price": "3.50", "preparation_cost": "0.25"}], **rest}
    return naive.answer(*small_world(lines, stock, known, method=splitting, **given))


def told(option: NaiveOption) -> str:
    """Who sends how much by which day: `s0 3A 1B 03, s1 2A 05`."""
    return ", ".join(
        f"{sent.site} {' '.join(f'{quantity}{sku}' for sku, quantity in sent.lines)} {sent.promised:%d}"
        for sent in option.shipments
    )


def offered(answer: NaiveAnswer) -> list[str]:
    """What is sent, for each option, or the reason why nothing is."""
    return [told(option) for option in answer.options] or [refused.reason.code for refused in answer.refusals]


# How much each site sends.


def test_what_no_site_has_comes_from_two() -> None:
    """Five are three and two, in two parcels at one price, until 17:00; where the method does not say so, none has five."""
    stock = {"s0": {"A": 3}, "s1": {"A": 2}}
    (option,) = ask("5 A", stock).options
    assert ("s0 3A 03, s1 2A 03", 490, 2, utc("02T16:00:01")) == (
        told(option), option.price_minor, option.parcels, option.order_by,
    )  # fmt: skip
    assert SHORT == offered(ask("5 A", stock, {"split_units": False}))
    assert SHORT == offered(ask("5 A", stock, {"max_shipments": 1}))
    assert SHORT == offered(ask("6 A", stock))


def test_the_first_site_sends_all_it_can() -> None:
    """Each has four of six: the first, by rank or else by id, sends all four, the other what is missing."""
    stock = {"s0": {"A": 4}, "s1": {"A": 4}}
    assert ["s0 4A 03, s1 2A 03"] == offered(ask("6 A", stock))
    assert ["s0 2A 03, s1 4A 03"] == offered(ask("6 A", stock, sites={"s0": {"rank": 1}}))


def test_three_sites_send_what_two_have_not() -> None:
    """Two each are no five, so a third sends the last one; of two sites at most there is no way."""
    stock = {site: {"A": 2} for site in ("s0", "s1", "s2", "s3")}
    assert ["s0 2A 03, s1 2A 03, s2 1A 03"] == offered(ask("5 A", stock))
    assert SHORT == offered(ask("5 A", stock, {"max_shipments": 2}))
    assert SHORT == offered(ask("7 A", stock))


def test_what_a_site_has_sooner_goes_first() -> None:
    """By Thursday s0 has five, but only then; s1 has two at once: they go first, though s0 is first by its id."""
    stock = {"s0": {"A": received(2, 3)}, "s1": {"A": 2}}
    assert ["s0 4A 05, s1 2A 03"] == offered(ask("6 A", stock))


def test_an_earlier_day_by_two_stands_beside_a_later_one_by_one() -> None:
    """By Thursday s1 has all five; on Tuesday it has two, and s0 the other three."""
    stock = {"s0": {"A": 3}, "s1": {"A": received(2, 3)}}
    assert ["s0 3A 03, s1 2A 03", "s1 5A 05"] == offered(ask("5 A", stock))
    assert ["s0 3A 03, s1 2A 05"] == offered(ask("5 A", {"s0": {"A": 3}, "s1": {"A": received(0, 2)}}))


# Which lines.


def test_measured_goods_are_whole() -> None:
    """Two and a half metres are one piece; one has two metres, the other one."""
    assert SHORT == offered(ask("2.5 M", {"s0": {"M": 2}, "s1": {"M": 1}}))


def test_units_come_in_steps() -> None:
    """Of three one pair is sent, of five two."""
    assert ["s0 2P 03, s1 4P 03"] == offered(ask("6 P", {"s0": {"P": 3}, "s1": {"P": 5}}))
    assert SHORT == offered(ask("6 P", {"s0": {"P": 3}, "s1": {"P": 3}}))


def test_kits_are_whole() -> None:
    """Each site sends as many kits as it has both parts of, also where all parts together would make more."""
    assert ["s0 2K 03, s1 1K 03"] == offered(ask("3 K", {"s0": {"A": 2, "C": 9}, "s1": {"A": 1, "C": 1}}))
    assert SHORT == offered(ask("3 K", {"s0": {"A": 2, "C": 1}, "s1": {"A": 1, "C": 2}}))


def test_lines_that_share_a_sku_are_whole() -> None:
    """Three and one to be wrapped are lines of one SKU: the three come from one site, or not at all."""
    assert SHORT == offered(ask("3 A, 1 A wrap", {"s0": {"A": 2}, "s1": {"A": 2}}))
    assert ["s0 3A 03, s1 1A 03"] == offered(ask("3 A, 1 A wrap", {"s0": {"A": 3}, "s1": {"A": 1}}))


def test_units_that_differ_are_not_told_apart() -> None:
    """Two lines of one SKU are one line of five, and can be split if all weigh the same."""
    stock = {"s0": {"A": 3}, "s1": {"A": 2}}
    lines: list[Doc] = [{"sku": "A", "quantity": 4}, {"sku": "A", "quantity": 1, "weight_grams": 400}]
    assert ["s0 3A 03, s1 2A 03"] == offered(ask(lines, stock))
    lines[1]["weight_grams"] = 700
    assert SHORT == offered(ask(lines, stock))


def test_other_lines_go_whole_beside_units() -> None:
    """Both sites have B: it goes to the first, or with the method's two parcels of 2 kg to the one that has room for it.

    Three A are 1.2 kg; three and a B of 1 kg are two parcels, and two A with it 1.8 kg in one.
    """
    stock = {"s0": {"A": 3, "B": 1}, "s1": {"A": 2, "B": 1}}
    given: Doc = {"stock": stock, "service": {"limits": {"weight_grams": 2_000}}}
    lines: list[Doc] = [{"sku": "A", "quantity": 5}, {"sku": "B", "quantity": 1, "weight_grams": 1_000}]
    assert ["s0 3A 1B 03, s1 2A 03"] == offered(ask(lines, **given))
    assert ["s0 3A 03, s1 2A 1B 03"] == offered(ask(lines, **given, method={"max_parcels": 2}))
    assert ["s0 3A 03, s1 2A 03, s2 1B 03"] == offered(
        ask("5 A, 1 B", {"s0": {"A": 3}, "s1": {"A": 2}, "s2": {"B": 1}})
    )


# Whole lines first.


def test_what_one_site_has_whole_is_not_cut() -> None:
    """{s0, s1} would cut A, {s0, s2} sends it whole from s2: for one day, price and number of sites that comes first."""
    stock = {"s0": {"A": 3, "B": 1}, "s1": {"A": 2}, "s2": {"A": 5}}
    assert ["s0 1B 03, s2 5A 03"] == offered(ask("5 A, 1 B", stock))
    assert ["s2 5A 03"] == offered(ask("5 A", stock))


def test_a_line_that_a_site_of_the_set_has_whole_is_not_cut_for_room() -> None:
    """s1 prepares five units a day. It could send five A on Tuesday, but with B one unit waits until Wednesday.

    Three A from s0 would leave room for B, yet s1 can send A whole, so of this set nothing is cut.
    """
    plan = {"unit": "units", "splits": True, "slots": [{"start": "08:00", "end": "18:00", "capacity": 5}]}
    sites: dict[str, Doc] = {"s1": {"preparation": {"calendar": "prep", "plan": plan}}}
    assert ["s1 5A 1B 04"] == offered(ask("5 A, 1 B", {"s0": {"A": 3}, "s1": {"A": 5, "B": 1}}, sites=sites))
    assert ["s0 3A 03, s1 1A 1B 03"] == offered(ask("4 A, 1 B", {"s0": {"A": 3}, "s1": {"A": 3, "B": 1}}, sites=sites))


def test_a_set_that_holds_one_that_delivers_is_no_plan() -> None:
    """s0 and s1 deliver with units of A, so s0, s1 and s2 do not count, though with s2 each line is whole."""
    stock = {"s0": {"A": 3, "B": 1}, "s1": {"A": 2, "C": 1}, "s2": {"A": 5}}
    assert ["s0 3A 1B 03, s1 2A 1C 03"] == offered(ask("5 A, 1 B, 1 C", stock))
    assert ["s0 1B 03, s1 1C 03, s2 5A 03"] == offered(ask("5 A, 1 B, 1 C", stock, {"split_units": False}))


# The order of sites, and how many are tried.


def test_sites_stand_with_all_they_can() -> None:
    """Any two of three sites have five. All it can costs s0 3 x 1.00, s1 2 x 1.40 and s2 3 x 1.20: s1 and s0 are first.

    By what one unit costs it would be s0 and s2.
    """
    stock = {"s0": {"A": 3}, "s1": {"A": 2}, "s2": {"A": 3}}
    costs = {"s0": "1.00", "s1": "1.40", "s2": "1.20"}
    sites = {site: {"preparation_cost_per_unit": cost} for site, cost in costs.items()}
    assert ["s0 3A 03, s1 2A 03"] == offered(ask("5 A", stock, sites=sites))
    sites["s1"]["preparation_cost_per_unit"] = "2.00"
    assert ["s0 3A 03, s2 2A 03"] == offered(ask("5 A", stock, sites=sites))


@pytest.mark.parametrize(("most", "expected"), [(2, SHORT), (3, ["s0 2A 03, s1 2A 03, s2 2A 03"])])
def test_only_the_first_sites_are_tried(most: int, expected: list[str]) -> None:
    """Each has two of six: with two candidates for a line there is no way to have them all."""
    stock = {site: {"A": 2} for site in ("s0", "s1", "s2", "s3")}
    assert expected == offered(ask("6 A", stock, settings={"horizon_days": 20, "split_candidates": most}))


# What shipments share, cost, and until when they stand.


def test_shipments_share_what_the_channel_may_take() -> None:
    """Of five in the pool the channel has four: s0 takes three, so one is left to s1, which has one more on Thursday."""
    stock = {"s0": {"A": 3}, "s1": {"A": received(2, 1)}}
    assert ["s0 3A 03, s1 2A 03"] == offered(ask("5 A", stock))
    share: Doc = {"stock_rules": [{"sku": "A", "share": "0.8"}]}
    assert ["s0 3A 03, s1 2A 05"] == offered(ask("5 A", stock, **share))
    assert SHORT == offered(ask("5 A", {"s0": {"A": 3}, "s1": {"A": 2}}, **share))


def test_each_unit_is_wrapped_and_paid_where_it_is_sent() -> None:
    """Five wraps of 3.50 on the price of 4.90, and of 0.25 among the costs; a site that does not wrap sends none."""
    stock = {"s0": {"A": 3}, "s1": {"A": 2}, "s2": {"A": 2}}
    (option,) = ask("5 A wrap", stock, sites={"s1": {"line_services": []}}).options
    assert ("s0 3A 03, s2 2A 03", 490 + 5 * 350, 5 * 25) == (
        told(option), option.price_minor, option.cost["preparation"],
    )  # fmt: skip


def test_a_tariff_is_paid_for_what_each_site_sends() -> None:
    """Three of 400 g are a parcel of 1.2 kg for 8.00, two one of 0.8 kg for 5.00."""
    rows = [{"min_grams": 0, "max_grams": 1_000, "price": "5"}, {"min_grams": 1_000, "max_grams": None, "price": "8"}]
    given: Doc = {
        "service": {"tariff": "t"},
        "tariffs": [{"id": "t", "rows": rows}],
        "method": {"price": {"percent": "0"}},
    }
    (option,) = ask("5 A", {"s0": {"A": 3}, "s1": {"A": 2}}, **given).options
    assert ("s0 3A 03, s1 2A 03", 1_300) == (told(option), option.price_minor)


def test_another_set_takes_the_place_of_one() -> None:
    """s0 closes at 12:00; then s1 and s2 give the same until 15:00 (14:00 UTC)."""
    closing = {
        site: {"preparation": {"calendar": "prep", "order_cut_off": {"daily": clock}}}
        for site, clock in (("s0", "12:00"), ("s2", "15:00"))
    }
    (option,) = ask("5 A", {"s0": {"A": 3}, "s1": {"A": 2}, "s2": {"A": 3}}, sites=closing).options
    assert ("s0 3A 03, s1 2A 03", utc("02T14:00")) == (told(option), option.order_by)


def test_a_basket_of_little_value_is_not_cut() -> None:
    """A single line is one that may be split, from the least value on."""
    lines: list[Doc] = [{"sku": "A", "quantity": 5, "unit_price": "10"}]
    stock = {"s0": {"A": 3}, "s1": {"A": 2}}
    assert ["s0 3A 03, s1 2A 03"] == offered(ask(lines, stock, {"min_split_value": "50"}))
    assert SHORT == offered(ask(lines, stock, {"min_split_value": "50.01"}))


def test_nominated_days_are_those_that_some_units_have() -> None:
    """No site has a day for all five, but each for what it has: the days to nominate begin on Tuesday."""
    chosen = {"delivery": {"windows": [{"hours": "08:00-18:00"}], "choice": "day"}}
    answer = ask("5 A", {"s0": {"A": 3}, "s1": {"A": 2}}, service=chosen)
    assert ["s0 3A 03, s1 2A 03", "s0 3A 04, s1 2A 04"] == offered(answer)[:2]
