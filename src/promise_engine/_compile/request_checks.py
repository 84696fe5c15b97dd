"""A request checked against the network: every fault that only the network can tell."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from promise_engine._arrays import MAX_LINES, MAX_UNITS
from promise_engine._compile.lines import BasketLine, basket_lines
from promise_engine.errors import Fault, RequestError, request_error, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promise_engine._compile.destination import Where
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine.inputs.request import Reading
    from promise_engine.models.catalogue import Item
    from promise_engine.models.request import Line, PromiseRequest


def checked_request(reading: Reading, network: CompiledNetwork, items: Mapping[str, Item] | None) -> PromiseRequest:
    """The request that was read; RequestError when it cannot be read, or is placed when the network is not valid.

    Its faults are then joined by those that `compile_request` would find in what can be read.
    """
    faults = [*reading.faults, *_placed_at_faults(reading, network)]
    if not faults:
        faults += _valid_for_faults(reading.request, network)
    if faults or reading.request.groups:
        faults += examined(reading.request, network, items, reading.unread).faults
    if faults:
        raise request_error(faults)
    return reading.request


class Examined(NamedTuple):
    """What is wrong with a request, and what was found on the way."""

    faults: list[Fault]
    shipped: list[Line]  # those that ship
    lines: list[BasketLine]
    where: Where | None  # none only beside a fault


def examined(
    request: PromiseRequest,
    network: CompiledNetwork,
    items: Mapping[str, Item] | None,
    unread: frozenset[str],
) -> Examined:
    """Ask everything that the fields allow, but for those in `unread`."""
    faults = [
        fault for fields, faults_in in _CHECKS if unread.isdisjoint(fields) for fault in faults_in(request, network)
    ]
    shipped = [] if "lines" in unread else [line for line in request.lines if line.ships]
    lines = basket_lines(shipped, items)
    faults += _size_faults(shipped, lines)
    where = None
    own_destinations = bool(request.groups) and all(group.destination for group in request.groups)
    if "destination" not in unread and not own_destinations:
        try:
            where = network.almanac.destination(request.destination, network)
        except RequestError as nowhere:
            faults += nowhere.faults
    if "groups" not in unread:
        faults += _group_destination_faults(request, network, unread)
    return Examined(faults, shipped, lines, where)


def _channel_faults(request: PromiseRequest, network: CompiledNetwork) -> list[Fault]:
    known = [channel.id for channel in network.model.channels]
    if request.channel in known or (request.channel is None and len(known) == 1):
        return []
    words = f"one of: {', '.join(sorted(known))}"
    return [Fault("", "channel", shown(request.channel), words, "unknown_id")]


def _placed_at_faults(reading: Reading, network: CompiledNetwork) -> list[Fault]:
    """An order outside the dates for which the network is valid."""
    day = reading.request.placed_at.astimezone(UTC).date()
    first, last = network.placed
    if "placed_at" in reading.unread or first <= day <= last:
        return []
    words = f"an instant between {first} and {last} (UTC), while the network is valid"
    return [Fault("", "placed_at", shown(reading.request.placed_at.isoformat()), words)]


def _valid_for_faults(request: PromiseRequest, network: CompiledNetwork) -> list[Fault]:
    """An answer that would hold for orders after the dates for which the network is valid."""
    end = request.placed_at.astimezone(UTC) + request.valid_for
    last = network.placed[1]
    if end <= datetime.combine(last + timedelta(days=1), time.min, UTC):
        return []
    words = f"a duration that ends with {last} (UTC), the last date for which the network is valid, or before"
    lasts = request.model_dump(mode="json", include={"valid_for"})["valid_for"]
    return [Fault("", "valid_for", shown(lasts), words)]


def _wish_faults(request: PromiseRequest, network: CompiledNetwork) -> list[Fault]:
    if request.wishes.methods is None:
        return []
    known = {method.id for method in network.model.methods}
    words = f"one of: {', '.join(sorted(known))}"
    return [
        Fault("", f"wishes.methods.{i}", shown(name), words, "unknown_id")
        for i, name in enumerate(request.wishes.methods)
        if name not in known
    ]


def _group_method_faults(request: PromiseRequest, network: CompiledNetwork) -> list[Fault]:
    known = {method.id for method in network.model.methods}
    words = f"one of: {', '.join(sorted(known))}"
    return [
        Fault("", f"groups.{i}.methods.{k}", shown(name), words, "unknown_id")
        for i, group in enumerate(request.groups)
        for k, name in enumerate(group.methods or ())
        if name not in known
    ]


def _group_destination_faults(request: PromiseRequest, network: CompiledNetwork, unread: frozenset[str]) -> list[Fault]:
    faults: list[Fault] = []
    for i, group in enumerate(request.groups):
        try:
            if group.destination is not None and f"groups.{i}.destination" not in unread:
                network.almanac.destination(group.destination, network)
        except RequestError as nowhere:
            faults += [fault.below(f"groups.{i}") for fault in nowhere.faults]
    return faults


def _service_faults(request: PromiseRequest, network: CompiledNetwork) -> list[Fault]:
    known = {service.id for service in network.model.line_services}
    words = f"one of: {', '.join(sorted(known))}" if known else "none: the network has no line services"
    return [
        Fault("", f"lines.{i}.services.{k}", shown(name), words, "unknown_id")
        for i, line in enumerate(request.lines)
        for k, name in enumerate(line.services)
        if name not in known
    ]


def _currency_faults(request: PromiseRequest, network: CompiledNetwork) -> list[Fault]:
    """A currency that nothing is priced in, nor converted to; one that lacks some rates may still do."""
    model, currency = network.model, request.currency
    if currency is None or currency == model.settings.currency:
        return []
    day = request.placed_at.astimezone(UTC).date()
    priced = {method.currency for method in model.methods} | {tariff.currency for tariff in model.tariffs}
    if currency in priced or any(currency == rate.to and rate.valid_from <= day for rate in model.exchange_rates):
        return []
    words = f"a currency with an exchange rate from {model.settings.currency} valid on {day}"
    return [Fault("", "currency", shown(currency), words, "no_exchange_rate")]


_CHECKS = (
    (("channel",), _channel_faults),
    (("wishes",), _wish_faults),
    (("groups",), _group_method_faults),
    (("lines",), _service_faults),
    (("currency", "placed_at"), _currency_faults),
)
"""What only the network can say, with the fields that each check reads."""


def _size_faults(shipped: list[Line], lines: list[BasketLine]) -> list[Fault]:
    units = sum(line.handled for line in lines)
    return [
        Fault("", "lines", f"{count:,} {what}", f"at most {cap:,} {what}", "limit")
        for count, cap, what in ((len(shipped), MAX_LINES, "lines that ship"), (units, MAX_UNITS, "units"))
        if count > cap
    ]
