"""Phased plans: where a key result should be on days of its own (S61)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from okrsync.okr.method import Method
from okrsync.okr.phases import Phase, by_share, expected, phases_of, shares_of
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


def test_the_workspaces_phases_are_shares_of_the_time() -> None:
    """Every spelling of a share, in any order."""
    assert shares_of("75% = 0.6; 0.5: 20 %") == (
        (Fraction(1, 2), Fraction(1, 5)),
        (Fraction(3, 4), Fraction(3, 5)),
    )


@pytest.mark.parametrize(
    "text", ["", "later", "50 = 20", "50% = 120%", "100% = 90%", "50% = 60%; 75% = 20%", "50% = 1%; 0.5 = 2%"]
)
def test_shares_that_make_no_plan_are_none(text: str) -> None:
    """They are inside the time, rise with it, and stand once."""
    assert shares_of(text) is None


@pytest.mark.parametrize(
    ("elapsed", "way"),
    [("0", "0"), ("1/4", "1/10"), ("1/2", "1/5"), ("3/4", "3/5"), ("1", "1")],
)
def test_straight_lines_lead_through_the_shares(elapsed: str, way: str) -> None:
    """From nothing at the beginning to the whole at the end."""
    assert by_share(shares_of("50% = 20%") or (), Fraction(elapsed)) == Fraction(way)


def test_the_workspaces_phases_hold_where_a_key_result_has_none() -> None:
    """Its own phases come first, and the pace names the plan it was judged by."""
    method = Method(phases=shares_of("50% = 20%") or ())
    days = {"starts": date(2026, 1, 1), "due": date(2026, 3, 22)}  # half of it has passed on 2026-02-10
    common = run(objective("O"), key_result("A", current=number(15), **days), method=method)
    own = key_result("A", current=number(15), phases="2026-02-10 = 40%", **days)
    stated = run(objective("O"), own, method=method)
    assert (common.derived["A"]["expected"], common.derived["A"]["status"]) == (number("0.2"), "on_track")
    assert stated.derived["A"]["expected"] == number("0.4")
    assert "expected 0.20 on 2026-02-10 by the workspace's phases" in common.explanations["A"].pace
    assert "by its phases" in stated.explanations["A"].pace
