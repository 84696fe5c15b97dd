"""Errors of the places package.

::

    ValueError
    └── PlaceError
        ├── CountryError       not an ISO 3166-1 alpha-2 code
        └── PostalCodeError    not a postal code of that country
    PromiseEngineError
    └── PlaceFileError         a folder or file of GeoNames data that is named and cannot be used
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.errors import PromiseEngineError

if TYPE_CHECKING:
    from pathlib import Path


class PlaceError(ValueError):
    """A country or a postal code that cannot be understood."""


class PlaceFileError(PromiseEngineError):
    """A folder of GeoNames files that is not there, or a file in it without one readable row.

    Other coordinates than those asked for would be promised silently: nothing is answered from elsewhere.

    Attributes
    ----------
    path
        The folder or the file.
    expected
        What it should be, in words.

    """

    def __init__(self, path: Path, found: str, expected: str) -> None:
        """Remember the path and say what was found and expected."""
        self.path = path
        self.found = found
        self.expected = expected
        super().__init__(f"{path}: found {found}, expected {expected}")

    def __reduce__(self) -> tuple[type[PlaceFileError], tuple[Path, str, str]]:
        """Pickle by the arguments, so that worker processes can pass it on."""
        return (PlaceFileError, (self.path, self.found, self.expected))


class CountryError(PlaceError):
    """A country that is not an ISO 3166-1 alpha-2 code.

    Attributes
    ----------
    value
        The text received.

    """

    def __init__(self, value: str, hint: str = "") -> None:
        """Remember what was received and say what was expected."""
        self.value = value
        self.hint = hint
        message = f"country: expected an ISO 3166-1 alpha-2 code such as FR, got {value!r}"
        super().__init__(f"{message} ({hint})" if hint else message)

    def __reduce__(self) -> tuple[type[CountryError], tuple[str, str]]:
        """Pickle by the arguments, so that worker processes can pass it on."""
        return (CountryError, (self.value, self.hint))


class PostalCodeError(PlaceError):
    """A text that is not a postal code, or a prefix of one, of its country.

    Attributes
    ----------
    country
        ISO code of the country it was read for.
    value
        The text received.
    expected
        What a code of that country looks like, in words, with an example.

    """

    def __init__(self, country: str, value: str, expected: str, hint: str = "") -> None:
        """Remember what was received and say what was expected."""
        self.country = country
        self.value = value
        self.expected = expected
        self.hint = hint
        message = f"postal code of {country}: expected {expected}, got {value!r}"
        super().__init__(f"{message} ({hint})" if hint else message)

    def __reduce__(self) -> tuple[type[PostalCodeError], tuple[str, str, str, str]]:
        """Pickle by the arguments, so that worker processes can pass it on."""
        return (PostalCodeError, (self.country, self.value, self.expected, self.hint))
