"""Plans that are saved, read and applied later, and runs that are undone (I23, I24)."""

from __future__ import annotations

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage
from tests.e2e.truth import changed

KEY = "ACME-PPC-O1-KR1"


def save(stage: Stage) -> str:
    """Somebody types a number; an admin saves the plan."""
    stage.act("sheets", "set_cell", key=KEY, column="Current", value=90)
    path = str(stage.folder / "plan.json")
    assert stage.run("plan", "--out", path).code == Exit.DONE
    return path


def test_a_saved_plan_is_applied_as_it_was_read(stage: Stage) -> None:
    """Writes exactly what a sync would have written, and a second time there is nothing it fits."""
    before = stage.truth()
    path = save(stage)
    assert changed(before, stage.truth()) == {("sheets", "KRs", stage.address(KEY, "Current"))}
    assert stage.run("apply", path).code == Exit.DONE
    assert stage.notion(KEY)["Progress"] == 0.6
    assert stage.run("apply", path).code == Exit.SAFETY_STOP


def test_the_first_plan_may_be_saved_and_applied(fresh: Stage) -> None:
    """Reading a plan and applying it is the approval that a first sync asks for."""
    path = str(fresh.folder / "plan.json")
    assert fresh.run("plan", "--out", path).code == Exit.DONE
    assert fresh.run("apply", path).code == Exit.DONE
    fresh.forget()
    assert fresh.run("sync").code == Exit.DONE and fresh.writes() == 0


def test_a_saved_plan_is_refused_after_an_edit(stage: Stage) -> None:
    """Exit 6, nothing is written, and what no longer fits is named."""
    path = save(stage)
    stage.act("sheets", "set_cell", key=KEY, column="Current", value=105)
    before = stage.truth()
    ran = stage.run("apply", path)
    assert ran.code == Exit.SAFETY_STOP
    assert "moved on" in ran.err and "0.60: 90 of 150 MQL" in ran.err
    assert stage.truth() == before


def test_a_saved_plan_is_refused_after_another_run(stage: Stage) -> None:
    """The store moved on; nothing is written."""
    path = save(stage)
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


def test_a_plan_that_was_touched_up_is_refused(stage: Stage) -> None:
    """Somebody edited the file: it is no longer what okrsync planned."""
    path = save(stage)
    file = stage.folder / "plan.json"
    file.write_text(file.read_text().replace("0.6", "0.9"))
    stage.forget()
    assert stage.run("apply", path).code == Exit.SAFETY_STOP
    assert stage.writes() == 0


def last_run(stage: Stage) -> str:
    """The id of the latest run."""
    return str(stage.json("runs", "--last", "1")[0]["id"])


def test_undo_shows_what_it_would_do_first(stage: Stage) -> None:
    """Without --yes only the plan is shown, before and after."""
    stage.run("apply", save(stage))
    before = stage.truth()
    ran = stage.run("undo", last_run(stage)[:8])
    assert ran.code == Exit.DONE
    assert "--yes" in ran.out and "0.6" in ran.out
    assert stage.truth() == before


def test_undo_puts_back_what_a_run_wrote(stage: Stage) -> None:
    """Every place the run wrote holds what it held before; the person's number stays."""
    before = stage.truth()
    stage.run("apply", save(stage))
    run = last_run(stage)
    assert stage.run("undo", run, "--yes").code == Exit.DONE
    assert changed(before, stage.truth()) == {("sheets", "KRs", stage.address(KEY, "Current"))}


def test_undo_leaves_what_people_changed_since(stage: Stage) -> None:
    """A title the run had carried to the sheet and somebody then improved is not put back."""
    stage.act("notion", "edit", page=stage.page(KEY), property="Name", value="From Notion")
    stage.run("sync")
    run = last_run(stage)
    stage.act("sheets", "set_cell", key=KEY, column="Title", value="Improved")
    assert stage.run("undo", run, "--yes").code in (Exit.DONE, Exit.PARTIAL)
    assert stage.cell(KEY, "Title") == "Improved"


def test_undo_of_no_run(stage: Stage) -> None:
    """Exit 2 and the name that was not found."""
    ran = stage.run("undo", "zzzz", "--yes")
    assert ran.code == Exit.USAGE and "zzzz" in ran.err
