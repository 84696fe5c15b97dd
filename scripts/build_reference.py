#!/usr/bin/env python3
"""Write docs/configuration.md from the models, and the table of docs/reasons.md from the texts of the reasons.

scripts/build_reference.py            # write them
scripts/build_reference.py --check    # status 1 when one is not up to date
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
import types
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import yaml
from pydantic import TypeAdapter
from pydantic_core import PydanticUndefined

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from promise_engine.errors import Reason  # noqa: E402
from promise_engine.models import _base, place  # noqa: E402
from promise_engine.models._base import Model  # noqa: E402
from promise_engine.models.catalogue import CatalogueDocument  # noqa: E402
from promise_engine.models.network import NetworkDocument  # noqa: E402
from promise_engine.models.request import PromiseRequest  # noqa: E402
from promise_engine.models.stock import DeltaDocument, StockDocument  # noqa: E402
from promise_engine.reasons import REASON_TEXTS  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from pydantic.fields import FieldInfo

PAGE = ROOT / "docs" / "configuration.md"
REASONS_PAGE = ROOT / "docs" / "reasons.md"
TEXTS = ROOT / "scripts" / "field_texts.yaml"
ANNOTATED = ROOT / "examples" / "annotated"

DOCUMENTS: dict[str, tuple[type[Model], str]] = {
    "The network": (NetworkDocument, "`Network.load(path)`: a file of YAML or JSON, or a folder of them, merged."),
    "The catalogue": (CatalogueDocument, "`Catalogue.load(path)`: YAML, JSON, CSV or Parquet; one row an item."),
    "Stock": (StockDocument, "`StockSnapshot.load(path)`: YAML, JSON, CSV, Parquet, or a folder of them."),
    "Stock deltas": (
        DeltaDocument,
        "`snapshot.apply(deltas)`: the dict of one of these, or an iterable of its deltas.",
    ),
    "The request": (PromiseRequest, "`engine.promise(request, stock)`: one of these, or the dict of it."),
}

VALUE_WORDS = {
    "Id": "identifier", "Sku": "SKU", "PostalCode": "postal code", "Country": "country", "Currency": "currency",
    "Amount": "amount", "SignedAmount": "signed amount", "Quantity": "quantity",
    "PositiveQuantity": "positive quantity",
    "SignedQuantity": "signed quantity", "Share": "share", "Rate": "rate", "Percent": "percent",
    "Intensity": "intensity", "Detour": "detour", "Latitude": "latitude", "Longitude": "longitude",
    "Duration": "duration", "UpToADay": "duration up to a day", "WallTime": "time of day", "OffsetTime": "time with day offset", "OpenHours": "hours",
    "Weekday": "weekday", "Weekdays": "weekdays", "TimeZone": "time zone", "Instant": "instant", "Day": "date",
    "PostalRange": "postal range",
}  # fmt: skip
VALUE_TEXTS = {
    "SignedAmount": "An amount of money, of either sign.",
    "PositiveQuantity": "A quantity above zero, at most three decimals.",
    "SignedQuantity": "A quantity of either sign, at most three decimals.",
    "Rate": "A positive number, at most nine decimals.",
    "Percent": "Zero to 1,000 percent, at most four decimals.",
    "Detour": "A factor between 1 and 10, at most three decimals.",
    "Latitude": "Degrees north, -90 to 90.",
    "Longitude": "Degrees east, -180 to 180.",
    "Weekday": "`mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`; as a key of `hours` also a range of them.",
}


class Value(NamedTuple):
    """A type of values with a name of its own."""

    name: str
    hint: Any
    text: str


def values_of(module: ModuleType) -> Iterator[Value]:
    """The named types of a module, with the text below each."""
    body = ast.parse(inspect.getsource(module)).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in VALUE_WORDS:
            name, text = node.targets[0].id, VALUE_TEXTS.get(node.targets[0].id, "")
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                text = str(after.value.value)
            yield Value(name, getattr(module, name), " ".join(text.split()))


VALUES = [*values_of(_base), *values_of(place)]


def words(hint: Any, field: FieldInfo | None = None) -> str:
    """A type as the reference writes it."""
    for value in VALUES:
        if hint is value.hint:
            return f"[{VALUE_WORDS[value.name]}](#values)"
    if isinstance(hint, type) and issubclass(hint, Model):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _joined([f"`{value}`" for value in arguments])
    if origin in {Union, types.UnionType}:
        return _joined([words(part, field) for part in arguments if part is not type(None)])
    if origin is tuple and arguments[1:] == (...,):
        return f"list of {words(arguments[0])}"
    if origin is tuple:
        return f"list of {len(arguments)}: {words(arguments[0])}"
    if origin is dict:
        return f"mapping of {words(arguments[0])} to {words(arguments[1])}"
    if hasattr(hint, "__metadata__"):
        return words(arguments[0], field)
    plain = {str: "text", int: "whole number", bool: "true or false", Any: "anything"}
    return plain[hint] + (_bounds(field) if hint is int and field else "")


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _bounds(field: FieldInfo) -> str:
    found: dict[str, Any] = {}
    for entry in field.metadata:
        found |= {name: getattr(entry, name) for name in ("ge", "gt", "le") if hasattr(entry, name)}
    least = found["ge"] if "ge" in found else found["gt"] + 1 if "gt" in found else None
    if least is None:
        return ""
    return f", {least:,} to {found['le']:,}" if "le" in found else f", {least:,} or more"


def default(model: type[Model], name: str) -> str:
    """What holds when the field is not given."""
    field = model.model_fields[name]
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "**required**"
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"`{value}`"
    annotation: Any = get_type_hints(model, include_extras=True)[name]
    plain = TypeAdapter(annotation).dump_python(value, mode="json", exclude_defaults=True)
    if plain in ([], {}) and not isinstance(value, Model):
        return "none"
    return "its defaults" if plain == {} else f"`{_flow(plain)}`"


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()


class Texts:
    """Descriptions for fields that have none of their own; knows which were needed."""

    def __init__(self) -> None:
        loaded = yaml.safe_load(TEXTS.read_text("utf-8"))
        self._fields: dict[str, str] = loaded["fields"]
        self._names: dict[str, str] = loaded["names"]
        self._used: set[str] = set()
        self.missing: list[str] = []

    def of(self, model: type[Model], name: str) -> str:
        """The description of a field."""
        own = model.model_fields[name].description
        key = f"{model.__name__}.{name}"
        if own:
            return own
        if key in self._fields:
            self._used.add(key)
            return self._fields[key]
        if name not in self._names:
            self.missing.append(key)
        self._used.add(name)
        return self._names.get(name, "")

    def superfluous(self) -> list[str]:
        """Texts that nothing needs."""
        return sorted({*self._fields, *self._names} - self._used)


def models_below(model: type[Model]) -> Iterator[type[Model]]:
    """A model and those its fields hold, depth first, in the order of the fields."""
    yield model
    for hint in get_type_hints(model, include_extras=True).values():
        for found in _models_in(hint):
            yield from models_below(found)


def _models_in(hint: Any) -> Iterator[type[Model]]:
    if isinstance(hint, type) and issubclass(hint, Model):
        yield hint
    else:
        for part in get_args(hint):
            yield from _models_in(part)


def described(model: type[Model]) -> str:
    """The model's own words, without the code of its examples."""
    text = inspect.cleandoc(model.__doc__ or "")
    return re.split(r"\n+Examples\n-+\n", text)[0]


def section(model: type[Model], texts: Texts) -> list[str]:
    """One model: its words and its fields."""
    hints = get_type_hints(model, include_extras=True)
    lines = [f"### {model.__name__}", "", described(model), "", "| field | is | default | |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        cells = (f"`{name}`", words(hints[name], field), default(model, name), texts.of(model, name))
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return [*lines, ""]


def examples() -> list[str]:
    """The annotated examples, each with its first words."""
    lines = ["## Annotated examples", "", "A complete small document for every construct.", ""]
    lines += ["| file | about |", "|---|---|"]
    for path in sorted(ANNOTATED.glob("*.yaml")):
        paragraph = re.split(r"\n#?\n", path.read_text("utf-8"))[0]
        comment = " ".join(paragraph.removeprefix("# ").replace("\n# ", " ").split())
        about = re.split(r"(?<=\.)\s", comment)[0]
        lines.append(f"| [`{path.name}`](../examples/annotated/{path.name}) | {about} |")
    return [*lines, ""]


INTRODUCTION = """\
# Configuration reference

Every document, model and field. This page is written from the models by `scripts/build_reference.py`; change those
and run it again. What the fields *mean* together is told in [what promise-engine computes](semantics.md);
`Network.json_schema()` gives the same for editors and other programs.

Documents are YAML or JSON. Unknown fields are refused, and all faults of a document are told at once, each with its
file, path, value and what was expected. A network may be one file, or a folder of files in any division: lists of
the same name are joined, everything else stands once. An identifier is unique among its kind.
"""


def page(texts: Texts) -> str:
    """The whole reference."""
    lines = [INTRODUCTION]
    seen: set[type[Model]] = set()
    index = [f"- [{title}](#{title.lower().replace(' ', '-')})" for title in DOCUMENTS]
    lines += [*index, "- [Annotated examples](#annotated-examples)", "- [Values](#values)", ""]
    for title, (document, how) in DOCUMENTS.items():
        lines += [f"## {title}", "", how, ""]
        for model in models_below(document):
            if model not in seen:
                seen.add(model)
                lines += section(model, texts)
    lines += examples()
    lines += ["## Values", "", "How single values are written.", "", "| value | |", "|---|---|"]
    lines += [f"| {VALUE_WORDS[value.name]} | {value.text} |" for value in VALUES]
    return "\n".join(lines) + "\n"


def reasons_page(current: str) -> str:
    """The page of reasons, its table written anew."""
    lines = ["| code | number | stage | what happened | where to look |", "|---|---|---|---|---|"]
    for reason in Reason:
        if reason is not Reason.NONE:
            text, stage = REASON_TEXTS[reason], reason.stage.name.lower()
            lines.append(f"| `{reason.code}` | {reason.value} | {stage} | {text.meaning} | {text.look_at} |")
    head, begin, rest = current.partition("from promise_engine.reasons -->\n")
    return head + begin + "\n" + "\n".join(lines) + "\n\n" + "<!-- end -->" + rest.partition("<!-- end -->")[2]


def main() -> int:
    """Write the pages, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether the pages are up to date")
    only_check = parser.parse_args().check
    texts = Texts()
    pages = {PAGE: page(texts), REASONS_PAGE: reasons_page(REASONS_PAGE.read_text("utf-8"))}
    for problem, names in (("no description", texts.missing), ("not needed", texts.superfluous())):
        if names:
            print(f"{TEXTS.name}: {problem}: {', '.join(names)}", file=sys.stderr)
            return 1
    old = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in old:
        if only_check:
            print(f"docs/{path.name} is not up to date: run scripts/build_reference.py", file=sys.stderr)
        else:
            path.write_text(pages[path], "utf-8")
    return int(only_check and bool(old))


if __name__ == "__main__":
    sys.exit(main())
