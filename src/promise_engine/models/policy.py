"""What is offered, to whom, in which order: methods, channels, policies, stock rules, restrictions."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import Currency, Duration, Id, Model, Share, SignedQuantity, Sku
from promise_engine.models.place import Area, DestinationType
from promise_engine.models.pricing import PriceRule, TariffPrice

Criterion = Literal[
    "promised", "price", "cost", "co2e", "shipments", "parcels", "site_rank", "distance", "load", "stock_depth"
]


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
    currency: Currency | None = Field(None, description="Of the price rules; default: the network's.")
    max_parcels: int | None = Field(None, gt=0)
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
    supply: tuple[Literal["stock", "receipts"], ...] = Field(("stock", "receipts"), description="Supply it counts.")
    safety_margin: Duration = timedelta(0)
    safety_margin_days: int = Field(0, ge=0, le=30)


class StockRule(Model):
    """Safety stock, or the share a channel may take, by item, place and channel.

    The most specific wins, first by item (SKU, tag, category, any), then by place (site, site group, any), then
    by channel; two equally specific rules that can meet are an error. A rule on a group gives its quantity to
    each site. A negative safety stock is controlled overselling.
    """

    sku: Sku | None = None
    tag: str | None = None
    category: str | None = None
    site: Id | None = None
    site_group: Id | None = None
    channel: Id | None = None
    safety_stock: SignedQuantity | None = None
    share: Share | None = None

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        if sum(part is not None for part in (self.sku, self.tag, self.category)) > 1:
            raise PydanticCustomError("rule", "at most one of sku, tag, category")
        if self.site is not None and self.site_group is not None:
            raise PydanticCustomError("rule", "at most one of site, site_group")
        if (self.safety_stock is None) == (self.share is None):
            raise PydanticCustomError("rule", "either safety_stock or share")
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
