"""The command `calendar`: which days count for a site, a carrier, a service, a destination, and why."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promise_engine.adapters.cli.subjects import SERVICE_USES, SITE_USES, Asked

if TYPE_CHECKING:
    from datetime import datetime

_EXAMPLE_DAY = date(2026, 11, 20)
_MOST_DAYS = 800
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)  # those that a network may name


@click.command("calendar")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--site", help="A site's days, by --use; with --carrier, or --service, where the parcel leaves.")
@click.option("--carrier", help="Days on which a carrier collects; with --site less the holidays there.")
@click.option(
    "--service",
    help="Delivery days and windows, or network days of a service, by --use; with --to less the destination's "
    "holidays.",
)
@click.option("--to", help='Holidays of a destination: "FR 67000".')
@click.option(
    "--use", type=click.Choice([*SITE_USES, *SERVICE_USES]), help="Which days.  [default: preparation, or delivery]"
)
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First date.  [default: the network's first, or the example's day]",
)
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last date.  [default: four weeks]")
@click.option("--exceptions", is_flag=True, help="Only dates that differ from the ordinary week.")
def calendar(
    path: Path | None, site: str | None, carrier: str | None, service: str | None, to: str | None, use: str | None,
    first: datetime | None, last: datetime | None, exceptions: bool,
) -> None:  # fmt: skip
    """Which days count, with the reason for each closed or worked exception.

    \b
    Examples (without PATH: the embedded example):
      promise-engine calendar --site wh-orleans --from 2026-12-01 --until 2026-12-31
      promise-engine calendar --site store-strasbourg --use opening --exceptions
      promise-engine calendar --service chrono-13 --to "FR 67000" --from 2026-12-21
      promise-engine calendar --carrier colissimo --site wh-lyon --from 2026-12-21
      promise-engine calendar network/ --carrier my-carrier
    """  # noqa: D301  # click's mark of text that it must not wrap
    from promise_engine.adapters.cli.calendar_days import network_of, show_days  # noqa: PLC0415

    asked = Asked(site, carrier, service, to, use)
    asked.check()
    network = network_of(path)
    show_days(network, asked, *_range(first, last, network.valid_from if path else _EXAMPLE_DAY), exceptions)


def _range(first: datetime | None, last: datetime | None, default: date) -> tuple[date, date]:
    start = first.date() if first else default
    if not _FIRST <= start <= _LAST:
        raise click.BadParameter(f"{start} is not a date from {_FIRST} to {_LAST}", param_hint="'--from'")
    end = last.date() if last else min(start + timedelta(days=27), _LAST)
    if not start <= end <= min(start + timedelta(days=_MOST_DAYS), _LAST):
        words = f"{end} is not a date from {start} to {min(start + timedelta(days=_MOST_DAYS), _LAST)}"
        raise click.BadParameter(words, param_hint="'--until'")
    return start, end
