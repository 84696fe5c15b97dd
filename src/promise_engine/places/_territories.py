"""Postal plans that hold more than one country.

A code of the plan's country is moved to the country it belongs to: the same place has one name,
whatever the customer chose in the list of countries.

Sources: La Poste and INSEE (overseas departments and collectivities), Swiss Post (9485 to 9498 are
Liechtenstein), Poste Italiane (4789x San Marino, 00120 Vatican), Posti (22xxx Åland), Royal Mail
(JE, GY, IM), USPS Publication 65 (territories and freely associated states), PostNord (39xx
Greenland), Posten Norge (917x Svalbard, 8099 Jan Mayen), Australia Post; checked 2026-11.
"""

from __future__ import annotations

_FRENCH = {
    "970": "GP", "971": "GP", "97133": "BL", "97150": "MF", "972": "MQ", "973": "GF", "974": "RE",
    "975": "PM", "976": "YT", "977": "BL", "978": "MF", "980": "MC", "984": "TF", "986": "WF",
    "987": "PF", "988": "NC",
}  # fmt: skip
_LIECHTENSTEIN = {str(code): "LI" for code in range(9485, 9499)}
_AMERICAN = {
    "006": "PR", "007": "PR", "009": "PR", "008": "VI", "96799": "AS",
    "9691": "GU", "9692": "GU", "9693": "GU", "96939": "PW", "96940": "PW",
    "96941": "FM", "96942": "FM", "96943": "FM", "96944": "FM",
    "9695": "MP", "96960": "MH", "96970": "MH",
}  # fmt: skip

#: Country -> name of a department that its codes do not begin with -> how they begin.
DEPARTMENTS = {"FR": {"2A": ("200", "201"), "2B": ("202", "206")}}

#: Country of the plan -> start of the code, without separators -> country it belongs to.
TERRITORIES: dict[str, dict[str, str]] = {
    "AU": {"2899": "NF", "6798": "CX", "6799": "CC"},
    "CH": _LIECHTENSTEIN,
    "DK": {"39": "GL"},
    "FI": {"22": "AX"},
    "FR": _FRENCH,
    "GB": {"JE": "JE", "GY": "GG", "IM": "IM", "GX11": "GI"},
    "GP": {"97133": "BL", "97150": "MF"},
    "IT": {"4789": "SM", "00120": "VA"},
    "NO": {"917": "SJ", "8099": "SJ"},
    "US": _AMERICAN,
}


def country_of(country: str, compact: str) -> str:
    """Return the country that a code, or a prefix of one, of this plan belongs to."""
    starts = TERRITORIES.get(country)
    if starts is None:
        return country
    for length in range(len(compact), 1, -1):
        target = starts.get(compact[:length])
        if target is not None:
            return target
    return country
