"""The commands `postcodes fetch` and `postcodes show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from promise_engine.adapters.cli.console import err, fail, out

if TYPE_CHECKING:
    from promise_engine.places import Location

_FAULTY = 2
_BY_HAND = "chief towns, written by hand to a few kilometres"


@click.group()
def postcodes() -> None:
    """Coordinates of postal codes: download exact ones, or look one up."""


@postcodes.command()
@click.argument("countries", nargs=-1, required=True)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to put the files. Default: PGEOCODE_DATA_DIR, else the folder of pgeocode.",
)
def fetch(countries: tuple[str, ...], directory: Path | None) -> None:
    """Download the GeoNames files of countries, through pgeocode. The only command that uses the network.

    \b
    Examples:
      promise-engine postcodes fetch FR
      promise-engine postcodes fetch FR IT MQ --dir /srv/postcodes
    """  # noqa: D301  # click's mark of text that it must not wrap
    try:
        paths = _fetched(countries, directory)
    except ModuleNotFoundError:
        fail('downloading needs pgeocode: pip install "promise-engine[postcodes]"')
        raise SystemExit(1) from None
    except ValueError as error:
        fail(str(error))
        raise SystemExit(_FAULTY) from None
    console = out()
    for path in paths:
        console.print(str(path), soft_wrap=True)
    console.print("Data: GeoNames (https://www.geonames.org), CC BY 4.0.")
    console.print("Promises use these files where PGEOCODE_DATA_DIR names their folder:")
    console.print(f"  export PGEOCODE_DATA_DIR={paths[0].parent}", soft_wrap=True)


def _fetched(countries: tuple[str, ...], directory: Path | None) -> list[Path]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from promise_engine.places import fetch as download  # noqa: PLC0415

    console = err()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("downloading", total=len(countries))

        def at(country: str, done: int, total: int) -> None:
            progress.update(task, description=f"downloading {country}", completed=done, total=total)

        return download(countries, directory, at)


def _source(found: Location) -> str:
    """Who says where a postal code is."""
    if found.source == "pgeocode":
        return "GeoNames files"
    return f"embedded table ({_BY_HAND if found.precision == 'chief_town' else 'averages of GeoNames, CC BY 4.0'})"


@postcodes.command()
@click.argument("words", nargs=-1, required=True, metavar="COUNTRY POSTAL_CODE")
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of GeoNames files. Default: PGEOCODE_DATA_DIR.",
)
def show(words: tuple[str, ...], directory: Path | None) -> None:
    """What is known of a postal code: where it is, whose holidays it has, its time zone.

    \b
    Examples:
      promise-engine postcodes show FR 67000
      promise-engine postcodes show "FR 67000"
      promise-engine postcodes show GB SW1A 1AA
    """  # noqa: D301  # click's mark of text that it must not wrap
    from rich.table import Table  # noqa: PLC0415

    from promise_engine import places  # noqa: PLC0415

    country, *code_parts = " ".join(words).split()
    if not code_parts:
        message = f'{country!r} is not a country with a postal code, such as "FR 67000"'
        raise click.BadParameter(message, param_hint="'COUNTRY POSTAL_CODE'")
    canonical, code = places.normalise(country.upper(), " ".join(code_parts))
    found = places.locate(canonical, code, pgeocode_dir=directory)
    table = Table.grid(padding=(0, 2))
    table.add_row("postal code", f"{canonical} {code}")
    table.add_row(
        "holidays of", places.subdivision(canonical, code, pgeocode_dir=directory) or "the country as a whole"
    )
    table.add_row("time zone", places.time_zone(canonical, code) or "unknown: say it at the site")
    if found is None:
        table.add_row("coordinates", "unknown: no place near it can be found without coordinates in the request")
    else:
        table.add_row(
            "coordinates", f"{found.latitude:.4f}, {found.longitude:.4f}{f' ({found.city})' if found.city else ''}"
        )
        table.add_row("precision", found.precision.replace("_", " "))
        table.add_row("source", _source(found))
    out().print(table)
