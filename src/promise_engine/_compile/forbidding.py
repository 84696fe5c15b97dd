"""Which sites may not, or cannot, send some lines: by restrictions, and by line services nobody offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from promise_engine._compile.carrier import Way
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.places import Located
    from promise_engine.models.carrier import CarrierService
    from promise_engine.models.policy import LineService, Restriction


class Sent(NamedTuple):
    """How some lines would go, whatever the site."""

    method: str
    channel: str
    way: Way
    to: Located


def restricted_sites(restrictions: list[Restriction], sent: Sent, network: CompiledNetwork) -> np.ndarray:
    """The sites that some of the restrictions forbid."""
    forbidden = np.zeros(len(network.sites), bool)
    for rule in restrictions:
        if rule.services is not None and not set(rule.services).intersection(sent.way.services):
            continue
        if rule.methods is not None and sent.method not in rule.methods:
            continue
        if rule.channels is not None and sent.channel not in rule.channels:
            continue
        if rule.destinations is not None and not network.restricted_areas[rule.id].holds(sent.to.spot):
            continue
        forbidden |= np.array(
            [
                (rule.sites is None or site.id in rule.sites)
                and (rule.site_groups is None or bool(set(rule.site_groups).intersection(site.groups)))
                for site in network.sites
            ]
        )
    return forbidden


def unserving_sites(asked: list[LineService], last: CarrierService | None, network: CompiledNetwork) -> np.ndarray:
    """The sites that do not offer a service that is asked for; all of them where the last leg's carrier does not."""
    offered = frozenset() if last is None else frozenset(last.line_services)
    of_carrier = {service.id for service in asked if service.offered_by != "site"}
    of_site = {service.id for service in asked if service.offered_by != "carrier"}
    return np.array([not (of_carrier <= offered and of_site.issubset(site.line_services)) for site in network.sites])
