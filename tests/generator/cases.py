"""A case from a seed: the same seed gives the same documents, on every machine."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from generator.as_available import send_as_available
from generator.asking import add_request, placed_at
from generator.calendars import holiday_source
from generator.carriers import add_services
from generator.collections import add_collections
from generator.draw import FEATURES, Draw
from generator.goods import add_items
from generator.grouping import order_in_groups
from generator.kits import add_kits
from generator.line_services import ask_line_services, offer_line_services
from generator.offers import add_channels, add_methods, add_policies, add_restrictions, show
from generator.one_window import deliver_in_one_window
from generator.partial import ask_for_parts
from generator.routes import add_points, add_routes
from generator.scatter import scatter
from generator.shared import share_out
from generator.ship_groups import add_ship_groups
from generator.short import fall_short
from generator.sites import add_overrides, add_sites
from generator.stock import add_allocations, add_stock, add_stock_rules, add_supply_rules
from generator.taken import add_taken
from generator.tariffs import add_money
from generator.towns import DATES, DESTINATIONS
from generator.traps import add_traps
from generator.world import Doc, World, keep


class Case(NamedTuple):
    """One question with its three inputs, as documents."""

    seed: int
    network: Doc
    catalogue: Doc
    stock: Doc
    request: Doc


def make_case(seed: int, off: frozenset[str] = frozenset()) -> Case:
    """The case of a seed, without the features that are switched off."""
    assert off <= frozenset(FEATURES)
    draw = Draw(str(seed), off)
    world = World(draw, draw.weighted(DESTINATIONS), draw.weighted(DATES), draw.integer(6, 25))
    _add_frame(world)
    _add_network(world)
    placed = placed_at(world)
    add_items(world)
    early = draw.pick((0, 600, 3_600, 90_000))
    add_stock(world, placed - timedelta(seconds=early))
    add_stock_rules(world)
    add_supply_rules(world)
    add_restrictions(world)
    add_request(world, placed)
    add_kits(world)
    ask_line_services(world)
    scatter(world, placed)
    share_out(world, placed)
    fall_short(world, placed)
    add_ship_groups(world, placed)
    send_as_available(world, placed)
    add_allocations(world)
    add_traps(world)
    offer_line_services(world)
    add_taken(world)
    ask_for_parts(world, placed)
    order_in_groups(world, placed)
    deliver_in_one_window(world)
    show(world)
    _shorten(world)
    if not draw.on("several_sites", 1.0):
        _serve_from_one_site(world)
    catalogue = {"format": "promise-engine/catalogue/1", "items": world.items}
    return Case(seed, world.network, catalogue, world.stock, world.request)


def _shorten(world: World) -> None:
    """Splits for every nominated day of a long horizon take the twin long; only routes need so many days."""
    settings, wide = world.network["settings"], world.request.get("view") in {"all", "front"}
    chosen = any(row.get("delivery", {}).get("choice") for row in world.list_of("services"))
    cut = any(row.get("split_units") for row in world.list_of("methods"))
    if wide and chosen and (cut or (len(world.request["lines"]) > 1 and not world.list_of("routes"))):
        settings["horizon_days"] = min(settings["horizon_days"], 12)
    ahead = any("shipping" in row for row in world.list_of("methods"))
    if wide and (ahead or any("ship_group" in row for row in (*world.request["lines"], *world.items))):
        settings["horizon_days"] = min(settings["horizon_days"], 7)


def _serve_from_one_site(world: World) -> None:
    for method in world.list_of("methods"):
        method["max_shipments"] = 1


def _add_frame(world: World) -> None:
    draw, few = world.draw.part("settings"), world.draw.part("split candidates")
    kinds = ("place", "country", "place_country", "listed")
    holidays = [holiday_source(world, draw, draw.pick(kinds))] if draw.on("holidays", 0.3) else None
    unknown = keep(
        weight_grams=700 if draw.chance(0.85) else None, sides_mm=[350, 250, 120] if draw.chance(0.85) else None
    )
    settings = keep(
        currency="EUR" if draw.chance(0.9) else draw.maybe("currencies", 1.0, ("CHF", "JPY")),
        horizon_days=world.horizon,
        slots_shown=draw.integer(1, 4) if draw.chance(0.5) else None,
        unknown_size=unknown,
        destination_holidays=holidays if draw.chance(0.93) else [],
        split_candidates=few.weighted({2: 3, 3: 1}) if few.on("shipments", 0.09) else None,
        late_receipts=draw.integer(0, 2) if draw.on("receipts", 0.4) else None,
    )
    world.network |= {
        "format": "promise-engine/network/1",
        "valid_from": world.day(-20),
        "valid_until": world.day(20),
        "settings": settings,
    }


def _add_network(world: World) -> None:
    add_sites(world)
    add_services(world)
    add_points(world)
    add_routes(world)
    services = [row["id"] for row in world.list_of("services")]
    add_overrides(world, world.draw.part("overrides"), services)
    add_collections(world)
    add_money(world)
    add_methods(world)
    add_policies(world)
    add_channels(world)
