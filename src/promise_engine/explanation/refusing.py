"""Why a method is not offered, in words."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from promise_engine.explanation.words import WIDTH
from promise_engine.reasons import REASON_TEXTS

if TYPE_CHECKING:
    from promise_engine.options import Refusal


def refusal_lines(refusal: Refusal) -> list[str]:
    """A refusal: its reason, the candidate that got furthest, where to look."""
    text = REASON_TEXTS[refusal.reason]
    told = {
        "stage": refusal.reason.stage.name.lower().replace("_", " "),
        "meaning": text.meaning,
        "got furthest": furthest_text(refusal),
        "item": refusal.sku or "",
        "look at": text.look_at,
    }
    lines = [f"{refusal.method}: not offered ({refusal.reason.code})"]
    for name, words in told.items():
        lines += wrap(words, WIDTH, initial_indent=f"  {name:<14}", subsequent_indent=f"{'':16}")
    return lines


def furthest_text(refusal: Refusal) -> str:
    """The candidate of a method that got furthest: from which site, by which way, to which place.

    Examples
    --------
    >>> from promise_engine.errors import Reason
    >>> from promise_engine.options import Refusal
    >>> furthest_text(Refusal("relay", Reason.PLACE_FULL, "point-7", "lyon", "relay-48"))
    'lyon by relay-48 to point-7'
    """
    way = refusal.service or ("own stock" if refusal.site else "")
    parts = (refusal.site, f"by {way}" if way else "", f"to {refusal.place}" if refusal.place else "")
    return " ".join(part for part in parts if part)
