"""What people type: read where it is certain, asked about where it is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.okr.parsing import Marks, Question, Typed, parse

EN, DE, CH = Marks(".", ","), Marks(",", ". "), Marks(".", "'’")


def amount(text: str, marks: Marks | None = None, unit: str | None = None) -> tuple[str, str]:
    found = parse(text, marks, unit)
    assert isinstance(found, Typed), found
    return f"{found.value:f}", found.unit


def choices(text: str, marks: Marks | None = None, unit: str | None = None) -> list[str]:
    found = parse(text, marks, unit)
    assert isinstance(found, Question)
    return [each.text() for each in found.choices]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("500K", "500000", ""),
        ("300k", "300000", ""),
        ("$500K", "500000", "USD"),
        ("€5 million", "5000000", "EUR"),
        ("EUR 5 million", "5000000", "EUR"),
        ("15M USD", "15000000", "USD"),
        ("2bn", "2000000000", ""),
        ("12.5%", "12.5", "%"),
        ("15 pp", "15", "pp"),
        ("3 percentage points", "3", "pp"),
        ("-7%", "-7", "%"),
        ("−7%", "-7", "%"),
        ("5 days", "5", "days"),
        ("0.5 s", "0.5", "s"),
        ("4.8 stars", "4.8", "stars"),
        ("200 MQLs", "200", "MQLs"),
        ("3 Bäume", "3", "Bäume"),
        ("40 meetings", "40", "meetings"),
        ("1,234.5", "1234.5", ""),
        ("1.234,5", "1234.5", ""),
        ("1.234.567", "1234567", ""),
        ("1,5", "1.5", ""),
        ("0,500", "0.500", ""),
        ("12 000", "12000", ""),
        ("1'234", "1234", ""),
    ],
)
def test_what_is_certain_is_read(text: str, value: str, unit: str) -> None:
    """S45: no language is needed where there is one reading."""
    assert amount(text) == (value, unit)


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.500", "100,000"])
def test_a_thousand_or_a_bit_more_than_one(text: str) -> None:
    """Both readings are offered; a language decides."""
    assert len(choices(text)) == 2
    read = {Decimal(amount(text, marks)[0]) for marks in (EN, DE)}
    assert read == {Decimal(each) for each in choices(text)}


@pytest.mark.parametrize(
    ("text", "marks", "value"),
    [
        ("1.234", DE, "1234"),
        ("1.234", EN, "1.234"),
        ("1,234", EN, "1234"),
        ("1'234.5", CH, "1234.5"),
        ("1\u202f234,5", DE, "1234.5"),
    ],
)
def test_a_given_language_decides(text: str, marks: Marks, value: str) -> None:
    """The locale is explicit, never the machine's."""
    assert amount(text, marks) == (value, "")


@pytest.mark.parametrize(
    ("text", "marks"), [("1,5", EN), ("12.34", DE), ("1,23,456", EN), ("1.2.3", DE), ("1 234.567,8", DE)]
)
def test_what_a_language_does_not_write_is_asked_about(text: str, marks: Marks) -> None:
    """A wrong grouping is a typing error, not a number."""
    assert choices(text, marks) == []


def test_a_prime_is_minutes_of_a_time_and_asked_about_elsewhere() -> None:
    """S47: 20' of first use."""
    assert amount("20'", unit="minutes") == ("20", "minutes")
    assert choices("20'") == ["20 minutes", "20 feet"]


def test_a_small_m_is_asked_about_unless_the_metric_tells() -> None:
    """Millions of users, minutes of a duration; of nothing known, all three."""
    assert amount("3m", unit="DAU") == ("3000000", "")
    assert amount("3m", unit="hours") == ("3", "minutes")
    assert amount("€3m") == ("3000000", "EUR")
    assert choices("3m") == ["3000000", "3 minutes", "3 metres"]


@pytest.mark.parametrize("text", ["", "soon", "X", "x%", "ten", "USD 5 EUR", "QQQ 5", "€5 pp", "5 5 5"])
def test_what_is_no_amount_has_no_choices(text: str) -> None:
    """Two currencies, one that does not exist, words: asked, never guessed."""
    assert choices(text) == []


def test_a_question_lists_every_way_to_read_it() -> None:
    """So that a person can answer it."""
    asked = parse("1.234")
    assert isinstance(asked, Question)
    assert asked.told() == "'1.234' can be read in 2 ways: 1.234 or 1234"


@given(st.text(max_size=20))
def test_no_text_raises(text: str) -> None:
    """Any cell can be handed over."""
    assert isinstance(parse(text), Typed | Question)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([EN, DE, CH]))
def test_a_number_written_in_a_language_is_read_back(number: Decimal, marks: Marks) -> None:
    """Grouped and with the language's own marks."""
    written = f"{number:,.2f}".replace(",", "\0").replace(".", marks.decimal).replace("\0", marks.groups[0])
    assert Decimal(amount(written, marks)[0]) == number
