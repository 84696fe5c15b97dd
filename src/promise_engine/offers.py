"""What each site would promise for parts of a basket, for an order placed at an instant."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import SiteStock
from promise_engine._kernels._tables import replaced
from promise_engine._kernels.order_by import stretch_end
from promise_engine._kernels.parts import enumerate_parts, fill_promised_until
from promise_engine._kernels.preparation import fill_supply_instants
from promise_engine.parts import Asked, AskedRows, Looked, Part, asked_alone, only_at
from promise_engine.units import NEVER
from promise_engine.views import View, enumerated, slots_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from promise_engine._arrays import Basket, NetworkTables, PartTables, Taken, Targets, Tasks
    from promise_engine._compile.request import CompiledRequest
    from promise_engine.parts import Choice
    from promise_engine.shipments import Shipments
    from promise_engine.views import Split

_Arguments = tuple["NetworkTables", "Taken", "PartTables", SiteStock, "Basket", SiteStock, "Targets", "Tasks"]
_FEW_ROWS, _MANY_ROWS = 256, 1 << 16  # that are set aside at first


class Scope(NamedTuple):
    """What of a question is asked: one method, to one address or to all places."""

    method: int
    target: int | None = None  # None for any
    day: int | None = None  # the nominated day that is asked; -1 for none, None for any


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
    whole
        The whole basket, where it was asked already.
    """

    def __init__(
        self,
        shipments: Shipments,
        placed_at: int,
        scope: Scope | None = None,
        nominated_until: np.ndarray | None = None,
        whole: Asked | None = None,
    ) -> None:
        self.shipments, self.placed_at, self.scope = shipments, placed_at, scope
        self._nominated_until = nominated_until
        tables = shipments.plan.tables
        self.wanted = np.ones(len(tables.method_idx), np.uint8)
        if scope is not None:
            wanted = (tables.method_idx == scope.method) & (scope.target is None or tables.target_idx == scope.target)
            self.wanted = wanted.astype(np.uint8)
        self._asked: dict[int, Asked] = {} if whole is None else {shipments.whole: whole}
        self._asked_at: dict[int, dict[int, Asked]] = {}
        self._reasons: dict[int, np.ndarray] = {}
        self._earliest_of: dict[Choice, int] = {}
        self._there_at: dict[int, np.ndarray] = {}
        self.site_count = tables.site_rank.shape[1]
        self.asks = 0  # how often a part was asked

    @property
    def asked_parts(self) -> list[Looked]:
        """The parts that were asked so far."""
        of_some = (lines for lines in self._asked_at if lines not in self._asked)
        of_sites = [Looked(lines, tuple(sorted(self._asked_at[lines]))) for lines in of_some]
        return [Looked(lines, None) for lines in self._asked] + of_sites  # other sites may become of use

    def asked(self, lines: int) -> Asked:
        """The rows of a part; the columns before BRIEF, of parts that are asked together.

        Those of a line alone are of the sites that may take part in a split.
        """
        if lines not in self._asked:
            self._ask_parts([lines])
        return self._asked[lines]

    def reasons(self, lines: int) -> np.ndarray:
        """Why each site does not serve a part, by task (N, S); 0 where it does, -1 where it is no candidate."""
        if lines not in self._reasons:
            of_line = self._is_one_line(lines) and self.shipments.is_plain(lines)
            wanted = [Looked(one, None) for one in (self._lines_alone() if of_line else [lines])]
            for looked, asked in zip(wanted, self._ask(wanted, col.BRIEF, tells=True), strict=True):
                self._asked.setdefault(looked.lines, asked)
                self._reasons[looked.lines] = asked.reasons
        return self._reasons[lines]

    def _ask_parts(self, parts: Iterable[int]) -> None:
        """Ask parts together, those of one line of the sites that may take part in a split."""
        wanted = [Looked(lines, self.shipments.useful if self._is_one_line(lines) else None) for lines in parts]
        if any(lines not in self._asked for lines, _ in wanted):
            self._asked.update(zip((lines for lines, _ in wanted), self._ask(wanted, col.BRIEF), strict=True))

    def _ask_at(self, sites_of: Mapping[int, Iterable[int]]) -> None:
        """Ask parts of some sites together: for most parts few of all sites are looked at."""
        unknown = []
        for lines, sites in sites_of.items():
            known = self._asked_at.setdefault(lines, {})
            if not self._is_known(lines) and (others := tuple(site for site in sites if site not in known)):
                unknown.append(Looked(lines, others))
        for looked, asked in zip(unknown, self._ask(unknown, col.COUNT) if unknown else (), strict=True):
            self._asked_at[looked.lines].update(dict.fromkeys(looked.sites or (), asked))

    def ask_from(self, sent: Iterable[tuple[int, int]]) -> None:
        """Ask parts, each of one source, together: (source, part)."""
        sites: dict[int, list[int]] = {}
        for source, lines in sent:
            sites.setdefault(lines, []).append(self.shipments.sources.site(source))
        self._ask_at(sites)

    def _is_known(self, lines: int) -> bool:
        """Whether a part was asked of all sites, with every column."""
        asked = self._asked.get(lines)
        return asked is not None and asked.sites is None and asked.together.columns == col.COUNT

    def _is_one_line(self, lines: int) -> bool:
        return lines & lines - 1 == 0 and lines != self.shipments.whole

    def _at(self, lines: int, site: int) -> Asked:
        """The rows of a part, at least those of a site, with every column."""
        if self._is_known(lines):
            return self._asked[lines]
        if site not in self._asked_at.get(lines, ()):
            self._ask_at({lines: [site]})
        return self._asked_at[lines][site]

    def part(self, lines: int) -> Part:
        """Some lines, for an order placed at this instant."""
        request, plan, stock = self.shipments.part(lines)
        basket = replaced(request.basket, placed_at=self.placed_at)
        if self.scope is not None and self.scope.day is not None and self.scope.day >= 0:
            basket = replaced(basket, nominated_day=self.scope.day)
        if self._nominated_until is not None:
            basket = replaced(basket, nominated_until=self._nominated_until)
        return Part(request._replace(basket=basket), plan, stock)

    @cached_property
    def _whole(self) -> Part:
        """The whole basket, for an order placed at this instant."""
        return self.part(self.shipments.whole)

    def choices(self) -> list[Choice]:
        """The choices in which every line has a row alone; without those of an area."""
        return self.choices_of_all(self.choices_of(self.shipments.rarest_first[0]))

    def choices_of_all(self, choices: set[Choice]) -> list[Choice]:
        """Those of some choices in which every line has a row alone; without those of an area."""
        found = {choice for choice in choices if choice[1] >= 0 or not self.shipments.to_area}
        if not found:
            return []
        self.ask_lines()
        return sorted(found.intersection(*map(self.choices_of, range(self.shipments.line_count))))

    def choices_of(self, line: int) -> set[Choice]:
        """The choices in which a line has a row alone, or a step of it where its units may be split."""
        whole, *steps = (self.asked(part).choices for part in self.parts_alone(line))
        return set(whole).union(*({choice for choice in one if self.splits_units(line, choice[0])} for one in steps))

    def parts_alone(self, line: int) -> list[int]:
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

    def _ask(self, wanted: Sequence[Looked], columns: int, *, tells: bool = False) -> list[Asked]:
        """The rows of parts; of those that one call of a kernel can tell apart together so many columns.

        `tells` says whether the reasons are wanted too.
        """
        self.asks += len(wanted)
        plain = [one for one in wanted if self.shipments.is_plain(one.lines)]
        together = dict(zip(plain, self._ask_together(plain, columns, tells=tells), strict=True)) if plain else {}
        return [together.get(one) or self._ask_alone(*one) for one in wanted]

    def _ask_alone(self, lines: int, sites: Sequence[int] | None) -> Asked:
        part = self.part(lines)
        stock = part.stock if sites is None else only_at(part.stock, sites)
        rows, reasons, _ = enumerated(self.slots(part.request), *part[:2], self.shipments.bound, stock, self.wanted)
        return asked_alone(part, rows, self.shipments.by_way, sites, reasons)

    def _ask_together(self, wanted: Sequence[Looked], columns: int, *, tells: bool) -> list[Asked]:
        """So many columns of the rows of parts whose lines are whole and share no SKU."""
        arguments, whole = self._arguments(wanted), self._whole
        parts = arguments[2]
        row_of = np.empty((len(parts.site_idx), 2), np.int64)
        reasons = np.empty((len(wanted) if tells else 0, *whole.plan.tables.site_reason.shape), np.int64)
        size = max(_FEW_ROWS, min(_MANY_ROWS, len(row_of) * len(self.wanted)))
        while True:
            full, rows = np.empty((size, col.COUNT), np.int64), np.empty((size, columns), np.int64)
            with self.shipments.lock:
                slots = self.slots(whole.request)
                count = enumerate_parts(*arguments, self.wanted, slots, full, rows, row_of, reasons)
            if count >= 0:
                break
            size *= 4
        found = AskedRows(whole, rows[:count], self.shipments.by_way, row_of, parts.site_ptr)
        return [
            Asked(found, number, looked.sites, reasons[number] if tells else reasons)
            for number, looked in enumerate(wanted)
        ]

    def _arguments(self, wanted: Sequence[Looked]) -> _Arguments:
        """What kernels need to ask parts together."""
        (request, plan, stock), shipments = self._whole, self.shipments
        parts, tasks = shipments.tables_of(tuple(wanted))
        network, taken, scratch = request.reached.tables, shipments.bound.taken, shipments.compiler.scratch.stock
        return network, taken, parts, stock, self._basket_of_parts, scratch, plan.targets, tasks

    @cached_property
    def _basket_of_parts(self) -> Basket:
        """The basket at this instant, of which what is about the lines is written for each part."""
        work, service_seconds, mass_grams = (
            getattr(self.shipments.compiler.scratch.basket, name) for name in ("work", "service_seconds", "mass_grams")
        )
        basket = self._whole.request.basket
        return replaced(basket, work=work, service_seconds=service_seconds, mass_grams=mass_grams)

    def promised_until(self, wanted: Sequence[Looked], method: int, latest: int, begin: int) -> np.ndarray:
        """From when on no site promises a part by an instant (P, S), of parts that are asked together.

        `begin` where that is by then.
        """
        until = np.empty((len(wanted), self.site_count), np.int64)
        tasks = self.wanted & (self.shipments.plan.tables.method_idx == method)
        with self.shipments.lock:
            fill_promised_until(*self._arguments(wanted), tasks, latest, begin, until)
        return until

    def unchanged_until(self, split: Split) -> int:
        """Until when no shipment of a split changes."""
        network, taken, ends = self.shipments.request.reached.tables, self.shipments.bound.taken, []
        for lines, task, site in zip(split.parts, *split.rows[:, [col.TASK, col.SITE]].T.tolist(), strict=True):
            request, plan, stock = self.part(lines)
            ends.append(stretch_end(network, taken, request.basket, stock, plan.targets, plan.tables, task, site))
        return int(min(ends))

    def days(self, lines: int, choice: Choice, site: int) -> list[int]:
        """The promised days of a part from a site."""
        asked = self._asked[lines] if lines in self._asked else self._at(lines, site)
        return list(asked.together.days[asked.at(choice, site)].tolist())

    def first_days(self, lines: int, choice: Choice) -> np.ndarray:
        """The first promised day of a part from each site (S,); NEVER without."""
        asked = self.asked(lines)
        return np.asarray(asked.together.first_days(choice)[asked.number])

    def in_choice(self, lines: int, choice: Choice) -> np.ndarray:
        """The rows of a part in a choice."""
        asked = self.asked(lines)
        return np.asarray(asked.rows[asked.of_choice(choice)])

    def any_alone(self) -> bool:
        """Whether some single site promises all lines."""
        return len(self.asked(self.shipments.whole).promised) > 0 and self.shipments.sources.count == 1

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
        return sorted(set(asked.days[asked.of_choice(choice)].tolist()))

    def days_of_lines(self, choice: Choice) -> set[int]:
        """The promised days of each line alone in a choice."""
        together = {self.asked(lines).together for lines in self._lines_alone()}
        return set().union(*(rows.different_days(choice) for rows in together))

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
        asked = self.asked(lines)
        return int(asked.together.first_promised(choice)[asked.number])

    def may_promise_by(self, instant: int) -> bool:
        """Whether every line alone is promised by an instant."""
        rarest, *others = self.shipments.rarest_first
        if not self._promises_by(rarest, instant):
            return False
        self.ask_lines()
        return all(self._promises_by(line, instant) for line in others)

    def _promises_by(self, line: int, instant: int) -> bool:
        return any(self.asked(part).promised_by(instant) for part in self.parts_alone(line))

    def ask_lines(self) -> None:
        """Ask each line alone, all of them together."""
        self._ask_parts(self._lines_alone())

    def _lines_alone(self) -> list[int]:
        return [1 << line for line in range(self.shipments.line_count)]

    def ranks(self, choice: Choice) -> list[int]:
        """The rank of each site for the method and destination of a choice."""
        plan = self.shipments.plan
        places = plan.targets.place_idx[plan.tables.target_idx]
        task = np.flatnonzero((plan.tables.method_idx == choice[0]) & (places == choice[1]))[0]
        return list(plan.tables.site_rank[task].tolist())

    def first(self, lines: int, choice: Choice, site: int, day: int = NEVER) -> np.ndarray | None:
        """The policy's first row of a part from a site that keeps a day; None without."""
        together, kept = self.kept(lines, choice, site, day)
        found: np.ndarray | None = together.rows(kept[[together.first(kept)]])[0] if len(kept) else None
        return found

    def kept(self, lines: int, choice: Choice, site: int, day: int) -> tuple[AskedRows, np.ndarray]:
        """Where a part has its rows from a site that keep a day, among those asked together."""
        asked = self._at(lines, site)
        here = asked.at(choice, site)
        return asked.together, here[asked.together.days[here] <= day]

    def best(self, parts: Mapping[int, int], choice: Choice, day: int) -> dict[int, np.ndarray]:
        """By source, of a part each, the policy's first row that keeps a day, else its first; none without rows."""
        self.ask_from(parts.items())
        known: dict[AskedRows, dict[int, tuple[Asked, int]]] = {}
        for source, lines in parts.items():
            site = self.shipments.sources.site(source)
            asked = self._at(lines, site)
            known.setdefault(asked.together, {})[source] = asked, site
        rows = {source: row for together, some in known.items() for source, row in together.best(some, choice, day)}
        return {source: rows[source] for source in parts if source in rows}

    def least_parcels(self, lines: int, choice: Choice, site: int, day: int) -> int:
        """The fewest parcels of a part from a site that keeps a day; 0 where none does."""
        together, kept = self.kept(lines, choice, site, day)
        return int(together.rows(kept)[:, col.PARCELS].min()) if len(kept) else 0
