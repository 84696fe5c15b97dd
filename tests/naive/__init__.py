"""A plain-Python reference of the whole engine: slow, obvious, and written apart from it."""

from __future__ import annotations

from .answer import NaiveAnswer, NaiveOption, NaiveRefusal, answer, next_change_at

__all__ = ["NaiveAnswer", "NaiveOption", "NaiveRefusal", "answer", "next_change_at"]
