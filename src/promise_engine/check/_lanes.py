"""Lanes that nothing takes, and sites that no lane leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from promise_engine.check._facts import Facts


def _origin_zones(facts: Facts, service: str) -> dict[str, int]:
    """The zone of each site from which a service carries parcels of some method."""
    v = facts.compiled.service_index[service]
    sites = sorted(site for site, name in facts.used_pairs & facts.collections_of.keys() if name == service)
    return {site: int(facts.tables.sites.service_zone[facts.compiled.site_index[site], v]) for site in sites}


def check_lanes_are_reached(facts: Facts) -> None:
    """A lane that names origins, in which no site has collections of the service."""
    first_lane = 0
    for service in facts.compiled.services:
        v = facts.compiled.service_index[service.id]
        rows = slice(int(facts.tables.services.lane_ptr[v]), int(facts.tables.services.lane_ptr[v + 1]))
        count = int(facts.tables.services.zone_count[v])
        matrix = facts.tables.services.lane_of_pair[rows].reshape(count, count)
        origins = set(_origin_zones(facts, service.id).values())
        taken = set(np.unique(matrix[sorted(origins)])) if origins else set()
        for k, lane in enumerate(service.lanes):
            loc = (*facts.loc("services", service.id), "lanes", k)
            if lane.origins is not None and origins and first_lane + k not in taken:
                words = "an origin zone in which a site has collections of the service"
                facts.findings.warn(loc, ", ".join(lane.origins), words, "lane_unreached")
        first_lane += len(service.lanes)


def check_sites_have_lanes(facts: Facts) -> None:
    """A site with collections of a service none of whose lanes begins in the site's zone."""
    for service in facts.compiled.services:
        for site, zone in _origin_zones(facts, service.id).items():
            if not facts.lane_zones(service.id, site):
                names = facts.compiled.zone_sets[service.zone_set].zones if service.zone_set else []
                shown = names[zone - 1].id if zone else "no zone"
                words = f"a lane from the zone of {site}"
                facts.findings.warn((*facts.loc("services", service.id), "lanes"), shown, words, "no_lane")


LANES = (check_lanes_are_reached, check_sites_have_lanes)
