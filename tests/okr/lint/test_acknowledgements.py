"""Accepted findings: marked with the reason, told again once it no longer holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from okrsync.okr.lint import Acknowledgement, LintFinding, lint
from okrsync.okr.method import Method
from tests.okr.make import TODAY, key_result, objective

WORLD = {
    each.id: each
    for each in (
        objective("O", owner="ana@acme.example"),
        key_result("A", title="Write 10 letters"),
        key_result("B", title="Write 11 letters"),
    )
}


def tasks(*accepted: Acknowledgement) -> dict[str, LintFinding]:
    found = lint(WORLD, TODAY, Method(), acknowledgements=accepted)
    return {each.entity: each for each in found if each.code == "TASK_AS_KR"}


def test_an_accepted_finding_is_marked_and_still_told() -> None:
    """Nothing is hidden; only the one that was accepted is marked."""
    mine = Acknowledgement("TASK_AS_KR", "A", "a first quarter: we learn", by="bo@acme.example")
    found = tasks(mine)
    assert (found["A"].acknowledged, found["B"].acknowledged) == (mine, None)


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (1, True)])
def test_it_holds_until_its_last_day(days: int, holds: bool) -> None:
    """Afterwards the finding stands again and says that it had been accepted."""
    mine = Acknowledgement("TASK_AS_KR", "A", "this month", TODAY + timedelta(days=days))
    found = tasks(mine)["A"]
    assert (found.acknowledged, found.expired) == ((mine, None) if holds else (None, mine))


def test_another_rule_of_the_same_entity_is_not_accepted_with_it() -> None:
    """One reason for one rule."""
    assert tasks(Acknowledgement("COMPOSITE", "A", "both matter"))["A"].acknowledged is None


@pytest.mark.parametrize(("code", "reason"), [("TASK_AS_KR", " "), ("NO_SUCH_RULE", "because")])
def test_an_acknowledgement_needs_a_rule_and_a_reason(code: str, reason: str) -> None:
    """A blank reason teaches nobody anything."""
    with pytest.raises(ValueError, match="A" if reason == " " else "NO_SUCH_RULE"):
        Acknowledgement(code, "A", reason, date(2026, 1, 1))
