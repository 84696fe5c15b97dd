"""What each site can send of any lines of the basket to one destination: the rows that shipments choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promise_engine.errors import Reason

from .clock import local_date
from .pool import exposed, pool
from .serving import Serving
from .timeline import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from .candidates import Candidate
    from .doors import Nomination
    from .lines import Cut, Key
    from .serving import Row
    from .stock import Left
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
    """What its site sends in the same plan in other shipments, and prepares with it."""


def merged(parts: Iterable[Part]) -> Part:
    """What several shipments carry together."""
    keys: Keys = frozenset()
    cut: Cut = frozenset()
    for part in parts:
        keys, cut = keys | part.keys, cut | part.cut
    return Part(keys, cut=cut)


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
