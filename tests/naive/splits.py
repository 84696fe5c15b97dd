"""Splits over sites: every set of sites, every promised day, every way of giving out the lines."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations, product
from typing import TYPE_CHECKING

from promise_engine.models.pricing import TariffPrice

from .choice import Choice, added_up, alone, can_be_collected_together, have_room_together, last_door
from .clock import utc
from .lasting import steady_until
from .money import Money, basket_value, shopper_price
from .shipments import Shipments, promised_day
from .views import criteria_key, policy_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from promise_engine.models.policy import DeliveryMethod

    from .candidates import Candidate, Target
    from .doors import Nomination
    from .lines import Key, MergedLine
    from .serving import Offer, Row
    from .shipments import Keys
    from .stock import Left
    from .world import World

Placing = dict["Key", str]
"""At which site each line stands."""
NOTHING_TAKEN: Left = frozenset()


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
        self._known: dict[int, list[Group]] = {}
        self._steady: dict[int, int] = {}

    def at(self, placed_at: int) -> list[Choice]:
        """What an order placed at an instant is offered."""
        return [choice for group in self._groups(placed_at) for choice in group.front]

    def give(self, offer: Offer, placed_at: int) -> bool:
        """Whether an order placed at an instant is offered this."""
        return any(choice.offer == offer for choice in self.at(placed_at))

    def until(self, placed_at: int) -> int:
        """Until when splits certainly stay the same: the first change of any shipment that was looked at for them."""
        assert self.shipments is not None
        if placed_at not in self._steady:
            self._steady[placed_at] = steady_until(self.world, self.shipments.servings, placed_at)
        return self._steady[placed_at]

    def _groups(self, placed_at: int) -> list[Group]:
        if placed_at not in self._known:
            self._known[placed_at] = self._groups_at(placed_at)
        return self._known[placed_at]

    def _groups_at(self, placed_at: int) -> list[Group]:
        if self.shipments is None or not may_split(self.world, self.method, self.target, placed_at):
            return []
        lines = [
            {
                nomination
                for site in self.shipments.candidates
                for nomination in self.shipments.rows(site, (frozenset({line.key}), NOTHING_TAKEN), placed_at)
            }
            for line in self.world.basket.lines
        ]
        return [Group(self.world, self.shipments, found, placed_at) for found in set.intersection(*lines)]


class Group:
    """All shipments to one destination that belong to one nominated day or slot (or none), and their splits."""

    def __init__(self, world: World, shipments: Shipments, nomination: Nomination, placed_at: int) -> None:
        self.world, self.shipments = world, shipments
        self.nomination, self.placed_at = nomination, placed_at
        candidate = next(iter(shipments.candidates.values()))[0]
        self.method, self.spot = candidate.method, candidate.target.parts[0]
        self.keys = sorted(world.basket.keys)
        self.sharing = [line.key for line in world.basket.lines if _shares(line, world.basket.lines)]
        self.others = [key for key in self.keys if key not in self.sharing]
        self.sites = sorted(shipments.candidates)
        self.ranks = {site: world.site_rank(world.sites[site], self.method, self.spot.country) for site in self.sites}

    def rows(self, site: str, keys: Keys, left: Left = NOTHING_TAKEN) -> list[Row]:
        """The rows of a shipment."""
        return self.shipments.rows(site, (keys, left), self.placed_at).get(self.nomination, [])

    def keeping(self, day: date, site: str, keys: Keys, left: Left = NOTHING_TAKEN) -> list[Row]:
        """The rows with which a shipment keeps a day."""
        return [row for row in self.rows(site, keys, left) if promised_day(row) <= day]

    @cached_property
    def day_of_line(self) -> dict[tuple[Key, str], date]:
        """The earliest promised day of each line alone, where it has one, by line and site."""
        days = {
            (key, site): [promised_day(row) for row in self.rows(site, frozenset({key}))]
            for key in self.keys
            for site in self.sites
        }
        return {pair: min(found) for pair, found in days.items() if found}

    def had_by(self, site: str, day: date) -> Keys:
        """The lines whose day at a site is not after a day."""
        days = self.day_of_line
        return frozenset(key for key in self.keys if (key, site) in days and days[key, site] <= day)

    def days(self) -> list[date]:
        """The promised days of all shipments of lines that a site has, whatever others leave it of the pool."""
        lines = {site: [key for key in self.keys if (key, site) in self.day_of_line] for site in self.sites}
        asked: set[tuple[str, Keys, Left]] = set()
        for site, had in lines.items():
            asked.update((site, part, NOTHING_TAKEN) for part in _parts(had) if part)
        for placed in product(*([site for site in self.sites if key in lines[site]] for key in self.sharing)):
            if len(set(placed)) > self.method.max_shipments:
                continue
            placing = dict(zip(self.sharing, placed, strict=True))
            shared = _given(placing)
            for site, left in self.left(placing).items():
                rest = _parts([key for key in lines[site] if key in self.others])
                asked.update((site, shared[site] | part, left) for part in rest if left)
        return sorted({promised_day(row) for shipment in asked for row in self.rows(*shipment)})

    # Sets of sites.

    def plans(self, day: date) -> Iterator[tuple[Row, ...]]:
        """The rows of the plans of every set of sites that delivers by a day while none of its proper subsets does."""
        tried = self._tried(day)
        delivering = [{site} for site in tried if self.keeping(day, site, self.world.basket.keys)]
        for count in range(2, min(self.method.max_shipments, len(self.keys)) + 1):
            minimal = [set(sites) for sites in combinations(tried, count)]
            minimal = [sites for sites in minimal if not any(smaller <= sites for smaller in delivering)]
            for sites in minimal:
                found = list(self._plans_of(sites, day))
                if found:
                    delivering.append(sites)
                    yield from found

    def _tried(self, day: date) -> list[str]:
        """The sites whose sets are tried: of a method priced by tariffs the first few, by the policy, for each line."""
        if not isinstance(self.method.price, TariffPrice):
            return self.sites
        most = self.world.network.settings.split_candidates
        had = [[site for site in self._places(day) if key in self.had_by(site, day)] for key in self.keys]
        return sorted({site for sites in had for site in sites[:most]})

    def _plans_of(self, sites: set[str], day: date) -> Iterator[tuple[Row, ...]]:
        """For every way to place the lines that share a SKU the first way to give out the others, if one is possible."""
        for placing in self._placings(self.sharing, sites, day):
            left = self.left(placing)
            givings = (placing | given for given in self._placings(self.others, sites, day))
            taken = (self._taken(_given(giving), left, day) for giving in givings)
            plan = next((rows for rows in taken if rows and self._is_possible(rows)), None)
            if plan:
                yield plan

    def _placings(self, keys: Sequence[Key], sites: set[str], day: date) -> Iterator[Placing]:
        """Every way to place lines at sites that have them by a day, the first choices first."""

        def choices(key: Key) -> list[str]:
            had = [site for site in sites if key in self.had_by(site, day)]
            return sorted(had, key=lambda site: (self.day_of_line[key, site], self.ranks[site], site))

        for placed in product(*map(choices, keys)):
            yield dict(zip(keys, placed, strict=True))

    def left(self, placing: Placing) -> dict[str, Left]:
        """What the shipments of placed lines leave each other of the pool, by rank and id of their sites."""
        shipments = _given(placing)
        order = sorted(shipments, key=lambda site: (self.ranks[site], site))
        return self.shipments.left((site, shipments[site]) for site in order)

    def _taken(self, giving: dict[str, Keys], left: dict[str, Left], day: date) -> tuple[Row, ...]:
        """The row that each shipment takes; none when some shipment does not keep the day."""
        kept = [self.keeping(day, site, keys, left.get(site, NOTHING_TAKEN)) for site, keys in giving.items()]
        return tuple(map(self._first, kept)) if all(kept) else ()

    def _first(self, rows: list[Row]) -> Row:
        """The policy's first, `promised` abstaining."""
        return min(rows, key=lambda row: policy_key(self.world, alone(row), abstaining="promised"))

    def _is_possible(self, rows: tuple[Row, ...]) -> bool:
        most = self.method.max_parcels
        few = most is None or sum(row.parcels for row in rows) <= most
        return few and can_be_collected_together(rows) and have_room_together(rows)

    # Cells and the front.

    @cached_property
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
        singles = [row for site in self.sites for row in self.rows(site, self.world.basket.keys)]
        return [
            choice for position, choice in enumerate(choices)
            if not any(_beats(other, choice) for other in choices[:position])
            and not any(_beats(other, choice) and _measures(other) != _measures(choice) for other in choices)
            and not any(row.door.promised <= choice.door.promised and row.price <= choice.price for row in singles)
        ]  # fmt: skip

    def _places(self, day: date) -> dict[str, int]:
        """The order of sites for a day, by what each would ship of all it has by then."""

        def standing(site: str) -> tuple[object, ...]:
            keys = self.had_by(site, day)
            rows = self.keeping(day, site, keys) or self.rows(site, keys) if keys else []
            return (0, criteria_key(self.world, alone(self._first(rows))), site) if rows else (1, (), site)

        return {site: place for place, site in enumerate(sorted(self.sites, key=standing))}

    def _choice(self, rows: tuple[Row, ...]) -> Choice:
        cost = added_up([row.cost for row in rows])
        price = shopper_price(Money(self.world, utc(self.placed_at).date()), self.method, self.spot, cost)
        assert price is not None
        return Choice(rows, last_door(rows), cost, price)


def _shares(line: MergedLine, lines: Sequence[MergedLine]) -> bool:
    """Whether another line needs a SKU that a line needs."""
    own = {goods.item.sku for goods in line.goods}
    return any(goods.item.sku in own for other in lines if other.key != line.key for goods in other.goods)


def _parts(keys: Sequence[Key]) -> list[Keys]:
    """Every part of some lines, none of them included."""
    return [frozenset(part) for count in range(len(keys) + 1) for part in combinations(keys, count)]


def _given(placing: Placing) -> dict[str, Keys]:
    """Which lines each site ships, in the order of the sites."""
    sites = sorted(set(placing.values()))
    return {site: frozenset(key for key, to in placing.items() if to == site) for site in sites}


def _measures(choice: Choice) -> tuple[int, int, int]:
    return choice.door.promised, choice.price, len(choice.rows)


def _beats(one: Choice, other: Choice) -> bool:
    """Whether one is as good on every measure."""
    return all(mine <= theirs for mine, theirs in zip(_measures(one), _measures(other), strict=True))
