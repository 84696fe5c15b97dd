"""What a method allows a split of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine._compile.request import CompiledRequest
    from promise_engine.models.policy import DeliveryMethod


class Limits(NamedTuple):
    """The most of each that a split may have."""

    shipments: int
    sites: int
    parcels: int  # of all shipments; NEVER without
    candidates: int  # sources a line that are tried where not every set can be


def limits_of(method: DeliveryMethod, request: CompiledRequest, candidates: int) -> Limits:
    """What a method allows; one site below its least value."""
    least, currency = method.min_split_value, method.currency
    worth = least is None or request.basket_minor >= request.money.minor(least, currency)
    sites = method.max_shipments if worth else 1
    shipments = method.max_shipments if len({line.ship_group for line in request.lines}) > 1 else sites
    parcels = NEVER if method.max_parcels is None else method.max_parcels
    return Limits(shipments, sites, parcels, candidates)
