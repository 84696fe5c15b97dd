"""Which items a restriction is about, and which rank a site has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promise_engine._compile.lines import Labels
    from promise_engine.models.policy import Allocation, Policy, Restriction


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


def ranked_by(
    policy: Policy, site: str, groups: tuple[str, ...], channel: str, method: str, country: str
) -> int | None:
    """The rank of the most exact rule for a site: channel, then method, then country, then sites before groups."""
    fitting = [
        ((r.channel is not None, r.method is not None, r.country is not None, bool(r.sites)), r.rank)
        for r in policy.ranks
        if (site in r.sites or r.site_group in groups)
        and (r.channel in {None, channel} and r.method in {None, method} and r.country in {None, country})
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None
