"""Splits by brute force: every line to every site, each shipment by what the slow twin finds for that one shipment.

Nothing is searched: of all ways to send a basket, on all days, those are kept that the rule of docs/semantics.md keeps.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import permutations, product
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine.errors import Reason

from naive.candidates import candidates, targets
from naive.choice import added_up, alone, have_room_together, last_door
from naive.clock import utc
from naive.money import Money, shopper_price
from naive.shipments import Part, Shipments, promised_day
from naive.stock import supply
from naive.views import criteria_key, policy_key
from naive.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.facts import Documents
    from naive.lines import Key
    from naive.serving import Row

Assignment = tuple[str, ...]
"""The site of each line."""
Sent = tuple[str, Part]
"""A shipment: its site and what it carries."""
Sites = frozenset[str]
Choices = list[tuple[date, int, str]]
"""Of each line the day of the line at its site, and the site's rank and id: the less, the earlier a site is chosen."""


class Shown(NamedTuple):
    """What is compared of an option: by whom, in which shipments, when and for how much."""

    promised: int
    price: int
    count: int
    cost: int
    parcels: int
    shipments: tuple[tuple[Any, ...], ...]
    """Of each the site, the service, the lines by SKU and services, when it is promised, and its parcels."""
    day: date


class Plan(NamedTuple):
    """An assignment with the row that each of its shipments takes."""

    given: Assignment
    rows: tuple[Row, ...]
    shown: Shown

    @property
    def day(self) -> date:
        """The promised day of the last shipment."""
        return self.shown.day

    @property
    def sites(self) -> Sites:
        """The sites that send something."""
        return frozenset(self.given)


class EveryAssignment:
    """All ways to send the basket of a request that has one method, to an address."""

    def __init__(self, given: Documents) -> None:
        self.world = World(given.network, given.catalogue, given.stock, given.request)
        (self.method,) = given.network.methods
        (self.target,) = targets(self.world, self.method)
        (self.spot,) = self.target.parts
        self.shipments = Shipments(self.world, list(candidates(self.world, self.method, self.target)))
        self.sites = sorted(self.shipments.candidates)
        self.lines: list[Key] = [line.key for line in self.world.basket.lines]
        self.ranks = {
            site: self.world.site_rank(self.world.sites[site], self.method, self.spot.country) for site in self.sites
        }
        self._firsts: dict[tuple[str, Part, date], Row | None] = {}
        self.met: set[str] = set()
        """What kept shipments that keep a day from going together."""

    def rows(self, site: str, part: Part) -> list[Row]:
        """The rows of one shipment."""
        return self.shipments.rows(site, part, self.world.placed_at).get(None, [])

    # Plans.

    @cached_property
    def by_day(self) -> dict[date, list[Plan]]:
        """For each promised day that any shipment has, the assignments that deliver by it, as they then go."""
        ways = {given: self._ways(given) for given in product(*map(self._stocked_at, self.lines))}
        sent = (shipment for some in ways.values() for way in some for shipment in way)
        days = sorted({promised_day(row) for shipment in sent for row in self.rows(*shipment)})
        return {day: [plan for given, some in ways.items() if (plan := self._plan(given, some, day))] for day in days}

    def _stocked_at(self, line: Key) -> list[str]:
        """The sites with stock and supply to come for a line: others send it beside no other line either."""
        alone_world = self.world.of_lines(frozenset({line}))
        return [site for site in self.sites if not isinstance(supply(alone_world, self.world.sites[site]), Reason)]

    def _ways(self, given: Assignment) -> list[list[Sent]]:
        """The shipments of an assignment, if they are not too many, by each order in which they take of the pool.

        First that of the ranks of their sites; those of which some shipment has no row are left out.
        """
        if len(set(given)) > self.method.max_shipments:
            return []
        to_site = list(zip(self.lines, given, strict=True))
        parts = {site: Part(frozenset(line for line, to in to_site if to == site)) for site in sorted(set(given))}
        ways: list[list[Sent]] = []
        for order in permutations(sorted(parts, key=lambda site: (self.ranks[site], site))):
            left = self.shipments.left((site, parts[site]) for site in order)
            way = [(site, Part(part.keys, left[site])) for site, part in parts.items()]
            if way not in ways and all(self.rows(*shipment) for shipment in way):
                ways.append(way)
        return ways

    def _first(self, site: str, part: Part, day: date) -> Row | None:
        """Of the rows of a shipment that keep a day the policy's first, `promised` abstaining."""
        key = site, part, day
        if key not in self._firsts:
            kept = [row for row in self.rows(site, part) if promised_day(row) <= day]
            first = min(kept, key=lambda row: policy_key(self.world, alone(row), "promised"), default=None)
            self._firsts[key] = first
        return self._firsts[key]

    def _plan(self, given: Assignment, ways: list[list[Sent]], day: date) -> Plan | None:
        """An assignment as it goes by a day, if its shipments keep it and can go together.

        Each takes the policy's first row, or others in its order where those cannot go together.
        """
        for way in ways:
            kept = [[row for row in self.rows(*shipment) if promised_day(row) <= day] for shipment in way]
            in_order = [sorted(rows, key=lambda row: policy_key(self.world, alone(row), "promised")) for rows in kept]
            for taken in product(*in_order):
                if self._can_go_together(taken):
                    return Plan(given, taken, self._shown(taken))
        return None

    def _can_go_together(self, rows: tuple[Row, ...]) -> bool:
        most = self.method.max_parcels
        if most is not None and sum(row.parcels for row in rows) > most:
            self.met.add("too many parcels together")
            return False
        if not have_room_together(rows):
            self.met.add("no room together")
            return False
        return True

    def is_in_its_own_way(self, option: Shown) -> bool:
        """Whether each shipment of an option keeps its day, but not all together, whichever rows they take."""
        site_of = {line: site for site, _, lines, *_ in option.shipments for line in lines}
        given = tuple(site_of[line[:2]] for line in self.lines)
        ways = self._ways(given)
        keeps = any(all(self._first(*shipment, option.day) for shipment in way) for way in ways)
        return keeps and not self._plan(given, ways, option.day)

    def _shown(self, rows: tuple[Row, ...]) -> Shown:
        cost = added_up([row.cost for row in rows])
        price = shopper_price(Money(self.world, utc(self.world.placed_at).date()), self.method, self.spot, cost)
        assert price is not None
        parts = tuple(
            (row.candidate.site.id, row.candidate.way, tuple(line.key[:2] for line in row.lines), row.door.promised,
             row.parcels)
            for row in rows
        )  # fmt: skip
        counted = len(rows), cost.total, sum(row.parcels for row in rows)
        return Shown(last_door(rows).promised, price, *counted, parts, max(map(promised_day, rows)))

    # What is offered.

    @cached_property
    def singles(self) -> list[Shown]:
        """The rows of single sites."""
        whole = Part(frozenset(self.lines))
        return [self._shown((row,)) for site in self.sites for row in self.rows(site, whole)]

    @cached_property
    def day_of_line(self) -> dict[tuple[Key, str], date]:
        """The earliest promised day of each line alone at each site that has one."""
        rows = {(line, site): self.rows(site, Part(frozenset({line}))) for line in self.lines for site in self.sites}
        return {pair: min(map(promised_day, found)) for pair, found in rows.items() if found}

    def in_normal_form(self, day: date) -> list[Plan]:
        """The plans of sets of sites that deliver by a day while no part of them does."""
        plans = self.by_day[day]
        delivering = {plan.sites for plan in plans}
        minimal = {sites for sites in delivering if not any(other < sites for other in delivering)}
        self.met |= {"a set of which a part delivers"} if len(minimal) < len(delivering) else set()
        return [plan for plan in plans if plan.sites in minimal and len(plan.sites) > 1]

    def first_choices(self, plan: Plan, day: date) -> Choices | None:
        """By which plans with the same sites are compared, line by line; None where a line alone is there too late."""
        days = [self.day_of_line[pair] for pair in zip(self.lines, plan.given, strict=True)]
        choices = [(alone_by, self.ranks[site], site) for alone_by, site in zip(days, plan.given, strict=True)]
        return choices if max(days) <= day else None

    def given_out(self, day: date) -> Iterator[tuple[Choices, Plan]]:
        """Of each set of sites the first way to give out the lines, for each placement of those that share a SKU."""
        sharing = [number for number, line in enumerate(self.lines) if line in self.world.basket.sharing]
        first: dict[object, tuple[Choices, Plan]] = {}
        for plan in self.in_normal_form(day):
            choices, placed = self.first_choices(plan, day), tuple(plan.given[number] for number in sharing)
            if choices is not None:
                key = plan.sites, placed
                first[key] = min(first.get(key, (choices, plan)), (choices, plan), key=lambda found: found[0])
        for choices, plan in first.values():
            yield [choices[number] for number in sharing], plan

    def order_of_sites(self, day: date) -> dict[str, int]:
        """The place of each site by the policy for a day, by its shipment of all lines that are there by then."""

        def standing(site: str) -> tuple[object, ...]:
            had = frozenset(line for line in self.lines if (line, site) in self.day_of_line)
            had = frozenset(line for line in had if self.day_of_line[line, site] <= day)
            first = (self._first(site, Part(had), day) or self._first(site, Part(had), date.max)) if had else None
            return (0, criteria_key(self.world, alone(first)), site) if first else (1, (), site)

        return {site: place for place, site in enumerate(sorted(self.sites, key=standing))}

    @cached_property
    def front(self) -> set[Shown]:
        """The splits that are offered."""
        cells: dict[tuple[date, int, int], tuple[tuple[object, ...], Shown]] = {}
        for day in self.by_day:
            places = self.order_of_sites(day)
            for placed, plan in self.given_out(day):
                if plan.day == day:
                    cell = day, plan.shown.price, plan.shown.count
                    held = (sorted(places[site] for site in plan.sites), placed), plan.shown
                    cells[cell] = min(cells.get(cell, held), held, key=lambda found: found[0])
        shown = {option for _, option in cells.values()}
        return {
            option for option in shown
            if not any(other[:3] != option[:3] and as_good(other[:3], option[:3]) for other in shown)
            and not any(as_good(single[:2], option[:2]) for single in self.singles)
        }  # fmt: skip


def as_good(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether one is no worse on any measure."""
    return all(mine <= theirs for mine, theirs in zip(one, other, strict=True))
