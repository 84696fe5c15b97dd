"""Postal codes and prefixes in their one written form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from promise_engine.errors import expect_type
from promise_engine.places._countries import country_code
from promise_engine.places._errors import PlaceError, PostalCodeError
from promise_engine.places._patterns import (
    LEADING_ZERO,
    expected_words,
    full_expression,
    lay_out,
    matches_start,
    pattern_of,
    prefix_letters,
)
from promise_engine.places._territories import DEPARTMENTS, TERRITORIES, country_of

_SEPARATORS = re.compile(r"[\s._\u00ad\u200b\u2010-\u2015\u2212\ufeff-]+")
_OTHER_PREFIX = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{0,9})", re.ASCII)
_CEDEX = re.compile(r"([0-9]{5})CEDEX[0-9]{0,2}", re.ASCII)
_ZIP_COUNTRIES = frozenset(("US", "PR", "VI", "GU", "MP", "AS", "PW", "FM", "MH"))
_ZIP_LENGTH = 5
_LONGEST_TEXT = 40  # longer texts are refused unread


def normalise(country: str, postal_code: str) -> tuple[str, str]:
    """Return the country and the postal code in their one written form.

    Capitals, one separator where the country writes one, no country letters, no CEDEX, the first
    five digits of a ZIP+4. A code that belongs to another country than the one named is moved
    there: French 97400 is Réunion (RE), Swiss 9490 Liechtenstein (LI), British JE2 Jersey (JE).

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.
    postal_code
        The code as the customer wrote it: text, never a number.

    Returns
    -------
    tuple of str
        Country and code. Normalising them again changes nothing. The outward code alone (GB,
        ``SW1A``), the routing key alone (IE, ``D02``), the digits alone (NL ``1012``, PT ``1000``)
        and the forward sortation area (CA ``K1A``) count as codes. Of a country whose pattern is
        not known any code of 1 to 10 letters, digits, spaces or hyphens is accepted.

    Raises
    ------
    CountryError
        The country is not an ISO code.
    PostalCodeError
        The text is not a code of that country; `expected` says what is.

    Notes
    -----
    Rules: see the modules for patterns and territories. Departments
    2A and 2B are never in a code, but are understood as prefixes.

    Examples
    --------
    >>> normalise("gb", "sw1a1aa")
    ('GB', 'SW1A 1AA')
    >>> normalise("FR", "97400")
    ('RE', '97400')

    """
    return _cached_code(country, postal_code)


def written_code(country: str, postal_code: str) -> tuple[str, str]:
    """Do what `normalise` says, and forget it: for files of many codes."""
    iso = country_code(country)
    expect_type("postal_code", postal_code, str, "text, such as '01000'")
    pattern = pattern_of(iso)
    if pattern is None:
        return iso, _other_code(iso, postal_code)
    compact = _without_letters(iso, _compact(iso, postal_code))
    if iso == "FR" or iso in _FRENCH_PLAN:
        cedex = _CEDEX.fullmatch(compact)
        compact = cedex.group(1) if cedex else compact
    if not full_expression(iso).fullmatch(compact):
        raise PostalCodeError(iso, postal_code, expected_words(iso), _hint(iso, compact))
    if iso in _ZIP_COUNTRIES:
        compact = compact[:_ZIP_LENGTH]
    home = country_of(iso, compact)
    if home != iso:
        return written_code(home, compact)
    shape = next(shape for shape in pattern.shapes if _is_whole(shape, compact))
    return iso, lay_out(shape, compact)


def normalise_prefix(country: str, text: str) -> tuple[str, str]:
    """Return the country and the start of a postal code in their one written form.

    A code of the country begins with the prefix, as text, exactly when it lies under it; the names
    of departments (French ``2A``, ``2B``) stand for the prefixes that `expand_prefix` gives.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.
    text
        The first characters of a code, such as ``69``, ``97``, ``SW`` or ``SW1A``; a whole code;
        or nothing, for the country as a whole.

    Returns
    -------
    tuple of str
        Country and prefix. A prefix that lies wholly in another country's part of the postal plan
        is moved there: (FR, 974) is (RE, 974), while (FR, 97) stays; see `expand_prefix`.

    Raises
    ------
    CountryError
        The country is not an ISO code.
    PostalCodeError
        No code of that country begins like this.

    Examples
    --------
    >>> normalise_prefix("FR", "69")
    ('FR', '69')
    >>> normalise_prefix("GB", "sw1a1")
    ('GB', 'SW1A 1')

    """
    return _cached_prefix(country, text)


def _written_prefix(country: str, text: str) -> tuple[str, str]:
    iso = country_code(country)
    expect_type("postal_prefix", text, str, "text, such as '01'")
    pattern = pattern_of(iso)
    if not _SEPARATORS.sub("", text[:_LONGEST_TEXT]):
        return iso, ""
    if pattern is None:
        return iso, _other_code(iso, text)
    compact = _without_letters(iso, _compact(iso, text))
    if iso in _ZIP_COUNTRIES and compact.isdigit():
        compact = compact[:_ZIP_LENGTH]
    if compact in DEPARTMENTS.get(iso, {}):
        return iso, compact
    home = country_of(iso, compact)
    if home != iso:
        return _written_prefix(home, compact)
    shapes = _starting_shapes(iso, pattern.shapes, text, compact)
    if not shapes:
        words = f"the start of {expected_words(iso)}"
        raise PostalCodeError(iso, text, words)
    return iso, lay_out(shapes[0], compact)


def is_prefix(country: str, text: str) -> bool:
    """Tell whether some postal code of the country can begin with the text.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.
    text
        The start of a code.

    Returns
    -------
    bool
        False also for a country that is not an ISO code.

    Examples
    --------
    >>> is_prefix("FR", "69"), is_prefix("FR", "7Z")
    (True, False)

    """
    try:
        normalise_prefix(country, text)
    except PlaceError:
        return False
    return True


def expand_prefix(country: str, text: str) -> tuple[tuple[str, str], ...]:
    """Return every country and prefix that a prefix of a postal plan covers.

    Someone who writes the French prefix ``97`` means the overseas departments, whose codes are
    normalised to their own countries; ``2A`` and ``2B`` are the departments of Corsica, whose codes
    begin with digits.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code, in any case.
    text
        The start of a code. Nothing means the country alone, without its territories.

    Returns
    -------
    tuple of tuple of str
        The normalised pair first, then the pairs of the other countries, in order.

    Raises
    ------
    PlaceError
        As `normalise_prefix`.

    Examples
    --------
    >>> expand_prefix("FR", "974")
    (('RE', '974'),)
    >>> expand_prefix("FR", "97")[:3]
    (('FR', '97'), ('BL', '97133'), ('BL', '977'))
    >>> expand_prefix("FR", "2A")
    (('FR', '200'), ('FR', '201'))

    """
    home = normalise_prefix(country, text)
    compact = _SEPARATORS.sub("", home[1])
    if compact in DEPARTMENTS.get(home[0], {}):
        return tuple((home[0], start) for start in DEPARTMENTS[home[0]][compact])
    starts = TERRITORIES.get(country_code(country), {})
    inside = {
        (target, start)
        for start, target in starts.items()
        if compact and start.startswith(compact) and target != home[0]
    }
    return (home, *sorted(inside))


_cached_code = lru_cache(maxsize=65536)(written_code)
_cached_prefix = lru_cache(maxsize=16384)(_written_prefix)
_FRENCH_PLAN = frozenset(TERRITORIES["FR"].values())


def _compact(iso: str, text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise PostalCodeError(iso, text[:_LONGEST_TEXT] + "...", expected_words(iso))
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _without_letters(iso: str, compact: str) -> str:
    letters = prefix_letters(iso)
    match = letters.match(compact) if letters else None
    return compact[match.end() :] if match else compact


def _is_whole(shape: str, compact: str) -> bool:
    return matches_start(shape, compact) and len(_SEPARATORS.sub("", shape)) == len(compact)


_BRITISH = frozenset({"GB", "GG", "IM", "JE"})
"""Countries whose codes are an outward code, a space, and an inward code."""


def _starting_shapes(iso: str, shapes: tuple[str, ...], text: str, compact: str) -> list[str]:
    found = [shape for shape in shapes if matches_start(shape, compact)]
    if iso not in _BRITISH or not found:
        return found
    # The space of a British code says where the outward code ends: M1 1 is not M11.
    outward = _SEPARATORS.split(text.strip())[0]
    spaced = [shape for shape in found if " " in shape and shape.index(" ") == len(outward)]
    if spaced and len(outward) < len(compact):
        return spaced
    return [shape for shape in found if " " not in shape] or found


def _other_code(iso: str, text: str) -> str:
    if len(text) <= _LONGEST_TEXT:
        code = " ".join(unicodedata.normalize("NFKC", text).upper().split())
        if _OTHER_PREFIX.fullmatch(code):
            return code
    raise PostalCodeError(iso, text[:_LONGEST_TEXT], expected_words(iso))


def _hint(iso: str, compact: str) -> str:
    starts = DEPARTMENTS.get(iso, {}).get(compact[:2])
    if starts:
        return f"codes of {compact[:2]} begin with {' or '.join(starts)}"
    if iso not in LEADING_ZERO or not compact.isdigit():
        return ""
    longer = "0" + compact
    if not full_expression(iso).fullmatch(longer):
        return ""
    return f"a leading zero may have been lost: {longer}?"
