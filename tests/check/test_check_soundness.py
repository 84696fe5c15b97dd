"""What is said never to be promised is never promised: against the slow twin, on random networks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from check.builders import faults_of

import naive
from generator.cases import make_case
from generator.facts import Documents

if TYPE_CHECKING:
    from promise_engine.errors import Fault

    from naive import NaiveOption

SEEDS = range(60)
PATH = re.compile(r"(methods|sites|services|routes|pickup_points)\[([^\]]+)\]")


def contradicts(fault: Fault, option: NaiveOption) -> bool:
    """Whether an option is one of those that a fault says cannot be."""
    found = PATH.match(fault.path)
    name = found.group(2) if found else ""
    sent = [(shipment.site, shipment.way, shipment.services) for shipment in option.shipments]
    named = {
        "method_never": option.method == name,
        "service_never": option.method == name and fault.value in {repr(way) for _, way, _ in sent},
        "site_unserved": name in {site for site, _, _ in sent},
        "no_collection": name in option.services,
        "route_never": name in {way for _, way, _ in sent},
        "point_unreached": option.destination == name,
        "never_collected": fault.value in {repr(f"{site}, {by[0] if by else ''}") for site, _, by in sent},
    }
    return named.get(fault.code, False)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_never_possible_is_never_promised(seed: int) -> None:
    """Nor does any proof fail on a network it has not been made for."""
    case = make_case(seed)
    given = Documents.of(case)
    faults = faults_of(case.network)
    answer = naive.answer(given.network, given.catalogue, given.stock, given.request)
    assert [] == [(fault, option) for fault in faults for option in answer.options if contradicts(fault, option)]
