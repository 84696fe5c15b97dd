"""Texts that are no documents, and tables that are no tables."""

from __future__ import annotations

from typing import NamedTuple

from inputs.malformed.words import AN_ID, REQUIRED, SIGNED_QUANTITY


class TextCase(NamedTuple):
    """A malformed text: where the fault is, what it shows, what was expected."""

    kind: str
    text: str | bytes
    path: str
    value: str
    expected: str


ONCE = "each key once in a mapping"
DEPTH = "at most 60 levels of nesting"
NO_TAG = "a value without a tag"
KEY = "text as a key"
_BOMB = "\n".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip("abcdef", "bcdefg", strict=True))
CATALOGUE_COLUMNS = "sku, name, weight_grams, length_mm, width_mm, height_mm, category, tags, step, minimum, maximum, preparation_work, ship_group, components"

TEXTS = (
    TextCase("yaml", "", "", "", "a document; there is none"),
    TextCase("yaml", "# only a comment\n", "", "", "a document; there is none"),
    TextCase("yaml", "a: 1\nb: 2\na: 3", "line 3, column 1", "'a'", ONCE),
    TextCase("yaml", "sites:\n  - {id: a, id: b}", "line 2, column 13", "'id'", ONCE),
    TextCase("yaml", "1: a\n'1': b", "line 2, column 1", "'1'", ONCE),
    TextCase("yaml", "a: *x", "line 1, column 4", "'*x'", "an anchor defined above it"),
    TextCase("yaml", "a: &x [*x]", "line 1, column 8", "'*x'", "an alias outside of what it names"),
    TextCase("yaml", "a: &x {b: {c: *x}}", "line 1, column 15", "'*x'", "an alias outside of what it names"),
    TextCase(
        "yaml",
        f"a: &a [{'1, ' * 9}1]\n{_BOMB}",
        "line 7, column 8",
        "'*f'",
        "at most 2,000,000 values once aliases are written out",
    ),
    TextCase(
        "yaml",
        "a: !!python/object:os.system x",
        "line 1, column 4",
        "'tag:yaml.org,2002:python/object:os.system'",
        NO_TAG,
    ),
    TextCase(
        "yaml",
        "a: !!python/object/apply:os.system ['true']",
        "line 1, column 4",
        "'tag:yaml.org,2002:python/object/apply:os.system'",
        NO_TAG,
    ),
    TextCase("yaml", "a: !secret x", "line 1, column 4", "'!secret'", NO_TAG),
    TextCase("yaml", "a: !!int '3'", "line 1, column 4", "'tag:yaml.org,2002:int'", NO_TAG),
    TextCase("yaml", "a: !!binary aGVsbG8=", "line 1, column 4", "'tag:yaml.org,2002:binary'", NO_TAG),
    TextCase("yaml", "a: !!set {b, c}", "line 1, column 4", "'tag:yaml.org,2002:set'", NO_TAG),
    TextCase("yaml", "a: 1\n---\nb: 2", "line 2, column 1", "'---'", "one document in a file"),
    TextCase("yaml", "a: 1\n...\n---\nb: 2", "line 3, column 1", "'---'", "one document in a file"),
    TextCase("yaml", "? [1, 2]\n: a", "line 1, column 3", "'[...]'", KEY),
    TextCase("yaml", "{? {a: 1} : 2}", "line 1, column 4", "'{...}'", KEY),
    TextCase("yaml", "a: &x [1]\n? *x\n: 2", "line 2, column 3", "[1]", KEY),
    TextCase("yaml", "[" * 100_000, "line 1, column 61", "", DEPTH),
    TextCase("yaml", "{a: " * 61 + "1" + "}" * 61, "line 1, column 241", "", DEPTH),
    TextCase("yaml", "- " * 61 + "a", "line 1, column 121", "", DEPTH),
    TextCase("yaml", b"a: \xe9t\xe9", "line 1", r"b'\xe9t\xe9'", "text in UTF-8"),
    TextCase("yaml", b"a: 1\nb: \xff", "line 2", r"b'\xff'", "text in UTF-8"),
    TextCase("yaml", "a: 1".encode("utf-16"), "line 1", r"b'\xff\xfe'", "text in UTF-8, not UTF-16"),
    TextCase("yaml", "a: b\n\0", "line 2", r"'\x00'", "text without NUL characters"),
    TextCase("yaml", "a: \x01", "line 1", r"'\x01'", "printable text in UTF-8"),
    TextCase("yaml", "a: " + "9" * 4_001, "line 1, column 4", f"'{'9' * 76}...", "text of at most 4,000 characters"),
    TextCase("json", '{"a": "' + "9" * 4_001 + '"}', "a", f"'{'9' * 76}...", "text of at most 4,000 characters"),
    TextCase("json", "", "line 1, column 1", "", "well-formed JSON (Expecting value)"),
    TextCase(
        "json", "{", "line 1, column 2", "", "well-formed JSON (Expecting property name enclosed in double quotes)"
    ),
    TextCase("json", '{"a": 1,\n "b" 2}', "line 2, column 6", "'2}'", "well-formed JSON (Expecting ':' delimiter)"),
    TextCase("json", '{"a": 1} x', "line 1, column 10", "'x'", "well-formed JSON (Extra data)"),
    TextCase("json", '{"a": 01}', "line 1, column 8", "'1}'", "well-formed JSON (Expecting ',' delimiter)"),
    TextCase("json", '{"a": NaN}', "", "'NaN'", "a number; NaN and Infinity are not JSON"),
    TextCase("json", '{"a": [Infinity]}', "", "'Infinity'", "a number; NaN and Infinity are not JSON"),
    TextCase("json", '{"a": -Infinity}', "", "'-Infinity'", "a number; NaN and Infinity are not JSON"),
    TextCase("json", '{"a": 1, "a": 1}', "a", "'a'", ONCE),
    TextCase("json", '{"sites": [{"id": "lyon", "rank": 1, "rank": 2}]}', "sites[lyon].rank", "'rank'", ONCE),
    TextCase("json", "[" * 100_000, "", "", DEPTH),
    TextCase("json", "[" * 61 + "]" * 61, "0.0.0...", "", DEPTH),
    TextCase("json", b'{"a": "\xff"}', "line 1", r"""b'\xff"}'""", "text in UTF-8"),
)

TABLES = (
    TextCase("catalogue", "", "", "", "a header with the names of the columns; the file is empty"),
    TextCase("catalogue", "name\nTea", "header", "", "a column `sku`"),
    TextCase(
        "catalogue",
        "sku,wieght_grams\nA,1",
        "header",
        "'wieght_grams'",
        f"columns among {CATALOGUE_COLUMNS}; did you mean `weight_grams`?",
    ),
    TextCase("catalogue", "sku,sku\nA,B", "header", "'sku'", "each column once"),
    TextCase("catalogue", "sku,name\nA", "row 2", "1", "2 cells, as in the header"),
    TextCase("catalogue", "sku,name\nA,Tea\nB,Tea,green", "row 3", "3", "2 cells, as in the header"),
    TextCase(
        "catalogue", "sku,weight_grams\nA,1\nB,x", "row 3.weight_grams", "'x'", "a whole number, from 0 to 10,000,000"
    ),
    TextCase("catalogue", "sku,weight_grams\n,1", "row 2.sku", "", REQUIRED),
    TextCase("catalogue", "sku\nA\nB\nA", "row 4.sku", "'A'", "each SKU once"),
    TextCase("catalogue", "sku,length_mm,width_mm,height_mm\nA,1,2,", "row 2.height_mm", "", REQUIRED),
    TextCase("catalogue", 'sku,name\nA,"Tea', "row 2", "", "well-formed CSV (unexpected end of data)"),
    TextCase("catalogue", b"sku,name\nA,caf\xe9", "line 2", r"b'\xe9'", "text in UTF-8"),
    TextCase("stock", "site,sku,on_hand\nlyon,A,many", "row 2.on_hand", "'many'", SIGNED_QUANTITY),
    TextCase("stock", "site,sku,on_hand\nmy lyon,A,1", "row 2.site", "'my lyon'", AN_ID),
    TextCase("stock", "site,sku\nlyon,A\nlyon,A", "row 3", "('lyon', 'A')", "each site and SKU once"),
    TextCase("stock", "site,sku,status\nlyon,A,blocked", "row 2.status", "'blocked'", "one of: sellable, not_sellable"),
    TextCase("stock", "sku,on_hand\nA,1", "header", "", "a column `site`"),
)
