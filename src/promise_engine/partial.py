"""The part of a basket that a method can serve, where it cannot serve the whole."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from promise_engine import _columns as col
from promise_engine._compile.lines import values_of
from promise_engine.asking_again import WHATEVER_THE_BASKET
from promise_engine.errors import Reason
from promise_engine.option_builder import shown_order
from promise_engine.options import LeftOut
from promise_engine.views import tag_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from promise_engine.models.request import PromiseRequest
    from promise_engine.options import Refusal
    from promise_engine.section import Section

    Positions = tuple[int, ...]

MOST_ASKED = 32  # parts of a basket that are asked for a method in the order of their worth

_WITH_MORE_LINES = frozenset(
    (Reason.QUANTITY_BELOW_MINIMUM, Reason.OUTSIDE_ZONE, Reason.NO_TARIFF, Reason.OUTSIDE_WISHES)
)
"""Reasons that more lines can remove: a minimum, a price rule from a value on, a weight band, wishes for later."""


class Worth(NamedTuple):
    """What of two parts of a basket the better has more of."""

    value: Decimal
    units: int
    lines: int

    def plus(self, other: Worth) -> Worth:
        """Both together."""
        return Worth(self.value + other.value, self.units + other.units, self.lines + other.lines)

    def less(self, other: Worth) -> Worth:
        """What the other leaves of it."""
        return Worth(self.value - other.value, self.units - other.units, self.lines - other.lines)


_NOTHING = Worth(Decimal(0), 0, 0)


class Parts(NamedTuple):
    """Parts of a basket that serve what the whole does not."""

    shown: list[Section]  # the most worth first
    others: list[Section]  # what else was asked for them
    bounded: bool  # whether a bound ended the search for some method


class GroupSections(NamedTuple):
    """What is asked of one group of lines: all of them, and parts of them for methods that refuse the whole."""

    whole: Section
    parts: Parts

    @property
    def id(self) -> str | None:
        """The id of the group; None where the request has no groups."""
        return self.whole.context.group

    @property
    def sections(self) -> list[Section]:
        """Those with options to show."""
        return [self.whole, *self.parts.shown]

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """One for each method that serves neither the whole nor a part, by method id."""
        methods = self.whole.context.plan.methods
        served = {methods[number].id for part in self.parts.shown for number in part.left_out}
        return tuple(refusal for refusal in self.whole.refusals if refusal.method not in served)

    @property
    def bounded(self) -> bool:
        """Whether a bound cut something of what is shown."""
        return self.parts.bounded or any(section.context.bounded for section in self.sections)


def with_parts(whole: Section, ask: Callable[[PromiseRequest], Section]) -> GroupSections:
    """A section with the parts that its request asks for, tagged: options that bring the same lines are compared."""
    asked = whole.context.request.model.partial
    group = GroupSections(whole, find_parts(whole, ask) if asked else Parts([], [], bounded=False))
    first = next((section for section in group.sections if len(section.rows)), whole)
    tag_rows(first.rows)
    return group


def find_parts(whole: Section, ask: Callable[[PromiseRequest], Section]) -> Parts:
    """For each method that refuses a basket, the part of it that is worth the most and served.

    The greatest value, then the most units, the most lines, the earliest promise, the first lines by SKU and services.
    """
    if len(whole.context.request.lines) < 2 or not whole.refusals:
        return Parts([], [], bounded=False)
    return _Search(whole, ask).parts()


class _Search:
    """Parts of one basket, each asked once for all the methods that refuse the whole."""

    def __init__(self, whole: Section, ask: Callable[[PromiseRequest], Section]) -> None:
        self._ask, self._whole, self._model = ask, whole, whole.context.request.model
        self._refused = [refusal.method for refusal in whole.refusals]
        self._numbers = {method.id: number for number, method in enumerate(whole.context.plan.methods)}
        basket = whole.context.request.lines
        self._every = tuple(range(len(basket)))
        self._positions = whole.context.request.positions
        values = values_of(self._model.lines, self._positions, len(basket))
        self._worth = [Worth(value, line.units, 1) for value, line in zip(values, basket, strict=True)]
        self._asked: dict[tuple[Positions, tuple[str, ...]], Section] = {}

    def parts(self) -> Parts:
        """The best part for each method, those with the same part together."""
        methods: dict[Positions, list[str]] = {}
        bounded = False
        for method in self._refused:
            kept, is_bounded = self._best(method)
            bounded |= is_bounded
            if kept:
                methods.setdefault(kept, []).append(method)
        order = sorted(methods, key=lambda kept: (*(-amount for amount in self._total(kept)), kept))
        shown = [self._shown(kept, tuple(methods[kept])) for kept in order]
        brought = {(kept, tuple(methods[kept])) for kept in order}
        return Parts(shown, [section for key, section in self._asked.items() if key not in brought], bounded)

    def _best(self, method: str) -> tuple[Positions, bool]:
        """The part that is worth the most, none when none serves; and whether a bound ended the search for it."""
        met = self._whole.reasons_met(self._numbers[method])
        if met and met <= WHATEVER_THE_BASKET:  # nor for the value of all of it
            return (), False
        hopeful = [i for i in self._every if not self._is_hopeless(i, method)]
        serving: list[tuple[int, Positions]] = []
        worth = None
        for count, left_out in enumerate(_by_worth([self._worth[i] for i in hopeful])):
            kept = tuple(i for k, i in enumerate(hopeful) if k not in left_out)
            if not kept or kept == self._every:
                continue
            if serving and self._total(kept) != worth:
                break
            if count == MOST_ASKED:
                return min(serving)[1] if serving else self._added_up(hopeful, method), True
            promised = self._promised(self._section(kept, (method,)), method)
            if promised is not None:
                worth = self._total(kept)
                serving.append((promised, kept))
        return min(serving)[1] if serving else (), False

    def _added_up(self, hopeful: list[int], method: str) -> Positions:
        """Lines one after the other, those that are worth the most first, as long as what is kept is served."""
        kept: Positions = ()
        by_worth = sorted(hopeful, key=lambda i: (self._worth[i], -i), reverse=True)
        before: Positions | None = None
        while kept != before:  # until no line can be added to what is kept at the end
            before = kept
            for line in (i for i in by_worth if i not in before):
                more = tuple(sorted((*kept, line)))
                if self._promised(self._section(more, (method,)), method) is not None:
                    kept = more
        return kept

    def _is_hopeless(self, line: int, method: str) -> bool:
        """Whether a line is refused alone, for what more lines cannot help."""
        alone = self._alone(line)
        if self._promised(alone, method) is not None:
            return False
        met = alone.reasons_met(self._numbers[method])
        return bool(met) and met.isdisjoint(_WITH_MORE_LINES)

    def _alone(self, line: int) -> Section:
        """A line asked of all methods that refuse the whole."""
        return self._section((line,), tuple(self._refused))

    def _promised(self, section: Section, method: str) -> int | None:
        """The earliest promise of a method, whatever the view shows of it; None when it refuses."""
        rows = section.offered[section.offered[:, col.METHOD] == self._numbers[method]]
        return int(rows[:, col.PROMISED].min()) if len(rows) else None

    def _total(self, positions: Iterable[int]) -> Worth:
        return reduce(Worth.plus, (self._worth[i] for i in positions), _NOTHING)

    def _section(self, kept: Positions, methods: tuple[str, ...]) -> Section:
        """The lines at some positions, asked of some methods."""
        if (kept, methods) not in self._asked:
            held = set(kept)
            lines = tuple(line for line, i in zip(self._model.lines, self._positions, strict=True) if i in held)
            wishes = self._model.wishes.model_copy(update={"methods": methods})
            self._asked[kept, methods] = self._ask(
                self._model.model_copy(update={"lines": lines, "wishes": wishes, "partial": False})
            )
        return self._asked[kept, methods]

    def _shown(self, kept: Positions, methods: tuple[str, ...]) -> Section:
        """The section of some lines, and why each method that serves them leaves out each other line."""
        left_out = {self._numbers[method]: tuple(self._left_out(kept, method)) for method in methods}
        return self._section(kept, methods).of_part(left_out)

    def _left_out(self, kept: Positions, method: str) -> Iterator[LeftOut]:
        reasons: dict[int, Reason] = {}
        for i in set(self._every).difference(kept):
            refusing = self._alone(i)
            if self._promised(refusing, method) is not None:
                refusing = self._section(tuple(sorted((*kept, i))), (method,))
            reasons[i] = next(refusal.reason for refusal in refusing.refusals if refusal.method == method)
        lines = zip(self._model.lines, self._positions, strict=True)
        for line, position in sorted(lines, key=lambda each: shown_order(each[0])):
            if position in reasons:
                held = self._whole.context.request.lines[position]
                yield LeftOut(line.id, held.sku, held.services, held.ship_group, line.quantity, reasons[position])


def _by_worth(worth: Sequence[Worth]) -> Iterator[frozenset[int]]:
    """Every set of positions, those that are worth the least first: none, then one at a time."""
    order = sorted(range(len(worth)), key=lambda i: (worth[i], i))
    yield frozenset()
    waiting: list[tuple[Worth, tuple[int, ...]]] = []
    if order:
        heappush(waiting, (worth[order[0]], (0,)))
    while waiting:
        total, chosen = heappop(waiting)
        yield frozenset(order[k] for k in chosen)
        last = chosen[-1]
        if last + 1 < len(order):
            more = worth[order[last + 1]]
            heappush(waiting, (total.plus(more), (*chosen, last + 1)))
            heappush(waiting, (total.plus(more).less(worth[order[last]]), (*chosen[:-1], last + 1)))
