"""The search for the splits of one choice: days, sets of sources, and the ways to give the lines to them."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from itertools import combinations, compress, islice, product
from operator import itemgetter, or_
from typing import TYPE_CHECKING

import numpy as np

from promise_engine import _columns as col
from promise_engine.covering import Coverage
from promise_engine.parts import promised_days
from promise_engine.sending import Sent, beside_each_other, other_rows
from promise_engine.split_option import option_of
from promise_engine.split_units import UnitSplits
from promise_engine.units import NEVER
from promise_engine.views import Split, policy_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from promise_engine.offers import Offers
    from promise_engine.parts import Choice
    from promise_engine.split_limits import Limits
    from promise_engine.split_option import Found
    from promise_engine.split_units import Units

MOST_TRIED = 20_000  # sets of sources a day and number of shipments, where not every set can be tried
_MOST_BY_TARIFF = 2_000  # the same where each set may have another price
_ASKED_AHEAD = 256  # sets of sources that are asked for together
_MOST_GIVEN = 5_000  # steps of giving lines to sources, where the first choices cannot be had together

Chosen = tuple[int, ...]
"""Some sources."""
Able = dict[int, list[int]]
"""By line, the sources that it may come from whole, the first one to take first."""


class Search:
    """The front of the splits of one choice."""

    def __init__(self, offers: Offers, choice: Choice, limits: Limits, *, units: bool) -> None:
        self._offers, self._choice, self.limits = offers, choice, limits
        self._shipments = offers.shipments
        self._sources = self._shipments.sources
        self._delivered: dict[tuple[Chosen, int], list[Split]] = {}
        self._orders: dict[tuple[int, Chosen], list[int]] = {}
        self._searched: dict[int, list[int]] = {}  # for units, by day
        self._coverages: dict[int, Coverage] = {}
        self._lines_by: dict[int, list[int]] = {}  # of each source by a day, a bit a line
        lines = range(self._shipments.line_count)
        first = [self._sources.of_line(line, offers.first_days(1 << line, choice)) for line in lines]
        self._first = np.array(first)  # (lines, sources)
        self._seen_days = offers.days_of_lines(choice)
        self._units = UnitSplits(offers, choice, self._first) if units else None
        self._ranks = self._sources.of_site(offers.ranks(choice))
        self._sharing = _sharing(self._shipments.skus)
        self._most = 1  # placements of a set of sources that are of use
        self._most_tried = MOST_TRIED
        self.bounded = False
        self.tried = 0  # sets of sources
        self._given_steps = 0

    def _first_day(self, lines: int, source: int) -> int:
        """The first promised day of a part from a source."""
        days = self._offers.days(lines, self._choice, self._sources.site(source))
        self._seen_days.update(days)
        return min(days, default=NEVER)

    # Cells.

    def _days(self) -> Iterator[int]:
        """Days for which there may be a plan, rising; those met on the way are among them."""
        first = self._first if self._units is None else self._units.first_some()
        day = int(first.min(axis=1).max()) - 1
        while later := [seen for seen in self._all_seen() if seen > day]:
            day = min(later)
            yield day

    def _all_seen(self) -> set[int]:
        """The promised days met so far."""
        if self._units is None:
            return self._seen_days
        of_parts = (self._offers.days_in_choice(part, self._choice) for part in self._units.asked)
        return self._seen_days.union(self._units.seen_days, *of_parts)

    def cells_by_rules(self) -> list[Found]:
        """One price: for each number of shipments the earliest day, as a later one with no fewer cannot be better."""
        found: list[Found] = []
        most, soonest = self.limits.shipments, self._offers.earliest(self._choice)
        first_alone = self._offers.first_day_alone(self._choice)
        for day in self._days():
            if most < 2 or day > first_alone:
                break
            for size in range(2, most + 1):
                plans = self._plans(size, day, 1) or self._unit_plans(size, day, 1)
                options = [option_of(split, self._shipments) for split in plans]
                found += options
                most = min(most, size - 1) if options else most
                if any(option.row[col.PROMISED] <= soonest for option in options):
                    break
        return found

    def cells_by_tariff(self) -> list[Found]:
        """For each day, price and number of shipments the first plan."""
        self._most, self._most_tried = MOST_TRIED, _MOST_BY_TARIFF
        cells: dict[tuple[int, int, int], Found] = {}
        for day in self._days():
            for size in range(2, self.limits.shipments + 1):
                for split in self._plans(size, day, MOST_TRIED) + self._unit_plans(size, day, MOST_TRIED):
                    option = option_of(split, self._shipments)
                    cells.setdefault((day, int(option.row[col.PRICE]), size), option)
        return list(cells.values())

    # Plans for a day.

    def _plans(self, size: int, day: int, most: int) -> list[Split]:
        """The first plans for a day with so many shipments, in the order of their sources."""
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
            plans, ended = self._plans_from(self._sets(coverage, pool, size), day, most)
            if ended:
                break
            self.bounded = True
        return plans

    def _sets(self, coverage: Coverage, pool: list[int], size: int) -> Iterator[Chosen | None]:
        """The sets of so many of some sources that have all lines, in their order, of as many sites as is allowed."""
        if self.limits.sites >= size:
            return coverage.sets(pool, size)
        return self._of_one_site(pool, size)

    def _of_one_site(self, pool: list[int], size: int) -> Iterator[Chosen]:
        """The sources of each site that has so many."""
        by_site: dict[int, list[int]] = {}
        for source in pool:
            by_site.setdefault(self._sources.site(source), []).append(source)
        return (tuple(sources) for sources in by_site.values() if len(sources) == size == self._sources.count)

    def _unit_plans(self, size: int, day: int, most: int) -> list[Split]:
        """The same with units of some line from several sources."""
        if self._units is None or not self._units.lines or self.limits.sites < size:
            return []
        searched = self._searched_for_units(self._units, day)
        plans, ended = self._plans_from(self._units.sets(searched, size, day), day, most)
        self.bounded |= not ended
        return plans

    def _searched_for_units(self, units: UnitSplits, day: int) -> list[int]:
        """Of the sources in the order of all they can by a day, the first candidates of each line."""
        if day not in self._searched:
            can = units.can(day)
            parts = {}
            for source in np.flatnonzero((can > 0).any(axis=0)).tolist():
                steps = {line: count for line, count in enumerate(can[:, source].tolist()) if count}
                parts[source] = self._shipments.of_steps(sum(1 << line for line in steps), steps)
            order = self._ranked(parts, day)
            self._searched[day] = self._first_of_each(order, can[:, order] > 0)
            self.bounded |= len(self._searched[day]) < len(order)
        return self._searched[day]

    def _plans_from(self, sets: Iterator[Chosen | None], day: int, most: int) -> tuple[list[Split], bool]:
        """The first plans from sets of sources, and whether nothing was left untried for lack of time."""
        plans: list[Split] = []
        at_once, left = 1 if most == 1 else _ASKED_AHEAD, self._most_tried
        while some := [one and tuple(sorted(one)) for one in islice(sets, min(at_once, left + 1))]:
            if most > 1:
                self._ask_ahead([chosen for chosen in some if chosen is not None], day)
            for chosen in some:
                if left == 0 or chosen is None:
                    return plans, False
                left -= 1
                self.tried += 1
                plans += self._plans_of(chosen, day)
                if len(plans) >= most:
                    return plans, True
        return plans, True

    def _ask_ahead(self, sets: Sequence[Chosen], day: int) -> None:
        """Ask together for what sets of sources, or parts of them, would send if each line went to its first source."""
        if self._sharing or self._units is not None or self._sources.count > 1:
            return  # what is sent depends on what else the plan sends, as of a source that sends several
        sent: set[tuple[int, int]] = set()
        for chosen in {part for one in sets for part in (*self._parts_of(one, day), one)}:
            if (chosen, day) not in self._delivered:
                able = self._able_of(chosen, day)
                shipments = self._sent(self._given_first(able, {})) if all(able.values()) else []
                is_one_each = len({one.source for one in shipments}) == len(shipments)
                sent.update(shipments if is_one_each else ())
        self._offers.ask_from(sorted(sent))

    def day_of(self, row: np.ndarray) -> int:
        """The promised day of a row."""
        return int(promised_days(self._shipments.part(self._shipments.whole), row[None, :])[0])

    def _plans_of(self, chosen: Chosen, day: int) -> list[Split]:
        """How the sources deliver on a day and no part of them does by then."""
        parts = self._parts_of(chosen, day)
        splits = [] if any(self.by(part, day) for part in parts) else self.by(chosen, day)
        whole = self._shipments.part(self._shipments.whole)
        return [split for split in splits if max(promised_days(whole, split.rows)) == day]

    def _parts_of(self, chosen: Chosen, day: int) -> list[Chosen]:
        """Some of the sources, not all, that may deliver by a day, as far as lines alone tell."""
        parts = [part for size in range(1, len(chosen)) for part in combinations(chosen, size)]
        if self._units is not None:
            return parts
        if day not in self._lines_by:
            self._lines_by[day] = self._coverage(day).lines_of(range(self._first.shape[1]))
        has = self._lines_by[day]
        return [part for part in parts if reduce(or_, (has[source] for source in part)) == self._shipments.whole]

    def useful(self, day: int, most: int) -> list[int] | None:
        """The sources that may be in a plan for a day of so many shipments at most, as far as lines alone tell.

        None where they are many.
        """
        found: set[int] = set()
        for size in range(2, most + 1):
            useful = self._coverage(day).few_useful(size)
            if useful is None:
                return None
            found.update(useful)
        return sorted(found)

    def _coverage(self, day: int) -> Coverage:
        """Which sources deliver which lines, each alone, by a day."""
        if day not in self._coverages:
            self._coverages[day] = Coverage(self._first <= day)
        return self._coverages[day]

    def _able(self, day: int) -> list[int]:
        """The sources that deliver some line by a day."""
        able: list[int] = np.flatnonzero((self._first <= day).any(axis=0)).tolist()
        return able

    def _order(self, day: int, among: Chosen) -> list[int]:
        """Some sources by the policy, each by its shipment of all whole lines that it can deliver by a day."""
        if (day, among) not in self._orders:
            parts = dict(zip(among, self._coverage(day).lines_of(among), strict=True))
            self._orders[day, among] = self._ranked(parts, day)
        return self._orders[day, among]

    def _ranked(self, parts: dict[int, int], day: int) -> list[int]:
        """Sources by the policy, each by its part; those without a row last."""
        known = self._offers.best(parts, self._choice, day)
        without = [source for source in parts if source not in known]
        if not known:
            return without
        by_policy = policy_order(
            np.array(list(known.values())), (), self._shipments.plan, self._shipments.request.policy
        )
        return [list(known)[position] for position in by_policy.tolist()] + without

    def _first_of_each(self, order: list[int], has: np.ndarray) -> list[int]:
        """Of the sources in order, the first candidates of each line; `has` (lines, sources) says which have it."""
        chosen: set[int] = set()
        for kept in has.tolist():
            chosen.update(list(compress(order, kept))[: self.limits.candidates])
        return [source for source in order if source in chosen]

    # Giving lines to sources.

    def by(self, chosen: Chosen, day: int) -> list[Split]:
        """The shipments by which sources deliver all lines by a day, one for each placement of the lines that share a
        SKU, or the first where prices do not differ; empty when they cannot."""
        if len(chosen) > self.limits.parcels:
            return []
        if (chosen, day) not in self._delivered:
            units = self._split_between(chosen, day)
            split = {line for sent in units.values() for line in sent}
            able = {line: sources for line, sources in self._able_of(chosen, day).items() if line not in split}
            splits = self._placed(able, units, day) if all(able.values()) else iter(())
            self._delivered[chosen, day] = list(islice(splits, self._most))
            self.bounded |= len(self._delivered[chosen, day]) == MOST_TRIED
        return self._delivered[chosen, day]

    def _split_between(self, chosen: Chosen, day: int) -> Units:
        """What each of some sources sends of lines that none of them can whole; nothing where they cannot."""
        units = self._units
        if units is None or len(chosen) < 2 or not set(chosen).issubset(self._searched_for_units(units, day)):
            return {}
        return units.given(chosen, day, self._ranks) or {}

    def _placed(self, able: Able, units: Units, day: int) -> Iterator[Split]:
        """For each placement of the lines that share a SKU, in order, the others given out."""
        for sources in product(*(able[line] for line in self._sharing)):
            placed = dict(zip(self._sharing, sources, strict=True))
            left = {line: [placed[line]] if line in placed else from_ for line, from_ in able.items()}
            split = self._given(left, units, day)
            if split:
                yield split

    def _able_of(self, chosen: Chosen, day: int) -> Able:
        """Which of some sources deliver each line alone by a day, the earliest first, then by rank."""
        by_rank = sorted(chosen, key=lambda source: (self._ranks[source], source))
        able: Able = {}
        for line, days in enumerate(self._first[:, by_rank].tolist()):
            by_day = sorted(zip(days, by_rank, strict=True), key=itemgetter(0))
            able[line] = [source for first, source in by_day if first <= day]
        return able

    def _given(self, able: Able, units: Units, day: int) -> Split | None:
        """Every line to its first source, or to the first sources in order that keep the day together."""
        sent = {source: sum(1 << line for line in steps) for source, steps in units.items()}
        settled = self._settled(self._given_first(able, sent), units, day)
        return settled or self._given_from(list(able.items()), sent, units, day)

    def _given_first(self, able: Able, sent: Mapping[int, int]) -> dict[int, int]:
        """Every line to its first source, beside what is sent already."""
        given = dict(sent)
        for line, sources in able.items():
            given[sources[0]] = given.get(sources[0], 0) | 1 << line
        return given

    def _given_from(
        self, able: Sequence[tuple[int, list[int]]], given: dict[int, int], units: Units, day: int
    ) -> Split | None:
        if not able:
            return self._settled(given, units, day)
        line, sources = able[0]
        for source in sources:
            self._given_steps += 1
            if self._given_steps > _MOST_GIVEN:
                self.bounded = True
                return None
            lines = given.get(source, 0) | 1 << line
            part = self._shipments.of_steps(lines, units.get(source, {}))
            if self._may_keep(part, source, len(given | {source: 0}), day):
                split = self._given_from(able[1:], given | {source: lines}, units, day)
                if split:
                    return split
        return None

    def _may_keep(self, part: int, source: int, shipments: int, day: int) -> bool:
        """Whether a part keeps a day beside other shipments, each of a parcel; what needs two never fits one."""
        if self._first_day(part, source) > day:
            return False
        parcels = self._offers.least_parcels(part, self._choice, self._sources.site(source), day)
        return shipments - 1 + min(2, parcels) <= self.limits.parcels

    def _settled(self, given: dict[int, int], units: Units, day: int) -> Split | None:
        """The shipments of lines given to sources, if all keep a day and can be had together."""
        given = {source: self._shipments.of_steps(lines, units.get(source, {})) for source, lines in given.items()}
        sharing = bool(self._sharing or units)
        ways = beside_each_other(self._sent(given), self._offers, self._ranks, sharing=sharing)
        return next(filter(None, (self._together(sent, day) for sent in ways)), None)

    def _together(self, sent: list[Sent], day: int) -> Split | None:
        """Some shipments, if all keep a day and can be had together."""
        self._offers.ask_from(sent)
        for source, part in sent:
            self._first_day(part, source)
        rows = [self._offers.first(part, self._choice, self._sources.site(source), day) for source, part in sent]
        if any(row is None for row in rows):
            return None
        first = np.array(rows)
        shipments = first if self._can_be_had(sent, first) else self._otherwise(sent, day)
        return None if shipments is None else Split(shipments, tuple(part for _, part in sent))

    def _otherwise(self, sent: list[Sent], day: int) -> np.ndarray | None:
        """The first rows by the policy that can be had together, where the first of each shipment cannot."""
        for shipments in other_rows(sent, self._offers, self._choice, day):
            self._given_steps += 1
            if self._given_steps > _MOST_GIVEN or len(sent) > self.limits.shipments:
                self.bounded |= self._given_steps > _MOST_GIVEN
                return None
            if self._can_be_had(sent, shipments):
                return shipments
        return None

    def _can_be_had(self, sent: list[Sent], shipments: np.ndarray) -> bool:
        """Whether so many shipments can be had together, of so many parcels."""
        if len(sent) > self.limits.shipments or shipments[:, col.PARCELS].sum() > self.limits.parcels:
            return False
        collected = shipments[0, col.COLLECT_FROM] >= 0
        if collected and shipments[:, col.COLLECT_UNTIL].min() <= shipments[:, col.COLLECT_FROM].max():
            return False
        return self._shipments.have_room(shipments)

    def _sent(self, given: dict[int, int]) -> list[Sent]:
        """The shipments of what is given to sources, in their order."""
        return [Sent(source, given[source]) for source in sorted(given)]


def _sharing(skus: Sequence[frozenset[str]]) -> list[int]:
    """The lines that share a SKU with another."""
    counts = Counter(sku for held in skus for sku in held)
    return [line for line, held in enumerate(skus) if any(counts[sku] > 1 for sku in held)]
