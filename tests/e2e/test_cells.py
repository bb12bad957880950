"""Cells, columns and rows that people broke: the last agreed value stays, and nothing is overwritten (I9).

In every case another number was typed as well, and must reach Notion all the same.
"""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.commands.exits import Exit
from okrsync.sandbox.faults import FaultRule
from tests.e2e.stage import Stage

KEY, PARENT, NEWS = "ACME-PPC-O1-KR1", "ACME-CMO-O1-KR1", "ACME-EUSALES-O1-KR2"
Json = Any


def with_news(stage: Stage) -> Stage:
    """Somebody typed a number elsewhere."""
    stage.act("sheets", "set_cell", key=NEWS, column="Current", value=40_000)
    return stage


def news_arrived(stage: Stage) -> bool:
    """Whether that number reached Notion."""
    return bool(stage.notion(NEWS)["Progress"] == 0.8)


def finding(report: Json, code: str) -> Json:
    """The one finding of a run with that code."""
    (found,) = [each for each in report["plan"]["findings"] if each["code"] == code]
    return found


def keys(stage: Stage) -> str:
    """The id of the Notion table of key results."""
    return next(i for i, each in stage.world.notion.state.data_sources.items() if each.title == "Key results")


def line_of(stage: Stage, text: str) -> int:
    """The line of the admin's file on which a text first stands, from 1."""
    lines = stage.config.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize("error", ["REF", "LOADING", "DIVIDE_BY_ZERO"])
def test_a_cell_that_shows_an_error(stage: Stage, error: str) -> None:
    """The last agreed number counts on, the cell stays, `explain` and `status` tell."""
    with_news(stage).act("sheets", "set_error", key=KEY, column="Current", type=error)
    broken = stage.cell(KEY, "Current")
    assert stage.run("sync").code == Exit.DONE
    assert stage.cell(KEY, "Current") == broken
    assert (stage.notion(KEY)["Progress"], stage.notion(PARENT)["Progress"]) == (0.5, 0.5)
    assert news_arrived(stage)
    notes = " ".join(stage.json("explain", KEY)["notes"])
    assert f"KRs!{stage.address(KEY, 'Current')}" in notes and "could not be read" in notes
    assert "unreadable" in stage.run("status").out


def test_text_in_a_number_column(stage: Stage) -> None:
    """As good as unreadable: kept as typed, the last agreed number counts on, with the reason."""
    with_news(stage).act("sheets", "set_cell", key=KEY, column="Current", value="about 80")
    assert stage.run("sync").code == Exit.DONE
    assert stage.cell(KEY, "Current") == "about 80"
    assert stage.notion(KEY)["Progress"] == 0.5
    assert news_arrived(stage)
    assert "could not be read" in " ".join(stage.json("explain", KEY)["notes"])


def test_a_blank_current_is_no_zero(stage: Stage) -> None:
    """No score, an empty bar, and the sum says how much of it is there."""
    stage.act("sheets", "set_cell", key=KEY, column="Current", value=None)
    assert stage.run("sync").code == Exit.DONE
    row = stage.notion(KEY)
    assert "Progress" not in row and row["Health"] == "No score"
    assert stage.shown(KEY, "Score") == ""
    assert stage.notion(PARENT)["Why"] == "0.12: 25 of 200 MQL, summed from 1 of 2 key results"


def test_a_zero_is_a_zero(stage: Stage) -> None:
    """A score of 0, and a full sum."""
    stage.act("sheets", "set_cell", key=KEY, column="Current", value=0)
    assert stage.run("sync").code == Exit.DONE
    assert stage.notion(KEY)["Progress"] == 0
    assert "summed from 2 key results" in stage.notion(PARENT)["Why"]


def test_a_renamed_sheet_column(stage: Stage) -> None:
    """The binding's place in the file and the nearest header; no number is taken for missing."""
    stage.act("sheets", "rename_header", column="Current", to="Current value")
    report = stage.json("sync")
    found = finding(report, "FIELD_MISSING")
    assert found["place"].startswith(f"okrsync.yaml:{line_of(stage, 'current: {from: Current')}:")
    assert "Current" in found["message"] and "Current value" in found["advice"]
    assert report["written"] == 0
    assert stage.notion(KEY)["Progress"] == 0.5


def test_a_deleted_notion_property(stage: Stage) -> None:
    """Named with its place in the file; the sheet's target counts on, and other fields are written."""
    with_news(stage).act("notion", "delete_column", data_source=keys(stage), column="Target")
    found = finding(stage.json("sync"), "FIELD_MISSING")
    assert found["place"].startswith(f"okrsync.yaml:{line_of(stage, 'target: {from: Target')}:")
    assert news_arrived(stage)
    assert stage.cell(KEY, "Target") == 150


def test_an_unknown_jira_field(stage: Stage) -> None:
    """The nearest name is offered; the right field keeps its number."""
    stage.edit_config("to: OKR progress", "to: OKR progres")
    found = finding(with_news(stage).json("sync"), "FIELD_MISSING")
    assert found["place"].startswith(f"okrsync.yaml:{line_of(stage, 'OKR progres')}:")
    assert "OKR progress" in found["advice"]
    assert stage.issue("ACME-9")["OKR progress"] == 0.75
    assert news_arrived(stage)


def test_two_rows_with_one_key(stage: Stage) -> None:
    """Both are left alone and named; the numbers agreed before stand."""
    row = {"KR": KEY, "Title": "Twin", "Current": 5, "Target": 9}
    with_news(stage).act("sheets", "append_row", values=row)
    found = finding(stage.json("sync"), "KEY_SHARED")
    assert KEY in found["message"] and "rows 8 and 28" in found["message"]
    assert stage.notion(KEY)["Progress"] == 0.5 and stage.notion(KEY)["Target"] == 150
    assert news_arrived(stage)


def test_two_pages_with_one_key(stage: Stage) -> None:
    """The known one stays linked, the new one is named and not touched."""
    new = stage.act("notion", "create", data_source=keys(stage), values={"Name": "Twin", "KR key": KEY})[
        "page"
    ]
    found = finding(with_news(stage).json("sync"), "KEY_SHARED")
    assert KEY in found["message"] and "Twin" in found["place"]
    assert ("notion", new, "Progress") not in stage.truth()
    assert news_arrived(stage)


def many_parents(stage: Stage) -> list[str]:
    """An objective contributes to 30 key results, more than Notion shows inside a page."""
    made = [
        stage.act(
            "notion",
            "create",
            data_source=keys(stage),
            values={"Name": f"More {number}", "KR key": f"MORE-{number}"},
        )["page"]
        for number in range(30)
    ]
    stage.act("notion", "edit", page=stage.page("ACME-PPC-O1"), property="Contributes to", value=made)
    return made


def parents(stage: Stage) -> set[str]:
    """What the model knows of that objective's parents."""
    (found,) = [each for each in stage.json("tree") if each["key"] == "ACME-PPC-O1"]
    return set(found["fields"]["contributes_to"] or ())


def test_a_relation_longer_than_a_page_shows(stage: Stage) -> None:
    """All 30 entries are read, and the relation stays as people made it."""
    pages = many_parents(stage)
    assert stage.run("sync").code == Exit.DONE
    assert len(parents(stage)) == len(pages) == 30
    page = stage.page("ACME-PPC-O1")
    assert set(stage.truth()["notion", page, "Contributes to"]) == set(pages)


def test_a_relation_that_stays_cut_is_not_believed(stage: Stage) -> None:
    """When the rest cannot be fetched, the agreed parents stand and nothing is overwritten."""
    pages = many_parents(stage)
    agreed = parents(stage)
    rule: FaultRule = stage.fault(
        "status", service="notion", path="/v1/pages/*/properties/*", status=404, times=None
    )
    stage.run("sync")
    assert rule.hits > 0
    assert parents(stage) == agreed
    assert set(stage.truth()["notion", stage.page("ACME-PPC-O1"), "Contributes to"]) == set(pages)
