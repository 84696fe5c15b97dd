"""The order of rows, and which of them a view shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .places import distance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .serving import Row
    from .world import World

Key = tuple[Any, ...]


def policy_key(world: World, row: Row) -> Key:
    """Where a row stands: criteria in order, unknown worst; then site, way, method, place, promised, begin."""
    values = (_criterion(world, row, criterion) for criterion in world.policy.criteria)
    criteria = tuple((value is None, 0 if value is None else value) for value in values)
    candidate = row.candidate
    ids = (candidate.site.id, candidate.way, candidate.method.id, candidate.target.place or "")
    begins = row.door.begins if row.door.deliver_from is None else row.door.deliver_from
    return *criteria, *ids, row.door.promised, begins, row.nomination or ()


def _criterion(world: World, row: Row, name: str) -> object:
    candidate = row.candidate
    measures: dict[str, Callable[[], object]] = {
        "promised": lambda: row.door.promised,
        "price": lambda: row.price,
        "cost": lambda: row.cost.total,
        "co2e": lambda: row.co2e,
        "shipments": lambda: 1,
        "parcels": lambda: row.parcels,
        "site_rank": lambda: world.site_rank(candidate.site, candidate.method, row.spot.country),
        "distance": lambda: (
            distance(world.spot(candidate.site.id), row.spot)
            if candidate.target.place is None
            else candidate.target.metres
        ),
        "load": lambda: row.prepared.load,
        "stock_depth": lambda: -row.depth,
    }
    return measures[name]()


def in_policy_order(world: World, rows: Iterable[Row]) -> list[Row]:
    """Rows in the order of the policy."""
    return sorted(rows, key=lambda row: policy_key(world, row))


def shown(rows: Sequence[Row], view: str, slots_shown: int) -> list[Row]:
    """The rows of a view; `rows` are all rows in policy order, and so is the result."""
    if view == "all":
        return list(rows)
    front = _front(rows)
    return front if view == "front" else _for_the_shopper(front, slots_shown)


def _chosen_service(row: Row) -> str | None:
    return row.candidate.way if row.candidate.method.choose_service else None


def _front(rows: Sequence[Row]) -> list[Row]:
    """The rows that no other row of their group beats or equals; of equal ones the policy's first."""

    def measures(row: Row) -> tuple[int, int, int, float, int]:
        return row.door.promised, row.price, row.cost.total, float("inf") if row.co2e is None else row.co2e, row.parcels

    def group(row: Row) -> Key:
        return row.candidate.method.id, row.candidate.target.place, row.nomination, _chosen_service(row)

    groups: dict[Key, list[tuple[tuple[int, int, int, float, int], int]]] = {}
    for position, row in enumerate(rows):
        groups.setdefault(group(row), []).append((measures(row), position))
    beaten = {
        mine
        for members in groups.values()
        for own, mine in members
        for other, theirs in members
        if all(better <= worse for better, worse in zip(other, own, strict=True)) and (other != own or theirs < mine)
    }
    return [row for position, row in enumerate(rows) if position not in beaten]


def _for_the_shopper(front: Sequence[Row], slots_shown: int) -> list[Row]:
    chosen: list[Row] = []
    for method in {row.candidate.method.id for row in front}:
        rows = [row for row in front if row.candidate.method.id == method]
        nominations = {row.nomination for row in rows if row.nomination is not None}
        for nomination in [None, *sorted(nominations)[:slots_shown]]:
            inside = [row for row in rows if row.nomination == nomination]
            chosen += (
                _one_for_each_place(inside) if inside and inside[0].candidate.target.place else _staircases(inside)
            )
    kept = set(map(id, chosen))
    return [row for row in front if id(row) in kept]


def _one_for_each_place(rows: Sequence[Row]) -> list[Row]:
    first: dict[str | None, Row] = {}
    for row in rows:
        first.setdefault(row.candidate.target.place, row)
    return list(first.values())


def _staircases(rows: Sequence[Row]) -> list[Row]:
    """By promised, a later row only if cheaper than every earlier one; for each service where the shopper chooses."""
    kept: list[Row] = []
    for service in {_chosen_service(row) for row in rows}:
        steps = [row for row in rows if _chosen_service(row) == service]
        cheapest: int | None = None
        for row in sorted(steps, key=lambda row: (row.door.promised, row.price)):
            if cheapest is None or row.price < cheapest:
                cheapest = row.price
                kept.append(row)
    return kept


def tags(rows: Sequence[Row]) -> dict[int, tuple[str, ...]]:
    """The tags of each shown row, by position: one holder each, ties to the policy's first."""
    measures: dict[str, Callable[[Row], int | None]] = {
        "earliest": lambda row: row.door.promised,
        "cheapest": lambda row: row.price,
        "greenest": lambda row: row.co2e,
        "fewest_parcels": lambda row: row.parcels,
    }
    held: dict[int, list[str]] = {position: [] for position in range(len(rows))}
    for tag, measure in measures.items():
        known = [(value, position) for position, row in enumerate(rows) if (value := measure(row)) is not None]
        if known:
            held[min(known)[1]].append(tag)
    return {position: tuple(sorted(names)) for position, names in held.items()}
