"""A plain-Python reference of the whole engine: slow, obvious, and written apart from it."""

from __future__ import annotations

from .answer import NaiveAnswer, NaiveLeftOut, NaiveOption, NaiveShipment
from .asking import answer, next_change_at
from .refusals import NaiveRefusal
from .remedies import NaiveRemedy, remedies

__all__ = [
    "NaiveAnswer", "NaiveLeftOut", "NaiveOption", "NaiveRefusal", "NaiveRemedy", "NaiveShipment",
    "answer", "next_change_at", "remedies",
]  # fmt: skip
