"""Coordinates and distances."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promise_engine.places import Location, PlaceError, distance_metres, locate
from promise_engine.places._geonames import merged, row_of, rows_by_code
from promise_engine.places._tables import centroids, chief_towns, table_names

TABLED = sorted(name[10:12] for name in table_names() if name.startswith("centroids_"))
CHIEF_TOWNS = {
    "GP": "97110", "MQ": "97200", "GF": "97300", "RE": "97400", "YT": "97600", "PM": "97500",
    "BL": "97133", "MF": "97150", "MC": "98000", "LI": "9490", "IE": "D02 X285",
}  # fmt: skip


def near(place: Location | None, at: tuple[float, float], metres: int) -> bool:
    """Tell whether a place is known and within so many metres."""
    return place is not None and distance_metres(place[0], place[1], *at) <= metres


@pytest.mark.parametrize(
    ("country", "code", "at", "metres"),
    [
        ("FR", "69002", (45.757, 4.832), 10_000),
        ("FR", "20000", (41.93, 8.74), 40_000),
        ("DE", "80331", (48.137, 11.575), 10_000),
        ("GB", "SW1A1AA", (51.501, -0.142), 2_000),
        ("GB", "M1", (53.479, -2.236), 2_000),
        ("US", "10001-1234", (40.75, -73.997), 10_000),
        ("PT", "1000-001", (38.73, -9.14), 10_000),
        ("LU", "L-1009", (49.61, 6.13), 20_000),
        ("NL", "1012 AB", (52.37, 4.9), 10_000),
        ("BR", "01000-000", (-23.55, -46.63), 30_000),
        ("ES", "35001", (28.1, -15.41), 30_000),
    ],
)
def test_embedded_centroid(country: str, code: str, at: tuple[float, float], metres: int) -> None:
    """The embedded table places well-known codes near where they are."""
    place = locate(country, code)
    assert near(place, at, metres)
    assert place is not None
    assert (place.precision, place.source, place.city) == ("prefix", "embedded", None)


@pytest.mark.parametrize("country", TABLED)
def test_country_alone(country: str) -> None:
    """A country alone has the mean of its codes, and says so."""
    place = locate(country, "")
    assert place is not None
    assert place.precision == "country"


@pytest.mark.parametrize(("country", "code"), CHIEF_TOWNS.items())
def test_chief_town(country: str, code: str) -> None:
    """Small countries answer with their chief town, for codes and for the country."""
    for text in (code, ""):
        place = locate(country, text)
        if country == "IE" and not text:
            assert place is None
            continue
        assert place is not None
        assert (place.precision, place.source) == ("chief_town", "embedded")
        assert place.city
    assert country in chief_towns()


def test_french_code_of_the_overseas() -> None:
    """A French 97 code answers from its own country."""
    place = locate("FR", "97400")
    assert place is not None
    assert place.city == "Saint-Denis"


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("PL", "00-001"),
        ("FR", "97"),
        ("FR", "99000"),
        ("US", "09001"),
        ("US", "34001"),
        ("HK", "A"),
    ],
)
def test_unknown_place(country: str, code: str) -> None:
    """Where nothing is known there is no location, never a wrong one."""
    assert locate(country, code) is None


def test_nonsense_is_refused() -> None:
    """A text that is neither code nor prefix raises."""
    with pytest.raises(PlaceError):
        locate("FR", "7Z")


def test_area_of_one_letter_is_not_its_namesakes() -> None:
    """S is Sheffield, not the mean of Sheffield, Slough and Swansea."""
    assert near(locate("GB", "S"), (53.38, -1.47), 30_000)


def test_irish_keys() -> None:
    """All 139 routing keys of Eircode are there, and in Ireland."""
    towns = chief_towns()["IE"]
    assert len(towns) == 139
    for town in towns.values():
        assert 51.4 < town.latitude < 55.4
        assert -10.6 < town.longitude < -6.0


@pytest.mark.parametrize("country", TABLED)
def test_codes_lie_near_their_centroid(country: str, geonames: Path) -> None:
    """Most real codes lie near the embedded point: the median within 30 km (BR, US: 100)."""
    grouped = rows_by_code(country, rows_of(geonames, country))
    codes = sorted(grouped)[:: max(1, len(grouped) // 500)]
    away = []
    for code in codes:
        place = locate(country, code)
        if place is not None:
            point = merged(country, grouped[code])
            away.append(distance_metres(place[0], place[1], point[0], point[1]))
    limit = 100_000 if country in ("BR", "US") else 30_000
    assert len(away) > 0.9 * len(codes)
    assert sorted(away)[len(away) // 2] < limit


def test_examples_are_codes() -> None:
    """Each embedded row names a real code that begins like it."""
    for country in TABLED:
        for key, row in centroids(country).items():
            for example in row.examples:
                assert example.replace("-", "").startswith(key)


def test_tables_are_small() -> None:
    """The embedded tables stay below 400 kB, and each names its source."""
    folder = Path(__file__).resolve().parents[2] / "data" / "places"
    files = list(folder.iterdir())
    assert sum(file.stat().st_size for file in files) < 400_000
    for file in files:
        if file.suffix == ".csv":
            assert file.read_text(encoding="utf-8").startswith("# ")
    assert "GeoNames" in (folder / "NOTICE.md").read_text(encoding="utf-8")


def test_import_is_light() -> None:
    """Importing the package reads no table and imports neither pandas nor pgeocode."""
    program = (
        "import sys, promise_engine.places._tables as tables\n"
        "heavy = {'pandas', 'pgeocode'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert tables.centroids.cache_info().currsize == 0\n"
    )
    source = str(Path(__file__).resolve().parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {source!r})\n{program}"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((0.0, 0.0), (0.0, 0.0), 0),
        # a quarter of the circumference: pi / 2 * 6371009 = 10007557.5...
        ((0.0, 0.0), (0.0, 90.0), 10_007_557),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_115),
        ((0.0, 179.0), (0.0, -179.0), 222_390),
        ((52.52, 13.405), (48.137, 11.575), 504_500),
    ],
)
def test_distance(one: tuple[float, float], other: tuple[float, float], metres: int) -> None:
    """Known arcs of the sphere of 6,371.009 km have their length."""
    assert distance_metres(*one, *other) == pytest.approx(metres, abs=1 if metres < 4e5 else 1000)
    exact = 6_371_009 * math.pi / 2
    assert distance_metres(0, 0, 0, 90) == math.floor(exact + 0.5)


POINT = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(POINT, POINT)
def test_distance_is_symmetric(one: tuple[float, float], other: tuple[float, float]) -> None:
    """The way back is as long as the way there, and never beyond half the circumference."""
    metres = distance_metres(*one, *other)
    assert metres == distance_metres(*other, *one)
    assert 0 <= metres <= 20_015_116


def rows_of(folder: Path, country: str) -> list:  # type: ignore[type-arg]
    """Return the rows of a real GeoNames file."""
    import zipfile

    text = zipfile.ZipFile(folder / f"{country}.zip").read(f"{country}.txt").decode("utf-8")
    return [row for line in text.split("\n") if (row := row_of(line.split("\t"))) is not None]
