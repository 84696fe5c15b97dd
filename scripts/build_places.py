"""Rebuild the embedded place tables from a folder of GeoNames postal-code files.

Usage: ``python scripts/build_places.py FOLDER [--retrieved 2026-03-30] [--out data/places]``, where
the folder holds ``FR.zip`` and so on as published at https://download.geonames.org/export/zip/.

Writes ``centroids_XX.csv`` (mean points of codes that begin alike), ``subdivisions_XX.csv`` and
``time_zones_US.csv`` (fewest prefixes that give back the value of each code), ``straddling.csv``
and ``NOTICE.md``. ``chief_towns.csv`` and ``us_time_zone_counties.csv`` are written by hand.
"""

from __future__ import annotations

import argparse
import csv
import sys
import zipfile
from collections import Counter
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from promise_engine.places._geonames import (
    SUBDIVIDED,
    Row,
    is_business,
    majority,
    row_of,
    rows_by_code,
    subdivision_of_row,
)
from promise_engine.places._keys import shortest_key, table_key
from promise_engine.places._tables import read_table
from promise_engine.places._time_zones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE = "GeoNames postal codes, CC BY 4.0, https://download.geonames.org/export/zip/, data of"
#: Length of the prefixes that have a mean point of their own; GB has one for each outward code.
CENTROID_LENGTH = {"BR": 3, "LU": 2}
DEFAULT_LENGTH = 3
#: Codes of the American forces: their rows name no state, and point at bases abroad.
MILITARY = ("09", "340", "962", "963", "964", "965", "966")
#: Codes whose point in GeoNames is plainly wrong: a part of Brasília put in the state of São Paulo.
STRAY = ("71690-000",)

CENTROID_HEADER = ("prefix", "latitude", "longitude", "codes", "examples")

NOTICE = """# Source of the place tables

`centroids_*.csv`, `subdivisions_*.csv`, `time_zones_*.csv` and `straddling.csv` are computed from
the postal-code files of **GeoNames** (https://www.geonames.org,
https://download.geonames.org/export/zip/), data of {retrieved}, licence **CC BY 4.0**
(https://creativecommons.org/licenses/by/4.0/). Changed: averaged by prefix and compressed, by
`scripts/build_places.py`. Left out of the averages: French CEDEX codes, German codes of big
recipients, American military codes, Clipperton, and one misplaced Brazilian code.

`us_time_zone_counties.csv` follows 49 CFR part 71 and local practice. `chief_towns.csv` was written
by hand, to a few kilometres at worst: chief towns of small countries, and the post town of each of
Eircode's routing keys.

`straddling.csv` lists the codes whose places lie in several subdivisions: the one that is given,
and the number of places in each.
"""


def main() -> int:
    """Read the arguments and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--retrieved", default="2026-03-30", help="date of the data")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "data" / "places")
    arguments = parser.parse_args()
    comment = f"# {SOURCE} {arguments.retrieved}"
    straddling: list[tuple[object, ...]] = []
    for path in sorted(arguments.folder.glob("??.zip")):
        country = path.stem
        codes = read_codes(path, country)
        subdivisions: dict[str, str] = {}
        if country in SUBDIVIDED:
            subdivisions, split = choose(country, codes)
            straddling += split
            write_rules(arguments.out / f"subdivisions_{country}.csv", comment, country, subdivisions)
        zones = american_zones(codes) if country == "US" else {}
        if zones:
            write_rules(arguments.out / f"time_zones_{country}.csv", comment, country, zones)
        on_map = {code: rows for code, rows in codes.items() if is_on_map(country, code, rows)}
        rows = centroid_rows(country, on_map, subdivisions, zones)
        write(arguments.out / f"centroids_{country}.csv", comment, CENTROID_HEADER, rows)
        print(country, len(codes), "codes,", len(rows), "mean points")
    header = ("country", "postal_code", "subdivision", "places")
    write(arguments.out / "straddling.csv", comment, header, straddling)
    notice = NOTICE.format(retrieved=arguments.retrieved)
    (arguments.out / "NOTICE.md").write_text(notice, encoding="utf-8")
    return 0


def read_codes(path: Path, country: str) -> dict[str, list[Row]]:
    """Return normalised code -> its rows, without CEDEX and military addresses."""
    text = zipfile.ZipFile(path).read(f"{country}.txt").decode("utf-8")
    lines = (row_of(line.split("\t")) for line in text.split("\n"))
    plain = [row for row in lines if row is not None and "CEDEX" not in row.postal_code]
    grouped = rows_by_code(country, plain)
    if country == "US":
        return {code: rows for code, rows in grouped.items() if not code.startswith(MILITARY)}
    return grouped


def is_on_map(country: str, code: str, rows: list[Row]) -> bool:
    """Tell whether a code counts in a mean point: it is no big customer's and not misplaced."""
    return code not in STRAY and not all(is_business(country, row) for row in rows)


def choose(country: str, codes: dict[str, list[Row]]) -> tuple[dict[str, str], list[tuple[object, ...]]]:
    """Return code -> subdivision, and the codes that have places in several."""
    chosen: dict[str, str] = {}
    split: list[tuple[object, ...]] = []
    for code, rows in sorted(codes.items()):
        found = [value for row in rows if (value := subdivision_of_row(country, row)) is not None]
        value = majority(found)
        if value is None:
            continue
        chosen[code] = value
        if len(counts := Counter(found)) > 1:
            places = ";".join(f"{name or 'none'}={counts[name]}" for name in sorted(counts))
            split.append((country, code, value, places))
    return chosen, split


def american_zones(codes: dict[str, list[Row]]) -> dict[str, str]:
    """Return ZIP -> zone, by county; of several counties the one with most places."""
    table = read_table("us_time_zone_counties.csv")
    rules = {(state, county): zone for state, county, zone in table}
    unused = set(rules)
    zones: dict[str, str] = {}
    for code, rows in codes.items():
        found = []
        for row in rows:
            keys = ((row.state_code, code), (row.state_code, row.county_name), (row.state_code, ""))
            key = next((key for key in keys if key in rules), None)
            if key is not None:
                unused.discard(key)
                found.append(rules[key])
        zone = majority(found)
        if zone is not None:
            zones[code] = zone
    if unused:
        print("no row for", sorted(unused), file=sys.stderr)
    return zones


def centroid_rows(
    country: str,
    codes: dict[str, list[Row]],
    subdivisions: dict[str, str],
    zones: dict[str, str],
) -> list[tuple[object, ...]]:
    """Return the mean point of each prefix, with a code of each class in it."""
    length = None if country == "GB" else CENTROID_LENGTH.get(country, DEFAULT_LENGTH)
    groups: dict[str, list[str]] = {}
    for code in sorted(codes):
        groups.setdefault(table_key(country, code)[:length], []).append(code)
    lines: list[tuple[object, ...]] = []
    for prefix, members in sorted(groups.items()):
        points = [mean_point(codes[code]) for code in members]
        examples: dict[tuple[str | None, str | None], str] = {}
        for code in members:
            zone = zones.get(code) or time_zone(country, code)
            examples.setdefault((subdivisions.get(code), zone), code)
        latitude = sum(point[0] for point in points) / len(points)
        longitude = sum(point[1] for point in points) / len(points)
        shown = ";".join(examples.values())
        lines.append((prefix, f"{latitude:.3f}", f"{longitude:.3f}", len(points), shown))
    return lines


def mean_point(rows: list[Row]) -> tuple[float, float]:
    """Return the mean of the places of a code."""
    latitude = sum(row.latitude for row in rows) / len(rows)
    return latitude, sum(row.longitude for row in rows) / len(rows)


def write_rules(path: Path, comment: str, country: str, values: dict[str, str]) -> None:
    """Compress code -> value to prefixes and write them."""
    keyed = {table_key(country, code): value for code, value in values.items()}
    rules = british_rules(keyed) if country == "GB" else fewest_rules(keyed, shortest_key(country))
    kind = path.stem.split("_")[0].removesuffix("s")
    header = ("prefix", "time_zone" if kind == "time" else kind)
    write(path, comment, header, sorted(rules.items()))


def british_rules(values: dict[str, str]) -> dict[str, str]:
    """Give each area the nation of most of its outward codes, and list the others."""
    areas: dict[str, list[str]] = {}
    for outward, nation in values.items():
        areas.setdefault("".join(takewhile(str.isalpha, outward)), []).append(nation)
    rules = {area: majority(nations) or "" for area, nations in areas.items()}
    for outward, nation in values.items():
        if rules["".join(takewhile(str.isalpha, outward))] != nation:
            rules[outward] = nation
    return rules


def fewest_rules(values: dict[str, str], shortest: int) -> dict[str, str]:
    """Return the fewest prefixes whose longest match gives back every value.

    No prefix is shorter than `shortest`. Codes have one length. A tree of prefixes is costed from
    the leaves: the number of rules below a prefix, given the value that holds there.
    """
    rules: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for code in sorted(values):
        groups.setdefault(code[:shortest], []).append(code)
    for prefix, codes in groups.items():
        costs: dict[str, dict[str, int]] = {}
        best = min(_cost(prefix, codes, values, costs).items(), key=lambda item: (item[1], item[0]))[0]
        rules[prefix] = best
        rules.update(_exceptions(prefix, best, costs))
    return rules


def _cost(prefix: str, codes: list[str], values: dict[str, str], costs: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return value -> rules needed below the prefix when that value holds at it."""
    present = sorted({values[code] for code in codes})
    if len(present) == 1:
        costs[prefix] = {present[0]: 0}
        return costs[prefix]
    children: dict[str, list[str]] = {}
    for code in codes:
        children.setdefault(code[: len(prefix) + 1], []).append(code)
    below = [_cost(child, members, values, costs) for child, members in children.items()]
    costs[prefix] = {
        value: sum(min(cost.get(value, sys.maxsize), 1 + min(cost.values())) for cost in below) for value in present
    }
    return costs[prefix]


def _exceptions(prefix: str, holding: str, costs: dict[str, dict[str, int]]) -> Iterator[tuple[str, str]]:
    """Yield the rules below a prefix where a value holds."""
    if len(costs[prefix]) == 1:
        return
    for child in children_of(prefix, costs):
        cost = costs[child]
        best = min(cost, key=lambda value: (cost[value], value))
        if cost.get(holding, sys.maxsize) <= 1 + cost[best]:
            yield from _exceptions(child, holding, costs)
        else:
            yield child, best
            yield from _exceptions(child, best, costs)


def children_of(prefix: str, costs: dict[str, dict[str, int]]) -> Iterable[str]:
    """Return the prefixes of the tree that are one digit longer."""
    candidates = (f"{prefix}{digit}" for digit in range(10))
    return (candidate for candidate in candidates if candidate in costs)


def write(path: Path, comment: str, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Write a table: a line that names the source, a header, the rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(comment + "\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
