"""Who could serve: every (method, destination, site, way)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promise_engine.errors import Reason, RequestError
from promise_engine.models.carrier import Leg as LegModel

from .legs import collections_of
from .places import holds, metres_between, nearest, shopper_point, spots_of_destination

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.models.carrier import CarrierService, Route
    from promise_engine.models.place import PickupPoint
    from promise_engine.models.policy import DeliveryMethod
    from promise_engine.models.site import Site

    from .places import Spot
    from .world import World


@dataclass(frozen=True)
class Target:
    """A destination of a method: an address (or the parts of an area), a store or a pickup point."""

    place: str | None
    parts: tuple[Spot, ...]
    metres: int | None
    """From the shopper to the place."""
    is_area: bool = False
    """Whether it is a country or prefix."""


@dataclass(frozen=True)
class Candidate:
    """A (method, destination, site, way); own store collection has no legs and an empty way."""

    method: DeliveryMethod
    target: Target
    site: Site
    way: str
    legs: tuple[LegModel, ...]
    route: Route | None = None


def targets(world: World, method: DeliveryMethod) -> list[Target] | Reason:
    """The destinations of a method in this request."""
    wanted = world.request.destination
    if wanted.place is not None:
        return _named(world, method, wanted.place)
    if method.kind == "home":
        spots = spots_of_destination(world.network, wanted)
        return [Target(None, _unlike(world, spots), None, is_area=wanted.postal_code is None)]
    point = shopper_point(wanted)
    if point is None:
        return Reason.NO_COORDINATES
    spots = [world.spot(place) for place in places(world, method)]
    found = nearest(point, spots, method.radius_metres, method.places_shown)
    return [Target(spot.id, (spot,), metres) for metres, spot in found] or Reason.NO_PLACE_IN_RADIUS


def _unlike(world: World, spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """The parts of an area without those that differ from an earlier one in nothing that decides."""
    sets = world.network.zone_sets
    areas = [restriction.destinations for restriction in world.network.restrictions if restriction.destinations]
    unlike: dict[tuple[object, ...], Spot] = {}
    for spot in spots if len(spots) > 1 else ():
        zones = tuple(world.zone(zone_set.id, spot) for zone_set in sets)
        inside = tuple(holds(area, spot) for area in areas)
        unlike.setdefault((spot.country, spot.subdivision, spot.time_zone.key, zones, inside), spot)
    return tuple(unlike.values()) or spots


def _named(world: World, method: DeliveryMethod, place: str) -> list[Target] | Reason:
    is_store = place in world.sites and world.sites[place].store_collection is not None
    if not is_store and place not in world.points:
        raise RequestError.of("destination.place", place, "the id of a store or pickup point")
    if place not in places(world, method):
        return Reason.DESTINATION_TYPE_NOT_SERVED
    spot = world.spot(place)
    point = shopper_point(world.request.destination)
    return [Target(place, (spot,), metres_between(point, spot.point) if point else None)]


def places(world: World, method: DeliveryMethod) -> list[str]:
    """The places a method can serve by what is configured."""
    if method.kind == "pickup_point":
        networks = {world.services[service].pickup_network for service in method.services}
        return [point.id for point in world.network.pickup_points if point.network in networks]
    if method.kind == "store_collection":
        return [
            site.id for site in world.network.sites
            if site.store_collection and (_hands_over_own(method, site) or _routes_to(world, method, site))
        ]  # fmt: skip
    return []


def _hands_over_own(method: DeliveryMethod, site: Site) -> bool:
    return method.from_stock and site.preparation is not None


def _routes_to(world: World, method: DeliveryMethod, store: Site) -> list[Route]:
    routes = [world.routes[route] for route in method.routes]
    return [
        r
        for r in routes
        if r.ends_at == "store" and (store.id in r.stores if r.stores is not None else store.receiving is not None)
    ]


def candidates(world: World, method: DeliveryMethod, target: Target) -> Iterator[Candidate]:
    """Every way to serve a destination."""
    preparing = [site for site in world.network.sites if site.preparation is not None]
    for site in preparing:
        for service in method.services:
            if target.place is None or world.services[service].pickup_network == world.points[target.place].network:
                yield Candidate(method, target, site, service, (LegModel(service=service),))
    routes = [world.routes[route] for route in method.routes]
    if target.place is not None and method.kind == "store_collection":
        store = world.sites[target.place]
        if _hands_over_own(method, store):
            yield Candidate(method, target, store, "", ())
        routes = _routes_to(world, method, store)
    for route in routes:
        for site in preparing:
            if _starts_at(world, route, site):
                yield Candidate(method, target, site, route.id, route.legs, route)


def _starts_at(world: World, route: Route, site: Site) -> bool:
    if route.origins is not None:
        return site.id in route.origins
    return bool(collections_of(world, site.id, route.legs[0].service))


def services_of(world: World, candidate: Candidate) -> list[CarrierService]:
    """The services of the way, one for each leg."""
    return [world.services[leg.service] for leg in candidate.legs]


def point_of(world: World, candidate: Candidate) -> PickupPoint | None:
    """The pickup point a candidate delivers to, if any."""
    return world.points.get(candidate.target.place or "") if candidate.method.kind == "pickup_point" else None


def end_store(world: World, candidate: Candidate) -> Site | None:
    """The store a candidate ends at, if any."""
    return world.sites[candidate.target.place or ""] if candidate.method.kind == "store_collection" else None
