"""What the cases cover together, and what is short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.errors import Reason
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.network import NetworkDocument
from promise_engine.models.request import PromiseRequest
from promise_engine.models.stock import StockDocument

from generator.baskets import BASKETS, keys_of
from generator.effects import EFFECTS, LEFT_OUT, SHARED, effects_of, rules_in_use
from generator.facts import Facts, named_in
from generator.groups import GROUPS, groups_shown
from generator.parts import PARTS, parts_of
from generator.rows import shipments_of
from generator.settings import settings_of, settings_used
from generator.splits import SPLITS, UNITS, splits_of
from generator.steps import CHAINS, STEPS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from pydantic import BaseModel

    from generator.rows import Row

LEAST_PER_THOUSAND: dict[str, int] = {
    "three options or more": 500,
    "tie in policy order": 100,
    "two time zones": 100,
    "clock change inside the chain": 100,
    "3 capacity over several days": 100,
    "6 route of two legs": 100,
    **dict.fromkeys(EFFECTS, 10),
    "stock: safety stock of the pool decides": 6,
    LEFT_OUT: 5,
    SHARED: 4,
    **dict.fromkeys(SPLITS, 50),
    "split over three sites": 20,
    "split by several ways": 40,
    "split among few candidates": 5,
    "reason too_many_shipments": 50,
    "setting DeliveryMethod.max_shipments": 50,
    "setting DeliveryMethod.min_split_value": 50,
    "a chosen split": 200,
    **dict.fromkeys(("a kit in the basket", "a pool share", "several supply dates"), 100),
    "a kit's component is also a line": 50,
    "a kit asks for a service": 10,
    "a line asks for a service": 100,
    "lines of one SKU with different services": 20,
    "split with a kit": 10,
    "split with a line service": 10,
    "split over ship groups": 10,
    "split over ship groups of one site": 6,
    "split as available": 5,
    "split whose shipments share a SKU": 8,
    **PARTS,
    **dict.fromkeys(UNITS, 1),
    "split units": 12,
    "split units at a tariff price": 3,
    "split units beside a whole line": 2,
    **GROUPS,
}
"""Cases of 1,000 that must show it; 25 for everything else, which is 50 of 2,000."""

_PLAIN_CRITERIA = frozenset({"promised", "price", "cost", "co2e", "shipments", "parcels"})


def labels_of(facts: Facts) -> set[str]:
    """Everything one case covers: reasons, steps, settings, and the shape of its answer, in each group of its lines."""
    return groups_shown(facts).union(*map(_labels_of_group, facts.by_group()))


def _labels_of_group(facts: Facts) -> set[str]:
    rows = facts.rows
    found = {f"reason {row['reason']}" for row in rows.refusals}
    found |= {f"reason {reason}" for row in rows.options for *_, reason in row["left_out"]}
    sent = [shipment for row in rows.options for shipment in shipments_of(row)]
    found |= {name for name, step in (STEPS | CHAINS).items() if any(step(facts, row) for row in sent)}
    found |= splits_of(facts) | parts_of(facts)
    found |= {name for name, label in BASKETS.items() if label(facts.given)}
    if len(rows.options) >= 3:
        found.add("three options or more")
    if has_tie(facts):
        found.add("tie in policy order")
    return found | effects_of(facts) | {f"setting {name}" for name in _settings(facts)}


def has_tie(facts: Facts) -> bool:
    """Whether two neighbours of the answer are equal on every criterion of the policy."""
    policies = {policy.id: policy.criteria for policy in facts.given.network.policies}
    default = ("promised", "price", "cost", "co2e", "parcels", "site_rank", "distance")
    criteria = policies.get(facts.channel.policy or "", default)
    rows = facts.rows.options
    return any(_equal(one, other, criteria) for one, other in zip(rows, rows[1:], strict=False))


def _equal(one: Row, other: Row, criteria: tuple[str, ...]) -> bool:
    """Whether two options tie; of one site and place, rank, distance and stock are equal, and so is load by one start."""
    same_site = one["place"] == other["place"] and _starts(one) == _starts(other)
    if not same_site and not _PLAIN_CRITERIA.issuperset(criteria):
        return False
    return all(_value(one, name) == _value(other, name) for name in criteria if name in _PLAIN_CRITERIA)


def _starts(row: Row) -> list[tuple[str, str]]:
    return [(sent["site"], sent["started_at"]) for sent in row["shipments"]]


def _value(row: Row, criterion: str) -> object:
    if criterion == "promised":
        return row["collect_from"] or row["deliver_by"]
    if criterion == "shipments":
        return len(row["shipments"])
    if criterion == "cost":
        return sum(value for name, value in row.items() if name.startswith("cost."))
    return row.get({"co2e": "co2e_grams"}.get(criterion, criterion))


def _settings(facts: Facts) -> set[str]:
    """Settings of what the options went through, and of what takes options away."""
    given = facts.given
    used = list(facts.used())
    ids = {name for model in used for name in named_in(model)}
    for _ in range(2):  # a calendar names its members
        ids |= {name for row in given.network.calendars if row.id in ids for name in named_in(row)}
    lists = (
        given.network.calendars,
        given.network.zone_sets,
        given.network.tariffs,
        given.network.collection_pools,
        given.network.transport_modes,
    )
    used += [row for rows in lists for row in rows if row.id in ids]
    used += [*given.network.exchange_rates, given.network.settings, given.catalogue, given.stock]
    used += rules_in_use(facts)
    asked = {name for _, services in keys_of(given) for name in services}
    used += [row for row in given.network.line_services if row.id in asked]
    found = settings_used(used) if facts.rows.options else settings_used([given.request])
    lists_used = {
        f"NetworkDocument.{name}" for name in type(given.network).model_fields if getattr(given.network, name)
    }
    return found | lists_used | settings_used(_taking_away(given.network))


def _taking_away(network: NetworkDocument) -> list[BaseModel]:
    """Settings that work by what they take away are counted wherever they stand."""
    ranks = [rank for policy in network.policies for rank in policy.ranks]
    return [
        *network.restrictions,
        *network.allocations,
        *network.stock_rules,
        *ranks,
        *(site.shown_to for site in network.sites),
    ]


def required() -> dict[str, int]:
    """Every label, with how many of 1,000 cases must show it."""
    settings = settings_of(NetworkDocument, CatalogueDocument, StockDocument, PromiseRequest)
    labels = [f"reason {reason.code}" for reason in Reason if reason is not Reason.NONE]
    labels += [*STEPS, *CHAINS, *LEAST_PER_THOUSAND, *(f"setting {name}" for name in sorted(settings))]
    return {label: LEAST_PER_THOUSAND.get(label, 25) for label in labels}


def shortfall(counts: Counter[str], cases: int) -> dict[str, tuple[int, int]]:
    """What is short: label to (found, needed)."""
    needed = {label: least * cases // 1_000 for label, least in required().items()}
    return {label: (counts[label], least) for label, least in needed.items() if counts[label] < least}


def table(short: Mapping[str, tuple[int, int]]) -> str:
    """The shortfall as lines of text."""
    return "\n".join(f"{found:6d} of {least:6d}  {label}" for label, (found, least) in short.items())
