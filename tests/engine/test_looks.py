"""What is remembered beside agreed values: looks at goals to keep, and lines that were reached."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from okrsync.connectors.base import NativeField
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.looks import lines_reached
from okrsync.sync_engine.runner import undo, view
from tests.engine.world import NUMBER, TEXT, World, mapping, settings

HELD = ("measure", "starts", "due")


@pytest.fixture
def kept(tmp_path: Path) -> World:
    """An uptime to keep from 9 February on, 99.5 in the sheet, looked at once."""
    notes = mapping("notes", both=("title", "target"), read=HELD, write=("score",))
    numbers = mapping("numbers", both=(), read=("current",), write=("score",))
    world = World(f"sqlite:///{tmp_path / 'okrsync.db'}", settings(mappings=(notes, numbers)))
    columns = [
        NativeField(n, n, "number" if n in NUMBER else "text", writable=True) for n in (*TEXT, *NUMBER)
    ]
    held = [NativeField(name, name, "text", writable=True) for name in HELD]
    world.services["notes"].add_table("krs", [*columns, *held])
    said = {"title": "Uptime", "measure": "maintain", "starts": "2026-02-09", "due": "2026-03-31"}
    world.add("KR1", notes={**said, "target": Decimal(99)}, numbers={"current": Decimal("99.5")})
    world.sync()
    return world


def coverage(world: World) -> object:
    """Periods observed of those that passed, as computed now."""
    with world.open() as workspace:
        (derived,) = view(workspace).computed.derived.values()
        return derived["coverage"]


def looks(world: World) -> int:
    """How many days were noted."""
    with world.open() as workspace, workspace.store.begin() as connection:
        return int(connection.execute(select(func.count()).select_from(t.sighting)).scalar_one())


def test_a_week_in_which_nothing_moved_was_observed(kept: World) -> None:
    """S40: the same value every week is three weeks kept, not one."""
    for _ in range(2):
        kept.now += timedelta(days=7)
        kept.sync()
    assert coverage(kept) == "3/3"


def test_a_week_nobody_looked_was_not(kept: World) -> None:
    """No run, no observation: the coverage says so."""
    kept.now += timedelta(days=14)
    kept.sync()
    assert coverage(kept) == "2/3"


def test_a_day_is_noted_once_and_other_goals_are_not(kept: World) -> None:
    """Twenty runs a day leave one row; a level needs none."""
    kept.sync()
    kept.sync()
    assert looks(kept) == 1
    kept.edit("notes", "KR1", "measure", "level")
    kept.sync()
    kept.now += timedelta(days=1)
    kept.sync()
    assert looks(kept) == 1


def test_a_value_that_cannot_be_read_was_not_seen(kept: World) -> None:
    """I9: text where a number is expected is no observation of the week."""
    kept.now += timedelta(days=7)
    kept.edit("numbers", "KR1", "current", "down")
    kept.sync()
    assert looks(kept) == 0


def test_a_look_is_nothing_an_undo_has_to_put_back(kept: World) -> None:
    """The history of values is as if nobody had looked."""
    kept.now += timedelta(days=7)
    report = kept.sync()
    with kept.open() as workspace:
        assert undo(workspace, report.run, dry=True).plan.adoptions == ()


def test_the_first_day_on_the_line_is_remembered(seeded: World) -> None:
    """S102: reached at 0.7 and in full, with the score of that day; falling back takes nothing away."""
    for current in (6, 8, 12, 5):
        seeded.now += timedelta(days=1)
        seeded.edit("numbers", "KR1", "current", Decimal(current))
        seeded.sync()
    with seeded.open() as workspace:
        found = lines_reached(workspace, view(workspace).entities)
    assert [(each.on, each.line, each.score) for each in found] == [
        (date(2026, 2, 11), Decimal("0.7"), Decimal("0.8")),
        (date(2026, 2, 12), Decimal(1), Decimal(1)),
    ]
    assert found[0].message() == "KR1 · Win customers reached its line of 0.70 with 0.80 (since 2026-02-11)"


def test_a_past_day_knows_what_was_reached_by_then(seeded: World) -> None:
    """As of the day before, nothing was."""
    seeded.edit("numbers", "KR1", "current", Decimal(8))
    seeded.sync()
    with seeded.open() as workspace:
        entities = view(workspace).entities
        assert lines_reached(workspace, entities, date(2026, 2, 8)) == ()
        assert len(lines_reached(workspace, entities)) == 1
