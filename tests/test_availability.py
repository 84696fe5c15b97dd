"""What may be sold of a SKU, with what is withheld by which rule: hand cases, and sums that add up."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from promise_engine import (
    Availability,
    Catalogue,
    Engine,
    Network,
    RequestError,
    StockSnapshot,
    SupplyStep,
    Withheld,
)
from promise_engine.testing import minimal_network, minimal_request

from generator import make_case

AS_OF = "2026-11-23T08:00:00+01:00"


def asked(
    records: list[dict[str, Any]], channel: str = "web", segment: str | None = None, **given: Any
) -> Availability:
    """The availability of A1 in the minimal network with Nice beside Lyon, other rules and these records."""
    network = minimal_network()
    site = {"id": "nice", "address": {"country": "FR", "postal_code": "06000"}, "preparation": {"calendar": "weekdays"}}
    network["sites"] = [*network["sites"], site]
    pool = given.pop("pool_reservations", [])
    document = {"format": "promise-engine/stock/1", "as_of": AS_OF, "records": records, "pool_reservations": pool}
    engine = Engine(Network.model_validate(network | given))
    (found,) = engine.availability(["A1"], StockSnapshot.from_document(document), channel=channel, segment=segment)
    return found


def stocked(site: str, on_hand: int, **more: Any) -> dict[str, Any]:
    """A record of A1."""
    return {"site": site, "sku": "A1", "on_hand": on_hand, **more}


def test_what_is_withheld_at_a_site_is_told_in_order() -> None:
    """Unsellable, reservations, safety stock by the rule that wins, and the share of the site: 20-3-4-2=11, half is 5."""
    found = asked(
        [stocked("lyon", 20, unsellable=3, reservations=[{"quantity": 4}])],
        stock_rules=[{"safety_stock": 1}, {"site": "lyon", "safety_stock": 2}, {"share": "0.5"}],
        channels=[{"id": "web", "share_scope": "site"}],
    )
    (lyon,) = found.sites
    assert Decimal(5) == lyon.now == found.now
    assert (
        Withheld("unsellable", Decimal(3)), Withheld("reservations", Decimal(4)),
        Withheld("safety_stock", Decimal(2), "stock_rules.1"), Withheld("share", Decimal(6), "stock_rules.2"),
    ) == lyon.withheld  # fmt: skip


def test_the_pool_tells_what_it_withholds() -> None:
    """8 + 4 in all, 2 promised at no site, 3 kept once, 80 % of 7 is 5: sites do not add up to it."""
    found = asked(
        [stocked("lyon", 8), stocked("nice", 4)],
        pool_reservations=[{"sku": "A1", "quantity": 2}],
        stock_rules=[{"of": "pool", "safety_stock": 3}, {"share": "0.8"}],
    )
    assert Decimal(5) == found.now
    assert [Decimal(5), Decimal(4)] == [site.now for site in found.sites]
    assert (
        Withheld("reservations", Decimal(2), "pool_reservations"),
        Withheld("safety_stock", Decimal(3), "stock_rules.0"),
        Withheld("share", Decimal(2), "stock_rules.1"),
    ) == found.withheld


def test_supply_steps_are_what_may_be_sold_in_all_from_then_on() -> None:
    """A debt of two is paid by the first receipt; a preorder without limit ends the steps."""
    receipts = [
        {"quantity": 5, "expected_at": "2026-11-24T10:00:00+01:00"},
        {"quantity": 4, "expected_at": "2026-11-25T10:00:00+01:00"},
    ]
    found = asked(
        [stocked("lyon", -2, receipts=receipts)], supply_rules=[{"site": "lyon", "preorder_from": "2026-12-01"}]
    )
    (lyon,) = found.sites
    days = ["2026-11-24T10:00:00+01:00", "2026-11-25T10:00:00+01:00", "2026-12-01T00:00:00+01:00"]
    amounts = [Decimal(3), Decimal(7), None]
    assert Decimal(0) == lyon.now
    assert tuple(map(SupplyStep, map(datetime.fromisoformat, days), amounts)) == lyon.later
    assert [step.quantity for step in found.later] == amounts


@pytest.mark.parametrize(
    ("given", "rule", "source"),
    [
        ({"allocations": [{"id": "club", "skus": ["A1"], "segments": ["gold"]}]}, "allocation", "allocations.club"),
        ({"stock_rules": [{"withdraw_below": 9}]}, "withdraw_below", "stock_rules.0"),
        ({"channels": [{"id": "web", "supply": ["receipts"]}]}, "supply", "channels.web.supply"),
    ],
)
def test_whatever_withholds_all_is_named(given: dict[str, Any], rule: str, source: str) -> None:
    """An allocation, a threshold, a channel that does not count stock: nothing is left, and it says why."""
    (lyon,) = asked([stocked("lyon", 8)], **given).sites
    assert Decimal(0) == lyon.now
    assert (Withheld(rule, Decimal(8), source),) == lyon.withheld


def test_an_unknown_channel_is_told() -> None:
    """With the channels there are."""
    with pytest.raises(RequestError, match="one of: web"):
        asked([stocked("lyon", 8)], channel="wbe")


@pytest.mark.parametrize("placed_at", [datetime(2026, 11, 23, 8), "2026-11-23T08:00:00+01:00"])  # noqa: DTZ001
def test_an_instant_without_offset_is_told(placed_at: Any) -> None:
    """With what is expected instead."""
    engine = Engine(Network.model_validate(minimal_network()))
    stock = StockSnapshot.from_document({"as_of": AS_OF, "records": [stocked("lyon", 8)]})
    with pytest.raises(RequestError, match=r"placed_at: .*with its UTC offset"):
        engine.availability(["A1"], stock, placed_at=placed_at)
    with pytest.raises(TypeError, match=r"skus: expected several SKUs \(a list, such as \['A1'\]\), found str"):
        engine.availability("A1", stock)


@pytest.mark.parametrize(("scope", "now"), [("pool", 400), ("site", 0)])
def test_a_share_of_many_single_units(scope: str, now: int) -> None:
    """80 % of 500 stores with one unit each: 400 of them together, while of each store's own unit none is left."""
    document = minimal_network()
    (lyon,) = document["sites"]
    names = [f"store{number:03}" for number in range(500)]
    document["sites"] = [lyon | {"id": name} for name in names]
    document["collections"][0]["sites"] = names
    document |= {"channels": [{"id": "web", "share_scope": scope}], "stock_rules": [{"share": "0.8"}]}
    engine = Engine(Network.model_validate(document))
    stock = StockSnapshot.from_document({"as_of": AS_OF, "records": [stocked(name, 1) for name in names]})
    (found,) = engine.availability(["A1"], stock)
    assert now == found.now
    assert bool(now) == bool(engine.promise(minimal_request() | {"placed_at": AS_OF}, stock).options)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_withheld_adds_up(seed: int) -> None:
    """On hand, less what is withheld, plus a debt that only supply can pay, is what the site sells now."""
    case = make_case(seed)
    engine = Engine(Network.model_validate(case.network), Catalogue.from_records(case.catalogue["items"]))
    stock = StockSnapshot.from_document(case.stock)
    on_hand = {(record.site, record.sku): record.on_hand for record in stock.document().records}
    own = {"unsellable", "reservations", "commitments", "safety_stock"}
    skus = [item["sku"] for item in case.catalogue["items"] if not item.get("components")]
    for channel in engine.network.channels:
        for found in engine.availability(skus, stock, channel=channel.id, segment=case.request.get("segment")):
            assert found.now <= sum((site.now for site in found.sites), Decimal(0))
            for site in found.sites:
                here = on_hand.get((site.site, found.sku), Decimal(0))
                raw = here - sum((entry.quantity for entry in site.withheld if entry.rule in own), Decimal(0))
                withheld = sum((entry.quantity for entry in site.withheld), Decimal(0))
                assert site.now == here - withheld + max(Decimal(0), -raw)
                amounts = [site.now, *(step.quantity for step in site.later if step.quantity is not None)]
                assert sorted(set(amounts)) == amounts


def test_a_receipt_at_the_end_of_time_is_told_on_every_clock() -> None:
    """9999-12-31T23:59:59 is a day later in Lyon, which no date is: the step stands at the start of that day."""
    receipts = [{"quantity": 5, "expected_at": "9999-12-31T23:59:59Z"}]
    found = asked([stocked("lyon", 10, receipts=receipts)])
    assert ["9999-12-31T01:00:00+01:00"] == [step.at.isoformat() for step in found.sites[0].later]


def test_a_sku_that_the_catalogue_lacks_is_not_known() -> None:
    """What has stock and is not in the catalogue is told apart, as promises refuse it; without one all are known."""
    record = {"site": "lyon", "sku": "A1", "on_hand": 3}
    stock = StockSnapshot.from_document({"format": "promise-engine/stock/1", "as_of": AS_OF, "records": [record]})
    network = Network.model_validate(minimal_network())
    catalogues = (None, Catalogue.from_records([{"sku": "A1"}]), Catalogue.from_records([{"sku": "B2"}]))
    found = [Engine(network, catalogue).availability(["A1"], stock)[0] for catalogue in catalogues]
    assert [(True, 3), (True, 3), (False, 3)] == [(one.known, one.now) for one in found]


# Kits.


def kits_asked(records: list[dict[str, Any]], **given: Any) -> Availability:
    """The availability of a kit of two A1 and one B1, in the minimal network with Nice beside Lyon."""
    network = minimal_network()
    site = {"id": "nice", "address": {"country": "FR", "postal_code": "06000"}, "preparation": {"calendar": "weekdays"}}
    network["sites"] = [*network["sites"], site]
    held = [{"sku": "A1", "quantity": 2}, {"sku": "B1"}]
    catalogue = Catalogue.from_records([{"sku": "A1"}, {"sku": "B1"}, {"sku": "KIT", "components": held}])
    document = {"format": "promise-engine/stock/1", "as_of": AS_OF, "records": records}
    (found,) = Engine(Network.model_validate(network | given), catalogue).availability(
        ["KIT"], StockSnapshot.from_document(document), channel="web"
    )
    return found


def of_b(site: str, on_hand: int, **more: Any) -> dict[str, Any]:
    """A record of B1."""
    return {"site": site, "sku": "B1", "on_hand": on_hand, **more}


def test_kits_are_as_many_as_the_scarcest_component_at_each_site() -> None:
    """Lyon has 7 A1 for three kits but two B1; Nice has B1 for nine and no A1: the parts of one kit never meet."""
    found = kits_asked([stocked("lyon", 7), of_b("lyon", 2), of_b("nice", 9)])
    assert [("lyon", 2), ("nice", 0)] == [(site.site, site.now) for site in found.sites]
    assert (Decimal(2), ["A1", "B1"]) == (found.now, [part.sku for part in found.components])


def test_kits_come_with_the_last_of_their_components() -> None:
    """Two A1 come on the 24th, B1 on the 25th: one kit then, none on the 24th, a second when two A1 more come."""
    coming = [{"quantity": 2, "expected_at": f"2026-11-{day}T09:00:00+01:00"} for day in (24, 26)]
    one = [{"quantity": 5, "expected_at": "2026-11-25T09:00:00+01:00"}]
    found = kits_asked([stocked("lyon", 0, receipts=coming), of_b("lyon", 0, receipts=one)])
    (lyon,) = found.sites
    steps = [(step.at.day, step.quantity) for step in lyon.later]
    assert (0, [(25, 1), (26, 2)]) == (found.now, steps)
    assert steps == [(step.at.day, step.quantity) for step in found.later]


def test_the_pool_caps_kits() -> None:
    """Half of the 16 A1 are the channel's, for four kits together, though each site could make four alone."""
    records = [stocked("lyon", 8), of_b("lyon", 8), stocked("nice", 8), of_b("nice", 8)]
    found = kits_asked(records, stock_rules=[{"sku": "A1", "share": "0.5"}])
    assert (4, [4, 4]) == (found.now, [site.now for site in found.sites])


def test_a_kit_that_is_kept_for_others_is_none() -> None:
    """The kit is for members; its components are for all, and are told with what they have."""
    kept = [{"id": "members", "skus": ["KIT"], "segments": ["club"]}]
    found = kits_asked([stocked("lyon", 4), of_b("lyon", 4)], allocations=kept)
    assert (0, (Withheld("allocation", Decimal(2), "allocations.members"),), ()) == (
        found.now, found.withheld, found.sites,
    )  # fmt: skip
    assert [4, 4] == [part.now for part in found.components]
