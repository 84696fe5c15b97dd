"""The exception tree and the reason codes.

::

    PromiseEngineError
    ├── InputError                every fault of one input, each with its path, value and what was expected
    │   ├── NetworkError
    │   ├── CatalogueError
    │   ├── StockError
    │   ├── RequestError
    │   ├── EvidenceError
    │   └── LimitError            a cap of the data layout is passed (sites, services, lines, units)
    └── MissingExtraError         an optional dependency is needed and not installed
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """How much a fault matters: an `error` refuses the input, a `warning` is reported and loading goes on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with an input: where, what was found, what was expected.

    Examples
    --------
    >>> print(Fault("network.yaml", "sites.0.time_zone", "'Europe/Pariss'", "an IANA time zone"))
    network.yaml: sites.0.time_zone: found 'Europe/Pariss', expected an IANA time zone
    """

    file: str
    path: str
    value: str
    expected: str
    code: str = "invalid"
    severity: Severity = Severity.ERROR

    def below(self, path: str) -> Fault:
        """The same fault of a part of something larger."""
        return replace(self, path=f"{path}.{self.path}" if self.path else path)

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.path) if part)
        found = f"found {self.value}, expected {self.expected}" if self.value else self.expected
        return f"{where}: {found}" if where else found


class PromiseEngineError(Exception):
    """Base of every error this library raises on purpose."""


class InputError(PromiseEngineError):
    """An input was refused. `faults` lists every fault found, in the order of file and path.

    Examples
    --------
    >>> error = NetworkError([Fault("n.yaml", "sites.0.id", "''", "a non-empty id")])
    >>> print(error)
    1 fault in the network:
      n.yaml: sites.0.id: found '', expected a non-empty id
    """

    subject = "input"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(self.faults)

    @classmethod
    def of(cls, path: str, value: object, expected: str, *, file: str = "", code: str = "invalid") -> Self:
        """One fault as an error."""
        return cls([Fault(file, path, shown(value), expected, code)])

    def __str__(self) -> str:
        count = len(self.faults)
        head = f"{count} fault{'s' if count != 1 else ''} in the {self.subject}:"
        return "\n  ".join([head, *map(str, self.faults)])


class NetworkError(InputError):
    """The network is refused."""

    subject = "network"


class CatalogueError(InputError):
    """The catalogue is refused."""

    subject = "catalogue"


class StockError(InputError):
    """The stock snapshot, or a delta, is refused."""

    subject = "stock"


class RequestError(InputError):
    """The promise request is refused as a whole; what one line or method gets wrong is a refusal instead."""

    subject = "request"


class EvidenceError(InputError):
    """Evidence is refused: malformed, changed since it was written, or without a fact that the answer needs."""

    subject = "evidence"


class LimitError(InputError):
    """A cap of the data layout is passed; the fault with the code `limit` names the cap and what was asked."""


class RequestLimitError(RequestError, LimitError):
    """A request passes a cap, whatever else is wrong with it."""


def request_error(faults: Iterable[Fault]) -> RequestError:
    """The error of a request's faults, a LimitError too when one of them is a cap.

    Examples
    --------
    >>> isinstance(request_error([Fault("", "lines", "201 lines", "at most 200 lines", "limit")]), LimitError)
    True
    """
    listed = list(faults)
    return RequestLimitError(listed) if any(fault.code == "limit" for fault in listed) else RequestError(listed)


class MissingExtraError(PromiseEngineError):
    """A feature needs an optional dependency; the message says what to install."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f'{feature} needs an optional dependency: pip install "promise-engine[{extra}]"')


def expect_type(name: str, value: object, wanted: type, how: str) -> None:
    """TypeError, with words how to make one, when an argument is not of the type it should be.

    Examples
    --------
    >>> expect_type("postal_code", 1000, str, "text, such as '01000'")
    Traceback (most recent call last):
    TypeError: postal_code: expected a str (text, such as '01000'), found int
    """
    if not isinstance(value, wanted):
        raise TypeError(f"{name}: expected a {wanted.__name__} ({how}), found {type(value).__name__}")


def shown(value: object, limit: int = 80) -> str:
    """A value as a message shows it: its `repr`, shortened.

    Examples
    --------
    >>> shown("x" * 100, 10)
    "'xxxxxx..."
    """
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


class Stage(IntEnum):
    """The stages a candidate passes, in order; a refusal tells the first one that failed."""

    INPUT = 0
    VISIBILITY = 1
    RESTRICTION = 2
    PLACE = 3
    STOCK = 4
    SOURCING = 5
    RELEASE = 6
    CAPACITY = 7
    HANDLING = 8
    COLLECTION = 9
    TRANSIT = 10
    DELIVERY = 11
    SHOPPER_COLLECTION = 12
    HORIZON = 13
    WISHES = 14


class Reason(IntEnum):
    """Why a method, or a place, is not offered. Codes are only ever added; `docs/reasons.md` explains each.

    The number is the code that kernels write: the stage times 100, plus a rank inside the stage. Within one
    stage the higher number got further.

    Examples
    --------
    >>> Reason.INSUFFICIENT_STOCK.stage.name, Reason.INSUFFICIENT_STOCK.code
    ('STOCK', 'insufficient_stock')
    """

    NONE = 0
    UNKNOWN_SKU = 1
    QUANTITY_NOT_A_STEP = 2
    QUANTITY_BELOW_MINIMUM = 3
    QUANTITY_ABOVE_MAXIMUM = 4
    UNKNOWN_SIZE = 5
    METHOD_NOT_SHOWN = 100
    SITE_NOT_SHOWN = 101
    ITEM_NOT_SHOWN = 102
    RESTRICTED = 200
    LINE_SERVICE_NOT_OFFERED = 201
    DESTINATION_TYPE_NOT_SERVED = 300
    NO_COORDINATES = 301
    NO_PLACE_IN_RADIUS = 302
    OUTSIDE_ZONE = 303
    NO_LANE = 304
    NOT_STOCKED = 400
    INSUFFICIENT_STOCK = 401
    UNIT_OVER_LIMIT = 500
    PARCEL_OVER_LIMIT = 501
    TOO_MANY_PARCELS = 502
    NO_TARIFF = 503
    TOO_MANY_SHIPMENTS = 504
    CAPACITY_PLAN_ENDS = 700
    WORK_OVER_SLOT = 701
    NO_COLLECTION = 900
    COLLECTION_FULL = 901
    WAITING_FORBIDDEN = 902
    SLOT_FULL = 1101
    PLACE_FULL = 1102
    BEYOND_HORIZON = 1300
    OUTSIDE_WISHES = 1400

    @property
    def stage(self) -> Stage:
        """The stage at which the candidate failed."""
        return Stage(self.value // 100)

    @property
    def code(self) -> str:
        """The name used in documents."""
        return self.name.lower()
