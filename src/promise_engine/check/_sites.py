"""Sites and pickup points that no order can leave, pass or reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promise_engine.check._facts import Facts


def check_sites_serve(facts: Facts) -> None:
    """A site from which nothing can be sent or handed over, which is no stop of a route and no store where one ends."""
    passed = {site for journey in facts.possible for site, _ in journey.legs[1:]}
    ends = {store for journey in facts.possible if journey.legs for store in _ends(facts, journey.way)}
    serving = {journey.site for journey in facts.served}
    for i, site in enumerate(facts.network.sites):
        if site.id not in passed | ends | serving:
            words = "a collection, a store collection or a route that a method of a channel it is shown to can use"
            facts.findings.warn(("sites", i), "", words, "site_unserved")


def _ends(facts: Facts, way: str) -> list[str]:
    return facts.stores_of(way) if facts.findings.get("routes", way) is not None else []


def check_overrides_matter(facts: Facts) -> None:
    """Preparation overrides for services that have no collections at the site."""
    for i, site in enumerate(facts.network.sites):
        for k, override in enumerate(site.preparation.overrides if site.preparation else ()):
            if not any((site.id, service) in facts.collections_of for service in override.services):
                words = f"a service with collections at {site.id}"
                loc = ("sites", i, "preparation", "overrides", k, "services")
                facts.findings.warn(loc, ", ".join(override.services), words, "override_unused")


def check_coordinates(facts: Facts) -> None:
    """A site or a pickup point whose coordinates are not given, and not known from its postal code."""
    for i, site in enumerate(facts.network.sites):
        if facts.compiled.located_sites[facts.compiled.site_index[site.id]].spot.latitude is None:
            words = "latitude and longitude: without them its distances and CO2e are unknown"
            facts.findings.warn(("sites", i, "address"), site.address.postal_code, words, "no_coordinates")
    for i, point in enumerate(facts.network.pickup_points):
        if facts.compiled.located_places[facts.compiled.place_index[point.id]].spot.latitude is None:
            words = "latitude and longitude: without them it is near no address"
            facts.findings.warn(("pickup_points", i, "address"), point.address.postal_code, words, "no_coordinates")


def check_points_are_reached(facts: Facts) -> None:
    """A pickup point to which no service of a method delivers from any site: a network without one, or a zone without
    a lane. One warning for each network, at its first such point."""
    reached: dict[str, dict[int, set[int] | None]] = {}
    for journey in facts.served:
        if journey.method.kind == "pickup_point":
            service = facts.findings.get("services", journey.way)
            column = facts.compiled.service_index[service.id]
            zones = reached.setdefault(service.pickup_network, {}).setdefault(column, set())
            assert zones is not None  # noqa: S101
            zones |= facts.lane_zones(service.id, journey.site)
    missed: dict[str, list[int]] = {}
    for i, point in enumerate(facts.network.pickup_points):
        row = facts.compiled.place_zones[facts.compiled.place_index[point.id]]
        if not any(int(row[v]) in (zones or ()) for v, zones in reached.get(point.network, {}).items()):
            missed.setdefault(point.network, []).append(i)
    for network, numbers in missed.items():
        words = f"a service of a method that delivers to the {len(numbers)} such points of the network `{network}`"
        facts.findings.warn(("pickup_points", numbers[0], "network"), network, words, "point_unreached")


SITES = (check_sites_serve, check_overrides_matter, check_coordinates, check_points_are_reached)
