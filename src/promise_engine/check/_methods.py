"""Methods that can never show an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promise_engine.check._facts import Facts


def check_methods_have_options(facts: Facts) -> None:
    """A method that no channel shows, or that no site can serve by any of its ways."""
    for i, method in enumerate(facts.network.methods):
        loc = ("methods", i)
        if not any(c.methods is None or method.id in c.methods for c in facts.network.channels):
            facts.findings.warn(loc, "", "a channel that shows the method", "method_never")
        elif not any(journey.method is method for journey in facts.served):
            words = "a site that prepares, is shown to the method, and has collections and a lane for one of its ways"
            facts.findings.warn(loc, "", words, "method_never")


def check_ways_serve_methods(facts: Facts) -> None:
    """A service of a method (with collections) by which no site can serve that method, while other ways can."""
    for i, method in enumerate(facts.network.methods):
        served = {journey.way for journey in facts.served if journey.method is method}
        for k, name in enumerate(method.services if served else ()):
            collected = any(service == name for _, service in facts.collections_of)
            if name not in served and collected:
                words = "a service with collections and a lane from a site that is shown to the method"
                facts.findings.warn(("methods", i, "services", k), name, words, "service_never")


def check_zones_have_prices(facts: Facts) -> None:
    """A zone in which a method is offered, and in which no price rule fits whatever the basket is worth."""
    for i, method in enumerate(facts.network.methods):
        if not isinstance(method.price, tuple) or not method.price or method.zones is None:
            continue
        priced = {rule.zone for rule in method.price}
        for k, zone in enumerate(method.zones):
            if None not in priced and zone not in priced:
                facts.findings.warn(
                    ("methods", i, "zones", k), zone, "a price rule for the zone, or for all", "no_price"
                )


def check_zones_have_lanes(facts: Facts) -> None:
    """A zone in which a method is offered, and to which none of its services has a lane from a site that can serve."""
    for i, method in enumerate(facts.network.methods):
        last = {journey.legs[-1] for journey in facts.served if journey.method is method and journey.legs}
        sets = {facts.findings.get("services", service).zone_set for _, service in last}
        if method.kind != "home" or method.zones is None or sets != {method.zone_set}:
            continue
        zones = facts.compiled.zone_sets[method.zone_set or ""]
        reached = set().union(*(facts.lane_zones(service, site) for site, service in last))
        for k, zone in enumerate(method.zones):
            if zones.position(zone) not in reached:
                facts.findings.warn(
                    ("methods", i, "zones", k), zone, "a lane of one of its services to the zone", "no_lane"
                )


METHODS = (
    check_methods_have_options,
    check_ways_serve_methods,
    check_zones_have_prices,
    check_zones_have_lanes,
)
