"""A sync that is killed: the next one ends where an undisturbed one would have ended (I18).

Real processes are killed with SIGKILL at moments counted in requests seen by the tools. What is compared is
the true state of all three tools, without times and authors.
"""

from __future__ import annotations

import signal
import sqlite3

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Scene, Stage, Truth
from tests.e2e.truth import changed


@pytest.fixture(scope="module")
def undisturbed(running: Stage, after: Scene) -> Truth:
    """What the tools hold after an approved first sync that nobody disturbed."""
    running.set(after)
    return running.truth()


def open_intents(stage: Stage) -> int:
    """Writes whose outcome is owed, in the store."""
    with sqlite3.connect(stage.folder / "okrsync.db") as store:
        sql = "select count(*) from intent where state in ('planned', 'sending', 'unknown')"
        return int(store.execute(sql).fetchone()[0])


def kill_at(stage: Stage, requests: int) -> int:
    """Start an approved sync, kill it when the tools have seen so many requests; gives its exit code."""
    stage.fault("latency", seconds=0.03, times=None)
    process = stage.start("sync", "--approve")
    stage.wait_for(requests)
    process.send_signal(signal.SIGKILL)
    code = stage.finish(process).code
    stage.forget()
    return code


@pytest.mark.parametrize("requests", [19, 62])
def test_a_killed_first_sync_is_completed_by_the_next(
    fresh: Stage, undisturbed: Truth, requests: int
) -> None:
    """Killed at several moments of writing: same end, told who was taken over, and then quiet."""
    assert kill_at(fresh, requests) == -signal.SIGKILL
    ran = fresh.run("sync", "--approve")
    assert ran.code == Exit.DONE and "Took over" in ran.out
    assert changed(undisturbed, fresh.truth()) == set()
    assert open_intents(fresh) == 0
    fresh.forget()
    assert fresh.run("sync").code == Exit.DONE and fresh.writes() == 0


def test_three_kills_in_a_row(fresh: Stage, undisturbed: Truth) -> None:
    """While reading, and twice while writing: nothing is forgotten, nothing done twice with effect."""
    for requests in (3, 30, 26):
        assert kill_at(fresh, requests) == -signal.SIGKILL
    assert fresh.run("sync", "--approve").code == Exit.DONE
    assert changed(undisturbed, fresh.truth()) == set()
    assert open_intents(fresh) == 0


def test_a_person_may_edit_between_a_kill_and_the_next_sync(fresh: Stage) -> None:
    """Their title stays, whatever the killed sync had begun."""
    kill_at(fresh, 40)
    fresh.act("notion", "edit", page=fresh.page("ACME-PPC-O1-KR1"), property="Name", value="Mine")
    assert fresh.run("sync", "--approve").code == Exit.DONE
    assert fresh.notion("ACME-PPC-O1-KR1")["Name"] == "Mine" == fresh.cell("ACME-PPC-O1-KR1", "Title")


@pytest.mark.slow  # depends on where the signal meets the process; a busy machine may let the run end first
@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGTERM, Exit.TERMINATED), (signal.SIGINT, Exit.INTERRUPTED)]
)
def test_a_sync_that_is_told_to_stop(fresh: Stage, how: signal.Signals, code: Exit) -> None:
    """It ends with its own exit code, says so without a traceback, and lets the workspace go."""
    fresh.fault("latency", seconds=0.03, times=None)
    process = fresh.start("sync", "--approve")
    fresh.wait_for(30)
    process.send_signal(how)
    ran = fresh.finish(process)
    assert ran.code == code, ran.said
    assert "Traceback" not in ran.err and "next run" in ran.err
    with sqlite3.connect(fresh.folder / "okrsync.db") as store:
        assert store.execute("select holder from lease").fetchone() == ("",)
