"""Every fault of a network at once: of its fields, of how its objects fit together, and what its tables prove."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from promise_engine._compile.almanac import InstalledAlmanac
from promise_engine._compile.network import compile_network
from promise_engine.check._capacity import CAPACITY
from promise_engine.check._clock_changes import CLOCK_CHANGES
from promise_engine.check._collections import COLLECTIONS
from promise_engine.check._cut_offs import CUT_OFFS
from promise_engine.check._delivery import DELIVERY
from promise_engine.check._facts import Facts
from promise_engine.check._holidays import HOLIDAYS
from promise_engine.check._lanes import LANES
from promise_engine.check._methods import METHODS
from promise_engine.check._rules import RULES
from promise_engine.check._schedules import SCHEDULES
from promise_engine.check._sites import SITES
from promise_engine.check._tariffs import TARIFFS
from promise_engine.check._unused import UNUSED
from promise_engine.errors import Fault, MissingExtraError, NetworkError, Severity
from promise_engine.inputs.documents import read_documents
from promise_engine.inputs.merging import merged
from promise_engine.inputs.network import Network
from promise_engine.inputs.paths import NO_SOURCES
from promise_engine.inputs.references import network_faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from promise_engine._compile.network import CompiledNetwork
    from promise_engine.inputs.paths import Sources

PROOFS: tuple[Callable[[Facts], None], ...] = (
    *CUT_OFFS,
    *COLLECTIONS,
    *SCHEDULES,
    *HOLIDAYS,
    *CLOCK_CHANGES,
    *CAPACITY,
    *DELIVERY,
    *LANES,
    *TARIFFS,
    *SITES,
    *METHODS,
    *RULES,
    *UNUSED,
)
"""The proofs, in the order in which they run."""


def check_network(network: str | Path | Network, *, pgeocode_dir: Path | None = None) -> list[Fault]:
    """Every error and warning of a network, in the order of file and path.

    A network with errors cannot be compiled: its proofs come once the errors are mended.

    Parameters
    ----------
    network
        A file, a folder of files, or a network already loaded.
    pgeocode_dir
        Folder of GeoNames files for exact coordinates, as for `Engine`.

    Examples
    --------
    >>> from promise_engine.testing import minimal_network
    >>> document = minimal_network()
    >>> document["collections"][0]["cut_off"] = "07:00"
    >>> for fault in check_network(Network.model_validate(document)):
    ...     print(fault.code, fault.path)
    cut_off_before_opening collections.0.cut_off
    """
    sources = NO_SOURCES
    try:
        if not isinstance(network, Network):
            data, sources = merged(read_documents(network, NetworkError))
            network = Network._checked(data, sources)  # noqa: SLF001  # with the files' names
    except NetworkError as invalid:
        return list(invalid.faults)
    found = network_faults(network, sources)
    if all(fault.severity is Severity.WARNING for fault in found):
        with suppress(MissingExtraError):  # already among the warnings
            found += network_warnings(compile_network(network, InstalledAlmanac(pgeocode_dir)), sources)
    return sorted(set(found))


def network_warnings(compiled: CompiledNetwork, sources: Sources = NO_SOURCES) -> list[Fault]:
    """What the tables of a network prove doubtful, in the order of file and path."""
    facts = Facts(compiled, sources)
    for proof in PROOFS:
        proof(facts)
    return sorted(set(facts.findings.faults))
