"""What the splits of a case show, each with how an answer shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.models.pricing import TariffPrice

from generator.baskets import kits_of, stocked

if TYPE_CHECKING:
    from collections.abc import Callable

    from promise_engine.models.policy import DeliveryMethod

    from generator.baskets import Key
    from generator.facts import Facts
    from generator.rows import Row

    Label = Callable[[Facts, Row], bool]


def _method(f: Facts, r: Row) -> DeliveryMethod:
    return next(method for method in f.given.network.methods if method.id == r["method"])


def _beside(f: Facts, r: Row) -> bool:
    """Whether a single site is offered for the same method and place."""
    return any(
        len(row["shipments"]) == 1 and (row["method"], row["place"]) == (r["method"], r["place"])
        for row in f.rows.options
    )


def _limited(f: Facts, r: Row) -> bool:
    """Whether a site has a plan in which each line more may be too much."""
    plans = [f.sites[sent["site"]].preparation for sent in r["shipments"]]
    return any(row is not None and row.plan is not None and row.plan.unit != "orders" for row in plans)


def _cut(r: Row) -> set[Key]:
    """The lines of which several shipments carry some."""
    lines = _lines(r)
    return {key for key in lines if lines.count(key) > 1}


def _beside_whole(r: Row) -> bool:
    return bool(set(_lines(r)) - _cut(r))


def _by_receipt(f: Facts, r: Row) -> bool:
    """Whether a site sends more of a line with others than it has on hand."""
    had = {(record.site, record.sku): record.on_hand for record in f.given.stock.records}
    cut = _cut(r)
    return any(
        quantity > had.get((sent["site"], sku), 0)
        for sent in r["shipments"]
        for sku, services, quantity in sent["lines"]
        if (sku, services) in cut and sku not in kits_of(f.given)
    )


def _sources(r: Row) -> set[tuple[str, str]]:
    """What sends the shipments: sites, each with a ship group."""
    return {(sent["site"], sent["ship_group"]) for sent in r["shipments"]}


def _lines(r: Row) -> list[Key]:
    """What the shipments carry, by SKU and services."""
    return [(sku, services) for sent in r["shipments"] for sku, services, _ in sent["lines"]]


def _shares(f: Facts, r: Row) -> bool:
    """Whether two shipments take one SKU of stock, in kits or in lines with other services."""
    cut = _cut(r)
    taken = [stocked(f.given, [line[:2] for line in sent["lines"] if line[:2] not in cut]) for sent in r["shipments"]]
    return len(set.union(*taken)) < sum(map(len, taken))


SPLITS: dict[str, Label] = {
    "split over three sites": lambda f, r: len(r["shipments"]) == 3,
    "split beside a single site": _beside,
    "split of several lines from one site": lambda f, r: any(len(sent["lines"]) > 1 for sent in r["shipments"]),
    "split by several ways": lambda f, r: len({sent["service"] for sent in r["shipments"]}) > 1,
    "split of several dates": lambda f, r: len({at for *_, at in r["line_dates"]}) > 1,
    "split to a place": lambda f, r: r["place"] is not None,
    "split of nominated days or slots": lambda f, r: any(
        d.choice != "none"
        for service in f.way(r)
        for d in (service.delivery, *(lane.delivery for lane in service.lanes))
        if d is not None
    ),
    "split by a chosen service": lambda f, r: _method(f, r).choose_service,
    "split at a tariff price": lambda f, r: isinstance(_method(f, r).price, TariffPrice),
    "split among few candidates": lambda f, r: (
        isinstance(_method(f, r).price, TariffPrice) and f.given.network.settings.split_candidates <= 2
    ),
    "split with most parcels": lambda f, r: _method(f, r).max_parcels is not None,
    "split with most shipments": lambda f, r: _method(f, r).max_shipments == 2,
    "split above a value": lambda f, r: _method(f, r).min_split_value is not None,
    "split with a kit": lambda f, r: any(sku in kits_of(f.given) for sku, _ in _lines(r)),
    "split with a line service": lambda f, r: any(services for _, services in _lines(r)),
    "split whose shipments share a SKU": _shares,
    "split where capacity counts more than orders": _limited,
    "split over ship groups": lambda f, r: len({group for _, group in _sources(r)}) > 1,
    "split over ship groups of one site": lambda f, r: len({site for site, _ in _sources(r)}) < len(_sources(r)),
    "split as available": lambda f, r: len(_sources(r)) < len(r["shipments"]),
}
"""Labels of options with several shipments."""


UNITS: dict[str, Label] = {
    "split units": lambda f, r: True,
    "split units over three sites": lambda f, r: len(r["shipments"]) > 2,
    "split units of a single line": lambda f, r: len(set(_lines(r))) == 1,
    "split units beside a whole line": lambda f, r: _beside_whole(r),
    "split units of two lines": lambda f, r: len(_cut(r)) > 1,
    "split units by a receipt": _by_receipt,
    "split units of a kit": lambda f, r: any(sku in kits_of(f.given) for sku, _ in _cut(r)),
    "split units in steps": lambda f, r: any(
        item.step > 1 for item in f.given.catalogue.items if item.sku in {sku for sku, _ in _cut(r)}
    ),
    "split units with a line service": lambda f, r: any(services for _, services in _cut(r)),
    "split units at a tariff price": SPLITS["split at a tariff price"],
    "split units among few candidates": lambda f, r: f.given.network.settings.split_candidates == 2,
    "split units to a place": SPLITS["split to a place"],
    "split units of nominated days or slots": SPLITS["split of nominated days or slots"],
    "split units of several dates": lambda f, r: len({sent["deliver_by"] for sent in r["shipments"]}) > 1,
}
"""Labels of options in which several shipments carry some of one line."""


def splits_of(facts: Facts) -> set[str]:
    """What the splits of one case show."""
    rows = [row for row in facts.rows.options if len(row["shipments"]) > 1]
    found = {name for name, label in SPLITS.items() if any(label(facts, row) for row in rows)}
    cut = [row for row in rows if _cut(row)]
    found |= {name for name, label in UNITS.items() if any(label(facts, row) for row in cut)}
    return found | ({"a chosen split"} if rows else set())
