"""Phased plans: where a key result should be on days of its own (S61)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from okrsync.okr.phases import Phase, expected, phases_of
from tests.okr.make import codes, key_result, number, objective, run

START, END = date(2026, 1, 1), date(2026, 3, 31)
PLAN = "2026-02-10 = 20%; 2026-03-02 = 0.8"


def test_shares_are_read_as_percent_or_as_a_part_of_one() -> None:
    """Both spellings, in any order."""
    assert phases_of("2026-03-02 = 0.8\n2026-02-10: 20 %") == (
        Phase(date(2026, 2, 10), Fraction(1, 5)),
        Phase(date(2026, 3, 2), Fraction(4, 5)),
    )


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-02-10 = 30", "2026-02-30 = 0.3", "2026-02-10 = 0.5; 2026-03-01 = 0.3",
     "2026-02-10 = 0.5; 2026-02-10 = 0.6", "2026-02-10 = 0.5; later"],
)  # fmt: skip
def test_what_states_no_shares_is_not_guessed(text: str) -> None:
    """A bare 30 may be 30 of anything; a plan never goes back and no day stands twice."""
    assert phases_of(text) is None


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2025, 12, 1), Fraction(0)),
        (START, Fraction(0)),
        (date(2026, 1, 21), Fraction(1, 10)),
        (date(2026, 2, 10), Fraction(1, 5)),
        (date(2026, 2, 20), Fraction(1, 2)),
        (date(2026, 3, 2), Fraction(4, 5)),
        (END, Fraction(1)),
        (date(2026, 5, 1), Fraction(1)),
    ],
)
def test_straight_lines_lead_through_the_phases(day: date, share: Fraction) -> None:
    """From nothing on the first day to the whole on the last."""
    assert expected(phases_of(PLAN) or (), START, END, day) == share


def test_the_last_day_may_be_planned_short() -> None:
    """A phase on the last day says what is expected there."""
    planned = phases_of("2026-03-31 = 70%") or ()
    assert expected(planned, START, END, END) == Fraction(7, 10)


def test_a_key_result_is_judged_by_its_phases() -> None:
    """On the day of the first phase 20% are expected, not the 45% of a straight line."""
    kr = key_result("A", current=number(15), phases="2026-02-10 = 20%")
    derived = run(objective("O"), kr).derived["A"]
    assert (derived["expected"], derived["status"]) == (number("0.2"), "on_track")


def test_phases_that_cannot_be_read_are_a_finding() -> None:
    """The expectation is linear then, and somebody is told."""
    kr = key_result("A", current=number(15), phases="half in February")
    computed = run(objective("O"), kr)
    assert codes(computed) == ["PHASES_UNREADABLE"]
    assert computed.derived["A"]["expected"] == run(objective("O"), key_result("A")).derived["A"]["expected"]
