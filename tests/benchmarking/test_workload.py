"""The reference workload: the same from a seed, valid, with every mode, and with baskets that need several sites."""

from __future__ import annotations

import json

import numpy as np
import pytest

from promise_engine import Engine, StockSnapshot
from promise_engine.benchmarking import FULL, TINY, Workload
from promise_engine.check import check_network


@pytest.fixture(scope="module")
def workload() -> Workload:
    """The smallest."""
    return Workload(TINY)


@pytest.fixture(scope="module")
def stock(workload: Workload) -> StockSnapshot:
    """Its stock."""
    return workload.stock()


def test_a_seed_makes_one_workload(workload: Workload, stock: StockSnapshot) -> None:
    """Network, catalogue, stock and requests are the same each time, and others from another seed."""
    again, other = Workload(TINY), Workload(TINY, seed=2)
    for made in (lambda one: one.network.digest, lambda one: one.catalogue.digest, lambda one: one.stock().digest):
        assert made(workload) == made(again) != made(other)
    assert stock.digest == again.stock().digest
    assert list(workload.requests(9, lines=5)) == list(again.requests(9, lines=5))
    assert list(workload.requests(9, lines=5)) != list(other.requests(9, lines=5))


def test_nothing_in_it_is_doubtful(workload: Workload) -> None:
    """`check` finds neither errors nor warnings."""
    assert [] == check_network(workload.network)


def test_what_it_holds(workload: Workload) -> None:
    """36 home services of 12 carriers, 3 pickup services, every kind of method and every kind of rule."""
    document = workload.document
    home = {service for method in document["methods"] if method["kind"] == "home" for service in method["services"]}
    assert 36 == len(home)
    carriers = {service["carrier"] for service in document["services"] if service["id"] in home}
    assert 12 == len(carriers)
    assert 3 == len([service for service in document["services"] if "pickup_network" in service])
    assert {"none", "day", "slot"} == {
        service["delivery"].get("choice", "none") for service in document["services"] if "delivery" in service
    }
    assert 1 < len(
        {service["delivery"]["days"] for service in document["services"] if "days" in service.get("delivery", {})}
    )
    assert any(len(row["cut_off"]) == len("11:00:30") for row in document["collections"])
    for kind in (
        "stock_rules",
        "supply_rules",
        "allocations",
        "restrictions",
        "line_services",
        "collection_pools",
        "routes",
    ):
        assert document[kind], kind


def test_every_mode_is_offered(workload: Workload, stock: StockSnapshot) -> None:
    """Some of the requests of one line get home delivery of every kind, a pickup point, collection, and ship to store."""
    engine = Engine(workload.network, workload.catalogue)
    offered = set()
    for request in workload.requests(400, lines=1, valid_for=0):
        offered.update(option.method for option in engine.promise(request, stock).options)
        if len(offered) == len(workload.network.methods):
            break
    assert {method.id for method in workload.network.methods} == offered


def test_baskets_that_need_several_sites(workload: Workload, stock: StockSnapshot) -> None:
    """Of baskets with several lines at least three in ten lie in no site whole."""
    kits = {item.sku: [part.sku for part in item.components] for item in workload.catalogue.items if item.components}
    columns = stock.columns
    sites_of = {
        sku: set(columns.site_idx[columns.sku_ptr[i] : columns.sku_ptr[i + 1]].tolist())
        for sku, i in columns.sku_index.items()
    }
    for lines in (5, 20):
        apart = 0
        for request in workload.requests(200, lines=lines):
            skus = [part for line in request["lines"] for part in kits.get(line["sku"], [line["sku"]])]
            apart += not set.intersection(*(sites_of[sku] for sku in skus))
        assert apart >= 60


@pytest.mark.parametrize("lines", [1, 5, 20])
def test_requests_differ(workload: Workload, lines: int) -> None:
    """Ten thousand requests: no two alike, at ten thousand instants, each with its number of different lines."""
    requests = list(workload.requests(10_000 if lines == 1 else 2_000, lines=lines))
    assert len(requests) == len({json.dumps(request) for request in requests})
    assert len(requests) == len({request["placed_at"] for request in requests})
    assert {lines} == {len({line["sku"] for line in request["lines"]}) for request in requests}
    assert {"0 s", "900 s"} == {request["valid_for"] for request in requests}
    assert len({request["destination"]["postal_code"] for request in requests}) > 500


@pytest.mark.parametrize("density", [0.05, 0.3, 0.9])
def test_density_is_that_of_what_is_asked_for(density: float) -> None:
    """The stores hold what requests ask for as often as the density says; the records stay as many."""
    workload = Workload(TINY, density=density)
    columns = workload.stock().columns
    ranged = range(TINY.skus // 50, TINY.skus // 50 + TINY.skus // 10)
    in_store = columns.site_idx < TINY.stores
    per_sku = np.add.reduceat(in_store, columns.sku_ptr[:-1])[ranged.start : ranged.stop]
    assert abs(per_sku.mean() / TINY.stores - density) < 0.07
    assert abs(len(columns.site_idx) / TINY.records - 1) < 0.05


def test_density_has_bounds() -> None:
    """Below 0.05 and above 0.9 there is no workload."""
    with pytest.raises(ValueError, match=r"density: found 0.95, expected 0.05 to 0.9"):
        Workload(FULL, density=0.95)
