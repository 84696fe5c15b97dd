"""What one site has free of one item: now, and what its receipts add later."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from .clock import FOREVER, instant, local_date, whole_seconds
from .rules import at_site

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from promise_engine.models.catalogue import Item
    from promise_engine.models.site import Site
    from promise_engine.models.stock import Receipt, StockRecord

    from .world import World

NOTHING = Decimal(0)


class Increment(NamedTuple):
    """So much more from an instant on."""

    at: int
    quantity: Decimal


class Timeline(NamedTuple):
    """What is free now, and the increments in the order of their instants."""

    free: Decimal
    later: tuple[Increment, ...]


def timeline(world: World, site: Site, item: Item) -> Timeline:
    """What the stock and the receipts of a site give, before any share and before what the pool owes."""
    key = ("timeline", site.id, item.sku)
    if key not in world.known:
        world.known[key] = _timeline(world, site, item)
    found: Timeline = world.known[key]
    return found


def record_of(world: World, site: Site, item: Item) -> StockRecord | None:
    """What the snapshot knows of an item at a site."""
    return next((r for r in world.stock.records if r.site == site.id and r.sku == item.sku), None)


def is_ours(world: World, channel: str | None, segment: str | None) -> bool:
    """A reservation is ours when it names something, and everything it names is the request's."""
    if channel is None and segment is None:
        return False
    return channel in {None, world.channel.id} and segment in {None, world.request.segment}


def paid(debt: Decimal, increments: Iterable[Increment]) -> list[Increment]:
    """What is left of increments, in their order, after a debt was taken from them."""
    left = []
    for increment in increments:
        taken = min(debt, increment.quantity)
        debt -= taken
        left.append(Increment(increment.at, increment.quantity - taken))
    return left


def _timeline(world: World, site: Site, item: Item) -> Timeline:
    record = record_of(world, site, item)
    if record is None or record.status == "not_sellable":
        return Timeline(NOTHING, ())
    raw, receipts, commitments = _raw(world, site, item, record), _receipts(world, site, record), _ahead(world, record)
    look_ahead = world.network.settings.look_ahead
    if look_ahead == "floor":
        found = _floor(raw, receipts, commitments, instant(world.stock.as_of))
    elif look_ahead == "accumulate":
        found = _accumulate(world, site, raw, receipts, commitments)
    else:
        found = Timeline(max(NOTHING, raw), tuple(paid(max(NOTHING, -raw), receipts)))
    return found._replace(free=NOTHING) if _is_withdrawn(world, site, item, found.free) else found


def _is_withdrawn(world: World, site: Site, item: Item, free: Decimal) -> bool:
    rule = at_site(world, site, item, "withdraw_below")
    return rule is not None and rule.withdraw_below is not None and free < rule.withdraw_below


def _raw(world: World, site: Site, item: Item, record: StockRecord) -> Decimal:
    withheld = sum((r.quantity for r in record.reservations if not is_ours(world, r.channel, r.segment)), NOTHING)
    overdue = sum((c.quantity for c in record.commitments if instant(c.due_at) < instant(world.stock.as_of)), NOTHING)
    safety = record.safety_stock
    if safety is None:
        rule = at_site(world, site, item, "safety_stock")
        safety = rule.safety_stock if rule and rule.safety_stock is not None else NOTHING
    return record.on_hand - record.unsellable - withheld - overdue - safety


# What comes and what must leave.


def _ahead(world: World, record: StockRecord) -> list[Increment]:
    """Commitments that are not overdue, as increments below 0."""
    as_of = instant(world.stock.as_of)
    dues = ((instant(commitment.due_at), commitment.quantity) for commitment in record.commitments)
    return sorted(Increment(due, -quantity) for due, quantity in dues if due >= as_of)


def _receipts(world: World, site: Site, record: StockRecord) -> list[Increment]:
    """Receipts that the channel counts, when they are available; one that never is comes last."""
    found = []
    for receipt in record.receipts if "receipts" in world.channel.supply else ():
        expected = _expected_at(world, receipt)
        if expected is not None:
            found.append(Increment(_put_away(world, site, expected), receipt.quantity))
    return sorted(found)


def _expected_at(world: World, receipt: Receipt) -> int | None:
    as_of, late = instant(world.stock.as_of), world.network.settings.late_receipts
    expected = instant(receipt.expected_at)
    if expected >= as_of:
        return expected
    return None if late == "drop" else as_of + whole_seconds(timedelta(days=late))


def _put_away(world: World, site: Site, expected: int) -> int:
    seconds = whole_seconds(site.putaway)
    if site.receiving is None:
        return expected + seconds
    available = world.receiving_hours(site).add_working(expected, seconds, world.period_end)
    return FOREVER if available is None else available


# Look-ahead.


def _floor(raw: Decimal, receipts: Sequence[Increment], commitments: Sequence[Increment], as_of: int) -> Timeline:
    """What stays free from each instant on, whatever comes after it."""
    instants = sorted({as_of, *(change.at for change in (*receipts, *commitments))})
    changes = [sum((c.quantity for c in (*receipts, *commitments) if c.at == at), NOTHING) for at in instants]
    projected = list(accumulate(changes, initial=raw))[1:]
    stays = [max(NOTHING, min(projected[position:])) for position in range(len(projected))]
    later = [
        Increment(at, now - before)
        for at, before, now in zip(instants[1:], stays, stays[1:], strict=False)
        if now > before
    ]
    return Timeline(stays[0], tuple(later))


def _accumulate(
    world: World, site: Site, raw: Decimal, receipts: Sequence[Increment], commitments: Sequence[Increment]
) -> Timeline:
    """Day by day: what is over stays, what is short takes from the latest before it, and what is then missing is dropped."""
    surpluses = [Increment(instant(world.stock.as_of), max(NOTHING, raw))]
    for day in sorted({_day(world, site, change) for change in (*receipts, *commitments)}):
        coming = [receipt for receipt in receipts if _day(world, site, receipt) == day]
        leaving = [commitment for commitment in commitments if _day(world, site, commitment) == day]
        net = sum((change.quantity for change in (*coming, *leaving)), NOTHING)
        if net > 0:
            surpluses.append(Increment(coming[-1].at, net))
        else:
            surpluses = paid(-net, reversed(surpluses))[::-1]
    return Timeline(surpluses[0].quantity, tuple(surpluses[1:]))


def _day(world: World, site: Site, change: Increment) -> tuple[bool, date | None]:
    """The site's local day of a change; what is never there comes after every day."""
    never = change.at == FOREVER
    return never, None if never else local_date(change.at, world.spot(site.id).time_zone)
