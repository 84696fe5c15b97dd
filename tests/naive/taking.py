"""What an option takes of stock, supply and capacity."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from promise_engine.models.stock import PlaceTaken, PoolTaken, SlotTaken, WindowTaken

from .basket import Basket
from .clock import utc
from .pool import exposed
from .stock import UNLIMITED
from .taken import Taken

if TYPE_CHECKING:
    from .choice import Choice
    from .serving import Row
    from .taken import Quantities
    from .world import World


def taken_by(world: World, choice: Choice) -> Taken:
    """What a choice takes, shipment by shipment."""
    return sum((_taken_by(world, row) for row in choice.rows), Taken())


def _taken_by(world: World, row: Row) -> Taken:
    """Stock as far as the site exposes it to the shipment, and the rest of what comes there; room in whatever it uses."""
    site, left = row.candidate.site, dict(row.left)
    stock: Quantities = {}
    supply: Quantities = {}
    for item, quantity in Basket(row.lines, None, None).needs:
        had = min(exposed(world, site, item), left.get(item.sku, UNLIMITED))
        stock[site.id, item.sku] = min(quantity, had)
        supply[site.id, item.sku] = quantity - min(quantity, had)
    slots = tuple(SlotTaken(site=site.id, start=utc(start), committed=work) for start, work in row.prepared.slots)
    pools = tuple(
        PoolTaken(pool=str(room.of[1]), date=departure.day, departure=utc(departure.leaves), parcels=room.asked)
        for departure in row.trip.departures
        for room in departure.rooms
    )
    return Taken(stock, supply, slots, pools, *_taken_at_the_door(row))


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
