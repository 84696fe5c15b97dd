"""What would give a refused method an option: one change of one kind, as small as it can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OrderBefore:
    """The same order, placed before an instant of the same date.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> OrderBefore(datetime(2026, 11, 23, 13, 48, tzinfo=UTC)).kind
    'order_before'
    """

    kind: Literal["order_before"] = field(default="order_before", init=False, repr=False)
    at: datetime  # an order a second earlier has an option, one at it has not


@dataclass(frozen=True, slots=True)
class MoreUnits:
    """So much more of a SKU on hand at one site.

    Examples
    --------
    >>> from decimal import Decimal
    >>> MoreUnits("lyon", "A1", Decimal(2)).kind
    'more_units'
    """

    kind: Literal["more_units"] = field(default="more_units", init=False, repr=False)
    site: str
    sku: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class WithoutSku:
    """The basket without the lines of one SKU.

    Examples
    --------
    >>> WithoutSku("A1").kind
    'without_sku'
    """

    kind: Literal["without_sku"] = field(default="without_sku", init=False, repr=False)
    sku: str


@dataclass(frozen=True, slots=True)
class MoreShipments:
    """So many more shipments than the method's `max_shipments`.

    Examples
    --------
    >>> MoreShipments(1).kind
    'more_shipments'
    """

    kind: Literal["more_shipments"] = field(default="more_shipments", init=False, repr=False)
    count: int


@dataclass(frozen=True, slots=True)
class MoreDays:
    """So many more days: a wish moved later by them, or a horizon longer by them.

    Examples
    --------
    >>> MoreDays(1, "not_after").kind
    'more_days'
    """

    kind: Literal["more_days"] = field(default="more_days", init=False, repr=False)
    count: int
    of: Literal["nominated_day", "not_after", "horizon_days"]


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Another store or pickup point, so far from the shopper, or from the place asked for.

    Examples
    --------
    >>> OtherPlace("store-lyon", 2_000).kind
    'other_place'
    """

    kind: Literal["other_place"] = field(default="other_place", init=False, repr=False)
    place: str
    distance_metres: int


Remedy = OrderBefore | MoreUnits | WithoutSku | MoreShipments | MoreDays | OtherPlace
"""A change with which alone a refused method has an option."""
