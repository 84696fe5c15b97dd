"""What is checked before any clock is looked at, stage by stage: the first failure refuses the candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promise_engine.errors import Reason
from promise_engine.models.place import Packing, ParcelLimits
from promise_engine.models.pricing import TariffPrice

from .candidates import end_store, point_of, services_of
from .legs import Leg, collections_of, lane_of
from .money import Money, price_rule, tariff_refusal
from .parcels import Parcel, Unit, needs_size, packed, settled
from .places import holds
from .rules import concerns, is_kept_from
from .stock import Supply, supply

if TYPE_CHECKING:
    from promise_engine.models.policy import Restriction

    from .candidates import Candidate
    from .places import Spot
    from .world import World


@dataclass(frozen=True)
class Admitted:
    """A candidate that passed every check but those of time."""

    legs: list[Leg]
    parcels: list[Parcel]
    supply: Supply


def admit(world: World, candidate: Candidate, spot: Spot, money: Money) -> Admitted | Reason:
    """All stages from input to sourcing, in order."""
    units = _units(world, candidate)
    if isinstance(units, Reason):
        return units
    refused = (
        _not_shown(world, candidate, spot)
        or _restricted(world, candidate, spot)
        or _not_offered(world, candidate)
        or _not_served(world, candidate, spot, money)
    )
    if refused:
        return refused
    legs = _legs(world, candidate, spot)
    if isinstance(legs, Reason):
        return legs
    supplied = supply(world, candidate.site)
    if isinstance(supplied, Reason):
        return supplied
    parcels = _parcels(world, candidate, units)
    if isinstance(parcels, Reason):
        return parcels
    return tariff_refusal(world, legs, parcels) or Admitted(legs, parcels, supplied)


def lacks_collections(world: World, legs: list[Leg]) -> bool:
    """Whether some leg's (site, service) has no collection at all."""
    return any(not collections_of(world, leg.origin.id, leg.service.id) for leg in legs)


# Input.


def _limits(world: World, candidate: Candidate) -> list[ParcelLimits]:
    """The limits of every leg, and the point's."""
    limits = [service.limits for service in services_of(world, candidate)]
    point = point_of(world, candidate)
    return [*limits, point.limits] if point else limits


def _packing(world: World, candidate: Candidate) -> Packing:
    services = services_of(world, candidate)
    return services[0].packing if services else Packing()


def _units(world: World, candidate: Candidate) -> list[Unit] | Reason:
    if world.basket.refused:
        return world.basket.refused
    limits, packing = _limits(world, candidate), _packing(world, candidate)
    services = services_of(world, candidate)
    tariffs = [world.tariffs[service.tariff] for service in services if service.tariff is not None]
    over = [surcharge.over for tariff in tariffs for surcharge in tariff.surcharges if surcharge.over is not None]
    weight_needed = bool(tariffs) or any(limit.weight_grams is not None for limit in limits)
    looked_at = any(needs_size(limit) for limit in [*limits, *over]) or packing.volumetric_divisor is not None
    size_needed = looked_at and packing.fold != "given"
    assumed = world.network.settings.unknown_size
    return settled(world.basket.pieces, assumed, weight_needed=weight_needed, size_needed=size_needed)


# Visibility.


def keeps_items_back(world: World) -> bool:
    """Whether something of the basket is kept for others."""
    return any(is_kept_from(world, line) for line in world.basket.lines)


def _not_shown(world: World, candidate: Candidate, spot: Spot) -> Reason | None:
    if keeps_items_back(world):
        return Reason.ITEM_NOT_SHOWN
    if world.channel.methods is not None and candidate.method.id not in world.channel.methods:
        return Reason.METHOD_NOT_SHOWN
    shown = candidate.site.shown_to
    pairs = (
        (shown.channels, world.channel.id),
        (shown.segments, world.request.segment),
        (shown.methods, candidate.method.id),
        (shown.countries, spot.country),
    )
    hidden = any(listed is not None and value not in listed for listed, value in pairs)
    return Reason.SITE_NOT_SHOWN if hidden else None


# Restrictions.


def _restricted(world: World, candidate: Candidate, spot: Spot) -> Reason | None:
    concerned = [r for r in world.network.restrictions if any(concerns(r, line) for line in world.basket.lines)]
    return Reason.RESTRICTED if any(_forbids(world, r, candidate, spot) for r in concerned) else None


def _forbids(world: World, restriction: Restriction, candidate: Candidate, spot: Spot) -> bool:
    site = candidate.site
    services = {leg.service for leg in candidate.legs}
    return (
        (restriction.services is None or bool(services & set(restriction.services)))
        and (restriction.methods is None or candidate.method.id in restriction.methods)
        and (restriction.sites is None or site.id in restriction.sites)
        and (restriction.site_groups is None or bool(set(site.groups) & set(restriction.site_groups)))
        and (restriction.channels is None or world.channel.id in restriction.channels)
        and (restriction.destinations is None or holds(restriction.destinations, spot))
    )


def _not_offered(world: World, candidate: Candidate) -> Reason | None:
    """Refused when the site that prepares, or the carrier of the last leg, lacks a service that a line asks for."""
    by_site = set(candidate.site.line_services)
    by_carrier = {offered for service in services_of(world, candidate)[-1:] for offered in service.line_services}
    for service in (service for line in world.basket.lines for service in line.services):
        of_site = service.offered_by == "carrier" or service.id in by_site
        of_carrier = service.offered_by == "site" or service.id in by_carrier
        if not (of_site and of_carrier):
            return Reason.LINE_SERVICE_NOT_OFFERED
    return None


# Place.


def _not_served(world: World, candidate: Candidate, spot: Spot, money: Money) -> Reason | None:
    method = candidate.method
    if method.kind == "home" and not _type_served(world, candidate):
        return Reason.DESTINATION_TYPE_NOT_SERVED
    if method.zones is not None and world.zone(method.zone_set, spot) not in method.zones:
        return Reason.OUTSIDE_ZONE
    if not isinstance(method.price, TariffPrice) and price_rule(money, method, spot) is None:
        return Reason.OUTSIDE_ZONE
    return None


def _type_served(world: World, candidate: Candidate) -> bool:
    wanted = world.request.destination.type
    last = services_of(world, candidate)[-1]
    types = (candidate.method.destination_types, last.destination_types)
    return last.pickup_network is None and all(listed is None or wanted in listed for listed in types)


def _legs(world: World, candidate: Candidate, spot: Spot) -> list[Leg] | Reason:
    """The legs with their lanes; refused when some leg has no lane."""
    legs: list[Leg] = []
    origin = candidate.site
    for model in candidate.legs:
        service = world.services[model.service]
        stop = world.sites[model.to] if model.to is not None else end_store(world, candidate)
        start, end = world.spot(origin.id), world.spot(stop.id) if stop else spot
        lane = lane_of(world, service, start, end)
        if lane is None:
            return Reason.NO_LANE
        legs.append(Leg(service, origin, start, end, stop, model, lane, world.zone(service.zone_set, end)))
        origin = stop or origin
    return legs


# Sourcing.


def _parcels(world: World, candidate: Candidate, units: list[Unit]) -> list[Parcel] | Reason:
    services = services_of(world, candidate)
    if not services:
        return [Parcel(Packing(), units)]
    parcels = packed(units, _packing(world, candidate), _limits(world, candidate))
    if isinstance(parcels, Reason):
        return parcels
    caps = [candidate.method.max_parcels, *(service.max_parcels for service in services)]
    if any(cap is not None and len(parcels) > cap for cap in caps):
        return Reason.TOO_MANY_PARCELS
    return parcels
