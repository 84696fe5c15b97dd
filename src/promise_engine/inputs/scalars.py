"""Plain scalars of YAML and JSON: the YAML 1.2 core schema, without what would lose what was written."""

from __future__ import annotations

import re
from decimal import Decimal

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,39}")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,2})?")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}  # fmt: skip
_LONGEST_NUMBER = 60


def plain_value(text: str) -> str | int | Decimal | bool | None:
    """The value of a YAML scalar without quotes.

    Times, dates, `yes`, codes that begin with zero, and numbers in other bases stay text.

    Examples
    --------
    >>> [plain_value(text) for text in ("12", "4.90", "17:00", "01000", "yes", "true", "2026-12-24")]
    [12, Decimal('4.90'), '17:00', '01000', 'yes', True, '2026-12-24']
    """
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER or text[0] not in "-+.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return decimal_or_text(text) if not text.isdigit() else text


def decimal_or_text(text: str) -> Decimal | str:
    """The exact decimal; the text itself when it is no number of reasonable size."""
    return Decimal(text) if len(text) <= _LONGEST_NUMBER and _DECIMAL.fullmatch(text) else text


def integer_or_text(text: str) -> int | str:
    """The integer; the text itself when it has more than 40 digits."""
    return int(text) if _INTEGER.fullmatch(text) else text
