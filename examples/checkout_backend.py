"""How a checkout backend calls the library: load once, answer every basket.

Run it from anywhere: ``python examples/checkout_backend.py``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from promise_engine import Catalogue, Engine, Network, Option, RequestError, StockSnapshot

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
    return {
        "options": [shown(option) for option in answer.options],
        "not_offered": {refusal.method: refusal.reason.code for refusal in answer.refusals},
    }  # or the whole document: answer.to_json()


def shown(option: Option) -> dict[str, Any]:
    """What the page needs of one option; `choice_code` is what the order stores."""
    return {
        "choice": option.choice_code,
        "label": option.label,
        "where": option.destination.name or option.destination.postal_code,
        "from": option.collect_from or option.deliver_from,
        "until": option.collect_until or option.deliver_by,
        "order_before": option.order_by,
        "price": f"{option.price.amount} {option.price.currency}",
        "tags": list(option.tags),
    }


def main() -> None:
    """Ask for one cart, print what the page would show."""
    cart = {
        "country": "FR",
        "postal_code": "69002",
        "lines": [
            {"id": "1", "sku": "CLO-0002", "quantity": 1, "price": "59.90"},
            {"id": "2", "sku": "TAB-0001", "quantity": 1, "price": "34.50"},
        ],
    }
    page = delivery_options(cart, datetime.fromisoformat("2026-11-20T10:12:00+01:00"))
    for option in page["options"]:
        start, end, last = (option[key].strftime("%a %d %b %H:%M") for key in ("from", "until", "order_before"))
        print(f"{option['label']:32} {option['where']:32} {start} - {end}  order before {last}  {option['price']:>9}")
    for method, reason in page["not_offered"].items():
        print(f"not offered: {method} ({reason})")


if __name__ == "__main__":
    main()
