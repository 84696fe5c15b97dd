"""How the dates of an answer came about: its rows read aloud."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from promise_engine import _columns as col
from promise_engine.explanation.ending import ending_text
from promise_engine.explanation.preparing import preparation_steps
from promise_engine.explanation.reader import Reader, Step
from promise_engine.explanation.receiving import receiving_steps
from promise_engine.explanation.refusing import refusal_lines
from promise_engine.explanation.transport import transport_steps
from promise_engine.explanation.words import (
    WIDTH,
    goods_text,
    group_text,
    instant_text,
    left_out_text,
    mass_text,
    option_when,
)
from promise_engine.reasons import REASON_TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promise_engine.answer import Answer
    from promise_engine.context import AnswerContext
    from promise_engine.options import Option, Shipment
    from promise_engine.section import Section

_STAMP = 19


def explain_answer(answer: Answer, option: int | None, method: str | None) -> str:
    """The chain of instants of one option (by position, from 0 on), of a method, or of everything.

    Raises
    ------
    ValueError
        When there is no option at the position, or the network has no such method.
    """
    methods = [found.id for found in answer.context.plan.methods]
    if method is not None and method not in methods:
        raise ValueError(f"found method {method!r}, expected one of: {', '.join(methods)}")
    if option is not None:
        count = len(answer.options)
        if not 0 <= option < count:
            expected = f"a position from 0 to {count - 1}" if count else "none, because nothing is offered"
            raise ValueError(f"found option {option}, expected {expected}")
        return "\n".join(_option_lines(answer, option))
    blocks = [_option_lines(answer, i) for i in range(len(answer.options)) if method in {None, _method_of(answer, i)}]
    blocks += [refusal_lines(refusal) for refusal in answer.refusals if method in {None, refusal.method}]
    if not blocks:
        return f"{method}: not asked for; the request wishes for other methods" if method else "no method is asked for"
    return "\n\n".join("\n".join(block) for block in blocks)


def _method_of(answer: Answer, position: int) -> str:
    section, i = answer.options.located(position)
    method: str = section.context.plan.methods[section.rows[i, col.METHOD]].id
    return method


def _option_lines(answer: Answer, position: int) -> list[str]:
    option, (section, i) = answer.options[position], answer.options.located(position)
    context, row = section.context, section.rows[i].tolist()
    heading = [line for text in _heading(answer, option, position) for line in wrap(text, WIDTH)]
    stories: list[str] = []
    if row[col.SPLIT] < 0:
        stories += ["", *_story(context, row)]
    else:
        split = context.splits[row[col.SPLIT]]
        for part, lines, shipment in zip(split.rows.tolist(), split.parts, option.shipments, strict=True):
            stories += ["", *wrap(_shipment_text(shipment), WIDTH), *_story(context.of_lines(lines), part)]
    return [*heading, *stories, "", *_ending(section, i, option)]


def _story(context: AnswerContext, row: list[int]) -> Iterator[str]:
    """The instants of one shipment."""
    reader = Reader(context, row)
    return _timeline([*preparation_steps(reader), *transport_steps(reader), *receiving_steps(reader)])


def _served_by(shipment: Shipment) -> str:
    return f"{shipment.site} by {shipment.service}" if shipment.service else f"{shipment.site} from its own stock"


def _shipment_text(shipment: Shipment) -> str:
    goods = ", ".join(goods_text(line.sku, line.services, line.quantity) for line in shipment.lines)
    alone = f", ship group {shipment.ship_group}" if shipment.ship_group else ""
    return f"Shipment {_served_by(shipment)}{alone}: {goods}"


def _heading(answer: Answer, option: Option, position: int) -> Iterator[str]:
    label = f"{group_text(option.group)}{option.label}"
    yield f"Option {position + 1} of {len(answer.options)}: {label} [{option.choice_code}]"
    to = option.destination.name or f"{option.destination.country} {option.destination.postal_code}"
    yield f"{option_when(option)}: {' and '.join(map(_served_by, option.shipments))} to {to}"
    tags = f", {', '.join(option.tags).replace('_', ' ')}" if option.tags else ""
    yield f"{option.price} (cost {option.cost.total}), CO2e {mass_text(option.co2e_grams)}{tags}"
    if option.left_out:
        yield f"without {left_out_text(option)}"


def _timeline(steps: Iterable[Step]) -> Iterator[str]:
    """Steps with their instants, each local to where it happens; a line tells when the clock changes."""
    zone = ""
    for step in steps:
        if str(step.at.tzinfo) != zone:
            zone = str(step.at.tzinfo)
            yield f"  {'':{_STAMP}}    times of {zone}"
        yield f"  {instant_text(step.at):<{_STAMP}}  \u25cf {step.what}"
        for note in step.notes:
            bar = f"{'':{_STAMP + 4}}\u2502   "
            yield from wrap(note, WIDTH, initial_indent=bar, subsequent_indent=f"{bar}  ", break_on_hyphens=False)


def _ending(section: Section, i: int, option: Option) -> Iterator[str]:
    """Until when the offer stands, and which rule ends it."""
    yield f"  Order before {instant_text(option.order_by)} ({option.order_by.tzinfo}):"
    text = ending_text(section.context, section.rows[i])
    yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def answer_html(answer: Answer) -> str:
    """The answer as HTML tables, for notebooks."""
    headings = ("", "Method", "Date and window", "Order before", "Price", "CO2e", "By", "From", "Tags")
    rows = [_html_cells(number, option) for number, option in enumerate(answer.options, 1)]
    parts = [_html_table(headings, rows)] if rows else ["<p>No option can be promised.</p>"]
    if answer.refusals:
        refused = [
            (f"{group_text(r.group)}{r.method}", r.reason.code, REASON_TEXTS[r.reason].meaning) for r in answer.refusals
        ]
        parts.append(_html_table(("Not offered", "Reason", "What it means"), refused))
    return "\n".join(parts)


def _html_cells(number: int, option: Option) -> tuple[str, ...]:
    return (
        str(number),
        f"{group_text(option.group)}{option.label}",
        option_when(option),
        instant_text(option.order_by),
        str(option.price),
        mass_text(option.co2e_grams),
        ", ".join(dict.fromkeys(shipment.service or "own stock" for shipment in option.shipments)),
        ", ".join(shipment.site for shipment in option.shipments),
        ", ".join(option.tags),
    )


def _html_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
