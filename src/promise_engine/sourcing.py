"""Splits: which sites deliver together what none delivers as well alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from promise_engine.as_available import Ahead, AsAvailable
from promise_engine.errors import Reason, Stage
from promise_engine.split_limits import limits_of
from promise_engine.split_option import front_of, in_policy_order
from promise_engine.split_search import Search
from promise_engine.units import NEVER

if TYPE_CHECKING:
    from promise_engine.models.network import Settings
    from promise_engine.offers import Offers
    from promise_engine.parts import Choice
    from promise_engine.sources import Sources
    from promise_engine.split_limits import Limits
    from promise_engine.split_option import Found

_PAST_STOCK = int(Stage.SOURCING) * 100


def choices_to_split(offers: Offers, settings: Settings) -> list[Choice]:
    """The choices that may have splits. Where the rarest line tells that there are none, no other is asked."""
    rarest = offers.shipments.rarest_first[0]
    methods = {number for number in range(len(offers.shipments.plan.methods)) if may_split(offers, number, settings)}
    if methods and not offers.any_alone():
        offers.ask_lines()  # what no site promises alone is not told by one line
    of_use = {
        choice
        for choice in (offers.choices_of(rarest) if methods else ())
        if choice[0] in methods
        and (_compares_more(offers, choice) or offers.earliest_alone(choice) > offers.earliest_of_line(rarest, choice))
    }
    return offers.choices_of_all(of_use)


def may_split(offers: Offers, number: int, settings: Settings) -> bool:
    """Whether a method lets as many sites deliver together as have all lines some day."""
    shipments, method = offers.shipments, offers.shipments.plan.methods[number]
    limits = limits_of(method, shipments.request, settings.split_candidates)
    if limits.shipments < 2 or any(offers.splits_units(line, number) for line in range(shipments.line_count)):
        return limits.shipments > 1
    return shipments.coverage.may_be_covered(limits.shipments)


def _compares_more(offers: Offers, choice: Choice) -> bool:
    """Whether a split that is promised no earlier than a single site may be better."""
    plan = offers.shipments.plan
    return by_tariff(offers, choice) or plan.methods[choice[0]].shipping == "as_available"


def by_tariff(offers: Offers, choice: Choice) -> bool:
    """Whether the price of a choice is what its shipments cost."""
    tables = offers.shipments.plan.tables
    return bool((tables.price[tables.method_idx == choice[0]] < 0).any())


def split_front(offers: Offers, choice: Choice, settings: Settings) -> Front:
    """The splits of one choice, none where the request or the method makes none."""
    plan, request = offers.shipments.plan, offers.shipments.request
    method = plan.methods[choice[0]]
    limits = limits_of(method, request, settings.split_candidates)
    if limits.shipments < 2:
        return Front([])
    is_by_tariff = by_tariff(offers, choice)
    together, ahead = None, None
    found: list[Found] = []
    if is_by_tariff or offers.earliest_alone(choice) > offers.earliest(choice):
        together = Search(offers, choice, limits, units=method.split_units)
        found += together.cells_by_tariff() if is_by_tariff else together.cells_by_rules()
    if method.shipping == "as_available" and limits.sites > 1:
        ahead = AsAvailable(offers, choice, limits, Ahead.of(method, request))
        found += ahead.cells(by_tariff=is_by_tariff)
    searches = [search for search in (together, ahead) if search is not None]
    return Front(
        front_of(in_policy_order(found, offers.shipments), offers.alone(choice)),
        any(search.bounded for search in searches),
        sum(search.tried for search in searches),
        together,
    )


class Front(NamedTuple):
    """The splits of a choice, whether a bound cut something, and how many sets of sites were looked at.

    `search` is that of plans of which each site sends all at once.
    """

    found: list[Found]
    bounded: bool = False
    tried: int = 0
    search: Search | None = None


def why_not_split(offers: Offers, method: int, settings: Settings) -> tuple[Reason, int | None] | None:
    """Why no split serves a method that no site serves alone, and the line at which it ends.

    None when some line is held by no candidate: the split then gets no further than a single site.
    """
    shipments = offers.shipments
    if shipments.to_area and shipments.plan.methods[method].kind == "home":
        return None if shipments.sources.count == 1 else (Reason.TOO_MANY_SHIPMENTS, None)
    tasks = shipments.plan.tables.method_idx == method
    met = [offers.reasons(1 << line)[tasks] for line in range(shipments.line_count)]
    held = np.array([((reasons == 0) | (reasons >= _PAST_STOCK)).any(axis=0) for reasons in met])
    if not held.any(axis=1).all():
        return None
    limits = limits_of(shipments.plan.methods[method], shipments.request, settings.split_candidates)
    furthest = [NEVER if (reasons == 0).any() else int(reasons.max()) for reasons in met]
    if not _is_covered(held, limits, shipments.sources) or min(furthest) == NEVER:
        return Reason.TOO_MANY_SHIPMENTS, None
    return Reason(min(furthest)), furthest.index(min(furthest))


def _is_covered(held: np.ndarray, limits: Limits, sources: Sources) -> bool:
    """Whether sources within the limits hold all lines together; `held` (lines, S) says which sites hold which."""
    if limits.sites < min(limits.shipments, sources.count):
        return sources.count <= limits.shipments and bool(held.all(axis=0).any())
    return sources.coverage(held).is_covered(limits.shipments)
