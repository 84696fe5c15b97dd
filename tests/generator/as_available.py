"""Methods that send first what is there first: sites that have some lines at once, and others at one instant or two."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.offers import price_known_channels
from generator.plain import collected, plain_method, plain_service
from generator.scatter import add_methods
from generator.shared import put, withhold
from generator.tariffs import add_tariff
from generator.traps import trap_names
from generator.world import keep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World

_HIDDEN = {"place_full", "waiting"}
"""Traps that are not seen behind stock that is not there."""
_MOST_LINES = 4
_MOST_SITES = 3
_HOURS = (3, 51, 75, 99, 123)


def send_as_available(world: World, placed: datetime) -> None:
    """Now and then methods that send first what is there first, mostly of lines that sites have at different instants."""
    draw = world.draw.part("as_available")
    lines = [row for row in world.request["lines"] if row.get("ships", True)]
    may_be_sent = not {"postal_code", "place"}.isdisjoint(world.request["destination"])
    if not 2 <= len(lines) <= _MOST_LINES or not may_be_sent or "several_sites" in draw.off:
        return
    if not draw.on("as_available", 0.01 if world.goes_far else 0.26):
        return
    if _HIDDEN.isdisjoint(trap_names(world)) and draw.chance(0.85):
        _stock(world, draw.part("stock"), lines, placed)
    if draw.chance(0.85):
        _offer(world, draw.part("offer"))
    for number, method in enumerate(world.list_of("methods")):
        if draw.chance(0.85):
            _send(draw.part(f"method{number}"), method)
    for number, row in enumerate(lines):
        part = draw.part(f"price{number}")
        if part.chance(0.5):
            row["unit_price"] = part.pick(("5", "19.99", "40"))


def _offer(world: World, draw: Draw) -> None:
    """One more method, mostly without a choice of days: what is nominated comes all at once."""
    if draw.chance(0.25):
        add_methods(world, draw.part("methods"))
        price_known_channels(world)
        return
    services = []
    for number in range(draw.weighted({1: 3, 2: 2})):
        part = draw.part(f"service{number}")
        tariff = add_tariff(world, part.part("tariff")) if part.on("tariffs", 0.6) else None
        lanes = [{"transit": {"maximum_days": part.integer(0, 3)}}]
        services.append(collected(world, plain_service(world, lanes=lanes, **keep(tariff=tariff))))
    by_tariff = draw.on("tariffs", 0.4)
    plain_method(world, services[0], services=services, **({"price": {"percent": "10"}} if by_tariff else {}))


def _send(draw: Draw, method: Doc) -> None:
    """Mostly enough shipments; now and then each worth something, or none much later than the first."""
    method["shipping"] = "as_available"
    if method.get("max_shipments", 3) < 2 and draw.chance(0.9):
        method["max_shipments"] = draw.pick((2, 3))
    if draw.chance(0.6):
        method["min_shipment"] = draw.pick(("0.01", "5", "19.99", "40", "60"))
    if draw.chance(0.6):
        method["max_lateness_days"] = draw.integer(0, 5)
    if draw.chance(0.8):
        method.pop("min_split_value", None)


def _stock(world: World, draw: Draw, lines: list[Doc], placed: datetime) -> None:
    """A few sites that have a SKU, will have it, or never do; the others have none of it."""
    needs: dict[str, list[Decimal]] = {}
    for row in lines:
        for sku, quantity in world.needs(row).items():
            needs.setdefault(sku, []).append(quantity)
    sites = [site["id"] for site in world.list_of("sites") if "preparation" in site]
    chosen = draw.random.sample(sites, min(len(sites), draw.integer(1, _MOST_SITES)))
    instants = [placed + timedelta(hours=draw.pick(_HOURS)) for _ in range(2)]
    _unlimited(world, draw.part("unlimited"))
    first = draw.integer(0, 1)
    for number, (sku, quantities) in enumerate(needs.items()):
        part = draw.part(sku)
        sure = chosen[0] if part.chance(0.8) else chosen[-1]
        for site in sites:
            kinds = {"none": 4, "later": 3, "now": 2, "some": 1} if site in chosen else {"none": 1}
            if site == sure:
                kinds = {"later" if (first + number) % 2 else "now": 3, "some": 1}
            put(world, site, sku, *_had(part, part.weighted(kinds), quantities, instants))
        withhold(world, part, sku, quantities, limited=len(quantities) > 1 and part.chance(0.2))
    if draw.chance(0.15):
        kinds_of_rule: tuple[Doc, ...] = (
            {"replenish_after": 2},
            {"replenish_after": 0},
            {"preorder_from": world.day(3)},
        )
        rule = {"sku": draw.pick(sorted(needs)), "site": draw.pick(chosen), **draw.pick(kinds_of_rule)}
        known = {(row.get("sku"), row.get("site")) for row in world.list_of("supply_rules")}
        if {"supply_rules", "receipts"}.isdisjoint(draw.off) and (rule["sku"], rule["site"]) not in known:
            world.add("supply_rules", rule)


def _unlimited(world: World, draw: Draw) -> None:
    """Mostly no rules that keep back what little there is, or bring more of it, and channels that count what comes."""
    for name in ("stock_rules", "supply_rules"):
        if draw.chance(0.7):
            world.network[name] = []
    if draw.chance(0.8):
        for channel in world.list_of("channels"):
            channel.pop("supply", None)


def _had(
    draw: Draw, kind: str, quantities: Sequence[Decimal], instants: Sequence[datetime]
) -> tuple[Decimal, list[Doc]]:
    """All of a SKU at once, later, or some of it at once; or none."""
    whole = sum(quantities, Decimal(0)) + draw.pick((0, 0, 20))
    receipt = {"quantity": str(whole), "expected_at": draw.pick(instants).isoformat()}
    had = {"now": whole, "some": min(quantities)}.get(kind, Decimal(0))
    return had, [receipt] if kind in {"later", "some"} else []
