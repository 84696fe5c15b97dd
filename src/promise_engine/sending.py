"""The shipments of one plan beside each other: what a site prepares together, and what sites leave of the pool."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, islice, permutations, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine import _columns as col

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from promise_engine.offers import Offers
    from promise_engine.parts import Choice


class Sent(NamedTuple):
    """A shipment of a plan."""

    source: int
    part: int  # as `Shipments` numbers it


def beside_each_other(
    sent: Sequence[Sent], offers: Offers, ranks: Sequence[int], *, sharing: bool
) -> Iterator[list[Sent]]:
    """The shipments of a plan, in the same order, as they are beside each other: by each order of taking of the pool.

    The first is by rank; the others follow where the pool has less than the sites would take.

    Parameters
    ----------
    sent
        Each by itself, in the order of sources.
    offers
        What shipments promise by themselves.
    ranks
        Of the site of each source.
    sharing
        Whether several may take one SKU.
    """
    site_of = offers.shipments.sources.site
    by_site = {site: list(group) for site, group in groupby(sent, lambda one: site_of(one.source))}
    if not sharing and len(by_site) == len(sent):
        yield list(sent)
        return
    known: list[list[Sent]] = []
    for sites in permutations(sorted(by_site, key=lambda site: (ranks[by_site[site][0].source], site))):
        beside, is_enough = _taking_in_turn({site: by_site[site] for site in sites}, offers)
        found = [beside[one] for one in sent]
        if found not in known:
            known.append(found)
            yield found
        if is_enough:
            return


def _taking_in_turn(by_site: Mapping[int, list[Sent]], offers: Offers) -> tuple[dict[Sent, Sent], bool]:
    """The shipments of sites that take of the pool one after the other, and whether it has enough for all."""
    shipments, taken, beside, is_enough = offers.shipments, Counter[str](), dict[Sent, Sent](), True
    for site, sent in by_site.items():
        for one, part in zip(sent, _prepared(site, sent, offers), strict=True):
            beside[one] = Sent(one.source, shipments.beside(part, taken))
        whole = shipments.together([one.part for one in sent])
        takes = shipments.takes(shipments.beside(whole, taken), site)
        is_enough &= takes == shipments.takes(whole, site)
        taken.update(takes)
    return beside, is_enough


def _prepared(site: int, sent: Sequence[Sent], offers: Offers) -> Iterator[int]:
    """Each shipment of a site along with the other lines that are there when its own are."""
    if len(sent) == 1:
        yield sent[0].part
        return
    shipments = offers.shipments
    whole = shipments.together([one.part for one in sent])
    there_at = {line: int(offers.there_at(line)[site]) for line in shipments.single_lines(whole)}
    for one in sent:
        latest = max(there_at[line] for line in shipments.single_lines(one.part))
        yield shipments.along(one.part, [line for line, at in there_at.items() if at <= latest])


def other_rows(sent: Sequence[Sent], offers: Offers, choice: Choice, day: int) -> Iterator[np.ndarray]:
    """What shipments may take that keep a day, but the first of each: in policy order, the last changing first."""
    rows = [_differing(one, offers, choice, day) for one in sent]
    yield from (np.array(taken) for taken in islice(product(*rows), 1, None))


def _differing(one: Sent, offers: Offers, choice: Choice, day: int) -> list[np.ndarray]:
    """The rows of a shipment that keep a day, in policy order: of those that are alike beside others the first."""
    asked, kept = offers.kept(one.part, choice, offers.shipments.sources.site(one.source), day)
    differing: dict[tuple[object, ...], np.ndarray] = {}
    for row in asked.in_order(kept):
        differing.setdefault((*row[_BESIDE_OTHERS].tolist(), *offers.shipments.rooms(row)), row)
    return list(differing.values())


_BESIDE_OTHERS = [col.PROMISED, col.PARCELS, col.COLLECT_FROM, col.COLLECT_UNTIL]
"""What of a row, with the rooms that it takes, tells whether it can be had beside others."""
