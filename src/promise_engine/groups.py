"""The groups of an order: each asked by itself, from what the first options of those before leave."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from promise_engine._compile.lines import value_of
from promise_engine.units import thousandths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from promise_engine.models.request import LineGroup, PromiseRequest


def requests_of(order: PromiseRequest) -> Iterator[tuple[str, PromiseRequest, Mapping[str, int]]]:
    """Each group's id, what it asks for as a request of its own, and what the other groups ask of each SKU.

    Groups come by id. The value of the basket is that of the whole order.

    Examples
    --------
    >>> from promise_engine import PromiseRequest
    >>> order = PromiseRequest.model_validate({
    ...     "lines": [{"sku": "mug", "quantity": 2, "group": "b"}, {"sku": "mug", "quantity": 1, "group": "a"}],
    ...     "groups": [{"id": "b"}, {"id": "a", "destination": {"country": "IT", "postal_code": "20121"}}],
    ...     "destination": {"country": "FR", "postal_code": "67000"}, "placed_at": "2026-11-23T10:00:00+01:00"})
    >>> [(name, asked.destination.country, elsewhere["mug"]) for name, asked, elsewhere in requests_of(order)]
    [('a', 'IT', 2000), ('b', 'FR', 1000)]
    """
    value = order.basket_value
    if value is None:
        value = value_of(line for line in order.lines if line.ships)
    for group in sorted(order.groups, key=lambda group: group.id):
        elsewhere = Counter[str]()
        for line in order.lines:
            if line.ships and line.group != group.id:
                elsewhere[line.sku] += thousandths(line.quantity)
        yield group.id, _request_of(order, group, value), elsewhere


def _request_of(order: PromiseRequest, group: LineGroup, value: Decimal) -> PromiseRequest:
    wished, methods = order.wishes.methods, group.methods
    if methods is None or wished is None:
        methods = methods or wished
    else:
        methods = tuple(method for method in wished if method in methods)
    return order.model_copy(
        update={
            "lines": tuple(line for line in order.lines if line.group == group.id),
            "groups": (),
            "destination": group.destination or order.destination,
            "wishes": order.wishes.model_copy(update={"methods": methods}),
            "basket_value": value,
        }
    )
