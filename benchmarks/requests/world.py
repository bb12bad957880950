"""A company of any size in the three imitated tools, the same every time it is made.

Arrives: how many pages, rows and epics. Leaves: running services, the admin's file for them, and people who
edit a part of everything. Built from the sandbox's own parts and shaped as its file for ACME is:
two data sources in Notion, one tab in one spreadsheet, one project in Jira whose epics have children.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.jira import JiraService
from okrsync.sandbox.notion import NotionService
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.sheets import SheetsService
from okrsync.sandbox.world import World
from okrsync.sandbox.world.build import JIRA_EMAIL, SERVICE_ACCOUNT
from okrsync.sandbox.world.companies import Company
from okrsync.sandbox.world.config import JIRA_TOKEN, Places, config_text
from okrsync.sandbox.world.dice import roll
from okrsync.sandbox.world.notion import KEY_RESULTS, OBJECTIVES, add_database
from okrsync.sandbox.world.seed import KeyResult, Objective, Plan
from okrsync.sandbox.world.sheets import HEADER, TAB

START = datetime(2026, 2, 9, 9, tzinfo=UTC)
PAGE = 100
"""Records per page, in Jira and in Notion alike."""
COMPANY = Company("Bench", "", "BENCH")
MOST_CHILDREN = 8
_AGE = timedelta(days=7)
"""How long ago everything was made: nothing is news to the first look."""
_PER_OBJECTIVE = 4
_OWNERS = 50
_TOKEN = "jira-bench-token"
_NO_LIMIT = 6000
"""Requests per minute, as for Notion in the sandbox's file: the imitations have nobody to protect."""


@dataclass(frozen=True)
class Size:
    """How much of everything; every fifth page is an objective, the others are its key results."""

    epics: int
    pages: int
    rows: int
    jira_page: int = PAGE
    """Issues the imitated Jira gives per page; fewer where a small world stands for a large one."""

    @property
    def objectives(self) -> int:
        """Rows of the first data source."""
        return self.pages // (_PER_OBJECTIVE + 1)

    @property
    def key_results(self) -> int:
        """Rows of the second data source."""
        return self.pages - self.objectives

    @property
    def children(self) -> int:
        """Issues below the epics."""
        return sum(children_of(number) for number in range(self.epics))


SMALL = Size(epics=1_000, pages=500, rows=2_000)
LARGE = Size(epics=10_000, pages=5_000, rows=20_000)


def children_of(epic: int) -> int:
    """How many issues an epic has below it: 0 to 8."""
    return roll(MOST_CHILDREN + 1, f"epic {epic}", "children")


@dataclass
class Bench:
    """The running tools, the admin's file, and the clock they share."""

    size: Size
    sandbox: Sandbox
    clock: VirtualClock
    config: Path
    _pages: tuple[str, ...]
    _children: tuple[str, ...]
    _edits: int = field(default=0)

    def later(self, minutes: float) -> None:
        """Time passes in all tools and for okrsync."""
        self.sandbox.call(lambda: self.clock.advance(minutes=minutes))

    def people_edit(self, share: Decimal) -> Mapping[str, int]:
        """People change a share of everything: Jira children, Notion targets, numbers in the sheet.

        Returns how many records of each service changed.
        """
        self._edits += 1
        children = _spread(len(self._children), share * self.size.epics)
        for at in children:
            self._act("jira", "transition", issue=self._children[at], to="done")
        pages = _spread(len(self._pages), share * len(self._pages))
        for at in pages:
            self._act("notion", "edit", page=self._pages[at], property="Target", value=200 + self._edits)
        rows = _spread(self.size.rows, share * self.size.rows)
        column = chr(ord("A") + HEADER.index("Current"))
        for at in rows:
            self._act("sheets", "set_cell", tab=TAB, cell=f"{column}{at + 2}", value=str(50 + self._edits))
        return {"jira": len(children), "notion": len(pages), "sheets": len(rows)}

    def _act(self, service: str, action: str, **arguments: Any) -> None:
        self.sandbox.act(service, action, arguments)


def open_bench(size: Size, folder: Path) -> Iterator[Bench]:
    """The world before its first sync; it ends when the generator does."""
    clock = VirtualClock(START - _AGE)
    world = World(JiraService(clock=clock), NotionService(clock=clock), SheetsService(clock), (COMPANY,))
    plan = _plan(size)
    world.jira.add_user(JIRA_EMAIL, _TOKEN, name="okrsync", admin=True)
    world.sheets.add_service_account(SERVICE_ACCOUNT)
    database = add_database(world.notion, COMPANY, plan)
    tables = [world.notion.data_source_id(database, name) for name in (OBJECTIVES, KEY_RESULTS)]
    places = Places(tables[0], tables[1], _add_spreadsheet(world.sheets, size), False)
    children = tuple(_add_epics(world.jira, size))
    clock.set(START)
    with Sandbox(world.services, clock=clock) as sandbox:
        config = _write_config(folder, world, places, sandbox.urls)
        pages = tuple(page.id for page in world.notion.state.rows(tables[1]))
        yield Bench(size, sandbox, clock, config, pages, children)


def _plan(size: Size) -> Plan:
    objectives = tuple(_objective(number) for number in range(size.objectives))
    key_results = tuple(_key_result(number, size) for number in range(size.key_results))
    return Plan(objectives, key_results, ())


def _objective(number: int) -> Objective:
    parent = None if number == 0 else _objective_key((number - 1) // _PER_OBJECTIVE)
    level = "company" if parent is None else "team"
    due = date(2026, 3, 31)
    title = f"Objective number {number}"
    return Objective(_objective_key(number), title, level, _owner(number), "2026-Q1", due, None, parent)


def _key_result(number: int, size: Size) -> KeyResult:
    return KeyResult(
        key=_key(number),
        title=f"Key result number {number}",
        objective=_objective_key(number % size.objectives),
        owner=_owner(number),
        cycle="2026-Q1",
        kind="metric",
        measure="level",
        direction="increase",
        unit="customers",
        start=Decimal(0),
        target=Decimal(100),
        strict=False,
        due=date(2026, 3, 31),
        is_rolled_up=False,
    )


def _objective_key(number: int) -> str:
    return f"BENCH-O{number}"


def _key(number: int) -> str:
    return f"BENCH-KR{number}"


def _owner(number: int) -> str:
    return f"Owner {number % _OWNERS}"


def _add_spreadsheet(service: SheetsService, size: Size) -> str:
    """One row per key result; those that Notion does not know are kept in the sheet alone."""
    new = service.create_spreadsheet(COMPANY.spreadsheet)
    rows: list[tuple[Any, ...]] = [HEADER]
    for number in range(size.rows):
        title, current = f"Key result number {number}", roll(100, _key(number), "current")
        confidence = Decimal(roll(10, _key(number), "confidence")) / 10
        rows.append((_key(number), title, current, 100, "customers", confidence, None, None, None))
    service.add_tab(new, TAB, rows, row_count=len(rows) + 100, column_count=12)
    service.share(new, SERVICE_ACCOUNT)
    return new


def _add_epics(service: JiraService, size: Size) -> Iterator[str]:
    """The epics, each for one key result, with their children. Gives one open child's key per epic."""
    service.settings.page_cap = size.jira_page
    service.add_project(COMPANY.project, COMPANY.name)
    statuses = ("new", "indeterminate", "done")
    for number in range(size.epics):
        label = f"kr-{_key(number % size.key_results)}"
        epic = service.add_epic(COMPANY.project, f"Epic number {number}", status="new", labels=[label])
        for at in range(children_of(number)):
            status = statuses[0 if at == 0 else roll(3, f"epic {number}", f"child {at}")]
            title = f"Step {at} of epic {number}"
            child = service.add_issue(COMPANY.project, title, parent=epic.id, status=status, points=at)
            if at == 0:
                yield child.key


def _write_config(folder: Path, world: World, places: Places, urls: Mapping[str, str]) -> Path:
    """The file of the sandbox, whose connections have no pace to keep."""
    settings = yaml.safe_load(config_text(COMPANY, places, urls, JIRA_EMAIL))
    limits = dict.fromkeys(("reads_per_minute", "writes_per_minute"), _NO_LIMIT)
    settings["connections"]["sheets"] |= limits
    config = folder / "okrsync.yaml"
    config.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    secrets = world.credentials(urls).files() | {JIRA_TOKEN: _TOKEN}
    for path, secret in secrets.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(secret, encoding="utf-8")
    return config


def _spread(of: int, wanted: Decimal) -> list[int]:
    """At most `wanted` places, rounded up, spread evenly over `of`."""
    count = min(of, -int(-wanted // 1))
    return [at * of // count for at in range(count)] if count else []
