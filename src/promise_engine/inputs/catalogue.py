"""The catalogue: what each SKU weighs, measures, and how it is sold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from promise_engine.errors import CatalogueError, Fault, InputError, shown
from promise_engine.inputs.canonical import document_digest
from promise_engine.inputs.documents import read_documents
from promise_engine.inputs.faults import listed, validated
from promise_engine.inputs.kits import kit_faults
from promise_engine.inputs.paths import NO_SOURCES, Rows, Sources
from promise_engine.inputs.tables import Table, frame_table, read_table
from promise_engine.models.catalogue import CatalogueDocument, Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

_SIDES = ("length_mm", "width_mm", "height_mm")
COLUMNS = (
    "sku", "name", "weight_grams", *_SIDES, "category", "tags", "step", "minimum", "maximum", "preparation_work",
    "ship_group", "components",
)  # fmt: skip
"""The columns of a catalogue as a table; `tags` are separated by `|`, and so are `components`, each `SKU:quantity`; an
empty cell is not given."""


class Catalogue:
    """Items by SKU, sorted; the order they came in says nothing.

    Examples
    --------
    >>> catalogue = Catalogue.from_records([{"sku": "B", "weight_grams": 250}, {"sku": "A"}])
    >>> len(catalogue), catalogue.get("B").weight_grams, catalogue.get("C")
    (2, 250, None)
    """

    __slots__ = ("_by_sku", "_digest", "items")

    def __init__(self, items: Iterable[Item] = ()) -> None:
        """Hold items; CatalogueError when two have one SKU."""
        listed = list(items)
        faults = _repeated(listed, NO_SOURCES) + kit_faults(listed, NO_SOURCES)
        if faults:
            raise CatalogueError(faults)
        self.items = tuple(sorted(listed, key=lambda item: item.sku))
        self._by_sku = {item.sku: item for item in self.items}
        self._digest = ""

    @classmethod
    def from_records(cls, records: Iterable[dict[str, Any] | Item]) -> Self:
        """A catalogue of items or their mappings; CatalogueError lists every fault."""
        return cls._checked({"items": listed(records)}, NO_SOURCES)

    @classmethod
    def from_document(cls, document: CatalogueDocument | dict[str, Any]) -> Self:
        """A catalogue of its document form; CatalogueError lists every fault."""
        return cls._checked(document, NO_SOURCES)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Self:
        """A catalogue of a pandas frame with the columns of `COLUMNS`; rows count from 1 in faults."""
        try:
            table = frame_table(frame, COLUMNS, ("sku",))
        except InputError as invalid:
            raise CatalogueError(invalid.faults) from None
        return cls._of_table(table)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A catalogue from a CSV or Parquet table, or a JSON or YAML document or list of items.

        The items of a list may have the columns of `COLUMNS` instead, as pandas writes them
        (`frame.to_json(path, orient="records")`); null is not given.
        """
        file = Path(path)
        try:
            if file.suffix.lower() in {".csv", ".parquet"}:
                return cls._of_table(read_table(file, COLUMNS, ("sku",)))
            documents = read_documents(file)
        except InputError as invalid:
            raise CatalogueError(invalid.faults) from None
        if len(documents) != 1:
            raise CatalogueError([Fault(file.name, "", f"{len(documents)} files", "one file")])
        label, data = documents[0]
        return cls._checked({"items": _records(data)} if isinstance(data, list) else data, Sources(default=label))

    @property
    def digest(self) -> str:
        """Sha256 of the content, whatever the order and form it came in."""
        if not self._digest:
            self._digest = document_digest(self.document())
        return self._digest

    def document(self) -> CatalogueDocument:
        """The document form."""
        return CatalogueDocument(items=self.items)

    def get(self, sku: str) -> Item | None:
        """The item of a SKU, or None."""
        return self._by_sku.get(sku)

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.items)

    def __eq__(self, other: object) -> bool:
        """Whether the content is the same."""
        return self.digest == other.digest if isinstance(other, Catalogue) else NotImplemented

    def __hash__(self) -> int:
        """A hash of the content."""
        return hash(self.digest)

    @classmethod
    def _of_table(cls, table: Table) -> Self:
        return cls._checked(
            {"items": [_record(row) for row in table.rows]}, Rows(default=table.label, numbers=table.numbers)
        )

    @classmethod
    def _checked(cls, data: Any, sources: Sources) -> Self:
        listed = data.get("items", ()) if isinstance(data, dict) else ()
        faults = _repeated(listed if isinstance(listed, list | tuple) else (), sources)
        try:
            document = validated(CatalogueDocument, data, CatalogueError, sources)
        except CatalogueError as invalid:
            raise CatalogueError([*invalid.faults, *faults]) from None
        faults += kit_faults(document.items, sources)
        if faults:
            raise CatalogueError(faults)
        return cls(document.items)


def _repeated(items: Sequence[Any], sources: Sources) -> list[Fault]:
    """A fault for each item whose SKU an earlier one has."""
    seen: set[str] = set()
    faults = []
    for i, item in enumerate(items):
        sku = item.sku if isinstance(item, Item) else item.get("sku") if isinstance(item, dict) else None
        if sku is not None and str(sku) in seen:
            place = sources.place(("items", i, "sku"), {"items": items})
            faults.append(Fault(*place, shown(sku), "each SKU once", "duplicate"))
        seen.add(str(sku))
    return faults


def _records(rows: list[Any]) -> list[Any]:
    """The items of a list without a document around it: as in a document, or as the rows of a table."""
    return [
        _record({name: value for name, value in row.items() if value is not None}) if isinstance(row, dict) else row
        for row in rows
    ]


def _record(row: dict[str, Any]) -> dict[str, Any]:
    record = {name: value for name, value in row.items() if name not in _SIDES}
    sides = {name: row[name] for name in _SIDES if name in row}
    if sides:
        record["dimensions"] = sides
    if isinstance(record.get("tags"), str):
        record["tags"] = [tag.strip() for tag in record["tags"].split("|") if tag.strip()]
    elif "tags" in record:
        record["tags"] = listed(record["tags"])
    if isinstance(record.get("components"), str):
        record["components"] = [_component(part.strip()) for part in record["components"].split("|") if part.strip()]
    return record


def _component(text: str) -> dict[str, str]:
    """A component of a cell: `SKU:quantity`, or one of a SKU."""
    sku, colon, quantity = text.rpartition(":")
    return {"sku": sku, "quantity": quantity} if colon else {"sku": text}
