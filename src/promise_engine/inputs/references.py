"""Rules about two objects of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.inputs._rules.addresses import check_places, check_time_zones
from promise_engine.inputs._rules.amounts import check_amounts
from promise_engine.inputs._rules.calendars import check_calendars, check_holidays
from promise_engine.inputs._rules.findings import FaultyObject, Findings
from promise_engine.inputs._rules.ids import check_duplicates, check_limits, check_references
from promise_engine.inputs._rules.ties import check_ties
from promise_engine.inputs._rules.uses import check_uses
from promise_engine.inputs._rules.zones import check_zones
from promise_engine.inputs.paths import NO_SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from promise_engine.errors import Fault
    from promise_engine.inputs.paths import Sources
    from promise_engine.models.network import NetworkDocument

RULES = (
    check_limits,
    check_duplicates,
    check_references,
    check_calendars,
    check_places,
    check_zones,
    check_ties,
    check_uses,
    check_amounts,
)
"""The checks that read the document alone, in the order in which they run."""

CHECKS = (*RULES, check_holidays, check_time_zones)
"""All checks: the last ask the `holidays` package and the postal tables."""


def network_faults(
    network: NetworkDocument,
    sources: Sources = NO_SOURCES,
    broken: Mapping[str, set[str] | None] | None = None,
    faulty: Mapping[str, Sequence[FaultyObject]] | None = None,
    checks: Iterable[Callable[[Findings], None]] = CHECKS,
) -> list[Fault]:
    """Every fault and warning about how the objects of a network fit together, in the order of file and path.

    Parameters
    ----------
    network
        A document whose fields are valid by themselves.
    sources
        Which file each part came from.
    broken
        By list, ids of objects that are there but left out of `network` because they are faulty; None when
        some of these ids cannot be known.
    faulty
        By list, these objects as they are written; what can be read of them is checked too.
    checks
        What is checked.

    """
    findings = Findings(network, sources, broken, faulty)
    for check in checks:
        check(findings)
    return sorted(set(findings.faults))
