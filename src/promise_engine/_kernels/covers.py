"""Sets of sites that have all lines of a basket between them; the lines of a site are bits of a row of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._kernels._jit import entry, kernel

if TYPE_CHECKING:
    from promise_engine._arrays import I64, U8

BITS_A_WORD = 62


@kernel
def completes(lines: I64, have: I64, whole: I64) -> bool:
    """Whether some lines and those had are all."""
    missing = 0
    for word in range(len(whole)):
        missing |= whole[word] & ~(lines[word] | have[word])
    return missing == 0


@kernel
def first_missing(have: I64, rarest: I64) -> int:
    """The rarest line that is not had."""
    for line in rarest:
        if not (have[line // BITS_A_WORD] >> (line % BITS_A_WORD)) & 1:
            return line
    return -1


@kernel
def next_bit(words: I64, begin: int) -> int:
    """The first bit that is set from a position on; -1 without."""
    word, bit = begin // BITS_A_WORD, begin % BITS_A_WORD
    while word < len(words):
        rest = words[word] >> bit
        if rest != 0:
            while not rest & 1:
                rest >>= 1
                bit += 1
            return word * BITS_A_WORD + bit
        word, bit = word + 1, 0
    return -1


@kernel
def holds_the_rest(have: I64, holders: I64, rarest: I64, held_by: I64) -> bool:
    """Write which sites have every line that is not had, those of the rarest lines first; whether there are any."""
    held_by[:] = -1
    for line in rarest:
        if (have[line // BITS_A_WORD] >> (line % BITS_A_WORD)) & 1:
            continue
        left = 0
        for word in range(len(held_by)):
            held_by[word] &= holders[line, word]
            left |= held_by[word]
        if left == 0:
            return False
    return True


@kernel
def marked(masks: I64, holders: I64, rarest: I64, size: int, steps: int, enough: int, useful: U8) -> bool:
    """Mark the sites (n,) that are in some set of so many sites with all lines; whether so many steps told of each.

    When so many as are `enough` are marked no more are looked for. All are marked when fewer sites have all lines, to
    which any other may be added. `masks` (n, W) holds the lines of each site, `holders` (lines, V) the sites of each
    line; `rarest` (lines,) the lines, those of few sites first.
    """
    have = np.zeros((size, masks.shape[1]), np.int64)
    chosen, wanted = np.full(size, -1, np.int64), np.empty(size, np.int64)
    held_by = np.empty(holders.shape[1], np.int64)
    wanted[0] = first_missing(have[0], rarest)
    depth, count = 0, 0
    while depth >= 0 and count < enough:
        steps -= 1
        if steps < 0:
            return False
        if depth == size - 1:
            if holds_the_rest(have[depth], holders, rarest, held_by):
                for site in chosen[:depth]:
                    count += 1 - useful[site]
                    useful[site] = 1
                last = next_bit(held_by, 0)
                while last >= 0:
                    count += 1 - useful[last]
                    useful[last] = 1
                    last = next_bit(held_by, last + 1)
            depth -= 1
            continue
        site = next_bit(holders[wanted[depth]], chosen[depth] + 1)
        if site < 0:
            depth -= 1
            continue
        chosen[depth] = site
        for word in range(masks.shape[1]):
            have[depth + 1, word] = have[depth, word] | masks[site, word]
        wanted[depth + 1] = first_missing(have[depth + 1], rarest)
        if wanted[depth + 1] < 0:
            useful[:] = 1
            return True
        depth += 1
        chosen[depth] = -1
    return True


@entry
def mark_useful(masks: I64, holders: I64, rarest: I64, size: int, steps: int, enough: int, useful: U8) -> bool:
    """As `marked`, for Python."""
    return marked(masks, holders, rarest, size, steps, enough, useful)


@kernel
def is_covered(has: U8, size: int, steps: int, masks: I64, holders: I64) -> bool:
    """Whether at most so many sites have all lines, or so many steps do not tell; `has` is (lines, sites)."""
    masks[:] = 0
    for line in range(len(has)):
        for site in range(has.shape[1]):
            masks[site, line // BITS_A_WORD] |= np.int64(has[line, site]) << (line % BITS_A_WORD)
    kinds = np.unique(masks[:, 0]).reshape(-1, 1) if masks.shape[1] == 1 else masks
    holders[:] = 0
    count = np.zeros(len(has), np.int64)
    for kind in range(len(kinds)):
        for line in range(len(has)):
            has_line = (kinds[kind, line // BITS_A_WORD] >> (line % BITS_A_WORD)) & 1
            holders[line, kind // BITS_A_WORD] |= has_line << (kind % BITS_A_WORD)
            count[line] += has_line
    useful = np.zeros(len(kinds), np.uint8)
    is_told = marked(kinds, holders, np.argsort(count), size, steps, 1, useful)
    return not is_told or useful.max() > 0


@entry
def last_covered(until: I64, ends: I64, size: int, steps: int) -> int:
    """The position of the last of some ends until which at most so many sites have all lines.

    `until` (lines, S) says how long each site has each line, `ends` (n,) rise; sites have all lines until the first.
    Where so many steps do not tell, they may have them.
    """
    masks = np.empty((until.shape[1], -(-len(until) // BITS_A_WORD)), np.int64)
    holders = np.empty((len(until), -(-until.shape[1] // BITS_A_WORD)), np.int64)
    low, high = 0, len(ends)
    middle = high - 1
    while low + 1 < high:
        if is_covered((until >= ends[middle]).astype(np.uint8), size, steps, masks, holders):
            low = middle
        else:
            high = middle
        middle = (low + high) // 2
    return low


@entry
def next_cover(masks: I64, rest: I64, whole: I64, steps: I64, chosen: I64) -> bool:
    """Move on to the next set of as many sites that have all lines, in lexicographic order of their positions.

    `chosen` (k,) holds positions, -1 first; `rest` (n, W) the lines of each site or a later one; `steps` (1,) the
    steps that are left. False at the end, and when no step is left.
    """
    size, count = len(chosen), len(masks)
    have = np.zeros((size + 1, len(whole)), np.int64)
    depth, site = 0, 0
    if chosen[0] >= 0:
        depth, site = size - 1, chosen[size - 1] + 1
        for position in range(size - 1):
            have[position + 1] = have[position] | masks[chosen[position]]
    while True:
        if site > count - (size - depth) or not completes(rest[site], have[depth], whole):
            depth -= 1
            if depth < 0:
                return False
            site = chosen[depth] + 1
            continue
        steps[0] -= 1
        if steps[0] < 0:
            return False
        if depth == size - 1:
            if completes(masks[site], have[depth], whole):
                chosen[depth] = site
                return True
        else:
            chosen[depth] = site
            have[depth + 1] = have[depth] | masks[site]
            depth += 1
        site += 1
