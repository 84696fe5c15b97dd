"""Postal codes near another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promise_engine.places._locations import distance_metres
from promise_engine.places._pgeocode_files import places_of
from promise_engine.places._postal_codes import normalise

if TYPE_CHECKING:
    from pathlib import Path


class Neighbour(NamedTuple):
    """A postal code and its distance."""

    postal_code: str
    metres: int


def neighbours(
    country: str, postal_code: str, radius_metres: int, *, pgeocode_dir: Path | None = None
) -> tuple[Neighbour, ...]:
    """Return the other postal codes of the country within a radius, inclusive, the nearest first.

    Parameters
    ----------
    country, postal_code
        A whole postal code; raises `PlaceError` when it is none of the country's.
    radius_metres
        Great-circle distance between the centres of the codes.
    pgeocode_dir
        Folder of GeoNames files; default: the environment's `PGEOCODE_DATA_DIR`.

    Returns
    -------
    tuple of Neighbour
        By distance, then code. Empty without the country's file: the embedded table knows prefixes only.

    Examples
    --------
    >>> neighbours("FR", "69002", 5_000)  # no files here
    ()

    """
    iso, code = normalise(country, postal_code)
    known = places_of(iso, pgeocode_dir)
    here = known.get(code)
    if here is None:
        return ()
    found = (
        Neighbour(other, distance_metres(here.latitude, here.longitude, place.latitude, place.longitude))
        for other, place in known.items()
        if other != code
    )
    return tuple(sorted((n for n in found if n.metres <= radius_metres), key=lambda n: (n.metres, n.postal_code)))
