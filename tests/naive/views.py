"""The order of choices, and which of them a view shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .places import distance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .choice import Choice
    from .world import World

Key = tuple[Any, ...]


def policy_key(world: World, choice: Choice, abstaining: str = "") -> Key:
    """Where a choice stands: criteria in order; then sites, their ways, method, place, promised, begin, lines."""
    sites = tuple(row.candidate.site.id for row in choice.rows)
    ways = tuple(row.candidate.way for row in choice.rows)
    lines = tuple(tuple(line.key for line in row.lines) for row in choice.rows)
    ids = (sites, ways, choice.first.method.id, choice.first.target.place or "")
    ends = (choice.door.promised, choice.door.delivers_from, lines, choice.nomination or ())
    return *criteria_key(world, choice, abstaining), *ids, *ends


def criteria_key(world: World, choice: Choice, abstaining: str = "") -> Key:
    """The criteria of the policy in order, unknown worst, but for one that abstains."""
    names = (name for name in world.policy.criteria if name != abstaining)
    return tuple(_measured(_criterion(world, choice, name)) for name in names)


def _measured(values: Sequence[object]) -> Key:
    """What is compared: the worst first, the shorter of two lists with an equal beginning first."""
    return tuple(sorted(((value is None, 0 if value is None else value) for value in values), reverse=True))


def _criterion(world: World, choice: Choice, name: str) -> Sequence[object]:
    """The one value of a choice, or one for each of its sites."""
    rows, method = choice.rows, choice.first.method
    measures: dict[str, Callable[[], Sequence[object]]] = {
        "promised": lambda: [choice.door.promised],
        "price": lambda: [choice.price],
        "cost": lambda: [choice.cost.total],
        "co2e": lambda: [choice.co2e],
        "shipments": lambda: [len(rows)],
        "parcels": lambda: [choice.parcels],
        "site_rank": lambda: [world.site_rank(row.candidate.site, method, row.spot.country) for row in rows],
        "distance": lambda: [_distance(world, choice)],
        "load": lambda: [row.prepared.load for row in rows],
        "stock_depth": lambda: [-row.depth for row in rows],
    }
    return measures[name]()


def _distance(world: World, choice: Choice) -> int | None:
    """From the shopper to the place; at home from all sites to the destination."""
    if choice.first.target.place is not None:
        return choice.first.target.metres
    metres = [distance(world.spot(row.candidate.site.id), row.spot) for row in choice.rows]
    known = [found for found in metres if found is not None]
    return sum(known) if len(known) == len(metres) else None


def in_policy_order(world: World, choices: Iterable[Choice]) -> list[Choice]:
    """Choices in the order of the policy."""
    return sorted(choices, key=lambda choice: policy_key(world, choice))


def shown(choices: Sequence[Choice], view: str, slots_shown: int) -> list[Choice]:
    """The choices of a view; `choices` are all in policy order, and so is the result."""
    if view == "all":
        return list(choices)
    front = _front(choices)
    return front if view == "front" else _for_the_shopper(front, slots_shown)


def _chosen_service(choice: Choice) -> str | None:
    return choice.first.way if choice.first.method.choose_service else None


def _front(choices: Sequence[Choice]) -> list[Choice]:
    """The rows of one site that no other of their group beats or equals, of equal ones the policy's first; the splits."""

    def measures(choice: Choice) -> tuple[int, int, int, float, int]:
        grams = float("inf") if choice.co2e is None else choice.co2e
        return choice.door.promised, choice.price, choice.cost.total, grams, choice.parcels

    def group(choice: Choice) -> Key:
        return choice.first.method.id, choice.first.target.place, choice.nomination, _chosen_service(choice)

    groups: dict[Key, list[tuple[tuple[int, int, int, float, int], int]]] = {}
    for position, choice in enumerate(choices):
        if len(choice.rows) == 1:
            groups.setdefault(group(choice), []).append((measures(choice), position))
    beaten = {
        mine
        for members in groups.values()
        for own, mine in members
        for other, theirs in members
        if all(better <= worse for better, worse in zip(other, own, strict=True)) and (other != own or theirs < mine)
    }
    return [choice for position, choice in enumerate(choices) if position not in beaten]


def _for_the_shopper(front: Sequence[Choice], slots_shown: int) -> list[Choice]:
    chosen: list[Choice] = []
    for method in {choice.first.method.id for choice in front}:
        choices = [choice for choice in front if choice.first.method.id == method]
        nominations = {choice.nomination for choice in choices if choice.nomination is not None}
        for nomination in [None, *sorted(nominations)[:slots_shown]]:
            inside = [choice for choice in choices if choice.nomination == nomination]
            chosen += _one_for_each_place(inside) if inside and inside[0].first.target.place else _staircases(inside)
    kept = set(map(id, chosen))
    return [choice for choice in front if id(choice) in kept]


def _one_for_each_place(choices: Sequence[Choice]) -> list[Choice]:
    first: dict[str | None, Choice] = {}
    for choice in choices:
        first.setdefault(choice.first.target.place, choice)
    return list(first.values())


def _staircases(choices: Sequence[Choice]) -> list[Choice]:
    """By promised, a later row only if cheaper, or there with its first shipment earlier, than every earlier one.

    So for each service where the shopper chooses.
    """
    kept: list[Choice] = []
    for service in {_chosen_service(choice) for choice in choices}:
        steps = [choice for choice in choices if _chosen_service(choice) == service]
        before: list[Choice] = []
        for choice in sorted(steps, key=lambda choice: (choice.door.promised, choice.price)):
            is_cheaper = all(choice.price < other.price for other in before)
            if is_cheaper or all(choice.first_promised < other.first_promised for other in before):
                kept.append(choice)
            before.append(choice)
    return kept


def tags(choices: Sequence[Choice]) -> dict[int, tuple[str, ...]]:
    """The tags of each shown choice, by position: one holder each, ties to the policy's first."""
    measures: dict[str, Callable[[Choice], int | None]] = {
        "earliest": lambda choice: choice.door.promised,
        "cheapest": lambda choice: choice.price,
        "greenest": lambda choice: choice.co2e,
        "fewest_parcels": lambda choice: choice.parcels,
    }
    held: dict[int, list[str]] = {position: [] for position in range(len(choices))}
    for tag, measure in measures.items():
        known = [(value, position) for position, choice in enumerate(choices) if (value := measure(choice)) is not None]
        if known:
            held[min(known)[1]].append(tag)
    return {position: tuple(sorted(names)) for position, names in held.items()}
