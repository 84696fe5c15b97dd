"""Great-circle distances of many places at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EARTH_RADIUS_METRES = 6_371_009.0


def metres_between(places: NDArray[np.float64], one: NDArray[np.float64]) -> NDArray[np.int64]:
    """Metres from each (latitude, longitude) to one, rounded half up; -1 where either is unknown (NaN).

    Examples
    --------
    >>> metres_between(np.array([[52.52, 13.405], [np.nan, np.nan]]), np.array([48.137, 11.575])).tolist()
    [504339, -1]
    """
    latitudes, longitudes = np.radians(places[:, 0]), np.radians(places[:, 1])
    latitude, longitude = np.radians(one[0]), np.radians(one[1])
    north, east = np.sin((latitude - latitudes) / 2), np.sin((longitude - longitudes) / 2)
    chord = north * north + np.cos(latitudes) * np.cos(latitude) * east * east
    metres = np.floor(2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.minimum(1.0, chord))) + 0.5)
    return np.where(np.isnan(metres), -1, metres).astype(np.int64)
