"""A closed cycle in people's tools: its scores stand there, and everything stays as quiet as before."""

from __future__ import annotations

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage

KEY = "ACME-PPC-O1-KR1"
CLOSED, LATER = ("--today", "2026-04-20"), ("--today", "2026-05-04")


@pytest.fixture
def closed(stage: Stage) -> Stage:
    """The first quarter was closed and the tools were told."""
    ran = stage.run("cycle", "close", "2026-Q1", "--yes", "--without-reasons", *CLOSED)
    assert ran.code == Exit.DONE
    assert stage.run("sync", "--approve", *CLOSED).code == Exit.DONE
    return stage


def test_a_late_edit_changes_no_score_in_any_tool(closed: Stage) -> None:
    """S20, S55: the person's number stays where it was typed, the score of the quarter too."""
    before = closed.notion(KEY)
    assert before["Why"] == "0.50: 75 of 150 MQL (final: 2026-Q1 was closed on 2026-04-20)"
    closed.act("sheets", "set_cell", key=KEY, column="Current", value=150)
    assert closed.run("sync", *LATER).code == Exit.DONE
    assert closed.cell(KEY, "Current") == 150
    assert closed.notion(KEY) == before
    assert closed.shown(KEY, "Score") == "50%"


def test_the_run_after_the_closing_is_quiet(closed: Stage) -> None:
    """Final means that nothing moves with the days either."""
    closed.forget()
    assert closed.run("sync", *LATER).code == Exit.DONE
    assert closed.writes() == 0


def test_reopening_lets_the_scores_follow_again(closed: Stage) -> None:
    """The next sync tells the tools."""
    assert closed.run("cycle", "reopen", "2026-Q1", "--reason", "late invoice", "--yes", *LATER).code == 0
    assert closed.run("sync", "--approve", *LATER).code == Exit.DONE
    assert closed.notion(KEY)["Why"] == "0.50: 75 of 150 MQL"
