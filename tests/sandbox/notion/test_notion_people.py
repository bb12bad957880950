"""What people do in the imitated Notion's app, and that a workspace survives saving."""

from __future__ import annotations

import json
from typing import Any

import pytest

from okrsync.sandbox.notion import NotionService
from okrsync.sandbox.service import PersonError
from tests.sandbox.notion.workspace import Connected, Workspace, populated


def act(ws: Workspace, action: str, **arguments: Any) -> Any:
    """A person's action."""
    return ws.notion.person(action, arguments)


def test_edit_is_authored_by_the_person(ws: Workspace) -> None:
    """A person's edit carries the person's name and the current minute."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow"})
    ws.clock.advance(minutes=10)
    act(ws, "edit", page="Grow", property="Owner", value=["ada@example.com"], by="ada@example.com")
    shown = ws.page(page)
    assert (shown["last_edited_by"]["id"], shown["last_edited_time"]) == (ws.ada, "2026-11-02T09:40:00.000Z")
    assert shown["properties"]["Owner"]["people"][0]["person"] == {"email": "ada@example.com"}


def test_create_and_trash(ws: Workspace) -> None:
    """A person adds a row and throws it away; it stays readable."""
    page = act(ws, "create", data_source="Objectives", values={"Name": "Win", "Level": "Team"})["page"]
    assert ws.titles(ws.objectives) == ["Win"]
    act(ws, "trash", page=page)
    assert ws.titles(ws.objectives) == [] and ws.page(page)["in_trash"] is True
    act(ws, "restore", page=page)
    assert ws.titles(ws.objectives) == ["Win"]


def test_move_changes_the_parent(ws: Workspace) -> None:
    """A moved row keeps its id and title under another parent."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Win", "Progress": 0.5})
    act(ws, "move", page=page, data_source="Key results")
    shown = ws.page(page)
    assert shown["parent"]["data_source_id"] == ws.key_results
    assert (ws.titles(ws.objectives), ws.titles(ws.key_results)) == ([], ["Win"])


def test_moved_row_leaves_relations(ws: Workspace) -> None:
    """The other end of a two-way relation forgets a row that moved away."""
    goal = ws.notion.add_page(ws.objectives, {"Name": "goal"})
    result = ws.notion.add_page(ws.key_results, {"Name": "KR", "Objective": [goal]})
    act(ws, "move", page=result, data_source="Objectives")
    assert ws.value(goal, "Key results") == []


def test_columns_change_by_hand(ws: Workspace) -> None:
    """People add, rename and delete columns and add options."""
    act(ws, "add_column", data_source="Objectives", name="Note", spec="rich_text")
    act(ws, "rename_column", data_source="Objectives", column="Note", name="Why")
    act(ws, "delete_column", data_source="Objectives", column="Due")
    act(ws, "add_option", data_source="Objectives", column="Level", name="Person")
    shown = ws.client.data_sources.retrieve(ws.objectives)["properties"]
    assert "Why" in shown and "Note" not in shown and "Due" not in shown
    assert [option["name"] for option in shown["Level"]["select"]["options"]][-1] == "Person"


def test_unshare_and_share_by_hand(ws: Workspace) -> None:
    """A person takes a page away from the connection and gives it back."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Secret"})
    act(ws, "unshare", id=page)
    assert ws.titles(ws.objectives) == []
    act(ws, "share", id=page)
    assert ws.titles(ws.objectives) == ["Secret"]


@pytest.mark.parametrize(
    ("action", "arguments", "hint"),
    [
        ("fly", {}, "known: edit"),
        ("edit", {"page": "Nowhere", "property": "Name", "value": 1}, "'Nowhere'"),
        ("edit", {"page": "Grow", "property": "Nope", "value": 1}, "it has Name"),
        ("edit", {"page": "Grow", "property": "Progress", "value": "x"}, "a number"),
        ("edit", {"page": "Grow"}, "missing"),
        ("edit", {"page": "Grow", "property": "Name", "value": "x", "by": "Bob"}, "'Bob'"),
        ("delete_column", {"data_source": "Objectives", "column": "Name"}, "title column"),
        ("add_option", {"data_source": "Objectives", "column": "Due", "name": "x"}, "no options"),
    ],
)
def test_impossible_edits_say_why(ws: Workspace, action: str, arguments: dict[str, Any], hint: str) -> None:
    """What a person cannot do is a PersonError that names the thing."""
    ws.notion.add_page(ws.objectives, {"Name": "Grow"})
    with pytest.raises(PersonError, match=hint):
        act(ws, action, **arguments)


def test_dump_and_load_round_trip(ws: Workspace) -> None:
    """A dump is JSON, loads elsewhere to the same workspace, and answers the same."""
    goal = ws.notion.add_page(ws.objectives, {"Name": "goal", "Due": "2026-12-31", "Level": "Team"})
    ws.notion.add_page(ws.key_results, {"Name": "KR", "Objective": [goal], "Tags": ["Growth"]})
    ws.client.comments.create(parent={"page_id": goal}, rich_text=[{"text": {"content": "Hi"}}])
    ws.notion.fail_next("conflict")
    saved = json.loads(json.dumps(ws.notion.dump()))
    other = NotionService(clock=ws.clock)
    other.load(saved)
    assert other.dump() == saved
    before = ws.page(goal) | {"request_id": ""}
    ws.notion.reset()
    assert ws.http.get(f"/v1/pages/{goal}").status_code == 404
    ws.notion.load(saved)
    assert ws.page(goal) | {"request_id": ""} == before


def test_foreign_dump_is_refused(ws: Workspace) -> None:
    """Another shape is a ValueError and changes nothing."""
    before = ws.notion.dump()
    dumps: list[dict[str, Any]] = [{}, {"notion": {}}, {"notion": {**before["notion"], "extra": 1}}]
    for foreign in dumps:
        with pytest.raises(ValueError, match="not a dump"):
            ws.notion.load(foreign)
    assert ws.notion.dump() == before


def test_same_steps_give_the_same_world(ws: Workspace) -> None:
    """Ids follow from the steps alone."""
    ids = ws.notion.add_page(ws.objectives, {"Name": "Grow"}), ws.database, ws.ada
    again = populated(Connected(ws.notion, ws.clock, ws.client, ws.http, ws.answers))
    assert (again.notion.add_page(again.objectives, {"Name": "Grow"}), again.database, again.ada) == ids
