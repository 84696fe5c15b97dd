"""The command `calendar`: which days count for a site, a carrier, a service, a destination, and why."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click

from promise_engine.adapters.cli.console import out, plain_table
from promise_engine.adapters.cli.inputs import EXAMPLE, destination_of
from promise_engine.context import hours_text
from promise_engine.explanation.words import counted, day_text, why_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from promise_engine import Network
    from promise_engine._compile.calendars import Period, Region
    from promise_engine._compile.working_time import Calendars
    from promise_engine.models.carrier import Carrier, CarrierService
    from promise_engine.models.site import Site

Named = TypeVar("Named", "Site", "Carrier", "CarrierService")
_SITE_USES = ("preparation", "dispatch", "receiving", "opening")
_SERVICE_USES = ("delivery", "network")
_EXAMPLE_DAY = date(2026, 11, 20)
_MOST_DAYS = 800


class Subject(NamedTuple):
    """Whose days are asked for."""

    title: str
    calendar: str | None  # none: every day
    region: Region | None


class Shown(NamedTuple):
    """One date as it is shown."""

    day: date
    counts: bool
    hours: str
    why: str


@click.command("calendar")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--site", help="A site's days, by --use.")
@click.option("--carrier", help="Days on which a carrier collects.")
@click.option(
    "--service", help="Delivery or network days of a service, by --use; with --to less the destination's holidays."
)
@click.option("--to", help='Holidays of a destination: "FR 67000".')
@click.option(
    "--use", type=click.Choice([*_SITE_USES, *_SERVICE_USES]), help="Which days.  [default: preparation, or delivery]"
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
      promise-engine calendar network/ --carrier my-carrier
    """  # noqa: D301  # click's mark of text that it must not wrap
    from promise_engine import Network  # noqa: PLC0415
    from promise_engine._compile.calendars import Period  # noqa: PLC0415
    from promise_engine._compile.working_time import Calendars  # noqa: PLC0415
    from promise_engine._resources import example_path  # noqa: PLC0415
    from promise_engine.units import day_number  # noqa: PLC0415

    if sum(named is not None for named in (site, carrier, service)) + (to is not None and service is None) != 1:
        raise click.UsageError("One of --site, --carrier, --service, --to.")
    network = Network.load(path or example_path(EXAMPLE) / "network")
    start, end = _range(first, last, network.valid_from if path else _EXAMPLE_DAY)
    period = Period(day_number(start), (end - start).days + 1)
    calendars = Calendars({model.id: model for model in network.calendars}, period)
    holidays = _holidays(network, to, period) if to is not None else {}
    subjects = _subjects(network, site, carrier, service, use) or [Subject(f"destination {to}", None, None)]
    for subject in subjects:
        _print(subject, _days(subject, calendars, holidays), exceptions)


def _range(first: datetime | None, last: datetime | None, default: date) -> tuple[date, date]:
    start = first.date() if first else default
    end = last.date() if last else start + timedelta(days=27)
    if not start <= end <= start + timedelta(days=_MOST_DAYS):
        raise click.BadParameter(f"{end} is not a date up to {_MOST_DAYS} days after {start}", param_hint="'--until'")
    return start, end


def _subjects(
    network: Network, site: str | None, carrier: str | None, service: str | None, use: str | None
) -> list[Subject]:
    if site is not None:
        return [_site_subject(_named(network.sites, site, "--site"), use)]
    if carrier is not None:
        found = _named(network.carriers, carrier, "--carrier")
        return [Subject(f"carrier {carrier}, collection days", found.collection_days, None)]
    if service is not None:
        return _service_subjects(_named(network.services, service, "--service"), use)
    return []


def _named(models: Sequence[Named], name: str, option: str) -> Named:
    found = next((model for model in models if model.id == name), None)
    if found is None:
        ids = ", ".join(sorted(model.id for model in models))
        raise click.BadParameter(f"{name!r} is not one of: {ids}", param_hint=f"'{option}'")
    return found


def _site_subject(site: Site, use: str | None) -> Subject:
    from promise_engine._compile.places import Locator  # noqa: PLC0415

    preparation, collection = site.preparation, site.store_collection
    known = {
        "preparation": preparation.calendar if preparation else None,
        "dispatch": (preparation.dispatch or preparation.calendar) if preparation else site.receiving,
        "receiving": site.receiving,
        "opening": collection.opening if collection else None,
    }
    chosen = use or next((name for name in _SITE_USES if known[name]), "preparation")
    if not known.get(chosen):
        having = ", ".join(name for name in _SITE_USES if known[name]) or "none"
        raise click.BadParameter(f"{site.id} has no {chosen} days; it has: {having}", param_hint="'--use'")
    return Subject(f"site {site.id}, {chosen}", known[chosen], Locator(None).locate(site.address).region)


def _service_subjects(service: CarrierService, use: str | None) -> list[Subject]:
    """One subject for each calendar that the lanes of a service name."""
    from promise_engine.models.carrier import DayTransit  # noqa: PLC0415

    if use not in {None, *_SERVICE_USES}:
        raise click.BadParameter(f"{use!r} is not one of: {', '.join(_SERVICE_USES)}", param_hint="'--use'")
    if use == "network":
        transits = [lane.transit for lane in service.lanes]
        named = [transit.network_days if isinstance(transit, DayTransit) else transit.hours for transit in transits]
    else:
        named = [(lane.delivery or service.delivery).days for lane in service.lanes]
    return [Subject(f"service {service.id}, {use or 'delivery'}", name, None) for name in dict.fromkeys(named)]


def _holidays(network: Network, to: str, period: Period) -> dict[date, str]:
    """Holidays at a destination, as the network's settings define them."""
    from promise_engine._compile.calendars import holiday_names  # noqa: PLC0415
    from promise_engine._compile.places import Locator  # noqa: PLC0415

    asked = destination_of(to, network.sites[0].address.country, set())
    if "postal_code" not in asked:
        raise click.BadParameter(f'{to!r} is not a country with a postal code, such as "FR 67000"', param_hint="'--to'")
    region = Locator(None).resolve(asked["country"], asked["postal_code"], "", None, None).region
    named: dict[date, str] = {}
    for source in network.settings.destination_holidays:
        if source.country in {None, "place", region.country}:
            named.update(holiday_names(source, region, period))
    return named


def _days(subject: Subject, calendars: Calendars, holidays: dict[date, str]) -> list[tuple[Shown, bool]]:
    """Each date as it is shown, and whether it differs from the ordinary week."""
    rules = calendars.resolved(subject.calendar, subject.region).rules if subject.calendar else None
    shown = []
    for position, day in enumerate(calendars.period.dates):
        rule = rules[position] if rules else None
        counts, exceptional, why = (rule.is_open, rule.exceptional, why_text(rule.why)) if rule else (True, False, "")
        hours = ", ".join(hours_text(interval) for interval in (rule.hours or ())) if rule else ""
        if day in holidays and counts:
            counts, exceptional, why = (
                False,
                True,
                holidays[day] + (" (at the destination)" if subject.calendar else ""),
            )
        shown.append((Shown(day, counts, hours, why), exceptional))
    return shown


def _print(subject: Subject, days: list[tuple[Shown, bool]], exceptions: bool) -> None:
    """The dates of one subject as a table."""
    console = out()
    place = f", holidays of {'-'.join(filter(None, subject.region))}" if subject.region else ""
    named = f" (calendar {subject.calendar}{place})" if subject.calendar else ": every day, less holidays"
    console.print(f"{subject.title}{named}", style="bold")
    with_hours = any(shown.hours for shown, _ in days)
    table = plain_table("Date", "", *(["Hours"] if with_hours else []), "Why")
    for shown, exceptional in days:
        if exceptional or not exceptions:
            style = None if shown.counts else "dim"
            cells = [
                day_text(shown.day, year=True),
                "open" if shown.counts else "closed",
                *([shown.hours] if with_hours else []),
                shown.why,
            ]
            table.add_row(*cells, style=style)
    if table.row_count:
        console.print(table)
    counting = sum(shown.counts for shown, _ in days)
    console.print(f"{counted(counting, 'day')} of {len(days)} count.\n")
