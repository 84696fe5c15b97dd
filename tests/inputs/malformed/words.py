"""What faults expect, in words, and the shape of a malformed case."""

from __future__ import annotations

from typing import Any, NamedTuple

from promise_engine.inputs.faults import told

from inputs.samples import ABSENT


class Case(NamedTuple):
    """One change of a valid document: where, to what, and the one fault it gives."""

    kind: str
    at: str
    to: Any
    path: str
    expected: str
    found: str | None = None

    @property
    def value(self) -> str:
        """The value that the fault shows: by default the one put in."""
        if self.found is not None:
            return self.found
        return "" if self.to is ABSENT else told(self.to)


REQUIRED = "a value: this field is required"
AN_ID = "an id of 1 to 100 characters without spaces"
MAPPING = "a mapping of fields"
DATE = "a date such as '2026-12-24'"
INSTANT = "an instant with its UTC offset, such as '2026-11-21T17:59:00+01:00'"
YEARS = "an instant between the years 1900 and 9999 (UTC)"
DURATION = "a duration such as '90 min', '2 h 30 min', '1 d' or 'PT2H'"
TIME = "a time of day such as '17:00' or '24:00', in quotes"
OFFSET_TIME = "a time with an optional day offset from -9d to +9d such as '17:00', '20:00 -1d', '02:30 +1d'"
HOURS = "an interval such as '08:00-18:00'; '20:00-02:00' ends on the next day"
WEEKDAYS = "weekdays such as 'mon-fri' or [mon, wed, sat]"
SIGNED_QUANTITY = "a number, from -1,000,000,000,000 to 1,000,000,000,000, with at most 3 decimals"
QUANTITY = "a number, 0 or more, at most 1,000,000,000,000, with at most 3 decimals"
POSITIVE_QUANTITY = "a number, above 0, at most 1,000,000,000,000, with at most 3 decimals"
AMOUNT = "a number, 0 or more, at most 100,000,000,000, with at most 4 decimals"
COUNT = "a whole number, 0 or more, at most 1,000,000,000"
CURRENCY = "a currency code of three capital letters such as EUR"
COUNTRY = "an ISO 3166-1 country code such as FR"
COUNTRY_FORM = "a country code of two capital letters such as FR"
AN_ITEM = "at least 1 item"
TEXT = "text, in quotes"
BOOLEAN = "true or false"
WITH_HOURS = "a calendar with hours"
LIST = "a list"
