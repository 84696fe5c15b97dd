"""Until when the options of an answer can be ordered, those of later groups beside what earlier groups take."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine.changes import first_taken_change, moment
from promise_engine.leaving import leave_the_same, left_at_least
from promise_engine.standing import Standing
from promise_engine.units import instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from promise_engine._compile.stock import BoundStock
    from promise_engine.answer import Answer
    from promise_engine.partial import GroupSections
    from promise_engine.questions import Whole
    from promise_engine.section import Section

    Ask = Callable[[int], Iterator[tuple[GroupSections, BoundStock]]]

MOST_LOOKED = 200  # changes of what groups before take that are looked at


class _Contested(NamedTuple):
    """Options of a later group that may end at another instant, because groups before may take something else."""

    section: Section
    rows: np.ndarray  # which of its rows

    @property
    def until(self) -> int:
        """The latest instant until which one of them stands, as far as is known."""
        return int(self.section.rows[self.rows, col.ORDER_BY].max(initial=0))


def fill_order_by(answer: Answer, ask: Ask) -> None:
    """Write until when each option of an answer can be ordered.

    `ask` asks the same groups at another instant, one after the other, each with what it leaves.
    """
    for section in answer.sections:
        _stand(section, section.rows, section.whole)
    if len(answer.groups) > 1:
        _fill_beside(answer, ask)


def _stand(section: Section, rows: np.ndarray, whole: Whole) -> None:
    Standing(section.questions, whole.question, whole.fronts).fill_order_by(rows)


def _fill_beside(answer: Answer, ask: Ask) -> None:
    """Ask groups before again when they may take something else, for options that this may end."""
    request, before = answer.context.request, answer.groups[:-1]
    lag = request.basket.placed_at - instant(request.model.placed_at)
    contested = [list(_contested_in(answer, number)) for number in range(1, len(answer.groups))]
    left = [group.whole.context.bound for group in answer.groups[1:]]
    at = request.basket.placed_at
    for looked in range(MOST_LOOKED):
        latest = max((some.until for of_group in contested for some in of_group), default=0)
        if lag and looked == 0:
            at += 1  # the first order that the answer is not for; each from now on is placed at its instant alone
        elif at <= latest:
            at = first_taken_change(before, latest + 1)  # what ends with a change may go on from it
        if at > latest:
            return
        asked = list(islice(ask(at), len(before)))
        before = [group for group, _ in asked]
        for number, (_, leaves) in enumerate(asked):
            if not leave_the_same(left[number], leaves):
                left[number] = leaves
                for some in contested[number]:
                    _stand_from(some, at, leaves)
    for some in (some for of_group in contested for some in of_group):
        ends = some.section.rows[some.rows, col.ORDER_BY]
        some.section.rows[some.rows, col.ORDER_BY] = np.minimum(ends, at)


def _contested_in(answer: Answer, number: int) -> Iterator[_Contested]:
    """Options of a group that end otherwise where groups before take nothing, or the most they can everywhere at once.

    What is taken until then lies between these, and so does what the group is promised.
    """
    group, before = answer.groups[number], answer.groups[:number]
    extremes = before[0].whole.context.bound, left_at_least([one.whole.context for one in before])
    for section in group.sections:
        model = section.whole.question.model.model_copy(update={"view": "all"})
        ends_otherwise = np.zeros(len(section.rows), np.bool_)
        for left in extremes if len(section.rows) else ():
            rows = section.rows.copy()
            _stand(section, rows, section.questions.whole(model, left))
            ends_otherwise |= rows[:, col.ORDER_BY] != section.rows[:, col.ORDER_BY]
        if ends_otherwise.any():
            yield _Contested(section, ends_otherwise)


def _stand_from(some: _Contested, at: int, bound: BoundStock) -> None:
    """Write the rest of what stands until an instant or later, from which on something else is left."""
    section = some.section
    standing = some.rows & (section.rows[:, col.ORDER_BY] >= at)
    if not standing.any():
        return
    model = section.whole.question.model.model_copy(update={"placed_at": moment(at), "view": "all"})
    rows = section.rows[standing]
    _stand(section, rows, section.questions.whole(model, bound))
    section.rows[standing, col.ORDER_BY] = rows[:, col.ORDER_BY]
