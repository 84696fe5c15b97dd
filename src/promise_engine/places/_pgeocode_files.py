"""The files of pgeocode: GeoNames data that the user downloaded on purpose.

The files are read here and not through pgeocode's own query, which downloads what is missing,
needs pandas and 1 ms a query, fixes its folder at import, and does not find ``SW1A1AA``, a ZIP+4,
``1012 AB`` or Luxembourg's ``1009``. The mean point of a code is the same (tested).
"""

from __future__ import annotations

import csv
import os
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from promise_engine.places._countries import country_code
from promise_engine.places._errors import PlaceFileError
from promise_engine.places._geonames import Place, Row, merged, row_of, rows_by_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ENVIRONMENT = "PGEOCODE_DATA_DIR"
_HEADER = "country_code,"
_COUNTRY_LETTERS = 2
_FOLDER = f"a folder of GeoNames files, such as FR.txt (named by {ENVIRONMENT} or `pgeocode_dir`)"
_FILE = "a GeoNames file of postal codes: `promise-engine postcodes fetch` downloads one where there is none"


def data_directory(directory: Path | None = None) -> Path | None:
    """Return the folder of the pgeocode files: the argument, or else PGEOCODE_DATA_DIR.

    Parameters
    ----------
    directory
        A folder, which need not exist to be filled.

    Returns
    -------
    Path or None
        None when neither is given: only the embedded table answers then.

    Examples
    --------
    >>> data_directory(Path("codes")).name
    'codes'

    """
    if directory is not None:
        return directory
    named = os.environ.get(ENVIRONMENT, "")
    return Path(named) if named else None


def available(directory: Path | None = None) -> tuple[str, ...]:
    """Return the countries whose pgeocode file is in the folder.

    Parameters
    ----------
    directory
        The folder; when left out, the one named by PGEOCODE_DATA_DIR.

    Returns
    -------
    tuple of str
        ISO codes in order, none for a folder that does not exist.

    Examples
    --------
    >>> available(Path("no-such-folder"))
    ()

    """
    folder = data_directory(directory)
    if folder is None or not folder.is_dir():
        return ()
    stems = (path.stem for path in folder.glob("*.txt"))
    return tuple(sorted(stem for stem in stems if len(stem) == _COUNTRY_LETTERS and stem.isupper()))


def fetch(
    countries: Iterable[str],
    directory: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Path]:
    """Download the GeoNames files of countries through pgeocode. The only use of the network.

    Parameters
    ----------
    countries
        ISO codes, in any case. France's overseas departments are countries of their own here.
    directory
        Where to put the files, created if missing; when left out, the folder named by
        PGEOCODE_DATA_DIR, or else pgeocode's own (``~/.cache/pgeocode``).
    progress
        Called before each country with its code, how many are done, and how many there are.

    Returns
    -------
    list of Path
        One file a country, in the order given. A file that is there is not fetched again.

    Raises
    ------
    CountryError
        A country is not an ISO code.
    ValueError
        pgeocode has no data of that country.
    ModuleNotFoundError
        pgeocode is not installed.
    OSError
        The download failed, or the folder cannot be written.

    Examples
    --------
    >>> fetch([])
    []

    """
    wanted = [country_code(country) for country in countries]
    if not wanted:
        return []
    pgeocode: Any = import_module("pgeocode")  # optional, and slow to import

    folder = data_directory(directory) or Path(pgeocode.STORAGE_DIR)
    unknown = [country for country in wanted if country not in pgeocode.COUNTRIES_VALID]
    if unknown:
        message = f"countries: expected some that GeoNames has postal codes of, got {', '.join(unknown)}"
        raise ValueError(message)
    for done, country in enumerate(wanted):
        if progress is not None:
            progress(country, done, len(wanted))
        _download(pgeocode, country, folder)
    return [folder / f"{country}.txt" for country in wanted]


def places_of(country: str, directory: Path | None) -> dict[str, Place]:
    """Return every place of the country's pgeocode file by normalised code; none without the file.

    Raises
    ------
    PlaceFileError
        The folder does not exist, or the file holds nothing that can be read.

    """
    folder = data_directory(directory)
    if folder is None:
        return {}
    path = folder / f"{country}.txt"
    try:
        status = path.stat()
    except FileNotFoundError:
        if not folder.is_dir():
            raise PlaceFileError(folder, "no folder", _FOLDER) from None
        return {}
    except OSError as problem:
        raise PlaceFileError(path, problem.strerror or "no file", _FILE) from None
    return _places(country, str(path), status.st_mtime_ns, status.st_size)


def place_of(country: str, code: str, directory: Path | None) -> Place | None:
    """Return what the pgeocode file of the country says of a normalised code."""
    return places_of(country, directory).get(code)


@lru_cache(maxsize=64)
def _places(country: str, path: str, _modified: int, _size: int) -> dict[str, Place]:
    try:
        rows = list(_rows(Path(path)))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise PlaceFileError(Path(path), str(problem), _FILE) from None
    if not rows:
        raise PlaceFileError(Path(path), "no row with a code and coordinates", _FILE)
    grouped = rows_by_code(country, rows)
    return {code: merged(country, rows) for code, rows in grouped.items()}


def _rows(path: Path) -> Iterator[Row]:
    """Read pgeocode's form (commas and a header), or GeoNames' own (tabs and none)."""
    with path.open(encoding="utf-8", newline="") as file:
        first = file.readline()
        file.seek(0)
        if first.startswith(_HEADER):
            fields = csv.reader(file)
        else:
            fields = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        yield from (row for row in map(row_of, fields) if row is not None)


def _download(pgeocode: Any, country: str, folder: Path) -> None:
    """Let pgeocode download, convert and keep one country, in this folder."""
    before = pgeocode.STORAGE_DIR
    pgeocode.STORAGE_DIR = str(folder)
    try:
        pgeocode.Nominatim(country)
    finally:
        pgeocode.STORAGE_DIR = before
