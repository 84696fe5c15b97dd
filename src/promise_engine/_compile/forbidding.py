"""Which sites may not, or cannot, send some lines: not shown, restricted, or without a line service asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine.errors import Reason

if TYPE_CHECKING:
    from promise_engine._compile.carrier import Way
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.places import Located
    from promise_engine._compile.request import CompiledRequest
    from promise_engine.models.carrier import CarrierService
    from promise_engine.models.policy import DeliveryMethod, LineService, Restriction


class Sent(NamedTuple):
    """How some lines would go, whatever the site."""

    method: str
    channel: str
    way: Way
    to: Located


def hidden_sites(
    request: CompiledRequest, method: DeliveryMethod, country: str, network: CompiledNetwork
) -> np.ndarray:
    """Reasons that come before a restriction, by site, for a method and a destination's country; 0 without."""
    if request.kept is not None:
        return np.full(len(network.sites), int(Reason.ITEM_NOT_SHOWN), np.int64)
    if request.channel.methods is not None and method.id not in request.channel.methods:
        return np.full(len(network.sites), int(Reason.METHOD_NOT_SHOWN), np.int64)
    wanted = (
        ("channels", request.channel.id), ("segments", request.model.segment), ("methods", method.id),
        ("countries", country),
    )  # fmt: skip
    hidden = np.zeros(len(network.sites), np.int64)
    for position, shown_to in network.shown_to_some:
        if any((names := getattr(shown_to, kind)) is not None and name not in names for kind, name in wanted):
            hidden[position] = Reason.SITE_NOT_SHOWN
    return hidden


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
