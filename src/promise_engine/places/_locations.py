"""Coordinates of postal codes, and distances."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from promise_engine.places._keys import keys_of, resolve, table_key
from promise_engine.places._pgeocode_files import place_of
from promise_engine.places._tables import chief_towns, mean_points

if TYPE_CHECKING:
    from pathlib import Path

EARTH_RADIUS_METRES = 6_371_009.0  # IUGG mean radius

Precision = Literal["postal_code", "prefix", "chief_town", "country"]
Source = Literal["pgeocode", "embedded"]


class Location(NamedTuple):
    """Where a postal code is, how precisely, and who says so.

    Attributes
    ----------
    latitude, longitude
        Degrees, WGS84.
    city
        Name of the place, None for a mean of several.
    precision
        ``postal_code``: mean of the places that have the code. ``prefix``: mean of the codes that
        begin alike. ``chief_town``: chief town of a small country or of an Irish routing key.
        ``country``: mean of all codes of the country.
    source
        ``pgeocode``: the GeoNames files the user downloaded. ``embedded``: the table that ships.

    """

    latitude: float
    longitude: float
    city: str | None
    precision: Precision
    source: Source


def locate(country: str, code_or_prefix: str, *, pgeocode_dir: Path | None = None) -> Location | None:
    """Return the coordinates of a postal code, or of a prefix of one.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.
    code_or_prefix
        A postal code, the start of one, or nothing for the country as a whole.
    pgeocode_dir
        Folder with files of pgeocode; when left out, the one named by PGEOCODE_DATA_DIR. Nothing
        is ever downloaded.

    Returns
    -------
    Location or None
        None when neither the files nor the embedded table know the code or its area.

    Raises
    ------
    PlaceError
        Country or text cannot be understood, see `normalise_prefix`.
    PlaceFileError
        The folder does not exist, or the country's file in it cannot be read.

    Notes
    -----
    Data: GeoNames, CC BY 4.0. The points are centres of places, not of streets.

    Examples
    --------
    >>> from pathlib import Path
    >>> place = locate("FR", "69002", pgeocode_dir=Path())
    >>> round(place.latitude, 1), round(place.longitude, 1), place.precision
    (45.8, 4.8, 'prefix')

    """
    iso, canonical = resolve(country, code_or_prefix)
    if canonical:
        known = _from_files(iso, canonical, pgeocode_dir)
        if known is not None:
            return known
    return _from_table(iso, table_key(iso, canonical))


def distance_metres(lat1: float, lon1: float, lat2: float, lon2: float) -> int:
    """Return the great-circle distance of two points, rounded half up to the metre.

    Parameters
    ----------
    lat1, lon1, lat2, lon2
        Degrees.

    Returns
    -------
    int
        Metres on a sphere of 6,371.009 km, by the haversine formula (Sinnott 1984).

    Examples
    --------
    >>> distance_metres(48.8566, 2.3522, 45.7640, 4.8357)  # Paris, Lyon
    391499

    """
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_phi = math.sin((phi2 - phi1) / 2)
    half_lambda = math.sin(math.radians(lon2 - lon1) / 2)
    chord = half_phi * half_phi + math.cos(phi1) * math.cos(phi2) * half_lambda * half_lambda
    metres = 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, chord)))
    return math.floor(metres + 0.5)


def _from_files(iso: str, canonical: str, directory: Path | None) -> Location | None:
    for code in _file_codes(iso, canonical):
        place = place_of(iso, code, directory)
        if place is not None:
            return Location(place.latitude, place.longitude, place.city, "postal_code", "pgeocode")
    return None


def _file_codes(iso: str, canonical: str) -> tuple[str, ...]:
    """Return the forms under which GeoNames may list a code."""
    key = table_key(iso, canonical)
    return (canonical, key) if iso in ("GB", "IE", "NL") else (canonical,)


def _from_table(iso: str, key: str) -> Location | None:
    points = mean_points(iso)
    if not points:
        return _chief_town(iso, key)
    if not key:
        return Location(*points[""], None, "country", "embedded")
    for start in (key, *keys_of(iso, key)):
        if start in points:
            return Location(*points[start], None, "prefix", "embedded")
    return None


def _chief_town(iso: str, key: str) -> Location | None:
    towns = chief_towns().get(iso, {})
    for length in range(len(key), -1, -1):
        town = towns.get(key[:length])
        if town is not None:
            return Location(town.latitude, town.longitude, town.city, "chief_town", "embedded")
    return None
