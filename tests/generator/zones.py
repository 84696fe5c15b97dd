"""Zone sets and areas: near the destination, around it, and everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.towns import Town
    from generator.world import Doc, World

KINDS = ("postal_codes", "prefixes", "ranges", "polygon", "cities", "subdivisions", "countries")


def area(town: Town, kind: str, *, wide: bool = False) -> Doc:
    """An area of a kind that holds the town; the wide one holds the narrow one."""
    inside: Doc = {"countries": [town.country]}
    if kind == "prefixes":
        return inside | {"prefixes": [town.prefixes[0 if wide else 1]]}
    if kind == "ranges" and town.ranges:
        return inside | {"ranges": [town.ranges[1 if wide else 0]]}
    if kind == "polygon":
        return {"polygon": rectangle(town, 1.5)}
    if kind == "cities":
        return inside | {"cities": [town.city]}
    if kind == "subdivisions" and town.subdivision:
        return inside | {"subdivisions": [town.subdivision]}
    if kind == "postal_codes":
        return inside | {"postal_codes": [town.code]}
    return inside


def rectangle(town: Town, half: float) -> Doc:
    """A GeoJSON rectangle around the town."""
    lat, lon = town.point
    corners = [(lon - half, lat - half), (lon + half, lat - half), (lon + half, lat + half), (lon - half, lat + half)]
    ring = [[round(x, 3), round(y, 3)] for x, y in [*corners, corners[0]]]
    return {"type": "Polygon", "coordinates": [ring]}


def zone_set(world: World, draw: Draw) -> str:
    """Add a zone set with a zone `near` that (mostly) holds the destination, and `rest`; its id."""
    town = world.town
    kind = draw.pick(KINDS)
    near: Doc = {"id": "near", "areas": [area(town, kind)]}
    if draw.chance(0.2):
        near["areas"].append({"countries": ["NO"]})
    if draw.chance(0.06):
        near["exclude"] = [area(town, draw.pick(KINDS))]
    zones = [near]
    if kind in {"prefixes", "ranges"} and draw.chance(0.5) and (kind == "prefixes" or town.ranges):
        zones.append({"id": "wide", "areas": [area(town, kind, wide=True)]})
    elif kind != "countries" and near["areas"][0] != area(town, "countries") and draw.chance(0.4):
        zones.append({"id": "wide", "name": "the country", "areas": [area(town, "countries")]})
    rest = [{"countries": ["SE"]}, {"rest": True}] if draw.chance(0.2) else [{"rest": True}]
    zones.append({"id": "rest", "areas": rest})
    return world.add("zone_sets", {"id": world.fresh("zone_sets", "Z"), "zones": zones})


def zone_ids(world: World, set_id: str) -> list[str]:
    """The zones of a zone set."""
    return [zone["id"] for row in world.list_of("zone_sets") if row["id"] == set_id for zone in row["zones"]]
