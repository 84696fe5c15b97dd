"""The part of a country whose public holidays a postal code has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.places._countries import country_code
from promise_engine.places._keys import resolve, table_key
from promise_engine.places._pgeocode_files import place_of
from promise_engine.places._tables import rule_value, rules

if TYPE_CHECKING:
    from pathlib import Path


def subdivision(country: str, code: str, *, pgeocode_dir: Path | None = None) -> str | None:
    """Return the subdivision of a postal code as the holidays package names it.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.
    code
        A postal code, or a prefix whose codes all have the same subdivision.
    pgeocode_dir
        Folder with files of pgeocode; when left out, the one named by PGEOCODE_DATA_DIR.

    Returns
    -------
    str or None
        What ``holidays.country_holidays(country, subdiv=...)`` accepts: Austrian, Brazilian,
        German and US state, Swiss canton, Spanish community, British nation, Italian province,
        Portuguese district, ``6AE`` and ``57`` for Alsace and Moselle. None where a country has
        one calendar, or the code says nothing.

    Raises
    ------
    PlaceError
        Country or code cannot be understood.

    Notes
    -----
    Source: the administrative levels of GeoNames, compressed to prefixes; a code that straddles a
    border has the subdivision of most of its places, of equals the first by code (they are listed
    in ``data/places/straddling.csv``).

    Examples
    --------
    >>> subdivision("DE", "80331"), subdivision("FR", "67000"), subdivision("FR", "75001")
    ('BY', '6AE', None)

    """
    iso, canonical = resolve(country, code)
    if not canonical or not rules("subdivisions", iso):
        return None
    key = table_key(iso, canonical)
    place = place_of(iso, key if iso == "GB" else canonical, pgeocode_dir)
    if place is not None and place.subdivision in known_subdivisions(iso):
        return place.subdivision
    return rule_value("subdivisions", iso, key) or None


def known_subdivisions(country: str) -> tuple[str, ...]:
    """Return every subdivision that `subdivision` can give for a country.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.

    Returns
    -------
    tuple of str
        In alphabetical order; empty where a postal code decides none.

    Raises
    ------
    CountryError
        The country is not an ISO code.

    Examples
    --------
    >>> known_subdivisions("FR"), known_subdivisions("GB")
    (('57', '6AE'), ('ENG', 'NIR', 'SCT', 'WLS'))

    """
    values = set(rules("subdivisions", country_code(country)).values())
    return tuple(sorted(values - {""}))
