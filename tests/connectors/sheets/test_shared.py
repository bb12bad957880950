"""Several tabs of one spreadsheet: one request shows them all, and nothing old is ever handed out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.connectors.base import Native
from okrsync.connectors.errors import NotFound
from okrsync.connectors.sheets.settings import Source
from okrsync.connectors.sheets.shared import REUSE_SECONDS
from tests.connectors.sheets.world import World

MORE = "Metrics"


@pytest.fixture
def sources(world: World) -> list[Source]:
    """The key results, with a results tab that is there, and a second tab of the file."""
    world.sheets.add_tab(world.file, MORE, [["Metric", "Value"], ["churn", 3]])
    world.sheets.add_tab(world.file, "_okrsync", [["key"]])
    return [world.source, Source(spreadsheet=world.file, tab=MORE, key="Metric")]


def look(world: World, source: Source) -> dict[str, Native]:
    """A look as a run has it: the columns, then the rows. The last column by key."""
    schema = world.connector.schema(source)
    name = schema.fields[1].id if source.tab == MORE else "target"
    rows = world.connector.pull(source, schema, [name]).records
    return {row.native_id: row.cells[name].value for row in rows}


def test_one_read_shows_every_tab_of_a_spreadsheet(world: World, sources: list[Source]) -> None:
    """Two tabs and the results tab in one `spreadsheets.get`."""
    world.connector.expect(sources)
    assert [len(look(world, source)) for source in sources] == [4, 1]
    assert world.sent() == {"read": 1, "write": 0}


def test_without_being_told_each_tab_is_read(world: World, sources: list[Source]) -> None:
    """Nobody knows then that the other one will be wanted."""
    assert [len(look(world, source)) for source in sources] == [4, 1]
    assert world.sent()["read"] == 2


def test_a_second_look_is_fresh(world: World, sources: list[Source]) -> None:
    """As at the drift guard: what was read along serves one look only."""
    world.connector.expect(sources)
    for source in sources:
        look(world, source)
    world.do("set_cell", key="KR-1", column="Target", value=99)
    assert look(world, sources[0])["KR-1"] == Decimal(99)


def test_what_was_read_along_grows_old(world: World, sources: list[Source]) -> None:
    """After a while the other tab is read again."""
    world.connector.expect(sources)
    look(world, sources[0])
    world.time.sleep(REUSE_SECONDS + 1)
    world.sandbox.act("sheets", "set_cell", {"tab": MORE, "row": 2, "column": "Value", "value": 4})
    assert look(world, sources[1]) == {"churn": Decimal(4)}


def test_a_write_ends_what_was_read_along(world: World, sources: list[Source]) -> None:
    """Whatever was seen before it is no look any more."""
    world.connector.expect(sources)
    schema = world.connector.schema(sources[0])
    records = world.connector.pull(sources[0], schema, ["target"]).records
    world.connector.fetch(sources[0], schema, [records[0].native_id], ["target"])
    world.sandbox.act("sheets", "set_cell", {"tab": MORE, "row": 2, "column": "Value", "value": 4})
    assert look(world, sources[1]) == {"churn": Decimal(4)}


def test_a_tab_that_is_gone_stops_only_itself(world: World, sources: list[Source]) -> None:
    """The others are read together all the same, and the missing one is named with the nearest."""
    gone = sources[1].model_copy(update={"tab": "Metrix"})
    world.connector.expect([*sources, gone])
    assert [len(look(world, source)) for source in sources] == [4, 1]
    with pytest.raises(NotFound, match="Metrics"):
        world.connector.schema(gone)
