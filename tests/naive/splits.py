"""Splits over sources: every set of sources, every promised day, every way of giving out the lines."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING, NamedTuple

from promise_engine.models.pricing import TariffPrice

from .as_available import AsAvailable
from .choice import Choice, added_up, alone, can_be_collected_together, have_room_together, last_door
from .clock import FOREVER, utc
from .lasting import steady_until
from .money import Money, basket_value, shopper_price
from .shipments import Part, Shipments, Source, promised_day
from .units import Units, carrying, divisible
from .views import criteria_key, policy_key
from .waves import Sending, at_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from promise_engine.models.policy import DeliveryMethod

    from .candidates import Candidate, Target
    from .doors import Nomination
    from .lines import Key, MergedLine
    from .serving import Offer, Row
    from .shipments import Keys
    from .stock import Left
    from .units import Cutting
    from .waves import Giving
    from .world import World

Placing = dict["Key", Source]
"""At which source each line stands that one source sends."""


class SplitPlan(NamedTuple):
    """A way for several sources to serve a basket."""

    rows: tuple[Row, ...]
    is_cut: bool
    """Whether some line comes from several of them."""
    in_waves: bool = False
    """Whether each sends first what is there first."""


def may_split(world: World, method: DeliveryMethod, target: Target, placed_at: int) -> bool:
    """Whether the basket may be split for this destination at all."""
    if method.max_shipments < 2 or target.is_area:
        return False
    if len(world.basket.lines) < 2 and not divisible(world, method):
        return False
    return world.basket.is_mixed or not is_below_split_value(world, method, placed_at)


def is_below_split_value(world: World, method: DeliveryMethod, placed_at: int) -> bool:
    """Whether the basket is worth too little for shipments from several sites."""
    if method.min_split_value is None:
        return False
    money = Money(world, utc(placed_at).date())
    return basket_value(money) < money.minor(method.min_split_value, method.currency)


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
            end = steady_until(self.world, self.shipments.servings, placed_at)
            self._steady[placed_at] = min(end, self.supplied_until(placed_at))
        return self._steady[placed_at]

    def supplied_until(self, placed_at: int) -> int:
        """Until when the lines of shipments are there at the same instants, as far as one waits for the other."""
        return self.shipments.supplied_until(placed_at) if self.shipments else FOREVER

    def _groups(self, placed_at: int) -> list[Group]:
        if placed_at not in self._known:
            self._known[placed_at] = self._groups_at(placed_at)
        return self._known[placed_at]

    def _groups_at(self, placed_at: int) -> list[Group]:
        if self.shipments is None or not may_split(self.world, self.method, self.target, placed_at):
            return []
        found = set.intersection(*(self._nominations(line, placed_at) for line in self.world.basket.lines))
        return [Group(self.world, self.shipments, nomination, placed_at) for nomination in found]

    def _nominations(self, line: MergedLine, placed_at: int) -> set[Nomination]:
        """What may be nominated for a line alone, or for one step of it where several sites may each send some."""
        assert self.shipments is not None
        quantities = {line.quantity} | ({line.item.step} if line.key in divisible(self.world, self.method) else set())
        parts = [carrying(self.world, {line.key: quantity}) for quantity in quantities]
        sites = self.shipments.candidates
        return {found for site in sites for part in parts for found in self.shipments.rows(site, part, placed_at)}


class Group:
    """All shipments to one destination that belong to one nominated day or slot (or none), and their splits."""

    def __init__(self, world: World, shipments: Shipments, nomination: Nomination, placed_at: int) -> None:
        self.world, self.shipments = world, shipments
        self.nomination, self.placed_at = nomination, placed_at
        candidate = next(iter(shipments.candidates.values()))[0]
        self.method, self.spot = candidate.method, candidate.target.parts[0]
        self.keys = sorted(world.basket.keys)
        self.sharing = [key for key in self.keys if key in world.basket.sharing]
        self.others = [key for key in self.keys if key not in self.sharing]
        self.sources = [Source(site, of) for site in sorted(shipments.candidates) for of in world.basket.ship_groups]
        self.ranks = {
            source: world.site_rank(world.sites[source.site], self.method, self.spot.country) for source in self.sources
        }
        self.is_below_split_value = is_below_split_value(world, self.method, placed_at)
        self.units, self.as_available = Units(self), AsAvailable(self)
        self._promised: set[date] = set()
        self._known_places: dict[tuple[date, bool], dict[Source, int]] = {}

    def rows(self, source: Source, part: Part) -> list[Row]:
        """The rows of a shipment."""
        found = self.shipments.rows(source.site, part, self.placed_at).get(self.nomination, [])
        self._promised.update(map(promised_day, found))
        return found

    def keeping(self, day: date, source: Source, part: Part) -> list[Row]:
        """The rows with which a shipment keeps a day."""
        return [row for row in self.rows(source, part) if promised_day(row) <= day]

    def all_rows(self) -> dict[Source, list[Row]]:
        """The rows of single sources for the whole basket; none where it has several ship groups."""
        whole = Part(self.world.basket.keys)
        return {} if self.world.basket.is_mixed else {source: self.rows(source, whole) for source in self.sources}

    @cached_property
    def day_of_line(self) -> dict[tuple[Key, Source], date]:
        """The earliest promised day of each line alone, where it has one, by line and source."""
        days = {
            (line.key, source): [promised_day(row) for row in self.rows(source, Part(frozenset({line.key})))]
            for line in self.world.basket.lines
            for source in self.sources
            if source.ship_group == line.ship_group
        }
        return {pair: min(found) for pair, found in days.items() if found}

    def had_by(self, day: date, source: Source) -> Keys:
        """The lines whose day at a source is not after a day."""
        days = self.day_of_line
        return frozenset(key for key in self.keys if (key, source) in days and days[key, source] <= day)

    def days(self) -> Iterator[date]:
        """The days for which plans may differ: a plan changes only where a shipment keeps the day that was asked for."""
        day = date.min
        while True:
            yield day
            later = [promised for promised in self._promised if promised > day]
            if not later:
                return
            day = min(later)

    # Sets of sources.

    def plans(self, day: date) -> Iterator[SplitPlan]:
        """The plans of every set of sources that delivers by a day while none of its proper subsets does, and as available."""
        yield from self._together(day)
        yield from (SplitPlan(rows, is_cut=False, in_waves=True) for rows in self.as_available.plans(day))

    def _together(self, day: date) -> Iterator[SplitPlan]:
        singles = self.all_rows()
        delivering = [{source} for source in singles if any(promised_day(row) <= day for row in singles[source])]
        whole, cut = self._tried(day), self.units.tried(day)
        for count in range(2, self.method.max_shipments + 1):
            minimal = [set(sources) for sources in combinations(sorted(whole | cut), count)]
            minimal = [sources for sources in minimal if not any(smaller <= sources for smaller in delivering)]
            for sources in minimal:
                if self.is_below_split_value and len({source.site for source in sources}) > 1:
                    continue
                found = list(self._whole_plans_of(sources, day)) if sources <= whole else []
                if not found and sources <= cut:
                    found = list(self._cut_plans_of(sources, day))
                if found:
                    delivering.append(sources)
                    yield from found

    def _tried(self, day: date) -> set[Source]:
        """The sources whose sets are tried: of a method priced by tariffs the first few, by the policy, for each line."""
        if isinstance(self.method.price, TariffPrice):
            return self.first_few_of_lines(day)
        return {source for source in self.sources if self.had_by(day, source)}

    def first_few_of_lines(self, day: date) -> set[Source]:
        """The first few sources that have each line by a day."""
        had = [{source for source in self.sources if key in self.had_by(day, source)} for key in self.keys]
        return self.first_few(day, had)

    def first_few(self, day: date, of_lines: Sequence[set[Source]], *, is_cut: bool = False) -> set[Source]:
        """The first few sources of each line, in the order of sources for a day."""
        most = self.world.network.settings.split_candidates
        if all(len(sources) <= most for sources in of_lines):
            return set().union(*of_lines)
        places = self._places(day, is_cut=is_cut)
        return {source for sources in of_lines for source in sorted(sources, key=places.__getitem__)[:most]}

    def _whole_plans_of(self, sources: set[Source], day: date) -> Iterator[SplitPlan]:
        if len(sources) <= len(self.keys):
            yield from (SplitPlan(rows, is_cut=False) for rows in self.plans_of(sources, day, {}))

    def _cut_plans_of(self, sources: set[Source], day: date) -> Iterator[SplitPlan]:
        cutting = self.units.cutting(sources, day)
        if cutting:
            yield from (SplitPlan(rows, is_cut=True) for rows in self.plans_of(sources, day, cutting))

    def plans_of(
        self, sources: set[Source], day: date, cutting: Cutting, waves: AsAvailable | None = None
    ) -> Iterator[tuple[Row, ...]]:
        """For every way to place the lines that share a SKU the first way to give out the others, if one is possible."""
        others = [key for key in self.others if key not in cutting]
        for placing in self._placings(self.sharing, sources, day):
            lefts = self._lefts(self._given(placing, cutting))
            givings = (placing | given for given in self._placings(others, sources, day))
            ways = ((self._given(giving, cutting), left) for giving in givings for left in lefts)
            taken = (rows for giving, left in ways for rows in self._taken(giving, left, day, waves))
            plan = next((rows for rows in taken if self._is_possible(rows)), None)
            if plan:
                yield plan

    def _placings(self, keys: Sequence[Key], sources: set[Source], day: date) -> Iterator[Placing]:
        """Every way to place lines at sources that have them by a day, the first choices first."""

        def choices(key: Key) -> list[Source]:
            had = [source for source in sources if key in self.had_by(day, source)]
            return sorted(had, key=lambda source: (self.day_of_line[key, source], self.ranks[source], source))

        for placed in product(*map(choices, keys)):
            yield dict(zip(keys, placed, strict=True))

    def _given(self, placing: Placing, cutting: Cutting) -> Giving:
        """What each source sends, in the order of the sources."""
        quantities: dict[Source, dict[Key, Decimal]] = {}
        for line in self.world.basket.lines:
            whole = {placing[line.key]: line.quantity} if line.key in placing else {}
            for source, quantity in cutting.get(line.key, whole).items():
                quantities.setdefault(source, {})[line.key] = quantity
        return {source: quantities[source] for source in sorted(quantities)}

    def _lefts(self, giving: Giving) -> list[dict[str, Left]]:
        """What the sites of placed lines leave each other of the pool, each taking for all its lines at once.

        First as they take by their rank and id, then in every other order, each outcome once.
        """
        sites = sorted(dict.fromkeys((self.ranks[source], source.site) for source in giving))
        parts = {site: carrying(self.world, at_site(giving, site)) for _, site in sites}
        lefts = [self.shipments.left((site, parts[site]) for _, site in order) for order in permutations(sites)]
        return [left for number, left in enumerate(lefts) if left not in lefts[:number]]

    def _taken(
        self, giving: Giving, left: dict[str, Left], day: date, waves: AsAvailable | None
    ) -> Iterator[tuple[Row, ...]]:
        """The rows that shipments may take: of each the policy's first, then others; none when one keeps no day."""
        sending = Sending(self.shipments, giving, self.placed_at, in_waves=waves is not None)
        if waves and not waves.allows(sending.sent):
            return
        kept = [self.keeping(day, sent.source, sending.part(sent, left)) for sent in sending.sent]
        for taken in product(*(sorted(rows, key=self._turn) for rows in kept)):
            if not waves or waves.are_close(taken):
                yield taken

    def _turn(self, row: Row) -> tuple[object, ...]:
        """Where a row stands by the policy, `promised` abstaining."""
        return policy_key(self.world, alone(row), abstaining="promised")

    def _first(self, rows: list[Row]) -> Row:
        """The policy's first, `promised` abstaining."""
        return min(rows, key=self._turn)

    def _is_possible(self, rows: tuple[Row, ...]) -> bool:
        most = self.method.max_parcels
        few = most is None or sum(row.parcels for row in rows) <= most
        return few and can_be_collected_together(rows) and have_room_together(rows)

    # Cells and the front.

    @cached_property
    def front(self) -> list[Choice]:
        """The splits that no other beats or equals, and no single source does as well."""
        cells: dict[object, tuple[tuple[bool, list[int]], Choice]] = {}
        for day in self.days():
            for plan in self.plans(day):
                if max(promised_day(row) for row in plan.rows) < day:
                    continue  # it belongs to that earlier day
                choice, places = self._choice(plan), self._places(day, is_cut=plan.is_cut)
                sources = {Source(row.candidate.site.id, row.ship_group) for row in plan.rows}
                standing = plan.is_cut, sorted(places[source] for source in sources)
                cell = (day, choice.price, len(plan.rows), choice.first_promised if plan.in_waves else None)
                cells[cell] = min(cells.get(cell, (standing, choice)), (standing, choice), key=lambda held: held[0])
        choices = sorted((choice for _, choice in cells.values()), key=lambda choice: policy_key(self.world, choice))
        singles = [row for rows in self.all_rows().values() for row in rows]
        return [
            choice for position, choice in enumerate(choices)
            if not any(_beats(other, choice) for other in choices[:position])
            and not any(_beats(other, choice) and _measures(other) != _measures(choice) for other in choices)
            and not any(row.door.promised <= choice.first_promised and row.price <= choice.price for row in singles)
        ]  # fmt: skip

    def _places(self, day: date, *, is_cut: bool) -> dict[Source, int]:
        """The order of sources for a day, by what each would ship of all it has by then: whole lines, or units too."""
        if (day, is_cut) not in self._known_places:
            self._known_places[day, is_cut] = self._placed(day, is_cut=is_cut)
        return self._known_places[day, is_cut]

    def _placed(self, day: date, *, is_cut: bool) -> dict[Source, int]:
        def standing(source: Source) -> tuple[object, ...]:
            part = self.units.all_by(day, source) if is_cut else Part(self.had_by(day, source))
            rows = self.keeping(day, source, part) or self.rows(source, part) if part.keys else []
            if not rows:
                return 1, (), source
            first = self._first(rows)
            ends = first.candidate.way, first.door.promised, first.door.delivers_from
            return 0, criteria_key(self.world, alone(first)), source.site, *ends, source.ship_group

        return {source: place for place, source in enumerate(sorted(self.sources, key=standing))}

    def _choice(self, plan: SplitPlan) -> Choice:
        cost = added_up([row.cost for row in plan.rows])
        price = shopper_price(Money(self.world, utc(self.placed_at).date()), self.method, self.spot, cost)
        assert price is not None
        return Choice(plan.rows, last_door(plan.rows), cost, price, plan.in_waves)


def _measures(choice: Choice) -> tuple[int, int, int, int]:
    return choice.door.promised, choice.price, len(choice.rows), choice.first_promised


def _beats(one: Choice, other: Choice) -> bool:
    """Whether one is as good on every measure."""
    return all(mine <= theirs for mine, theirs in zip(_measures(one), _measures(other), strict=True))
