"""Answers of the engine and of its twin in one form, so that they can be compared field by field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from promise_engine import Answer

    from naive import NaiveAnswer, NaiveOption

INSTANTS = (
    "deliver_from", "deliver_by", "earliest_from", "collect_from", "collect_until", "order_by",
    "released_at", "started_at", "ready_at", "collected_at", "arrives_at",
)  # fmt: skip
COSTS = ("transport", "surcharge", "preparation", "packaging", "transfer")

Row = dict[str, Any]


class Rows(NamedTuple):
    """The options in order, and the refusals by method."""

    options: list[Row]
    refusals: list[Row]


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
        {name: row.get(name) for name in ("method", "reason", "site", "service", "place")}
        for row in document["refusals"]
    ]
    return Rows([_engine_row(option) for option in document["options"]], _by_method(refusals))


def _engine_row(option: Mapping[str, Any]) -> Row:
    shipment = option["shipments"][0]
    fields = {**option, **{name: shipment.get(name) for name in INSTANTS[6:]}}
    row: Row = {name: at(fields.get(name)) for name in INSTANTS}
    row |= {name: option.get(name) for name in ("method", "service", "choice_code", "parcels")}
    row |= {f"cost.{name}": minor(option["cost"][name]) for name in COSTS}
    return row | {
        "site": shipment["site"],
        "services": tuple(option["services"]),
        "place": (option["destination"] or {}).get("place"),
        "price": minor(option["price"]),
        "co2e_grams": option["co2e_grams"],
        "tags": tuple(sorted(option["tags"])),
        "arrivals": tuple((stop["stop"], at(stop["at"])) for stop in shipment["arrivals"]),
    }


def _by_method(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: str(row["method"]))


def twin_rows(answer: NaiveAnswer) -> Rows:
    """Rows of the twin's answer."""
    refusals: list[Row] = [
        {
            "method": row.method,
            "reason": row.reason.code,
            "site": row.site,
            "service": row.way or None,
            "place": row.place,
        }
        for row in answer.refusals
    ]
    return Rows([_twin_row(option) for option in answer.options], _by_method(refusals))


def _twin_row(option: NaiveOption) -> Row:
    row: Row = {name: at(getattr(option, name)) for name in INSTANTS}
    row |= {
        "method": option.method,
        "service": option.way or None,
        "choice_code": option.choice_code,
        "parcels": option.parcels,
    }
    row |= {f"cost.{name}": option.cost[name] for name in COSTS}
    return row | {
        "site": option.site,
        "services": option.services,
        "place": option.destination,
        "price": option.price_minor,
        "co2e_grams": option.co2e_grams,
        "tags": tuple(sorted(option.tags)),
        "arrivals": tuple((stop, at(instant)) for stop, instant in option.arrivals),
    }
