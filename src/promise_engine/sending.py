"""The shipments of one plan beside each other: what a site prepares together, and what sites leave of the pool."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promise_engine.offers import Offers


class Sent(NamedTuple):
    """A shipment of a plan."""

    source: int
    part: int  # as `Shipments` numbers it


def beside_each_other(sent: Sequence[Sent], offers: Offers, ranks: Sequence[int], *, sharing: bool) -> list[Sent]:
    """The shipments of a plan, in the same order, as they are beside each other.

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
    shipments, site_of = offers.shipments, offers.shipments.sources.site
    by_site = {site: list(group) for site, group in groupby(sent, lambda one: site_of(one.source))}
    if not sharing and len(by_site) == len(sent):
        return list(sent)
    taken, beside = Counter[str](), dict[Sent, Sent]()
    for site in sorted(by_site, key=lambda site: (ranks[by_site[site][0].source], site)):
        for one, part in zip(by_site[site], _prepared(site, by_site[site], offers), strict=True):
            beside[one] = Sent(one.source, shipments.beside(part, taken))
        whole = shipments.together([one.part for one in by_site[site]])
        taken.update(shipments.takes(shipments.beside(whole, taken), site))
    return [beside[one] for one in sent]


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
