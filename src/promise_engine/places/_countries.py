"""The country codes that are understood: ISO 3166-1 alpha-2."""

from __future__ import annotations

from promise_engine.errors import expect_type
from promise_engine.places._errors import CountryError

# ISO 3166-1 alpha-2, officially assigned codes (249), and XK: user-assigned, but what the
# European Union, the postal operators and the shop platforms write for Kosovo.
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
    ZW XK
    """.split()  # noqa: SIM905 - one line for ten countries
)

_HINTS = {
    "UK": "the United Kingdom is GB",
    "EL": "Greece is GR",
    "EN": "the United Kingdom is GB",
    "IC": "the Canary Islands are ES",
    "AN": "the Netherlands Antilles are BQ, CW and SX today",
    "EU": "the European Union is not a country",
}


def country_code(text: str) -> str:
    """Return the ISO code in capitals, or raise CountryError."""
    expect_type("country", text, str, "an ISO 3166-1 code, such as 'FR'")
    code = text.strip().upper()
    if code not in COUNTRIES:
        raise CountryError(text, _HINTS.get(code, ""))
    return code
