"""Two people change one field in two tools: both edits are kept, and a person decides."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage

KEY = "ACME-PPC-O1-KR1"
Json = Any


def disagree(stage: Stage) -> str:
    """The target is 160 in Notion and 180 in the sheet; gives the conflict's id."""
    stage.act("notion", "edit", page=stage.page(KEY), property="Target", value=160)
    stage.act("sheets", "set_cell", key=KEY, column="Target", value=180)
    assert stage.run("sync").code == Exit.DONE
    (found,) = stage.json("conflicts")
    return str(found["id"])


def targets(stage: Stage) -> tuple[Json, Json]:
    """What both tools hold."""
    return stage.notion(KEY)["Target"], stage.cell(KEY, "Target")


def test_a_conflict_shows_both_values_with_their_places(stage: Stage) -> None:
    """Neither side is written; the list names the cell and the page."""
    disagree(stage)
    (found,) = stage.json("conflicts")
    sides = {side["collection"]: side for side in found["sides"]}
    assert (found["entity"], found["field"]) == (KEY, "target")
    assert (sides["key_results"]["value"], sides["metrics"]["value"]) == ("160", "180")
    assert sides["metrics"]["place"] == f"KRs!{stage.address(KEY, 'Target')}"
    assert targets(stage) == (160, 180)


def test_an_open_conflict_is_quiet(stage: Stage) -> None:
    """It is not opened twice and costs no write; a job may ask to fail on it."""
    disagree(stage)
    stage.forget()
    assert stage.run("sync").code == Exit.DONE
    assert stage.writes() == 0
    assert len(stage.json("conflicts")) == 1
    assert stage.run("sync", "--fail-on", "conflicts").code == Exit.CONFLICTS


def test_a_conflict_holds_up_no_other_field(stage: Stage) -> None:
    """The same key result's number still counts, by the target agreed before."""
    disagree(stage)
    stage.act("sheets", "set_cell", key=KEY, column="Current", value=90)
    stage.run("sync")
    assert stage.notion(KEY)["Progress"] == 0.6


@pytest.mark.parametrize(
    ("decision", "value"),
    [(("--take", "key_results"), 160), (("--take", "metrics"), 180), (("--value", "170"), 170)],
)
def test_a_decision_is_written_by_the_next_sync(stage: Stage, decision: tuple[str, str], value: int) -> None:
    """To whichever side does not show it, with the score that follows; then all is quiet."""
    conflict = disagree(stage)
    assert stage.run("conflicts", "resolve", conflict[:8], *decision).code == Exit.DONE
    assert stage.run("sync").code == Exit.DONE
    assert targets(stage) == (value, value)
    assert stage.json("conflicts") == []
    assert stage.notion(KEY)["Why"].endswith(f"75 of {value} MQL")
    stage.forget()
    assert stage.run("sync").code == Exit.DONE and stage.writes() == 0


def test_a_conflict_closes_when_people_agree(stage: Stage) -> None:
    """Nobody has to decide what is decided."""
    disagree(stage)
    stage.act("sheets", "set_cell", key=KEY, column="Target", value=160)
    assert stage.run("sync").code == Exit.DONE
    assert stage.json("conflicts") == []
    assert targets(stage) == (160, 160)


def test_an_edit_after_a_decision_asks_again(stage: Stage) -> None:
    """The decision was about other values."""
    conflict = disagree(stage)
    stage.run("conflicts", "resolve", conflict, "--take", "key_results")
    stage.act("sheets", "set_cell", key=KEY, column="Target", value=200)
    stage.run("sync")
    assert targets(stage) == (160, 200)
    assert len([each for each in stage.json("conflicts") if each["resolution"] is None]) == 1


@pytest.mark.parametrize(
    "arguments", [("nothing", "--take", "metrics"), ("", "--value", "abc"), ("", "--take", "jira")]
)
def test_a_decision_that_cannot_be(stage: Stage, arguments: tuple[str, ...]) -> None:
    """An unknown id, a value of another type, a side that takes no part: exit 2, and nothing is decided."""
    conflict = disagree(stage)
    name, *decision = arguments
    ran = stage.run("conflicts", "resolve", name or conflict, *decision)
    assert ran.code == Exit.USAGE
    assert "Traceback" not in ran.said
    assert stage.json("conflicts")[0]["resolution"] is None
