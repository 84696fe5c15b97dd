"""Real towns and interesting dates."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple


class Town(NamedTuple):
    """A postal code with what the generator needs to know of it."""

    country: str
    code: str
    city: str
    zone: str
    subdivision: str | None
    point: tuple[float, float]
    prefixes: tuple[str, str]
    ranges: tuple[str, str] | None
    located: bool = True

    def address(self, offset: tuple[float, float] | None = None, *, city: bool = True) -> dict[str, Any]:
        """An address in the town, with its own coordinates when an offset in degrees is given."""
        address: dict[str, Any] = {"country": self.country, "postal_code": self.code}
        if city:
            address["city"] = self.city
        if offset is not None:
            address["latitude"] = round(self.point[0] + offset[0], 4)
            address["longitude"] = round(self.point[1] + offset[1], 4)
        return address


STRASBOURG = Town(
    "FR", "67000", "Strasbourg", "Europe/Paris", "6AE", (48.584, 7.745), ("6", "670"), ("67000..67999", "60000..69999")
)
METZ = Town(
    "FR", "57000", "Metz", "Europe/Paris", "57", (49.128, 6.178), ("5", "570"), ("57000..57999", "50000..59999")
)
LYON = Town(
    "FR", "69002", "Lyon", "Europe/Paris", None, (45.754, 4.842), ("69", "6900"), ("69001..69009", "69000..69999")
)
AJACCIO = Town(
    "FR", "20000", "Ajaccio", "Europe/Paris", None, (41.919, 8.738), ("20", "200"), ("20000..20199", "20000..20999")
)
FORT_DE_FRANCE = Town(
    "MQ",
    "97200",
    "Fort-de-France",
    "America/Martinique",
    None,
    (14.604, -61.067),
    ("972", "9720"),
    ("97200..97209", "97200..97299"),
)
ZURICH = Town("CH", "8001", "Zürich", "Europe/Zurich", "ZH", (47.372, 8.536), ("8", "80"), ("8000..8099", "8000..8999"))
GENEVA = Town("CH", "1201", "Genève", "Europe/Zurich", "GE", (46.206, 6.145), ("1", "12"), ("1200..1299", "1000..1999"))
MADRID = Town(
    "ES", "28001", "Madrid", "Europe/Madrid", "MD", (40.426, -3.688), ("28", "280"), ("28001..28099", "28000..28999")
)
LAS_PALMAS = Town(
    "ES",
    "35001",
    "Las Palmas",
    "Atlantic/Canary",
    "CN",
    (28.097, -15.429),
    ("35", "350"),
    ("35001..35099", "35000..35999"),
)
PONTA_DELGADA = Town("PT", "9500-001", "Ponta Delgada", "Atlantic/Azores", "20", (37.75, -25.667), ("9", "95"), None)
LISBON = Town("PT", "1000-001", "Lisboa", "Europe/Lisbon", "11", (38.717, -9.133), ("1", "10"), None)
LONDON = Town("GB", "SW1A 1AA", "London", "Europe/London", "ENG", (51.502, -0.133), ("SW", "SW1A"), None)
EDINBURGH = Town("GB", "EH1 1AA", "Edinburgh", "Europe/London", "SCT", (55.952, -3.196), ("EH", "EH1"), None)
MUNICH = Town(
    "DE", "80331", "München", "Europe/Berlin", "BY", (48.138, 11.558), ("80", "8033"), ("80331..80339", "80000..80999")
)
BRUSSELS = Town(
    "BE", "1000", "Bruxelles", "Europe/Brussels", None, (50.85, 4.349), ("1", "10"), ("1000..1099", "1000..1999")
)
NEW_YORK = Town(
    "US",
    "10001",
    "New York",
    "America/New_York",
    "NY",
    (40.762, -73.978),
    ("100", "1000"),
    ("10001..10099", "10000..10999"),
)
TOKYO = Town("JP", "100-0001", "Chiyoda", "Asia/Tokyo", None, (35.68, 139.76), ("1", "10"), None, located=False)

ORIGINS: dict[Town, float] = {
    STRASBOURG: 3, METZ: 2, LYON: 3, AJACCIO: 1, FORT_DE_FRANCE: 1, ZURICH: 1, MADRID: 1.5, LAS_PALMAS: 1, PONTA_DELGADA: 1,
    LONDON: 2, MUNICH: 1, BRUSSELS: 1, NEW_YORK: 1.5,
}  # fmt: skip

DESTINATIONS: dict[Town, float] = {
    STRASBOURG: 3, METZ: 2, LYON: 3, AJACCIO: 1, FORT_DE_FRANCE: 1.5, ZURICH: 1.5, GENEVA: 1, MADRID: 1, LAS_PALMAS: 1.5,
    PONTA_DELGADA: 1.5, LISBON: 0.5, LONDON: 2, EDINBURGH: 1, MUNICH: 1, BRUSSELS: 1, NEW_YORK: 1.5, TOKYO: 1.7,
}  # fmt: skip

DATES: dict[date, float] = {
    date(2026, 3, 7): 0.5, date(2026, 3, 27): 2, date(2026, 3, 28): 1, date(2026, 3, 29): 1.5, date(2026, 4, 2): 1, date(2026, 5, 7): 1,
    date(2026, 5, 13): 1, date(2026, 6, 12): 1, date(2026, 6, 16): 2, date(2026, 7, 13): 1, date(2026, 7, 31): 1, date(2026, 10, 22): 1,
    date(2026, 10, 23): 2, date(2026, 10, 24): 1.5, date(2026, 10, 25): 1.5, date(2026, 10, 30): 2, date(2026, 11, 1): 1, date(2026, 11, 20): 1,
    date(2026, 12, 23): 1, date(2026, 12, 24): 1, date(2026, 12, 30): 1, date(2026, 12, 31): 1, date(2027, 1, 4): 1, date(2028, 2, 25): 1,
    date(2028, 2, 28): 1, date(2028, 2, 29): 1,
}  # fmt: skip
"""Local dates of the order: clock changes, long weekends, year ends, 29 February, and plain weeks."""
