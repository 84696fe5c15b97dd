"""Restrictions and ranks about things that never come together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promise_engine.check._facts import Facts, Journey
    from promise_engine.models.policy import Restriction


def check_restrictions_can_match(facts: Facts) -> None:
    """A restriction whose sides are never together on one journey: a service that none of its methods uses, a site that
    is not in its group or does not send by its service, a method that none of its channels shows."""
    for i, rule in enumerate(facts.network.restrictions):
        if not any(_matches(facts, rule, journey) for journey in facts.possible):
            given = [
                name
                for name in ("services", "methods", "sites", "site_groups", "channels")
                if getattr(rule, name) is not None
            ]
            if given:
                words = f"{' and '.join(given)} that can come together on one order"
                facts.findings.warn(("restrictions", i), ", ".join(given), words, "restriction_never")


def _matches(facts: Facts, rule: Restriction, journey: Journey) -> bool:
    site = facts.findings.get("sites", journey.site)
    if rule.methods is not None and journey.method.id not in rule.methods:
        return False
    if rule.sites is not None and site.id not in rule.sites:
        return False
    if rule.site_groups is not None and not set(site.groups) & set(rule.site_groups):
        return False
    if rule.services is not None and not any(
        service in rule.services and (owner, service) in facts.collections_of for owner, service in journey.legs
    ):
        return False
    shown = {c.id for c in facts.network.channels if c.methods is None or journey.method.id in c.methods}
    shown &= shown if site.shown_to.channels is None else set(site.shown_to.channels)
    return rule.channels is None or bool(shown & set(rule.channels))


def check_ranks_can_match(facts: Facts) -> None:
    """A rank for a method that its channel does not show."""
    for i, policy in enumerate(facts.network.policies):
        for k, rank in enumerate(policy.ranks):
            channel = facts.findings.get("channels", rank.channel) if rank.channel else None
            if (
                channel is not None
                and rank.method
                and channel.methods is not None
                and rank.method not in channel.methods
            ):
                words = f"a method that the channel `{channel.id}` shows"
                facts.findings.warn(("policies", i, "ranks", k, "method"), rank.method, words, "rank_never")


RULES = (check_restrictions_can_match, check_ranks_can_match)
