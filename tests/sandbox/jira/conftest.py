"""A running imitated Jira with a small site, rebuilt before each test, and short ways to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.jira import JiraService
from okrsync.sandbox.server import Sandbox
from tests.fidelity.jira_spec import record, spec

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOW_MS = round(START.timestamp() * 1000)
SYNC, ANN = ("sync@acme.example", "t0ken"), "ann@acme.example"


class Site:
    """A running site with one project, two epics and three other issues."""

    def __init__(self, sandbox: Sandbox, service: JiraService, clock: VirtualClock) -> None:
        self.sandbox, self.service, self.clock = sandbox, service, clock
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.auth = SYNC

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> requests.Response:
        url = self.sandbox.urls["jira"] + "/rest/api/3/" + path
        return self.http.request(method, url, json=body, params=query, timeout=5)

    def search(self, jql: str, **body: Any) -> dict[str, Any]:
        answer = self.ask("POST", "search/jql", {"jql": jql, **body})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def keys(self, jql: str, **body: Any) -> list[str]:
        return [i["key"] for i in self.search(jql, fields=["summary"], maxResults=100, **body)["issues"]]

    def refusal(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.ask(method, path, body)
        assert answer.status_code == 400, answer.text
        assert set(answer.json()) == {"errorMessages", "errors"}
        return dict(answer.json())

    def fields(self, key: str) -> dict[str, Any]:
        return dict(self.ask("GET", f"issue/{key}").json()["fields"])

    def person(self, action: str, **arguments: Any) -> Any:
        return self.sandbox.act("jira", action, arguments)


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every success the imitated Cloud answers is held against Atlassian's document, where it is."""
    judge = spec()
    if judge is None:
        yield
        return
    seen = record(monkeypatch)
    yield
    assert [problem for one in seen for problem in judge.complaints_of_answer(one)] == []


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    clock = VirtualClock(START)
    service = JiraService(clock=clock)
    with Sandbox([service], clock=clock) as sandbox:
        site = Site(sandbox, service, clock)
        yield site
        site.http.close()


@pytest.fixture
def jira(running: Site) -> Site:
    running.sandbox.call(lambda: rebuild(running))
    running.http.auth = SYNC
    return running


def rebuild(site: Site) -> None:
    site.clock.set(START)
    site.sandbox.faults.clear()
    service = site.service
    service.reset()
    service.add_user(*SYNC, time_zone="America/New_York")
    service.add_user(ANN)
    service.add_project("ACME")
    service.add_epic("ACME", "Faster checkout", labels=["kr-checkout"], assignee=ANN)
    service.add_epic("ACME", "Fewer refunds", labels=["kr-refunds"])
    service.add_issue("ACME", "One page", parent="ACME-1", points=3)
    service.add_issue("ACME", "Saved cards", parent="ACME-1", status="done", points=-1)
    service.add_issue("ACME", "Loose end", type="Task")
