"""Money and emissions: tariffs, surcharges, exchange rates, transport modes, shopper prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.world import keep
from generator.zones import zone_ids, zone_set

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.world import Doc, World

CURRENCIES = ("EUR", "CHF", "GBP", "JPY")
_RATES = {"EUR": 1.0, "CHF": 1.06, "GBP": 1.19, "JPY": 0.0061}


def add_money(world: World) -> None:
    """Tariffs of most services, modes of most, and rates between all currencies."""
    draw = world.draw.part("money")
    for number, service in enumerate(world.list_of("services")):
        part = draw.part(f"service{number}")
        if part.on("tariffs", 0.6):
            service["tariff"] = add_tariff(world, part)
        if part.on("co2e", 0.8):
            service["transport"] = _mode(world, part)
    for of in CURRENCIES:
        for to in CURRENCIES:
            if of != to:
                _add_rates(world, draw, of, to)


def _add_rates(world: World, draw: Draw, of: str, to: str) -> None:
    rate = round(_RATES[of] / _RATES[to], 6)
    world.add("exchange_rates", {"of": of, "to": to, "rate": str(rate), "valid_from": "2025-01-01"})
    if draw.chance(0.2):
        day = world.day(draw.integer(-1, 1))
        world.add("exchange_rates", {"of": of, "to": to, "rate": str(round(rate * 1.137, 6)), "valid_from": day})


def _mode(world: World, draw: Draw) -> str:
    modes = world.list_of("transport_modes")
    if len(modes) > 1 and draw.chance(0.6):
        return str(draw.pick(modes)["id"])
    return world.add("transport_modes", keep(
        id=world.fresh("transport_modes", "T"),
        intensity=draw.pick(("97.5", "602", "12.345")),
        detour=draw.pick(("1.2", "1.05", "1.333")) if draw.chance(0.6) else None,
        source="measured" if draw.chance(0.1) else None,
    ))  # fmt: skip


def add_tariff(world: World, draw: Draw) -> str:
    """A tariff by zone and weight band, with surcharges; its id."""
    zones = zone_set(world, draw.part("zones")) if draw.on("zones", 0.3) else None
    rows: list[Doc] = []
    for zone in zone_ids(world, zones) if zones else [None]:
        for low, high in draw.pick(
            (((0, None),), ((0, 1_000), (1_000, 5_000), (5_000, None)), ((0, 2_000), (2_000, 60_000)))
        ):
            price = draw.pick(("4.9", "7.333", "12", "3.005"))
            rows.append(keep(zone=zone, min_grams=low or None, max_grams=high, price=price))
    return world.add("tariffs", keep(
        id=world.fresh("tariffs", "TF"),
        currency=draw.maybe("currencies", 0.3, CURRENCIES),
        zone_set=zones,
        rows=rows,
        surcharges=_surcharges(world, draw.part("surcharges"), zones) if draw.on("surcharges", 0.5) else None,
    ))  # fmt: skip


def _surcharges(world: World, draw: Draw, zones: str | None) -> list[Doc]:
    found = []
    for number in range(draw.integer(1, 3)):
        start = draw.integer(-2, 4)
        percent = draw.chance(0.5)
        found.append(keep(
            id=f"SC{number}",
            name="fuel" if draw.chance(0.2) else None,
            zones=["near"] if zones and draw.chance(0.4) else None,
            tags=[draw.pick(("fragile", "bulky"))] if draw.chance(0.3) else None,
            over=draw.pick(({"weight_grams": 1_500}, {"longest_mm": 500}, {"girth_mm": 900, "volumetric_grams": 9_000}, {"sum_of_sides_mm": 800}))
            if draw.chance(0.35) else None,
            on={"first": world.day(start), "last": world.day(start + 3)} if draw.chance(0.35) else None,
            amount=None if percent else draw.pick(("1.15", "0.005")),
            percent=draw.pick(("7.25", "12.5", "0.5")) if percent else None,
        ))  # fmt: skip
    return found


def price(world: World, draw: Draw, zones: str | None) -> Doc | list[Doc]:
    """What the shopper pays: the tariff and a margin, or rules of different exactness."""
    if draw.on("tariffs", 0.22):
        return keep(
            percent=draw.pick(("10", "33.3333")) if draw.chance(0.6) else None,
            amount=draw.pick(("1.5", "-3.2", "-60")) if draw.chance(0.6) else None,
        )
    rules: list[Doc] = [{"price": draw.pick(("4.9", "4.905", "0", "9"))}]
    seen: set[tuple[str | None, ...]] = {(None, None, None, None)}
    for _ in range(draw.integer(1, 4) if draw.on("price_rules", 0.5) else 0):
        segment = draw.pick(("gold", "staff")) if draw.chance(0.3) else None
        channel = draw.pick(("web", "market")) if draw.chance(0.3) else None
        zone = draw.pick(zone_ids(world, zones)) if zones and draw.chance(0.5) else None
        from_value = draw.pick(("25", "50", "100")) if draw.chance(0.5) else None
        if (segment, channel, zone, from_value) not in seen:
            seen.add((segment, channel, zone, from_value))
            rules.append(
                keep(
                    segment=segment,
                    channel=channel,
                    zone=zone,
                    from_value=from_value,
                    price=draw.pick(("0", "2.5", "6.49")),
                )
            )
    return rules
