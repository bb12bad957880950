"""People rename, delete, remake and retype fields: the line of the file and the nearest name are told, and
nothing that stands elsewhere is lost. The rest of the run goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage
from tests.e2e.test_cells import KEY, finding, keys, line_of, news_arrived, with_news


@dataclass(frozen=True)
class Drift:
    """What somebody does to a field, and what is to be told."""

    act: Callable[[Stage], Any]
    code: str
    line: str
    """The text of the file on whose line the binding stands."""
    hint: str
    """What the message or its advice names beside the field."""


def in_notion(stage: Stage, action: str, column: str, **rest: Any) -> None:
    """Somebody changes a column of the key results."""
    stage.act("notion", action, data_source=keys(stage), column=column, **rest)


def retyped_in_notion(stage: Stage) -> None:
    """The column is replaced by a check box of the same name."""
    in_notion(stage, "delete_column", "Target")
    stage.act("notion", "add_column", data_source=keys(stage), name="Target", spec="checkbox")


def retyped_in_the_sheet(stage: Stage) -> None:
    """All cells of the column become check boxes."""
    rows = stage.world.sheets.spreadsheets
    (file,) = rows.values()
    used = sorted({row for row, _ in file.tabs[0].cells if row > 0})
    for row in used:
        stage.act("sheets", "set_cell", row=row + 1, column="Current", value=True)


DRIFTS = {
    "notion renamed": Drift(
        lambda stage: in_notion(stage, "rename_column", "Target", name="Target value"),
        "FIELD_RENAMED",
        "target: {from: Target",
        "Target value",
    ),
    "notion deleted": Drift(
        lambda stage: in_notion(stage, "delete_column", "Target"),
        "FIELD_MISSING",
        "target: {from: Target",
        "Start",
    ),
    "notion retyped": Drift(retyped_in_notion, "FIELD_TYPE", "target: {from: Target", "type bool"),
    "sheet renamed": Drift(
        lambda stage: stage.act("sheets", "rename_header", column="Current", to="Current value"),
        "FIELD_MISSING",
        "current: {from: Current",
        "Current value",
    ),
    "sheet deleted": Drift(
        lambda stage: stage.act("sheets", "delete_column", column="Current"),
        "FIELD_MISSING",
        "current: {from: Current",
        "Unit",
    ),
    "sheet retyped": Drift(retyped_in_the_sheet, "FIELD_TYPE", "current: {from: Current", "type bool"),
    "jira renamed": Drift(
        lambda stage: stage.act("jira", "rename_field", field="OKR progress", name="OKR progres"),
        "FIELD_RENAMED",
        "to: OKR progress",
        "OKR progres ",
    ),
    "jira hidden": Drift(
        lambda stage: stage.act("jira", "screen", project="ACME", field="OKR progress", shown=False),
        "FIELD_MISSING",
        "to: OKR progress",
        "Summary",
    ),
}


@pytest.mark.parametrize("drift", DRIFTS.values(), ids=DRIFTS)
def test_a_field_that_changed_is_named_with_its_line(stage: Stage, drift: Drift) -> None:
    """Code, line of the file, and what there is instead; numbers of before stand everywhere."""
    drift.act(stage)
    report = stage.json("sync", "--whole")
    found = finding(report, drift.code)
    assert found["place"].startswith(f"okrsync.yaml:{line_of(stage, drift.line)}:")
    assert drift.hint in f"{found['message']} {found['advice']}"
    assert stage.notion(KEY)["Progress"] == 0.5
    assert stage.run("check").code == Exit.CONFIGURATION


@pytest.mark.parametrize("drift", [DRIFTS["notion deleted"], DRIFTS["jira hidden"]], ids=["notion", "jira"])
def test_the_rest_of_the_run_goes_on(stage: Stage, drift: Drift) -> None:
    """A number typed elsewhere still arrives."""
    drift.act(with_news(stage))
    finding(stage.json("sync", "--whole"), drift.code)
    assert news_arrived(stage)


def test_a_renamed_column_goes_on_by_its_id(stage: Stage) -> None:
    """Run after run, in both directions; Notion's ids outlive names."""
    in_notion(stage, "rename_column", "Target", name="Target value")
    finding(stage.json("sync", "--whole"), "FIELD_RENAMED")
    stage.act("notion", "edit", page=stage.page(KEY), property="Target value", value=160)
    assert stage.run("sync").code == Exit.DONE
    assert stage.cell(KEY, "Target") == 160
    stage.act("sheets", "set_cell", key=KEY, column="Target", value=170)
    assert stage.run("sync").code == Exit.DONE
    assert stage.notion(KEY)["Target value"] == 170


def test_a_column_that_was_made_anew_in_the_sheet_blanks_nothing(stage: Stage) -> None:
    """A run saw it missing: its blanks are nobody's edits, and it gets its numbers back."""
    stage.act("sheets", "delete_column", column="Target")
    finding(stage.json("sync"), "FIELD_MISSING")
    stage.act("sheets", "insert_column", column="Unit", header="Target")
    assert stage.run("sync", "--approve").code == Exit.DONE
    assert (stage.notion(KEY)["Target"], stage.cell(KEY, "Target")) == (150, 150)


def test_a_column_that_was_made_anew_in_notion_blanks_nothing(stage: Stage) -> None:
    """Its id is another one: what the sheet agreed to is shown there again."""
    in_notion(stage, "delete_column", "Target")
    stage.act("notion", "add_column", data_source=keys(stage), name="Target", spec="number")
    assert stage.run("sync", "--approve").code == Exit.DONE
    assert (stage.notion(KEY)["Target"], stage.cell(KEY, "Target")) == (150, 150)
