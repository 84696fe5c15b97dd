"""What a site may sell to this request, and from when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from promise_engine.errors import Reason

from .clock import instant, whole_seconds

if TYPE_CHECKING:
    from promise_engine.models.catalogue import Item
    from promise_engine.models.policy import StockRule
    from promise_engine.models.site import Site
    from promise_engine.models.stock import Receipt, StockRecord

    from .basket import MergedLine
    from .world import World

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Supply:
    """A site can supply the basket: at once (`at` None) or from an instant on; `depth` is the stock then left.

    `never` says that its receipts are not taken in before the end of the horizon.
    """

    at: int | None
    depth: Decimal
    never: bool = False


def supply(world: World, site: Site, before: int) -> Supply | Reason:
    """Whether and from when a site can supply the whole basket."""
    records = [_record(world, site, line) for line in world.basket.lines]
    if any(record is None for record in records):
        return Reason.NOT_STOCKED
    found = [
        _line_supply(world, site, line, record, before)
        for line, record in zip(world.basket.lines, records, strict=True)
        if record is not None
    ]
    if any(line is None for line in found):
        return Reason.INSUFFICIENT_STOCK
    supplies = [line for line in found if line is not None]
    instants = [s.at for s in supplies if s.at is not None]
    return Supply(max(instants, default=None), min(s.depth for s in supplies), any(s.never for s in supplies))


def _record(world: World, site: Site, line: MergedLine) -> StockRecord | None:
    return next((r for r in world.stock.records if r.site == site.id and r.sku == line.item.sku), None)


def _line_supply(world: World, site: Site, line: MergedLine, record: StockRecord, before: int) -> Supply | None:
    if record.status == "not_sellable":
        return None
    raw = _raw(world, site, line.item, record)
    counts = world.channel.supply
    exposed = _exposed(world, site, line.item, max(NOTHING, raw)) if "stock" in counts else NOTHING
    depth = max(NOTHING, exposed - line.quantity)
    if exposed >= line.quantity:
        return Supply(None, depth)
    debt = max(NOTHING, -raw)
    due = sorted(_due(world, site, record, before), key=lambda d: d[0]) if "receipts" in counts else []
    received = NOTHING
    for at, quantity in due:
        received += quantity
        if exposed + max(NOTHING, received - debt) >= line.quantity:
            return Supply(at, depth, never=at >= before)
    return None


def _raw(world: World, site: Site, item: Item, record: StockRecord) -> Decimal:
    withheld = sum((r.quantity for r in record.reservations if not _is_ours(world, r.channel, r.segment)), NOTHING)
    overdue = sum((c.quantity for c in record.commitments if instant(c.due_at) < instant(world.stock.as_of)), NOTHING)
    safety = record.safety_stock
    if safety is None:
        rule = _rule(world, site, item, "safety_stock")
        safety = rule.safety_stock if rule and rule.safety_stock is not None else NOTHING
    return record.on_hand - record.unsellable - withheld - overdue - safety


def _is_ours(world: World, channel: str | None, segment: str | None) -> bool:
    """A reservation is ours when it names something, and everything it names is the request's."""
    if channel is None and segment is None:
        return False
    return channel in {None, world.channel.id} and segment in {None, world.request.segment}


def _exposed(world: World, site: Site, item: Item, free: Decimal) -> Decimal:
    rule = _rule(world, site, item, "share")
    share = rule.share if rule and rule.share is not None else Decimal(1)
    return share * free // item.step * item.step


def _rule(world: World, site: Site, item: Item, what: str) -> StockRule | None:
    """The most specific rule that says something about it: by item, then by place, then by channel."""
    fitting = [
        rule for rule in world.network.stock_rules
        if getattr(rule, what) is not None
        and rule.sku in {None, item.sku}
        and (rule.tag is None or rule.tag in item.tags)
        and (rule.category is None or rule.category == item.category)
        and rule.site in {None, site.id}
        and (rule.site_group is None or rule.site_group in site.groups)
        and rule.channel in {None, world.channel.id}
    ]  # fmt: skip
    return max(fitting, key=_specificity, default=None)


def _specificity(rule: StockRule) -> tuple[int, int, int]:
    by_item = 3 if rule.sku is not None else 2 if rule.tag is not None else 1 if rule.category is not None else 0
    by_place = 2 if rule.site is not None else 1 if rule.site_group is not None else 0
    return by_item, by_place, int(rule.channel is not None)


def _due(world: World, site: Site, record: StockRecord, before: int) -> list[tuple[int, Decimal]]:
    """When each receipt is available; the end of the horizon stands for everything later."""
    due = []
    for receipt in record.receipts:
        expected = _expected_at(world, receipt)
        if expected is not None:
            available = _put_away(world, site, expected, before)
            due.append((before if available is None else available, receipt.quantity))
    return due


def _expected_at(world: World, receipt: Receipt) -> int | None:
    as_of, late = instant(world.stock.as_of), world.network.settings.late_receipts
    expected = instant(receipt.expected_at)
    if expected >= as_of:
        return expected
    return None if late == "drop" else as_of + whole_seconds(timedelta(days=late))


def _put_away(world: World, site: Site, expected: int, before: int) -> int | None:
    seconds = whole_seconds(site.putaway)
    if site.receiving is None:
        return expected + seconds
    return world.receiving_hours(site).add_working(expected, seconds, before)
