"""Until when some split for a day can be had, where whichever it is has the same window and price."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine.covering import Coverage, covered_until
from promise_engine.parts import Looked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promise_engine.offers import Offers
    from promise_engine.split_option import Found

_MOST_SETS = 4  # of sites that are looked at


LastOf = Callable[[np.ndarray, int, int], "Lasting"]
"""Until when splits of so many shipments at most give a row, as far as that is after an instant."""


class Lasting(NamedTuple):
    """Until when splits can be had, and whether none can be from then on."""

    until: int
    is_last: bool


def lasting(
    offers: Offers, row: np.ndarray, most: int, useful: Sequence[int] | None = None, begin: int | None = None
) -> Lasting:
    """Until when a split of so many shipments at most is left that is promised as a row is.

    No site sends a line longer than it does alone: so the sites that have all lines between them tell the latest end,
    and a plan of them that lasts until then that it is the end.

    Parameters
    ----------
    offers
        What shipments promise at the instant of the order.
    row
        What is promised.
    most
        Shipments of a split: those of more are not shown beside what else was found.
    useful
        The sites that may take part; all by default.
    begin
        Plans that end by then do not matter, only that they do; the instant of the order by default.
    """
    method, latest, begin = int(row[col.METHOD]), int(row[col.PROMISED]), begin or offers.placed_at
    alone = _alone_until(offers, method, latest, begin, useful)
    bound = max(begin, covered_until(alone, most))
    if bound == begin:
        return Lasting(bound, is_last=True)
    coverage, until = Coverage(alone >= bound), begin
    for size in range(2, most + 1):
        for chosen in islice(coverage.sets(coverage.useful(size), size), _MOST_SETS):
            if chosen is not None:
                sent = _shared_out(alone[:, chosen] >= bound, chosen)
                until = max(until, kept_until(offers, sent, method, latest))
            if until >= bound:
                return Lasting(until, is_last=True)
    return Lasting(until, is_last=False)


def lasting_beside(
    offers: Offers, row: np.ndarray, end: int, earlier: Sequence[Found], most: int, last_of: LastOf
) -> Lasting:
    """Until when single sites (until `end`) or splits of so many shipments at most give a row that is shown.

    A split that is promised earlier hides those of as many shipments or more, as long as it is there: either it is
    when the others end, or it has gone, and nothing earlier is left. `last_of` tells until when splits alone do.
    """
    if not earlier:
        last = last_of(row, most, end)
        return Lasting(max(end, last.until), last.is_last)
    first = min(earlier, key=lambda found: int(found.row[col.SHIPMENTS]))
    fewest, method, latest = int(first.row[col.SHIPMENTS]), int(row[col.METHOD]), int(row[col.PROMISED])
    fewer = last_of(row, fewest - 1, end) if fewest > 2 else Lasting(end, is_last=True)
    until = max(end, fewer.until)
    if not fewer.is_last or last_of(first.row, fewest, until).until > until:
        return Lasting(until, fewer.is_last)
    if may_last(offers, method, latest - 1, most, until):
        return Lasting(until, is_last=False)
    last = last_of(row, most, until)
    return Lasting(max(until, last.until), last.is_last)


def may_last(offers: Offers, method: int, latest: int, most: int, begin: int) -> bool:
    """Whether an order from `begin` on may have a plan of so many shipments at most that is promised by an instant."""
    alone = _alone_until(offers, method, latest, begin, offers.shipments.useful)
    return Coverage(alone > begin).may_be_covered(most)


def _alone_until(offers: Offers, method: int, latest: int, begin: int, useful: Sequence[int] | None) -> np.ndarray:
    """From when on no site promises each line alone by an instant (lines, S); `begin` where that is by then."""
    few = useful is not None and 2 * len(useful) < offers.site_count
    lines = [Looked(1 << line, tuple(useful or ()) if few else None) for line in range(offers.shipments.line_count)]
    return offers.promised_until(lines, method, latest, begin)


def kept_until(offers: Offers, sent: Mapping[int, int], method: int, latest: int) -> int:
    """Until when sites keep an instant with the lines that each sends."""
    looked = [Looked(lines, (site,)) for site, lines in sent.items()]
    return int(offers.promised_until(looked, method, latest, offers.placed_at)[range(len(sent)), list(sent)].min())


def _shared_out(has: np.ndarray, sites: Sequence[int]) -> dict[int, int]:
    """The lines that each of some sites sends: each line from the first that has it; `has` is (lines, sites)."""
    sent: dict[int, int] = {}
    for line, first in enumerate(has.argmax(axis=1).tolist()):
        sent[sites[first]] = sent.get(sites[first], 0) | 1 << line
    return sent
