"""The almanac of evidence: what it does not hold is not asked of anybody else."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from promise_engine._compile.almanac import Almanac, Offsets, Versions, offsets_of
from promise_engine._compile.calendars import HolidayKey, Region
from promise_engine._compile.destination import Where, locate_place
from promise_engine._compile.places import Located
from promise_engine._compile.zones import Spot
from promise_engine.errors import EvidenceError, shown
from promise_engine.units import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from promise_engine._compile.network import CompiledNetwork
    from promise_engine.models.evidence import AlmanacDocument, LocatedDestination, Location, TimeZoneOffsets, WrittenBy
    from promise_engine.models.place import Address
    from promise_engine.models.request import Destination


class RecordedClock(tzinfo):
    """A time zone of which only the offsets between two instants are known; at others it raises EvidenceError."""

    def __init__(self, name: str, since: int, until: int, offsets: Offsets) -> None:
        self._arguments = (name, since, until, offsets)
        self._name, self._since, self._until = name, since, until
        self._at = [at for at, _ in offsets.changes]
        self._offsets = [offsets.first, *(after for _, after in offsets.changes)]
        pairs = list(zip(self._offsets, self._offsets[1:], strict=False))
        self._first_walls = [at + max(pair) for at, pair in zip(self._at, pairs, strict=True)]
        self._second_walls = [at + min(pair) for at, pair in zip(self._at, pairs, strict=True)]

    def holds(self, since: int, until: int) -> bool:
        """Whether the offsets between two instants are known."""
        return self._since <= since and until <= self._until

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """The offset of a local time, by PEP 495."""
        if moment is None:
            return None
        wall = instant(moment.replace(tzinfo=UTC))
        offset = self._offsets[bisect_right(self._second_walls if moment.fold else self._first_walls, wall)]
        self._expect(wall - offset)
        return timedelta(seconds=offset)

    def fromutc(self, moment: datetime) -> datetime:
        """The local time of an instant."""
        at = instant(moment.replace(tzinfo=UTC))
        self._expect(at)
        number = bisect_right(self._at, at)
        offset = self._offsets[number]
        again = number > 0 and at < self._at[number - 1] + self._offsets[number - 1] - offset
        return (moment + timedelta(seconds=offset)).replace(fold=int(again))

    def dst(self, _moment: datetime | None) -> None:
        """Not known."""

    def tzname(self, _moment: datetime | None) -> str:
        """The name of the zone, whatever the season."""
        return self._name

    def __str__(self) -> str:
        return self._name

    def __repr__(self) -> str:
        return f"RecordedClock({self._name!r})"

    def __reduce__(self) -> tuple[type[RecordedClock], tuple[str, int, int, Offsets]]:
        return RecordedClock, self._arguments

    def _expect(self, at: int) -> None:
        if not self.holds(at, at):
            first, last = (datetime.fromtimestamp(end, UTC) for end in (self._since, self._until))
            path, found = f"almanac.time_zones[{self._name}]", datetime.fromtimestamp(at, UTC)
            raise EvidenceError.of(path, found.isoformat(), f"an instant from {first} to {last}", code="missing")


def with_known_clock(value: Any) -> Any:
    """An instant of a recorded clock with the offset it has there, which every library understands; else the value."""
    if isinstance(value, datetime) and isinstance(value.tzinfo, RecordedClock):
        return value.astimezone(timezone(value.utcoffset() or timedelta()))
    return value


class RecordedAlmanac(Almanac):
    """The facts that evidence holds; EvidenceError for every other."""

    def __init__(self, document: AlmanacDocument, written_by: WrittenBy) -> None:
        self._versions = Versions(**dict(written_by))
        self._holidays = {
            HolidayKey(one.country, one.subdivision, one.categories, one.observed, one.year): one.dates
            for one in document.holidays
        }
        self._clocks = {one.id: _clock(one) for one in document.time_zones}
        self._located = {
            (one.country, one.postal_code, one.city, one.latitude, one.longitude): _located(one.location)
            for one in document.addresses
        }
        self._where = {where.asked: _where(where) for where in document.destinations}

    def holidays(self, key: HolidayKey) -> Mapping[date, str]:
        """Holidays of one year as the evidence has them."""
        if key not in self._holidays:
            raise EvidenceError.of("almanac.holidays", "", f"the holidays of {key._asdict()}", code="missing")
        return self._holidays[key]

    def clock(self, time_zone: str) -> RecordedClock:
        """The clock of the recorded offsets."""
        if time_zone not in self._clocks:
            raise EvidenceError.of("almanac.time_zones", "", f"the offsets of {time_zone}", code="missing")
        return self._clocks[time_zone]

    def offsets(self, time_zone: str, since: int, until: int) -> Offsets:
        """The recorded UTC offsets."""
        return offsets_of(self.clock(time_zone), since, until)

    def locate(self, address: Address) -> Located:
        """Where the evidence has an address."""
        key = (address.country, address.postal_code, address.city, address.latitude, address.longitude)
        if key not in self._located:
            raise EvidenceError.of("almanac.addresses", "", f"the location of {shown(key)}", code="missing")
        return self._located[key]

    def destination(self, asked: Destination, network: CompiledNetwork) -> Where:
        """Where the evidence has an address or an area, or the network a place."""
        if asked.place is not None:
            return locate_place(asked, network)
        if asked not in self._where:
            raise EvidenceError.of("almanac.destinations", "", f"the location of {shown(asked)}", code="missing")
        return self._where[asked]

    def regions(self, _countries: Iterable[str]) -> set[Region]:
        """None: one request is asked, and goes where it goes."""
        return set()

    @property
    def versions(self) -> Versions:
        """What the evidence comes from."""
        return self._versions


def _clock(recorded: TimeZoneOffsets) -> RecordedClock:
    changes = tuple((instant(change.at), change.offset_seconds) for change in recorded.changes)
    return RecordedClock(
        recorded.id, instant(recorded.since), instant(recorded.until), Offsets(recorded.offset_seconds, changes)
    )


def _where(found: LocatedDestination) -> Where:
    return Where(
        [_located(part) for part in found.parts],
        None if found.latitude is None or found.longitude is None else (found.latitude, found.longitude),
        found.precision,
        found.located_by,
        found.country,
        found.postal_code,
        found.postal_prefix,
    )


def _located(location: Location) -> Located:
    region = Region(location.country, location.subdivision)
    spot = Spot(
        location.country, location.code, location.city, location.subdivision, location.latitude, location.longitude
    )
    return Located(spot, region, location.time_zone, location.precision, location.located_by)
