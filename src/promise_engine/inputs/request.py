"""The question of a checkout, checked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ValidationError

from promise_engine.errors import Fault, RequestError, shown
from promise_engine.inputs.expectations import meant
from promise_engine.inputs.faults import faults_of
from promise_engine.models.request import Destination, PromiseRequest, Wishes
from promise_engine.places import CountryError, PlaceError, PostalCodeError, normalise, normalise_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

_STAND_INS = {
    "lines": ({"sku": "unread", "quantity": 1},),
    "destination": {"country": "FR"},
    "placed_at": "2000-01-01T00:00:00Z",
}
"""What stands in required fields that cannot be read."""

_READ_ALONE: dict[str, tuple[type[BaseModel], frozenset[str]]] = {
    "destination": (Destination, frozenset(("country", "postal_code", "postal_prefix", "place"))),
    "wishes": (Wishes, frozenset(("methods",))),
}
"""Fields of which a part is checked though the others are wrong."""


class Reading(NamedTuple):
    """A request as far as it can be read: the fields in `unread` are no good for further questions."""

    request: PromiseRequest
    faults: list[Fault]
    unread: frozenset[str]


def read_request(data: Any) -> Reading:
    """The request of its document or model, with every fault that shows without a network."""
    faults: list[Fault] = []
    unread: frozenset[str] = frozenset()
    try:
        request = data if isinstance(data, PromiseRequest) else PromiseRequest.model_validate(data)
    except ValidationError as invalid:
        faults = faults_of(invalid, PromiseRequest, data)
        request, unread = _valid_part(invalid, data)
    if "lines" not in unread:
        faults += _line_faults(request)
        if "groups" not in unread:
            faults += _group_faults(request)
    if "destination" not in unread:
        nowhere = _destination_fault(request.destination)
        if nowhere is not None:
            faults.append(nowhere)
            unread |= {"destination"}
    for i, group in enumerate(request.groups):
        nowhere = None if group.destination is None else _destination_fault(group.destination)
        if nowhere is not None:
            faults.append(nowhere.below(f"groups.{i}"))
            unread |= {f"groups.{i}.destination"}
    return Reading(request, faults, unread)


def parse_request(data: dict[str, Any] | PromiseRequest) -> PromiseRequest:
    """The request of its document; RequestError lists every fault.

    Examples
    --------
    >>> parse_request({"lines": [], "destination": {"country": "FR"}, "placed_at": "2026-11-21T12:00:00Z"})
    Traceback (most recent call last):
    promise_engine.errors.RequestError: 1 fault in the request:
      lines: found [], expected at least 1 item
    """
    request, faults, _ = read_request(data)
    if faults:
        raise RequestError(faults)
    return request


def _valid_part(invalid: ValidationError, data: Any) -> tuple[PromiseRequest, frozenset[str]]:
    """What is valid by itself, and the fields of which nothing is; what a misspelt field means is one of these."""
    wrong: dict[str, set[str]] = {}
    for error in invalid.errors(include_url=False):
        field, inner = (*map(str, error["loc"][:2]), "", "")[:2]
        if error["type"] == "extra_forbidden" and not inner:
            field = meant(error, PromiseRequest) or field
        wrong.setdefault(field, set()).add(inner)
    if "" in wrong:
        return PromiseRequest.model_validate(_STAND_INS), frozenset(PromiseRequest.model_fields)
    kept = {name: data[name] for name in PromiseRequest.model_fields if name in data and name not in wrong}
    for name, (model, read) in _READ_ALONE.items():
        if name in wrong and wrong[name] <= model.model_fields.keys() - read:
            with suppress(ValidationError):
                kept[name] = model.model_validate({part: value for part, value in data[name].items() if part in read})
    return PromiseRequest.model_validate(_STAND_INS | kept), frozenset(wrong.keys() - kept.keys())


def _line_faults(request: PromiseRequest) -> Iterator[Fault]:
    if not any(line.ships for line in request.lines):
        yield Fault("", "lines", "", "at least one line that ships", "nothing_ships")
    named = [line.id for line in request.lines if line.id is not None]
    if len(set(named)) != len(named):
        for i, line in enumerate(request.lines):
            if line.id is not None and line.id in {earlier.id for earlier in request.lines[:i]}:
                yield Fault("", f"lines.{i}.id", shown(line.id), "an id that no other line has", "duplicate_id")


def _group_faults(request: PromiseRequest) -> Iterator[Fault]:
    ids = [group.id for group in request.groups]
    words = f"one of: {', '.join(sorted(set(ids)))}" if ids else "none: the request has no groups"
    for i, line in enumerate(request.lines):
        if (line.ships and bool(ids)) if line.group is None else line.group not in ids:
            yield Fault("", f"lines.{i}.group", shown(line.group), words, "unknown_id")
    wished = request.wishes.methods
    for i, group in enumerate(request.groups):
        if group.id in ids[:i]:
            yield Fault("", f"groups.{i}.id", shown(group.id), "an id that no other group has", "duplicate_id")
        if not any(line.ships and line.group == group.id for line in request.lines):
            yield Fault("", f"groups.{i}.id", shown(group.id), "a group that a line which ships names", "nothing_ships")
        if wished is not None and group.methods is not None and set(wished).isdisjoint(group.methods):
            words_of_methods = f"at least one of those wished for: {', '.join(sorted(wished))}"
            yield Fault("", f"groups.{i}.methods", shown(list(group.methods)), words_of_methods, "outside_wishes")


def _destination_fault(destination: Destination) -> Fault | None:
    country = destination.country
    if country is None:
        return None
    try:
        if destination.postal_code is not None:
            normalise(country, destination.postal_code)
        else:
            normalise_prefix(country, destination.postal_prefix or "")
    except PostalCodeError as wrong:
        field = "postal_code" if destination.postal_code is not None else "postal_prefix"
        hint = f" ({wrong.hint})" if wrong.hint else ""
        words = f"a postal code of {country}: {wrong.expected}{hint}"
        return Fault("", f"destination.{field}", shown(wrong.value), words, "postal_code")
    except CountryError:
        return Fault("", "destination.country", shown(country), "an ISO 3166-1 country code such as FR", "country")
    except PlaceError as wrong_place:
        return Fault("", "destination", "", str(wrong_place), "place")
    return None
