"""What an answer was made from, as a document."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from promise_engine.inputs.evidence import evidence_digest
from promise_engine.inputs.stock_records import document_of, of_skus
from promise_engine.models._base import DateRange
from promise_engine.models.catalogue import CatalogueDocument
from promise_engine.models.evidence import (
    FORMAT,
    AlmanacDocument,
    Digests,
    EvidenceDocument,
    HolidayYear,
    LocatedAddress,
    LocatedDestination,
    Location,
    OffsetChange,
    TimeZoneOffsets,
    WrittenBy,
)
from promise_engine.units import DAY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promise_engine._compile.almanac import Almanac
    from promise_engine._compile.calendars import HolidayKey
    from promise_engine._compile.places import Located
    from promise_engine.context import AnswerContext
    from promise_engine.models.request import PromiseRequest


def evidence_of(request: PromiseRequest, contexts: Sequence[AnswerContext], answer: str) -> dict[str, Any]:
    """The evidence of an answer, given the contexts of its groups and its JSON text without remedies."""
    context, compiled = contexts[0], contexts[0].compiled
    needed = {need.sku: need.item for one in contexts for need in one.request.needs}
    held = {line.sku: line.item for one in contexts for line in one.request.lines} | needed
    items = tuple(item for _, item in sorted(held.items()) if item is not None)
    first, last = compiled.placed
    document = EvidenceDocument.model_construct(
        format=FORMAT,
        digest="",
        written_by=WrittenBy(**compiled.almanac.versions._asdict()),
        digests=Digests(**context.digests._asdict(), answer=answer_digest(answer)),
        request=request,
        placed_between=DateRange(first=first, last=last),
        network=context.network,
        catalogue=None if context.catalogue is None else CatalogueDocument(items=items),
        stock=document_of(of_skus(context.bound.columns, needed)),
        almanac=_almanac(contexts),
    ).model_dump(mode="json")
    return document | {"digest": evidence_digest(document)}


def answer_digest(answer: str) -> str:
    """Sha256 of an answer's JSON text, without remedies: they follow from the same inputs, and take long to find."""
    return hashlib.sha256(answer.encode("utf-8", "surrogatepass")).hexdigest()


def _almanac(contexts: Sequence[AnswerContext]) -> AlmanacDocument:
    """The facts that compiling the network and answering the request ask for, and no others."""
    context, compiled = contexts[0], contexts[0].compiled
    almanac = compiled.almanac
    destinations = [part for one in contexts for part in one.request.destinations]
    regions = {located.region for located in (*compiled.located_places, *destinations)}
    keys = compiled.calendars.holiday_keys() | compiled.deliveries.holiday_keys(regions)
    zones = {*compiled.calendars.zones, *(part.time_zone or "UTC" for part in destinations)}
    since, until = compiled.period.clock_range
    since = min(since, context.bound.columns.as_of - DAY_SECONDS)
    return AlmanacDocument(
        holidays=tuple(_holidays(almanac, key) for key in sorted(keys, key=_order)),
        time_zones=tuple(_offsets(almanac, name, since, until) for name in sorted(zones)),
        addresses=_addresses(context),
        destinations=tuple({one.request.model.destination: _destination(one) for one in contexts}.values()),
    )


def _order(key: HolidayKey) -> tuple[str, str, tuple[str, ...], bool, int]:
    return key._replace(subdivision=key.subdivision or "")  # type: ignore[return-value]


def _holidays(almanac: Almanac, key: HolidayKey) -> HolidayYear:
    return HolidayYear(**key._asdict(), dates=dict(sorted(almanac.holidays(key).items())))


def _offsets(almanac: Almanac, name: str, since: int, until: int) -> TimeZoneOffsets:
    found = almanac.offsets(name, since, until)
    changes = tuple(OffsetChange(at=_moment(at), offset_seconds=after) for at, after in found.changes)
    return TimeZoneOffsets(
        id=name, since=_moment(since), until=_moment(until), offset_seconds=found.first, changes=changes
    )


def _addresses(context: AnswerContext) -> tuple[LocatedAddress, ...]:
    """Each address of sites and pickup points once."""
    compiled = context.compiled
    points = {point.id: point for point in compiled.points}
    pairs = list(zip([site.address for site in compiled.sites], compiled.located_sites, strict=True))
    pairs += [
        (points[name].address, located)
        for name, located in zip(compiled.place_ids, compiled.located_places, strict=True)
        if name in points
    ]
    return tuple(
        LocatedAddress(**address.model_dump(), location=_location(located)) for address, located in dict(pairs).items()
    )


def _destination(context: AnswerContext) -> LocatedDestination:
    request = context.request
    latitude, longitude = request.point or (None, None)
    return LocatedDestination(
        asked=request.model.destination,
        parts=tuple(_location(part) for part in request.destinations),
        latitude=latitude,
        longitude=longitude,
        precision=request.precision,
        located_by=request.located_by,
        country=request.country,
        postal_code=request.postal_code,
        postal_prefix=request.postal_prefix,
    )


def _location(located: Located) -> Location:
    return Location(
        **located.spot._asdict(),
        time_zone=located.time_zone,
        precision=located.precision,
        located_by=located.located_by,
    )


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
