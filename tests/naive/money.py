"""Cost, price and emissions, in whole minor units and grams."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from promise_engine.errors import Reason, RequestError
from promise_engine.models.pricing import PriceRule, TariffPrice

from .places import Spot, distance

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from promise_engine.models.policy import DeliveryMethod
    from promise_engine.models.pricing import Surcharge, Tariff
    from promise_engine.models.site import Site

    from .legs import Leg
    from .parcels import Parcel
    from .world import World

WHOLE = Decimal(1)
MINOR_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""ISO 4217: currencies whose minor unit has not two digits."""


def half_up(amount: Decimal) -> int:
    """An amount rounded half up to a whole number."""
    return int(amount.quantize(WHOLE, ROUND_HALF_UP))


def _digits(currency: str) -> int:
    return next((digits for digits, currencies in MINOR_DIGITS.items() if currency in currencies.split()), 2)


class Money:
    """Amounts in the minor units of the answer's currency, at the rates of one UTC date."""

    def __init__(self, world: World, on: date) -> None:
        self.world, self.on = world, on

    def minor(self, amount: Decimal, currency: str | None) -> int:
        """A configured amount, converted first and then rounded half up to the minor unit."""
        source = currency or self.world.network.settings.currency
        return half_up((amount * self._rate(source)).scaleb(_digits(self.world.currency)))

    def _rate(self, source: str) -> Decimal:
        target = self.world.currency
        if source == target:
            return Decimal(1)
        rates = [
            r
            for r in self.world.network.exchange_rates
            if r.of == source and r.to == target and r.valid_from <= self.on
        ]
        if not rates:
            raise RequestError.of("currency", target, f"an exchange rate from {source} valid on {self.on}")
        return max(rates, key=lambda r: r.valid_from).rate


@dataclass(frozen=True)
class Cost:
    """What the retailer pays, itemised."""

    transport: int = 0
    surcharge: int = 0
    preparation: int = 0
    packaging: int = 0
    transfer: int = 0

    @property
    def total(self) -> int:
        """The sum of all items."""
        return self.transport + self.surcharge + self.preparation + self.packaging + self.transfer


# What the retailer pays.


def tariff_refusal(world: World, legs: Sequence[Leg], parcels: Sequence[Parcel]) -> Reason | None:
    """Refused when some parcel has no band in the tariff of some leg."""
    for leg in legs:
        if leg.service.tariff is None:
            continue
        tariff = world.tariffs[leg.service.tariff]
        if any(band_price(world, tariff, leg.end, parcel) is None for parcel in parcels):
            return Reason.NO_TARIFF
    return None


def band_price(world: World, tariff: Tariff, end: Spot, parcel: Parcel) -> Decimal | None:
    """The price of a parcel's zone and weight band, in the tariff's currency."""
    zone, grams = world.zone(tariff.zone_set, end), parcel.chargeable_grams
    if tariff.zone_set is not None and zone is None:
        return None
    for row in tariff.rows:
        if row.zone == zone and row.min_grams <= grams and (row.max_grams is None or grams < row.max_grams):
            return row.price
    return None


def carriage(money: Money, leg: Leg, parcels: Sequence[Parcel], collected_on: date) -> tuple[int, int]:
    """Transport and surcharges of one leg."""
    world = money.world
    if leg.service.tariff is None:
        return 0, 0
    tariff = world.tariffs[leg.service.tariff]
    transport = surcharges = 0
    for parcel in parcels:
        price = band_price(world, tariff, leg.end, parcel)
        assert price is not None
        band = money.minor(price, tariff.currency)
        transport += band
        for surcharge in tariff.surcharges:
            if _applies(world, tariff, surcharge, leg.end, parcel, collected_on):
                surcharges += _amount(money, surcharge, band, tariff.currency)
    return transport, surcharges


def _applies(world: World, tariff: Tariff, surcharge: Surcharge, end: Spot, parcel: Parcel, collected_on: date) -> bool:
    return (
        (surcharge.zones is None or world.zone(tariff.zone_set, end) in surcharge.zones)
        and (surcharge.tags is None or bool(world.basket.tags & set(surcharge.tags)))
        and (surcharge.over is None or parcel.over(surcharge.over))
        and (surcharge.on is None or surcharge.on.covers(collected_on))
    )


def _amount(money: Money, surcharge: Surcharge, band: int, currency: str | None) -> int:
    if surcharge.amount is not None:
        return money.minor(surcharge.amount, currency)
    assert surcharge.percent is not None
    return half_up(band * surcharge.percent / 100)


def shipment_cost(
    money: Money,
    site: Site,
    legs: Sequence[Leg],
    parcels: Sequence[Parcel],
    collected_on: Sequence[date],
    transfer: Decimal,
) -> Cost:
    """Everything one shipment costs; own store collection is one parcel that travels on no leg."""
    count = len(parcels) if legs else 1
    paid = [carriage(money, leg, parcels, day) for leg, day in zip(legs, collected_on, strict=True)]
    basket = money.world.basket
    services = [(service, line.sold) for line in basket.lines for service in line.services]
    return Cost(
        transport=sum(transport for transport, _ in paid),
        surcharge=sum(surcharge for _, surcharge in paid),
        preparation=money.minor(site.preparation_cost, None)
        + money.minor(site.preparation_cost_per_unit, None) * basket.units
        + sum(money.minor(service.preparation_cost, None) * units for service, units in services),
        packaging=money.minor(site.packaging_cost, None) * count,
        transfer=money.minor(transfer, None) * count,
    )


# What the shopper pays.


def basket_value(money: Money) -> int:
    """The value given, else the sum of the lines that give a unit price."""
    request = money.world.request
    value = request.basket_value
    if value is None:
        priced = (
            line.quantity * line.unit_price for line in request.lines if line.ships and line.unit_price is not None
        )
        value = sum(priced, Decimal(0))
    return in_minor(value, money.world.currency)


def in_minor(amount: Decimal, currency: str) -> int:
    """An amount in the minor units of its currency, rounded half up."""
    return half_up(amount.scaleb(_digits(currency)))


def price_rule(money: Money, method: DeliveryMethod, destination: Spot) -> PriceRule | None:
    """The most exact price rule that fits."""
    world = money.world
    assert not isinstance(method.price, TariffPrice)
    zone, value = world.zone(method.zone_set, destination), basket_value(money)
    fitting = [
        rule for rule in method.price
        if rule.segment in {None, world.request.segment}
        and rule.channel in {None, world.channel.id}
        and rule.zone in {None, zone}
        and value >= money.minor(rule.from_value, method.currency)
    ]  # fmt: skip
    named = [(r.segment is not None, r.channel is not None, r.zone is not None, r.from_value) for r in fitting]
    return fitting[named.index(max(named))] if fitting else None


def shopper_price(money: Money, method: DeliveryMethod, destination: Spot, cost: Cost) -> int | None:
    """What the shopper pays in minor units, line services on top; None when no rule fits."""
    if isinstance(method.price, TariffPrice):
        carried = cost.transport + cost.surcharge
        added = half_up(carried * method.price.percent / 100) + money.minor(method.price.amount, method.currency)
        return max(0, carried + added) + services_price(money)
    rule = price_rule(money, method, destination)
    return None if rule is None else money.minor(rule.price, method.currency) + services_price(money)


def services_price(money: Money) -> int:
    """What the shopper pays for the line services of the basket, each for every unit or once a line."""
    return sum(
        money.minor(service.price, service.currency) * (line.sold if service.price_per == "unit" else 1)
        for line in money.world.basket.lines
        for service in line.services
    )


# Emissions.


def co2e_grams(world: World, legs: Sequence[Leg]) -> int | None:
    """Mass x distance x intensity over the legs; unknown without coordinates, weight or a mode on every leg."""
    if not legs:
        return 0
    assumed = world.network.settings.unknown_size.weight_grams
    weights = [assumed if piece.weight is None else piece.weight for piece in world.basket.pieces]
    known = [Decimal(weight) for weight in weights if weight is not None]
    if len(known) < len(weights):
        return None
    tonne_kilometre_factors = Decimal(0)
    for leg in legs:
        metres = distance(leg.start, leg.end)
        if leg.service.transport is None or metres is None:
            return None
        mode = world.modes[leg.service.transport]
        tonne_kilometre_factors += half_up(metres * mode.detour) * mode.intensity
    return half_up(sum(known, Decimal(0)) * tonne_kilometre_factors / 10**9)
