"""What the parts of the workload call each other by: warehouses, carriers, their services, groups of goods."""

from __future__ import annotations

from typing import NamedTuple

WAREHOUSES = ("wh-centre", "wh-north", "wh-south")
KINDS = ("standard", "express", "day", "slot", "courier")
PICKUP = ("relay-00", "relay-01", "relay-02")
"""Services to the three networks of pickup points, and the names of these networks."""
SHUTTLE = "own-fleet"
CATEGORIES = ("books", "clothing", "furniture", "garden", "kitchen", "paint", "shoes", "toys")

_OFFERS = {
    **dict.fromkeys(range(5), ("standard", "standard", "express")),
    **dict.fromkeys(range(5, 8), ("express", "express", "express")),
    **dict.fromkeys(range(8, 10), ("standard", "day", "day")),
    **dict.fromkeys(range(10, 12), ("slot", "slot", "courier")),
}


class Product(NamedTuple):
    """A home service of a carrier."""

    id: str
    carrier: str
    kind: str
    number: int  # among all


def carrier_id(number: int) -> str:
    """The id of a carrier.

    Examples
    --------
    >>> carrier_id(3)
    'carrier-03'
    """
    return f"carrier-{number:02}"


HOME: tuple[Product, ...] = tuple(
    Product(f"c{carrier:02}-{kind}-{k}", carrier_id(carrier), kind, 3 * carrier + k)
    for carrier, kinds in _OFFERS.items()
    for k, kind in enumerate(kinds)
)
"""The 36 home services of 12 carriers."""


def services_of(kind: str) -> list[str]:
    """The home services of a kind.

    Examples
    --------
    >>> services_of("courier")
    ['c10-courier-2', 'c11-courier-2']
    """
    return [product.id for product in HOME if product.kind == kind]


def round_of(number: int) -> int:
    """In which round of the vans a store is: stores differ in when vans come, in four ways.

    Examples
    --------
    >>> round_of(6)
    2
    """
    return number % 4


def collects_on_saturdays(number: int) -> bool:
    """Whether a carrier comes on Saturdays.

    Examples
    --------
    >>> collects_on_saturdays(0), collects_on_saturdays(1)
    (True, False)
    """
    return number % 3 != 1
