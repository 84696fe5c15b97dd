"""The question of a checkout, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promise_engine.errors import Fault, RequestError, shown
from promise_engine.inputs.faults import validated
from promise_engine.models.request import PromiseRequest
from promise_engine.places import CountryError, PlaceError, PostalCodeError, normalise, normalise_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promise_engine.models.request import Destination


def parse_request(data: dict[str, Any] | PromiseRequest) -> PromiseRequest:
    """The request of its document; RequestError lists every fault.

    Examples
    --------
    >>> parse_request({"lines": [], "destination": {"country": "FR"}, "placed_at": "2026-11-21T12:00:00Z"})
    Traceback (most recent call last):
    promise_engine.errors.RequestError: 1 fault in the request:
      lines: found [], expected at least 1 item
    """
    request = data if isinstance(data, PromiseRequest) else validated(PromiseRequest, data, RequestError)
    faults = list(_faults(request))
    if faults:
        raise RequestError(faults)
    return request


def _faults(request: PromiseRequest) -> Iterator[Fault]:
    if not any(line.ships for line in request.lines):
        yield Fault("", "lines", "", "at least one line that ships", "nothing_ships")
    named = [line.id for line in request.lines if line.id is not None]
    if len(set(named)) != len(named):
        for i, line in enumerate(request.lines):
            if line.id is not None and line.id in {earlier.id for earlier in request.lines[:i]}:
                yield Fault("", f"lines.{i}.id", shown(line.id), "an id that no other line has", "duplicate_id")
    yield from _destination_faults(request.destination)


def _destination_faults(destination: Destination) -> Iterator[Fault]:
    country = destination.country
    if country is None:
        return
    try:
        if destination.postal_code is not None:
            normalise(country, destination.postal_code)
        else:
            normalise_prefix(country, destination.postal_prefix or "")
    except PostalCodeError as wrong:
        field = "postal_code" if destination.postal_code is not None else "postal_prefix"
        hint = f" ({wrong.hint})" if wrong.hint else ""
        words = f"a postal code of {country}: {wrong.expected}{hint}"
        yield Fault("", f"destination.{field}", shown(wrong.value), words, "postal_code")
    except CountryError:
        yield Fault("", "destination.country", shown(country), "an ISO 3166-1 country code such as FR", "country")
    except PlaceError as wrong_place:
        yield Fault("", "destination", "", str(wrong_place), "place")
