"""Splits over sites by the slow twin: small cases worked out by hand.

Orders are placed on Monday 2 November 2026, 09:00 UTC (10:00 in Paris, where the sites are; UTC+1 all month). Sites
prepare at once, from Monday to Friday, 08:00 to 18:00. Each service a site has collects there every day at 17:00 and
delivers from 08:00 to 18:00: `fast` on the next day, `slow` three days later. So an order by fast comes on Tuesday
the 3rd, one by slow on Thursday the 5th, and both must be placed by 17:00 (16:00 UTC).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from promise_engine.errors import Reason
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import StockDocument

import naive

if TYPE_CHECKING:
    from naive import NaiveAnswer, NaiveOption, NaiveRefusal

Doc = dict[str, Any]
ADDRESS = {"country": "FR", "postal_code": "75001", "latitude": 48.86, "longitude": 2.34}
TARIFF = [{"id": "t", "rows": [{"price": "4.95"}]}, {"id": "u", "rows": [{"price": "3.00"}]}]


def utc(text: str) -> datetime:
    """An instant of November 2026 by day and UTC time: `03T12:00`."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def site(name: str, **fields: Any) -> Doc:
    """A site that prepares at once."""
    place = {"address": {"country": "FR", "postal_code": "69007"}, "time_zone": "Europe/Paris"}
    return {"id": name, **place, "preparation": {"calendar": "prep"}, **fields}


def service(name: str, days: int, **fields: Any) -> Doc:
    """A service that delivers so many days after the collection."""
    lanes = [{"transit": {"maximum_days": days}}]
    return {"id": name, "carrier": "c", "lanes": lanes, "delivery": {"windows": [{"hours": "08:00-18:00"}]}, **fields}


def network(served: dict[str, str], sites: dict[str, Doc], method: Doc, fast: Doc, lists: Doc) -> NetworkDocument:
    """Sites with the services that each has, by the first letters of their names."""
    services = [service("fast", 1, **fast), service("slow", 3)]
    used: list[str] = [row["id"] for row in services if any(row["id"][0] in letters for letters in served.values())]
    home = {"id": "home", "kind": "home", "services": used, "price": [{"price": "4.90"}]}
    return NetworkDocument.model_validate({
        "valid_from": "2026-10-01", "valid_until": "2026-12-31", "settings": {"horizon_days": 20},
        "calendars": [{"id": "prep", "hours": {"mon-fri": ["08:00-18:00"]}}],
        "sites": [site(name, **sites.get(name, {})) for name in served],
        "carriers": [{"id": "c"}],
        "services": services,
        "collections": [
            {"sites": [name for name, letters in served.items() if carried[0] in letters], "services": [carried],
             "cut_off": "17:00"}
            for carried in used
        ],
        "methods": [home | method],
        "channels": [{"id": "web"}],
        **lists,
    })  # fmt: skip


def ask(
    stock: dict[str, str],
    served: dict[str, str] | None = None,
    method: Doc | None = None,
    request: Doc | None = None,
    sites: dict[str, Doc] | None = None,
    fast: Doc | None = None,
    items: Doc | None = None,
    **lists: Any,
) -> NaiveAnswer:
    """Ask for one of each SKU that some site has; sites have ten of each letter named, and `fast` if not said."""
    skus = sorted(set("".join(stock.values())) | set(items or {}))
    wanted: Doc = {
        "lines": [{"sku": sku, "quantity": 1, "unit_price": "10"} for sku in skus],
        "destination": ADDRESS, "placed_at": utc("02T09:00").isoformat(), "view": "all",
    }  # fmt: skip
    records = [{"site": name, "sku": sku, "on_hand": 10} for name, had in stock.items() for sku in had]
    return naive.answer(
        network(served or dict.fromkeys(stock, "f"), sites or {}, method or {}, fast or {}, lists),
        CatalogueDocument.model_validate(
            {"items": [{"sku": sku, "weight_grams": 500, **(items or {}).get(sku, {})} for sku in skus]}
        ),
        StockDocument.model_validate({"as_of": "2026-11-01T00:00:00Z", "records": records}),
        PromiseRequest.model_validate(wanted | (request or {})),
    )


def told(option: NaiveOption) -> str:
    """Who sends what: `s0 fast A, s1 slow BC`."""
    return ", ".join(f"{sent.site} {sent.way} {''.join(sku for sku, _ in sent.lines)}" for sent in option.shipments)


def offered(answer: NaiveAnswer) -> list[str]:
    """Who sends what, for each option, and by when."""
    return [f"{told(option)}: {option.promised:%d}" for option in answer.options]


def refused(answer: NaiveAnswer) -> NaiveRefusal:
    """The only refusal of an answer without options."""
    assert [] == answer.options
    (found,) = answer.refusals
    return found


# What an option of several shipments is.


def test_two_sites_that_hold_one_line_each_deliver_together() -> None:
    """Both send on Monday: one window on Tuesday at the price of one order; costs and parcels add up.

    Each site costs 1.25 and 0.50 a parcel. By 17:00 both would still send: `order_by` is 16:00 UTC and a second.
    """
    costs = {"preparation_cost": "1.25", "packaging_cost": "0.50"}
    (option,) = ask({"s0": "A", "s1": "B"}, sites={"s0": costs, "s1": costs}).options
    assert "s0 fast A, s1 fast B" == told(option)
    assert (utc("03T07:00"), utc("03T17:00"), utc("02T16:00:01")) == (
        option.deliver_from, option.deliver_by, option.order_by,
    )  # fmt: skip
    assert (490, 2, 250, 100) == (
        option.price_minor, option.parcels, option.cost["preparation"], option.cost["packaging"],
    )  # fmt: skip
    assert ("fast", ("fast",)) == (option.way, option.services)
    assert [(("A", Decimal(1)),), (("B", Decimal(1)),)] == [sent.lines for sent in option.shipments]


def test_a_split_is_promised_for_its_last_shipment() -> None:
    """A comes on Tuesday, B, which only has slow, on Thursday: the window is Thursday's, each line has its own date.

    With two ways the option has no service, but both services.
    """
    (option,) = ask({"s0": "A", "s1": "B"}, {"s0": "f", "s1": "s"}).options
    assert (utc("05T07:00"), utc("05T17:00"), None, ("fast", "slow")) == (
        option.deliver_from, option.deliver_by, option.way, option.services,
    )  # fmt: skip
    assert [utc("03T17:00"), utc("05T17:00")] == [sent.promised for sent in option.shipments]


def test_what_need_not_come_earlier_takes_the_policys_first_way() -> None:
    """B comes on Thursday whatever happens, so A, too, takes slow (3.00) and not fast (4.95): `promised` abstains.

    For Tuesday there is no plan; for Thursday both rows of A keep the day, and of one price the cheaper carrier wins.
    """
    (option,) = ask(
        {"s0": "A", "s1": "B"},
        {"s0": "fs", "s1": "s"},
        services=[service("fast", 1, tariff="t"), service("slow", 3, tariff="u")],
        tariffs=TARIFF,
    ).options
    assert ("s0 slow A, s1 slow B", 600) == (told(option), option.cost["transport"])


def test_a_tariff_price_takes_percent_and_amount_once() -> None:
    """Two parcels of 4.95 are 9.90; 10 % are 0.99 (twice 0.495, each rounded, would be 1.00); and 1.50 once: 12.39."""
    price = {"percent": "10", "amount": "1.50"}
    (option,) = ask({"s0": "A", "s1": "B"}, method={"price": price}, fast={"tariff": "t"}, tariffs=TARIFF).options
    assert 1_239 == option.price_minor


def test_a_service_that_is_chosen_carries_every_shipment() -> None:
    """s0 has both services, s1 only slow: the shopper can choose slow, and fast is no option."""
    (option,) = ask({"s0": "A", "s1": "B"}, {"s0": "fs", "s1": "s"}, {"choose_service": True}).options
    assert ("s0 slow A, s1 slow B", "home/slow", "slow") == (told(option), option.choice_code, option.way)
    none = ask({"s0": "A", "s1": "B"}, {"s0": "f", "s1": "s"}, {"choose_service": True})
    assert Reason.TOO_MANY_SHIPMENTS == refused(none).reason


def test_a_nominated_day_is_that_of_every_shipment() -> None:
    """s0 could deliver from Tuesday on, s1 from Thursday on: the first day to nominate is Thursday, for both."""
    chosen = {"windows": [{"hours": "08:00-18:00"}], "choice": "day"}
    services = [service("fast", 1, delivery=chosen), service("slow", 3, delivery=chosen)]
    answer = ask({"s0": "A", "s1": "B"}, {"s0": "f", "s1": "s"}, services=services)
    assert ["s0 fast A, s1 slow B: 05", "s0 fast A, s1 slow B: 06"] == offered(answer)[:2]
    assert [utc("05T17:00")] * 2 == [sent.promised for sent in answer.options[0].shipments]


# Which sets of sites.


def test_no_split_where_a_site_delivers_all_by_then() -> None:
    """s2 has both by slow on Thursday. The split of s0 and s1 is there on Tuesday: it is worth it, none for Thursday is.

    Were s2 as fast as the others, there would be no split at all.
    """
    stock = {"s0": "A", "s1": "B", "s2": "AB"}
    answer = ask(stock, {"s0": "f", "s1": "f", "s2": "s"})
    assert ["s0 fast A, s1 fast B: 03", "s2 slow AB: 05"] == offered(answer)
    assert ["s2 fast AB: 03"] == offered(ask(stock))


def test_as_few_sites_as_can_be() -> None:
    """s0 and s3 have all three lines by Tuesday, so {s0, s1, s2} is no plan, though each of its sites holds a line."""
    answer = ask({"s0": "A", "s1": "B", "s2": "C", "s3": "BC"})
    assert ["s0 fast A, s3 fast BC: 03"] == offered(answer)


def test_one_plan_for_a_day_a_price_and_a_number_of_sites() -> None:
    """B is at s1 and at s2; both sets are there on Tuesday at one price. The policy's order of sites decides: rank.

    With s2 ranked first the sites stand s2, s0, s1: the list of {s0, s2} comes before that of {s0, s1}. With equal
    ranks the ids decide.
    """
    stock = {"s0": "A", "s1": "B", "s2": "B"}
    ranks = {"s0": {"rank": 1}, "s1": {"rank": 2}, "s2": {"rank": 0}}
    assert ["s0 fast A, s2 fast B: 03"] == offered(ask(stock, sites=ranks))
    assert ["s0 fast A, s1 fast B: 03"] == offered(ask(stock))


def test_a_cheaper_split_stands_beside_a_faster_one() -> None:
    """By tariff s1 sends B fast at 4.95 and s2 slow at 3.00, with 4.95 for A: 9.90 on Tuesday, 6.00 on Thursday.

    On Thursday {s0, s1} and {s0, s2} both deliver with s0 sending A by slow: 3.00 + 4.95 and 3.00 + 3.00. The dearer
    of them is beaten on the front.
    """
    answer = ask(
        {"s0": "A", "s1": "B", "s2": "B"},
        {"s0": "fs", "s1": "f", "s2": "s"},
        {"price": {"percent": "0"}},
        services=[service("fast", 1, tariff="t"), service("slow", 3, tariff="u")],
        tariffs=TARIFF,
    )
    assert [("s0 fast A, s1 fast B", 990), ("s0 slow A, s2 slow B", 600)] == [
        (told(option), option.price_minor) for option in answer.options
    ]


def test_sites_that_cannot_send_so_many_parcels_do_not_deliver() -> None:
    """Four lines of 20 kg, parcels of 30 kg by fast, of any weight by slow, three parcels at most.

    s0 and s1 have all lines, but in four parcels, so they deliver by no day. On Thursday s2 joins them: it takes B and C
    in one parcel, and leaves A to s0 and D to s1.
    """
    heavy = {sku: {"weight_grams": 20_000} for sku in "ABCD"}
    answer = ask(
        {"s0": "AB", "s1": "CD", "s2": "BC"},
        {"s0": "f", "s1": "f", "s2": "s"},
        {"max_parcels": 3},
        fast={"limits": {"weight_grams": 30_000}},
        items=heavy,
    )
    assert ["s0 fast A, s1 fast D, s2 slow BC: 05"] == offered(answer)


@pytest.mark.parametrize(("capacity", "day"), [(2, "03"), (1, "04")])
def test_shipments_have_room_together(capacity: int, day: str) -> None:
    """Both sites share a van that takes so many parcels a day: of one each alone has room, both together have not.

    A set of one parcel and another a day later is no plan either, because each shipment takes the earliest van alone. s2
    has a van of its own, but only on Tuesday: with one place in the shared van the order comes from there.
    """
    collections = [
        {"sites": ["s0", "s1"], "services": ["fast"], "cut_off": "17:00", "pool": "van"},
        {"sites": ["s2"], "services": ["fast"], "cut_off": "17:00", "dates": ["2026-11-03"]},
    ]
    pools = [{"id": "van", "capacity": capacity, "per": "date"}]
    answer = ask({"s0": "A", "s1": "B", "s2": "B"}, collections=collections, collection_pools=pools)
    last = "s1" if day == "03" else "s2"
    assert [f"s0 fast A, {last} fast B: {day}"] == offered(answer)


# Giving out the lines.

ONE_LINE_A_DAY: Doc = {
    "preparation": {
        "calendar": "prep",
        "plan": {"unit": "lines", "slots": [{"start": "08:00", "end": "18:00", "capacity": 1}]},
    }
}


def test_a_line_goes_to_the_first_site_that_could_send_it_first() -> None:
    """B is at both sites: of one day the rank decides, else the id. A and C leave no choice."""
    stock = {"s0": "AB", "s1": "BC"}
    assert ["s0 fast AB, s1 fast C: 03"] == offered(ask(stock))
    assert ["s0 fast A, s1 fast BC: 03"] == offered(ask(stock, sites={"s0": {"rank": 1}}))
    days = {"s0": "s", "s1": "f"}
    assert ["s0 slow A, s1 fast BC: 05"] == offered(ask(stock, days, sites={"s1": {"rank": 1}}))


def test_a_site_that_cannot_take_one_more_line_passes_it_on() -> None:
    """s0 prepares one line a day. It comes first for B too, but A and B together would be there on Wednesday only.

    So B goes to s1, and all is there on Tuesday: more stock of B at s0 has not made the promise worse. There is no
    plan for Wednesday of its own: the same two sites give the same for every later day.
    """
    assert ["s0 fast A, s1 fast BC: 03"] == offered(ask({"s0": "AB", "s1": "BC"}, sites={"s0": ONE_LINE_A_DAY}))
    assert ["s0 fast A, s1 fast BC: 03"] == offered(ask({"s0": "A", "s1": "BC"}, sites={"s0": ONE_LINE_A_DAY}))


def test_parcels_of_all_shipments_count() -> None:
    """A parcel holds 30 kg. B (10 kg) goes with A (20 kg) in one parcel, with C (25 kg) in two.

    s1 comes first for B by rank: three parcels. Where the method takes two, the giving out goes on to s0. It never
    takes one: each line could be sent, but not by so many sites.
    """
    weights = {"A": {"weight_grams": 20_000}, "B": {"weight_grams": 10_000}, "C": {"weight_grams": 25_000}}
    given: Doc = {
        "stock": {"s0": "AB", "s1": "BC"}, "sites": {"s0": {"rank": 1}}, "items": weights,
        "fast": {"limits": {"weight_grams": 30_000}},
    }  # fmt: skip
    assert ["s0 fast A, s1 fast BC: 03"] == offered(ask(**given))
    assert ["s0 fast AB, s1 fast C: 03"] == offered(ask(**given, method={"max_parcels": 2}))
    assert Reason.TOO_MANY_SHIPMENTS == refused(ask(**given, method={"max_parcels": 1})).reason


def at_the_store(hold_days: int) -> NaiveAnswer:
    """A is at the store itself, B comes there by route on the next day at 09:00."""
    store = {
        "address": ADDRESS | {"city": "Paris"}, "receiving": "prep",
        "store_collection": {"opening": "prep", "hold_days": hold_days},
    }  # fmt: skip
    return ask(
        {"store": "A", "s1": "B"},
        {"store": "", "s1": "f"},
        {"kind": "store_collection", "services": [], "routes": ["r"]},
        sites={"store": store},
        routes=[{"id": "r", "legs": [{"service": "fast", "arrival": "09:00"}], "ends_at": "store"}],
    )


def test_shipments_to_a_place_are_collected_together() -> None:
    """A is kept until Monday 18:00, or by one day of holding until Tuesday 18:00; B is there on Tuesday at 09:00.

    So they can be collected together only when A is kept: from Tuesday 09:00 until the first of the ends, A's.
    """
    assert Reason.TOO_MANY_SHIPMENTS == refused(at_the_store(hold_days=0)).reason
    (option,) = at_the_store(hold_days=1).options
    assert "s1 r B, store  A" == told(option)
    assert (utc("03T08:00"), utc("03T17:00"), utc("03T08:00")) == (
        option.collect_from, option.collect_until, option.promised,
    )  # fmt: skip


# The policy, wishes, until when.


def test_several_ranks_are_compared_worst_first() -> None:
    """Tuesday by s0 and s1 of ranks 0 and 1, or Thursday by s2: of rank 1 it comes first, the shorter; of rank 2 last."""
    first, second = "s0 fast A, s1 fast B: 03", "s2 slow AB: 05"
    for rank, expected in ((1, [second, first]), (2, [first, second])):
        answer = ask(
            {"s0": "A", "s1": "B", "s2": "AB"},
            {"s0": "f", "s1": "f", "s2": "s"},
            sites={"s1": {"rank": 1}, "s2": {"rank": rank}},
            policies=[{"id": "p", "criteria": ["site_rank"]}],
            channels=[{"id": "web", "policy": "p"}],
        )
        assert expected == offered(answer)


def test_the_shopper_sees_no_later_row_that_is_not_cheaper() -> None:
    """The split on Tuesday and the single site on Thursday cost the same: the front has both, the shopper the first."""
    given: Doc = {"stock": {"s0": "A", "s1": "B", "s2": "AB"}, "served": {"s0": "f", "s1": "f", "s2": "s"}}
    assert 2 == len(ask(**given, request={"view": "front"}).options)
    assert ["s0 fast A, s1 fast B: 03"] == offered(ask(**given, request={"view": "shopper"}))


def test_wishes_hold_for_every_shipment() -> None:
    """Not before Thursday: A, which could come by fast on Tuesday, comes by slow."""
    given: Doc = {"stock": {"s0": "A", "s1": "B"}, "served": {"s0": "fs", "s1": "s"}}
    assert ["s0 fast A, s1 slow B: 05"] == offered(ask(**given))
    wishes = {"wishes": {"not_before": utc("05T00:00").isoformat()}}
    answer = ask(**given, request=wishes)
    assert ["s0 slow A, s1 slow B: 05"] == offered(answer)
    assert utc("02T16:00:01") == answer.options[0].order_by


def until(clock: str) -> Doc:
    """A site that takes orders until a time."""
    return {"preparation": {"calendar": "prep", "order_cut_off": {"daily": clock}}}


def test_a_split_stands_as_long_as_another_takes_its_place() -> None:
    """{s0, s1} gives Tuesday until 12:00, when s0 closes. Then {s1, s2} gives the same until 15:00 (14:00 UTC)."""
    (option,) = ask({"s0": "A", "s1": "B", "s2": "A"}, sites={"s0": until("12:00"), "s2": until("15:00")}).options
    assert ("s0 fast A, s1 fast B", utc("02T14:00")) == (told(option), option.order_by)


def test_a_split_takes_the_place_of_a_single_site() -> None:
    """s0 serves all until 12:00; then s1 and s2 together give the same until 15:00, where they may."""
    given: Doc = {"stock": {"s0": "AB", "s1": "A", "s2": "B"}, "sites": {"s0": until("12:00"), "s2": until("15:00")}}
    for most, end in ((2, "14:00"), (1, "11:00")):
        (option,) = ask(**given, method={"max_shipments": most}).options
        assert ("s0 fast AB", utc(f"02T{end}")) == (told(option), option.order_by)


# Why there is no split.


@pytest.mark.parametrize("most", [1, 2])
def test_more_sites_than_the_method_allows(most: int) -> None:
    """Three sites hold a line each: by default three may serve, of one or two the refusal says so, and names no site."""
    stock = {"s0": "A", "s1": "B", "s2": "C"}
    assert ["s0 fast A, s1 fast B, s2 fast C: 03"] == offered(ask(stock))
    answer = ask(stock, method={"max_shipments": most})
    assert naive.NaiveRefusal("home", Reason.TOO_MANY_SHIPMENTS) == refused(answer)


def test_a_basket_of_little_value_is_not_split() -> None:
    """Two lines of 10.00: at 20.00 it is split, below 20.01 one site would have to hold it."""
    stock = {"s0": "A", "s1": "B"}
    assert 1 == len(ask(stock, method={"min_split_value": "20"}).options)
    answer = ask(stock, method={"min_split_value": "20.01"})
    assert naive.NaiveRefusal("home", Reason.TOO_MANY_SHIPMENTS) == refused(answer)


@pytest.mark.parametrize("area", [{"postal_prefix": "69"}, {}])
def test_an_area_is_not_split(area: Doc) -> None:
    """A whole address is; of a prefix or a country the reason is that of the single sites, with the first of them."""
    answer = ask({"s0": "A", "s1": "B"}, request={"destination": {"country": "FR", **area}})
    assert naive.NaiveRefusal("home", Reason.NOT_STOCKED, "s0", "fast") == refused(answer)


def test_a_line_that_nobody_holds_leaves_the_reason() -> None:
    """Nobody has C: the reason is that of the single sites, with the first of them."""
    answer = ask({"s0": "A", "s1": "B"}, items={"C": {}})
    assert naive.NaiveRefusal("home", Reason.NOT_STOCKED, "s0", "fast") == refused(answer)


def test_a_line_that_cannot_be_sent_is_the_reason() -> None:
    """B, of 40 kg, is over the limit wherever it is, C waits for a slot that never comes; the least of both is told.

    A alone could be sent. Without B the reason is that of C.
    """
    given: Doc = {
        "sites": {"s2": {"preparation": {"calendar": "prep", "plan": {"slots": [
            {"start": "08:00", "end": "18:00", "capacity": 0}]}}}},
        "fast": {"limits": {"weight_grams": 30_000}}, "items": {"B": {"weight_grams": 40_000}},
    }  # fmt: skip
    answer = ask({"s0": "A", "s1": "B", "s2": "C"}, **given)
    assert naive.NaiveRefusal("home", Reason.UNIT_OVER_LIMIT, sku="B") == refused(answer)
    answer = ask({"s0": "A", "s2": "C"}, **(given | {"items": None}))
    assert naive.NaiveRefusal("home", Reason.CAPACITY_PLAN_ENDS, sku="C") == refused(answer)


def test_a_single_site_that_holds_all_gives_the_reason() -> None:
    """s0 has both lines, but A is too heavy: that is the reason, whatever s1 has."""
    limits: Doc = {"fast": {"limits": {"weight_grams": 30_000}}, "items": {"A": {"weight_grams": 40_000}}}
    assert naive.NaiveRefusal("home", Reason.UNIT_OVER_LIMIT, "s0", "fast") == refused(
        ask({"s0": "AB", "s1": "B"}, **limits)
    )
