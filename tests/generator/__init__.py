"""Random cases, small and nasty, and what they must cover together.

A case is a network, a catalogue, a stock snapshot and a request, all valid. `make_case(seed)` is the same on
every machine; `cases()` is the Hypothesis strategy over seeds and features.
"""

from __future__ import annotations

from generator.cases import Case, make_case
from generator.draw import FEATURES

__all__ = ["FEATURES", "Case", "make_case"]
