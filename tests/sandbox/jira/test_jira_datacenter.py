"""The imitated Data Center: the same state behind the older API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.jira import JiraService
from okrsync.sandbox.jira.model import EPIC_LINK, PARENT_LINK
from okrsync.sandbox.server import Sandbox
from tests.sandbox.jira.conftest import START, SYNC, Site, rebuild


class Server(Site):
    """A Data Center with the same small site, asked with a personal access token."""

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> requests.Response:
        url = self.sandbox.urls["jira"] + "/rest/api/2/" + path
        bearer = {"Authorization": f"Bearer {SYNC[1]}"}
        return self.http.request(method, url, json=body, params=query, headers=bearer, timeout=5)

    def found(self, jql: str, **body: Any) -> dict[str, Any]:
        answer = self.ask("POST", "search", {"jql": jql, "fields": ["summary"], **body})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture(scope="module")
def running_server() -> Iterator[Server]:
    clock = VirtualClock(START)
    service = JiraService(clock=clock, deployment="data_center")
    with Sandbox([service], clock=clock) as sandbox:
        site = Server(sandbox, service, clock)
        yield site
        site.http.close()


@pytest.fixture
def server(running_server: Server) -> Server:
    running_server.sandbox.call(lambda: rebuild(running_server))
    running_server.http.auth = None
    return running_server


def test_it_says_what_it_is(server: Server) -> None:
    """Server is the word for both; people have names, not account ids."""
    assert server.ask("GET", "serverInfo").json()["deploymentType"] == "Server"
    myself = server.ask("GET", "myself").json()
    assert (myself["name"], myself["timeZone"]) == ("sync", "America/New_York")
    assert "accountId" not in myself


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic c3luYzp3cm9uZw=="}]
)
def test_other_credentials_are_refused(server: Server, headers: dict[str, str]) -> None:
    """A personal access token, or a user name with it."""
    url = server.sandbox.urls["jira"] + "/rest/api/2/myself"
    assert server.http.get(url, headers=headers, timeout=5).status_code == 401


@pytest.mark.parametrize("path", ["3/myself", "3/search/jql", "2/search/jql", "2/issue/bulkfetch"])
def test_clouds_addresses_do_not_exist(server: Server, path: str) -> None:
    """A client that takes it for Cloud fails at once."""
    url = f"{server.sandbox.urls['jira']}/rest/api/{path}"
    assert server.http.post(url, json={}, timeout=5).status_code in (404, 405)


def test_search_pages_by_offset(server: Server) -> None:
    """With a total; a page may be shorter than asked, a page behind the end is empty."""
    server.person("settings", page_cap=2)
    first = server.found("project = ACME ORDER BY id", maxResults=100)
    assert (first["startAt"], first["maxResults"], first["total"], len(first["issues"])) == (0, 2, 5, 2)
    last = server.found("project = ACME ORDER BY id", startAt=4)
    assert [issue["key"] for issue in last["issues"]] == ["ACME-5"]
    assert server.found("project = ACME", startAt=5)["issues"] == []


def test_offsets_end_at_the_window(server: Server) -> None:
    """Deeper ones are an error, not an empty page."""
    server.refusal("POST", "search", {"jql": "project = ACME", "startAt": 9951, "maxResults": 50})
    assert server.found("project = ACME", startAt=9950, maxResults=50)["total"] == 5


def test_parents_are_in_the_link_fields(server: Server) -> None:
    """Stories name their epic by key, sub-tasks have a parent, epics a parent link."""
    server.sandbox.call(lambda: server.service.add_type("Initiative", 2))
    server.service.add_issue("ACME", "Big", type="Initiative")
    server.person("reparent", issue="ACME-1", parent="ACME-6")
    server.service.add_issue("ACME", "Piece", type="Sub-task", parent="ACME-3")
    shown = {key: server.fields(key) for key in ("ACME-1", "ACME-3", "ACME-7")}
    assert (shown["ACME-1"][PARENT_LINK], shown["ACME-1"][EPIC_LINK]) == ("ACME-6", None)
    assert (shown["ACME-3"][EPIC_LINK], shown["ACME-3"].get("parent")) == ("ACME-1", None)
    assert shown["ACME-7"]["parent"]["key"] == "ACME-3"
    for jql, key in (
        ("cf[10008] in (ACME-1) AND key = ACME-3", "ACME-3"),
        ('"Parent Link" = ACME-6', "ACME-1"),
        ("parent = ACME-3", "ACME-7"),
    ):
        assert [issue["key"] for issue in server.found(jql)["issues"]] == [key]
    assert server.found("parent = ACME-1")["total"] == 0


def test_types_have_no_level_and_fields_name_the_links(server: Server) -> None:
    """The schema of a link field is its only lasting name."""
    assert all("hierarchyLevel" not in kind for kind in server.ask("GET", "issuetype").json())
    schemas = {one["id"]: one["schema"].get("custom") for one in server.ask("GET", "field").json()}
    assert schemas[EPIC_LINK] == "com.pyxis.greenhopper.jira:gh-epic-link"


def test_an_edit_takes_names_keys_and_plain_text(server: Server) -> None:
    """And answers nothing, whatever is asked for."""
    fields = {"assignee": {"name": "sync"}, EPIC_LINK: "ACME-2", "description": "Words"}
    answer = server.ask("PUT", "issue/ACME-3", {"fields": fields}, returnIssue="true")
    assert (answer.status_code, answer.content) == (204, b"")
    shown = server.fields("ACME-3")
    assert (shown["assignee"]["name"], shown[EPIC_LINK], shown["description"]) == ("sync", "ACME-2", "Words")
    server.refusal("PUT", "issue/ACME-3", {"fields": {"assignee": {"name": "nobody"}}})


def test_searching_is_reading(server: Server) -> None:
    """The request log counts it as a read."""
    server.sandbox.call(server.sandbox.log.clear)
    server.found("project = ACME")
    assert server.sandbox.log.count("jira", "write") == 0
