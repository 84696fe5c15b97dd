"""A basket's units into the parcels of each way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._compile.money import limits_row
from promise_engine._compile.working_time import int64
from promise_engine._kernels.parcels import FOLD_GIVEN, FOLD_STACK, FOLD_WEIGHT, MEASURES, pack
from promise_engine.errors import Reason

if TYPE_CHECKING:
    from promise_engine._compile.lines import Piece
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine.models.carrier import CarrierService

_FOLDS = {"weight": FOLD_WEIGHT, "stack": FOLD_STACK, "given": FOLD_GIVEN}
_NO_BOX = np.zeros(3, np.int64)
_LEAST_NEEDED = 2**62


class Packed(NamedTuple):
    """The parcels of a way, or the reason that there are none."""

    reason: int
    parcels: np.ndarray


class Packer:
    """Packs one basket for ways and pickup points, once for all that have the same limits."""

    def __init__(self, network: CompiledNetwork, pieces: list[Piece]) -> None:
        self._network = network
        self._packed: dict[tuple[int, tuple[int, ...]], Packed] = {}  # of a way, within limits
        self._weight_unknown = any(piece.weight_grams < 0 for piece in pieces)
        self._sides_unknown = any(piece.sides[0] < 0 for piece in pieces)
        units = sorted(
            (-max(piece.weight_grams, 0), tuple(-max(side, 0) for side in piece.sides), piece.sku, piece.units)
            for piece in pieces
        )
        repeats = [count for *_, count in units]
        self._weights = np.repeat(int64([-weight for weight, *_ in units]), repeats)
        self._sides = np.repeat(
            np.array([[-side for side in sides] for _, sides, *_ in units], np.int64), repeats, axis=0
        )

    def packed(self, way_idx: int, place: int) -> Packed:
        """Parcels of a way; at a pickup point (-1: none) also within the point's limits."""
        names = self._network.ways[way_idx].services
        services = [self._network.services[self._network.service_index[name]] for name in names]
        limits = self._limits(services, place)
        if (way_idx, limits) not in self._packed:
            self._packed[way_idx, limits] = self._pack(services, int64(limits))
        return self._packed[way_idx, limits]

    def _limits(self, services: list[CarrierService], place: int) -> tuple[int, ...]:
        """The least of each limit of services and a pickup point."""
        rows = [limits_row(service.limits) for service in services]
        if place >= 0 and self._network.tables.places.site_idx[place] < 0:
            rows.append(limits_row(self._network.point_of[self._network.place_ids[place]].limits))
        return tuple(min(values) for values in zip(*rows, strict=True))

    def _pack(self, services: list[CarrierService], limits: np.ndarray) -> Packed:
        if not services:
            return Packed(0, np.zeros((1, MEASURES), np.int64))
        packing = services[0].packing
        if self._unknown_for(limits, services, self._surcharged_over(services)):
            return Packed(int(Reason.UNKNOWN_SIZE), np.zeros((0, MEASURES), np.int64))
        box = int64(packing.box.sides) if packing.box else _NO_BOX
        parcels = np.zeros((len(self._weights), MEASURES), np.int64)
        count = pack(
            self._weights, self._sides, limits, _FOLDS[packing.fold], box, packing.volumetric_divisor or 0,
            int(packing.oversize == "alone"), parcels,
        )  # fmt: skip
        return Packed(-count, parcels[:0]) if count < 0 else Packed(0, parcels[:count])

    def _surcharged_over(self, services: list[CarrierService]) -> bool:
        """Whether a surcharge of the services' tariffs looks at sizes."""
        names = {service.tariff for service in services}
        extras = [extra for tariff in self._network.model.tariffs if tariff.id in names for extra in tariff.surcharges]
        return any(extra.over is not None and min(limits_row(extra.over)[1:]) < _LEAST_NEEDED for extra in extras)

    def _unknown_for(self, limits: np.ndarray, services: list[CarrierService], surcharged_over: bool) -> bool:
        """Whether a limit, tariff, surcharge or divisor needs a weight or size that nobody gives."""
        divisor = services[0].packing.volumetric_divisor is not None
        given = services[0].packing.fold == "given"
        priced = any(service.tariff is not None for service in services)
        needs_weight = priced or limits[0] < _LEAST_NEEDED
        needs_sides = (divisor or surcharged_over or bool((limits[1:] < _LEAST_NEEDED).any())) and not given
        return (self._weight_unknown and needs_weight) or (self._sides_unknown and needs_sides)
