"""Collections of (site, service) as patterns of instants."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import Collections
from promise_engine._compile.working_time import int64
from promise_engine.models._base import WEEKDAYS
from promise_engine.units import DAY_SECONDS, seconds

if TYPE_CHECKING:
    from promise_engine._compile.working_time import Calendars, Zone
    from promise_engine.models.carrier import Collection, CollectionPool


class Pickup(NamedTuple):
    """One collection on its date."""

    departure_at: int
    cut_off_at: int
    day: int
    pool: str
    notification_seconds: int


class Patterns:
    """Interns the collections of (site, service) pairs that share them."""

    def __init__(self, calendars: Calendars, pools: dict[str, CollectionPool]) -> None:
        self._calendars = calendars
        self._pools = pools
        self._index: dict[object, int] = {}
        self._groups: list[list[Pickup]] = []
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
            group = {pickup for _, model in models for pickup in self._pickups(model, zone, open_days)}
            self._index[key] = len(self._groups)
            self._groups.append(sorted(group))
        return self._index[key]

    def _pickups(self, model: Collection, zone: Zone, open_days: np.ndarray) -> list[Pickup]:
        period, pickups = self._calendars.period, []
        notification = -1 if model.notification is None else seconds(model.notification)
        for day, date in enumerate(period.dates):
            listed = date in model.dates if model.dates is not None else WEEKDAYS[date.weekday()] in model.weekdays
            if not (listed and open_days[day] and (model.valid_from or date) <= date <= (model.valid_until or date)):
                continue
            cut_off, departure = _instants(model, zone, period.first_day + day)
            pickups.append(Pickup(departure, min(cut_off, departure), day, model.pool or "", notification))
        return pickups

    def _room_idx(self, pickup: Pickup) -> int:
        if not pickup.pool:
            return -1
        pool = self._pools[pickup.pool]
        number = self._calendars.period.first_day + pickup.day
        key = (pool.id, number, pickup.departure_at if pool.per == "departure" else 0)
        if key not in self.rooms:
            self.rooms[key] = len(self.capacities)
            self.capacities.append(pool.capacity)
        return self.rooms[key]

    def table(self) -> Collections:
        """The collection table."""
        pickups = [pickup for group in self._groups for pickup in group]
        return Collections(
            ptr=int64(np.cumsum([0, *(len(group) for group in self._groups)]).tolist()),
            cut_off_at=int64([pickup.cut_off_at for pickup in pickups]),
            departure_at=int64([pickup.departure_at for pickup in pickups]),
            day=int64([pickup.day for pickup in pickups]),
            room_idx=int64([self._room_idx(pickup) for pickup in pickups]),
            notification_seconds=int64([pickup.notification_seconds for pickup in pickups]),
        )


def _instants(model: Collection, zone: Zone, number: int) -> tuple[int, int]:
    """Last instant in time, and departure, of the collection of a day number."""
    cut_off, departure = model.cut_off or model.departure, model.departure or model.cut_off
    if cut_off is None or departure is None:
        end = zone.instant(number, DAY_SECONDS)
        return end - 1, end
    last = zone.instant(number + cut_off.days, cut_off.seconds) - (0 if model.inclusive else 1)
    return last, zone.instant(number + departure.days, departure.seconds)
