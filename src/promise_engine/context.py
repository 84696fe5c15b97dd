"""What an answer keeps to build its options when they are read; never the live snapshot."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from promise_engine import _columns as col
from promise_engine.units import day_number, instant

if TYPE_CHECKING:
    from datetime import date, datetime

    from promise_engine._arrays import SiteStock
    from promise_engine._compile.lines import BasketLine
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.tasks import Plan
    from promise_engine.inputs.catalogue import Catalogue
    from promise_engine.inputs.network import Network
    from promise_engine.models._base import Hours
    from promise_engine.offers import Offers
    from promise_engine.views import Split


class WholeDigests(NamedTuple):
    """The digests of the inputs as they were given."""

    network: str
    catalogue: str | None
    stock: str


class AnswerContext(NamedTuple):
    """The compiled inputs of one answer."""

    network: Network
    catalogue: Catalogue | None
    compiled: CompiledNetwork
    request: CompiledRequest
    plan: Plan
    bound: BoundStock
    stock: SiteStock
    offers: Offers | None  # of some of the lines; none where nothing is split
    splits: list[Split]
    bounded: bool  # whether a bound cut something of the splits
    whole: WholeDigests | None = None  # known where catalogue and stock are parts of what was given
    group: str | None = None  # the id of the group of lines

    @property
    def digests(self) -> WholeDigests:
        """The digests of the inputs as they were given."""
        if self.whole is not None:
            return self.whole
        catalogue = None if self.catalogue is None else self.catalogue.digest
        return WholeDigests(self.network.digest, catalogue, self.bound.digest)

    def shipments(self, row: list[int]) -> list[tuple[list[int], list[BasketLine]]]:
        """The rows of an option's shipments, by site, with what each carries."""
        if row[col.SPLIT] < 0:
            return [(row, self.request.lines)]
        split = self.splits[row[col.SPLIT]]
        return [
            (shipment, self.of_lines(part).request.lines)
            for shipment, part in zip(split.rows.tolist(), split.parts, strict=True)
        ]

    def of_lines(self, lines: int) -> AnswerContext:
        """The same answer's context for a shipment of some lines, as `Shipments` numbers them."""
        if self.offers is None or lines == self.offers.shipments.whole:
            return self
        request, plan, stock = self.offers.part(lines)
        return self._replace(request=request, plan=plan, stock=stock, offers=None)

    def of_own_lines(self, lines: int) -> AnswerContext:
        """The same for what the shipment carries itself, whatever else its site sends."""
        return self if self.offers is None else self.of_lines(self.offers.shipments.own(lines))

    def opening_hours(self, place: int, day: date) -> tuple[str, ...]:
        """Opening hours of a place on a date, as 'HH:MM-HH:MM'."""
        network = self.compiled
        site = int(network.tables.places.site_idx[place])
        if site >= 0:
            opening = network.sites[site].store_collection.opening  # type: ignore[union-attr]
        else:
            opening = network.point_of[network.place_ids[place]].opening
        region = network.located_places[place].region
        rule = network.calendars.resolved(opening, region).rules[day_number(day) - network.period.first_day]
        return tuple(hours_text(hours) for hours in rule.hours or ())

    def closing_day(self, place: int, closes: datetime) -> date:
        """The opening day of a place that ends with a local closing time; at or past midnight it began the day
        before."""
        network = self.compiled
        position = day_number(closes.date()) - network.period.first_day
        closing_at = network.tables.working.closing_at[network.tables.places.opening_idx[place]]
        return closes.date() - timedelta(days=int(closing_at[position] != instant(closes)))


def hours_text(hours: Hours) -> str:
    """Hours as a configuration writes them.

    Examples
    --------
    >>> from promise_engine.models._base import Hours
    >>> hours_text(Hours(72_000, 93_600))
    '20:00-02:00'
    """

    def clock(value: int) -> str:
        hour, rest = divmod(value if value <= 86_400 else value - 86_400, 3_600)
        minute, second = divmod(rest, 60)
        return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")

    return f"{clock(hours.start)}-{clock(hours.end)}"
