"""Sites: what they do, when they prepare, how much they can, and when shoppers may collect there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import (
    Amount,
    Country,
    Day,
    Duration,
    Id,
    Model,
    OffsetTime,
    TimeZone,
    WallTime,
    Weekday,
    Weekdays,
)
from promise_engine.models.place import Address


class OrderCutOff(Model):
    """Until when an order counts for a working day.

    An order belongs to the first cut-off still ahead of it, on working days only, and is released no earlier
    than the opening of that day. A working day whose weekday has no time takes orders until it ends (24:00).
    """

    times: dict[Weekday, WallTime] = Field(default_factory=dict, description="Cut-off by weekday, site-local.")
    daily: WallTime | None = Field(None, description="Cut-off of the weekdays not listed in `times`.")
    inclusive: bool = Field(False, description="Whether an order exactly at the cut-off is in time.")
    tests: Literal["placed_at", "accepted_at"] = Field("placed_at", description="The instant that is compared.")


class HandlingTime(Model):
    """Elapsed working time: fixed, plus per line, plus per unit, counted inside preparation hours."""

    fixed: Duration = timedelta(0)
    per_line: Duration = timedelta(0)
    per_unit: Duration = timedelta(0)


class Handling(Model):
    """How long preparation takes, from `started_at` to `ready_at`.

    Either working time (`minimum` and `maximum`; `minimum` defaults to `maximum`), or working days
    (`minimum_days`, `maximum_days`). Day 0 is the working day of `started_at`, or by `day_zero: release` the
    local date of the release, working or not. The parcel is ready at the opening of the n-th working day (or its
    closing, or a time), never before `started_at`; n = 0 is ready at `started_at`. With `counts_from: slot_end`,
    working time counts from the end of the last capacity slot, day 0 is that slot's working day, and n = 0 is
    ready at its end.
    """

    minimum: HandlingTime | None = None
    maximum: HandlingTime | None = None
    minimum_days: int | None = Field(None, ge=0, le=120)
    maximum_days: int | None = Field(None, ge=0, le=120)
    day_zero: Literal["start", "release"] = "start"
    ready: Literal["opening", "closing"] | WallTime = Field("opening", description="When on the n-th working day.")
    counts_from: Literal["start", "slot_end"] = "start"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        by_days = self.maximum_days is not None
        if by_days and (self.minimum is not None or self.maximum is not None):
            raise PydanticCustomError("handling", "working time or working days, not both")
        if not by_days and (self.minimum_days is not None or (self.minimum is not None and self.maximum is None)):
            raise PydanticCustomError("handling", "a maximum where there is a minimum")
        if by_days and (self.minimum_days or 0) > (self.maximum_days or 0):
            raise PydanticCustomError("handling", "a minimum not above the maximum")
        low, high = self.minimum, self.maximum
        if low and high and (low.fixed > high.fixed or low.per_line > high.per_line or low.per_unit > high.per_unit):
            raise PydanticCustomError("handling", "a minimum not above the maximum")
        return self


class CapacitySlot(Model):
    """Slots of a preparation plan: on every listed weekday (or date) of the validity on which the site prepares.

    A slot is clipped to the opening and closing of its date. `capacity` is in the plan's unit. What is already
    committed is in the stock snapshot, by site and slot start. `use_by` is the latest acceptance: an order
    accepted at it or after cannot use the slot.
    """

    weekdays: Weekdays = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    dates: tuple[Day, ...] | None = Field(None, description="These dates instead of weekdays.")
    valid_from: Day | None = None
    valid_until: Day | None = Field(None, description="Last date, included.")
    start: WallTime
    end: OffsetTime
    capacity: int = Field(ge=0, le=10**9)
    use_by: OffsetTime | None = Field(None, description="Counted from the slot's date.")

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end.days not in {0, 1} or self.end.days * 86_400 + self.end.seconds <= self.start:
            raise PydanticCustomError("slot", "an end after the start, at most on the next day")
        return self


class PreparationPlan(Model):
    """A site's capacity: slots that orders fill from the earliest on.

    `splits: true` spreads a shipment's work over several slots, taking what each has left. Otherwise a slot
    takes the work when it has room for all of it, or, by `oversize: when_empty`, when it is empty and smaller
    than the work; by `oversize: refuse` such work is refused. After the last slot: refused.
    """

    unit: Literal["orders", "lines", "units", "work"] = "orders"
    splits: bool = True
    oversize: Literal["when_empty", "refuse"] = "when_empty"
    slots: tuple[CapacitySlot, ...] = Field(min_length=1)


class PreparationOverride(Model):
    """What differs for some services (or routes, by the service of their first leg)."""

    services: tuple[Id, ...] = Field(min_length=1)
    order_cut_off: OrderCutOff | None = None
    handling: Handling | None = None


class Preparation(Model):
    """How a site prepares what it ships."""

    calendar: Id = Field(description="Calendar with hours: when the site prepares.")
    dispatch: Id | None = Field(
        None, description="Calendar of the dates on which it hands over; default: its preparation days."
    )
    order_cut_off: OrderCutOff | None = None
    handling: Handling = Handling.model_construct()
    plan: PreparationPlan | None = Field(None, description="No plan: unlimited.")
    overrides: tuple[PreparationOverride, ...] = Field(
        (), description="What differs for some services, each named at most once."
    )

    @model_validator(mode="after")
    def _services_once(self) -> Self:
        named = [service for override in self.overrides for service in override.services]
        if len(set(named)) != len(named):
            raise PydanticCustomError("overrides", "each service in at most one override")
        return self


class StoreCollection(Model):
    """Shoppers collect at this site.

    A parcel ready after `cut_off` is collectable from the next opening day; then inside opening hours, rounded
    up to `step`; held until the closing of the n-th opening day after the first.
    """

    opening: Id = Field(description="Calendar with hours: when shoppers may come.")
    cut_off: WallTime | None = Field(None, description="A parcel ready after it waits for the next opening day.")
    cut_off_inclusive: bool = Field(True, description="Whether ready exactly at the cut-off is in time.")
    hold_days: int = Field(7, ge=0, le=60)
    step: Duration = Field(timedelta(minutes=15), description="What follows the order instant is rounded up to it.")
    handling: Handling | None = Field(None, description="Preparation of orders collected here; default: the site's.")
    order_cut_off: OrderCutOff | None = Field(None, description="Default: the site's.")
    capacity: bool = Field(True, description="Whether orders collected here use the preparation plan.")


class Visibility(Model):
    """Who may be served from here; a list left out does not restrict."""

    channels: tuple[Id, ...] | None = None
    segments: tuple[str, ...] | None = None
    methods: tuple[Id, ...] | None = None
    countries: tuple[Country, ...] | None = None


class Site(Model):
    """A place that prepares, ships, hands over or passes parcels on: warehouse, store, supplier, hub.

    A site with `preparation` may serve orders from its stock; one with `receiving` may be a stop of a route;
    one with `store_collection` is a place where shoppers collect.
    """

    id: Id
    name: str = ""
    kind: Literal["warehouse", "store", "supplier", "hub"] = "warehouse"
    address: Address
    time_zone: TimeZone | None = Field(None, description="Default: the zone of the postal code.")
    groups: tuple[Id, ...] = ()
    rank: int = Field(0, ge=0, le=10**6, description="Preference among sites; lower first.")
    preparation: Preparation | None = None
    receiving: Id | None = Field(None, description="Calendar with hours: when parcels and receipts are taken in.")
    putaway: Duration = Field(timedelta(0), description="From arrival of a receipt to stock, in receiving hours.")
    store_collection: StoreCollection | None = None
    line_services: tuple[Id, ...] = Field((), description="Line services that its preparation offers.")
    shown_to: Visibility = Visibility.model_construct()
    preparation_cost: Amount = Field(Decimal(0), description="Per shipment.")
    preparation_cost_per_unit: Amount = Decimal(0)
    packaging_cost: Amount = Field(Decimal(0), description="Per parcel.")
    safety_margin: Duration = Field(
        timedelta(0), description="Delays the arrival of what it ships for the delivery step."
    )
    safety_margin_days: int = Field(0, ge=0, le=30)
