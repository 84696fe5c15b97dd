"""Groups of lines with destinations of their own: each is asked of what the first options of those before it leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from promise_engine.errors import RequestError

from .answer import NaiveAnswer
from .clock import utc
from .partial import sections, together
from .taken import Before, Taken
from .taking import taken_by

if TYPE_CHECKING:
    from datetime import datetime

    from promise_engine.models.request import Line, LineGroup, PromiseRequest

    from .asking import Asking


def with_groups(asking: Asking, request: PromiseRequest) -> NaiveAnswer:
    """The options and the refusals of every group, group after group by id."""
    found = [(group.id, group.answer()) for group in groups_of(asking, request)]
    return NaiveAnswer(
        [replace(option, group=name) for name, answer in found for option in answer.options],
        [replace(refused, group=name) for name, answer in found for refused in answer.refusals],
        any(answer.leaves_out for _, answer in found),
    )


def groups_of(asking: Asking, request: PromiseRequest) -> list[Group]:
    """The groups of a request, each after those of smaller ids."""
    names = {group.id for group in request.groups}
    for line in request.lines:
        if line.ships and line.group not in names:
            raise RequestError.of("lines.group", line.group, "a group of the request")
    groups: list[Group] = []
    for model in sorted(request.groups, key=lambda group: group.id):
        groups.append(Group(asking, request, model, tuple(groups)))
    return groups


class Group:
    """Lines that are asked as a request of their own, of what the groups before leave."""

    def __init__(self, asking: Asking, order: PromiseRequest, group: LineGroup, before: tuple[Group, ...]) -> None:
        self.id, self.request = group.id, _request_of(order, group)
        others = [line for line in order.lines if line.ships and line.group != group.id]
        self.asking = asking.after(GroupsBefore(before, others))
        self._taken: dict[tuple[datetime, timedelta], Taken] = {}

    def answer(self) -> NaiveAnswer:
        """What the group is answered, whole or in parts."""
        return together(sections(self.asking, self.request))

    def taken(self, placed_at: datetime, valid_for: timedelta) -> Taken:
        """What the option takes that a shopper sees first, of the whole group or of the first part that has one."""
        if (placed_at, valid_for) not in self._taken:
            asked = {"placed_at": placed_at, "valid_for": valid_for, "view": "shopper"}
            questions = [found.question for found in sections(self.asking, self.request.model_copy(update=asked))]
            first = next((question for question in questions if question.choices), None)
            self._taken[placed_at, valid_for] = taken_by(first.last, first.choices[0]) if first else Taken()
        return self._taken[placed_at, valid_for]


class GroupsBefore(Before):
    """The groups with smaller ids."""

    def __init__(self, groups: tuple[Group, ...], others: list[Line]) -> None:
        super().__init__()
        self.groups = groups
        self.ordered = {line.sku: Decimal(0) for line in others}
        for line in others:
            self.ordered[line.sku] += line.quantity
        self._steady: dict[int, int] = {}

    def taken(self, placed_at: datetime, valid_for: timedelta) -> Taken:
        """What the first options of all of them take, each of what those before it leave."""
        return sum((group.taken(placed_at, valid_for) for group in self.groups), Taken())

    def steady_until(self, at: int) -> int:
        """Until nothing moves that any of their answers to an order placed at an instant depends on."""
        if at not in self._steady:
            self.taken(utc(at), timedelta(0))
            ends = (group.asking.steady_until(utc(at)) for group in self.groups)
            self._steady[at] = min(ends, default=super().steady_until(at))
        return self._steady[at]


def _request_of(order: PromiseRequest, group: LineGroup) -> PromiseRequest:
    """The request of one group: its lines, destination and methods, and the value of the whole order."""
    value = order.basket_value
    if value is None:
        priced = (line.quantity * line.unit_price for line in order.lines if line.ships and line.unit_price is not None)
        value = sum(priced, Decimal(0))
    return order.model_copy(
        update={
            "groups": (),
            "lines": tuple(line for line in order.lines if line.group == group.id),
            "destination": group.destination or order.destination,
            "basket_value": value,
            "wishes": order.wishes.model_copy(update={"methods": _wished(order.wishes.methods, group.methods)}),
        }
    )


def _wished(order: tuple[str, ...] | None, group: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The methods of a group that are wished for; all when neither says."""
    if order is None or group is None:
        return group if order is None else order
    return tuple(method for method in group if method in order)
