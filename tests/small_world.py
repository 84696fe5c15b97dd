"""A small world for cases worked out by hand: sites that prepare on weekdays, one carrier, one service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import StockDocument

Doc = dict[str, Any]
Inputs = tuple[NetworkDocument, CatalogueDocument, StockDocument, PromiseRequest]
ADDRESS = {"country": "FR", "postal_code": "75001", "latitude": 48.86, "longitude": 2.34}


def utc(text: str) -> datetime:
    """An instant of November 2026 by day and UTC time: `03T12:00`."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def small_world(
    lines: list[Doc],
    stock: dict[str, Doc],
    items: dict[str, Doc],
    *,
    sites: dict[str, Doc] | None = None,
    service: Doc | None = None,
    method: Doc | None = None,
    request: Doc | None = None,
    **lists: Any,
) -> Inputs:
    """The inputs for some lines; by site what it has of each SKU: a number, or a record. Every site wraps if nothing is
    said."""
    prepared = {"address": {"country": "FR", "postal_code": "69007"}, "time_zone": "Europe/Paris"}
    records = [
        {"site": site, "sku": sku, **(count if isinstance(count, dict) else {"on_hand": count})}
        for site, counts in stock.items()
        for sku, count in counts.items()
    ]
    fast = {"id": "fast", "carrier": "c", "lanes": [{"transit": {"maximum_days": 1}}],
            "delivery": {"windows": [{"hours": "08:00-18:00"}]}}  # fmt: skip
    network = NetworkDocument.model_validate({
        "valid_from": "2026-10-01", "valid_until": "2026-12-31", "settings": {"horizon_days": 20},
        "calendars": [{"id": "prep", "hours": {"mon-fri": ["08:00-18:00"]}}],
        "sites": [
            {"id": site, **prepared, "preparation": {"calendar": "prep"}, "line_services": ["wrap"],
             **(sites or {}).get(site, {})}
            for site in stock
        ],
        "carriers": [{"id": "c"}],
        "services": [fast | (service or {})],
        "collections": [{"sites": list(stock), "services": ["fast"], "cut_off": "17:00"}],
        "methods": [{"id": "home", "kind": "home", "services": ["fast"], "price": [{"price": "4.90"}], **(method or {})}],
        "channels": [{"id": "web"}],
        **lists,
    })  # fmt: skip
    question = {"lines": lines, "destination": ADDRESS, "placed_at": utc("02T09:00"), "view": "all"}
    return (
        network,
        CatalogueDocument.model_validate({"items": [{"sku": sku, **item} for sku, item in items.items()]}),
        StockDocument.model_validate({"as_of": "2026-11-01T00:00:00Z", "records": records}),
        PromiseRequest.model_validate(question | (request or {})),
    )
