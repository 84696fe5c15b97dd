"""The shipments of a plan: what each source sends at once, and what its site prepares with it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .shipments import Part
from .units import carrying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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
    """What a plan gives each source, as the shipments in which it goes: one of each source, or in waves one of what is there at once."""

    def __init__(self, shipments: Shipments, giving: Giving, placed_at: int, *, in_waves: bool) -> None:
        self.world, self.giving, self.in_waves = shipments.world, giving, in_waves
        self._supplied = {
            (source.site, key): shipments.supplied(source.site, carrying(self.world, {key: quantity}), placed_at)
            if self._is_asked(source) else placed_at
            for source, sent in giving.items() for key, quantity in sent.items()
        }  # fmt: skip

    def _is_asked(self, source: Source) -> bool:
        """Whether it tells when lines of a source are there: where its site may send several shipments."""
        if self.in_waves:
            return len(at_site(self.giving, source.site)) > 1
        return sum(other.site == source.site for other in self.giving) > 1

    @cached_property
    def sent(self) -> list[Sent]:
        """The shipments, in the order of sources and then of the instants."""
        return [sent for source, keys in self.giving.items() for sent in self._sent_by(source, frozenset(keys))]

    def _sent_by(self, source: Source, keys: Keys) -> Iterator[Sent]:
        supplied = {key: self._supplied[source.site, key] for key in keys}
        if not self.in_waves:
            yield Sent(source, max(supplied.values()), keys)
            return
        for at in sorted(set(supplied.values())):
            yield Sent(source, at, frozenset(key for key in keys if supplied[key] == at))

    def part(self, sent: Sent, left: Mapping[str, Left]) -> Part:
        """A shipment, with the lines of its site that are there when it is."""
        site = sent.source.site
        quantities = at_site(self.giving, site)
        beside = {key for key in quantities if self._supplied[site, key] <= sent.supplied} - sent.keys
        return Part(sent.keys, left.get(site, frozenset()), carrying(self.world, quantities).cut, frozenset(beside))
