"""Parts of a basket asked together, against each asked by itself; and how long splits for a day of one window last."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from promise_engine import Engine, Network, StockSnapshot
from promise_engine import _columns as col
from promise_engine._kernels.one_window import has_one_window
from promise_engine.offers import Offers
from promise_engine.parts import Looked
from promise_engine.units import NEVER

from generator import make_case
from generator.comparison import engine_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from promise_engine.parts import Asked

SEEDS = range(250)


def offers_of(seed: int) -> Offers | None:
    """The offers of a case whose basket may be split; none where lines share a SKU, or are asked in groups."""
    case = make_case(seed, frozenset({"groups", "partial"}))
    offers = engine_answer(case).context.offers
    if offers is None or offers.shipments.share_skus:
        return None
    return Offers(offers.shipments, offers.placed_at)


def in_order(rows: np.ndarray) -> list[list[int]]:
    """Rows in an order of their own; kernels leave what is no promise yet as it is."""
    told = [column for column in range(rows.shape[1]) if column not in {col.ORDER_BY, col.TAGS, col.SPLIT}]
    found: list[list[int]] = sorted(rows[:, told].tolist())
    return found


@pytest.fixture(scope="module")
def baskets() -> list[Offers]:
    """Baskets that may be split."""
    found = [offers for seed in SEEDS if (offers := offers_of(seed)) is not None]
    assert len(found) > 30
    return found


def test_each_part_promises_the_same_together_and_alone(baskets: list[Offers]) -> None:
    """Every column of every row, and every reason, of single lines and of pairs, of all sites and of some."""
    for offers in baskets:
        lines = range(offers.shipments.line_count)
        parts = [1 << line for line in lines] + [1 << one | 1 << other for one, other in combinations(lines, 2)]
        plain = [part for part in parts if offers.shipments.is_plain(part)]
        wanted = [Looked(part, None) for part in plain] + [Looked(part, (0,)) for part in plain]
        if not wanted:
            continue
        together: list[Asked] = offers._ask_together(wanted, col.COUNT, tells=True)
        brief: list[Asked] = offers._ask_together(wanted, col.BRIEF, tells=True)
        for looked, asked, few in zip(wanted, together, brief, strict=True):
            alone = offers._ask_alone(*looked)
            assert in_order(asked.rows) == in_order(alone.rows)
            assert in_order(few.rows) == in_order(alone.rows[:, : col.BRIEF])
            if looked.sites is None:
                assert asked.reasons.tolist() == alone.reasons.tolist()


def test_a_line_is_promised_until_the_instant_that_is_said(baskets: list[Offers]) -> None:
    """A second before, some row of a method is promised by the instant; then none is any more."""
    told = 0
    for offers in baskets:
        basket, part = offers.shipments.request.basket, Looked(1, None)
        rows = offers._ask_alone(*part).rows
        wishes = basket.nominated_day >= 0 or basket.not_before > 0 or basket.not_after < NEVER
        if wishes or not len(rows) or not offers.shipments.is_plain(part.lines):
            continue
        latest, method = int(rows[0, col.PROMISED]), int(rows[0, col.METHOD])
        until = int(offers.promised_until([part], method, latest, offers.placed_at).max())
        assert until > offers.placed_at
        for at, expected in ((until - 1, True), (until, False)):
            later = Offers(offers.shipments, at)._ask_alone(*part).rows
            assert bool((later[later[:, col.METHOD] == method, col.PROMISED] <= latest).any()) is expected
        told += 1
    assert told > 30


def network(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """Two sites, a service of a day each, the same window every day; changed."""
    document: dict[str, Any] = {
        "valid_from": "2026-11-01",
        "valid_until": "2026-12-31",
        "calendars": [{"id": "week", "hours": {"mon-fri": ["08:00-18:00"]}}],
        "sites": [
            {
                "id": site,
                "address": {"country": "FR", "postal_code": "69007"},
                "time_zone": "Europe/Paris",
                "preparation": {"calendar": "week"},
            }
            for site in ("lyon", "lille")
        ],
        "carriers": [{"id": "carrier"}],
        "services": [
            {
                "id": name,
                "carrier": "carrier",
                "lanes": [{"transit": {"maximum_days": 1}}],
                "delivery": {"windows": [{"hours": "08:00-18:00"}]},
            }
            for name in ("one", "two")
        ],
        "collections": [{"sites": ["lyon", "lille"], "services": ["one", "two"], "cut_off": "17:00"}],
        "methods": [{"id": "home", "kind": "home", "services": ["one", "two"], "price": [{"price": "4.90"}]}],
        "channels": [{"id": "web"}],
    }
    change(document)
    return document


def one_window(change: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether what comes on Tuesday 24 November comes in one window."""
    engine = Engine(Network.model_validate(network(change)))
    placed_at = "2026-11-23T10:00:00+01:00"
    records = [{"site": "lyon", "sku": "a", "on_hand": 5}, {"site": "lille", "sku": "b", "on_hand": 5}]
    request = {
        "lines": [{"sku": "a", "quantity": 1}, {"sku": "b", "quantity": 1}],
        "destination": {"country": "FR", "postal_code": "75001", "latitude": 48.86, "longitude": 2.34},
        "placed_at": placed_at,
    }
    answer = engine.promise(request, StockSnapshot.from_document({"as_of": placed_at, "records": records}))
    (compiled, plan), day = answer.context[3:5], 23 - 1 + 1
    wanted = np.ones(len(plan.tables.method_idx), np.uint8)
    first_day = answer.context.compiled.period.first_day
    day += int(np.datetime64("2026-11-01").astype(int)) - first_day
    return bool(has_one_window(compiled.reached.tables, compiled.basket, plan.targets, plan.tables, wanted, day))


def of_service(**fields: Any) -> Callable[[dict[str, Any]], Any]:
    """Change the second service."""
    return lambda document: document["services"][1].update(fields)


def test_a_day_of_one_window_is_known() -> None:
    """Days, one window, no rooms: nothing of the window depends on the site or the arrival."""
    assert one_window(lambda _document: None)
    assert one_window(of_service(safety_margin_days=1))


@pytest.mark.parametrize(
    "change",
    [
        of_service(delivery={"windows": [{"hours": "08:00-17:00"}]}),
        of_service(delivery={"windows": [{"hours": "08:00-12:00"}, {"hours": "12:00-18:00"}]}),
        of_service(delivery={"windows": [{"hours": "08:00-18:00"}], "length": "2 h"}),
        of_service(delivery={"windows": [{"hours": "08:00-18:00"}], "choice": "day"}),
        of_service(delivery={"windows": [{"hours": "08:00-18:00", "capacity": 5}]}),
        of_service(delivery={"windows": [{"hours": "20:00-02:00"}]}),
        of_service(lanes=[{"transit": {"maximum": "26 h"}}]),
        of_service(lanes=[{"transit": {"maximum_days": 0}}]),
        of_service(safety_margin="2 h"),
        lambda document: document["sites"][0].update(safety_margin="2 h"),
        lambda document: document["channels"][0].update(safety_margin="2 h"),
        lambda document: document["collections"][0].update(departure="09:00 +1d"),
        lambda document: (
            document["collections"][0].update(pool="room"),
            document.update(collection_pools=[{"id": "room", "capacity": 5}]),
        ),
    ],
)
def test_a_window_that_depends_on_more_than_the_day_is_known(change: Callable[[dict[str, Any]], Any]) -> None:
    """Another window of a service, several, parts of one, rooms, arrivals inside the window: each is enough."""
    assert not one_window(change)
