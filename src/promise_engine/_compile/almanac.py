"""What compilation takes from libraries and data files: holidays, UTC offsets, where addresses are.

Everything that is compiled or answered asks one almanac. `InstalledAlmanac` asks what is installed;
`promise_engine._compile.recorded` has one that knows only what evidence holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from promise_engine import places
from promise_engine._compile.calendars import Region
from promise_engine._compile.destination import locate_destination
from promise_engine._compile.places import Locator
from promise_engine.units import DAY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, tzinfo
    from pathlib import Path

    from promise_engine._compile.calendars import HolidayKey
    from promise_engine._compile.destination import Where
    from promise_engine._compile.network import CompiledNetwork
    from promise_engine._compile.places import Located
    from promise_engine.models.place import Address
    from promise_engine.models.request import Destination


class Offsets(NamedTuple):
    """The UTC offset of a time zone at an instant, and the changes after it: instants and offsets from then on."""

    first: int
    changes: tuple[tuple[int, int], ...]


class Versions(NamedTuple):
    """What the facts come from; empty where it is not installed as a package."""

    promise_engine: str
    holidays: str
    tzdata: str


class Almanac(ABC):
    """Facts about the world, each asked by what it depends on."""

    @abstractmethod
    def holidays(self, key: HolidayKey) -> Mapping[date, str]:
        """Holidays of one year with their names; none of a country that is not known."""

    @abstractmethod
    def clock(self, time_zone: str) -> tzinfo:
        """The clock of an IANA time zone; its text is the zone's name."""

    @abstractmethod
    def offsets(self, time_zone: str, since: int, until: int) -> Offsets:
        """The UTC offsets of a time zone between two instants."""

    @abstractmethod
    def locate(self, address: Address) -> Located:
        """Where the address of a site or a pickup point is."""

    @abstractmethod
    def destination(self, asked: Destination, network: CompiledNetwork) -> Where:
        """Where a request goes; RequestError with the field that cannot be resolved."""

    @abstractmethod
    def regions(self, countries: Iterable[str]) -> set[Region]:
        """Regions of some countries whose holidays are worth compiling before a request goes there."""

    @property
    @abstractmethod
    def versions(self) -> Versions:
        """What the facts come from."""


class InstalledAlmanac(Almanac):
    """Facts of the installed `holidays` package, time zone database and postal tables.

    It keeps what it was asked, so that an engine that was pickled goes on with the facts it was compiled with.

    Parameters
    ----------
    pgeocode_dir
        Folder of GeoNames files, as for `Engine`.

    Examples
    --------
    >>> InstalledAlmanac().offsets("Europe/Paris", 1_774_000_000, 1_775_000_000)
    Offsets(first=3600, changes=((1774746000, 7200),))
    """

    def __init__(self, pgeocode_dir: Path | None = None) -> None:
        self._locator = Locator(pgeocode_dir)
        self._holidays: dict[HolidayKey, dict[date, str]] = {}
        self._offsets: dict[tuple[str, int, int], Offsets] = {}

    def holidays(self, key: HolidayKey) -> Mapping[date, str]:
        """Holidays of one year as the `holidays` package has them."""
        if key not in self._holidays:
            self._holidays[key] = _package_holidays(key)
        return self._holidays[key]

    def clock(self, time_zone: str) -> tzinfo:
        """The clock of the time zone database."""
        return ZoneInfo(time_zone)

    def offsets(self, time_zone: str, since: int, until: int) -> Offsets:
        """The UTC offsets of the time zone database."""
        key = (time_zone, since, until)
        if key not in self._offsets:
            self._offsets[key] = offsets_of(self.clock(time_zone), since, until)
        return self._offsets[key]

    def locate(self, address: Address) -> Located:
        """Where the postal tables have an address."""
        return self._locator.locate(address)

    def destination(self, asked: Destination, network: CompiledNetwork) -> Where:
        """Where the postal tables have a destination."""
        return locate_destination(asked, network, self._locator)

    def regions(self, countries: Iterable[str]) -> set[Region]:
        """Every region of the countries that a postal code can tell."""
        return {Region(country, name) for country in countries for name in (None, *places.known_subdivisions(country))}

    @cached_property
    def versions(self) -> Versions:
        """What is installed."""
        return Versions(*(_version(name) for name in ("promise-engine", "holidays", "tzdata")))

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle holds: the facts, and the versions that they come from."""
        return self.__dict__ | {"versions": self.versions}


def offsets_of(clock: tzinfo, since: int, until: int) -> Offsets:
    """The UTC offsets of a clock between two instants, asked day by day."""
    first = before = _offset(clock, since)
    changes: list[tuple[int, int]] = []
    low = since
    for high in range(since + DAY_SECONDS, until, DAY_SECONDS):
        after = _offset(clock, high)
        if after != before:
            changes.append((_change_between(clock, low, high, before), after))
            before = after
        low = high
    return Offsets(first, tuple(changes))


def _offset(clock: tzinfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, UTC).astimezone(clock).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _change_between(clock: tzinfo, low: int, high: int, before: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(clock, middle) == before:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=2048)
def _package_holidays(key: HolidayKey) -> dict[date, str]:
    import holidays  # noqa: PLC0415 - imports every country

    try:
        table = holidays.country_holidays(
            key.country,
            subdiv=key.subdivision,
            years=key.year,
            expand=False,
            categories=key.categories,
            observed=key.observed,
        )
    except NotImplementedError:
        return {}
    return dict(table.items())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
