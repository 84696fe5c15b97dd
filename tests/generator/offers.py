"""What is offered: methods, channels, policies, restrictions, who sees which site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.tariffs import CURRENCIES, price
from generator.world import keep
from generator.zones import area, zone_ids, zone_set

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

CRITERIA = ("promised", "price", "cost", "co2e", "shipments", "parcels", "site_rank", "distance", "load", "stock_depth")
_SUPPLIES = (
    ["stock"], ["receipts"], ["stock", "receipts"], ["stock", "replenishment"], ["stock", "preorder"],
    ["receipts", "replenishment", "preorder"], ["stock", "receipts", "replenishment"], ["stock", "receipts", "preorder"],
)  # fmt: skip


def add_methods(world: World) -> None:
    """Home delivery, perhaps a second one, and what pickup points and stores allow."""
    draw = world.draw.part("methods")
    home = [row["id"] for row in world.list_of("services") if "pickup_network" not in row]
    points = [row["id"] for row in world.list_of("services") if "pickup_network" in row]
    to_address = [row["id"] for row in world.list_of("routes") if row.get("ends_at") != "store"]
    to_store = [row["id"] for row in world.list_of("routes") if row.get("ends_at") == "store"]
    add_method(world, draw.part("home"), "home", home if draw.chance(0.7) else draw.some(home), to_address)
    if draw.chance(0.35):
        add_method(world, draw.part("more"), "home", draw.some(home), to_address if draw.chance(0.5) else [])
    if points:
        add_method(world, draw.part("points"), "pickup_point", points, [])
    if any("store_collection" in site for site in world.list_of("sites")):
        add_method(world, draw.part("stores"), "store_collection", [], to_store)


def add_method(world: World, draw: Draw, kind: str, services: list[str], routes: list[str]) -> str:
    """One delivery method; its id."""
    zones = zone_set(world, draw.part("zones")) if draw.on("zones", 0.3) else None
    row = keep(
        id=world.fresh("methods", "M"),
        name="a method" if draw.chance(0.1) else None,
        kind=kind,
        services=services or None,
        routes=routes or None,
        from_stock=False if kind == "store_collection" and routes and draw.chance(0.9) else None,
        choose_service=True if draw.on("choice", 0.5) else None,
        zone_set=zones,
        zones=draw.some(zone_ids(world, zones)) if zones and draw.chance(0.4) else None,
        destination_types=draw.pick((["home", "business"], ["home", "po_box"], ["business", "po_box"]))
        if draw.on("place", 0.1)
        else None,
        price=price(world, draw.part("price"), zones),
        currency=draw.maybe("currencies", 0.2, CURRENCIES),
        max_parcels=draw.integer(2, 9) if draw.on("limits", 0.12) else None,
        max_shipments=draw.weighted({1: 1, 2: 4, 3: 2}) if draw.on("shipments", 0.4) else None,
        min_split_value=draw.pick(("0.01", "20", "45", "150")) if draw.on("shipments", 0.3) else None,
        radius_metres=draw.pick((4_000, 2_500, 100_000)) if draw.chance(0.5) and kind != "home" else None,
        places_shown=draw.integer(1, 3) if draw.chance(0.5) and kind != "home" else None,
    )
    return world.add("methods", row)


def add_policies(world: World) -> None:
    """Policies of any criteria, with preferences among sites."""
    draw = world.draw.part("policies")
    for number in range(2):
        part = draw.part(f"policy{number}")
        length = part.weighted({1: 3, 2: 3, 3: 2, 6: 1, 10: 1})
        criteria = part.random.sample(CRITERIA, length)
        if part.chance(0.4) and "promised" in criteria:
            criteria = ["promised", *(name for name in criteria if name != "promised")]
        ranks = _ranks(world, part.part("ranks")) if part.on("ranks", 0.5) else None
        world.add("policies", keep(id=f"PO{number}", criteria=criteria if part.chance(0.8) else None, ranks=ranks))


def _ranks(world: World, draw: Draw) -> list[Doc]:
    """Rules of different exactness, so that no two tie."""
    sites = [site["id"] for site in world.list_of("sites")]
    scopes: tuple[Doc, ...] = (
        {"channel": "web"},
        {"method": "M0"},
        {"country": world.town.country},
        {},
        {"channel": "web", "method": "M0"},
    )
    found = []
    for scope in draw.some(scopes):
        group = draw.chance(0.4) and world.groups()
        where: Doc = {"site_group": draw.pick(world.groups())} if group else {"sites": draw.some(sites)}
        found.append({**where, **scope, "rank": draw.integer(0, 4)})
    return found


def add_channels(world: World) -> None:
    """The web, and a marketplace now and then."""
    draw = world.draw.part("channels")
    for name in ("web", "market") if draw.chance(0.8) else ("web",):
        part = draw.part(name)
        world.add("channels", keep(
            id=name,
            name="a channel" if part.chance(0.1) else None,
            policy=part.pick(("PO0", "PO1")) if part.chance(0.7) else None,
            acceptance=part.pick(("30 min", "1 s", "3 h", "1 d")) if part.on("acceptance", 0.4) else None,
            acceptance_counts="working_time" if part.on("acceptance", 0.5) else None,
            supply=part.pick(_SUPPLIES) if part.on("receipts", 0.15) else None,
            share_scope="site" if part.on("share_site", 0.45) else "pool" if part.chance(0.2) else None,
            share_supply=True if part.on("share_supply", 0.5) else None,
            safety_margin=part.maybe("margins", 0.1, ("1 h", "25 h")),
            safety_margin_days=part.maybe("margins", 0.07, (1, 2)),
        ))  # fmt: skip
    price_known_channels(world)


def price_known_channels(world: World) -> None:
    """Drop price rules for a channel that there is not."""
    known = {None, *(row["id"] for row in world.list_of("channels"))}
    for method in world.list_of("methods"):
        if isinstance(method["price"], list):
            method["price"] = [rule for rule in method["price"] if rule.get("channel") in known]


def add_restrictions(world: World) -> None:
    """Items that may not go some way, mostly one that leaves other ways."""
    draw = world.draw.part("restrictions")
    for number in range(draw.integer(1, 2) if draw.on("restrictions", 0.18) else 0):
        part = draw.part(f"restriction{number}")
        items: Doc = part.pick(
            (
                {"skus": [world.skus[0]]},
                {"tags": ["hazmat"]},
                {"categories": ["toys"]},
                {"tags": ["fragile", "bulky"], "skus": ["A1"]},
            )
        )
        ways = [
            "services",
            "methods",
            "sites",
            "channels",
            "destinations",
            *(["site_groups"] if world.groups() else []),
        ]
        sides = {name: _side(world, part, name) for name in part.random.sample(ways, part.weighted({1: 3, 2: 2}))}
        world.add(
            "restrictions", {"id": f"RS{number}", **items, **sides} | ({"name": "a rule"} if part.chance(0.1) else {})
        )


def _side(world: World, draw: Draw, name: str) -> list[object]:
    if name == "destinations":
        town = world.town
        return [area(town, draw.pick(("prefixes", "countries", "postal_codes", "subdivisions"))), {"countries": ["SE"]}]
    if name == "site_groups":
        return [draw.pick(world.groups())]
    if name == "channels":
        return [draw.pick(world.list_of("channels"))["id"]]
    return [draw.pick(world.list_of(name))["id"]]


def show(world: World) -> None:
    """Write down who sees which site and method, once all are known."""
    draw = world.draw.part("visibility")
    methods = [row["id"] for row in world.list_of("methods")]
    channel, segment, country = world.request.get("channel", "web"), world.request.get("segment"), world.town.country
    for number, site in enumerate(world.list_of("sites")):
        part = draw.part(f"site{number}")
        unseen = {method for method, sites in world.hidden.items() if site["id"] in sites}
        shown = keep(
            channels=part.pick((["web"], [channel], ["web", channel])) if part.on("visibility", 0.12) else None,
            segments=part.pick((["gold"], [segment or "gold", "staff"])) if part.on("visibility", 0.08) else None,
            methods=[method for method in methods if method not in unseen]
            if unseen or part.on("visibility", 0.05)
            else None,
            countries=part.pick(([country, "FR"], ["FR"], [country])) if part.on("visibility", 0.08) else None,
        )
        if shown:
            site["shown_to"] = shown
    for row in world.list_of("channels"):
        unseen = {method for method, sites in world.hidden.items() if "*" in sites}
        if unseen or draw.on("visibility", 0.15):
            row["methods"] = [method for method in methods if method not in unseen] or methods[:1]
