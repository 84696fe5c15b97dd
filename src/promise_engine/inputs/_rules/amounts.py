"""Costs and prices: whole minor units, and small enough in every currency for sums of them to stay exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.inputs._rules.findings import Findings, each
from promise_engine.units import amount_of, minor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from promise_engine.inputs.paths import Loc

GREATEST_AMOUNT = 10**9

_IN_OWN_CURRENCY = (
    "sites.*.preparation_cost",
    "sites.*.preparation_cost_per_unit",
    "sites.*.packaging_cost",
    "routes.*.transfer_cost",
    "line_services.*.preparation_cost",
)
_IN_ITS_CURRENCY = (
    ("tariffs", ("rows.*.price", "surcharges.*.amount")),
    ("methods", ("price.*.price", "price.amount")),
    ("line_services", ("price",)),
)


def check_amounts(findings: Findings) -> None:
    """Each amount by itself, then each rate with the greatest amount that it can meet."""
    greatest: dict[str, Decimal] = {}
    for loc, amount, currency in _amounts(findings):
        size = abs(amount)
        if size > GREATEST_AMOUNT:
            findings.add(loc, amount, f"an amount of at most {GREATEST_AMOUNT:,}")
        else:
            greatest[currency] = max(size, greatest.get(currency, size))
            _warn_of_rounding(findings, loc, amount, currency)
    for i, rate in enumerate(findings.network.exchange_rates):
        if rate.of in greatest and greatest[rate.of] * rate.rate > GREATEST_AMOUNT:
            words = f"a rate by which no amount of the network in {rate.of} is more than {GREATEST_AMOUNT:,} {rate.to}"
            findings.add(("exchange_rates", i, "rate"), rate.rate, words)


def _warn_of_rounding(findings: Findings, loc: Loc, amount: Decimal, currency: str) -> None:
    counted = amount_of(minor(amount, currency), currency)
    if counted != amount:
        words = f"an amount in whole minor units of {currency}: in answers in {currency} it counts as {counted}"
        findings.warn(loc, amount, words, "rounded_amount")


def _amounts(findings: Findings) -> Iterator[tuple[Loc, Decimal, str]]:
    """Every amount that is added to others, with its currency."""
    own = findings.network.settings.currency
    for pattern in _IN_OWN_CURRENCY:
        for loc, amount in each(findings.network, pattern):
            yield loc, amount, own
    for owners, patterns in _IN_ITS_CURRENCY:
        for i, owner in enumerate(getattr(findings.network, owners)):
            for pattern in patterns:
                for loc, amount in each(owner, pattern):
                    yield (owners, i, *loc), amount, owner.currency or own
