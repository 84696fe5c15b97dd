"""The most valuable part of a basket, for each method that cannot serve the whole: every part of it is tried."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from .answer import NaiveAnswer, NaiveLeftOut, NaiveOption, Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promise_engine.errors import Reason
    from promise_engine.models.request import PromiseRequest, View

    from .asking import Asking

Part = tuple[int, ...]
"""Some lines of the basket, by their position in it."""


@dataclass(frozen=True)
class Section:
    """The whole basket, or a part of it, as it is asked of the methods that have options for it."""

    question: Question
    left_out: Mapping[str, tuple[NaiveLeftOut, ...]] = field(default_factory=dict)
    """What each method leaves out; of the whole nothing."""

    @property
    def options(self) -> list[NaiveOption]:
        """The options of its methods, with what they leave out."""
        found = self.question.answer.options
        return [replace(option, left_out=self.left_out.get(option.method, ())) for option in found]


def sections(asking: Asking, request: PromiseRequest) -> list[Section]:
    """What serves the whole basket, then by falling worth the parts that methods serve which do not serve the whole."""
    if not request.partial:
        return [Section(asking.whole(request))]
    basket = Parts(asking, request.model_copy(update={"partial": False}))
    whole = basket.ask(basket.whole, request.wishes.methods)
    methods: dict[Part, list[str]] = {}
    for refused in whole.refusals:
        part = basket.served_best(refused.method)
        if part is not None:
            methods.setdefault(part, []).append(refused.method)
    return [Section(whole), *(basket.brought(part, methods[part]) for part in sorted(methods, key=basket.standing))]


def together(found: Sequence[Section]) -> NaiveAnswer:
    """One answer of all sections: tags compare the options of the first that has any, refusals are of the whole basket."""
    options = [section.options for section in found]
    alike = next(filter(None, options), [])
    shown = [option if some is alike else replace(option, tags=()) for some in options for option in some]
    served = {option.method for option in shown}
    refusals = [refused for refused in found[0].question.refusals if refused.method not in served]
    return NaiveAnswer(shown, refusals, any(section.question.leaves_out for section in found))


class Parts:
    """The parts of a request's basket, each asked for as a request of its own."""

    def __init__(self, asking: Asking, request: PromiseRequest) -> None:
        self.asking, self.request = asking, request
        self.lines = asking.whole(request).last.basket.lines
        self.whole: Part = tuple(range(len(self.lines)))
        counts = range(1, len(self.lines))
        self.proper: list[Part] = [part for count in counts for part in combinations(self.whole, count)]

    def ask(self, part: Part, methods: Sequence[str] | None, view: View | None = None) -> Question:
        """The request for some lines by some methods, all else the same but perhaps the view."""
        kept = [line for position in part for line in self.lines[position].asked]
        lines = tuple(line for line in self.request.lines if not line.ships or line in kept)
        wishes = self.request.wishes.model_copy(update={"methods": None if methods is None else tuple(methods)})
        changed = {"lines": lines, "wishes": wishes, "view": view or self.request.view}
        return self.asking.whole(self.request.model_copy(update=changed))

    def worth(self, part: Part) -> tuple[Decimal, int, int]:
        """The value of the lines that give a unit price; units, of a kit the kits; lines."""
        lines = [self.lines[position] for position in part]
        asked = [line for merged in lines for line in merged.asked]
        value = sum((line.quantity * line.unit_price for line in asked if line.unit_price is not None), Decimal(0))
        return value, sum(line.sold for line in lines), len(lines)

    def standing(self, part: Part) -> tuple[object, ...]:
        """Where the options of a part stand: the greatest worth first, then the first lines."""
        value, units, lines = self.worth(part)
        return -value, -units, -lines, part

    def served_best(self, method: str) -> Part | None:
        """The part of the greatest worth that a method serves, of equal ones the earliest by any option, then the first."""
        for _, equal in groupby(sorted(self.proper, key=self.worth, reverse=True), key=self.worth):
            asked = [(part, self.ask(part, [method], "all").choices) for part in equal]
            served = [(min(choice.door.promised for choice in found), part) for part, found in asked if found]
            if served:
                return min(served)[1]
        return None

    def brought(self, part: Part, methods: Sequence[str]) -> Section:
        """What methods offer that serve a part together, with what each leaves out."""
        return Section(self.ask(part, methods), {method: self._left_out(part, method) for method in methods})

    def _left_out(self, part: Part, method: str) -> tuple[NaiveLeftOut, ...]:
        """The lines of the request that are not in a part, in the order of their text."""
        reasons = {left: self._reason(part, left, method) for left in self.whole if left not in part}
        lines = [(line, left) for left in reasons for line in self.lines[left].asked]
        return tuple(
            NaiveLeftOut(
                line.id,
                line.sku,
                self.lines[left].key[1],
                line.quantity,
                reasons[left],
                self.lines[left].ship_group or None,
            )
            for line, left in sorted(lines, key=lambda found: found[0].model_dump_json())
        )

    def _reason(self, part: Part, left: int, method: str) -> Reason:
        """Why a method does not serve a line alone; where it does, why not the line beside the others."""
        tried: tuple[Part, ...] = ((left,), tuple(sorted((*part, left))))
        return next(refused.reason for lines in tried for refused in self.ask(lines, [method]).refusals)
