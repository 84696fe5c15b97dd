"""An answer given again, from its evidence alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promise_engine._compile.recorded import RecordedAlmanac
from promise_engine.context import WholeDigests
from promise_engine.engine import Engine
from promise_engine.errors import CatalogueError, EvidenceError, Fault, InputError, RequestError, StockError
from promise_engine.evidence import answer_digest
from promise_engine.inputs.catalogue import Catalogue
from promise_engine.inputs.evidence import read_evidence
from promise_engine.inputs.network import Network
from promise_engine.inputs.snapshot import StockSnapshot

if TYPE_CHECKING:
    from promise_engine.answer import Answer
    from promise_engine.models.evidence import EvidenceDocument

_PARTS: dict[type[InputError], str] = {CatalogueError: "catalogue", StockError: "stock", RequestError: "request"}


def replay(evidence: dict[str, Any] | str | bytes) -> Answer:
    """The answer that evidence was taken from, the same bytes, computed from the evidence alone.

    Neither the network, the catalogue and the stock of today, nor the installed `holidays` package, time zone
    database and postal tables are asked.

    Parameters
    ----------
    evidence
        What `Answer.evidence()` gave, or its JSON text.

    Raises
    ------
    EvidenceError
        When the evidence is malformed, was changed, or has another format; `faults` lists all of it. Also when it
        lacks a fact, or when this version of promise-engine does not compute the same answer.

    Examples
    --------
    >>> from promise_engine import Engine, Network, StockSnapshot, replay
    >>> from promise_engine.testing import minimal_network, minimal_stock, minimal_request
    >>> engine = Engine(Network.model_validate(minimal_network()))
    >>> answer = engine.promise(minimal_request(), StockSnapshot.from_document(minimal_stock()))
    >>> replay(answer.evidence()).to_json() == answer.to_json()
    True
    """
    if not isinstance(evidence, dict | str | bytes):
        raise TypeError(f"evidence: expected a dict, str or bytes (as of a JSON text), found {type(evidence).__name__}")
    document = read_evidence(evidence)
    try:
        engine = _Replay(document)
        answer = engine.promise(document.request, StockSnapshot.from_document(document.stock))
    except EvidenceError:
        raise
    except InputError as refused:
        part = next((name for kind, name in _PARTS.items() if isinstance(refused, kind)), "network")
        raise EvidenceError([fault.below(part) for fault in refused.faults]) from None
    digest = answer_digest(answer.to_json(remedies=False))
    if digest != document.digests.answer:
        raise EvidenceError([_other_answer(digest, document)])
    return answer


class _Replay(Engine):
    """An engine that knows only what evidence holds."""

    def __init__(self, document: EvidenceDocument) -> None:
        given = document.digests
        self._set_up(
            Network.recorded(document.network),
            None if document.catalogue is None else Catalogue.from_document(document.catalogue),
            RecordedAlmanac(document.almanac, document.written_by),
            (document.placed_between.first, document.placed_between.end),
            WholeDigests(given.network, given.catalogue, given.stock),
        )


def _other_answer(digest: str, document: EvidenceDocument) -> Fault:
    written = document.written_by.promise_engine or "of unknown version"
    words = (
        f"{document.digests.answer}: the evidence is that of promise-engine {written}, and this version computes "
        "another answer"
    )
    return Fault("", "digests.answer", digest, words, "other_answer")
