"""What the answers to orders in groups show: where groups go, and what those before take from those after."""

from __future__ import annotations

from collections import Counter
from decimal import localcontext
from typing import TYPE_CHECKING, NamedTuple

from generator.baskets import keys_of, stocked
from generator.rows import at
from generator.settings import settings_used
from naive.asking import Asking
from naive.clock import utc
from naive.groups import groups_of
from naive.partial import sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.facts import Facts
    from generator.rows import Row

    Told = Counter[tuple[object, ...]]

GROUPS: dict[str, int] = {
    "an order in groups": 100,
    "three groups": 15,
    "groups for different addresses": 25,
    "a group for a place": 15,
    "a group for an area": 1,
    "a group refused while another is answered": 15,
    "groups want the same": 60,
    "a group is offered something else after others": 15,
    "a group is promised a later day after others": 6,
    "a group comes from another site after others": 4,
    "a group is refused for stock that others take": 2,
    "a group gives way in capacity alone": 1,
    "groups with parts of the basket": 2,
    "groups with several shipments": 3,
    "groups for longer": 8,
}
"""Labels of answers to orders in groups, with the cases of 1,000 that must show each."""


class _Answered(NamedTuple):
    """A group: what it is offered after those before, what it would be offered alone, and which methods refuse it."""

    facts: Facts
    after: Told
    alone: Told
    shares: bool  # whether a group before asks for one of its items


def groups_shown(facts: Facts) -> set[str]:
    """What the groups of one case show."""
    request = facts.given.request
    if not request.groups:
        return set()
    answered = list(_answered(facts))
    offered = [bool(group.after) for group in answered]
    rows = facts.rows.options
    destinations = {group.facts.given.request.destination for group in answered}
    shown = {
        "an order in groups": True,
        "three groups": len(answered) > 2,
        "groups for different addresses": len({where for where in destinations if where.postal_code}) > 1,
        "a group for a place": any(group.destination and group.destination.place for group in request.groups),
        "a group for an area": any(group.destination and group.destination.postal_prefix for group in request.groups),
        "a group refused while another is answered": any(offered) and not all(offered),
        "groups want the same": any(group.shares for group in answered),
        "groups with parts of the basket": any(row["left_out"] for row in rows),
        "groups with several shipments": any(len(row["shipments"]) > 1 for row in rows),
        "groups for longer": bool(request.valid_for and rows),
    }
    found = {name for name, is_shown in shown.items() if is_shown} | {"setting PromiseRequest.groups"}
    found |= {f"setting {name}" for name in settings_used(request.groups) if name.startswith("LineGroup")}
    return found.union(*(_moved(group) for group in answered if group.after != group.alone))


def _moved(group: _Answered) -> set[str]:
    """How what a group is offered differs from what it would be offered alone."""
    after, alone = (
        {(method, place): rest for method, place, *rest in reversed(list(told))} for told in (group.after, group.alone)
    )  # the first of each method and place
    both = [(after[key], alone[key]) for key in after.keys() & alone.keys()]
    reasons = {row["reason"] for row in group.facts.rows.refusals if row["method"] in {method for method, _ in alone}}
    shown = {
        "a group is promised a later day after others": any(mine[1] > own[1] for mine, own in both),
        "a group comes from another site after others": any(mine[0] != own[0] for mine, own in both),
        "a group is refused for stock that others take": "insufficient_stock" in reasons,
        "a group gives way in capacity alone": not group.shares,
    }
    return {"a group is offered something else after others"} | {name for name, is_shown in shown.items() if is_shown}


def _answered(facts: Facts) -> Iterator[_Answered]:
    given, before = facts.given, set[str]()
    groups = groups_of(Asking(given.network, given.catalogue, given.stock), given.request)
    with localcontext(prec=60):
        for group, own in zip(groups, facts.by_group(), strict=True):
            asked = sections(Asking(given.network, given.catalogue, given.stock), group.request)
            alone = Counter(
                (
                    choice.first.method.id,
                    choice.first.target.place,
                    tuple(row.candidate.site.id for row in choice.rows),
                    at(utc(choice.door.promised)),
                )
                for section in asked
                for choice in section.question.choices
            )
            wanted = stocked(own.given, keys_of(own.given))
            yield _Answered(own, Counter(map(_told, own.rows.options)), alone, not before.isdisjoint(wanted))
            before |= wanted


def _told(row: Row) -> tuple[object, ...]:
    """The method and the place of an option, its sites and by when."""
    return (
        row["method"],
        row["place"],
        tuple(sent["site"] for sent in row["shipments"]),
        row["collect_from"] or row["deliver_by"],
    )
