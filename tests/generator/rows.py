"""Answers of the engine and of its twin in one form, so that they can be compared field by field."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from promise_engine import Answer

    from naive import NaiveAnswer, NaiveOption, NaiveShipment
    from naive.lines import Key

INSTANTS = (
    "deliver_from", "deliver_by", "earliest_from", "collect_from", "collect_until", "order_by",
    "released_at", "started_at", "ready_at", "collected_at", "arrives_at",
)  # fmt: skip
"""Instants of an option; the last five are those of its first shipment."""

STORY = INSTANTS[6:]
COSTS = ("transport", "surcharge", "preparation", "packaging", "transfer")

Row = dict[str, Any]


class Rows(NamedTuple):
    """The options in order, and the refusals by group and method."""

    options: list[Row]
    refusals: list[Row]
    leaves_out: bool = False  # only the twin says


def shipments_of(row: Row) -> list[Row]:
    """The option once for each shipment, told by its site, way, story and window."""
    return [{**row, **shipment} for shipment in row["shipments"]]


def at(value: Any) -> str | None:
    """An instant as UTC text, whatever it is given as."""
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, int):
        value = datetime.fromtimestamp(value, UTC)
    return str(value.astimezone(UTC).isoformat())


def minor(value: Any) -> int | None:
    """An amount `{"amount": "4.90", "currency": "EUR"}` in minor units, by its digits."""
    return None if value is None else int(str(value["amount"]).replace(".", ""))


def answer_rows(answer: Answer) -> Rows:
    """Rows of an answer, without asking when it changes."""
    from promise_engine.options import jsonable

    return engine_rows({name: [jsonable(row) for row in getattr(answer, name)] for name in ("options", "refusals")})


def engine_rows(document: Mapping[str, Any]) -> Rows:
    """Rows of the answer's own document."""
    refusals = [
        {name: row.get(name) for name in ("method", "reason", "site", "service", "place", "sku")}
        | {"group": row["group"]}
        for row in document["refusals"]
    ]
    return Rows([_engine_row(option) for option in document["options"]], _by_method(refusals))


def _engine_row(option: Mapping[str, Any]) -> Row:
    shipments = tuple(_engine_shipment(shipment) for shipment in option["shipments"])
    row: Row = {name: at(option.get(name)) for name in INSTANTS[:6]}
    row |= {name: option.get(name) for name in ("method", "service", "choice_code", "parcels")}
    row |= {f"cost.{name}": minor(option["cost"][name]) for name in COSTS}
    return _with_first(row, shipments) | {
        "group": option["group"],
        "services": tuple(option["services"]),
        "place": (option["destination"] or {}).get("place"),
        "price": minor(option["price"]),
        "co2e_grams": option["co2e_grams"],
        "tags": tuple(sorted(option["tags"])),
        "line_dates": tuple(sorted({(*_key(line), at(line["deliver_by"])) for line in option["lines"]})),
        "left_out": tuple(
            (line["id"], *_key(line), Decimal(line["quantity"]), line["reason"]) for line in option["left_out"]
        ),
    }


def _engine_shipment(shipment: Mapping[str, Any]) -> Row:
    return {
        **{name: at(shipment.get(name)) for name in (*STORY, "deliver_from", "deliver_by")},
        **{name: shipment[name] for name in ("site", "service", "parcels")},
        "ship_group": shipment.get("ship_group") or "",
        "services": tuple(shipment["services"]),
        "lines": tuple(
            sorted((line["sku"], tuple(line["services"]), Decimal(line["quantity"])) for line in shipment["lines"])
        ),
        "arrivals": tuple((stop["stop"], at(stop["at"])) for stop in shipment["arrivals"]),
    }


def keys_of(sent: Row) -> dict[Key, Decimal]:
    """How much a shipment carries, by what tells lines apart."""
    return {(sku, services, sent["ship_group"]): quantity for sku, services, quantity in sent["lines"]}


def _key(line: Mapping[str, Any]) -> Key:
    """What tells lines apart: the SKU, the services asked for, and the ship group."""
    return line["sku"], tuple(line["services"]), line.get("ship_group") or ""


def _with_first(row: Row, shipments: tuple[Row, ...]) -> Row:
    """The row with its shipments, and with the site and the story of the first of them."""
    return row | {name: shipments[0][name] for name in ("site", "arrivals", *STORY)} | {"shipments": shipments}


def _by_method(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (str(row["group"]), str(row["method"])))


def twin_rows(answer: NaiveAnswer) -> Rows:
    """Rows of the twin's answer."""
    refusals: list[Row] = [
        {
            "method": row.method,
            "reason": row.reason.code,
            "site": row.site,
            "service": row.way or None,
            "place": row.place,
            "sku": row.sku,
            "group": row.group,
        }
        for row in answer.refusals
    ]
    return Rows([_twin_row(option) for option in answer.options], _by_method(refusals), answer.leaves_out)


def _twin_row(option: NaiveOption) -> Row:
    row: Row = {name: at(getattr(option, name)) for name in INSTANTS[:6]}
    row |= {
        "method": option.method,
        "service": option.way or None,
        "choice_code": option.choice_code,
        "parcels": option.parcels,
    }
    row |= {f"cost.{name}": option.cost[name] for name in COSTS}
    dates: dict[Key, str | None] = {}
    for sent in sorted(option.shipments, key=lambda sent: sent.promised):  # the last is what a line of several shows
        dates |= dict.fromkeys(keys_of(_twin_shipment(sent)), at(sent.promised))
    return _with_first(row, tuple(_twin_shipment(sent) for sent in option.shipments)) | {
        "group": option.group,
        "services": option.services,
        "place": option.destination,
        "price": option.price_minor,
        "co2e_grams": option.co2e_grams,
        "tags": tuple(sorted(option.tags)),
        "line_dates": tuple(sorted((*key, promised) for key, promised in dates.items())),
        "left_out": tuple(
            (line.id, line.sku, line.services, line.ship_group or "", line.quantity, line.reason.code)
            for line in option.left_out
        ),
    }


def _twin_shipment(sent: NaiveShipment) -> Row:
    return {
        **{name: at(getattr(sent, name)) for name in (*STORY, "deliver_from", "deliver_by")},
        "site": sent.site,
        "service": sent.way or None,
        "parcels": sent.parcels,
        "ship_group": sent.ship_group or "",
        "services": sent.services,
        "lines": _twin_lines(sent),
        "arrivals": tuple((stop, at(instant)) for stop, instant in sent.arrivals),
    }


def _twin_lines(sent: NaiveShipment) -> tuple[tuple[str, tuple[str, ...], Decimal], ...]:
    """What a shipment carries: SKU, services, quantity."""
    pairs = zip(sent.lines, sent.line_services, strict=True)
    return tuple(sorted((sku, services, quantity) for (sku, quantity), services in pairs))
