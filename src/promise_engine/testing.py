"""For the tests of those who use this library: small documents that work, and strategies for a network.

Hypothesis is not installed with promise-engine; tests bring it along.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from promise_engine.models.request import Destination, Line, PromiseRequest
from promise_engine.models.stock import Receipt, StockDocument, StockRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine.models.network import NetworkDocument

_DAY = timedelta(days=1)


def minimal_network() -> dict[str, Any]:
    """Return a network of one warehouse in Lyon and one next-day service, for orders of November 2026.

    Examples
    --------
    >>> [site["id"] for site in minimal_network()["sites"]]
    ['lyon']
    """
    return {
        "valid_from": "2026-11-01",
        "valid_until": "2026-11-30",
        "calendars": [{"id": "weekdays", "hours": {"mon-fri": ["08:00-18:00"]}}],
        "sites": [
            {
                "id": "lyon",
                "address": {"country": "FR", "postal_code": "69002"},
                "preparation": {"calendar": "weekdays"},
            }
        ],
        "carriers": [{"id": "parcels"}],
        "services": [
            {
                "id": "next-day",
                "carrier": "parcels",
                "lanes": [{"transit": {"maximum_days": 1}}],
                "delivery": {"days": "weekdays", "windows": [{"hours": "08:00-18:00"}]},
            }
        ],
        "collections": [{"sites": ["lyon"], "services": ["next-day"], "cut_off": "17:00"}],
        "methods": [{"id": "home", "kind": "home", "services": ["next-day"], "price": [{"price": 4.9}]}],
        "channels": [{"id": "web"}],
    }


def minimal_stock() -> dict[str, Any]:
    """Return a snapshot with ten of `A1` in the warehouse of `minimal_network`.

    Examples
    --------
    >>> minimal_stock()["records"]
    [{'site': 'lyon', 'sku': 'A1', 'on_hand': 10}]
    """
    return {"as_of": "2026-11-23T08:00:00+01:00", "records": [{"site": "lyon", "sku": "A1", "on_hand": 10}]}


def minimal_request() -> dict[str, Any]:
    """Return a request for one `A1` to Strasbourg, on Monday 23 November 2026 at ten.

    Examples
    --------
    >>> minimal_request()["placed_at"]
    '2026-11-23T10:00:00+01:00'
    """
    return {
        "lines": [{"sku": "A1", "quantity": 1}],
        "destination": {"country": "FR", "postal_code": "67000"},
        "placed_at": "2026-11-23T10:00:00+01:00",
    }


def instants(network: NetworkDocument) -> st.SearchStrategy[datetime]:
    """Return whole seconds at which orders may be placed against a network.

    Examples
    --------
    >>> from hypothesis import find
    >>> from promise_engine.models.network import NetworkDocument
    >>> find(instants(NetworkDocument.model_validate(minimal_network())), lambda instant: True).isoformat()
    '2026-11-01T00:00:00+00:00'
    """
    first = datetime.combine(network.valid_from, time(), UTC)
    seconds = ((network.valid_until - network.valid_from) + _DAY) // timedelta(seconds=1)
    return st.integers(0, seconds - 1).map(lambda passed: first + timedelta(seconds=passed))


def baskets(skus: Sequence[str], *, lines: int = 4, quantity: int = 5) -> st.SearchStrategy[list[Line]]:
    """Return baskets of one line or more, each of another SKU, in whole quantities."""
    line = st.builds(Line, sku=st.sampled_from(skus), quantity=st.integers(1, quantity).map(Decimal))
    return st.lists(line, min_size=1, max_size=lines, unique_by=lambda row: row.sku)


@st.composite
def snapshots(draw: st.DrawFn, network: NetworkDocument, skus: Sequence[str], *, on_hand: int = 20) -> StockDocument:
    """Return stock of any SKUs at any sites that prepare, receipts on the way included."""
    as_of = draw(instants(network))
    receipts = st.builds(
        Receipt,
        quantity=st.integers(1, on_hand).map(Decimal),
        expected_at=st.integers(0, 14 * 24).map(lambda hours: as_of + timedelta(hours=hours)),
    )
    pairs = [(site.id, sku) for site in network.sites if site.preparation is not None for sku in skus]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    records = [
        StockRecord.model_validate(
            {
                "site": site,
                "sku": sku,
                "on_hand": draw(st.integers(0, on_hand)),
                "receipts": draw(st.lists(receipts, max_size=2)),
            }
        )
        for site, sku in chosen
    ]
    return StockDocument(as_of=as_of, records=tuple(records))


@st.composite
def requests(
    draw: st.DrawFn, network: NetworkDocument, skus: Sequence[str], destinations: Sequence[Destination]
) -> PromiseRequest:
    """Return requests for some of the SKUs to one of the destinations, in any channel, at any valid instant.

    Examples
    --------
    >>> from hypothesis import given
    >>> lyon = Destination(country="FR", postal_code="69002")
    >>> def promises_hold(network, engine, stock):
    ...     @given(request=requests(network, ["A1", "B2"], [lyon]))
    ...     def check(request):
    ...         for option in engine.promise(request, stock).options:
    ...             assert option.order_by > request.placed_at
    ...     check()
    """
    return PromiseRequest.model_validate({
        "lines": draw(baskets(skus)),
        "destination": draw(st.sampled_from(destinations)),
        "channel": draw(st.sampled_from([channel.id for channel in network.channels])),
        "placed_at": draw(instants(network)),
        "view": draw(st.sampled_from(["shopper", "front", "all"])),
    })  # fmt: skip
