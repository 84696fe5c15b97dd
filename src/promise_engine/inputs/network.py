"""The network: everything people configure, checked as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr, ValidationError

from promise_engine.errors import Fault, NetworkError, Severity
from promise_engine.inputs.canonical import document_digest
from promise_engine.inputs.documents import read_documents
from promise_engine.inputs.faults import faults_of
from promise_engine.inputs.merging import merged, with_plain_polygons
from promise_engine.inputs.paths import NO_SOURCES, Sources
from promise_engine.inputs.references import network_faults
from promise_engine.inputs.salvage import valid_part
from promise_engine.models.network import NetworkDocument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Network(NetworkDocument):
    """A network whose objects fit together. Two networks of the same content are equal, whatever its order.

    Examples
    --------
    >>> Network.model_validate({"valid_from": "2026-01-01"})
    Traceback (most recent call last):
    promise_engine.errors.NetworkError: 4 faults in the network:
      channels: a value: this field is required
      methods: a value: this field is required
      sites: a value: this field is required
      valid_until: a value: this field is required
    """

    _warnings: tuple[Fault, ...] = PrivateAttr(())
    _digest: str = PrivateAttr("")
    _is_checked: bool = PrivateAttr(False)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A network from a file, or from all files of a folder merged, YAML or JSON.

        Lists of the same name are joined; everything else stands in one file, or is equal in all.

        Raises
        ------
        NetworkError
            With every fault, each with its file, and the warnings.

        """
        data, sources = merged(read_documents(path, NetworkError))
        return cls._checked(data, sources)

    @classmethod
    def model_validate(cls, obj: Any, **_options: Any) -> Self:
        """A network from a mapping or another document; NetworkError lists every fault."""
        if isinstance(obj, cls):
            return obj
        if isinstance(obj, NetworkDocument):
            obj = dict(obj)
        return cls._checked(obj, NO_SOURCES)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy; one with changes is checked again, and NetworkError lists every fault."""
        return self._checked({**dict(self), **update}, NO_SOURCES) if update else super().model_copy(deep=deep)

    @classmethod
    def recorded(cls, document: NetworkDocument) -> Network:
        """The network of a document that was checked when it was first read, and is not checked again."""
        network = cls.model_construct(**dict(document))
        network._is_checked = True  # noqa: SLF001 - its own class
        return network

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema of the document format."""
        return NetworkDocument.model_json_schema()

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What is doubtful, though not wrong."""
        return self._warnings

    @property
    def is_checked(self) -> bool:
        """Whether its parts were checked against each other, as `load` and `model_validate` do."""
        return self._is_checked

    @property
    def digest(self) -> str:
        """Sha256 of the content; it does not depend on the order of what is a set."""
        if not self._digest:
            self._digest = document_digest(self)
        return self._digest

    def __eq__(self, other: object) -> bool:
        """Whether the content is the same."""
        return self.digest == other.digest if isinstance(other, Network) else NotImplemented

    def __hash__(self) -> int:
        """A hash of the content."""
        return hash(self.digest)

    @classmethod
    def _checked(cls, data: Any, sources: Sources) -> Self:
        plain = with_plain_polygons(data)
        try:
            network = super().model_validate(plain)
        except ValidationError as invalid:
            faults = faults_of(invalid, NetworkDocument, data, sources)
            part = valid_part(invalid, plain, sources)
            raise NetworkError([*faults, *(network_faults(*part) if part else ())]) from None
        found = network_faults(network, sources)
        if any(fault.severity is Severity.ERROR for fault in found):
            raise NetworkError(found)
        network._warnings = tuple(found)  # noqa: SLF001 - its own class
        network._is_checked = True  # noqa: SLF001
        return network
