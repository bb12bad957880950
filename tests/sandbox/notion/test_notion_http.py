"""Authorisation, versions, addresses and refusals of the imitated Notion, over real sockets."""

from __future__ import annotations

import httpx
import pytest
from notion_client.errors import APIResponseError

from tests.sandbox.notion.workspace import Workspace


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code, after checking that the body has Notion's shape."""
    body = answer.json()
    assert body["object"] == "error"
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-notion-request-id"]
    return answer.status_code, body["code"]


def test_wrong_token_is_401(ws: Workspace) -> None:
    """A token that is not the connection's is refused with the recorded message."""
    answer = ws.http.get("/v1/users/me", headers={"Authorization": "Bearer ntn_other"})
    assert refusal(answer) == (401, "unauthorized")
    assert answer.json()["message"] == "API token is invalid."


def test_version_header_is_required(ws: Workspace) -> None:
    """Without Notion-Version nothing is answered."""
    del ws.http.headers["Notion-Version"]
    assert refusal(ws.http.get("/v1/users/me")) == (400, "missing_version")


def test_version_without_data_sources_is_refused(ws: Workspace) -> None:
    """Only the versions that know data sources are imitated."""
    answer = ws.http.get("/v1/users/me", headers={"Notion-Version": "2022-06-28"})
    assert refusal(answer) == (400, "validation_error")


def test_old_version_also_shows_archived(ws: Workspace) -> None:
    """2025-09-03 answers carry `archived` beside `in_trash`; 2026-03-11 answers do not."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow"})
    old = ws.http.get(f"/v1/pages/{page}", headers={"Notion-Version": "2025-09-03"}).json()
    assert (old["archived"], old["in_trash"]) == (False, False)
    assert "archived" not in ws.page(page)


def test_unknown_address(ws: Workspace) -> None:
    """An address outside the API is 400 invalid_request_url, not 404 (recorded)."""
    assert refusal(ws.http.get("/v1/invalid")) == (400, "invalid_request_url")
    assert refusal(ws.http.delete(f"/v1/pages/{ws.ada}")) == (400, "invalid_request_url")


def test_bad_uuid_in_path(ws: Workspace) -> None:
    """An id with an impossible version is refused before anything is looked up (recorded)."""
    answer = ws.http.get("/v1/pages/12345678-1234-1234-1234-123456789abc")
    assert refusal(answer) == (400, "validation_error")
    assert "path.page_id should be a valid uuid" in answer.json()["message"]


def test_broken_json(ws: Workspace) -> None:
    """A body that is no JSON is 400 invalid_json."""
    answer = ws.http.post(f"/v1/data_sources/{ws.objectives}/query", content=b"{")
    assert refusal(answer) == (400, "invalid_json")


def test_dashed_and_undashed_ids_are_the_same(ws: Workspace) -> None:
    """Both forms of an id find the page; answers show the dashed one."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow"})
    assert ws.page(page.replace("-", ""))["id"] == page


def test_unshared_page_is_404_naming_the_connection(ws: Workspace) -> None:
    """What is not shared looks exactly like what does not exist (recorded)."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Secret"})
    ws.notion.unshare(page)
    with pytest.raises(APIResponseError) as caught:
        ws.page(page)
    assert (caught.value.status, caught.value.code) == (404, "object_not_found")
    assert 'your integration "okrsync sandbox"' in str(caught.value)
    assert caught.value.additional_data == {"integration_id": ws.notion.state.bot_id}


def test_unsharing_a_database_hides_what_lies_in_it(ws: Workspace) -> None:
    """Access is inherited: database, data source and page all answer 404, and come back with a share."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow"})
    ws.notion.unshare(ws.database)
    paths = [f"/v1/databases/{ws.database}", f"/v1/data_sources/{ws.objectives}", f"/v1/pages/{page}"]
    assert {refusal(ws.http.get(path)) for path in paths} == {(404, "object_not_found")}
    ws.notion.share(ws.database)
    assert {ws.http.get(path).status_code for path in paths} == {200}


def test_database_and_data_source_ids_do_not_mix(ws: Workspace) -> None:
    """A data source id in the databases address fails, and the reverse."""
    assert ws.http.get(f"/v1/databases/{ws.objectives}").status_code == 404
    assert ws.http.get(f"/v1/data_sources/{ws.database}").status_code == 404


def test_missing_capability_is_403(ws: Workspace) -> None:
    """A connection that may not list users is told so; its own bot stays readable."""
    ws.notion.state.settings.capabilities.remove("read_users")
    assert refusal(ws.http.get("/v1/users")) == (403, "restricted_resource")
    assert ws.client.users.me()["type"] == "bot"


def test_users_list_members_and_bots_but_no_guests(ws: Workspace) -> None:
    """Guests are missing from the list and can be read one by one."""
    guest = ws.notion.add_user("Gil Guest", "gil@example.com", guest=True)
    listed = {user["id"] for user in ws.client.users.list()["results"]}
    assert ws.ada in listed and ws.notion.state.bot_id in listed and guest not in listed
    assert ws.client.users.retrieve(guest)["person"] == {"email": "gil@example.com"}


def test_users_are_paged(ws: Workspace) -> None:
    """Small portions reach every user exactly once."""
    first = ws.client.users.list(page_size=2)
    second = ws.client.users.list(page_size=2, start_cursor=first["next_cursor"])
    ids = [user["id"] for user in first["results"] + second["results"]]
    assert len(ids) == len(set(ids)) == 3
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_hidden_email_is_absent(ws: Workspace) -> None:
    """Without the capability a person shows no e-mail, rather than an empty one."""
    ws.notion.state.settings.capabilities.remove("read_emails")
    assert ws.client.users.retrieve(ws.ada)["person"] == {}


def test_unknown_user_gets_the_capability_hint(ws: Workspace) -> None:
    """A user that is not there is 404 with the recorded hint."""
    answer = ws.http.get(f"/v1/users/{ws.database}")
    assert refusal(answer) == (404, "object_not_found")
    assert "capabilities to read user information" in answer.json()["message"]


def test_saved_but_503(ws: Workspace) -> None:
    """A write may be saved and answer 503 with guidance; only the next write is hit."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow"})
    ws.notion.fail_next("saved_but_503")
    answer = ws.patch(page, {"Progress": {"number": 0.5}})
    assert refusal(answer) == (503, "service_unavailable")
    assert isinstance(answer.json()["additional_data"]["retry_guidance"], list)
    assert ws.value(page, "Progress") == 0.5
    assert ws.patch(page, {"Progress": {"number": 0.6}}).status_code == 200


def test_saved_but_503_names_what_was_created(ws: Workspace) -> None:
    """A creation that was saved names the new page in the failure."""
    ws.notion.fail_next("saved_but_503")
    body = {"parent": {"data_source_id": ws.objectives}, "properties": {}}
    answer = ws.http.post("/v1/pages", json=body)
    assert ws.page(answer.json()["additional_data"]["committed_resource_id"])["object"] == "page"


def test_conflict_leaves_the_page_as_it_was(ws: Workspace) -> None:
    """A 409 is answered before anything is written."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow", "Progress": 0.1})
    ws.notion.fail_next("conflict")
    assert refusal(ws.patch(page, {"Progress": {"number": 0.5}})) == (409, "conflict_error")
    assert ws.value(page, "Progress") == 0.1


def test_block_limit_stops_creations_only(ws: Workspace) -> None:
    """A full free workspace refuses a new page and takes an edit."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow"})
    ws.notion.fail_next("block_limit")
    assert ws.patch(page, {"Progress": {"number": 0.5}}).status_code == 200
    answer = ws.http.post("/v1/pages", json={"parent": {"data_source_id": ws.objectives}})
    assert refusal(answer) == (403, "restricted_resource")
    assert answer.json()["additional_data"] == {"block_limit": "block_creation"}
