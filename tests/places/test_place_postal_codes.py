"""Postal codes and prefixes in their one written form."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promise_engine.places import (
    CountryError,
    PlaceError,
    PostalCodeError,
    expand_prefix,
    is_prefix,
    normalise,
    normalise_prefix,
)
from promise_engine.places._countries import COUNTRIES
from promise_engine.places._patterns import _PATTERNS, expected_words
from promise_engine.places._territories import TERRITORIES

PATTERNED = sorted(_PATTERNS)
DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("gb", "SW1A1AA", ("GB", "SW1A 1AA")),
        ("GB", "sw1a 1aa", ("GB", "SW1A 1AA")),
        ("GB", "SW1A", ("GB", "SW1A")),
        ("GB", "m1 1ae", ("GB", "M1 1AE")),
        ("GB", "gir0aa", ("GB", "GIR 0AA")),
        ("GB", "bfpo12", ("GB", "BFPO 12")),
        ("LU", "L-1009", ("LU", "1009")),
        ("LU", "LU-1009", ("LU", "1009")),
        ("BE", "B-1000", ("BE", "1000")),
        ("AT", "A-1010", ("AT", "1010")),
        ("CH", "CH-8001", ("CH", "8001")),
        ("DE", "D-10115", ("DE", "10115")),
        ("FR", "F-75001", ("FR", "75001")),
        ("FR", "75 001", ("FR", "75001")),
        ("ES", "E-28001", ("ES", "28001")),
        ("NL", "NL-1012 AB", ("NL", "1012 AB")),
        ("NL", "1012ab", ("NL", "1012 AB")),
        ("NL", "1012", ("NL", "1012")),
        ("IE", "D02X285", ("IE", "D02 X285")),
        ("IE", "d6w xy00", ("IE", "D6W XY00")),
        ("IE", "D02", ("IE", "D02")),
        ("SE", "S-11122", ("SE", "111 22")),
        ("PL", "00001", ("PL", "00-001")),
        ("PT", "1000001", ("PT", "1000-001")),
        ("PT", "1000", ("PT", "1000")),
        ("BR", "01000000", ("BR", "01000-000")),
        ("US", "10001-1234", ("US", "10001")),
        ("US", "100011234", ("US", "10001")),
        ("CZ", "11000", ("CZ", "110 00")),
        ("LV", "LV-1010", ("LV", "1010")),
        ("AD", "ad500", ("AD", "AD500")),
        ("FR", "\uff17\uff15\uff10\uff10\uff11", ("FR", "75001")),
        ("FR", "\u00a075001\u2011", ("FR", "75001")),
    ],
)
def test_one_written_form(country: str, text: str, expected: tuple[str, str]) -> None:
    """Each way of writing a code gives the canonical one."""
    assert expected == normalise(country, text)


@pytest.mark.parametrize("text", ["75021 CEDEX 01", "75021 cedex", "F-75021 Cedex 1"])
def test_cedex_is_dropped(text: str) -> None:
    """The word CEDEX and its number are no part of a French code."""
    assert normalise("FR", text) == ("FR", "75021")


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("FR", "97110", ("GP", "97110")),
        ("FR", "97133", ("BL", "97133")),
        ("GP", "97133", ("BL", "97133")),
        ("FR", "97150", ("MF", "97150")),
        ("FR", "97200", ("MQ", "97200")),
        ("FR", "97300", ("GF", "97300")),
        ("FR", "97400", ("RE", "97400")),
        ("FR", "97500", ("PM", "97500")),
        ("FR", "97600", ("YT", "97600")),
        ("FR", "98600", ("WF", "98600")),
        ("FR", "98714", ("PF", "98714")),
        ("FR", "98800", ("NC", "98800")),
        ("FR", "98000", ("MC", "98000")),
        ("FR", "98001 CEDEX", ("MC", "98001")),
        ("FR", "20000", ("FR", "20000")),
        ("CH", "9484", ("CH", "9484")),
        ("CH", "9485", ("LI", "9485")),
        ("CH", "9498", ("LI", "9498")),
        ("CH", "9499", ("CH", "9499")),
        ("IT", "I-47890", ("SM", "47890")),
        ("IT", "I-00120", ("VA", "00120")),
        ("FI", "22100", ("AX", "22100")),
        ("GB", "JE2 3AB", ("JE", "JE2 3AB")),
        ("GB", "GY11AA", ("GG", "GY1 1AA")),
        ("GB", "IM1", ("IM", "IM1")),
        ("GB", "GX11 1AA", ("GI", "GX11 1AA")),
        ("US", "00601", ("PR", "00601")),
        ("US", "00901-1234", ("PR", "00901")),
        ("US", "00801", ("VI", "00801")),
        ("US", "96910", ("GU", "96910")),
        ("US", "96799", ("AS", "96799")),
        ("US", "96950", ("MP", "96950")),
        ("US", "96940", ("PW", "96940")),
        ("US", "96941", ("FM", "96941")),
        ("US", "96960", ("MH", "96960")),
        ("DK", "3900", ("GL", "3900")),
        ("NO", "9170", ("SJ", "9170")),
    ],
)
def test_moved_to_its_country(country: str, text: str, expected: tuple[str, str]) -> None:
    """A code of another country's part of the postal plan is moved there."""
    assert expected == normalise(country, text)
    assert expected == normalise(*expected)


@pytest.mark.parametrize("country", ["FR", "DE", "IT", "ES", "FI", "US"])
def test_lost_zero_is_refused(country: str) -> None:
    """A number instead of a text has lost its leading zero, and the error says so."""
    with pytest.raises(PostalCodeError, match="leading zero may have been lost: 01000") as caught:
        normalise(country, "1000")
    assert caught.value.country == country
    assert caught.value.value == "1000"
    assert caught.value.expected == expected_words(country)
    assert "5 digits" in caught.value.expected


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("FR", "2A004"),
        ("FR", ""),
        ("FR", "750011"),
        ("BE", "10000"),
        ("BE", "0100"),
        ("NL", "1012 SS"),
        ("NL", "0112 AB"),
        ("GB", "SW1A 1A"),
        ("IE", "B02 X285"),
        ("RE", "97110"),
        ("MC", "06000"),
        ("JE", "GY1 1AA"),
        ("LI", "8001"),
        ("DE", "\u0661\u0660\u0661\u0661\u0665"),
        ("HK", ""),
        ("HK", "12345678901"),
        ("HK", "ABC_"),
        ("FR", "7" * 1000),
    ],
)
def test_refused(country: str, text: str) -> None:
    """A text that is no code of the country is refused with the expected form."""
    with pytest.raises(PostalCodeError, match=r"expected .* such as"):
        normalise(country, text)


def test_message_is_whole() -> None:
    """The message names country, expected form with example, and what came."""
    with pytest.raises(PostalCodeError) as caught:
        normalise("NL", "99")
    expected = "postal code of NL: expected 4 digits, a space, 2 letters, such as 1012 AB, got '99'"
    assert expected == str(caught.value)


@pytest.mark.parametrize("country", ["ZZ", "FRA", "", "F", "UK"])
def test_country_is_checked(country: str) -> None:
    """A country that is not in ISO 3166-1 is refused, whatever the code."""
    with pytest.raises(CountryError, match="ISO 3166-1"):
        normalise(country, "75001")


def test_uk_is_explained() -> None:
    """Who writes UK is told to write GB."""
    with pytest.raises(CountryError, match="the United Kingdom is GB"):
        normalise("UK", "SW1A 1AA")


def test_country_without_pattern() -> None:
    """Of a country whose pattern is not known any short code is taken."""
    assert normalise("hk", " abc-1  2 ") == ("HK", "ABC-1 2")


@pytest.mark.parametrize("error", [CountryError("UK", "h"), PostalCodeError("FR", "1", "e", "h")])
def test_errors_travel(error: PlaceError) -> None:
    """Errors survive pickling, so that worker processes can pass them on."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert vars(again) == vars(error)
    assert str(again) == str(error)


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("FR", "69", ("FR", "69")),
        ("FR", "F-69", ("FR", "69")),
        ("FR", "97", ("FR", "97")),
        ("FR", "974", ("RE", "974")),
        ("FR", "", ("FR", "")),
        ("GB", "sw", ("GB", "SW")),
        ("GB", "SW1A", ("GB", "SW1A")),
        ("GB", "SW1A1", ("GB", "SW1A 1")),
        ("GB", "M1 1", ("GB", "M1 1")),
        ("GG", "GY10", ("GG", "GY10")),
        ("GG", "GY1 0", ("GG", "GY1 0")),
        ("GB", "M11", ("GB", "M11")),
        ("GB", "JE", ("JE", "JE")),
        ("US", "006", ("PR", "006")),
        ("US", "10001-12", ("US", "10001")),
        ("CH", "949", ("CH", "949")),
        ("NL", "1012A", ("NL", "1012 A")),
        ("PT", "10000", ("PT", "1000-0")),
        ("PT", "1000", ("PT", "1000")),
        ("IE", "D0", ("IE", "D0")),
        ("IT", "4789", ("SM", "4789")),
        ("HK", "a1", ("HK", "A1")),
    ],
)
def test_prefix(country: str, text: str, expected: tuple[str, str]) -> None:
    """The start of a code has one written form as well."""
    assert expected == normalise_prefix(country, text)
    assert is_prefix(country, text)


@pytest.mark.parametrize(
    ("country", "text"),
    [("FR", "7Z"), ("FR", "123456"), ("GB", "1"), ("BE", "B-X"), ("IE", "DD"), ("ZZ", "1")],
)
def test_impossible_prefix(country: str, text: str) -> None:
    """A text that begins no code of the country is refused."""
    assert not is_prefix(country, text)
    with pytest.raises(PlaceError):
        normalise_prefix(country, text)


def test_expansion_of_a_french_prefix() -> None:
    """97 covers the overseas departments, which are countries of their own."""
    assert {iso for iso, _ in expand_prefix("FR", "97")} == {"FR", "GP", "MQ", "GF", "RE", "PM", "YT", "BL", "MF"}
    assert expand_prefix("FR", "974") == (("RE", "974"),)
    assert expand_prefix("FR", "2a") == (("FR", "200"), ("FR", "201"))
    assert expand_prefix("FR", "2B") == (("FR", "202"), ("FR", "206"))
    assert expand_prefix("FR", "971") == (("GP", "971"), ("BL", "97133"), ("MF", "97150"))
    assert expand_prefix("FR", "") == (("FR", ""),)
    assert expand_prefix("BE", "1") == (("BE", "1"),)


@pytest.mark.parametrize("country", PATTERNED)
def test_example_is_a_code(country: str) -> None:
    """The example in each error message is a code of that country."""
    example = _PATTERNS[country].example
    assert normalise(country, example) == (country, example)


def test_territories_are_countries() -> None:
    """Every country that a code is moved to exists and takes the code."""
    for starts in TERRITORIES.values():
        for start, target in starts.items():
            assert target in COUNTRIES
            assert is_prefix(target, start)


COUNTRY = st.one_of(st.sampled_from(sorted(COUNTRIES)), st.text(max_size=3))
CODE = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=DIGITS_AND_LETTERS + " -", max_size=10),
    st.from_regex(r"[A-Z]{0,2}-?[0-9]{2,5}[ -]?[A-Z0-9]{0,4}", fullmatch=True),
)


@given(COUNTRY, CODE)
def test_normalise_is_idempotent(country: str, text: str) -> None:
    """Arbitrary text gives a code that normalises to itself, or one of our errors."""
    try:
        once = normalise(country, text)
    except PlaceError:
        return
    assert normalise(*once) == once
    assert once[1].isascii()


@given(COUNTRY, CODE)
def test_prefix_is_idempotent(country: str, text: str) -> None:
    """Arbitrary text gives a prefix that normalises to itself, or one of our errors."""
    try:
        once = normalise_prefix(country, text)
    except PlaceError:
        assert not is_prefix(country, text)
        return
    assert normalise_prefix(*once) == once


@given(st.data())
def test_start_of_a_code_is_its_prefix(data: st.DataObject) -> None:
    """Every cut of a canonical code is a prefix that the code begins with."""
    country = data.draw(st.sampled_from(PATTERNED))
    shape = data.draw(st.sampled_from(_PATTERNS[country].shapes))
    kinds = {"n": "0123456789", "l": DIGITS_AND_LETTERS[10:], "x": DIGITS_AND_LETTERS}
    text = "".join(data.draw(st.sampled_from(kinds.get(kind, kind))) for kind in shape)
    try:
        home, code = normalise(country, text)
    except PostalCodeError:
        return
    cut = code[: data.draw(st.integers(0, len(code)))]
    moved, prefix = normalise_prefix(home, cut)
    assert (moved, code.startswith(prefix)) == (home, True)
    assert len(prefix) >= len(cut.rstrip(" -"))


def test_codes_are_not_written_with_the_name_of_a_department() -> None:
    """A code that begins with 2A is refused, with how codes of Southern Corsica begin."""
    with pytest.raises(PostalCodeError, match="codes of 2A begin with 200 or 201"):
        normalise("FR", "2A004")
