"""Objects that nothing names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise_engine.inputs._rules.findings import SINGULAR, each

if TYPE_CHECKING:
    from promise_engine.check._facts import Facts
    from promise_engine.models.place import Zone

_NAMED_BY: dict[str, tuple[str, ...]] = {
    "calendars": (
        "sites.*.preparation.calendar",
        "sites.*.preparation.dispatch",
        "sites.*.receiving",
        "sites.*.store_collection.opening",
        "calendars.*.all_of.*",
        "calendars.*.any_of.*",
        "carriers.*.collection_days",
        "services.*.lanes.*.transit.network_days",
        "services.*.lanes.*.transit.hours",
        "services.*.lanes.*.delivery.days",
        "services.*.delivery.days",
        "pickup_points.*.opening",
    ),
    "carriers": ("services.*.carrier",),
    "services": ("methods.*.services.*", "routes.*.legs.*.service"),
    "collection_pools": ("collections.*.pool",),
    "routes": ("methods.*.routes.*",),
    "zone_sets": ("services.*.zone_set", "tariffs.*.zone_set", "methods.*.zone_set"),
    "tariffs": ("services.*.tariff",),
    "transport_modes": ("services.*.transport",),
    "policies": ("channels.*.policy",),
}
_ZONE_NAMES = (
    ("services", ("lanes.*.destinations", "lanes.*.origins"), ("overlays.*.zones.*",)),
    ("tariffs", ("rows.*.zone",), ("surcharges.*.zones.*",)),
    ("methods", ("zones",), ("price.*.zone",)),
)


def check_objects_are_named(facts: Facts) -> None:
    """An object that no other object names."""
    for kind, patterns in _NAMED_BY.items():
        named = {name for pattern in patterns for _, name in each(facts.network, pattern)}
        for i, thing in enumerate(getattr(facts.network, kind)):
            if thing.id not in named:
                facts.findings.warn((kind, i), "", f"a {SINGULAR[kind]} that something names", "unused")


def check_zones_are_named(facts: Facts) -> None:
    """A zone that no lane, overlay, price or method names, and that takes no destination out of another zone."""
    for i, zone_set in enumerate(facts.network.zone_sets):
        named = _named_zones(facts, zone_set.id)
        if named is None:
            continue
        for k, zone in enumerate(zone_set.zones):
            if zone.id not in named and not any(
                _may_share(zone, other) for other in zone_set.zones if other is not zone
            ):
                words = "a zone that a lane, an overlay, a price or a method names"
                facts.findings.warn(("zone_sets", i, "zones", k), "", words, "unused")


def _named_zones(facts: Facts, zone_set: str) -> set[str] | None:
    """Zones of a set that are named; None when all count: something treats them alike, or nothing uses the set."""
    named: set[str] = set()
    owners = 0
    for kind, lists, others in _ZONE_NAMES:
        for owner in getattr(facts.network, kind):
            if owner.zone_set != zone_set:
                continue
            owners += 1
            if kind == "services" and any(lane.destinations is None for lane in owner.lanes):
                return None
            for pattern in lists:
                for _, found in each(owner, pattern):
                    named |= {found} if isinstance(found, str) else set(found)
            named |= {name for pattern in others for _, name in each(owner, pattern)}
    return named if owners else None


def _may_share(zone: Zone, other: Zone) -> bool:
    """Whether two zones may hold one place, as far as their countries tell."""
    if any(area.rest or area.polygon is not None for area in (*zone.areas, *other.areas)):
        return True
    return bool(
        {c for area in zone.areas for c in area.countries} & {c for area in other.areas for c in area.countries}
    )


UNUSED = (check_objects_are_named, check_zones_are_named)
