"""What objects are used for: stops that receive, services that fit their method, currencies that have a rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from promise_engine.inputs._rules.findings import Findings, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.inputs.paths import Loc
    from promise_engine.models.carrier import Route
    from promise_engine.models.policy import DeliveryMethod

GREATEST_NUMBER = 10**12


def check_uses(findings: Findings) -> None:
    """Every rule about what an object is used for."""
    for i, route in enumerate(findings.network.routes):
        _check_route(findings, ("routes", i), route)
    for i, method in enumerate(findings.network.methods):
        _check_method(findings, ("methods", i), method)
    _check_collections(findings)
    _check_stores(findings)
    _check_line_services(findings)
    _check_tariff_rows(findings)
    _check_currencies(findings)
    _check_settings(findings)
    _check_values(findings)


def _check_route(findings: Findings, loc: Loc, route: Route) -> None:
    for k, leg in enumerate(route.legs):
        stop = findings.get("sites", leg.to)
        if stop is not None and stop.receiving is None:
            findings.add((*loc, "legs", k, "to"), leg.to, "a site with `receiving`, as every stop", "no_receiving")
        service = findings.get("services", leg.service)
        if service is not None and service.pickup_network is not None:
            findings.add((*loc, "legs", k, "service"), leg.service, "a service without `pickup_network`", "wrong_kind")
    for k, name in enumerate(route.stores or ()):
        store = findings.get("sites", name)
        if store is not None and store.receiving is None:
            findings.add((*loc, "stores", k), name, "a site with `receiving`, as every stop", "no_receiving")
        elif store is not None and store.store_collection is None:
            findings.add((*loc, "stores", k), name, "a site with `store_collection`", "no_store_collection")


def _check_method(findings: Findings, loc: Loc, method: DeliveryMethod) -> None:
    for k, name in enumerate(method.services):
        service = findings.get("services", name)
        to_points = service is not None and service.pickup_network is not None
        if service is not None and to_points != (method.kind == "pickup_point"):
            words = "a service without `pickup_network`" if to_points else "a service with a `pickup_network`"
            findings.add((*loc, "services", k), name, words, "wrong_kind")
    for k, name in enumerate(method.routes):
        route = findings.get("routes", name)
        if route is not None and (route.ends_at == "store") != (method.kind == "store_collection"):
            end = "store" if method.kind == "store_collection" else "address"
            findings.add((*loc, "routes", k), name, f"a route that ends at: {end}", "wrong_kind")
    if method.shipping == "as_available" and method.max_shipments == 1:
        words = "2 or more with `shipping: as_available`: nothing can be sent ahead"
        findings.warn((*loc, "max_shipments"), 1, words, "one_shipment")
    if method.kind == "store_collection" and not findings.uncertain("sites"):
        stores = [site for site in findings.network.sites if site.store_collection is not None]
        if not stores:
            findings.warn((*loc, "kind"), method.kind, "at least one site with `store_collection`", "no_stores")


def _check_collections(findings: Findings) -> None:
    for loc, name in findings.each("collections.*.sites.*"):
        site = findings.get("sites", name)
        if site is not None and site.preparation is None and site.receiving is None:
            findings.add(loc, name, "a site with `preparation` or `receiving`", "no_dispatch")


def _check_stores(findings: Findings) -> None:
    for i, site in enumerate(findings.network.sites):
        if site.store_collection is not None and site.preparation is None and site.receiving is None:
            words = "`preparation` (own stock) or `receiving` (ship to store) beside it"
            findings.add(("sites", i, "store_collection"), "", words, "no_dispatch")


def _check_line_services(findings: Findings) -> None:
    """A service that nobody offers refuses every basket that asks for it."""
    network = findings.network
    of_sites = {name for site in network.sites for name in site.line_services}
    of_carriers = {name for service in network.services for name in service.line_services}
    for i, service in enumerate(network.line_services):
        for kind, name, offered in (("site", "sites", of_sites), ("carrier", "services", of_carriers)):
            asked = service.offered_by in {kind, "both"} and not findings.uncertain(name)
            if asked and service.id not in offered:
                words = f"a line service that one of the {name} lists in `line_services`"
                findings.warn(("line_services", i, "id"), service.id, words, "not_offered")


def _check_tariff_rows(findings: Findings) -> None:
    for i, tariff in enumerate(findings.network.tariffs):
        for k, row in enumerate(tariff.rows if tariff.zone_set is not None else ()):
            if row.zone is None:
                words = f"a zone of the zone set `{tariff.zone_set}`"
                findings.add(("tariffs", i, "rows", k, "zone"), "", words, "missing")


def _check_currencies(findings: Findings) -> None:
    network = findings.network
    base, rates = network.settings.currency, network.exchange_rates
    seen: set[tuple[object, ...]] = set()
    for i, rate in enumerate(rates):
        key = (rate.of, rate.to, rate.valid_from)
        if rate.of == rate.to:
            findings.add(("exchange_rates", i, "to"), rate.to, "another currency than `of`", "exchange_rate")
        elif key in seen:
            findings.add(
                ("exchange_rates", i),
                f"{rate.of} to {rate.to} from {rate.valid_from}",
                "each pair of currencies and date once",
                "duplicate",
            )
        seen.add(key)
    if any(map(findings.uncertain, ("exchange_rates", "settings", "valid_from"))):
        return
    for pattern in ("tariffs.*.currency", "methods.*.currency", "line_services.*.currency"):
        for loc, currency in each(network, pattern):
            first = min((rate.valid_from for rate in rates if (rate.of, rate.to) == (currency, base)), default=None)
            if currency != base and (first is None or first > network.valid_from):
                words = f"a currency with an exchange rate to {base} valid on {network.valid_from}"
                findings.add(loc, currency, words, "no_rate")


def _check_settings(findings: Findings) -> None:
    settings = findings.network.settings
    if isinstance(settings.late_receipts, int) and not 0 <= settings.late_receipts <= 400:
        findings.add(("settings", "late_receipts"), settings.late_receipts, "`drop`, or a whole number, from 0 to 400")
    for k, side in enumerate(settings.unknown_size.sides_mm or ()):
        if not 0 < side <= 100_000:
            findings.add(("settings", "unknown_size", "sides_mm", k), side, "a whole number, above 0, at most 100,000")


def _check_values(findings: Findings) -> None:
    """Whole numbers that the models do not bound and the engine's integers could not hold, and empty lists."""
    for field in type(findings.network).model_fields:
        for loc, value, default in _leaves(getattr(findings.network, field, None), (field,), ()):
            if isinstance(value, int):
                if abs(value) > GREATEST_NUMBER:
                    findings.add(loc, value, f"a whole number, at most {GREATEST_NUMBER:,}")
            elif default != () and not _opens_by_exception(findings, loc):
                instead = "" if default is PydanticUndefined else ", or the field left out"
                words = f"at least one{instead}: an empty list stands for none"
                findings.warn(loc, list(value), words, "empty_list")


def _opens_by_exception(findings: Findings, loc: Loc) -> bool:
    """Whether a list is the weekdays of a calendar that is open on single dates."""
    kind, position, *rest = loc
    if kind != "calendars" or rest != ["weekdays"]:
        return False
    return any(exception.effect == "open" for exception in findings.network.calendars[int(position)].exceptions)


def _leaves(node: Any, loc: Loc, default: Any) -> Iterator[tuple[Loc, int | tuple[()], Any]]:
    """Whole numbers and empty lists, each with the default of its field."""
    if isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            yield from _leaves(getattr(node, name), (*loc, name), field.default)
    elif isinstance(node, int) or node == ():
        yield loc, node, default
    elif isinstance(node, tuple):
        for i, item in enumerate(node):
            yield from _leaves(item, (*loc, i), ())
