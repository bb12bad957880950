"""A small world in all three tools, with the whole engine on it, in virtual time.

Arrives: acts of people, faults tied to calls of the port. Leaves: reports of runs and what people would see,
by key, so that two worlds can be compared whatever ids and rows their records got. Three key results are in
Notion, in a sheet and in Jira under the same keys; each tool makes a record for what only another one has.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from okrsync.config.load import load
from okrsync.config.settings import Settings
from okrsync.connectors.base import Connector
from okrsync.connectors.jira.connector import JiraConnector
from okrsync.connectors.notion.client import NotionClient
from okrsync.connectors.notion.connector import NotionConnector
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Policy
from okrsync.connectors.sheets.connector import open_connector as open_sheets
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import FaultRule, Request
from okrsync.sandbox.jira import JiraService
from okrsync.sandbox.notion import NotionService
from okrsync.sandbox.requestlog import Kind, kind_of
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.sheets import SheetsService
from okrsync.sandbox.sheets.people import Person
from okrsync.sync_engine.runner import Hooks, Report, sync
from okrsync.sync_engine.store import Store
from okrsync.sync_engine.workspace import Workspace
from tests.connectors.virtual import VirtualTime

Json = Any
Seen = Mapping[str, Sequence[Mapping[str, Json]]]
TOOLS = ("jira", "notion", "sheets")
COLLECTIONS = frozenset({"epics", "pages", "rows"})
CALLS = ("account", "schema", "pull", "fetch", "write", "create", "marked")
TIMEOUT = 0.5
"""Seconds; a fault that holds an answer back holds it longer."""
_START = datetime(2026, 2, 9, 9, tzinfo=UTC)
_ACCOUNT, _ANN = "okrsync@acme.iam.gserviceaccount.com", "ann@acme.test"
_FILE = """
version: 1
workspace: small
timezone: UTC
connections:
  jira: {{kind: jira, url: {jira}, email: ann@acme.test, token: "${{JIRA}}", timeout: {timeout}}}
  notion:
    {{kind: notion, api_url: {notion}, token: "${{NOTION}}", timeout: {timeout}, requests_per_minute: 6000}}
  sheets: {{kind: sheets, api_url: {sheets}, credentials: "${{GOOGLE}}", timeout: {timeout}}}
collections:
  pages:
    connection: notion
    source: {{data_source: {table}}}
    entity: key_result
    key: KR key
    create: true
    fields:
      title: {{from: Name, sync: both}}
      start: Start
      target: {{from: Target, sync: both}}
      progress: {{to: Progress}}
  rows:
    connection: sheets
    source: {{spreadsheet: {file}, tab: KRs}}
    entity: key_result
    key: KR
    create: true
    fields:
      title: {{from: Title, sync: both}}
      target: {{from: Target, sync: both}}
      current: Current
    results: {{tab: _okrsync, show: {{Score: score}}}}
  epics:
    connection: jira
    source: {{projects: [ACME], level: epic}}
    entity: key_result
    key: KR key
    create: true
    fields:
      title: {{from: summary, sync: both}}
      progress: {{to: OKR progress}}
      explanation: {{to: "property:okrsync.explanation"}}
policies: {{first_run: apply}}
"""


@dataclass
class CallRule(FaultRule):
    """A fault of the requests, reading or writing, that one call of the port sends."""

    call: str = ""
    sends: Kind = "read"
    now: Callable[[str], str] = lambda _: ""
    """Which call a tool is in."""

    def takes(self, request: Request) -> bool:
        """Only within the call."""
        fits = kind_of(request.method, request.path) == self.sends
        return fits and self.now(request.service) == self.call and super().takes(request)


class _Watched:
    """A connector that tells which call it is in."""

    def __init__(self, tool: str, inner: Connector, within: dict[str, str]) -> None:
        self._tool, self._inner, self._within = tool, inner, within

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in CALLS:
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            self._within[self._tool] = name
            try:
                return found(*arguments, **named)
            finally:
                self._within[self._tool] = ""

        return call


@dataclass
class Small:
    """The running tools, a store, and a clock that all of them share."""

    sandbox: Sandbox
    jira: JiraService
    notion: NotionService
    sheets: SheetsService
    clock: VirtualClock
    settings: Settings
    folder: Path
    within: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def sync(self, whole: bool = False) -> Report:
        """One run as a scheduled job would do it, a minute later."""
        self.later(1)
        hooks = Hooks(whole=COLLECTIONS if whole else frozenset())
        with self._open() as workspace:
            return sync(workspace, hooks)

    def later(self, minutes: float) -> None:
        """Time passes in all tools and for okrsync."""
        self.sandbox.call(lambda: self.clock.advance(minutes=minutes))

    def act(self, tool: str, action: str, **arguments: Json) -> Json:
        """A person does something."""
        return self.sandbox.act(tool, action, arguments)

    def fault(self, tool: str, call: str, kind: str, **members: Any) -> FaultRule:
        """Something goes wrong with the requests of a call.

        Of `write` and `create` those that write, of `look of write` those that read; `schema again` is the
        call that looks for drift; `token` is the request for Google's token, in whatever call it is sent.
        """
        rule = FaultRule(kind, service=tool, path="*/token", **members)
        if call != "token":
            name = call.removeprefix("look of ").removesuffix(" again")
            sends: Kind = "write" if call in ("write", "create") else "read"
            rule = CallRule(
                kind, service=tool, path="/[!t]*", call=name, sends=sends, now=self._in, **members
            )
        return self.sandbox.call(lambda: self.sandbox.faults.add(rule))

    def _in(self, tool: str) -> str:
        return self.within.get(tool, "")

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        self.sandbox.call(self.sandbox.faults.clear)

    def seen(self) -> Seen:
        """What people see in each tool: the fields of every record, in an order of their own."""
        return self.sandbox.call(
            lambda: {"notion": self._pages(), "sheets": self._rows(), "jira": self._epics()}
        )

    def page(self, key: str) -> str:
        """The id of a Notion row."""
        pages = self.notion.state.rows(self._table())
        column = self.notion.column_id(self._table(), "KR key")
        return next(page.id for page in pages if _plain(page.values.get(column)) == key)

    def epic(self, key: str) -> str:
        """The key Jira gave an epic."""
        return next(str(one["key"]) for one in self.jira.dump()["issues"] if key in one["values"].values())

    def keep(self) -> tuple[str, bytes]:
        """This moment: the tools and the store."""
        return json.dumps(self.sandbox.call(self.sandbox.dump)), self._store().read_bytes()

    def back(self, moment: tuple[str, bytes]) -> None:
        """To a moment that was kept."""
        self.mend()
        self.sandbox.call(lambda: self.sandbox.load(json.loads(moment[0])))
        for leftover in self.folder.glob("okrsync.db*"):
            leftover.unlink()
        self._store().write_bytes(moment[1])

    def _open(self) -> Workspace:
        made = Workspace(
            self.settings, Store(self.settings.store), self.clock, lambda: f"id{next(self.numbers):06d}"
        )
        time = VirtualTime()
        for tool in TOOLS:
            made.put(tool, cast(Connector, _Watched(tool, self._connector(tool, time), self.within)))
        return made

    def _connector(self, tool: str, time: VirtualTime) -> Connector:
        model: Any = self.settings.connections[tool].model
        pacer = Pacer(sleep=time.sleep, clock=time.clock)
        policy = Policy(tool, pacer, sleep=time.sleep, clock=time.clock)
        if tool == "jira":
            return JiraConnector(model, policy)
        if tool == "notion":
            return NotionConnector(tool, NotionClient(model, policy))
        return open_sheets(tool, model, policy=policy)

    def _store(self) -> Path:
        return self.folder / "okrsync.db"

    def _table(self) -> str:
        return next(iter(self.notion.state.data_sources))

    def _pages(self) -> list[dict[str, Json]]:
        columns = self.notion.state.data_sources[self._table()].columns
        rows = self.notion.state.rows(self._table())
        return _sorted([{c.name: _plain(page.values.get(c.id)) for c in columns} for page in rows])

    def _rows(self) -> list[dict[str, Json]]:
        """People's tab as it is shown, so that formulas count by what they give."""
        book = next(iter(self.sheets.spreadsheets.values())).copy()
        found = []
        for tab in book.tabs:
            person = Person(book, "", _START.date(), self.sheets.manners)
            rows = max((row for row, _ in tab.cells), default=-1) + 1
            wide = max((column for _, column in tab.cells), default=-1) + 1
            lines = [[person.shown(tab, row, column) for column in range(wide)] for row in range(rows)]
            found += [{"tab": tab.title, **dict(zip(lines[0], line, strict=True))} for line in lines[1:]]
        return _sorted(found)

    def _epics(self) -> list[dict[str, Json]]:
        dump = self.jira.dump()
        names = {each["id"]: each["name"] for each in dump["fields"]}
        return _sorted(
            [
                {names[one]: value for one, value in issue["values"].items() if value not in (None, [])}
                | {"ours": {k: v for k, v in issue["properties"].get("okrsync", {}).items() if k != "marker"}}
                for issue in dump["issues"]
            ]
        )


def _plain(value: Json) -> Json:
    if isinstance(value, list):
        return "".join(part["plain_text"] for part in value)
    return value


def _sorted(found: list[dict[str, Json]]) -> list[dict[str, Json]]:
    return sorted(found, key=lambda one: json.dumps(one, sort_keys=True, default=str))


@contextmanager
def small(folder: Path) -> Iterator[Small]:
    """The world before its first sync."""
    clock = VirtualClock(_START)
    jira, notion, sheets = JiraService(clock=clock), NotionService(clock=clock), SheetsService(clock)
    jira.add_user(_ANN, "jira-token", name="Ann", admin=True)
    jira.add_project("ACME")
    name = jira.add_field("KR key", "text", projects=["ACME"])
    columns = {
        "Name": "title",
        "KR key": "rich_text",
        "Start": "number",
        "Target": "number",
        "Progress": "percent",
    }
    base = notion.create_database("OKRs", {"Key results": columns})
    table = notion.data_source_id(base, "Key results")
    sheets.add_service_account(_ACCOUNT)
    file = sheets.create_spreadsheet("OKRs")
    rows: list[list[Any]] = [["KR", "Title", "Target", "Current", "Score"]]
    for number in (1, 2, 3):
        key, title = f"KR-{number}", f"Win {number} customers"
        jira.add_epic("ACME", title, fields={name: key})
        notion.add_page(table, {"Name": title, "KR key": key, "Start": 0, "Target": 10})
        rows.append([key, title, 10, number, None])
    sheets.add_tab(file, "KRs", rows)
    sheets.share(file, _ACCOUNT)
    with Sandbox([jira, notion, sheets], clock=clock) as sandbox:
        text = _FILE.format(**sandbox.urls, table=table, file=file, timeout=TIMEOUT)
        path = folder / "okrsync.yaml"
        path.write_text(text, "utf-8")
        secrets = {
            "JIRA": "jira-token",
            "NOTION": notion.state.settings.token,
            "GOOGLE": json.dumps(sheets.credentials(_ACCOUNT, f"{sandbox.urls['sheets']}/token")),
        }
        yield Small(sandbox, jira, notion, sheets, clock, load(path, secrets), folder)
