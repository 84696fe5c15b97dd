"""What each site can send of any lines of the basket to one destination: the rows that shipments choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.errors import Reason

from .clock import local_date
from .serving import Serving

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from .candidates import Candidate
    from .doors import Nomination
    from .serving import Row
    from .world import World

Skus = frozenset[str]
ByNomination = dict["Nomination", list["Row"]]


def promised_day(row: Row) -> date:
    """The local date of `collect_from`, else of the last second before `deliver_by`."""
    door, zone = row.door, row.spot.time_zone
    return local_date(door.promised - (door.collect_from is None), zone)


class Shipments:
    """Every (site, lines) of one method and destination that is no area, by some of its ways."""

    def __init__(self, world: World, candidates: Sequence[Candidate]) -> None:
        self.world = world
        self.candidates: dict[str, list[Candidate]] = {}
        for candidate in candidates:
            self.candidates.setdefault(candidate.site.id, []).append(candidate)
        self._servings: dict[tuple[Skus, str, str], Serving] = {}
        self._rows: dict[tuple[str, Skus, int], ByNomination] = {}

    def rows(self, site: str, skus: Skus, placed_at: int) -> ByNomination:
        """The rows that a site would have, alone, for a basket of these lines only, by what is nominated."""
        key = (site, skus, placed_at)
        if key not in self._rows:
            found: ByNomination = {}
            for candidate in self.candidates[site]:
                rows = self._serving(candidate, skus).rows(placed_at)
                for row in [] if isinstance(rows, Reason) else rows:
                    found.setdefault(row.nomination, []).append(row)
            self._rows[key] = found
        return self._rows[key]

    @property
    def servings(self) -> list[Serving]:
        """Every candidate for any lines that was asked."""
        return list(self._servings.values())

    def until(self, row: Row, placed_at: int) -> int:
        """Until when a row certainly stays the same."""
        skus = frozenset(line.item.sku for line in row.lines)
        return self._serving(row.candidate, skus).until(placed_at)

    def _serving(self, candidate: Candidate, skus: Skus) -> Serving:
        key = (skus, candidate.site.id, candidate.way)
        if key not in self._servings:
            (spot,) = candidate.target.parts
            self._servings[key] = Serving(self.world.of_lines(skus), candidate, spot)
        return self._servings[key]
