"""Numbers and units: cut not rounded, and what counts as the same."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from okrsync.okr.numbers import cut, show, show_value, usable
from okrsync.okr.units import Amount, amounts, same


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0.699", "0.69"),
        ("0.7", "0.70"),
        ("1", "1.00"),
        ("-0.256", "-0.25"),
        ("-0.001", "0.00"),
        ("0", "0.00"),
    ],
)
def test_scores_are_cut(number: str, shown: str) -> None:
    """0.699 is not 0.70: it would look achieved."""
    assert show(Decimal(number)) == shown


def test_stored_scores_are_cut_to_four_decimals() -> None:
    """Two thirds are 0.6666."""
    assert cut(Fraction(2, 3)) == Decimal("0.6666")


@pytest.mark.parametrize(
    ("number", "shown"),
    [(Fraction(4000, 7), "571.428571…"), (Decimal("1E+6"), "1000000"), (Decimal("4.80"), "4.8")],
)
def test_values_are_shown_as_they_are(number: Fraction | Decimal, shown: str) -> None:
    """Plain digits; an ellipsis where some are not shown."""
    assert show_value(number) == shown


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+70"), Decimal("1E-200"), True, "5", None]
)
def test_unusable_numbers(value: Decimal | bool | str | None) -> None:
    """Neither endless, nor of a size no metric has, nor of another kind."""
    assert usable(value) is None


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Get 600 MQLs", [("600", "MQLs")]),
        ("Increase Q1 revenue to $500K", [("500000", "USD")]),
        ("Raise EUR 5 million", [("5000000", "EUR")]),
        ("Reach 1,250.5 hours", [("1250.5", "hours")]),
        ("Grow sales team by 15%", [("15", "%")]),
        ("Complete the Iron Man in 2023", []),
        ("Double revenue", []),
        ("2 clients and 3 hires", [("2", "clients"), ("3", "hires")]),
    ],
)
def test_amounts_in_a_title(title: str, found: list[tuple[str, str]]) -> None:
    """S45: K, M, million, signs and codes; a quarter's name and a year are not amounts."""
    assert amounts(title) == tuple(Amount(Decimal(number), unit) for number, unit in found)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("MQL", "mqls", True),
        ("$", "USD", True),
        ("hires", "candidates", False),
        ("EUR", "USD", False),
        ("%", "% of revenue", False),
        (None, None, False),
        ("", "", False),
    ],
)
def test_same_units(left: str | None, right: str | None, equal: bool) -> None:
    """Case, plural and currency signs do not matter; an unstated unit equals nothing."""
    assert same(left, right) is equal
