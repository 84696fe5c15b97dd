"""The example documents: complete, valid, and as large as promised."""

from __future__ import annotations

import csv
import importlib.util
from decimal import Decimal
from pathlib import Path
from types import ModuleType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from promise_engine.inputs.catalogue import Catalogue
from promise_engine.inputs.documents import read_document
from promise_engine.inputs.network import Network
from promise_engine.inputs.snapshot import StockSnapshot
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import (
    DeltaDocument,
    PlaceTaken,
    PoolTaken,
    Receipt,
    SlotTaken,
    StockDocument,
    StockRecord,
    WindowTaken,
)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
FRENCH = EXAMPLES / "fr_omnichannel"
ANNOTATED = sorted((EXAMPLES / "annotated").glob("*.yaml"))
REQUESTS = sorted((FRENCH / "requests").glob("*.json"))
DOCUMENTS: dict[str, type[BaseModel]] = {
    "promise-engine/network/1": NetworkDocument,
    "promise-engine/catalogue/1": CatalogueDocument,
    "promise-engine/stock/1": StockDocument,
    "promise-engine/deltas/1": DeltaDocument,
    "promise-engine/request/1": PromiseRequest,
}


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the French example, empty cells left out."""
    with (FRENCH / name).open(encoding="utf-8", newline="") as file:
        return [{key: value for key, value in row.items() if value} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def network() -> Network:
    """The French network."""
    return Network.load(FRENCH / "network")


@pytest.fixture(scope="module")
def skus() -> set[str]:
    """The SKUs of the French catalogue."""
    return {row["sku"] for row in table("catalogue.csv")}


def test_the_french_network_has_no_faults(network: Network) -> None:
    """Nor anything doubtful."""
    assert network.warnings == ()


def test_the_french_network_has_warehouses_and_stores_in_real_towns(network: Network) -> None:
    """Two warehouses, 40 stores, among them the four towns with calendars or journeys of their own."""
    assert sum(site.kind == "warehouse" for site in network.sites) >= 2
    stores = {(site.address.country, site.address.postal_code): site for site in network.sites if site.kind == "store"}
    assert len(stores) >= 40
    assert {("FR", "67000"), ("FR", "57000"), ("FR", "20000"), ("MQ", "97200")} <= stores.keys()
    assert stores["MQ", "97200"].time_zone == "America/Martinique"


def test_the_french_network_is_wide_enough(network: Network) -> None:
    """Two channels, eight services and 300 pickup points of three networks, restrictions, a route with a stop."""
    assert {"web", "marketplace"} <= {channel.id for channel in network.channels}
    assert len(network.services) >= 8
    assert len(network.pickup_points) >= 300
    assert len({point.network for point in network.pickup_points}) >= 3
    assert network.restrictions
    assert any(len(route.legs) > 1 for route in network.routes)


def test_the_french_catalogue_and_stock_are_valid(network: Network, skus: set[str]) -> None:
    """500 SKUs with stock; stock, receipts and reservations of sites and SKUs that exist."""
    assert len(Catalogue.load(FRENCH / "catalogue.csv")) == len(skus)
    assert len({row["sku"] for row in table("stock/stock.csv")}) >= 500
    sites = {site.id for site in network.sites}
    for row in table("stock/stock.csv"):
        record = StockRecord.model_validate(row)
        assert record.site in sites
        assert record.sku in skus
    assert StockSnapshot.load(FRENCH / "stock").columns is not None
    for name in ("receipts", "reservations"):
        rows = table(f"stock/{name}.csv")
        assert len(rows) > 50
        assert all(row["site"] in sites and row["sku"] in skus for row in rows)
    for row in table("stock/receipts.csv"):
        Receipt.model_validate({"quantity": row["quantity"], "expected_at": row["expected_at"]})


def test_the_french_example_has_what_its_page_shows(network: Network) -> None:
    """Kits, one with a weight of its own, line services that some sites offer, a maker that ships, a share of the pool."""
    items = Catalogue.load(FRENCH / "catalogue.csv").document().items
    assert {False, True} == {item.weight_grams is not None for item in items if item.components}
    offering = [service for site in network.sites for service in site.line_services]
    assert 1 == offering.count("engraving") < offering.count("gift-wrap") < len(network.sites)
    assert ["bulky-appointment"] == [each.id for each in network.services if "two-man-delivery" in each.line_services]
    stocked = {row["site"] for row in table("stock/stock.csv")}
    assert {rule.site for rule in network.supply_rules} - stocked == {"supplier-layon"}
    assert "pool" == next(channel.share_scope for channel in network.channels if channel.id == "marketplace")


def test_what_is_taken_in_the_french_example_exists(network: Network) -> None:
    """Slots, pools, windows and places in use are those of the network."""
    sites = {site.id: site for site in network.sites}
    windows = {(service.id, window.key) for service in network.services for window in service.delivery.windows}
    for row in table("stock/slots_taken.csv"):
        slot = SlotTaken.model_validate(row)
        preparation = sites[slot.site].preparation
        assert preparation is not None
        assert preparation.plan is not None
        assert slot.start.hour * 3600 + slot.start.minute * 60 in {each.start for each in preparation.plan.slots}
    pools = {pool.id for pool in network.collection_pools}
    assert all(PoolTaken.model_validate(row).pool in pools for row in table("stock/pools_taken.csv"))
    taken = [WindowTaken.model_validate(row) for row in table("stock/windows_taken.csv")]
    assert {(window.service, window.window) for window in taken} <= windows
    points = {point.id for point in network.pickup_points}
    assert all(PlaceTaken.model_validate(row).place in points for row in table("stock/places_taken.csv"))


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_the_french_requests_are_valid(path: Path, network: Network, skus: set[str]) -> None:
    """Each basket is a valid request for goods, a channel, methods and places that exist."""
    request = PromiseRequest.model_validate(read_document(path, path.name))
    assert {line.sku for line in request.lines} <= skus
    assert request.channel in {channel.id for channel in network.channels}
    assert set(request.wishes.methods or ()) <= {method.id for method in network.methods}
    places = {site.id for site in network.sites} | {point.id for point in network.pickup_points}
    assert request.destination.place is None or request.destination.place in places


def test_the_minimal_example_is_small_and_valid() -> None:
    """The smallest network has fewer than 40 lines, and comes with stock, a catalogue and a request."""
    folder = EXAMPLES / "minimal"
    assert len((folder / "network.yaml").read_text(encoding="utf-8").splitlines()) < 40
    for name in ("network.yaml", "catalogue.json", "stock.json", "request.json"):
        data = read_document(folder / name, name)
        DOCUMENTS[data["format"]].model_validate(data)
    assert Network.load(folder / "network.yaml").warnings == ()


@pytest.mark.parametrize("path", ANNOTATED, ids=lambda path: path.stem)
def test_annotated_examples_are_valid(path: Path) -> None:
    """Each annotated example is a complete document, and a network's parts fit together."""
    data = read_document(path, path.name)
    DOCUMENTS[data["format"]].model_validate(data)
    if data["format"] == "promise-engine/network/1":
        assert Network.load(path).warnings == ()


def test_the_annotated_deltas_do_what_they_say() -> None:
    """38 counted, 2 sold, 1 returned broken, 1 sold at the till; what the count already holds is dropped."""
    folder = EXAMPLES / "annotated"
    snapshot = StockSnapshot.load(folder / "document_stock.yaml")
    report = snapshot.apply(read_document(folder / "document_deltas.yaml", "document_deltas.yaml"))
    assert (report.applied, report.dropped) == (4, 1)
    record = next(each for each in snapshot.document().records if each.site == "lyon")
    assert (int(record.on_hand), int(record.unsellable)) == (36, 3)


def test_annotated_examples_use_every_field() -> None:
    """Nothing that can be configured is without an annotated example."""
    missing = set()
    for kind, model in DOCUMENTS.items():
        used: set[tuple[str, str]] = set()
        for path in ANNOTATED:
            data = read_document(path, path.name)
            if data["format"] == kind:
                collect(model.model_validate(data), used)
        missing |= {f"{name}.{field}" for name, field in fields(model, set()) - used}
    assert sorted(missing) == []


def test_annotated_examples_use_every_choice() -> None:
    """Nor is any value of a choice."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in ANNOTATED)
    choices: set[str] = set()
    for model in DOCUMENTS.values():
        literals(model, choices, set())
    assert sorted(choice for choice in choices if choice not in text) == []


def test_the_annotated_readme_lists_every_file() -> None:
    """The table of contents is complete."""
    listed = (EXAMPLES / "annotated" / "README.md").read_text(encoding="utf-8")
    assert [path.stem for path in ANNOTATED if f"`{path.stem}`" not in listed] == []


def test_bulk_files_are_what_the_script_writes() -> None:
    """The files of goods, stock and pickup points are reproducible."""
    script = module("build_example", ROOT / "scripts" / "build_example.py")
    for name, text in script.build(FRENCH / "network").items():
        assert (FRENCH / name).read_text(encoding="utf-8") == text, name


def test_the_checkout_backend_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The example of a backend answers a cart with options and reasons."""
    module("checkout_backend", EXAMPLES / "checkout_backend.py").main()
    printed = capsys.readouterr().out
    assert "Store collection in two hours" in printed
    assert "not offered: island-freight (outside_zone)" in printed


def test_the_examples_stay_small() -> None:
    """The French example has less than 600 kB, its YAML less than 120 kB."""
    sizes = {path: path.stat().st_size for path in FRENCH.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 600_000
    assert sum(size for path, size in sizes.items() if path.suffix == ".yaml") < 120_000


def test_prices_are_exact(network: Network) -> None:
    """A price written 4.90 is the decimal 4.90."""
    standard = next(method for method in network.methods if method.id == "home-standard")
    assert isinstance(standard.price, tuple)
    assert standard.price[0].price == Decimal("4.90")


def module(name: str, path: Path) -> ModuleType:
    """A Python file as a module."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def collect(value: object, used: set[tuple[str, str]]) -> None:
    """The (model, field) pairs that somebody wrote."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            used.add((type(value).__name__, name))
            collect(getattr(value, name), used)
    elif isinstance(value, tuple):
        for each in value:
            collect(each, used)


def fields(model: type[BaseModel], found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """All (model, field) pairs of a document."""
    for name, field in model.model_fields.items():
        if (model.__name__, name) not in found:
            found.add((model.__name__, name))
            for each in models_in(field.annotation):
                fields(each, found)
    return found


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that a field's type mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [each for part in get_args(annotation) for each in models_in(part)]


def literals(annotation: Any, found: set[str], seen: set[object]) -> None:
    """The texts that choices admit, weekdays and formats left out."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in seen:
            seen.add(annotation)
            for field in annotation.model_fields.values():
                literals(field.annotation, found, seen)
    elif get_origin(annotation) in {Union, UnionType, tuple, dict, Annotated}:
        for part in get_args(annotation):
            literals(part, found, seen)
    else:
        found |= {choice for choice in get_args(annotation) if isinstance(choice, str) and "/" not in choice}
