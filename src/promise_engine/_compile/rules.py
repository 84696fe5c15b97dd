"""Which items a restriction is about, and which rank a site has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promise_engine._compile.request import Need
    from promise_engine.models.policy import Policy, Restriction


def concerns(rule: Restriction, needs: list[Need]) -> bool:
    """Whether some item of the basket is one that a restriction is about."""
    for need in needs:
        if need.sku in rule.skus:
            return True
        if need.item and (need.item.category in rule.categories or set(need.item.tags).intersection(rule.tags)):
            return True
    return False


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
