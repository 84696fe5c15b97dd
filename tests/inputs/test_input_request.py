"""Requests: what is refused as a whole."""

from __future__ import annotations

import pytest

from promise_engine.errors import RequestError
from promise_engine.inputs.request import parse_request
from promise_engine.models.request import PromiseRequest

from inputs.samples import sample


def test_a_request_passes_through() -> None:
    """A model is checked and returned as it is; a mapping gives an equal one."""
    request = PromiseRequest.model_validate(sample("request"))
    assert parse_request(request) is request
    assert parse_request(sample("request")) == request


def test_a_model_is_checked_too() -> None:
    """What a model cannot know by itself is found in both forms."""
    request = PromiseRequest.model_validate(
        sample("request") | {"destination": {"country": "FR", "postal_code": "ABC"}}
    )
    with pytest.raises(RequestError) as caught:
        parse_request(request)
    assert [fault.path for fault in caught.value.faults] == ["destination.postal_code"]


@pytest.mark.parametrize(
    "destination",
    [
        {"country": "FR"},
        {"country": "FR", "postal_prefix": "67"},
        {"place": "metz"},
        {"country": "GB", "postal_code": "sw1a1aa"},
    ],
)
def test_destinations_of_every_kind(destination: dict[str, str]) -> None:
    """A country, a prefix, a place and a code in another form are accepted."""
    request = parse_request(sample("request") | {"destination": destination})
    assert request.destination.model_dump(exclude_unset=True) == destination
