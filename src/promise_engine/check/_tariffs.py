"""Tariffs that have no price for what the services carry, and currencies that cannot be converted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.inputs._rules.findings import each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promise_engine.check._facts import Facts
    from promise_engine.inputs.paths import Loc
    from promise_engine.models.carrier import CarrierService
    from promise_engine.models.pricing import Tariff, TariffRow


def _by_zone(tariff: Tariff) -> dict[str | None, list[TariffRow]]:
    rows: dict[str | None, list[TariffRow]] = {}
    for row in sorted(tariff.rows, key=lambda row: row.min_grams):
        rows.setdefault(row.zone, []).append(row)
    return rows


def _gaps(rows: Sequence[TariffRow]) -> Iterator[tuple[int, int]]:
    """Weights from 0 up to the last band that no band holds, as [first, end)."""
    reached = 0
    for row in rows:
        if row.min_grams > reached:
            yield reached, row.min_grams
        reached = max(reached, row.max_grams or row.min_grams)


def check_bands_join(facts: Facts) -> None:
    """Weights between two bands of a zone, or below the first, that have no price."""
    for i, tariff in enumerate(facts.network.tariffs):
        for zone, rows in _by_zone(tariff).items():
            for first, end in _gaps(rows):
                value = f"{_zone_text(zone)}nothing from {first} to {end} g"
                words = "bands [min, max) that join, from 0"
                facts.findings.warn(("tariffs", i, "rows"), value, words, "tariff_gap")


def _zone_text(zone: str | None) -> str:
    return "" if zone is None else f"{zone}: "


def check_bands_reach_limits(facts: Facts) -> None:
    """A zone whose last band ends at or below the weight that a service with this tariff still takes."""
    for service in facts.network.services:
        limit = service.limits.weight_grams
        if service.tariff is None or limit is None:
            continue
        tariff: Tariff = facts.findings.get("tariffs", service.tariff)
        wanted = _zones_of(facts, service, tariff)
        for zone, rows in _by_zone(tariff).items():
            end = max((row.max_grams or limit + 1 for row in rows), default=0)
            if end <= limit and (zone is None or zone in wanted):
                value = f"{_zone_text(zone)}nothing from {end} g"
                words = f"a band up to {limit} g, which {service.id} takes (`max_grams: {limit + 1}`, or none)"
                facts.findings.warn((*facts.loc("tariffs", tariff.id), "rows"), value, words, "tariff_gap")


def check_zones_have_bands(facts: Facts) -> None:
    """A zone to which a service has a lane, and for which its tariff has no row."""
    for service in facts.network.services:
        if service.tariff is None:
            continue
        tariff: Tariff = facts.findings.get("tariffs", service.tariff)
        priced = {row.zone for row in tariff.rows}
        for zone in sorted(_zones_of(facts, service, tariff)):
            if zone not in priced:
                words = f"a row for the zone, because {service.id} has a lane to it"
                facts.findings.warn((*facts.loc("tariffs", tariff.id), "rows"), zone, words, "tariff_gap")


def _zones_of(facts: Facts, service: CarrierService, tariff: Tariff) -> set[str]:
    """Zones of the tariff that the service's parcels may go to, as far as the zones alone can tell: those of its lanes
    where both count in one zone set and a method goes there, and those of its stops and places."""
    if tariff.zone_set is None:
        return set()
    index = facts.compiled.zone_sets[tariff.zone_set]
    names = {number: zone.id for number, zone in enumerate(index.zones, 1)}
    found: set[str] = set()
    for journey in facts.served:
        for k, (site, name) in enumerate(journey.legs):
            if name != service.id:
                continue
            if k + 1 < len(journey.legs):
                stop = facts.compiled.located_sites[facts.compiled.site_index[journey.legs[k + 1][0]]]
                found |= {names[number] for number in (index.resolve(stop.spot),) if number}
            elif journey.method.kind == "home" and service.zone_set == tariff.zone_set:
                reached = {names[zone] for zone in facts.lane_zones(name, site) if zone}
                offered = journey.method.zones if journey.method.zone_set == tariff.zone_set else None
                found |= reached if offered is None else reached & set(offered)
            elif journey.method.kind == "store_collection":
                stores = [
                    facts.compiled.located_sites[facts.compiled.site_index[s]] for s in facts.stores_of(journey.way)
                ]
                found |= {names[number] for number in (index.resolve(store.spot) for store in stores) if number}
    return found


def check_rates(facts: Facts) -> None:
    """A currency with some exchange rates to it, in which answers fail because another currency in use has none."""
    network = facts.network
    used: dict[str, Loc] = {network.settings.currency: ("settings", "currency")}
    for pattern in ("tariffs.*.currency", "methods.*.currency"):
        for loc, currency in each(network, pattern):
            used.setdefault(currency, loc)
    for target in sorted({rate.to for rate in network.exchange_rates} - {network.settings.currency}):
        for currency, loc in used.items():
            if currency != target:
                starts = [r.valid_from for r in network.exchange_rates if (r.of, r.to) == (currency, target)]
                if not starts or min(starts) > network.valid_from:
                    words = f"an exchange rate to {target} valid on {network.valid_from}, as other currencies have"
                    facts.findings.warn(loc, currency, words, "no_rate")


TARIFFS = (check_bands_join, check_bands_reach_limits, check_zones_have_bands, check_rates)
