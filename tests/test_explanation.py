"""Explanations: every instant with the rule that set it."""

from __future__ import annotations

from typing import Any

import pytest

from promise_engine import Answer, Catalogue, Engine, Network, Reason, StockSnapshot
from promise_engine.explanation.words import hours_text, option_when, skipped_text
from promise_engine.reasons import REASON_TEXTS

PLACED = "2026-12-23T17:30:00+01:00"  # a Wednesday


HOLIDAYS = [{"country": "place", "subdivision": "place"}]
NETWORK: dict[str, Any] = {
    "valid_from": "2026-12-01",
    "valid_until": "2026-12-31",
    "calendars": [
        {
            "id": "warehouse",
            "hours": {"mon-fri": ["08:00-18:00"], "sat": ["09:00-12:00"]},
            "holidays": HOLIDAYS,
            "exceptions": [{"effect": "closed", "first": "2026-12-24", "name": "stocktaking"}],
        },
        {"id": "working", "weekdays": "mon-fri", "holidays": [{"country": "FR"}]},
        {"id": "shop", "hours": {"mon-sat": ["10:00-19:00"]}, "holidays": HOLIDAYS},
    ],
    "sites": [
        {
            "id": "depot",
            "address": {"country": "FR", "postal_code": "67000"},
            "preparation": {
                "calendar": "warehouse",
                "order_cut_off": {"daily": "15:00"},
                "handling": {"maximum": {"fixed": "1 h", "per_line": "10 min"}},
                "plan": {"slots": [{"start": "08:00", "end": "18:00", "capacity": 10}]},
            },
            "store_collection": {"opening": "shop", "hold_days": 2, "capacity": False},
        }
    ],
    "carriers": [{"id": "post", "collection_days": "working"}],
    "services": [
        {
            "id": "parcel",
            "carrier": "post",
            "lanes": [{"transit": {"minimum_days": 1, "maximum_days": 2, "network_days": "working"}}],
            "overlays": [{"first": "2026-12-20", "last": "2027-01-03", "add_days": 1, "name": "Christmas peak"}],
            "delivery": {"days": "working", "windows": [{"hours": "08:00-13:00"}]},
            "safety_margin": "9 h",
        }
    ],
    "collection_pools": [{"id": "van", "capacity": 5}],
    "collections": [
        {
            "sites": ["depot"],
            "services": ["parcel"],
            "weekdays": "mon-fri",
            "cut_off": "16:45",
            "departure": "17:00",
            "pool": "van",
        }
    ],
    "methods": [
        {"id": "home", "name": "Home", "kind": "home", "services": ["parcel"], "price": [{"price": 5}]},
        {"id": "store", "kind": "store_collection", "price": [{"price": 0}]},
        {"id": "rich", "kind": "home", "services": ["parcel"], "price": [{"from_value": 100, "price": 0}]},
    ],
    "channels": [{"id": "web", "acceptance": "10 min"}],
}
"""A warehouse in Strasbourg that collects, a service with an overlay, a method with a price for few."""


@pytest.fixture(scope="module")
def answer() -> Answer:
    """An order on the eve of stocktaking, Christmas and a weekend."""
    stock = StockSnapshot.from_records([{"site": "depot", "sku": "A", "on_hand": 3}], as_of=PLACED)
    request = {
        "lines": [{"sku": "A", "quantity": 1, "weight_grams": 500}],
        "destination": {"country": "FR", "postal_code": "67000"},
        "placed_at": PLACED,
    }
    return Engine(Network.model_validate(NETWORK)).promise(request, stock)


@pytest.fixture(scope="module")
def home(answer: Answer) -> str:
    """The story of the home delivery, its lines joined."""
    return joined(answer.explain(method="home"))


def joined(text: str) -> str:
    """A text without the bars of its timeline and its line breaks."""
    return " ".join(text.replace("│", " ").split())


def test_the_story_has_every_instant_of_the_shipment(answer: Answer, home: str) -> None:
    """Instants of the option's shipment stand in the text, local, with their weekdays."""
    # Late for Wednesday 15:00; Thursday stocktaking, Friday Christmas; Saturday is Saint Stephen's in Alsace.
    shipment = next(option for option in answer.options if option.method == "home").shipments[0]
    assert "2026-12-28T08:00:00+01:00" == shipment.released_at.isoformat()
    for expected in (
        "Wed 23 Dec 17:30 ● order placed",
        "Wed 23 Dec 17:40 ● accepted 10 min after the order: acceptance of channel web",
        "Mon 28 Dec 08:00 ● released",
        "Mon 28 Dec 09:10 ● ready",
        "Mon 28 Dec 17:00 ● collected",
    ):
        assert expected in home


def test_dates_that_do_not_count_are_told_with_their_reasons(home: str) -> None:
    """Closures, holidays of the site's region and Sundays that delay the release are named."""
    assert "too late for Wed 23 Dec 15:00" in home
    assert "Thu 24 Dec (stocktaking), Fri 25 Dec (Christmas Day), Sat 26 Dec (Saint Stephen's Day), Sun 27 Dec" in home


def test_rules_and_calendars_are_named(home: str) -> None:
    """Handling, slot, pool, overlay and margin say their amounts and whose they are."""
    for expected in (
        "handling 1 h 10 min of working time (1 h + 10 min x 1 line), calendar warehouse",
        "capacity slot Mon 28 Dec 08:00-18:00 of depot, 0 of 10 orders taken",
        "parcel at depot: ready by Mon 28 Dec 16:45, leaves 17:00",
        "pool van: room for 5 parcels, this order has 1",
        # 29, 30, 31 December; the first of January does not come into it.
        "transit 2 days of calendar working after Mon 28 Dec (1 at least, for the early end) + 1 day (Christmas peak)",
        "safety margin 9 h of parcel: delivery counts from Thu 31 Dec 09:00",
        "Thu 31 Dec 09:00 ● delivered from by Thu 31 Dec 13:00: window 08:00-13:00 of parcel",
        "with every minimum it could come from Wed 30 Dec 09:00",
    ):
        assert expected in home


def test_the_end_of_the_offer_is_the_order_cut_off(home: str) -> None:
    """`order_by` stands at the end, with the rule when it is the site's order cut-off."""
    assert "Order before Mon 28 Dec 15:00 (Europe/Paris): it is the order cut-off of depot" in home


def test_collection_tells_opening_hours_and_hold(answer: Answer) -> None:
    """A store collection says when the shop is open and until when the parcel is held."""
    text = joined(answer.explain(method="store"))
    assert "Mon 28 Dec 10:00 ● to be collected from depot is open 10:00-19:00 on Mon 28 Dec (calendar shop)" in text
    assert "held until Wed 30 Dec 19:00: closing of opening day 2 after that date" in text


def test_a_refusal_tells_stage_meaning_and_the_furthest_candidate(answer: Answer) -> None:
    """The refused method has its reason, what it means, who got furthest and where to look."""
    text = answer.explain(method="rich")
    assert "rich: not offered (outside_zone)" in text
    assert "got furthest  depot by parcel" in text
    assert REASON_TEXTS[Reason.OUTSIDE_ZONE].meaning in joined(text)


def test_everything_is_explained_when_nothing_is_named(answer: Answer) -> None:
    """Without an option or a method the text holds all options and all refusals."""
    text = answer.explain()
    assert "Option 1 of 2" in text
    assert "Option 2 of 2" in text
    assert text.count("not offered") == len(answer.refusals)
    assert answer.explain(0) in text


def test_an_unknown_option_or_method_is_an_error(answer: Answer) -> None:
    """A position outside the options is refused, -1 too, with those there are; a method names those there are."""
    for position in (7, -1):
        with pytest.raises(ValueError, match=f"found option {position}, expected a position from 0 to 1"):
            answer.explain(position)
    with pytest.raises(ValueError, match="found method 'x', expected one of: home, rich, store"):
        answer.explain(method="x")


def test_lines_fit_a_terminal(answer: Answer) -> None:
    """The timeline is at most 79 columns wide."""
    assert max(map(len, answer.explain(0).splitlines())) < 80


def test_another_clock_is_announced() -> None:
    """Where the destination has another time zone than the site, the text says from where on."""
    stock = StockSnapshot.from_records([{"site": "depot", "sku": "A", "on_hand": 3}], as_of=PLACED)
    request = {
        "lines": [{"sku": "A", "quantity": 1}],
        "destination": {"country": "MQ", "postal_code": "97200"},
        "placed_at": PLACED,
    }
    catalogue = Catalogue.from_records([{"sku": "A", "weight_grams": 100}])
    text = Engine(Network.model_validate(NETWORK), catalogue).promise(request, stock).explain(method="home")
    assert text.index("times of Europe/Paris") < text.index("● collected") < text.index("times of America/Martinique")


def test_a_notebook_shows_tables_without_markup_of_the_data(answer: Answer) -> None:
    """The HTML has a row for each option and each refusal, and names are escaped."""
    html = answer._repr_html_()
    assert len(answer.options) + len(answer.refusals) + 2 == html.count("<tr>")
    assert "Saint Stephen's" not in html
    assert "<td>Home</td>" in html


def test_every_reason_has_a_text_of_its_own() -> None:
    """Each Reason has one sentence and a place to look at; no two share their sentence."""
    assert list(Reason) == list(REASON_TEXTS)
    meanings = [text.meaning for text in REASON_TEXTS.values()]
    assert len(set(meanings)) == len(meanings)
    assert all(text.meaning.endswith(".") and text.look_at.endswith(".") for text in REASON_TEXTS.values())


def test_windows_read_the_same_everywhere(answer: Answer) -> None:
    """A window is told with its weekday; one that ends at midnight ends at 24:00."""
    option = next(option for option in answer.options if option.method == "home")
    assert "Thu 31 Dec 09:00-13:00" == option_when(option)
    start = option.promised.replace(hour=8)
    assert "08:00-24:00" == hours_text(start, start.replace(year=2027, month=1, day=1, hour=0))
    assert "" == skipped_text([])
