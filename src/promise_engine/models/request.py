"""The question a checkout asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import (
    Amount,
    Country,
    Currency,
    Day,
    Dimensions,
    Id,
    Instant,
    Latitude,
    Longitude,
    Model,
    PositiveQuantity,
    PostalCode,
    Sku,
    UpToADay,
)
from promise_engine.models.place import DestinationType

View = Literal["shopper", "front", "all"]


class Line(Model):
    """One line of the basket. What it gives itself overrides the catalogue."""

    id: str | None = Field(None, max_length=100)
    sku: Sku
    quantity: PositiveQuantity
    unit_price: Amount | None = None
    weight_grams: int | None = Field(None, ge=0, le=10**7)
    dimensions: Dimensions | None = None
    services: tuple[Id, ...] = Field((), description="Line services asked for: gift wrap, two-man delivery.")
    group: Id | None = Field(None, description="The group of the line, where the request has groups.")
    ship_group: Id | None = Field(
        None, description="Lines of different ship groups never share a shipment. Default: that of the item."
    )
    ships: bool = Field(True, description="A line that does not ship takes no part.")


class Destination(Model):
    """Where to: an address, an area (a country, or the prefix of a postal code), or a place by id."""

    country: Country | None = None
    postal_code: PostalCode | None = None
    postal_prefix: PostalCode | None = Field(
        None, description="The beginning of a postal code: answers for the whole area."
    )
    city: str | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    type: DestinationType = "home"
    place: Id | None = Field(None, description="Id of a store or pickup point.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.country is None) == (self.place is None):
            raise PydanticCustomError("destination", "a country, or the id of a place")
        if self.place is not None and (self.postal_code or self.postal_prefix):
            raise PydanticCustomError("destination", "no postal code beside the id of a place")
        if self.postal_code is not None and self.postal_prefix is not None:
            raise PydanticCustomError("destination", "a postal code or a prefix, not both")
        if (self.latitude is None) != (self.longitude is None):
            raise PydanticCustomError("coordinates", "both latitude and longitude, or neither")
        return self


class Wishes(Model):
    """What the shopper asks for. An option outside the wishes is refused with `outside_wishes`."""

    methods: tuple[Id, ...] | None = Field(
        None, min_length=1, description="Only these methods are answered, at least one; all when not given."
    )
    not_before: Instant | None = Field(None, description="The window starts at it or later.")
    not_after: Instant | None = Field(None, description="The promise is kept at it or earlier.")
    nominated_day: Day | None = Field(
        None, description="The delivery (or first collection) date, local to the destination."
    )


class LineGroup(Model):
    """Lines that go to a destination of their own, or by methods of their own."""

    id: Id
    destination: Destination | None = Field(None, description="Default: that of the request.")
    methods: tuple[Id, ...] | None = Field(
        None, min_length=1, description="Only these methods are answered, of those wished for; all when not given."
    )


class PromiseRequest(Model):
    """The question: this basket, to this destination, through this channel, at this instant."""

    format: Literal["promise-engine/request/1"] = "promise-engine/request/1"
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]
    destination: Destination
    groups: tuple[LineGroup, ...] = Field(
        (),
        description="Every line names its group. Each is answered from what the first options of those before leave.",
    )
    channel: Id | None = Field(None, description="May be left out when the network has one channel.")
    segment: str | None = Field(None, max_length=100)
    placed_at: Instant
    basket_value: Amount | None = Field(None, description="Default: the sum of the lines that give a unit price.")
    currency: Currency | None = Field(
        None, description="Of the answer and of the amounts given here; default: the network's."
    )
    wishes: Wishes = Wishes.model_construct()
    valid_for: UpToADay = Field(
        timedelta(0),
        description="The answer holds for every order placed from `placed_at` on for so long; for callers that cache.",
    )
    partial: bool = Field(
        False, description="A method that cannot serve the whole basket is asked for the most valuable part of it."
    )
    view: View = "shopper"
