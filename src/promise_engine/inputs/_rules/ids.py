"""Ids that stand twice, and ids that nothing has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from promise_engine.inputs._rules.findings import SINGULAR, Findings
from promise_engine.inputs.faults import close

if TYPE_CHECKING:
    from promise_engine.inputs.paths import Loc

MAX_SITES = 4_095
MAX_SERVICES = 4_095

_REFERENCES = (
    ("sites.*.preparation.calendar", "calendars"),
    ("sites.*.preparation.dispatch", "calendars"),
    ("sites.*.preparation.overrides.*.services.*", "services"),
    ("sites.*.receiving", "calendars"),
    ("sites.*.store_collection.opening", "calendars"),
    ("sites.*.line_services.*", "line_services"),
    ("sites.*.shown_to.channels.*", "channels"),
    ("sites.*.shown_to.methods.*", "methods"),
    ("calendars.*.all_of.*", "calendars"),
    ("calendars.*.any_of.*", "calendars"),
    ("carriers.*.collection_days", "calendars"),
    ("services.*.carrier", "carriers"),
    ("services.*.zone_set", "zone_sets"),
    ("services.*.lanes.*.transit.network_days", "calendars"),
    ("services.*.lanes.*.transit.hours", "calendars"),
    ("services.*.lanes.*.delivery.days", "calendars"),
    ("services.*.delivery.days", "calendars"),
    ("services.*.line_services.*", "line_services"),
    ("services.*.tariff", "tariffs"),
    ("services.*.transport", "transport_modes"),
    ("collections.*.sites.*", "sites"),
    ("collections.*.services.*", "services"),
    ("collections.*.pool", "collection_pools"),
    ("routes.*.legs.*.service", "services"),
    ("routes.*.legs.*.to", "sites"),
    ("routes.*.origins.*", "sites"),
    ("routes.*.stores.*", "sites"),
    ("pickup_points.*.opening", "calendars"),
    ("tariffs.*.zone_set", "zone_sets"),
    ("methods.*.services.*", "services"),
    ("methods.*.routes.*", "routes"),
    ("methods.*.zone_set", "zone_sets"),
    ("methods.*.price.*.channel", "channels"),
    ("channels.*.methods.*", "methods"),
    ("channels.*.policy", "policies"),
    ("policies.*.ranks.*.sites.*", "sites"),
    ("policies.*.ranks.*.site_group", "site_groups"),
    ("policies.*.ranks.*.channel", "channels"),
    ("policies.*.ranks.*.method", "methods"),
    ("stock_rules.*.site", "sites"),
    ("stock_rules.*.site_group", "site_groups"),
    ("stock_rules.*.channel", "channels"),
    ("allocations.*.channels.*", "channels"),
    ("supply_rules.*.site", "sites"),
    ("supply_rules.*.site_group", "site_groups"),
    ("restrictions.*.services.*", "services"),
    ("restrictions.*.methods.*", "methods"),
    ("restrictions.*.sites.*", "sites"),
    ("restrictions.*.site_groups.*", "site_groups"),
    ("restrictions.*.channels.*", "channels"),
)
_ZONES = (
    ("services", ("lanes.*.origins.*", "lanes.*.destinations.*", "overlays.*.zones.*")),
    ("tariffs", ("rows.*.zone", "surcharges.*.zones.*")),
    ("methods", ("zones.*", "price.*.zone")),
)


def check_limits(findings: Findings) -> None:
    """Caps of the data layout."""
    for kind, most in (("sites", MAX_SITES), ("services", MAX_SERVICES)):
        count = len(getattr(findings.network, kind))
        if count > most:
            findings.add((kind,), f"{count:,} {kind}", f"at most {most:,} {kind}", "limit")


def check_duplicates(findings: Findings) -> None:
    """Each id once in its list; services and routes share their ids, and so do places."""
    for kind, name in SINGULAR.items():
        seen: set[str] = set()
        for i, own in findings.ids(kind):
            if own in seen:
                findings.add((kind, i, "id"), own, f"an id that no other {name} has", "duplicate_id")
            seen.add(own)
    _check_shared_ids(findings)
    for i, tariff in enumerate(findings.network.tariffs):
        named = [surcharge.id for surcharge in tariff.surcharges]
        for k, name in enumerate(named):
            if name in named[:k]:
                words = "an id that no other surcharge of the tariff has"
                findings.add(("tariffs", i, "surcharges", k, "id"), name, words, "duplicate_id")


def _check_shared_ids(findings: Findings) -> None:
    """Routes beside services, and pickup points beside stores, are told apart by their ids."""
    services = {service.id for service in findings.network.services}
    for i, route in enumerate(findings.network.routes):
        if route.id in services:
            findings.add(("routes", i, "id"), route.id, "an id that no service has", "duplicate_id")
    stores = {site.id for site in findings.network.sites if site.store_collection is not None}
    for i, point in enumerate(findings.network.pickup_points):
        if point.id in stores:
            findings.add(("pickup_points", i, "id"), point.id, "an id that no store has", "duplicate_id")


def check_references(findings: Findings) -> None:
    """Every id names something."""
    for pattern, kind in _REFERENCES:
        for loc, name in findings.each(pattern):
            findings.check_id(loc, name, kind)
    for owners, patterns in _ZONES:
        zone_sets = {loc[1]: name for loc, name in findings.each(f"{owners}.*.zone_set")}
        for loc, name in chain.from_iterable(findings.each(f"{owners}.*.{pattern}") for pattern in patterns):
            if loc[1] in zone_sets or findings.is_valid(loc):
                _check_zone(findings, loc, name, zone_sets.get(loc[1]))
    for i, service in enumerate(findings.network.services):
        _check_pickup_network(findings, i, service.pickup_network)


def _check_zone(findings: Findings, loc: Loc, name: str, zone_set: str | None) -> None:
    if zone_set is None:
        findings.add(loc, name, "no zone, because there is no `zone_set`", "unknown_id")
        return
    zones = findings.zone_ids(zone_set)
    if zones is not None and name not in zones:
        findings.add(loc, name, f"a zone of the zone set `{zone_set}`{close(name, zones)}", "unknown_id")


def _check_pickup_network(findings: Findings, position: int, name: str | None) -> None:
    networks = {point.network for point in findings.network.pickup_points}
    if name is not None and name not in networks and not findings.uncertain("pickup_points"):
        loc = ("services", position, "pickup_network")
        findings.warn(loc, name, f"a network that has pickup points{close(name, networks)}", "no_points")
