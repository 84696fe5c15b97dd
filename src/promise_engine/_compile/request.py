"""A request to integers: basket, targets, tasks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import Basket, Demand, Targets
from promise_engine._compile.demand import demand_table, kept_item, some_needs
from promise_engine._compile.distance import metres_between
from promise_engine._compile.lines import (
    BasketLine,
    Need,
    Piece,
    needs_of,
    pieces_of,
    pieces_of_units,
    positions_of,
    refused_lines,
    unit_steps,
    value_of,
)
from promise_engine._compile.money import Money
from promise_engine._compile.network import Reached, Spotted
from promise_engine._compile.request_checks import examined
from promise_engine._compile.working_time import int64
from promise_engine._kernels._tables import in_block
from promise_engine.errors import Reason, request_error
from promise_engine.units import ALWAYS, NEVER, instant, minor, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.places import Located
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.stock_rules import StockRules, SupplyRules
    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import Channel, LineService, Policy
    from promise_engine.models.request import Line, PromiseRequest


class CompiledRequest(NamedTuple):
    """A request checked against the network, in integers where kernels read it."""

    model: PromiseRequest
    channel: Channel
    policy: Policy | None
    money: Money
    basket_minor: int
    lines: list[BasketLine]
    positions: list[int]  # of each line of `model` that of its line here; -1 for one that does not ship
    needs: list[Need]  # of the lines together
    pieces: list[Piece]
    steps: list[int]  # of each line, where its units may come from several sites; 1 for a line that stays whole
    refused: tuple[Reason, str] | None  # reason that refuses every method, with its SKU
    kept: str | None  # SKU that is not shown to this channel and segment
    tags: frozenset[str]
    destinations: list[Located]  # the address, or one for each part of an area; none for a place
    point: tuple[float, float] | None  # where the shopper is
    precision: str
    located_by: str
    country: str | None  # the one asked for, none for a place
    postal_code: str
    postal_prefix: str  # of an area
    place: str | None
    reached: Reached  # tables with the clocks and holidays of the destinations
    basket: Basket
    demand: Demand


def compile_request(
    request: PromiseRequest,
    network: CompiledNetwork,
    items: Mapping[str, Item] | None,
    rules: tuple[StockRules, SupplyRules],
    bound: BoundStock,
    elsewhere: Mapping[str, int],
) -> CompiledRequest:
    """Turn a request into integers; RequestError with every fault when the network cannot answer it.

    `elsewhere` is, by SKU, what other groups of the same order ask for.
    """
    faults, shipped, lines, where = examined(request, network, items, frozenset())
    if faults or where is None:
        raise request_error(faults)
    channel = _channel(request, network)
    placed_on = request.placed_at.astimezone(UTC).date()
    own = network.model.settings.currency
    money = Money(network.model.exchange_rates, own, request.currency or own, placed_on)
    positions = positions_of(request.lines, lines, items)
    of_shipped = [position for position in positions if position >= 0]
    pieces = pieces_of(shipped, of_shipped, items, network.model.settings.unknown_size)
    needs = needs_of(lines)
    reached = network.reach(tuple(Spotted(part.time_zone or "UTC", part.region) for part in where.parts))
    policies = {policy.id: policy for policy in network.model.policies}
    return CompiledRequest(
        model=request,
        channel=channel,
        policy=policies.get(channel.policy) if channel.policy else None,
        money=money,
        basket_minor=_basket_value(request, shipped, money.currency),
        lines=lines,
        positions=positions,
        needs=needs,
        pieces=pieces,
        steps=unit_steps(shipped, lines, of_shipped),
        refused=refused_lines(lines, items, elsewhere),
        kept=kept_item(request.segment, channel, lines, network),
        tags=_tags(lines),
        destinations=where.parts,
        point=where.point,
        precision=where.precision,
        located_by=where.located_by,
        country=where.country,
        postal_code=where.postal_code,
        postal_prefix=where.postal_prefix,
        place=request.destination.place,
        reached=reached,
        basket=_basket(request, channel, lines, pieces, network),
        demand=demand_table(request.segment, channel, needs, rules, bound, network),
    )


def part_of(
    request: CompiledRequest,
    chosen: Sequence[int],
    network: CompiledNetwork,
    taken: Mapping[str, int],
    steps: Mapping[int, int],
    along: Sequence[int],
) -> CompiledRequest:
    """A request for some of its lines, by position, at the value of the whole basket.

    `taken` is, by SKU, what other sites of the same plan take of what the pool leaves; `steps` is, by line, how many
    steps of it are asked, of those that are not asked whole; `along` are lines that the same site sends in other
    shipments of the plan, of one preparation with these.
    """
    lines, pieces = [], []
    for i in chosen:
        line, packed = request.lines[i], [piece for piece in request.pieces if piece.line == i]
        if i in steps:
            packed = pieces_of_units(packed, line, _units(request, i, steps))
        lines.append(_some_of(request, i, steps))
        pieces += packed
    prepared = [_some_of(request, i, steps) for i in sorted([*chosen, *along])]
    carried = {taken.sku for line in lines for taken in line.goods}
    needs = [need for need in needs_of(prepared) if need.sku in carried]
    return of_needs(request, needs, taken)._replace(
        lines=lines,
        pieces=pieces,
        tags=_tags(lines),
        basket=_basket(request.model, request.channel, prepared, pieces, network),
    )


def _some_of(request: CompiledRequest, position: int, steps: Mapping[int, int]) -> BasketLine:
    """A line, or so many steps of it."""
    line = request.lines[position]
    return line.of_units(_units(request, position, steps)) if position in steps else line


def _units(request: CompiledRequest, position: int, steps: Mapping[int, int]) -> int:
    return request.lines[position].units // request.steps[position] * steps[position]


def of_needs(request: CompiledRequest, needs: list[Need], taken: Mapping[str, int]) -> CompiledRequest:
    """A request that asks stock for some of what its lines need."""
    position = {need.sku: i for i, need in enumerate(request.needs)}
    chosen, quantities = [position[need.sku] for need in needs], [need.quantity for need in needs]
    demand = some_needs(request.demand, chosen, quantities, [taken.get(need.sku, 0) for need in needs])
    return request._replace(needs=needs, demand=demand)


def _tags(lines: list[BasketLine]) -> frozenset[str]:
    return frozenset(tag for line in lines for tag in line.labels.tags)


def _channel(request: PromiseRequest, network: CompiledNetwork) -> Channel:
    name = request.channel
    return next(channel for channel in network.model.channels if name in {None, channel.id})


def _basket_value(request: PromiseRequest, lines: list[Line], currency: str) -> int:
    return minor(value_of(lines) if request.basket_value is None else request.basket_value, currency)


def _basket(
    request: PromiseRequest, channel: Channel, lines: list[BasketLine], pieces: list[Piece], network: CompiledNetwork
) -> Basket:
    work, service_seconds = amounts_of(lines, network)
    known = all(piece.weight_grams >= 0 for piece in pieces)
    grams = sum(piece.weight_grams * piece.units for piece in pieces) if known else -1
    wishes = request.wishes
    return in_block(
        Basket(
            placed_at=instant(request.placed_at),
            acceptance_seconds=seconds(channel.acceptance),
            acceptance_working=int(channel.acceptance_counts == "working_time"),
            horizon_days=network.model.settings.horizon_days,
            margin_seconds=seconds(channel.safety_margin),
            margin_days=channel.safety_margin_days,
            work=int64([1, *work.sum(axis=0)]),
            service_seconds=int64([service_seconds.sum()]),
            mass_grams=int64([grams]),
            not_before=ALWAYS if wishes.not_before is None else instant(wishes.not_before),
            not_after=NEVER if wishes.not_after is None else instant(wishes.not_after),
            nominated_day=-1 if wishes.nominated_day is None else _day(wishes.nominated_day, network),
            nominated_until=np.full(len(network.model.methods), network.period.day_count, np.int64),
            slots_shown=network.model.settings.slots_shown,
        )
    )


def amounts_of(lines: list[BasketLine], network: CompiledNetwork) -> tuple[np.ndarray, np.ndarray]:
    """What each line asks of preparation: lines, units and work (L, 3), and the seconds of its services (L,)."""
    work, service_seconds = [], []
    for line in lines:
        services = [service for _, service in services_of([line], network)] if line.services else []
        added = sum(line.units * service.preparation_work for service in services)
        work.append((1, line.handled, line.work + added))
        service_seconds.append(sum(line.units * seconds(service.preparation_time) for service in services))
    return np.array(work, np.int64).reshape(len(lines), 3), int64(service_seconds)


def services_of(lines: list[BasketLine], network: CompiledNetwork) -> list[tuple[BasketLine, LineService]]:
    """Each line with each service that it asks for."""
    known = {service.id: service for service in network.model.line_services}
    return [(line, known[name]) for line in lines for name in line.services]


def money_of_services(request: CompiledRequest, network: CompiledNetwork) -> tuple[list[int], list[int]]:
    """What the services of each line cost the shopper, and the retailer."""
    money, price, cost = request.money, [0] * len(request.lines), [0] * len(request.lines)
    for position, line in enumerate(request.lines):
        for _, service in services_of([line], network):
            times = line.units if service.price_per == "unit" else 1
            price[position] += money.minor(service.price, service.currency) * times
            cost[position] += money.minor(service.preparation_cost, None) * line.units
    return price, cost


def _day(day: date, network: CompiledNetwork) -> int:
    """A wished day as a day of the period; one outside it is a day no promise falls on."""
    number = (day - datetime.fromtimestamp(0, UTC).date()).days - network.period.first_day
    return number if 0 <= number < network.period.day_count else network.period.day_count


def targets_table(request: CompiledRequest, network: CompiledNetwork, chosen: list[int]) -> Targets:
    """The address (or the parts of the area), then the chosen places, as targets."""
    tables, here = network.tables.places, np.array(request.point or (np.nan, np.nan), np.float64)
    coordinates = [_coordinates(part) for part in request.destinations] + [network.place_coordinates[p] for p in chosen]
    zones = [_address_zones(network, part) for part in request.destinations]
    zones += [network.place_zones[place].tolist() for place in chosen]
    parts = len(request.destinations)
    return in_block(
        Targets(
            place_idx=int64([-1] * parts + chosen),
            zone_idx=int64(request.reached.zones + tables.zone_idx[chosen].tolist()),
            region_idx=int64(request.reached.regions + tables.region_idx[chosen].tolist()),
            service_zone=int64(zones).reshape(parts + len(chosen), len(network.services)),
            metres=np.array([metres_between(network.site_coordinates, spot) for spot in coordinates], np.int64).reshape(
                parts + len(chosen), len(network.sites)
            ),
            shopper_metres=int64([-1] * parts + metres_between(network.place_coordinates[chosen], here).tolist()),
        )
    )


def _address_zones(network: CompiledNetwork, located: Located) -> list[int]:
    by_set = {name: index.resolve(located.spot) for name, index in network.zone_sets.items()}
    return [by_set[service.zone_set] if service.zone_set else 0 for service in network.services]


def _coordinates(located: Located) -> np.ndarray:
    spot = located.spot
    return np.array([np.nan, np.nan] if spot.latitude is None else [spot.latitude, spot.longitude], np.float64)
