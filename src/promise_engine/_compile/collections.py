"""Collections of (site, service) as patterns of instants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._arrays import Collections
from promise_engine._compile.working_time import int64
from promise_engine.units import DAY_SECONDS, seconds

if TYPE_CHECKING:
    from promise_engine._compile.working_time import Calendars, Zone
    from promise_engine.models.carrier import Collection, CollectionPool


_DEPARTURE, _CUT_OFF, _DAY, _POOL, _NOTIFICATION = range(5)  # columns of a pickup: one collection on its date


class Patterns:
    """Interns the collections of (site, service) pairs that share them."""

    def __init__(self, calendars: Calendars, pools: dict[str, CollectionPool]) -> None:
        self._calendars = calendars
        self._pools = [pools[name] for name in sorted(pools)]
        self._pool_number = {pool.id: number for number, pool in enumerate(self._pools)}
        self._index: dict[object, int] = {}
        self._groups: list[np.ndarray] = []
        self.rooms: dict[tuple[str, int, int], int] = {}
        self.capacities: list[int] = []

    def intern(
        self, models: list[tuple[int, Collection]], zone_name: str, dispatched: np.ndarray, collected: np.ndarray
    ) -> int:
        """The pattern of some collections at a place with these dispatch and carrier days."""
        key = (tuple(number for number, _ in models), zone_name, dispatched.tobytes(), collected.tobytes())
        if key not in self._index:
            zone = self._calendars.zone(zone_name)
            open_days = (dispatched & collected).astype(bool)
            pickups = np.concatenate([self._pickups(model, zone, open_days) for _, model in models])
            self._index[key] = len(self._groups)
            self._groups.append(_without_needless_pools(np.unique(pickups, axis=0)))
        return self._index[key]

    def _pickups(self, model: Collection, zone: Zone, open_days: np.ndarray) -> np.ndarray:
        """(pickups, 5) columns of one model."""
        period = self._calendars.period
        days = np.flatnonzero(
            open_days & period.listed(model.weekdays, model.dates, model.valid_from, model.valid_until)
        )
        cut_off, departure = _instants(model, zone, period.first_day + days)
        pickups = np.empty((len(days), 5), np.int64)
        pickups[:, _DEPARTURE], pickups[:, _CUT_OFF], pickups[:, _DAY] = departure, np.minimum(cut_off, departure), days
        pickups[:, _POOL] = -1 if model.pool is None else self._pool_number[model.pool]
        pickups[:, _NOTIFICATION] = -1 if model.notification is None else seconds(model.notification)
        return pickups

    def _room_idx(self, pool_number: int, day: int, departure_at: int) -> int:
        if pool_number < 0:
            return -1
        pool = self._pools[pool_number]
        number = self._calendars.period.first_day + day
        key = (pool.id, number, departure_at if pool.per == "departure" else 0)
        if key not in self.rooms:
            self.rooms[key] = len(self.capacities)
            self.capacities.append(pool.capacity)
        return self.rooms[key]

    def table(self) -> Collections:
        """The collection table."""
        pickups = np.concatenate([*self._groups, np.empty((0, 5), np.int64)])
        columns = np.ascontiguousarray(pickups.T)
        pooled = zip(*columns[[_POOL, _DAY, _DEPARTURE]].tolist(), strict=True)
        return Collections(
            ptr=int64(np.cumsum([0, *(len(group) for group in self._groups)]).tolist()),
            cut_off_at=columns[_CUT_OFF].copy(),
            departure_at=columns[_DEPARTURE].copy(),
            day=columns[_DAY].copy(),
            room_idx=int64([self._room_idx(*pickup) for pickup in pooled]),
            notification_seconds=columns[_NOTIFICATION].copy(),
        )


def _without_needless_pools(pickups: np.ndarray) -> np.ndarray:
    """Pickups without those of a pool beside which there is the same one of none: it has room whenever they have."""
    free = pickups[:, _POOL] < 0
    if free.all() or not free.any():
        return pickups
    _, alike = np.unique(np.delete(pickups, _POOL, axis=1), axis=0, return_inverse=True)
    return pickups[free | ~np.isin(alike, alike[free])]


def _instants(model: Collection, zone: Zone, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Last instants in time, and departures, of the collection of some day numbers."""
    cut_off, departure = model.cut_off or model.departure, model.departure or model.cut_off
    if cut_off is None or departure is None:
        end = zone.instants(numbers, DAY_SECONDS)
        return end - 1, end
    last = zone.instants(numbers + cut_off.days, cut_off.seconds) - (0 if model.inclusive else 1)
    return last, zone.instants(numbers + departure.days, departure.seconds)
