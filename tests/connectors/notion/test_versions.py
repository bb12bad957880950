"""Answers of both versions of the API, databases with several tables, and wikis."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.connectors.errors import NotFound
from okrsync.connectors.notion import client
from okrsync.connectors.notion.rows import is_row
from okrsync.connectors.notion.settings import Source
from tests.connectors.notion.samples import PAGE, Json
from tests.connectors.notion.world import World, small_world

VERSIONS = ("2025-09-03", "2026-03-11")


@pytest.mark.parametrize("version", VERSIONS)
def test_both_versions_are_understood(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Schema, looks and writes; the older answers say `archived` beside `in_trash`."""
    monkeypatch.setattr(client, "VERSION", version)
    with small_world() as world:
        kept, trashed = world.add(Name="kept"), world.add(Name="trashed")
        world.person("trash", page=trashed)
        assert [record.title for record in world.pull("Why").records] == ["kept"]
        assert world.write(kept, Start=Decimal(4)).cells[world.id("Start")].value == Decimal(4)
        found = world.connector.fetch(world.source, world.schema(), [kept, trashed], world.ids(["Why"]))
        assert list(found) == [kept]


def test_the_version_is_sent_with_every_request(world: World) -> None:
    """Shapes belong to a version; 2026-03-11 is the one asked for."""
    assert client.VERSION == "2026-03-11"
    world.schema()  # the imitation refuses requests without the header


@pytest.mark.parametrize(
    ("flags", "live"),
    [
        ({"in_trash": False}, True),
        ({"in_trash": True}, False),
        ({"archived": False}, True),
        ({"archived": True}, False),
        ({"archived": False, "in_trash": True}, False),
        ({"in_trash": False, "is_archived": True}, False),
        ({"in_trash": False, "is_archived": False, "is_locked": True}, True),
        ({}, True),
    ],
)
def test_what_was_put_away_is_told_by_either_word(flags: Json, live: bool) -> None:
    """`archived` is the old word for the trash; `is_archived` is another state."""
    parent = {"type": "data_source_id", "data_source_id": PAGE}
    assert is_row({"object": "page", "properties": {}, "parent": parent, **flags}, PAGE) is live


def test_each_table_of_a_database_has_its_own_rows(world: World) -> None:
    """Named by data source, two tables of one database do not mix."""
    world.add(Name="here")
    other = world.notion.create_data_source(world.database, "Other")
    world.notion.add_page(other, {"Name": "there"})
    source = Source(data_source=other)
    pull = world.connector.pull(source, world.connector.schema(source), [])
    assert [record.title for record in pull.records] == ["there"]
    assert [record.title for record in world.pull().records] == ["here"]


def test_a_databases_id_is_no_data_sources(world: World) -> None:
    """The two are different things to Notion; the refusal says what to look at."""
    with pytest.raises(NotFound, match="It may not be shared"):
        world.connector.schema(Source(data_source=world.database))


def test_data_sources_between_a_wikis_pages_are_no_rows(world: World) -> None:
    """Wikis list tables among their pages; those hold no cells."""
    world.add(Name="page")
    other = world.notion.create_data_source(world.database, "Inside")
    world.notion.put_in_wiki(other, world.rows)
    first = world.pull("Why")
    assert [record.title for record in first.records] == ["page"]
    again = world.connector.pull(world.source, world.schema(), world.ids(["Why"]), first.cursor)
    assert [record.title for record in again.records] == ["page"]
