"""From the admin's file to the CSV and back: a whole workspace on one folder, by the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from okrsync.cli import run
from okrsync.commands.exits import Exit

ADMINS_FILE = """
version: 1
workspace: acme
connections:
  files: {kind: folder, path: plans}
collections:
  key_results:
    connection: files
    source: {file: krs.csv, numbers: [Start, Target, Current, Progress]}
    entity: key_result
    key: KR
    fields:
      title: {from: Title, sync: both}
      start: Start
      target: Target
      current: Current
      cycle: Cycle
      progress: {to: Progress}
      explanation: {to: Why}
"""
HEAD = "KR;Title;Owner's note;Start;Target;Current;Cycle;Progress;Why\r\n"
ROWS = 'K-1;Sell more;"keep; this";0;100;40;2026-Q1;;\r\nK-2;Answer fast;;10;5;10;2026-Q1;;\r\n'
Command = Callable[..., Any]


@pytest.fixture
def krs(tmp_path: Path) -> Path:
    """The admin's file, and beside it the folder with the CSV file."""
    (tmp_path / "okrsync.yaml").write_text(ADMINS_FILE)
    (tmp_path / "plans").mkdir()
    file = tmp_path / "plans" / "krs.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + ROWS).encode())
    return file


@pytest.fixture
def okrsync(krs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """A command run in another folder; what it prints for programs, and its exit code checked."""
    monkeypatch.chdir("/")
    config = str(krs.parents[1] / "okrsync.yaml")

    def command(*words: str, code: int = Exit.DONE) -> Any:
        found = run([*words, "--json", "--config", config, "--today", "2026-02-15"])
        printed = capsys.readouterr()
        assert found == code, printed.out + printed.err
        return json.loads(printed.out)

    return command


def test_progress_is_written_back_and_then_all_is_quiet(krs: Path, okrsync: Command) -> None:
    """A plan writes nothing; a sync writes the two computed columns only; the next one writes nothing."""
    before = krs.read_bytes()
    assert len(okrsync("plan")["writes"]) == 2 and krs.read_bytes() == before
    assert okrsync("sync", "--approve")["written"] == 4
    head, first, second = krs.read_bytes().decode("utf-8-sig").splitlines()
    assert head + "\r\n" == HEAD
    assert first.startswith('K-1;Sell more;"keep; this";0;100;40;2026-Q1;0.4;')
    assert second.startswith("K-2;Answer fast;;10;5;10;2026-Q1;0;")
    written = krs.read_bytes()
    assert okrsync("sync")["written"] == 0 and krs.read_bytes() == written


def test_a_persons_edit_survives_and_moves_the_number(krs: Path, okrsync: Command) -> None:
    """Of a title, of a value and of a cell okrsync does not know; a scribble over a result is put right."""
    okrsync("sync", "--approve")
    edited = krs.read_bytes().replace(b"Sell more", b"Sell much more").replace(b";100;40;", b";100;60;")
    krs.write_bytes(edited.replace(b"keep; this", b"new; note").replace(b"2026-Q1;0;", b"2026-Q1;99;"))
    okrsync("sync")
    _, first, second = krs.read_bytes().decode("utf-8-sig").splitlines()
    assert first.startswith('K-1;Sell much more;"new; note";0;100;60;2026-Q1;0.6;')
    assert second.startswith("K-2;Answer fast;;10;5;10;2026-Q1;0;")
    assert okrsync("sync")["written"] == 0


def test_a_file_that_is_open_is_written_by_a_later_run(krs: Path, okrsync: Command) -> None:
    """Nothing is lost or written twice; the run says that it was too early."""
    lock = krs.with_name(".~lock.krs.csv#")
    lock.touch()
    before = krs.read_bytes()
    assert okrsync("sync", "--approve", code=Exit.PARTIAL)["written"] == 0 and krs.read_bytes() == before
    lock.unlink()
    assert okrsync("sync", "--approve")["written"] == 4
    assert okrsync("sync")["written"] == 0


def test_a_broken_file_takes_nothing_away(krs: Path, okrsync: Command) -> None:
    """Half a file, or none: the collection fails, and with the file back all is as it was."""
    okrsync("sync", "--approve")
    good = krs.read_bytes()
    krs.write_bytes(good[: len(HEAD) + 30])
    okrsync("sync", code=Exit.FAILED)
    krs.unlink()
    okrsync("sync", code=Exit.CREDENTIALS)
    krs.write_bytes(good)
    assert okrsync("sync")["written"] == 0 and krs.read_bytes() == good
