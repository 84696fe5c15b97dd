"""Everything one answer looks at, with its indexes and the memory of this one call."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from promise_engine.errors import RequestError
from promise_engine.models.policy import Policy

from .basket import basket_of
from .calendar import NOWHERE, DayCalendar, HolidayPlace, WorkingTime
from .clock import PAST_THE_HORIZON, instant, instant_of_date
from .places import Spot, spot_of_address, zone_of
from .taken import Taken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from promise_engine.models.catalogue import CatalogueDocument
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.policy import Channel, DeliveryMethod
    from promise_engine.models.request import PromiseRequest
    from promise_engine.models.site import Site
    from promise_engine.models.stock import StockDocument

    from .lines import Cut, Goods, Key
    from .stock import Left


class World:
    """The four inputs of one question."""

    def __init__(
        self,
        network: NetworkDocument,
        catalogue: CatalogueDocument | None,
        stock: StockDocument,
        request: PromiseRequest,
        taken: Taken | None = None,
        ordered: Mapping[str, Decimal] | None = None,
        known_of_network: dict[Any, Any] | None = None,
    ) -> None:
        self.network = network
        self.catalogue = catalogue
        self.taken = taken or Taken()
        """What the groups of the order before this one take."""
        self.stock = self.taken.told(stock)
        self.request = request
        self.placed_at = instant(request.placed_at)
        self.sites = {site.id: site for site in network.sites}
        self.points = {point.id: point for point in network.pickup_points}
        self.carriers = {carrier.id: carrier for carrier in network.carriers}
        self.services = {service.id: service for service in network.services}
        self.routes = {route.id: route for route in network.routes}
        self.zone_sets = {zone_set.id: zone_set for zone_set in network.zone_sets}
        self.tariffs = {tariff.id: tariff for tariff in network.tariffs}
        self.modes = {mode.id: mode for mode in network.transport_modes}
        self.pools = {pool.id: pool for pool in network.collection_pools}
        self.calendars = {calendar.id: calendar for calendar in network.calendars}
        self.channel = self._channel()
        self.policy = self._policy()
        self.currency = request.currency or network.settings.currency
        self.basket = basket_of(request, catalogue, network, ordered or {})
        self.sent = self.basket
        """All that the site sends in the plan, in all its shipments."""
        self.left: Left = frozenset()
        self.known_of_network: dict[Any, Any] = {} if known_of_network is None else known_of_network
        """Calendars and places, the same whatever is asked of the network."""
        self.known: dict[Any, Any] = {}
        self.known_of_basket: dict[Any, Any] = {}

    def of_lines(
        self,
        keys: frozenset[Key],
        left: Left = frozenset(),
        cut: Cut = frozenset(),
        beside: frozenset[Key] = frozenset(),
    ) -> World:
        """The same question for some lines, or so much of them, only, with so much left of the pool of some SKUs.

        What the site sends beside them, in other shipments, it prepares with them.

        The basket value, and whether the quantities can be ordered, stay those of the whole request.
        """
        if keys == self.basket.keys and not left and not cut:
            return self
        key = ("lines", keys, left, cut, beside)
        if key not in self.known:
            part = copy.copy(self)
            part.basket, part.left = self.basket.part(keys, cut), left
            part.sent = self.basket.part(keys | beside, cut)
            part.known_of_basket = {}
            self.known[key] = part
        found: World = self.known[key]
        return found

    @property
    def needs(self) -> tuple[Goods, ...]:
        """Of each SKU that is carried what the site sends of it in the plan."""
        carried = {goods.item.sku for goods in self.basket.needs}
        return tuple(goods for goods in self.sent.needs if goods.item.sku in carried)

    @property
    def period_end(self) -> int:
        """After all that a promise may depend on: what is not there by then is never there."""
        days = timedelta(days=self.network.settings.horizon_days) + PAST_THE_HORIZON
        return instant_of_date(self.network.valid_until + days)

    def _channel(self) -> Channel:
        channels = {channel.id: channel for channel in self.network.channels}
        if self.request.channel is None and len(channels) == 1:
            return self.network.channels[0]
        if self.request.channel not in channels:
            raise RequestError.of("channel", self.request.channel, "a channel of the network")
        return channels[self.request.channel]

    def _policy(self) -> Policy:
        if self.channel.policy is None:
            return Policy(id="standard")
        return next(policy for policy in self.network.policies if policy.id == self.channel.policy)

    def days(self, calendar_id: str, place: HolidayPlace = NOWHERE) -> DayCalendar:
        """A calendar at a place, date by date."""
        key = ("days", calendar_id, place)
        if key not in self.known_of_network:
            self.known_of_network[key] = DayCalendar(self.calendars, calendar_id, place)
        found: DayCalendar = self.known_of_network[key]
        return found

    def hours(self, calendar_id: str, place: HolidayPlace, zone: ZoneInfo) -> WorkingTime:
        """A calendar with hours at a place with a clock."""
        key = ("hours", calendar_id, place, zone.key)
        if key not in self.known_of_network:
            self.known_of_network[key] = WorkingTime(self.days(calendar_id, place), zone)
        found: WorkingTime = self.known_of_network[key]
        return found

    def spot(self, place_id: str) -> Spot:
        """Where a site or a pickup point is."""
        key = ("spot", place_id)
        if key not in self.known_of_network:
            place = self.sites.get(place_id) or self.points[place_id]
            self.known_of_network[key] = spot_of_address(place_id, place.address, place.time_zone)
        found: Spot = self.known_of_network[key]
        return found

    def hours_at(self, calendar_id: str, spot: Spot) -> WorkingTime:
        """A calendar with hours, with the clock and the holidays of a site or point."""
        return self.hours(calendar_id, spot.holiday_place, spot.time_zone)

    def preparation_hours(self, site: Site) -> WorkingTime:
        """When a site prepares."""
        assert site.preparation is not None
        return self.hours_at(site.preparation.calendar, self.spot(site.id))

    def receiving_hours(self, site: Site) -> WorkingTime:
        """When a site takes parcels and receipts in."""
        assert site.receiving is not None
        return self.hours_at(site.receiving, self.spot(site.id))

    def zone(self, zone_set_id: str | None, spot: Spot) -> str | None:
        """The zone of a spot; None without a zone set, and outside of all its zones."""
        if zone_set_id is None:
            return None
        key = ("zone", zone_set_id, spot)
        if key not in self.known_of_network:
            self.known_of_network[key] = zone_of(self.zone_sets[zone_set_id], spot)
        found: str | None = self.known_of_network[key]
        return found

    def site_rank(self, site: Site, method: DeliveryMethod, country: str) -> int:
        """The preference for a site in this request; lower first."""
        fitting = [
            rule for rule in self.policy.ranks
            if (site.id in rule.sites or rule.site_group in site.groups)
            and rule.channel in {None, self.channel.id}
            and rule.method in {None, method.id}
            and rule.country in {None, country}
        ]  # fmt: skip
        if not fitting:
            return site.rank
        named = max(
            fitting, key=lambda r: (r.channel is not None, r.method is not None, r.country is not None, bool(r.sites))
        )
        return named.rank
