"""What an answer shows, as objects and as documents."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from promise_engine.availability import Availability, SiteAvailability, SupplyStep, Withheld
from promise_engine.errors import Reason
from promise_engine.remedies import MoreDays, MoreShipments, MoreUnits, OrderBefore, OtherPlace, WithoutSku

if TYPE_CHECKING:
    from collections.abc import Callable

    from promise_engine.remedies import Remedy


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency, exact.

    Examples
    --------
    >>> str(Money(Decimal("4.90"), "EUR"))
    '4.90 EUR'
    """

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What the retailer pays, itemised."""

    transport: Money
    surcharge: Money
    preparation: Money
    packaging: Money
    transfer: Money
    total: Money


@dataclass(frozen=True, slots=True)
class DestinationView:
    """Where an option goes: the address asked for, or a place with its distance, hours and free capacity."""

    country: str
    postal_code: str
    city: str
    place: str | None = None
    name: str | None = None
    distance_metres: int | None = None
    opening_hours: tuple[str, ...] | None = None  # on the date of the first collection
    remaining_capacity: int | None = None  # parcels on the delivery date


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    """What of a SKU a shipment carries, with the same line services."""

    sku: str
    services: tuple[str, ...]
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class StopArrival:
    """When a parcel reaches a stop of its route, and when the next leg leaves it; local to the stop."""

    stop: str
    at: datetime
    ready_at: datetime  # the end of the turnaround: from here on the next leg can collect it
    service: str  # of the next leg
    collected_at: datetime


@dataclass(frozen=True, slots=True)
class Shipment:
    """Parcels from one site, with the story of their instants, each local to where it happens."""

    site: str
    service: str | None
    services: tuple[str, ...]
    ship_group: str | None  # of all its lines
    lines: tuple[ShipmentLine, ...]
    parcels: int
    accepted_at: datetime
    released_at: datetime
    started_at: datetime
    ready_at: datetime
    collected_at: datetime | None
    arrivals: tuple[StopArrival, ...]
    arrives_at: datetime | None
    deliver_from: datetime | None
    deliver_by: datetime | None


@dataclass(frozen=True, slots=True)
class OptionLine:
    """A line of the basket and when it is delivered."""

    id: str | None
    sku: str
    services: tuple[str, ...]
    ship_group: str | None
    quantity: Decimal
    deliver_by: datetime


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of the request that an option does not bring, and why its method refuses it."""

    id: str | None
    sku: str
    services: tuple[str, ...]
    ship_group: str | None
    quantity: Decimal
    reason: Reason


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a shopper can choose.

    Instants are local to the destination, those of a shipment to where they happen.
    """

    id: str
    choice_code: str
    group: str | None  # of the lines, where the request has groups
    method: str
    kind: str
    label: str
    service: str | None  # the service or route of all shipments; none for own store collection
    services: tuple[str, ...]
    destination: DestinationView
    deliver_from: datetime | None
    deliver_by: datetime | None
    earliest_from: datetime
    collect_from: datetime | None
    collect_until: datetime | None
    promised: datetime
    nominated: str | None  # the day or slot the shopper nominates
    order_by: datetime
    price: Money
    cost: Cost
    co2e_grams: int | None
    parcels: int
    tags: tuple[str, ...]
    lines: tuple[OptionLine, ...]
    left_out: tuple[LeftOut, ...]  # nothing, but where a part of the basket is asked for
    shipments: tuple[Shipment, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a method is not offered: the first stage that failed for the candidate that got furthest.

    Examples
    --------
    >>> from promise_engine import Engine, Network, StockSnapshot
    >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
    >>> engine = Engine(Network.model_validate(minimal_network()))
    >>> request = minimal_request() | {"lines": [{"sku": "A1", "quantity": 12}]}
    >>> (refusal,) = engine.promise(request, StockSnapshot.from_document(minimal_stock())).refusals
    >>> refusal.reason.code, refusal.remedies
    ('insufficient_stock', (MoreUnits(site='lyon', sku='A1', quantity=Decimal('2')),))
    """

    method: str
    reason: Reason
    place: str | None = None
    site: str | None = None
    service: str | None = None
    sku: str | None = None
    group: str | None = None
    find: Callable[[Refusal], tuple[Remedy, ...]] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def remedies(self) -> tuple[Remedy, ...]:
        """Changes that each alone give the method an option, the smallest of each kind; found when first read."""
        return () if self.find is None else self.find(self)


_SHOWN = (
    *(Money, Cost, DestinationView, ShipmentLine, StopArrival, Shipment, OptionLine, LeftOut, Option, Refusal),
    *(Availability, SiteAvailability, SupplyStep, Withheld),
    *(OrderBefore, MoreUnits, WithoutSku, MoreShipments, MoreDays, OtherPlace),
)
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind) if one.name != "find") for kind in _SHOWN
}


def jsonable(value: Any) -> Any:
    """The document form of a value: ISO text for instants, text for decimals, codes for reasons.

    Examples
    --------
    >>> jsonable(Money(Decimal("4.90"), "EUR"))
    {'amount': '4.90', 'currency': 'EUR'}
    """
    if value is None or isinstance(value, str):
        return value
    names = _FIELDS.get(type(value))
    if names is not None:
        document = {name: jsonable(getattr(value, name)) for name in names}
        return document | {"stage": value.reason.stage.name.lower()} if isinstance(value, Refusal) else document
    if isinstance(value, Reason):
        return value.code
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple | list):
        return [jsonable(item) for item in value]
    return value
