"""What a catalogue must say of kits: each holds items, in quantities of them that are sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.errors import Fault, shown
from promise_engine.inputs.faults import close

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from promise_engine.inputs.paths import Loc, Sources
    from promise_engine.models.catalogue import Item


def kit_faults(items: Sequence[Item], sources: Sources) -> list[Fault]:
    """Every fault of the kits of a catalogue."""
    known = {item.sku: item for item in items}
    return [
        Fault(*sources.place(("items", i, *loc), {"items": items}), found, words, code)
        for i, item in enumerate(items)
        if item.components
        for loc, found, words, code in _faults_of(item, known)
    ]


def _faults_of(kit: Item, known: dict[str, Item]) -> Iterator[tuple[Loc, str, str, str]]:
    if kit.step % 1:
        yield ("step",), str(kit.step), "a whole number: kits are not cut", "invalid"
    for k, part in enumerate(kit.components):
        held = known.get(part.sku)
        if held is None:
            words = f"the SKU of an item of the catalogue{close(part.sku, known)}"
            yield ("components", k, "sku"), shown(part.sku), words, "unknown_id"
        elif held.components:
            yield ("components", k, "sku"), shown(part.sku), "an item that is no kit itself", "invalid"
        elif part.quantity % held.step:
            words = f"a multiple of the item's step, {held.step}"
            yield ("components", k, "quantity"), str(part.quantity), words, "invalid"
