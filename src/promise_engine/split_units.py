"""Lines whose units come from several sources: what each can of them, and which sets of them have them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine.units import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from promise_engine.offers import Offers
    from promise_engine.parts import Choice

Units = dict[int, dict[int, int]]
"""By source, how many steps of each line it sends that is not whole."""


class UnitSplits:
    """What sources can of the lines of a choice, step by step.

    Parameters
    ----------
    offers
        What shipments of some lines promise.
    choice
        Which shipments belong together.
    first
        (lines, sources) the first promised day of each whole line alone.
    """

    def __init__(self, offers: Offers, choice: Choice, first: np.ndarray) -> None:
        self._offers, self._choice, self._first = offers, choice, first
        self._steps = np.array(offers.shipments.request.steps, np.int64)
        self._can: dict[int, np.ndarray] = {}
        self.asked = [offers.one_step(line) for line in self.lines]  # parts whose days are those of plans
        self.seen_days: set[int] = set()  # and those of other parts

    @property
    def lines(self) -> list[int]:
        """The lines that can be split."""
        return [line for line, steps in enumerate(self._steps.tolist()) if steps > 1]

    def first_some(self) -> np.ndarray:
        """The first day of each line alone, whole or a step of it: (lines, sources)."""
        first = self._first.copy()
        for line in self.lines:
            first[line] = np.minimum(first[line], self._days(line, 1))
        return first

    def _days(self, line: int, steps: int) -> np.ndarray:
        """The first promised day of so many steps of a line alone, by source."""
        if steps == self._steps[line]:
            days: np.ndarray = self._first[line]
            return days
        part = self._offers.shipments.of_steps(1 << line, {line: steps})
        if part not in self.asked:
            self.asked.append(part)
        return self._offers.shipments.sources.of_line(line, self._offers.first_days(part, self._choice))

    def can(self, day: int) -> np.ndarray:
        """How many steps of each line each source can by a day: (lines, sources); of a line that stays whole one or
        none."""
        if day not in self._can:
            table = np.where(self._first <= day, self._steps[:, None], 0)
            for line in self.lines:
                table[line] = self._halved(line, day, table[line])
            self._can[day] = table
        return self._can[day]

    def _halved(self, line: int, day: int, whole: np.ndarray) -> np.ndarray:
        """What each source can of a line, which some can whole."""
        low, high = whole, np.full(len(whole), self._steps[line])
        while (unknown := high - low > 1).any():
            middle = (low + high) // 2
            for steps in np.unique(middle[unknown]).tolist():
                here = unknown & (middle == steps)
                keeps = self._days(line, steps) <= day
                low, high = np.where(here & keeps, steps, low), np.where(here & ~keeps, steps, high)
        return low

    def sets(self, sources: Sequence[int], size: int, day: int) -> Iterator[tuple[int, ...]]:
        """The sets of so many of some sources that have every line, but not every line whole at one, in order."""
        can = self.can(day)[:, list(sources)]
        most = np.maximum.accumulate(can[:, ::-1], axis=1)[:, ::-1]  # of the sources from each position on

        def further(chosen: tuple[int, ...], missing: np.ndarray) -> Iterator[tuple[int, ...]]:
            left = size - len(chosen)
            if left == 0:
                if (can[:, chosen].max(axis=1) < self._steps).any():
                    yield tuple(sources[position] for position in chosen)
                return
            for position in range(chosen[-1] + 1 if chosen else 0, len(sources) - left + 1):
                if (most[:, position] * left < missing).any():
                    return
                yield from further((*chosen, position), missing - can[:, position])

        yield from further((), self._steps)

    def given(self, sources: Sequence[int], day: int, ranks: Sequence[int]) -> Units | None:
        """How many steps each of some sources sends of the lines that none of them can whole.

        Of each line a source sends all it can beside what it sends already: the lines that no other of the sources can
        whole, and the steps of lines before. None when they cannot send all of them, or when there is no such line.
        """
        can, units = self.can(day), Units()
        whole = self._first[:, list(sources)] <= day
        alone = {
            source: self._lines(has & (whole.sum(axis=1) == 1)) for source, has in zip(sources, whole.T, strict=True)
        }
        for line in (line for line in self.lines if not whole[line].any()):
            able = [source for source in sources if can[line, source] > 0]
            missing = int(self._steps[line])
            for source in sorted(able, key=lambda s: (self._days(line, int(can[line, s]))[s], ranks[s], s)):
                most = min(missing, int(can[line, source]))
                steps = self._beside(line, most, source, day, alone[source], units.get(source, {}))
                if steps:
                    units.setdefault(source, {})[line] = steps
                    missing -= steps
            if missing:
                return None
        return units or None

    def _lines(self, has: np.ndarray) -> int:
        return sum(1 << line for line in np.flatnonzero(has).tolist())

    def _beside(self, line: int, most: int, source: int, day: int, lines: int, units: Mapping[int, int]) -> int:
        """How many steps of a line, at most so many, a source sends by a day beside whole lines and other units."""
        offers, site = self._offers, self._offers.shipments.sources.site(source)
        sent = sum((1 << other for other in units), lines | 1 << line)

        def keeps(steps: int) -> bool:
            days = offers.days(offers.shipments.of_steps(sent, {**units, line: steps}), self._choice, site)
            self.seen_days.update(days)
            return min(days, default=NEVER) <= day

        low, high = 0, most
        if most == 0 or keeps(most):
            return most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if keeps(middle) else (low, middle)
        return low
