"""Two people change one field in two tools: both edits are kept, and a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Scene, Stage

KEY = "ACME-PPC-O1-KR1"
Json = Any


@pytest.fixture(scope="module")
def dispute(running: Stage, after: Scene) -> Scene:
    """The moment after a sync that found the target 160 in Notion and 180 in the sheet."""
    running.set(after)
    running.act("notion", "edit", page=running.page(KEY), property="Target", value=160)
    running.act("sheets", "set_cell", key=KEY, column="Target", value=180)
    assert running.run("sync").code == Exit.DONE
    return running.scene()


@pytest.fixture
def disputed(running: Stage, dispute: Scene) -> Iterator[Stage]:
    """The stage at that moment."""
    running.set(dispute)
    yield running
    assert running.leaks() == []


def conflict_of(stage: Stage) -> str:
    """The id of the one conflict."""
    (found,) = stage.json("conflicts")
    return str(found["id"])


def targets(stage: Stage) -> tuple[Json, Json]:
    """What both tools hold."""
    return stage.notion(KEY)["Target"], stage.cell(KEY, "Target")


def test_a_conflict_shows_both_values_with_their_places(disputed: Stage) -> None:
    """Neither side is written; the list names the cell and the page."""
    (found,) = disputed.json("conflicts")
    sides = {side["collection"]: side for side in found["sides"]}
    assert (found["entity"], found["field"]) == (KEY, "target")
    assert (sides["key_results"]["value"], sides["metrics"]["value"]) == ("160", "180")
    assert sides["metrics"]["place"] == f"KRs!{disputed.address(KEY, 'Target')}"
    assert targets(disputed) == (160, 180)


def test_an_open_conflict_is_quiet(disputed: Stage) -> None:
    """It is not opened twice and costs no write; a job may ask to fail on it."""
    disputed.forget()
    assert disputed.run("sync").code == Exit.DONE
    assert disputed.writes() == 0
    assert len(disputed.json("conflicts")) == 1
    assert disputed.run("sync", "--fail-on", "conflicts").code == Exit.CONFLICTS


def test_a_conflict_holds_up_no_other_field(disputed: Stage) -> None:
    """The same key result's number still counts, by the target agreed before."""
    disputed.act("sheets", "set_cell", key=KEY, column="Current", value=90)
    disputed.run("sync")
    assert disputed.notion(KEY)["Progress"] == 0.6


@pytest.mark.parametrize(("decision", "value"), [(("--take", "metrics"), 180), (("--value", "170"), 170)])
def test_a_decision_is_written_by_the_next_sync(
    disputed: Stage, decision: tuple[str, str], value: int
) -> None:
    """To whichever side does not show it, with the score that follows."""
    assert disputed.run("conflicts", "resolve", conflict_of(disputed), *decision).code == Exit.DONE
    assert disputed.run("sync").code == Exit.DONE
    assert targets(disputed) == (value, value)
    assert disputed.notion(KEY)["Why"].endswith(f"75 of {value} MQL")


def test_notions_value_is_taken(disputed: Stage) -> None:
    """By a part of the id: the sheet is written, the conflict is closed, and then all is quiet."""
    part = conflict_of(disputed)[:8]
    assert disputed.run("conflicts", "resolve", part, "--take", "key_results").code == Exit.DONE
    disputed.forget()
    assert disputed.run("sync").code == Exit.DONE
    assert disputed.writes("sheets") > 0 and disputed.json("conflicts") == []
    assert targets(disputed) == (160, 160)
    disputed.forget()
    assert disputed.run("sync").code == Exit.DONE and disputed.writes() == 0


def test_many_are_decided_at_once(disputed: Stage) -> None:
    """All conflicts of a field in which a side takes part; those of other fields and sides are left alone."""
    disputed.act("notion", "edit", page=disputed.page(KEY), property="Name", value="A new name")
    disputed.act("sheets", "set_cell", key=KEY, column="Title", value="Another name")
    disputed.run("sync")
    assert {each["field"] for each in disputed.json("conflicts")} >= {"target"}
    decided = disputed.json("conflicts", "resolve", "--all", "--field", "target", "--take", "metrics")
    assert [(each["field"], each["resolution"]) for each in decided] == [("target", "180")]
    assert disputed.json("conflicts", "resolve", "--all", "--take", "objectives") == []
    disputed.run("sync")
    assert targets(disputed) == (180, 180)


@pytest.mark.parametrize(
    "arguments",
    [("--take", "metrics"), ("--all", "x", "--take", "metrics"), ("--all", "--value", "1"),
     ("x", "--field", "target", "--take", "metrics")],
)  # fmt: skip
def test_a_call_that_is_no_decision(disputed: Stage, arguments: tuple[str, ...]) -> None:
    """Ids or all of them, and for all of them a side: anything else is refused before a look."""
    assert disputed.run("conflicts", "resolve", *arguments).code == Exit.USAGE
    assert disputed.json("conflicts")[0]["resolution"] is None


def test_a_conflict_closes_when_people_agree(disputed: Stage) -> None:
    """Nobody has to decide what is decided."""
    disputed.act("sheets", "set_cell", key=KEY, column="Target", value=160)
    assert disputed.run("sync").code == Exit.DONE
    assert disputed.json("conflicts") == []
    assert targets(disputed) == (160, 160)


def test_an_edit_after_a_decision_asks_again(disputed: Stage) -> None:
    """The decision was about other values."""
    conflict = conflict_of(disputed)
    disputed.run("conflicts", "resolve", conflict, "--take", "key_results")
    disputed.act("sheets", "set_cell", key=KEY, column="Target", value=200)
    disputed.run("sync")
    assert targets(disputed) == (160, 200)
    assert len([each for each in disputed.json("conflicts") if each["resolution"] is None]) == 1


@pytest.mark.parametrize(
    "arguments", [("nothing", "--take", "metrics"), ("", "--value", "abc"), ("", "--take", "jira")]
)
def test_a_decision_that_cannot_be(disputed: Stage, arguments: tuple[str, ...]) -> None:
    """An unknown id, a value of another type, a side that takes no part: exit 2, and nothing is decided."""
    conflict = conflict_of(disputed)
    name, *decision = arguments
    ran = disputed.run("conflicts", "resolve", name or conflict, *decision)
    assert ran.code == Exit.USAGE
    assert "Traceback" not in ran.said
    assert disputed.json("conflicts")[0]["resolution"] is None
