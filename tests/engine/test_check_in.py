"""A check-in by command: written to the tools that hold the value, all of it or nothing; undo undoes it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.okr.values import Value
from okrsync.sync_engine.runner import Report, View, check_in, undo, view
from tests.engine.world import World, mapping, settings, writes


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The usual three tools, where okrsync may write the current value; one key result, agreed."""
    tools = (
        mapping("tracker", both=("title", "target", "owner"), read=(), write=("score",)),
        mapping("notes", both=("title", "target", "note"), read=("start",), write=("score",)),
        mapping("numbers", both=("target", "current"), read=(), write=("score",)),
    )
    made = World(f"sqlite:///{tmp_path / 'okrsync.db'}", settings(mappings=tools))
    made.seed()
    return made


def say(world: World, dry: bool = False, **values: Value) -> Report:
    """Lena says something of KR1."""
    with world.open() as workspace:
        (kr,) = view(workspace).entities
        return check_in(workspace, {(kr, name): value for name, value in values.items()}, "lena", dry)


def now(world: World) -> View:
    """The model as it is."""
    with world.open() as workspace:
        return view(workspace)


def codes(report: Report) -> list[str]:
    """The codes of what was found."""
    return [found.code for found in report.plan.findings]


def test_a_value_is_written_where_it_lives_and_agreed(world: World) -> None:
    """The cell shows it, the score follows with the next sync, and nobody takes it for an edit."""
    report = say(world, current=Decimal(7))
    assert (writes(report), world.see("numbers", "KR1", "current")) == (1, Decimal(7))
    synced = world.sync()
    assert synced.plan.adoptions == () and world.see("notes", "KR1", "score") == Decimal("0.7")


def test_a_field_of_several_tools_is_written_to_each(world: World) -> None:
    """A new target stands everywhere at once."""
    assert writes(say(world, target=Decimal(20))) == 3
    assert {world.see(tool, "KR1", "target") for tool in ("tracker", "notes", "numbers")} == {Decimal(20)}
    assert writes(world.sync()) == 3  # only the score, which moved with it


def test_a_preview_writes_nothing(world: World) -> None:
    """The plan is the same, the tools and the model are untouched."""
    report = say(world, dry=True, current=Decimal(7))
    assert report.plan.changes == 1 and report.applied is None
    assert world.see("numbers", "KR1", "current") == Decimal(4)


def test_what_stands_already_is_not_written_again(world: World) -> None:
    """Saying what the cell shows is agreement."""
    assert writes(say(world, current=Decimal(4))) == 0


def test_a_field_without_a_writable_place_is_refused_whole(tmp_path: Path) -> None:
    """Nothing of the check-in is written, also not what could be."""
    world = World(f"sqlite:///{tmp_path / 'okrsync.db'}")
    world.seed()
    report = say(world, current=Decimal(7), note="late")
    assert codes(report) == ["NOT_WRITABLE"]
    assert "collections.numbers.fields.current" in report.plan.findings[0].advice
    assert (report.plan.changes, world.see("notes", "KR1", "note")) == (0, None)


def test_an_edit_nobody_merged_is_never_written_over(world: World) -> None:
    """I1: a person typed 6 a moment ago; the next sync takes it, then one can check in."""
    world.edit("numbers", "KR1", "current", Decimal(6))
    assert codes(say(world, current=Decimal(7))) == ["EDITED_MEANWHILE"]
    assert world.see("numbers", "KR1", "current") == Decimal(6)
    world.sync()
    assert writes(say(world, current=Decimal(7))) == 1


def test_the_same_words_as_a_fresh_edit_agree_with_it(world: World) -> None:
    """Whoever typed it first, both say the same."""
    world.edit("numbers", "KR1", "current", Decimal(7))
    assert codes(say(world, current=Decimal(7))) == []
    assert world.sync().plan.adoptions == ()


def test_a_field_in_conflict_waits_for_its_decision(world: World) -> None:
    """A check-in is no way around the people who disagree."""
    world.edit("tracker", "KR1", "target", Decimal(11))
    world.edit("notes", "KR1", "target", Decimal(12))
    world.sync()
    assert codes(say(world, target=Decimal(13))) == ["IN_CONFLICT"]


def test_undo_puts_a_check_in_back(world: World) -> None:
    """The cell and the model; the sync after it has nothing to write."""
    report = say(world, current=Decimal(7))
    with world.open() as workspace:
        undo(workspace, report.run, dry=False)
    assert world.see("numbers", "KR1", "current") == Decimal(4)
    synced = world.sync()
    assert (synced.plan.adoptions, writes(synced), synced.open_conflicts) == ((), 0, 0)


def test_the_past_knows_who_said_it(world: World) -> None:
    """S21: the ledger of a target names who changed it."""
    say(world, target=Decimal(20))
    seen = now(world)
    (kr,) = seen.entities
    assert [point.by for point in seen.series[kr, "target"]] == ["", "lena"]
    assert any("by lena" in note for note in seen.computed.explanations[kr].notes)


def test_a_stated_value_is_shown_with_the_cell_that_holds_it(world: World) -> None:
    """Not with whatever record comes first."""
    say(world, current=Decimal(7))
    seen = now(world)
    (entity,) = seen.entities.values()
    assert entity.sources["current"].tool == "numbers"


def test_the_note_said_with_a_new_target_is_its_reason(world: World) -> None:
    """S21: who changed it and why is kept, and explained."""
    say(world, target=Decimal(20), note="the market grew")
    seen = now(world)
    (explanation,) = seen.computed.explanations.values()
    told = f"target changed on {world.now.date()} from 10 to 20, by lena, the market grew"
    assert told in explanation.notes
