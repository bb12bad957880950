"""A plan a person approved is applied as it is, or not at all (I23)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.sync_engine.planfile import PlanRefusedError, SavedPlan, load, save
from okrsync.sync_engine.runner import Report, apply_saved, plan
from tests.engine.world import World, writes


@pytest.fixture
def file(seeded: World, tmp_path: Path) -> Path:
    """A saved plan that takes Ann's title to the notes."""
    seeded.edit("tracker", "KR1", "title", "Ann's title")
    with seeded.open() as workspace:
        save(plan(workspace).plan, {}, tmp_path / "plan.json")
    return tmp_path / "plan.json"


def _apply(world: World, saved: SavedPlan) -> Report:
    with world.open() as workspace:
        return apply_saved(workspace, saved)


def test_a_saved_plan_is_applied(seeded: World, file: Path) -> None:
    """Nothing moved: what was approved is done."""
    assert writes(_apply(seeded, load(file))) == 1
    assert seeded.see("notes", "KR1", "title") == "Ann's title"


def test_a_plan_is_refused_when_a_tool_moved(seeded: World, file: Path) -> None:
    """One more edit, and nothing at all is written; the difference is named."""
    seeded.edit("tracker", "KR1", "target", Decimal(20))
    with pytest.raises(PlanRefusedError) as refused:
        _apply(seeded, load(file))
    assert any(line.startswith("+ adopt") for line in refused.value.differences)
    assert seeded.see("notes", "KR1", "title") == "Win customers"


def test_a_plan_is_refused_when_a_value_moved(seeded: World, file: Path) -> None:
    """As many effects, of another value: not what was approved."""
    seeded.edit("tracker", "KR1", "title", "Ann's second thought")
    with pytest.raises(PlanRefusedError, match="the tools moved on"):
        _apply(seeded, load(file))
    assert seeded.see("notes", "KR1", "title") == "Win customers"


def test_a_plan_is_refused_when_the_store_moved(seeded: World, file: Path) -> None:
    """Applied once, it is used up."""
    saved = load(file)
    _apply(seeded, saved)
    seeded.edit("notes", "KR1", "title", "Win customers")
    with pytest.raises(PlanRefusedError, match="the store moved on"):
        _apply(seeded, saved)


def test_a_plan_of_the_same_effects_but_an_older_store_is_refused(seeded: World, file: Path) -> None:
    """The serial counts even where the lines agree."""
    saved = load(file)
    with pytest.raises(PlanRefusedError, match="the store moved on"):
        _apply(seeded, SavedPlan(saved.lineage, saved.serial - 1, saved.effects))


def test_a_plan_of_another_store_is_refused(seeded: World, file: Path) -> None:
    """A restored or copied store is another one."""
    saved = load(file)
    with pytest.raises(PlanRefusedError, match="another store"):
        _apply(seeded, SavedPlan("another", saved.serial, saved.effects))


def test_a_plan_changed_by_hand_is_refused(file: Path) -> None:
    """What is applied is what okrsync wrote down."""
    file.write_text(file.read_text().replace("Ann's title", "My title"))
    with pytest.raises(PlanRefusedError, match="was changed"):
        load(file)
