"""The shared base of all models, and the field types they are written in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError


class Model(BaseModel):
    """Frozen, unknown fields refused, no silent coercion of text to numbers where it would lose something.

    Validators are built when a model first validates. Defaults that are models are therefore constructed with
    `model_construct`: validating them would build those of every model at import.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


Id = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^\S+$")]
"""An identifier: 1 to 100 characters, no white space."""


def _text_of_code(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Sku = Annotated[Id, BeforeValidator(_text_of_code)]
"""A stock keeping unit. A bare integer is taken as its text."""

PostalCode = Annotated[str, BeforeValidator(_text_of_code), StringConstraints(min_length=1, max_length=20)]
"""A postal code or a prefix of one. A bare integer is taken as its text; quote codes that begin with zero."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""An ISO 3166-1 alpha-2 country code, upper case."""

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 currency code, upper case."""


def _exact(value: Any) -> Any:
    """Floats become the decimal they print as, so that 4.9 is 4.9."""
    return Decimal(repr(value)) if isinstance(value, float) else value


Amount = Annotated[Decimal, Field(ge=0, le=10**11, decimal_places=4), BeforeValidator(_exact)]
"""An amount of money, from 0 to 100,000,000,000, at most four decimals. A cost or a price of the network is at most
1,000,000,000, in every currency that a rate turns it into."""

SignedAmount = Annotated[Decimal, Field(ge=-(10**11), le=10**11, decimal_places=4), BeforeValidator(_exact)]

Quantity = Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=3), BeforeValidator(_exact)]
"""A quantity, zero or more, at most three decimals (1, or 0.01 m)."""

PositiveQuantity = Annotated[Decimal, Field(gt=0, le=10**12, decimal_places=3), BeforeValidator(_exact)]

SignedQuantity = Annotated[Decimal, Field(ge=-(10**12), le=10**12, decimal_places=3), BeforeValidator(_exact)]

Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4), BeforeValidator(_exact)]
"""A share between 0 and 1, exact to 1/10,000."""

Rate = Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=9), BeforeValidator(_exact)]

Percent = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4), BeforeValidator(_exact)]

Intensity = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=3), BeforeValidator(_exact)]
"""Grams of CO2e per tonne-kilometre, at most three decimals."""

Detour = Annotated[Decimal, Field(ge=1, le=10, decimal_places=3), BeforeValidator(_exact)]

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]

_DURATION_PART = re.compile(r"(\d+)\s*(d|h|min|m|s)\b\s*", re.IGNORECASE)
_UNIT_SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "m": 60, "s": 1}
_LONGEST_DURATION_TEXT = 100
_BEYOND_EVERY_BOUND = 10**12  # seconds; a `timedelta` holds some more
_DURATION_EXPECTED = "a duration such as '90 min', '2 h 30 min', '1 d' or 'PT2H'"


def _duration(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        raise PydanticCustomError("duration", _DURATION_EXPECTED)
    if isinstance(value, str) and not value.strip().upper().startswith("P"):
        text = value.strip()
        parts = list(_DURATION_PART.finditer(text)) if len(text) <= _LONGEST_DURATION_TEXT else []
        if not parts or "".join(part.group(0) for part in parts) != text:
            raise PydanticCustomError("duration", _DURATION_EXPECTED)
        total = sum(int(p.group(1)) * _UNIT_SECONDS[p.group(2).lower()] for p in parts)
        return timedelta(seconds=min(total, _BEYOND_EVERY_BOUND))
    if isinstance(value, int | float):
        raise PydanticCustomError("duration", _DURATION_EXPECTED)
    return value


def _duration_text(value: timedelta) -> str:
    rest, parts = value // timedelta(seconds=1), []
    for unit in ("d", "h", "min", "s"):
        count, rest = divmod(rest, _UNIT_SECONDS[unit])
        parts += [f"{count} {unit}"] if count else []
    return " ".join(parts) or "0 s"


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    Field(ge=timedelta(0), le=timedelta(days=400)),
    PlainSerializer(_duration_text, return_type=str),
]
"""A length of time, at most 400 d: `90 min`, `2 h 30 min`, `1 d`, or ISO 8601 (`PT2H`)."""

UpToADay = Annotated[
    timedelta,
    BeforeValidator(_duration),
    Field(ge=timedelta(0), le=timedelta(days=1)),
    PlainSerializer(_duration_text, return_type=str),
]
"""A length of time of at most 1 d: `15 min`, `1 h`, or ISO 8601 (`PT15M`)."""

_CLOCK = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$")
_CLOCK_DAY = re.compile(r"^(\S+)(?:\s+([+-]\d)d)?$")


def _clock_seconds(text: str) -> int | None:
    if text in {"24:00", "24:00:00"}:
        return 86_400
    match = _CLOCK.match(text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    return hour * 3_600 + minute * 60 + second


def _clock_text(value: int) -> str:
    hours, rest = divmod(value, 3_600)
    minutes, secs = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{secs:02d}" if secs else "")


def _wall_time(value: Any) -> Any:
    if isinstance(value, time):
        value = value.isoformat()
    parsed = _clock_seconds(value) if isinstance(value, str) else None
    if parsed is None:
        raise PydanticCustomError("wall_time", "a time of day such as '17:00' or '24:00', in quotes")
    return parsed


WallTime = Annotated[
    int,
    BeforeValidator(_wall_time, json_schema_input_type=str),
    PlainSerializer(_clock_text, return_type=str),
]
"""A time of day, `HH:MM` or `HH:MM:SS`, `24:00` for the end of the day; kept as seconds after midnight."""


class DayTime(NamedTuple):
    """A time of day on a date that lies `days` after (or before) the date it is counted from."""

    days: int
    seconds: int


def _day_time(value: Any) -> Any:
    if isinstance(value, DayTime):
        return value
    match = _CLOCK_DAY.match(value) if isinstance(value, str) else None
    parsed = _clock_seconds(match.group(1)) if match else None
    if match is None or parsed is None:
        raise PydanticCustomError(
            "day_time", "a time with an optional day offset from -9d to +9d such as '17:00', '20:00 -1d', '02:30 +1d'"
        )
    return DayTime(int(match.group(2) or 0), parsed)


OffsetTime = Annotated[
    DayTime,
    BeforeValidator(_day_time, json_schema_input_type=str),
    PlainSerializer(lambda v: _clock_text(v.seconds) + (f" {v.days:+d}d" if v.days else ""), return_type=str),
]
"""A time of day with a day offset, from -9d to +9d: `17:00`, `20:00 -1d` (the evening before), `02:30 +1d` (after
midnight)."""


class Hours(NamedTuple):
    """An interval of a day, in seconds after midnight of the date it belongs to; `end` may pass 86,400."""

    start: int
    end: int


def _hours(value: Any) -> Any:
    if isinstance(value, Hours):
        return value
    parts = value.split("-") if isinstance(value, str) else []
    bounds = [second for part in parts if (second := _clock_seconds(part.strip())) is not None]
    if len(parts) != 2 or len(bounds) != 2 or bounds[0] in {bounds[1], 86_400}:
        raise PydanticCustomError("hours", "an interval such as '08:00-18:00'; '20:00-02:00' ends on the next day")
    start, end = bounds
    return Hours(start, end if end > start else end + 86_400)


OpenHours = Annotated[
    Hours,
    BeforeValidator(_hours, json_schema_input_type=str),
    PlainSerializer(
        lambda v: f"{_clock_text(v.start)}-{_clock_text(v.end if v.end <= 86_400 else v.end - 86_400)}", return_type=str
    ),
]
"""An interval of a day: `08:00-18:00`; `20:00-02:00` passes midnight and belongs to the date it starts on."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekday_range(text: str) -> tuple[Weekday, ...] | None:
    """The weekdays of `mon`, `mon-fri`, `sat-mon` or `daily`; None for anything else.

    Examples
    --------
    >>> weekday_range("sat-mon")
    ('sat', 'sun', 'mon')
    """
    if text == "daily":
        return WEEKDAYS
    first, _, last = text.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        return None
    start = WEEKDAYS.index(first)
    count = (WEEKDAYS.index(last or first) - start) % 7 + 1
    return tuple(WEEKDAYS[(start + i) % 7] for i in range(count))


def _weekdays(value: Any) -> Any:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple | set | frozenset):
        raise PydanticCustomError("weekdays", "weekdays such as 'mon-fri' or [mon, wed, sat]")
    days: set[str] = set()
    for part in parts:
        named = weekday_range(part.strip()) if isinstance(part, str) else None
        if named is None:
            raise PydanticCustomError("weekdays", "weekdays such as 'mon-fri' or [mon, wed, sat]")
        days.update(named)
    return tuple(day for day in WEEKDAYS if day in days)


Weekdays = Annotated[
    tuple[Weekday, ...],
    BeforeValidator(_weekdays, json_schema_input_type=str | list[str]),
]
"""A set of weekdays: `mon-fri`, `daily`, or `[mon, wed, sat]`."""


RECORDED = {"recorded": True}
"""The validation context of a document that was checked when it was first read: no time zone is looked up again."""


def _zone(value: str, info: ValidationInfo) -> str:
    if info.context == RECORDED:
        return value
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise PydanticCustomError("time_zone", "an IANA time zone such as 'Europe/Paris'") from None
    return value


TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_zone)]
"""An IANA time zone."""


_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise PydanticCustomError("instant", "an instant with its UTC offset, such as '2026-11-21T17:59:00+01:00'")
    if not _EARLIEST <= value <= _LATEST:
        raise PydanticCustomError("instant", "an instant between the years 1900 and 9999 (UTC)")
    return value


def _no_number(value: Any) -> Any:
    if not isinstance(value, str | datetime):
        raise PydanticCustomError("instant", "an instant with its UTC offset, such as '2026-11-21T17:59:00+01:00'")
    return value


Instant = Annotated[datetime, BeforeValidator(_no_number, json_schema_input_type=str), AfterValidator(_aware)]
"""An instant: a date, a time and a UTC offset, from 1900 on. Fractions of a second are dropped when it is used."""


def _plain_date(value: Any) -> Any:
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise PydanticCustomError("date", "a date such as '2026-12-24'")
    return value


Day = Annotated[
    date, BeforeValidator(_plain_date, json_schema_input_type=str), Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))
]
"""A calendar date between 2000 and 2100."""


class DateRange(Model):
    """Dates from `first` to `last`, both included; `last` defaults to `first`."""

    first: Day = Field(description="First date of the range.")
    last: Day | None = Field(None, description="Last date of the range, included; one day when not given.")

    @property
    def end(self) -> date:
        """The last date of the range."""
        return self.last or self.first

    @property
    def length(self) -> int:
        """How many dates the range holds."""
        return (self.end - self.first).days + 1

    def covers(self, day: date) -> bool:
        """Whether the range holds this date.

        Examples
        --------
        >>> DateRange(first="2026-12-24").covers(date(2026, 12, 24))
        True
        """
        return self.first <= day <= self.end

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end < self.first:
            raise PydanticCustomError("range", "a range whose last date is not before its first")
        return self


class Dimensions(Model):
    """Outer size of one unit, in millimetres, in any order."""

    length_mm: int = Field(gt=0, le=100_000)
    width_mm: int = Field(gt=0, le=100_000)
    height_mm: int = Field(gt=0, le=100_000)

    @property
    def sides(self) -> tuple[int, int, int]:
        """The three sides, longest first."""
        a, b, c = sorted((self.length_mm, self.width_mm, self.height_mm), reverse=True)
        return a, b, c
