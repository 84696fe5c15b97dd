"""Files of pgeocode: read where they are, fetched on purpose only."""

from __future__ import annotations

import os
import pickle
import socket
import zipfile
from typing import TYPE_CHECKING

import pytest

from promise_engine import Engine, Network
from promise_engine.places import (
    CountryError,
    PlaceFileError,
    available,
    data_directory,
    fetch,
    locate,
    neighbours,
    subdivision,
)
from promise_engine.testing import minimal_network

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("country", "code", "at"),
    [
        ("LU", "L-1009", (49.6, 6.1)),
        ("LU", "1009", (49.6, 6.1)),
        ("GB", "SW1A1AA", (51.5, -0.12)),
        ("GB", "SW1A", (51.5, -0.12)),
        ("NL", "1012 AB", (52.3, 4.9)),
        ("NL", "1012", (52.3, 4.9)),
        ("IE", "D02X285", (53.3, -6.2)),
        ("IE", "D02", (53.3, -6.2)),
        ("SE", "11122", (59.3, 18.0)),
        ("US", "10001-1234", (40.75, -73.99)),
        ("AT", "A-1010", (48.2, 16.3)),
        ("DE", "D-10115", (52.5, 13.3)),
        ("FR", "67000", (48.58, 7.75)),
    ],
)
def test_every_written_form_is_found(cache: Path, country: str, code: str, at: tuple[float, float]) -> None:
    """Codes that pgeocode's own query misses are found in its files."""
    place = locate(country, code, pgeocode_dir=cache)
    assert place is not None
    assert (place.latitude, place.longitude) == at
    assert (place.precision, place.source) == ("postal_code", "pgeocode")


def test_places_are_merged(cache: Path) -> None:
    """Several places of a code give their mean and the most frequent name, without CEDEX rows."""
    place = locate("FR", "69002", pgeocode_dir=cache)
    assert place is not None
    # (45.70 + 45.80 + 45.75) / 3 = 45.75; (4.80 + 4.90 + 4.85) / 3 = 4.85
    assert place.latitude == pytest.approx(45.75)
    assert place.longitude == pytest.approx(4.85)
    assert place.city == "Bellecour"


def test_cedex_alone_is_found(cache: Path) -> None:
    """A code that exists as CEDEX only is where its business mail goes."""
    place = locate("FR", "69289 CEDEX 02", pgeocode_dir=cache)
    assert place is not None
    assert (place.latitude, place.city) == (45.77, "Bourse")


def test_code_that_is_not_in_the_file(cache: Path) -> None:
    """A code the file lacks, or a prefix, is answered from the embedded table, and says so."""
    for code in ("01000", "69"):
        place = locate("FR", code, pgeocode_dir=cache)
        assert place is not None
        assert (place.precision, place.source) == ("prefix", "embedded")


def test_country_without_a_file(cache: Path) -> None:
    """A country whose file is missing is answered from the embedded table."""
    place = locate("BE", "1000", pgeocode_dir=cache)
    assert place is not None
    assert place.source == "embedded"


def test_territory_in_the_wrong_file(cache: Path) -> None:
    """Saint-Barthélemy in the file of Guadeloupe is its own country: its chief town answers."""
    for country in ("FR", "GP", "BL"):
        place = locate(country, "97133", pgeocode_dir=cache)
        assert place is not None
        assert (place.city, place.source) == ("Gustavia", "embedded")


def test_subdivision_from_the_files(cache: Path) -> None:
    """Subdivisions come from the files as well, in the holidays package's names."""
    assert subdivision("AT", "1010", pgeocode_dir=cache) == "9"
    assert subdivision("DE", "10115", pgeocode_dir=cache) == "BE"
    assert subdivision("FR", "67000", pgeocode_dir=cache) == "6AE"
    assert subdivision("FR", "69002", pgeocode_dir=cache) is None
    assert subdivision("GB", "SW1A 1AA", pgeocode_dir=cache) == "ENG"


def test_folder_from_the_environment(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PGEOCODE_DATA_DIR names the folder, an argument comes before it."""
    assert data_directory() is None
    monkeypatch.setenv("PGEOCODE_DATA_DIR", str(cache))
    assert data_directory() == cache
    place = locate("LU", "1009")
    assert place is not None
    assert place.source == "pgeocode"
    (cache / "none").mkdir()
    other = locate("LU", "1009", pgeocode_dir=cache / "none")
    assert other is not None
    assert other.source == "embedded"


@pytest.mark.parametrize(
    "content", [b"", b"country_code,postal_code\n", b"<html>Not found</html>\n", b"\xff\xfe\x00FR"]
)
def test_a_file_without_a_readable_row_is_an_error(cache: Path, content: bytes) -> None:
    """An empty, a foreign and a damaged file are named: other coordinates would be promised silently."""
    path = cache / "FR.txt"
    path.write_bytes(content)
    for ask in (locate, subdivision):
        with pytest.raises(PlaceFileError, match=r"expected a GeoNames file of postal codes") as refused:
            ask("FR", "67000", pgeocode_dir=cache)
        assert path == refused.value.path
    assert str(refused.value) == str(pickle.loads(pickle.dumps(refused.value)))  # noqa: S301 - our own bytes


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is named and does not exist is no folder without files, and an engine is not made with it."""
    missing = tmp_path / "none"
    with pytest.raises(PlaceFileError, match=r"none: found no folder, expected a folder of GeoNames files"):
        locate("LU", "1009", pgeocode_dir=missing)
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(PlaceFileError, match="Not a directory"):
        locate("LU", "1009", pgeocode_dir=tmp_path / "file")
    monkeypatch.setenv("PGEOCODE_DATA_DIR", str(missing))
    with pytest.raises(PlaceFileError):
        Engine(Network.model_validate(minimal_network()))


def test_original_layout_is_understood(tmp_path: Path, zips: Path) -> None:
    """A file with tabs and no header, as GeoNames publishes it, is read as well."""
    with zipfile.ZipFile(zips / "FR.zip") as archive:
        archive.extract("FR.txt", tmp_path)
    place = locate("FR", "67000", pgeocode_dir=tmp_path)
    assert place is not None
    assert place.city == "Strasbourg"


def test_new_file_is_noticed(cache: Path) -> None:
    """A file that is replaced is read again."""
    path = cache / "LU.txt"
    before = locate("LU", "1009", pgeocode_dir=cache)
    path.write_text(path.read_text(encoding="utf-8").replace("49.6", "49.75"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    after = locate("LU", "1009", pgeocode_dir=cache)
    assert before is not None
    assert after is not None
    assert (before.latitude, after.latitude) == (49.6, 49.75)


@pytest.mark.parametrize("line", ["FR,69001", "FR,69001,L,,,,,,,north,4.8,", "FR,6900,L,,,,,,,1,2,"])
def test_broken_rows_are_left_out(cache: Path, line: str) -> None:
    """A row without coordinates or with an impossible code is no row."""
    with (cache / "FR.txt").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    place = locate("FR", "69001", pgeocode_dir=cache)
    assert place is not None
    assert place.source == "embedded"


def test_lookup_uses_no_network(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No lookup opens a connection, with or without a file."""

    def refuse(*_: object, **__: object) -> None:
        message = "a lookup opened a connection"
        raise AssertionError(message)

    monkeypatch.setattr(socket, "socket", refuse)
    for country in ("FR", "PL", "MC", "BE"):
        locate(country, "", pgeocode_dir=cache)
        subdivision(country, "00", pgeocode_dir=cache)


def test_available(cache: Path) -> None:
    """Only data files count, not pgeocode's index files."""
    (cache / "FR-index.txt").write_text("", encoding="utf-8")
    (cache / "readme.txt").write_text("", encoding="utf-8")
    assert available(cache) == ("AT", "DE", "FR", "GB", "GP", "IE", "LU", "NL", "SE", "US")
    assert available(cache / "none") == ()
    assert available() == ()


def test_fetch(zips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fetching goes through pgeocode, reports progress, and its files answer afterwards."""
    pgeocode = pytest.importorskip("pgeocode")
    monkeypatch.setattr(pgeocode, "DOWNLOAD_URL", [zips.as_uri() + "/{country}.zip"])
    before = pgeocode.STORAGE_DIR
    steps: list[tuple[str, int, int]] = []
    folder = tmp_path / "new" / "folder"
    paths = fetch(["fr", "LU"], folder, lambda *step: steps.append(step))
    assert paths == [folder / "FR.txt", folder / "LU.txt"]
    assert all(path.is_file() for path in paths)
    assert steps == [("FR", 0, 2), ("LU", 1, 2)]
    assert before == pgeocode.STORAGE_DIR
    assert available(folder) == ("FR", "LU")
    place = locate("LU", "1009", pgeocode_dir=folder)
    assert place is not None
    assert place.source == "pgeocode"


def test_same_point_as_pgeocode(zips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pgeocode finds a code, its point is ours; its numbers of provinces are understood."""
    pgeocode = pytest.importorskip("pgeocode")
    monkeypatch.setattr(pgeocode, "DOWNLOAD_URL", [zips.as_uri() + "/{country}.zip"])
    monkeypatch.setattr(pgeocode, "STORAGE_DIR", str(tmp_path / "cache"))
    for country, code in [("FR", "69002"), ("US", "10001"), ("SE", "111 22"), ("AT", "1010")]:
        fetch([country], tmp_path / "cache")
        theirs = pgeocode.Nominatim(country).query_postal_code(code)
        ours = locate(country, code, pgeocode_dir=tmp_path / "cache")
        assert ours is not None
        assert ours.latitude == pytest.approx(float(theirs.latitude))
        assert ours.longitude == pytest.approx(float(theirs.longitude))
    assert subdivision("AT", "1010", pgeocode_dir=tmp_path / "cache") == "9"


def test_fetch_without_argument_uses_the_environment(
    zips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder the one of the environment is filled, else pgeocode's own."""
    pgeocode = pytest.importorskip("pgeocode")
    monkeypatch.setattr(pgeocode, "DOWNLOAD_URL", [zips.as_uri() + "/{country}.zip"])
    monkeypatch.setattr(pgeocode, "STORAGE_DIR", str(tmp_path / "own"))
    assert fetch(["LU"]) == [tmp_path / "own" / "LU.txt"]
    monkeypatch.setenv("PGEOCODE_DATA_DIR", str(tmp_path / "named"))
    assert fetch(["LU"]) == [tmp_path / "named" / "LU.txt"]


def test_fetch_refuses_before_it_downloads(tmp_path: Path) -> None:
    """A country that does not exist, or that GeoNames lacks, stops everything first."""
    pytest.importorskip("pgeocode")
    with pytest.raises(CountryError):
        fetch(["FR", "ZZ"], tmp_path)
    with pytest.raises(ValueError, match="got PF"):
        fetch(["PF"], tmp_path)
    assert fetch([], tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_neighbours_by_distance(cache: Path) -> None:
    """The other codes within the radius come nearest first, the radius included, and none without the country's file."""
    everything = neighbours("FR", "67000", 20_000_000, pgeocode_dir=cache)
    metres = [found.metres for found in everything]
    assert metres == sorted(metres)
    assert everything
    assert "67000" not in {found.postal_code for found in everything}
    nearest = everything[0]
    assert nearest in neighbours("FR", "67000", nearest.metres, pgeocode_dir=cache)
    assert nearest not in neighbours("FR", "67000", nearest.metres - 1, pgeocode_dir=cache)
    assert neighbours("NO", "0150", 20_000_000, pgeocode_dir=cache) == ()
