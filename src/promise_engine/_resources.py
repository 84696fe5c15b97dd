"""Where the files that ship with the package are found.

In a wheel they lie inside the package (``promise_engine/_data`` and
``promise_engine/_examples``); in a checkout they lie beside ``src``
(``data`` and ``examples``). The wheel's place is tried first.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_REPOSITORY = _PACKAGE.parent.parent


def data_path(*parts: str) -> Path:
    """Return the path of a data file that ships with the package.

    Parameters
    ----------
    parts
        Path components below the data folder.

    Returns
    -------
    Path
        An existing file or folder.

    Raises
    ------
    FileNotFoundError
        Neither the wheel's folder nor the checkout's holds it.

    Examples
    --------
    >>> data_path("places", "chief_towns.csv").name
    'chief_towns.csv'

    """
    return _first_existing(("_data", *parts), ("data", *parts))


def example_path(*parts: str) -> Path:
    """Return the path of an example file that ships with the package.

    Parameters
    ----------
    parts
        Path components below the examples folder.

    Returns
    -------
    Path
        An existing file or folder.

    Raises
    ------
    FileNotFoundError
        Neither the wheel's folder nor the checkout's holds it.

    Examples
    --------
    >>> example_path("no", "such", "file")
    Traceback (most recent call last):
    FileNotFoundError: ...

    """
    return _first_existing(("_examples", *parts), ("examples", *parts))


def _first_existing(in_package: tuple[str, ...], in_repository: tuple[str, ...]) -> Path:
    candidates = (_PACKAGE.joinpath(*in_package), _REPOSITORY.joinpath(*in_repository))
    for candidate in candidates:
        if candidate.exists():
            return candidate
    looked = " nor ".join(str(candidate) for candidate in candidates)
    message = f"file of the package not found: neither {looked}; reinstall promise-engine"
    raise FileNotFoundError(message)
