"""What the commands read: the embedded example or files, and a request in words."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from promise_engine import Answer, Catalogue, Engine, InputError, Network, PromiseRequest, StockSnapshot

T = TypeVar("T")
EXAMPLE = "fr_omnichannel"
_COUNTRY_AND_CODE = re.compile(r"([A-Za-z]{2})(?:\s+(.*))?")


class RefusedInputsError(Exception):
    """Several files, some of them refused: `errors` has one for each, with all its faults."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, errors)))


class Words(NamedTuple):
    """A request as options of a command say it; None leaves the default request as it is."""

    at: str | None = None
    to: str | None = None
    basket: str | None = None
    value: str | None = None
    channel: str | None = None
    view: str | None = None


class Inputs(NamedTuple):
    """Everything one answer needs."""

    network: Network
    catalogue: Catalogue | None
    stock: StockSnapshot
    request: PromiseRequest
    engine: Engine | None = None  # one that is compiled already, perhaps for other days

    def answer(self) -> Answer:
        """The answer, from an engine compiled for the day of the request only."""
        from promise_engine import Engine  # noqa: PLC0415

        day = self.request.placed_at.astimezone(UTC).date()
        if self.engine is not None and self.engine.placed_between == (day, day):
            return self.engine.promise(self.request, self.stock)
        inside = self.network.valid_from <= day <= self.network.valid_until
        engine = Engine(self.network, self.catalogue, placed_between=(day, day) if inside else None)
        return engine.promise(self.request, self.stock)


def demo_inputs(words: Words) -> Inputs:
    """The embedded example, asked what the words say."""
    from promise_engine._resources import example_path  # noqa: PLC0415
    from promise_engine.adapters.cli.example import example  # noqa: PLC0415

    document = _document(example_path(EXAMPLE, "requests", "demo.json"))
    known = example(_request(document).placed_at.astimezone(UTC).date())
    request = _request(_worded(document, words, _place_ids(known.network)))
    return Inputs(known.network, known.catalogue, known.stock, request, known.engine)


def file_inputs(network: Path, catalogue: Path | None, stock: Path, request: str, view: str | None) -> Inputs:
    """What files hold; the request may come from standard input (`-`). Every file is read before faults are told."""
    from promise_engine import Catalogue, Network, StockSnapshot  # noqa: PLC0415

    known, sold, held, asked = read_all(
        lambda: Network.load(network),
        lambda: None if catalogue is None else Catalogue.load(catalogue),
        lambda: StockSnapshot.load(stock),
        lambda: _request(_viewed(_document(request), view)),
    )
    return Inputs(known, sold, held, asked)


def read_all(*loads: Callable[[], Any]) -> list[Any]:
    """What each of several loads gives; when some are refused, the faults of all of them.

    Examples
    --------
    >>> read_all(lambda: 1, lambda: None)
    [1, None]
    """
    from promise_engine import InputError  # noqa: PLC0415

    refused: list[InputError] = []
    found: list[Any] = []
    for load in loads:
        try:
            found.append(load())
        except InputError as error:
            refused.append(error)
    if refused:
        raise RefusedInputsError(refused)
    return found


def _viewed(document: Any, view: str | None) -> Any:
    """A request's document, asking for a view."""
    return {**document, "view": view} if view is not None and isinstance(document, dict) else document


def _document(path: str | Path) -> Any:
    from promise_engine import InputError, RequestError  # noqa: PLC0415
    from promise_engine.inputs.documents import parse_document, read_document  # noqa: PLC0415

    try:
        if path == "-":
            return parse_document(sys.stdin.buffer.read(), "standard input")
        return read_document(Path(path), Path(path).name)
    except InputError as error:
        raise RequestError(error.faults) from None


def _request(document: Any) -> PromiseRequest:
    from promise_engine.inputs.request import parse_request  # noqa: PLC0415

    return parse_request(document)


def _place_ids(network: Network) -> set[str]:
    stores = {site.id for site in network.sites if site.store_collection is not None}
    return stores | {point.id for point in network.pickup_points}


def _worded(document: dict[str, Any], words: Words, place_ids: set[str]) -> dict[str, Any]:
    """The default request with what the words change."""
    asked = dict(document)
    if words.to is not None:
        asked["destination"] = destination_of(words.to, document["destination"]["country"], place_ids)
    if words.basket is not None:
        prices = {line["sku"]: line["unit_price"] for line in document["lines"]}
        asked["lines"] = lines_of(words.basket, prices)
    if words.at is not None:
        asked["placed_at"] = _instant(words.at)
    named = {"channel": words.channel, "view": words.view, "basket_value": words.value}
    return asked | {name: value for name, value in named.items() if value is not None}


def destination_of(text: str, country: str, place_ids: set[str]) -> dict[str, str]:
    """The destination meant by the id of a place, or by a postal code: with its country or city, or its beginning.

    Examples
    --------
    >>> destination_of("GB SW1A 1AA", "FR", set()), destination_of("69002", "FR", set())
    ({'country': 'GB', 'postal_code': 'SW1A 1AA'}, {'country': 'FR', 'postal_code': '69002'})
    >>> destination_of("FR 67000 Strasbourg", "FR", set()), destination_of("FR 67*", "FR", set())
    ({'country': 'FR', 'postal_code': '67000', 'city': 'Strasbourg'}, {'country': 'FR', 'postal_prefix': '67'})
    >>> destination_of("store-lyon", "FR", {"store-lyon"})
    {'place': 'store-lyon'}
    """
    text = text.strip()
    if text in place_ids:
        return {"place": text}
    named = _COUNTRY_AND_CODE.fullmatch(text)
    if named:
        return {"country": named[1].upper(), **_part_of(named[1], (named[2] or "").strip())}
    part = _part_of(country, text)
    if "city" not in part and any(character.islower() for character in text):
        return {"place": text}  # a misspelt id: postal codes are written in capitals
    return {"country": country, **part}


def _part_of(country: str, text: str) -> dict[str, str]:
    """Which part of a country is meant: all of it, the codes with a prefix, or a code with a city perhaps."""
    from promise_engine.places import PlaceError, normalise  # noqa: PLC0415

    if not text or text == "*":
        return {}
    if text.endswith("*"):
        return {"postal_prefix": text[:-1].strip()}
    words = text.split()
    for count in range(len(words), 0, -1):
        code, city = " ".join(words[:count]), " ".join(words[count:])
        with suppress(PlaceError):
            normalise(country, code)
            return {"postal_code": code, **({"city": city} if city else {})}
    return {"postal_code": text}


def lines_of(text: str, prices: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a basket written as SKU:quantity, separated by commas.

    Examples
    --------
    >>> lines_of("A1:2, B2", {"A1": 9})
    [{'sku': 'A1', 'quantity': '2', 'unit_price': 9}, {'sku': 'B2', 'quantity': '1'}]
    """
    lines = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        sku, _, quantity = part.rpartition(":") if ":" in part else (part, "", "1")
        priced = {"unit_price": prices[sku]} if sku in prices else {}
        lines.append({"sku": sku.strip(), "quantity": quantity.strip(), **priced})
    return lines


def _instant(text: str) -> str:
    """An instant as the request wants it; one without an offset is refused here, with the option's name."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"{text!r} is not an instant with its UTC offset, such as 2026-11-20T17:59:00+01:00"
        raise click.BadParameter(message, param_hint="'--at'")
    return moment.isoformat()
