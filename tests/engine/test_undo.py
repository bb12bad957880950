"""Putting back what a run changed, and what must stay (I1)."""

from __future__ import annotations

from decimal import Decimal

from okrsync.sync_engine.runner import Report, undo
from tests.engine.world import World, writes


def _undo(world: World, run: str, dry: bool = False) -> Report:
    with world.open() as workspace:
        return undo(workspace, run, dry)


def test_a_carried_edit_is_taken_back_elsewhere_and_becomes_a_question(seeded: World) -> None:
    """Ann's title stays where she typed it; the other tool gets its old one; people decide."""
    seeded.edit("tracker", "KR1", "title", "Ann's title")
    run = seeded.sync().run
    _undo(seeded, run)
    assert seeded.see("notes", "KR1", "title") == "Win customers"
    assert seeded.see("tracker", "KR1", "title") == "Ann's title"
    assert seeded.sync().open_conflicts == 1
    assert seeded.see("notes", "KR1", "title") == "Win customers"


def test_what_a_person_changed_since_is_left_and_listed(seeded: World) -> None:
    """Bob edited after the run: his value stays, and undo says so."""
    seeded.edit("tracker", "KR1", "title", "Ann's title")
    run = seeded.sync().run
    seeded.edit("notes", "KR1", "title", "Bob's title")
    report = _undo(seeded, run)
    assert seeded.see("notes", "KR1", "title") == "Bob's title"
    assert "NOT_UNDONE" in {finding.code for finding in report.findings}


def test_computed_values_are_put_back_until_the_next_sync(seeded: World) -> None:
    """A score is ours: undo restores the old one, the next sync computes again."""
    seeded.edit("numbers", "KR1", "current", Decimal(8))
    run = seeded.sync().run
    _undo(seeded, run)
    assert seeded.see("notes", "KR1", "score") == Decimal("0.4")
    seeded.sync()
    assert seeded.see("notes", "KR1", "score") == Decimal("0.8")


def test_a_preview_writes_nothing(seeded: World) -> None:
    """Undo is a plan first."""
    seeded.edit("tracker", "KR1", "title", "Ann's title")
    run = seeded.sync().run
    report = _undo(seeded, run, dry=True)
    assert len(report.plan.ops) == 1
    assert seeded.see("notes", "KR1", "title") == "Ann's title"


def test_an_undone_decision_reopens_the_conflict(seeded: World) -> None:
    """Both edits a decision had overwritten come back, and the question with them."""
    from okrsync.sync_engine import conflicts
    from okrsync.sync_engine.runner import view

    seeded.edit("tracker", "KR1", "title", "A")
    seeded.edit("notes", "KR1", "title", "B")
    seeded.sync()
    with seeded.open() as workspace:
        (conflict,) = view(workspace).state.conflicts.values()
        with workspace.store.begin() as connection:
            conflicts.resolve(connection, conflict.id, "C", "ann")
    decided = seeded.sync()
    assert writes(decided) == 2
    _undo(seeded, decided.run)
    assert (seeded.see("tracker", "KR1", "title"), seeded.see("notes", "KR1", "title")) == ("A", "B")
    assert seeded.sync().open_conflicts == 1
    assert (seeded.see("tracker", "KR1", "title"), seeded.see("notes", "KR1", "title")) == ("A", "B")
