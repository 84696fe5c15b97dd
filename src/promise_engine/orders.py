"""An order asked: its groups one after the other, each of what the first options of those before leave."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from promise_engine.changes import last_second, moment
from promise_engine.groups import requests_of
from promise_engine.leaving import leave_the_same, left_by
from promise_engine.partial import with_parts
from promise_engine.units import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from promise_engine._compile.stock import BoundStock
    from promise_engine.models.catalogue import Item
    from promise_engine.models.request import PromiseRequest
    from promise_engine.partial import GroupSections
    from promise_engine.questions import Question, Questions
    from promise_engine.section import Asking


class Order(NamedTuple):
    """A request with what it is asked of: a basket, or several groups of lines."""

    asking: Asking
    model: PromiseRequest

    def placed(self, at: int) -> Order:
        """The same order, placed at another instant."""
        return self._replace(model=self.model.model_copy(update={"placed_at": moment(at)}))

    def alone(self) -> Order:
        """The same order, answered for its own instant alone."""
        return self._replace(model=self.model.model_copy(update={"valid_for": timedelta(0)}))

    def groups(
        self, planned: Question | None = None, at_first: Sequence[BoundStock] = ()
    ) -> Iterator[tuple[GroupSections, BoundStock]]:
        """The groups, each with what it leaves; `at_first` is what they leave in the first second, where it matters.

        A basket without groups is asked by the plan of the same question, where one is given.
        """
        asking = self.asking
        if not self.model.groups:
            yield with_parts(asking.section(self.model, planned), asking.section), asking.bound
            return
        for number, (name, request, elsewhere) in enumerate(requests_of(self.model)):
            asking = self._after(asking.bound, at_first[number - 1] if number and at_first else None)
            asking = asking._replace(questions=self.asking.questions.beside(elsewhere), group=name, order=self)
            group = with_parts(asking.section(request), asking.section)
            asking = asking._replace(bound=left_by(group, asking.bound, asking.questions.network))
            yield group, asking.bound

    def _after(self, left: BoundStock, at_first: BoundStock | None) -> Asking:
        """Asks of what groups before leave, in the last second and in the first."""
        is_another = at_first is not None and not leave_the_same(left, at_first)
        return self.asking._replace(bound=left, at_first=at_first if is_another else None)

    def groups_at_first(self) -> Iterator[tuple[GroupSections, BoundStock]]:
        """All groups but the last as they are answered in the first second, where an answer is for later ones too."""
        placed_at = instant(self.model.placed_at)
        if self.model.groups and last_second(self.model) > placed_at:
            yield from islice(self.placed(placed_at).alone().groups(), len(self.model.groups) - 1)

    @property
    def skus(self) -> set[str]:
        """What the lines take of stock: their SKUs, of kits those of the components."""
        items: Mapping[str, Item] = self.asking.questions.items or {}
        found: set[str] = set()
        for line in self.model.lines:
            parts = items[line.sku].components if line.sku in items else ()
            found.update(part.sku for part in parts or (line,))
        return found

    # One group of it.

    def changed(
        self, group: str, questions: Questions | None, bound: BoundStock | None, change: Mapping[str, Any]
    ) -> Order:
        """The same order with one change: of the lines or the destination of a group, else of all of it.

        `change` is that of the group as a request of its own.
        """
        asking, model, updates = self.asking, self.model, dict(change)
        if "lines" in change:
            others = tuple(line for line in model.lines if line.group != group)
            updates["lines"] = (*others, *change["lines"])
        if "destination" in change:
            there = {"destination": updates.pop("destination")}
            updates["groups"] = tuple(one.model_copy(update=there) if one.id == group else one for one in model.groups)
        if "wishes" in change:
            updates["wishes"] = change["wishes"].model_copy(update={"methods": model.wishes.methods})
        asking = asking._replace(questions=questions or asking.questions, bound=bound or asking.bound)
        return Order(asking, model.model_copy(update=updates))

    def serves(self, group: str, method: str) -> bool:
        """Whether a method has an option for all lines of a group.

        Raises
        ------
        RequestError
            When the order cannot be asked.
        """
        asked = list(requests_of(self.model))
        number = [name for name, *_ in asked].index(group)
        _, request, elsewhere = asked[number]
        at_first = [left for _, left in islice(self.groups_at_first(), number)]
        left = [self.asking.bound, *(left for _, left in islice(self.groups(at_first=at_first), number))]
        asking = self._after(left[-1], at_first[-1] if at_first else None)
        asking = asking._replace(questions=self.asking.questions.beside(elsewhere), group=group)
        wishes = request.wishes.model_copy(update={"methods": (method,)})
        alone = request.model_copy(update={"wishes": wishes, "partial": False})
        return len(asking.section(alone).offered) > 0
