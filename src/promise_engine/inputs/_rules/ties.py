"""Rules of which exactly one must win: lanes, prices, tariff bands, stock rules, ranks, capacity slots."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from promise_engine.errors import Severity
from promise_engine.models._base import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from promise_engine.inputs._rules.findings import Findings
    from promise_engine.inputs.paths import Loc
    from promise_engine.models.carrier import Lane
    from promise_engine.models.policy import RankRule, StockRule, SupplyRule
    from promise_engine.models.pricing import PriceRule, TariffRow
    from promise_engine.models.site import CapacitySlot

T = TypeVar("T")
RuleT = TypeVar("RuleT", bound="StockRule | SupplyRule")


def check_ties(findings: Findings) -> None:
    """Every rule about rules that are equally exact."""
    network = findings.network
    for i, service in enumerate(network.services):
        _each_pair(
            findings,
            ("services", i, "lanes"),
            service.lanes,
            _same_pair,
            "a lane for pairs of zones that no equally exact lane has",
        )
    for i, tariff in enumerate(network.tariffs):
        _check_bands(findings, ("tariffs", i, "rows"), tariff.rows)
    for i, method in enumerate(network.methods):
        if isinstance(method.price, tuple):
            _check_prices(findings, ("methods", i, "price"), method.price)
    for i, site in enumerate(network.sites):
        if site.preparation is not None and site.preparation.plan is not None:
            loc: Loc = ("sites", i, "preparation", "plan", "slots")
            _each_pair(
                findings, loc, site.preparation.plan.slots, _same_time, "a slot that overlaps no other on the same date"
            )
    groups = {site.id: frozenset(site.groups) for site in network.sites}
    for i, policy in enumerate(network.policies):
        words = "a rank for sites that no equally exact rule ranks"
        _each_pair(findings, ("policies", i, "ranks"), policy.ranks, lambda a, b: _same_rank(a, b, groups), words)
    _check_stock_rules(findings, groups)


def _each_pair(findings: Findings, loc: Loc, things: Sequence[T], tie: Callable[[T, T], bool], words: str) -> None:
    """One fault for each thing that ties with an earlier one."""
    tied = {k: i for (i, one), (k, other) in combinations(enumerate(things), 2) if tie(one, other)}
    for k, i in tied.items():
        findings.add((*loc, k), "", f"{words} (see number {i})", "tie")


def _meets(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    return one is None or other is None or bool(set(one) & set(other))


def _same_pair(one: Lane, other: Lane) -> bool:
    equally_exact = (one.origins is None) == (other.origins is None)
    return equally_exact and _meets(one.origins, other.origins) and _meets(one.destinations, other.destinations)


def _check_bands(findings: Findings, loc: Loc, rows: Sequence[TariffRow]) -> None:
    reached: dict[str | None, tuple[int | None, int]] = {}
    for k, row in sorted(enumerate(rows), key=lambda pair: (pair[1].min_grams, pair[0])):
        end, i = reached.get(row.zone, (0, k))
        if end is None or row.min_grams < end:
            findings.add((*loc, k), "", f"a weight band that overlaps no other of its zone (see number {i})", "tie")
        if end is not None and (row.max_grams is None or row.max_grams > end):
            reached[row.zone] = (row.max_grams, k)


def _check_prices(findings: Findings, loc: Loc, rules: Sequence[PriceRule]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for k, rule in enumerate(rules):
        key = (rule.segment, rule.channel, rule.zone, rule.from_value)
        i = seen.setdefault(key, k)
        if i != k:
            words = f"a price rule that differs in segment, channel, zone or from_value (see number {i})"
            findings.add((*loc, k), "", words, "tie")


def _same_time(one: CapacitySlot, other: CapacitySlot) -> bool:
    ends = [slot.end.days * 86_400 + slot.end.seconds for slot in (one, other)]
    return one.start < ends[1] and other.start < ends[0] and _share_date(one, other)


def _share_date(one: CapacitySlot, other: CapacitySlot) -> bool:
    if one.dates is not None or other.dates is not None:
        return any(_exists(one, day) and _exists(other, day) for day in (one.dates or other.dates or ()))
    first = max((slot.valid_from for slot in (one, other) if slot.valid_from), default=None)
    last = min((slot.valid_until for slot in (one, other) if slot.valid_until), default=None)
    days = set(one.weekdays) & set(other.weekdays)
    if first is None or last is None:
        return bool(days)
    held = range(first.toordinal(), min(last.toordinal(), first.toordinal() + 6) + 1)
    return any(WEEKDAYS[(number + 6) % 7] in days for number in held)


def _exists(slot: CapacitySlot, day: date) -> bool:
    listed = day in slot.dates if slot.dates is not None else WEEKDAYS[day.weekday()] in slot.weekdays
    return (
        listed
        and (slot.valid_from is None or slot.valid_from <= day)
        and (slot.valid_until is None or day <= slot.valid_until)
    )


def _same_rank(one: RankRule, other: RankRule, groups: dict[str, frozenset[str]]) -> bool:
    if (one.channel, one.method, one.country) != (other.channel, other.method, other.country):
        return False
    if one.site_group is None or other.site_group is None:
        return one.site_group is other.site_group and bool(set(one.sites) & set(other.sites))
    return any({one.site_group, other.site_group} <= named for named in groups.values())


def _check_stock_rules(findings: Findings, groups: dict[str, frozenset[str]]) -> None:
    def kind(rule: StockRule) -> tuple[object, ...]:
        return rule.of, rule.share is None, rule.safety_stock is None, rule.channel

    def dated(rule: SupplyRule) -> tuple[object, ...]:
        return (rule.preorder_from is None,)

    _check_levels(findings, "stock_rules", findings.network.stock_rules, kind, groups)
    _check_levels(findings, "supply_rules", findings.network.supply_rules, dated, groups)
    _check_share_scopes(findings)


def _check_levels(
    findings: Findings,
    field: str,
    rules: Sequence[RuleT],
    kind: Callable[[RuleT], tuple[object, ...]],
    groups: dict[str, frozenset[str]],
) -> None:
    """Rules of one kind that are equally exact and can meet."""
    by_level: dict[tuple[object, ...], list[tuple[int, RuleT]]] = {}
    for k, rule in enumerate(rules):
        level = (*kind(rule), rule.sku, rule.tag is None, rule.category, rule.site, rule.site_group is None)
        by_level.setdefault(level, []).append((k, rule))
    for equal in by_level.values():
        worst: dict[int, tuple[bool, int]] = {}
        for (i, one), (k, other) in combinations(equal, 2):
            if one.site_group is None or any({one.site_group, other.site_group} <= named for named in groups.values()):
                worst[k] = max(worst.get(k, (False, i)), (one.tag == other.tag, i))
        for k, (certain, i) in worst.items():
            words = f"a {field[:-1].replace('_', ' ')} that no equally exact rule can meet (see number {i}" + (
                ")" if certain else ", for an item with both tags)"
            )
            findings.add((field, k), "", words, "tie", Severity.ERROR if certain else Severity.WARNING)


def _check_share_scopes(findings: Findings) -> None:
    """A share of one site means nothing where shares are of the pool."""
    pooled = {channel.id for channel in findings.network.channels if channel.share_scope == "pool"}
    for k, rule in enumerate(findings.network.stock_rules):
        if rule.share is None or (rule.site is None and rule.site_group is None):
            continue
        channels = pooled if rule.channel is None else pooled & {rule.channel}
        if channels:
            words = f"no site or site_group, or `share_scope: site` on the channels: {', '.join(sorted(channels))}"
            findings.add(("stock_rules", k), rule.site or rule.site_group, words, "share_scope")
