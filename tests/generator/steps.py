"""The steps from order to door, each with how an answer shows that a case went through it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from promise_engine.models.carrier import DayTransit, HourTransit

if TYPE_CHECKING:
    from collections.abc import Callable

    from promise_engine.models.carrier import CarrierService, Delivery
    from promise_engine.models.policy import Channel
    from promise_engine.models.site import Handling, OrderCutOff, Site

    from generator.facts import Facts
    from generator.rows import Row

    Step = Callable[[Facts, Row], bool]


def _instant(row: Row, name: str) -> datetime:
    return datetime.fromisoformat(row[name])


def _site(f: Facts, r: Row) -> Site:
    return f.sites[r["site"]]


def _own_store(r: Row) -> bool:
    return not r["services"]


def _cut_off(f: Facts, r: Row) -> OrderCutOff | None:
    site = _site(f, r)
    if _own_store(r) and site.store_collection and site.store_collection.order_cut_off:
        return site.store_collection.order_cut_off
    return site.preparation.order_cut_off if site.preparation else None


def _handling(f: Facts, r: Row) -> Handling:
    site = _site(f, r)
    assert site.preparation is not None
    return (
        site.store_collection.handling or site.preparation.handling
        if _own_store(r) and site.store_collection
        else site.preparation.handling
    )


def _near_cut_off(f: Facts, r: Row) -> bool:
    cut_off = _cut_off(f, r)
    if cut_off is None:
        return False
    placed = f.placed.astimezone(f.zone(r))
    midnight = placed.replace(hour=0, minute=0, second=0, tzinfo=None)
    seconds = (placed.replace(tzinfo=None) - midnight) // timedelta(seconds=1)
    return any(
        abs(time - seconds) <= 1 for time in [*cut_off.times.values(), *([cut_off.daily] if cut_off.daily else [])]
    )


def _plan(f: Facts, r: Row) -> bool:
    site = _site(f, r)
    uses = not _own_store(r) or (site.store_collection is not None and site.store_collection.capacity)
    return uses and site.preparation is not None and site.preparation.plan is not None


def _later_slot(f: Facts, r: Row) -> bool:
    return _plan(f, r) and r["started_at"] > r["released_at"] and _started_with_slot(f, r)


def _started_with_slot(f: Facts, r: Row) -> bool:
    """Whether the start is that of a slot of the plan, on the clock of the site."""
    preparation, local = _site(f, r).preparation, f.local(r, "started_at")
    clock = local.hour * 3_600 + local.minute * 60 + local.second
    return (
        preparation is not None
        and preparation.plan is not None
        and any(slot.start == clock for slot in preparation.plan.slots)
    )


def _several_days(f: Facts, r: Row) -> bool:
    """Full slots on one date, and the start on a later one."""
    if not _plan(f, r):
        return False
    started = f.day(r, "started_at")
    taken = {
        row.start.astimezone(f.zone(r)).date()
        for row in f.given.stock.slots_taken
        if row.site == r["site"] and row.committed
    }
    return any(f.day(r, "released_at") <= day < started for day in taken)


def _transits(f: Facts, r: Row) -> list[DayTransit | HourTransit]:
    return [lane.transit for service in f.way(r)[-1:] for lane in service.lanes]


def _overlay(f: Facts, r: Row, keyed_on: str) -> bool:
    if not r["services"] or not r["collected_at"]:
        return False
    day = f.day(r, "collected_at") if keyed_on == "collection" else f.day(r, "arrives_at", "destination")
    service = f.way(r)[0]
    return any(o.keyed_on == keyed_on and o.add_days and o.first <= day <= o.end for o in service.overlays)


def _deliveries(f: Facts, r: Row) -> list[Delivery]:
    return [
        d
        for service in f.way(r)[-1:]
        for d in (service.delivery, *(lane.delivery for lane in service.lanes))
        if d is not None
    ]


def _home(r: Row) -> bool:
    return bool(r["deliver_by"]) and bool(r["services"])


def _legs(f: Facts, r: Row, count: int) -> bool:
    return len(r["services"]) >= count


def _stop(f: Facts, r: Row, name: str, *, given: bool = True) -> bool:
    route = f.route(r)
    return route is not None and any(
        bool(getattr(leg, name)) is given for leg in route.legs if leg.to or route.ends_at == "store"
    )


def _clock_change(f: Facts, r: Row) -> bool:
    end = _instant(r, "deliver_by" if r["deliver_by"] else "collect_from")
    return any(
        f.placed.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset()
        for zone in (f.zone(r), f.zone(r, "destination"))
    )


def _two_zones(f: Facts, r: Row) -> bool:
    return f.zone(r) != f.zone(r, "destination")


def _margin(f: Facts, r: Row) -> bool:
    owners: list[CarrierService | Site | Channel] = [*f.way(r)[-1:], _site(f, r), f.channel]
    return any(owner.safety_margin or owner.safety_margin_days for owner in owners)


def _waits_for_day(f: Facts, r: Row) -> bool:
    return _home(r) and f.day(r, "deliver_from", "destination") > f.day(r, "arrives_at", "destination")


def _past_midnight(f: Facts, r: Row) -> bool:
    return _home(r) and f.local(r, "deliver_by", "destination") - timedelta(seconds=1) > f.local(
        r, "deliver_from", "destination"
    ).replace(hour=23, minute=59)


STEPS: dict[str, Step] = {
    "1 acceptance, elapsed": lambda f, r: bool(f.channel.acceptance) and f.channel.acceptance_counts == "elapsed",
    "1 acceptance, working time": lambda f, r: (
        bool(f.channel.acceptance) and f.channel.acceptance_counts == "working_time"
    ),
    "2 order within a second of a cut-off": _near_cut_off,
    "2 cut-off moves the release to a later date": lambda f, r: (
        _cut_off(f, r) is not None and f.day(r, "released_at") > f.placed.astimezone(f.zone(r)).date()
    ),
    "2 released at once": lambda f, r: _instant(r, "released_at") == f.placed + f.channel.acceptance,
    "2 release waits, without a cut-off": lambda f, r: (
        _cut_off(f, r) is None and _instant(r, "released_at") > f.placed + f.channel.acceptance
    ),
    "3 starts with a slot": _later_slot,
    "3 capacity over several days": _several_days,
    "4 handling in working time": lambda f, r: _handling(f, r).maximum is not None,
    "4 handling in working days": lambda f, r: bool(_handling(f, r).maximum_days),
    "4 ready on a later date": lambda f, r: f.day(r, "ready_at") > f.day(r, "started_at"),
    "5 collection with a cut-off the evening before": lambda f, r: any(
        c.cut_off and c.cut_off.days < 0 for c in f.collections(r)
    ),
    "5 collection after midnight": lambda f, r: any(c.departure and c.departure.days > 0 for c in f.collections(r)),
    "5 collection without times": lambda f, r: any(c.departure is None and c.cut_off is None for c in f.collections(r)),
    "5 collection of a pool": lambda f, r: any(c.pool for c in f.collections(r)),
    "5 collection with notification": lambda f, r: any(c.notification for c in f.collections(r)),
    "5 collected on a later date than ready": lambda f, r: (
        bool(r["collected_at"]) and f.day(r, "collected_at") > f.day(r, "ready_at") + timedelta(days=1)
    ),
    "5 the last collection": lambda f, r: any(service.dispatch == "last" for service in f.way(r)),
    "6 transit in days": lambda f, r: any(isinstance(t, DayTransit) for t in _transits(f, r)),
    "6 transit of no day": lambda f, r: any(isinstance(t, DayTransit) and not t.maximum_days for t in _transits(f, r)),
    "6 transit in elapsed hours": lambda f, r: any(
        isinstance(t, HourTransit) and t.hours is None for t in _transits(f, r)
    ),
    "6 transit in working hours": lambda f, r: any(
        isinstance(t, HourTransit) and t.hours is not None for t in _transits(f, r)
    ),
    "6 overlay on the collection date": lambda f, r: _overlay(f, r, "collection"),
    "6 overlay on the arrival date": lambda f, r: _overlay(f, r, "arrival"),
    "6 route of two legs": lambda f, r: _legs(f, r, 2),
    "6 stop with an arrival hour": lambda f, r: _stop(f, r, "arrival"),
    "6 stop without an arrival hour": lambda f, r: _stop(f, r, "arrival", given=False),
    "6 turnaround at a stop": lambda f, r: _stop(f, r, "turnaround"),
    "7 delivered on a later date than arrived": _waits_for_day,
    "7 window past midnight": _past_midnight,
    "7 window that follows the arrival": lambda f, r: any(d.length for d in _deliveries(f, r)),
    "7 safety margin": _margin,
    "7 nominated day": lambda f, r: any(d.choice == "day" for d in _deliveries(f, r)),
    "7 nominated slot": lambda f, r: any(d.choice == "slot" for d in _deliveries(f, r)),
    "7 no waiting on the way": lambda f, r: any(not d.waiting for d in _deliveries(f, r)),
    "8 store, from its stock": lambda f, r: _own_store(r),
    "8 store, shipped to": lambda f, r: bool(r["services"]) and bool(r["collect_from"]) and not r["deliver_by"],
    "8 store on a later date": lambda f, r: _own_store(r) and f.day(r, "collect_from") > f.day(r, "ready_at"),
    "8 pickup point": lambda f, r: bool(r["collect_from"]) and bool(r["deliver_by"]),
    "early end of a range": lambda f, r: (
        bool(r["earliest_from"]) and r["earliest_from"] < (r["collect_from"] or r["deliver_from"])
    ),
    "order by a given instant": lambda f, r: (
        bool(r["order_by"]) and _instant(r, "order_by") < datetime(2100, 1, 1, tzinfo=UTC)
    ),
}
"""Steps of the chain, by the option that shows them."""

CHAINS: dict[str, Step] = {"two time zones": _two_zones, "clock change inside the chain": _clock_change}
"""What a tenth of the cases must have."""
