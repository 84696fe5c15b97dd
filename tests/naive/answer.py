"""One request, from the documents to options and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from promise_engine.errors import Reason

from .candidates import candidates, services_of, targets
from .choice import Choice, alone
from .clock import utc, utc_or_none
from .lasting import at_first, at_last, lag, not_begun_later, servings_of, steady_until
from .plans import Plan, order_by
from .refusals import NaiveRefusal, refusal
from .splits import Splits
from .views import in_policy_order, shown, tags
from .world import World

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.policy import DeliveryMethod
    from promise_engine.models.request import PromiseRequest
    from promise_engine.models.stock import StockDocument

    from .candidates import Candidate
    from .serving import Row
    from .taken import Before, Taken


@dataclass(frozen=True)
class NaiveShipment:
    """What one site sends of one ship group. Instants are in UTC; `promised` is the date that its lines show."""

    site: str
    way: str
    ship_group: str | None
    services: tuple[str, ...]
    lines: tuple[tuple[str, Decimal], ...]
    line_services: tuple[tuple[str, ...], ...]
    """What each of the lines asks for besides."""
    parcels: int
    released_at: datetime
    started_at: datetime
    ready_at: datetime
    collected_at: datetime | None
    arrivals: tuple[tuple[str, datetime], ...]
    arrives_at: datetime | None
    deliver_from: datetime | None
    deliver_by: datetime | None
    promised: datetime


@dataclass(frozen=True)
class NaiveLeftOut:
    """A line of the request that an option does not bring, and why its method does not."""

    id: str | None
    sku: str
    services: tuple[str, ...]
    quantity: Decimal
    reason: Reason
    ship_group: str | None = None


@dataclass(frozen=True)
class NaiveOption:
    """One thing a shopper can choose. Instants are in UTC, money in minor units of `currency`."""

    method: str
    kind: str
    destination: str | None
    destination_distance_metres: int | None
    services: tuple[str, ...]
    way: str | None
    """The way that all shipments have; None when they have several."""
    deliver_from: datetime | None
    deliver_by: datetime | None
    earliest_from: datetime
    collect_from: datetime | None
    collect_until: datetime | None
    promised: datetime
    order_by: datetime
    price_minor: int
    currency: str
    cost: dict[str, int]
    co2e_grams: int | None
    parcels: int
    shipments: tuple[NaiveShipment, ...]
    """In the order of their sites, then ship groups."""
    tags: tuple[str, ...]
    choice_code: str
    left_out: tuple[NaiveLeftOut, ...] = ()
    group: str | None = None


@dataclass(frozen=True)
class NaiveAnswer:
    """Options in policy order, refusals by method."""

    options: list[NaiveOption]
    refusals: list[NaiveRefusal]
    leaves_out: bool = False
    """Whether an order of the last second alone would be shown more."""


@dataclass(frozen=True)
class _Way:
    """What an offer of a method, place, and way where the shopper chooses it, may come from."""

    plans: tuple[Plan, ...]
    splits: Splits


Ways = dict["Key", _Way]


class Question:
    """A request asked as a whole: in the last second that its answer is for, and in the first when that is another.

    The lines of a group are asked of what the groups before it leave.
    """

    def __init__(
        self,
        network: NetworkDocument,
        catalogue: CatalogueDocument | None,
        stock: StockDocument,
        request: PromiseRequest,
        before: Before,
        known_of_network: dict[Any, Any],
    ) -> None:
        self._given = network, catalogue, stock
        self.request, self.before = request, before
        self._known_of_network = known_of_network
        self.last = self._world(at_last(request), before.taken(request.placed_at, request.valid_for))
        first = self._world(at_first(request), before.taken(request.placed_at, timedelta(0)))
        self.first = None if first.placed_at == self.last.placed_at else first
        self._seen: dict[int, Ways] = {self.last.placed_at: {}, first.placed_at: {}}
        self._later: dict[tuple[int, str], Ways] = {}
        self.choices, self.refusals, self.leaves_out = self._found()

    def _world(self, request: PromiseRequest, taken: Taken) -> World:
        return World(*self._given, request, taken, self.before.ordered, self._known_of_network)

    def _found(self) -> tuple[list[Choice], list[NaiveRefusal], bool]:
        world = self.last
        wished = world.request.wishes.methods
        methods = sorted((m for m in world.network.methods if wished is None or m.id in wished), key=lambda m: m.id)
        choices: list[Choice] = []
        at_last: list[Choice] = []
        refusals = []
        for method in methods:
            served, refused = self._offered(world, method)
            at_last += served
            if served and self.first:
                before, refused_before = self._offered(self.first, method)
                served = not_begun_later(served, before)
                if not served:
                    whole = NaiveRefusal(method.id, Reason.OUTSIDE_WISHES)
                    refusals.append(whole if before else refusal(self.first, method, refused_before))
            elif not served:
                refusals.append(refusal(world, method, refused))
            choices += served
        kept, alone_kept = (
            shown(in_policy_order(world, found), world.request.view, world.network.settings.slots_shown)
            for found in (choices, at_last)
        )
        return kept, refusals, kept != alone_kept

    def _offered(self, world: World, method: DeliveryMethod) -> tuple[list[Choice], list[tuple[Plan, Reason]]]:
        """All that a method offers, and why candidates do not."""
        ways = _ways(world, method)
        self._seen[world.placed_at] |= ways
        found = [(plan, plan.rows()) for way in ways.values() for plan in way.plans]
        served = [alone(row) for _, rows in found if not isinstance(rows, Reason) for row in rows]
        served += [choice for way in ways.values() for choice in way.splits.at(world.placed_at)]
        return served, [(plan, rows) for plan, rows in found if isinstance(rows, Reason)]

    @property
    def answer(self) -> NaiveAnswer:
        """The options that are shown, and the refusals."""
        return NaiveAnswer(self._options(), self.refusals, self.leaves_out)

    def _options(self) -> list[NaiveOption]:
        world, held = self.last, tags(self.choices)
        return [
            _option(world, choice, self._order_by(choice), held[place]) for place, choice in enumerate(self.choices)
        ]

    def _order_by(self, choice: Choice) -> int:
        """The first later instant at which an order of all groups is no longer offered what the choice offers.

        As long as the groups before take the same it is looked for among the plans from what they leave.
        """
        at, key, taken = self.last.placed_at, _key(choice.first), self.last.taken
        way = self._seen[at][key]
        if self.before.taken(utc(at), timedelta(0)) != taken:
            at += 1  # an order of the last second alone is another, so nothing is known of the next second
            way, taken = self._way_at(at, choice.first.method, key)
        while True:
            end = order_by(way.plans, way.splits, choice.offer, at)
            steady = self.before.steady_until(at)
            if end < steady:
                return end
            at = steady
            if self.before.taken(utc(at), timedelta(0)) != taken:
                way, taken = self._way_at(at, choice.first.method, key)

    def _way_at(self, placed_at: int, method: DeliveryMethod, key: Key) -> tuple[_Way, Taken]:
        """What an offer to an order placed later may come from, and what the groups before then take."""
        request = self.last.request.model_copy(update={"placed_at": utc(placed_at)})
        taken = self.before.taken(request.placed_at, timedelta(0))
        if (placed_at, method.id) not in self._later:
            self._later[placed_at, method.id] = _ways(self._world(request, taken), method)
        return self._later[placed_at, method.id][key], taken

    def steady_until(self) -> int:
        """An instant of asking until which nothing moves that the answer may depend on."""
        later = lag(self.request)
        ends = []
        for world in filter(None, (self.last, self.first)):
            ways = self._seen[world.placed_at].values()
            plans = [plan for way in ways for plan in way.plans]
            splits = [way.splits for way in ways]
            end = steady_until(world, servings_of(world, plans, splits), world.placed_at)
            end = min([end, *(some.supplied_until(world.placed_at) for some in splits)])
            ends.append(end - later if world is self.last else end)
        return min(ends)


Key = tuple[str, str | None, str | None]


def _key(candidate: Candidate) -> Key:
    """The method, the place, and the way where the shopper chooses it."""
    method = candidate.method
    return method.id, candidate.target.place, candidate.way if method.choose_service else None


def _ways(world: World, method: DeliveryMethod) -> dict[Key, _Way]:
    found = targets(world, method)
    members: dict[Key, list[Candidate]] = {}
    for target in [] if isinstance(found, Reason) else found:
        for candidate in candidates(world, method, target):
            members.setdefault(_key(candidate), []).append(candidate)
    return {
        key: _Way(tuple(Plan(world, candidate) for candidate in some), Splits(world, some))
        for key, some in members.items()
    }


def _option(world: World, choice: Choice, ends: int, held: tuple[str, ...]) -> NaiveOption:
    method, target, door = choice.first.method, choice.first.target, choice.door
    shipments = tuple(_shipment(world, row) for row in choice.rows)
    services = tuple(service for shipment in shipments for service in shipment.services)
    code = [method.id, target.place, choice.way if method.choose_service else None]
    cost = choice.cost
    return NaiveOption(
        method=method.id,
        kind=method.kind,
        destination=target.place,
        destination_distance_metres=target.metres,
        services=services if len(shipments) == 1 else tuple(dict.fromkeys(services)),
        way=choice.way,
        deliver_from=utc_or_none(door.deliver_from),
        deliver_by=utc_or_none(door.deliver_by),
        earliest_from=utc(choice.begins_earliest),
        collect_from=utc_or_none(door.collect_from),
        collect_until=utc_or_none(door.collect_until),
        promised=utc(door.promised),
        order_by=utc(ends),
        price_minor=choice.price,
        currency=world.currency,
        cost={
            "transport": cost.transport, "surcharge": cost.surcharge, "preparation": cost.preparation,
            "packaging": cost.packaging, "transfer": cost.transfer,
        },
        co2e_grams=choice.co2e,
        parcels=choice.parcels,
        shipments=shipments,
        tags=held,
        choice_code="/".join(part for part in code if part),
    )  # fmt: skip


def _shipment(world: World, row: Row) -> NaiveShipment:
    door, departures = row.door, row.trip.departures
    return NaiveShipment(
        site=row.candidate.site.id,
        way=row.candidate.way,
        ship_group=row.ship_group or None,
        services=tuple(service.id for service in services_of(world, row.candidate)),
        lines=tuple((line.item.sku, line.quantity) for line in row.lines),
        line_services=tuple(tuple(service.id for service in line.services) for line in row.lines),
        parcels=row.parcels,
        released_at=utc(row.prepared.released),
        started_at=utc(row.prepared.started),
        ready_at=utc(row.prepared.ready),
        collected_at=utc(departures[0].leaves) if departures else None,
        arrivals=tuple((stop, utc(at)) for stop, at in row.trip.arrivals),
        arrives_at=utc_or_none(door.arrives_at),
        deliver_from=utc_or_none(door.deliver_from),
        deliver_by=utc_or_none(door.deliver_by),
        promised=utc(door.promised),
    )
