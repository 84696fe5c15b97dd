"""One candidate for one destination: its rows for any instant of the order, and for how long they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from promise_engine.errors import Reason

from .candidates import end_store, point_of
from .chain import Horizon, PreparationChain, Prepared, Rules, rules_of_service, rules_of_store
from .checks import Admitted, admit, lacks_collections
from .clock import FOREVER, end_of_date, instant, instant_of_date, local_date, utc
from .doors import Door, Nomination, store_door
from .journey import Journey, Trip
from .legs import departures
from .money import Cost, Money, co2e_grams, shipment_cost, shopper_price

if TYPE_CHECKING:
    from datetime import date

    from .candidates import Candidate
    from .lines import MergedLine
    from .places import Spot
    from .stock import Left, Supply
    from .world import World


@dataclass(frozen=True)
class Row:
    """One way to keep one promise: a line of the view `all`."""

    candidate: Candidate
    spot: Spot
    lines: tuple[MergedLine, ...]
    sent: tuple[MergedLine, ...]
    """All that its site prepares until it is ready: its lines, and those of other shipments that are there no later."""
    left: Left
    """What other shipments leave it of the pool, where that is less than its site exposes."""
    nomination: Nomination
    trip: Trip
    prepared: Prepared
    begins_earliest: int
    cost: Cost
    price: int
    co2e: int | None
    parcels: int
    depth: Decimal
    work: int
    """Of its own lines, in what the plan counts of which it uses slots."""

    @property
    def ship_group(self) -> str:
        """The ship group of its lines, empty where they have none; of all lines of a row the same."""
        return self.lines[0].ship_group

    @property
    def door(self) -> Door:
        """Where the trip ends."""
        return self.trip.door


Offer = tuple[tuple[int | None, int | None], int, int]
"""What `order_by` looks at: the window with both ends, the price, and when the first shipment is promised."""


def horizon_at(world: World, spot: Spot) -> Horizon:
    """The horizon at a destination."""
    last = local_date(world.placed_at, spot.time_zone) + timedelta(days=world.network.settings.horizon_days)
    return Horizon(last, end_of_date(last, spot.time_zone))


class Serving:
    """A candidate at one destination (or one part of an area)."""

    def __init__(self, world: World, candidate: Candidate, spot: Spot) -> None:
        self.world, self.candidate, self.spot = world, candidate, spot
        self.horizon = horizon_at(world, spot)
        self.money = {self._utc_date(world.placed_at): Money(world, self._utc_date(world.placed_at))}
        self.refused: Reason | None = None
        self.admitted: Admitted | None = None
        self.journey: Journey | None = None
        self._known_offers: dict[int, frozenset[Offer]] = {}
        self._stretches: dict[int, int] = {}
        self.steady = (0, 0)
        """A stretch in which nothing moves that its rows depend on: the one that was looked for last."""
        self._paid: dict[object, tuple[Cost, int | None]] = {}
        self._set_out()

    @staticmethod
    def _utc_date(at: int) -> date:
        return utc(at).date()

    def _set_out(self) -> None:
        world, candidate = self.world, self.candidate
        admitted = admit(world, candidate, self.spot, self._money(world.placed_at))
        if isinstance(admitted, Reason):
            self.refused = admitted
            return
        self.admitted = admitted
        self.co2e = co2e_grams(world, admitted.legs)
        rules = (
            rules_of_service(candidate.site, candidate.legs[0].service)
            if candidate.legs
            else rules_of_store(candidate.site)
        )
        self.chain = self._chain(rules, admitted.supply)
        prepared = self.chain.at(world.placed_at)
        if isinstance(prepared, Reason):
            self.refused = prepared
        elif lacks_collections(world, admitted.legs):
            self.refused = Reason.NO_COLLECTION
        elif candidate.legs:
            point = point_of(world, candidate)
            count = len(admitted.parcels)
            timetable = [departures(world, leg, self.horizon, count) for leg in admitted.legs]
            self.journey = Journey(world, admitted.legs, timetable, self.chain, count, point, early=False)
            self.early = Journey(world, admitted.legs, timetable, self.chain, count, point, early=True)

    def _chain(self, rules: Rules, supply: Supply) -> PreparationChain:
        """The site's chain under these rules, shared among the ways that have the same."""
        key = (
            "chain",
            self.candidate.site.id,
            id(rules.cut_off),
            id(rules.handling),
            id(rules.plan),
            self.horizon,
        )
        known = self.world.known_of_basket
        if key not in known:
            known[key] = PreparationChain(self.world, self.candidate.site, rules, supply, self.horizon)
        found: PreparationChain = known[key]
        return found

    def _money(self, at: int) -> Money:
        day = self._utc_date(at)
        if day not in self.money:
            self.money[day] = Money(self.world, day)
        return self.money[day]

    # Rows.

    def rows(self, placed_at: int) -> list[Row] | Reason:
        """Every row of the candidate for an order placed at an instant, or why there is none."""
        if self.refused:
            return self.refused
        assert self.admitted is not None
        prepared = self.chain.at(placed_at)
        if isinstance(prepared, Reason):
            return prepared
        trips = self._trips(prepared)
        if not trips:
            met = self.journey.met if self.journey else set()
            return max(met, default=Reason.BEYOND_HORIZON)
        wished = {nomination: trip for nomination, trip in trips.items() if self._is_wished(trip.door)}
        rows = [self._row(placed_at, prepared, nomination, trip) for nomination, trip in wished.items()]
        return [row for row in rows if row is not None] or Reason.OUTSIDE_WISHES

    def _trips(self, prepared: Prepared) -> dict[Nomination, Trip]:
        if self.journey:
            return self.journey.trips(prepared)
        door = self._own_door(prepared.ready)
        return {None: Trip(door, (), ())} if door else {}

    def _own_door(self, ready: int) -> Door | None:
        store = end_store(self.world, self.candidate)
        assert store is not None
        return store_door(self.world, store, ready, None, self.horizon)

    def _is_wished(self, door: Door) -> bool:
        wishes = self.world.request.wishes
        day = door.day if door.collect_from is None else local_date(door.collect_from, self.spot.time_zone)
        return (
            (wishes.not_before is None or door.begins >= instant(wishes.not_before))
            and (wishes.not_after is None or door.promised <= instant(wishes.not_after))
            and (wishes.nominated_day is None or day == wishes.nominated_day)
        )

    def _row(self, placed_at: int, prepared: Prepared, nomination: Nomination, trip: Trip) -> Row | None:
        assert self.admitted is not None
        cost, price = self._pay(placed_at, trip)
        if price is None:
            return None
        return Row(
            candidate=self.candidate,
            spot=self.spot,
            lines=self.world.basket.lines,
            sent=self.world.sent.lines,
            left=self.world.left,
            nomination=nomination,
            trip=trip,
            prepared=prepared,
            begins_earliest=self._begins_earliest(prepared, nomination, trip.door),
            cost=cost,
            price=price,
            co2e=self.co2e,
            parcels=len(self.admitted.parcels),
            depth=self.admitted.supply.depth,
            work=self.chain.own_work,
        )

    def _begins_earliest(self, prepared: Prepared, nomination: Nomination, door: Door) -> int:
        """The early end of the range."""
        if nomination is not None:
            return door.begins
        if self.journey:
            found = self.early.trips(prepared).get(None)
            early = found.door if found else None
        else:
            early = self._own_door(prepared.ready_minimum)
        return min(early.begins, door.begins) if early else door.begins

    def _pay(self, placed_at: int, trip: Trip) -> tuple[Cost, int | None]:
        """Cost and price for an order placed at an instant."""
        assert self.admitted is not None
        days = tuple(departure.day for departure in trip.departures)
        key = (self._utc_date(placed_at), days)
        if key not in self._paid:
            money, route = self._money(placed_at), self.candidate.route
            transfer = route.transfer_cost if route else Decimal(0)
            cost = shipment_cost(money, self.candidate.site, self.admitted.legs, self.admitted.parcels, days, transfer)
            self._paid[key] = cost, shopper_price(money, self.candidate.method, self.spot, cost)
        return self._paid[key]

    # How long rows stand. Nothing a promise inside the horizon depends on changes with the horizon itself, so the
    # horizon of the question serves for every later instant that is tried.

    def offers(self, placed_at: int) -> frozenset[Offer]:
        """What an order placed at an instant would be offered."""
        if placed_at not in self._known_offers:
            start = next((first for first, end in self._stretches.items() if first < placed_at < end), None)
            self._known_offers[placed_at] = self._offers(placed_at) if start is None else self.offers(start)
        return self._known_offers[placed_at]

    def until(self, placed_at: int) -> int:
        """The end of the stretch of instants with the same offers that an instant lies in."""
        found = next((end for first, end in self._stretches.items() if first <= placed_at < end), None)
        if found is None:
            found = self._stretches[placed_at] = self._end_of_stretch(placed_at)
        return found

    def _offers(self, placed_at: int) -> frozenset[Offer]:
        if self.refused:
            return frozenset()
        prepared = self.chain.at(placed_at)
        if isinstance(prepared, Reason):
            return frozenset()
        paid = [(trip.door, self._pay(placed_at, trip)[1]) for trip in self._trips(prepared).values()]
        return frozenset((door.window, price, door.promised) for door, price in paid if price is not None)

    def _state(self, placed_at: int) -> object:
        """All that the offers depend on besides exchange rates.

        Later orders lose collections and never gain one, so their number tells which are left; from own stock it is
        the instant from which the shopper can collect.
        """
        prepared = self.chain.at(placed_at)
        if isinstance(prepared, Reason):
            return None
        if self.journey:
            return len(self.journey.reachable(prepared)) or None
        door = self._own_door(prepared.ready)
        return door.collect_from if door else None

    def _end_of_stretch(self, placed_at: int) -> int:
        """The first later instant at which the state differs, or an exchange rate begins.

        A state never comes back, so the instant is found by halving.
        """
        rates = [instant_of_date(rate.valid_from) for rate in self.world.network.exchange_rates]
        end = min((at for at in rates if at > placed_at), default=FOREVER)
        state = None if self.refused else self._state(placed_at)
        if state is None:
            return end
        same, other = placed_at, self._surely_other(placed_at)
        while other - same > 1:
            middle = (same + other) // 2
            if self._state(middle) == state:
                same = middle
            else:
                other = middle
        return min(end, other)

    def _surely_other(self, placed_at: int) -> int:
        """An instant at which the state has changed: after the first cut-off still met, or after collection began."""
        prepared = self.chain.at(placed_at)
        assert isinstance(prepared, Prepared)
        if self.journey:
            met = [self.journey.timetable[0][position] for position in self.journey.reachable(prepared)]
            return max(placed_at, min(departure.cut_off for departure in met)) + 1
        door = self._own_door(prepared.ready)
        assert door is not None
        assert door.collect_from is not None
        return max(placed_at, door.collect_from) + 1
