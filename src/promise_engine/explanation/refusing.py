"""Why a method is not offered, in words."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from promise_engine.explanation.words import WIDTH, counted, distance_text, group_text, instant_text
from promise_engine.reasons import REASON_TEXTS
from promise_engine.remedies import MoreDays, MoreShipments, MoreUnits, OrderBefore, WithoutSku

if TYPE_CHECKING:
    from promise_engine.options import Refusal
    from promise_engine.remedies import Remedy

_DAYS_OF = {
    "nominated_day": "to the nominated day",
    "not_after": "to the end of the wishes",
    "horizon_days": "of horizon",
}


def refusal_lines(refusal: Refusal) -> list[str]:
    """A refusal: its reason, the candidate that got furthest, where to look, what alone would change it."""
    text = REASON_TEXTS[refusal.reason]
    told = {
        "stage": refusal.reason.stage.name.lower().replace("_", " "),
        "meaning": text.meaning,
        "got furthest": furthest_text(refusal),
        "item": refusal.sku or "",
        "look at": text.look_at,
        "would do": remedies_text(refusal),
    }
    lines = [f"{group_text(refusal.group)}{refusal.method}: not offered ({refusal.reason.code})"]
    for name, words in told.items():
        lines += wrap(words, WIDTH, initial_indent=f"  {name:<14}", subsequent_indent=f"{'':16}")
    return lines


def remedies_text(refusal: Refusal) -> str:
    """The remedies of a refusal in short words; nothing without."""
    return "; ".join(remedy_text(remedy) for remedy in refusal.remedies)


def remedy_text(remedy: Remedy) -> str:
    """A remedy in short words.

    Examples
    --------
    >>> from datetime import datetime
    >>> from decimal import Decimal
    >>> remedy_text(OrderBefore(datetime(2026, 11, 24, 13, 48)))
    'order before Tue 24 Nov 13:48'
    >>> remedy_text(MoreUnits("lyon", "A1", Decimal(2)))
    '2 more of A1 at lyon'
    >>> remedy_text(MoreDays(1, "horizon_days"))
    '1 more day of horizon'
    """
    if isinstance(remedy, OrderBefore):
        return f"order before {instant_text(remedy.at)}"
    if isinstance(remedy, MoreUnits):
        return f"{remedy.quantity} more of {remedy.sku} at {remedy.site}"
    if isinstance(remedy, WithoutSku):
        return f"without {remedy.sku}"
    if isinstance(remedy, MoreShipments):
        return counted(remedy.count, "more shipment")
    if isinstance(remedy, MoreDays):
        return f"{counted(remedy.count, 'more day')} {_DAYS_OF[remedy.of]}"
    return f"{remedy.place}, {distance_text(remedy.distance_metres)} away"


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
