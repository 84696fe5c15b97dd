"""What a case holds while it is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from generator.draw import Draw
    from generator.towns import Town

Doc = dict[str, Any]


def keep(**fields: Any) -> Doc:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def wall(day: date, clock: str, zone: str, days: int = 0) -> datetime:
    """The instant of a wall-clock time `HH:MM` or `24:00` on a date, in UTC; in doubt the first, as PEP 495 says."""
    hours, minutes = (int(part) for part in clock.split(":")[:2])
    whole = day + timedelta(days=days + hours // 24)
    return datetime.combine(whole, time(hours % 24, minutes), ZoneInfo(zone)).astimezone(UTC)


@dataclass
class World:
    """The documents of a case in the making, and the facts that several parts need."""

    draw: Draw
    town: Town
    today: date
    horizon: int
    network: Doc = field(default_factory=dict)
    items: list[Doc] = field(default_factory=list)
    stock: Doc = field(default_factory=dict)
    request: Doc = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    near: dict[str, str] = field(default_factory=dict)
    clocks: list[tuple[str, str]] = field(default_factory=list)
    hidden: dict[str, set[str]] = field(default_factory=dict)
    skus: list[str] = field(default_factory=list)
    scarce: str | None = None
    booked_out: set[str] = field(default_factory=set)

    @property
    def goes_far(self) -> bool:
        """Whether a route has several legs: what comes on top mostly leaves such a case alone, it needs its days."""
        return any(len(route["legs"]) > 1 for route in self.network.get("routes", ()))

    def list_of(self, name: str) -> list[Doc]:
        """A list of the network document, made when first asked for."""
        rows: list[Doc] = self.network.setdefault(name, [])
        return rows

    def add(self, name: str, row: Doc) -> str:
        """Add a row to a list of the network; its id."""
        self.list_of(name).append(row)
        return str(row.get("id", ""))

    def fresh(self, name: str, prefix: str) -> str:
        """An id not used yet in a list of the network."""
        return f"{prefix}{len(self.list_of(name))}"

    def day(self, offset: int) -> str:
        """A date so many days after the order, as text."""
        return (self.today + timedelta(days=offset)).isoformat()

    def site(self, site_id: str) -> Doc:
        """A site by its id."""
        return next(site for site in self.list_of("sites") if site["id"] == site_id)

    def service(self, service_id: str) -> Doc:
        """A service by its id."""
        return next(service for service in self.list_of("services") if service["id"] == service_id)

    def sku(self, draw: Draw) -> str:
        """One of the items, rather the scarce one."""
        return self.scarce if self.scarce and draw.chance(0.6) else draw.pick(self.skus)

    def item(self, sku: str) -> Doc:
        """An item by its SKU."""
        return next(item for item in self.items if item["sku"] == sku)

    def needs(self, line: Doc) -> dict[str, Decimal]:
        """What a line that ships takes of stock, by SKU: itself, or what the kits hold."""
        quantity = Decimal(str(line["quantity"])) if line.get("ships", True) else Decimal(0)
        held = self.item(line["sku"]).get("components", ()) if line["sku"] in {i["sku"] for i in self.items} else ()
        parts = {part["sku"]: quantity * Decimal(str(part.get("quantity", 1))) for part in held}
        return parts or {line["sku"]: quantity} if quantity else {}

    def groups(self) -> list[str]:
        """The site groups that some site names."""
        return sorted({group for site in self.list_of("sites") for group in site.get("groups", [])})

    def hide(self, site_id: str, method_id: str) -> None:
        """Do not show a site to a method."""
        self.hidden.setdefault(method_id, set()).add(site_id)
