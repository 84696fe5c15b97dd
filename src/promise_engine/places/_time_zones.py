"""The time zone of a postal code.

Countries with one zone: zone.tab of the IANA time zone database, 2026. Spain, Portugal, Brazil,
French Polynesia and Greenland: by rule. The United States: by a table made from GeoNames' counties
and 49 CFR part 71.
"""

from __future__ import annotations

from promise_engine.places._keys import resolve, table_key
from promise_engine.places._tables import rule_value
from promise_engine.places._zone_names import BRAZIL, BY_PREFIX, ONE_ZONE


def time_zone(country: str, code: str) -> str | None:
    """Return the IANA time zone of a postal code.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.
    code
        A postal code, or a prefix whose codes all have the same zone, or nothing for a country
        with one zone.

    Returns
    -------
    str or None
        A name such as ``Europe/Paris``. None for a country with several zones that are not told
        apart here (Canada, Russia), for an area that lies in several, and for US military mail.

    Raises
    ------
    PlaceError
        Country or code cannot be understood.

    Examples
    --------
    >>> time_zone("ES", "35001"), time_zone("PT", "9500-001"), time_zone("US", "79901")
    ('Atlantic/Canary', 'Atlantic/Azores', 'America/Denver')

    """
    iso, canonical = resolve(country, code)
    zone = ONE_ZONE.get(iso)
    if zone is not None:
        return zone
    key = table_key(iso, canonical)
    if iso == "US":
        return rule_value("time_zones", iso, key) if key else None
    if iso == "BR":
        return _brazilian(key)
    zones = BY_PREFIX.get(iso)
    return _by_prefix(zones, key) if zones else None


def _by_prefix(zones: dict[str, str], key: str) -> str | None:
    inside = {zone for start, zone in zones.items() if start.startswith(key)}
    covering = max((start for start in zones if key.startswith(start)), key=len)
    values = inside | {zones[covering]}
    return values.pop() if len(values) == 1 else None


def _brazilian(key: str) -> str | None:
    if key.startswith("53990"):
        return "America/Noronha"
    state = rule_value("subdivisions", "BR", key) if key else None
    return BRAZIL.get(state) if state else None
