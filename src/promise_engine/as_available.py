"""Plans that send first what is there first: of each source a shipment for each instant at which lines are there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine._compile.lines import values_of
from promise_engine.parts import promised_days
from promise_engine.sending import Sent
from promise_engine.split_option import option_of
from promise_engine.split_search import MOST_TRIED, Search
from promise_engine.units import ALWAYS, NEVER, minor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine._compile.request import CompiledRequest
    from promise_engine.covering import Coverage
    from promise_engine.models.policy import DeliveryMethod
    from promise_engine.offers import Offers
    from promise_engine.parts import Choice
    from promise_engine.split_limits import Limits
    from promise_engine.split_option import Found
    from promise_engine.split_search import Chosen
    from promise_engine.views import Split


MOST_SETS = 1_000
"""Sets of sources a day and number of them that are tried."""


class Ahead(NamedTuple):
    """What a method asks of the shipments of such a plan."""

    worth: int  # of the lines of each, at least
    days: int  # from the first promised day to the last, at most; NEVER without a limit

    @classmethod
    def of(cls, method: DeliveryMethod, request: CompiledRequest) -> Ahead:
        """The limits of a method, in the money of a request."""
        least = method.min_shipment
        worth = 0 if least is None else request.money.minor(least, method.currency)
        return cls(worth, NEVER if method.max_lateness_days is None else method.max_lateness_days)


class AsAvailable(Search):
    """The search for such plans of one choice. Lines are whole."""

    def __init__(self, offers: Offers, choice: Choice, limits: Limits, ahead: Ahead) -> None:
        super().__init__(offers, choice, limits, units=False)
        self._ahead = ahead
        self._most = MOST_TRIED
        request = self._shipments.request
        self._values = values_of(request.model.lines, request.positions, len(request.lines))
        self._with_waves = self._sources_with_waves()
        self._most_tried = MOST_SETS
        self._soonest = self._first_promises()
        self._to_beat: list[int] = []  # by number of shipments, the first promise of what is promised by an earlier day

    def _first_promises(self) -> np.ndarray:
        """The first instant that each source promises for some line alone."""
        soonest = np.full(self._first.shape[1], NEVER, np.int64)
        for line in range(self._shipments.line_count):
            rows = self._offers.in_choice(1 << line, self._choice)
            of_sites = np.full(len(soonest) // self._sources.count, NEVER, np.int64)
            np.minimum.at(of_sites, rows[:, col.SITE], rows[:, col.PROMISED])
            soonest = np.minimum(soonest, self._sources.of_line(line, of_sites))
        return soonest

    def _sources_with_waves(self) -> set[int]:
        """The sources at which lines that may come from them are there at different times."""
        lines = range(self._shipments.line_count)
        there_at = np.array([self._sources.of_line(line, self._offers.there_at(1 << line)) for line in lines])
        comes = self._first < NEVER
        first, last = np.where(comes, there_at, NEVER).min(axis=0), np.where(comes, there_at, ALWAYS).max(axis=0)
        return set(np.flatnonzero(first < last).tolist())

    def cells(self, *, by_tariff: bool) -> list[Found]:
        """For each day, price, number of shipments and first promised instant the first plan.

        At one price a later day is of use only with fewer shipments or an earlier first one.
        """
        cells: dict[tuple[int, int, int, int], Found] = {}
        for day in self._days() if self._with_waves else ():
            if not by_tariff:
                self._to_beat = self._promised_before(day, list(cells.values()))
                if self._to_beat[2] <= self._soonest.min():
                    break
            for size in range(1, self.limits.shipments):
                for split in self._plans(size, day, MOST_TRIED):
                    found = option_of(split, self._shipments)
                    found.row[col.FIRST_PROMISED] = split.rows[:, col.PROMISED].min()
                    cells.setdefault((day, *found.row[_CELL].tolist()), found)
        return list(cells.values())

    def _promised_before(self, day: int, found: list[Found]) -> list[int]:
        """By number of shipments, the first promise of single sites and plans of so many that are promised earlier."""
        rows = [self._offers.alone(self._choice), *(option.row[None, :] for option in found)]
        known = np.concatenate(rows)
        known = known[promised_days(self._shipments.part(self._shipments.whole), known) < day]
        firsts, counts = known[:, col.FIRST_PROMISED], known[:, col.SHIPMENTS]
        most = self.limits.shipments
        return [int(firsts[counts <= count].min(initial=NEVER)) for count in range(most + 1)]

    def _sets(self, coverage: Coverage, pool: list[int], size: int) -> Iterator[Chosen | None]:
        """Those that have waves, and may be of use."""
        to_beat = self._to_beat[size + 1] if self._to_beat else NEVER
        for chosen in super()._sets(coverage, pool, size):
            if chosen is None or (
                self._soonest[list(chosen)].min() < to_beat and not self._with_waves.isdisjoint(chosen)
            ):
                yield chosen

    def _plans_of(self, chosen: Chosen, day: int) -> list[Split]:
        return [split for split in super()._plans_of(chosen, day) if len(split.rows) > len(chosen)]

    def _sent(self, given: dict[int, int]) -> list[Sent]:
        return [Sent(source, part) for source in sorted(given) for part in self._waves(source, given[source])]

    def _waves(self, source: int, lines: int) -> list[int]:
        """The parts of lines that are at a source at the same time, the first there first."""
        waves: dict[int, list[int]] = {}
        for line in self._shipments.single_lines(lines):
            waves.setdefault(int(self._offers.there_at(line)[self._sources.site(source)]), []).append(line)
        return [self._shipments.together(waves[at]) for at in sorted(waves)]

    def _may_keep(self, part: int, source: int, shipments: int, day: int) -> bool:
        waves = self._waves(source, part)
        few = shipments - 1 + len(waves) <= min(self.limits.shipments, self.limits.parcels)
        return few and all(self._first_day(wave, source) <= day for wave in waves)

    def _can_be_had(self, sent: list[Sent], shipments: np.ndarray) -> bool:
        if not super()._can_be_had(sent, shipments):
            return False
        days = promised_days(self._shipments.part(self._shipments.whole), shipments)
        return bool(days.max() - days.min() <= self._ahead.days) and all(
            self._worth(part) >= self._ahead.worth for _, part in sent
        )

    def _worth(self, lines: int) -> int:
        """What the lines of a part are worth, in the answer's currency."""
        worth = sum((value for line, value in enumerate(self._values) if lines >> line & 1), Decimal(0))
        return minor(worth, self._shipments.request.money.currency)


_CELL = [col.PRICE, col.SHIPMENTS, col.FIRST_PROMISED]
