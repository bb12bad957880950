"""A small OKR workspace behind a real socket, with the real client beside it.

Arrives: nothing. Leaves: a running imitation with two related tables, the public client library and a raw
HTTP client. Separate so that every test file starts from the same world.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from notion_client import Client

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.notion import NotionService
from okrsync.sandbox.server import Sandbox
from tests.fidelity.notion_spec import Exchange

START = datetime(2026, 11, 2, 9, 30, 41, 250_000, tzinfo=UTC)
VERSION = "2026-03-11"
TABLES: dict[str, dict[str, Any]] = {
    "Objectives": {
        "Name": "title",
        "OKR key": "rich_text",
        "Owner": "people",
        "Level": {"select": ["Company", "Team"]},
        "Due": "date",
        "Progress": "percent",
        "Health": "status",
        "Part of": {"relation": "Objectives"},
        "Summary": "formula",
        "Number": "unique_id",
    },
    "Key results": {
        "Name": "title",
        "Objective": {"relation": "Objectives", "mirror": "Key results"},
        "Target": "number",
        "Strict": "checkbox",
        "Tags": {"multi_select": ["Growth", "Quality"]},
        "Link": "url",
        "Edited": "last_edited_time",
    },
}


@dataclass
class Connected:
    """The running imitation and the clients that talk to it."""

    notion: NotionService
    clock: VirtualClock
    client: Any
    """The real `notion_client.Client`; its methods return untyped JSON."""
    http: httpx.Client
    answers: list[Exchange]
    """Every answer so far, to be judged; requests are wrong on purpose here and are left out."""


@dataclass
class Workspace(Connected):
    """A filled workspace: the ids of what it holds, and the requests tests make again and again."""

    database: str
    objectives: str
    key_results: str
    ada: str

    def page(self, page_id: str) -> Any:
        """A page through the API."""
        return self.client.pages.retrieve(page_id)

    def value(self, page_id: str, column: str) -> Any:
        """A property's value through the API."""
        shown = self.page(page_id)["properties"][column]
        return shown[shown["type"]]

    def patch(self, page_id: str, properties: dict[str, Any]) -> httpx.Response:
        """A raw update of a page's properties."""
        return self.http.patch(f"/v1/pages/{page_id}", json={"properties": properties})

    def query(self, source: str, body: dict[str, Any], **params: Any) -> httpx.Response:
        """A raw query of a table."""
        return self.http.post(f"/v1/data_sources/{source}/query", json=body, params=params)

    def titles(self, source: str, **body: Any) -> list[str]:
        """The titles a query gives, in its order."""
        answer = self.query(source, body)
        assert answer.status_code == 200, answer.text
        titles = [page["properties"]["Name"]["title"] for page in answer.json()["results"]]
        return ["".join(each["plain_text"] for each in title) for title in titles]


@contextmanager
def connected() -> Iterator[Connected]:
    """A running imitation of an empty workspace, and clients that talk to it."""
    clock = VirtualClock(START)
    notion = NotionService(clock=clock)
    headers = {"Authorization": "Bearer ntn_sandbox", "Notion-Version": VERSION}
    with Sandbox([notion], clock=clock) as sandbox:
        url = sandbox.urls["notion"]
        # loopback HTTP needs no certificates, and loading them takes longer than a test
        answers: list[Exchange] = []
        hooks: Any = {"response": [lambda answer: answers.append(_answered(answer))]}
        own = httpx.Client(verify=False, event_hooks=hooks)
        with httpx.Client(base_url=url, headers=headers, verify=False, event_hooks=hooks) as http:
            client = Client(auth="ntn_sandbox", base_url=url, retry=False, notion_version=VERSION, client=own)
            try:
                yield Connected(notion, clock, client, http, answers)
            finally:
                client.close()


def _answered(answer: httpx.Response) -> Exchange:
    answer.read()
    path = answer.request.url.raw_path.decode().split("?")[0]
    return Exchange(answer.request.method, path, (), None, answer.status_code, answer.json())


def populated(to: Connected) -> Workspace:
    """The OKR workspace every test starts from, after forgetting what was before."""
    to.notion.reset()
    to.answers.clear()
    to.clock.set(START)
    to.http.headers["Notion-Version"] = VERSION
    database = to.notion.create_database("ACME OKRs", TABLES)
    objectives = to.notion.data_source_id(database, "Objectives")
    key_results = to.notion.data_source_id(database, "Key results")
    ada = to.notion.add_user("Ada Example", "ada@example.com")
    return Workspace(
        to.notion, to.clock, to.client, to.http, to.answers, database, objectives, key_results, ada
    )
