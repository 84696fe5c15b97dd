"""The embedded tables, each read when first asked for.

Every file is a CSV whose first line is a comment that names its source.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

from promise_engine._resources import data_path
from promise_engine.places._keys import keys_of


class Centroid(NamedTuple):
    """The mean point of the postal codes that begin alike."""

    latitude: float
    longitude: float
    codes: int  # how many codes of GeoNames it stands for
    examples: tuple[str, ...]  # a real code of each (subdivision, time zone) in it


class ChiefTown(NamedTuple):
    """The chief town of a small country, or of an Irish routing key."""

    city: str
    latitude: float
    longitude: float


def read_table(name: str) -> list[list[str]]:
    """Return the rows of an embedded table, without comment and header."""
    with data_path("places", name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    return rows[1:]


@cache
def table_names() -> frozenset[str]:
    """Return the names of the embedded tables."""
    return frozenset(path.name for path in data_path("places").iterdir() if path.suffix == ".csv")


@cache
def centroids(country: str) -> dict[str, Centroid]:
    """Return prefix -> mean point as shipped, empty for a country without a table."""
    name = f"centroids_{country}.csv"
    if name not in table_names():
        return {}
    return {
        key: Centroid(float(latitude), float(longitude), int(codes), tuple(examples.split(";")))
        for key, latitude, longitude, codes, examples in read_table(name)
    }


@cache
def mean_points(country: str) -> dict[str, tuple[float, float]]:
    """Return prefix -> mean point for every prefix, each code counting once."""
    sums: dict[str, list[float]] = {}
    for key, centroid in centroids(country).items():
        for start in _starts(country, key):
            _add(sums.setdefault(start, [0.0, 0.0, 0.0]), centroid)
    return {start: (total[0] / total[2], total[1] / total[2]) for start, total in sums.items()}


@cache
def rules(kind: str, country: str) -> dict[str, str]:
    """Return prefix -> value, the longest prefix deciding; empty without a table."""
    name = f"{kind}_{country}.csv"
    if name not in table_names():
        return {}
    return {key: value for key, value in read_table(name)}  # noqa: C416 - also checks two columns


@cache
def chief_towns() -> dict[str, dict[str, ChiefTown]]:
    """Return country -> prefix -> chief town."""
    towns: dict[str, dict[str, ChiefTown]] = {}
    for country, prefix, city, latitude, longitude in read_table("chief_towns.csv"):
        towns.setdefault(country, {})[prefix] = ChiefTown(city, float(latitude), float(longitude))
    return towns


def rule_value(kind: str, country: str, key: str) -> str | None:
    """Return the one value of a key, None where none or more than one is known."""
    table = rules(kind, country)
    covering = next((table[start] for start in keys_of(country, key) if start in table), None)
    if country == "GB" and covering is not None:
        return covering
    inside = _values_below(kind, country).get(key, frozenset())
    values = inside if covering is None else inside | {covering}
    return next(iter(values)) if len(values) == 1 else None


@cache
def _values_below(kind: str, country: str) -> dict[str, frozenset[str]]:
    """Return every start of a key -> the values of the keys that begin so."""
    below: dict[str, set[str]] = {}
    for key, value in rules(kind, country).items():
        for length in range(len(key) + 1):
            below.setdefault(key[:length], set()).add(value)
    return {start: frozenset(values) for start, values in below.items()}


def _starts(country: str, key: str) -> set[str]:
    starts = {key[:length] for length in range(len(key) + 1)}
    if country != "GB":
        return starts
    # S is Sheffield, not also SE and SW; M1 is not also M11.
    area = keys_of(country, key)[-1]
    return {"", area, key}


def _add(total: list[float], centroid: Centroid) -> None:
    total[0] += centroid.latitude * centroid.codes
    total[1] += centroid.longitude * centroid.codes
    total[2] += centroid.codes
