"""Which postal codes stand for an area: real ones, and those that the network tells apart."""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING

from promise_engine import places
from promise_engine._compile.zones import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from promise_engine._compile.zones import AreaIndex

Span = tuple[str, str]
"""How the first and the last code of a stretch begin, without separators; the same for a code or a prefix."""


def named_spans(areas: Iterable[AreaIndex]) -> dict[str, tuple[Span, ...]]:
    """Codes, prefixes and ranges that zones, exclusions and restrictions name, by country."""
    spans: dict[str, set[Span]] = {}
    for index in areas:
        for country, first, last in index.named():
            spans.setdefault(country, set()).add((first, last))
    return {country: tuple(sorted(found)) for country, found in spans.items()}


def codes_of_area(country: str, prefix: str, named: Mapping[str, Sequence[Span]]) -> list[str]:
    """Codes of every kind in an area, in order.

    To the representatives come, of what the network names in the area, the first code of each stretch of codes that
    are named alike, and around it the codes that the embedded table knows with the same first two digits. In an area
    finer than the table nothing says which codes are real: there the stretches between count too.
    """
    codes = set(places.representatives(country, prefix))
    for iso, start in places.expand_prefix(country, prefix):
        codes |= _codes_named_in(iso, compact(start), named.get(iso, ()))
    return sorted(codes)


def _codes_named_in(country: str, start: str, spans: Sequence[Span]) -> set[str]:
    digits = places.code_digits(country)
    if not digits:
        meeting = {max(start, end, key=len) for span in spans for end in span if _nested(start, end)}
        return {code for code in (places.first_code(country, text) for text in meeting) if code}
    low, high = _padded(start, start, digits)
    clipped = [
        (max(low, first), min(high, last))
        for first, last in (_padded(*span, digits) for span in spans)
        if first <= high and last >= low
    ]
    if not clipped:
        return set()
    everywhere = places.is_finer_than_table(country, start)
    points = {first for first, _ in clipped} | {last + 1 for _, last in clipped if last < high}
    covered = [(low, high)] if everywhere else _united(clipped)
    points |= {low} if everywhere else set()
    stretches = [point for point in points if _is_in(covered, point)]
    around = {str(number).zfill(digits)[:2] for span in clipped for number in _starts_of_two(*span, digits)}
    known = {code for pair in around for code in places.known_codes(country, pair) if compact(code).startswith(start)}
    return known | {code for code in (_code(country, str(point).zfill(digits)) for point in stretches) if code}


def _united(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Disjoint spans that cover the same, in order."""
    united: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if united and first <= united[-1][1] + 1:
            united[-1] = (united[-1][0], max(united[-1][1], last))
        else:
            united.append((first, last))
    return united


def _is_in(disjoint: Sequence[tuple[int, int]], point: int) -> bool:
    position = bisect_right(disjoint, point, key=itemgetter(0)) - 1
    return position >= 0 and point <= disjoint[position][1]


def _starts_of_two(first: int, last: int, digits: int) -> list[int]:
    """A number for each beginning of two digits that a stretch touches."""
    size = 10 ** max(0, digits - 2)
    return [pair * size for pair in range(first // size, last // size + 1)]


def _padded(first: str, last: str, digits: int) -> tuple[int, int]:
    return int(first.ljust(digits, "0") or 0), int(last.ljust(digits, "9") or 0)


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _code(country: str, text: str) -> str | None:
    """The written form of a code, where it is one of this country."""
    try:
        home, code = places.normalise(country, text)
    except places.PostalCodeError:
        return None
    return code if home == country else None
