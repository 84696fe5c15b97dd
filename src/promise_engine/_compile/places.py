"""Where sites, pickup points and destinations are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import places
from promise_engine._compile.calendars import Region
from promise_engine._compile.zones import Spot, compact
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from pathlib import Path

    from promise_engine.models.place import Address
    from promise_engine.models.site import StoreCollection


class Located(NamedTuple):
    """An address resolved: what zones, holidays, clocks and distances need."""

    spot: Spot
    region: Region
    time_zone: str | None
    precision: str
    located_by: str


class Locator:
    """Resolves addresses, each distinct one once."""

    def __init__(self, pgeocode_dir: Path | None) -> None:
        self._directory = pgeocode_dir
        self._known: dict[Address, Located] = {}

    def locate(self, address: Address) -> Located:
        """The address of a site or a pickup point."""
        if address not in self._known:
            self._known[address] = self.resolve(
                address.country, address.postal_code, address.city, address.latitude, address.longitude
            )
        return self._known[address]

    def resolve(
        self, country: str, postal_code: str, city: str, latitude: float | None, longitude: float | None
    ) -> Located:
        """Any place with a whole postal code; raises `places.PlaceError` when the code is not of the country."""
        canonical, code = places.normalise(country, postal_code)
        subdivision = places.subdivision(canonical, code, pgeocode_dir=self._directory)
        precision, located_by = "coordinates", "given"
        if latitude is None:
            found = places.locate(canonical, code, pgeocode_dir=self._directory)
            precision, located_by = (found.precision, found.source) if found else ("none", "none")
            latitude, longitude = (found.latitude, found.longitude) if found else (None, None)
        spot = Spot(canonical, compact(code), city, subdivision, latitude, longitude)
        return Located(spot, Region(canonical, subdivision), places.time_zone(canonical, code), precision, located_by)


def coordinates(located: list[Located]) -> np.ndarray:
    """(n, 2) latitude and longitude, NaN where unknown."""
    rows = [(np.nan, np.nan) if p.spot.latitude is None else (p.spot.latitude, p.spot.longitude) for p in located]
    return np.array(rows, np.float64).reshape(-1, 2)


def late_from(collection: StoreCollection | None) -> int:
    """Seconds after midnight from which a ready parcel is late for collection; NEVER without a cut-off."""
    if collection is None or collection.cut_off is None:
        return NEVER
    return collection.cut_off + int(collection.cut_off_inclusive)
