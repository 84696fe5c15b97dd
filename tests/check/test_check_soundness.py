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
    named = {
        "method_never": option.method == name,
        "service_never": option.method == name and repr(option.way) == fault.value,
        "site_unserved": option.site == name,
        "no_collection": name in option.services,
        "route_never": option.way == name,
        "point_unreached": option.destination == name,
        "never_collected": fault.value == repr(f"{option.site}, {option.services[0] if option.services else ''}"),
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
