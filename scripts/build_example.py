"""Rewrite the bulk files of the example network: pickup points, catalogue, stock.

Usage: ``python scripts/build_example.py [--out examples/fr_omnichannel]``. Same seed, same bytes. The YAML files
of the example are written by hand and only read here. Shops, goods and quantities are made up; town coordinates
are those of GeoNames (https://www.geonames.org, CC BY 4.0), with points strewn around them.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

SEED = 20261120
AS_OF = datetime.fromisoformat("2026-11-20T06:00:00+01:00")
DEFAULT_OUT = Path(__file__).resolve().parent.parent / "examples" / "fr_omnichannel"

# town, postal code, latitude, longitude
TOWNS = """
Paris|75001|48.8592|2.3417;Paris|75004|48.8601|2.3507;Paris|75015|48.8412|2.3003;Boulogne-Billancourt|92100|48.8354|2.2413
Versailles|78000|48.8036|2.1342;Créteil|94000|48.7927|2.4657;Cergy|95000|49.0364|2.0761;Saint-Denis|93200|48.9356|2.3539
Évry|91000|48.6328|2.4405;Melun|77000|48.5457|2.6536;Lille|59800|50.633|3.0586;Arras|62000|50.293|2.7819
Valenciennes|59300|50.3591|3.5251;Amiens|80000|49.9|2.3;Reims|51100|49.2653|4.0285;Troyes|10000|48.3007|4.0852
Strasbourg|67000|48.5839|7.7455;Colmar|68000|48.0808|7.3558;Mulhouse|68100|47.752|7.3287;Metz|57000|49.1191|6.1727
Nancy|54000|48.6844|6.185;Belfort|90000|47.6422|6.8539;Besançon|25000|47.2488|6.0182;Dijon|21000|47.3167|5.0167
Rouen|76000|49.4431|1.0993;Le Havre|76600|49.4935|0.1079;Caen|14000|49.1859|-0.3591;Rennes|35000|48.112|-1.6743
Brest|29200|48.3903|-4.4863;Vannes|56000|47.6569|-2.762;Nantes|44000|47.2173|-1.5534;Angers|49000|47.4716|-0.552
Le Mans|72000|48.0021|0.2025;Tours|37000|47.3948|0.704;Orléans|45000|47.9029|1.9039;Bourges|18000|47.0833|2.4
Poitiers|86000|46.5826|0.3435;La Rochelle|17000|46.1631|-1.1522;Angoulême|16000|45.65|0.1534;Limoges|87000|45.8336|1.2476
Bordeaux|33000|44.8404|-0.5805;Pau|64000|43.3112|-0.3558;Tarbes|65000|43.2341|0.0714;Toulouse|31000|43.6043|1.4437
Albi|81000|43.9298|2.148;Perpignan|66000|42.6976|2.8954;Montpellier|34000|43.6109|3.8764;Nîmes|30000|43.8366|4.3579
Avignon|84000|43.9483|4.8089;Marseille|13001|43.2969|5.3811;Aix-en-Provence|13100|43.5283|5.4497;Toulon|83000|43.1244|5.9284
Nice|06000|43.7031|7.2661;Lyon|69002|45.7542|4.8309;Lyon|69003|45.7612|4.8518;Villeurbanne|69100|45.7663|4.8795
Saint-Étienne|42000|45.4339|4.39;Clermont-Ferrand|63000|45.7797|3.0868;Grenoble|38000|45.1787|5.7148;Annecy|74000|45.9088|6.1256
Chambéry|73000|45.5663|5.9208;Valence|26000|44.9256|4.9096;Ajaccio|20000|41.9189|8.7381;Bastia|20200|42.7022|9.4512
Porto-Vecchio|20137|41.591|9.2795;Corte|20250|42.3096|9.1492
"""

# kind of shop, its opening calendar
SHOPS = (
    ("Tabac-presse", "point-newsagent"), ("Maison de la presse", "point-newsagent"), ("Librairie", "point-boutique"),
    ("Fleuriste", "point-boutique"), ("Mercerie", "point-shop"), ("Cordonnerie", "point-shop"),
    ("Épicerie", "point-grocery"), ("Alimentation de nuit", "point-night-shop"), ("Pressing", "point-dry-cleaner"),
    ("Supérette", "point-supermarket"), ("Boutique mobile", "point-shop"), ("Caviste", "point-boutique"),
)  # fmt: skip
CORNERS = (
    "du Marché", "de la Gare", "Saint-Michel", "des Halles", "du Théâtre", "de la République", "des Tilleuls",
    "Jean-Jaurès", "du Parc", "de l'Horloge", "des Remparts", "Victor-Hugo", "du Pont", "des Écoles", "de la Fontaine",
)  # fmt: skip
LOCKER_SPOTS = ("parking du supermarché", "station-service", "gare", "laverie", "centre commercial")


class Family(NamedTuple):
    """Goods that are alike: their names with grams, variants by axis, sides, and where they lie."""

    prefix: str
    category: str
    names: str
    variants: str
    sides_mm: tuple[int, int, int]
    sites: str
    work: int = 1


ALL = "wh-orleans wh-lyon"
COLOURS = "black|navy|sand|forest|rust"
FAMILIES = (
    Family("CLO", "clothing", "Merino roll-neck=420|Linen shirt=310|Straight jeans=720|Wool coat=1650|Cotton T-shirt=190"
           "|Pleated skirt=450|Chino trousers=540|Rain jacket=680", f"{COLOURS}/S|M|L", (350, 280, 50), ALL),
    Family("SHO", "shoes", "Leather boots=1450|Canvas sneakers=780", "black|tan|white|navy|olive/38|40|42|44|45",
           (340, 220, 130), ALL),
    Family("ACC", "accessories", "Leather belt=180|Silk scarf=70|Wool gloves=110|Canvas tote=260|Felt hat=140"
           "|Wool beanie=90|Cotton socks, 3 pairs=150|Leather wallet=120", COLOURS, (300, 220, 60), ALL),
    Family("BED", "bedding", "Linen duvet cover=1850|Cotton sheet=950|Feather pillow=1100|Wool blanket=2200|Bath towel=640",
           f"{COLOURS}/single|double", (420, 320, 140), ALL),
    Family("TAB", "tableware", "Stoneware bowls, set of 4=1880|Wine glasses, set of 6=1350|Steel cutlery, 24 pieces=1700"
           "|Cast-iron pot=4900|Kitchen knife=240", "white|grey|blue|green|black|natural|amber|smoke", (320, 300, 180), ALL, 2),
    Family("DEC", "decoration", "Ceramic vase=1400|Picture frame=820|Scented candle=360|Wall clock=900",
           f"{COLOURS}/small|large", (280, 220, 200), ALL),
    Family("LGT", "lighting", "Paper lantern=410|Desk lamp=1600|Rechargeable lamp=980|Floor lamp=3900|Wall light=760",
           f"{COLOURS}|white", (450, 300, 250), "wh-orleans wh-lyon wh-vitrolles", 2),
    Family("FUR", "furniture", "Dining table=46000|Wardrobe=68000|Double bed=59000|Bookcase=38000|Side table=9000"
           "|Bench=11000|Sideboard=52000", "oak|walnut|white|black|ash", (1700, 850, 220), "wh-vitrolles", 25),
    Family("UPH", "furniture", "Three-seat sofa=64000|Armchair=24000", COLOURS, (2050, 920, 780), "wh-vitrolles", 35),
    Family("TOOL", "tools", "Cordless drill=1900|Screwdriver set=740|Claw hammer=620|Spirit level=480|Circular saw=3900"
           "|Hand saw=560|Multi-tool=310", "compact|standard|large|pro|gift box", (380, 260, 120), f"{ALL} wh-vitrolles", 2),
    Family("PNT", "paint", "Wall paint 2.5 l=3900|Wood varnish 1 l=1250|Spray paint 400 ml=450|White spirit 1 l=880",
           "white|grey|green|blue|clear", (220, 180, 180), "wh-lyon wh-vitrolles", 2),
    Family("GRD", "garden", "Olive tree=5200|Lavender in pot=1300|Watering can=900|Seed box=420|Garden hose=2600",
           "small|medium|large", (500, 260, 260), "wh-lyon wh-vitrolles", 3),
    Family("FAB", "fabric", "Boiled wool=480|Cotton percale=210|Upholstery linen=390", COLOURS, (750, 180, 90),
           "wh-orleans supplier-gerardmer", 4),
)  # fmt: skip

# word in the name -> tags
TAGS = {
    "Spray paint": "aerosol|flammable", "Wood varnish": "flammable", "White spirit": "flammable",
    "Cordless": "lithium", "Rechargeable": "lithium", "Circular saw": "lithium", "Kitchen knife": "age-18",
    "Multi-tool": "age-18", "Olive tree": "live-plant", "Lavender": "live-plant", "sofa": "oversize",
    "Dining table": "oversize", "Wardrobe": "oversize", "Double bed": "oversize", "Sideboard": "oversize",
    "Bookcase": "oversize", "Wool coat": "exclusive", "Felt hat": "clearance",
}  # fmt: skip
#: Furniture that a parcel carrier takes, or nearly.
SMALL_SIDES = {"Side table": (560, 480, 180), "Bench": (980, 340, 120), "Armchair": (880, 820, 780)}

#: Stock that the requests of the example count on: (site, SKU) -> on hand.
PINNED = {
    ("wh-orleans", "CLO-0002"): 64, ("wh-lyon", "CLO-0002"): 41, ("store-lyon", "CLO-0002"): 6,
    ("store-lyon-part-dieu", "CLO-0002"): 5, ("store-strasbourg", "CLO-0002"): 5, ("store-ajaccio", "CLO-0002"): 5,
    ("store-fort-de-france", "CLO-0002"): 4, ("wh-orleans", "TAB-0001"): 30, ("wh-lyon", "TAB-0001"): 22,
    ("store-lyon", "TAB-0001"): 4, ("store-lyon-part-dieu", "TAB-0001"): 4, ("store-strasbourg", "TAB-0001"): 4,
    ("store-ajaccio", "TAB-0001"): 3, ("store-fort-de-france", "TAB-0001"): 3, ("wh-vitrolles", "UPH-0002"): 9,
    ("wh-lyon", "PNT-0011"): 48, ("store-lyon", "PNT-0011"): 5, ("supplier-gerardmer", "FAB-0001"): 140,
}  # fmt: skip


#: Kits, what they hold, goods to engrave, made to order or sent by their maker: SKU, name, grams, sides in mm, category,
#: tags, work, components, and stock as site=on hand, `stores` standing for the part of the stores that keep it.
SPECIALS = """
BLB-0001;LED bulb E27, pack of 2;140;130 70 130;lighting;;1;;wh-orleans=260 wh-lyon=140 store-strasbourg=8 store-lyon=4 stores
GFT-0001;Silver-plated cup;210;90 90 110;tableware;;1;;wh-orleans=60 wh-lyon=35 store-lyon=5 store-lyon-part-dieu=4 stores
GFT-0002;Brass hourglass;480;110 110 240;decoration;;1;;wh-orleans=6 wh-lyon=1
CUR-0001;Linen curtain, made to measure, natural;1900;420 320 140;curtains;made-to-order;12;;
CUR-0002;Linen curtain, made to measure, grey;1900;420 320 140;curtains;made-to-order;12;;
GAR-0001;Teak garden table;42000;1800 900 150;garden-furniture;oversize;20;;
GAR-0002;Teak garden chair;6200;900 560 570;garden-furniture;oversize;5;;
KIT-0001;Desk lamp, rust, with bulbs;;;;;;LGT-0011:1|BLB-0001:2;
KIT-0002;Two cups and a candle, boxed;1150;320 240 140;;;;GFT-0001:2|DEC-0021:1;
KIT-0003;Teak table and four chairs;;;;;;GAR-0001:1|GAR-0002:4;
"""


class Site(NamedTuple):
    """A site that holds stock: its id, and the share of the assortment it keeps."""

    id: str
    breadth: float


def pickup_points(rng: random.Random) -> list[dict[str, Any]]:
    """Three networks of points in every town: shops, other shops, lockers; one network only in Corsica."""
    points: list[dict[str, Any]] = []
    towns = [town.split("|") for town in TOWNS.strip().replace("\n", ";").split(";")]
    for city, code, latitude, longitude in towns:
        kinds = (
            ["shop", "shop", "post"] if code.startswith("20") else ["shop", "shop", "post", "relay", "relay", "locker"]
        )
        for place, kind in enumerate(kinds, 1):
            address = {
                "country": "FR", "postal_code": code, "city": city,
                "latitude": round(float(latitude) + rng.uniform(-0.010, 0.010), 4),
                "longitude": round(float(longitude) + rng.uniform(-0.014, 0.014), 4),
            }  # fmt: skip
            points.append(_point(rng, kind, f"{code}-{place}", address))
    return points


def _point(rng: random.Random, kind: str, number: str, address: dict[str, Any]) -> dict[str, Any]:
    shop, opening = rng.choice(SHOPS)
    name = f"{shop} {rng.choice(CORNERS)}"
    if kind == "locker":
        return {
            "id": f"ml-{number}", "name": f"Locker {address['city']}, {rng.choice(LOCKER_SPOTS)}", "kind": "locker",
            "network": "mondial-relay-locker", "address": address, "opening": "point-always", "available_from": "13:00",
            "hold_days": 5, "limits": {"longest_mm": 640, "sum_of_sides_mm": 1430}, "daily_capacity": rng.randint(12, 30),
        }  # fmt: skip
    if kind == "post":
        return {
            "id": f"pk-{number}", "name": f"Bureau de poste {address['city']} {address['postal_code']}",
            "kind": "post_office", "network": "pickup", "address": address, "opening": "point-post-office", "hold_days": 12,
        }  # fmt: skip
    if kind == "relay":
        return {
            "id": f"mr-{number}", "name": name, "network": "mondial-relay", "address": address, "opening": opening,
            "available_from": "14:00", "hold_days": 8, "daily_capacity": rng.randint(15, 60),
        }  # fmt: skip
    return {
        "id": f"pk-{number}", "name": name, "network": "pickup", "address": address, "opening": opening,
        "hold_days": 8, "daily_capacity": rng.randint(20, 80),
    }  # fmt: skip


def catalogue() -> list[dict[str, Any]]:
    """The items, family by family, numbered from 1."""
    return [_item(family, number, *named) for family in FAMILIES for number, named in enumerate(_names(family), 1)]


def _names(family: Family) -> list[tuple[str, int]]:
    """Each name in each variant, with the weight of one; later variants of an axis are a little heavier."""
    axes = [axis.split("|") for axis in family.variants.split("/")]
    found = []
    for named in family.names.split("|"):
        name, grams = named.split("=")
        for variant in product(*axes):
            heavier = axes[-1].index(variant[-1]) if len(axes) > 1 else 0
            found.append((f"{name}, {', '.join(variant)}", int(int(grams) * (1 + 0.04 * heavier))))
    return found


def _item(family: Family, number: int, name: str, grams: int) -> dict[str, Any]:
    sides = next((size for word, size in SMALL_SIDES.items() if name.startswith(word)), family.sides_mm)
    tags = sorted({tag for word, tags in TAGS.items() if word in name for tag in tags.split("|")})
    fabric = family.category == "fabric"
    return {
        "sku": f"{family.prefix}-{number:04d}", "name": name, "weight_grams": grams,
        "length_mm": sides[0], "width_mm": sides[1], "height_mm": sides[2], "category": family.category,
        "tags": "|".join(tags), "step": "0.01" if fabric else "1", "minimum": "0.5" if fabric else "",
        "maximum": "60" if fabric else ("3" if "oversize" in tags else ""), "preparation_work": family.work,
        "components": "",
    }  # fmt: skip


def specials() -> list[dict[str, Any]]:
    """The items of `SPECIALS`, with their stock as written there; a kit has the weight and size that it gives, if any."""
    found = []
    for text in SPECIALS.strip().splitlines():
        sku, name, grams, sides, category, tags, work, components, stock = text.split(";")
        length, width, height = sides.split() or ("", "", "")
        found.append({
            "sku": sku, "name": name, "weight_grams": grams, "length_mm": length, "width_mm": width, "height_mm": height,
            "category": category, "tags": tags, "step": "1", "minimum": "", "maximum": "", "preparation_work": work,
            "components": components, "stock": stock,
        })  # fmt: skip
    return found


def stock(rng: random.Random, items: list[dict[str, Any]], stores: list[Site]) -> list[dict[str, Any]]:
    """What lies where: warehouses by family, stores a part of what is not furniture or fabric."""
    rows = []
    homes = {family.category: family.sites.split() for family in FAMILIES}
    for item in items:
        bulky = item["category"] in {"furniture", "fabric"}
        for site in homes[item["category"]]:
            if rng.random() < 0.92 or (site, item["sku"]) in PINNED:
                rows.append(_record(rng, site, item, 12, 220 if not bulky else 40))  # noqa: PERF401
        for store in stores:
            kept = rng.random() < store.breadth * (0.1 if bulky else 1.0)
            if kept or (store.id, item["sku"]) in PINNED:
                rows.append(_record(rng, store.id, item, 0, 3 if bulky else 9))
    return sorted(rows, key=lambda row: (row["site"], row["sku"]))


def _record(rng: random.Random, site: str, item: dict[str, Any], low: int, high: int) -> dict[str, Any]:
    measured = item["step"] != "1"
    on_hand = rng.randint(low, high) if not measured else rng.randint(500, 9000) / 100
    pinned = PINNED.get((site, item["sku"]))
    odd = rng.random() if pinned is None else 1.0
    return {
        "site": site, "sku": item["sku"], "on_hand": on_hand if pinned is None else pinned,
        "unsellable": 1 if odd < 0.03 and on_hand >= 1 else "",
        "status": "not_sellable" if 0.03 <= odd < 0.04 else "",
        "safety_stock": 5 if 0.04 <= odd < 0.05 else "",
    }  # fmt: skip


def stock_of_specials(rng: random.Random, items: list[dict[str, Any]], stores: list[Site]) -> list[dict[str, Any]]:
    """What lies of the special items where their table says, and in a part of the stores."""
    rows = []
    for item in items:
        words = item["stock"].split()
        held = {site: int(on_hand) for site, on_hand in (word.split("=") for word in words if "=" in word)}
        if "stores" in words:
            kept = {store.id: rng.randint(0, 9) for store in stores if rng.random() < store.breadth}
            held = kept | held
        rows += [{"site": site, "sku": item["sku"], "on_hand": on_hand} for site, on_hand in held.items()]
    return sorted(rows, key=lambda row: (row["site"], row["sku"]))


def receipts(rng: random.Random, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Supply on its way to warehouses, on working mornings of the next five weeks; a few are late already."""
    chosen = [row for row in rows if row["site"].startswith("wh-") and rng.random() < 0.14]
    found = []
    for row in chosen:
        day = AS_OF.replace(hour=rng.randint(6, 12)) + timedelta(
            days=rng.choice((-2, 3, 4, 5, 7, 10, 12, 17, 20, 25, 31))
        )
        found.append(
            {"site": row["site"], "sku": row["sku"], "quantity": rng.randint(10, 120), "expected_at": day.isoformat()}
        )
    return found


def reservations(rng: random.Random, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Baskets of others; some are kept for the marketplace or the club, and not withheld from them."""
    owners = (("", ""), ("", ""), ("web", "club"), ("marketplace", ""))
    found = []
    for row in rows:
        if row["on_hand"] >= 3 and (row["site"], row["sku"]) not in PINNED and rng.random() < 0.05:
            channel, segment = rng.choice(owners if row["site"].startswith("wh-") else owners[:2])
            quantity = rng.randint(1, 2)
            found.append(
                {"site": row["site"], "sku": row["sku"], "quantity": quantity, "channel": channel, "segment": segment}
            )
    return found


def stores(network: Path) -> list[Site]:
    """The stores of the hand-written network, wide or narrow in assortment."""
    import yaml

    listed = yaml.safe_load((network / "stores.yaml").read_text(encoding="utf-8"))["sites"]
    return [Site(site["id"], 0.5 if "flagships" in site["groups"] else 0.26) for site in listed]


def _table(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _points_document(points: list[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(point, ensure_ascii=False, separators=(",", ":")) for point in points)
    return f'{{"pickup_points":[\n{lines}\n]}}\n'


def build(network: Path) -> dict[str, str]:
    """The text of every bulk file, by its path below the example's folder."""
    points = pickup_points(random.Random(SEED))
    items = catalogue()
    rng = random.Random(SEED + 2)
    shops = stores(network)
    rows = stock(rng, items, shops)
    # Their own generator, at the end of each file: what was there before keeps its place and quantity.
    special = specials()
    more = stock_of_specials(random.Random(SEED + 3), special, shops)
    return {
        "network/pickup_points.json": _points_document(points),
        "catalogue.csv": _table([*items, *special]),
        "stock/stock.csv": _table([*rows, *more]),
        "stock/receipts.csv": _table(receipts(rng, rows)),
        "stock/reservations.csv": _table(reservations(rng, rows)),
    }


def main() -> None:
    """Write the bulk files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder of the example")
    out: Path = parser.parse_args().out
    for name, text in build(out / "network").items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
