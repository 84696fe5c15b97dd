"""Rows to options, built when they are read."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine.options import (
    Cost,
    DestinationView,
    LeftOut,
    Money,
    Option,
    OptionLine,
    Shipment,
    ShipmentLine,
    StopArrival,
)
from promise_engine.units import ALWAYS, NEVER, amount_of, date_of, quantity_of
from promise_engine.views import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from promise_engine._compile.lines import BasketLine, LineKey
    from promise_engine._compile.tasks import Plan
    from promise_engine.context import AnswerContext
    from promise_engine.models.request import Line


class OptionBuilder:
    """Turns rows of one answer into options."""

    def __init__(self, context: AnswerContext) -> None:
        self._context = context
        self._network = context.compiled
        self._plan: Plan = context.plan
        self._currency = context.request.money.currency

    def option(self, row: list[int], left_out: tuple[LeftOut, ...] = ()) -> Option:
        """The option of a row."""
        method = self._plan.methods[row[col.METHOD]]
        way = self._network.ways[row[col.WAY]]
        zone = self.zone_of_target(row[col.TARGET])
        place = self._place(row)
        label = method.name or method.id
        if method.choose_service and way.model is not None:
            label = f"{label}: {way.model.name or way.id}"
        collects = row[col.COLLECT_FROM] >= 0
        choice = "/".join(
            [method.id, *([place] if place else []), *([way.id] if method.choose_service and way.id else [])]
        )
        parts = self._context.shipments(row)
        shipments = tuple(self._shipment(part, lines, zone) for part, lines in parts)
        ways = {shipment.service for shipment in shipments}
        promised_of: dict[LineKey, int] = {}
        for part, lines in parts:
            promised_of |= {line.key: max(part[col.PROMISED], promised_of.get(line.key, ALWAYS)) for line in lines}
        return Option(
            id=self._id(choice, row, parts),
            choice_code=choice,
            group=self._context.group,
            method=method.id,
            kind=method.kind,
            label=label,
            service=shipments[0].service if len(ways) == 1 else None,
            services=_services(shipments),
            destination=self._destination(row, place),
            deliver_from=_local(row[col.DELIVER_FROM], zone) if row[col.DELIVER_FROM] >= 0 else None,
            deliver_by=_local(row[col.DELIVER_BY], zone) if row[col.DELIVER_BY] >= 0 else None,
            earliest_from=_local(row[col.EARLIEST_FROM], zone),
            collect_from=_local(row[col.COLLECT_FROM], zone) if collects else None,
            collect_until=_local(row[col.COLLECT_UNTIL], zone) if collects and row[col.COLLECT_UNTIL] < NEVER else None,
            promised=_local(row[col.PROMISED], zone),
            nominated=self._nominated(row),
            order_by=_local(row[col.ORDER_BY], zone),
            price=self._money(row[col.PRICE]),
            cost=self._cost(row),
            co2e_grams=None if row[col.CO2E] >= NEVER else row[col.CO2E],
            parcels=row[col.PARCELS],
            tags=tuple(tag for bit, tag in enumerate(TAGS) if row[col.TAGS] >> bit & 1),
            lines=tuple(self._line(line, held, promised_of[held.key], zone) for line, held in self._lines()),
            left_out=left_out,
            shipments=shipments,
        )

    def _lines(self) -> Iterator[tuple[Line, BasketLine]]:
        """The lines of the request that ship, in their order here, each with that of the basket."""
        request = self._context.request
        for line, position in sorted(
            zip(request.model.lines, request.positions, strict=True), key=lambda each: shown_order(each[0])
        ):
            if line.ships:
                yield line, request.lines[position]

    def _line(self, line: Line, held: BasketLine, promised: int, zone: tzinfo) -> OptionLine:
        return OptionLine(line.id, held.sku, held.services, held.ship_group, line.quantity, _local(promised, zone))

    def zone_of_target(self, target: int) -> tzinfo:
        """The time zone of the address or place."""
        place = int(self._plan.targets.place_idx[target])
        if place < 0:
            return self._network.almanac.clock(self._context.request.destinations[target].time_zone or "UTC")
        return self._network.almanac.clock(self._network.time_zones[int(self._network.tables.places.zone_idx[place])])

    def _zone_of_site(self, site: int) -> tzinfo:
        return self._network.almanac.clock(self._network.time_zones[int(self._network.tables.sites.zone_idx[site])])

    def _money(self, minor_units: int) -> Money:
        return Money(amount_of(minor_units, self._currency), self._currency)

    def _cost(self, row: list[int]) -> Cost:
        columns = (col.TRANSPORT, col.SURCHARGE, col.PREPARATION, col.PACKAGING, col.TRANSFER, col.COST)
        return Cost(*(self._money(row[column]) for column in columns))

    def _place(self, row: list[int]) -> str | None:
        place = int(self._plan.targets.place_idx[row[col.TARGET]])
        return None if place < 0 else self._network.place_ids[place]

    def _nominated(self, row: list[int]) -> str | None:
        if row[col.NOMINATED] == 0:
            return None
        day = date_of(self._network.period.first_day + row[col.DAY]).isoformat()
        return day if row[col.NOMINATED] == 1 else f"{day}/{self._network.windows[row[col.WINDOW]].key}"

    def _id(self, choice: str, row: list[int], parts: list[tuple[list[int], list[BasketLine]]]) -> str:
        window = row[col.COLLECT_FROM : col.COLLECT_UNTIL + 1]
        if row[col.COLLECT_FROM] < 0:
            window = row[col.DELIVER_FROM : col.DELIVER_BY + 1]
        plan = []
        for part, lines in parts:
            units = ",".join(f"{_goods_id(line)}:{line.quantity}" for line in lines)
            plan += [self._network.sites[part[col.SITE]].id, self._network.ways[part[col.WAY]].id, units]
        group = [] if self._context.group is None else [self._context.group]
        text = "|".join([*group, choice, *map(str, window), str(row[col.PRICE]), self._currency, *plan])
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def _destination(self, row: list[int], place_id: str | None) -> DestinationView:
        request = self._context.request
        if place_id is None:
            spot = request.destinations[row[col.TARGET]].spot
            return DestinationView(request.country or spot.country, request.postal_code, spot.city)
        place = self._network.place_index[place_id]
        located = self._network.located_places[place]
        site = int(self._network.tables.places.site_idx[place])
        model = self._network.sites[site] if site >= 0 else self._network.point_of[place_id]
        metres = int(self._plan.targets.shopper_metres[row[col.TARGET]])
        room = int(self._network.tables.places.room_idx[place])
        return DestinationView(
            country=located.spot.country,
            postal_code=model.address.postal_code,
            city=model.address.city,
            place=place_id,
            name=model.name or place_id,
            distance_metres=None if metres < 0 else metres,
            opening_hours=self._opening_hours(row, place),
            remaining_capacity=None if room < 0 else int(self._context.bound.taken.place_room[room, row[col.DAY]]),
        )

    def _opening_hours(self, row: list[int], place: int) -> tuple[str, ...]:
        """Opening hours on the local date of the first collection, as 'HH:MM-HH:MM'."""
        zone = self.zone_of_target(row[col.TARGET])
        day = _local(row[col.COLLECT_FROM], zone).date()
        return self._context.opening_hours(place, day)

    def _shipment(self, row: list[int], lines: list[BasketLine], zone: tzinfo) -> Shipment:
        site, way = row[col.SITE], self._network.ways[row[col.WAY]]
        here = self._zone_of_site(site)
        departures = self._network.tables.collections.departure_at
        legs = [int(departures[row[col.COLLECTION + i]]) for i in range(len(way.services))]
        arrivals = []
        for i, stop in enumerate(way.stops):
            there = self._zone_of_site(self._network.site_index[stop])
            arrivals.append(
                StopArrival(
                    stop,
                    _local(row[col.STOP + i], there),
                    _local(row[col.STOP_READY + i], there),
                    way.services[i + 1],
                    _local(legs[i + 1], there),
                )
            )
        delivered = row[col.DELIVER_FROM] >= 0
        return Shipment(
            site=self._network.sites[site].id,
            service=way.id or None,
            services=way.services,
            ship_group=lines[0].ship_group,
            lines=tuple(ShipmentLine(line.sku, line.services, quantity_of(line.quantity)) for line in lines),
            parcels=row[col.PARCELS],
            accepted_at=_local(row[col.ACCEPTED], here),
            released_at=_local(row[col.RELEASED], here),
            started_at=_local(row[col.STARTED], here),
            ready_at=_local(row[col.READY], here),
            collected_at=_local(legs[0], here) if legs else None,
            arrivals=tuple(arrivals),
            arrives_at=_local(row[col.ARRIVES], zone) if row[col.ARRIVES] >= 0 else None,
            deliver_from=_local(row[col.DELIVER_FROM], zone) if delivered else None,
            deliver_by=_local(row[col.DELIVER_BY], zone) if delivered else None,
        )


def shown_order(line: Line) -> str:
    """What the lines of an option are sorted by, whatever order they came in."""
    return line.model_dump_json()


def _goods_id(line: BasketLine) -> str:
    """What tells a line from others in the id of an option."""
    text = "+".join([line.sku, *line.services])
    return text if line.ship_group is None else f"{text}@{line.ship_group}"


def _services(shipments: tuple[Shipment, ...]) -> tuple[str, ...]:
    """The services of each leg; of several shipments each service once."""
    if len(shipments) == 1:
        return shipments[0].services
    return tuple(dict.fromkeys(name for shipment in shipments for name in shipment.services))


def _local(instant: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(instant, UTC).astimezone(zone)
