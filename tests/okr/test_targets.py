"""The ledger of a target: changed, but never silently (S21, S63)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from okrsync.okr.series import Point
from okrsync.okr.targets import TargetChange, ledger
from tests.okr.make import key_result, number, objective, run

DAY0 = date(2026, 1, 1)
DRAFT = Point(number(300), date(2025, 12, 1))
FIRST = Point(number(200), date(2025, 12, 20))
SAME = Point(number(200), date(2026, 1, 15))
LOWER = Point(number(100), date(2026, 2, 1), by="ana@acme.example")
WHY = {("A", "note"): [Point("the market closed", date(2026, 2, 1), by="ana@acme.example")]}


def test_what_changed_before_the_first_day_was_drafting() -> None:
    """The original is the target the goal began with; seeing it again is no change."""
    found = ledger({("A", "target"): [LOWER, DRAFT, SAME, FIRST], **WHY}, "A", DAY0, date(2026, 2, 10))
    assert found.original == 200
    assert found.changes == (
        TargetChange(LOWER.at, Decimal(200), Decimal(100), "ana@acme.example", "the market closed"),
    )


def test_a_change_to_come_is_not_told_yet() -> None:
    """The past ends today."""
    assert ledger({("A", "target"): [FIRST, LOWER]}, "A", DAY0, date(2026, 1, 31)).changes == ()


def test_a_target_that_appeared_late_is_its_own_original() -> None:
    """First seen in the middle of the cycle: there is nothing to compare it with."""
    assert ledger({("A", "target"): [LOWER]}, "A", DAY0, date(2026, 2, 10)).original == 100


def test_a_target_taken_away_is_a_change() -> None:
    """From a number to none, which is not 0."""
    gone = Point(None, date(2026, 2, 2))
    assert ledger({("A", "target"): [FIRST, gone]}, "A", DAY0, date(2026, 2, 10)).changes[0].after is None


def test_both_scores_are_told() -> None:
    """The score counts against the target of today; the original one is beside it."""
    kr = key_result("A", current=number(80), target=number(100))
    series = {("A", "target"): [FIRST, LOWER], ("A", "current"): [Point(number(80), date(2026, 2, 9))], **WHY}
    computed = run(objective("O"), kr, series=series)
    assert computed.derived["A"]["score"] == Decimal("0.8")
    assert computed.explanations["A"].notes[-2:] == (
        "target changed on 2026-02-01 from 200 to 100, by ana@acme.example, the market closed",
        "against the original target of 200 the score is 0.40",
    )


def test_a_target_that_came_back_has_one_score() -> None:
    """Two changes are told; original and current are the same number."""
    back = Point(number(200), date(2026, 2, 5))
    kr = key_result("A", current=number(80), target=number(200))
    notes = run(objective("O"), kr, series={("A", "target"): [FIRST, LOWER, back]}).explanations["A"].notes
    assert [note[:14] for note in notes if "target" in note] == ["target changed", "target changed"]


@pytest.mark.parametrize(
    "note",
    [
        Point("unrelated", date(2026, 2, 2), by="ana@acme.example"),
        Point("by another", date(2026, 2, 1), by="bo"),
    ],
)
def test_a_note_of_another_day_or_person_is_no_reason(note: Point) -> None:
    """S21: a reason is what was said with the change."""
    past = {("A", "target"): [FIRST, LOWER], ("A", "note"): [note]}
    assert ledger(past, "A", DAY0, date(2026, 2, 10)).changes[0].why == ""


def test_programs_read_the_ledger_as_numbers_and_dates() -> None:
    """explain --json: original, every change with who and why, and the score against the original."""
    kr = key_result("A", current=number(80), target=number(100))
    told = (
        run(objective("O"), kr, series={("A", "target"): [FIRST, LOWER], **WHY}).explanations["A"].as_json()
    )
    assert told["targets"] == {
        "original": "200",
        "changes": [
            {
                "on": "2026-02-01",
                "before": "200",
                "after": "100",
                "by": "ana@acme.example",
                "why": "the market closed",
            }
        ],
        "score_against_original": "0.4",
    }
