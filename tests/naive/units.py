"""Units of a line over several sites: what each site can send of a line by a day, and how much each sends."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .shipments import Part, promised_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from promise_engine.models.policy import DeliveryMethod

    from .lines import Key, MergedLine
    from .shipments import Source
    from .splits import Group
    from .world import World

Cutting = dict["Key", dict["Source", Decimal]]
"""How much each source sends of the lines that several send together."""
NOTHING = Decimal(0)


def divisible(world: World, method: DeliveryMethod) -> frozenset[Key]:
    """The lines of which several sites may each send some."""
    return world.basket.divisible if method.split_units else frozenset()


def carrying(world: World, quantities: Mapping[Key, Decimal]) -> Part:
    """A shipment of so much of some lines."""
    whole = {line.key: line.quantity for line in world.basket.lines}
    cut = ((key, quantity) for key, quantity in quantities.items() if quantity != whole[key])
    return Part(frozenset(quantities), cut=frozenset(cut))


class Units:
    """What the sources of a group can send of each line."""

    def __init__(self, group: Group) -> None:
        self.group, self.world = group, group.world
        self.lines = group.world.basket.lines
        self.divisible = divisible(group.world, group.method)
        self._known: dict[tuple[Key, Source, date], Decimal] = {}

    def all_by(self, day: date, source: Source) -> Part:
        """The shipment of all that a source can send by a day of every line."""
        can = {line.key: self._can(line.key, source, day) for line in self.lines}
        return carrying(self.world, {key: quantity for key, quantity in can.items() if quantity})

    def tried(self, day: date) -> set[Source]:
        """The sources that are tried together: the first few, by the policy, of those that can some of a line."""
        if not self.divisible:
            return set()
        can = [{source for source in self.group.sources if self._can(line.key, source, day)} for line in self.lines]
        return self.group.first_few(day, can, is_cut=True)

    def cutting(self, sources: set[Source], day: date) -> Cutting | None:
        """How much each source sends of the lines that none of them can whole; None when some of a line is missing."""
        found: Cutting = {}
        sent = self._sent_whole(sources, day)
        for line in sorted(self.lines, key=lambda line: line.key):
            can = {source: self._can(line.key, source, day) for source in sources}
            if line.quantity in can.values():
                continue
            missing, found[line.key] = line.quantity, {}
            for source in sorted(filter(can.get, can), key=lambda source: self._turn(line.key, source, can[source])):
                quantity = self._beside(line, source, day, sent[source], min(can[source], missing))
                if quantity:
                    found[line.key][source] = sent[source][line.key] = quantity
                    missing -= quantity
            if missing:
                return None
        return found

    def _sent_whole(self, sources: set[Source], day: date) -> dict[Source, dict[Key, Decimal]]:
        """The lines that each source sends whole because no other of them can."""
        sent: dict[Source, dict[Key, Decimal]] = {source: {} for source in sources}
        for line in self.lines:
            able = [source for source in sources if line.key in self.group.had_by(day, source)]
            if len(able) == 1:
                sent[able[0]][line.key] = line.quantity
        return sent

    def _beside(
        self, line: MergedLine, source: Source, day: date, sent: Mapping[Key, Decimal], most: Decimal
    ) -> Decimal:
        """How much of a line, up to the most, a source sends by a day beside what it sends already."""

        def keeps(steps: int) -> bool:
            part = carrying(self.world, {**sent, line.key: steps * line.item.step})
            return bool(self.group.keeping(day, source, part))

        can, cannot = 0, int(most / line.item.step)
        if not cannot or keeps(cannot):
            return most
        while cannot - can > 1:
            middle = (can + cannot) // 2
            can, cannot = (middle, cannot) if keeps(middle) else (can, middle)
        return can * line.item.step

    def _turn(self, key: Key, source: Source, quantity: Decimal) -> tuple[date, int, str]:
        rows = self.group.rows(source, carrying(self.world, {key: quantity}))
        return min(map(promised_day, rows)), self.group.ranks[source], source.site

    def _can(self, key: Key, source: Source, day: date) -> Decimal:
        """How much of a line a source can send by a day: all of it, or as many steps as halving finds."""
        if (key, source, day) not in self._known:
            self._known[key, source, day] = self._halved(key, source, day)
        return self._known[key, source, day]

    def _halved(self, key: Key, source: Source, day: date) -> Decimal:
        line = next(line for line in self.lines if line.key == key)
        if line.ship_group != source.ship_group:
            return NOTHING
        if key in self.group.had_by(day, source):
            return line.quantity
        can, cannot = 0, line.steps if key in self.divisible else 0
        while cannot - can > 1:
            middle = (can + cannot) // 2
            if self.group.keeping(day, source, carrying(self.world, {key: middle * line.item.step})):
                can = middle
            else:
                cannot = middle
        return can * line.item.step
