"""One synced workspace, and a copy of it for every test that wants its own.

Arrives: nothing. Leaves: a folder with an admin's file and a store after a first sync of ACME, and a way to
run the command line on it. The commands tested here send no request, so the sandbox need not run any more.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from okrsync.cli import run
from tests.docs.stage import stage

TODAY = "2026-02-09"


@dataclass
class Desk:
    """One workspace and what commands say on it."""

    config: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str, today: str | None = TODAY, code: int = 0) -> str:
        """What a command prints; its exit code must be the expected one."""
        day = ["--today", today] if today else []
        found = run([*words, *day, "--config", str(self.config)])
        printed = self.capsys.readouterr()
        assert found == code, printed.out + printed.err
        return printed.out if code == 0 or printed.out else printed.err

    def json(self, *words: str, today: str | None = TODAY, code: int = 0) -> Any:
        """What it prints for programs."""
        return json.loads(self.run(*words, "--json", today=today, code=code))

    def settings(self, text: str) -> None:
        """Add a section to the admin's file."""
        self.config.write_text(self.config.read_text("utf-8") + text, encoding="utf-8")


@pytest.fixture(scope="session")
def synced_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ACME after its first sync."""
    folder = tmp_path_factory.mktemp("synced")
    with stage(folder):
        return folder


@pytest.fixture
def desk(synced_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A workspace of the test's own."""
    folder = tmp_path / "acme"
    shutil.copytree(synced_folder, folder)
    return Desk(folder / "okrsync.yaml", capsys)
