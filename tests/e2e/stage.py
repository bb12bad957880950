"""The stage of the end-to-end tests: ACME's world in three imitated tools, and the real command line.

Arrives: acts of people, faults, command lines. Leaves: exit codes, what was printed, and the true state of
the three tools, read past their interfaces. Starting costs seconds, so a session has one stage; every test
begins from a scene, which is the saved state of the tools together with the store that belongs to it.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from okrsync import cli
from okrsync.commands.sandbox import write_folder
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import FaultRule
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.sheets.a1 import cell_name
from okrsync.sandbox.sheets.editing import Manners
from okrsync.sandbox.sheets.grid import Formula, Tab
from okrsync.sandbox.sheets.people import Person
from okrsync.sandbox.world import World, build
from tests.e2e.truth import truth_of

TODAY = "2026-02-09"
_DATED = ("plan", "sync", "apply", "tree", "explain")
_STORE = ("okrsync.db", "okrsync.db-wal", "okrsync.db-shm")
Json = Any
Truth = Mapping[tuple[str, ...], Json]


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Json:
        """What it printed, as JSON."""
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Everything a person saw of it."""
        return self.out + self.err


@dataclass(frozen=True)
class Scene:
    """A moment to return to: the tools' state as JSON text and the bytes of the store."""

    tools: str
    store: bytes | None


@dataclass
class Stage:
    """The running tools and one workspace on them."""

    sandbox: Sandbox
    world: World
    folder: Path
    config: Path
    secrets: Mapping[str, str]
    _said: list[str] = field(default_factory=list)

    def run(self, *arguments: str) -> Ran:
        """A command of this process, on the workspace and its day."""
        return self.bare(*self.arguments(*arguments))

    def bare(self, *arguments: str) -> Ran:
        """A command of this process exactly as given, without the workspace's file."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.run(list(arguments))
        self._said += [out.getvalue(), err.getvalue()]
        return Ran(int(code), out.getvalue(), err.getvalue())

    def arguments(self, *given: str) -> list[str]:
        """A command line with the workspace's file and day filled in."""
        dated = ["--today", TODAY] if given[0] in _DATED and "--today" not in given else []
        where = [] if "--config" in given else ["--config", str(self.config)]
        return [*given, *dated, *where]

    def json(self, *arguments: str) -> Json:
        """What a command prints with --json."""
        return self.run(*arguments, "--json").json

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The same command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", "from okrsync.cli import main; main()", *self.arguments(*arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "COLUMNS": "200"},
        )

    def finish(self, process: subprocess.Popen[str], timeout: float = 60) -> Ran:
        """Wait for a process of `start`."""
        out, err = process.communicate(timeout=timeout)
        self._said += [out, err]
        return Ran(process.returncode, out, err)

    def act(self, service: str, action: str, **arguments: Json) -> Json:
        """A person does something in one of the tools."""
        return self.sandbox.act(service, action, arguments)

    def fault(self, kind: str, **members: Any) -> FaultRule:
        """Plan something to go wrong."""
        rule = FaultRule(kind, **members)
        return self.sandbox.call(lambda: self.sandbox.faults.add(rule))

    def meanwhile(self, service: str, method: str, path: str, act: Callable[[], object]) -> FaultRule:
        """Once, just before the first such request is served, a person acts."""
        return self.fault("hook", service=service, method=method, path=path, hook=act)

    def counts(self) -> dict[str, dict[str, int]]:
        """Requests seen by the tools since the scene began or `forget`."""
        return self.sandbox.call(self.sandbox.log.counts)

    def writes(self, service: str | None = None) -> int:
        """How many of them wanted to change something."""
        return self.sandbox.call(lambda: self.sandbox.log.count(service, "write"))

    def seen(self, service: str | None = None) -> int:
        """How many requests there were."""
        return self.sandbox.call(lambda: self.sandbox.log.count(service))

    def forget(self) -> None:
        """Begin to count anew, with nothing planned to go wrong."""
        self.sandbox.call(self.sandbox.log.clear)
        self.sandbox.call(self.sandbox.faults.clear)

    def wait_for(self, requests: int, seconds: float = 30) -> None:
        """Until the tools have seen that many requests."""
        end = time.monotonic() + seconds
        while self.seen() < requests:
            if time.monotonic() > end:
                raise TimeoutError(f"only {self.seen()} of {requests} requests came")
            time.sleep(0.005)

    def truth(self) -> Truth:
        """Everything the tools hold that people can see, by place, without times and authors."""
        return self.sandbox.call(lambda: truth_of(self.world))

    def page(self, key: str) -> str:
        """The id of the Notion row with a key."""
        rows = (place[1] for place, value in self.truth().items() if place[0] == "notion" and value == key)
        return next(rows)

    def notion(self, key: str) -> dict[str, Json]:
        """A Notion row by column name, as plain values."""
        page = self.page(key)
        return {place[2]: value for place, value in self.truth().items() if place[:2] == ("notion", page)}

    def issue(self, key: str) -> dict[str, Json]:
        """A Jira issue by field name."""
        return {place[2]: value for place, value in self.truth().items() if place[:2] == ("jira", key)}

    def cell(self, key: str, column: str, tab: str = "KRs") -> Json:
        """What a cell holds: a value, or the text of a formula."""
        person, sheet = self._editor(tab)
        entered = sheet.cell(person.row(sheet, {"key": key}), person.column(sheet, column)).entered
        return entered.text if isinstance(entered, Formula) else entered

    def shown(self, key: str, column: str, tab: str = "KRs") -> str:
        """What a person sees in a cell, formulas computed."""
        person, sheet = self._editor(tab)
        return person.shown(sheet, person.row(sheet, {"key": key}), person.column(sheet, column))

    def address(self, key: str, column: str) -> str:
        """Where a cell is, such as C8."""
        person, sheet = self._editor("KRs")
        return cell_name(person.row(sheet, {"key": key}), person.column(sheet, column))

    def _editor(self, tab: str) -> tuple[Person, Tab]:
        book = next(iter(self.world.sheets.spreadsheets.values())).copy()
        person = Person(book, "", date.fromisoformat(TODAY), Manners(True, False))
        return person, person.tab({"tab": tab})

    def edit_config(self, old: str, new: str) -> None:
        """An admin changes the file; the text must be there."""
        text = self.config.read_text("utf-8")
        if old not in text:
            raise ValueError(f"the file has no {old!r}")
        self.config.write_text(text.replace(old, new, 1), "utf-8")

    def scene(self) -> Scene:
        """Keep this moment."""
        store = self.folder / _STORE[0]
        tools = json.dumps(self.sandbox.call(self.sandbox.dump))
        return Scene(tools, store.read_bytes() if store.exists() else None)

    def set(self, scene: Scene) -> None:
        """Return to a moment; the admin's file and its secrets are as at first."""
        self.sandbox.call(lambda: self.sandbox.load(json.loads(scene.tools)))
        self.forget()
        for each in self.folder.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        write_folder(self.folder, self.world, self.sandbox.urls, self.sandbox.clock())
        if scene.store is not None:
            (self.folder / _STORE[0]).write_bytes(scene.store)
        self._said.clear()

    def leaks(self) -> list[str]:
        """Where a secret can be read: in what was said, in the store, or in any file but the secrets' own."""
        texts = {"output": "\n".join(self._said).encode()}
        for path in self.folder.iterdir():
            if path.is_file():
                texts[path.name] = path.read_bytes()
        return [
            f"{secret} in {where}"
            for where, text in texts.items()
            for secret, value in self.secrets.items()
            if value.encode() in text
        ]


def open_stage(folder: Path) -> Iterator[Stage]:
    """A stage with ACME before its first sync; ends when the generator does."""
    clock = VirtualClock(datetime(2026, 2, 9, 9, tzinfo=UTC))
    world = build(["acme"], clock)
    with Sandbox(world.services, clock=clock) as sandbox:
        config = write_folder(folder, world, sandbox.urls, clock())["acme"]
        yield Stage(sandbox, world, folder, config, _secrets(world, sandbox.urls))


def _secrets(world: World, urls: Mapping[str, str]) -> dict[str, str]:
    """Texts that must never be seen, in the forms in which they travel."""
    held = world.credentials(urls)
    pair = f"{held.jira_email}:{held.jira_token}".encode()
    key = json.loads(held.google_key)["private_key"].splitlines()
    return {
        "the Jira token": held.jira_token,
        "Jira's basic credentials": base64.b64encode(pair).decode(),
        "the Notion token": held.notion_token,
        "the private key": key[1],
        "a later line of the private key": key[5],
    }
