"""A plain-Python reference of the whole engine: slow, obvious, and written apart from it."""

from __future__ import annotations

from .answer import NaiveAnswer, NaiveOption, NaiveShipment, answer, next_change_at
from .refusals import NaiveRefusal

__all__ = ["NaiveAnswer", "NaiveOption", "NaiveRefusal", "NaiveShipment", "answer", "next_change_at"]
