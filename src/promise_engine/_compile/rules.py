"""Which items a restriction is about, and which rank a site has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine._compile.lines import Labels
    from promise_engine.models.policy import Allocation, Policy, RankRule, Restriction
    from promise_engine.models.site import Site


def concerns(rule: Restriction | Allocation, labels: Labels) -> bool:
    """Whether a line is one that a restriction or an allocation is about."""
    return not (
        labels.skus.isdisjoint(rule.skus)
        and labels.tags.isdisjoint(rule.tags)
        and labels.categories.isdisjoint(rule.categories)
    )


def is_kept_from(allocation: Allocation, labels: Labels, channel: str, segment: str | None) -> bool:
    """Whether an allocation keeps a line from requests of a channel and segment."""
    concerned = concerns(allocation, labels)
    admitted = (allocation.channels is None or channel in allocation.channels) and (
        allocation.segments is None or segment in allocation.segments
    )
    return concerned and not admitted


def site_ranks(policy: Policy | None, sites: Sequence[Site], channel: str, method: str, country: str) -> np.ndarray:
    """The rank of each site: of the policy's most exact rule for it, else its own."""
    rules = () if policy is None else policy.ranks
    fitting = [
        rule
        for rule in rules
        if rule.channel in {None, channel} and rule.method in {None, method} and rule.country in {None, country}
    ]
    return np.array([_rank(site, fitting) for site in sites], np.int64)


def _rank(site: Site, rules: Sequence[RankRule]) -> int:
    """By the rule that names more of channel, method and country, in this order, then sites before groups."""
    own = [rule for rule in rules if site.id in rule.sites or rule.site_group in site.groups]
    if not own:
        return site.rank
    exact = max(own, key=lambda r: (r.channel is not None, r.method is not None, r.country is not None, bool(r.sites)))
    return exact.rank
