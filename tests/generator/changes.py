"""Changes of a case whose effect on the answer is known."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from generator.cases import Case

if TYPE_CHECKING:
    from random import Random

    from generator.world import Doc

_ORDER_MATTERS = {"criteria", "legs", "coordinates"}
_INSTANTS = {"placed_at", "as_of", "expected_at", "due_at", "departure", "start", "not_before", "not_after"}


def asked(case: Case, **fields: Any) -> Case:
    """The case with other fields in its request."""
    return case._replace(request={**case.request, **fields})


def asked_at(case: Case, moment: datetime) -> Case:
    """The case ordered at another instant."""
    return asked(case, placed_at=moment.isoformat())


def placed(case: Case) -> datetime:
    """The instant of the order."""
    return datetime.fromisoformat(case.request["placed_at"])


def shuffled(case: Case, random: Random) -> Case:
    """The same case, with everything in another order whose order means nothing."""
    return Case(case.seed, *(_shuffle(copy.deepcopy(document), random, "") for document in case[1:]))


def _shuffle(value: Any, random: Random, key: str) -> Any:
    if isinstance(value, dict):
        items = [(name, _shuffle(part, random, name)) for name, part in value.items()]
        random.shuffle(items)
        return dict(items)
    if isinstance(value, list) and key not in _ORDER_MATTERS:
        parts = [_shuffle(part, random, "") for part in value]
        random.shuffle(parts)
        return parts
    return value


def more_stock(case: Case) -> Case:
    """More of everything on hand."""
    records = [{**row, "on_hand": str(float(row["on_hand"]) + 7)} for row in case.stock["records"]]
    return case._replace(stock={**case.stock, "records": records})


def more_capacity(case: Case) -> Case:
    """Larger slots, pools, windows and pickup points."""
    network = copy.deepcopy(case.network)
    _enlarge(network)
    return case._replace(network=network)


def _enlarge(value: Any) -> None:
    if isinstance(value, dict):
        for name in ("capacity", "daily_capacity"):
            if isinstance(value.get(name), int) and not isinstance(value[name], bool):
                value[name] += 2
        for part in value.values():
            _enlarge(part)
    elif isinstance(value, list):
        for part in value:
            _enlarge(part)


def one_more_site(case: Case) -> Case:
    """A further site like the first, with as much stock, which hands nothing over and takes nothing in."""
    network, stock = copy.deepcopy(case.network), copy.deepcopy(case.stock)
    first = network["sites"][0]
    more = {
        name: value for name, value in first.items() if name not in {"store_collection", "receiving", "putaway"}
    } | {"id": "S-MORE"}
    network["sites"].append(more)
    for collection in network.get("collections", []):
        if first["id"] in collection["sites"]:
            collection["sites"].append("S-MORE")
    stock["records"] += [{**row, "site": "S-MORE"} for row in stock["records"] if row["site"] == first["id"]]
    return case._replace(network=network, stock=stock)


def one_more_service(case: Case) -> Case:
    """A further service like the first, but a day faster or slower, for the methods that use the first."""
    network = copy.deepcopy(case.network)
    first = network["services"][0]
    network["services"].append({**first, "id": "V-MORE", "lanes": [{"transit": {"maximum_days": 1}}], "overlays": []})
    for row in (*network["methods"], *network.get("collections", [])):
        if first["id"] in row.get("services", []):
            row["services"].append("V-MORE")
    return case._replace(network=network)


def in_fixed_zones(case: Case, offset: int) -> Case:
    """The case with every site and point on a clock without changes, so many hours east of UTC, instants moved along."""
    zone = f"Etc/GMT{-offset:+d}"
    network = copy.deepcopy(case.network)
    for row in (*network["sites"], *network.get("pickup_points", [])):
        row["time_zone"] = zone
    network["exchange_rates"] = [row for row in network["exchange_rates"] if row["valid_from"] == "2025-01-01"]
    shift = -timedelta(hours=offset)
    return case._replace(network=network, stock=_moved(case.stock, shift), request=_moved(case.request, shift))


def _moved(value: Any, shift: timedelta) -> Any:
    if isinstance(value, dict):
        return {
            name: _later(part, shift) if name in _INSTANTS and isinstance(part, str) else _moved(part, shift)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [_moved(part, shift) for part in value]
    return value


def _later(text: str, shift: timedelta) -> str:
    return (datetime.fromisoformat(text) + shift).isoformat()


def at_a_place(case: Case) -> Doc | None:
    """A destination by the id of the first store or pickup point, if there is one."""
    stores = [row["id"] for row in case.network["sites"] if "store_collection" in row]
    points = [row["id"] for row in case.network.get("pickup_points", [])]
    return {"place": (points + stores)[0]} if points + stores else None
