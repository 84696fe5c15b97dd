"""What a request tries: every (method, target, way) that the network configures for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from promise_engine._compile.distance import metres_between
from promise_engine._compile.request import targets_table
from promise_engine.errors import Reason
from promise_engine.models.carrier import Route

if TYPE_CHECKING:
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.request import CompiledRequest
    from promise_engine.models.policy import DeliveryMethod


class Listing:
    """Where the methods of a request may go, and by which ways."""

    def __init__(self, network: CompiledNetwork, request: CompiledRequest) -> None:
        self.network = network
        self.request = request
        self.methods = sorted(network.model.methods, key=lambda method: method.id)
        self.direct_reasons: dict[int, Reason] = {}  # of methods that have none

    def fill(self) -> None:
        """List every (method, target, way), in the order of methods, targets and ways."""
        wished = self.request.model.wishes.methods
        asked = [i for i, m in enumerate(self.methods) if wished is None or m.id in wished]
        places = {number: self._places(self.methods[number], number) for number in asked}
        self.chosen_places = chosen = sorted({place for group in places.values() for place in group})
        self.targets = targets_table(self.request, self.network, chosen)
        self.spots = self.request.destinations + [self.network.located_places[place] for place in chosen]
        self.listed: list[tuple[int, int, int]] = []
        parts = len(self.request.destinations)
        for number in asked:
            if number in self.direct_reasons:
                continue
            method = self.methods[number]
            targets = list(range(parts)) if method.kind == "home" else [parts + chosen.index(p) for p in places[number]]
            for target in targets:
                self.listed += [(number, target, way) for way in self._ways(method, target)]
        for number in asked:
            if number not in self.direct_reasons and not any(method == number for method, *_ in self.listed):
                self.direct_reasons[number] = Reason.NO_COLLECTION

    def _places(self, method: DeliveryMethod, number: int) -> list[int]:
        """Places where a method could go, the nearest within its radius."""
        early = self._early_reason(method)
        if method.kind == "home":
            if not self.request.destinations:
                self.direct_reasons[number] = early or Reason.DESTINATION_TYPE_NOT_SERVED
            return []
        served = self.served_places(method)
        if self.request.place is not None:
            place = self.network.place_index[self.request.place]
            if place not in served:
                self.direct_reasons[number] = early or Reason.DESTINATION_TYPE_NOT_SERVED
                return []
            return [place]
        metres, reason = self._near(served)
        near = [(m, place) for m, place in zip(metres, served, strict=True) if 0 <= m <= method.radius_metres]
        if reason or not near:
            self.direct_reasons[number] = early or reason or Reason.NO_PLACE_IN_RADIUS
            return []
        return [place for _, place in sorted(near)[: method.places_shown]]

    def _early_reason(self, method: DeliveryMethod) -> Reason | None:
        """What refuses a method before any place is looked at, for when there is no candidate to ask."""
        if self.request.refused:
            return self.request.refused[0]
        if self.request.kept is not None:
            return Reason.ITEM_NOT_SHOWN
        shown = self.request.channel.methods
        return Reason.METHOD_NOT_SHOWN if shown is not None and method.id not in shown else None

    def _near(self, served: list[int]) -> tuple[list[int], Reason | None]:
        if self.request.point is None:
            return [-1] * len(served), Reason.NO_COORDINATES
        here = np.array(self.request.point)
        return metres_between(self.network.place_coordinates[served], here).tolist(), None

    def served_places(self, method: DeliveryMethod) -> list[int]:
        """Places that a method can serve by configuration, near or far."""
        tables = self.network.tables
        if method.kind == "store_collection":
            stores = np.flatnonzero(tables.places.site_idx >= 0).tolist()
            return [place for place in stores if self._served_store(method, place)]
        services = self.network.service_index
        networks = {self.network.services[services[name]].pickup_network for name in method.services}
        points = {point.id for point in self.network.points if point.network in networks}
        return [i for i, name in enumerate(self.network.place_ids) if name in points]

    def _served_store(self, method: DeliveryMethod, place: int) -> bool:
        """Whether a store hands over its own stock, or a route of the method ends there."""
        prepares = self.network.tables.sites.prepares[self.network.tables.places.site_idx[place]]
        own = method.from_stock and bool(prepares)
        return own or any(self._goes_to(name, self.network.place_ids[place]) for name in method.routes)

    def _ways(self, method: DeliveryMethod, target: int) -> list[int]:
        index, place = self.network.way_index, int(self.targets.place_idx[target])
        names = [*method.services, *method.routes]
        if method.kind == "pickup_point":
            network = self.network.point_of[self.network.place_ids[place]].network
            names = [n for n in names if self.network.services[self.network.service_index[n]].pickup_network == network]
        if method.kind == "store_collection":
            store = self.network.place_ids[place]
            names = [n for n in names if self._goes_to(n, store)]
            return ([0] if method.from_stock else []) + [index[name] for name in sorted(names)]
        return [index[name] for name in sorted(names)]

    def _goes_to(self, route_id: str, store: str) -> bool:
        """Whether a route ends at a store: one it lists, or any with receiving hours."""
        route = self.network.ways[self.network.way_index[route_id]].model
        if not isinstance(route, Route) or route.ends_at != "store":
            return False
        if route.stores is not None:
            return store in route.stores
        return self.network.sites[self.network.site_index[store]].receiving is not None
