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

    @property
    def is_unknown(self) -> np.ndarray:
        """Where a weight or size is needed that nobody gives (P,)."""
        return np.asarray(self.reason == Reason.UNKNOWN_SIZE)


class _Within(NamedTuple):
    """What the parcels of a way must keep to."""

    packing: Packing
    limits: tuple[int, ...]
    needs_weight: bool  # whether a limit, tariff or surcharge looks at weights
    needs_sides: bool


class Packer:
    """Packs units of a basket for ways and pickup points.

    Parameters
    ----------
    network
        The compiled network.
    pieces
        What of the basket goes into parcels.
    """

    def __init__(self, network: CompiledNetwork, pieces: list[Piece]) -> None:
        self._network = network
        self.bounds: list[_Within] = []
        self._bound_of: dict[tuple[int, int], int] = {}
        self.weight_unknown = sorted({piece.line for piece in pieces if piece.weight_grams < 0})
        self.sides_unknown = sorted({piece.line for piece in pieces if piece.sides[0] < 0})
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

    def parts(self, has: np.ndarray) -> PackedParts:
        """Parts of the basket; `has` (P, L) says which lines are in which."""
        return PackedParts(self, has)

    def bound_of(self, way_idx: int, place: int) -> int:
        """Which bounds parcels of a way keep, at a pickup point (-1: none) also the point's; -1 of no service."""
        if (way_idx, place) not in self._bound_of:
            names = self._network.ways[way_idx].services
            services = [self._network.services[self._network.service_index[name]] for name in names]
            self._bound_of[way_idx, place] = self._numbered(self._within(services, place)) if services else -1
        return self._bound_of[way_idx, place]

    def _numbered(self, within: _Within) -> int:
        if within not in self.bounds:
            self.bounds.append(within)
        return self.bounds.index(within)

    def _within(self, services: list[CarrierService], place: int) -> _Within:
        rows = [limits_row(service.limits) for service in services]
        if place >= 0 and self._network.tables.places.site_idx[place] < 0:
            rows.append(limits_row(self._network.point_of[self._network.place_ids[place]].limits))
        limits = tuple(min(values) for values in zip(*rows, strict=True))
        packing = services[0].packing
        is_priced = any(service.tariff is not None for service in services)
        is_bounded = min(limits[1:]) < _LEAST_NEEDED or self._surcharged_over(services)
        measured = packing.volumetric_divisor is not None or is_bounded
        needs_weight = is_priced or limits[0] < _LEAST_NEEDED
        return _Within(packing, limits, needs_weight, measured and packing.fold != "given")

    def _surcharged_over(self, services: list[CarrierService]) -> bool:
        """Whether a surcharge of the services' tariffs looks at sizes."""
        names = {service.tariff for service in services}
        extras = [extra for tariff in self._network.model.tariffs if tariff.id in names for extra in tariff.surcharges]
        return any(extra.over is not None and min(limits_row(extra.over)[1:]) < _LEAST_NEEDED for extra in extras)

    def packed(self, has: np.ndarray, packing: Packing, limits: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
        """How many parcels parts make within limits (P,), or minus the reason; and the parcels."""
        box = int64(packing.box.sides) if packing.box else _NO_BOX
        parcels = np.zeros((int(has[:, self._line_of].sum(dtype=np.int64)), MEASURES), np.int64)
        counts = np.empty(len(has), np.int64)
        pack_parts(
            self._weights, self._sides, self._line_of, has, int64(limits), _FOLDS[packing.fold], box,
            packing.volumetric_divisor or 0, int(packing.oversize == "alone"), counts, parcels,
        )  # fmt: skip
        return counts, parcels


class PackedParts:
    """Parts of a basket, packed once for all ways that have the same limits."""

    def __init__(self, packer: Packer, has: np.ndarray) -> None:
        self._packer, self._has = packer, has
        self._packed: dict[int, Packed] = {}

    def within(self, bound: int) -> Packed:
        """The parcels within bounds, by their number."""
        if bound < 0:
            return self._of_one_each
        if bound not in self._packed:
            self._packed[bound] = self._packed_within(self._packer.bounds[bound])
        return self._packed[bound]

    @cached_property
    def _of_one_each(self) -> Packed:
        """A parcel each, of no size: the shopper's own."""
        parts = len(self._has)
        return Packed(np.zeros(parts, np.int64), np.ones(parts, np.int64), np.zeros((parts, MEASURES), np.int64))

    def _packed_within(self, within: _Within) -> Packed:
        unknown = self._packer.weight_unknown if within.needs_weight else []
        unknown = unknown + (self._packer.sides_unknown if within.needs_sides else [])
        is_known = ~self._has[:, unknown].any(axis=1)
        counts = np.full(len(self._has), -int(Reason.UNKNOWN_SIZE))
        known = np.ascontiguousarray(self._has[is_known])
        counts[is_known], parcels = self._packer.packed(known, within.packing, within.limits)
        parcel_count = np.maximum(counts, 0)
        return Packed(np.maximum(-counts, 0), parcel_count, parcels[: parcel_count.sum()])
