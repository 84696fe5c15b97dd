"""Until when the options of an answer can be ordered, those of later groups beside what earlier groups take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine import _columns as col
from promise_engine._arrays import Taken
from promise_engine.changes import first_event, moment
from promise_engine.standing import Standing
from promise_engine.units import instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from promise_engine._compile.stock import BoundStock
    from promise_engine.answer import Answer
    from promise_engine.questions import Whole
    from promise_engine.section import Section


def fill_order_by(answer: Answer, ask: Callable[[int], Answer]) -> None:
    """Write until when each option of an answer can be ordered; `ask` asks the same at another instant."""
    for section in answer.sections:
        _stand(section, section.rows, section.whole)
    if len(answer.groups) > 1:
        _fill_beside(answer, ask)


def _stand(section: Section, rows: np.ndarray, whole: Whole) -> None:
    Standing(section.questions, whole.question, whole.fronts).fill_order_by(rows)


def _fill_beside(answer: Answer, ask: Callable[[int], Answer]) -> None:
    """Ask again whenever something asked of earlier groups may be another: they may leave something else then."""
    request, asked = answer.context.request, answer
    lag = request.basket.placed_at - instant(request.model.placed_at)
    while True:
        later = [section for group in answer.groups[1:] for section in group.sections]
        latest = max((int(section.rows[:, col.ORDER_BY].max(initial=0)) for section in later), default=0)
        at = first_event(asked.groups[:-1], latest, latest)
        if at + lag >= latest:
            return
        before, asked = asked, ask(at)
        for then, group, now in zip(before.groups, answer.groups, asked.groups, strict=True):
            if not _leave_the_same(then.whole.context.bound, now.whole.context.bound):
                for section in group.sections:
                    _stand_from(section, at + lag, now.whole.context.bound)


def _stand_from(section: Section, at: int, bound: BoundStock) -> None:
    """Write the rest of what stands until later than an instant, from which on something else is left."""
    standing = section.rows[:, col.ORDER_BY] > at
    if not standing.any():
        return
    model = section.whole.question.model.model_copy(update={"placed_at": moment(at), "view": "all"})
    rows = section.rows[standing]
    _stand(section, rows, section.questions.whole(model, bound))
    section.rows[standing, col.ORDER_BY] = rows[:, col.ORDER_BY]


def _leave_the_same(one: BoundStock, other: BoundStock) -> bool:
    """Whether groups before leave the same of stock and capacity."""
    same = (np.array_equal(getattr(one.taken, name), getattr(other.taken, name)) for name in Taken._fields)
    return one.ahead == other.ahead and all(same)
