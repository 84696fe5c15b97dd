"""How a checkout backend calls the library: load once, answer every basket.

Run it from anywhere: ``python examples/checkout_backend.py``.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from promise_engine import Catalogue, Engine, Network, RequestError, StockSnapshot

EXAMPLE = Path(__file__).resolve().parent / "fr_omnichannel"

# Once, when the process starts, and again when people change the network or the catalogue. An engine never changes
# and may be shared by all threads.
ENGINE = Engine(Network.load(EXAMPLE / "network"), Catalogue.load(EXAMPLE / "catalogue.csv"))

# As often as stock changes: load a new snapshot, or apply deltas to this one. A promise sees an update whole or not
# at all.
STOCK = StockSnapshot.load(EXAMPLE / "stock")


def delivery_options(cart: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the checkout page shows for a cart. The library reads no clock: `now` is yours to say."""
    request = {
        "placed_at": now.isoformat(),
        "channel": "web",
        "destination": {"country": cart["country"], "postal_code": cart["postal_code"]},
        "lines": [
            {"id": line["id"], "sku": line["sku"], "quantity": line["quantity"], "unit_price": line["price"]}
            for line in cart["lines"]
        ],
    }
    try:
        answer = ENGINE.promise(request, STOCK)
    except RequestError as error:  # a malformed request: every fault, each with its path
        return {"error": [str(fault) for fault in error.faults]}
    shown = json.loads(answer.to_json())
    return {"options": shown["options"], "not_offered": [(r.method, r.reason.code) for r in answer.refusals]}


def main() -> None:
    """Ask for one cart, print the options."""
    cart = {
        "country": "FR",
        "postal_code": "69002",
        "lines": [
            {"id": "1", "sku": "CLO-0002", "quantity": 1, "price": "59.90"},
            {"id": "2", "sku": "TAB-0001", "quantity": 1, "price": "34.50"},
        ],
    }
    shown = delivery_options(cart, datetime.fromisoformat("2026-11-20T10:12:00+01:00"))
    for option in shown["options"]:
        print(json.dumps(option, ensure_ascii=False)[:160])
    for method, reason in shown["not_offered"]:
        print(f"not offered: {method} ({reason})")


if __name__ == "__main__":
    main()
