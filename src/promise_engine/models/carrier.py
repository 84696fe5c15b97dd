"""Carriers: services, transit, delivery windows, collections, routes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import (
    Amount,
    DateRange,
    Day,
    Duration,
    Hours,
    Id,
    Model,
    OffsetTime,
    OpenHours,
    WallTime,
    Weekdays,
)
from promise_engine.models.place import DestinationType, Packing, ParcelLimits


class Carrier(Model):
    """A company that collects and delivers."""

    id: Id
    name: str = ""
    collection_days: Id | None = Field(
        None, description="Calendar of the dates on which it collects; default: every day."
    )


class DayTransit(Model):
    """Transit counted in days of the carrier's network calendar, strictly after the collection's date.

    0 days is the same day. A date keeps its number across time zones.
    """

    minimum_days: int | None = Field(None, ge=0, le=60, description="Default: the maximum.")
    maximum_days: int = Field(ge=0, le=60)
    network_days: Id | None = Field(None, description="Calendar of the days that count; default: every day.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minimum_days is not None and self.minimum_days > self.maximum_days:
            raise PydanticCustomError("transit", "a minimum not above the maximum")
        return self


class HourTransit(Model):
    """Transit of a courier: elapsed time, or working time inside `hours` (read in the zone of the leg's origin)."""

    minimum: Duration | None = Field(None, description="Default: the maximum.")
    maximum: Duration
    hours: Id | None = Field(
        None, description="Calendar with hours in which transit time counts; default: elapsed time."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minimum is not None and self.minimum > self.maximum:
            raise PydanticCustomError("transit", "a minimum not above the maximum")
        return self


def _transit_kind(value: Any) -> str:
    """The branch meant, so that a fault is told once."""
    given = value.keys() if isinstance(value, dict) else set()
    by_hours = given & {"minimum", "maximum", "hours"} and not given & {"minimum_days", "maximum_days", "network_days"}
    return "<hours>" if isinstance(value, HourTransit) or by_hours else "<days>"


Transit = Annotated[
    Annotated[DayTransit, Tag("<days>")] | Annotated[HourTransit, Tag("<hours>")], Discriminator(_transit_kind)
]
"""Transit by days, or by hours (`minimum`, `maximum`, `hours`)."""


class TransitOverlay(DateRange):
    """More transit for a while: `add_days` of transit (24 h each for couriers, after working time), on both ends alike.

    It applies to collections whose date lies in the range, or by `keyed_on: arrival` when the arrival date at
    the maximum, without overlays keyed on arrival, does. Overlays add up.
    """

    add_days: int = Field(ge=0, le=60)
    keyed_on: Literal["collection", "arrival"] = "collection"
    zones: tuple[Id, ...] | None = Field(None, description="Destination zones of the service; all when not given.")
    name: str = ""


class DeliveryWindow(Model):
    """An interval of a delivery day. One past midnight belongs to the date it starts on."""

    id: Id | None = Field(None, description="Default: its hours, as '08:00-18:00'.")
    hours: OpenHours
    weekdays: Weekdays | None = Field(None, description="Delivery weekdays on which it exists; all when not given.")
    capacity: int | None = Field(None, ge=0, description="Shipments a date; taken ones are in the snapshot.")

    @property
    def key(self) -> str:
        """The name under which the snapshot counts what is taken."""
        return self.id or str(self.model_dump()["hours"])


class WindowException(DateRange):
    """Other windows on a range of delivery dates: a later commitment hour at peak. The shorter range wins."""

    windows: tuple[DeliveryWindow, ...] = Field(min_length=1)
    name: str = ""


class Delivery(Model):
    """When a service delivers.

    The first date not before the arrival that is a delivery day, not a holiday at the destination (unless the
    service delivers on it), and has a window that ends after the parcel is there. `choice` says what the
    shopper chooses: nothing (the first window), a `day`, or a `slot` (each window of each day is an option).
    With `length` the window follows the arrival inside the window's hours: it starts at the arrival rounded up
    to `step` and lasts `length`.
    """

    days: Id | None = Field(None, description="Calendar of delivery days; default: every day.")
    on_holidays: bool = Field(False, description="Whether it delivers on holidays of the destination.")
    worked_holidays: tuple[Day, ...] = Field((), description="Holidays of the destination on which it does deliver.")
    windows: tuple[DeliveryWindow, ...] = Field((DeliveryWindow.model_construct(hours=Hours(0, 86_400)),), min_length=1)
    exceptions: tuple[WindowException, ...] = ()
    choice: Literal["none", "day", "slot"] = "none"
    waiting: bool = Field(True, description="Whether a parcel may wait on the way for its delivery day.")
    length: Duration | None = Field(None, description="Length of a window that follows the arrival.")
    step: Duration = Field(timedelta(minutes=15), description="What follows the arrival is rounded up to it.")


class Lane(Model):
    """Transit (and, if it differs, delivery) between zones of the service's zone set. A lane that names an origin
    beats one that does not; two equally exact lanes for one pair are an error."""

    origins: tuple[Id, ...] | None = None
    destinations: tuple[Id, ...] | None = None
    transit: Transit
    delivery: Delivery | None = Field(None, description="Default: the service's.")


class CarrierService(Model):
    """One product of one carrier, such as next day before 13:00."""

    id: Id
    carrier: Id
    name: str = ""
    pickup_network: Id | None = Field(
        None, description="Delivers to the pickup points of this network, not to addresses."
    )
    zone_set: Id | None = Field(
        None, description="Zones of lanes and overlays; without one it serves every place alike."
    )
    lanes: tuple[Lane, ...] = Field(min_length=1)
    delivery: Delivery = Delivery.model_construct()
    overlays: tuple[TransitOverlay, ...] = ()
    dispatch: Literal["first", "last"] = Field(
        "first", description="Which of the collections that reach the shopper earliest."
    )
    destination_types: tuple[DestinationType, ...] | None = None
    limits: ParcelLimits = ParcelLimits.model_construct()
    packing: Packing = Packing.model_construct()
    max_parcels: int | None = Field(None, gt=0)
    line_services: tuple[Id, ...] = Field((), description="Line services offered at the door, as two-man delivery.")
    safety_margin: Duration = timedelta(0)
    safety_margin_days: int = Field(0, ge=0, le=30)
    tariff: Id | None = Field(None, description="What the retailer pays; without one transport costs nothing.")
    transport: Id | None = Field(None, description="Transport mode for CO2e; without one CO2e is unknown.")


class CollectionPool(Model):
    """Parcels that can be collected, per date or per date and departure, by the collections that name it."""

    id: Id
    capacity: int = Field(ge=0, le=10**9)
    per: Literal["date", "departure"] = "date"


class Collection(Model):
    """The carrier takes parcels of these services from these sites.

    A collection belongs to a date on which the site dispatches and the carrier collects. `cut_off` and
    `departure` are counted from it and may lie the evening before or after midnight. With only one of them the
    other is the same; with neither, it takes what is ready before the end of the date and leaves at that end.
    """

    sites: tuple[Id, ...] = Field(min_length=1)
    services: tuple[Id, ...] = Field(min_length=1)
    weekdays: Weekdays = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    dates: tuple[Day, ...] | None = Field(None, description="These dates instead of weekdays.")
    valid_from: Day | None = None
    valid_until: Day | None = Field(None, description="Last date, included.")
    cut_off: OffsetTime | None = None
    departure: OffsetTime | None = None
    inclusive: bool = Field(True, description="Whether a parcel ready exactly at the cut-off is in time.")
    pool: Id | None = Field(None, description="Capacity; unlimited without one.")
    notification: Duration | None = Field(
        None, description="Least preparation-hours time between `started_at` and the departure, beside handling."
    )

    @model_validator(mode="after")
    def _cut_off_before_departure(self) -> Self:
        if self.cut_off is not None and self.departure is not None and self.departure < self.cut_off:
            raise PydanticCustomError("collection", "a departure not before the cut-off")
        return self


class Leg(Model):
    """One leg of a route, on one service, to a stop; the last leg goes to the destination.

    A parcel reaches a stop at the `arrival` hour, else at the end of that day's receiving hours; on the next
    receiving day when the stop is closed or the parcel left later. Then `turnaround` counts in receiving hours.
    """

    service: Id
    to: Id | None = Field(None, description="Site where the leg ends; none on the last leg.")
    arrival: WallTime | None = None
    turnaround: Duration = timedelta(0)


class Route(Model):
    """Legs chained from a site over stops to the destination. With `ends_at: store` the destination is a store,
    which the last leg reaches like a stop; that is ship to store."""

    id: Id
    name: str = ""
    legs: tuple[Leg, ...] = Field(min_length=1, max_length=4)
    origins: tuple[Id, ...] | None = Field(
        None, description="Sites that use it; default: all with collections of the first leg."
    )
    ends_at: Literal["address", "store"] = "address"
    stores: tuple[Id, ...] | None = Field(
        None, description="Stores it serves when it ends at a store; default: all with receiving hours."
    )
    transfer_cost: Amount = Field(Decimal(0), description="Per parcel, for what happens at the stops.")

    @model_validator(mode="after")
    def _stops(self) -> Self:
        if any(leg.to is None for leg in self.legs[:-1]) or self.legs[-1].to is not None:
            raise PydanticCustomError("route", "a stop (`to`) on every leg but the last")
        return self
