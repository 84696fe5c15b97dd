"""Places: postal codes, coordinates, holiday subdivisions, time zones.

Nothing here reads a clock; nothing but `fetch` uses the network. Tables are read country by
country, when first asked for. Data: GeoNames (https://www.geonames.org), CC BY 4.0; see
``data/places/NOTICE.md``.
"""

from __future__ import annotations

from promise_engine.places._errors import CountryError, PlaceError, PlaceFileError, PostalCodeError
from promise_engine.places._locations import Location, distance_metres, locate
from promise_engine.places._neighbours import Neighbour, neighbours
from promise_engine.places._pgeocode_files import available, data_directory, fetch
from promise_engine.places._postal_codes import (
    expand_prefix,
    is_prefix,
    normalise,
    normalise_prefix,
)
from promise_engine.places._representatives import (
    code_digits,
    first_code,
    is_finer_than_table,
    known_codes,
    representatives,
)
from promise_engine.places._subdivisions import known_subdivisions, subdivision
from promise_engine.places._time_zones import time_zone

__all__ = [
    "CountryError",
    "Location",
    "Neighbour",
    "PlaceError",
    "PlaceFileError",
    "PostalCodeError",
    "available",
    "code_digits",
    "data_directory",
    "distance_metres",
    "expand_prefix",
    "fetch",
    "first_code",
    "is_finer_than_table",
    "is_prefix",
    "known_codes",
    "known_subdivisions",
    "locate",
    "neighbours",
    "normalise",
    "normalise_prefix",
    "representatives",
    "subdivision",
    "time_zone",
]
