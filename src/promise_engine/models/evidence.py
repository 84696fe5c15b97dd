"""Evidence: everything that one answer was made from."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from promise_engine.models._base import Country, DateRange, Instant, Latitude, Longitude, Model, PostalCode
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import Destination, PromiseRequest
from promise_engine.models.stock import StockDocument

FORMAT: Literal["promise-engine/evidence/1"] = "promise-engine/evidence/1"

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A sha256 in hexadecimal."""


class HolidayYear(Model):
    """The holidays of one year, as a source of the network asked for them."""

    country: Country
    subdivision: str | None
    categories: tuple[str, ...]
    observed: bool
    year: int
    dates: dict[date, str]


class OffsetChange(Model):
    """A change of a time zone's UTC offset."""

    at: Instant
    offset_seconds: int


class TimeZoneOffsets(Model):
    """The UTC offsets of a time zone from one instant until another."""

    id: str
    since: Instant
    until: Instant
    offset_seconds: int = Field(description="At the first instant.")
    changes: tuple[OffsetChange, ...]


class Location(Model):
    """Where an address was found to be: what zones, holidays, clocks and distances need."""

    country: Country
    code: str = Field(description="The normalised postal code without separators.")
    city: str
    subdivision: str | None
    latitude: Latitude | None
    longitude: Longitude | None
    time_zone: str | None
    precision: str
    located_by: str


class LocatedAddress(Model):
    """The address of sites or pickup points, as written, and where it was found to be."""

    country: Country
    postal_code: PostalCode
    city: str
    latitude: Latitude | None
    longitude: Longitude | None
    location: Location


class LocatedDestination(Model):
    """Where a destination of the request was found to be."""

    asked: Destination
    parts: tuple[Location, ...] = Field(description="One for an address, several for an area, none for a place.")
    latitude: Latitude | None
    longitude: Longitude | None
    precision: str
    located_by: str
    country: Country | None
    postal_code: str
    postal_prefix: str


class AlmanacDocument(Model):
    """What the answer took from libraries and data files."""

    holidays: tuple[HolidayYear, ...]
    time_zones: tuple[TimeZoneOffsets, ...]
    addresses: tuple[LocatedAddress, ...]
    destinations: tuple[LocatedDestination, ...] = Field(description="That of the request, or those of its groups.")


class WrittenBy(Model):
    """The packages that the evidence comes from; for information, no replay reads them."""

    promise_engine: str
    holidays: str
    tzdata: str


class Digests(Model):
    """The digests of the inputs as they were given, and of the answer's document."""

    network: Digest
    catalogue: Digest | None
    stock: Digest
    answer: Digest


class EvidenceDocument(Model):
    """Everything that one answer was made from: of catalogue and stock the rows of the request's SKUs."""

    format: Literal["promise-engine/evidence/1"]
    digest: Digest = Field(description="Of everything else in the document.")
    written_by: WrittenBy
    digests: Digests
    request: PromiseRequest
    placed_between: DateRange = Field(description="The dates of orders that the engine was compiled for.")
    network: NetworkDocument
    catalogue: CatalogueDocument | None
    stock: StockDocument
    almanac: AlmanacDocument
