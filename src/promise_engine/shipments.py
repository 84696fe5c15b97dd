"""Some of a basket's lines from one site, prepared: the shipments that splits are made of."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from functools import cached_property, reduce
from operator import or_
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from promise_engine._compile.part_tables import PartCompiler
from promise_engine._compile.request import part_of
from promise_engine.parts import Part, room_left, rooms_of, site_stock
from promise_engine.sources import Sources
from promise_engine.split_limits import limits_of
from promise_engine.units import instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.part_tables import PartsTogether
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.tasks import Planner
    from promise_engine.covering import Coverage
    from promise_engine.parts import Looked


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
        self._set_up()

    def _set_up(self) -> None:
        self.lock = Lock()  # of what kernels write anew for each part
        self._together: dict[tuple[Looked, ...], PartsTogether] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle holds: all but what asks parts together."""
        return {name: value for name, value in self.__dict__.items() if name not in {"lock", "compiler", "_together"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Prepare to ask parts together again."""
        self.__dict__ |= state
        self._set_up()

    @cached_property
    def skus(self) -> list[frozenset[str]]:
        """What each line takes of stock."""
        return [frozenset(taken.sku for taken in line.goods) for line in self.request.lines]

    @cached_property
    def may_hold(self) -> np.ndarray:
        """Which sites have each line some day (lines, S); all where lines share a SKU, whose parts may be anywhere."""
        reasons = self.part(self.whole).stock.need_reason
        lacking = {need.sku: reason != 0 for need, reason in zip(self.request.needs, reasons, strict=True)}
        counts = Counter(sku for skus in self.skus for sku in skus)
        held = np.ones((self.line_count, len(self.network.sites)), np.bool_)
        for line, skus in enumerate(self.skus):
            for sku in (sku for sku in skus if counts[sku] == 1):
                held[line, lacking[sku]] = False
        return held

    @cached_property
    def coverage(self) -> Coverage:
        """Which sources have which lines some day."""
        return self.sources.coverage(self.may_hold)

    @cached_property
    def useful(self) -> tuple[int, ...] | None:
        """The sites that stock lets take part in a split; None for all, and where units of a line may be split."""
        if any(method.split_units for method in self.plan.methods):
            return None
        candidates = self.network.model.settings.split_candidates
        most = max(limits_of(method, self.request, candidates).shipments for method in self.plan.methods)
        useful = self.coverage.few_useful(most)
        sites = None if useful is None else {self.sources.site(source) for source in useful}
        return None if sites is None or 2 * len(sites) >= len(self.network.sites) else tuple(sorted(sites))

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

    @cached_property
    def share_skus(self) -> bool:
        """Whether some lines take of the same SKU."""
        return sum(map(len, self.skus)) > len(self.skus_of(self.whole))

    def is_plain(self, lines: int) -> bool:
        """Whether a part is some whole lines beside nothing else, of a basket of which no two share a SKU."""
        return lines < self.whole and not self.share_skus

    @cached_property
    def compiler(self) -> PartCompiler:
        """What compiles parts that are asked together."""
        return PartCompiler(self.request, self._planner, self.network, self.part(self.whole).stock)

    def tables_of(self, wanted: tuple[Looked, ...]) -> PartsTogether:
        """What a kernel needs to ask such parts together, prepared once."""
        if wanted not in self._together:
            size, every = -(-self.line_count // 8), np.arange(len(self.network.sites))
            words = np.frombuffer(b"".join(one.lines.to_bytes(size, "little") for one in wanted), np.uint8)
            has = np.unpackbits(words.reshape(len(wanted), size), axis=1, count=self.line_count, bitorder="little")
            sites = [every if one.sites is None else np.array(one.sites, np.int64) for one in wanted]
            self._together[wanted] = self.compiler.together(has, sites)
        return self._together[wanted]

    def rooms(self, row: np.ndarray) -> list[tuple[str, int, int, int]]:
        """What a row takes of collections, windows and a pickup point."""
        return list(rooms_of(row.tolist(), self.request.reached.tables, self.plan))

    def have_room(self, rows: np.ndarray) -> bool:
        """Whether collections, windows and a pickup point take several shipments together, not only each."""
        asked = Counter[tuple[str, int, int]]()
        for table, room, day, count in (taken for row in rows for taken in self.rooms(row)):
            asked[table, room, day] += count
        taken = self.bound.taken
        return all(count <= room_left(taken, table)[room, day] for (table, room, day), count in asked.items())
