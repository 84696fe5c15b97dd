"""What a shopper can choose: one row, or the rows of several shipments together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .clock import FOREVER
from .money import Cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .candidates import Candidate
    from .doors import Door, Nomination
    from .serving import Offer, Row


@dataclass(frozen=True)
class Choice:
    """Rows of one method, destination and nomination, in the order of their sources; each ships lines of its own."""

    rows: tuple[Row, ...]
    door: Door
    cost: Cost
    price: int
    in_waves: bool = False
    """Whether each source sends first what is there first."""

    @property
    def first_promised(self) -> int:
        """When the first shipment is promised where sources send first what is there first, else when all are."""
        return min(row.door.promised for row in self.rows) if self.in_waves else self.door.promised

    @property
    def first(self) -> Candidate:
        """One of the candidates: method and destination are those of all."""
        return self.rows[0].candidate

    @property
    def nomination(self) -> Nomination:
        """The day or slot that is nominated."""
        return self.rows[0].nomination

    @property
    def way(self) -> str | None:
        """The way of all rows; None when they have several."""
        ways = {row.candidate.way for row in self.rows}
        return ways.pop() if len(ways) == 1 else None

    @property
    def begins_earliest(self) -> int:
        """The early end of the range: the latest of the rows, never after the own begin."""
        return min(max(row.begins_earliest for row in self.rows), self.door.begins)

    @property
    def parcels(self) -> int:
        """Parcels of all rows."""
        return sum(row.parcels for row in self.rows)

    @property
    def co2e(self) -> int | None:
        """Grams of all rows; unknown when one is."""
        grams = [row.co2e for row in self.rows if row.co2e is not None]
        return sum(grams) if len(grams) == len(self.rows) else None

    @property
    def offer(self) -> Offer:
        """What `order_by` looks at."""
        return self.door.window, self.price, self.first_promised


def alone(row: Row) -> Choice:
    """One row that serves the whole basket."""
    return Choice((row,), row.door, row.cost, row.price)


def last_door(rows: Sequence[Row]) -> Door:
    """Where the last of several shipments ends, of equal ones the first; with the least end of the time for collection."""

    def lateness(row: Row) -> tuple[int, int, str]:
        return -row.door.promised, -row.door.delivers_from, row.candidate.site.id

    last = min(rows, key=lateness)
    untils = [row.door.collect_until for row in rows if row.door.collect_until is not None]
    return replace(last.door, collect_until=min(untils, default=None))


def added_up(costs: Sequence[Cost]) -> Cost:
    """The sum of several costs, item by item."""
    return Cost(
        transport=sum(cost.transport for cost in costs),
        surcharge=sum(cost.surcharge for cost in costs),
        preparation=sum(cost.preparation for cost in costs),
        packaging=sum(cost.packaging for cost in costs),
        transfer=sum(cost.transfer for cost in costs),
    )


def have_room_together(rows: Sequence[Row]) -> bool:
    """Whether collections, windows and a pickup point take all shipments, not only each."""
    asked: dict[tuple[object, ...], int] = {}
    rooms = [room for row in rows for taker in (row.door, *row.trip.departures) for room in taker.rooms]
    for room in rooms:
        asked[room.of] = asked.get(room.of, 0) + room.asked
    return all(asked[room.of] <= room.left for room in rooms)


def can_be_collected_together(rows: Sequence[Row]) -> bool:
    """Whether the time for collection of the first to end still runs when the last begins; always at an address."""
    begins = [row.door.collect_from for row in rows if row.door.collect_from is not None]
    ends = [FOREVER if row.door.collect_until is None else row.door.collect_until for row in rows]
    return not begins or max(begins) < min(ends)
