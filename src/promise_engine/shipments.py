"""What each site would promise for some of a basket's lines: the shipments that splits are made of."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import SiteStock
from promise_engine._compile.request import part_of
from promise_engine._kernels._tables import in_block
from promise_engine._kernels.preparation import fill_supply_instants
from promise_engine.errors import Reason
from promise_engine.parts import Asked, Part, room_left, rooms_of, site_stock
from promise_engine.sources import Sources
from promise_engine.units import NEVER, instant
from promise_engine.views import View, enumerated, slots_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.tasks import Planner
    from promise_engine.parts import Choice


class Variant(NamedTuple):
    """What tells apart the parts that have the same lines."""

    taken: dict[str, int]  # what other sites of the plan take of the pool, by SKU
    steps: dict[int, int]  # how many steps of a line that is not whole
    along: int  # lines that the same site sends in other shipments of the plan, a bit a line


class Shipments:
    """The parts of one question: some of its lines, shipped from one site.

    A part is a number with a bit a line, in their order. Above these bits stands the number of its variant: 0 where its
    lines are whole, its site sends no others, and other sites of the same plan take no SKU of it.
    """

    def __init__(
        self, network: CompiledNetwork, whole: Part, planner: Planner, bound: BoundStock, by_way: np.ndarray
    ) -> None:
        self.network, self.bound, self.by_way = network, bound, by_way
        self.request, self.plan = whole.request, whole.plan
        self.line_count = len(whole.request.lines)
        self.sources = Sources(whole.request.lines)
        self.whole = (1 << self.line_count) - 1
        self.to_area = whole.request.place is None and not whole.request.postal_code
        self._planner = planner
        self._parts = {self.whole: whole}
        self._variants: list[Variant] = [Variant({}, {}, 0)]

    @cached_property
    def skus(self) -> list[frozenset[str]]:
        """What each line takes of stock."""
        return [frozenset(taken.sku for taken in line.goods) for line in self.request.lines]

    @cached_property
    def may_hold(self) -> np.ndarray:
        """Which sites have each line some day (lines, S); all where lines share a SKU, whose parts may be anywhere."""
        short = dict(zip((need.sku for need in self.request.needs), self.part(self.whole).stock.short, strict=True))
        counts = Counter(sku for skus in self.skus for sku in skus)
        lacking = [sum(short[sku] for sku in skus if counts[sku] == 1) for skus in self.skus]
        return np.array([np.zeros(len(self.network.sites)) == lacks for lacks in lacking])

    @cached_property
    def rarest_first(self) -> list[int]:
        """The lines, those that few sites have first."""
        order: list[int] = np.argsort(self.may_hold.sum(axis=1), kind="stable").tolist()
        return order

    def next_midnight(self, site: int, at: int) -> int:
        """When the local date of a site changes next."""
        network = self.network
        clock = network.almanac.clock(network.time_zones[int(network.tables.sites.zone_idx[site])])
        day = datetime.fromtimestamp(at, UTC).astimezone(clock).date()
        return instant(datetime.combine(day + timedelta(days=1), time.min, clock))

    def own(self, lines: int) -> int:
        """The part of the same lines whatever else the plan sends."""
        return self.of_steps(lines, self._variant(lines).steps)

    def together(self, parts: Sequence[int]) -> int:
        """The part of the lines of several."""
        lines = reduce(or_, (part & self.whole for part in parts))
        steps = [self._variant(part).steps for part in parts]
        return self._numbered(lines, Variant({}, reduce(or_, steps), 0))

    def single_lines(self, lines: int) -> list[int]:
        """The parts of each line of a part alone, of so many steps."""
        steps = self._variant(lines).steps
        return [self.of_steps(1 << line, steps) for line in range(self.line_count) if lines >> line & 1]

    def along(self, lines: int, parts: Sequence[int]) -> int:
        """The part of some lines whose site prepares those of others with them."""
        whole = self.together([lines, *parts])
        return self._numbered(lines, Variant({}, self._variant(whole).steps, whole & ~lines & self.whole))

    def beside(self, lines: int, taken: Mapping[str, int]) -> int:
        """The part of some lines whose SKUs other sites take of the pool."""
        held = self.skus_of(lines)
        known = {sku: quantity for sku, quantity in taken.items() if quantity and sku in held}
        return self._numbered(lines, self._variant(lines)._replace(taken=known))

    def of_steps(self, lines: int, steps: Mapping[int, int]) -> int:
        """The part of some lines, of some of them so many steps alone."""
        few = {line: count for line, count in steps.items() if lines >> line & 1 and count < self.request.steps[line]}
        return self._numbered(lines, Variant({}, few, 0))

    def _variant(self, lines: int) -> Variant:
        return self._variants[lines >> self.line_count]

    def _numbered(self, lines: int, variant: Variant) -> int:
        if variant not in self._variants:
            self._variants.append(variant)
        return lines & self.whole | self._variants.index(variant) << self.line_count

    def skus_of(self, lines: int) -> frozenset[str]:
        """What some lines take of stock."""
        return frozenset().union(*(skus for i, skus in enumerate(self.skus) if lines >> i & 1))

    def takes(self, lines: int, site: int) -> dict[str, int]:
        """What the shipment of a part takes of the stock of its site, by SKU."""
        request, _, stock = self.part(lines)
        return {need.sku: min(need.quantity, int(stock.exposed[i, site])) for i, need in enumerate(request.needs)}

    def part(self, lines: int) -> Part:
        """Some lines, prepared once."""
        if lines not in self._parts:
            chosen = [i for i in range(self.line_count) if lines >> i & 1]
            taken, steps, others = self._variant(lines)
            along = [i for i in range(self.line_count) if others >> i & 1]
            request = part_of(self.request, chosen, self.network, taken, steps, along)
            stock = site_stock(self.network.tables, self.bound.tables, request, len(self.network.sites))
            self._parts[lines] = Part(request, self.plan._replace(tables=self._planner.tables_of(request)), stock)
        return self._parts[lines]

    def have_room(self, rows: np.ndarray) -> bool:
        """Whether collections, windows and a pickup point take several shipments together, not only each."""
        asked = Counter[tuple[str, int, int]]()
        for row in rows.tolist():
            for table, room, day, count in rooms_of(row, self.request.reached.tables, self.plan):
                asked[table, room, day] += count
        taken = self.bound.taken
        return all(count <= room_left(taken, table)[room, day] for (table, room, day), count in asked.items())


class Scope(NamedTuple):
    """What of a question is asked: one method, to one address or to all places."""

    method: int
    target: int | None = None  # None for any
    day: int | None = None  # the nominated day that is asked; -1 for none, None for any


class Looked(NamedTuple):
    """A part that was asked, and the sites at which; None for all."""

    lines: int
    sites: tuple[int, ...] | None


class Offers:
    """The rows of parts for an order placed at an instant, each part asked once a site.

    Parameters
    ----------
    shipments
        The parts of a question.
    placed_at
        When the order is placed.
    scope
        What is asked; everything by default.
    nominated_until
        By method, the last day of the period whose slots are asked; all by default.
    """

    def __init__(
        self,
        shipments: Shipments,
        placed_at: int,
        scope: Scope | None = None,
        nominated_until: np.ndarray | None = None,
    ) -> None:
        self.shipments, self.placed_at, self.scope = shipments, placed_at, scope
        self._nominated_until = nominated_until
        tables = shipments.plan.tables
        self.wanted = np.ones(len(tables.method_idx), np.uint8)
        if scope is not None:
            wanted = (tables.method_idx == scope.method) & (scope.target is None or tables.target_idx == scope.target)
            self.wanted = wanted.astype(np.uint8)
        self._asked: dict[int, Asked] = {}
        self._asked_at: dict[int, dict[int, Asked]] = {}
        self._earliest_of: dict[Choice, int] = {}
        self._there_at: dict[int, np.ndarray] = {}
        self.asks = 0  # how often a part was asked

    @property
    def asked_parts(self) -> list[Looked]:
        """The parts that were asked so far."""
        of_some = (lines for lines in self._asked_at if lines not in self._asked)
        of_sites = [Looked(lines, tuple(sorted(self._asked_at[lines]))) for lines in of_some]
        return [Looked(lines, None) for lines in self._asked] + of_sites

    def asked(self, lines: int) -> Asked:
        """The rows of a part."""
        if lines not in self._asked:
            self._asked[lines] = self._ask(lines)
        return self._asked[lines]

    def ask_at(self, lines: int, sites: Sequence[int]) -> None:
        """Ask a part of some sites together: for most parts few of all sites are looked at."""
        known = self._asked_at.setdefault(lines, {})
        unknown = [] if lines in self._asked else [site for site in sites if site not in known]
        if unknown:
            known.update(dict.fromkeys(unknown, self._ask(lines, unknown)))

    def _at(self, lines: int, site: int) -> Asked:
        """The rows of a part, at least those of a site."""
        if lines in self._asked:
            return self._asked[lines]
        self.ask_at(lines, [site])
        return self._asked_at[lines][site]

    def part(self, lines: int) -> Part:
        """Some lines, for an order placed at this instant."""
        request, plan, stock = self.shipments.part(lines)
        basket = request.basket._replace(placed_at=self.placed_at)
        if self.scope is not None and self.scope.day is not None and self.scope.day >= 0:
            basket = basket._replace(nominated_day=self.scope.day)
        if self._nominated_until is not None:
            basket = basket._replace(nominated_until=self._nominated_until)
        basket = in_block(basket)
        return Part(request._replace(basket=basket), plan, stock)

    def choices(self) -> list[Choice]:
        """The choices in which every line has a row alone; without those of an area."""
        return self.choices_of_all(self.choices_of(self.shipments.rarest_first[0]))

    def choices_of_all(self, choices: set[Choice]) -> list[Choice]:
        """Those of some choices in which every line has a row alone; without those of an area."""
        found = {choice for choice in choices if choice[1] >= 0 or not self.shipments.to_area}
        for line in self.shipments.rarest_first:
            if not found:
                break
            found &= self.choices_of(line)
        return sorted(found)

    def choices_of(self, line: int) -> set[Choice]:
        """The choices in which a line has a row alone, or a step of it where its units may be split."""
        whole, *steps = (set(self.asked(part).choices) for part in self._parts_alone(line))
        return whole.union(*({choice for choice in one if self.splits_units(line, choice[0])} for one in steps))

    def _parts_alone(self, line: int) -> list[int]:
        """The part of a line, and of a step of it where some method splits units."""
        methods = range(len(self.shipments.plan.methods))
        splits = any(self.splits_units(line, method) for method in methods)
        return [1 << line, self.one_step(line)] if splits else [1 << line]

    def one_step(self, line: int) -> int:
        """The part of one step of a line."""
        return self.shipments.of_steps(1 << line, {line: 1})

    def slots(self, request: CompiledRequest) -> int:
        """The most nominated days or slots that are asked of a candidate."""
        return 0 if self.scope is not None and self.scope.day == -1 else slots_in(View.ALL, request)

    def _ask(self, lines: int, sites: Sequence[int] | None = None) -> Asked:
        self.asks += 1
        part = self.part(lines)
        stock = part.stock if sites is None else _only_at(part.stock, sites)
        rows, reasons, _ = enumerated(self.slots(part.request), *part[:2], self.shipments.bound, stock, self.wanted)
        return Asked(part, rows, reasons, self.shipments.by_way)

    def days(self, lines: int, choice: Choice, site: int) -> list[int]:
        """The promised days of a part from a site."""
        asked = self._at(lines, site)
        found: list[int] = asked.days[asked.at(choice, site)].tolist()
        return found

    def first_days(self, lines: int, choice: Choice) -> np.ndarray:
        """The first promised day of a part from each site (S,); NEVER without."""
        asked = self.asked(lines)
        first = np.full(self.shipments.plan.tables.site_rank.shape[1], NEVER, np.int64)
        here = asked.of_choice(choice)
        np.minimum.at(first, asked.rows[here, col.SITE], asked.days[here])
        return first

    def in_choice(self, lines: int, choice: Choice) -> np.ndarray:
        """The rows of a part in a choice."""
        asked = self.asked(lines)
        found: np.ndarray = asked.rows[asked.of_choice(choice)]
        return found

    def alone(self, choice: Choice) -> np.ndarray:
        """The rows of single sites in a choice; none where ship groups need several shipments."""
        found = self.in_choice(self.shipments.whole, choice)
        return found if self.shipments.sources.count == 1 else found[:0]

    def there_at(self, lines: int) -> np.ndarray:
        """From when each site (S,) has all of a part, not before the order is placed; NEVER where it has not."""
        if lines not in self._there_at:
            stock = self.shipments.part(lines).stock
            self._there_at[lines] = np.empty(len(stock.reason), np.int64)
            tables = self.shipments.request.reached.tables
            fill_supply_instants(tables, stock, self.placed_at, self._there_at[lines])
        return self._there_at[lines]

    def next_supply_change(self) -> int:
        """The next instant from which lines whose order of supply was asked may be there in another order.

        Supply that is there before an order is there with it; replenishment comes some days after the order's date.
        """
        later = [int(at[at > self.placed_at].min(initial=NEVER)) for at in self._there_at.values()]
        waits = (self.shipments.part(part).stock.wait_days for part in self._there_at)
        replenished = {site for days in waits for site in np.flatnonzero((days >= 0).any(axis=0)).tolist()}
        return min([NEVER, *later, *(self.shipments.next_midnight(site, self.placed_at) for site in replenished)])

    def first_day_alone(self, choice: Choice) -> int:
        """The first promised day of single sites; NEVER without."""
        several = self.shipments.sources.count > 1
        return NEVER if several else min(self.days_in_choice(self.shipments.whole, choice), default=NEVER)

    def days_in_choice(self, lines: int, choice: Choice) -> list[int]:
        """The promised days of a part in a choice."""
        asked = self.asked(lines)
        days: list[int] = np.unique(asked.days[asked.of_choice(choice)]).tolist()
        return days

    def earliest(self, choice: Choice) -> int:
        """The instant at which the last line is promised when each comes alone: no split is earlier."""
        if choice not in self._earliest_of:
            lines = range(self.shipments.line_count)
            self._earliest_of[choice] = max(self.earliest_of_line(line, choice) for line in lines)
        return self._earliest_of[choice]

    def earliest_alone(self, choice: Choice) -> int:
        """The first instant that a single site promises for all lines; NEVER without."""
        return int(self.alone(choice)[:, col.PROMISED].min(initial=NEVER))

    def earliest_of_line(self, line: int, choice: Choice) -> int:
        """The first instant that a line alone is promised, or a step of it where its units may be split."""
        whole = self._earliest(1 << line, choice)
        if not self.splits_units(line, choice[0]):
            return whole
        return min(whole, self._earliest(self.one_step(line), choice))

    def splits_units(self, line: int, method: int) -> bool:
        """Whether the units of a line may come from several sites."""
        return self.shipments.request.steps[line] > 1 and self.shipments.plan.methods[method].split_units

    def _earliest(self, lines: int, choice: Choice) -> int:
        return int(self.in_choice(lines, choice)[:, col.PROMISED].min(initial=NEVER))

    def may_promise_by(self, instant: int) -> bool:
        """Whether every line alone is promised by an instant."""
        return all(
            any(self.asked(part).promised_by(instant) for part in self._parts_alone(line))
            for line in self.shipments.rarest_first
        )

    def ranks(self, choice: Choice) -> list[int]:
        """The rank of each site for the method and destination of a choice."""
        plan = self.shipments.plan
        places = plan.targets.place_idx[plan.tables.target_idx]
        task = np.flatnonzero((plan.tables.method_idx == choice[0]) & (places == choice[1]))[0]
        ranks: list[int] = plan.tables.site_rank[task].tolist()
        return ranks

    def first(self, lines: int, choice: Choice, site: int, day: int = NEVER) -> np.ndarray | None:
        """The policy's first row of a part from a site that keeps a day; None without."""
        asked = self._at(lines, site)
        kept = (i for i in asked.at(choice, site) if asked.days[i] <= day)
        position = next(kept, None)
        return None if position is None else asked.rows[position]

    def least_parcels(self, lines: int, choice: Choice, site: int, day: int) -> int:
        """The fewest parcels of a part from a site that keeps a day; 0 where none does."""
        asked = self._at(lines, site)
        kept = [int(asked.rows[i, col.PARCELS]) for i in asked.at(choice, site) if asked.days[i] <= day]
        return min(kept, default=0)


def _only_at(stock: SiteStock, sites: Sequence[int]) -> SiteStock:
    """What some sites could sell, as if the others had none."""
    reasons = np.full(len(stock.reason), int(Reason.NOT_STOCKED), np.int64)
    reasons[sites] = stock.reason[sites]
    return in_block(SiteStock(reasons, *(getattr(stock, name) for name in SiteStock._fields[1:])))
