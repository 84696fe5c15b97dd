"""Why a method is not offered."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING

from promise_engine.errors import Reason, Stage

from .candidates import targets
from .checks import keeps_items_back
from .plans import Plan
from .rules import is_kept_from
from .shipments import Source
from .splits import is_below_split_value, may_split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine.models.policy import DeliveryMethod

    from .candidates import Candidate
    from .lines import Key
    from .world import World


@dataclass(frozen=True)
class NaiveRefusal:
    """Why a method is not offered: the reason of the candidate that got furthest, or why there is no split."""

    method: str
    reason: Reason
    site: str | None = None
    way: str | None = None
    place: str | None = None
    sku: str | None = None
    group: str | None = None


def refusal(world: World, method: DeliveryMethod, refused: Sequence[tuple[Plan, Reason]]) -> NaiveRefusal:
    """The candidate that got furthest, ties by site rank, site, way, place; or without candidates what left none."""
    if not refused:
        reason = _without_candidates(world, method)
        return NaiveRefusal(method.id, reason, sku=_named(world, reason))
    mixed, area = world.basket.is_mixed, any(plan.candidate.target.is_area for plan, _ in refused)
    if mixed and area and not (world.basket.refused or keeps_items_back(world)):
        return NaiveRefusal(method.id, Reason.TOO_MANY_SHIPMENTS)
    if not area and (mixed or all(reason.stage <= Stage.STOCK for _, reason in refused)):
        found = _without_split(world, method, [plan.candidate for plan, _ in refused])
        if found:
            return found

    def furthest(pair: tuple[Plan, Reason]) -> tuple[int, int, str, str, str]:
        plan, reason = pair
        candidate = plan.candidate
        rank = world.site_rank(candidate.site, method, candidate.target.parts[0].country)
        return -reason, rank, candidate.site.id, candidate.way, candidate.target.place or ""

    plan, reason = min(refused, key=furthest)
    candidate = plan.candidate
    return NaiveRefusal(
        method.id, reason, candidate.site.id, candidate.way, candidate.target.place, _named(world, reason)
    )


def _named(world: World, reason: Reason) -> str | None:
    """The SKU that a fault of the basket is about."""
    if reason is Reason.ITEM_NOT_SHOWN:
        return next(line.item.sku for line in world.basket.lines if is_kept_from(world, line))
    return world.basket.faulty if reason is world.basket.refused else None


def _without_candidates(world: World, method: DeliveryMethod) -> Reason:
    if world.basket.refused:
        return world.basket.refused
    if keeps_items_back(world):
        return Reason.ITEM_NOT_SHOWN
    if world.channel.methods is not None and method.id not in world.channel.methods:
        return Reason.METHOD_NOT_SHOWN
    found = targets(world, method)
    return found if isinstance(found, Reason) else Reason.NO_COLLECTION


def _without_split(world: World, method: DeliveryMethod, candidates: Sequence[Candidate]) -> NaiveRefusal | None:
    """Why sources together do not serve what none serves alone; None when some line is held by no candidate."""
    met: dict[Key, list[tuple[str, Reason | None]]] = {}
    for key in sorted(world.basket.keys):
        alone = [Plan(world.of_lines(frozenset({key})), candidate) for candidate in candidates]
        found = [(plan.candidate.site.id, plan.rows()) for plan in alone]
        met[key] = [(site, rows if isinstance(rows, Reason) else None) for site, rows in found]
    holders = [
        {Source(site, key[2]) for site, reason in reasons if reason is None or reason.stage > Stage.STOCK}
        for key, reasons in met.items()
    ]
    if not all(holders):
        return None
    most = method.max_shipments if may_split(world, method, candidates[0].target, world.placed_at) else 1
    if not _hold_all(holders, most, from_one_site=is_below_split_value(world, method, world.placed_at)):
        return NaiveRefusal(method.id, Reason.TOO_MANY_SHIPMENTS)
    furthest = {key: [reason for _, reason in reasons if reason is not None] for key, reasons in met.items()}
    hindered = [(max(furthest[key]), key) for key, reasons in met.items() if len(furthest[key]) == len(reasons)]
    if not hindered:
        return NaiveRefusal(method.id, Reason.TOO_MANY_SHIPMENTS)
    reason, (sku, *_) = min(hindered)
    return NaiveRefusal(method.id, reason, sku=sku)


def _hold_all(holders: Sequence[set[Source]], most: int, *, from_one_site: bool) -> bool:
    """Whether so many sources hold every line, all of one site where they must be."""
    sources = sorted(set.union(*holders))
    sets = chain.from_iterable(combinations(sources, count) for count in range(1, most + 1))
    allowed = (chosen for chosen in sets if not from_one_site or len({source.site for source in chosen}) == 1)
    return any(all(held.intersection(chosen) for held in holders) for chosen in allowed)
