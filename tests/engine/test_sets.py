"""Lists that merge by element, from people's cells and back: what is blank there stays blank.

Two tools name a key result's objectives by their keys; the notes hold the objectives themselves.
"""

from __future__ import annotations

import pytest

from okrsync.connectors.base import NativeField
from okrsync.connectors.memory.settings import Source
from okrsync.mappings.binding import Binding, Place
from okrsync.mappings.collection import CollectionMapping
from okrsync.mappings.rules import OnConflict, Rule
from okrsync.okr.model import FIELDS, Kind
from tests.engine.world import TOOLS, World, mapping, settings, writes

HERE = Place("okrsync.yaml", 1, 1)


def _goals() -> CollectionMapping:
    spec = FIELDS[Kind.OBJECTIVE]["title"]
    title = Binding("goals", "title", spec, "title", reads=True, writes=True, place=HERE)
    return CollectionMapping("goals", "notes", Source(table="goals"), Kind.OBJECTIVE, "key", (title,), HERE)


@pytest.fixture
def listed(world: World) -> World:
    """One key result that both tools file under O1 and O2, agreed."""
    both = ("title", "objective")
    tools = (mapping("tracker", both, (), ()), mapping("notes", both, (), ()))
    rules = {(Kind.KEY_RESULT, "objective"): Rule(OnConflict.SET)}
    world.settings = settings(rules, (_goals(), *tools))
    for tool in TOOLS:
        table = world.services[tool].tables["krs"]
        fields = (*table.fields, NativeField("objective", "objective", "text", writable=True))
        world.services[tool].add_table("krs", fields)
    columns = [NativeField(name, name, "text", writable=True) for name in ("key", "title")]
    world.services["notes"].add_table("goals", columns)
    for key in ("O1", "O2", "O3"):
        world.services["notes"].add("goals", {"key": key, "title": f"Goal {key}"})
    row = {"title": "Win customers", "objective": "O1, O2"}
    world.add("KR1", tracker=row, notes=row)
    world.sync()
    return world


def test_a_list_cleared_on_one_side_and_grown_on_the_other_merges(listed: World) -> None:
    """A clear removes what was there; what somebody else added meanwhile stays. Nobody is asked."""
    listed.edit("tracker", "KR1", "objective", None)
    listed.edit("notes", "KR1", "objective", "O1, O2, O3")
    report = listed.sync()
    assert report.open_conflicts == 0
    assert [listed.see(tool, "KR1", "objective") for tool in ("tracker", "notes")] == ["O3", "O3"]
    assert writes(listed.sync()) == 0


def test_a_list_of_which_both_sides_removed_a_part_becomes_blank(listed: World) -> None:
    """Nothing left is written as a blank cell, and agreed upon as one."""
    listed.edit("tracker", "KR1", "objective", "O1")
    listed.edit("notes", "KR1", "objective", "O2")
    listed.sync()
    assert [listed.see(tool, "KR1", "objective") for tool in ("tracker", "notes")] == [None, None]
    assert writes(listed.sync()) == 0
