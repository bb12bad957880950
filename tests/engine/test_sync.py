"""What people in three tools see after syncs: the engine's promises as short scripts."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest

from okrsync.connectors.base import Option
from okrsync.connectors.errors import Transient
from okrsync.mappings.rules import OnConflict, Rule
from okrsync.okr.model import Kind
from okrsync.okr.values import Unreadable
from okrsync.sync_engine.merge import OKRSYNC
from okrsync.sync_engine.planning import OFTEN
from tests.engine.world import World, settings, writes


def test_a_second_run_writes_nothing(seeded: World) -> None:
    """I12: without edits there is nothing to do."""
    report = seeded.sync()
    assert writes(report) == 0
    assert report.plan.adoptions == ()


def test_an_edit_reaches_the_other_tools(seeded: World) -> None:
    """I1: Ann renames in the tracker; the notes show it after one run."""
    seeded.edit("tracker", "KR1", "title", "Win more customers")
    seeded.sync()
    assert seeded.see("notes", "KR1", "title") == "Win more customers"
    assert writes(seeded.sync()) == 0


def test_edits_of_different_fields_both_survive(seeded: World) -> None:
    """I2: Ann renames in one tool while Bob retargets in another."""
    seeded.edit("tracker", "KR1", "title", "Win more customers")
    seeded.edit("notes", "KR1", "target", Decimal(12))
    seeded.sync()
    assert (seeded.see("notes", "KR1", "title"), seeded.see("tracker", "KR1", "target")) == (
        "Win more customers",
        Decimal(12),
    )


def test_two_edits_of_one_field_become_a_conflict(seeded: World) -> None:
    """I1: neither is overwritten, both are kept, other fields go on."""
    seeded.edit("tracker", "KR1", "target", Decimal(12))
    seeded.edit("numbers", "KR1", "target", Decimal(15))
    seeded.edit("notes", "KR1", "title", "New title")
    report = seeded.sync()
    assert report.open_conflicts == 1
    assert [seeded.see(tool, "KR1", "target") for tool in ("tracker", "notes", "numbers")] == [12, 10, 15]
    assert seeded.see("tracker", "KR1", "title") == "New title"
    assert seeded.sync().open_conflicts == 1


def test_a_conflict_ends_when_people_agree(seeded: World) -> None:
    """A conflict is dropped by itself once the sides show the same."""
    seeded.edit("tracker", "KR1", "target", Decimal(12))
    seeded.edit("numbers", "KR1", "target", Decimal(15))
    seeded.sync()
    seeded.edit("tracker", "KR1", "target", Decimal(15))
    report = seeded.sync()
    assert report.open_conflicts == 0
    assert seeded.see("notes", "KR1", "target") == Decimal(15)


def test_unequal_values_at_first_contact_are_asked_about(world: World) -> None:
    """No winner is picked when two tools disagree from the start."""
    world.add("KR1", tracker={"title": "A"}, notes={"title": "B"})
    report = world.sync()
    assert report.open_conflicts == 1
    assert (world.see("tracker", "KR1", "title"), world.see("notes", "KR1", "title")) == ("A", "B")


def test_a_blank_is_filled_at_first_contact(world: World) -> None:
    """A tool that has nothing takes the value of the one that has."""
    world.add("KR1", tracker={"title": "A"}, notes={"title": None})
    world.sync()
    assert world.see("notes", "KR1", "title") == "A"


def test_clearing_a_field_is_an_edit(seeded: World) -> None:
    """A person may take a value away; blank then goes round, and is not 0."""
    seeded.edit("tracker", "KR1", "target", None)
    seeded.sync()
    assert seeded.see("notes", "KR1", "target") is None
    assert seeded.see("numbers", "KR1", "score") is None


def test_unreadable_is_neither_blank_nor_zero(seeded: World) -> None:
    """I9: a broken cell changes nothing anywhere and is not overwritten."""
    before = seeded.see("notes", "KR1", "score")
    broken = Unreadable("#REF!")
    seeded.edit("numbers", "KR1", "current", broken)
    seeded.edit("numbers", "KR1", "target", broken)
    seeded.sync()
    assert seeded.see("numbers", "KR1", "target") == broken
    assert seeded.see("notes", "KR1", "target") == Decimal(10)
    assert seeded.see("notes", "KR1", "score") == before == Decimal("0.4")


def test_a_failed_tool_does_not_stop_the_others(seeded: World) -> None:
    """I22: the tracker is down; notes and numbers still meet, nothing is taken for deleted."""

    def down(tool: str, _point: str) -> None:
        if tool == "tracker":
            raise Transient("down", service="tracker")

    seeded.fault = down
    seeded.edit("notes", "KR1", "target", Decimal(20))
    report = seeded.sync()
    assert report.failed == ("tracker",)
    assert seeded.see("numbers", "KR1", "target") == Decimal(20)
    seeded.fault = lambda _tool, _point: None
    seeded.sync()
    assert seeded.see("tracker", "KR1", "target") == Decimal(20)


def test_a_late_write_and_a_newer_edit_are_both_kept(seeded: World) -> None:
    """I1: B was agreed but could not be written; a person there wrote C meanwhile: people decide."""

    def down(tool: str, point: str) -> None:
        if tool == "tracker" and point == "before write":
            raise Transient("down", service="tracker")

    seeded.fault = down
    seeded.edit("notes", "KR1", "title", "B")
    seeded.sync()
    seeded.fault = lambda _tool, _point: None
    seeded.edit("tracker", "KR1", "title", "C")
    report = seeded.sync()
    (conflict,) = report.view.state.conflicts.values()
    assert sorted(str(value) for value in conflict.sides.values()) == ["B", "C"]
    assert OKRSYNC in conflict.sides


def test_a_refused_field_does_not_hold_up_the_others_of_its_record(seeded: World) -> None:
    """I22: the tool takes the title and not the target; that is told, and tried again until it takes it."""
    fields = seeded.services["tracker"].tables["krs"].fields

    def lock_target(tool: str, point: str) -> None:
        if (tool, point) == ("tracker", "before write"):
            locked = tuple(replace(each, writable=each.id != "target") for each in fields)
            seeded.services["tracker"].tables["krs"].fields = locked

    seeded.fault = lock_target
    seeded.edit("notes", "KR1", "title", "B")
    seeded.edit("notes", "KR1", "target", Decimal(20))
    report = seeded.sync()
    assert seeded.see("tracker", "KR1", "title") == "B"
    assert seeded.see("tracker", "KR1", "target") == Decimal(10)
    assert report.applied is not None
    (failed,) = report.applied.failed
    assert [change.slot for change in failed.changes] == ["target"] and "target" in failed.why
    seeded.fault = lambda _tool, _point: None
    seeded.services["tracker"].tables["krs"].fields = fields
    assert writes(seeded.sync()) == 1
    assert seeded.see("tracker", "KR1", "target") == Decimal(20)
    assert seeded.see("notes", "KR1", "target") == Decimal(20)


def test_a_person_faster_than_the_plan_wins(seeded: World) -> None:
    """I3: an edit made between look and write is not overwritten."""

    def edit_just_before(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "fetch"):
            seeded.edit("notes", "KR1", "title", "Bob was faster")

    seeded.edit("tracker", "KR1", "title", "Ann's title")
    seeded.fault = edit_just_before
    report = seeded.sync()
    assert report.applied is not None and len(report.applied.superseded) == 1
    assert seeded.see("notes", "KR1", "title") == "Bob was faster"
    seeded.fault = lambda _tool, _point: None
    assert seeded.sync().open_conflicts == 1


def test_computed_fields_are_put_back(seeded: World) -> None:
    """A scribble in a computed field is drift, and is reverted once."""
    seeded.edit("tracker", "KR1", "score", Decimal("0.99"))
    assert writes(seeded.sync()) == 1
    assert seeded.see("tracker", "KR1", "score") == Decimal("0.4")


def test_the_owner_of_a_field_decides(world: World) -> None:
    """I8: where the tracker owns the title, an edit elsewhere is reverted."""
    world.settings = settings({(Kind.KEY_RESULT, "title"): Rule(owner="tracker")})
    world.seed()
    world.edit("notes", "KR1", "title", "Not mine to change")
    world.sync()
    assert world.see("notes", "KR1", "title") == "Win customers"
    assert world.see("tracker", "KR1", "title") == "Win customers"
    assert writes(world.sync()) == 0


def test_the_preferred_side_wins_and_the_other_edit_is_kept_in_the_plan(world: World) -> None:
    """A declared preference settles a clash without a person."""
    world.settings = settings({(Kind.KEY_RESULT, "title"): Rule(OnConflict.PREFER, prefer="notes")})
    world.seed()
    world.edit("notes", "KR1", "title", "N")
    world.edit("tracker", "KR1", "title", "T")
    report = world.sync()
    assert world.see("tracker", "KR1", "title") == "N"
    assert list(report.plan.adoptions[0].superseded.values()) == ["T"]
    assert writes(world.sync()) == 0


def test_a_tool_that_rounds_stays_quiet(world: World) -> None:
    """I12, I19: the base is what the tool shows, so its rounding is not an edit."""
    world.services["tracker"].normalise = lambda _name, value: (
        round(value, 1) if isinstance(value, Decimal) else value
    )
    world.seed()
    world.edit("notes", "KR1", "target", Decimal("12.34"))
    world.sync()
    assert world.see("tracker", "KR1", "target") == Decimal("12.3")
    assert writes(world.sync()) == 0
    assert world.see("notes", "KR1", "target") == Decimal("12.34")


@pytest.mark.parametrize("tool", ["tracker", "notes"])
def test_a_row_that_vanished_deletes_nothing(seeded: World, tool: str) -> None:
    """I6: absence is noted, not acted on."""
    seeded.services[tool].delete("krs", seeded.row(tool, "KR1"))
    seeded.sync()
    other = "notes" if tool == "tracker" else "tracker"
    assert seeded.see(other, "KR1", "title") == "Win customers"
    assert seeded.see("numbers", "KR1", "current") == Decimal(4)


def test_a_fight_over_a_field_is_parked(seeded: World) -> None:
    """I13: an automation changes a computed field back after every run; we stop after some rounds."""
    written = 1  # by the first sync
    for _ in range(8):
        seeded.edit("tracker", "KR1", "score", Decimal("0.99"))
        report = seeded.sync()
        written += writes(report)
    assert written == OFTEN
    assert "OSCILLATES" in {finding.code for finding in report.findings}


def test_an_agreed_clear_is_not_lost_to_an_edit_that_never_saw_it(seeded: World) -> None:
    """I1: Ann clears the title while the tracker is down; Bob, unaware, types another: people decide."""
    seeded.fault = _tracker_refuses
    seeded.edit("notes", "KR1", "title", None)
    seeded.sync()
    seeded.fault = lambda _tool, _point: None
    seeded.edit("tracker", "KR1", "title", "C")
    assert seeded.sync().open_conflicts == 1


def test_a_conflict_with_a_late_write_ends_when_the_tools_agree(seeded: World) -> None:
    """Once somebody who saw the standing value types the other one, there is nothing left to ask."""
    seeded.fault = _tracker_refuses
    seeded.edit("notes", "KR1", "title", "B")
    seeded.sync()
    seeded.fault = lambda _tool, _point: None
    seeded.edit("tracker", "KR1", "title", "C")
    assert seeded.sync().open_conflicts == 1
    seeded.edit("notes", "KR1", "title", "C")
    assert seeded.sync().open_conflicts == 0


def _tracker_refuses(tool: str, point: str) -> None:
    if (tool, point) == ("tracker", "before write"):
        raise Transient("down", service="tracker")


def test_an_edit_that_lost_stays_lost_where_the_winner_cannot_be_shown(world: World) -> None:
    """I1: the notes cannot show the preferred title; their own old edit is not taken for a new one."""
    world.settings = settings({(Kind.KEY_RESULT, "title"): Rule(OnConflict.PREFER, prefer="tracker")})
    table = world.services["notes"].tables["krs"]
    options = (Option("O", "O"), Option("Z", "Z"))
    table.fields = tuple(
        replace(f, type="choice", options=options) if f.id == "title" else f for f in table.fields
    )
    world.add("KR1", tracker={"title": "O"}, notes={"title": "O"})
    world.sync()
    world.edit("tracker", "KR1", "title", "only here")
    world.edit("notes", "KR1", "title", "Z")
    world.sync()
    world.sync()
    assert world.see("tracker", "KR1", "title") == "only here"


def test_nothing_is_blanked_at_first_contact(world: World) -> None:
    """The owner has no title yet; what Bob wrote elsewhere stays."""
    world.settings = settings({(Kind.KEY_RESULT, "title"): Rule(owner="tracker")})
    world.add("KR1", tracker={"title": None}, notes={"title": "Written by Bob"})
    world.sync()
    assert world.see("notes", "KR1", "title") == "Written by Bob"


def test_what_cannot_be_read_is_said(seeded: World) -> None:
    """A broken cell does not freeze a number unnoticed."""
    seeded.edit("numbers", "KR1", "current", Unreadable("#REF!"))
    report = seeded.sync()
    assert [f.place for f in report.findings if f.code == "UNREADABLE"] == [
        "numbers › krs › numbers-1 › current"
    ]


def test_a_plan_lists_entities_as_people_would_look_them_up(world: World) -> None:
    """I16: by title and key, whatever ids they happen to have."""
    world.numbers = itertools.count(900_000, -1)
    for key, title in (("KR1", "Churn"), ("KR3", "Answer"), ("KR2", "Answer")):
        world.add(key, tracker={"title": title, "target": Decimal(10)}, notes={"target": Decimal(20)})
    report = world.sync()
    keys = {entity.id: entity.key for entity in report.view.state.entities.values()}
    expected = [("Answer", "KR2"), ("Answer", "KR3"), ("Churn", "KR1")]
    titles = [a for a in report.plan.adoptions if a.field == "title"]
    assert [(a.title, keys[a.entity]) for a in titles] == expected
    assert [(d.title, keys[d.entity]) for d in report.plan.disputes] == expected
