"""A connector that can read several collections with one request is told which ones a run will look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from okrsync.connectors.base import Features, Schema
from okrsync.connectors.memory.connector import MemoryConnector
from okrsync.connectors.memory.settings import Source
from okrsync.sync_engine.refresh import Asked, look_at_all
from tests.engine.world import World, collections, settings


class Telling(MemoryConnector):
    """Notes down what it is told and asked, in order."""

    def __init__(self, world: World) -> None:
        super().__init__(world.services["notes"], Features(reads_together=True))
        self.heard: list[object] = []

    def expect(self, sources: Sequence[Any]) -> None:
        """See the port."""
        self.heard.append([source.table for source in sources])

    def schema(self, source: Any) -> Schema:
        """See the port."""
        self.heard.append(source.table)
        return super().schema(source)


def test_it_is_told_before_the_first_look() -> None:
    """Every collection of that connection and of no other, once."""
    tracker, notes, numbers = collections()
    more = replace(notes, name="more", source=Source(table="more"))
    world = World("sqlite://", settings(mappings=(tracker, notes, more, numbers)))
    world.services["notes"].add_table("more", world.services["notes"].tables["krs"].fields)
    with world.open() as workspace:
        connector = Telling(world)
        workspace.put("notes", connector)
        look_at_all(workspace, Asked())
    assert connector.heard == [["krs", "more"], "krs", "more"]
