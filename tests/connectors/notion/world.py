"""A small Notion workspace behind a real socket, and connectors that talk to it in virtual time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from okrsync.connectors.base import Native, Patch, Pull, Record, Schema, Written
from okrsync.connectors.notion.client import NotionClient
from okrsync.connectors.notion.connector import NotionConnector
from okrsync.connectors.notion.settings import Connection, Source
from okrsync.connectors.pacer import Limit, Pacer
from okrsync.connectors.policy import Policy
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import FaultRule
from okrsync.sandbox.notion import NotionService, Settings
from okrsync.sandbox.server import Sandbox
from tests.connectors.notion.watched import Watching
from tests.connectors.virtual import VirtualTime
from tests.fidelity.notion_spec import objections

START = datetime(2026, 11, 2, 9, 0, 41, tzinfo=UTC)
COLUMNS = {
    "Name": "title",
    "Why": "rich_text",
    "Start": "number",
    "Progress": "percent",
    "Health": {"select": ["On track", "Off track"]},
    "Stage": {"status": ["Not started", "Done"]},
    "Tags": {"multi_select": ["EMEA", "US"]},
    "Due": "date",
    "Owner": "people",
    "Part of": {"relation": "KRs"},
    "Strict": "checkbox",
    "Score": "formula",
}


@dataclass
class World:
    """The sandbox, its Notion, one database "OKRs" with the data source "KRs", and one connector."""

    sandbox: Sandbox
    notion: NotionService
    database: str
    rows: str
    clock: VirtualClock
    time: VirtualTime = field(default_factory=VirtualTime)
    opened: list[NotionConnector] = field(default_factory=list)
    wire: Watching = field(default_factory=Watching)

    def __post_init__(self) -> None:
        self.connector = self.open()

    @property
    def source(self) -> Source:
        return Source(data_source=self.rows)

    def schema(self) -> Schema:
        return self.connector.schema(self.source)

    def id(self, name: str) -> str:
        """A native field id by the column's name today."""
        return next(each.id for each in self.schema().fields if each.name == name)

    def ids(self, names: Sequence[str]) -> list[str]:
        return [self.id(name) for name in names]

    def pull(self, *names: str) -> Pull:
        return self.connector.pull(self.source, self.schema(), self.ids(names))

    def fetch(self, page: str, *names: str) -> Record:
        return self.connector.fetch(self.source, self.schema(), [page], self.ids(names))[page]

    def write(self, page: str, **cells: Native) -> Written:
        """A fresh look and one patch; names carry `_` for blanks."""
        named = {name.replace("_", " "): value for name, value in cells.items()}
        record = self.fetch(page, *named)
        patch = Patch(record, {self.id(name): value for name, value in named.items()})
        (written,) = self.connector.write(self.source, self.schema(), [patch])
        return written

    def fault(self, kind: str, **rest: Any) -> None:
        """Something goes wrong with the next fitting request."""
        self.sandbox.faults.add(FaultRule(kind=kind, service="notion", **rest))

    def person(self, action: str, **arguments: Any) -> None:
        """Somebody works in Notion."""
        self.sandbox.act("notion", action, arguments)

    def add(self, **values: Any) -> str:
        """A row with plain values; names carry `_` for blanks. Returns its id."""
        named = {name.replace("_", " "): value for name, value in values.items()}
        return self.notion.add_page(self.rows, named)

    def writes(self) -> int:
        return self.sandbox.log.count("notion", "write")

    def open(self, token: str = "ntn_sandbox", *, timeout: float = 5.0) -> NotionConnector:
        """Another connector to the same workspace; closed with the world."""
        connection = Connection.model_validate(
            {"kind": "notion", "token": token, "api_url": self.sandbox.urls["notion"], "timeout": timeout}
        )
        connector = NotionConnector("team", NotionClient(connection, policy(self.time), self.wire))
        self.opened.append(connector)
        return connector


def policy(time: VirtualTime) -> Policy:
    """The policy of a real connection, in virtual time."""
    pacer = Pacer(Limit(180, 60.0), sleep=time.sleep, clock=time.clock)
    return Policy("notion", pacer, sleep=time.sleep, clock=time.clock)


@contextmanager
def small_world(settings: Settings | None = None) -> Iterator[World]:
    """Ada and the workspace's owner are its people; it has no rows yet.

    At the end everything that went over the wire is judged by Notion's own documents, where they are present.
    """
    clock = VirtualClock(START)
    notion = NotionService(clock, settings)
    notion.add_user("Ada", "ada@example.com")
    database = notion.create_database("OKRs", {"KRs": COLUMNS})
    with Sandbox([notion], clock=clock) as sandbox:
        rows = notion.data_source_id(database, "KRs")
        world = World(sandbox, notion, database, rows, clock)
        try:
            yield world
        finally:
            for connector in world.opened:
                connector.close()
            complaints = [text for exchange in world.wire.exchanges for text in objections(exchange)]
        assert complaints == [], "\n".join(complaints)
