"""Records that vanish, come back, or seem to (I4, I5, I6, I7)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from okrsync.connectors.base import Features, Native
from okrsync.connectors.memory.connector import Row
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.state import LinkState
from okrsync.sync_engine.store import Store
from tests.engine.world import World


def _states(world: World, tool: str) -> list[LinkState]:
    with world.open() as workspace:
        from okrsync.sync_engine.runner import view

        return [k.state for k in view(workspace).state.links.values() if k.collection == tool]


def test_one_complete_look_proves_nothing(seeded: World) -> None:
    """I6: after one sighting of absence the record is missing, not gone."""
    seeded.services["notes"].delete("krs", seeded.row("notes", "KR1"))
    seeded.sync()
    assert _states(seeded, "notes") == [LinkState.MISSING]


def test_gone_needs_two_looks_and_a_direct_one_and_keeps_the_proof(seeded: World) -> None:
    """I6, I24: only then a tombstone is written, with its evidence."""
    seeded.services["notes"].delete("krs", seeded.row("notes", "KR1"))
    seeded.sync()
    seeded.sync()
    assert _states(seeded, "notes") == [LinkState.GONE]
    with Store(seeded.url).begin() as connection:
        (stone,) = connection.execute(select(t.tombstone)).all()
    assert "direct look" in stone.evidence
    assert seeded.see("tracker", "KR1", "title") == "Win customers"


def test_an_incomplete_look_is_no_sighting(seeded: World) -> None:
    """I6: a short page makes nothing missing."""
    seeded.services["notes"].delete("krs", seeded.row("notes", "KR1"))
    seeded.services["notes"].tables["krs"].complete = False
    seeded.sync()
    seeded.sync()
    assert _states(seeded, "notes") == [LinkState.LINKED]


def test_a_stale_listing_that_lacks_a_row_does_not_bury_it(seeded: World) -> None:
    """I4: the direct look finds what two listings did not show."""
    notes = seeded.services["notes"]
    kept = notes.tables["krs"].rows.copy()
    notes.tables["krs"].rows.clear()
    notes.freeze_listing("krs")
    notes.tables["krs"].rows.update(kept)
    seeded.sync()
    seeded.sync()
    assert _states(seeded, "notes") == [LinkState.MISSING]
    notes.thaw_listing("krs")
    seeded.sync()
    assert _states(seeded, "notes") == [LinkState.LINKED]


def test_an_edit_elsewhere_survives_a_deletion(seeded: World) -> None:
    """I5: Ann deletes the row in the notes while Bob retargets in the tracker."""
    seeded.services["notes"].delete("krs", seeded.row("notes", "KR1"))
    seeded.edit("tracker", "KR1", "target", Decimal(20))
    seeded.sync()
    seeded.sync()
    assert seeded.see("numbers", "KR1", "target") == Decimal(20)


def test_a_row_that_comes_back_is_a_first_contact(seeded: World) -> None:
    """I4: a restored row with an old value asks; it does not silently turn time back."""
    notes = seeded.services["notes"]
    row = notes.tables["krs"].rows[seeded.row("notes", "KR1")]
    notes.delete("krs", row.id)
    seeded.sync()
    seeded.sync()
    seeded.edit("tracker", "KR1", "title", "New title")
    seeded.sync()
    notes.tables["krs"].rows[row.id] = row
    report = seeded.sync()
    assert report.open_conflicts == 1
    assert seeded.see("tracker", "KR1", "title") == "New title"


def test_many_missing_at_once_are_not_believed(world: World) -> None:
    """I7: half of the records vanish: a lost permission, not a decision."""
    for number in range(10):
        values: dict[str, Native] = {"title": f"KR {number}"}
        world.add(f"KR{number}", tracker=values, notes=values)
    world.sync()
    for number in range(5):
        world.services["notes"].delete("krs", world.row("notes", f"KR{number}"))
    report = world.sync()
    assert [trip.guard for trip in report.trips] == ["max_missing"]
    assert set(_states(world, "notes")) == {LinkState.LINKED}


def test_a_listing_that_lags_does_not_bring_the_dead_back(seeded: World) -> None:
    """I4: gone is gone until a direct look finds the record again."""
    seeded.features = {"notes": Features(listing_may_lag=True)}
    notes = seeded.services["notes"]
    notes.delete("krs", seeded.row("notes", "KR1"))
    seeded.sync()
    seeded.sync()
    assert _states(seeded, "notes") == [LinkState.GONE]
    _list_the_dead(seeded)
    seeded.sync()
    assert _states(seeded, "notes") == [LinkState.GONE]


def _list_the_dead(world: World) -> None:
    """A listing shows a row that no longer exists."""
    with world.open() as workspace:
        from okrsync.sync_engine.runner import view

        (gone,) = [k for k in view(workspace).state.links.values() if k.collection == "notes"]
    row = Row(gone.native_id, {"key": "KR1", "title": "Win customers", "target": Decimal(10)})
    world.services["notes"].tables["krs"].stale = {gone.native_id: row}
