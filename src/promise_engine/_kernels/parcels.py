"""Units into parcels: first-fit decreasing within a service's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._kernels._jit import entry, kernel
from promise_engine.errors import Reason

if TYPE_CHECKING:
    from promise_engine._arrays import I64, U8

# Measures of a parcel, in the order of its limits: grams, millimetres, grams of volume.
WEIGHT, LONGEST, SUM_OF_SIDES, GIRTH, VOLUMETRIC = range(5)
MEASURES = 5
FOLD_WEIGHT, FOLD_STACK, FOLD_GIVEN = 0, 1, 2

_UNIT_OVER_LIMIT = int(Reason.UNIT_OVER_LIMIT)
_PARCEL_OVER_LIMIT = int(Reason.PARCEL_OVER_LIMIT)


@kernel
def measure_sides(a: int, b: int, c: int, measures: I64) -> None:
    """Longest side, sum of sides and girth of a box of any orientation."""
    longest = max(a, b, c)
    measures[LONGEST], measures[SUM_OF_SIDES] = longest, a + b + c
    measures[GIRTH] = longest + 2 * (a + b + c - longest)


@kernel
def add_unit(fold: int, weight: int, unit: I64, sides: I64, volume: int, measures: I64) -> int:
    """Add one unit to a parcel (`sides` folded so far, `volume` in mm3); returns the new volume."""
    measures[WEIGHT] += weight
    if fold == FOLD_GIVEN:
        return volume
    if fold == FOLD_STACK:
        sides[0], sides[1], sides[2] = max(sides[0], unit[0]), max(sides[1], unit[1]), sides[2] + unit[2]
        measure_sides(sides[0], sides[1], sides[2], measures)
        return sides[0] * sides[1] * sides[2]
    alone = np.zeros(MEASURES, np.int64)
    measure_sides(unit[0], unit[1], unit[2], alone)
    for i in range(LONGEST, VOLUMETRIC):
        measures[i] = max(measures[i], alone[i])
    return volume + unit[0] * unit[1] * unit[2]


@kernel
def volumetric(volume: int, divisor: int) -> int:
    """Grams of volume, rounded up; 0 without a divisor."""
    return (volume + divisor - 1) // divisor if divisor > 0 else 0


@kernel
def within(measures: I64, limits: I64) -> bool:
    """Whether a parcel keeps its limits; at a limit is accepted."""
    over = 0
    for i in range(MEASURES):
        over += measures[i] > limits[i]
    return over == 0


@kernel
def pack(
    weights: I64, units: I64, limits: I64, fold: int, box: I64, divisor: int, oversize_alone: int, parcels: I64
) -> int:
    """Pack units (heaviest first) and write a row of measures a parcel.

    Returns the number of parcels, or minus the reason. `units` holds sides, longest first; `divisor` 0 means no
    volumetric weight.
    """
    sides = np.zeros((len(weights), 3), np.int64)
    volumes = np.zeros(len(weights), np.int64)
    closed = np.zeros(len(weights), np.uint8)
    trial, trial_sides = np.zeros(MEASURES, np.int64), np.zeros(3, np.int64)
    count = 0
    if fold == FOLD_GIVEN:
        measure_sides(box[0], box[1], box[2], trial)
        trial[VOLUMETRIC] = volumetric(box[0] * box[1] * box[2], divisor)
        if not oversize_alone and weights[0] > limits[WEIGHT]:
            return -_UNIT_OVER_LIMIT
        if not within(trial, limits):
            return -_PARCEL_OVER_LIMIT
    for i in range(len(weights)):
        placed = False
        for parcel in range(count + 1):
            if parcel < count and closed[parcel]:
                continue
            if parcel == count:
                parcels[parcel], sides[parcel], volumes[parcel] = 0, 0, 0
                if fold == FOLD_GIVEN:
                    volumes[parcel] = box[0] * box[1] * box[2]
                    measure_sides(box[0], box[1], box[2], parcels[parcel])
            trial[:], trial_sides[:] = parcels[parcel], sides[parcel]
            volume = add_unit(fold, weights[i], units[i], trial_sides, volumes[parcel], trial)
            trial[VOLUMETRIC] = volumetric(volume, divisor)
            fits = within(trial, limits)
            if not fits and parcel < count:
                continue
            if not fits and not oversize_alone:
                return -_UNIT_OVER_LIMIT
            parcels[parcel], sides[parcel], volumes[parcel] = trial, trial_sides, volume
            if parcel == count:
                closed[parcel] = 0 if fits else 1
                count += 1
            placed = True
            break
        if not placed:
            return -_UNIT_OVER_LIMIT
    return count


@entry
def pack_parts(
    weights: I64, units: I64, line_of: I64, has: U8, limits: I64, fold: int, box: I64, divisor: int,
    oversize_alone: int, counts: I64, parcels: I64,
) -> None:  # fmt: skip
    """Pack some lines of a basket for each of several parts: `has` (P, L) says which lines are in which.

    `line_of` is the line of each unit. `counts` (P,) gets the parcels of each part, or minus the reason; they stand one
    part after the other in `parcels`, which must have a row for each unit of each part.
    """
    chosen_weights, chosen_units = np.empty_like(weights), np.empty_like(units)
    begin = 0
    for part in range(len(has)):
        count = 0
        for unit in range(len(weights)):
            if has[part, line_of[unit]]:
                chosen_weights[count], chosen_units[count] = weights[unit], units[unit]
                count += 1
        counts[part] = pack(
            chosen_weights[:count], chosen_units[:count], limits, fold, box, divisor, oversize_alone, parcels[begin:]
        )
        begin += max(0, counts[part])
