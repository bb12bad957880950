"""Known traps of Notion that no other test walks into: each was somebody's bug."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import quote

import pytest

from okrsync.connectors.base import Patch
from okrsync.connectors.errors import Rejected
from okrsync.connectors.notion import decode, encode
from okrsync.connectors.notion.settings import Source
from okrsync.okr.values import Unreadable
from okrsync.sandbox.notion import Settings
from tests.connectors.notion.world import World, small_world


def test_odd_column_ids_are_encoded_once(world: World) -> None:
    """As a query parameter and inside a path; Notion refuses what was encoded twice."""
    names = [f"Links {number}" for number in range(8)]
    ids = {name: world.notion.add_column(world.rows, name, {"relation": world.rows}) for name in names}
    assert any(quote(each, safe="") != each for each in ids.values())
    related = [world.add(Name=f"KR {number}") for number in range(26)]
    page = world.add(Name="Big", **dict.fromkeys(names, related))
    record = world.fetch(page, *names)
    assert [record.cells[each].value for each in ids.values()] == [tuple(related)] * len(names)


def test_a_percentage_is_a_part_of_one(world: World) -> None:
    """25 % is 0.25 in Notion; 25 would show 2500 %."""
    page = world.add(Name="A")
    world.write(page, Progress=Decimal("0.25"))
    assert world.notion.state.pages[page].values[world.id("Progress")] == 0.25
    types = {field.name: field.type for field in world.schema().fields}
    assert (types["Progress"], types["Start"]) == ("percent", "number")


def test_an_unknown_status_is_refused_before_it_is_sent(world: World) -> None:
    """Names differ by language and team; nothing is guessed."""
    page = world.add(Name="A")
    error = world.write(page, Stage="Complete").error
    assert isinstance(error, Rejected) and "it offers" in error.fields[world.id("Stage")]
    assert world.writes() == 0


def test_a_status_is_never_cleared(world: World) -> None:
    """Clearing would set the default option, which then looks like somebody's edit."""
    page = world.add(Name="A", Stage="Done")
    error = world.write(page, Stage=None).error
    assert isinstance(error, Rejected) and "never empty" in error.fields[world.id("Stage")]
    assert world.fetch(page, "Stage").cells[world.id("Stage")].value == "Done"


def test_a_status_is_written_by_its_id(world: World) -> None:
    """A team that renamed its options meanwhile still gets the one that was meant."""
    page = world.add(Name="A")
    schema, record = world.schema(), world.fetch(page, "Stage")
    column = next(
        each for each in world.notion.state.data_sources[world.rows].columns if each.name == "Stage"
    )
    next(option for option in column.config["options"] if option["name"] == "Done")["name"] = "Fertig"
    (written,) = world.connector.write(world.source, schema, [Patch(record, {column.id: "Done"})])
    assert written.cells[column.id].value == "Fertig"


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30))])
def test_a_time_comes_back_as_it_was_written(world: World, zone: timezone) -> None:
    """Notion drops seconds and shows offsets of its own; the same instant must not look edited."""
    page = world.add(Name="A")
    moment = datetime(2026, 11, 2, 17, 57, 33, 181_000, tzinfo=UTC).astimezone(zone)
    written = world.write(page, Due=moment)
    shown = datetime(2026, 11, 2, 17, 57, tzinfo=UTC)
    assert written.cells[world.id("Due")].value == shown
    assert world.write(page, Due=shown).cells[world.id("Due")].value == shown


def test_moments_are_read_in_every_spelling() -> None:
    """Pages say `.000Z`; databases show milliseconds and an offset."""
    spelled = ["2026-06-26T13:45:00.000Z", "2026-06-26T13:45:12.345+00:00", "2026-06-26T15:45:59.9+02:00"]
    assert {decode.moment(text) for text in spelled} == {datetime(2026, 6, 26, 13, 45, tzinfo=UTC)}


@pytest.mark.parametrize("text", ["x" * 2001, "😀" * 2500, "é" * 1899 + "😀😀"])
def test_long_texts_fit_their_elements(world: World, text: str) -> None:
    """At most 2000 characters an element, where an emoji may count as two."""
    page = world.add(Name="A")
    assert world.write(page, Why=text).cells[world.id("Why")].value == text
    elements = world.notion.state.pages[page].values[world.id("Why")]
    assert all(len(each["text"]["content"].encode("utf-16-le")) <= 2 * encode.CHUNK for each in elements)


def test_more_than_a_hundred_links_are_refused_with_advice(world: World) -> None:
    """Notion takes a hundred a request, and a request replaces all: nothing is sent."""
    related = tuple(world.add(Name=f"KR {number}") for number in range(101))
    page = world.add(Name="Big")
    error = world.write(page, Part_of=related).error
    assert isinstance(error, Rejected) and "the other side" in str(error)
    assert world.writes() == 0


def test_more_than_a_hundred_links_are_read(world: World) -> None:
    """What people linked by hand is read whole, in as many answers as it takes."""
    related = [world.add(Name=f"KR {number}") for number in range(130)]
    page = world.add(Name="Big", Part_of=related)
    assert world.fetch(page, "Part of").cells[world.id("Part of")].value == tuple(related)


def test_rows_last_edited_by_the_bot_are_not_skipped(world: World) -> None:
    """A person's edit and our write in one minute: the row says only who came last."""
    page = world.add(Name="A")
    world.clock.advance(minutes=10)
    schema, want = world.schema(), world.ids(["Why", "Start"])
    first = world.connector.pull(world.source, schema, want)
    world.person("edit", page=page, property="Why", value="a person's words")
    world.write(page, Start=Decimal(1))
    pull = world.connector.pull(world.source, schema, want, first.cursor)
    assert pull.records[0].edited_by == world.connector.account().id
    assert pull.records[0].cells[world.id("Why")].value == "a person's words"


def test_a_record_keeps_its_id_when_its_address_changes(world: World) -> None:
    """The address follows the title; numbers follow the table. Neither is a key."""
    page = world.add(Name="Old title")
    before = world.fetch(page, "Name")
    world.person("edit", page=page, property="Name", value="New title")
    after = world.fetch(page, "Name")
    assert before.url != after.url
    assert before.native_id == after.native_id == page


def test_nobody_is_found_by_a_hidden_address() -> None:
    """Without the e-mail capability people show their names and are written by them alone."""
    allowed = ["read_content", "update_content", "read_users"]
    with small_world(Settings(capabilities=allowed)) as world:
        page = world.add(Name="A", Owner=["ada@example.com"])
        assert world.fetch(page, "Owner").cells[world.id("Owner")].value == ("Ada",)
        error = world.write(page, Owner=("ada@example.com",)).error
        assert isinstance(error, Rejected) and "nobody" in str(error)
        assert world.write(page, Owner=("Ada",)).error is None


def test_groups_of_people_are_kept(world: World) -> None:
    """A people column may hold a group; adding a colleague must not drop it."""
    world.notion.add_group("Sales")
    page = world.add(Name="A", Owner=["Sales"])
    both = ("Sales", "ada@example.com")
    assert world.write(page, Owner=both).cells[world.id("Owner")].value == both


def test_a_relation_to_a_hidden_table_is_unreadable(world: World) -> None:
    """Notion shows it empty; taken for no relation, every link would be lost."""
    hidden = world.notion.create_database("Hidden", {"Others": {}}, shared=True)
    others = world.notion.data_source_id(hidden, "Others")
    column = world.notion.add_column(world.rows, "Other", {"relation": others})
    target = world.notion.add_page(others, {"Name": "there"})
    page = world.add(Name="A", Other=[target])
    assert world.fetch(page, "Other").cells[column].value == (target,)
    world.person("unshare", id=hidden)
    with_fresh_eyes = world.open()
    schema = with_fresh_eyes.schema(world.source)
    record = with_fresh_eyes.fetch(world.source, schema, [page], [column])[page]
    value = record.cells[column].value
    assert isinstance(value, Unreadable) and "not shared" in value.reason
    (written,) = with_fresh_eyes.write(world.source, schema, [Patch(record, {column: ()})])
    assert isinstance(written.error, Rejected) and world.writes() == 0


def test_related_tables_are_asked_for_once(world: World) -> None:
    """One request a table and connection, none for a relation within the table.

    The answer is the related table's schema too, once: whoever asks again gets a fresh one.
    """
    other = world.notion.create_data_source(world.database, "Other", {"Back": {"relation": world.rows}})
    world.notion.add_column(world.rows, "Other", {"relation": other})
    reads = []
    for source in (world.source, Source(data_source=other), world.source, Source(data_source=other)):
        world.connector.schema(source)
        reads.append(world.connector.requests()["read"])
    assert reads == [2, 2, 3, 4]


def test_nothing_is_logged_that_is_anybodys_business(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the token nor what people wrote, at any level, by us or by the libraries below."""
    caplog.set_level(logging.DEBUG)
    page = world.add(Name="private title", Why="private words")
    world.write(page, Why="private answer")
    world.fault("status", status=400)
    with pytest.raises(Rejected):
        world.schema()
    for secret in ("ntn_sandbox", "private"):
        assert secret not in caplog.text
