"""Where a request goes: an address, the parts of an area, or a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promise_engine import places
from promise_engine._compile.areas import codes_of_area
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
    country: str | None  # none for a place
    postal_code: str
    postal_prefix: str


def locate_destination(destination: Destination, network: CompiledNetwork, locator: Locator) -> Where:
    """Resolve a request's destination; raises RequestError with the field that cannot be."""
    if destination.place is not None:
        return locate_place(destination, network)
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


def locate_place(destination: Destination, network: CompiledNetwork) -> Where:
    """Where the id of a place leads, which the network says."""
    if destination.place not in network.place_index:
        expected = "the id of a store where shoppers collect, or of a pickup point"
        raise RequestError.of("destination.place", destination.place, expected, code="unknown_id")
    point = None if destination.latitude is None else (destination.latitude, destination.longitude or 0.0)
    return Where([], point, "place", "network", None, "", "")


def _address(destination: Destination, postal_code: str, locator: Locator) -> Where:
    located = _part(destination, postal_code, locator)
    spot = located.spot
    point = None if spot.latitude is None else (spot.latitude, spot.longitude or 0.0)
    country, written = places.normalise(destination.country or "", postal_code)
    return Where([located], point, located.precision, located.located_by, country, written, "")


def _area(destination: Destination, network: CompiledNetwork, locator: Locator) -> Where:
    """One part for each kind of place in the area: zones, restrictions, holidays and clock alike."""
    country, prefix = destination.country or "", destination.postal_prefix or ""
    parts = _parts(destination, prefix, network, locator)
    if not parts:
        raise RequestError.of("destination.postal_code", None, f"a postal code: areas of {country} are not known")
    found = places.locate(country, prefix)
    asked, written = places.normalise_prefix(country, prefix)
    point = None if found is None else (found.latitude, found.longitude)
    if destination.latitude is not None:
        point = (destination.latitude, destination.longitude or 0.0)
    return Where(
        parts, point, "prefix" if prefix else "country", found.source if found else "none",
        asked, "", written,
    )  # fmt: skip


def _parts(destination: Destination, prefix: str, network: CompiledNetwork, locator: Locator) -> list[Located]:
    country = destination.country or ""
    told_more = bool(destination.city) or destination.latitude is not None
    known = None if told_more else network.area_codes.get((country, prefix))
    parts: dict[object, Located] = {}
    codes = codes_of_area(country, prefix, network.named_spans) if known is None else known
    for code in codes:
        located = _part(destination, code, locator)
        parts.setdefault((located.region, located.time_zone, network.kind_of(located.spot)), located)
    if not told_more and known is None:
        network.area_codes[country, prefix] = [part.spot.code for part in parts.values()]
    return list(parts.values())


def _part(destination: Destination, postal_code: str, locator: Locator) -> Located:
    located = locator.resolve(
        destination.country or "", postal_code, destination.city or "", destination.latitude, destination.longitude
    )
    if located.time_zone is None:
        expected = "a country whose time zone is known from its postal codes"
        raise RequestError.of("destination.country", destination.country, expected)
    return located
