"""The search for splits against every set of sites, day and giving of small random tables of shipments.

The tables stand for what stock, receipts, capacity and carriers leave: whether a site has a line, the day each service
would deliver it, how many lines a site takes before it needs another day, and what shipments cost. The slow twin compares
whole networks; here thousands of small searches are compared with the rule as it is written.
"""

from __future__ import annotations

from itertools import combinations, product
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from promise_engine import _columns as col
from promise_engine.models.policy import Policy
from promise_engine.offers import Offers
from promise_engine.parts import Asked, AskedRows, Looked, Part
from promise_engine.sources import Sources
from promise_engine.split_limits import Limits
from promise_engine.split_option import Found, front_of
from promise_engine.split_search import Search
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAY = 86_400
CASES = 1_000
CRITERIA = ("promised", "price", "cost", "parcels", "site_rank", "stock_depth")


class Table(NamedTuple):
    """A small world of shipments."""

    lines: int
    sites: int
    services: int
    day: dict[tuple[int, int, int], int]  # of (line, site, service), where the site has the line
    hour: list[int]  # of each service
    takes: list[int]  # lines that a site takes before it needs another day
    tariff: dict[tuple[int, int], int]  # of (service, lines), in minor units
    cost: list[int]
    rank: list[int]
    price: int  # of the rules, -1 by tariff
    criteria: tuple[str, ...]
    limits: Limits


def table_of(seed: int) -> Table:
    """A random table."""
    draw = Random(seed)
    lines, sites, services = draw.randint(2, 4), draw.randint(2, 5), draw.randint(1, 3)
    stocked = draw.choice((0.4, 0.6, 0.9))
    first = draw.choice((1, 2, 4))
    days = {}
    for line, site in product(range(lines), range(sites)):
        later = draw.choice((0, 0, 0, 1, 3))  # a receipt
        if draw.random() < stocked:
            days.update({(line, site, service): draw.randint(1, first) + later for service in range(services)})
    tariff = {(service, n): 300 + 90 * n + draw.choice((0, 50, 120)) for service in range(services) for n in range(5)}
    return Table(
        lines, sites, services, days,
        hour=[draw.choice((12, 18, 18)) for _ in range(services)],
        takes=[draw.choice((1, 2, 4, 4)) for _ in range(sites)],
        tariff=tariff,
        cost=[draw.randint(1, 3) * 100 for _ in range(sites)],
        rank=[draw.randint(1, 2) for _ in range(sites)],
        price=draw.choice((-1, 490, 490)),
        criteria=tuple(draw.sample(CRITERIA, draw.randint(1, len(CRITERIA)))),
        limits=_limits(draw.randint(2, 3), draw.choice((NEVER, NEVER, lines - 1))),
    )  # fmt: skip


def _limits(shipments: int, parcels: int) -> Limits:
    return Limits(shipments, shipments, parcels, candidates=16)


def shipment_rows(table: Table, lines: int, site: int) -> list[list[int]]:
    """What a site would promise for some lines, a row a service."""
    members = [line for line in range(table.lines) if lines >> line & 1]
    rows = []
    for service in range(table.services):
        if any((line, site, service) not in table.day for line in members):
            continue
        day = max(table.day[line, site, service] for line in members)
        day += (len(members) - 1) // table.takes[site]
        row = [0] * col.COUNT
        row[col.SITE], row[col.WAY], row[col.TASK], row[col.SPLIT], row[col.SHIPMENTS] = site, service, service, -1, 1
        row[col.PROMISED] = row[col.DELIVER_BY] = row[col.FIRST_PROMISED] = day * DAY + table.hour[service] * 3_600
        row[col.DAY], row[col.DELIVER_FROM] = day, day * DAY
        row[col.COLLECT_FROM] = row[col.COLLECT_UNTIL] = -1
        row[col.EARLIEST_FROM] = day * DAY
        row[col.PARCELS] = max(1, len(members) - 1)
        row[col.TRANSPORT] = table.tariff[service, len(members)]
        row[col.COST] = row[col.TRANSPORT] + table.cost[site]
        row[col.PRICE] = table.price if table.price >= 0 else row[col.TRANSPORT] + 100
        row[col.RANK], row[col.DEPTH] = table.rank[site], 10 - len(members)
        row[col.LOAD_USED], row[col.LOAD_CAPACITY] = -1, 1
        rows.append(row)
    return rows


class TableOffers(Offers):
    """The offers of a table, in the place of those of a network."""

    def __init__(self, table: Table) -> None:
        self._table = table
        tasks = SimpleNamespace(
            price=np.full(table.services, table.price),
            price_percent=np.zeros(table.services, np.int64),
            price_amount=np.full(table.services, 100),
            service_price=np.zeros(1, np.int64),
            method_idx=np.zeros(table.services, np.int64),
            target_idx=np.zeros(table.services, np.int64),
            site_rank=np.array([table.rank] * table.services),
        )
        clocks = SimpleNamespace(
            change_ptr=np.array([0, 0]), change_at=np.zeros(0, np.int64), offset_first=np.zeros(1, np.int64),
            offset_after=np.zeros(0, np.int64),
        )  # fmt: skip
        targets = SimpleNamespace(place_idx=np.array([-1]), zone_idx=np.array([0]))
        stock: Any = None
        plan: Any = SimpleNamespace(tables=tasks, targets=targets, methods=[SimpleNamespace(split_units=False)])
        sources = Sources([SimpleNamespace(ship_group=None)] * table.lines)  # type: ignore[list-item]
        policy = Policy(id="p", criteria=table.criteria)  # type: ignore[arg-type]
        reached = SimpleNamespace(tables=SimpleNamespace(clocks=clocks))
        request: Any = SimpleNamespace(policy=policy, reached=reached, steps=[1] * table.lines)
        self._part = Part(request, plan, stock)
        self.shipments: Any = SimpleNamespace(
            whole=(1 << table.lines) - 1, line_count=table.lines, plan=plan, request=request, to_area=False, sources=sources,
            have_room=lambda _rows: True, part=lambda _lines: self._part, of_steps=lambda lines, _steps: lines,
            skus=[frozenset([f"SKU {line}"]) for line in range(table.lines)],
            rarest_first=list(range(table.lines)), useful=None,
        )  # fmt: skip
        self._asked, self._asked_at, self._earliest_of = {}, {}, {}
        self.site_count = table.sites

    def _ask(self, wanted: Sequence[Looked], _columns: int, *, tells: bool = False) -> list[Asked]:  # noqa: ARG002
        """The rows of some lines from some sites, or every one, for each that is wanted."""
        return [self._asked_of(lines, range(self._table.sites) if sites is None else sites) for lines, sites in wanted]

    def _asked_of(self, lines: int, sites: Iterable[int]) -> Asked:
        rows = [row for site in sites for row in shipment_rows(self._table, lines, site)]
        found = np.array(rows, np.int64).reshape(len(rows), col.COUNT)
        row_of, parts = np.array([[0, len(rows)]]), np.array([0, 1])
        together = AskedRows(self._part, found, np.zeros(1, np.int64), row_of, parts)
        return Asked(together, 0, None, np.zeros((1, 1), np.int64))


Front = set[tuple[int, int, int, tuple[tuple[int, int, int], ...]]]


def searched(table: Table) -> Front:
    """What the search finds: promised, price, shipments, and (site, service, lines) of each."""
    offers = TableOffers(table)
    found: list[Found] = []
    for choice in offers.choices():
        search = Search(offers, choice, table.limits, units=False)
        cells = search.cells_by_tariff() if table.price < 0 else search.cells_by_rules()
        found += front_of(cells, offers.alone(choice))
    return {
        (int(row[col.PROMISED]), int(row[col.PRICE]), int(row[col.SHIPMENTS]), tuple(
            (int(part[col.SITE]), int(part[col.WAY]), lines) for part, lines in zip(split.rows, split.parts, strict=True)
        ))
        for row, split in found
    }  # fmt: skip


def policy_key(table: Table, row: list[int], *, promised: bool) -> tuple[int, ...]:
    """Where a row of one shipment stands."""
    columns = {"promised": col.PROMISED, "price": col.PRICE, "cost": col.COST, "parcels": col.PARCELS}
    values = {name: row[column] for name, column in columns.items()}
    values |= {"site_rank": row[col.RANK], "stock_depth": -row[col.DEPTH]}
    criteria = [values[name] for name in table.criteria if promised or name != "promised"]
    return (*criteria, row[col.SITE], row[col.WAY], row[col.PROMISED])


def day_of(row: list[int]) -> int:
    """The promised day of a row."""
    return (row[col.PROMISED] - 1) // DAY


def given(table: Table, sites: tuple[int, ...], day: int) -> dict[int, list[list[int]]] | None:
    """The shipments of the first giving by which sites deliver by a day: of each its lines and row."""
    alone = {
        (line, site): min(map(day_of, rows))
        for line in range(table.lines) for site in sites
        if (rows := shipment_rows(table, 1 << line, site))
    }  # fmt: skip
    choices = [
        sorted(
            (s for s in sites if alone.get((line, s), NEVER) <= day), key=lambda s: (alone[line, s], table.rank[s], s)
        )
        for line in range(table.lines)
    ]
    for giving in product(*choices):
        shipments = {}
        for site in sorted(set(giving)):
            lines = sum(1 << line for line, to in enumerate(giving) if to == site)
            kept = [row for row in shipment_rows(table, lines, site) if day_of(row) <= day]
            if not kept:
                break
            shipments[site] = lines, sorted(kept, key=lambda row: policy_key(table, row, promised=False))
        else:
            for rows in product(*(kept for _, kept in shipments.values())):
                if sum(row[col.PARCELS] for row in rows) <= table.limits.parcels:
                    return {
                        site: [[lines], row] for (site, (lines, _)), row in zip(shipments.items(), rows, strict=True)
                    }
    return None


def order_of(table: Table, day: int) -> list[int]:
    """The sites by the policy for a day."""

    def standing(site: int) -> tuple[int, ...]:
        able = [
            line for line in range(table.lines) if any(day_of(r) <= day for r in shipment_rows(table, 1 << line, site))
        ]
        rows = shipment_rows(table, sum(1 << line for line in able), site) if able else []
        rows = [row for row in rows if day_of(row) <= day] or rows
        if not rows:
            return (1,)
        best = min(rows, key=lambda row: policy_key(table, row, promised=False))
        return (0, *policy_key(table, best, promised=True))

    return sorted(range(table.sites), key=lambda site: (standing(site), site))


def brute_force(table: Table) -> Front:
    """The front by the letter of the rule."""
    whole = (1 << table.lines) - 1
    masks = range(1, whole + 1)
    days = sorted(
        {day_of(row) for mask in masks for site in range(table.sites) for row in shipment_rows(table, mask, site)}
    )
    cells: dict[tuple[int, int, int], tuple[list[int], Any]] = {}
    for day in days:
        places = {site: place for place, site in enumerate(order_of(table, day))}
        for size in range(2, table.limits.shipments + 1):
            for sites in combinations(range(table.sites), size):
                smaller = [part for n in range(1, size) for part in combinations(sites, n)]
                plan = None if any(given(table, part, day) for part in smaller) else given(table, sites, day)
                rows = [] if plan is None else [row for _, row in plan.values()]
                if plan is None or max(map(day_of, rows)) < day:
                    continue
                tariff = sum(row[col.TRANSPORT] for row in rows)
                price = table.price if table.price >= 0 else tariff + 100
                option = (max(row[col.PROMISED] for row in rows), price, size, tuple(
                    (site, row[col.WAY], lines) for site, ([lines], row) in plan.items()
                ))  # fmt: skip
                cell, listed = (day, price, size), sorted(places[site] for site in sites)
                if cell not in cells or listed < cells[cell][0]:
                    cells[cell] = listed, option
    options = {option for _, option in cells.values()}
    alone = [row for site in range(table.sites) for row in shipment_rows(table, whole, site)]
    alone = [row for row in alone if row[col.PARCELS] <= table.limits.parcels]
    kept = {
        o
        for o in options
        if not any(p[:3] != o[:3] and all(a <= b for a, b in zip(p[:3], o[:3], strict=True)) for p in options)
    }
    return {o for o in kept if not any(row[col.PROMISED] <= o[0] and row[col.PRICE] <= o[1] for row in alone)}


@pytest.mark.parametrize("part", range(10))
def test_search_equals_brute_force(part: int) -> None:
    """The front of splits is that of every set of sites, day and giving."""
    different = [
        seed for seed in range(part * CASES // 10, (part + 1) * CASES // 10)
        if searched(table_of(seed)) != brute_force(table_of(seed))
    ]  # fmt: skip
    assert different == []


def test_tables_have_splits() -> None:
    """A good part of the tables has a split, some several, some by tariff, some where capacity moves a line."""
    fronts = [(table, searched(table)) for table in map(table_of, range(600))]
    with_splits = [table for table, front in fronts if front]
    assert len(with_splits) > 200
    assert sum(len(front) > 1 for _, front in fronts) > 20
    assert sum(table.price < 0 for table in with_splits) > 40
    assert sum(1 in table.takes for table in with_splits) > 40
