"""The whole question, from the documents to options and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import localcontext
from typing import TYPE_CHECKING

from promise_engine.errors import Reason

from .candidates import candidates, services_of, targets
from .checks import keeps_items_back
from .clock import instant, utc, utc_or_none
from .lasting import (
    at_first,
    at_last,
    end_of_validity,
    lag,
    less_what_begins_later,
    promised,
    servings_of,
    steady_until,
)
from .plans import Plan, order_by
from .views import in_policy_order, shown, tags
from .world import World

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.policy import DeliveryMethod
    from promise_engine.models.request import PromiseRequest
    from promise_engine.models.stock import StockDocument

    from .serving import Row


@dataclass(frozen=True)
class NaiveOption:
    """One thing a shopper can choose. Instants are in UTC, money in minor units of `currency`."""

    method: str
    kind: str
    destination: str | None
    destination_distance_metres: int | None
    services: tuple[str, ...]
    way: str
    site: str
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
    released_at: datetime
    started_at: datetime
    ready_at: datetime
    collected_at: datetime | None
    arrivals: tuple[tuple[str, datetime], ...]
    arrives_at: datetime | None
    tags: tuple[str, ...]
    choice_code: str


@dataclass(frozen=True)
class NaiveRefusal:
    """Why a method is not offered: the reason of the candidate that got furthest."""

    method: str
    reason: Reason
    site: str | None = None
    way: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class NaiveAnswer:
    """Options in policy order, refusals by method."""

    options: list[NaiveOption]
    refusals: list[NaiveRefusal]


def answer(
    network: NetworkDocument, catalogue: CatalogueDocument | None, stock: StockDocument, request: PromiseRequest
) -> NaiveAnswer:
    """Every delivery option the network can truly promise for a request, and why the others are not possible."""
    with localcontext() as context:
        context.prec = 60
        return _answer(*_worlds(network, catalogue, stock, request))


def next_change_at(
    network: NetworkDocument, catalogue: CatalogueDocument | None, stock: StockDocument, request: PromiseRequest
) -> datetime | None:
    """The first later instant at which the question is answered otherwise; None while the network is valid.

    It asks again whenever anything moves that any candidate may depend on, in the first second or in the last.
    """
    with localcontext() as context:
        context.prec = 60
        at, before = instant(request.placed_at), lag(request)
        then = _worlds(network, catalogue, stock, request)
        first = promised(_answer(*then))
        while True:
            last, earlier = then
            at = _steady_until(last, last.placed_at) - before
            if earlier:
                at = min(at, _steady_until(earlier, earlier.placed_at))
            if at + before >= end_of_validity(last):
                return None
            then = _worlds(network, catalogue, stock, request.model_copy(update={"placed_at": utc(at)}))
            if promised(_answer(*then)) != first:
                return utc(at)


def _worlds(
    network: NetworkDocument, catalogue: CatalogueDocument | None, stock: StockDocument, request: PromiseRequest
) -> tuple[World, World | None]:
    """The question in the last second that the answer is for, and in the first when that is another."""
    last = World(network, catalogue, stock, at_last(request))
    first = World(network, catalogue, stock, at_first(request))
    return last, None if first.placed_at == last.placed_at else first


def _steady_until(world: World, at: int) -> int:
    plans = [plan for method in world.network.methods for plan in _plans(world, method)]
    return steady_until(world, servings_of(plans), at)


def _answer(world: World, earlier: World | None) -> NaiveAnswer:
    wished = world.request.wishes.methods
    methods = sorted((m for m in world.network.methods if wished is None or m.id in wished), key=lambda m: m.id)
    plans: dict[str, list[Plan]] = {}
    rows: list[Row] = []
    refusals = []
    for method in methods:
        plans[method.id] = _plans(world, method)
        found = [(plan, plan.rows()) for plan in plans[method.id]]
        if earlier:
            found = less_what_begins_later(found, [(plan, plan.rows()) for plan in _plans(earlier, method)])
        served = [row for _, kept in found if not isinstance(kept, Reason) for row in kept]
        rows += served
        if not served:
            refusals.append(_refusal(world, method, [(plan, kept) for plan, kept in found if isinstance(kept, Reason)]))
    kept_rows = shown(in_policy_order(world, rows), world.request.view, world.network.settings.slots_shown)
    return NaiveAnswer(_options(world, kept_rows, plans), refusals)


def _plans(world: World, method: DeliveryMethod) -> list[Plan]:
    found = targets(world, method)
    if isinstance(found, Reason):
        return []
    return [Plan(world, candidate) for target in found for candidate in candidates(world, method, target)]


def _refusal(world: World, method: DeliveryMethod, refused: Sequence[tuple[Plan, Reason]]) -> NaiveRefusal:
    """The candidate that got furthest; ties by site rank, site, way, place. Without candidates, what left none."""
    if not refused:
        return NaiveRefusal(method.id, _without_candidates(world, method))

    def furthest(pair: tuple[Plan, Reason]) -> tuple[int, int, str, str, str]:
        plan, reason = pair
        candidate = plan.candidate
        rank = world.site_rank(candidate.site, method, candidate.target.parts[0].country)
        return -reason, rank, candidate.site.id, candidate.way, candidate.target.place or ""

    plan, reason = min(refused, key=furthest)
    candidate = plan.candidate
    return NaiveRefusal(method.id, reason, candidate.site.id, candidate.way, candidate.target.place)


def _without_candidates(world: World, method: DeliveryMethod) -> Reason:
    if world.basket.refused:
        return world.basket.refused
    if keeps_items_back(world):
        return Reason.ITEM_NOT_SHOWN
    if world.channel.methods is not None and method.id not in world.channel.methods:
        return Reason.METHOD_NOT_SHOWN
    found = targets(world, method)
    return found if isinstance(found, Reason) else Reason.NO_COLLECTION


def _options(world: World, rows: Sequence[Row], plans: dict[str, list[Plan]]) -> list[NaiveOption]:
    tagged = tags(rows)
    return [_option(world, row, _last_order(world, row, plans), tagged[position]) for position, row in enumerate(rows)]


def _last_order(world: World, row: Row, plans: dict[str, list[Plan]]) -> int:
    candidate = row.candidate
    rivals = [
        plan for plan in plans[candidate.method.id]
        if plan.candidate.target.place == candidate.target.place
        and (not candidate.method.choose_service or plan.candidate.way == candidate.way)
    ]  # fmt: skip
    return order_by(rivals, (row.door.window, row.price), world.placed_at)


def _option(world: World, row: Row, last_order: int, held: tuple[str, ...]) -> NaiveOption:
    candidate, door, departures = row.candidate, row.door, row.trip.departures
    place = candidate.target.place
    choice = [candidate.method.id, place, candidate.way if candidate.method.choose_service else None]
    cost = row.cost
    return NaiveOption(
        method=candidate.method.id,
        kind=candidate.method.kind,
        destination=place,
        destination_distance_metres=candidate.target.metres,
        services=tuple(service.id for service in services_of(world, candidate)),
        way=candidate.way,
        site=candidate.site.id,
        deliver_from=utc_or_none(door.deliver_from),
        deliver_by=utc_or_none(door.deliver_by),
        earliest_from=utc(row.begins_earliest),
        collect_from=utc_or_none(door.collect_from),
        collect_until=utc_or_none(door.collect_until),
        promised=utc(door.promised),
        order_by=utc(last_order),
        price_minor=row.price,
        currency=world.currency,
        cost={
            "transport": cost.transport, "surcharge": cost.surcharge, "preparation": cost.preparation,
            "packaging": cost.packaging, "transfer": cost.transfer,
        },
        co2e_grams=row.co2e,
        parcels=row.parcels,
        released_at=utc(row.prepared.released),
        started_at=utc(row.prepared.started),
        ready_at=utc(row.prepared.ready),
        collected_at=utc(departures[0].leaves) if departures else None,
        arrivals=tuple((stop, utc(at)) for stop, at in row.trip.arrivals),
        arrives_at=utc_or_none(door.arrives_at),
        tags=held,
        choice_code="/".join(part for part in choice if part),
    )  # fmt: skip
