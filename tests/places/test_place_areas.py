"""Which codes stand for an area: what the network tells apart in it is never forgotten."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from promise_engine import Answer, Catalogue, Engine, Network, Reason, StockSnapshot
from promise_engine._compile.areas import codes_of_area
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

FRENCH = Path(__file__).resolve().parents[2] / "examples" / "fr_omnichannel"
SLOW = {"minimum_days": 9, "maximum_days": 9}


@pytest.mark.parametrize(
    ("prefix", "spans", "more"),
    [
        ("69", [("69003", "69003")], {"69003"}),
        ("69", [("6912", "6912")], {"69120"}),
        ("69", [("69002", "69009")], {"69002"}),
        ("691", [("69100", "69199"), ("6912", "6912"), ("69125", "69125")], {"69120", "69125", "69126", "69130"}),
        ("6912", [("69125", "69125")], {"69125", "69126"}),
        ("", [("69003", "69003")], {"69003", "69100", "69910"}),
        ("33", [("69003", "69003")], set()),
    ],
)
def test_what_is_named_adds_codes(prefix: str, spans: list[tuple[str, str]], more: set[str]) -> None:
    """The first code of each stretch that is named alike stands for it; far from the area nothing is added."""
    plain = set(codes_of_area("FR", prefix, {}))
    added = set(codes_of_area("FR", prefix, {"FR": spans})) - plain
    assert more - plain <= added
    assert (not more) == (not added)


def test_codes_with_letters_are_told_apart_too() -> None:
    """Of countries whose codes have letters, codes and prefixes named inside the area are added."""
    assert {"M1 1AA", "M25"} <= set(codes_of_area("GB", "M", {"GB": [("M11AA", "M11AA"), ("M25", "M25")]}))


def far_zone(area: dict[str, Any]) -> Engine:
    """The minimal network, with a slow and dear zone."""
    network = minimal_network()
    everywhere = {"id": "near", "areas": [{"countries": ["FR"]}]}
    network["zone_sets"] = [
        {"id": "zones", "zones": [{"id": "far", "areas": [{"countries": ["FR"], **area}]}, everywhere]}
    ]
    service, method = network["services"][0], network["methods"][0]
    service["zone_set"] = method["zone_set"] = "zones"
    service["lanes"] = [
        {"destinations": ["near"], "transit": {"maximum_days": 1}},
        {"destinations": ["far"], "transit": SLOW},
    ]
    method["price"] = [{"zone": "near", "price": 5}, {"zone": "far", "price": 50}]
    return Engine(Network.model_validate(network))


@pytest.mark.parametrize(
    "area", [{"postal_codes": ["69003"]}, {"ranges": [["69002", "69009"]]}, {"prefixes": ["6912"]}]
)
@pytest.mark.parametrize("prefix", ["69", "6900", "691", None])
def test_the_farthest_named_code_decides(area: dict[str, Any], prefix: str | None) -> None:
    """However a zone is written, an area that holds part of it is promised its date and price."""
    destination = {"country": "FR"} | ({"postal_prefix": prefix} if prefix else {})
    answer = far_zone(area).promise(
        {**minimal_request(), "destination": destination}, StockSnapshot.from_document(minimal_stock())
    )
    holds_it = prefix in {"69", None} or (prefix == "691") == ("prefixes" in area)
    assert (["50.00"] if holds_it else ["5.00"]) == [str(option.price.amount) for option in answer.options]


@pytest.fixture(scope="module")
def french() -> tuple[Engine, StockSnapshot]:
    """The French example for one day."""
    day = date(2026, 11, 20)
    network, catalogue = Network.load(FRENCH / "network"), Catalogue.load(FRENCH / "catalogue.csv")
    return Engine(network, catalogue, placed_between=(day, day)), StockSnapshot.load(FRENCH / "stock")


@pytest.mark.parametrize("prefix", ["56", "17", "2A", "69", "97"])
def test_an_area_is_never_promised_more_than_a_code_in_it(french: tuple[Engine, StockSnapshot], prefix: str) -> None:
    """What the example names inside an area: none of it is later, dearer or less than what the area is offered."""
    engine, stock = french
    request = json.loads((FRENCH / "requests" / "demo.json").read_text("utf-8")) | {"view": "front"}

    def asked(**destination: str) -> Answer:
        return engine.promise({**request, "destination": {"country": "FR", **destination}}, stock)

    area = asked(postal_prefix=prefix)
    assert "FR" == area.to_dict()["destination"]["country"]
    for code in codes_of_area("FR", prefix, engine._compiled.named_spans):
        best = {}
        for option in asked(postal_code=code).options:
            best.setdefault(option.method, []).append((option.promised, option.price.amount))
        for offered in (option for option in area.options if option.kind == "home"):
            assert any(
                promised <= offered.promised and price <= offered.price.amount
                for promised, price in best.get(offered.method, [])
            ), f"{code} has nothing as good as {offered.method} of {prefix}"


def test_an_excluded_code_keeps_its_area_from_being_served() -> None:
    """A code taken out of the only zone that is served refuses the area that holds it."""
    network = minimal_network()
    zone = {
        "id": "all",
        "areas": [{"countries": ["FR"]}],
        "exclude": [{"countries": ["FR"], "postal_codes": ["69003"]}],
    }
    network["zone_sets"] = [{"id": "zones", "zones": [zone]}]
    network["methods"][0] |= {"zone_set": "zones", "zones": ["all"]}
    engine, stock = Engine(Network.model_validate(network)), StockSnapshot.from_document(minimal_stock())
    inside = {**minimal_request(), "destination": {"country": "FR", "postal_prefix": "69"}}
    outside = {**minimal_request(), "destination": {"country": "FR", "postal_prefix": "33"}}
    assert [Reason.OUTSIDE_ZONE] == [refusal.reason for refusal in engine.promise(inside, stock).refusals]
    assert engine.promise(outside, stock).options
