"""Plans that are saved, read and applied later, and runs that are undone (I23, I24)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Scene, Stage, Truth
from tests.e2e.truth import changed

KEY = "ACME-PPC-O1-KR1"


@dataclass(frozen=True)
class Saved:
    """A moment with a saved plan, and the moment after it was applied."""

    before: Truth
    planned: Scene
    plan: str
    applied: Scene
    run: str


@pytest.fixture(scope="module")
def saved(running: Stage, after: Scene) -> Saved:
    """Somebody types a number; an admin saves the plan and applies it."""
    running.set(after)
    before = running.truth()
    running.act("sheets", "set_cell", key=KEY, column="Current", value=90)
    path = running.folder / "plan.json"
    assert running.run("plan", "--out", str(path)).code == Exit.DONE
    planned, plan = running.scene(), path.read_text("utf-8")
    assert running.run("apply", str(path)).code == Exit.DONE
    (applied,) = [each for each in running.json("runs") if each["command"] == "apply"]
    assert running.leaks() == []
    return Saved(before, planned, plan, running.scene(), str(applied["id"]))


def planned(stage: Stage, saved: Saved) -> str:
    """Return to the saved plan; gives its file."""
    stage.set(saved.planned)
    path = stage.folder / "plan.json"
    path.write_text(saved.plan, "utf-8")
    return str(path)


def typed(stage: Stage) -> set[tuple[str, ...]]:
    """The one place in which the tools differ when nothing was applied."""
    return {("sheets", "KRs", stage.address(KEY, "Current"))}


def test_saving_a_plan_writes_nothing(stage: Stage, saved: Saved) -> None:
    """The tools hold what people typed, and no more."""
    planned(stage, saved)
    assert changed(saved.before, stage.truth()) == typed(stage)


def test_a_saved_plan_is_applied_once(stage: Stage, saved: Saved) -> None:
    """It writes what it said; a second time there is nothing it fits."""
    stage.set(saved.applied)
    assert stage.notion(KEY)["Progress"] == 0.6
    path = stage.folder / "plan.json"
    path.write_text(saved.plan, "utf-8")
    assert stage.run("apply", str(path)).code == Exit.SAFETY_STOP
    assert stage.writes() == 0


def test_the_first_plan_may_be_saved_and_applied(fresh: Stage) -> None:
    """Reading a plan and applying it is the approval that a first sync asks for."""
    path = str(fresh.folder / "plan.json")
    assert fresh.run("plan", "--out", path).code == Exit.DONE
    assert fresh.run("apply", path).code == Exit.DONE
    fresh.forget()
    assert fresh.run("sync").code == Exit.DONE and fresh.writes() == 0


def test_a_saved_plan_is_refused_after_an_edit(stage: Stage, saved: Saved) -> None:
    """Exit 6, nothing is written, and what no longer fits is named."""
    path = planned(stage, saved)
    stage.act("sheets", "set_cell", key=KEY, column="Current", value=105)
    before = stage.truth()
    ran = stage.run("apply", path)
    assert ran.code == Exit.SAFETY_STOP
    assert "moved on" in ran.err and "0.60: 90 of 150 MQL" in ran.err
    assert stage.truth() == before


def test_a_saved_plan_is_refused_after_another_run(stage: Stage, saved: Saved) -> None:
    """The store moved on; nothing is written."""
    path = planned(stage, saved)
    stage.run("sync")
    stage.forget()
    assert stage.run("apply", path).code == Exit.SAFETY_STOP
    assert stage.writes() == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"effects": 3}', None])
def test_a_file_that_is_no_plan(stage: Stage, text: str | None) -> None:
    """It is named, and nothing is asked of any tool."""
    path = stage.folder / "other.json"
    if text is not None:
        path.write_text(text)
    ran = stage.run("apply", str(path))
    assert ran.code == Exit.SAFETY_STOP
    assert "other.json" in ran.err
    assert stage.seen() == 0


def test_a_plan_that_was_touched_up_is_refused(stage: Stage, saved: Saved) -> None:
    """Somebody edited the file: it is no longer what okrsync planned."""
    path = planned(stage, saved)
    file = stage.folder / "plan.json"
    file.write_text(file.read_text().replace("0.6", "0.9"))
    stage.forget()
    assert stage.run("apply", path).code == Exit.SAFETY_STOP
    assert stage.writes() == 0


def runs(stage: Stage) -> set[str]:
    """The ids of all runs."""
    return {str(each["id"]) for each in stage.json("runs")}


def test_undo_shows_what_it_would_do_first(stage: Stage, saved: Saved) -> None:
    """Without --yes only the plan is shown, before and after."""
    stage.set(saved.applied)
    ran = stage.run("undo", saved.run[:8])
    assert ran.code == Exit.DONE
    assert "--yes" in ran.out and "0.6" in ran.out
    assert stage.writes() == 0


def test_undo_puts_back_what_a_run_wrote(stage: Stage, saved: Saved) -> None:
    """Every place the run wrote holds what it held before; the person's number stays."""
    stage.set(saved.applied)
    assert stage.run("undo", saved.run, "--yes").code == Exit.DONE
    assert changed(saved.before, stage.truth()) == typed(stage)


def test_undo_leaves_what_people_changed_since(stage: Stage) -> None:
    """A title the run had carried to the sheet and somebody then improved is not put back."""
    stage.act("notion", "edit", page=stage.page(KEY), property="Name", value="From Notion")
    known = runs(stage)
    stage.run("sync")
    (run,) = runs(stage) - known
    stage.act("sheets", "set_cell", key=KEY, column="Title", value="Improved")
    assert stage.run("undo", run, "--yes").code in (Exit.DONE, Exit.PARTIAL)
    assert stage.cell(KEY, "Title") == "Improved"


def test_undo_of_no_run(stage: Stage) -> None:
    """Exit 2 and the name that was not found."""
    ran = stage.run("undo", "zzzz", "--yes")
    assert ran.code == Exit.USAGE and "zzzz" in ran.err
