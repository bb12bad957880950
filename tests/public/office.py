"""An office whose tools hold what a team has published: a spreadsheet and a Jira project in the sandbox.

Arrives: rows of a public file and the text of an admin's file. Leaves: what okrsync made of them after one
sync. Nothing but mappings stands between the two. The public files are no part of the project; without them
the tests that read them are skipped with the reason.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from okrsync.cli import run
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.world.build import SERVICE_ACCOUNT, World, build

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "samples" / "okr"
needs_files = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published OKRs are not at ../shared/samples/okr; none are read"
)
NOW = datetime(2019, 5, 15, 9, tzinfo=UTC)
_CONNECTIONS = """\
version: 1
workspace: public
connections:
  jira: {{kind: jira, url: "{jira}", email: okrsync@sandbox.example, token: "${{file:jira_token}}"}}
  sheets: {{kind: sheets, api_url: "{sheets}", credentials: "${{file:google.json}}"}}
"""
Cells = Sequence[Any]


@dataclass
class Office:
    """The tools, and okrsync beside them."""

    world: World
    sandbox: Sandbox
    folder: Path

    @property
    def config(self) -> Path:
        """The admin's file."""
        return self.folder / "okrsync.yaml"

    def book(self, tabs: Mapping[str, Sequence[Cells]]) -> str:
        """A spreadsheet with these tabs, shared with okrsync; gives its id."""
        return self.sandbox.call(lambda: self._book(tabs))

    def _book(self, tabs: Mapping[str, Sequence[Cells]]) -> str:
        new = self.world.sheets.create_spreadsheet("Public OKRs")
        for title, rows in tabs.items():
            self.world.sheets.add_tab(
                new, title, [tuple(row) for row in rows], {}, row_count=100, column_count=15
            )
        self.world.sheets.share(new, SERVICE_ACCOUNT)
        return new

    def describe(self, rest: str) -> None:
        """Write the admin's file: collections and whatever else there is to say."""
        self.config.write_text(_CONNECTIONS.format(**self.sandbox.urls) + rest, encoding="utf-8")

    def sync(self, code: int = 0) -> Any:
        """Read everything once."""
        return self.json("sync", "--approve", code=code)

    def goals(self) -> dict[str, Any]:
        """Everything okrsync knows now, by key."""
        return {each["key"]: each for each in self.json("tree")}

    def json(self, *words: str, code: int = 0) -> Any:
        """What a command answers."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            found = run([*words, "--json", "--config", str(self.config), "--today", NOW.date().isoformat()])
        assert found == code, out.getvalue()
        return json.loads(out.getvalue())


@contextmanager
def tools() -> Iterator[tuple[World, Sandbox]]:
    """Running tools with nothing in them; starting them takes longer than a sync."""
    clock = VirtualClock(NOW)
    world = build([], clock)
    with Sandbox(world.services, clock=clock) as sandbox:
        yield world, sandbox


def moved_in(world: World, sandbox: Sandbox, folder: Path) -> Office:
    """An office of its own in a folder, with the way into the tools."""
    held = world.credentials(sandbox.urls)
    (folder / "jira_token").write_text(held.jira_token, encoding="utf-8")
    (folder / "google.json").write_text(held.google_key, encoding="utf-8")
    return Office(world, sandbox, folder)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a published CSV file."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> Decimal | None:
    """What a cell of a number column holds: a number, or nothing."""
    return Decimal(text) if text.strip() else None
