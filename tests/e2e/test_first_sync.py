"""The first days: a first sync only shows its plan, an approved one writes it, later ones are quiet."""

from __future__ import annotations

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage


def test_the_first_sync_only_shows_its_plan(fresh: Stage) -> None:
    """Exit 6, the plan on stdout, not one writing request, every tool as it was."""
    before = fresh.truth()
    ran = fresh.run("sync")
    assert ran.code == Exit.SAFETY_STOP
    assert "200 MQLs from AdWords by Feb 24" in ran.out and "first_run" in ran.out
    assert fresh.writes() == 0
    assert fresh.truth() == before


def test_a_plan_leaves_the_first_run_a_first_run(fresh: Stage) -> None:
    """Looking does not use up the guard: after a plan the next sync still stops."""
    assert fresh.run("plan").code == Exit.DONE
    assert fresh.run("sync").code == Exit.SAFETY_STOP
    assert fresh.writes() == 0


def test_an_approved_first_sync_writes_what_the_plan_said(fresh: Stage) -> None:
    """As many fields as were planned, in all three tools."""
    planned = fresh.json("plan")
    report = fresh.json("sync", "--approve")
    fields = sum(len(write["changes"]) for write in planned["writes"])
    assert report["written"] == fields > 300
    assert all(fresh.writes(tool) for tool in ("notion", "sheets", "jira"))


def test_syncs_without_edits_write_nothing(stage: Stage) -> None:
    """I12: 0 writes, the second time and the third, in few requests, and the tools as they were."""
    before = stage.truth()
    for _ in range(2):
        stage.forget()
        assert stage.run("sync").code == Exit.DONE
        assert stage.writes() == 0
        assert stage.seen() <= 15, stage.counts()
    assert stage.truth() == before


def test_the_cost_is_told_per_service(stage: Stage) -> None:
    """The requests a run prints are the requests the tools have seen."""
    told = stage.json("sync")["requests"]
    assert {tool: sum(counts.values()) for tool, counts in told.items()} == {
        tool: counts["requests"] for tool, counts in stage.counts().items()
    }


def test_a_process_of_its_own_does_the_same(fresh: Stage) -> None:
    """The command from outside: the same exit code, the result on stdout, nothing on stderr."""
    ran = fresh.finish(fresh.start("sync"))
    assert (ran.code, ran.err) == (Exit.SAFETY_STOP, "")
    assert "200 MQLs from AdWords by Feb 24" in ran.out


def test_plan_tells_a_script_whether_there_is_anything_to_do(stage: Stage) -> None:
    """--exit-code gives 0 when all agree and 10 after an edit."""
    assert stage.run("plan", "--exit-code").code == Exit.DONE
    stage.act("sheets", "set_cell", key="ACME-PPC-O1-KR1", column="Current", value=90)
    assert stage.run("plan", "--exit-code").code == Exit.CHANGES
    assert stage.writes() == 0
