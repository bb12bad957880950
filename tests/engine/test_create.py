"""Records that okrsync creates: which, with what, and when it had better not (I4, I7, I14, I25)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.connectors.errors import Rejected
from okrsync.sync_engine import journal
from okrsync.sync_engine.planfile import load, save
from okrsync.sync_engine.runner import apply_saved, plan, undo
from okrsync.sync_engine.state import LinkState
from tests.engine.creating import codes, created, owed, prepare, state
from tests.engine.world import World, settings, writes


@pytest.fixture
def one(world: World) -> World:
    """One key result that `notes` lacks."""
    return prepare(world, "KR1")


def test_what_only_others_hold_is_created_once(one: World) -> None:
    """With its key, what people set and what okrsync computed; what is only read is left out."""
    report = one.sync()
    assert [op.action for op in report.plan.ops if op.collection == "notes"] == ["create"]
    assert created(one) == ["KR1"]
    assert (one.see("notes", "KR1", "title"), one.see("notes", "KR1", "target")) == ("Win KR1", Decimal(10))
    assert one.see("notes", "KR1", "score") is not None
    assert one.see("notes", "KR1", "start") is None


def test_the_runs_after_are_quiet(one: World) -> None:
    """I12: nothing is created or written again."""
    one.sync()
    for _ in range(2):
        assert writes(one.sync()) == 0
    assert created(one) == ["KR1"] and owed(one) == 0


def test_a_created_record_takes_part_at_once(one: World) -> None:
    """A person's edit in it is carried to the others."""
    one.sync()
    one.edit("notes", "KR1", "title", "Ann's title")
    one.sync()
    assert one.see("tracker", "KR1", "title") == "Ann's title"


def test_nothing_is_created_where_nobody_asked(one: World) -> None:
    """The switch is per collection: `tracker` and `numbers` stay as they are."""
    one.add("KR2", notes={"title": "Only noted"})
    one.sync()
    keys = [row.values["key"] for row in one.services["tracker"].tables["krs"].rows.values()]
    assert keys == ["KR1"]


def test_without_a_key_nothing_is_created(world: World) -> None:
    """It could not be found again."""
    prepare(world)
    world.services["tracker"].add("krs", {"title": "No key"})
    assert created(world) == [] and writes(world.sync()) >= 0
    assert created(world) == []


def test_the_plan_shows_every_cell_and_writes_nothing(one: World) -> None:
    """I23: before is nothing, with reasons for the record and for each value."""
    with one.open() as workspace:
        (op,) = (op for op in plan(workspace).plan.ops if op.creates)
    assert created(one) == []
    told = {change.field: (change.before, change.after) for change in op.changes}
    assert told["title"] == (None, "Win KR1") and "KR1" in op.reason
    assert all(change.reason for change in op.changes)


def test_a_saved_plan_creates_what_it_says(one: World, tmp_path: Path) -> None:
    """The plan made again is the same, though nothing of it was stored."""
    with one.open() as workspace:
        save(plan(workspace).plan, {}, tmp_path / "plan.json")
    with one.open() as workspace:
        apply_saved(workspace, load(tmp_path / "plan.json"))
    assert created(one) == ["KR1"]


def test_an_incomplete_listing_creates_nothing(one: World) -> None:
    """I25: what was not seen may be there; the plan says that it waits."""
    one.services["notes"].tables["krs"].complete = False
    assert "CREATE_WAITS" in codes(one.sync())
    one.services["notes"].tables["krs"].complete = True
    assert created(one) == []
    one.sync()
    assert created(one) == ["KR1"]


def test_a_changed_source_creates_nothing_at_first(one: World) -> None:
    """I25: the records of the new source are linked first."""
    prepare(one)
    one.settings = settings()
    one.sync()
    prepare(one)
    notes = one.services["notes"]
    notes.add_table("others", notes.tables["krs"].fields)
    source = one.settings.collections[1].source.model_copy(update={"table": "others"})
    moved = tuple(
        replace(each, source=source) if each.name == "notes" else each for each in one.settings.collections
    )
    one.settings = settings(mappings=moved)
    assert "CREATE_WAITS" in codes(one.sync())
    assert len(notes.tables["others"].rows) == 0


def test_a_key_that_cannot_be_read_might_be_anybodys(one: World) -> None:
    """Nothing is created beside it."""
    one.services["notes"].add("krs", {"key": True, "title": "What is this"})
    assert "CREATE_WAITS" in codes(one.sync())


def test_a_key_that_stands_there_twice_gets_no_third(one: World) -> None:
    """Neither of two people's rows is linked; a third would not help."""
    for _ in range(2):
        one.services["notes"].add("krs", {"key": "KR1"})
    assert "KEY_SHARED" in codes(one.sync())
    assert created(one) == ["KR1", "KR1"]


def test_what_a_person_deleted_is_not_created_again(one: World) -> None:
    """I4: neither while it is only missing nor when it is accepted as gone."""
    one.add("KR2", notes={"title": "Stays"}, tracker={})
    one.sync()
    one.services["notes"].delete("krs", one.row("notes", "KR1"))
    for _ in range(4):
        one.sync()
    assert created(one) == ["KR2"]
    assert LinkState.GONE in {link.state for link in state(one).links.values()}


def test_what_came_back_under_another_key_is_not_replaced(one: World) -> None:
    """I4: the deleted row is somebody else's now; the tombstone still speaks for the first."""
    one.add("KR2", notes={"title": "Stays"}, tracker={})
    one.sync()
    table = one.services["notes"].tables["krs"]
    row = table.rows.pop(one.row("notes", "KR1"))
    for _ in range(3):
        one.sync()
    row.values.update(key="KR9", _marker=None)
    table.rows[row.id] = row
    for _ in range(2):
        one.sync()
    assert sorted(created(one)) == ["KR2", "KR9"]


def test_what_is_gone_elsewhere_is_not_brought_here(one: World) -> None:
    """Only a record that is there now is a reason to make another."""
    with one.open() as workspace:
        plan(workspace)
    for tool in ("tracker", "numbers"):
        one.services[tool].delete("krs", one.row(tool, "KR1"))
    for _ in range(3):
        one.sync()
    assert created(one) == []


def test_many_creations_need_approval(world: World) -> None:
    """I7: one more than the policy allows stops the run, also where only few fields change."""
    prepare(world, *(f"KR{n:02}" for n in range(21)))
    report = world.sync()
    assert [trip.guard for trip in report.trips] == ["max_creates"]
    assert created(world) == []
    world.sync(approved=True)
    assert len(created(world)) == 21


def test_a_first_run_creates_nothing_unasked(one: World) -> None:
    """The plan is shown first."""
    one.settings = replace(
        one.settings, policies=one.settings.policies.model_copy(update={"first_run": "plan_only"})
    )
    assert "first_run" in {trip.guard for trip in one.sync().trips}
    assert created(one) == []


def test_a_refused_creation_is_told_and_tried_again(one: World) -> None:
    """The place stays reserved: the next attempt uses it."""

    def refuse(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "before create"):
            raise Rejected("no room", service="memory")

    one.fault = refuse
    report = one.sync()
    assert report.applied is not None and [skipped.why for skipped in report.applied.failed] == [
        "memory: no room"
    ]
    one.fault = lambda _tool, _point: None
    one.sync()
    assert created(one) == ["KR1"]
    assert len([k for k in state(one).links.values() if k.collection == "notes"]) == 1


def test_undo_deletes_nothing(one: World) -> None:
    """The record stays with its values, and undo says so."""
    run = one.sync().run
    before = dict(one.services["notes"].tables["krs"].rows[one.row("notes", "KR1")].values)
    with one.open() as workspace:
        report = undo(workspace, run, dry=False)
    assert [f.message for f in report.findings if f.code == "NOT_UNDONE"] == [
        "the run created this record; okrsync deletes nothing"
    ]
    assert one.services["notes"].tables["krs"].rows[one.row("notes", "KR1")].values == before


def test_the_audit_tells_of_a_creation(one: World) -> None:
    """I24: key, native id, reason and answer."""
    run = one.sync().run
    with one.open() as workspace, workspace.store.begin() as connection:
        (made,) = (each for each in journal.audit_trail(connection, run, None) if each.field == "")
    assert made.answer == "ok" and "KR1" in made.cause and one.row("notes", "KR1") in str(made.after)
