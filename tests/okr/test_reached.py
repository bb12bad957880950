"""Lines that were reached: the first day, with specifics (S102)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.reached import Reached, reached
from tests.okr.make import initiative, key_result, number, objective

FIRST, THEN, LATER = date(2026, 2, 1), date(2026, 2, 8), date(2026, 2, 15)


def found(*entities: Entity, **scores: tuple[tuple[date, Decimal | None], ...]) -> tuple[Reached, ...]:
    """What was reached, given the scores of each day."""
    return reached({each.id: each for each in entities}, Method(), scores)


def test_both_lines_are_told_once() -> None:
    """The success line and the whole way, each on its first day, however often it falls back."""
    days = (
        (FIRST, number("0.5")),
        (THEN, number("0.8")),
        (LATER, number(1)),
        (date(2026, 3, 1), number("0.2")),
    )
    told = found(objective("O"), key_result("A"), A=days)
    assert [(each.on, each.line) for each in told] == [(THEN, number("0.7")), (LATER, number(1))]


def test_a_committed_goal_has_one_line() -> None:
    """0.9 of a commitment is not reached; the whole is told once."""
    goal = objective("O", ambition="committed")
    told = found(goal, key_result("A"), A=((FIRST, number("0.9")), (THEN, number(1))))
    assert [(each.on, each.line) for each in told] == [(THEN, number(1))]


def test_a_day_without_a_score_reaches_nothing() -> None:
    """Not scored is neither 0 nor reached."""
    assert found(objective("O"), key_result("A"), A=((FIRST, None),)) == ()


def test_finished_work_is_told_as_work() -> None:
    """An epic that is done is no goal that was reached."""
    (told,) = found(initiative("E"), E=((FIRST, number("0.7")), (THEN, number(1))))
    assert (told.work, told.message()) == (True, "E · Epic E is done (since 2026-02-08)")


def test_the_message_names_what_was_beyond_the_line() -> None:
    """0.7066 shows as the line itself, 0.8 as more."""
    (one,) = found(objective("O"), key_result("A"), A=((FIRST, number("0.7066")),))
    (two,) = found(objective("O"), key_result("A"), A=((FIRST, number("0.8")),))
    assert one.message() == "A · Result A reached its line of 0.70 (since 2026-02-01)"
    assert two.message() == "A · Result A reached its line of 0.70 with 0.80 (since 2026-02-01)"


def test_the_whole_way_at_once_is_told_once() -> None:
    """A goal that is full the first time it is seen has not also reached its line that day."""
    told = found(objective("O"), key_result("A"), A=((THEN, number(1)),))
    assert [(each.on, each.line) for each in told] == [(THEN, number(1))]
