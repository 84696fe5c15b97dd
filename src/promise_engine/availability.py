"""What may be sold of a SKU, now and later, and what is withheld by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine._arrays import SkuStock
from promise_engine._compile.demand import demand_table
from promise_engine._compile.lines import Need, line_of
from promise_engine._compile.rules import is_kept_from
from promise_engine._kernels._tables import in_block
from promise_engine._kernels.atp import FAR, NO_RECORD, NOT_SELLABLE, UNLIMITED, stock_of_sku
from promise_engine.units import NEVER, SHARE_SCALE, quantity_of, thousandths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from promise_engine._arrays import Demand
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.stock import BoundStock
    from promise_engine._compile.stock_rules import StockRules, SupplyRules
    from promise_engine.models.catalogue import Item
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.policy import Channel, StockRule
    from promise_engine.models.site import Site

_EARLIEST_SHOWN = -(2**35)
_LATEST_SHOWN = 253_402_214_400  # 9999-12-31 UTC, which is a date on every clock


@dataclass(frozen=True, slots=True)
class Withheld:
    """A quantity that is not sold, and why: the kind of rule, and which of the network where one decides.

    A negative quantity is sold beyond what there is: a negative safety stock, or a receipt that look-ahead counts.
    """

    rule: str
    quantity: Decimal
    source: str | None = None


@dataclass(frozen=True, slots=True)
class SupplyStep:
    """From an instant on, this much may be sold in all; None is unlimited."""

    at: datetime
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class SiteAvailability:
    """What one site serving alone may sell; instants are local to it."""

    site: str
    now: Decimal
    later: tuple[SupplyStep, ...]
    withheld: tuple[Withheld, ...]


@dataclass(frozen=True, slots=True)
class Availability:
    """What a channel may sell of a SKU. Sites do not add up to the pool, which its share may cap.

    `known` is False when there is a catalogue without the SKU: every promise then refuses it, whatever the stock.
    """

    sku: str
    known: bool
    channel: str
    segment: str | None
    as_of: datetime
    now: Decimal
    later: tuple[SupplyStep, ...]
    withheld: tuple[Withheld, ...]
    sites: tuple[SiteAvailability, ...]
    components: tuple[Availability, ...] = ()  # of a kit, which has as much as the scarcest of them


class Asked(NamedTuple):
    """The SKU, who asks, and when an order would be placed."""

    sku: str
    items: Mapping[str, Item] | None  # none without a catalogue
    channel: Channel
    segment: str | None
    placed_at: int

    @property
    def item(self) -> Item | None:
        """The item of the SKU, where a catalogue has it."""
        return None if self.items is None else self.items.get(self.sku)

    @property
    def known(self) -> bool:
        """Whether the SKU may be asked for at all."""
        return self.items is None or self.sku in self.items


def availability_of(
    asked: Asked, network: CompiledNetwork, rules: tuple[StockRules, SupplyRules], bound: BoundStock
) -> Availability:
    """Read the tables that promises are made from."""
    labels = line_of(asked.sku, asked.items or {}).labels
    who = (labels, asked.channel.id, asked.segment)
    kept = next((entry.id for entry in network.model.allocations if is_kept_from(entry, *who)), None)
    if asked.item is not None and asked.item.components:
        held = [
            Held(availability_of(asked._replace(sku=part.sku), network, rules, bound), part.quantity)
            for part in asked.item.components
        ]
        return kit_availability(asked.sku, asked.item.step, held, kept)
    need = Need(asked.sku, 0, asked.item)
    demand = demand_table(asked.segment, asked.channel, [need], rules, bound, network)
    count = len(network.sites)
    cap, (free, known, exposed, begin, end, replenished_at) = np.zeros(1, np.int64), np.zeros((6, count), np.int64)
    at, gain = np.zeros((2, demand.room), np.int64)
    seen = in_block(SkuStock(cap, free, known, exposed, begin, end, at, gain, replenished_at))
    stock_of_sku(network.tables, bound.tables, demand, asked.placed_at, seen)
    reader = _Reader(asked, network, rules[0], bound, demand, seen, kept)
    concerned = [i for i in range(count) if seen.known[i] != NO_RECORD or reader.steps(i)]
    return reader.availability(concerned)


class _Reader:
    """Reads what the kernel found of one SKU."""

    def __init__(
        self, asked: Asked, network: CompiledNetwork, rules: StockRules, bound: BoundStock, demand: Demand,
        seen: SkuStock, kept: str | None,
    ) -> None:  # fmt: skip
        self._asked, self._network, self._rules = asked, network, rules
        self._bound, self._demand, self._seen, self._kept = bound, demand, seen, kept
        self._who = (asked.sku, asked.item, asked.channel.id)

    def availability(self, sites: list[int]) -> Availability:
        """The pool and each site."""
        shown = [i for i in sites if self._is_shown(i)]
        now = min(int(self._seen.cap[0]), sum(int(self._seen.exposed[i]) for i in shown))
        events = sorted((at, gained) for i in shown for at, gained in _increases(self.steps(i)))
        asked = self._asked
        return Availability(
            sku=asked.sku,
            known=asked.known,
            channel=asked.channel.id,
            segment=asked.segment,
            as_of=datetime.fromtimestamp(self._bound.columns.as_of, UTC),
            now=quantity_of(now),
            later=_steps(events, now, UTC),
            withheld=self._from_pool(shown, now),
            sites=tuple(self._site(i) for i in sites),
        )

    def steps(self, site: int) -> list[tuple[int, int]]:
        """Instants and what has come to a site by then, as it counts for the channel."""
        demand, seen, row = self._demand, self._seen, int(self._demand.supply_idx[0])
        if not self._is_shown(site) or seen.known[site] == NOT_SELLABLE:
            return []
        events = [(int(seen.at[k]), int(seen.gain[k])) for k in range(int(seen.begin[site]), int(seen.end[site]))]
        if demand.counts_preorder and demand.preorder_quantity[row, site] > 0:
            events.append((int(demand.preorder_at[row, site]), int(demand.preorder_quantity[row, site])))
        if seen.replenished_at[site] < FAR:
            events.append((int(seen.replenished_at[site]), int(demand.replenish_quantity[row, site])))
        found: list[tuple[int, int]] = []
        total = 0
        for at, quantity in sorted(events):
            total = min(UNLIMITED, total + quantity)
            counted = self._counted(site, total)
            if at < FAR and counted > (found[-1][1] if found else 0):
                found.append((at, counted))
        return found

    def _counted(self, site: int, total: int) -> int:
        demand, rules = self._demand, int(self._demand.rule_idx[0])
        share = SHARE_SCALE
        if demand.share_supply:
            share = int(demand.share[rules, site] if demand.site_scope else demand.pool_share[rules])
        if total >= UNLIMITED:
            return UNLIMITED if share else 0
        step = int(demand.step[0])
        return total * share // SHARE_SCALE // step * step

    def _is_shown(self, site: int) -> bool:
        return self._kept is None and bool(self._demand.in_pool[site])

    def _site(self, site: int) -> SiteAvailability:
        model = self._network.sites[site]
        zone = self._network.almanac.clock(self._network.time_zones[int(self._network.tables.sites.zone_idx[site])])
        now = int(self._seen.exposed[site]) if self._is_shown(site) else 0
        steps = tuple(_step(at, now, counted, zone) for at, counted in self.steps(site))
        return SiteAvailability(model.id, quantity_of(now), steps, tuple(self._withheld_at(site, model, now)))

    def _withheld_at(self, site: int, model: Site, now: int) -> list[Withheld]:
        """What each rule takes, in the order of the rules; together more than there is where there is a debt."""
        tables, record = self._bound.tables, int(self._seen.known[site])
        if record == NOT_SELLABLE:
            sku = self._bound.columns.sku_index[self._asked.sku]
            first, last = (int(end) for end in tables.sku_ptr[sku : sku + 2])
            here = next(r for r in range(first, last) if tables.site_idx[r] == site)
            return [Withheld("status", quantity_of(int(tables.on_hand[here])))]
        if record == NO_RECORD:
            return []
        own = int(tables.safety[record])
        rule = self._rules.winner("safety_stock", *self._who, model)
        safety = own
        if own >= NEVER:
            safety = thousandths(rule.safety_stock) if rule and rule.safety_stock is not None else 0
        amounts = [
            ("unsellable", int(tables.unsellable[record]), None),
            ("reservations", self._reserved(record), None),
            ("commitments", int(tables.overdue[record]), None),
            ("safety_stock", safety, "the record" if own < NEVER else self._named(rule)),
        ]
        left, withheld = int(tables.on_hand[record]), []
        for kind, amount, source in amounts:
            left -= amount
            if amount:
                withheld.append(Withheld(kind, quantity_of(amount), source))
        left, free = max(0, left), int(self._seen.free[site])
        if left != free:
            looked_ahead = self._network.model.settings.look_ahead != "none"
            rule = self._rules.winner("withdraw_below", *self._who, model)
            kind = "look_ahead" if looked_ahead else "withdraw_below"
            source = "settings.look_ahead" if looked_ahead else self._named(rule)
            withheld.append(Withheld(kind, quantity_of(left - free), source))
        if free > now:
            kind, source = self._why_not_exposed(model, free)
            withheld.append(Withheld(kind, quantity_of(free - now), source))
        return withheld

    def _reserved(self, record: int) -> int:
        tables, demand, total = self._bound.tables, self._demand, 0
        for i in range(int(tables.reservation_ptr[record]), int(tables.reservation_ptr[record + 1])):
            channel, segment = int(tables.reservation_channel[i]), int(tables.reservation_segment[i])
            named = channel >= 0 or segment >= 0
            ours = named and channel in {-1, demand.channel_code} and segment in {-1, demand.segment_code}
            total += 0 if ours else int(tables.reservation_quantity[i])
        return total

    def _why_not_exposed(self, model: Site, free: int) -> tuple[str, str | None]:
        demand, site = self._demand, self._network.site_index[model.id]
        if self._kept is not None:
            return "allocation", f"allocations.{self._kept}"
        if not demand.in_pool[site]:
            return "visibility", f"sites.{model.id}.shown_to"
        if not demand.counts_stock:
            return "supply", f"channels.{self._asked.channel.id}.supply"
        if demand.site_scope and demand.share[int(demand.rule_idx[0]), site] < SHARE_SCALE:
            return "share", self._named(self._rules.winner("share", *self._who, model))
        if int(self._seen.cap[0]) < free:
            return "pool", None
        return "step", None

    def _from_pool(self, shown: list[int], now: int) -> tuple[Withheld, ...]:
        """What the pool withholds beyond its sites."""
        demand, left = self._demand, sum(int(self._seen.free[i]) for i in shown)
        rules, withheld = int(demand.rule_idx[0]), []
        safety = self._rules.winner("safety_stock", *self._who, None, of="pool")
        for kind, amount, source in (
            ("reservations", int(demand.pool_withheld[0]), "pool_reservations"),
            ("safety_stock", int(demand.pool_safety[rules]), self._named(safety)),
        ):
            left -= amount
            if amount:
                withheld.append(Withheld(kind, quantity_of(amount), source))
        if not demand.site_scope and demand.pool_share[rules] < SHARE_SCALE and max(0, left) > now:
            rule = self._rules.winner("share", *self._who, None)
            withheld.append(Withheld("share", quantity_of(max(0, left) - now), self._named(rule)))
        return tuple(withheld)

    def _named(self, rule: StockRule | None) -> str | None:
        model: NetworkDocument = self._network.model
        return None if rule is None else f"stock_rules.{model.stock_rules.index(rule)}"


def _increases(steps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    before, found = 0, []
    for at, counted in steps:
        found.append((at, UNLIMITED if counted >= UNLIMITED else counted - before))
        before = counted
    return found


def _steps(events: list[tuple[int, int]], now: int, zone: tzinfo) -> tuple[SupplyStep, ...]:
    total, by_instant = 0, {}
    for at, gained in events:
        total = min(UNLIMITED, total + gained)
        by_instant[at] = total
    return tuple(_step(at, now, counted, zone) for at, counted in by_instant.items())


def _step(at: int, now: int, counted: int, zone: tzinfo) -> SupplyStep:
    quantity = None if counted >= UNLIMITED else quantity_of(now + counted)
    shown_at = min(max(at, _EARLIEST_SHOWN), _LATEST_SHOWN)
    return SupplyStep(datetime.fromtimestamp(shown_at, UTC).astimezone(zone), quantity)


# Kits.


class Held(NamedTuple):
    """What there is of a component, and how much of it one kit holds."""

    of: Availability
    quantity: Decimal


def kit_availability(sku: str, step: Decimal, held: Sequence[Held], kept: str | None) -> Availability:
    """Whole kits, each from one site: at a site as many as its scarcest component gives, together no more than the pool
    gives of any."""
    first = held[0].of
    names = sorted({site.site for part in held for site in part.of.sites})
    sites = [_kits_at(name, step, held) for name in names]
    withheld: tuple[Withheld, ...] = ()
    pooled = [_Supply(part.of.now, part.of.later) for part in held]

    def together(at: datetime) -> Decimal | None:
        kits = [_by(_Supply(site.now, site.later), at) for site in sites]
        made = None if None in kits else sum((count for count in kits if count is not None), Decimal(0))
        return _least([made, _kits(step, held, [_by(supply, at) for supply in pooled])])

    now = together(first.as_of) or Decimal(0)
    if kept is not None:
        sites, withheld, now = [], (Withheld("allocation", now, f"allocations.{kept}"),), Decimal(0)
    instants = sorted({later.at.astimezone(UTC) for site in sites for later in site.later})
    return Availability(
        sku=sku,
        known=True,
        channel=first.channel,
        segment=first.segment,
        as_of=first.as_of,
        now=now,
        later=_rising(now, [SupplyStep(at, together(at)) for at in instants]),
        withheld=withheld,
        sites=tuple(sites),
        components=tuple(part.of for part in held),
    )


class _Supply(NamedTuple):
    """What there is now and later."""

    now: Decimal
    later: tuple[SupplyStep, ...]


def _kits_at(site: str, step: Decimal, held: Sequence[Held]) -> SiteAvailability:
    here = [next((at for at in part.of.sites if at.site == site), None) for part in held]
    supplies = [_Supply(Decimal(0), ()) if at is None else _Supply(at.now, at.later) for at in here]
    now = _kits(step, held, [supply.now for supply in supplies]) or Decimal(0)
    instants = sorted({later.at for supply in supplies for later in supply.later})
    steps = [SupplyStep(at, _kits(step, held, [_by(supply, at) for supply in supplies])) for at in instants]
    return SiteAvailability(site, now, _rising(now, steps), ())


def _by(supply: _Supply, at: datetime) -> Decimal | None:
    """What there is at an instant; None is unlimited."""
    found: Decimal | None = supply.now
    for later in supply.later:
        found = later.quantity if later.at <= at else found
    return found


def _kits(step: Decimal, held: Sequence[Held], quantities: Sequence[Decimal | None]) -> Decimal | None:
    """The kits that quantities of the components make, in steps; None is unlimited."""
    each = [
        None if quantity is None else quantity // part.quantity // step * step
        for part, quantity in zip(held, quantities, strict=True)
    ]
    return _least(each)


def _least(quantities: Sequence[Decimal | None]) -> Decimal | None:
    return min((quantity for quantity in quantities if quantity is not None), default=None)


def _rising(now: Decimal, steps: Sequence[SupplyStep]) -> tuple[SupplyStep, ...]:
    """The steps that bring more."""
    found: list[SupplyStep] = []
    most: Decimal | None = now
    for step in steps:
        if most is not None and (step.quantity is None or step.quantity > most):
            found.append(step)
            most = step.quantity
    return tuple(found)
