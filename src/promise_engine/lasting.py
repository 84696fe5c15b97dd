"""Until when some split for a day can be had, where whichever it is has the same window and price."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine.covering import Coverage
from promise_engine.parts import Looked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promise_engine.offers import Offers
    from promise_engine.split_option import Found

_MOST_SETS = 4  # of sites that are looked at


LastOf = Callable[[np.ndarray, int], "Lasting"]
"""Until when splits of so many shipments at most give a row."""


class Lasting(NamedTuple):
    """Until when splits can be had, and whether none can be from then on."""

    until: int
    is_last: bool


def lasting(offers: Offers, row: np.ndarray, most: int, useful: Sequence[int] | None = None) -> Lasting:
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
    """
    method, latest = int(row[col.METHOD]), int(row[col.PROMISED])
    alone = _alone_until(offers, method, latest, useful)
    bound = _last_covered(alone, most, offers.placed_at)
    if bound == offers.placed_at:
        return Lasting(bound, is_last=True)
    coverage, until = Coverage(alone >= bound), offers.placed_at
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
        last = last_of(row, most)
        return Lasting(max(end, last.until), last.is_last)
    first = min(earlier, key=lambda found: int(found.row[col.SHIPMENTS]))
    fewest, method, latest = int(first.row[col.SHIPMENTS]), int(row[col.METHOD]), int(row[col.PROMISED])
    fewer = last_of(row, fewest - 1) if fewest > 2 else Lasting(end, is_last=True)
    until = max(end, fewer.until)
    if not fewer.is_last or last_of(first.row, fewest).until > until:
        return Lasting(until, fewer.is_last)
    if latest_end(offers, method, latest - 1, most, offers.shipments.useful) > until:
        return Lasting(until, is_last=False)
    last = last_of(row, most)
    return Lasting(max(until, last.until), last.is_last)


def latest_end(offers: Offers, method: int, latest: int, most: int, useful: Sequence[int] | None = None) -> int:
    """From when on surely no plan of so many shipments at most is promised by an instant."""
    return _last_covered(_alone_until(offers, method, latest, useful), most, offers.placed_at)


def _alone_until(offers: Offers, method: int, latest: int, useful: Sequence[int] | None) -> np.ndarray:
    """From when on no site promises each line alone by an instant (lines, S)."""
    few = useful is not None and 2 * len(useful) < offers.site_count
    lines = [Looked(1 << line, tuple(useful or ()) if few else None) for line in range(offers.shipments.line_count)]
    return offers.promised_until(lines, method, latest)


def kept_until(offers: Offers, sent: Mapping[int, int], method: int, latest: int) -> int:
    """Until when sites keep an instant with the lines that each sends."""
    looked = [Looked(lines, (site,)) for site, lines in sent.items()]
    return int(offers.promised_until(looked, method, latest)[range(len(sent)), list(sent)].min())


def _shared_out(has: np.ndarray, sites: Sequence[int]) -> dict[int, int]:
    """The lines that each of some sites sends: each line from the first that has it; `has` is (lines, sites)."""
    sent: dict[int, int] = {}
    for line, first in enumerate(has.argmax(axis=1).tolist()):
        sent[sites[first]] = sent.get(sites[first], 0) | 1 << line
    return sent


def _last_covered(until: np.ndarray, most: int, placed_at: int) -> int:
    """The last instant before which at most so many sites have all lines; `until` (lines, S) is that of each alone."""
    ends = np.unique(until[until <= int(until.max(axis=1).min())])
    low, high = 0, len(ends)  # sites have all lines until `low`, and do not until `high`
    middle = len(ends) - 1
    while low + 1 < high:
        covered = Coverage(until >= ends[middle]).may_be_covered(most)
        low, high = (middle, high) if covered else (low, middle)
        middle = (low + high) // 2
    return max(placed_at, int(ends[low]))
