"""Cases as a Hypothesis strategy: a seed, and the features that are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from generator.cases import Case, make_case
from generator.draw import FEATURES

if TYPE_CHECKING:
    from collections.abc import Collection

_ALL = frozenset(FEATURES)


@st.composite
def cases(draw: st.DrawFn, without: Collection[str] = ()) -> Case:
    """Any case; a failing one shrinks to few features and a small seed."""
    everything = draw(st.booleans())
    on = _ALL if everything else draw(st.frozensets(st.sampled_from(FEATURES)))
    return make_case(draw(st.integers(0, 10**6)), (_ALL - on) | frozenset(without))
