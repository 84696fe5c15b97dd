"""The shipments of a plan: what each source sends at once, and what its site prepares with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .shipments import Part
from .units import carrying

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from .lines import Key
    from .shipments import Keys, Shipments, Source
    from .stock import Left

Giving = dict["Source", dict["Key", "Decimal"]]
"""How much of which lines each source sends, in the order of the sources."""


class Sent(NamedTuple):
    """What a source sends at once, and the instant at which the last line of it is there."""

    source: Source
    supplied: int
    keys: Keys


def at_site(giving: Giving, site: str) -> dict[Key, Decimal]:
    """What all sources of a site send."""
    return {key: quantity for source, sent in giving.items() if source.site == site for key, quantity in sent.items()}


class Sending:
    """What a plan gives each source, as the shipments in which it goes."""

    def __init__(self, shipments: Shipments, giving: Giving, placed_at: int) -> None:
        self.world, self.giving = shipments.world, giving
        self._supplied = {
            (source.site, key): shipments.supplied(source.site, carrying(self.world, {key: quantity}), placed_at)
            if self._is_asked(source) else placed_at
            for source, sent in giving.items() for key, quantity in sent.items()
        }  # fmt: skip

    def _is_asked(self, source: Source) -> bool:
        """Whether it tells when lines of a source are there: where its site sends several shipments."""
        return sum(other.site == source.site for other in self.giving) > 1

    @property
    def sent(self) -> list[Sent]:
        """One shipment of each source."""
        return [
            Sent(source, max(self._supplied[source.site, key] for key in keys), frozenset(keys))
            for source, keys in self.giving.items()
        ]

    def part(self, sent: Sent, left: Mapping[str, Left]) -> Part:
        """A shipment, with the lines of its site that are there when it is."""
        site = sent.source.site
        quantities = at_site(self.giving, site)
        beside = {key for key in quantities if self._supplied[site, key] <= sent.supplied} - sent.keys
        return Part(sent.keys, left.get(site, frozenset()), carrying(self.world, quantities).cut, frozenset(beside))
