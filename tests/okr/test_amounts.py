"""What somebody typed, as a number in the unit of what is measured; or what must be asked first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.okr.amounts import amount_in, change_in
from okrsync.okr.parsing import Question


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1.2K", "MQL", "1200"),
        ("96", "MQLs", "96"),
        ("96 MQLs", "MQL", "96"),
        ("€5m", "EUR", "5000000"),
        ("5 million EUR", "€", "5000000"),
        ("42%", "% of leads", "42"),
        ("90 minutes", "hours", "1.5"),
        ("20'", "minutes", "20"),
        ("12.5", None, "12.5"),
    ],
)
def test_an_amount_in_the_metrics_unit(text: str, unit: str | None, value: str) -> None:
    """S45, S47: units of money and time are understood, durations converted."""
    assert amount_in(text, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("$5", "EUR", "in USD, and what is measured is in EUR"),
        ("42%", "EUR", "in %, and what is measured is in EUR"),
        ("5 days", "months", "in days"),
        ("96 MQLs", None, "in no stated unit"),
        ("1.234", "MQL", "1.234 or 1234"),
        ("20'", "MQL", "20 minutes or 20 feet"),
        ("many", "MQL", "not an amount"),
    ],
)
def test_what_is_in_doubt_is_asked_about(text: str, unit: str | None, words: str) -> None:
    """Another currency is no number of this metric, and a thousand is not one and a bit."""
    found = amount_in(text, unit)
    assert isinstance(found, Question)
    assert words in found.told()


def test_percent_of_a_percentage_is_asked_about() -> None:
    """S43: +15% of a close rate is 15 percent of it or 15 percentage points."""
    found = change_in("+15%", "% of leads", "delta")
    assert isinstance(found, Question)
    assert [each.unit for each in found.choices] == ["%", "pp"]


@pytest.mark.parametrize(
    ("text", "unit", "measure", "value"),
    [
        ("+15%", "% of leads", "relative", "15"),
        ("-7%", "EUR", "relative", "-7"),
        ("15 pp", "%", "delta", "15"),
        ("3K", "EUR", "delta", "3000"),
        ("300K", "USD", "level", "300000"),
        ("60%", "%", "level", "60"),
    ],
)
def test_the_measure_says_what_a_target_is(text: str, unit: str, measure: str, value: str) -> None:
    """A percent of the baseline, an amount added to it, or a level."""
    assert change_in(text, unit, measure) == Decimal(value)


def test_points_are_no_percent_of_a_baseline() -> None:
    """A relative target is a share of its baseline."""
    assert isinstance(change_in("15 pp", "%", "relative"), Question)
