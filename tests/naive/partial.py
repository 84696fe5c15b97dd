"""The most valuable part of a basket, for each method that cannot serve the whole: every part of it is tried."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from .answer import NaiveAnswer, NaiveLeftOut
from .lines import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine.errors import Reason
    from promise_engine.models.request import PromiseRequest, View

    from .asking import Asking

Part = tuple[int, ...]
"""Some lines of the basket, by their position in it."""


def with_parts(asking: Asking, request: PromiseRequest) -> NaiveAnswer:
    """What serves the whole basket, then by falling worth the parts that methods serve which do not serve the whole."""
    basket = Parts(asking, request.model_copy(update={"partial": False}))
    whole = basket.ask(basket.whole, request.wishes.methods)
    methods: dict[Part, list[str]] = {}
    for refused in whole.refusals:
        part = basket.served_best(refused.method)
        if part is not None:
            methods.setdefault(part, []).append(refused.method)
    answers = [whole, *(basket.brought(part, methods[part]) for part in sorted(methods, key=basket.standing))]
    options = [option for found in answers for option in found.options]
    alike = next((found.options for found in answers if found.options), [])
    options = alike + [replace(option, tags=()) for option in options[len(alike) :]]
    served = {option.method for option in options}
    refusals = [refused for refused in whole.refusals if refused.method not in served]
    return NaiveAnswer(options, refusals, any(found.leaves_out for found in answers))


class Parts:
    """The parts of a request's basket, each asked for as a request of its own."""

    def __init__(self, asking: Asking, request: PromiseRequest) -> None:
        self.asking, self.request = asking, request
        self.lines = asking.whole(request).last.basket.lines
        self.whole: Part = tuple(range(len(self.lines)))
        counts = range(1, len(self.lines))
        self.proper: list[Part] = [part for count in counts for part in combinations(self.whole, count)]

    def ask(self, part: Part, methods: Sequence[str] | None, view: View | None = None) -> NaiveAnswer:
        """The answer to the request for some lines by some methods, all else the same but perhaps the view."""
        keys = {self.lines[position].key for position in part}
        lines = tuple(line for line in self.request.lines if not line.ships or key_of(line) in keys)
        wishes = self.request.wishes.model_copy(update={"methods": None if methods is None else tuple(methods)})
        changed = {"lines": lines, "wishes": wishes, "view": view or self.request.view}
        return self.asking.whole(self.request.model_copy(update=changed)).answer

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
            answers = [(part, self.ask(part, [method], "all")) for part in equal]
            served = [
                (min(option.promised for option in found.options), part) for part, found in answers if found.options
            ]
            if served:
                return min(served)[1]
        return None

    def brought(self, part: Part, methods: Sequence[str]) -> NaiveAnswer:
        """What methods offer that serve a part together, with what each leaves out."""
        found = self.ask(part, methods)
        left_out = {method: self._left_out(part, method) for method in methods}
        return replace(found, options=[replace(option, left_out=left_out[option.method]) for option in found.options])

    def _left_out(self, part: Part, method: str) -> tuple[NaiveLeftOut, ...]:
        """The lines of the request that are not in a part, in the order of their text."""
        reasons = {self.lines[left].key: self._reason(part, left, method) for left in self.whole if left not in part}
        lines = sorted((line for line in self.request.lines if line.ships), key=lambda line: line.model_dump_json())
        return tuple(
            NaiveLeftOut(line.id, *key_of(line), line.quantity, reasons[key_of(line)])
            for line in lines
            if key_of(line) in reasons
        )

    def _reason(self, part: Part, left: int, method: str) -> Reason:
        """Why a method does not serve a line alone; where it does, why not the line beside the others."""
        tried: tuple[Part, ...] = ((left,), tuple(sorted((*part, left))))
        return next(refused.reason for lines in tried for refused in self.ask(lines, [method]).refusals)
