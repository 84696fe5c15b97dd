"""Places: addresses, zones of postal codes, pickup points."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import (
    Country,
    Dimensions,
    Id,
    Latitude,
    Longitude,
    Model,
    PostalCode,
    TimeZone,
    WallTime,
)

DestinationType = Literal["home", "business", "po_box"]


class Address(Model):
    """Where something is. Coordinates left out are looked up from the postal code."""

    country: Country
    postal_code: PostalCode
    city: str = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    @model_validator(mode="after")
    def _both_coordinates(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise PydanticCustomError("coordinates", "both latitude and longitude, or neither")
        return self


def _span(value: Any) -> Any:
    if isinstance(value, str) and value.count("..") == 1:
        return tuple(part.strip() for part in value.split(".."))
    return value


PostalRange = Annotated[tuple[PostalCode, PostalCode], BeforeValidator(_span)]
"""First and last postal code of a range, both included: `67000..68999`."""


class Area(Model):
    """A set of destinations, as the union of what it lists.

    `postal_codes`, `prefixes`, `ranges`, `cities` and `subdivisions` belong to `countries`, which must then
    name exactly one country; with `countries` alone, the whole of each. `polygon` is a GeoJSON geometry
    (longitude first). `rest` is everything else.
    """

    countries: tuple[Country, ...] = ()
    postal_codes: tuple[PostalCode, ...] = ()
    prefixes: tuple[PostalCode, ...] = ()
    ranges: tuple[PostalRange, ...] = ()
    cities: tuple[str, ...] = ()
    subdivisions: tuple[str, ...] = Field((), description="Codes that the `holidays` package uses (canton, Land...).")
    polygon: dict[str, Any] | None = Field(None, description="GeoJSON Polygon or MultiPolygon, WGS84.")
    rest: bool = False

    @property
    def by_code(self) -> bool:
        """Whether the area lists anything inside its country."""
        return bool(self.postal_codes or self.prefixes or self.ranges or self.cities or self.subdivisions)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.by_code and len(self.countries) != 1:
            raise PydanticCustomError(
                "area", "exactly one country for its codes, prefixes, ranges, cities or subdivisions"
            )
        if not (self.by_code or self.countries or self.polygon or self.rest):
            raise PydanticCustomError(
                "area", "at least one of postal_codes, prefixes, ranges, polygon, cities, subdivisions, countries, rest"
            )
        return self


class Zone(Model):
    """Destinations that a carrier or a price treats alike.

    A destination belongs to the zone whose most exact rule holds it, in the order: listed code, longest prefix,
    narrowest range, polygon, city, subdivision, country, rest. `exclude` takes destinations out again.
    """

    id: Id
    name: str = ""
    areas: tuple[Area, ...] = Field(min_length=1)
    exclude: tuple[Area, ...] = ()


class ZoneSet(Model):
    """Zones among which a destination has at most one.

    Two zones of the same rank that can hold one place are an error.
    """

    id: Id
    zones: tuple[Zone, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [zone.id for zone in self.zones]
        if len(set(ids)) != len(ids):
            raise PydanticCustomError("zones", "zone ids that are unique inside the zone set")
        return self


class ParcelLimits(Model):
    """What a carrier, or a place, takes as one parcel. A limit not given does not bind; at the limit is accepted.

    `girth_mm` limits the longest side plus twice the two others (L + 2W + 2H).
    """

    weight_grams: int | None = Field(None, gt=0)
    longest_mm: int | None = Field(None, gt=0)
    sum_of_sides_mm: int | None = Field(None, gt=0)
    girth_mm: int | None = Field(None, gt=0)
    volumetric_grams: int | None = Field(None, gt=0, description="Limit on the volumetric weight.")


class PickupPoint(Model):
    """A third-party shop, locker or post office where shoppers collect parcels."""

    id: Id
    name: str = ""
    kind: Literal["pickup_point", "locker", "post_office"] = "pickup_point"
    network: Id = Field(description="The pickup network; services deliver to the points of theirs.")
    address: Address
    time_zone: TimeZone | None = Field(None, description="Default: the zone of the postal code.")
    opening: Id = Field(description="Calendar with hours: when shoppers can collect.")
    available_from: WallTime | None = Field(
        None,
        description="Hour from which a parcel delivered that day can be collected; default: the end of the window.",
    )
    hold_days: int = Field(7, ge=0, le=60, description="Opening days after the first during which the parcel is held.")
    limits: ParcelLimits = ParcelLimits.model_construct()
    daily_capacity: int | None = Field(
        None, ge=0, description="Parcels a delivery day; taken ones are in the snapshot."
    )


class Packing(Model):
    """How items become parcels of a service.

    First-fit decreasing by weight within the service's limits. `fold` says how items make one parcel's size:
    `weight` (only weights add up; each item alone must fit the size limits), `stack` (longest side = the
    greatest, second = the greatest second, third = the sum of the thirds), or `given` (every parcel has the
    size of `box`). A unit above a limit is refused, or travels alone, by `oversize`.
    """

    fold: Literal["weight", "stack", "given"] = "weight"
    box: Dimensions | None = None
    oversize: Literal["refuse", "alone"] = "refuse"
    volumetric_divisor: int | None = Field(
        None, gt=0, description="Cubic centimetres per kilogram; the chargeable weight is then the greater of both."
    )

    @model_validator(mode="after")
    def _box_when_given(self) -> Self:
        if (self.fold == "given") != (self.box is not None):
            raise PydanticCustomError("packing", "a box exactly when fold is `given`")
        return self
