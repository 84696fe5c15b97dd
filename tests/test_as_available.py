"""Ship groups and plans as available: what documents, explanations and replays tell of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from promise_engine import Answer, Catalogue, Engine, Network, StockSnapshot, replay
from promise_engine.adapters.cli.app import app
from promise_engine.testing import minimal_network, minimal_request, minimal_stock

if TYPE_CHECKING:
    from pathlib import Path

    from small_world import Doc

RECEIPT = {"expected_at": "2026-11-26T08:00:00+01:00", "quantity": 5}


def asked(lines: list[Doc], **more: Any) -> Doc:
    """A request for lines."""
    return minimal_request() | {"lines": lines, **more}


def snapshot() -> Doc:
    """A1 on hand, LATE expected on Thursday."""
    stock = minimal_stock()
    stock["records"].append(stock["records"][0] | {"sku": "LATE", "on_hand": 0, "receipts": [RECEIPT]})
    return stock


def network(**method: Any) -> Doc:
    """The smallest network, with more said of its method."""
    document = minimal_network()
    document["methods"][0] |= method
    return document


def answered(request: Doc, document: Doc, catalogue: Catalogue | None = None) -> Answer:
    """The answer to a request."""
    return Engine(Network.model_validate(document), catalogue).promise(request, StockSnapshot.from_document(snapshot()))


EARLY_AND_LATE = [{"sku": "A1", "quantity": 1}, {"sku": "LATE", "quantity": 1}]
BOTH = asked(EARLY_AND_LATE)
AHEAD = network(shipping="as_available")


def test_what_is_there_goes_ahead() -> None:
    """Both on Friday, or A1 on Tuesday already: for the first the last order is Thursday's, for the other today's."""
    together, ahead = answered(BOTH, AHEAD).options
    assert ["2026-11-27", "2026-11-27"] == [line.deliver_by.date().isoformat() for line in together.lines]
    assert ["2026-11-24", "2026-11-27"] == [line.deliver_by.date().isoformat() for line in ahead.lines]
    assert ["2026-11-26", "2026-11-23"] == [option.order_by.date().isoformat() for option in (together, ahead)]
    assert ["A1", "LATE"] == [shipment.lines[0].sku for shipment in ahead.shipments]


def test_an_answer_of_shipments_ahead_is_replayed() -> None:
    """Evidence gives the same bytes again, ship groups included."""
    lines = [EARLY_AND_LATE[0], EARLY_AND_LATE[1] | {"ship_group": "big"}]
    catalogue = Catalogue.from_records([{"sku": "A1", "ship_group": "small"}, {"sku": "LATE"}])
    answer = answered(asked(lines, view="all"), AHEAD, catalogue)
    assert ["small", "big"] == [shipment.ship_group for shipment in answer.options[0].shipments][::-1]
    assert answer.to_json() == replay(answer.evidence()).to_json()


def test_documents_tell_ship_groups() -> None:
    """Of lines, shipments and lines left out; none is null."""
    lines = [EARLY_AND_LATE[0] | {"ship_group": "small"}, EARLY_AND_LATE[1], {"sku": "NONE", "quantity": 1}]
    document = json.loads(answered(asked(lines, partial=True), network()).to_json())
    (option,) = document["options"]
    assert {"A1": "small", "LATE": None} == {line["sku"]: line["ship_group"] for line in option["lines"]}
    assert {"NONE": None} == {line["sku"]: line["ship_group"] for line in option["left_out"]}
    assert [None, "small"] == [shipment["ship_group"] for shipment in option["shipments"]]


def test_an_explanation_names_ship_groups_and_the_end() -> None:
    """Each shipment says its ship group; the end of the offer is that of the shipment that ends first."""
    lines = [EARLY_AND_LATE[0] | {"ship_group": "small"}, EARLY_AND_LATE[1]]
    story = answered(asked(lines), network()).explain(0)
    assert "Shipment lyon by next-day, ship group small: 1 x A1" in story
    assert "Shipment lyon by next-day: 1 x LATE" in story
    assert "from then on it is not ready by Thu 26 Nov 17:00" in " ".join(story.split())


def test_a_table_says_when_the_first_comes(tmp_path: Path) -> None:
    """A site that sends twice is named once, and the date of the first shipment beside that of the last."""
    for name, document in (("network", AHEAD), ("stock", snapshot()), ("request", BOTH)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    files = [f"--{name}={tmp_path / name}.json" for name in ("network", "stock", "request")]
    printed = CliRunner(env={"COLUMNS": "120"}).invoke(app, ["promise", *files]).output
    assert "2 x next-day from lyon, 2 parcels, the first Tue 24 Nov" in printed


def test_one_shipment_for_ship_groups_is_no_way() -> None:
    """Where a method allows one shipment the basket is refused, and one more is what would do."""
    lines = [EARLY_AND_LATE[0] | {"ship_group": "small"}, EARLY_AND_LATE[1]]
    (refusal,) = answered(asked(lines), network(max_shipments=1)).refusals
    assert "too_many_shipments" == refusal.reason.code
    assert [("more_shipments", 1)] == [(r.kind, r.count) for r in refusal.remedies if r.kind == "more_shipments"]
