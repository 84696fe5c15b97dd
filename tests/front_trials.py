"""One small network asked of the engine and of the brute force, and asked again of the engine with more of something."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from every_assignment import EveryAssignment, Shown, as_good
from promise_engine import Catalogue, Engine, Network, PromiseRequest, StockSnapshot
from small_networks import CHANGES, changes_of, small_network

from generator.facts import Documents
from naive.pool import exposed
from naive.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from promise_engine import Option
    from promise_engine.options import Money

    from generator.cases import Case


@dataclass(frozen=True)
class Trial:
    """What asking about one network gave: texts of what is wrong, empty when nothing is, and what occurred in it."""

    seed: int
    unlike: str = ""
    """How the answer differs from the brute force."""
    left_out: str = ""
    """What can be sent and is better than all that is shown."""
    worsened: str = ""
    """What is offered no more when something is added."""
    labels: frozenset[str] = frozenset()


class Asked:
    """The engine of a case, kept for the same case with other stock."""

    def __init__(self, case: Case) -> None:
        self._network = case.network
        self._engine = Engine(Network.model_validate(case.network), Catalogue.from_records(case.catalogue["items"]))

    def shown(self, case: Case) -> list[Shown]:
        """What a case is offered."""
        engine = self._engine if case.network is self._network else Asked(case)._engine
        answer = engine.promise(PromiseRequest.model_validate(case.request), StockSnapshot.from_document(case.stock))
        return [shown_of(option) for option in answer.options]


def shown_of(option: Option) -> Shown:
    """What is compared of an option."""
    assert option.deliver_by is not None
    shipments = tuple(
        (sent.site, sent.service, tuple((line.sku, line.services) for line in sent.lines), _seconds(sent.deliver_by), sent.parcels)
        for sent in option.shipments
    )  # fmt: skip
    counted = len(shipments), _minor(option.cost.total), option.parcels
    day = (option.deliver_by - timedelta(seconds=1)).date()
    return Shown(_seconds(option.promised), _minor(option.price), *counted, shipments, day)


def _seconds(at: datetime | None) -> int:
    return 0 if at is None else int(at.timestamp())


def _minor(money: Money) -> int:
    return int(money.amount * 100)


def trial(seed: int) -> Trial:
    """Compare the engine with the brute force about the network of a seed, and with itself where there is more."""
    try:
        return _trial(small_network(seed))
    except Exception:  # noqa: BLE001
        return Trial(seed, f"it failed:\n{traceback.format_exc(limit=-6)}")


def _trial(case: Case) -> Trial:
    asked, brute = Asked(case), EveryAssignment(Documents.of(case))
    shown, expected = asked.shown(case), {*brute.front, *brute.singles}
    labels = set(_labels(case, shown, brute))
    lost: list[Shown] = []
    if "a split" in labels:
        draw = Random(f"{case.seed}/change")
        change = draw.choice(changes_of(case))
        changed = CHANGES[change](case, draw)
        more = asked.shown(changed)
        lost = list(_unmatched(case, shown, more))
        labels |= {f"better with {change}"} if any(_unmatched(case, more, shown)) else set()
        if lost and _is_known_to_worsen(changed, lost):
            lost = []
            labels.add("known to worsen")
    return Trial(
        case.seed,
        _told("shown, or found by the brute force, alone:", set(shown) ^ expected),
        _told("better than all that is shown:", _better(shown, brute)),
        _told("offered no more:", lost),
        frozenset(labels),
    )


def _told(what: str, options: Iterable[Shown]) -> str:
    return "\n  ".join([what, *texts]) if (texts := [str(option) for option in options]) else ""


def _better(shown: Sequence[Shown], brute: EveryAssignment) -> list[Shown]:
    """Ways to send the basket that are earlier, by day, than all that is shown with as few shipments."""
    ways = {(plan.day, plan.shown.count): plan.shown for plans in brute.by_day.values() for plan in plans}
    reached = [(option.day, option.count) for option in shown]
    return [way for measures, way in ways.items() if not any(as_good(other, measures) for other in reached)]


def _unmatched(case: Case, before: Sequence[Shown], after: Sequence[Shown]) -> Iterator[Shown]:
    """Options to which none after is as good: of one site in instant and price, of several in day, shipments and price."""
    by_tariff = isinstance(case.network["methods"][0]["price"], dict)

    def measures(option: Shown, *, alone: bool) -> tuple[object, ...]:
        price = 0 if by_tariff and not alone else option.price
        return option.count, option.promised if alone else option.day, price

    for option in before:
        alone = option.count == 1
        worst = measures(option, alone=alone)
        if not any(as_good(measures(other, alone=alone), worst) for other in after):
            yield option


def _is_known_to_worsen(changed: Case, lost: Sequence[Shown]) -> bool:
    """Whether all that is lost stands in its own way now: with more a shipment may come earlier, where others need the room."""
    brute = EveryAssignment(Documents.of(changed))
    return all(brute.is_in_its_own_way(option) for option in lost)


# What occurs.


def _labels(case: Case, shown: Sequence[Shown], brute: EveryAssignment) -> Iterator[str]:
    splits = [option for option in shown if option.count > 1]
    if not splits:
        return
    yield "a split"
    has = {
        "several splits": len(splits) > 1,
        "three shipments": any(option.count == 3 for option in splits),
        "beside a single site": len(splits) < len(shown),
        "at a tariff price": isinstance(case.network["methods"][0]["price"], dict),
        "several lines from one site": any(len(sent[2]) > 1 for option in splits for sent in option.shipments),
        "lines that share a SKU": bool(brute.world.basket.sharing),
        "a share withholds": _is_withheld(brute),
        "a receipt": any(_waits(case, option) for option in splits),
    }
    yield from (label for label, holds in has.items() if holds)
    yield from brute.met


def _is_withheld(brute: EveryAssignment) -> bool:
    """Whether some site may not sell all that it has free of what the basket needs."""
    world = brute.world
    return any(
        exposed(world, site, goods.item) < timeline(world, site, goods.item).free
        for site in world.network.sites
        for goods in world.basket.needs
    )


def _waits(case: Case, option: Shown) -> bool:
    """Whether a shipment carries more of a SKU than its site has; kits are not looked at."""
    had = {(row["site"], row["sku"]): row.get("on_hand", 0) for row in case.stock["records"]}
    asked = {line["sku"]: line["quantity"] for line in case.request["lines"] if line["sku"] != "KIT"}
    return any(
        asked[sku] > had[site, sku] for site, _, lines, *_ in option.shipments for sku, _ in lines if sku in asked
    )
