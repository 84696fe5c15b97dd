"""What an option takes of stock, supply and capacity."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from promise_engine.models.stock import PlaceTaken, PoolTaken, SlotTaken, WindowTaken

from .basket import Basket
from .clock import utc
from .pool import exposed
from .stock import UNLIMITED
from .taken import Taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .choice import Choice
    from .serving import Row
    from .taken import Quantities
    from .world import World


def taken_by(world: World, choice: Choice) -> Taken:
    """What a choice takes, site by site, and shipment by shipment on its way."""
    sites = [list(rows) for _, rows in groupby(choice.rows, key=lambda row: row.candidate.site.id)]
    taken = [_taken_at_a_site(world, rows) for rows in sites] + [_taken_on_the_way(row) for row in choice.rows]
    return sum(taken, Taken())


def _taken_at_a_site(world: World, rows: Sequence[Row]) -> Taken:
    """Stock as far as the site exposes it to its shipments, and the rest of what comes there; work in its slots."""
    site, left = rows[0].candidate.site, {sku: limit for row in rows for sku, limit in row.left}
    stock: Quantities = {}
    supply: Quantities = {}
    for item, quantity in Basket(tuple(line for row in rows for line in row.lines), None, None).needs:
        had = min(exposed(world, site, item), left.get(item.sku, UNLIMITED))
        stock[site.id, item.sku] = min(quantity, had)
        supply[site.id, item.sku] = quantity - min(quantity, had)
    return Taken(stock, supply, tuple(_slots_taken(rows)))


def _slots_taken(rows: Sequence[Row]) -> Iterator[SlotTaken]:
    """The own work of each shipment of a site, which goes into what those before it leave of the slots of all their work.

    Those come before it whose lines are there earlier: a site prepares the fewer lines for them.
    """
    used: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: len(row.sent)):
        work = row.work
        for place, (start, given) in enumerate(row.prepared.slots, 1):
            is_last = place == len(row.prepared.slots)
            put = work if is_last else min(work, max(0, given - used.get(start, 0)))
            used[start] = used.get(start, 0) + put
            work -= put
            yield SlotTaken(site=row.candidate.site.id, start=utc(start), committed=put)


def _taken_on_the_way(row: Row) -> Taken:
    """Room in the collections, and at the door."""
    pools = tuple(
        PoolTaken(pool=str(room.of[1]), date=departure.day, departure=utc(departure.leaves), parcels=room.asked)
        for departure in row.trip.departures
        for room in departure.rooms
    )
    windows, places = _taken_at_the_door(row)
    return Taken(pools=pools, windows=windows, places=places)


def _taken_at_the_door(row: Row) -> tuple[tuple[WindowTaken, ...], tuple[PlaceTaken, ...]]:
    """A place in the delivery window, and room for the parcels at the pickup point."""
    windows: list[WindowTaken] = []
    places: list[PlaceTaken] = []
    for room in row.door.rooms:
        match room.of:
            case "window", str(service), date() as day, str(key):
                windows.append(WindowTaken(service=service, date=day, window=key, shipments=room.asked))
            case "place", str(point), date() as day:
                places.append(PlaceTaken(place=point, date=day, parcels=room.asked))
    return tuple(windows), tuple(places)
