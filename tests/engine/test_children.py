"""Children of initiatives: only counted, and only below something of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from okrsync.connectors.base import Cell, Features, Pull, Record, Schema
from okrsync.connectors.memory.connector import MemoryConnector, MemoryService
from okrsync.okr.model import Kind
from okrsync.sync_engine.runner import sync, view
from okrsync.sync_engine.workspace import Workspace
from tests.engine.world import World


class _WithChildren(MemoryConnector):
    """A tracker whose looks also show children, some below nothing of ours."""

    def __init__(self, service: MemoryService, parents: Mapping[str, str | None]) -> None:
        super().__init__(service, Features(children=True))
        self.parents = parents

    def pull(self, source: Any, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        seen = super().pull(source, schema, want, cursor)
        cells = {"title": Cell("story", "p"), "status_category": Cell("done", "p")}
        children = tuple(
            Record(id_, "story", "p", cells, parent=parent) for id_, parent in self.parents.items()
        )
        return Pull(seen.records, children, complete=False)


def _look(world: World, parents: Mapping[str, str | None]) -> list[frozenset[str]]:
    """The parents of the work items the model holds after a run."""
    with world.open() as workspace:
        _use(workspace, _WithChildren(world.services["tracker"], parents))
        sync(workspace)
        seen = view(workspace)
    items = [entity for entity in seen.entities.values() if entity.kind is Kind.WORK_ITEM]
    return [found for entity in items if isinstance(found := entity.get("parent"), frozenset)]


def _use(workspace: Workspace, connector: MemoryConnector) -> None:
    workspace.put("tracker", connector)


def test_a_child_below_nothing_of_ours_is_not_taken_in(seeded: World) -> None:
    """A look for changes shows every changed issue; strangers stay strangers."""
    assert _look(seeded, {"c1": None, "c2": "unknown"}) == []


def test_a_child_that_leaves_is_subtracted_from_its_old_parent(seeded: World) -> None:
    """The same child, now below nothing of ours, no longer counts."""
    row = seeded.row("tracker", "KR1")
    assert len(_look(seeded, {"c1": row})) == 1
    assert _look(seeded, {"c1": None}) == []


def test_a_sub_task_belongs_to_its_child(seeded: World) -> None:
    """A child of a child is taken in below it, also when the child is new in the same look."""
    row = seeded.row("tracker", "KR1")
    found = _look(seeded, {"c1": row, "s1": "c1", "s2": "elsewhere"})
    assert len(found) == 2
    with seeded.open() as workspace:
        items = view(workspace).entities
    kinds = sorted(items[one].kind for parent in found for one in parent)
    assert Kind.WORK_ITEM in kinds and len(set(kinds)) == 2
