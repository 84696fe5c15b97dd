"""Until when some split for a day can be had, where whichever it is has the same window and price."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col
from promise_engine.covering import Coverage
from promise_engine.parts import Looked

if TYPE_CHECKING:
    from promise_engine.offers import Offers
    from promise_engine.split_option import Found
    from promise_engine.split_search import Search
    from promise_engine.views import Split

_MOST_SETS = 4  # of sites that are looked at


class Lasting(NamedTuple):
    """Until when splits can be had, and whether none can be from then on."""

    until: int
    is_last: bool


def lasting(offers: Offers, search: Search, found: Found, most: int) -> Lasting:
    """Until when one of the splits of so many shipments at most is left that are promised as one that was found.

    No site sends a line longer than it does alone: so the sites that have all lines between them tell the latest end,
    and a plan of them that lasts until then that it is the end.

    Parameters
    ----------
    offers
        What shipments promise at the instant of the order.
    search
        The search that found the split.
    found
        The split.
    most
        Shipments of a split: those of more are not shown beside what else was found.
    """
    method, latest, day = int(found.row[col.METHOD]), int(found.row[col.PROMISED]), search.day_of(found)

    def kept_until(split: Split) -> int:
        sites = split.rows[:, col.SITE].tolist()
        sent = [Looked(lines, (site,)) for lines, site in zip(split.parts, sites, strict=True)]
        return int(offers.promised_until(sent, method, latest)[range(len(sites)), sites].min())

    useful = search.useful(day, most)
    sites = tuple(useful) if 2 * len(useful) < offers.site_count else None
    lines = [Looked(1 << line, sites) for line in range(offers.shipments.line_count)]
    alone = offers.promised_until(lines, method, latest)
    bound = _last_covered(alone, most, offers.placed_at)
    coverage, until = Coverage(alone >= bound), offers.placed_at
    for size in range(2, most + 1):
        for chosen in islice(coverage.sets(coverage.useful(size), size), _MOST_SETS):
            until = max([until, *map(kept_until, search.by(tuple(sorted(chosen or ())), day))])
            if until >= bound:
                return Lasting(until, is_last=True)
    return Lasting(max(until, kept_until(found.split)), is_last=False)


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
