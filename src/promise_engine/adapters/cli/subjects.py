"""Whose days the command `calendar` is asked for: a site's, a carrier's, a service's or a destination's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click

from promise_engine.adapters.cli.inputs import destination_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from promise_engine import Network
    from promise_engine._compile.almanac import Almanac
    from promise_engine._compile.calendars import Period, Region
    from promise_engine.models.carrier import Carrier, CarrierService, Delivery, Lane
    from promise_engine.models.site import Site

Named = TypeVar("Named", "Site", "Carrier", "CarrierService")
SITE_USES = ("preparation", "dispatch", "receiving", "opening")
SERVICE_USES = ("delivery", "network")


class Asked(NamedTuple):
    """The options of the command that say whose days."""

    site: str | None
    carrier: str | None
    service: str | None
    to: str | None
    use: str | None

    def check(self) -> None:
        """Refuse options that do not go together."""
        alone = [self.carrier, self.service] if self.carrier or self.service else [self.site, self.to]
        if sum(name is not None for name in alone) != 1 or (self.carrier is not None and self.to is not None):
            raise click.UsageError(
                "One of --site, --carrier, --service, --to; --carrier may have --site, --service --site and --to."
            )


class Subject(NamedTuple):
    """One calendar to show, and what else decides its days."""

    title: str
    calendar: str | None  # none: every day
    region: Region | None = None
    delivery: Delivery | None = None  # of a service: its windows, and whether it delivers on holidays
    missing: str = ""  # which holidays are not applied, and the option that applies them


def subjects_of(network: Network, asked: Asked) -> list[Subject]:
    """What is asked for, in one or several calendars."""
    site = None if asked.site is None else _named(network.sites, asked.site, "--site")
    if asked.carrier is not None:
        return [_carrier_subject(network, _named(network.carriers, asked.carrier, "--carrier"), site)]
    if asked.service is not None:
        service = _named(network.services, asked.service, "--service")
        if asked.use not in {None, *SERVICE_USES}:
            raise click.BadParameter(f"{asked.use!r} is not one of: {', '.join(SERVICE_USES)}", param_hint="'--use'")
        if asked.use == "network":
            return list(_network_subjects(network, service, site))
        return list(_delivery_subjects(network, service, asked.to))
    return [Subject(f"destination {asked.to}", None) if site is None else _site_subject(site, asked.use)]


def _named(models: Sequence[Named], name: str, option: str) -> Named:
    found = next((model for model in models if model.id == name), None)
    if found is None:
        ids = ", ".join(sorted(model.id for model in models))
        raise click.BadParameter(f"{name!r} is not one of: {ids}", param_hint=f"'{option}'")
    return found


def _region(site: Site | None) -> Region | None:
    from promise_engine._compile.places import Locator  # noqa: PLC0415

    return None if site is None else Locator(None).locate(site.address).region


def _site_subject(site: Site, use: str | None) -> Subject:
    preparation, collection = site.preparation, site.store_collection
    known = {
        "preparation": preparation.calendar if preparation else None,
        "dispatch": (preparation.dispatch or preparation.calendar) if preparation else site.receiving,
        "receiving": site.receiving,
        "opening": collection.opening if collection else None,
    }
    chosen = use or next((name for name in SITE_USES if known[name]), "preparation")
    if not known.get(chosen):
        having = ", ".join(name for name in SITE_USES if known[name]) or "none"
        raise click.BadParameter(f"{site.id} has no {chosen} days; it has: {having}", param_hint="'--use'")
    return Subject(f"site {site.id}, {chosen}", known[chosen], _region(site))


def _carrier_subject(network: Network, carrier: Carrier, site: Site | None) -> Subject:
    at = "" if site is None else f" at {site.id}"
    missing = _missing(network, carrier.collection_days, site, "--site says where the carrier collects")
    return Subject(f"carrier {carrier.id}, collection days{at}", carrier.collection_days, _region(site), None, missing)


def _missing(network: Network, calendar: str | None, site: Site | None, option: str) -> str:
    if site is not None or calendar is None or not _asks_place(network, calendar):
        return ""
    return f"Holidays of the place are not applied: {option}."


def _asks_place(network: Network, name: str) -> bool:
    """Whether a calendar, or one that it combines, has the holidays of the place that uses it."""
    calendar = next(calendar for calendar in network.calendars if calendar.id == name)
    if any("place" in {source.country, source.subdivision} for source in calendar.holidays):
        return True
    return any(_asks_place(network, member) for member in (*calendar.all_of, *calendar.any_of))


def _network_subjects(network: Network, service: CarrierService, site: Site | None) -> Iterator[Subject]:
    """One subject for each calendar of the transit of a service: days of its network, or hours where it leaves."""
    from promise_engine.models.carrier import DayTransit  # noqa: PLC0415

    named: dict[str | None, list[Lane]] = {}
    in_hours: set[str | None] = set()
    for lane in service.lanes:
        by_day = isinstance(lane.transit, DayTransit)
        name = lane.transit.network_days if isinstance(lane.transit, DayTransit) else lane.transit.hours
        named.setdefault(name, []).append(lane)
        in_hours |= set() if by_day else {name}
    for name, lanes in named.items():
        of_site = site if name in in_hours else None
        at = "" if of_site is None else f" from {of_site.id}"
        missing = _missing(network, name, of_site, "--site says where the parcel leaves")
        title = f"service {service.id}, network{at}{_lanes(lanes, len(named))}"
        yield Subject(title, name, _region(of_site), None, missing)


def _delivery_subjects(network: Network, service: CarrierService, to: str | None) -> Iterator[Subject]:
    """One subject for each delivery of the lanes of a service."""
    named: dict[Delivery, list[Lane]] = {}
    for lane in service.lanes:
        named.setdefault(lane.delivery or service.delivery, []).append(lane)
    for delivery, lanes in named.items():
        lost = to is None and not delivery.on_holidays and network.settings.destination_holidays
        missing = "Holidays of the destination are not applied: --to says where that is." if lost else ""
        title = f"service {service.id}, delivery{_lanes(lanes, len(named))}"
        yield Subject(title, delivery.days, None, delivery, missing)


def _lanes(lanes: Sequence[Lane], groups: int) -> str:
    """Which lanes are meant, when others differ."""
    if groups == 1:
        return ""
    return " of " + ", ".join(
        f"{'/'.join(lane.origins or ('any',))} to {'/'.join(lane.destinations or ('any',))}" for lane in lanes
    )


def holidays_of(network: Network, to: str, period: Period, almanac: Almanac) -> dict[date, str]:
    """Holidays at a destination, as the network's settings define them."""
    from promise_engine._compile.calendars import holidays_at  # noqa: PLC0415
    from promise_engine._compile.places import Locator  # noqa: PLC0415

    asked = destination_of(to, network.sites[0].address.country, set())
    if "postal_code" not in asked:
        raise click.BadParameter(f'{to!r} is not a country with a postal code, such as "FR 67000"', param_hint="'--to'")
    region = Locator(None).resolve(asked["country"], asked["postal_code"], "", None, None).region
    return holidays_at(network.settings.destination_holidays, region, period, almanac)
