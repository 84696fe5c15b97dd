"""Stock that no site has all of: what baskets are split for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from generator.offers import price_known_channels
from generator.plain import collected, plain_method, plain_service, point_service
from generator.sites import plan
from generator.tariffs import add_tariff, price
from generator.world import keep

if TYPE_CHECKING:
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World


def scatter(world: World, placed: datetime) -> None:
    """Take items of a basket of several from sites: mostly so that none has all of them, or only later."""
    draw = world.draw.part("scattered")
    lines = [world.needs(line) for line in world.request["lines"]]
    skus = [sku for sku in dict.fromkeys(sku for needs in lines for sku in needs) if sku in world.skus]
    sites = [site["id"] for site in world.list_of("sites") if "preparation" in site]
    if len(skus) < 2 or len(sites) < 2 or not draw.on("scattered", 0.9):
        return
    held = {sku for needs in lines if len(needs) > 1 for sku in needs}
    had = (12 if len(skus) > 2 else 2) if len(sites) >= len(skus) and not held else 0
    kind = draw.weighted({"one lacks": 3, "one had": had, "one late": 6})
    kept = sites.pop(draw.integer(0, len(sites) - 1)) if kind == "one late" else None
    shift = draw.integer(0, 3)
    if held:  # a site must have all that a kit holds: the first lacks something else, or nothing
        shift, skus = 0, sorted(skus, key=held.__contains__)
        draw.random.shuffle(sites)
        sites = sites[skus[0] in held : draw.pick((2, 4))]
    for number, site in enumerate(sites):
        place = skus[(number + shift) % len(skus)]
        stock_site(world, draw, site, skus, [sku for sku in skus if (sku != place) is (kind == "one had")])
    if kept is not None:
        late = skus[(shift + draw.integer(1, len(skus) - 1)) % len(skus)]
        stock_late(world, draw, kept, late, placed)
    if draw.chance(0.7):
        free_stock(world, skus)
    for site in sites:
        _limit(world, draw.part(f"limit-{site}"), site)
    if draw.chance(0.6):
        world.request.setdefault("basket_value", draw.pick(("8.5", "20", "50", "120.5")))
    if draw.on("shipments", 0.95):
        add_methods(world, draw.part("methods"))
        price_known_channels(world)


def stock_site(world: World, draw: Draw, site: str, skus: list[str], lacking: list[str]) -> None:
    """Enough of what a site has, nothing of what it lacks, or no record of it."""
    records = {row["sku"]: row for row in world.stock["records"] if row["site"] == site}
    for sku in skus:
        if sku not in lacking and draw.chance(0.95):
            had = {"site": site, "sku": sku} | records.get(sku, {}) | {"on_hand": draw.pick((40, 90))}
            records[sku] = {name: value for name, value in had.items() if name != "status"}
    for sku in lacking:
        gone: Doc = records.pop(sku, {})
        if draw.chance(0.5):
            records[sku] = {**gone, "site": site, "sku": sku, "on_hand": 0, "receipts": []}
    others = [row for row in world.stock["records"] if row["site"] != site]
    world.stock["records"] = [*others, *records.values()]


def stock_late(world: World, draw: Draw, site: str, late: str, placed: datetime) -> None:
    """An item of the basket comes later, the others are there."""
    for row in world.stock["records"]:
        if row["site"] == site and row["sku"] == late:
            expected = placed + timedelta(hours=draw.pick((27, 60, 100)))
            row |= {"on_hand": 0, "receipts": [{"quantity": 50, "expected_at": expected.isoformat()}]}


def free_stock(world: World, skus: list[str]) -> None:
    """Nothing owed of the basket, and no share of nothing."""
    owed = [row for row in world.stock.get("pool_reservations", []) if row["sku"] not in skus]
    world.stock |= {"pool_reservations": owed}
    world.network |= {"stock_rules": [row for row in world.list_of("stock_rules") if row.get("share") != "0"]}


def _limit(world: World, draw: Draw, site: str) -> None:
    """Now and then a plan that has no room for one more line."""
    row = world.site(site)
    if draw.on("capacity", 0.25):
        row["preparation"] = {**row["preparation"], "plan": plan(world, draw.part("plan"), "lines")}


def add_methods(world: World, draw: Draw) -> None:
    """One or two methods that every site may serve, by services that differ in days, windows and tariffs."""
    to_point = draw.on("points", 0.25)
    services = [point_service(world, None, (0.01, 0.01)) if to_point else collected(world, plain_service(world))]
    if draw.chance(0.7):
        service = world.service(services[0])
        services.append(collected(world, plain_service(world, **keep(pickup_network=service.get("pickup_network")))))
        _leave(world, draw, services)
    for number, name in enumerate(services):
        _vary(world, draw.part(f"service{number}"), world.service(name))
    for number in range(draw.weighted({1: 2, 2: 3})):
        plain_method(
            world, services[0], services=services, **_offer(world, draw.part(f"offer{number}"), to_point=to_point)
        )


def _offer(world: World, draw: Draw, *, to_point: bool) -> Doc:
    """On which terms a method is offered, and how far it may be split."""
    by_tariff: Doc = {"percent": draw.pick(("10", "33.3333", "2.5")), "amount": draw.pick(("1.5", "-3.2", "0"))}
    return keep(
        kind="pickup_point" if to_point else None,
        choose_service=True if draw.on("choice", 0.35) else None,
        price=by_tariff if draw.on("tariffs", 0.35) else price(world, draw.part("price"), None),
        max_parcels=draw.integer(2, 5) if draw.on("limits", 0.4) else None,
        max_shipments=draw.weighted({1: 0.5, 2: 5, 3: 3, 5: 1}) if draw.chance(0.5) else None,
        min_split_value=draw.pick(("0.01", "8.5", "20", "60")) if draw.chance(0.3) else None,
        radius_metres=100_000 if to_point else None,
    )


def _leave(world: World, draw: Draw, services: list[str]) -> None:
    """Mostly only one of two services collects at a site."""
    for row in world.list_of("collections")[-2:] if draw.chance(0.6) else []:
        first = row["services"] == services[:1]
        row["sites"] = [site for number, site in enumerate(row["sites"]) if number % 2 != first] or row["sites"]


def _vary(world: World, draw: Draw, service: Doc) -> None:
    """Days, a choice of days or slots, a tariff and limits for a plain service."""
    service["lanes"] = [{"transit": {"maximum_days": draw.integer(0, 3)}}]
    windows = draw.pick((["08:00-18:00"], ["08:00-12:00", "14:00-18:00"]))
    choice = draw.weighted({"none": 2, "day": 3, "slot": 1}) if draw.on("windows", 0.85) else "none"
    service["delivery"] = {"windows": [{"hours": hours} for hours in windows], "choice": choice}
    service |= keep(
        tariff=add_tariff(world, draw.part("tariff")) if draw.on("tariffs", 0.75) else None,
        limits={"weight_grams": draw.pick((4_000, 9_000))} if draw.on("limits", 0.3) else None,
        dispatch="last" if draw.chance(0.2) else None,
    )
