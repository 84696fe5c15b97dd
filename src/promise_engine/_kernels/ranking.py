"""Which rows no other row beats, and where each row stands among the options shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine._kernels._jit import entry

if TYPE_CHECKING:
    from promise_engine._arrays import I64, U8


@entry
def mark_front(groups: I64, criteria: I64, kept: U8) -> None:
    """Mark the undominated rows of each group.

    Rows come sorted by group, then criteria, then preference: a later row cannot beat an earlier one, and one
    equal to an earlier one is left out.
    """
    start = 0
    for i in range(len(groups)):
        if groups[i] != groups[start]:
            start = i
        kept[i] = 1
        for j in range(start, i):
            if kept[j] == 0:
                continue
            beaten = True
            for c in range(criteria.shape[1]):
                if criteria[j, c] > criteria[i, c]:
                    beaten = False
                    break
            if beaten:
                kept[i] = 0
                break
