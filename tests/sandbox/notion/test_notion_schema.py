"""Columns of the imitated Notion: their ids, and what a schema change does to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from tests.sandbox.notion.workspace import Workspace


def columns(ws: Workspace, source: str) -> Any:
    """The schema by column name."""
    return ws.client.data_sources.retrieve(source)["properties"]


def change(ws: Workspace, source: str, **properties: Any) -> int:
    """The status a schema change answers."""
    return ws.http.patch(f"/v1/data_sources/{source}", json={"properties": properties}).status_code


def test_ids_are_odd_encoded_and_repeatable(ws: Workspace) -> None:
    """The title is `title`; some ids need encoding; the same steps give the same ids."""
    shown = columns(ws, ws.objectives)
    assert shown["Name"]["id"] == "title"
    ids = {name: unquote(column["id"]) for name, column in shown.items()}
    assert ids == {name: ws.notion.column_id(ws.objectives, name) for name in shown}
    assert any("%" in column["id"] for column in shown.values())


def test_database_lists_its_data_sources(ws: Workspace) -> None:
    """The container names its tables and shows unrounded times with an offset."""
    shown = ws.client.databases.retrieve(ws.database)
    tables = [{"id": ws.objectives, "name": "Objectives"}, {"id": ws.key_results, "name": "Key results"}]
    assert shown["data_sources"] == tables
    assert shown["created_time"] == "2026-11-02T09:30:41.250+00:00"


def test_rename_keeps_the_id_and_renames_the_rows(ws: Workspace) -> None:
    """A rename by encoded id keeps the id; rows come keyed by the new name."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow", "Progress": 0.5})
    before = columns(ws, ws.objectives)["Progress"]["id"]
    assert change(ws, ws.objectives, **{before: {"name": "Done so far"}}) == 200
    assert columns(ws, ws.objectives)["Done so far"]["id"] == before
    assert ws.value(page, "Done so far") == 0.5


def test_column_made_again_has_a_new_id_and_no_values(ws: Workspace) -> None:
    """Null removes a column with all its values; the same name later is another column (recorded)."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow", "Progress": 0.5})
    before = columns(ws, ws.objectives)["Progress"]["id"]
    assert change(ws, ws.objectives, Progress=None) == 200
    assert change(ws, ws.objectives, Progress={"number": {"format": "percent"}}) == 200
    after = columns(ws, ws.objectives)["Progress"]
    assert after["id"] != before and after["number"] == {"format": "percent"}
    assert ws.value(page, "Progress") is None


def test_options_list_replaces_the_old_one(ws: Workspace) -> None:
    """Omitted options vanish, also from rows; an option named without id keeps its id (recorded)."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow", "Level": "Company"})
    team = columns(ws, ws.objectives)["Level"]["select"]["options"][1]
    options = [{"name": "Team"}, {"name": "Person", "color": "red"}]
    assert change(ws, ws.objectives, Level={"select": {"options": options}}) == 200
    after = columns(ws, ws.objectives)["Level"]["select"]["options"]
    assert [option["name"] for option in after] == ["Team", "Person"]
    assert after[0] == team and ws.value(page, "Level") is None


def test_colour_of_an_option_cannot_change(ws: Workspace) -> None:
    """An existing option's colour is fixed for the API."""
    recoloured = {"select": {"options": [{"name": "Team", "color": "red"}]}}
    assert change(ws, ws.objectives, Level=recoloured) == 400


def test_status_groups_hold_every_option(ws: Workspace) -> None:
    """A status column starts with three options in three groups and takes a further one."""
    groups = columns(ws, ws.objectives)["Health"]["status"]["groups"]
    assert [group["name"] for group in groups] == ["To-do", "In progress", "Complete"]
    options = columns(ws, ws.objectives)["Health"]["status"]["options"]
    wanted = [*options, {"name": "At risk", "group": "In progress"}]
    assert change(ws, ws.objectives, Health={"status": {"options": wanted}}) == 200
    status = columns(ws, ws.objectives)["Health"]["status"]
    assert status["groups"][1]["option_ids"] == [status["options"][1]["id"], status["options"][3]["id"]]


def test_title_column_stays(ws: Workspace) -> None:
    """The title can be renamed, not removed, retyped or doubled."""
    assert change(ws, ws.objectives, title=None) == 400
    assert change(ws, ws.objectives, title={"number": {}}) == 400
    assert change(ws, ws.objectives, Second={"title": {}}) == 400
    assert change(ws, ws.objectives, title={"name": "Objective"}) == 200
    assert columns(ws, ws.objectives)["Objective"]["id"] == "title"


def test_one_bad_change_refuses_all(ws: Workspace) -> None:
    """A schema request is taken whole or not at all."""
    assert change(ws, ws.objectives, New={"number": {}}, Level={"select": {"options": "none"}}) == 400
    assert "New" not in columns(ws, ws.objectives)


def test_two_way_relation_makes_the_other_column(ws: Workspace) -> None:
    """The other end is called "Related to X (Y)", points back, and follows a rename."""
    relation = {"data_source_id": ws.objectives, "dual_property": {}}
    assert change(ws, ws.key_results, Feeds={"relation": relation}) == 200
    mirror = columns(ws, ws.objectives)["Related to Key results (Feeds)"]
    synced = columns(ws, ws.key_results)["Feeds"]["relation"]["dual_property"]
    assert synced == {"synced_property_name": mirror["name"], "synced_property_id": mirror["id"]}
    assert change(ws, ws.objectives, **{mirror["id"]: {"name": "Fed by"}}) == 200
    synced = columns(ws, ws.key_results)["Feeds"]["relation"]["dual_property"]
    assert synced["synced_property_name"] == "Fed by"


def test_two_way_relation_becomes_one_way(ws: Workspace) -> None:
    """Made single, the other column stays behind as a one-way relation (recorded)."""
    single = {"data_source_id": ws.objectives, "single_property": {}}
    assert change(ws, ws.key_results, Objective={"relation": single}) == 200
    assert columns(ws, ws.key_results)["Objective"]["relation"]["type"] == "single_property"
    assert columns(ws, ws.objectives)["Key results"]["relation"]["type"] == "single_property"


def test_relation_request_names_the_data_source(ws: Workspace) -> None:
    """The database id alone is refused since 2025-09-03."""
    relation = {"database_id": ws.database, "single_property": {}}
    assert change(ws, ws.key_results, Other={"relation": relation}) == 400


def test_rollup_schema_shows_decoded_ids(ws: Workspace) -> None:
    """Inside a rollup the two column ids are not percent-encoded (recorded)."""
    target = ws.notion.column_id(ws.key_results, "Target")
    spec = {
        "relation_property_name": "Key results",
        "rollup_property_id": target,
        "function": "average",
    }
    assert change(ws, ws.objectives, Average={"rollup": spec}) == 200
    shown = columns(ws, ws.objectives)["Average"]["rollup"]
    assert (shown["rollup_property_id"], shown["rollup_property_name"]) == (target, "Target")
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow", "Average": 12})
    assert ws.value(page, "Average") == {"type": "number", "number": 12, "function": "average"}


def test_type_change_keeps_the_id_and_loses_the_values(ws: Workspace) -> None:
    """A column of another type under the same id shows nothing until it is filled."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow", "Progress": 0.5})
    before = columns(ws, ws.objectives)["Progress"]["id"]
    assert change(ws, ws.objectives, Progress={"rich_text": {}}) == 200
    after = columns(ws, ws.objectives)["Progress"]
    assert (after["id"], after["type"], ws.value(page, "Progress")) == (before, "rich_text", [])
