"""One SKU for several lines of a basket: stock of it so that shipments share what the pool leaves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.offers import price_known_channels
from generator.scatter import add_methods
from generator.world import keep

if TYPE_CHECKING:
    from datetime import datetime

    from generator.draw import Draw
    from generator.world import Doc, World


def share_out(world: World, placed: datetime) -> None:
    """Where lines share a SKU, mostly stock of it that no site has enough of for all, or that a share or a reservation limits."""
    draw = world.draw.part("shared")
    sku, needs = _shared(world)
    sites = [site["id"] for site in world.list_of("sites") if "preparation" in site]
    if sku is None or len(sites) < 2 or not draw.on("scattered", 0.75):
        return
    kind = draw.weighted({"apart": 3, "pool": 4, "later": 2})
    whole = sum(needs, Decimal(0))
    chosen = draw.random.sample(sites, 2)
    for number, site in enumerate(sites):
        few = needs[number % len(needs)] if site in chosen or draw.chance(0.5) else Decimal(0)
        had = whole if kind == "pool" and draw.chance(0.6) else few
        comes = kind == "later" or draw.chance(0.85)
        put(world, site, sku, had, to_come(draw, placed, whole) if comes else [])
    withhold(world, draw, sku, needs, limited=kind != "apart")
    if draw.chance(0.6) and draw.on("shipments", 0.95):
        add_methods(world, draw.part("methods"))
        price_known_channels(world)


def _shared(world: World) -> tuple[str | None, list[Decimal]]:
    """The first SKU that lines of different kits or services take, and how much each takes of it."""
    taken: dict[str, dict[tuple[str, ...], Decimal]] = {}
    for line in world.request["lines"]:
        who = (line["sku"], *sorted(line.get("services", ())))
        for sku, quantity in world.needs(line).items():
            of_sku = taken.setdefault(sku, {})
            of_sku[who] = of_sku.get(who, Decimal(0)) + quantity
    found = ((sku, list(of_sku.values())) for sku, of_sku in taken.items() if len(of_sku) > 1)
    return next(found, (None, []))


def put(world: World, site: str, sku: str, on_hand: Decimal, receipts: list[Doc]) -> None:
    """What a site has of the SKU, with nothing reserved; one that has no record of it gets none of nothing."""
    records = world.stock["records"]
    row = next((row for row in records if (row["site"], row["sku"]) == (site, sku)), None)
    if row is None:
        records.append({"site": site, "sku": sku, "on_hand": str(on_hand), "receipts": receipts})
        return
    for name in ("status", "unsellable", "reservations", "commitments", "safety_stock"):
        row.pop(name, None)
    row |= {"on_hand": str(on_hand), "receipts": receipts}


def to_come(draw: Draw, placed: datetime, quantity: Decimal) -> list[Doc]:
    """Enough, or nearly, some days after the order."""
    expected = placed + timedelta(hours=draw.pick((3, 27, 27, 51, 75)))
    count = quantity if draw.chance(0.7) else draw.pick((1, 2))
    return [{"quantity": str(count), "expected_at": expected.isoformat()}]


def withhold(world: World, draw: Draw, sku: str, needs: list[Decimal], *, limited: bool) -> None:
    """Nothing else withheld from the SKU; of the pool, where it is limited, as much as leaves less than all lines need."""
    world.network["stock_rules"] = [
        row for row in world.list_of("stock_rules") if row.get("sku") != sku and row.get("of") != "pool"
    ]
    free = sum(
        (Decimal(str(row["on_hand"])) for row in world.stock["records"] if row["sku"] == sku and _is_seen(world, row)),
        Decimal(0),
    )
    owed = [row for row in world.stock.get("pool_reservations", ()) if row["sku"] != sku]
    left = draw.pick([max(needs), sum(needs, Decimal(0)) - 1, min(needs), max(needs) + 1])
    if limited and free > left > 0:
        if draw.chance(0.6):
            world.add("stock_rules", {"sku": sku, "share": str(round(left / free + Decimal("0.0001"), 4))})
        else:
            owed.append({"sku": sku, "quantity": str(free - left)})
    world.stock |= keep(pool_reservations=owed or None)


def _is_seen(world: World, row: Doc) -> bool:
    return "preparation" in world.site(row["site"])
