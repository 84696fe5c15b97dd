"""Real postal codes that stand for an area."""

from __future__ import annotations

from functools import lru_cache

from promise_engine.places._keys import keys_of, table_key
from promise_engine.places._patterns import pattern_of
from promise_engine.places._postal_codes import expand_prefix, normalise
from promise_engine.places._subdivisions import subdivision
from promise_engine.places._tables import centroids, chief_towns, mean_points, rules
from promise_engine.places._time_zones import time_zone

_COARSE = 2  # characters that make an area of a whole country
_FILLING = {"n": "0", "l": "A", "x": "A"}


def representatives(country: str, prefix: str = "") -> tuple[str, ...]:
    """Return postal codes that together stand for a country or a prefix.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.
    prefix
        The start of a code; nothing for the whole country, without its territories.

    Returns
    -------
    tuple of str
        In order. At least one code for each pair of subdivision and time zone found in the area,
        and one for each embedded area in it (of a whole country or a single character, each first
        two characters). They are real codes of GeoNames; inside an area smaller than those of the
        table, and in a country without one, the prefix filled up with zeros or the usual example.
        Normalise them under the country given: of French ``97`` they lie in the overseas
        departments. Empty where nothing is known of the country.

    Raises
    ------
    PlaceError
        Country or prefix cannot be understood.

    Examples
    --------
    >>> representatives("ES", "35")
    ('35001', '35100', '35200', '35300', '35400', '35500', '35600')

    """
    return _cached(country, prefix)


@lru_cache(maxsize=4096)
def known_codes(country: str, start: str) -> tuple[str, ...]:
    """Return the real codes of the embedded table that begin so, at least one for each of its prefixes.

    Examples
    --------
    >>> known_codes("FR", "691")
    ('69100',)

    """
    examples = {code for row in centroids(country).values() for code in row.examples}
    return tuple(sorted(code for code in examples if code.startswith(start)))


def first_code(country: str, start: str) -> str | None:
    """Return the first code of the country that begins so; None when nothing is known of its codes.

    Examples
    --------
    >>> first_code("FR", "6912"), first_code("GB", "M1")
    ('69120', 'M1')

    """
    return _filled(country, start)


def code_digits(country: str) -> int:
    """Return how many digits a code has, where all codes of the country are as many digits and nothing else.

    Examples
    --------
    >>> code_digits("FR"), code_digits("GB")
    (5, 0)

    """
    pattern = pattern_of(country)
    lengths = {len(shape) if set(shape) <= {"n", " ", "-"} else 0 for shape in pattern.shapes} if pattern else {0}
    compact = {len(shape.replace(" ", "").replace("-", "")) for shape in pattern.shapes} if pattern else {0}
    return compact.pop() if 0 not in lengths and len(compact) == 1 else 0


def is_finer_than_table(country: str, start: str) -> bool:
    """Tell whether a prefix is longer than those of the embedded table, which then knows no codes in it.

    Examples
    --------
    >>> is_finer_than_table("FR", "691"), is_finer_than_table("FR", "6912")
    (False, True)

    """
    return len(start) > max(map(len, centroids(country)), default=0)


@lru_cache(maxsize=4096)
def _cached(country: str, prefix: str) -> tuple[str, ...]:
    found: set[str] = set()
    (home, canonical), *others = expand_prefix(country, prefix)
    found.update(_representatives(home, canonical))
    for iso, start in others:
        # Of Guadeloupe in French 97 the usual 97110, rather than 97000 and 97100.
        found.update(_representatives(iso, start if centroids(iso) else canonical))
    return tuple(sorted(found))


def _representatives(iso: str, prefix: str) -> set[str]:
    rows = centroids(iso)
    if not rows:
        return _without_table(iso, prefix)
    under = [code for row in rows.values() for code in row.examples if code.startswith(prefix)]
    if len(prefix) < _COARSE:
        return _one_each(iso, under)
    return set(under) | _inside(iso, prefix)


def _one_each(iso: str, examples: list[str]) -> set[str]:
    """Keep one code for each area of two characters, subdivision and time zone."""
    kept: dict[tuple[str, str | None, str | None], str] = {}
    for example in sorted(examples):
        area = keys_of(iso, example)[-1] if iso == "GB" else example[:_COARSE]
        kept.setdefault((area, subdivision(iso, example), time_zone(iso, example)), example)
    return set(kept.values())


def _inside(iso: str, prefix: str) -> set[str]:
    """Fill up the prefix, and the longer rules in it, where rows of the table are too coarse."""
    rows = centroids(iso)
    key = table_key(iso, prefix)
    if key not in mean_points(iso):
        known = any(start in rows for start in keys_of(iso, key))
    elif " " in prefix:
        known = True
    else:
        return set()
    if not known:
        return set()
    starts = {prefix}
    for kind in ("subdivisions", "time_zones"):
        starts.update(start for start in rules(kind, iso) if start.startswith(key) and start != key)
    return {code for code in (_filled(iso, start) for start in starts) if code}


def _without_table(iso: str, prefix: str) -> set[str]:
    """Return a code of each chief town, or else one code."""
    towns = chief_towns().get(iso, {"": None})
    starts = {max(start, prefix, key=len) for start in towns if _nested(start, prefix)}
    return {code for code in (_filled(iso, start) for start in starts) if code}


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _filled(iso: str, prefix: str) -> str | None:
    """Return the first code of the country that begins with the prefix."""
    pattern = pattern_of(iso)
    if pattern is not None and pattern.example.startswith(prefix):
        return normalise(iso, pattern.example)[1]
    compact = prefix.replace(" ", "").replace("-", "")
    for shape in sorted(pattern.shapes if pattern else (), key=len):
        kinds = shape.replace(" ", "").replace("-", "")[len(compact) :]
        text = compact + "".join(_FILLING.get(kind, kind) for kind in kinds)
        try:
            home, code = normalise(iso, text)
        except ValueError:
            continue
        if home == iso and (code.startswith(prefix) or code.replace(" ", "").replace("-", "").startswith(prefix)):
            return code
    return None
