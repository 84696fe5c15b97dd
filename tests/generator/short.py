"""Lines that no site has whole: what units of one line come from several sites for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.offers import price_known_channels
from generator.scatter import add_methods
from generator.shared import put, to_come, withhold
from generator.traps import trap_names

if TYPE_CHECKING:
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World


_HIDDEN = {"place_full", "waiting"}
"""Traps that are not seen behind stock that is not there."""


def fall_short(world: World, placed: datetime) -> None:
    """Lines of which each site has only some, mostly together enough, and methods that may send them from several."""
    draw = world.draw.part("split_units")
    if not draw.on("split_units", 0.15):
        return
    sites = [site["id"] for site in world.list_of("sites") if "preparation" in site]
    lines = [line for line in world.request["lines"] if _is_divisible(world, line)]
    may_be_split = len(sites) > 1 and not {"postal_code", "place"}.isdisjoint(world.request["destination"])
    kits = [line for line in lines if len(world.needs(line)) > 1]
    if (
        lines
        and may_be_split
        and _HIDDEN.isdisjoint(trap_names(world))
        and draw.chance(0.12 if _shares(world) else 0.95)
    ):
        if draw.chance(0.85):  # what little there is would mostly be kept back
            world.network["stock_rules"] = []
        if draw.chance(0.3):
            world.network["supply_rules"] = []
        first = draw.pick(kits or lines)
        if not kits and draw.on("kits", 0.18) and first["sku"] in world.skus:
            _make_kit(world, draw.part("kit"), first)
        _scatter_lines(world, draw, first, sites, placed)
        if draw.on("shipments", 0.95):
            add_methods(world, draw.part("methods"))
            price_known_channels(world)
        if draw.chance(0.2):
            world.network["settings"]["split_candidates"] = 2
    methods = world.list_of("methods")
    for method in draw.some(methods, len(methods) // 2 + 1):
        method["split_units"] = True


def _is_divisible(world: World, line: Doc) -> bool:
    """Whether a line is of pieces or kits that the catalogue knows."""
    known = line["sku"] in {item["sku"] for item in world.items}
    return known and line.get("ships", True) and _step(world, line) % 1 == 0


def _shares(world: World) -> bool:
    """Whether kits or lines with other services take a SKU that another line takes."""
    takers: dict[str, set[tuple[str, ...]]] = {}
    for line in world.request["lines"]:
        for sku in world.needs(line):
            takers.setdefault(sku, set()).add((line["sku"], *sorted(line.get("services", ()))))
    return any(len(lines) > 1 for lines in takers.values())


def _step(world: World, line: Doc) -> Decimal:
    return Decimal(world.item(line["sku"]).get("step", "1"))


def _make_kit(world: World, draw: Draw, line: Doc) -> None:
    """Ask for a kit of the item and some of another in place of the item."""
    skus = line["sku"], draw.pick([sku for sku in world.skus if sku != line["sku"]])
    steps = (Decimal(world.item(sku).get("step", "1")) for sku in skus)
    components = [
        {"sku": sku, "quantity": str(step * draw.pick((1, 2)))} for sku, step in zip(skus, steps, strict=True)
    ]
    line["sku"] = "KIT-OF-TWO"
    world.items.append({"sku": line["sku"], "components": components})


def _scatter_lines(world: World, draw: Draw, first: Doc, sites: list[str], placed: datetime) -> None:
    """One or two lines that fall short, and of the others at most two, each at some of the sites."""
    skus = world.needs(first).keys()
    sent = [line for line in world.request["lines"] if line.get("ships", True)]
    others = [line for line in sent if line is not first and not skus & world.needs(line).keys()]
    others = others[: draw.weighted({0: 3, 1: 5, 2: 1})]
    kept = [line for line in world.request["lines"] if line not in sent]
    world.request["lines"] = [first, *others, *kept]
    _scatter_units(world, draw.part("first"), first, sites, placed)
    for number, line in enumerate(others):
        part = draw.part(f"other{number}")
        if _is_divisible(world, line) and not number and part.chance(0.35):
            _scatter_units(world, part, line, sites, placed)
            continue
        for sku, quantity in world.needs(line).items() if part.chance(0.8) else ():
            for site in part.some(sites):
                put(world, site, sku, quantity + part.pick((0, 30)), [])


def _scatter_units(world: World, draw: Draw, line: Doc, sites: list[str], placed: datetime) -> None:
    """Ask for two to five steps of a line, and give each site fewer of them."""
    steps = draw.integer(2, 3 if len(world.needs(line)) > 1 or _step(world, line) > 1 else 5)
    line["quantity"] = int(steps * _step(world, line))
    _allow(world.item(line["sku"]), line["quantity"])
    counts = _counts(draw, steps, len(sites))
    late = draw.integer(0, 1) if draw.chance(0.4) else None
    order = draw.random.sample(sites, len(sites))
    world.stock["pool_reservations"] = [
        row for row in world.stock.get("pool_reservations", ()) if row["sku"] not in world.needs(line)
    ]
    for sku, whole in world.needs(line).items():
        each, part = whole / steps, draw.part(sku)
        for number, (site, count) in enumerate(zip(order, counts, strict=True)):
            coming = to_come(part, placed, each * (count or 1)) if number == late or part.chance(0.1) else []
            had = 0 if number == late else count
            put(world, site, sku, each * had + (part.integer(0, 1) if each > 1 else 0), coming)
        enough = [whole, whole] if part.chance(0.7) else [each * counts[0], whole - each * counts[0]]
        withhold(world, part, sku, enough, limited=part.chance(0.2 / len(world.needs(line))))


def _allow(item: Doc, quantity: int) -> None:
    """No greatest quantity below what is asked for."""
    if Decimal(str(item.get("maximum", quantity))) < quantity:
        del item["maximum"]


def _counts(draw: Draw, steps: int, sites: int) -> list[int]:
    """How many steps each site has: the first two or three together enough, but now and then one too few."""
    several = 3 if sites > 2 and steps > 2 and draw.chance(0.5) else 2
    first = draw.integer(1, steps - several + 1)
    second = draw.integer(1, steps - first - 1) if several == 3 else steps - first
    counts = [first, second, steps - first - second] if several == 3 else [first, second]
    counts[-1] -= draw.chance(0.06)
    others = [draw.pick((0, 0, 1, steps - 1)) for _ in range(sites - several)]
    return counts + others
