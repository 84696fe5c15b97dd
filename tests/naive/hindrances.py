"""How far the candidates of a refused method got, for the whole basket and for each line alone."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from promise_engine.errors import Reason, Stage

from .candidates import candidates, targets
from .plans import Plan
from .shipments import Part
from .splits import may_split
from .stock import short_of
from .units import carrying, divisible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .answer import Question
    from .candidates import Candidate
    from .lines import Key
    from .world import World

OF_NO_LINE = frozenset({Reason.METHOD_NOT_SHOWN, Reason.SITE_NOT_SHOWN, Reason.NO_COLLECTION})
STEPS_OF_TIME = frozenset({
    Reason.CAPACITY_PLAN_ENDS, Reason.WORK_OVER_SLOT, Reason.COLLECTION_FULL, Reason.WAITING_FORBIDDEN,
    Reason.SLOT_FULL, Reason.PLACE_FULL, Reason.BEYOND_HORIZON, Reason.OUTSIDE_WISHES,
})  # fmt: skip


class Shortage(NamedTuple):
    """A SKU that a site is short of."""

    site: str
    sku: str


class Met(NamedTuple):
    """What a candidate met with the whole basket, with one line alone, or with one step of it; no reason where it serves."""

    world: World
    candidate: Candidate
    key: Key | None
    reason: Reason | None
    is_whole_line: bool = True


class Hindrances:
    """What stands in the way of a method: at every candidate, in the last second of the answer and in the first."""

    def __init__(self, question: Question, method: str) -> None:
        (self.refusal,) = question.refusals
        self.world = question.last
        self.method = next(model for model in self.world.network.methods if model.id == method)
        self.met = [met for world in (question.last, question.first) if world for met in self._met(world)]

    def _met(self, world: World) -> Iterator[Met]:
        found = targets(world, self.method)
        for target in [] if isinstance(found, Reason) else found:
            for candidate in candidates(world, self.method, target):
                yield Met(world, candidate, None, _reason(world, candidate))
                for line in world.basket.lines:
                    alone = Part(frozenset({line.key}))
                    yield Met(world, candidate, line.key, _reason(world.of_lines(*alone), candidate))
                    if line.key in divisible(world, self.method):
                        step = carrying(world, {line.key: line.item.step})
                        yield Met(world, candidate, line.key, _reason(world.of_lines(*step), candidate), False)

    @cached_property
    def is_of_time(self) -> bool:
        """Whether some candidate got as far as a step of time, or a split was too many."""
        reasons = {self.refusal.reason, *(met.reason for met in self.met)}
        return Reason.TOO_MANY_SHIPMENTS in reasons or not STEPS_OF_TIME.isdisjoint(reasons)

    @property
    def is_of_no_line(self) -> bool:
        """Whether no line has to do with what stopped any candidate."""
        reasons = {met.reason for met in self.met if met.key is None} or {self.refusal.reason}
        return all(reason in OF_NO_LINE or (reason and reason.stage is Stage.PLACE) for reason in reasons)

    @property
    def is_had_line_by_line(self) -> bool:
        """Whether every line has a row alone, or some of it where several sites may each send some."""
        return {met.key for met in self.met if met.key and met.reason is None} == self.world.basket.keys

    def shortages(self) -> list[Shortage]:
        """SKUs at sites where a candidate is stopped at stock, at sites that are short of fewer first."""
        ranks: dict[Shortage, int] = {}
        for met in self.met:
            if met.is_whole_line and met.reason is not None and met.reason.stage is Stage.STOCK:
                site, country = met.candidate.site, met.candidate.target.parts[0].country
                rank = met.world.site_rank(site, self.method, country)
                for shortage in self._shortages_of(met):
                    ranks[shortage] = min(rank, ranks.get(shortage, rank))
        sites = [shortage.site for shortage in ranks]
        return sorted(ranks, key=lambda short: (sites.count(short.site), ranks[short], short))

    def _shortages_of(self, met: Met) -> Iterator[Shortage]:
        """With the basket, or, where baskets are split, with a line alone: with that only when no other needs the SKU."""
        world, candidate = met.world, met.candidate
        is_split = may_split(world, self.method, candidate.target, world.placed_at)
        for sku in short_of(world, candidate.site):
            of = {line.key for line in world.basket.lines if any(goods.item.sku == sku for goods in line.goods)}
            if (
                met.key in of
                if met.key is not None and is_split
                else met.key is None and not (is_split and len(of) == 1)
            ):
                yield Shortage(candidate.site.id, sku)


def _reason(world: World, candidate: Candidate) -> Reason | None:
    rows = Plan(world, candidate).rows()
    return rows if isinstance(rows, Reason) else None
