"""The reference workload: a French retailer of 3 warehouses and 500 stores, its stock, and its shoppers' requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine.benchmarking._geography import drawn_spots
from promise_engine.benchmarking._goods import LEAST_DENSITY, MOST_DENSITY, Range, catalogue_of, sku_id
from promise_engine.benchmarking._names import WAREHOUSES
from promise_engine.benchmarking._network import network_document
from promise_engine.benchmarking._stock import kits_of, placed_from, stock_of
from promise_engine.inputs.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from promise_engine.inputs.catalogue import Catalogue
    from promise_engine.inputs.snapshot import StockSnapshot

_PLACED_SECONDS = 14 * 86_400
_STRIDE = 104_729
"""A prime: so many seconds, over and over, meet every second of two weeks before one comes again."""
_SPLIT_SHARE = 0.4


class Size(NamedTuple):
    """How large a workload is."""

    name: str
    stores: int
    points: int
    skus: int
    records: int


FULL = Size("FR-500", stores=500, points=15_000, skus=100_000, records=5_000_000)
QUICK = Size("FR-100", stores=100, points=1_500, skus=5_000, records=100_000)
TINY = Size("FR-10", stores=10, points=60, skus=500, records=2_500)


@dataclass(frozen=True)
class Workload:
    """A network, a catalogue, stock and requests, all made from a seed; the same seed makes the same.

    Parameters
    ----------
    size
        How many of what.
    seed
        Of everything that is drawn.
    density
        The share of the stores that have what is asked for, from 0.05 to 0.9; by default every SKU has its own.
    day_shipments
        Shipments that an order may have whose day the shopper chooses.

    Raises
    ------
    ValueError
        When the density is not from 0.05 to 0.9.

    Examples
    --------
    >>> workload = Workload(TINY)
    >>> len(workload.network.sites), len(workload.catalogue)
    (13, 501)
    >>> [len(request["lines"]) for request in workload.requests(2, lines=5)]
    [5, 5]
    """

    size: Size = FULL
    seed: int = 1
    density: float | None = None
    day_shipments: int = 1

    def __post_init__(self) -> None:
        """Refuse what no store can hold."""
        if self.density is not None and not LEAST_DENSITY <= self.density <= MOST_DENSITY:
            raise ValueError(f"density: found {self.density}, expected {LEAST_DENSITY} to {MOST_DENSITY}")

    @cached_property
    def document(self) -> dict[str, Any]:
        """The network as a document."""
        return network_document(self.seed, self.size.stores, self.size.points, self.day_shipments)

    @cached_property
    def network(self) -> Network:
        """The network, checked."""
        return Network.model_validate(self.document)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What is sold."""
        return catalogue_of(self.seed, Range(self.size.skus))

    def stock(self, passed: Callable[[int], object] = lambda _done: None) -> StockSnapshot:
        """The stock, made anew; `passed` is told after how many SKUs it is."""
        return stock_of(self.seed, self.document, Range(self.size.skus), self.size.records, self.density, passed)

    def requests(
        self, count: int, *, lines: int, view: str = "shopper", valid_for: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """So many requests, each of another basket to another address at another instant.

        Parameters
        ----------
        count
            How many; up to 1,209,600 have instants of their own.
        lines
            Lines of each basket. Of several, two in five need several sites.
        view
            Of the answers.
        valid_for
            Seconds; by default 0 and 900 in turn.
        """
        for number in range(count):
            yield self._request(number, lines, view, (0, 900)[number % 2] if valid_for is None else valid_for)

    def _request(self, number: int, lines: int, view: str, valid_for: int) -> dict[str, Any]:
        draw = Random(f"{self.seed}/request/{lines}/{number}")
        (spot,) = drawn_spots(draw, 1)
        placed_at = placed_from() + (number * _STRIDE + self.seed * lines) % _PLACED_SECONDS
        request: dict[str, Any] = {
            "lines": [_line(draw, sku) for sku in self._basket(draw, lines)],
            "destination": {"country": "FR", "postal_code": spot.postal_code},
            "channel": "marketplace" if number % 10 == 9 else "web",
            "placed_at": datetime.fromtimestamp(placed_at, UTC).isoformat(),
            "view": view,
            "valid_for": f"{valid_for} s",
        }
        return request | ({"segment": "club"} if number % 5 == 3 else {})

    def _basket(self, draw: Random, lines: int) -> list[str]:
        """SKUs, no one twice; two in five baskets of several lines hold what lies in two warehouses apart."""
        goods = Range(self.size.skus)
        apart: list[int] = []
        if lines > 1 and draw.random() < _SPLIT_SHARE:
            apart = [draw.choice(goods.scattered[k :: len(WAREHOUSES)]) for k in draw.sample(range(len(WAREHOUSES)), 2)]
        others = lines - len(apart)
        in_tail = 0 if self.density is not None else sum(draw.random() < 1 / 3 for _ in range(others))
        numbers = [*apart, *draw.sample(goods.tail, in_tail), *draw.sample(goods.ranged, others - in_tail)]
        skus = [sku_id(number) for number in numbers]
        if draw.random() < 0.05:
            skus[-1] = draw.choice(kits_of(goods))
        return skus


def _line(draw: Random, sku: str) -> dict[str, Any]:
    line: dict[str, Any] = {"sku": sku, "quantity": 2 if draw.random() < 0.2 else 1}
    line["unit_price"] = f"{draw.randint(300, 6_000) / 100:.2f}"
    return line | ({"services": ["gift-wrap"]} if draw.random() < 0.02 else {})
