"""What would give a refused method an option: one change of each kind, the smallest, found by asking again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import localcontext
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from promise_engine.errors import Reason
from promise_engine.models.policy import MOST_SHIPMENTS

from .again import Again, Documents
from .candidates import places, targets
from .clock import instant, instant_of_date, local_date, utc, wall
from .hindrances import Hindrances
from .places import metres_between, shopper_point, spots_of_destination

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from decimal import Decimal

    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.request import PromiseRequest
    from promise_engine.models.stock import StockDocument

    from .hindrances import Shortage

T = TypeVar("T")

MOST_SKUS = 24
"""Pairs of site and SKU of which more are tried, and SKUs of which one is left out."""
MOST_STEPS = 2**20
MOST_PLACES = 10
MOST_DAYS_NOMINATED, MOST_DAYS_OF_HORIZON, LONGEST_HORIZON = 14, 7, 250

OF_BASKET = frozenset({
    Reason.UNKNOWN_SKU, Reason.QUANTITY_NOT_A_STEP, Reason.QUANTITY_BELOW_MINIMUM, Reason.QUANTITY_ABOVE_MAXIMUM,
    Reason.ITEM_NOT_SHOWN,
})  # fmt: skip
"""What names the SKU without which alone there may be an option."""


@dataclass(frozen=True)
class NaiveRemedy:
    """A change with which alone a method has an option, with the fields of its kind. `at` is in UTC."""

    kind: str
    at: datetime | None = None
    site: str | None = None
    sku: str | None = None
    quantity: Decimal | None = None
    count: int | None = None
    of: str | None = None
    place: str | None = None
    distance_metres: int | None = None


def remedies(
    network: NetworkDocument,
    catalogue: CatalogueDocument | None,
    stock: StockDocument,
    request: PromiseRequest,
    method: str,
    group: str | None = None,
) -> list[NaiveRemedy]:
    """The remedies of a method that has no option for the whole basket, or for that of a group of the order."""
    with localcontext() as context:
        context.prec = 60
        return list(_Remedies(Documents(network, catalogue, stock, request), method, group).found())


class _Remedies:
    """The remedies of one refusal."""

    def __init__(self, given: Documents, method: str, group: str | None) -> None:
        self.network, self.again = given.network, Again(given, method, group)
        self.met = Hindrances(self.again.question, method)
        self.world, self.refusal = self.met.world, self.met.refusal
        self.request = self.again.question.request
        """Of a group: its lines, its destination."""

    def found(self) -> Iterator[NaiveRemedy]:
        """The smallest of each kind, in the order of kinds; none where the method is not shown."""
        if self.refusal.reason is Reason.METHOD_NOT_SHOWN:
            return
        if self.met.is_of_time:
            yield from self._order_before()
        yield from self._more_units()
        if not self.met.is_of_no_line:
            yield from self._without_sku()
        if self.met.is_had_line_by_line:
            yield from self._more_shipments()
        if self.met.is_of_time:
            yield from self._more_days()
        yield from self._other_place()

    def _order_before(self) -> Iterator[NaiveRemedy]:
        """Of the order's date, as far as the network is valid, the first second must have an option."""
        destination = self.request.destination
        if destination.place is not None:
            zone = self.world.spot(destination.place).time_zone
        else:
            zone = spots_of_destination(self.network, destination)[0].time_zone
        late = instant(self.request.placed_at)
        early = max(wall(local_date(late, zone), 0, zone), instant_of_date(self.network.valid_from))
        if early >= late or not self.again.placed_at(utc(early)):
            return
        at = _halved(early, late, lambda at: not self.again.placed_at(utc(at)))
        yield NaiveRemedy("order_before", at=utc(at))

    def _more_units(self) -> Iterator[NaiveRemedy]:
        """Of the pairs tried, the first of those with the least quantity."""
        steps = {goods.item.sku: goods.item.step for goods in self.world.basket.needs}
        found: list[tuple[Decimal, int, Shortage]] = []
        for place, shortage in enumerate(self.met.shortages()[:MOST_SKUS]):
            quantity = self._least_quantity(shortage, steps[shortage.sku], min(found)[0] if found else None)
            if quantity is not None:
                found.append((quantity, place, shortage))
        for quantity, _, (site, sku) in sorted(found)[:1]:
            yield NaiveRemedy("more_units", site=site, sku=sku, quantity=quantity)

    def _least_quantity(self, shortage: Shortage, step: Decimal, limit: Decimal | None) -> Decimal | None:
        """Found by doubling and halving; what cannot be less than the limit is not looked for."""

        def works(steps: int) -> bool:
            return self.again.with_more(*shortage, steps * step)

        if limit is not None and step >= limit:
            return None
        if not works(MOST_STEPS):
            return None
        few, enough = 0, 1
        while enough <= MOST_STEPS and (limit is None or (few + 1) * step < limit):
            if works(enough):
                return _halved(few, enough, works) * step
            few, enough = enough, 2 * enough
        return None

    def _without_sku(self) -> Iterator[NaiveRemedy]:
        units: dict[str, int] = {}
        for line in self.world.basket.lines:
            units[line.item.sku] = units.get(line.item.sku, 0) + line.sold
        tried = sorted(units, key=lambda sku: (units[sku], sku))[:MOST_SKUS]
        if self.refusal.reason in OF_BASKET:
            tried = [sku for sku in units if sku == self.refusal.sku]
        if len(units) > 1:
            yield from (NaiveRemedy("without_sku", sku=sku) for sku in _first(tried, self.again.without))

    def _more_shipments(self) -> Iterator[NaiveRemedy]:
        most = self.met.method.max_shipments
        more = range(1, MOST_SHIPMENTS - most + 1)
        for count in _first(more, lambda count: self.again.with_shipments(most + count)):
            yield NaiveRemedy("more_shipments", count=count)

    def _more_days(self) -> Iterator[NaiveRemedy]:
        wishes, horizon = self.request.wishes, self.network.settings.horizon_days
        kinds: dict[str, tuple[int, Callable[[int], bool]]] = {}
        if wishes.nominated_day is not None:
            kinds["nominated_day"] = MOST_DAYS_NOMINATED, partial(self.again.wished, "nominated_day")
        if wishes.not_after is not None:
            kinds["not_after"] = horizon, partial(self.again.wished, "not_after")
        longer = min(MOST_DAYS_OF_HORIZON, LONGEST_HORIZON - horizon)
        kinds["horizon_days"] = longer, lambda days: self.again.with_horizon(horizon + days)
        for of, (most, works) in kinds.items():
            for count in _first(range(1, most + 1), works):
                yield NaiveRemedy("more_days", count=count, of=of)

    def _other_place(self) -> Iterator[NaiveRemedy]:
        """The nearest of a few places that were not tried, from the shopper, else from the place asked for."""
        asked = self.request.destination
        since = shopper_point(asked) or (self.world.spot(asked.place).point if asked.place is not None else None)
        if since is None:
            return
        found = targets(self.world, self.met.method)
        tried = set() if isinstance(found, Reason) else {target.place for target in found}
        others = [self.world.spot(place) for place in places(self.world, self.met.method) if place not in tried]
        measured = [(metres_between(since, spot.point), spot.id) for spot in others]
        nearest = sorted((metres, place) for metres, place in measured if metres is not None)[:MOST_PLACES]
        for metres, place in _first(nearest, lambda pair: self.again.to_place(pair[1])):
            yield NaiveRemedy("other_place", place=place, distance_metres=metres)


def _halved(below: int, above: int, works: Callable[[int], bool]) -> int:
    """Of a number that does not work and a greater one that does: one between that does, when the one before does not."""
    while above - below > 1:
        middle = (below + above) // 2
        if works(middle):
            above = middle
        else:
            below = middle
    return above


def _first(tried: Iterable[T], works: Callable[[T], bool]) -> Iterator[T]:
    """The first that works, if one does."""
    yield from islice(filter(works, tried), 1)
