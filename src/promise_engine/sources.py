"""Where shipments come from: a site, once for each ship group of the basket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine.covering import Coverage
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine._compile.lines import BasketLine


class Sources:
    """The sources of a basket: those of a site stand side by side, in the order of ship groups, none first.

    With one ship group a source is a site.

    Examples
    --------
    >>> from promise_engine._compile.lines import basket_lines
    >>> from promise_engine.models.request import Line
    >>> sofa, lamp = Line(sku="sofa", quantity=1, ship_group="freight"), Line(sku="lamp", quantity=1)
    >>> sources = Sources(basket_lines([sofa, lamp], None))
    >>> sources.count, [sources.site(source) for source in range(4)]
    (2, [0, 0, 1, 1])
    >>> sources.of_line(1, np.array([7, 8])) == [NEVER, 7, NEVER, 8]
    array([ True,  True,  True,  True])
    """

    def __init__(self, lines: Sequence[BasketLine]) -> None:
        names = sorted({line.ship_group or "" for line in lines})
        self.count = len(names)  # of each site
        self._of_line = [names.index(line.ship_group or "") for line in lines]

    def site(self, source: int) -> int:
        """The site of a source."""
        return source // self.count

    def of_line(self, line: int, of_sites: np.ndarray) -> np.ndarray:
        """What sites (S,) have of a line by source, NEVER at those of other ship groups."""
        if self.count == 1:
            return of_sites
        spread = np.full((len(of_sites), self.count), NEVER, np.int64)
        spread[:, self._of_line[line]] = of_sites
        return spread.reshape(-1)

    def coverage(self, held: np.ndarray) -> Coverage:
        """Which sources have which lines, as sites do (lines, S)."""
        held_by = [self.of_line(line, of_sites) for line, of_sites in enumerate(np.where(held, 0, NEVER))]
        return Coverage(np.array(held_by) == 0)

    def of_site(self, of_sites: Sequence[int]) -> list[int]:
        """What is said of sites, by source."""
        return [known for known in of_sites for _ in range(self.count)]
