"""Plans in which each source sends first what is there first: every set of sources, of one too, is tried."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from .clock import utc
from .money import Money, in_minor
from .shipments import promised_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from .serving import Row
    from .shipments import Source
    from .splits import Group
    from .waves import Sent


class AsAvailable:
    """What the shipments of a method may be that sends as available."""

    def __init__(self, group: Group) -> None:
        self.group, self.method = group, group.method
        self.lines = {line.key: line for line in group.world.basket.lines}
        self.is_possible = (
            self.method.shipping == "as_available" and len(self.lines) > 1 and not group.is_below_split_value
        )
        least, money = self.method.min_shipment, Money(group.world, utc(group.placed_at).date())
        self.least = None if least is None else money.minor(least, self.method.currency)

    def plans(self, day: date) -> Iterator[tuple[Row, ...]]:
        """The plans of every set of sources that delivers by a day while none of its proper subsets does.

        A plan in which every source sends one shipment tells that its set delivers, and is none of them.
        """
        if not self.is_possible:
            return
        tried = sorted(self.group.first_few_of_lines(day))
        delivering: list[set[Source]] = []
        for count in range(1, self.method.max_shipments + 1):
            minimal = [set(sources) for sources in combinations(tried, count)]
            minimal = [sources for sources in minimal if not any(smaller <= sources for smaller in delivering)]
            for sources in minimal:
                found = list(self.group.plans_of(sources, day, {}, self))
                if found:
                    delivering.append(sources)
                yield from (rows for rows in found if len(rows) > count)

    def allows(self, sent: Sequence[Sent]) -> bool:
        """Whether shipments are few enough, and each is worth enough."""
        few = len(sent) <= self.method.max_shipments
        return few and (self.least is None or all(self._worth(each) >= self.least for each in sent))

    def are_close(self, rows: Sequence[Row]) -> bool:
        """Whether the last promised day is not too long after the first."""
        days, most = [promised_day(row) for row in rows], self.method.max_lateness_days
        return most is None or (max(days) - min(days)).days <= most

    def _worth(self, sent: Sent) -> int:
        """What the lines of a shipment that give a unit price are worth, in minor units."""
        asked = [line for key in sent.keys for line in self.lines[key].asked]
        value = sum((line.quantity * line.unit_price for line in asked if line.unit_price is not None), Decimal(0))
        return in_minor(value, self.group.world.currency)
