"""Small networks from a seed, most of whose baskets need several sites: stock scattered, receipts, capacity, shares."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from generator.cases import Case
from generator.changes import more_capacity

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.world import Doc

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
ADDRESS = {"country": "FR", "postal_code": "75001", "latitude": 48.86, "longitude": 2.34}
LYON = {"country": "FR", "postal_code": "69007", "latitude": 45.75, "longitude": 4.84}
CALENDARS = {"weekdays": {"mon-fri": ["08:00-18:00"]}, "daily": {"daily": ["06:00-14:00"]}, "some": {"mon": ["09:00-17:00"], "wed": ["09:00-17:00"], "thu": ["13:00-20:00"], "sat": ["08:00-12:00"]}}  # fmt: skip
WINDOWS = ("08:00-12:00", "08:00-18:00", "08:00-18:00", "14:00-20:00", "17:00-22:00")
CRITERIA = ("promised", "price", "cost", "co2e", "shipments", "parcels", "site_rank", "distance", "load", "stock_depth")
SKUS = "ABCD"


def small_network(seed: int) -> Case:
    """The documents of a small network, and a basket to ask it for."""
    draw = Random(seed)
    placed = MONDAY + timedelta(hours=draw.randint(0, 110), minutes=draw.choice((0, 0, 30)))
    count = draw.choices((2, 3, 4), (3, 5, 3))[0]
    sites = [f"S{number}" for number in range(draw.choices((2, 3, 4, 5), (3, 5, 3, 1))[0])]
    services = [f"V{number}" for number in range(draw.choices((1, 2, 3), (4, 4, 1))[0])]
    items, lines = _basket(draw, count)
    network: Doc = {
        "valid_from": "2026-11-02",
        "valid_until": "2026-11-08",
        "settings": {"horizon_days": draw.choice((8, 11)), "destination_holidays": []},
        "calendars": [{"id": name, "hours": hours} for name, hours in CALENDARS.items()],
        "sites": [_site(draw, name) for name in sites],
        "carriers": [{"id": "C"}],
        "services": [_service(draw, name) for name in services],
        "collections": _collections(draw, sites, services),
        "methods": [_method(draw, services)],
        "channels": [_channel(draw)],
        "line_services": [{"id": "wrap", "price": "1.50", "preparation_work": 1}],
        "stock_rules": _stock_rules(draw),
        "policies": [{"id": "P", "criteria": draw.sample(CRITERIA, draw.randint(1, 5))}],
        "tariffs": [_tariff(draw, name) for name in services],
        "transport_modes": [{"id": "road", "intensity": "90"}],
    }
    if any("pool" in row for row in network["collections"]):
        network["collection_pools"] = [
            {"id": "lorry", "capacity": draw.randint(1, 4), "per": draw.choice(("date", "departure"))}
        ]
    request = {"lines": lines, "destination": ADDRESS, "placed_at": placed.isoformat(), "view": "all"}
    stock = _stock(draw, network, [item["sku"] for item in items if "components" not in item], placed)
    return Case(seed, network, {"items": items}, stock, request)


def _basket(draw: Random, count: int) -> tuple[list[Doc], list[Doc]]:
    """Items, and lines of them, of which some take one SKU: a kit beside what it holds, or a line to be wrapped."""
    items: list[Doc] = [
        {"sku": sku, "weight_grams": draw.choice((300, 900, 900, 2_000)), "preparation_work": draw.randint(1, 3)}
        for sku in SKUS[:count]
    ]
    lines: list[Doc] = [{"sku": item["sku"], "quantity": draw.choice((1, 1, 1, 2, 3))} for item in items]
    shared = draw.random()
    if shared < 0.12:
        lines[-1] = {**lines[0], "services": ["wrap"]}
    elif shared < 0.2 and count > 2:
        items.append({"sku": "KIT", "components": [{"sku": sku, "quantity": 1} for sku in SKUS[:2]]})
        lines[-1] = {"sku": "KIT", "quantity": 1}
    return items, lines


def _site(draw: Random, name: str) -> Doc:
    preparation: Doc = {"calendar": draw.choices(list(CALENDARS), (5, 2, 1))[0]}
    if draw.random() < 0.5:
        preparation["order_cut_off"] = {"daily": draw.choice(("09:00", "12:00", "15:00"))}
    if draw.random() < 0.6:
        slow = draw.choice(("30 min", "2 h", "5 h"))
        preparation["handling"] = {"maximum": {draw.choice(("fixed", "per_line", "per_line", "per_unit")): slow}}
    if draw.random() < 0.5:
        preparation["plan"] = _plan(draw)
    return {
        "id": name,
        "address": LYON | {"latitude": 45 + draw.randint(0, 4)},
        "time_zone": draw.choice(("Europe/Paris", "Europe/Paris", "Europe/Athens")),
        "rank": draw.randint(0, 2),
        "preparation": preparation,
        "preparation_cost": draw.choice(("0", "0.80", "1.50")),
        "line_services": ["wrap"],
    }


def _plan(draw: Random) -> Doc:
    """Slots with room for little of what a basket asks for."""
    unit = draw.choice(("lines", "lines", "units", "orders", "work"))
    most = {"lines": 2, "orders": 1, "units": 4, "work": 6}[unit]
    starts = draw.choice((("06:00",), ("08:00", "13:00")))
    ends = (*starts[1:], "20:00")
    slots = [
        {"start": start, "end": end, "capacity": draw.randint(1, most)} for start, end in zip(starts, ends, strict=True)
    ]
    return {"unit": unit, "splits": draw.random() < 0.5, "slots": slots}


def _service(draw: Random, name: str) -> Doc:
    window: Doc = {"hours": draw.choice(WINDOWS)}
    if draw.random() < 0.15:
        window["capacity"] = draw.randint(1, 2)
    service: Doc = {
        "id": name,
        "carrier": "C",
        "lanes": [{"transit": {"maximum_days": draw.choice((1, 1, 2, 3))}}],
        "delivery": {"windows": [window]},
        "tariff": f"T{name}",
    }
    if draw.random() < 0.5:
        service["limits"] = {"weight_grams": draw.choice((2_000, 3_000, 4_500))}
    if draw.random() < 0.15:
        service["max_parcels"] = draw.randint(1, 2)
    if draw.random() < 0.5:
        service["transport"] = "road"
    return service


def _tariff(draw: Random, service: str) -> Doc:
    """Prices of a parcel by weight."""
    first, second = draw.randint(2, 6), draw.randint(1, 5)
    bands: list[Doc] = [
        {"max_grams": 1_500, "price": first},
        {"min_grams": 1_500, "max_grams": 3_500, "price": first + second},
        {"min_grams": 3_500, "price": first + 2 * second},
    ]
    return {"id": f"T{service}", "rows": bands}


def _collections(draw: Random, sites: list[str], services: list[str]) -> list[Doc]:
    """Mostly every service at every site, at an hour of its own, else one at each; some lorries have room for few parcels."""
    pooled, one_each = draw.random() < 0.3, draw.random() < 0.25
    found: list[Doc] = []
    for site in sites:
        for service in [draw.choice(services)] if one_each else services:
            if draw.random() < 0.95:
                row: Doc = {"sites": [site], "services": [service], "cut_off": draw.choice(("11:00", "17:00", "19:00"))}
                found.append(row | ({"pool": "lorry"} if pooled and draw.random() < 0.7 else {}))
    return found or [{"sites": sites, "services": services, "cut_off": "17:00"}]


def _method(draw: Random, services: list[str]) -> Doc:
    by_tariff = draw.random() < 0.3
    method: Doc = {
        "id": "home",
        "kind": "home",
        "services": services,
        "max_shipments": draw.choice((2, 3, 3, 3)),
        "price": {"percent": draw.choice((0, 10)), "amount": "1"} if by_tariff else [{"price": "4.90"}],
    }
    if draw.random() < 0.25:
        method["max_parcels"] = draw.randint(2, 4)
    return method


def _channel(draw: Random) -> Doc:
    channel: Doc = {"id": "web", "share_scope": draw.choice(("pool", "pool", "pool", "site"))}
    if draw.random() < 0.3:
        channel["share_supply"] = True
    return channel | ({"policy": "P"} if draw.random() < 0.6 else {})


def _stock_rules(draw: Random) -> list[Doc]:
    """Sometimes a share of the channel, of one item or of any, or a safety stock of all sites together."""
    rules: list[Doc] = []
    if draw.random() < 0.3:
        share = draw.choice(("0.4", "0.6", "0.8"))
        rules.append({"share": share} if draw.random() < 0.5 else {"share": share, "sku": draw.choice(SKUS[:2])})
    if draw.random() < 0.15:
        rules.append({"sku": draw.choice(SKUS[:3]), "safety_stock": draw.randint(1, 2), "of": "pool"})
    return rules


def _stock(draw: Random, network: Doc, skus: list[str], placed: datetime) -> Doc:
    """What lies at each site, what comes later, and what is taken of slots and lorries."""
    comes = draw.choice((0.1, 0.35))
    had = _scattered(draw, [site["id"] for site in network["sites"]], skus)
    records: list[Doc] = []
    for site in network["sites"]:
        for sku in skus:
            record: Doc = {"site": site["id"], "sku": sku}
            if sku in had[site["id"]]:
                record["on_hand"] = draw.choice((2, 3, 4, 6))
            if draw.random() < comes:
                later = placed + timedelta(hours=draw.choice((5, 26, 50, 75)))
                record["receipts"] = [{"quantity": draw.randint(1, 5), "expected_at": later.isoformat()}]
            records += [record] if len(record) > 2 else []
    taken = [_slot_taken(draw, site, placed) for site in network["sites"] if "plan" in site["preparation"]]
    booked = [
        {"pool": pool["id"], "date": (placed + timedelta(days=day)).date().isoformat(), "parcels": draw.randint(0, 2)}
        for pool in network.get("collection_pools", []) if pool["per"] == "date" for day in range(3)
    ]  # fmt: skip
    return {"as_of": placed.isoformat(), "records": records, "slots_taken": taken, "pools_taken": booked}


def _scattered(draw: Random, sites: list[str], skus: list[str]) -> dict[str, set[str]]:
    """The SKUs that each site has: mostly not all of them, and each at some site."""
    there, lacking = draw.choice((0.35, 0.5, 0.7)), draw.random() < 0.92
    had: dict[str, set[str]] = {}
    for number, site in enumerate(sites):
        lacks = skus[number] if number < min(2, len(skus)) else draw.choice(skus)
        had[site] = {sku for sku in skus if draw.random() < there and not (lacking and sku == lacks)}
    for sku in skus:
        if all(sku not in some for some in had.values()):
            had[draw.choice([site for number, site in enumerate(sites) if skus.index(sku) != number])].add(sku)
    return had


def _slot_taken(draw: Random, site: Doc, placed: datetime) -> Doc:
    """Work that a slot of today or tomorrow has to do already."""
    slot = draw.choice(site["preparation"]["plan"]["slots"])
    hour = int(slot["start"][:2]) - (2 if site["time_zone"] == "Europe/Athens" else 1)
    start = (placed + timedelta(days=draw.randint(0, 1))).replace(hour=hour, minute=0)
    return {"site": site["id"], "start": start.isoformat(), "committed": draw.randint(0, 2)}


# Changes that add something, and so may make nothing worse.


def more_stock(case: Case, draw: Random) -> Case:
    """More of every SKU at one site."""
    site = draw.choice(case.network["sites"])["id"]
    records = [row for row in case.stock["records"] if row["site"] != site]
    return case._replace(stock={**case.stock, "records": records + _with_more(case, site, site)})


def one_more_site(case: Case, draw: Random) -> Case:
    """A further site like one of them, with more of every SKU and nothing to do yet."""
    model, more = draw.choice(case.network["sites"]), "S-MORE"
    network, stock = copy.deepcopy(case.network), copy.deepcopy(case.stock)
    network["sites"].append({**model, "id": more})
    for collection in network["collections"]:
        collection["sites"] += [more] if model["id"] in collection["sites"] else []
    stock["records"] += _with_more(case, model["id"], more)
    return case._replace(network=network, stock=stock)


def _with_more(case: Case, site: str, to: str) -> list[Doc]:
    """The records of a site, as those of it or of another, with more of every SKU."""
    had = {row["sku"]: row for row in case.stock["records"] if row["site"] == site}
    skus = [item["sku"] for item in case.catalogue["items"] if "components" not in item]
    more = {sku: had.get(sku, {}).get("on_hand", 0) + 3 for sku in skus}
    return [{**had.get(sku, {}), "site": to, "sku": sku, "on_hand": count} for sku, count in more.items()]


def earlier_receipt(case: Case, draw: Random) -> Case:
    """One receipt a day or more earlier, though not before the snapshot."""
    stock = copy.deepcopy(case.stock)
    receipt = draw.choice([receipt for row in stock["records"] for receipt in row.get("receipts", [])])
    sooner = datetime.fromisoformat(receipt["expected_at"]) - timedelta(hours=draw.choice((24, 48)))
    receipt["expected_at"] = max(sooner, datetime.fromisoformat(stock["as_of"])).isoformat()
    return case._replace(stock=stock)


def changes_of(case: Case) -> list[str]:
    """The names of the changes that a case has something for."""
    has_receipts = any("receipts" in row for row in case.stock["records"])
    limited = [row for row in case.network["sites"] if "plan" in row["preparation"]]
    limited += case.network.get("collection_pools", [])
    return ["stock", "a site", *(["a receipt"] if has_receipts else []), *(["capacity"] if limited else [])]


CHANGES: dict[str, Callable[[Case, Random], Case]] = {
    "stock": more_stock,
    "a site": one_more_site,
    "a receipt": earlier_receipt,
    "capacity": lambda case, draw: more_capacity(case),
}
