"""The command `availability`: what may be sold of a SKU, and what is withheld by which rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promise_engine.adapters.cli.console import busy, out, plain_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine import Availability, Catalogue, Engine, Network, StockSnapshot, SupplyStep, Withheld


@click.command()
@click.argument("skus", nargs=-1, required=True, metavar="SKU...")
@click.option("--network", type=click.Path(path_type=Path), help="Folder or file.  [default: the example]")
@click.option("--catalogue", type=click.Path(path_type=Path), help="Catalogue: steps, tags and categories of items.")
@click.option("--stock", type=click.Path(path_type=Path), help="Stock snapshot; needed with --network.")
@click.option("--channel", help="Who sells: needed where the network has several channels.")
@click.option("--segment", help="Who buys.")
@click.option("--json", "as_json", is_flag=True, help="As a document.")
def availability(
    skus: tuple[str, ...], network: Path | None, catalogue: Path | None, stock: Path | None, channel: str | None,
    segment: str | None, as_json: bool,
) -> None:  # fmt: skip
    """What may be sold of some SKUs now and later, by site and of the pool, and what is withheld by which rule.

    \b
    Examples:
      promise-engine availability CLO-0002 --channel marketplace
      promise-engine availability A1 A2 --network network/ --catalogue catalogue.csv --stock stock/
    """  # noqa: D301  # click's mark of text that it must not wrap
    if (network is None) != (stock is None):
        raise click.UsageError("--network and --stock go together; without both, the embedded example answers")
    with busy("Loading and computing ..."):
        engine, snapshot = _loaded(network, catalogue, stock)
        found = engine.availability(skus, snapshot, channel=channel, segment=segment)
    if as_json:
        from promise_engine.options import jsonable  # noqa: PLC0415

        click.echo(json.dumps([jsonable(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        _show(one)


def _loaded(network: Path | None, catalogue: Path | None, stock: Path | None) -> tuple[Engine, StockSnapshot]:
    """An engine and a snapshot: of files, or of the embedded example."""
    from promise_engine import Catalogue, Engine, Network, StockSnapshot  # noqa: PLC0415
    from promise_engine._resources import example_path  # noqa: PLC0415
    from promise_engine.adapters.cli.inputs import EXAMPLE  # noqa: PLC0415

    folder = example_path(EXAMPLE)
    model: Network = Network.load(network or folder / "network")
    sold: Catalogue | None = None
    if catalogue is not None or network is None:
        sold = Catalogue.load(catalogue or folder / "catalogue.csv")
    snapshot: StockSnapshot = StockSnapshot.load(stock or folder / "stock")
    return Engine(model, sold), snapshot


def _show(one: Availability, held_by: str = "") -> None:
    from rich.text import Text  # noqa: PLC0415

    console, asked = out(), f"channel {one.channel}" + (f", segment {one.segment}" if one.segment else "")
    part = f", in {held_by}" if held_by else ""
    console.print(Text(f"{one.sku}{part}: {one.now} now, {asked}", style="bold"))
    if not one.known:
        console.print("not in the catalogue: every promise refuses it [unknown_sku]")
    if not one.sites:
        console.print("no site has stock of it, nor a rule that supplies it\n")
        return
    table = plain_table("Site", "Now", "Later", "Withheld, by rule")
    for site in one.sites:
        table.add_row(site.site, str(site.now), _later(site.later), _withheld(site.withheld))
    table.add_row("all sites", str(one.now), _later(one.later), _withheld(one.withheld))
    console.print(table)
    console.print()
    for component in one.components:
        _show(component, one.sku)


def _later(steps: Sequence[SupplyStep]) -> str:
    return "\n".join(
        f"{'unlimited' if step.quantity is None else step.quantity} from {step.at:%a %d %b %Y %H:%M} {step.at.tzname()}"
        for step in steps
    )


def _withheld(entries: Sequence[Withheld]) -> str:
    return "\n".join(f"{e.quantity} {e.rule}{f' ({e.source})' if e.source else ''}" for e in entries)
