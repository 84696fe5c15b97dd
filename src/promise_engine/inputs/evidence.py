"""Evidence as a document: read, and found unchanged."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import ValidationError

from promise_engine.errors import EvidenceError, Fault, InputError, Severity, shown
from promise_engine.inputs.documents import decoded
from promise_engine.inputs.faults import faults_of
from promise_engine.inputs.json_text import parse_json
from promise_engine.inputs.merging import with_plain_polygons
from promise_engine.inputs.references import RULES, network_faults
from promise_engine.models._base import RECORDED
from promise_engine.models.evidence import FORMAT, EvidenceDocument


def evidence_digest(document: dict[str, Any]) -> str:
    """Sha256 of everything in the document but its own digest, whatever the order of keys.

    Examples
    --------
    >>> evidence_digest({"a": 0.5, "b": 1, "digest": "x"}) == evidence_digest({"b": 1, "a": 0.5})
    True
    """
    content = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=float)  # floats are read as decimals
    return hashlib.sha256(text.encode()).hexdigest()


def read_evidence(evidence: dict[str, Any] | str | bytes) -> EvidenceDocument:
    """The evidence of a mapping or a JSON text; EvidenceError with every fault."""
    data = evidence if isinstance(evidence, dict) else _parsed(evidence)
    if isinstance(data, dict) and data.get("format", FORMAT) != FORMAT:
        words = f"{FORMAT!r}, the one format that this version of promise-engine replays"
        raise EvidenceError([Fault("", "format", shown(data["format"]), words)])
    faults = _digest_faults(data)
    try:
        document = EvidenceDocument.model_validate(_readable(data), context=RECORDED)
    except ValidationError as invalid:
        raise EvidenceError([*faults_of(invalid, EvidenceDocument, data), *faults]) from None
    found = network_faults(document.network, checks=RULES)
    faults += [fault.below("network") for fault in found if fault.severity is Severity.ERROR]
    if faults:
        raise EvidenceError(faults)
    return document


def _parsed(text: str | bytes) -> Any:
    try:
        return parse_json(decoded(text, "") if isinstance(text, bytes) else text, "")
    except InputError as invalid:
        raise EvidenceError(invalid.faults) from None


def _readable(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {**data, "network": with_plain_polygons(data.get("network"))} if "network" in data else data


def _digest_faults(data: Any) -> list[Fault]:
    if not isinstance(data, dict) or "digest" not in data:
        return []
    digest = evidence_digest(data)
    if data["digest"] == digest:
        return []
    words = f"{digest}, the digest of what the document holds: it was changed since it was written"
    return [Fault("", "digest", shown(data["digest"]), words, "changed")]
