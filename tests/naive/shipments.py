"""What each site can send of any lines of the basket to one destination: the rows that shipments choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promise_engine.errors import Reason

from .clock import FOREVER, end_of_date, local_date
from .pool import exposed, pool
from .serving import Serving
from .stock import supply
from .timeline import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from .candidates import Candidate
    from .doors import Nomination
    from .lines import Cut, Key
    from .serving import Row
    from .stock import Left, Supply
    from .world import World


class Source(NamedTuple):
    """A site that sends lines of one ship group."""

    site: str
    ship_group: str


Keys = frozenset["Key"]
"""Some lines of the basket."""
ByNomination = dict["Nomination", list["Row"]]


class Part(NamedTuple):
    """What a shipment carries."""

    keys: Keys
    left: Left = frozenset()
    """What is left of the pool for it, where that is less than its site exposes."""
    cut: Cut = frozenset()
    """How much its site sends of the lines of which that is not all."""
    beside: Keys = frozenset()
    """What its site sends in the same plan in other shipments, is there no later, and is prepared with it."""


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
        self._servings: dict[tuple[Part, str, str], Serving] = {}
        self._rows: dict[tuple[str, Part, int], ByNomination] = {}
        self._supplies: dict[tuple[str, Part], Supply] = {}

    def rows(self, site: str, part: Part, placed_at: int) -> ByNomination:
        """The rows that a site would have, alone, for a basket of these lines only, by what is nominated."""
        key = (site, part, placed_at)
        if key not in self._rows:
            found: ByNomination = {}
            for candidate in self.candidates[site]:
                rows = self._serving(candidate, part).rows(placed_at)
                for row in [] if isinstance(rows, Reason) else rows:
                    found.setdefault(row.nomination, []).append(row)
            self._rows[key] = found
        return self._rows[key]

    def supplied(self, site: str, line: Part, placed_at: int) -> int:
        """From when a line alone, or so much of it, is there at a site that has rows for it; not before it is ordered."""
        if (site, line) not in self._supplies:
            found = supply(self.world.of_lines(line.keys, cut=line.cut), self.world.sites[site])
            assert not isinstance(found, Reason)
            self._supplies[site, line] = found
        return max(placed_at, self._supplies[site, line].at(placed_at))

    def supplied_until(self, placed_at: int) -> int:
        """Until when all lines that were asked for are there at the same instants, or when they are ordered."""
        ends = [found.at(placed_at) for found in self._supplies.values()]
        zones = {self.world.spot(site).time_zone for (site, _), found in self._supplies.items() if found.is_replenished}
        ends += [end_of_date(local_date(placed_at, zone), zone) for zone in zones]
        return min((end for end in ends if end > placed_at), default=FOREVER)

    @property
    def servings(self) -> list[Serving]:
        """Every candidate for any lines, and what is left for them, that was asked."""
        return list(self._servings.values())

    def left(self, shipments: Iterable[tuple[str, Part]]) -> dict[str, Left]:
        """What shipments leave each other of the pool, in the order in which they take, where a site exposes more.

        When an order is placed changes nothing: what is exposed is there at once.
        """
        taken: dict[str, Decimal] = {}
        limits: dict[str, Left] = {}
        for name, part in shipments:
            site, found = self.world.sites[name], []
            for item, quantity in self.world.basket.part(part.keys, part.cut).needs:
                had = exposed(self.world, site, item)
                left = pool(self.world, item).cap - taken.get(item.sku, NOTHING)
                if left < had:
                    found.append((item.sku, left))
                taken[item.sku] = taken.get(item.sku, NOTHING) + min(quantity, had, left)
            limits[name] = frozenset(found)
        return limits

    def _serving(self, candidate: Candidate, part: Part) -> Serving:
        key = (part, candidate.site.id, candidate.way)
        if key not in self._servings:
            (spot,) = candidate.target.parts
            self._servings[key] = Serving(self.world.of_lines(*part), candidate, spot)
        return self._servings[key]
