"""Queries of the imitated Notion: filters, sorts, portions and the ceiling."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.sandbox.notion.workspace import START, Workspace


def fill(ws: Workspace, count: int) -> list[str]:
    """Rows titled 0, 1, 2, ... a minute apart."""
    made = []
    for number in range(count):
        made.append(ws.notion.add_page(ws.objectives, {"Name": str(number)}))
        ws.clock.advance(minutes=1)
    return made


def edited(condition: str, moment: str) -> dict[str, Any]:
    """A filter on the edit time."""
    return {"timestamp": "last_edited_time", "last_edited_time": {condition: moment}}


def where(name: str, kind: str, condition: str, wanted: Any = True) -> dict[str, Any]:
    """A filter on one property."""
    return {"property": name, kind: {condition: wanted}}


def test_default_order_is_newest_first(ws: Workspace) -> None:
    """Without sorts rows come newest first (recorded, though Notion promises nothing)."""
    fill(ws, 3)
    assert ws.titles(ws.objectives) == ["2", "1", "0"]


def test_portions_reach_every_row(ws: Workspace) -> None:
    """Following the cursor gives each row once; the cursor is not a bare UUID."""
    fill(ws, 7)
    portion = ws.client.data_sources.query(ws.objectives, page_size=3)
    assert portion["next_cursor"].startswith("s:")
    seen = list(portion["results"])
    while portion["has_more"]:
        portion = ws.client.data_sources.query(
            ws.objectives, page_size=3, start_cursor=portion["next_cursor"]
        )
        seen += portion["results"]
    assert len({page["id"] for page in seen}) == len(seen) == 7
    assert "request_status" not in portion


def test_cursor_belongs_to_its_query(ws: Workspace) -> None:
    """A cursor sent with another filter, or an invented one, is 400."""
    fill(ws, 3)
    cursor = ws.query(ws.objectives, {"page_size": 1}).json()["next_cursor"]
    other = {"start_cursor": cursor, "filter": where("Level", "select", "is_empty")}
    assert ws.query(ws.objectives, other).status_code == 400
    assert ws.query(ws.objectives, {"start_cursor": "s:1:2"}).status_code == 400


def test_row_trashed_while_paging_shortens_a_portion(ws: Workspace) -> None:
    """A portion may be shorter than asked although more follow."""
    pages = fill(ws, 5)
    first = ws.query(ws.objectives, {"page_size": 2}).json()
    ws.notion.person("trash", {"page": pages[1]})
    body = {"page_size": 2, "start_cursor": first["next_cursor"]}
    second = ws.query(ws.objectives, body).json()
    assert (len(second["results"]), second["has_more"]) == (1, True)


@pytest.mark.parametrize("size", [0, 101, "5"])
def test_page_size_is_checked(ws: Workspace, size: Any) -> None:
    """More than 100, less than 1 and text are refused."""
    assert ws.query(ws.objectives, {"page_size": size}).status_code == 400


def test_page_limit_shortens_answers(ws: Workspace) -> None:
    """A server that gives fewer rows than asked still gives them all."""
    fill(ws, 3)
    ws.notion.state.settings.page_limit = 2
    answer = ws.query(ws.objectives, {"page_size": 100}).json()
    assert (len(answer["results"]), answer["has_more"]) == (2, True)


def test_ceiling_ends_the_list_and_says_incomplete(ws: Workspace) -> None:
    """Every portion of a query beyond the ceiling carries request_status; has_more turns false there."""
    fill(ws, 6)
    ws.notion.state.settings.row_ceiling = 4
    first = ws.query(ws.objectives, {"page_size": 3}).json()
    body = {"page_size": 3, "start_cursor": first["next_cursor"]}
    second = ws.query(ws.objectives, body).json()
    incomplete = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    assert [first["request_status"], second["request_status"]] == [incomplete, incomplete]
    assert (len(second["results"]), second["has_more"]) == (1, False)


def test_created_order_can_window_past_the_ceiling(ws: Workspace) -> None:
    """Sorting by creation and starting again at the last one reaches what the ceiling cut."""
    fill(ws, 6)
    ws.notion.state.settings.row_ceiling = 4
    sorts = [{"timestamp": "created_time", "direction": "ascending"}]
    since = {"timestamp": "created_time", "created_time": {"on_or_after": "2026-11-02T09:33:00.000Z"}}
    assert ws.titles(ws.objectives, sorts=sorts) == ["0", "1", "2", "3"]
    assert ws.titles(ws.objectives, sorts=sorts, filter=since) == ["3", "4", "5"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("equals", ["1"]),
        ("before", ["0"]),
        ("on_or_before", ["0", "1"]),
        ("after", ["2"]),
        ("on_or_after", ["1", "2"]),
    ],
)
def test_edit_times_compare_by_the_minute(ws: Workspace, condition: str, found: list[str]) -> None:
    """A filter's seconds do not matter: 09:31:59 means the minute 09:31 (recorded for dates)."""
    fill(ws, 3)
    condition_filter = edited(condition, "2026-11-02T10:31:59.900+01:00")
    assert sorted(ws.titles(ws.objectives, filter=condition_filter)) == found


def test_second_edit_in_the_same_minute_does_not_move_the_time(ws: Workspace) -> None:
    """Two edits within a minute share a time stamp: a watermark alone cannot tell them apart."""
    page = fill(ws, 1)[0]
    ws.clock.set(datetime(2026, 11, 2, 10, 0, 5, tzinfo=UTC))
    ws.notion.person("edit", {"page": page, "property": "Progress", "value": 0.1})
    seen = ws.page(page)["last_edited_time"]
    ws.clock.advance(seconds=40)
    ws.notion.person("edit", {"page": page, "property": "Progress", "value": 0.2})
    assert ws.page(page)["last_edited_time"] == seen
    assert ws.titles(ws.objectives, filter=edited("after", seen)) == []
    assert ws.titles(ws.objectives, filter=edited("on_or_after", seen)) == ["0"]


def test_filters_by_property(ws: Workspace) -> None:
    """Each type answers its own conditions."""
    values = {"OKR key": "O-1", "Level": "Team", "Owner": ["ada@example.com"], "Due": date(2026, 12, 31)}
    page = ws.notion.add_page(ws.objectives, {"Name": "full", "Progress": 0.5, **values})
    ws.notion.add_page(ws.objectives, {"Name": "empty"})
    ws.notion.person("edit", {"page": page, "property": "Health", "value": "Done"})
    only_full = [
        where("Name", "title", "starts_with", "fu"),
        where("OKR key", "rich_text", "equals", "O-1"),
        where("OKR key", "rich_text", "is_not_empty"),
        where("Progress", "number", "greater_than", 0.4),
        where("Level", "select", "equals", ["Team", "Company"]),
        where("Health", "status", "equals", "Done"),
        where("Owner", "people", "contains", ws.ada),
        where("Due", "date", "on_or_after", "2026-12-31"),
        where("Due", "date", "is_not_empty"),
        where("Number", "unique_id", "equals", 1),
    ]
    assert [ws.titles(ws.objectives, filter=each) for each in only_full] == [["full"]] * len(only_full)
    assert ws.titles(ws.objectives, filter=where("Progress", "number", "does_not_equal", 0.5)) == ["empty"]


def test_relation_checkbox_and_tags_filters(ws: Workspace) -> None:
    """Relations by page id, checkboxes by truth, multi-select by any of its options."""
    goal = ws.notion.add_page(ws.objectives, {"Name": "goal"})
    values = {"Name": "full", "Objective": [goal], "Strict": True, "Tags": ["Growth"]}
    ws.notion.add_page(ws.key_results, values)
    ws.notion.add_page(ws.key_results, {"Name": "empty"})
    for condition in (
        where("Objective", "relation", "contains", goal),
        where("Strict", "checkbox", "equals", True),
        where("Tags", "multi_select", "contains", "Growth"),
        where("Link", "url", "is_empty"),
    ):
        assert "full" in ws.titles(ws.key_results, filter=condition)
    assert ws.titles(ws.key_results, filter=where("Tags", "multi_select", "is_empty")) == ["empty"]


def test_compound_filters_nest_two_levels(ws: Workspace) -> None:
    """and/or within or/and is answered, a third level refused."""
    fill(ws, 3)
    one, two = where("Name", "title", "equals", "1"), where("Name", "title", "equals", "2")
    level2 = {"or": [one, {"and": [two, where("Level", "select", "is_empty")]}]}
    assert ws.titles(ws.objectives, filter=level2) == ["2", "1"]
    assert ws.query(ws.objectives, {"filter": {"and": [level2]}}).status_code == 400


@pytest.mark.parametrize(
    "bad",
    [
        where("Nope", "number", "equals", 1),
        where("Progress", "rich_text", "equals", "1"),
        where("Progress", "number", "contains", 1),
        where("Level", "select", "equals", "Nowhere"),
        where("Owner", "people", "contains", "ada@example.com"),
        {"timestamp": "last_edited_time", "property": "Name", "last_edited_time": {"is_empty": True}},
        {"property": "Name"},
        [],
    ],
)
def test_bad_filters_are_refused(ws: Workspace, bad: Any) -> None:
    """A filter that names what is not there, or does not fit the type, is 400 validation_error."""
    answer = ws.query(ws.objectives, {"filter": bad})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


def test_past_week_includes_today(ws: Workspace) -> None:
    """The named spans count today (recorded)."""
    ws.notion.add_page(ws.objectives, {"Name": "today", "Due": START.date()})
    ws.notion.add_page(ws.objectives, {"Name": "later", "Due": date(2026, 12, 31)})
    for condition in ("past_week", "next_week", "this_week"):
        assert ws.titles(ws.objectives, filter=where("Due", "date", condition, {})) == ["today"]


def test_sorts_put_empty_values_last(ws: Workspace) -> None:
    """Several sorts apply in order; rows without a value come last in both directions."""
    for name, number in (("a", 2), ("b", 1), ("c", None), ("d", 2)):
        ws.notion.add_page(ws.key_results, {"Name": name, "Target": number})
    by_title = {"property": "Name", "direction": "descending"}
    up = [{"property": "Target", "direction": "ascending"}, by_title]
    down = [{"property": "Target", "direction": "descending"}, by_title]
    assert ws.titles(ws.key_results, sorts=up) == ["b", "d", "a", "c"]
    assert ws.titles(ws.key_results, sorts=down) == ["d", "a", "b", "c"]


def test_trashed_and_archived_rows_are_hidden(ws: Workspace) -> None:
    """Default queries show neither; is_archived lists only the archived ones."""
    pages = fill(ws, 3)
    ws.notion.person("trash", {"page": pages[0]})
    ws.notion.person("archive", {"page": pages[1]})
    assert ws.titles(ws.objectives) == ["2"]
    assert ws.titles(ws.objectives, is_archived=True) == ["1"]
    assert (ws.page(pages[0])["in_trash"], ws.page(pages[1])["is_archived"]) == (True, True)


def test_filter_properties_narrow_rows(ws: Workspace) -> None:
    """A repeated query parameter leaves only the named columns, by decoded id or name."""
    fill(ws, 1)
    keys = ["title", ws.notion.column_id(ws.objectives, "Due"), "Level"]
    answer = ws.query(ws.objectives, {}, filter_properties=keys).json()
    assert set(answer["results"][0]["properties"]) == {"Name", "Due", "Level"}


def test_result_type_data_source_has_no_rows(ws: Workspace) -> None:
    """Asking for data sources alone gives none in a plain table."""
    fill(ws, 1)
    assert ws.titles(ws.objectives, result_type="data_source") == []


def test_search_finds_tables_by_title(ws: Workspace) -> None:
    """The set-up aid finds a data source, and nothing that is not shared."""
    only = {"property": "object", "value": "data_source"}
    found = ws.client.search(query="key res", filter=only)["results"]
    assert [each["id"] for each in found] == [ws.key_results]
    ws.notion.unshare(ws.database)
    assert ws.client.search(query="key res", filter=only)["results"] == []


@pytest.mark.parametrize(
    ("kind", "objects"),
    [(None, ["page", "data_source", "page"]), ("page", ["page", "page"]), ("data_source", ["data_source"])],
)
def test_a_wiki_lists_data_sources_between_its_pages(
    ws: Workspace, kind: str | None, objects: list[str]
) -> None:
    """Unless one kind of result is asked for (documented)."""
    fill(ws, 2)
    ws.notion.put_in_wiki(ws.key_results, ws.objectives)
    body = {} if kind is None else {"result_type": kind}
    results = ws.query(ws.objectives, body).json()["results"]
    assert [each["object"] for each in results] == objects
