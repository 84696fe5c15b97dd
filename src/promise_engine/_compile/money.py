"""Tariffs, prices and exchange rates of one request, in minor units of its currency."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._kernels.parcels import VOLUMETRIC, WEIGHT
from promise_engine.errors import RequestError
from promise_engine.models.pricing import TariffPrice
from promise_engine.units import day_number, minor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from promise_engine._compile.parcels import Packed
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


class SiteCosts(NamedTuple):
    """What preparation costs at each site, in minor units."""

    shipment: np.ndarray
    unit: np.ndarray
    parcel: np.ndarray


class LegCosts(NamedTuple):
    """What a tariff asks for the parcels of several parts: band prices, surcharges, and those of collection dates."""

    is_priced: np.ndarray  # (P,) whether every parcel lies in a band
    transport: np.ndarray  # (P,)
    surcharge: np.ndarray  # (P,)
    dated: list[tuple[int, int, int, int]]  # part, first day number, last, amount


def leg_costs(
    tariff: Tariff, zone: str | None, packed: Packed, has_tags: Callable[[list[str]], np.ndarray], money: Money
) -> LegCosts:
    """The costs of the parcels of parts (P,) in a zone; `has_tags` tells which parts have some of the tags (P,)."""
    parts, weights = len(packed.parcel_count), np.maximum(packed.parcels[:, WEIGHT], packed.parcels[:, VOLUMETRIC])
    part_of = np.repeat(np.arange(parts), packed.parcel_count)
    prices, is_banded = np.zeros(len(weights), np.int64), np.zeros(len(weights), np.bool_)
    rows = [row for row in tariff.rows if row.zone is None or row.zone == zone]
    for row in sorted(rows, key=lambda row: row.zone is None):
        most = UNLIMITED if row.max_grams is None else row.max_grams
        here = (row.min_grams <= weights) & (weights < most) & ~is_banded
        prices[here] = money.minor(row.price, tariff.currency)
        is_banded |= here
    is_priced, (transport, surcharge) = np.ones(parts, np.bool_), np.zeros((2, parts), np.int64)
    is_priced[part_of[~is_banded]] = False
    np.add.at(transport, part_of, prices)
    dated: list[tuple[int, int, int, int]] = []
    for extra in tariff.surcharges:
        if extra.zones is not None and zone not in extra.zones:
            continue
        applies = _is_over(extra, packed.parcels)
        if extra.tags is not None:
            applies &= has_tags(list(extra.tags))[part_of]
        amounts = _surcharges(extra, prices[applies], tariff, money)
        if extra.on is None:
            np.add.at(surcharge, part_of[applies], amounts)
            continue
        first, last = day_number(extra.on.first), day_number(extra.on.end)
        asked = zip(part_of[applies].tolist(), amounts.tolist(), strict=True)
        dated += [(part, first, last, amount) for part, amount in asked]
    return LegCosts(is_priced, transport, surcharge, dated)


def _is_over(extra: Surcharge, parcels: np.ndarray) -> np.ndarray:
    """Which parcels pass a limit of a surcharge; all where it has none."""
    if extra.over is None:
        return np.ones(len(parcels), np.bool_)
    return np.asarray((parcels > np.array(limits_row(extra.over), np.int64)).any(axis=1))


def _surcharges(extra: Surcharge, prices: np.ndarray, tariff: Tariff, money: Money) -> np.ndarray:
    """What a surcharge asks for parcels of some prices; percentages half up."""
    if extra.amount is not None:
        return np.full(len(prices), money.minor(extra.amount, tariff.currency), np.int64)
    percent = extra.percent or Decimal(0)
    different, position = np.unique(prices, return_inverse=True)
    amounts = [(price * percent / 100).to_integral_value(ROUND_HALF_UP) for price in map(Decimal, different.tolist())]
    return np.array(list(map(int, amounts)), np.int64)[position.reshape(-1)]


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
