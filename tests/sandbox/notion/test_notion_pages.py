"""Pages of the imitated Notion: what they show, how they are written, what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest

from tests.sandbox.notion.workspace import Workspace


def objective(ws: Workspace, **values: Any) -> str:
    """An objective, with values by column name."""
    return ws.notion.add_page(ws.objectives, {"Name": "Grow", **values}, by="ada@example.com")


def refused(ws: Workspace, page: str, properties: dict[str, Any], status: int = 400) -> str:
    """The message of a refused update, after checking that nothing changed."""
    before = ws.notion.dump()
    answer = ws.patch(page, properties)
    assert answer.status_code == status, answer.text
    assert ws.notion.dump() == before
    return str(answer.json()["message"])


def test_times_are_floored_to_the_minute(ws: Workspace) -> None:
    """Seconds never show, although the workspace knows them."""
    shown = ws.page(objective(ws))
    assert shown["created_time"] == shown["last_edited_time"] == "2026-11-02T09:30:00.000Z"


def test_api_write_is_authored_by_the_bot(ws: Workspace) -> None:
    """A write moves last_edited_by and last_edited_time and leaves created_by."""
    page = objective(ws)
    ws.clock.advance(minutes=3)
    shown = ws.client.pages.update(page, properties={"Progress": {"number": 0.25}})
    assert shown["last_edited_by"] == {"object": "user", "id": ws.notion.state.bot_id}
    assert shown["created_by"]["id"] == ws.ada
    assert shown["last_edited_time"] == "2026-11-02T09:33:00.000Z"


def test_unnamed_properties_keep_their_value(ws: Workspace) -> None:
    """An update touches the named properties alone."""
    page = objective(ws, **{"OKR key": "O-1", "Progress": Decimal("0.4")})
    ws.client.pages.update(page, properties={"Progress": {"number": 0.5}})
    assert ws.value(page, "OKR key")[0]["plain_text"] == "O-1"


def test_url_slug_follows_the_title(ws: Workspace) -> None:
    """The title is written by its id whatever its name, and the address changes with it (recorded)."""
    page = objective(ws)
    shown = ws.client.pages.update(
        page, properties={"title": {"title": [{"text": {"content": "Win, big!"}}]}}
    )
    assert shown["url"] == f"https://www.notion.so/Win-big-{page.replace('-', '')}"


@pytest.mark.parametrize("form", ["name", "decoded", "encoded"])
def test_properties_by_name_or_id(ws: Workspace, form: str) -> None:
    """A property may be named by its name, its id, or its id as answers encode it."""
    page = objective(ws)
    encoded = ws.client.data_sources.retrieve(ws.objectives)["properties"]["Progress"]["id"]
    key = {
        "name": "Progress",
        "decoded": ws.notion.column_id(ws.objectives, "Progress"),
        "encoded": encoded,
    }[form]
    ws.client.pages.update(page, properties={key: {"number": 0.75}})
    assert ws.value(page, "Progress") == 0.75


def test_null_clears(ws: Workspace) -> None:
    """Null empties number, date and select; a cleared status returns to its default."""
    page = objective(ws, Progress=1, Due=date(2026, 12, 31), Level="Team", Health="Done")
    cleared = {"Progress": "number", "Due": "date", "Level": "select", "Health": "status"}
    ws.client.pages.update(page, properties={name: {kind: None} for name, kind in cleared.items()})
    assert [ws.value(page, name) for name in ("Progress", "Due", "Level")] == [None, None, None]
    assert ws.value(page, "Health")["name"] == "Not started"


def test_zero_is_a_number(ws: Workspace) -> None:
    """0 is stored as 0, not as nothing."""
    page = objective(ws, Progress=1)
    ws.client.pages.update(page, properties={"Progress": {"number": 0}})
    assert ws.value(page, "Progress") == 0 and ws.value(page, "Progress") is not None


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"start": "2026-07-01"}, "2026-07-01"),
        (
            {"start": "2026-06-27T18:01:15.377824", "time_zone": "Europe/London"},
            "2026-06-27T18:01:00.000+01:00",
        ),
        ({"start": "2026-06-27T18:01:15.377824+01:00"}, "2026-06-27T18:01:00.000+01:00"),
        ({"start": "2024-01-08T12:00:00Z", "time_zone": "UTC"}, "2024-01-08T12:00:00.000+00:00"),
    ],
)
def test_dates_lose_seconds_and_time_zone(ws: Workspace, sent: dict[str, str], shown: str) -> None:
    """What is read is not what was sent: minutes, an offset, `time_zone: null` (recorded pairs)."""
    page = objective(ws)
    ws.client.pages.update(page, properties={"Due": {"date": sent}})
    assert ws.value(page, "Due") == {"start": shown, "end": None, "time_zone": None}


def test_unknown_select_name_creates_an_option(ws: Workspace) -> None:
    """A typo in a select becomes an option, with an id, at the end of the list."""
    page = objective(ws)
    ws.client.pages.update(page, properties={"Level": {"select": {"name": "Temm"}}})
    options = ws.client.data_sources.retrieve(ws.objectives)["properties"]["Level"]["select"]["options"]
    assert [option["name"] for option in options] == ["Company", "Team", "Temm"]
    assert ws.value(page, "Level")["id"] == options[-1]["id"]


def test_known_select_name_ignores_case(ws: Workspace) -> None:
    """Names are unique ignoring case, so another case is the same option."""
    page = objective(ws)
    ws.client.pages.update(page, properties={"Level": {"select": {"name": "TEAM"}}})
    assert ws.value(page, "Level")["name"] == "Team"


def test_unknown_status_name_is_refused(ws: Workspace) -> None:
    """A page write never makes a status option."""
    assert "Wonderful" in refused(ws, objective(ws), {"Health": {"status": {"name": "Wonderful"}}})


def test_one_bad_property_refuses_the_whole_update(ws: Workspace) -> None:
    """Nothing of an update is stored when any part of it is wrong, not even a new option."""
    bad = {"Level": {"select": {"name": "New"}}, "Progress": {"number": "half"}}
    assert "body.properties.Progress.number should be a number" in refused(ws, objective(ws), bad)


@pytest.mark.parametrize(
    ("properties", "hint"),
    [
        ({"Nope": {"number": 1}}, "Nope is not a property that exists."),
        ({"Progress": {"rich_text": []}}, "Progress is expected to be number."),
        ({"Progress": {"number": True}}, "should be a number"),
        ({"Summary": {"formula": {"string": "x"}}}, "cannot be set"),
        ({"Number": {"unique_id": {"number": 9}}}, "cannot be set"),
        ({"Owner": {"people": [{"id": "ada@example.com"}]}}, "valid uuid"),
        ({"Due": {"date": {"start": "tomorrow"}}}, "ISO 8601"),
        ({"Due": {"date": {"start": "2026-02-02", "end": "2026-02-01"}}}, "before its end"),
        ({"Level": {"select": {"name": "a,b"}}}, "commas not allowed"),
        ({"OKR key": {"rich_text": [{"text": {"content": "x" * 2001}}]}}, "≤ `2000`"),
        ({"OKR key": {"rich_text": [{"text": {"content": "x"}}] * 101}}, "≤ `100`"),
    ],
)
def test_refused_values(ws: Workspace, properties: dict[str, Any], hint: str) -> None:
    """Each kind of wrong value is 400 with a message that names it."""
    assert hint in refused(ws, objective(ws), properties)


def test_more_than_100_references_are_refused(ws: Workspace) -> None:
    """A request carries at most a hundred related pages."""
    many = {"Part of": {"relation": [{"id": ws.ada}] * 101}}
    assert "≤ `100`" in refused(ws, objective(ws), many)


def test_trashed_page_takes_no_edit_until_restored(ws: Workspace) -> None:
    """A trashed page is readable, refuses properties, and can be restored."""
    page = objective(ws)
    assert ws.client.pages.update(page, in_trash=True)["in_trash"] is True
    refused(ws, page, {"Progress": {"number": 0.5}})
    assert ws.client.pages.update(page, in_trash=False)["in_trash"] is False


def test_create_page(ws: Workspace) -> None:
    """A new row has the bot as author, defaults for status, and the next unique id."""
    objective(ws)
    title = {"title": [{"text": {"content": "Fresh"}}]}
    parent = {"type": "data_source_id", "data_source_id": ws.objectives}
    page = ws.client.pages.create(parent=parent, properties={"Name": title})
    assert page["parent"] == {**parent, "database_id": ws.database}
    assert page["properties"]["Health"]["status"]["name"] == "Not started"
    assert page["properties"]["Number"]["unique_id"] == {"prefix": None, "number": 2}


def test_relation_is_replaced_whole_and_mirrored(ws: Workspace) -> None:
    """Writing a relation replaces it; the other end follows without counting as edited."""
    first, second = objective(ws), objective(ws)
    result = ws.notion.add_page(ws.key_results, {"Name": "KR", "Objective": [first]})
    before = ws.page(second)["last_edited_time"]
    ws.clock.advance(minutes=5)
    ws.client.pages.update(result, properties={"Objective": {"relation": [{"id": second}]}})
    assert ws.value(first, "Key results") == []
    assert ws.value(second, "Key results") == [{"id": result}]
    assert ws.page(second)["last_edited_time"] == before


def test_relation_to_another_table_is_refused(ws: Workspace) -> None:
    """Related pages must belong to the column's own data source."""
    wrong = ws.notion.add_page(ws.key_results, {"Name": "KR"})
    refused(ws, objective(ws), {"Part of": {"relation": [{"id": wrong}]}})


def test_unshared_related_page_reads_empty(ws: Workspace) -> None:
    """A relation to what is not shared reads empty, which is no proof of no relation."""
    page = objective(ws)
    result = ws.notion.add_page(ws.key_results, {"Name": "KR", "Objective": [page]})
    ws.notion.unshare(ws.objectives)
    assert ws.value(result, "Objective") == []
    assert ws.notion.state.pages[result].values[ws.notion.column_id(ws.key_results, "Objective")] == [page]


def test_relation_is_cut_at_25_and_complete_in_the_property(ws: Workspace) -> None:
    """A page shows 25 of 30 with has_more; the property endpoint shows all, in portions too (recorded)."""
    page = objective(ws)
    results = [ws.notion.add_page(ws.key_results, {"Name": str(n), "Objective": [page]}) for n in range(30)]
    shown = ws.page(page)["properties"]["Key results"]
    assert (len(shown["relation"]), shown["has_more"]) == (25, True)
    first = ws.client.pages.properties.retrieve(page, shown["id"], page_size=20)
    rest = ws.client.pages.properties.retrieve(page, shown["id"], start_cursor=first["next_cursor"])
    assert [item["relation"]["id"] for item in first["results"] + rest["results"]] == results


def test_people_are_cut_at_25_without_a_word(ws: Workspace) -> None:
    """More than 25 people are missing from the page, and no member says so."""
    crowd = [ws.notion.add_user(f"P{n}") for n in range(27)]
    page = objective(ws, Owner=crowd)
    shown = ws.page(page)["properties"]["Owner"]
    assert len(shown["people"]) == 25 and "has_more" not in shown
    assert len(ws.client.pages.properties.retrieve(page, shown["id"])["results"]) == 27


def test_rich_text_keeps_formatting_and_mentions(ws: Workspace) -> None:
    """Elements come back with annotations and plain_text; answer-only members sent along are tolerated."""
    page = objective(ws)
    bold = {"type": "text", "text": {"content": "Key "}, "annotations": {"bold": True}, "plain_text": "?"}
    mention = {"type": "mention", "mention": {"user": {"id": ws.ada}}}
    ws.client.pages.update(page, properties={"OKR key": {"rich_text": [bold, mention]}})
    elements = ws.value(page, "OKR key")
    assert [each["plain_text"] for each in elements] == ["Key ", "@Ada Example"]
    assert elements[0]["annotations"]["bold"] is True


def test_filter_properties_takes_decoded_ids_only(ws: Workspace) -> None:
    """A decoded id or a name narrows the answer; an id encoded twice is refused."""
    page = objective(ws)
    column = next(
        each["id"]
        for each in ws.client.data_sources.retrieve(ws.objectives)["properties"].values()
        if "%" in each["id"]
    )
    decoded = unquote(column)
    assert list(ws.client.pages.retrieve(page, filter_properties=["title"])["properties"]) == ["Name"]
    assert len(ws.client.pages.retrieve(page, filter_properties=[decoded])["properties"]) == 1
    answer = ws.http.get(f"/v1/pages/{page}", params={"filter_properties": column})
    assert answer.status_code == 400


def test_formula_shows_what_the_state_holds(ws: Workspace) -> None:
    """A recomputed formula changes without moving the row's edit time."""
    page = objective(ws)
    before = ws.page(page)["last_edited_time"]
    ws.clock.advance(minutes=2)
    ws.notion.person("recompute", {"page": page, "property": "Summary", "value": 7})
    assert ws.value(page, "Summary") == {"type": "number", "number": 7}
    assert ws.page(page)["last_edited_time"] == before


def test_comments(ws: Workspace) -> None:
    """A comment is listed afterwards under the connection's name and does not edit the page."""
    page = objective(ws)
    said = ws.client.comments.create(parent={"page_id": page}, rich_text=[{"text": {"content": "On track"}}])
    assert said["display_name"] == {"type": "integration", "resolved_name": "okrsync sandbox"}
    assert [each["id"] for each in ws.client.comments.list(block_id=page)["results"]] == [said["id"]]
    assert ws.page(page)["last_edited_by"]["id"] == ws.ada
