"""The network's root and settings, malformed."""

from __future__ import annotations

from inputs.malformed.words import CURRENCY, DATE, MAPPING, REQUIRED, Case
from inputs.samples import ABSENT

CASES = (
    Case("network", "", [], "", MAPPING),
    Case("network", "", None, "", MAPPING),
    Case("network", "", "text", "", MAPPING),
    Case("network", "format", "promise-engine/network/2", "format", "`promise-engine/network/1`"),
    Case("network", "valid_from", ABSENT, "valid_from", REQUIRED),
    Case("network", "valid_from", "2026-13-01", "valid_from", DATE),
    Case(
        "network",
        "valid_from",
        "1999-01-01",
        "valid_from",
        "a date such as '2026-12-24', from 2000-01-01 to 2100-12-31",
    ),
    Case("network", "valid_from", 20260101, "valid_from", DATE),
    Case("network", "valid_until", "2025-12-31", "valid_until", "valid_until between valid_from and 800 days after it"),
    Case("network", "valid_until", "2029-01-01", "valid_until", "valid_until between valid_from and 800 days after it"),
    Case("network", "sits", [], "sits", "no such field; did you mean `sites`?"),
    Case("network", "settings", [], "settings", MAPPING),
    Case("network", "settings.currency", "eur", "settings.currency", CURRENCY),
    Case("network", "settings.currency", "EURO", "settings.currency", CURRENCY),
    Case("network", "settings.horizon_days", 0, "settings.horizon_days", "a whole number, from 1 to 250"),
    Case("network", "settings.horizon_days", 251, "settings.horizon_days", "a whole number, from 1 to 250"),
    Case("network", "settings.horizon_days", 1.5, "settings.horizon_days", "a whole number, from 1 to 250"),
    Case("network", "settings.horizon_days", "soon", "settings.horizon_days", "a whole number, from 1 to 250"),
    Case("network", "settings.slots_shown", 0, "settings.slots_shown", "a whole number, from 1 to 250"),
    Case("network", "settings.horizon", 30, "settings.horizon", "no such field; did you mean `horizon_days`?"),
    Case("network", "settings.late_receipts", "later", "settings.late_receipts", "`drop`, or a whole number"),
    Case("network", "settings.late_receipts", -1, "settings.late_receipts", "`drop`, or a whole number, from 0 to 400"),
    Case("network", "settings.late_receipts", 1.5, "settings.late_receipts", "`drop`, or a whole number"),
    Case(
        "network",
        "settings.unknown_size",
        {"weight_grams": 0},
        "settings.unknown_size.weight_grams",
        "a whole number, above 0",
        "0",
    ),
    Case("network", "settings.unknown_size", {"sides_mm": [1, 2]}, "settings.unknown_size.sides_mm.2", REQUIRED, ""),
    Case(
        "network",
        "settings.unknown_size",
        {"sides_mm": [300, 0, 10]},
        "settings.unknown_size.sides_mm.1",
        "a whole number, above 0, at most 100,000",
        "0",
    ),
    Case(
        "network",
        "settings.destination_holidays",
        [{"country": "ZZ"}],
        "settings.destination_holidays.0.country",
        "a country that the `holidays` package knows",
        "'ZZ'",
    ),
    Case(
        "network",
        "settings.destination_holidays",
        [{}],
        "settings.destination_holidays.0",
        "either a country or listed dates",
        "{}",
    ),
)
