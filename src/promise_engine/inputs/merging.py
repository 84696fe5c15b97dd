"""Several documents of one network as one."""

from __future__ import annotations

from typing import Any

from promise_engine.errors import Fault, NetworkError, shown
from promise_engine.inputs.floats import with_floats
from promise_engine.inputs.paths import Sources


def merged(documents: list[tuple[str, Any]]) -> tuple[dict[str, Any], Sources]:
    """The documents as one mapping, and which file each part came from; NetworkError when two disagree.

    Documents whose `format` says that they are something else (a catalogue, a stock) are left out.

    Examples
    --------
    >>> merged([("a.yaml", {"sites": [1]}), ("b.yaml", {"sites": [2]})])[0]
    {'sites': [1, 2]}
    """
    documents = [entry for entry in documents if not _is_other(entry[1])] or documents
    data: dict[str, Any] = {}
    sources = Sources(default=documents[0][0] if len(documents) == 1 else "")
    faults: list[Fault] = []
    for label, document in documents:
        if not isinstance(document, dict):
            faults.append(Fault(label, "", shown(document), "a mapping of fields"))
            continue
        for name, value in document.items():
            if isinstance(value, list) and isinstance(data.get(name, []), list):
                data[name] = [*data.get(name, []), *value]
                sources.files.setdefault(name, label)
                sources.items.setdefault(name, []).extend((label, i) for i in range(len(value)))
            elif name not in data:
                data[name] = value
                sources.files[name] = label
            elif data[name] != value or isinstance(data[name], list):
                words = f"the same as in {sources.files[name]} ({shown(data[name])}), or to stand once"
                faults.append(Fault(label, str(name), shown(value), words, "conflict"))
    if faults:
        raise NetworkError(faults)
    return data, sources


def _is_other(document: Any) -> bool:
    kind = document.get("format") if isinstance(document, dict) else None
    return (
        isinstance(kind, str) and kind.startswith("promise-engine/") and not kind.startswith("promise-engine/network/")
    )


def with_plain_polygons(data: Any) -> Any:
    """The data, with floats for the exact decimals inside polygons."""
    if not isinstance(data, dict):
        return data
    zone_sets = data.get("zone_sets")
    restrictions = data.get("restrictions")
    changed = {}
    if isinstance(zone_sets, list | tuple):
        changed["zone_sets"] = with_floats(zone_sets)
    if isinstance(restrictions, list | tuple):
        changed["restrictions"] = with_floats(restrictions)
    return {**data, **changed}
