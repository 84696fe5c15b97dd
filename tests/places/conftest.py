"""Fixtures of the place tests: made-up GeoNames files, and no folder from the environment."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

HEADER = [
    "country_code",
    "postal_code",
    "place_name",
    "state_name",
    "state_code",
    "county_name",
    "county_code",
    "community_name",
    "community_code",
    "latitude",
    "longitude",
    "accuracy",
]


def row(country: str, code: str, place: str, state: str, county: str, at: tuple[float, float]) -> list[str]:
    """Return one GeoNames row of twelve columns."""
    return [country, code, place, "", state, "", county, "", "", str(at[0]), str(at[1]), ""]


# Made up for these tests: towns and coordinates are nobody's data.
ROWS = {
    "FR": [
        row("FR", "69002", "Bellecour", "84", "69", (45.70, 4.80)),
        row("FR", "69002", "Perrache", "84", "69", (45.80, 4.90)),
        row("FR", "69002", "Bellecour", "84", "69", (45.75, 4.85)),
        row("FR", "69002 CEDEX 02", "Bourse", "84", "69", (10.0, 10.0)),
        row("FR", "69289 CEDEX 02", "Bourse", "84", "69", (45.77, 4.83)),
        row("FR", "67000", "Strasbourg", "44", "67", (48.58, 7.75)),
        row("FR", "98799", "Clipperton", "", "", (10.3, -109.2)),
    ],
    "LU": [row("LU", "L-1009", "Luxembourg", "LU", "", (49.6, 6.1))],
    "GB": [
        row("GB", "SW1A", "Whitehall", "ENG", "", (51.5, -0.12)),
        row("GB", "IM1", "Douglas", "", "IOM", (54.1, -4.4)),
    ],
    "NL": [row("NL", "1012", "Amsterdam", "07", "0363", (52.3, 4.9))],
    "IE": [row("IE", "D02", "Dublin", "L", "", (53.3, -6.2))],
    "SE": [row("SE", "111 22", "Stockholm", "AB", "", (59.3, 18.0))],
    "US": [row("US", "10001", "New York", "NY", "061", (40.75, -73.99))],
    "GP": [row("GP", "97133", "Saint-Barth", "", "971", (17.9, -62.8))],
    "AT": [row("AT", "1010", "Wien", "9", "900", (48.2, 16.3))],
    "DE": [row("DE", "10115", "Berlin", "BE", "00", (52.5, 13.3))],
}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer from the embedded table unless a test names a folder."""
    monkeypatch.delenv("PGEOCODE_DATA_DIR", raising=False)


@pytest.fixture
def zips(tmp_path: Path) -> Path:
    """Return a folder with files as GeoNames publishes them: zipped, tabs, no header."""
    folder = tmp_path / "published"
    folder.mkdir()
    for country, rows in ROWS.items():
        text = "".join("\t".join(fields) + "\n" for fields in rows)
        with zipfile.ZipFile(folder / f"{country}.zip", "w") as archive:
            archive.writestr(f"{country}.txt", text)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return a folder with files in pgeocode's own form."""
    folder = tmp_path / "cache"
    folder.mkdir()
    for country, rows in ROWS.items():
        with (folder / f"{country}.txt").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows)
    return folder


@pytest.fixture(scope="session")
def geonames() -> Path:
    """Return the folder of real GeoNames files that lies beside the repository."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "geonames"
    if not folder.is_dir():
        pytest.skip("skipped: the folder shared/data/geonames beside the repository is missing")
    return folder
