"""The past, recomputed from what was seen: late values stand on their own date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from okrsync.okr.values import Value
from okrsync.sync_engine.runner import view
from tests.engine.world import World


def _score(world: World, day: date) -> Value:
    with world.open() as workspace:
        seen = view(workspace, day)
    scores = [values["score"] for entity, values in seen.computed.derived.items() if entity in seen.entities]
    return scores[0] if scores else None


def test_a_past_day_is_recomputed_from_its_own_values(seeded: World) -> None:
    """Yesterday's score does not change because of today's cell."""
    seeded.now = datetime(2026, 2, 11, 12, tzinfo=UTC)
    seeded.edit("numbers", "KR1", "current", Decimal(9))
    seeded.sync()
    assert _score(seeded, date(2026, 2, 10)) == Decimal("0.4")
    assert _score(seeded, date(2026, 2, 11)) == Decimal("0.9")


def test_before_anything_was_seen_there_is_nothing(seeded: World) -> None:
    """No value is invented for days before the first look."""
    assert _score(seeded, date(2026, 2, 1)) is None


def test_a_value_that_arrives_late_lands_on_its_own_date(seeded: World) -> None:
    """The tool says the row was edited on the 10th; the sync on the 12th puts it there."""
    row = seeded.services["numbers"].tables["krs"].rows[seeded.row("numbers", "KR1")]
    row.values["current"], row.edited_at = Decimal(7), datetime(2026, 2, 10, 9, tzinfo=UTC)
    seeded.now = datetime(2026, 2, 12, 12, tzinfo=UTC)
    seeded.sync()
    assert _score(seeded, date(2026, 2, 9)) == Decimal("0.4")
    assert _score(seeded, date(2026, 2, 10)) == Decimal("0.7")


def test_conflicts_of_a_past_day_are_the_ones_that_were_open_then(seeded: World) -> None:
    """A conflict that ended later was open on the day; one that came later was not."""
    seeded.edit("tracker", "KR1", "title", "A")
    seeded.edit("notes", "KR1", "title", "B")
    seeded.sync()
    seeded.now = datetime(2026, 2, 12, 12, tzinfo=UTC)
    seeded.edit("notes", "KR1", "title", "A")
    seeded.sync()
    with seeded.open() as workspace:
        assert len(view(workspace, date(2026, 2, 10)).state.conflicts) == 1
        assert len(view(workspace, date(2026, 2, 8)).state.conflicts) == 0
        assert len(view(workspace, date(2026, 2, 12)).state.conflicts) == 0
