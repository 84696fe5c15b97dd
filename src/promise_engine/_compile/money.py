"""Tariffs, prices and exchange rates of one request, in minor units of its currency."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from promise_engine._kernels.parcels import GIRTH, LONGEST, SUM_OF_SIDES, VOLUMETRIC, WEIGHT
from promise_engine.errors import RequestError
from promise_engine.models.pricing import TariffPrice
from promise_engine.units import day_number, minor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy as np

    from promise_engine.models.place import ParcelLimits
    from promise_engine.models.policy import DeliveryMethod
    from promise_engine.models.pricing import ExchangeRate, PriceRule, Surcharge, Tariff

UNLIMITED = 2**62


class Money:
    """Converts configured amounts into the answer's currency, at the rates of one date."""

    def __init__(self, rates: Sequence[ExchangeRate], own: str, currency: str, day: date) -> None:
        self.currency = currency
        self._own = own
        self._day = day
        self._rates = rates

    def rate(self, of: str) -> Decimal:
        """Units of the answer's currency for one unit of another."""
        if of == self.currency:
            return Decimal(1)
        known = [r for r in self._rates if (r.of, r.to) == (of, self.currency) and r.valid_from <= self._day]
        if not known:
            expected = f"a currency with an exchange rate from {of} valid on {self._day}"
            raise RequestError.of("currency", self.currency, expected, code="no_exchange_rate")
        return max(known, key=lambda r: r.valid_from).rate

    def minor(self, amount: Decimal, of: str | None) -> int:
        """An amount of a currency (default: the network's) in minor units of the answer's, half up."""
        return minor(amount * self.rate(of or self._own), self.currency)

    def next_change(self) -> date | None:
        """The next date on which a rate into the answer's currency changes."""
        return min(
            (r.valid_from for r in self._rates if r.to == self.currency and r.valid_from > self._day), default=None
        )


def limits_row(limits: ParcelLimits) -> list[int]:
    """Limits in the order of a parcel's measures."""
    values = (limits.weight_grams, limits.longest_mm, limits.sum_of_sides_mm, limits.girth_mm, limits.volumetric_grams)
    return [UNLIMITED if value is None else value for value in values]


class LegCost(NamedTuple):
    """What a tariff asks for some parcels: band prices, surcharges, and those bound to collection dates."""

    transport: int
    surcharge: int
    dated: list[tuple[int, int, int]]


def leg_cost(
    tariff: Tariff, zone: str | None, parcels: np.ndarray, tags: frozenset[str], money: Money
) -> LegCost | None:
    """The cost of parcels in a zone; None when a parcel lies in no band."""
    rows = [row for row in tariff.rows if row.zone is None or row.zone == zone]
    transport, surcharge, dated = 0, 0, []
    for parcel in parcels.tolist():
        weight = max(parcel[WEIGHT], parcel[VOLUMETRIC])
        bands = [r for r in rows if r.min_grams <= weight and (r.max_grams is None or weight < r.max_grams)]
        if not bands:
            return None
        price = money.minor(max(bands, key=lambda r: r.zone is not None).price, tariff.currency)
        transport += price
        for extra in tariff.surcharges:
            if not _applies(extra, zone, parcel, tags):
                continue
            amount = _surcharge(extra, price, tariff, money)
            if extra.on is None:
                surcharge += amount
            else:
                dated.append((day_number(extra.on.first), day_number(extra.on.end), amount))
    return LegCost(transport, surcharge, dated)


def _applies(extra: Surcharge, zone: str | None, parcel: list[int], tags: frozenset[str]) -> bool:
    if extra.zones is not None and zone not in extra.zones:
        return False
    if extra.tags is not None and not tags.intersection(extra.tags):
        return False
    if extra.over is None:
        return True
    limits = limits_row(extra.over)
    return any(parcel[i] > limits[i] for i in (WEIGHT, LONGEST, SUM_OF_SIDES, GIRTH, VOLUMETRIC))


def _surcharge(extra: Surcharge, price: int, tariff: Tariff, money: Money) -> int:
    if extra.amount is not None:
        return money.minor(extra.amount, tariff.currency)
    percent = extra.percent or Decimal(0)
    return int((Decimal(price) * percent / 100).to_integral_value(ROUND_HALF_UP))


def price_of(
    method: DeliveryMethod, channel: str, segment: str | None, zone: str | None, basket_minor: int, money: Money
) -> int | None:
    """The shopper's price by the most exact rule that fits; None when none does."""
    rules = () if isinstance(method.price, TariffPrice) else method.price
    fitting = [
        rule
        for rule in rules
        if (rule.segment is None or rule.segment == segment)
        and (rule.channel is None or rule.channel == channel)
        and (rule.zone is None or rule.zone == zone)
        and money.minor(rule.from_value, method.currency) <= basket_minor
    ]
    if not fitting:
        return None
    return money.minor(max(fitting, key=_exactness).price, method.currency)


def _exactness(rule: PriceRule) -> tuple[bool, bool, bool, Decimal]:
    return rule.segment is not None, rule.channel is not None, rule.zone is not None, rule.from_value
