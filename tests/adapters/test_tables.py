"""The words of an answer's table."""

from __future__ import annotations

from typing import Any

import pytest

from promise_engine import Answer, Engine, Network, StockSnapshot
from promise_engine.adapters.cli.tables import answer_parts, row_of

PLACED = "2026-11-30T12:00:00+01:00"  # a Monday


def shop(name: str, hours: str) -> dict[str, Any]:
    """A store that hands over from its own stock, until the end of the next opening day."""
    return {
        "id": name,
        "address": {"country": "FR", "postal_code": "69002"},
        "preparation": {"calendar": "work"},
        "store_collection": {"opening": hours, "hold_days": 1, "capacity": False},
    }


def answered(postal_code: str = "69002") -> Answer:
    """Three shops that close in the evening, at midnight, and in the night."""
    network = {
        "valid_from": "2026-11-01",
        "valid_until": "2026-12-31",
        "calendars": [
            {"id": "work", "hours": {"mon-sun": ["00:00-24:00"]}},
            {"id": "day", "hours": {"mon-sun": ["09:00-19:00"]}},
            {"id": "midnight", "hours": {"mon-sun": ["06:00-24:00"]}},
            {"id": "night", "hours": {"mon-sun": ["18:00-01:00"]}},
        ],
        "sites": [shop("by-day", "day"), shop("locker", "midnight"), shop("night-shop", "night")],
        "methods": [{"id": "collect", "kind": "store_collection", "price": [{"price": 0}]}],
        "channels": [{"id": "web"}],
    }
    records = [{"site": site["id"], "sku": "A", "on_hand": 3} for site in network["sites"]]  # type: ignore[attr-defined]
    request = {
        "lines": [{"sku": "A", "quantity": 1, "weight_grams": 500}],
        "destination": {"country": "FR", "postal_code": postal_code},
        "placed_at": PLACED,
    }
    stock = StockSnapshot.from_records(records, as_of=PLACED)
    return Engine(Network.model_validate(network)).promise(request, stock)


@pytest.fixture(scope="module")
def answer() -> Answer:
    """An order at noon."""
    return answered()


HELD = [
    ("by-day", "held until Tue 1 Dec", "held until Tue 1 Dec 19:00"),
    ("locker", "held until Tue 1 Dec", "held until Tue 1 Dec 24:00"),
    (
        "night-shop",
        "held until Wed 2 Dec 01:00 (night of Tue 1 Dec)",
        "held until Wed 2 Dec 01:00 (night of Tue 1 Dec)",
    ),
]


@pytest.mark.parametrize(("place", "shown", "explained"), HELD)
def test_a_parcel_is_held_until_the_end_of_an_opening_day(
    answer: Answer, place: str, shown: str, explained: str
) -> None:
    """Midnight belongs to the day before; a closing time past it is told with the day whose night it is."""
    number, option = next((n, option) for n, option in enumerate(answer.options) if option.destination.place == place)
    assert shown == row_of(answer.context, number, option).how.rsplit(", ", 1)[1]
    assert f"{explained}: closing of" in " ".join(answer.explain(number).replace("│", " ").split())


@pytest.mark.parametrize(
    ("postal_code", "said"),
    [
        ("69002", "located by the prefix of the postal code: distances are approximate"),
        ("97200", "located at the chief town of the area: distances are approximate"),
        ("00000", "nobody knows where this postal code is: no places near it, no distances"),
    ],
)
def test_the_heading_says_how_precisely_the_destination_is_known(postal_code: str, said: str) -> None:
    """A line under it, where the place is not exactly known."""
    assert said in [str(part) for part in answer_parts(answered(postal_code), 80, 3)]


def test_the_heading_says_nothing_of_a_place_that_is_known() -> None:
    """Coordinates of the request need no remark."""
    known = answered()
    known.sections[0].context = known.context._replace(request=known.context.request._replace(precision="coordinates"))
    parts = [str(part) for part in answer_parts(known, 80, 3)]
    assert [] == [part for part in parts if "located by" in part]
