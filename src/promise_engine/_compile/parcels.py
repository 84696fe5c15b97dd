"""A basket's units into the parcels of each way."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._compile.money import limits_row
from promise_engine._compile.working_time import int64
from promise_engine._kernels.parcels import FOLD_GIVEN, FOLD_STACK, FOLD_WEIGHT, MEASURES, pack_parts
from promise_engine.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promise_engine._compile.lines import Piece
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine.models.carrier import CarrierService
    from promise_engine.models.place import Packing

_FOLDS = {"weight": FOLD_WEIGHT, "stack": FOLD_STACK, "given": FOLD_GIVEN}
_NO_BOX = np.zeros(3, np.int64)
_LEAST_NEEDED = 2**62


class Packed(NamedTuple):
    """The parcels of a way for several parts of a basket, or the reasons that there are none."""

    reason: np.ndarray  # (P,) 0 where there are parcels
    parcel_count: np.ndarray  # (P,)
    parcels: np.ndarray  # (n, MEASURES) those of one part after those of the other


class Packer:
    """Packs parts of a basket for ways and pickup points, once for all that have the same limits.

    Parameters
    ----------
    network
        The compiled network.
    pieces
        What of the basket goes into parcels.
    has
        (P, L) which lines are in which part.
    """

    def __init__(self, network: CompiledNetwork, pieces: list[Piece], has: np.ndarray) -> None:
        self._network = network
        self._has = has
        self._packed: dict[tuple[Packing, tuple[int, ...], bytes], Packed] = {}  # within limits, where sizes are known
        self._weight_unknown = self._has_any(piece.line for piece in pieces if piece.weight_grams < 0)
        self._sides_unknown = self._has_any(piece.line for piece in pieces if piece.sides[0] < 0)
        units = sorted(
            (
                -max(piece.weight_grams, 0),
                tuple(-max(side, 0) for side in piece.sides),
                piece.sku,
                piece.units,
                piece.line,
            )
            for piece in pieces
        )
        repeats = [count for *_, count, _ in units]
        self._weights = np.repeat(int64([-weight for weight, *_ in units]), repeats)
        self._sides = np.repeat(
            np.array([[-side for side in sides] for _, sides, *_ in units], np.int64), repeats, axis=0
        )
        self._line_of = np.repeat(int64([line for *_, line in units]), repeats)

    def _has_any(self, lines: Iterable[int]) -> np.ndarray:
        """Which parts have some of the lines (P,)."""
        return np.asarray(self._has[:, sorted(set(lines))].any(axis=1))

    def packed(self, way_idx: int, place: int) -> Packed:
        """Parcels of a way; at a pickup point (-1: none) also within the point's limits."""
        names = self._network.ways[way_idx].services
        services = [self._network.services[self._network.service_index[name]] for name in names]
        if not services:
            return self._of_one_each
        limits = self._limits(services, place)
        is_unknown = self._unknown_for(limits, services)
        key = services[0].packing, limits, is_unknown.tobytes()
        if key not in self._packed:
            self._packed[key] = self._pack(services[0].packing, int64(limits), is_unknown)
        return self._packed[key]

    @cached_property
    def _of_one_each(self) -> Packed:
        """A parcel each, of no size: the shopper's own."""
        parts = len(self._has)
        return Packed(np.zeros(parts, np.int64), np.ones(parts, np.int64), np.zeros((parts, MEASURES), np.int64))

    def _limits(self, services: list[CarrierService], place: int) -> tuple[int, ...]:
        """The least of each limit of services and a pickup point."""
        rows = [limits_row(service.limits) for service in services]
        if place >= 0 and self._network.tables.places.site_idx[place] < 0:
            rows.append(limits_row(self._network.point_of[self._network.place_ids[place]].limits))
        return tuple(min(values) for values in zip(*rows, strict=True))

    def _pack(self, packing: Packing, limits: np.ndarray, is_unknown: np.ndarray) -> Packed:
        box = int64(packing.box.sides) if packing.box else _NO_BOX
        counts, known = (
            np.full(len(is_unknown), -int(Reason.UNKNOWN_SIZE)),
            np.ascontiguousarray(self._has[~is_unknown]),
        )
        parcels = np.zeros((int(known[:, self._line_of].sum(dtype=np.int64)), MEASURES), np.int64)
        packed = np.empty(len(known), np.int64)
        pack_parts(
            self._weights, self._sides, self._line_of, known, limits, _FOLDS[packing.fold], box,
            packing.volumetric_divisor or 0, int(packing.oversize == "alone"), packed, parcels,
        )  # fmt: skip
        counts[~is_unknown] = packed
        parcel_count = np.maximum(counts, 0)
        return Packed(np.maximum(-counts, 0), parcel_count, parcels[: parcel_count.sum()])

    def _surcharged_over(self, services: list[CarrierService]) -> bool:
        """Whether a surcharge of the services' tariffs looks at sizes."""
        names = {service.tariff for service in services}
        extras = [extra for tariff in self._network.model.tariffs if tariff.id in names for extra in tariff.surcharges]
        return any(extra.over is not None and min(limits_row(extra.over)[1:]) < _LEAST_NEEDED for extra in extras)

    def _unknown_for(self, limits: tuple[int, ...], services: list[CarrierService]) -> np.ndarray:
        """For which parts a limit, tariff, surcharge or divisor needs a weight or size that nobody gives."""
        divisor = services[0].packing.volumetric_divisor is not None
        given = services[0].packing.fold == "given"
        priced = any(service.tariff is not None for service in services)
        needs_weight = priced or limits[0] < _LEAST_NEEDED
        measured = divisor or min(limits[1:]) < _LEAST_NEEDED or self._surcharged_over(services)
        return (self._weight_unknown & needs_weight) | (self._sides_unknown & (measured and not given))
