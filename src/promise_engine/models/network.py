"""The network document: everything people configure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import Currency, Day, Model
from promise_engine.models.carrier import Carrier, CarrierService, Collection, CollectionPool, Route
from promise_engine.models.place import PickupPoint, ZoneSet
from promise_engine.models.policy import (
    Allocation,
    Channel,
    DeliveryMethod,
    LineService,
    Policy,
    Restriction,
    StockRule,
    SupplyRule,
    UnknownSize,
)
from promise_engine.models.pricing import ExchangeRate, Tariff, TransportMode
from promise_engine.models.site import Site
from promise_engine.models.working_time import Calendar, HolidaySource


class Settings(Model):
    """What holds for the whole network."""

    currency: Currency = "EUR"
    horizon_days: int = Field(60, ge=1, le=250, description="Counted in destination dates from the date of the order.")
    slots_shown: int = Field(
        14, ge=1, le=250, description="Nominated days or slots that the shopper view shows per method."
    )
    split_candidates: int = Field(
        16, ge=2, le=200, description="Sites a line that a split may choose from, where not every set can be tried."
    )
    unknown_size: UnknownSize = UnknownSize.model_construct()
    destination_holidays: tuple[HolidaySource, ...] = Field(
        (HolidaySource.model_construct(country="place", subdivision="place"),),
        description="Holidays at the destination, by default those of its country and subdivision. A source that names "
        "a country holds for destinations in it; listed dates hold for all.",
    )
    late_receipts: Literal["drop"] | int = Field(
        "drop", description="Receipts expected before the snapshot's as_of: dropped, or due so many days after as_of."
    )
    look_ahead: Literal["none", "floor", "accumulate"] = Field(
        "none",
        description="What dated commitments leave: `none` does not look at them; `floor` sells what stays free from an "
        "instant on; `accumulate` nets each site-local day against the latest earlier surplus, and drops shortages.",
    )


class NetworkDocument(Model):
    """One document, or one folder of documents merged: lists are joined, everything else stands once."""

    format: Literal["promise-engine/network/1"] = "promise-engine/network/1"
    valid_from: Day = Field(description="First date (UTC) on which orders may be placed against this network.")
    valid_until: Day = Field(description="Last such date, included; at most 800 days after the first.")
    settings: Settings = Settings.model_construct()
    calendars: tuple[Calendar, ...] = ()
    sites: tuple[Site, ...] = Field(min_length=1)
    carriers: tuple[Carrier, ...] = ()
    services: tuple[CarrierService, ...] = ()
    collections: tuple[Collection, ...] = ()
    collection_pools: tuple[CollectionPool, ...] = ()
    routes: tuple[Route, ...] = ()
    zone_sets: tuple[ZoneSet, ...] = ()
    pickup_points: tuple[PickupPoint, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    exchange_rates: tuple[ExchangeRate, ...] = ()
    transport_modes: tuple[TransportMode, ...] = ()
    methods: tuple[DeliveryMethod, ...] = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(min_length=1)
    policies: tuple[Policy, ...] = ()
    stock_rules: tuple[StockRule, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    supply_rules: tuple[SupplyRule, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    line_services: tuple[LineService, ...] = ()

    @field_validator("valid_until")
    @classmethod
    def _valid_period(cls, last: date, known: ValidationInfo) -> date:
        first = known.data.get("valid_from")
        if first is not None and not 0 <= (last - first).days <= 800:
            raise PydanticCustomError("validity", "valid_until between valid_from and 800 days after it")
        return last
