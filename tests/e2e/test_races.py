"""People who edit while a sync runs: between its look and its write (I1, I2, I3).

The person acts inside the run, just before a chosen request is served. Their edit must survive, the run
must say so, and the next run must ask instead of choosing.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Scene, Stage

KEY, OTHER = "ACME-PPC-O1-KR1", "ACME-PPC-O1-KR2"


def rename_in_notion(stage: Stage, key: str, title: str) -> None:
    """A person gives a key result another name."""
    stage.act("notion", "edit", page=stage.page(key), property="Name", value=title)


def rename_in_sheet(stage: Stage, key: str, title: str) -> None:
    """The same in the sheet."""
    stage.act("sheets", "set_cell", key=key, column="Title", value=title)


def asks(stage: Stage, entity: str) -> bool:
    """The next sync opens a conflict about the title, and writes nothing."""
    stage.forget()
    report = stage.json("sync")
    contested = [(each["entity"], each["field"]) for each in stage.json("conflicts")]
    return contested == [(entity, "title")] and report["written"] == 0 == stage.writes()


def test_an_edit_in_notion_survives(stage: Stage) -> None:
    """Typed after the sync had read the row: kept, told, asked about; the other row is written."""
    page = stage.page(KEY)
    rename_in_sheet(stage, KEY, "From the sheet")
    rename_in_sheet(stage, OTHER, "Other from the sheet")
    stage.meanwhile(
        "notion",
        "GET",
        f"/v1/pages/{page}",
        lambda: stage.act("notion", "edit", page=page, property="Name", value="From Notion"),
    )
    report = stage.json("sync")
    assert [each["record"] for each in report["superseded"]] == [page]
    assert stage.notion(KEY)["Name"] == "From Notion"
    assert stage.notion(OTHER)["Name"] == "Other from the sheet"
    assert asks(stage, KEY)


@pytest.mark.parametrize("reads", [1, 2])
def test_an_edit_in_the_sheet_survives(stage: Stage, reads: int) -> None:
    """Typed before the first or before the last look at the cell; the other row is written."""
    rename_in_notion(stage, KEY, "From Notion")
    rename_in_notion(stage, OTHER, "Other from Notion")
    stage.fault(
        "hook",
        service="sheets",
        method="GET",
        path="/v4/*",
        skip=reads,
        hook=lambda: rename_in_sheet(stage, KEY, "From the sheet"),
    )
    report = stage.json("sync")
    assert [each["record"] for each in report["superseded"] + report["refused"]] == [KEY]
    assert stage.cell(KEY, "Title") == "From the sheet"
    assert stage.cell(OTHER, "Title") == "Other from Notion"
    assert asks(stage, KEY)


@pytest.mark.parametrize("reads", [1, 2])
def test_a_sort_during_the_sync_misplaces_nothing(stage: Stage, reads: int) -> None:
    """The rows move between the looks: the title still reaches its own key."""
    rename_in_notion(stage, KEY, "From Notion")
    stage.fault(
        "hook",
        service="sheets",
        method="GET",
        path="/v4/*",
        skip=reads,
        hook=lambda: stage.act("sheets", "sort", column="Title"),
    )
    others = titles(stage, KEY)
    stage.run("sync")
    assert stage.cell(KEY, "Title") == "From Notion"
    assert titles(stage, KEY) == others


def test_a_sort_at_the_moment_of_writing_is_repaired(stage: Stage) -> None:
    """The last gap, which no look can close: the wrong cell gets its value back, and it is told."""
    rename_in_notion(stage, KEY, "From Notion")
    others = titles(stage, KEY)
    stage.meanwhile("sheets", "POST", "*:batchUpdate", lambda: stage.act("sheets", "sort", column="Title"))
    report = stage.run("sync", "--json")
    assert report.code == Exit.PARTIAL
    assert [each["record"] for each in report.json["refused"]] == [KEY]
    assert titles(stage, KEY) == others
    assert stage.run("sync").code == Exit.DONE
    assert stage.cell(KEY, "Title") == "From Notion"
    assert titles(stage, KEY) == others


def titles(stage: Stage, but: str) -> dict[str, str]:
    """Title by key, of all rows but one."""
    truth = stage.truth()
    keys = {
        place[2][1:]: value
        for place, value in truth.items()
        if place[:2] == ("sheets", "KRs") and place[2][0] == "A"
    }
    return {key: truth["sheets", "KRs", f"B{row}"] for row, key in keys.items() if key not in (but, "KR")}


@pytest.fixture(scope="module")
def shared_epics(running: Stage, before: Scene) -> tuple[Scene, str]:
    """A scene in which epics' titles may be changed in a sheet too, so that Jira's are written."""
    running.set(before)
    book = next(iter(running.world.sheets.spreadsheets))
    rows = [
        ["Epic", "Name"],
        ["one", running.issue("ACME-9")["Summary"]],
        ["two", running.issue("ACME-14")["Summary"]],
    ]
    running.sandbox.call(lambda: running.world.sheets.add_tab(book, "Work", rows))
    running.sandbox.call(lambda: running.world.jira.add_field("Epic ref", "text", projects=("ACME",)))
    for issue, name in (("ACME-9", "one"), ("ACME-14", "two")):
        running.act("jira", "edit", issue=issue, fields={"Epic ref": name})
    running.edit_config("entity: initiative", "entity: initiative\n    key: Epic ref")
    running.edit_config(
        "  epics:",
        f"  work:\n    connection: sheets\n    source: {{spreadsheet: {book}, tab: Work}}\n"
        "    entity: initiative\n    key: Epic\n    fields:\n"
        "      title: {from: Name, sync: both}\n\n  epics:",
    )
    assert running.run("sync", "--approve").code == Exit.DONE
    return running.scene(), running.config.read_text("utf-8")


def test_an_edit_in_jira_survives(running: Stage, shared_epics: tuple[Scene, str]) -> None:
    """Typed after the search: kept and asked about; the other epic and the epic's date are right."""
    scene, text = shared_epics
    running.set(scene)
    running.config.write_text(text, "utf-8")
    for cell, title in (("B2", "From the sheet"), ("B3", "Other from the sheet")):
        running.act("sheets", "set_cell", tab="Work", cell=cell, value=title)
    edit = {"Summary": "From Jira", "Due date": "2026-02-20"}
    running.meanwhile(
        "jira", "POST", "*/bulkfetch", lambda: running.act("jira", "edit", issue="ACME-9", fields=edit)
    )
    report = running.json("sync")
    assert [each["record"] for each in report["superseded"]] == ["10009"]
    issue = running.issue("ACME-9")
    assert (issue["Summary"], issue["Due date"]) == ("From Jira", "2026-02-20")
    assert running.issue("ACME-14")["Summary"] == "Other from the sheet"
    assert asks(running, "one")


def scribbles(stage: Stage) -> dict[str, tuple[str, str, Callable[[], object], Callable[[], object]]]:
    """Edits of other fields of the very record that is being written: where, what, and how it looks."""
    page = stage.page(KEY)
    return {
        "notion": (
            "PATCH",
            "/v1/pages/*",
            lambda: stage.act("notion", "edit", page=page, property="Unit", value="leads"),
            lambda: stage.notion(KEY)["Unit"],
        ),
        "jira": (
            "PUT",
            "*/issue/*",
            lambda: stage.act("jira", "edit", issue="ACME-9", fields={"Summary": "leads"}),
            lambda: stage.issue("ACME-9")["Summary"],
        ),
        "sheets": (
            "POST",
            "*:batchUpdate",
            lambda: stage.act("sheets", "set_cell", key=KEY, column="Notes", value="leads"),
            lambda: stage.cell(KEY, "Notes"),
        ),
    }


@pytest.mark.parametrize("tool", ["notion", "jira", "sheets"])
def test_other_fields_of_the_record_survive_even_in_the_last_gap(stage: Stage, tool: str) -> None:
    """I2: only named fields are sent, so an edit of another field is safe at any moment."""
    stage.act("sheets", "set_cell", key=KEY, column="Current", value=90)
    stage.act("jira", "edit", issue="ACME-9", fields={"OKR progress": 0.1})
    method, path, edit, look = scribbles(stage)[tool]
    hook = stage.meanwhile(tool, method, path, edit)
    assert stage.run("sync").code == Exit.DONE
    assert hook.hits == 1
    assert look() == "leads"
