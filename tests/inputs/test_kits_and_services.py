"""What is wrong with kits and line services is told with its place and what was expected."""

from __future__ import annotations

from typing import Any

import pytest

from promise_engine import Catalogue, CatalogueError, Engine, Network, NetworkError, RequestError, StockSnapshot
from promise_engine.check import check_network
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

ITEMS = [{"sku": "CUP"}, {"sku": "CLOTH", "step": "0.5"}, {"sku": "SET", "components": [{"sku": "CUP"}]}]


def faults_of(kit: dict[str, Any]) -> list[str]:
    """The faults of a catalogue with one more kit."""
    with pytest.raises(CatalogueError) as refused:
        Catalogue.from_records([*ITEMS, {"sku": "KIT", **kit}])
    return [f"{fault.path}: {fault.value}, {fault.expected}" for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("kit", "fault"),
    [
        ({"components": [{"sku": "CUB"}]},
         "items[KIT].components.0.sku: 'CUB', the SKU of an item of the catalogue; did you mean `CUP`?"),
        ({"components": [{"sku": "SET"}]}, "items[KIT].components.0.sku: 'SET', an item that is no kit itself"),
        ({"components": [{"sku": "CLOTH", "quantity": "0.75"}]},
         "items[KIT].components.0.quantity: 0.75, a multiple of the item's step, 0.5"),
        ({"components": [{"sku": "CUP"}], "step": "0.5"}, "items[KIT].step: 0.5, a whole number: kits are not cut"),
    ],
)  # fmt: skip
def test_a_kit_holds_items_in_quantities_that_are_sold(kit: dict[str, Any], fault: str) -> None:
    """A component that is no item, a kit in a kit, a quantity between steps, and a kit that is cut."""
    assert [fault] == faults_of(kit)


def test_a_kit_names_each_component_once() -> None:
    """Twice the same SKU could mean either quantity, or both."""
    (fault,) = faults_of({"components": [{"sku": "CUP"}, {"sku": "CUP", "quantity": 2}]})
    assert fault.endswith("each SKU once")


def test_all_faults_of_kits_are_told_at_once() -> None:
    """Two components and the step are wrong, in the order of the item's fields."""
    assert 3 == len(faults_of({"components": [{"sku": "X"}, {"sku": "SET"}], "step": "0.1"}))


def test_components_in_a_table_are_skus_with_quantities() -> None:
    """A cell holds `SKU:quantity`, separated by bars; a SKU alone is one of it, and may hold a colon itself."""
    rows = [*ITEMS, {"sku": "A:B"}, {"sku": "KIT", "components": "CUP:2| CLOTH:1.5|A:B:1"}]
    import pandas as pd

    kit = Catalogue.from_frame(pd.DataFrame([row for row in rows if row["sku"] != "SET"])).get("KIT")
    assert kit is not None
    assert [("CUP", 2), ("CLOTH", 1.5), ("A:B", 1)] == [(part.sku, float(part.quantity)) for part in kit.components]


def test_a_line_asks_for_services_that_there_are() -> None:
    """The request's fault names the line, the service and those of the network."""
    services = [{"id": "wrap"}, {"id": "engrave"}]
    engine = Engine(Network.model_validate(minimal_network() | {"line_services": services}))
    request = minimal_request()
    request["lines"] = [{"sku": "A1", "quantity": 1, "services": ["wrap", "warp"]}]
    with pytest.raises(RequestError) as refused:
        engine.promise(request, StockSnapshot.from_document(minimal_stock()))
    (fault,) = refused.value.faults
    assert ("lines.0.services.1", "'warp'", "one of: engrave, wrap", "unknown_id") == (
        fault.path, fault.value, fault.expected, fault.code,
    )  # fmt: skip


def test_sites_and_carriers_offer_services_that_there_are() -> None:
    """Both lists are checked, and so are an id that stands twice and a currency without a rate."""
    network = minimal_network()
    network["sites"][0]["line_services"] = ["warp"]
    network["services"][0]["line_services"] = ["two-men"]
    network["line_services"] = [{"id": "wrap"}, {"id": "wrap"}, {"id": "carry", "currency": "USD"}]
    with pytest.raises(NetworkError) as refused:
        Network.model_validate(network)
    errors = {fault.path for fault in refused.value.faults if fault.severity.name == "ERROR"}
    assert {
        "sites[lyon].line_services.0", "services[next-day].line_services.0", "line_services[wrap].id",
        "line_services[carry].currency",
    } == errors  # fmt: skip


def test_a_service_that_nobody_offers_is_told_when_the_network_is_checked() -> None:
    """Every basket that asks for it would be refused: a warning for each side that must offer it."""
    network = minimal_network() | {"line_services": [{"id": "wrap"}, {"id": "assembly", "offered_by": "both"}]}
    found = [fault for fault in check_network(Network.model_validate(network)) if fault.code == "not_offered"]
    assert ["line_services[assembly].id"] * 2 + ["line_services[wrap].id"] == sorted(fault.path for fault in found)


def test_amounts_of_services_are_capped_like_all_others() -> None:
    """A price in its own currency and a cost in the network's, each above what sums of them could hold exactly."""
    service = {"id": "wrap", "price": "1000000001", "preparation_cost": "1000000001"}
    with pytest.raises(NetworkError) as refused:
        Network.model_validate(minimal_network() | {"line_services": [service]})
    told = {(fault.path, fault.expected) for fault in refused.value.faults if fault.severity.name == "ERROR"}
    words = "an amount of at most 1,000,000,000"
    assert {("line_services[wrap].price", words), ("line_services[wrap].preparation_cost", words)} == told
