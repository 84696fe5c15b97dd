"""An answer as a terminal shows it: options by method, then refusals with their reasons."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from promise_engine.adapters.cli.console import WIDE, plain_table
from promise_engine.changes import FURTHEST
from promise_engine.explanation.refusing import furthest_text, remedies_text
from promise_engine.explanation.words import (
    closing_text,
    counted,
    day_text,
    distance_text,
    duration_text,
    goods_text,
    group_text,
    instant_text,
    left_out_text,
    listed,
    mass_text,
    option_when,
)
from promise_engine.reasons import REASON_TEXTS
from promise_engine.units import quantity_of, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from promise_engine import Answer, Option, Refusal, Shipment
    from promise_engine._compile.request import CompiledRequest
    from promise_engine.context import AnswerContext

_TAG_WORDS = {"fewest_parcels": "fewest parcels"}
_PRECISION_WORDS = {
    "none": "nobody knows where this postal code is: no places near it, no distances",
    "prefix": "located by the prefix of the postal code: distances are approximate",
    "chief_town": "located at the chief town of the area: distances are approximate",
    "country": "located at the centre of the country: distances are rough",
}
_INDENT = 4


class Row(NamedTuple):
    """One option in words."""

    number: str
    when: str
    order_before: str
    price: str
    co2e: str
    how: str
    tags: str


_HEADINGS = Row("#", "Date and window", "Order before", "Price", "CO2e", "By, from", "")
_FIXED = 5
_RIGHT = {0, 3, 4}


def answer_parts(answer: Answer, width: int, most: int) -> Iterator[RenderableType]:
    """What a terminal shows of an answer, part by part; at most `most` options of each method (0: all)."""
    yield from _heading(answer)
    if len(answer.options):
        yield from _options(answer, most, wide=width >= WIDE)
    else:
        yield "No option can be promised.\n"
    if answer.refusals:
        yield _refusals(answer.refusals)


def _heading(answer: Answer) -> Iterator[RenderableType]:
    from rich.text import Text  # noqa: PLC0415

    placed, channel = answer.request.placed_at, answer.context.request.channel.id
    zone = ""
    if len(answer.options):
        promised = answer.options[0].promised
        placed, zone = placed.astimezone(promised.tzinfo), f"; times of {promised.tzinfo}"
    requests = [group.whole.context.request for group in answer.groups]
    for group, request in zip(answer.groups, requests, strict=True):
        basket = listed([goods_text(line.sku, line.services, quantity_of(line.quantity)) for line in request.lines])
        yield Text(f"{group_text(group.id)}{basket}, to {destination_text(request)}", style="bold")
    yield Text(f"ordered {instant_text(placed, year=True)}, channel {channel}{zone}")
    yield Text(holding_text(answer))
    for words in dict.fromkeys(_PRECISION_WORDS.get(request.precision, "") for request in requests):
        yield from [Text(words)] if words else []
    yield ""


def holding_text(answer: Answer) -> str:
    """Until when the answer stays the same, and for how long each order after the question may rely on it."""
    lasts, change = seconds(answer.request.valid_for), answer.next_change_at
    until = f"until {instant_text(change)}" if change else f"{FURTHEST.days} days, or while the network is valid"
    return f"holds for {duration_text(lasts)}; asked again, the same {until}" if lasts else f"holds {until}"


def destination_text(request: CompiledRequest) -> str:
    """The place, or the country, postal code and city."""
    asked = request.model.destination
    if asked.place is not None:
        return asked.place
    area = asked.postal_prefix and f"{asked.postal_prefix}..."
    return " ".join(filter(None, (asked.country, request.postal_code or area, asked.city)))


def _options(answer: Answer, most: int, *, wide: bool) -> Iterator[RenderableType]:
    """Options under the names of their groups and methods, in the order of the first of each."""
    methods: dict[tuple[str | None, str], list[Row]] = {}
    for number, option in enumerate(answer.options, 1):
        methods.setdefault((option.group, option.method), []).append(row_of(answer.context, number, option))
    shown = [row for rows in methods.values() for row in rows[: most or None]]
    widths = [max(len(row[i]) for row in (_HEADINGS, *shown)) for i in range(_FIXED)]
    names = {method.id: method.name for method in answer.context.network.methods}
    yield from _line(_HEADINGS, widths, wide=wide, style="bold")
    for (group, method), rows in methods.items():
        yield _method_heading(group, method, names[method])
        for row in rows[: most or None]:
            yield from _line(row, widths, wide=wide)
        if most and len(rows) > most:
            yield f"{'':{_INDENT}}and {len(rows) - most} more (--rows 0 shows all)"
    yield ""


def row_of(context: AnswerContext, number: int, option: Option) -> Row:
    """An option in words."""
    return Row(
        number=str(number),
        when=option_when(option),
        order_before=instant_text(option.order_by),
        price=str(option.price),
        co2e=mass_text(option.co2e_grams),
        how=_how(context, option),
        tags=", ".join(_TAG_WORDS.get(tag, tag) for tag in option.tags),
    )


def _how(context: AnswerContext, option: Option) -> str:
    """By which service, to which place, from which site, in how many parcels, how early, held until when."""
    parts = []
    place = option.destination
    if place.place is not None:
        far = "" if place.distance_metres is None else f" ({distance_text(place.distance_metres)})"
        parts.append(f"{place.name}{far}")
    served = Counter(map(_served_by, option.shipments))
    parts.append(" and ".join(text if count == 1 else f"{count} x {text}" for text, count in served.items()))
    if option.parcels > 1:
        parts.append(counted(option.parcels, "parcel"))
    first = min(line.deliver_by for line in option.lines)
    if first.date() < option.promised.date():
        parts.append(f"the first {day_text(first.date())}")
    start = option.deliver_from or option.promised
    if option.collect_from is None and option.earliest_from.date() < start.date():
        parts.append(f"perhaps {day_text(option.earliest_from.date())}")
    if option.collect_until is not None and place.place is not None:
        last = context.closing_day(context.compiled.place_index[place.place], option.collect_until)
        parts.append(f"held until {closing_text(option.collect_until, last)}")
    if option.left_out:
        parts.append(f"without {left_out_text(option)}")
    return ", ".join(parts)


def _served_by(shipment: Shipment) -> str:
    return f"{shipment.service} from {shipment.site}" if shipment.service else f"own stock of {shipment.site}"


def _method_heading(group: str | None, method: str, name: str) -> Text:
    from rich.text import Text  # noqa: PLC0415

    return Text.assemble(
        (group_text(group), "bold"), (name or method, "bold cyan"), (f"  {method}" if name else "", "dim")
    )


def _line(row: Row, widths: Sequence[int], *, wide: bool, style: str = "") -> Iterator[RenderableType]:
    """One option: its numbers in columns, and how it is served beside them or, where there is no room, below."""
    from rich.padding import Padding  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    cells = [
        cell.rjust(width) if i in _RIGHT else cell.ljust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=False))
    ]
    main = Text("  ".join(cells), style=style)
    how = Text.assemble(row.how, ("  " if row.tags else "", ""), (row.tags, "green"), style=style)
    if not wide:
        yield main
        yield from [Padding(how, (0, 0, 0, _INDENT), expand=False)] if row is not _HEADINGS else []
        return
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(main, how)
    yield grid


def _refusals(refusals: Sequence[Refusal]) -> RenderableType:
    table = plain_table("Not offered", "Why, and what would do", "Got furthest")
    for refusal in refusals:
        meaning = REASON_TEXTS[refusal.reason].meaning
        sku = f" ({refusal.sku})" if refusal.sku else ""
        remedies = remedies_text(refusal)
        why = f"{meaning}{sku} [{refusal.reason.code}]" + (f"\n\u2192 {remedies}" if remedies else "")
        table.add_row(f"{group_text(refusal.group)}{refusal.method}", why, furthest_text(refusal) or "-")
    return table
