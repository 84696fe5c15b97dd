"""The catalogue and stock deltas, malformed."""

from __future__ import annotations

from inputs.malformed.words import (
    AN_ID,
    LIST,
    MAPPING,
    POSITIVE_QUANTITY,
    QUANTITY,
    REQUIRED,
    SIGNED_QUANTITY,
    TEXT,
    Case,
)
from inputs.samples import ABSENT

CASES = (
    Case("catalogue", "", [], "", MAPPING),
    Case("catalogue", "format", "promise-engine/network/1", "format", "`promise-engine/catalogue/1`"),
    Case("catalogue", "items", {}, "items", LIST),
    Case("catalogue", "item", [], "item", "no such field; did you mean `items`?"),
    Case("catalogue", "items.0.sku", ABSENT, "items.0.sku", REQUIRED),
    Case("catalogue", "items.0.sku", "A B", "items.0.sku", AN_ID),
    Case("catalogue", "items.0.sku", 1.5, "items.0.sku", TEXT),
    Case("catalogue", "items.1.sku", "A", "items[A].sku", "each SKU once"),
    Case("catalogue", "items.0.weight_grams", -1, "items[A].weight_grams", "a whole number, from 0 to 10,000,000"),
    Case("catalogue", "items.0.weight_grams", 250.5, "items[A].weight_grams", "a whole number, from 0 to 10,000,000"),
    Case("catalogue", "items.0.weight_grams", "250 g", "items[A].weight_grams", "a whole number, from 0 to 10,000,000"),
    Case("catalogue", "items.0.weight", 250, "items[A].weight", "no such field; did you mean `weight_grams`?"),
    Case("catalogue", "items.0.dimensions.width_mm", ABSENT, "items[A].dimensions.width_mm", REQUIRED),
    Case(
        "catalogue",
        "items.0.dimensions.width_mm",
        0,
        "items[A].dimensions.width_mm",
        "a whole number, above 0, at most 100,000",
    ),
    Case("catalogue", "items.0.dimensions", [300, 200, 50], "items[A].dimensions", MAPPING),
    Case("catalogue", "items.0.tags", "aerosol", "items[A].tags", LIST),
    Case("catalogue", "items.1.step", 0, "items[B].step", POSITIVE_QUANTITY),
    Case("catalogue", "items.1.step", 0.0001, "items[B].step", POSITIVE_QUANTITY),
    Case("catalogue", "items.1.minimum", -1, "items[B].minimum", QUANTITY),
    Case("catalogue", "items.1.maximum", float("inf"), "items[B].maximum", QUANTITY, "Infinity"),
    Case(
        "catalogue", "items.1.preparation_work", 0.5, "items[B].preparation_work", "a whole number, from 0 to 1,000,000"
    ),
    Case("catalogue", "items.2", None, "items.2", MAPPING),
    Case("deltas", "deltas.0.source", ABSENT, "deltas.0.source", REQUIRED),
    Case("deltas", "deltas.0.sequence", -1, "deltas.0.sequence", "a whole number, 0 or more"),
    Case("deltas", "deltas.0.sequence", "1a", "deltas.0.sequence", "a whole number, 0 or more"),
    Case("deltas", "deltas.0.kind", "set", "deltas.0.kind", "one of: absolute, relative"),
    Case("deltas", "deltas.0.kind", ABSENT, "deltas.0.kind", REQUIRED),
    Case(
        "deltas",
        "deltas.0.on_hand",
        ABSENT,
        "deltas.0",
        "on_hand or unsellable",
        "{'source': 'wms', 'site': 'lyon', 'sku': 'A', 'sequence': 1, 'kind': 'absolute'}",
    ),
    Case("deltas", "deltas.0.on_hand", "x", "deltas.0.on_hand", SIGNED_QUANTITY),
    Case("deltas", "deltas.0.unsellable", -1, "deltas.0.unsellable", "a number, 0 or more, in an absolute delta"),
    Case("deltas", "deltas.1.on_hand", 0.0001, "deltas.1.on_hand", SIGNED_QUANTITY),
    Case(
        "deltas",
        "deltas.1.quantity",
        3,
        "deltas.1.quantity",
        "no such field; the fields are kind, on_hand, sequence, site, sku, source, unsellable",
    ),
    Case("deltas", "deltas.1.sku", "", "deltas.1.sku", "at least 1 character"),
    Case("deltas", "deltas.2", "delta", "deltas.2", MAPPING),
    Case(
        "deltas",
        "deltas.1.on_hand",
        1000000000000,
        "deltas.1.on_hand",
        "a resulting quantity within 1,000,000,000,000",
        "1000000000020",
    ),
)
