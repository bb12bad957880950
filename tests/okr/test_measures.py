"""One key result at a time: the formula vectors, and the ways to have no score."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from okrsync.okr.measures import Goal, Score, score
from okrsync.okr.reading import Reading
from okrsync.okr.reasons import REASONS, Why
from okrsync.okr.values import NOT_YET
from tests.okr.make import codes, key_result, number, run, unreadable


def scored(goal: Goal, current: str) -> Score:
    return score(goal, Reading(number(current)))


def goal(
    measure: str,
    direction: str | None,
    start: str | None = None,
    target: str | None = None,
    baseline: str | None = None,
    strict: bool = False,
) -> Goal:
    """A goal with its numbers written as text."""
    parts = [None if each is None else number(each) for each in (start, target, baseline)]
    return Goal(measure, direction, parts[0], parts[1], parts[2], strict)


@pytest.mark.parametrize(
    ("start", "target", "current", "raw", "points"),
    [
        ("100", "60", "80", "0.5", "0.5"),
        ("100", "60", "70", "0.75", "0.75"),
        ("100", "60", "50", "1.25", "1"),
        ("20", "100", "0", "-0.25", "0"),
        ("20", "100", "-20", "-0.5", "0"),
        ("100", "20", "0", "1.25", "1"),
        ("0", "10", "5.9", "0.59", "0.59"),
        ("10", "0", "7", "0.3", "0.3"),
        ("10", "0", "-10", "2", "1"),
    ],
)
def test_level_vectors(start: str, target: str, current: str, raw: str, points: str) -> None:
    """S35, S37: one formula up and down; raw unclamped, the score clamped."""
    result = scored(goal("level", None, start, target), current)
    assert (result.raw, result.score) == (Fraction(raw), Fraction(points))


@pytest.mark.parametrize(
    ("direction", "strict", "current", "points"),
    [
        ("at_most", False, "25", 1),
        ("at_most", True, "25", 0),
        ("at_most", True, "24.99", 1),
        ("at_most", False, "25.01", 0),
        ("at_least", False, "25", 1),
        ("at_least", True, "25", 0),
        ("at_least", True, "25.01", 1),
        ("at_least", False, "24", 0),
    ],
)
def test_bounds_without_a_start_are_met_or_not(
    direction: str, strict: bool, current: str, points: int
) -> None:
    """S38, S39: inclusive unless strict; and the missing start is reported."""
    result = scored(goal("level", direction, None, "25", strict=strict), current)
    assert result.score == points
    assert result.warnings == (Why.START_MISSING,)


def test_a_bound_with_a_start_on_the_wrong_side_gives_partial_credit() -> None:
    """At most 5 from 15: at 10 half the way is done."""
    assert scored(goal("level", "at_most", "15", "5"), "10").score == Fraction(1, 2)


@pytest.mark.parametrize(("current", "points"), [("8", 1), ("9", 1), ("7.9", 0)])
def test_a_bound_with_a_start_on_the_right_side_is_met_or_not(current: str, points: int) -> None:
    """At least 8 from 9: nothing is to be gained, and staying must not score 0."""
    assert scored(goal("level", "at_least", "9", "8"), current).score == points


def test_a_strict_target_reached_but_not_passed_is_not_full() -> None:
    """Under 5 from 15, at exactly 5: raw 1, shown as 0.99, never achieved."""
    result = scored(goal("level", "decrease", "15", "5", strict=True), "5")
    assert result.raw == 1
    assert result.score == Fraction(9999, 10000)
    assert scored(goal("level", "decrease", "15", "5", strict=True), "4.9").score == 1


@pytest.mark.parametrize(
    ("direction", "current", "points"),
    [(None, "0", 1), (None, "1", 0), ("at_most", "0", 1), ("at_most", "1", 0), ("increase", "1", 1)],
)
def test_target_equals_start(direction: str | None, current: str, points: int) -> None:
    """0 to 0, "zero rejections": 1 where it is met in its direction, and a finding."""
    result = scored(goal("level", direction, "0", "0"), current)
    assert result.score == points
    assert result.warnings == (Why.TARGET_EQUALS_START,)


@pytest.mark.parametrize(
    ("direction", "current", "word"), [("increase", "4", "not met"), ("decrease", "4", "met")]
)
def test_a_move_without_a_start_is_null(direction: str, current: str, word: str) -> None:
    """A change of level needs where it began; whether it is met is told all the same."""
    result = scored(goal("level", direction, None, "5"), current)
    assert (result.score, result.why) == (None, Why.START_MISSING)
    assert f" is {word}: " in result.notes[0]


def test_direction_and_numbers_that_disagree_are_reported() -> None:
    """S37: the numbers are used, the finding says so."""
    result = scored(goal("level", "increase", "10", "5"), "7.5")
    assert (result.score, result.warnings) == (Fraction(1, 2), (Why.DIRECTION_MISMATCH,))


@pytest.mark.parametrize(
    ("measure", "direction", "change", "baseline", "current", "points"),
    [
        ("relative", "increase", "20", "100", "110", "0.5"),
        ("relative", "decrease", "55", "200", "145", "0.5"),
        ("relative", None, "-50", "10", "7.5", "0.5"),
        ("delta", "increase", "15", "30", "36", "0.4"),
        ("delta", "decrease", "10", "30", "25", "0.5"),
        ("delta", "increase", "15", "0", "6", "0.4"),
    ],
)
def test_changes_start_at_the_baseline(
    measure: str, direction: str | None, change: str, baseline: str, current: str, points: str
) -> None:
    """S41, S42; a baseline of 0 is a source that reports the change itself."""
    assert scored(goal(measure, direction, None, change, baseline), current).score == Fraction(points)


@pytest.mark.parametrize(
    ("measure", "baseline", "why"),
    [
        ("relative", None, Why.BASELINE_MISSING),
        ("delta", None, Why.BASELINE_MISSING),
        ("relative", "0", Why.BASELINE_ZERO),
    ],
)
def test_changes_without_a_usable_baseline_are_null(measure: str, baseline: str | None, why: Why) -> None:
    """S26: a start does not stand in for a baseline, and a percentage of 0 says nothing."""
    result = scored(goal(measure, "increase", "3", "20", baseline), "5")
    assert (result.score, result.why) == (None, why)


@pytest.mark.parametrize(
    ("measure", "direction", "current", "points"),
    [
        ("level", "maintain_at_least", "99", 1),
        ("level", "maintain_at_least", "98.9", 0),
        ("maintain", "maintain_at_most", "99.5", 0),
        ("maintain", None, "99", 1),
        ("rate", "at_least", "99", 1),
        ("rate", "at_least", "98", 0),
    ],
)
def test_what_is_kept_is_judged_by_its_latest_value(
    measure: str, direction: str | None, current: str, points: int
) -> None:
    """S40, S49: kept or not kept, without a start; the rule says which value was taken."""
    result = scored(goal(measure, direction, None, "99"), current)
    assert result.score == points
    assert "latest" in result.rule


@pytest.mark.parametrize(("current", "points"), [("1", 1), ("0", 0), ("0.5", 0)])
def test_done_or_not_done(current: str, points: int) -> None:
    """S46: nothing in between, and no target needed."""
    assert scored(goal("binary", "complete"), current).score == points


def test_a_milestone_counts_its_stage() -> None:
    """S46: the third of four stages with stated values."""
    assert scored(goal("milestone", "complete", None, "4"), "3").score == Fraction(3, 4)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"current": None}, Why.CURRENT_MISSING),
        ({"current": NOT_YET}, Why.NOT_YET),
        ({"current": Decimal(5), "target": None}, Why.TARGET_MISSING),
        ({"current": Decimal(5), "measure": "none", "target": None}, Why.NOT_MEASURABLE),
        ({"current": Decimal("NaN")}, Why.CURRENT_UNREADABLE),
        ({"current": Decimal("1E+999999")}, Why.CURRENT_UNREADABLE),
    ],
)
def test_each_kind_of_nothing_has_its_own_words(fields: dict[str, Decimal | None], why: Why) -> None:
    """S50, S51: null, never 0, and the line tells which null."""
    derived = run(key_result("A", **fields)).derived["A"]
    assert (derived["score"], derived["raw"], derived["progress"]) == (None, None, None)
    assert derived["explanation"] == f"not scored: {REASONS[why].text}"


def test_an_unreadable_value_keeps_the_last_agreed_one_and_says_so() -> None:
    """I9: a cell with #REF! today does not move the score, and the reader is told."""
    computed = run(unreadable(key_result("A", current=Decimal(40)), current="#REF! in the cell"))
    assert computed.derived["A"]["score"] == Decimal("0.4")
    assert "#REF! in the cell" in computed.explanations["A"].notes[0]


def test_an_unreadable_value_without_an_older_one_is_null() -> None:
    """I9: neither missing nor 0."""
    derived = run(unreadable(key_result("A"), current="#REF!")).derived["A"]
    assert derived["explanation"] == "not scored: the current value could not be read"


def test_zero_is_a_value() -> None:
    """0 of 100 is a score of 0, not a missing one."""
    derived = run(key_result("A", current=Decimal(0))).derived["A"]
    assert (derived["score"], derived["explanation"]) == (Decimal(0), "0.00: 0 of 100 MQL")


def test_a_lacking_target_is_a_finding_with_advice() -> None:
    """S77: what a person can correct is a finding."""
    computed = run(key_result("A", target=None, current=Decimal(5)))
    assert codes(computed) == [Why.LINK_DANGLING, Why.TARGET_MISSING]
    assert all(found.advice for found in computed.findings)
