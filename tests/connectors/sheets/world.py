"""A small Google behind a real socket: one spreadsheet of key results, and a connector in virtual time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from okrsync.connectors.base import Native, Patch, Pull, Record, Written
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Policy
from okrsync.connectors.sheets.connector import SheetsConnector, open_connector
from okrsync.connectors.sheets.settings import Connection, Source
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import FaultRule
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.sheets import SheetsService
from okrsync.sandbox.sheets.accounts import Account, Accounts
from okrsync.sandbox.sheets.grid import Tag
from tests.connectors.virtual import VirtualTime

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
EMAIL = "okrsync@acme.iam.gserviceaccount.com"
TAB = "KRs"
BATCH = "*:batchUpdate"
ROWS: list[list[Any]] = [
    ["KR", "Title", "Current", "Target", "Due", "Strict", "Score", "Status", "Notes"],
    ["KR-1", "Win customers", 5, 10, date(2026, 12, 31), True, None, None, "steady"],
    ["KR-2", "Answer fast", "=2*3", 8, date(2026, 11, 30), False, None, None, None],
    ["KR-3", "Ship weekly", 0, 12, None, False, None, None, None],
    [1001, "Number key", None, 3, None, False, None, None, None],
]
WANT = ("title", "current", "target", "due", "results:score", "lookup:Score=score")


@dataclass
class World:
    """The sandbox, its Sheets, the file and one connector."""

    sandbox: Sandbox
    sheets: SheetsService
    file: str
    connector: SheetsConnector
    time: VirtualTime
    want: tuple[str, ...] = WANT
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        asked = {"spreadsheet": self.file, "tab": TAB, "key": "KR", "results": {"show": {"Score": "score"}}}
        return Source.model_validate({**asked, **self.changes})

    def pull(self) -> Pull:
        """A pull of its own, after a schema that costs one read."""
        return self.connector.pull(self.source, self.connector.schema(self.source), self.want)

    def fetch(self) -> Mapping[str, Record]:
        """A fresh look at all keys."""
        ids = ["KR-1", "KR-2", "KR-3", "1001"]
        return self.connector.fetch(self.source, self.connector.schema(self.source), ids, self.want)

    def write(self, *changes: tuple[Record, Mapping[str, Native]]) -> tuple[Written, ...]:
        """One `write` call with one patch per change."""
        schema = self.connector.schema(self.source)
        return self.connector.write(self.source, schema, [Patch(record, cells) for record, cells in changes])

    def do(self, action: str, **arguments: Any) -> Any:
        """A person's edit."""
        return self.sandbox.act("sheets", action, {"tab": TAB, **arguments})

    def before_write(self, act: Callable[[], object]) -> None:
        """Let a person act between the connector's fresh read and its next write."""
        self.fault("hook", path=BATCH, hook=act)

    def fault(self, kind: str, **rest: Any) -> None:
        """Plan a fault of the service."""
        self.sandbox.call(lambda: self.sandbox.faults.add(FaultRule(kind, service="sheets", **rest)))

    def grid(self, title: str = TAB) -> list[list[Any]]:
        """What the tab truly holds, entered values row by row; formulas as text."""
        tab = self.sandbox.call(lambda: self.sheets.spreadsheets[self.file].copy().tab_titled(title))
        assert tab is not None
        rows = max((row for row, _ in tab.cells), default=-1) + 1
        return [[_entered(tab.cell(row, at).entered) for at in range(9)] for row in range(rows)]

    def column(self, header: str) -> dict[Any, Any]:
        """A people's column by key, as it truly is."""
        head, *rows = self.grid()
        at = head.index(header)
        return {row[0]: row[at] for row in rows}

    def sent(self) -> dict[str, int]:
        """Requests the service got so far: reads and writes."""
        counts = self.connector.requests()
        return {"read": counts["read"], "write": counts["write"]}


def _entered(value: Any) -> Any:
    text = getattr(value, "text", None)
    return value if text is None else text


def connection(sandbox: Sandbox, sheets: SheetsService, **changes: Any) -> Connection:
    """A connection to the sandbox, with the key in the settings themselves."""
    url = sandbox.urls["sheets"]
    key = sheets.credentials(EMAIL, f"{url}/token")
    return Connection.model_validate(
        {"credentials": json.dumps(key), "api_url": url, "timeout": 5, **changes}
    )


@cache
def _account() -> Account:
    """Making a key takes longer than all the rest of a world."""
    return Accounts().add(EMAIL, "es")


@contextmanager
def google(**settings: Any) -> Iterator[tuple[Sandbox, SheetsService, VirtualClock]]:
    """A running Google without files; starting one takes longer than most tests."""
    clock = VirtualClock(START)
    sheets = SheetsService(clock, **settings)
    with Sandbox([sheets], clock=clock) as sandbox:
        yield sandbox, sheets, clock


@contextmanager
def opened(sandbox: Sandbox, sheets: SheetsService, clock: VirtualClock) -> Iterator[World]:
    """As new: four key results, one with a formula, one with a number for a key; no results tab yet."""
    sandbox.call(lambda: renew(sandbox, sheets, clock))
    (file,), time = sheets.spreadsheets, VirtualTime()
    pacer = Pacer(sleep=time.sleep, clock=time.clock)
    policy = Policy("sheets", pacer, sleep=time.sleep, clock=time.clock)
    connector = open_connector("google", connection(sandbox, sheets), policy=policy, clock=time.clock)
    try:
        yield World(sandbox, sheets, file, connector, time)
    finally:
        connector.close()


def renew(sandbox: Sandbox, sheets: SheetsService, clock: VirtualClock) -> None:
    """Forget all that was; every row bears a tag of some other program's, which must not matter."""
    sandbox.faults.clear()
    clock.set(START)
    sheets.reset()
    file = sheets.create_spreadsheet("ACME OKRs", "en_US", "Europe/Paris")
    sheets.add_tab(file, TAB, ROWS)
    for row, line in enumerate(ROWS[1:], 1):
        tag = Tag(row, "row", str(line[0]), "DOCUMENT", "ROW", row)
        sheets.spreadsheets[file].tabs[0].tags.append(tag)
    sheets.accounts.known[EMAIL] = _account()
    sheets.share(file, EMAIL)


@contextmanager
def small_world(**settings: Any) -> Iterator[World]:
    """A world of one's own, with settings of Google's."""
    with google(**settings) as running, opened(*running) as world:
        yield world
