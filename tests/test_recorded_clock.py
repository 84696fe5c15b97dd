"""A clock made of recorded offsets tells the time as the time zone database does."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from promise_engine import EvidenceError
from promise_engine._compile.almanac import offsets_of
from promise_engine._compile.recorded import RecordedClock

SINCE, UNTIL = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2025, 2028))
ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC")
STEP = 1_800


def recorded(name: str) -> RecordedClock:
    """The clock of a zone's offsets over three years."""
    return RecordedClock(name, SINCE, UNTIL, offsets_of(ZoneInfo(name), SINCE, UNTIL))


def around_changes(name: str) -> list[datetime]:
    """Instants every half hour around each change, and some others."""
    changes = [at for at, _ in offsets_of(ZoneInfo(name), SINCE, UNTIL).changes]
    instants = [at + i * STEP for at in changes for i in range(-6, 7)] + list(
        range(SINCE + 86_400, UNTIL, 40 * 86_400 + 1)
    )
    return [datetime.fromtimestamp(at, UTC) for at in instants]


@pytest.mark.parametrize("name", ZONES)
def test_instants_are_told_alike(name: str) -> None:
    """Local time, offset and fold of an instant are the database's, and lead back to it."""
    for moment in around_changes(name):
        expected, found = moment.astimezone(ZoneInfo(name)), moment.astimezone(recorded(name))
        assert (expected.isoformat(), expected.fold) == (found.isoformat(), found.fold)
        assert moment == found.astimezone(UTC)


@pytest.mark.parametrize("name", ZONES)
def test_local_times_are_read_alike(name: str) -> None:
    """A local time that occurs twice, or never, has the offset that PEP 495 gives it."""
    for moment in around_changes(name):
        for fold in (0, 1):
            wall = moment.replace(tzinfo=None, fold=fold)
            expected = wall.replace(tzinfo=ZoneInfo(name)).utcoffset()
            assert expected == wall.replace(tzinfo=recorded(name)).utcoffset()


@pytest.mark.parametrize("name", ZONES)
def test_compiling_reads_the_same_offsets(name: str) -> None:
    """Offsets asked of the recorded clock are those that it was made of, over a part of its time too."""
    clock, day = recorded(name), 86_400
    for since, until in ((SINCE, UNTIL), (SINCE + 90 * day, UNTIL - 90 * day)):
        assert offsets_of(ZoneInfo(name), since, until) == offsets_of(clock, since, until)


def test_its_text_is_the_name() -> None:
    """As that of the database's clocks; it has no abbreviations and no daylight saving."""
    clock = recorded("Europe/Paris")
    moment = datetime(2026, 7, 1, tzinfo=clock)
    assert ("Europe/Paris", "Europe/Paris", None) == (str(clock), moment.tzname(), moment.dst())
    assert clock.utcoffset(None) is None


def test_it_may_be_copied() -> None:
    """A pickle and a deep copy tell the same time."""
    clock = recorded("Europe/Paris")
    moment = datetime(2026, 7, 1, tzinfo=clock)
    for other in (pickle.loads(pickle.dumps(moment)), copy.deepcopy(moment)):  # noqa: S301
        assert moment.isoformat() == other.isoformat()


def test_what_is_not_recorded_is_not_guessed() -> None:
    """Before the first instant and after the last the offset is not known."""
    clock = recorded("Europe/Paris")
    before = datetime.fromtimestamp(SINCE, UTC) - timedelta(seconds=1)
    with pytest.raises(EvidenceError, match="expected an instant from 2025-01-01"):
        before.astimezone(clock)
    with pytest.raises(EvidenceError, match="Europe/Paris"):
        datetime(2029, 1, 1, tzinfo=clock).utcoffset()
