"""How a normalised code is looked up in the embedded tables."""

from __future__ import annotations

from itertools import takewhile

from promise_engine.places._errors import PostalCodeError
from promise_engine.places._postal_codes import normalise, normalise_prefix
from promise_engine.places._territories import DEPARTMENTS

#: Tables hold no key shorter than this: one rule for a whole country would answer for codes that
#: do not exist. GB is keyed by area and outward code instead.
SHORTEST_KEY = {"LU": 1, "US": 3}
_SHORTEST = 2
_KEY_LENGTH = {"NL": 4, "IE": 3}


def resolve(country: str, text: str) -> tuple[str, str]:
    """Normalise a code, or else a prefix of one; the name of a department is the first of its prefixes."""
    try:
        return normalise(country, text)
    except PostalCodeError:
        iso, start = normalise_prefix(country, text)
        return iso, DEPARTMENTS.get(iso, {}).get(start, (start,))[0]


def table_key(country: str, canonical: str) -> str:
    """Return the part of a normalised code, or prefix, that tables are keyed by."""
    if country == "GB":
        return canonical.partition(" ")[0]
    return canonical.replace(" ", "").replace("-", "")[: _KEY_LENGTH.get(country)]


def keys_of(country: str, key: str) -> tuple[str, ...]:
    """Return the keys that may hold it, the longest first."""
    if country == "GB":
        area = "".join(takewhile(str.isalpha, key))
        return (key,) if area == key else (key, area)
    return tuple(key[:length] for length in range(len(key), shortest_key(country) - 1, -1))


def shortest_key(country: str) -> int:
    """Return the length of the shortest key of the country's tables."""
    return SHORTEST_KEY.get(country, _SHORTEST)
