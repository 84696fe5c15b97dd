"""What `check` says of a snapshot beside its network and catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from promise_engine import Catalogue, Network, StockSnapshot
from promise_engine.adapters.cli.app import app
from promise_engine.check import stock_warnings
from promise_engine.testing import minimal_network, minimal_stock

if TYPE_CHECKING:
    from pathlib import Path

STRAYING = {
    "records": [
        {"site": "lion", "sku": "A1", "on_hand": 4},
        {"site": "lion", "sku": "B2", "on_hand": 4},
        {"site": "lyon", "sku": "A1", "on_hand": 9, "reservations": [{"channel": "wep", "quantity": 1}]},
    ],
    "pool_reservations": [{"sku": "Z9", "channel": "app", "quantity": 1}],
    "slots_taken": [{"site": "paris", "start": "2026-11-23T08:00:00+01:00", "committed": 1}],
    "pools_taken": [{"pool": "van", "date": "2026-11-23", "parcels": 1}],
    "windows_taken": [{"service": "fast", "date": "2026-11-23", "window": "08:00", "shipments": 1}],
    "places_taken": [{"place": "kiosk", "date": "2026-11-23", "parcels": 1}],
}
"""Names of every kind that the minimal network lacks."""


def stock(**fields: object) -> StockSnapshot:
    """The minimal snapshot with other fields."""
    return StockSnapshot.from_document({**minimal_stock(), **fields})


def test_every_name_that_the_network_lacks_is_told() -> None:
    """Each kind once, with how often it is named."""
    found = stock_warnings(Network.model_validate(minimal_network()), stock(**STRAYING))
    assert [(fault.path, fault.value) for fault in found] == [
        ("places_taken", "'kiosk' (1 time)"),
        ("pool_reservations", "'app' (1 time)"),
        ("pools_taken", "'van' (1 time)"),
        ("records", "'lion' (2 times)"),
        ("records.reservations", "'wep' (1 time)"),
        ("slots_taken", "'paris' (1 time)"),
        ("windows_taken", "'fast' (1 time)"),
    ]


def test_skus_are_compared_with_a_catalogue_and_many_are_counted() -> None:
    """Five are named, the others counted; without a catalogue no SKU is unknown."""
    network = Network.model_validate(minimal_network())
    held = [{"site": site, "sku": f"S{i}", "on_hand": 1} for i in range(9) for site in ("lyon", "spare")[: 2 - i % 2]]
    many = stock(records=held)
    found = stock_warnings(network, many, Catalogue.from_records([{"sku": "S0"}]))
    often = ["'S1' (1 time)", "'S2' (2 times)", "'S3' (1 time)", "'S4' (2 times)", "'S5' (1 time)", "3 more such names"]
    assert [fault.value for fault in found if "catalogue" in fault.expected] == often
    assert [fault.value for fault in stock_warnings(network, many)] == ["'spare' (5 times)"]


def test_what_is_reserved_for_an_unknown_channel_is_said_to_be_kept_from_all() -> None:
    """A reservation counts against whoever it does not name, so that of a mistyped channel is not unused."""
    told = stock_warnings(Network.model_validate(minimal_network()), stock(**STRAYING))
    kept = {fault.path for fault in told if "kept from all" in fault.expected}
    assert kept == {"records.reservations", "pool_reservations"}


def test_commitments_that_are_not_looked_at_are_told() -> None:
    """Those to come, where the network does not look ahead; none where it does, or where they are overdue."""
    due = {"site": "lyon", "sku": "A1", "on_hand": 9}
    later = stock(records=[{**due, "commitments": [{"due_at": "2027-01-01T08:00:00+01:00", "quantity": 1}]}])
    overdue = stock(records=[{**due, "commitments": [{"due_at": "2020-01-01T08:00:00+01:00", "quantity": 1}]}])
    network = minimal_network()
    blind = Network.model_validate(network)
    looking = Network.model_validate({**network, "settings": {**network.get("settings", {}), "look_ahead": "floor"}})
    assert [(fault.path, fault.value) for fault in stock_warnings(blind, later)] == [
        ("records.commitments", "1 to come")
    ]
    assert stock_warnings(blind, overdue) == stock_warnings(looking, later) == []


def test_the_command_tells_faults_of_all_three_files(tmp_path: Path) -> None:
    """Warnings of a good snapshot end with 1, faults of a bad one with 2, and nothing is lost beside the other's."""
    files = {name: tmp_path / f"{name}.json" for name in ("network", "stock", "catalogue")}
    documents = {
        "network": minimal_network(),
        "stock": {**minimal_stock(), **STRAYING},
        "catalogue": {"items": [{"sku": "A1"}]},
    }
    for name, document in documents.items():
        files[name].write_text(json.dumps(document), encoding="utf-8")
    command = ["check", str(files["network"]), "--stock", str(files["stock"]), "--catalogue", str(files["catalogue"])]
    told = CliRunner(env={"COLUMNS": "300"}).invoke(app, command)
    assert told.exit_code == 1
    assert all(name in told.output for name in ("lion", "wep", "paris", "van", "fast", "kiosk", "'B2'", "stock.json"))
    files["stock"].write_text('{"as_of": "yesterday"}', encoding="utf-8")
    files["catalogue"].write_text('{"items": [{"sku": ""}]}', encoding="utf-8")
    told = CliRunner(env={"COLUMNS": "300"}).invoke(app, command)
    assert told.exit_code == 2
    assert "as_of" in told.output
    assert "items.0.sku" in told.output
