"""Delivery days and windows that never meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine.models._base import WEEKDAYS
from promise_engine.models.carrier import HourTransit
from promise_engine.units import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.check._facts import Dates, Facts
    from promise_engine.inputs.paths import Loc
    from promise_engine.models.carrier import Delivery, DeliveryWindow


def _deliveries(facts: Facts) -> Iterator[tuple[Loc, Delivery]]:
    """The delivery rules of services that reach a door or a pickup point, unless all lanes have one, and of lanes."""
    for i, service in enumerate(facts.network.services):
        if service.id not in facts.delivering:
            continue
        if any(lane.delivery is None for lane in service.lanes):
            yield ("services", i, "delivery"), service.delivery
        for k, lane in enumerate(service.lanes):
            if lane.delivery is not None:
                yield ("services", i, "lanes", k, "delivery"), lane.delivery


def _on_dates(facts: Facts, delivery: Delivery, window: DeliveryWindow) -> Dates:
    """Dates on which a window exists, where no exception gives others, and the service delivers."""
    days = np.asarray(facts.compiled.calendars.open_days(delivery.days, None), bool)
    on = days & np.isin(facts.weekday, [WEEKDAYS.index(day) for day in window.weekdays or WEEKDAYS])
    for exception in delivery.exceptions:
        on &= ~np.array([exception.covers(day) for day in facts.dates], bool)
    return on


def _fits(delivery: Delivery, window: DeliveryWindow) -> bool:
    return delivery.length is None or window.hours.end - window.hours.start >= seconds(delivery.length)


def check_windows_meet_days(facts: Facts) -> None:
    """Windows none of which lies on a delivery day of the service; or one of them that never does."""
    for loc, delivery in _deliveries(facts):
        days = np.asarray(facts.compiled.calendars.open_days(delivery.days, None), bool)
        if not facts.in_force(days).size:
            continue
        met = [bool(facts.in_force(_on_dates(facts, delivery, window)).size) for window in delivery.windows]
        if not any(met) and not any(facts.in_force(_exception_dates(facts, delivery) & days)):
            facts.findings.warn(
                (*loc, "windows"),
                delivery.days or "",
                "a window on a weekday on which the service delivers",
                "windows_never",
            )
            continue
        for k, window in enumerate(delivery.windows):
            if not met[k] and window.weekdays is not None:
                words = "a weekday on which the service delivers"
                facts.findings.warn((*loc, "windows", k, "weekdays"), ", ".join(window.weekdays), words, "window_never")


def _exception_dates(facts: Facts, delivery: Delivery) -> Dates:
    covered = [np.array([exception.covers(day) for day in facts.dates], bool) for exception in delivery.exceptions]
    return np.any(covered, axis=0) if covered else np.zeros(len(facts.dates), bool)


def check_length_fits(facts: Facts) -> None:
    """A window that follows the arrival and is longer than every window of the service."""
    for loc, delivery in _deliveries(facts):
        if not any(_fits(delivery, window) for window in delivery.windows):
            length = delivery.model_dump(mode="json", include={"length"})["length"]
            facts.findings.warn((*loc, "length"), length, "a length not above that of a window", "windows_never")


def check_waiting_is_possible(facts: Facts) -> None:
    """A service by days that forbids waiting, none of whose delivery days is a day of its network: what arrives on a
    network day would always have to wait. Where a safety margin or a late departure may move the arrival, nothing is
    said."""
    margins = [bool(site.safety_margin_days or site.safety_margin) for site in facts.network.sites]
    margins += [bool(channel.safety_margin_days or channel.safety_margin) for channel in facts.network.channels]
    late = {s for c in facts.network.collections if c.departure and c.departure.days > 1 for s in c.services}
    for i, service in enumerate(facts.network.services):
        moved = any(margins) or service.safety_margin_days or service.safety_margin
        if service.id not in facts.delivering or service.id in late or moved:
            continue
        for k, lane in enumerate(service.lanes):
            delivery, transit = lane.delivery or service.delivery, lane.transit
            if (
                delivery.waiting
                or isinstance(transit, HourTransit)
                or not transit.network_days
                or not transit.maximum_days
            ):
                continue
            calendars = facts.compiled.calendars
            both = calendars.open_days(delivery.days, None) & calendars.open_days(transit.network_days, None)
            if not facts.in_force(np.asarray(both, bool)).size:
                loc: Loc = ("services", i, "lanes", k, "transit", "network_days")
                words = "days that hold a delivery day, or `waiting: true`"
                facts.findings.warn(loc, transit.network_days, words, "waiting_needed")


DELIVERY = (check_windows_meet_days, check_length_fits, check_waiting_is_possible)
