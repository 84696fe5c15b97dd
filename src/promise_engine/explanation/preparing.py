"""From placed to ready: acceptance, order cut-off, supply, capacity, handling."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine.explanation.reader import Reader, Step
from promise_engine.explanation.words import (
    clock_text,
    counted,
    day_text,
    duration_text,
    hours_text,
    instant_text,
    skipped_text,
    time_text,
)
from promise_engine.units import ALWAYS, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine._arrays import Basket
    from promise_engine.models.site import Preparation

_NO_HANDLING = {"0 s", "0 working days"}


def preparation_steps(reader: Reader) -> list[Step]:
    """The steps at the site, in order."""
    row = reader.row
    placed = reader.local(reader.context.request.basket.placed_at)
    return [
        Step(placed, "order placed", tuple(_placed(reader))),
        Step(reader.local(row[col.ACCEPTED]), "accepted", (_acceptance(reader),)),
        Step(reader.local(row[col.RELEASED]), "released", (*_cut_off(reader), _supply(reader))),
        Step(reader.local(row[col.STARTED]), "work starts", tuple(_start(reader))),
        Step(reader.local(row[col.READY]), "ready", tuple(_handling(reader))),
    ]


def _placed(reader: Reader) -> Iterator[str]:
    """The channel, and that the story is of the last second that the answer is for."""
    yield f"channel {reader.context.request.channel.id}"
    lasts = seconds(reader.context.request.model.valid_for)
    if lasts:
        yield f"the last second of the {duration_text(lasts)} for which the answer holds"


def _preparation(reader: Reader) -> Preparation:
    preparation = reader.site.preparation
    if preparation is None:  # a site that serves an order prepares it
        raise AssertionError(reader.site.id)
    return preparation


def _closed(reader: Reader, first: int, last: int) -> str:
    """Dates between two instants on which the site does not prepare."""
    region = reader.network.located_sites[reader.row[col.SITE]].region
    start, end = reader.local(first).date(), reader.local(last).date()
    days = reader.closed_between(_preparation(reader).calendar, region, start, end)
    return f"; closed on {skipped_text(days)}" if days else ""


def _acceptance(reader: Reader) -> str:
    channel = reader.context.request.channel
    lasts = seconds(channel.acceptance)
    if not lasts:
        return f"at once in channel {channel.id}"
    if channel.acceptance_counts == "elapsed":
        return f"{duration_text(lasts)} after the order: acceptance of channel {channel.id}"
    return f"{duration_text(lasts)} of preparation hours after the order: acceptance of channel {channel.id}"


def _cut_off(reader: Reader) -> Iterator[str]:
    """To which working day the order belongs, by which cut-off."""
    variants, row = reader.tables.variants, reader.row
    low, high = (int(i) for i in variants.cut_ptr[row[col.VARIANT] : row[col.VARIANT] + 2])
    if low == high:
        yield f"{reader.site.id} has no order cut-off for it"
        return
    placed = int(reader.context.request.basket.placed_at)
    tested = row[col.ACCEPTED] if variants.tests_acceptance[row[col.VARIANT]] else placed
    at = low + bisect_right(variants.cut_at[low:high].tolist(), tested)
    opening = int(variants.cut_opening_at[at])
    day = day_text(reader.local(opening).date())
    cut_off = instant_text(reader.local(int(variants.cut_at[at])))
    what = "accepted" if variants.tests_acceptance[row[col.VARIANT]] else "placed"
    missed = _missed(reader, at, low, tested)
    yield f"{what} before the order cut-off {cut_off} of {reader.site.id}, so it counts for {day}{missed}"
    if opening > row[col.ACCEPTED]:
        calendar = _preparation(reader).calendar
        yield f"not before the opening of {day} at {time_text(reader.local(opening))} (calendar {calendar})"


def _missed(reader: Reader, at: int, low: int, tested: int) -> str:
    """The cut-off that the order came too late for, if it was one of the same date, and closed dates since."""
    variants = reader.tables.variants
    text = _closed(reader, tested, int(variants.cut_opening_at[at]))
    if at == low:
        return text
    missed = reader.local(int(variants.cut_at[at - 1]))
    return f"; too late for {instant_text(missed)}{text}" if missed.date() == reader.local(tested).date() else text


def _supply(reader: Reader) -> str:
    supply_at = int(reader.context.stock.supply_at[reader.row[col.SITE]])
    if supply_at <= ALWAYS:
        return f"stock is at {reader.site.id}"
    when = instant_text(reader.local(supply_at))
    if supply_at == reader.row[col.RELEASED]:
        return f"waits for a receipt at {reader.site.id}, in stock {when}"
    return f"needs a receipt at {reader.site.id}, in stock {when}"


def _start(reader: Reader) -> Iterator[str]:
    """The capacity slot, and the preparation hours."""
    row, preparation = reader.row, _preparation(reader)
    earliest = row[col.RELEASED]
    if row[col.SLOT] >= 0 and preparation.plan is not None:
        slot = reader.network.slots[row[col.SLOT]]
        earliest = max(earliest, slot.start_at)
        start, end = reader.local(slot.start_at), reader.local(slot.end_at)
        room = f"{row[col.LOAD_USED]:,} of {row[col.LOAD_CAPACITY]:,} {preparation.plan.unit} taken"
        yield f"capacity slot {day_text(start.date())} {hours_text(start, end)} of {reader.site.id}, {room}"
    if row[col.STARTED] > earliest:
        yield f"preparation opens then (calendar {preparation.calendar}){_closed(reader, earliest, row[col.STARTED])}"
    elif row[col.SLOT] < 0:
        yield f"in preparation hours (calendar {preparation.calendar})"


def _handling(reader: Reader) -> Iterator[str]:
    """Handling in working time or working days, from the start or the slot's end."""
    variants, row = reader.tables.variants, reader.row
    number = row[col.VARIANT]
    from_slot = bool(variants.from_slot_end[number]) and row[col.SLOT] >= 0
    base = " from the end of the capacity slot" if from_slot else ""
    high, low = (_amount(reader, amounts.tolist()) for amounts in (variants.high[number], variants.low[number]))
    least = "" if low == high else f" ({low} at least, for the early end)"
    calendar = _preparation(reader).calendar
    closed = _closed(reader, row[col.STARTED], row[col.READY])
    if high in _NO_HANDLING:
        yield f"no handling time{base}"
    else:
        yield f"handling {high}{base}{least}, calendar {calendar}{closed}"


def lasting(reader: Reader, *, handling: bool = True) -> str:
    """How long acceptance, and handling, take, as a note; nothing of what takes no time."""
    acceptance = seconds(reader.context.request.channel.acceptance)
    high = _amount(reader, reader.tables.variants.high[reader.row[col.VARIANT]].tolist())
    parts = [f"acceptance takes {duration_text(acceptance)}"] if acceptance else []
    parts += [f"handling {high}"] if handling and high not in _NO_HANDLING else []
    return f" ({', '.join(parts)})" if parts else ""


def _amount(reader: Reader, amounts: list[int]) -> str:
    variants, number = reader.tables.variants, reader.row[col.VARIANT]
    basket = reader.context.request.basket
    if not variants.in_days[number]:
        return _working_time(amounts, basket)
    if not amounts[0]:
        return "0 working days"
    kinds = ("its opening", "its closing", clock_text(int(variants.ready_seconds[number])))
    zero = "the date of the release" if variants.from_release[number] else "the day of the start"
    return f"{counted(amounts[0], 'working day')} after {zero}, at {kinds[int(variants.ready_kind[number])]}"


def _working_time(amounts: list[int], basket: Basket) -> str:
    fixed, per_line, per_unit = amounts
    _, lines, units, _ = basket.work.tolist()
    services = int(basket.service_seconds[0])
    total = duration_text(fixed + per_line * lines + per_unit * units + services)
    parts = [duration_text(fixed)] if fixed else []
    parts += [f"{duration_text(per_line)} x {counted(lines, 'line')}"] if per_line else []
    parts += [f"{duration_text(per_unit)} x {counted(units, 'unit')}"] if per_unit else []
    parts += [f"{duration_text(services)} of line services"] if services else []
    if total == "0 s":
        return total
    detail = f" ({' + '.join(parts)})" if len(parts) > 1 or per_line or per_unit or services else ""
    return f"{total} of working time{detail}"
