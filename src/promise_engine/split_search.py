"""The search for the splits of one choice: days, sets of sites, and the ways to give the lines to them."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, compress, islice, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine.covering import Coverage
from promise_engine.parts import promised_days
from promise_engine.split_units import UnitSplits
from promise_engine.units import NEVER
from promise_engine.views import Split, policy_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promise_engine.parts import Choice
    from promise_engine.shipments import Offers
    from promise_engine.split_units import Units

_MILLION = 1_000_000
_MOST_TRIED = 20_000  # sets of sites a day and number of shipments, where not every set can be tried
_MOST_GIVEN = 5_000  # steps of giving lines to sites, where the first choices cannot be had together

Sites = tuple[int, ...]
Sources = dict[int, list[int]]
"""By line, the sites that it may come from whole, the first one to take first."""


class Limits(NamedTuple):
    """What a method allows a split."""

    shipments: int
    parcels: int  # of all shipments; NEVER without
    candidates: int  # sites a line that are tried where not every set can be


class Found(NamedTuple):
    """The option of a plan, and its shipments."""

    row: np.ndarray
    split: Split


class Search:
    """The front of the splits of one choice."""

    def __init__(self, offers: Offers, choice: Choice, limits: Limits) -> None:
        self._offers, self._choice, self._limits = offers, choice, limits
        self._shipments = offers.shipments
        self._whole = self._shipments.whole
        self._delivered: dict[tuple[Sites, int], list[Split]] = {}
        self._orders: dict[tuple[int, Sites], list[int]] = {}
        self._searched: dict[int, list[int]] = {}  # for units, by day
        self._coverages: dict[int, Coverage] = {}
        lines = [1 << line for line in range(self._shipments.line_count)]
        self._first = np.array([offers.first_days(line, choice) for line in lines])  # (lines, S)
        self._seen_days = {day for line in lines for day in offers.days_in_choice(line, choice)}
        method = self._shipments.plan.methods[choice[0]]
        self._units = UnitSplits(offers, choice, self._first) if method.split_units else None
        self._ranks = offers.ranks(choice)
        self._sharing = _sharing(self._shipments.skus)
        self._most = 1  # placements of a set of sites that are of use
        self.bounded = False
        self.tried = 0  # sets of sites
        self._given_steps = 0

    def _first_day(self, lines: int, site: int) -> int:
        """The first promised day of a part from a site."""
        days = self._offers.days(lines, self._choice, site)
        self._seen_days.update(days)
        return min(days, default=NEVER)

    # The front.

    def front(self, *, by_tariff: bool) -> list[Found]:
        """The options that no other beats or equals, and to which no single site is as good."""
        self._most = _MOST_TRIED if by_tariff else 1
        found = self._cells_by_tariff() if by_tariff else self._cells_by_rules()
        alone = self._offers.in_choice(self._whole, self._choice)
        return [
            option
            for i, option in enumerate(found)
            if not any(_beats(other, option, first=j < i) for j, other in enumerate(found) if j != i)
            and not ((alone[:, _FIRST_TWO] <= option.row[_FIRST_TWO]).all(axis=1)).any()
        ]

    def _days(self) -> Iterator[int]:
        """Days for which there may be a plan, rising; those met on the way are among them."""
        first = self._first if self._units is None else self._units.first_some()
        day = int(first.min(axis=1).max()) - 1
        while later := [seen for seen in self._all_seen() if seen > day]:
            day = min(later)
            yield day

    def _all_seen(self) -> set[int]:
        """The promised days met so far."""
        parts = [] if self._units is None else self._units.asked
        return self._seen_days.union(*(self._offers.days_in_choice(part, self._choice) for part in parts))

    def _cells_by_rules(self) -> list[Found]:
        """One price: for each number of shipments the earliest day, as a later one with no fewer cannot be better."""
        found: list[Found] = []
        most, soonest = self._limits.shipments, self._offers.earliest(self._choice)
        first_alone = min(self._offers.days_in_choice(self._whole, self._choice), default=NEVER)
        for day in self._days():
            if most < 2 or day > first_alone:
                break
            for size in range(2, most + 1):
                plans = self._plans(size, day, 1) or self._unit_plans(size, day, 1)
                options = [self._option(split) for split in plans]
                found += options
                if options:
                    most = min(most, size - 1)
                if any(option.row[col.PROMISED] <= soonest for option in options):
                    break
        return found

    def _cells_by_tariff(self) -> list[Found]:
        """For each day, price and number of shipments the first plan."""
        cells: dict[tuple[int, int, int], Found] = {}
        for day in self._days():
            for size in range(2, self._limits.shipments + 1):
                for split in self._plans(size, day, _MOST_TRIED) + self._unit_plans(size, day, _MOST_TRIED):
                    option = self._option(split)
                    cells.setdefault((day, int(option.row[col.PRICE]), size), option)
        return list(cells.values())

    # Plans for a day.

    def _plans(self, size: int, day: int, most: int) -> list[Split]:
        """The first plans for a day with so many shipments, in the order of their sites."""
        coverage = self._coverage(day)
        useful = coverage.useful(size)
        if len(useful) < size:
            return []
        order = self._order(day, tuple(useful if most == 1 else self._able(day)))
        few = self._first_of_each(order, self._first[:, order] <= day)
        pools = [order, few] if most == 1 else [few]
        self.bounded |= len(pools) == 1 and len(few) < len(order)
        plans: list[Split] = []
        for pool in pools:
            plans, ended = self._plans_from(coverage.sets(pool, size), day, most)
            if ended:
                break
            self.bounded = True
        return plans

    def _unit_plans(self, size: int, day: int, most: int) -> list[Split]:
        """The same with units of some line from several sites."""
        if self._units is None or not self._units.lines:
            return []
        searched = self._searched_for_units(self._units, day)
        plans, ended = self._plans_from(self._units.sets(searched, size, day), day, most)
        self.bounded |= not ended
        return plans

    def _searched_for_units(self, units: UnitSplits, day: int) -> list[int]:
        """Of the sites in the order of all they can by a day, the first candidates of each line."""
        if day not in self._searched:
            can = units.can(day)
            parts = {}
            for site in np.flatnonzero((can > 0).any(axis=0)).tolist():
                steps = {line: count for line, count in enumerate(can[:, site].tolist()) if count}
                parts[site] = self._shipments.of_steps(sum(1 << line for line in steps), steps)
            order = self._ranked(parts, day)
            self._searched[day] = self._first_of_each(order, can[:, order] > 0)
            self.bounded |= len(self._searched[day]) < len(order)
        return self._searched[day]

    def _plans_from(self, sets: Iterator[Sites | None], day: int, most: int) -> tuple[list[Split], bool]:
        """The first plans from sets of sites, and whether nothing was left untried for lack of time."""
        plans: list[Split] = []
        for tried, sites in enumerate(sets):
            if tried == _MOST_TRIED or sites is None:
                return plans, False
            self.tried += 1
            plans += self._plans_of(tuple(sorted(sites)), day)
            if len(plans) >= most:
                break
        return plans, True

    def _plans_of(self, sites: Sites, day: int) -> list[Split]:
        """How the sites deliver on a day and no part of them does by then."""
        parts = (part for size in range(1, len(sites)) for part in combinations(sites, size))
        splits = [] if any(self._by(part, day) for part in parts) else self._by(sites, day)
        whole = self._shipments.part(self._whole)
        return [split for split in splits if max(promised_days(whole, split.rows)) == day]

    def _coverage(self, day: int) -> Coverage:
        """Which sites deliver which lines, each alone, by a day."""
        if day not in self._coverages:
            self._coverages[day] = Coverage(self._first <= day)
        return self._coverages[day]

    def _able(self, day: int) -> list[int]:
        """The sites that deliver some line by a day."""
        able: list[int] = np.flatnonzero((self._first <= day).any(axis=0)).tolist()
        return able

    def _lines_by(self, site: int, day: int) -> int:
        """The lines that a site delivers, each alone, by a day."""
        return sum(1 << line for line in np.flatnonzero(self._first[:, site] <= day).tolist())

    def _order(self, day: int, among: Sites) -> list[int]:
        """Some sites by the policy, each by its shipment of all whole lines that it can deliver by a day."""
        if (day, among) not in self._orders:
            self._orders[day, among] = self._ranked({site: self._lines_by(site, day) for site in among}, day)
        return self._orders[day, among]

    def _ranked(self, parts: dict[int, int], day: int) -> list[int]:
        """Sites by the policy, each by its part; those without a row last."""
        alike: dict[int, list[int]] = {}
        for site, held in parts.items():
            alike.setdefault(held, []).append(site)
        for held, sites in alike.items():
            self._offers.ask_at(held, sites)
        rows = {site: self._best(held, site, day) for site, held in parts.items()}
        known = np.array([row for row in rows.values() if row is not None])
        policy = self._shipments.request.policy
        ranked = (
            known[policy_order(known, (), self._shipments.plan, policy)][:, col.SITE].tolist() if len(known) else []
        )
        return ranked + [site for site in parts if rows[site] is None]

    def _best(self, lines: int, site: int, day: int) -> np.ndarray | None:
        kept = self._offers.first(lines, self._choice, site, day)
        return self._offers.first(lines, self._choice, site) if kept is None else kept

    def _first_of_each(self, order: list[int], has: np.ndarray) -> list[int]:
        """Of the sites in order, the first candidates of each line; `has` (lines, sites) says which have it."""
        chosen: set[int] = set()
        for kept in has.tolist():
            chosen.update(list(compress(order, kept))[: self._limits.candidates])
        return [site for site in order if site in chosen]

    # Giving lines to sites.

    def _by(self, sites: Sites, day: int) -> list[Split]:
        """The shipments by which sites deliver all lines by a day, one for each placement of the lines that share a
        SKU, or the first where prices do not differ; empty when they cannot."""
        if len(sites) > self._limits.parcels:
            return []
        if (sites, day) not in self._delivered:
            units = self._split_between(sites, day)
            split = {line for sent in units.values() for line in sent}
            whole = [line for line in range(len(self._first)) if line not in split]
            sources = {line: self._sources(self._first[line, sites].tolist(), sites, day) for line in whole}
            splits = self._placed(sources, units, day) if all(sources.values()) else iter(())
            self._delivered[sites, day] = list(islice(splits, self._most))
            self.bounded |= len(self._delivered[sites, day]) == _MOST_TRIED
        return self._delivered[sites, day]

    def _split_between(self, sites: Sites, day: int) -> Units:
        """What each of some sites sends of lines that none of them can whole; nothing where they cannot."""
        units = self._units
        if units is None or len(sites) < 2 or not set(sites).issubset(self._searched_for_units(units, day)):
            return {}
        return units.given(sites, day, self._ranks) or {}

    def _placed(self, sources: Sources, units: Units, day: int) -> Iterator[Split]:
        """For each placement of the lines that share a SKU, in order, the others given out."""
        for sites in product(*(sources[line] for line in self._sharing)):
            placed = dict(zip(self._sharing, sites, strict=True))
            left = {line: [placed[line]] if line in placed else able for line, able in sources.items()}
            split = self._given(left, units, day)
            if split:
                yield split

    def _sources(self, days: list[int], sites: Sites, day: int) -> list[int]:
        """The sites that deliver a line alone by a day, the earliest first, then by rank."""
        able = [(first, site) for first, site in zip(days, sites, strict=True) if first <= day]
        return [site for _, site in sorted(able, key=lambda had: (had[0], self._ranks[had[1]], had[1]))]

    def _given(self, sources: Sources, units: Units, day: int) -> Split | None:
        """Every line to its first source, or to the first sources in order that keep the day together."""
        sent = {site: sum(1 << line for line in steps) for site, steps in units.items()}
        given = dict(sent)
        for line, able in sources.items():
            given[able[0]] = given.get(able[0], 0) | 1 << line
        settled = self._settled(given, units, day)
        return settled or self._given_from(list(sources.items()), sent, units, day)

    def _given_from(
        self, sources: Sequence[tuple[int, list[int]]], given: dict[int, int], units: Units, day: int
    ) -> Split | None:
        if not sources:
            return self._settled(given, units, day)
        line, able = sources[0]
        for site in able:
            self._given_steps += 1
            if self._given_steps > _MOST_GIVEN:
                self.bounded = True
                return None
            lines = given.get(site, 0) | 1 << line
            part = self._shipments.of_steps(lines, units.get(site, {}))
            if self._may_keep(part, site, len(given | {site: 0}), day):
                split = self._given_from(sources[1:], given | {site: lines}, units, day)
                if split:
                    return split
        return None

    def _may_keep(self, part: int, site: int, shipments: int, day: int) -> bool:
        """Whether a part keeps a day beside other shipments, each of a parcel; what needs two never fits one."""
        if self._first_day(part, site) > day:
            return False
        parcels = self._offers.least_parcels(part, self._choice, site, day)
        return shipments - 1 + min(2, parcels) <= self._limits.parcels

    def _settled(self, given: dict[int, int], units: Units, day: int) -> Split | None:
        """The shipments of lines given to sites, if all keep a day and can be had together."""
        whole = {site: self._shipments.of_steps(lines, units.get(site, {})) for site, lines in given.items()}
        parts = self._beside_each_other(whole) if self._sharing or units else whole
        sites = sorted(parts)
        for site in sites:
            self._first_day(parts[site], site)
        rows = [self._offers.first(parts[site], self._choice, site, day) for site in sites]
        if any(row is None for row in rows):
            return None
        shipments = np.array(rows)
        if shipments[:, col.PARCELS].sum() > self._limits.parcels:
            return None
        if shipments[0, col.COLLECT_FROM] >= 0 and (
            shipments[:, col.COLLECT_UNTIL].min() <= shipments[:, col.COLLECT_FROM].max()
        ):
            return None
        if not self._shipments.have_room(shipments):
            return None
        return Split(shipments, tuple(parts[site] for site in sites))

    def _beside_each_other(self, given: dict[int, int]) -> dict[int, int]:
        """The parts of sites that take one SKU: each has of the pool what those of a lower rank leave."""
        parts, taken = dict(given), Counter[str]()
        for site in sorted(given, key=lambda site: (self._ranks[site], site)):
            parts[site] = self._shipments.beside(given[site], taken)
            taken.update(self._shipments.takes(parts[site], site))
        return parts

    # The option of a plan.

    def _option(self, split: Split) -> Found:
        rows = split.rows
        start = col.DELIVER_FROM if rows[0, col.COLLECT_FROM] < 0 else col.COLLECT_FROM
        last = np.lexsort((rows[:, col.SITE], -rows[:, col.DELIVER_FROM], -rows[:, col.PROMISED]))[0]
        row = rows[last].copy()
        row[_SUMMED] = rows[:, _SUMMED].sum(axis=0)
        row[col.CO2E] = min(NEVER, rows[:, col.CO2E].sum()) if rows[:, col.CO2E].max() < NEVER else NEVER
        if self._shipments.plan.targets.place_idx[row[col.TARGET]] < 0 and rows[:, col.DISTANCE].max() < NEVER:
            row[col.DISTANCE] = rows[:, col.DISTANCE].sum()
        row[col.COLLECT_UNTIL] = rows[:, col.COLLECT_UNTIL].min()
        row[col.EARLIEST_FROM] = min(rows[:, col.EARLIEST_FROM].max(), row[start])
        row[col.SHIPMENTS] = len(rows)
        row[col.PRICE] = self._price(row)
        return Found(row, split)

    def _price(self, row: np.ndarray) -> int:
        """The price of the rules, or that of the tariffs together."""
        tables, task = self._shipments.plan.tables, row[col.TASK]
        if tables.price[task] >= 0:
            return int(tables.price[task] + tables.service_price)
        tariff = int(row[col.TRANSPORT] + row[col.SURCHARGE])
        margin = (tariff * int(tables.price_percent[task]) + _MILLION // 2) // _MILLION
        return max(0, tariff + margin + int(tables.price_amount[task])) + int(tables.service_price)


_SUMMED = [
    *(col.PARCELS, col.TRANSPORT, col.SURCHARGE, col.PREPARATION, col.PACKAGING, col.TRANSFER, col.COST),
]
_FIRST_TWO = [col.PROMISED, col.PRICE]
_CRITERIA = [col.PROMISED, col.PRICE, col.SHIPMENTS]


def _sharing(skus: Sequence[frozenset[str]]) -> list[int]:
    """The lines that share a SKU with another."""
    counts = Counter(sku for held in skus for sku in held)
    return [line for line, held in enumerate(skus) if any(counts[sku] > 1 for sku in held)]


def _beats(other: Found, option: Found, *, first: bool) -> bool:
    """Whether another option is as good on every criterion, and better on one or the first of equals."""
    theirs, own = other.row[_CRITERIA], option.row[_CRITERIA]
    return bool((theirs <= own).all() and ((theirs < own).any() or first))
