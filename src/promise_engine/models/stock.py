"""Stock and what is taken, as records."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import Day, Id, Instant, Model, PositiveQuantity, Quantity, SignedQuantity, Sku


class Reservation(Model):
    """Quantity promised to somebody. It is withheld from a request unless the request is of its channel and
    segment; one with neither is withheld from everybody."""

    quantity: PositiveQuantity
    channel: Id | None = None
    segment: str | None = None


class Receipt(Model):
    """Supply that is on its way to the site; sellable after putaway in receiving hours."""

    quantity: PositiveQuantity
    expected_at: Instant


class Commitment(Model):
    """Quantity that must leave at an instant. One due before `as_of` is a reservation of others."""

    quantity: PositiveQuantity
    due_at: Instant


class StockRecord(Model):
    """What is known of one SKU at one site."""

    site: Id
    sku: Sku
    on_hand: SignedQuantity = Decimal(0)
    unsellable: Quantity = Field(Decimal(0), description="Damaged, blocked, in quality control; part of on hand.")
    status: Literal["sellable", "not_sellable"] = "sellable"
    safety_stock: SignedQuantity | None = Field(None, description="Beats every stock rule.")
    reservations: tuple[Reservation, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    commitments: tuple[Commitment, ...] = ()


class PoolReservation(Model):
    """Quantity promised to somebody that no site holds yet; withheld from all sites together, as `Reservation`."""

    sku: Sku
    quantity: PositiveQuantity
    channel: Id | None = None
    segment: str | None = None


class SlotTaken(Model):
    """Work committed to a slot of a site's preparation plan, in the plan's unit."""

    site: Id
    start: Instant = Field(description="Start of the slot as written in the plan for its date, before clipping.")
    committed: int = Field(ge=0, le=10**9)


class PoolTaken(Model):
    """Parcels already booked on a collection pool."""

    pool: Id
    date: Day
    departure: Instant | None = Field(None, description="For pools that count per departure.")
    parcels: int = Field(ge=0, le=10**9)


class WindowTaken(Model):
    """Shipments already booked in a delivery window."""

    service: Id
    date: Day
    window: str
    shipments: int = Field(ge=0, le=10**9)


class PlaceTaken(Model):
    """Parcels already booked at a pickup point on a delivery date."""

    place: Id
    date: Day
    parcels: int = Field(ge=0, le=10**9)


class StockDocument(Model):
    """The document form of a snapshot."""

    format: Literal["promise-engine/stock/1"] = "promise-engine/stock/1"
    as_of: Instant
    records: tuple[StockRecord, ...] = ()
    pool_reservations: tuple[PoolReservation, ...] = ()
    slots_taken: tuple[SlotTaken, ...] = ()
    pools_taken: tuple[PoolTaken, ...] = ()
    windows_taken: tuple[WindowTaken, ...] = ()
    places_taken: tuple[PlaceTaken, ...] = ()


class StockDelta(Model):
    """A change of one record. Applied at most once per (source, site, SKU, sequence); `absolute` replaces the
    given quantities, `relative` adds to them. A relative delta not later than the last absolute one of its
    source is dropped, because that absolute already holds it. Two of one batch with the same source, site, SKU and
    sequence must say the same.

    Deltas may come in any order. What is kept for that, for each source, record and quantity: up to which sequence
    none is missing, and the relative deltas beyond the first gap, at least the latest 1,000 and at most twice as many.
    One that comes after more than 1,000 later ones of its source and record cannot be told from a repetition: it may
    be dropped, and is then reported as `dropped`. Sequences that rise by one from the last absolute, or from 0, keep
    nothing.
    """

    source: Id
    site: Id
    sku: Sku
    sequence: int = Field(ge=0)
    kind: Literal["absolute", "relative"]
    on_hand: SignedQuantity | None = None
    unsellable: SignedQuantity | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.on_hand is None and self.unsellable is None:
            raise PydanticCustomError("delta", "on_hand or unsellable")
        return self


class DeltaDocument(Model):
    """The document form of a batch of deltas."""

    format: Literal["promise-engine/deltas/1"] = "promise-engine/deltas/1"
    deltas: tuple[StockDelta, ...]
