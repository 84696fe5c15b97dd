"""Pieces into parcels: first-fit decreasing by weight within the limits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from promise_engine.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine.models.place import Packing, ParcelLimits
    from promise_engine.models.policy import UnknownSize

    from .lines import Piece

Sides = tuple[int, int, int]


@dataclass(frozen=True)
class Unit:
    """A piece whose weight and sides are settled."""

    sku: str
    weight: Decimal
    sides: Sides


@dataclass
class Parcel:
    """Units packed together under one packing rule."""

    packing: Packing
    units: list[Unit] = field(default_factory=list)
    closed: bool = False

    @property
    def weight(self) -> Decimal:
        """Actual weight in grams."""
        return sum((unit.weight for unit in self.units), Decimal(0))

    @property
    def outlines(self) -> list[Sides]:
        """The sizes that limits look at: one of the whole parcel, or by `fold: weight` one of each item."""
        if self.packing.fold == "given":
            return [self.packing.box.sides] if self.packing.box else []
        sides = [unit.sides for unit in self.units]
        if self.packing.fold == "weight":
            return sides
        folded = (max(s[0] for s in sides), max(s[1] for s in sides), sum(s[2] for s in sides))
        longest, second, third = sorted(folded, reverse=True)
        return [(longest, second, third)]

    @property
    def volumetric_grams(self) -> int:
        """Volumetric weight, rounded up; 0 without a divisor."""
        if self.packing.volumetric_divisor is None:
            return 0
        cubic_millimetres = sum(a * b * c for a, b, c in self.outlines)
        return math.ceil(Decimal(cubic_millimetres) / self.packing.volumetric_divisor)

    @property
    def chargeable_grams(self) -> Decimal:
        """The weight that tariffs look at."""
        return max(self.weight, Decimal(self.volumetric_grams))

    def over(self, limits: ParcelLimits) -> bool:
        """Whether it passes one of the limits; at a limit it does not."""
        if limits.weight_grams is not None and self.weight > limits.weight_grams:
            return True
        if limits.volumetric_grams is not None and self.volumetric_grams > limits.volumetric_grams:
            return True
        return any(_too_long(outline, limits) for outline in self.outlines)


def _too_long(sides: Sides, limits: ParcelLimits) -> bool:
    longest, second, third = sides
    return (
        (limits.longest_mm is not None and longest > limits.longest_mm)
        or (limits.sum_of_sides_mm is not None and longest + second + third > limits.sum_of_sides_mm)
        or (limits.girth_mm is not None and longest + 2 * (second + third) > limits.girth_mm)
    )


def needs_size(limits: ParcelLimits) -> bool:
    """Whether a limit looks at sizes."""
    return any(
        v is not None for v in (limits.longest_mm, limits.sum_of_sides_mm, limits.girth_mm, limits.volumetric_grams)
    )


def settled(
    pieces: Sequence[Piece], assumed: UnknownSize, *, weight_needed: bool, size_needed: bool
) -> list[Unit] | Reason:
    """Units in packing order, what is unknown assumed; refused when it is needed and nothing may be assumed."""
    units = []
    for piece in pieces:
        weight, sides = piece.weight, piece.sides
        if weight is None:
            weight = None if assumed.weight_grams is None else Decimal(assumed.weight_grams)
        if sides is None and assumed.sides_mm is not None:
            longest, second, third = sorted(assumed.sides_mm, reverse=True)
            sides = (longest, second, third)
        if (weight is None and weight_needed) or (sides is None and size_needed):
            return Reason.UNKNOWN_SIZE
        units.append(Unit(piece.sku, weight or Decimal(0), sides or (0, 0, 0)))
    return sorted(units, key=lambda u: (-u.weight, tuple(-side for side in u.sides), u.sku))


def packed(units: Sequence[Unit], packing: Packing, limits: Sequence[ParcelLimits]) -> list[Parcel] | Reason:
    """Parcels, each unit in the first where it fits all the limits."""
    parcels: list[Parcel] = []
    if packing.fold == "given":
        refused = _box_refused(units, packing, limits)
        if refused:
            return refused
    for unit in units:
        target = next((p for p in parcels if not p.closed and _fits([*p.units, unit], packing, limits)), None)
        if target:
            target.units.append(unit)
            continue
        fits_alone = _fits([unit], packing, limits)
        if not fits_alone and packing.oversize == "refuse":
            return Reason.UNIT_OVER_LIMIT
        parcels.append(Parcel(packing, [unit], closed=not fits_alone))
    return parcels


def _fits(units: list[Unit], packing: Packing, limits: Sequence[ParcelLimits]) -> bool:
    parcel = Parcel(packing, units)
    return not any(parcel.over(limit) for limit in limits)


def _box_refused(units: Sequence[Unit], packing: Packing, limits: Sequence[ParcelLimits]) -> Reason | None:
    """With a given box, a unit that is too heavy is refused before the box that is too large."""
    heaviest = max((unit.weight for unit in units), default=Decimal(0))
    if packing.oversize == "refuse" and any(
        lim.weight_grams is not None and heaviest > lim.weight_grams for lim in limits
    ):
        return Reason.UNIT_OVER_LIMIT
    if any(Parcel(packing, []).over(limit) for limit in limits):
        return Reason.PARCEL_OVER_LIMIT
    return None
