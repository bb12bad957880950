"""Records created where the service gives the keys: known by their marker, never by that key (I14, I18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from okrsync.connectors.base import Features, Record
from okrsync.connectors.memory.connector import MemoryConnector, Row
from okrsync.sync_engine.state import LinkState
from okrsync.sync_engine.workspace import Workspace
from tests.engine.creating import codes, losing, owed, prepare, state
from tests.engine.world import World, writes


class Numbering(MemoryConnector):
    """A service that calls its rows N-1, N-2, and so on, whatever people call them."""

    def _record(self, source: Any, row: Row, want: Sequence[str]) -> Record:
        return replace(super()._record(source, row, want), key=row.id.replace("notes", "N"))


class NumberedWorld(World):
    """The stage whose tool `notes` gives the keys."""

    def open(self) -> Workspace:
        workspace = super().open()
        features = Features(creates=True)
        workspace.put("notes", Numbering(self.services["notes"], features, self._fault_of("notes")))
        return workspace


@pytest.fixture
def numbered(tmp_path: Any) -> World:
    """One key result that `notes` lacks; its collection has no `key`."""
    world = NumberedWorld(f"sqlite:///{tmp_path / 'okrsync.db'}")
    prepare(world, "KR1")
    without = (replace(one, key=None if one.create else one.key) for one in world.settings.collections)
    world.settings = replace(world.settings, collections=tuple(without))
    return world


def titles(world: World) -> list[object]:
    """What stands in `notes`."""
    return [row.values.get("title") for row in world.services["notes"].tables["krs"].rows.values()]


def test_the_entity_keeps_its_own_key(numbered: World) -> None:
    """N-1 is what the service calls the record; KR1 it remains, run after run."""
    for _ in range(3):
        report = numbered.sync()
    assert titles(numbered) == ["Win KR1"] and writes(report) == 0
    assert [entity.key for entity in state(numbered).entities.values()] == ["KR1"]


def test_an_edit_in_it_is_carried(numbered: World) -> None:
    """The record is the entity's, by its marker."""
    numbered.sync()
    (row,) = numbered.services["notes"].tables["krs"].rows
    numbered.services["notes"].edit("krs", row, "title", "Ann's title")
    numbered.sync()
    assert numbered.see("tracker", "KR1", "title") == "Ann's title"


def test_a_lost_answer_is_found_in_the_listing(numbered: World) -> None:
    """By its marker, before anything is looked for."""
    losing(numbered, "after create")
    numbered.sync()
    assert numbered.sync().recovered == 1
    assert titles(numbered) == ["Win KR1"] and owed(numbered) == 0
    assert writes(numbered.sync()) == 0


def test_a_copy_with_the_marker_is_put_aside(numbered: World) -> None:
    """A person may copy an issue with all it holds: the copy is told and takes no part."""
    numbered.sync()
    rows = numbered.services["notes"].tables["krs"].rows
    numbered.services["notes"].add("krs", dict(next(iter(rows.values())).values))
    for _ in range(2):
        assert "DUPLICATE_CREATED" in codes(numbered.sync())
    states = [link.state for link in state(numbered).links.values() if link.collection == "notes"]
    assert sorted(states) == [LinkState.LINKED, LinkState.QUARANTINED]
    assert len(state(numbered).entities) == 1


def test_a_row_of_people_is_an_entity_of_its_own(numbered: World) -> None:
    """It has the key the service gave it, and no marker."""
    numbered.services["notes"].add("krs", {"title": "By hand"})
    numbered.sync()
    keys = {entity.key for entity in state(numbered).entities.values()}
    assert keys == {"KR1", "N-1"}


def test_a_marker_of_another_store_is_nobodys(numbered: World) -> None:
    """Two workspaces may look at one project."""
    numbered.services["notes"].add("krs", {"title": "Theirs", "_marker": "elsewhere"})
    numbered.sync()
    assert len(state(numbered).entities) == 2
