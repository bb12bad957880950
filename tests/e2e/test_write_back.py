"""What people see in their own tools after a sync."""

from __future__ import annotations

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage

SUMMED = "ACME-CMO-O1-KR1"
EPIC = "ACME-9"


def test_notion_shows_progress_health_and_why(stage: Stage) -> None:
    """A number for the bar, one of the people's own statuses, a sentence."""
    row = stage.notion(SUMMED)
    assert (row["Progress"], row["Health"]) == (0.5, "At risk")
    assert row["Why"] == "0.50: 100 of 200 MQL, summed from 2 key results"


def test_notion_shows_objectives_too(stage: Stage) -> None:
    """The mean of the key results, in the objective's row."""
    row = stage.notion("ACME-SALES-O1")
    assert (row["Progress"], row["Health"]) == (0.45, "On track")


def test_notion_shows_nothing_where_there_is_no_score(stage: Stage) -> None:
    """Progress stays empty, not 0, and the reason is told."""
    row = stage.notion("ACME-EMAIL-O1-KR2")
    assert "Progress" not in row
    assert row["Health"] == "No score" and "no current value" in row["Why"]


def test_jira_shows_progress_in_the_field_and_in_the_property(stage: Stage) -> None:
    """The field for people, the property for other apps; labels and status stay the team's."""
    issue = stage.issue(EPIC)
    assert issue["OKR progress"] == 0.75
    assert issue["property okrsync"]["progress"] == "0.75"
    assert issue["Labels"] == ["kr-ACME-PPC-O1-KR1"]


def test_the_sheet_shows_the_score_in_peoples_column(stage: Stage) -> None:
    """By a formula that looks the key up in okrsync's own tab, in the column's own format."""
    assert stage.shown(SUMMED, "Score") == "50%"
    assert stage.shown(SUMMED, "Status").casefold() == "at risk"
    assert stage.cell(SUMMED, "Score").startswith("=")
    assert stage.cell(SUMMED, "score", tab="_okrsync") == 0.5


def test_a_missing_score_shows_as_an_empty_cell(stage: Stage) -> None:
    """Not as 0% and not as an error."""
    assert stage.shown("ACME-EMAIL-O1-KR2", "Score") == ""
    assert stage.shown("ACME-EUSALES-O1-KR1", "Score") == "0%"


def test_people_keep_every_other_cell(fresh: Stage) -> None:
    """I10: a sync fills Score and Status and touches no other cell of the people's tab."""
    before = fresh.truth()
    fresh.run("sync", "--approve")
    now = fresh.truth()
    touched = {
        place[2][0]
        for place in before.keys() | now.keys()
        if place[:2] == ("sheets", "KRs") and before.get(place) != now.get(place)
    }
    assert touched == {"G", "H"}


@pytest.mark.parametrize("descending", [False, True])
def test_a_sorted_tab_still_shows_each_row_its_own_score(stage: Stage, descending: bool) -> None:
    """At once, and after the next sync, which moves no number to another key."""
    keys = (SUMMED, "ACME-SASALES-O1-KR2", "ACME-EUSALES-O1-KR1")
    stage.act("sheets", "sort", column="Current", descending=descending)
    assert [stage.shown(key, "Score") for key in keys] == ["50%", "30%", "0%"]
    assert stage.run("sync").code == Exit.DONE
    assert [stage.shown(key, "Score") for key in keys] == ["50%", "30%", "0%"]
    assert stage.notion("ACME-SASALES-O1-KR2")["Progress"] == 0.3


def test_sorting_alone_costs_no_write_to_other_tools(stage: Stage) -> None:
    """Rows have no identity but their key: what moved has not changed."""
    stage.act("sheets", "sort", column="Title")
    stage.run("sync")
    assert stage.writes("notion") == stage.writes("jira") == 0


def test_an_inserted_row_moves_no_score(stage: Stage) -> None:
    """Rows below keep their scores; the new row without a key is left alone."""
    stage.act("sheets", "insert_row", key="ACME-PPC-O1-KR1", values={"Notes": "below: paid search"})
    assert stage.run("sync").code == Exit.DONE
    assert stage.shown("ACME-PPC-O1-KR1", "Score") == "50%"
    assert stage.shown("ACME-SASALES-O1-KR2", "Score") == "30%"


def test_a_new_number_reaches_all_places(stage: Stage) -> None:
    """One cell typed: the key result, the sum above it, Notion and the sheet's own columns follow."""
    stage.act("sheets", "set_cell", key="ACME-PPC-O1-KR1", column="Current", value=135)
    assert stage.run("sync").code == Exit.DONE
    assert stage.notion("ACME-PPC-O1-KR1")["Progress"] == 0.9
    assert stage.notion(SUMMED)["Progress"] == 0.8
    assert (stage.shown("ACME-PPC-O1-KR1", "Score"), stage.shown(SUMMED, "Score")) == ("90%", "80%")
    stage.forget()
    assert stage.run("sync").code == Exit.DONE and stage.writes() == 0


def test_a_scribble_over_a_computed_number_is_put_right(stage: Stage) -> None:
    """Computed fields belong to okrsync: Notion's bar and Jira's field."""
    stage.act("notion", "edit", page=stage.page(SUMMED), property="Progress", value=0.99)
    stage.act("jira", "edit", issue=EPIC, fields={"OKR progress": 0.1})
    assert stage.run("sync").code == Exit.DONE
    assert stage.notion(SUMMED)["Progress"] == 0.5
    assert stage.issue(EPIC)["OKR progress"] == 0.75


def test_a_value_typed_over_a_look_up_stays_and_is_told(stage: Stage) -> None:
    """The people's tab is theirs; every run names the cell."""
    stage.act("sheets", "set_cell", key=SUMMED, column="Score", value=1)
    findings = stage.json("sync")["plan"]["findings"]
    assert [each["code"] for each in findings if stage.address(SUMMED, "Score") in each["place"]] == ["DRIFT"]
    assert stage.cell(SUMMED, "Score") == 1


def test_a_title_travels_to_the_other_tool(stage: Stage) -> None:
    """Titles may be changed in Notion or in the sheet; the other follows."""
    page = stage.page("ACME-PPC-O1-KR2")
    stage.act("notion", "edit", page=page, property="Name", value="50 MQLs via display")
    stage.act("sheets", "set_cell", key="ACME-PPC-O1-KR1", column="Title", value="150 MQLs via search")
    assert stage.run("sync").code == Exit.DONE
    assert stage.cell("ACME-PPC-O1-KR2", "Title") == "50 MQLs via display"
    assert stage.notion("ACME-PPC-O1-KR1")["Name"] == "150 MQLs via search"
