"""Where a request goes: an address, the parts of an area, or a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promise_engine import places
from promise_engine.errors import RequestError

if TYPE_CHECKING:
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.places import Located, Locator
    from promise_engine.models.request import Destination


class Where(NamedTuple):
    """A destination resolved. `parts` is empty for a place, one for an address, several for an area."""

    parts: list[Located]
    point: tuple[float, float] | None
    precision: str
    located_by: str
    postal_code: str


def locate_destination(destination: Destination, network: CompiledNetwork, locator: Locator) -> Where:
    """Resolve a request's destination; raises RequestError with the field that cannot be."""
    if destination.place is not None:
        return _place(destination, network)
    try:
        if destination.postal_code is not None:
            return _address(destination, destination.postal_code, locator)
        return _area(destination, network, locator)
    except places.PlaceError as error:
        field = "country" if isinstance(error, places.CountryError) else "postal_code"
        expected = getattr(error, "expected", None) or str(error)
        raise RequestError.of(
            f"destination.{field}", getattr(error, "value", None), expected, code="postal_code"
        ) from None


def _place(destination: Destination, network: CompiledNetwork) -> Where:
    if destination.place not in network.place_index:
        expected = "the id of a store where shoppers collect, or of a pickup point"
        raise RequestError.of("destination.place", destination.place, expected, code="unknown_id")
    point = None if destination.latitude is None else (destination.latitude, destination.longitude or 0.0)
    return Where([], point, "place", "network", "")


def _address(destination: Destination, postal_code: str, locator: Locator) -> Where:
    located = _part(destination, postal_code, locator)
    spot = located.spot
    point = None if spot.latitude is None else (spot.latitude, spot.longitude or 0.0)
    written = places.normalise(destination.country or "", postal_code)[1]
    return Where([located], point, located.precision, located.located_by, written)


def _area(destination: Destination, network: CompiledNetwork, locator: Locator) -> Where:
    """One part for each kind of place in the area: zones, restrictions, holidays and clock alike."""
    country, prefix = destination.country or "", destination.postal_prefix or ""
    codes = places.representatives(country, prefix)
    if not codes:
        raise RequestError.of("destination.postal_code", None, f"a postal code: areas of {country} are not known")
    parts: dict[object, Located] = {}
    for code in codes:
        located = _part(destination, code, locator)
        parts.setdefault((located.region, located.time_zone, network.kind_of(located.spot)), located)
    found = places.locate(country, prefix)
    point = None if found is None else (found.latitude, found.longitude)
    if destination.latitude is not None:
        point = (destination.latitude, destination.longitude or 0.0)
    return Where(
        list(parts.values()), point, "prefix" if prefix else "country", found.source if found else "none", prefix
    )


def _part(destination: Destination, postal_code: str, locator: Locator) -> Located:
    located = locator.resolve(
        destination.country or "", postal_code, destination.city or "", destination.latitude, destination.longitude
    )
    if located.time_zone is None:
        expected = "a country whose time zone is known from its postal codes"
        raise RequestError.of("destination.country", destination.country, expected)
    return located
