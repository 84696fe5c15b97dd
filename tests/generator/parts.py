"""What the partial answers of a case show: which parts are brought, and what decides between them."""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING

from generator.rows import keys_of
from naive.asking import Asking
from naive.partial import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.facts import Facts
    from generator.rows import Row
    from naive.lines import Key
    from naive.partial import Part

    Standing = tuple[object, ...]

CRITERIA = ("value", "units", "lines", "earliest")
PARTS: dict[str, int] = {
    "a part of the basket": 25,
    "two methods with one part": 25,
    "a line left out that is served alone": 10,
    "a part of several lines": 8,
    "two parts in one answer": 8,
    "a part beside the whole": 5,
    "a part for longer": 4,
    "no part is served": 4,
    "a part of several shipments": 1,
    **{f"part: {name} decides": 1 for name in (*CRITERIA, "position")},
}
"""Labels of answers to requests that ask for parts, with the cases of 1,000 that must show each."""


def parts_of(facts: Facts) -> set[str]:
    """What the parts of one case show."""
    rows = [row for row in facts.rows.options if row["left_out"]]
    if not rows:
        return {"no part is served"} if facts.given.request.partial and not facts.rows.options else set()
    with localcontext(prec=60):
        return _shown(facts, rows) | _deciding(facts, {row["method"]: row for row in rows})


def _shown(facts: Facts, rows: list[Row]) -> set[str]:
    parts = {row["method"]: _lines(row) for row in rows}
    shown = {
        "a part of the basket": True,
        "a part beside the whole": len(rows) < len(facts.rows.options),
        "a part of several lines": any(len(lines) > 1 for lines in parts.values()),
        "a part of several shipments": any(len(row["shipments"]) > 1 for row in rows),
        "a part for longer": bool(facts.given.request.valid_for),
        "two parts in one answer": len(set(parts.values())) > 1,
        "two methods with one part": len(set(parts.values())) < len(parts),
    }
    return {name for name, is_shown in shown.items() if is_shown}


def _lines(row: Row) -> frozenset[Key]:
    """The lines that an option brings."""
    return frozenset(key for sent in row["shipments"] for key in keys_of(sent))


def _deciding(facts: Facts, rows: Mapping[str, Row]) -> set[str]:
    """The criteria without which a method would bring another part, and whether it leaves out what it serves alone."""
    given = facts.given
    asking = Asking(given.network, given.catalogue, given.stock, facts.before)
    parts = Parts(asking, given.request.model_copy(update={"partial": False}))
    found = set()
    for method, row in rows.items():
        standings = _standings(parts, method)
        chosen = tuple(place for place, line in enumerate(parts.lines) if line.key in _lines(row))
        for dropped, name in enumerate(CRITERIA):
            best = min(standings, key=lambda part: [*standings[part][:dropped], *standings[part][dropped + 1 :], *part])
            if best != chosen:
                found.add(f"part: {name} decides")
        if list(standings.values()).count(standings[chosen]) > 1:
            found.add("part: position decides")
        if any((place,) in standings for place in parts.whole if place not in chosen):
            found.add("a line left out that is served alone")
    return found


def _standings(parts: Parts, method: str) -> dict[Part, Standing]:
    """By what the parts that a method serves are compared, the least first."""
    served = {part: parts.ask(part, [method]).answer.options for part in parts.proper}
    return {
        part: (*parts.standing(part)[:-1], min(option.promised for option in options))
        for part, options in served.items()
        if options
    }
