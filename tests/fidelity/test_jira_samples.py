"""Answers recorded from real Jira sites, read by our connector.

The recordings are kept beside the repository and are no part of it; without them these tests skip and say
so. Whole answers go through real sockets and the whole connector, single issues through its reading.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Patch, Record
from okrsync.connectors.errors import (
    AuthFailed,
    BadAnswer,
    ConnectorError,
    NotFound,
    RateLimited,
    Rejected,
)
from okrsync.connectors.jira import decode, jql, offsets, reading, transitions
from okrsync.connectors.jira.fields import Catalog, by_id, catalog
from okrsync.okr.values import Unreadable
from tests.connectors.canned import Canned, CannedServer
from tests.connectors.jira.test_client import client
from tests.connectors.virtual import VirtualTime
from tests.fidelity.jira_spec import DOCUMENTS

FOLDER = DOCUMENTS / "samples" / "jira"
ABSENT = "the recorded answers are not at ../shared/samples/jira; nothing recorded is read"
SITE = "https://example.invalid"
ERRORS = "error_and_ratelimit_responses"
POINTS = ["customfield_10024"]
WANT = ("summary", "status", "status_id", "status_name", "labels", "assignee", "duedate", "parent")
LABELS = {"type": "array", "items": "string"}
KINDS = {401: AuthFailed, 404: NotFound, 410: Rejected, 429: RateLimited}


def sample(name: str) -> Any:
    """A recording, its numbers read as the connector reads them."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        pytest.skip(ABSENT)
    return json.loads(path.read_text(), parse_float=Decimal, parse_int=Decimal)


def issues(*names: str) -> list[Any]:
    """The issues of some recordings: lists, pages, or one issue."""
    found: list[Any] = []
    for held in map(sample, names):
        found += held if isinstance(held, list) else held.get("issues", [held.get("issue", held)])
    return found


def site_catalog() -> Catalog:
    """The localized issue types as one site listed them, with the fields every site has."""
    system = {"summary": "string", "duedate": "date", "assignee": "user"}
    fields = [
        {"id": one, "name": one, "schema": {"type": kind, "system": one}} for one, kind in system.items()
    ]
    labels = {"id": "labels", "name": "Labels", "schema": {"type": "array", "items": "string"}}
    return catalog([*fields, labels], sample("cloud_issuetype_list_localized"))


def records(*names: str) -> list[Record]:
    fields = by_id(site_catalog().fields)
    return [decode.record(issue, fields, WANT, SITE) for issue in issues(*names)]


CLOUD = (
    "cloud_issues_localized_types",
    "cloud_epic_and_children_with_changelog",
    "cloud_issue_full_history_SP-10",
    "webhook_cloud_issue_created_many_fields",
    "webhook_cloud_issue_updated_custom_field",
    "webhook_issue_deleted",
)


@pytest.mark.parametrize("name", CLOUD)
def test_recorded_issues_have_nothing_unreadable_that_was_loaded(name: str) -> None:
    """Every cell Jira sent is understood; only what it left out is not."""
    for record in records(name):
        unread = [cell.value for cell in record.cells.values() if isinstance(cell.value, Unreadable)]
        assert all("left this field out" in value.reason for value in unread), record.place
        assert record.edited_at is not None
        assert record.native_id.isdecimal()


def test_an_epic_is_known_by_its_level_and_its_children_by_its_id() -> None:
    """The epic and the two stories recorded around it; the other story's epic is another one."""
    found = {issue["key"]: issue for issue in issues("cloud_epic_and_children_with_changelog")}
    levels = {key: decode.type_of(issue)["hierarchyLevel"] for key, issue in found.items()}
    assert levels == {"K5-2": 0, "K5-3": 0, "K5-4": 1}
    child = decode.child(found["K5-3"], POINTS, SITE)
    assert child.parent == found["K5-4"]["id"]
    assert decode.child(found["K5-2"], POINTS, SITE).parent not in (None, found["K5-4"]["id"])


def test_localized_names_do_not_matter() -> None:
    """Chinese and English type names in one site; the level alone says what a thing is."""
    known = site_catalog()
    found = issues("cloud_issues_localized_types")
    levels = {decode.type_of(issue)["name"]: decode.type_of(issue)["hierarchyLevel"] for issue in found}
    assert (levels["故事"], levels["子任务"], levels["Epic"]) == (0, -1, 1)
    assert known.types_at(1) == [
        one["id"] for one in sample("cloud_issuetype_list_localized") if is_epic(one)
    ]


def is_epic(kind: Any) -> bool:
    return bool(kind["hierarchyLevel"] == 1)


def test_recorded_points_are_a_number_a_text_or_missing() -> None:
    """2.0 is a number; "-1" is recorded as text, which is neither a number nor nothing."""
    children = {one["key"]: decode.child(one, POINTS, SITE) for one in issues("cloud_issues_localized_types")}
    found = {key: child.cells["points"].value for key, child in children.items()}
    assert (found["EE-2"], found["EE-5"]) == (Decimal(2), None)
    assert isinstance(found["EE-1"], Unreadable)
    assert found["EE-1"].raw == "-1"


def test_a_resolution_is_not_the_category() -> None:
    """An issue recorded as resolved is still open; progress follows the category."""
    (issue,) = (one for one in issues("cloud_issues_localized_types") if one["key"] == "EE-1")
    child = decode.child(issue, POINTS, SITE)
    assert (child.cells["status_category"].value, child.cells["resolution"].value) == ("new", "完成")


def test_times_carry_the_accounts_offset() -> None:
    """+0800 without a colon."""
    (issue,) = (one for one in issues("cloud_epic_and_children_with_changelog") if one["key"] == "K5-4")
    assert decode.edited_at(issue["fields"]) == datetime(2022, 7, 15, 22, 31, 38, 598000, UTC)


def test_every_recorded_status_has_a_category() -> None:
    """53 statuses with repeated names, three categories."""
    for status in sample("cloud_status_list"):
        issue = {"id": "1", "key": "A-1", "fields": {"status": status}}
        record = decode.record(issue, by_id(site_catalog().fields), ["status", "status_id"], SITE)
        assert record.cells["status"].value in ("new", "indeterminate", "done")
        assert record.cells["status_id"].value == status["id"]


def test_hidden_emails_and_apps_are_people() -> None:
    """An e-mail where it is shown, the name where it is not."""
    users = sample("cloud_users_email_hidden_and_app")
    shown = []
    for user in users:
        issue = {"id": "1", "key": "A-1", "fields": {"assignee": user}}
        shown.append(decode.record(issue, by_id(site_catalog().fields), ["assignee"], SITE).cells["assignee"])
    assert [cell.value for cell in shown] == [("redacted@example.com",), ("Person 11",), ("Person 12",)]


@pytest.mark.parametrize("name", ["server_field_list_excerpt", "GET /rest/api/3/field"])
def test_field_lists_are_typed(name: str) -> None:
    """Recorded and official lists; a type of an add-on is only read."""
    listed = official(name) if name.startswith("GET") else sample(name)
    fields = {field.id: field for field in catalog(listed, []).fields}
    expected = {
        "customfield_10315": ("people", True),
        "customfield_10400": ("computed", False),
        "summary": ("text", True),
        "description": ("text", False),
    }
    for one in (raw["id"] for raw in listed):
        assert (fields[one].type, fields[one].writable) == expected[one]


def test_the_schema_of_a_localized_data_center_is_typed() -> None:
    """Names in Korean, the schema the same everywhere."""
    held = sample("server_issue_names_schema_transitions_editmeta")
    listed = [{"id": one, "name": held["names"][one], "schema": kind} for one, kind in held["schema"].items()]
    fields = by_id(catalog(listed, []).fields)
    assert (fields["labels"].type, fields["duedate"].type, fields["assignee"].type) == (
        "labels",
        "date",
        "people",
    )
    assert not fields["customfield_10304"].writable, "formatted text"


def official(operation: str) -> Any:
    return next(iter(sample("official_examples")[operation]["responses"].values()))


@pytest.mark.parametrize(
    ("wanted", "step"),
    [({"status": "done"}, "21"), ({"status": "indeterminate"}, "11"), ({"status_id": "3"}, "11")],
)
def test_recorded_transitions_are_chosen_by_category_or_id(wanted: dict[str, str], step: str) -> None:
    """Their names are in Korean."""
    held = sample("server_issue_names_schema_transitions_editmeta")
    body = json.dumps({"transitions": held["transitions"]}, default=int).encode()
    with CannedServer(Canned(200, body)) as server:
        jira = client(server.url)
        patch = Patch(Record("1", "", "Jira › A-1", {}), {})
        assert transitions.chosen(jira, patch, wanted) == step
        jira.close()


def test_pages_lead_to_all_issues() -> None:
    """Two pages of real issues, joined by a token; each issue once."""
    pages = [sample("derived_search_jql_page1"), sample("derived_search_jql_page2_last")]
    answers = [Canned(200, json.dumps(page, default=float).encode()) for page in pages]
    with CannedServer(*answers) as server:
        jira = client(server.url)
        found = reading.search(jira, jql.children("parent in (1)"), ["summary"]).issues
        jira.close()
    assert [issue["id"] for issue in found] == [issue["id"] for page in pages for issue in page["issues"]]
    assert json.loads(server.asked[1].body)["nextPageToken"] == pages[0]["nextPageToken"]


def test_the_official_example_of_a_fetch_is_read() -> None:
    """Answered in Jira's own order, found by id."""
    answer = official("POST /rest/api/3/issue/bulkfetch")
    with CannedServer(Canned(200, json.dumps(answer, default=float).encode())) as server:
        jira = client(server.url)
        ids = [issue["id"] for issue in answer["issues"]]
        assert list(reading.by_ids(jira, ids[::-1], ["summary"])) == list(dict.fromkeys(ids[::-1]))
        jira.close()


def faces() -> list[int]:
    """Which of the recorded answers are errors; the first stands for all where none are at hand."""
    path = FOLDER / f"{ERRORS}.json"
    held = json.loads(path.read_text()) if path.exists() else [{"status": 400}]
    return [number for number, face in enumerate(held) if face["status"] >= 400]


@pytest.mark.parametrize("number", faces())
def test_every_face_of_an_error_is_understood(number: int) -> None:
    """JSON, pages, the gateway's shape, the four kinds of 429: the right kind of error, the words kept."""
    face = sample(ERRORS)[number]
    error = error_of(face)
    assert type(error) is KINDS.get(int(face["status"]), Rejected)
    words = face.get("body", {})
    told = [*words.get("errorMessages", []), *words.get("errors", {}).values(), words.get("message", "")]
    if not isinstance(error, RateLimited):
        assert all(str(word) in str(error) for word in told)


def error_of(face: Any) -> ConnectorError:
    """What the client raises for a recorded answer to an edit."""
    text = json.dumps(face["body"], default=int) if "body" in face else face.get("body_start", "")
    kind = face.get("content_type", "application/json")
    headers = {name: str(value) for name, value in face.get("headers", {}).items() if name != "Content-Type"}
    time = VirtualTime()
    with CannedServer(Canned(int(face["status"]), text.encode(), kind, headers)) as server:
        jira = client(server.url, time)
        with pytest.raises(ConnectorError) as caught:
            jira.edit("1", {"fields": {}})
        jira.close()
    return caught.value


def test_a_burst_pauses_its_endpoint_and_a_quota_everything() -> None:
    """The official examples of both, told apart by their reason."""
    limited = {face["headers"]["RateLimit-Reason"]: face for face in sample(ERRORS) if reason(face)}
    scopes = {name: getattr(error_of(face), "scope", None) for name, face in limited.items()}
    assert scopes["jira-burst-based"] == "PUT issue/{issue}"
    assert scopes["jira-quota-global-based"] == ""


def reason(face: Any) -> bool:
    return "RateLimit-Reason" in face.get("headers", {})


def test_a_dead_key_is_picked_out_of_jiras_words() -> None:
    """The one place where a text is read: it names the issue that failed the whole query."""
    (text,) = (one for face in sample(ERRORS) for one in messages(face) if "An issue with key" in one)
    assert "DELETED-1" in text
    assert jql.named_in(text.replace("DELETED-1", "10001"), ["1000", "10001"]) == ["10001"]


def messages(face: Any) -> list[str]:
    return list(face.get("body", {}).get("errorMessages", []))


def test_a_page_that_is_no_search_is_refused() -> None:
    """A recorded answer of another kind is never taken for an empty list."""
    for other in (sample("cloud_serverinfo"), sample("cloud_board_configuration")):
        with pytest.raises(BadAnswer):
            offsets.page(other, offsets.Offset())
