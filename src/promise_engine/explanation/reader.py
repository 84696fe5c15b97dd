"""The row of one option, with the names behind its positions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from promise_engine import _columns as col
from promise_engine._compile.calendars import holidays_at
from promise_engine.explanation.words import why_text
from promise_engine.models.carrier import Route
from promise_engine.option_builder import OptionBuilder
from promise_engine.units import date_of, day_number

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from promise_engine._compile.calendars import DayRule, Region
    from promise_engine.context import AnswerContext
    from promise_engine.models.carrier import CarrierService, Delivery, Lane
    from promise_engine.models.site import Site


class Step(NamedTuple):
    """One instant of the story, local to where it happens, and what set it."""

    at: datetime
    what: str
    notes: tuple[str, ...]


class LegOfRow(NamedTuple):
    """One leg of an option: its service from a site to a stop, or to the destination."""

    number: int
    service: CarrierService
    lane: Lane
    origin: int
    stop: int  # -1 on the last leg
    collection: int
    zone: int  # of the leg's end in the service's zone set


class Reader:
    """Looks up what a row points to; computes nothing that the row has."""

    def __init__(self, context: AnswerContext, row: list[int]) -> None:
        self.context = context
        self.network = context.compiled
        self.tables = context.compiled.tables
        self.row = row
        self.site: Site = self.network.sites[row[col.SITE]]
        self.way = self.network.ways[row[col.WAY]]
        self.here = self.zone_of_site(row[col.SITE])
        self.there = OptionBuilder(context).zone_of_target(row[col.TARGET])
        self.place = int(context.plan.targets.place_idx[row[col.TARGET]])

    @property
    def store(self) -> int:
        """The position of the site whose store is the destination; -1 elsewhere."""
        return int(self.tables.places.site_idx[self.place]) if self.place >= 0 else -1

    def zone_of_site(self, site: int) -> tzinfo:
        """The time zone of a site."""
        return self.network.almanac.clock(self.network.time_zones[int(self.tables.sites.zone_idx[site])])

    def local(self, instant: int, zone: tzinfo | None = None) -> datetime:
        """An instant at the site, or in another zone."""
        return datetime.fromtimestamp(instant, UTC).astimezone(zone or self.here)

    def date_of_day(self, day: int) -> date:
        """The date of a day of the period."""
        return date_of(self.network.period.first_day + day)

    def day_of_date(self, date: date) -> int:
        """The day of the period of a date."""
        return day_number(date) - self.network.period.first_day

    def region_of_target(self) -> Region:
        """Where the destination's holidays bite."""
        if self.place >= 0:
            return self.network.located_places[self.place].region
        return self.context.request.destinations[self.row[col.TARGET]].region

    def rules(self, calendar: str, region: Region | None) -> list[DayRule]:
        """What a calendar says of each date at a place."""
        return self.network.calendars.resolved(calendar, region).rules

    def closed_between(
        self, calendar: str | None, region: Region | None, first: date, last: date
    ) -> list[tuple[date, str]]:
        """Dates from `first` to before `last` that a calendar has closed, with the reasons."""
        if calendar is None:
            return []
        rules = self.rules(calendar, region)
        days = range(self.day_of_date(first), min(self.day_of_date(last), len(rules)))
        return [(self.date_of_day(day), why_text(rules[day].why)) for day in days if not rules[day].is_open]

    def holidays_of_target(self) -> dict[date, str]:
        """Holidays at the destination, with their names."""
        sources = self.context.network.settings.destination_holidays
        return holidays_at(sources, self.region_of_target(), self.network.period, self.network.almanac)

    def legs(self) -> list[LegOfRow]:
        """The legs of the way, none for own store collection."""
        found, origin = [], self.row[col.SITE]
        stops = [leg.to for leg in self.way.model.legs] if isinstance(self.way.model, Route) else [None]
        for number, name in enumerate(self.way.services):
            service = self.network.service_index[name]
            to = stops[number]
            stop = -1 if to is None else self.network.site_index[to]
            zone = self._zone(service, stop)
            lane = self._lane(service, origin, zone)
            found.append(
                LegOfRow(
                    number, self.network.services[service], lane, origin, stop, self.row[col.COLLECTION + number], zone
                )
            )
            origin = stop
        return found

    def _zone(self, service: int, stop: int) -> int:
        if stop >= 0:
            return int(self.tables.sites.service_zone[stop, service])
        return int(self.context.plan.targets.service_zone[self.row[col.TARGET], service])

    def _lane(self, service: int, origin: int, zone: int) -> Lane:
        services = self.tables.services
        pair = int(self.tables.sites.service_zone[origin, service] * services.zone_count[service]) + zone
        number = int(services.lane_of_pair[services.lane_ptr[service] + pair])
        return [lane for model in self.network.services for lane in model.lanes][number]


def delivery_of(leg: LegOfRow) -> Delivery:
    """The delivery rules of a leg's lane."""
    return leg.lane.delivery or leg.service.delivery
