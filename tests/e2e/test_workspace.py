"""The admin's file and the store when something is wrong with them: one clear message, no harm.

No request is sent before the file is right and the store is held.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage

WRONG = {
    "no such kind": ("    kind: jira", "    kind: jirra", ("kind", "jira")),
    "unknown setting": ("    email:", "    emial:", ("emial", "email")),
    "unknown field": ("      current: {from", "      curent: {from", ("curent", "current")),
    "unknown connection": ("    connection: sheets", "    connection: sheetz", ("sheetz", "sheets")),
    "wrong type": ("  max_changes: 1000", "  max_changes: many", ("max_changes",)),
    "missing secret": ("${file:secrets/jira_token}", "${NO_SUCH_VARIABLE}", ("NO_SUCH_VARIABLE",)),
    "missing secret file": ("secrets/jira_token", "secrets/nothing_here", ("nothing_here",)),
    "broken yaml": ("connections:", "connections: {", ()),
    "a pattern that is none": ("(?P<key>.+)", "(?P<key>.+", ("pattern",)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_in_the_file(stage: Stage, name: str) -> None:
    """Exit 78; file, line and column of the mistake, what is wrong, the nearest right name; no request."""
    old, new, words = WRONG[name]
    stage.edit_config(old, new)
    line = 1 + next(n for n, text in enumerate(stage.config.read_text().splitlines()) if new in text)
    ran = stage.run("sync")
    assert ran.code == Exit.CONFIGURATION
    assert all(word in ran.err for word in words), ran.err
    assert name == "broken yaml" or f"okrsync.yaml:{line}:" in ran.err, ran.err
    assert "okrsync.yaml:" in ran.err and "Traceback" not in ran.said
    assert stage.seen() == 0


def test_all_mistakes_are_told_at_once(stage: Stage) -> None:
    """Three mistakes, three messages, in one run."""
    for old, new in (
        ("    kind: jira", "    kind: jirra"),
        ("      owner: Owner", "      ownr: Owner"),
        ("1000", "many"),
    ):
        stage.edit_config(old, new)
    assert stage.run("check", "--offline").err.count("okrsync.yaml:") >= 3


def test_without_a_file(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells how to make one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OKRSYNC_CONFIG", raising=False)
    ran = stage.finish(stage.start("sync", "--config", str(tmp_path / "okrsync.yaml")))
    assert ran.code == Exit.CONFIGURATION and "okrsync.yaml" in ran.err
    assert "Traceback" not in ran.err


def test_no_file_anywhere(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither here nor above nor in the environment: how to make one is told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OKRSYNC_CONFIG", raising=False)
    ran = stage.bare("sync")
    assert ran.code == Exit.CONFIGURATION
    assert "okrsync.yaml" in ran.err and "OKRSYNC_CONFIG" in ran.err
    assert "`okrsync " in ran.err


def test_a_store_in_a_folder_that_is_not_there(stage: Stage) -> None:
    """The folder is named, and nothing was asked of any tool."""
    stage.edit_config("timezone: UTC", "timezone: UTC\nstore: sqlite:///not/there/okrsync.db")
    ran = stage.run("sync")
    assert ran.code == Exit.FAILED
    assert "not/there" in ran.err and "does not exist" in ran.err
    assert stage.seen() == 0


def test_a_store_that_is_no_database(stage: Stage) -> None:
    """The file is named and left as it is."""
    store = stage.folder / "okrsync.db"
    store.write_bytes(b"my holiday photos " * 100)
    before = store.read_bytes()
    ran = stage.run("sync")
    assert ran.code == Exit.FAILED and "okrsync.db" in ran.err and "Traceback" not in ran.said
    assert store.read_bytes() == before


def test_a_store_from_the_future(stage: Stage) -> None:
    """A newer okrsync wrote it: told so, nothing is touched, no request."""
    with sqlite3.connect(stage.folder / "okrsync.db") as store:
        store.execute("update alembic_version set version_num = '9999'")
    store.close()
    ran = stage.run("sync")
    assert ran.code == Exit.FAILED
    assert "newer okrsync" in ran.err and "9999" in ran.err
    assert stage.seen() == 0


def hold(stage: Stage, holder: str, minutes: int) -> None:
    """Somebody holds the workspace until so many minutes from now."""
    until = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds")
    with sqlite3.connect(stage.folder / "okrsync.db") as store:
        store.execute("update lease set holder = ?, expires_at = ?", (holder, until))
    store.close()


def test_another_run_holds_the_workspace(stage: Stage) -> None:
    """Exit 11 with who and until when; no request is sent and nothing is written."""
    hold(stage, "another-host pid 42", 4)
    ran = stage.run("sync")
    assert ran.code == Exit.LOCKED
    assert "another-host pid 42" in ran.err and "until" in ran.err
    assert stage.seen() == 0


def test_a_hold_that_ran_out_is_taken_over(stage: Stage) -> None:
    """A host that died does not block for ever, and the takeover is told."""
    hold(stage, "another-host pid 42", -1)
    ran = stage.run("sync")
    assert ran.code == Exit.DONE and "another-host pid 42" in ran.out


def test_reading_commands_work_while_another_run_holds_it(stage: Stage) -> None:
    """tree, explain, status and conflicts only read the store."""
    hold(stage, "another-host pid 42", 4)
    for command in (("tree",), ("explain", "ACME-CMO-O1"), ("status",), ("conflicts",), ("runs",)):
        assert stage.run(*command).code == Exit.DONE


def test_two_syncs_at_once(stage: Stage) -> None:
    """A real process at work: the other sync says who works, and the tools are right in the end."""
    stage.act("sheets", "set_cell", key="ACME-PPC-O1-KR1", column="Current", value=90)
    stage.fault("latency", service="jira", seconds=2)
    first = stage.start("sync")
    stage.wait_for(1)
    second = stage.run("sync")
    assert second.code == Exit.LOCKED
    assert f"pid {first.pid}" in second.err
    assert stage.finish(first).code == Exit.DONE
    assert stage.notion("ACME-PPC-O1-KR1")["Progress"] == 0.6


def test_a_lost_store_asks_again_instead_of_guessing(stage: Stage) -> None:
    """Without its memory okrsync stops at the plan; approved, it adopts what stands and changes no edit."""
    (stage.folder / "okrsync.db").unlink()
    assert stage.run("sync").code in (Exit.SAFETY_STOP, Exit.DONE)
    before = stage.truth()
    assert stage.run("sync", "--approve").code == Exit.DONE
    assert stage.truth() == before
