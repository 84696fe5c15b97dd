"""Splits over sites: every set of sites, every promised day, every way of giving out the lines."""

from __future__ import annotations

from functools import cached_property
from itertools import chain, combinations, product
from typing import TYPE_CHECKING

from .choice import Choice, added_up, alone, can_be_collected_together, have_room_together, last_door
from .clock import utc
from .money import Money, basket_value, shopper_price
from .shipments import Shipments, promised_day
from .views import criteria_key, policy_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from promise_engine.models.policy import DeliveryMethod

    from .candidates import Candidate, Target
    from .doors import Nomination
    from .serving import Row
    from .shipments import Skus
    from .world import World

Giving = dict[str, "Skus"]
"""Which lines each site of a set ships."""


def may_split(world: World, method: DeliveryMethod, target: Target, placed_at: int) -> bool:
    """Whether baskets of this value may be split for this destination at all."""
    if method.max_shipments < 2 or len(world.basket.lines) < 2 or target.is_area:
        return False
    if method.min_split_value is None:
        return True
    money = Money(world, utc(placed_at).date())
    return basket_value(money) >= money.minor(method.min_split_value, method.currency)


class Splits:
    """The splits of one method and destination, by one way where the shopper chooses it."""

    def __init__(self, world: World, candidates: Sequence[Candidate]) -> None:
        self.world, self.method, self.target = world, candidates[0].method, candidates[0].target
        self.shipments = Shipments(world, candidates) if not self.target.is_area else None
        self._known: dict[int, list[Choice]] = {}

    def at(self, placed_at: int) -> list[Choice]:
        """What an order placed at an instant is offered."""
        if placed_at not in self._known:
            self._known[placed_at] = self._at(placed_at)
        return self._known[placed_at]

    def until(self, choice: Choice, placed_at: int) -> int:
        """Until when a split certainly stays the same: the first end of what its shipments stand for."""
        assert self.shipments is not None
        return min(self.shipments.until(row, placed_at) for row in choice.rows)

    def _at(self, placed_at: int) -> list[Choice]:
        if self.shipments is None or not may_split(self.world, self.method, self.target, placed_at):
            return []
        lines = [
            {
                nomination
                for site in self.shipments.candidates
                for nomination in self.shipments.rows(site, frozenset({line.item.sku}), placed_at)
            }
            for line in self.world.basket.lines
        ]
        groups = (Group(self.world, self.shipments, found, placed_at) for found in set.intersection(*lines))
        return [choice for group in groups for choice in group.front()]


class Group:
    """All shipments to one destination that belong to one nominated day or slot (or none), and their splits."""

    def __init__(self, world: World, shipments: Shipments, nomination: Nomination, placed_at: int) -> None:
        self.world, self.shipments = world, shipments
        self.nomination, self.placed_at = nomination, placed_at
        candidate = next(iter(shipments.candidates.values()))[0]
        self.method, self.spot = candidate.method, candidate.target.parts[0]
        self.skus = sorted(world.basket.skus)
        self.sites = sorted(shipments.candidates)
        self.ranks = {site: world.site_rank(world.sites[site], self.method, self.spot.country) for site in self.sites}

    def rows(self, site: str, skus: Skus) -> list[Row]:
        """The rows of a shipment."""
        return self.shipments.rows(site, skus, self.placed_at).get(self.nomination, [])

    def keeping(self, site: str, skus: Skus, day: date) -> list[Row]:
        """The rows with which a shipment keeps a day."""
        return [row for row in self.rows(site, skus) if promised_day(row) <= day]

    @cached_property
    def day_of_line(self) -> dict[tuple[str, str], date]:
        """The earliest promised day of each line alone, where it has one, by SKU and site."""
        days = {
            (sku, site): [promised_day(row) for row in self.rows(site, frozenset({sku}))]
            for sku in self.skus
            for site in self.sites
        }
        return {key: min(found) for key, found in days.items() if found}

    def had_by(self, site: str, day: date) -> Skus:
        """The lines whose day at a site is not after a day."""
        days = self.day_of_line
        return frozenset(sku for sku in self.skus if (sku, site) in days and days[sku, site] <= day)

    def days(self) -> list[date]:
        """The promised days of all shipments of lines that a site has."""
        found: set[date] = set()
        for site in self.sites:
            had = sorted(sku for sku in self.skus if (sku, site) in self.day_of_line)
            parts = chain.from_iterable(combinations(had, count) for count in range(1, len(had) + 1))
            found.update(promised_day(row) for part in parts for row in self.rows(site, frozenset(part)))
        return sorted(found)

    # Sets of sites.

    def plans(self, day: date) -> Iterator[tuple[Row, ...]]:
        """The rows of the plan of every set of sites that delivers by a day while none of its proper subsets does."""
        delivering = [{site} for site in self.sites if self.keeping(site, self.world.basket.skus, day)]
        for count in range(2, min(self.method.max_shipments, len(self.skus)) + 1):
            minimal = [set(sites) for sites in combinations(self.sites, count)]
            minimal = [sites for sites in minimal if not any(smaller <= sites for smaller in delivering)]
            for sites in minimal:
                taken = (self._taken(giving, day) for giving in self._givings(sites, day))
                plan = next((rows for rows in taken if self._is_possible(rows)), None)
                if plan:
                    delivering.append(sites)
                    yield plan

    def _givings(self, sites: set[str], day: date) -> Iterator[Giving]:
        """Every way to give out the lines so that every shipment keeps the day, the first choices first."""

        def choices(sku: str) -> list[str]:
            had = [site for site in sites if sku in self.had_by(site, day)]
            return sorted(had, key=lambda site: (self.day_of_line[sku, site], self.ranks[site], site))

        for given in product(*map(choices, self.skus)):
            giving = {
                site: frozenset(sku for sku, to in zip(self.skus, given, strict=True) if to == site)
                for site in sorted(set(given))
            }
            if all(self.keeping(site, skus, day) for site, skus in giving.items()):
                yield giving

    def _taken(self, giving: Giving, day: date) -> tuple[Row, ...]:
        return tuple(self._first(self.keeping(site, skus, day)) for site, skus in giving.items())

    def _first(self, rows: list[Row]) -> Row:
        """The policy's first, `promised` abstaining."""
        return min(rows, key=lambda row: policy_key(self.world, alone(row), abstaining="promised"))

    def _is_possible(self, rows: tuple[Row, ...]) -> bool:
        most = self.method.max_parcels
        few = most is None or sum(row.parcels for row in rows) <= most
        return few and can_be_collected_together(rows) and have_room_together(rows)

    # Cells and the front.

    def front(self) -> list[Choice]:
        """The splits that no other beats or equals, and no single site does as well."""
        cells: dict[object, tuple[list[int], Choice]] = {}
        for day in self.days() if len({site for _, site in self.day_of_line}) > 1 else []:
            places = self._places(day)
            for rows in self.plans(day):
                if max(promised_day(row) for row in rows) < day:
                    continue  # it belongs to that earlier day
                choice = self._choice(rows)
                sites = sorted(places[row.candidate.site.id] for row in rows)
                cell = (day, choice.price, len(rows))
                cells[cell] = min(cells.get(cell, (sites, choice)), (sites, choice), key=lambda held: held[0])
        choices = sorted((choice for _, choice in cells.values()), key=lambda choice: policy_key(self.world, choice))
        singles = [row for site in self.sites for row in self.rows(site, self.world.basket.skus)]
        return [
            choice for position, choice in enumerate(choices)
            if not any(_beats(other, choice) for other in choices[:position])
            and not any(_beats(other, choice) and _measures(other) != _measures(choice) for other in choices)
            and not any(row.door.promised <= choice.door.promised and row.price <= choice.price for row in singles)
        ]  # fmt: skip

    def _places(self, day: date) -> dict[str, int]:
        """The order of sites for a day, by what each would ship of all it has by then."""

        def standing(site: str) -> tuple[object, ...]:
            skus = self.had_by(site, day)
            rows = self.keeping(site, skus, day) or self.rows(site, skus) if skus else []
            return (0, criteria_key(self.world, alone(self._first(rows))), site) if rows else (1, (), site)

        return {site: place for place, site in enumerate(sorted(self.sites, key=standing))}

    def _choice(self, rows: tuple[Row, ...]) -> Choice:
        cost = added_up([row.cost for row in rows])
        price = shopper_price(Money(self.world, utc(self.placed_at).date()), self.method, self.spot, cost)
        assert price is not None
        return Choice(rows, last_door(rows), cost, price)


def _measures(choice: Choice) -> tuple[int, int, int]:
    return choice.door.promised, choice.price, len(choice.rows)


def _beats(one: Choice, other: Choice) -> bool:
    """Whether one is as good on every measure."""
    return all(mine <= theirs for mine, theirs in zip(_measures(one), _measures(other), strict=True))
