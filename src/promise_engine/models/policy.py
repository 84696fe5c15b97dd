"""What is offered, to whom, in which order: methods, channels, policies, stock rules, restrictions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import (
    Amount,
    Currency,
    Day,
    Duration,
    Id,
    Model,
    Quantity,
    Share,
    SignedQuantity,
    Sku,
)
from promise_engine.models.place import Area, DestinationType
from promise_engine.models.pricing import PriceRule, TariffPrice

Criterion = Literal[
    "promised", "price", "cost", "co2e", "shipments", "parcels", "site_rank", "distance", "load", "stock_depth"
]

MOST_SHIPMENTS = 5
"""The greatest `max_shipments` of a method."""


class RankRule(Model):
    """Preference among sites for a channel, method or country; lower first. The rule that names the channel beats
    the method beats the country; one that names sites beats one that names a group; equal rules are an error."""

    sites: tuple[Id, ...] = ()
    site_group: Id | None = None
    channel: Id | None = None
    method: Id | None = None
    country: str | None = None
    rank: int = Field(ge=0, le=10**6)

    @model_validator(mode="after")
    def _some_sites(self) -> Self:
        if bool(self.sites) == (self.site_group is not None):
            raise PydanticCustomError("rank", "sites or a site group")
        return self


class Policy(Model):
    """The order of options: the first criterion without a tie decides; one without data abstains.

    Less is better, except `stock_depth` (units left after the order at the scarcest line: more is better).
    `load` is the share of the last capacity slot used that was already committed.
    """

    id: Id
    criteria: tuple[Criterion, ...] = ("promised", "price", "cost", "co2e", "parcels", "site_rank", "distance")
    ranks: tuple[RankRule, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(set(self.criteria)) != len(self.criteria):
            raise PydanticCustomError("criteria", "each criterion at most once")
        return self


def _price_kind(value: Any) -> str:
    """The branch meant, so that a fault is told once."""
    return "<tariff>" if isinstance(value, dict | TariffPrice) else "<rules>"


Price = Annotated[
    Annotated[tuple[PriceRule, ...], Tag("<rules>")] | Annotated[TariffPrice, Tag("<tariff>")],
    Discriminator(_price_kind),
]
"""A list of price rules, or the tariff plus a margin."""


class DeliveryMethod(Model):
    """What a shopper chooses: home delivery, express, store collection, a pickup point.

    `home` delivers to the address by `services` and `routes`. `pickup_point` delivers to the points of the
    services' networks. `store_collection` hands over at stores: from the store's own stock when `from_stock`,
    and by `routes` that end at stores.
    """

    id: Id
    name: str = ""
    kind: Literal["home", "store_collection", "pickup_point"]
    services: tuple[Id, ...] = ()
    routes: tuple[Id, ...] = ()
    from_stock: bool = Field(True, description="Store collection: from the store's own stock.")
    choose_service: bool = Field(
        False, description="Whether the shopper chooses among services; each is then an option of its own."
    )
    zone_set: Id | None = Field(None, description="Zones of `zones` and of the price rules.")
    zones: tuple[Id, ...] | None = Field(None, description="Zones where it is offered; everywhere when not given.")
    destination_types: tuple[DestinationType, ...] | None = None
    price: Price = Field(description="Price rules, or the tariff plus a margin.")
    currency: Currency | None = Field(
        None, description="Of the price rules, `min_split_value` and `min_shipment`; default: the network's."
    )
    max_parcels: int | None = Field(None, gt=0)
    max_shipments: int = Field(
        3,
        ge=1,
        le=MOST_SHIPMENTS,
        description="Most shipments that may serve one basket; 1: never split.",
    )
    split_units: bool = Field(
        False, description="Whether the units of a line may come from several sites; a line is whole by default."
    )
    shipping: Literal["together", "as_available"] = Field(
        "together",
        description="Whether what a site sends waits for its last line, or lines that are there earlier may go ahead.",
    )
    min_shipment: Amount | None = Field(
        None,
        description="As available: what the lines of each shipment are worth at least, in the method's currency.",
    )
    max_lateness_days: int | None = Field(
        None, ge=0, le=250, description="As available: days from the first shipment's promised day to the last one's."
    )
    min_split_value: Amount | None = Field(
        None, description="Basket value below which no basket is split, in the method's currency; none when not given."
    )
    radius_metres: int = Field(30_000, ge=0, le=1_000_000, description="Places within this distance, inclusive.")
    places_shown: int = Field(10, ge=1, le=50, description="The nearest so many places.")

    @model_validator(mode="after")
    def _fits_kind(self) -> Self:
        if self.kind == "store_collection" and self.services:
            raise PydanticCustomError("method", "routes, not services, for store collection")
        if self.kind == "pickup_point" and self.routes:
            raise PydanticCustomError("method", "services, not routes, for pickup points")
        if self.kind == "store_collection" and not (self.from_stock or self.routes):
            raise PydanticCustomError("method", "own stock or routes for store collection")
        if self.kind != "store_collection" and not (self.services or self.routes):
            raise PydanticCustomError("method", "at least one service or route")
        return self

    @model_validator(mode="after")
    def _limits_what_is_sent_ahead(self) -> Self:
        limited = self.min_shipment is not None or self.max_lateness_days is not None
        if limited and self.shipping == "together":
            raise PydanticCustomError("method", "`min_shipment` and `max_lateness_days` with `shipping: as_available`")
        return self


class LineService(Model):
    """What a line may ask for beside its goods: gift wrap, engraving, two-man delivery.

    A site, a carrier's service for the last leg, or both must offer it. Costs, work and time are for each unit of the
    line; the price is added to the shopper's.
    """

    id: Id
    name: str = ""
    offered_by: Literal["site", "carrier", "both"] = "site"
    price: Amount = Field(Decimal(0), description="What the shopper pays for it.")
    price_per: Literal["unit", "line"] = "unit"
    currency: Currency | None = Field(None, description="Of the price; default: the network's.")
    preparation_cost: Amount = Field(Decimal(0), description="For each unit, in the network's currency.")
    preparation_work: int = Field(0, ge=0, le=10**6, description="For each unit, in plans that count work.")
    preparation_time: Duration = Field(
        timedelta(0), description="For each unit, where handling is working time; of both ends."
    )


Supply = Literal["stock", "receipts", "replenishment", "preorder"]
SUPPLIES: tuple[Supply, ...] = ("stock", "receipts", "replenishment", "preorder")


class Channel(Model):
    """Where an order comes from: web, marketplace, store."""

    id: Id
    name: str = ""
    methods: tuple[Id, ...] | None = Field(None, description="Methods it shows; all when not given.")
    policy: Id | None = Field(None, description="Default: the criteria in their standard order.")
    acceptance: Duration = Field(timedelta(0), description="Payment and fraud check, between placed and accepted.")
    acceptance_counts: Literal["elapsed", "working_time"] = Field(
        "elapsed", description="Working time is the site's preparation hours."
    )
    supply: tuple[Supply, ...] = Field(SUPPLIES, description="Supply it counts.")
    share_scope: Literal["pool", "site"] = Field(
        "pool", description="Whether its share is of what all its sites have free together, or of each site's."
    )
    share_supply: bool = Field(False, description="Whether its share limits supply to come too, not stock alone.")
    safety_margin: Duration = timedelta(0)
    safety_margin_days: int = Field(0, ge=0, le=30)


class StockRule(Model):
    """Safety stock, the share a channel may take, or a withdrawal threshold, by item, place and channel.

    Of each kind the most specific rule wins, first by item (SKU, tag, category, any), then by place (site, site
    group, any), then by channel; two equally specific rules that can meet are an error. A rule on a group gives its
    quantity to each site; `of: pool` withholds a safety stock once, from all sites together. A negative safety stock
    is controlled overselling.
    """

    sku: Sku | None = None
    tag: str | None = None
    category: str | None = None
    site: Id | None = None
    site_group: Id | None = None
    channel: Id | None = None
    of: Literal["site", "pool"] = "site"
    safety_stock: SignedQuantity | None = None
    share: Share | None = None
    withdraw_below: SignedQuantity | None = Field(
        None, description="A site that has less free than this sells none of its stock."
    )

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        if sum(part is not None for part in (self.sku, self.tag, self.category)) > 1:
            raise PydanticCustomError("rule", "at most one of sku, tag, category")
        if self.site is not None and self.site_group is not None:
            raise PydanticCustomError("rule", "at most one of site, site_group")
        if sum(part is not None for part in (self.safety_stock, self.share, self.withdraw_below)) != 1:
            raise PydanticCustomError("rule", "one of safety_stock, share, withdraw_below")
        if self.of == "pool" and (self.safety_stock is None or self.site is not None or self.site_group is not None):
            raise PydanticCustomError("rule", "for the pool a safety_stock without site or site_group")
        return self


class Allocation(Model):
    """Items kept for some channels or segments; nobody else sees them."""

    id: Id
    name: str = ""
    skus: tuple[Sku, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    channels: tuple[Id, ...] | None = None
    segments: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _says_what_to_whom(self) -> Self:
        if not (self.skus or self.tags or self.categories):
            raise PydanticCustomError("allocation", "at least one of skus, tags, categories")
        if self.channels is None and self.segments is None:
            raise PydanticCustomError("allocation", "channels, segments, or both")
        return self


class SupplyRule(Model):
    """Supply that comes because it is ordered, or from a date on: backorder, made to order, drop-ship, preorder.

    Of each kind the most specific rule wins, by item, then by place. A site that prepares needs no stock record of
    such an item.
    """

    sku: Sku | None = None
    tag: str | None = None
    category: str | None = None
    site: Id | None = None
    site_group: Id | None = None
    replenish_after: int | None = Field(
        None, ge=0, le=250, description="There at the opening of the n-th preparation day after the order's date."
    )
    preorder_from: Day | None = Field(None, description="There from the start of this date on, local to the site.")
    quantity: Quantity | None = Field(None, description="At most this; unlimited when not given.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(part is not None for part in (self.sku, self.tag, self.category)) > 1:
            raise PydanticCustomError("rule", "at most one of sku, tag, category")
        if self.site is not None and self.site_group is not None:
            raise PydanticCustomError("rule", "at most one of site, site_group")
        if (self.replenish_after is None) == (self.preorder_from is None):
            raise PydanticCustomError("rule", "either replenish_after or preorder_from")
        return self


class Restriction(Model):
    """Items that may not go some way.

    It concerns lines whose item has one of the SKUs, tags or categories, and forbids what matches everything
    given on the other side: services (or routes using them), methods, sites, site groups, channels, destinations.
    """

    id: Id
    name: str = ""
    skus: tuple[Sku, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    services: tuple[Id, ...] | None = None
    methods: tuple[Id, ...] | None = None
    sites: tuple[Id, ...] | None = None
    site_groups: tuple[Id, ...] | None = None
    channels: tuple[Id, ...] | None = None
    destinations: tuple[Area, ...] | None = None

    @model_validator(mode="after")
    def _concerns_items(self) -> Self:
        if not (self.skus or self.tags or self.categories):
            raise PydanticCustomError("restriction", "at least one of skus, tags, categories")
        if all(
            part is None
            for part in (self.services, self.methods, self.sites, self.site_groups, self.channels, self.destinations)
        ):
            raise PydanticCustomError(
                "restriction", "at least one of services, methods, sites, site_groups, channels, destinations"
            )
        return self


class UnknownSize(Model):
    """What to do with an item whose weight (or size) nobody gives: refuse it, or assume one."""

    weight_grams: int | None = Field(
        None, gt=0, description="Assumed weight; refused when not given and a service limits or prices by weight."
    )
    sides_mm: tuple[int, int, int] | None = Field(
        None, description="Assumed sides; refused when not given and a service limits size."
    )
