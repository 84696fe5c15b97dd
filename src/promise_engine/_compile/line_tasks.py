"""What of the tasks is about the lines of a request: parcels, tariffs, restrictions, for all of them or for parts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from promise_engine._compile.forbidding import Sent, restricted_sites, unserving_sites
from promise_engine._compile.money import leg_costs
from promise_engine._compile.parcels import Packer
from promise_engine._compile.request import money_of_services, services_of
from promise_engine._compile.rules import concerns
from promise_engine.errors import Reason
from promise_engine.models.carrier import Route
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promise_engine._compile.carrier import Way
    from promise_engine._compile.money import LegCosts
    from promise_engine._compile.parcels import PackedParts
    from promise_engine._compile.request import CompiledRequest
    from promise_engine._compile.tasks import Planner
    from promise_engine.models.policy import LineService, Restriction


class TasksOfParts(NamedTuple):
    """What of the tasks is about the lines, for several parts of a basket; fields as in `Tasks`."""

    site_reason: np.ndarray  # (K, N, S)
    reason_idx: np.ndarray  # (P,) which of these
    sourcing_reason: np.ndarray  # (P, N)
    parcels: np.ndarray  # (P, N)
    service_price: np.ndarray  # (P,)
    transport: np.ndarray  # (P, N)
    surcharge: np.ndarray  # (P, N)
    transfer: np.ndarray  # (P, N)
    service_cost: np.ndarray  # (P,) preparation of line services
    dated_ptr: np.ndarray  # (P, N+1) into the next
    dated: np.ndarray  # (n, 4) leg, numbers of the first and last day, amount


class _Task(NamedTuple):
    """One (method, target, way) with what several parts ask for before the clock starts: each array is (P,)."""

    is_unknown: np.ndarray  # whether parcels need a weight or size that nobody gives
    reason: np.ndarray
    parcels: np.ndarray
    transport: np.ndarray
    surcharge: np.ndarray
    transfer: np.ndarray
    dated: list[tuple[int, int, int, int, int]]  # part, leg, first day, last day, amount


class _Leg(NamedTuple):
    """A leg of a way that has a tariff."""

    number: int
    tariff: str
    zone: str | None


class _Parts(NamedTuple):
    """Several parts on their way through the tasks."""

    has: np.ndarray  # (P, L) which lines are in which part
    packed: PackedParts
    costs: dict[tuple[int, str, str | None], LegCosts]  # of parcels within bounds, by a tariff, in a zone
    tasks: dict[tuple[Any, ...], _Task]  # by all that tells tasks apart here


class LineTasks:
    """Works out what tasks ask for some lines of a request.

    Parameters
    ----------
    planner
        Of the request whose tasks they are.
    request
        The request with these lines: the same, or one for some of its lines.
    """

    def __init__(self, planner: Planner, request: CompiledRequest) -> None:
        network, lines = planner.network, request.lines
        self._planner, self._request = planner, request
        self._packer = Packer(network, request.pieces)
        self._rules = [rule for rule in network.model.restrictions if any(concerns(rule, one.labels) for one in lines)]
        self._services = list({service.id: service for _, service in services_of(lines, network)}.values())
        concerned = [[concerns(rule, line.labels) for line in lines] for rule in self._rules]
        served = [[service.id in line.services for line in lines] for service in self._services]
        amounts = [*money_of_services(request, network), *concerned, *served]
        self._amounts = np.array(amounts, np.int64).T.copy()  # (L, 2 + rules + services)
        self._tagged: dict[tuple[str, ...], np.ndarray] = {}
        self._known_reasons: dict[tuple[int, ...], np.ndarray] = {}

    def of(self, has: np.ndarray) -> TasksOfParts:
        """What parts ask for; `has` (P, L) says which lines are in which."""
        parts = _Parts(has, self._packer.parts(has), {}, {})
        listed = self._planner.listed
        tasks = [self._task(parts, *one) for one in listed]

        def by_part(columns: Sequence[np.ndarray]) -> np.ndarray:
            return np.array(columns, np.int64).reshape(len(tasks), len(has)).T.copy()

        amounts = has[:, : len(self._amounts)].astype(np.int64) @ self._amounts
        unknown = by_part([task.is_unknown for task in tasks])
        site_reason, reason_idx = self._reasons(np.concatenate([amounts[:, 2:] > 0, unknown != 0], axis=1))
        dated_ptr, dated = _dated(tasks, len(has))
        return TasksOfParts(
            site_reason,
            reason_idx,
            sourcing_reason=by_part([task.reason for task in tasks]),
            parcels=np.maximum(by_part([task.parcels for task in tasks]), 1),
            service_price=amounts[:, 0].copy(),
            transport=by_part([task.transport for task in tasks]),
            surcharge=by_part([task.surcharge for task in tasks]),
            transfer=by_part([task.transfer for task in tasks]),
            service_cost=amounts[:, 1].copy(),
            dated_ptr=dated_ptr,
            dated=dated,
        )

    def _task(self, parts: _Parts, number: int, target: int, way_idx: int) -> _Task:
        """What parts ask of a task, worked out once for tasks that have the same bounds and tariffs."""
        planner = self._planner
        way, method = planner.network.ways[way_idx], planner.methods[number]
        bound = self._packer.bound_of(way_idx, int(planner.targets.place_idx[target]))
        limits = [service.max_parcels for service in planner.services(way)] + [method.max_parcels]
        most = min((limit for limit in limits if limit is not None and way.id), default=NEVER)
        a_parcel = self._request.money.minor(way.model.transfer_cost, None) if isinstance(way.model, Route) else 0
        legs = tuple(self._legs(way, target))
        key = bound, most, a_parcel, legs
        if key not in parts.tasks:
            parts.tasks[key] = self._worked_out(parts, bound, most, a_parcel, legs)
        return parts.tasks[key]

    def _legs(self, way: Way, target: int) -> Iterator[_Leg]:
        """The legs that have a tariff."""
        planner = self._planner
        for number, service in enumerate(planner.services(way)):
            if service.tariff is None:
                continue
            zone_set = planner.tariffs[service.tariff].zone_set
            stop = way.model.legs[number].to if isinstance(way.model, Route) else None
            zone = planner.zone(zone_set, target) if stop is None else planner.zone_at(zone_set, stop)
            yield _Leg(number, service.tariff, zone)

    def _worked_out(self, parts: _Parts, bound: int, most: int, a_parcel: int, legs: tuple[_Leg, ...]) -> _Task:
        packed = parts.packed.within(bound)
        reason, count = packed.reason, packed.parcel_count
        dated: list[tuple[int, int, int, int, int]] = []
        if most < NEVER:
            reason = np.where((reason == 0) & (count > most), int(Reason.TOO_MANY_PARCELS), reason)
        transport, surcharge = np.zeros((2, len(reason)), np.int64)
        for leg in legs:
            costs = self._leg_costs(parts, bound, leg)
            reason = np.where((reason == 0) & ~costs.is_priced, int(Reason.NO_TARIFF), reason)
            transport += costs.transport
            surcharge += costs.surcharge
            dated += [(part, leg.number, first, last, amount) for part, first, last, amount in costs.dated]
        transport[reason != 0] = surcharge[reason != 0] = 0
        dated = [entry for entry in dated if reason[entry[0]] == 0]
        return _Task(packed.is_unknown, reason, count, transport, surcharge, count * a_parcel, dated)

    def _leg_costs(self, parts: _Parts, bound: int, leg: _Leg) -> LegCosts:
        key = bound, leg.tariff, leg.zone
        if key not in parts.costs:
            tariff, has_tags = self._planner.tariffs[leg.tariff], partial(self._has_tags, parts.has)
            parts.costs[key] = leg_costs(tariff, leg.zone, parts.packed.within(bound), has_tags, self._request.money)
        return parts.costs[key]

    def _has_tags(self, has: np.ndarray, tags: list[str]) -> np.ndarray:
        """Which parts have a line with some of the tags (P,)."""
        key = tuple(tags)
        if key not in self._tagged:
            lines = self._request.lines
            self._tagged[key] = np.array([not line.labels.tags.isdisjoint(tags) for line in lines], np.bool_)
        return np.asarray(has[:, np.flatnonzero(self._tagged[key])].any(axis=1))

    def _reasons(self, differing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Reasons by task and site (K, N, S), and which of them are those of each part.

        `differing` says by part which restrictions and services its lines meet, and which tasks lack a size.
        """
        kinds: dict[tuple[int, ...], int] = {}
        reason_idx = [kinds.setdefault(tuple(met), len(kinds)) for met in differing.tolist()]
        return np.array([self._reasons_of(kind) for kind in kinds]), np.array(reason_idx, np.int64)

    def _reasons_of(self, kind: tuple[int, ...]) -> np.ndarray:
        """First reasons before stock is asked, by task and site (N, S)."""
        if kind not in self._known_reasons:
            rules, services, listed = len(self._rules), len(self._services), self._planner.listed
            met = [rule for rule, is_met in zip(self._rules, kind, strict=False) if is_met]
            asked = [service for service, is_met in zip(self._services, kind[rules:], strict=False) if is_met]
            reasons = [
                self._site_reasons(met, asked, is_unknown, *one)
                for is_unknown, one in zip(kind[rules + services :], listed, strict=True)
            ]
            shape = len(listed), len(self._planner.network.sites)
            self._known_reasons[kind] = np.array(reasons, np.int64).reshape(shape)
        return self._known_reasons[kind]

    def _site_reasons(
        self, restrictions: list[Restriction], services: list[LineService], is_unknown: int,
        number: int, target: int, way_idx: int,
    ) -> np.ndarray:  # fmt: skip
        """First reason before stock is asked, by site; -1 where the site is no candidate."""
        planner, refused = self._planner, self._request.refused
        standing, network = planner.standing(number, target, way_idx), planner.network
        way = network.ways[way_idx]
        reasons = np.full(len(network.sites), standing.place, np.int64)
        if services:
            last = planner.services(way)[-1] if way.services else None
            reasons[unserving_sites(services, last, network)] = Reason.LINE_SERVICE_NOT_OFFERED
        if restrictions:
            sent = Sent(planner.methods[number].id, self._request.channel.id, way, planner.spots[target])
            reasons[restricted_sites(restrictions, sent, network)] = Reason.RESTRICTED
        reasons = np.where(standing.hidden != 0, standing.hidden, reasons)
        if is_unknown:
            reasons[:] = Reason.UNKNOWN_SIZE
        if refused:
            reasons[:] = refused[0]
        reasons[~standing.candidates] = -1
        return reasons


def _dated(tasks: Sequence[_Task], parts: int) -> tuple[np.ndarray, np.ndarray]:
    """The surcharges of collection dates, and where those of each part and task begin (P, N+1)."""
    dated = sorted((part, number, *rest) for number, task in enumerate(tasks) for part, *rest in task.dated)
    counts = np.zeros(parts * len(tasks) + 1, np.int64)
    for part, number, *_ in dated:
        counts[part * len(tasks) + number + 1] += 1
    begins = np.arange(parts)[:, None] * len(tasks) + np.arange(len(tasks) + 1)
    rows = np.array([rest for _, _, *rest in dated], np.int64).reshape(len(dated), 4)
    return np.cumsum(counts)[begins], rows
