"""How long an answer holds: the last second it is for, what is offered until then, and the next change."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from promise_engine.errors import Reason

from .clock import FOREVER, end_of_date, instant, instant_of_date, local_date, utc
from .serving import Serving

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.request import PromiseRequest

    from .answer import NaiveAnswer, NaiveOption
    from .choice import Choice
    from .plans import Plan
    from .splits import Splits
    from .world import World

PLAN = ("site", "way", "ship_group", "services", "lines", "line_services", "parcels")
"""What of a shipment is no story: an option's id names it."""


def at_last(request: PromiseRequest) -> PromiseRequest:
    """The question as asked in the last second of `valid_for`, which ends before an instant."""
    end = request.placed_at.astimezone(UTC) + request.valid_for
    last = instant(end) - (1 if utc(instant(end)) == end else 0)
    last = max(last, instant(request.placed_at))
    return request.model_copy(update={"placed_at": utc(last), "valid_for": timedelta(0)})


def at_first(request: PromiseRequest) -> PromiseRequest:
    """The question as asked at `placed_at`, for that instant alone."""
    return request.model_copy(update={"valid_for": timedelta(0)})


def not_begun_later(choices: Sequence[Choice], before: Sequence[Choice]) -> list[Choice]:
    """What is offered, without what the earlier order is not offered at all, or only later, whatever else it is."""
    return [
        choice for choice in choices
        if any(_chosen(one) == _chosen(choice) and one.door.promised <= choice.door.promised for one in before)
    ]  # fmt: skip


def _chosen(choice: Choice) -> tuple[object, ...]:
    """What the shopper chooses: method, place, nominated day or slot, and the way where it is shown."""
    method = choice.first.method
    return method.id, choice.first.target.place, choice.nomination, choice.way if method.choose_service else None


# The next change.


def promised(answer: NaiveAnswer) -> tuple[object, ...]:
    """What of an answer counts: its options without their story, in order, and its refusals."""
    return [_shown(option) for option in answer.options], answer.refusals


def _shown(option: NaiveOption) -> list[object]:
    shown = [getattr(option, field.name) for field in fields(option) if field.name != "shipments"]
    return shown + [[getattr(sent, name) for name in PLAN] + [sent.promised] for sent in option.shipments]


def steady_until(world: World, servings: Iterable[Serving], at: int) -> int:
    """An instant until which nothing moves that an order, placed from `at` on, may depend on."""
    ends = [_steady_end(serving, at) for serving in servings if serving.admitted is not None]
    rates = [instant_of_date(rate.valid_from) for rate in world.network.exchange_rates]
    return min([*ends, *(rate for rate in rates if rate > at)], default=FOREVER)


def _steady_end(serving: Serving, at: int) -> int:
    """The end of the stretch in which an instant lies, as long as it is the stretch that was looked for last."""
    begin, end = serving.steady
    if not begin <= at < end:
        end = _end_of_state(serving, at)
        serving.steady = at, end
    return end


def _end_of_state(serving: Serving, at: int) -> int:
    """The end of the date at the destination, or the first change before it; a state never comes back within."""
    end = end_of_date(local_date(at, serving.spot.time_zone), serving.spot.time_zone)
    state, same = _state(serving, at), at
    if _state(serving, end - 1) == state:
        return end
    other = end - 1
    while other - same > 1:
        middle = (same + other) // 2
        if _state(serving, middle) == state:
            same = middle
        else:
            other = middle
    return other


def _state(serving: Serving, placed_at: int) -> tuple[Any, ...]:
    """All that the rows of a candidate depend on, inside one horizon and at the same exchange rates."""
    chain = serving.chain
    prepared = chain.at(placed_at)
    if isinstance(prepared, Reason):
        accepted = chain._accepted(placed_at)
        released = None if accepted is None else chain._released(placed_at, accepted)
        if accepted is None or released is None or released >= chain.horizon.end:
            return (prepared,)
        return prepared, sum((s.use_by is None or accepted < s.use_by) and released < s.end for s in chain.slots)
    if serving.journey is not None:
        met = [tuple(journey.reachable(prepared)) for journey in (serving.journey, serving.early)]
        return prepared.load, prepared.slots, *met
    if serving.candidate.legs:
        return prepared.load, prepared.slots
    doors = [serving._own_door(ready) for ready in (prepared.ready, prepared.ready_minimum)]
    return prepared.load, prepared.slots, *(door and door.collect_from for door in doors)


def end_of_validity(network: NetworkDocument) -> int:
    """The first instant for which the network is not valid."""
    return instant_of_date(network.valid_until + timedelta(days=1))


def lag(request: PromiseRequest) -> int:
    """Seconds between an order placed at a whole second and the last one that its answer is for."""
    return max(0, -((-request.valid_for) // timedelta(seconds=1)) - 1)


def servings_of(world: World, plans: Sequence[Plan], splits: Sequence[Splits]) -> list[Serving]:
    """Every candidate in every part of its destination: for the basket, for what splits looked at, for each line."""
    found = [serving for plan in plans for serving in plan.parts]
    for some in splits:
        found += some.shipments.servings if some.shipments else []
    keys = world.basket.keys
    lines = [frozenset({key}) for key in keys if len(keys) > 1]
    for plan in plans:
        found += [Serving(world.of_lines(line), plan.candidate, part.spot) for line in lines for part in plan.parts]
    return found
