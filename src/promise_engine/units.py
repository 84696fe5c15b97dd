"""Conversions between what people write and the integers the engine counts in.

An instant is `int` seconds since 1970-01-01 UTC, a duration `int` seconds, money `int` minor units, a quantity
`int` thousandths, a share `int` ten-thousandths. This is the one module that converts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

NEVER: int = 2**62
"""An instant later than every instant the engine works with."""

ALWAYS: int = -(2**62)
"""An instant earlier than every instant the engine works with."""

DAY_SECONDS: int = 86_400
QUANTITY_SCALE: int = 1_000
SHARE_SCALE: int = 10_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MINOR_DIGITS = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0,
    "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "UYI": 0, "UYW": 4, "VND": 0,
    "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


def instant(moment: datetime) -> int:
    """Seconds since 1970-01-01 UTC of an aware datetime; fractions of a second are dropped.

    Examples
    --------
    >>> instant(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    1795262400
    """
    return (moment - _EPOCH) // timedelta(seconds=1)


def seconds(duration: timedelta) -> int:
    """Whole seconds of a duration; fractions are dropped.

    Examples
    --------
    >>> seconds(timedelta(hours=2, minutes=30))
    9000
    """
    return duration // timedelta(seconds=1)


def day_number(day: date) -> int:
    """Days since 1970-01-01 of a date.

    Examples
    --------
    >>> day_number(date(1970, 1, 3))
    2
    """
    return day.toordinal() - _EPOCH_ORDINAL


def date_of(number: int) -> date:
    """The date that is `number` days after 1970-01-01.

    Examples
    --------
    >>> date_of(2)
    datetime.date(1970, 1, 3)
    """
    return date.fromordinal(number + _EPOCH_ORDINAL)


def minor_digits(currency: str) -> int:
    """Digits after the point of a currency's minor unit (ISO 4217).

    Examples
    --------
    >>> minor_digits("EUR"), minor_digits("JPY")
    (2, 0)
    """
    return _MINOR_DIGITS.get(currency, 2)


def minor(amount: Decimal, currency: str) -> int:
    """Integer minor units of an amount, rounded half up.

    Examples
    --------
    >>> minor(Decimal("4.905"), "EUR"), minor(Decimal("500"), "JPY")
    (491, 500)
    """
    return int((amount.scaleb(minor_digits(currency))).to_integral_value(ROUND_HALF_UP))


def amount_of(minor_units: int, currency: str) -> Decimal:
    """The decimal amount of integer minor units.

    Examples
    --------
    >>> amount_of(490, "EUR")
    Decimal('4.90')
    """
    return Decimal(minor_units).scaleb(-minor_digits(currency))


def thousandths(quantity: Decimal) -> int:
    """A quantity in thousandths; the models admit at most three decimals.

    Examples
    --------
    >>> thousandths(Decimal("2.5"))
    2500
    """
    return int(quantity * QUANTITY_SCALE)


def quantity_of(value: int) -> Decimal:
    """The quantity of a count of thousandths, without trailing zeros.

    Examples
    --------
    >>> quantity_of(2500), quantity_of(20_000)
    (Decimal('2.5'), Decimal('20'))
    """
    whole, rest = divmod(value, QUANTITY_SCALE)
    return Decimal(whole) if not rest else (Decimal(value) / QUANTITY_SCALE).normalize()


def ten_thousandths(share: Decimal) -> int:
    """A share between 0 and 1 in ten-thousandths; the models admit at most four decimals.

    Examples
    --------
    >>> ten_thousandths(Decimal("0.8"))
    8000
    """
    return int(share * SHARE_SCALE)
