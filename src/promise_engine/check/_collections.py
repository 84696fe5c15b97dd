"""Services, sites and collections that never meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promise_engine.check._facts import Facts


def check_services_are_collected(facts: Facts) -> None:
    """A service that a method may use, and that no site has collections for."""
    asked = {service for _, service in facts.used_pairs}
    collected = {service for _, service in facts.collections_of}
    for name in sorted(asked - collected):
        words = "a collection that names the service, or no method that uses it"
        facts.findings.warn(facts.loc("services", name), "", words, "no_collection")


def check_pairs_are_collected(facts: Facts) -> None:
    """A site and a service with collections none of which has a date: the days of the site, of the carrier and of the
    collections do not meet."""
    for (site, service), numbers in sorted(facts.collections_of.items()):
        listed = any(len(facts.in_force(facts.listed_collections[number])) for number in numbers)
        if (site, service) in facts.used_pairs and listed and not facts.is_collected(site, service):
            words = "a date of the collection on which the site dispatches and the carrier collects"
            facts.findings.warn(("collections", numbers[0]), f"{site}, {service}", words, "never_collected")


def check_collections_happen(facts: Facts) -> None:
    """A collection that itself has no date on which one of its sites dispatches and the carrier collects, though other
    collections serve its sites."""
    for number, dates in enumerate(facts.listed_collections):
        collection = facts.network.collections[number]
        pairs = {(site, service) for site in collection.sites for service in collection.services} & facts.used_pairs
        served = [pair for pair in sorted(pairs) if facts.is_collected(*pair)]
        happens = any(len(facts.in_force(dates & facts.open_days(*pair))) for pair in pairs)
        if served and len(facts.in_force(dates)) and not happens:
            words = "a date of this collection on which a site dispatches and the carrier collects"
            value = ", ".join(f"{service} at {site}" for site, service in served)
            facts.findings.warn(("collections", number), value, words, "collection_never")


def check_collections_are_used(facts: Facts) -> None:
    """A collection from which no method can send anything: no order starts at its sites with its services, and no
    route passes there."""
    for number, collection in enumerate(facts.network.collections):
        pairs = {(site, service) for site in collection.sites for service in collection.services}
        if not pairs & facts.used_pairs:
            words = "a site that sends by the service, or a stop that a route leaves by it"
            value = f"{', '.join(collection.sites)}: {', '.join(collection.services)}"
            facts.findings.warn(("collections", number), value, words, "collection_unused")


def check_routes_are_served(facts: Facts) -> None:
    """A route of a method on which no site can send: a leg without collections, or without a lane."""
    for route in facts.network.routes:
        journeys = [journey for journey in facts.possible if journey.way == route.id]
        if not journeys or any(facts.is_served(journey) for journey in journeys):
            continue
        loc = facts.loc("routes", route.id)
        for k, leg in enumerate(route.legs):
            if not any(facts.is_collected(*journey.legs[k]) for journey in journeys):
                origin = route.legs[k - 1].to if k else "any site that sends by the route"
                words = f"a collection of the service at {origin}"
                facts.findings.warn((*loc, "legs", k, "service"), leg.service, words, "route_never")
                break
        else:
            facts.findings.warn(
                loc, "", "a site whose every leg has collections and a lane to where it ends", "route_never"
            )


COLLECTIONS = (
    check_services_are_collected,
    check_pairs_are_collected,
    check_collections_happen,
    check_collections_are_used,
    check_routes_are_served,
)
