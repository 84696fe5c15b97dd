"""Candidates over all parts of their destination, and until when an offer stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from promise_engine.errors import Reason

from .serving import Row, Serving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .candidates import Candidate
    from .doors import Nomination
    from .serving import Offer
    from .splits import Splits
    from .world import World


class Plan:
    """One candidate. An address has one part; a country or prefix as many as stand for it, and all must be served.

    It has no rows for a basket of several ship groups, which never share a shipment.
    """

    def __init__(self, world: World, candidate: Candidate) -> None:
        self.world, self.candidate = world, candidate
        self.parts = [Serving(world, candidate, spot) for spot in candidate.target.parts]

    def rows(self) -> list[Row] | Reason:
        """Every row, with the latest window and the highest price of all parts; or why there is none."""
        found = [part.rows(self.world.placed_at) for part in self.parts]
        refused = [rows for rows in found if isinstance(rows, Reason)]
        if refused:
            return min(refused)
        if self.world.basket.is_mixed:
            return Reason.TOO_MANY_SHIPMENTS
        combined = _combined([rows for rows in found if not isinstance(rows, Reason)])
        return combined or Reason.BEYOND_HORIZON

    def offers(self, placed_at: int) -> frozenset[Offer]:
        """What an order placed at an instant would be offered."""
        if self.world.basket.is_mixed:
            return frozenset()
        if len(self.parts) == 1:
            return self.parts[0].offers(placed_at)
        found = [part.rows(placed_at) for part in self.parts]
        combined = (
            []
            if any(isinstance(rows, Reason) for rows in found)
            else _combined([r for r in found if not isinstance(r, Reason)])
        )
        return frozenset((row.door.window, row.price, row.door.promised) for row in combined)

    def until(self, placed_at: int) -> int:
        """Until when the offers certainly stay the same."""
        return min(part.until(placed_at) for part in self.parts)


def _combined(parts: Sequence[Sequence[Row]]) -> list[Row]:
    by_part: list[dict[Nomination, Row]] = [{row.nomination: row for row in rows} for rows in parts]
    everywhere = set.intersection(*(set(rows) for rows in by_part))
    combined = []
    for nomination in everywhere:
        rows = [part[nomination] for part in by_part]
        latest = max(rows, key=lambda row: (row.door.promised, row.door.begins))
        combined.append(replace(latest, price=max(row.price for row in rows)))
    return combined


def order_by(plans: Sequence[Plan], splits: Splits, offer: Offer, placed_at: int) -> int:
    """The first later instant at which no plan and no split gives the offer.

    An offer stands as long as one after the other gives it: from `placed_at` on, go to the latest end of the
    stretches of those that give it there, until none does.
    """
    at = placed_at
    while True:
        ends = [plan.until(at) for plan in plans if offer in plan.offers(at)]
        ends += [splits.until(at)] if splits.give(offer, at) else []
        if not ends:
            return at
        at = max(ends)
