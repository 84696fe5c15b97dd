"""The slow twin against cases worked out by hand: what proves the engine must itself be right.

All instants are written in UTC; Paris is UTC+1 in winter and UTC+2 in summer.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from promise_engine.errors import Reason
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.place import Packing, ParcelLimits, ZoneSet
from promise_engine.models.policy import UnknownSize
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import StockDocument
from promise_engine.models.working_time import Calendar

import naive
from generator import make_case
from generator.facts import Documents
from naive.basket import Piece
from naive.calendar import NOWHERE, DayCalendar, HolidayPlace, WorkingTime
from naive.clock import instant, move_days, round_up, utc, wall
from naive.money import half_up
from naive.parcels import Parcel, packed, settled
from naive.places import Spot, nearest, zone_of

PARIS = ZoneInfo("Europe/Paris")
FAR = wall(date(2030, 1, 1), 0, PARIS)


def at(text: str) -> int:
    """An instant from its UTC text."""
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


def test_the_twin_imports_none_of_what_it_proves() -> None:
    """Models, errors and places only: no kernels, no compiler, no conversions."""
    allowed = ("promise_engine.models", "promise_engine.errors", "promise_engine.places")
    files = list((Path(__file__).parent / "naive").glob("*.py"))
    assert len(files) > 10
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            assert not [name for name in names if name.split(".")[0] in {"numba", "numpy", "generator"}], file
            assert all(name.startswith(allowed) for name in names if name.startswith("promise_engine")), file


# Clock.


def test_a_wall_time_that_occurs_twice_is_its_first_occurrence() -> None:
    """25 October 2026: 02:30 is 00:30Z (summer time), not 01:30Z."""
    assert at("2026-10-25T00:30:00") == wall(date(2026, 10, 25), 9_000, PARIS)


def test_a_wall_time_that_does_not_exist_is_read_with_the_offset_before() -> None:
    """29 March 2026: 02:30 at UTC+1 is 01:30Z, which clocks show as 03:30."""
    assert at("2026-03-29T01:30:00") == wall(date(2026, 3, 29), 9_000, PARIS)


def test_days_move_at_the_same_local_time() -> None:
    """28 March 10:00 (09:00Z) plus two days is 30 March 10:00 (08:00Z); no days move nothing."""
    assert at("2026-03-30T08:00:00") == move_days(at("2026-03-28T09:00:00"), 2, PARIS)
    assert at("2026-10-25T01:30:00") == move_days(at("2026-10-25T01:30:00"), 0, PARIS)


def test_rounding_up_stays_in_the_second_occurrence_of_an_hour() -> None:
    """25 October, 02:20 the second time (01:20Z) is rounded to 02:30 the second time; a full step stays."""
    assert at("2026-10-25T01:30:00") == round_up(at("2026-10-25T01:20:00"), timedelta(minutes=15), PARIS)
    assert at("2026-10-25T01:30:00") == round_up(at("2026-10-25T01:30:00"), timedelta(minutes=15), PARIS)


# Calendars.


def working(place: HolidayPlace = NOWHERE, **fields: Any) -> WorkingTime:
    """A calendar in Paris."""
    return WorkingTime(DayCalendar({"c": Calendar(id="c", **fields)}, "c", place), PARIS)


def test_precedence_on_one_date() -> None:
    """Closure, opening, holiday, weekday; the shorter of two openings; an hours change opens nothing."""
    calendar = working(
        hours={"mon-fri": ["08:00-12:00"]},
        holidays=[{"dates": {"2026-11-11": "armistice", "2026-11-12": "more"}}],
        exceptions=[
            {"effect": "open", "first": "2026-11-11", "last": "2026-11-15", "hours": ["09:00-10:00"]},
            {"effect": "open", "first": "2026-11-11", "last": "2026-11-11", "hours": ["10:00-11:00"]},
            {"effect": "closed", "first": "2026-11-12"},
            {"effect": "hours", "first": "2026-11-15", "last": "2026-11-22", "hours": ["14:00-15:00"]},
        ],
    ).days
    found = {day: calendar.hours(date(2026, 11, day)) for day in (11, 12, 13, 15, 16, 22)}
    nine, ten, two = ((hour * 3_600, (hour + 1) * 3_600) for hour in (9, 10, 14))
    assert found == {11: (ten,), 12: None, 13: (nine,), 15: (nine,), 16: (two,), 22: None}


def test_holidays_are_those_of_the_place() -> None:
    """26 December is a holiday in Strasbourg and not in Paris."""
    fields: dict[str, Any] = {"weekdays": "daily", "holidays": [{"country": "place", "subdivision": "place"}]}
    assert not working(HolidayPlace("FR", "6AE"), **fields).days.is_open(date(2026, 12, 26))
    assert working(HolidayPlace("FR", None), **fields).days.is_open(date(2026, 12, 26))


def test_combined_calendars() -> None:
    """All of 08:00-12:00 daily, 10:00-18:00 on weekdays, and a day calendar: 10:00-12:00, and closed on Saturday."""
    calendars = {
        "a": Calendar(id="a", hours={"daily": ["08:00-12:00"]}),
        "b": Calendar(id="b", hours={"mon-fri": ["10:00-18:00"]}),
        "d": Calendar(id="d", weekdays="mon-sat"),
        "all": Calendar(id="all", all_of=("a", "b", "d")),
        "any": Calendar(id="any", any_of=("a", "b")),
    }
    friday, saturday = date(2026, 11, 13), date(2026, 11, 14)
    both, either = (DayCalendar(calendars, name, NOWHERE) for name in ("all", "any"))
    assert (((36_000, 43_200),), None) == (both.hours(friday), both.hours(saturday))
    assert (((28_800, 64_800),), ((28_800, 43_200),)) == (either.hours(friday), either.hours(saturday))


def test_a_recurrence_counts_from_its_start() -> None:
    """Every second Monday from 5 January 2026: the 19th, not the 12th."""
    days = working(recurrence="DTSTART:20260105 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO").days
    assert [day for day in range(1, 32) if days.is_open(date(2026, 1, day))] == [5, 19]


def test_working_time_passes_midnight_once() -> None:
    """Friday 20:00-02:00 and Saturday 01:00-03:00 overlap: from 22:00 five open hours end at 03:00, not at 02:00."""
    hours = working(hours={"fri": ["20:00-02:00"], "sat": ["01:00-03:00"]})
    assert at("2026-11-14T02:00:00") == hours.add_working(at("2026-11-13T21:00:00"), 5 * 3_600, FAR)
    assert date(2026, 11, 13) == hours.date_of(at("2026-11-14T00:30:00"))
    assert at("2026-11-20T20:00:00") == hours.add_working(at("2026-11-13T21:00:00"), 6 * 3_600, FAR)


def test_work_ending_at_closing_ends_at_closing() -> None:
    """Two hours from 16:00 with closing at 18:00 (17:00Z); no work takes no time, open or not."""
    hours = working(hours={"mon-fri": ["08:00-18:00"]})
    assert at("2026-11-13T17:00:00") == hours.add_working(at("2026-11-13T15:00:00"), 7_200, FAR)
    assert at("2026-11-14T03:00:00") == hours.add_working(at("2026-11-14T03:00:00"), 0, FAR)
    assert at("2026-11-16T07:00:00") == hours.next_open(at("2026-11-13T17:00:00"), FAR)


def test_an_interval_inside_the_lost_hour_does_not_exist() -> None:
    """29 March 2026, 02:00-03:00: both ends are 01:00Z."""
    assert working(hours={"daily": ["02:00-03:00"]}).intervals(date(2026, 3, 29)) == ()


# Places.


def spot(country: str, code: str, **fields: Any) -> Spot:
    """A point without coordinates, unless given."""
    return replace(Spot("", country, code, "", None, PARIS, None, None), **fields)


def test_the_most_exact_rule_of_a_zone_set_decides() -> None:
    """Code, longest prefix, narrowest range, city, country, rest; an exclusion takes a zone out."""
    zones = ZoneSet.model_validate({"id": "set", "zones": [
        {"id": "code", "areas": [{"countries": ["FR"], "postal_codes": ["69002"]}]},
        {"id": "long", "areas": [{"countries": ["FR"], "prefixes": ["6900"]}]},
        {"id": "short", "areas": [{"countries": ["FR"], "prefixes": ["69"]}]},
        {"id": "range", "areas": [{"countries": ["FR"], "ranges": ["67000..68999"]}]},
        {"id": "wide", "areas": [{"countries": ["FR"], "ranges": ["60000..68999"]}]},
        {"id": "city", "areas": [{"countries": ["FR"], "cities": ["Lille"]}]},
        {"id": "land", "areas": [{"countries": ["FR"]}], "exclude": [{"countries": ["FR"], "prefixes": ["20"]}]},
        {"id": "rest", "areas": [{"rest": True}]},
    ]})  # fmt: skip
    codes = ("69002", "69003", "69100", "67000", "62000", "20000", "75001")
    found = {code: zone_of(zones, spot("FR", code)) for code in codes}
    expected = ("code", "long", "short", "range", "wide", "rest", "land")
    assert dict(zip(codes, expected, strict=True)) == found
    assert zone_of(zones, spot("FR", "59000", city="lille")) == "city"
    assert zone_of(zones, spot("DE", "69002")) == "rest"


def test_a_french_prefix_holds_the_departments_that_are_countries_of_their_own() -> None:
    """97 written for France holds 97400 of Réunion."""
    zones = ZoneSet.model_validate(
        {"id": "s", "zones": [{"id": "om", "areas": [{"countries": ["FR"], "prefixes": ["97"]}]}]}
    )
    assert zone_of(zones, spot("RE", "97400")) == "om"
    assert zone_of(zones, spot("FR", "75001")) is None


def test_on_a_shared_border_the_zone_with_the_smaller_id_holds_the_point() -> None:
    """Two squares that meet at longitude 1."""

    def square(west: int, east: int) -> list[list[int]]:
        return [[west, 0], [east, 0], [east, 1], [west, 1], [west, 0]]

    squares = {"b": (0, 1), "a": (1, 2)}
    zones = ZoneSet.model_validate({"id": "s", "zones": [
        {"id": name, "areas": [{"polygon": {"type": "Polygon", "coordinates": [square(*sides)]}}]}
        for name, sides in squares.items()
    ]})  # fmt: skip
    found = [zone_of(zones, spot("FR", "75001", latitude=0.5, longitude=x)) for x in (0.5, 1.0, 1.5)]
    assert found == ["b", "a", "a"]


def test_the_nearest_places_inside_an_inclusive_radius() -> None:
    """One degree of latitude is 111,195 m on a sphere of 6,371.009 km; equal distances go by id."""
    spots = [
        spot("FR", "75001", id=name, latitude=lat, longitude=0.0)
        for name, lat in (("n", 1.0), ("a", -1.0), ("far", 2.0))
    ]
    assert [s.id for _, s in nearest((0.0, 0.0), spots, 111_195, 5)] == ["a", "n"]
    assert nearest((0.0, 0.0), spots, 111_194, 5) == []


# Parcels and money.


def weights(*grams: int) -> list[Piece]:
    """Pieces of 300 x 200 x 100 mm."""
    return [Piece("A", Decimal(gram), (300, 200, 100)) for gram in grams]


def parcels(pieces: list[Piece], packing: Packing, **limits: int) -> list[list[int]] | Reason:
    """Weights by parcel."""
    units = settled(pieces, UnknownSize(), weight_needed=True, size_needed=True)
    assert not isinstance(units, Reason)
    found = packed(units, packing, [ParcelLimits(**limits)])
    return found if isinstance(found, Reason) else [[int(unit.weight) for unit in parcel.units] for parcel in found]


def test_first_fit_decreasing_by_weight() -> None:
    """Limit 10: 7, 6, 3, 3, 1 make [7, 3] and [6, 3, 1]."""
    assert [[7, 3], [6, 3, 1]] == parcels(weights(3, 6, 1, 7, 3), Packing(), weight_grams=10)


def test_stacked_items_add_up_their_thirds() -> None:
    """Three of 300 x 200 x 100: stacked 300 x 300 x 200; with a longest side of 300 a fourth starts a new parcel."""
    assert [[1, 1, 1], [1]] == parcels(weights(1, 1, 1, 1), Packing(fold="stack"), longest_mm=300)


def test_what_does_not_fit_alone() -> None:
    """Refused, or alone in a parcel that nothing joins; a given box that is too large refuses everything."""
    assert Reason.UNIT_OVER_LIMIT == parcels(weights(11, 1), Packing(), weight_grams=10)
    assert [[5], [4]] == parcels(weights(5, 4), Packing(oversize="alone"), longest_mm=250)
    box = Packing.model_validate({"fold": "given", "box": {"length_mm": 400, "width_mm": 10, "height_mm": 10}})
    assert Reason.PARCEL_OVER_LIMIT == parcels(weights(5), box, longest_mm=300)


def test_volumetric_weight_is_rounded_up() -> None:
    """300 x 200 x 100 mm are 6,000 cm3; at 5,000 cm3 a kilogram 1,200 g, at 7,000 857.14 g, so 858."""
    unit = settled(weights(900), UnknownSize(), weight_needed=True, size_needed=True)
    assert not isinstance(unit, Reason)
    found = [Parcel(Packing(volumetric_divisor=divisor), unit) for divisor in (5_000, 7_000)]
    assert [1_200, 858] == [parcel.volumetric_grams for parcel in found]
    assert [1_200, 900] == [parcel.chargeable_grams for parcel in found]


def test_an_unknown_weight_is_refused_only_where_it_is_needed() -> None:
    """Without an assumed weight; where nothing needs it, it counts 0."""
    unknown = [Piece("A", None, None)]
    assert Reason.UNKNOWN_SIZE == settled(unknown, UnknownSize(), weight_needed=True, size_needed=False)
    assumed = settled(unknown, UnknownSize(sides_mm=(1, 3, 2)), weight_needed=False, size_needed=True)
    assert not isinstance(assumed, Reason)
    assert (Decimal(0), (3, 2, 1)) == (assumed[0].weight, assumed[0].sides)


def test_halves_are_rounded_up() -> None:
    """2.5 becomes 3."""
    assert [2, 3, 3] == [half_up(Decimal(text)) for text in ("2.49", "2.5", "2.51")]


# The whole question.

NETWORK: dict[str, Any] = {
    "valid_from": "2026-01-01",
    "valid_until": "2027-12-31",
    "calendars": [{"id": "prep", "hours": {"mon-fri": ["08:00-18:00"]}}, {"id": "mon_sat", "weekdays": "mon-sat"}],
    "sites": [
        {"id": site, "address": {"country": "FR", "postal_code": "69007", "latitude": 45.7, "longitude": 4.8},
         "time_zone": "Europe/Paris", "preparation": {"calendar": "prep", "order_cut_off": {"daily": cut_off}}}
        for site, cut_off in (("lyon", "14:00"), ("annex", "12:00"))
    ],
    "carriers": [{"id": "c"}],
    "services": [{"id": "next", "carrier": "c", "lanes": [{"transit": {"maximum_days": 1, "network_days": "mon_sat"}}],
                  "delivery": {"days": "mon_sat", "windows": [{"hours": "08:00-18:00"}]}}],
    "collections": [{"sites": ["lyon", "annex"], "services": ["next"], "cut_off": "17:00", "departure": "17:30"}],
    "methods": [{"id": "home", "kind": "home", "services": ["next"], "price": [{"price": "4.90"}]}],
    "channels": [{"id": "web"}],
}  # fmt: skip


def ask(placed_at: str, on_hand: dict[str, int], view: str = "all", **network: Any) -> naive.NaiveAnswer:
    """Ask for one A in Paris, with so many on hand by site."""
    records = [{"site": site, "sku": "A", "on_hand": quantity} for site, quantity in on_hand.items()]
    return naive.answer(
        NetworkDocument.model_validate(NETWORK | network),
        CatalogueDocument.model_validate({"items": [{"sku": "A"}]}),
        StockDocument.model_validate({"as_of": "2026-11-01T00:00:00Z", "records": records}),
        PromiseRequest.model_validate({
            "lines": [{"sku": "A", "quantity": 1}], "destination": {"country": "FR", "postal_code": "75001"},
            "placed_at": placed_at + "+00:00", "view": view,
        }),
    )  # fmt: skip


def test_one_order_from_end_to_end() -> None:
    """Thursday 19 November 2026, 10:00 Paris: ready at once, van 17:30, Friday 08:00-18:00, order by 14:00."""
    (option,) = ask("2026-11-19T09:00:00", {"lyon": 5, "annex": 0}).options
    (sent,) = option.shipments
    story = (sent.released_at, sent.started_at, sent.ready_at, sent.collected_at, sent.arrives_at)
    texts = ("2026-11-19T09:00", "2026-11-19T09:00", "2026-11-19T09:00", "2026-11-19T16:30", "2026-11-19T23:00")
    assert tuple(utc(at(text)) for text in texts) == story
    window = (option.deliver_from, option.deliver_by, option.order_by)
    assert tuple(utc(at(text)) for text in ("2026-11-20T07:00", "2026-11-20T17:00", "2026-11-19T13:00")) == window
    assert (490, "EUR", "home", ("cheapest", "earliest", "fewest_parcels")) == (
        option.price_minor, option.currency, option.choice_code, option.tags,
    )  # fmt: skip


def test_an_offer_stands_as_long_as_one_plan_gives_it() -> None:
    """The annex closes at 12:00, Lyon at 14:00: both rows give the same window, so both stand until 14:00 (13:00Z)."""
    rows = ask("2026-11-19T09:00:00", {"lyon": 5, "annex": 5}).options
    assert {"annex", "lyon"} == {row.shipments[0].site for row in rows}
    assert {utc(at("2026-11-19T13:00:00"))} == {row.order_by for row in rows}
    (alone,) = ask("2026-11-19T09:00:00", {"lyon": 0, "annex": 5}).options
    assert utc(at("2026-11-19T11:00:00")) == alone.order_by


def test_the_reason_is_that_of_the_candidate_that_got_furthest() -> None:
    """Lyon has stock but its horizon of one day is too short on a Friday evening; the annex has none."""
    settings = {"horizon_days": 1}
    (refusal,) = ask("2026-11-20T19:00:00", {"lyon": 5, "annex": 0}, settings=settings).refusals
    assert (Reason.BEYOND_HORIZON, "lyon", "next") == (refusal.reason, refusal.site, refusal.way)
    (refusal,) = ask("2026-11-20T19:00:00", {"lyon": 0}, settings=settings).refusals
    assert (Reason.INSUFFICIENT_STOCK, "lyon") == (refusal.reason, refusal.site)


def test_the_shopper_sees_one_row_for_one_window_and_price() -> None:
    """Two equal rows: the front keeps the policy's first, by site id."""
    options = ask("2026-11-19T09:00:00", {"lyon": 5, "annex": 5}, "shopper").options
    assert ["annex"] == [option.shipments[0].site for option in options]


def test_order_by_holds_at_every_hour_of_the_week() -> None:
    """An order placed one second before `order_by` is promised the same window, one at `order_by` another."""
    start = at("2026-11-16T00:00:00")
    for placed_at in range(start, start + 7 * 86_400, 7 * 3_600):
        (option,) = ask(utc(placed_at).isoformat()[:19], {"lyon": 5}).options
        (before,), (then,) = (
            ask(utc(instant(option.order_by) + shift).isoformat()[:19], {"lyon": 5}).options for shift in (-1, 0)
        )
        assert option.deliver_by == before.deliver_by
        assert option.deliver_by != then.deliver_by


def offers(given: Documents, placed_at: datetime) -> set[tuple[object, ...]]:
    """What an order placed at an instant is offered, as far as `order_by` looks at it."""
    request = given.request.model_copy(update={"placed_at": placed_at, "view": "all", "valid_for": timedelta(0)})
    found = naive.answer(given.network, given.catalogue, given.stock, request).options
    return {_offer(given, option) for option in found}


def _offer(given: Documents, option: naive.NaiveOption) -> tuple[object, ...]:
    chosen = next(method.choose_service for method in given.network.methods if method.id == option.method)
    window = (
        (option.deliver_from, option.deliver_by)
        if option.collect_from is None
        else (option.collect_from, option.collect_until)
    )
    way = option.way if chosen else None
    return option.group, option.method, option.destination, way, *window, option.price_minor


@pytest.mark.parametrize("seed", range(12))
def test_order_by_is_exact_when_probed(seed: int) -> None:
    """Whole answers at the last second, at `order_by` and half way there say what `order_by` says."""
    given = Documents.of(make_case(seed, frozenset({"partial"})))
    options = naive.answer(given.network, given.catalogue, given.stock, given.request).options
    for option in options[:2]:
        placed_at = given.request.placed_at
        half_way = placed_at + (option.order_by - placed_at) / 2
        assert option.order_by > placed_at
        assert _offer(given, option) in offers(given, max(placed_at, option.order_by - timedelta(seconds=1)))
        assert _offer(given, option) in offers(given, half_way)
        assert _offer(given, option) not in offers(given, option.order_by)
