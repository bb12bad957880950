"""A field that disappears and comes back: what it held elsewhere is never blanked by it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.connectors.base import NativeField
from tests.engine.world import World, writes


@pytest.fixture
def gone(tmp_path: Path) -> World:
    """All agreed; then somebody deletes the tracker's column, and a run sees it missing."""
    world = World(f"sqlite:///{tmp_path / 'okrsync.db'}")
    world.seed()
    table = world.services["tracker"].tables["krs"]
    table.fields = tuple(each for each in table.fields if each.name != "target")
    report = world.sync()
    assert [finding.code for finding in report.findings] == ["FIELD_MISSING"]
    return world


def bring_back(world: World, id_: str, value: Decimal | None) -> None:
    """The column is there again, with this in its one row."""
    table = world.services["tracker"].tables["krs"]
    table.fields = (*table.fields, NativeField(id_, "target", "number", writable=True))
    world.services["tracker"].edit("krs", world.row("tracker", "KR1"), id_, value)


def test_nothing_is_blanked_while_it_is_gone(gone: World) -> None:
    """The other tools keep the value and go on agreeing on it."""
    assert gone.see("notes", "KR1", "target") == Decimal(10)
    gone.edit("notes", "KR1", "target", Decimal(20))
    gone.sync()
    assert gone.see("numbers", "KR1", "target") == Decimal(20)


@pytest.mark.parametrize("id_", ["target", "another"], ids=["same id", "new id"])
def test_a_field_made_anew_is_filled(gone: World, id_: str) -> None:
    """Its blanks are nobody's edits: the others keep their value, and it gets it too."""
    bring_back(gone, id_, None)
    gone.sync()
    assert gone.see("tracker", "KR1", id_) == Decimal(10)
    assert gone.see("notes", "KR1", "target") == gone.see("numbers", "KR1", "target") == Decimal(10)


def test_a_field_that_comes_back_as_it_was_agrees_quietly(gone: World) -> None:
    """Nothing is written and nobody is asked."""
    bring_back(gone, "target", Decimal(10))
    report = gone.sync()
    assert writes(report) == 0 and report.open_conflicts == 0


def test_a_field_that_comes_back_with_another_value_is_asked_about(gone: World) -> None:
    """Nobody can tell which one is newer."""
    bring_back(gone, "target", Decimal(12))
    assert gone.sync().open_conflicts == 1
    assert gone.see("notes", "KR1", "target") == Decimal(10)
