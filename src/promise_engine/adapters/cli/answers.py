"""The commands that answer a request: `demo`, `promise`, `explain`, `replay`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promise_engine.adapters.cli.console import busy, out
from promise_engine.adapters.cli.inputs import Words, demo_inputs, file_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from promise_engine import Answer

_VIEWS = click.Choice(["shopper", "front", "all"])
_ROWS = 3


def _options(*declared: Callable[..., Any]) -> Callable[..., Any]:
    """Several options as one decorator."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(declared):
            function = option(function)
        return function

    return decorate


_WORDS = _options(
    click.option(
        "--at",
        help="Instant of the order, with its UTC offset.  [default: the example's own, always the same]",
    ),
    click.option(
        "--to",
        help='Destination: "FR 69002", "69002 Lyon", "FR 67*" for all codes that begin so, "FR" for the whole '
        "country, or the id of a store or pickup point.",
    ),
    click.option("--basket", help='What is ordered: "SKU:2,SKU2:1".'),
    click.option(
        "--value",
        help="Value of the basket, for prices that depend on it. Default: that of the lines with known prices.",
    ),
    click.option("--channel", help="Where the order comes from: web, marketplace, store."),
)
_SHOWN = _options(
    click.option(
        "--view", type=_VIEWS, help="Options a checkout shows, those no other beats, or every one.  [default: shopper]"
    ),
    click.option(
        "--rows",
        type=click.IntRange(min=0),
        default=_ROWS,
        show_default=True,
        help="Options shown of each method; 0 for all.",
    ),
    click.option("--json", "as_json", is_flag=True, help="The answer's own document."),
)


@click.command()
@_WORDS
@_SHOWN
def demo(rows: int, as_json: bool, **words: str | None) -> None:
    """What a French omnichannel retailer can promise: the embedded example.

    \b
    Examples:
      promise-engine demo
      promise-engine demo --to "FR 67000" --at 2026-12-24T09:30:00+01:00
      promise-engine demo --to 20000 --basket CLO-0002:1,TAB-0001:2 --view front
      promise-engine demo --to store-strasbourg --channel store
      promise-engine demo --to "FR 67*"
      promise-engine demo --json

    The example knows its stock as of one instant, and answers as if the order were placed then; the library reads
    no clock. Say another instant with --at.
    """  # noqa: D301  # click's mark of text that it must not wrap
    with busy("Loading the example and computing ..."):
        answer = demo_inputs(Words(**words)).answer()
    _show(answer, rows, as_json)


def _file_options(*, required: bool) -> Callable[..., Any]:
    path = click.Path(path_type=Path)
    return _options(
        click.option("--network", type=path, required=required, help="Folder or file of the network (YAML, JSON)."),
        click.option(
            "--catalogue",
            type=path,
            help="Catalogue (CSV, Parquet, JSON, YAML). Without one, lines bring their own weight and size.",
        ),
        click.option(
            "--stock",
            type=path,
            required=required,
            help="Stock snapshot: a folder of tables, or a JSON or YAML document.",
        ),
        click.option(
            "--request", required=required, help="The request's document (JSON, YAML); - reads standard input."
        ),
    )


@click.command()
@_file_options(required=True)
@_SHOWN
@click.option(
    "--evidence",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write to this file what the answer was made from; `promise-engine replay` gives it again from that alone.",
)
def promise(
    network: Path,
    catalogue: Path | None,
    stock: Path,
    request: str,
    view: str | None,
    rows: int,
    as_json: bool,
    evidence: Path | None,
) -> None:
    """What your own network can promise for a request.

    \b
    Examples:
      promise-engine promise --network network/ --catalogue catalogue.csv --stock stock/ --request request.json
      promise-engine promise --network network.yaml --stock stock.json --request - --json < request.json
      promise-engine promise --network network/ --stock stock/ --request request.json --evidence order-4711.json
    """  # noqa: D301  # click's mark of text that it must not wrap
    with busy("Loading and computing ..."):
        answer = file_inputs(network, catalogue, stock, request, view).answer()
        if evidence is not None:
            evidence.write_text(json.dumps(answer.evidence(), ensure_ascii=False), "utf-8")
    _show(answer, rows, as_json)


@click.command()
@click.argument("evidence", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--rows",
    type=click.IntRange(min=0),
    default=_ROWS,
    show_default=True,
    help="Options shown of each method; 0 for all.",
)
@click.option("--json", "as_json", is_flag=True, help="The answer's own document: the bytes of the first time.")
@click.option("--explain", "explained", is_flag=True, help="How every date came about, and why the rest is refused.")
def replay(evidence: Path, rows: int, as_json: bool, explained: bool) -> None:
    """Give an answer again from its evidence alone, the same to the byte.

    EVIDENCE is a file that `promise-engine promise --evidence` or `Answer.evidence()` wrote; - reads standard input.
    Today's network and stock, and the holidays, time zones and postal codes installed here, take no part. Evidence
    that was changed since it was written is refused, and so is an answer that this version computes otherwise.

    \b
    Examples:
      promise-engine replay order-4711.json
      promise-engine replay order-4711.json --json
      promise-engine replay order-4711.json --explain
    """  # noqa: D301  # click's mark of text that it must not wrap
    if as_json and explained:
        raise click.UsageError("--json and --explain: one of them.")
    from promise_engine import replay as replayed  # noqa: PLC0415

    with busy("Computing again ..."):
        answer = replayed(sys.stdin.buffer.read() if str(evidence) == "-" else evidence.read_bytes())
    if explained:
        click.echo(answer.explain())
    else:
        _show(answer, rows, as_json)


@click.command()
@click.option("--demo", "of_demo", is_flag=True, help="Explain the embedded example, with the options of `demo`.")
@_WORDS
@_file_options(required=False)
@click.option("--view", type=_VIEWS, help="Of the answer in which options are counted.  [default: shopper]")
@click.option(
    "--option", "number", type=click.IntRange(min=1), help="Option, by its number in the table.  [default: 1]"
)
@click.option("--method", help="Method: why it is refused, or how each of its options comes about.")
@click.option("--every", is_flag=True, help="Every option and every refusal.")
def explain(of_demo: bool, number: int | None, method: str | None, every: bool, **given: Any) -> None:
    """How the dates of an option came about, or why a method is refused.

    \b
    Examples:
      promise-engine explain --demo --option 2
      promise-engine explain --demo --to 20000 --method home-today
      promise-engine explain --network network/ --stock stock/ --request request.json --option 1
    """  # noqa: D301  # click's mark of text that it must not wrap
    with busy("Loading and computing ..."):
        answer = _asked(of_demo, given)
    if number is not None and number > len(answer.options):
        raise click.BadParameter(f"{number} is not one of the {len(answer.options)} options", param_hint="'--option'")
    methods = [found.id for found in answer.context.plan.methods]
    if method is not None and method not in methods:
        raise click.BadParameter(f"{method!r} is not one of: {', '.join(methods)}", param_hint="'--method'")
    if number is None and method is None and not every and len(answer.options):
        number = 1
    click.echo(answer.explain(None if number is None else number - 1, method=method))


def _asked(of_demo: bool, given: dict[str, Any]) -> Answer:
    words = {name: given.pop(name) for name in ("at", "to", "basket", "value", "channel")}
    files = [f"--{name}" for name in ("network", "catalogue", "stock", "request") if given[name] is not None]
    if of_demo and files:
        raise click.UsageError(f"{', '.join(files)}: not with --demo, which explains the embedded example.")
    if of_demo:
        return demo_inputs(Words(**words, view=given["view"])).answer()
    missing = [f"--{name}" for name in ("network", "stock", "request") if given[name] is None]
    if missing:
        raise click.UsageError(f"Missing {', '.join(missing)}; or --demo for the embedded example.")
    unused = [f"--{name}" for name, value in words.items() if value is not None]
    if unused:
        raise click.UsageError(f"{', '.join(unused)}: only with --demo; otherwise the request's document says it.")
    return file_inputs(**given).answer()


def _show(answer: Answer, rows: int, as_json: bool) -> None:
    if as_json:
        click.echo(answer.to_json().encode())  # UTF-8, whatever the terminal
        return
    from promise_engine.adapters.cli.tables import answer_parts  # noqa: PLC0415

    console = out()
    for part in answer_parts(answer, console.width, rows):
        console.print(part)
