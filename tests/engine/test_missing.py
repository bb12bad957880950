"""Records that vanish in numbers: doubted until a person applies the plan that names them (I6, I7, I24)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from okrsync.connectors.base import Features, Native
from okrsync.connectors.errors import Transient
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.planfile import PlanRefusedError, SavedPlan, load, save
from okrsync.sync_engine.runner import Report, apply_saved, view
from okrsync.sync_engine.state import LinkState
from okrsync.sync_engine.store import Store
from tests.engine.world import World, writes

LOST = 5


@pytest.fixture
def emptied(world: World) -> World:
    """Ten key results in two tools; half of them are gone from the notes."""
    for number in range(10):
        values: dict[str, Native] = {"title": f"KR {number}"}
        world.add(f"KR{number}", tracker=values, notes=values)
    world.sync()
    for number in range(LOST):
        world.services["notes"].delete("krs", world.row("notes", f"KR{number}"))
    return world


def _stopped(world: World, folder: Path) -> SavedPlan:
    """What `sync` leaves when it stops."""
    report = world.sync()
    assert [trip.guard for trip in report.trips] == ["max_missing"]
    save(report.plan, {}, folder / "plan.json")
    return load(folder / "plan.json")


def _apply(world: World, saved: SavedPlan) -> Report:
    with world.open() as workspace:
        return apply_saved(workspace, saved)


def _states(world: World) -> list[LinkState]:
    with world.open() as workspace:
        return sorted(k.state for k in view(workspace).state.links.values() if k.collection == "notes")


def _evidence(world: World) -> list[dict[str, str]]:
    with Store(world.url).begin() as connection:
        return [json.loads(text) for text in connection.execute(select(t.tombstone.c.evidence)).scalars()]


def test_the_plan_names_every_record_that_is_gone(emptied: World) -> None:
    """I23: what a person approves can be read before."""
    assert [gone.title for gone in emptied.sync().plan.gone] == [f"KR {number}" for number in range(LOST)]


def test_applying_the_saved_plan_lets_them_go(emptied: World, tmp_path: Path) -> None:
    """They are unlinked at once, and later runs neither stop nor write anything for it."""
    report = _apply(emptied, _stopped(emptied, tmp_path))
    assert report.trips == ()
    assert _states(emptied) == [LinkState.GONE] * LOST + [LinkState.LINKED] * LOST
    codes = [finding.code for finding in report.findings]
    assert (codes.count("GONE"), "MANY_MISSING" in codes) == (LOST, False)
    later = emptied.sync()
    assert (later.trips, writes(later)) == ((), 0)


def test_nothing_is_deleted_elsewhere(emptied: World, tmp_path: Path) -> None:
    """Their counterparts stay, and so do their values in the model."""
    _apply(emptied, _stopped(emptied, tmp_path))
    assert emptied.see("tracker", "KR0", "title") == "KR 0"
    emptied.sync()
    assert len(emptied.services["tracker"].tables["krs"].rows) == 10


def test_each_leaves_its_proof(emptied: World, tmp_path: Path) -> None:
    """I24: the run, the direct look and that a person approved it."""
    report = _apply(emptied, _stopped(emptied, tmp_path))
    assert _evidence(emptied)[0] == {
        "missing in run": report.run,
        "direct look": "not found",
        "approved": "by applying a saved plan",
        "title": "KR 0",
    }


def test_a_record_outside_the_scope_is_let_go_as_such(emptied: World, tmp_path: Path) -> None:
    """It still exists: the proof says so."""
    table = emptied.services["tracker"].tables["krs"]
    table.stale = dict(list(table.rows.items())[LOST:])
    emptied.services["notes"].tables["krs"].stale = None
    report = emptied.sync()
    save(report.plan, {}, tmp_path / "plan.json")
    assert {gone.collection for gone in report.plan.gone} == {"tracker", "notes"}
    _apply(emptied, load(tmp_path / "plan.json"))
    looks = [evidence["direct look"] for evidence in _evidence(emptied)]
    assert sorted(looks) == ["not found"] * LOST + ["outside the collection's scope"] * LOST


def test_approving_the_run_does_not_believe_them(emptied: World) -> None:
    """`sync --approve` lets the rest go on; what nobody has read is not concluded."""
    emptied.edit("tracker", "KR9", "title", "New")
    report = emptied.sync(approved=True)
    assert writes(report) == 1
    assert _states(emptied) == [LinkState.LINKED] * 10


def test_a_record_that_is_back_refuses_the_plan(emptied: World, tmp_path: Path) -> None:
    """I23: not what was approved; the difference names it."""
    saved = _stopped(emptied, tmp_path)
    emptied.add("KR0", notes={"title": "KR 0"})
    notes = emptied.services["notes"].tables["krs"]
    new = emptied.row("notes", "KR0")
    notes.rows["notes-1"] = notes.rows.pop(new)
    notes.rows["notes-1"].id = "notes-1"
    with pytest.raises(PlanRefusedError) as refused:
        _apply(emptied, saved)
    assert any(line.startswith("- let go notes") for line in refused.value.differences)
    assert _states(emptied) == [LinkState.LINKED] * 10


def test_a_look_for_changes_does_not_hide_them(emptied: World, tmp_path: Path) -> None:
    """A tool that tells what changed is read whole, since only that shows what is not there."""
    emptied.features = {"notes": Features(incremental=True)}
    saved = _stopped(emptied, tmp_path)
    _apply(emptied, saved)
    assert _states(emptied).count(LinkState.GONE) == LOST


def test_a_service_that_does_not_answer_keeps_them(emptied: World, tmp_path: Path) -> None:
    """I22: no direct look, no conclusion; the plan can be made again."""
    saved = _stopped(emptied, tmp_path)

    def mute(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "fetch"):
            raise Transient("busy", service="notes")

    emptied.fault = mute
    report = _apply(emptied, saved)
    assert "MANY_MISSING" in {finding.code for finding in report.findings}
    assert _states(emptied) == [LinkState.LINKED] * 10
