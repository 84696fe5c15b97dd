"""The answer to one request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

from promise_engine import _columns as col
from promise_engine.changes import clock_asked, moment, next_change_at
from promise_engine.errors import MissingExtraError
from promise_engine.options import Option, Refusal, jsonable
from promise_engine.views import TAGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pandas as pd

    from promise_engine.context import AnswerContext
    from promise_engine.models.request import PromiseRequest
    from promise_engine.partial import GroupSections
    from promise_engine.section import Section

FORMAT = "promise-engine/answer/1"
Tag = Literal["earliest", "cheapest", "greenest", "fewest_parcels"]


class Options(Sequence[Option]):
    """The options of sections one after another, each built when first read."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._at = [(section, i) for section in sections for i in range(len(section.rows))]
        self._built: dict[int, Option] = {}

    def __len__(self) -> int:
        return len(self._at)

    @overload
    def __getitem__(self, index: int) -> Option: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Option, ...]: ...
    def __getitem__(self, index: int | slice) -> Option | tuple[Option, ...]:
        """The option at a position, or several."""
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        position = range(len(self))[index]
        if position not in self._built:
            section, row = self._at[position]
            self._built[position] = section.option(row)
        return self._built[position]

    def located(self, index: int) -> tuple[Section, int]:
        """The section of the option at a position, and its row there."""
        return self._at[range(len(self))[index]]


class Answer:
    """Every option that can be promised, and why the other methods cannot.

    Examples
    --------
    >>> from promise_engine import Engine, Network, StockSnapshot
    >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
    >>> engine = Engine(Network.model_validate(minimal_network()))
    >>> answer = engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock()))
    >>> answer.best("earliest").method, len(answer.refusals)
    ('home', 0)
    """

    def __init__(
        self,
        request: PromiseRequest,
        groups: Sequence[GroupSections],
        ask: Callable[[int], Answer],
        at_first: Sequence[GroupSections] = (),
    ) -> None:
        self.request = request
        self.at_first = at_first  # groups before others as answered in the first second, where that counts
        self.groups = groups  # by id; one without an id where the request has none
        self.sections = [section for group in groups for section in group.sections]
        self.options: Options = Options(self.sections)
        self._ask = ask  # the same question, placed at another instant

    @property
    def context(self) -> AnswerContext:
        """What the options of the whole basket, or of the first group, are built from."""
        return self.groups[0].whole.context

    @property
    def view(self) -> str:
        """The view that was asked for."""
        return self.request.view

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """One for each method without an option, by group and method id."""
        return tuple(refusal for group in self.groups for refusal in group.refusals)

    @cached_property
    def next_change_at(self) -> datetime | None:
        """The first later instant at which the same question, asked of the same stock, is promised otherwise.

        Local to the destination. What counts is all that the answer shows, options, windows, prices, costs, `order_by`,
        tags, reasons, but the story of the shipments. None when nothing changes within 31 days of `placed_at`, or while
        the engine answers (`Engine.placed_between`). It is worked out when it is first read.

        Examples
        --------
        >>> from promise_engine import Engine, Network, StockSnapshot
        >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
        >>> engine = Engine(Network.model_validate(minimal_network()))
        >>> answer = engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock()))
        >>> print(answer.next_change_at)
        2026-11-23 17:00:01+01:00
        """
        at = next_change_at(self, self._ask)
        return None if at is None else moment(at).astimezone(clock_asked(self.context))

    def best(self, tag: Tag, *, group: str | None = None) -> Option | None:
        """The option that holds a tag: earliest, cheapest, greenest or fewest_parcels; None when there is none.

        Each group of lines has one: `group` is its id, by default the first.
        """
        if tag not in TAGS:
            expected = ", ".join(TAGS)
            raise ValueError(f"found {tag!r}, expected one of: {expected}")
        bit = TAGS.index(tag)
        for position, (section, i) in enumerate(map(self.options.located, range(len(self.options)))):
            if section.rows[i, col.TAGS] >> bit & 1 and group in {None, section.context.group}:
                return self.options[position]
        return None

    def to_dict(self, *, remedies: bool = True) -> dict[str, Any]:
        """The answer's document: plain values, keys as the fields are named.

        Parameters
        ----------
        remedies
            Whether refusals have their remedies; to find them takes far longer than the rest.
        """
        request = self.request
        return {
            "format": FORMAT,
            "placed_at": request.placed_at.isoformat(),
            "valid_for": request.model_dump(mode="json", include={"valid_for"})["valid_for"],
            "next_change_at": None if self.next_change_at is None else self.next_change_at.isoformat(),
            "channel": self.context.request.channel.id,
            "view": self.view,
            "front": "bounded" if any(group.bounded for group in self.groups) else "exact",
            "destination": None if request.groups else _destination(self.context),
            "groups": [
                {"id": group.id, "destination": _destination(group.whole.context)}
                for group in self.groups
                if request.groups
            ],
            "options": [jsonable(option) for option in self.options],
            "refusals": [
                jsonable(refusal) | ({"remedies": jsonable(refusal.remedies)} if remedies else {})
                for refusal in self.refusals
            ],
            "digests": self.context.digests._asdict(),
        }

    def to_json(self, *, indent: int | None = None, remedies: bool = True) -> str:
        """The answer's document as JSON text; the same input gives the same bytes."""
        separators = (",", ":") if indent is None else None
        return json.dumps(self.to_dict(remedies=remedies), ensure_ascii=False, indent=indent, separators=separators)

    def evidence(self) -> dict[str, Any]:
        """Everything this answer was made from, as a document that `json.dumps` writes and `replay` answers again.

        It holds the request, the network, of catalogue and stock the rows of the request's SKUs, what is taken of
        capacities, the dates of the holidays and the UTC offsets that were used, and where addresses were found to be.
        Equal questions to equal inputs give equal evidence.

        Examples
        --------
        >>> from promise_engine import Engine, Network, StockSnapshot
        >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
        >>> engine = Engine(Network.model_validate(minimal_network()))
        >>> answer = engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock()))
        >>> evidence = answer.evidence()
        >>> evidence["almanac"]["time_zones"][0]["id"], [row["on_hand"] for row in evidence["stock"]["records"]]
        ('Europe/Paris', ['10'])
        """
        from promise_engine.evidence import evidence_of  # noqa: PLC0415

        contexts = [group.whole.context for group in self.groups]
        return evidence_of(self.request, contexts, self.to_json(remedies=False))

    def to_frame(self) -> pd.DataFrame:
        """One row an option, for analysis. Needs the extra `frames`.

        Instants of a replayed answer have the offset of their time zone, not its name.
        """
        try:
            import pandas as pd  # noqa: PLC0415
        except ImportError:
            raise MissingExtraError("Answer.to_frame", "frames") from None
        from promise_engine._compile.recorded import with_known_clock  # noqa: PLC0415

        columns = (
            "group", "method", "service", "label", "deliver_from", "deliver_by", "earliest_from", "collect_from",
            "collect_until", "promised", "order_by", "co2e_grams", "parcels", "choice_code", "id",
        )  # fmt: skip
        records = [
            {name: with_known_clock(getattr(option, name)) for name in columns}
            | {
                "place": option.destination.place,
                "shipments": len(option.shipments),
                "site": " ".join(shipment.site for shipment in option.shipments),
                "price": option.price.amount,
                "cost": option.cost.total.amount,
                "currency": option.price.currency,
                "tags": " ".join(option.tags),
            }
            for option in self.options
        ]
        return pd.DataFrame.from_records(records)

    def explain(self, option: int | None = None, *, method: str | None = None) -> str:
        """How the dates came about, as text: of one option, of one refused method, or of all.

        Parameters
        ----------
        option
            Position in `options`, from 0 on. The text and the command line count from 1.
        method
            Id of a method: its options, or why it is refused.

        Raises
        ------
        ValueError
            When there is no option at the position, or the network has no such method.

        Examples
        --------
        >>> from promise_engine import Engine, Network, StockSnapshot
        >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
        >>> engine = Engine(Network.model_validate(minimal_network()))
        >>> answer = engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock()))
        >>> print(answer.explain(0).splitlines()[0])
        Option 1 of 1: home [home]
        """
        from promise_engine.explanation import explain_answer  # noqa: PLC0415

        return explain_answer(self, option, method)

    def __repr__(self) -> str:
        return f"Answer({len(self.options)} options, {len(self.refusals)} refusals)"

    def _repr_html_(self) -> str:
        from promise_engine.explanation import answer_html  # noqa: PLC0415

        return answer_html(self)


def _destination(context: AnswerContext) -> dict[str, Any]:
    request = context.request
    return {
        "country": request.country,
        "postal_code": request.postal_code or None,
        "postal_prefix": request.postal_prefix or None,
        "place": request.place,
        "precision": request.precision,
        "located_by": request.located_by,
    }
