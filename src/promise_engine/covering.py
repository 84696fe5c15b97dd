"""Which sets of sites have all lines of a basket between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._kernels.covers import BITS_A_WORD, last_covered, mark_useful, next_cover

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_STEPS = 1_000_000  # some hundredths of a second


class Coverage:
    """Sites by the lines that they have.

    Parameters
    ----------
    has
        (lines, sites) whether a site has a line.

    Examples
    --------
    >>> coverage = Coverage(np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 1, 0, 0]]))
    >>> coverage.useful(1), coverage.useful(2)
    ([], [0, 1, 3])
    >>> list(coverage.sets([3, 1, 0], 2))
    [(3, 1), (1, 0)]
    """

    def __init__(self, has: np.ndarray) -> None:
        self._masks = _words(has)
        one_word = self._masks.shape[1] == 1  # numbers are sorted much faster than rows
        kinds, self._kind_of = np.unique(self._masks, axis=None if one_word else 0, return_inverse=True)
        self._kinds = kinds.reshape(-1, self._masks.shape[1])
        self._holders = _words(_lines_of(self._kinds, len(has)))
        self._whole = _words(np.ones((len(has), 1)))[0]
        self._rarest = np.argsort(has.sum(axis=1), kind="stable")
        self._useful: dict[int, list[int]] = {}  # by size

    def useful(self, size: int) -> list[int]:
        """The sites that are in some set of so many, rising.

        All that have a line are, where fewer sites are enough, and where it would take long to tell.
        """
        if size not in self._useful:
            marks, is_told = self._marked(size, len(self._kinds) + 1)
            self._useful[size] = self._of_kinds(marks if is_told else np.ones_like(marks))
        return self._useful[size]

    def _of_kinds(self, marks: np.ndarray) -> list[int]:
        """The sites of the kinds that are marked, but those without a line."""
        found: list[int] = np.flatnonzero(marks[self._kind_of.reshape(-1)] & self._masks.any(axis=1)).tolist()
        return found

    def lines_of(self, sites: Sequence[int]) -> list[int]:
        """The lines that each of some sites has, a bit a line."""
        words: list[list[int]] = self._masks[list(sites)].T.tolist()
        lines = words[0]
        for place, of_sites in enumerate(words[1:], start=1):
            lines = [low | high << place * BITS_A_WORD for low, high in zip(lines, of_sites, strict=True)]
        return lines

    def is_covered(self, size: int) -> bool:
        """Whether at most so many sites have all lines; not where no such set was found for long."""
        return bool(self._marked(size, 1)[0].any())

    def may_be_covered(self, size: int) -> bool:
        """Whether at most so many sites have all lines, or it would take long to tell."""
        marks, is_told = self._marked(size, 1)
        return bool(marks.any()) or not is_told

    def few_useful(self, size: int) -> list[int] | None:
        """The sites that are in some set of so many, rising; None where half of all kinds of sites are, or more."""
        half = len(self._kinds) // 2 + 1
        if size not in self._useful:
            marks, is_told = self._marked(size, half)
            if not is_told or marks.sum() >= half:
                return None
            self._useful[size] = self._of_kinds(marks)
        return self._useful[size]

    def _marked(self, size: int, enough: int) -> tuple[np.ndarray, bool]:
        """Sites of one kind have the same lines: two of them are in a set only where fewer sites are enough."""
        marks = np.zeros(len(self._kinds), np.uint8)
        is_told = mark_useful(self._kinds, self._holders, self._rarest, size, _MOST_STEPS, enough, marks)
        return marks, is_told

    def sets(self, sites: Sequence[int], size: int) -> Iterator[tuple[int, ...] | None]:
        """The sets of so many of some sites that have all lines, in the order of the sites.

        The last is None where the search was given up because it takes long.
        """
        masks = self._masks[list(sites)]
        rest = np.ascontiguousarray(np.bitwise_or.accumulate(masks[::-1])[::-1])
        chosen, steps = np.full(size, -1, np.int64), np.array([_MOST_STEPS])
        while next_cover(masks, rest, self._whole, steps, chosen):
            yield tuple(sites[position] for position in chosen.tolist())
        if steps[0] < 0:
            yield None


def covered_until(until: np.ndarray, size: int) -> int:
    """Until when at most so many sites have all lines, as far as it does not take long to tell.

    Examples
    --------
    >>> until = np.array([[9, 0, 5], [0, 7, 6]])  # (lines, sites): how long each site has each line
    >>> covered_until(until, 1), covered_until(until, 2)
    (5, 7)
    """
    ends = np.unique(until[until <= int(until.max(axis=1).min())])
    return int(ends[last_covered(until, ends, size, _MOST_STEPS)])


def _words(has: np.ndarray) -> np.ndarray:
    """The columns of a table (n, m) as bits: (m, words)."""
    rows, columns = has.shape
    count = -(-rows // BITS_A_WORD)
    bits = np.zeros((count * BITS_A_WORD, columns), np.int64)
    bits[:rows] = has != 0
    words = bits.reshape(count, BITS_A_WORD, columns) << np.arange(BITS_A_WORD)[:, None]
    return np.ascontiguousarray(words.sum(axis=1).T)


def _lines_of(words: np.ndarray, lines: int) -> np.ndarray:
    """Which lines sites have, as a table (sites, lines), from their words."""
    line = np.arange(lines)
    found: np.ndarray = (words[:, line // BITS_A_WORD] >> (line % BITS_A_WORD)) & 1
    return found
