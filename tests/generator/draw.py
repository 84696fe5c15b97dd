"""The source of chance: seeded, split by name, with features that can be switched off."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")

FEATURES: tuple[str, ...] = (
    "acceptance", "allocations", "area", "as_available", "capacity", "choice", "closures", "co2e", "combined", "currencies", "day_handling", "duplicates",
    "few_days", "groups", "handling", "holidays", "hour_transit", "hours", "kits", "lanes", "late_site", "limits", "line_services", "look_ahead", "margins",
    "notification", "one_window", "order_cut_off", "overlays", "overrides", "owed", "partial", "place", "points", "pool_safety", "pools",
    "price_rules", "ranges", "ranks", "receipts", "recurrence", "reservations", "restrictions", "routes", "scarce", "scattered", "several_sites", "share",
    "share_site", "share_supply", "ship_groups", "shipments", "split_units", "splits", "stock_rules", "stores", "supply_rules", "surcharges", "tariffs", "time_zones",
    "traps", "valid_for", "visibility", "waiting", "window_exceptions", "windows", "wishes", "withdrawal", "zones",
)  # fmt: skip
"""What a case may use. A failing case is made readable by switching off all that it does not need."""

_KNOWN = frozenset(FEATURES)


class Draw:
    """Random choices from a named seed; a part of it is not disturbed by what another part draws."""

    def __init__(self, seed: str, off: frozenset[str] = frozenset()) -> None:
        self.seed, self.off, self.random = seed, off, Random(seed)

    def part(self, name: str) -> Draw:
        """An independent source for one part of the case."""
        return Draw(f"{self.seed}/{name}", self.off)

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.random.random() < probability

    def on(self, feature: str, probability: float) -> bool:
        """True so often, and never while the feature is switched off."""
        assert feature in _KNOWN, feature
        return self.chance(probability) and feature not in self.off

    def pick(self, values: Sequence[T]) -> T:
        """One of the values."""
        return values[self.random.randrange(len(values))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def integer(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(low, high)

    def some(self, values: Sequence[T], least: int = 1) -> list[T]:
        """Some of the values, at least so many, in their order."""
        count = self.integer(min(least, len(values)), len(values))
        chosen = sorted(self.random.sample(range(len(values)), count))
        return [values[i] for i in chosen]

    def maybe(self, feature: str, probability: float, values: Sequence[T]) -> T | None:
        """One of the values so often, else nothing."""
        return self.pick(values) if self.on(feature, probability) else None
