"""Money and emissions: tariffs, shopper prices, exchange rates, transport modes."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import (
    Amount,
    Currency,
    DateRange,
    Day,
    Detour,
    Id,
    Intensity,
    Model,
    Percent,
    Rate,
    SignedAmount,
)
from promise_engine.models.place import ParcelLimits


class TariffRow(Model):
    """The price of one parcel in a zone and weight band `[min, max)`."""

    zone: Id | None = Field(None, description="Zone of the tariff's zone set; none when it has no zone set.")
    min_grams: int = Field(0, ge=0)
    max_grams: int | None = Field(None, gt=0, description="No upper end when not given.")
    price: Amount

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_grams is not None and self.max_grams <= self.min_grams:
            raise PydanticCustomError("band", "a band [min, max) whose max is above its min")
        return self


class Surcharge(Model):
    """Added per parcel to the band's price: an amount, or a percentage of that price rounded half up.

    It applies when all of what is given holds: the zone, an item with one of the tags in the shipment, the
    parcel over one of the limits `over`, the collection date in the range `on`.
    """

    id: Id
    name: str = ""
    zones: tuple[Id, ...] | None = None
    tags: tuple[str, ...] | None = None
    over: ParcelLimits | None = None
    on: DateRange | None = None
    amount: Amount | None = None
    percent: Percent | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.amount is None) == (self.percent is None):
            raise PydanticCustomError("surcharge", "an amount or a percent")
        return self


class Tariff(Model):
    """What the retailer pays a carrier, by zone and weight band, plus surcharges. A route pays each of its legs.

    A parcel in no band has no price there: the service is refused with `no_tariff`.
    """

    id: Id
    currency: Currency | None = Field(None, description="Default: the network's.")
    zone_set: Id | None = None
    rows: tuple[TariffRow, ...] = Field(min_length=1)
    surcharges: tuple[Surcharge, ...] = ()


class PriceRule(Model):
    """What the shopper pays for a method.

    The most exact rule that fits wins: one that names the segment, then the channel, then the zone, then the
    highest `from_value`. Two that fit equally are an error.
    """

    segment: str | None = None
    channel: Id | None = None
    zone: Id | None = Field(None, description="Zone of the method's zone set.")
    from_value: Amount = Field(Decimal(0), description="Basket value from which it applies; free from 50: price 0.")
    price: Amount


class TariffPrice(Model):
    """The shopper pays the sum of the shipments' tariffs (surcharges included) plus a margin.

    `percent` is of that sum, rounded half up; then `amount` is added; never below zero.
    """

    percent: Percent = Decimal(0)
    amount: SignedAmount = Decimal(0)


class ExchangeRate(Model):
    """One unit of `of` is `rate` units of `to`, from a date (UTC date of the order) until a later rate."""

    of: Currency
    to: Currency
    rate: Rate
    valid_from: Day


class TransportMode(Model):
    """CO2e of moving goods: grams per tonne-kilometre (well to wheel), on great-circle distance times `detour`.

    ISO 14083: sum over legs of mass x distance x intensity.
    """

    id: Id
    intensity: Intensity
    detour: Detour = Decimal(1)
    source: str = Field("", description="Where the factor comes from.")
