"""What the checks of a network read, and where they put what they find."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from promise_engine.errors import Fault, Severity
from promise_engine.inputs.faults import close, told
from promise_engine.inputs.paths import NO_SOURCES, identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from promise_engine.inputs.paths import Loc, Sources
    from promise_engine.models.network import NetworkDocument
    from promise_engine.models.place import ZoneSet

M = TypeVar("M", bound=BaseModel)

SINGULAR = {
    "calendars": "calendar",
    "sites": "site",
    "carriers": "carrier",
    "services": "service",
    "collection_pools": "collection pool",
    "routes": "route",
    "zone_sets": "zone set",
    "pickup_points": "pickup point",
    "tariffs": "tariff",
    "transport_modes": "transport mode",
    "methods": "method",
    "channels": "channel",
    "policies": "policy",
    "restrictions": "restriction",
    "line_services": "line service",
    "allocations": "allocation",
    "site_groups": "group of sites",
}
"""The lists whose objects have ids, and the groups that sites name."""


class FaultyObject(NamedTuple):
    """An object of a list that its model refuses, as it is written, and where in it the faults are."""

    written: Any
    wrong: frozenset[Loc]


class Findings:
    """A network under check.

    `broken` names, by list, the ids of objects that are there but faulty, or None when some cannot be known;
    references to them are no fault. `faulty` holds these objects: what can be read of them is checked too, at the
    positions behind those of the network's own.
    """

    def __init__(
        self,
        network: NetworkDocument,
        sources: Sources = NO_SOURCES,
        broken: Mapping[str, set[str] | None] | None = None,
        faulty: Mapping[str, Sequence[FaultyObject]] | None = None,
    ) -> None:
        self.network = network
        self._faulty = faulty or {}
        self._root = (
            network
            if not faulty
            else {
                name: (*value, *(thing.written for thing in faulty.get(name, ())))
                if isinstance(value, tuple)
                else value
                for name, value in network
            }
        )
        self.faults: list[Fault] = []
        self._sources = sources
        self._broken = broken or {}
        self._objects = {kind: _by_id(getattr(network, kind)) for kind in SINGULAR if kind != "site_groups"}
        self.groups = {group for site in network.sites for group in site.groups}

    def add(
        self, loc: Loc, value: object, words: str, code: str = "invalid", severity: Severity = Severity.ERROR
    ) -> None:
        """Note a fault; an empty text as value shows none."""
        found = "" if value == "" else told(value)
        self.faults.append(Fault(*self._sources.place(loc, self._root), found, words, code, severity))

    def warn(self, loc: Loc, value: object, words: str, code: str) -> None:
        """Note a warning."""
        self.add(loc, value, words, code, Severity.WARNING)

    def get(self, kind: str, name: str | None) -> Any:
        """The object of an id; None when there is none, it is faulty, or several have the id."""
        return self._objects[kind].get(name)

    def uncertain(self, kind: str) -> bool:
        """Whether some objects of a list are there but faulty."""
        return self._broken.get(kind, set()) != set()

    def check_id(self, loc: Loc, name: str, kind: str) -> None:
        """A fault when no object of the list has this id."""
        if kind == "site_groups":
            if name not in self.groups and not self.uncertain("sites"):
                self.add(loc, name, f"a group that some site names{close(name, self.groups)}", "unknown_id")
            return
        broken = self._broken.get(kind, set())
        known = self._objects[kind].keys()
        if name not in known and broken is not None and name not in broken:
            self.add(loc, name, f"the id of a {SINGULAR[kind]}{close(name, known)}", "unknown_id")

    def zone_ids(self, zone_set: str | None) -> set[str] | None:
        """The zones of a zone set; None when it is not known."""
        found: ZoneSet | None = self.get("zone_sets", zone_set)
        return None if found is None else {zone.id for zone in found.zones}

    def is_valid(self, loc: Loc) -> bool:
        """Whether a location is in an object of the network, and not in a faulty one."""
        return int(loc[1]) < len(getattr(self.network, str(loc[0])))

    def ids(self, kind: str) -> Iterator[tuple[int, str]]:
        """The ids of the objects of a list that can be read, with the positions of the objects."""
        listed = getattr(self.network, kind, ())
        for i, thing in enumerate((*listed, *(faulty.written for faulty in self._faulty.get(kind, ())))):
            name = identity(thing)
            if name is not None:
                yield i, name

    def each(self, pattern: str) -> Iterator[tuple[Loc, Any]]:
        """As `walk`, in the network, then the texts without fault in its faulty objects."""
        yield from each(self.network, pattern)
        for loc, value, wrong in self._written(pattern):
            if isinstance(value, str) and loc[2:] not in wrong:
                yield loc, value

    def each_model(self, pattern: str, model: type[M], fields: Sequence[str] | None = None) -> Iterator[tuple[Loc, M]]:
        """As `walk`, models in the network, then those in its faulty objects that are valid, or valid with `fields`."""
        yield from each(self.network, pattern)
        for loc, value, _ in self._written(pattern):
            if isinstance(value, dict):
                read = value if fields is None else {name: value[name] for name in fields if name in value}
                try:
                    found = model.model_validate(read)
                except ValidationError:  # its own faults are told
                    continue
                yield loc, found

    def _written(self, pattern: str) -> Iterator[tuple[Loc, Any, frozenset[Loc]]]:
        kind, _, below = pattern.partition(".*.")
        before = len(getattr(self.network, kind)) if kind in self._faulty else 0
        for i, thing in enumerate(self._faulty.get(kind, ()), before):
            for loc, value in each(thing.written, below):
                yield (kind, i, *loc), value, thing.wrong


def _by_id(objects: tuple[Any, ...]) -> dict[Any, Any]:
    """Objects by id; of those that share one nobody can say which is meant, and what names them is not judged."""
    count = Counter(one.id for one in objects)
    return {one.id: one if count[one.id] == 1 else None for one in objects}


def walk(node: Any, parts: tuple[str, ...], loc: Loc = ()) -> Iterator[tuple[Loc, Any]]:
    """Everything below a node, a model or what is written of one, that a pattern such as
    `sites.*.preparation.calendar` names and that is given."""
    if node is None:
        return
    if not parts:
        yield loc, node
    elif parts[0] == "*":
        if isinstance(node, tuple | list):
            for i, item in enumerate(node):
                yield from walk(item, parts[1:], (*loc, i))
    else:
        below = node.get(parts[0]) if isinstance(node, dict) else getattr(node, parts[0], None)
        yield from walk(below, parts[1:], (*loc, parts[0]))


def each(node: Any, pattern: str) -> Iterator[tuple[Loc, Any]]:
    """As `walk`, the pattern as text.

    Examples
    --------
    >>> from promise_engine.models.carrier import Carrier
    >>> list(each(Carrier(id="post", collection_days="weekdays"), "collection_days"))
    [(('collection_days',), 'weekdays')]
    """
    return walk(node, tuple(pattern.split(".")))
