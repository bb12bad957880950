"""Looks that continue where the last one ended, against an imitated Notion in virtual time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from okrsync.connectors.base import Pull
from okrsync.connectors.notion import since
from okrsync.okr.findings import Severity
from okrsync.sandbox.notion import Settings
from tests.connectors.notion.world import START, World, small_world

MINUTE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def portions() -> Iterator[World]:
    """A Notion that answers five rows at a time."""
    with small_world(Settings(page_limit=5)) as made:
        yield made


def look(world: World, cursor: str | None = None, *names: str) -> Pull:
    """A pull of these columns (or "Why") with the schema and a cursor."""
    return world.connector.pull(world.source, world.schema(), world.ids(names or ["Why"]), cursor)


def titles(pull: Pull) -> set[str]:
    return {record.title for record in pull.records}


def filled(world: World, count: int = 12) -> list[str]:
    """Rows "0", "1", ... and a clock that stands ten minutes after the last."""
    made = [world.add(Name=str(number)) for number in range(count)]
    world.clock.advance(minutes=10)
    return made


def edit(world: World, page: str, value: str = "new") -> None:
    world.person("edit", page=page, property="Why", value=value)


def watermark(pull: Pull) -> datetime:
    seen = since.read(pull.cursor)
    assert seen is not None
    return seen.watermark


def test_the_feature_is_declared(world: World) -> None:
    """The engine may keep cursors of this connector."""
    assert world.connector.features.incremental


def test_a_full_look_gives_a_cursor(world: World) -> None:
    """Its watermark is the highest edit time Notion showed, to the minute."""
    filled(world, 2)
    pull = look(world)
    assert pull.complete
    assert watermark(pull) == MINUTE


def test_an_empty_table_has_no_cursor(world: World) -> None:
    """Nothing was seen, so there is no time of Notion's to go on from."""
    assert look(world).cursor is None


def test_only_edited_rows_come_back(world: World) -> None:
    """The rest was edited before the watermark; a look that shows a part proves no absence."""
    pages = filled(world)
    edit(world, pages[3])
    first = look(world)
    world.clock.advance(minutes=10)
    edit(world, pages[7])
    pull = look(world, first.cursor)
    assert titles(pull) == {"3", "7"}  # 3 within the overlap
    assert not pull.complete


def test_nothing_changed_is_one_request(world: World) -> None:
    """However large the table is."""
    pages = filled(world, 150)
    edit(world, pages[0])
    schema, want = world.schema(), world.ids(["Why", "Start"])
    first = world.connector.pull(world.source, schema, want)
    before = sum(world.connector.requests().values())
    again = world.connector.pull(world.source, schema, want, first.cursor)
    assert sum(world.connector.requests().values()) - before == 1
    assert (titles(again), again.cursor) == ({"0"}, first.cursor)


def test_an_empty_answer_keeps_the_watermark(world: World) -> None:
    """The row that set it was trashed; the local clock stands in for nothing."""
    page = filled(world, 1)[0]
    first = look(world)
    world.clock.advance(minutes=30)
    world.person("trash", page=page)
    again = look(world, first.cursor)
    assert (again.records, again.cursor) == ((), first.cursor)


def test_a_quiet_table_is_read_again_for_an_hour_only(world: World) -> None:
    """However many rows the last edits touched, later looks find nothing to read."""
    filled(world, 3)
    first = look(world)
    world.clock.advance(minutes=30)
    second = look(world, first.cursor)
    world.clock.advance(hours=2)
    third = look(world, second.cursor)
    assert [len(pull.records) for pull in (second, third, look(world, third.cursor))] == [3, 3, 0]


def test_several_edits_in_one_minute_are_all_met(world: World) -> None:
    """They share one time stamp."""
    pages = filled(world)
    first = look(world)
    for number in (2, 5, 9):
        edit(world, pages[number])
        world.clock.advance(5)
    assert titles(look(world, first.cursor)) >= {"2", "5", "9"}


def test_an_edit_in_the_minute_of_the_look_is_met_by_the_next(world: World) -> None:
    """It leaves the time stamp as the look saw it."""
    pages = filled(world)
    edit(world, pages[2], "seen")
    first = look(world)
    world.clock.advance(3)
    edit(world, pages[2], "unseen")
    (record,) = (each for each in look(world, first.cursor).records if each.title == "2")
    assert record.cells[world.id("Why")].value == "unseen"


def test_an_edit_of_another_row_in_that_minute_is_met(world: World) -> None:
    """Later than everything seen, yet with the same time stamp."""
    pages = filled(world)
    edit(world, pages[2])
    first = look(world)
    world.clock.advance(3)
    edit(world, pages[4])
    assert "4" in titles(look(world, first.cursor))


def test_an_edit_that_notion_shows_late_is_met(world: World) -> None:
    """A query may lag behind: the edit before the watermark was not yet in the answer."""
    pages = filled(world)
    edit(world, pages[2])
    first = look(world)
    world.notion.state.pages[pages[4]].edited_at = watermark(first) - timedelta(seconds=90)
    assert "4" in titles(look(world, first.cursor))


def while_paging(world: World, behind: str, ahead: str) -> None:
    """Between the first answer and the second: a row already read is edited, and much later another."""

    def people() -> None:
        for page in (behind, ahead):
            world.clock.advance(minutes=8)
            world.notion.person("edit", {"page": page, "property": "Why", "value": "meanwhile"})

    world.fault("hook", path="*/query", skip=1, hook=people)


def test_an_edit_behind_a_full_look_is_met_by_the_next(portions: World) -> None:
    """A later edit ahead of the reader must not move the watermark past the one behind."""
    pages = filled(portions)
    while_paging(portions, pages[0], pages[11])
    first = look(portions)
    assert len(first.records) == 12
    assert watermark(first) <= MINUTE + timedelta(minutes=10)
    assert titles(look(portions, first.cursor)) >= {"0", "11"}


def test_an_edit_behind_an_incremental_look_is_met_by_the_next(portions: World) -> None:
    """The same, while the changed rows themselves take several answers."""
    pages = filled(portions)
    first = look(portions)
    portions.clock.advance(hours=1)
    for page in pages:
        edit(portions, page)
    portions.clock.advance(minutes=10)
    while_paging(portions, pages[11], pages[0])  # of one minute, and then newest first
    second = look(portions, first.cursor)
    assert len(second.records) == 12
    assert {"0", "11"} <= titles(look(portions, second.cursor))


def test_more_changes_than_one_query_lists() -> None:
    """The changed rows are read in windows of edit time, each once."""
    with small_world(Settings(row_ceiling=20)) as world:
        keeper = world.add(Name="old")
        world.clock.advance(minutes=10)
        first = look(world)
        for number in range(55):
            world.add(Name=f"KR {number}")
            world.clock.advance(20)
        world.clock.advance(minutes=5)
        pull = look(world, first.cursor)
        ids = [record.native_id for record in pull.records]
        assert len(ids) == len(set(ids)) == 56 and keeper in ids


@pytest.mark.parametrize("action", ["trash", "archive", "move"])
def test_rows_that_left_do_not_appear(world: World, action: str) -> None:
    """An incremental look tells nothing of them, only a full one does by their absence."""
    page = filled(world, 2)[0]
    first = look(world)
    other = world.notion.create_data_source(world.database, "Other")
    world.person(action, page=page, **({"data_source": other} if action == "move" else {}))
    assert titles(look(world, first.cursor)) == {"1"}


@pytest.mark.parametrize("column", ["Score", "Both ways"])
def test_columns_that_change_without_an_edit_are_read_in_full(world: World, column: str) -> None:
    """A formula's result, and a relation set from the other row, move no edit time."""
    mirrored = {"relation": world.rows, "mirror": "Seen from there"}
    world.notion.add_column(world.rows, "Both ways", mirrored)
    pages = filled(world, 3)
    first = look(world, None, column)
    world.clock.advance(hours=1)
    world.notion.person("recompute", {"page": pages[0], "property": "Score", "value": "new"})
    world.notion.person("edit", {"page": pages[1], "property": "Seen from there", "value": [pages[0]]})
    again = look(world, first.cursor, column)
    (record,) = (each for each in again.records if each.native_id == pages[0])
    assert record.cells[world.id(column)].value == ("new" if column == "Score" else (pages[1],))
    assert again.complete
    assert [(each.code, each.severity) for each in again.findings] == [("FULL_LOOK", Severity.INFO)]


def test_a_column_bound_since_is_read_in_full(world: World) -> None:
    """Its values lie in rows that nobody edited."""
    filled(world, 3)
    first = look(world, None, "Why")
    world.clock.advance(hours=1)
    pull = look(world, first.cursor, "Why", "Start")
    assert pull.complete and len(pull.records) == 3


def test_a_column_no_longer_bound_changes_nothing(world: World) -> None:
    """Fewer columns were all seen before."""
    filled(world, 3)
    first = look(world, None, "Why", "Start")
    assert not look(world, first.cursor, "Why").complete


@pytest.mark.parametrize("cursor", ["", "no JSON", "[]", "7", '{"form": 99}', '{"form": 1}'])
def test_a_text_that_is_no_cursor_starts_afresh(world: World, cursor: str) -> None:
    """Of another release, or damaged: reading everything is always right."""
    filled(world, 2)
    assert look(world, cursor).complete


def test_another_tables_cursor_starts_afresh(world: World) -> None:
    """The collection was pointed at another data source."""
    filled(world, 2)
    other = json.loads(str(look(world).cursor)) | {"data_source": world.database}
    assert look(world, json.dumps(other)).complete


def test_a_service_that_shows_no_time_is_read_safely() -> None:
    """The newest edit of the first answer bounds the watermark; nothing seen gives none."""
    late, early = MINUTE + timedelta(hours=1), MINUTE
    assert since.highest([early, late], early, None) == early
    assert since.highest([early, late], None, None) == late
    assert since.highest([], late, None) is None
    assert since.highest([early], late, late) == late


def test_the_local_clock_is_never_asked(world: World) -> None:
    """The imitation's time is years away from nothing but this machine's."""
    filled(world, 1)
    assert watermark(look(world)) == START.replace(second=0)
