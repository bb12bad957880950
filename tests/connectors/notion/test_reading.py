"""Account, schema, pull and fetch against an imitated Notion, over real sockets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from okrsync.connectors.base import Connector
from okrsync.connectors.errors import AuthFailed, BadAnswer, NotFound, Rejected, Transient
from okrsync.connectors.notion.connector import open_connector
from okrsync.connectors.notion.settings import Connection, Source
from okrsync.okr.findings import Severity
from okrsync.okr.values import Unreadable
from okrsync.sandbox.notion import Settings
from tests.connectors.notion.world import World, small_world

NO_SUCH = "3839ce7b-60a4-81c8-867a-f81fd71aa55c"


def test_the_account_is_the_tokens_bot(world: World) -> None:
    """Who we are, and in which workspace."""
    account = world.connector.account()
    assert (account.name, account.detail) == ("okrsync sandbox", "Sandbox")
    assert world.connector.requests() == {"read": 0, "write": 0, "auth": 1}


def test_a_refused_token_is_told_without_showing_it(world: World) -> None:
    """One attempt, a clear error, no secret in it."""
    connector = world.open("ntn_wrong_secret")
    with pytest.raises(AuthFailed) as caught:
        connector.account()
    assert "secret" not in str(caught.value).replace("update the secret", "")
    assert connector.requests()["auth"] == 1


def test_the_registered_opener_opens_a_connection(world: World) -> None:
    """What the registry calls works as the tests' own connector does, and closes twice."""
    connection = Connection.model_validate(
        {"kind": "notion", "token": "ntn_sandbox", "api_url": world.sandbox.urls["notion"] + "/"}
    )
    connector: Connector = open_connector("team", connection)
    assert connector.account().name == "okrsync sandbox"
    connector.close()
    connector.close()


def test_a_database_with_one_table_may_be_named_instead(world: World) -> None:
    """The database is resolved once, then its data source is used."""
    source = Source(database=world.database)
    schema = world.connector.schema(source)
    world.connector.pull(source, schema, [])
    assert schema.place == "Notion › KRs"
    asked = [entry.path for entry in world.sandbox.log.entries("notion")]
    assert sum("/databases/" in path for path in asked) == 1


def test_a_database_with_two_tables_is_ambiguous(world: World) -> None:
    """Both are named with their ids; none is taken silently."""
    world.notion.create_data_source(world.database, "Archive")
    with pytest.raises(Rejected, match=f"KRs = {world.rows}; Archive = "):
        world.connector.schema(Source(database=world.database))


def test_what_is_not_shared_is_not_found(world: World) -> None:
    """The advice names both causes."""
    world.person("unshare", id=world.database)
    with pytest.raises(NotFound, match="Share the page or database"):
        world.schema()


def test_a_pull_reads_every_type(world: World) -> None:
    """Each cell as people see it, with the place they would look at."""
    base = world.add(Name="Base")
    page = world.add(
        Name="Get 600 MQLs",
        Why="Growth",
        Start=Decimal("0.1"),
        Progress=Decimal("0.25"),
        Health="On track",
        Stage="Done",
        Tags=["EMEA", "US"],
        Due=(date(2026, 10, 1), date(2026, 12, 31)),
        Owner=["ada@example.com"],
        Part_of=[base],
        Strict=True,
        Score=Decimal(3),
    )
    names = ["Name", "Why", "Start", "Progress", "Health", "Stage", "Tags", "Due", "Due (end)", "Owner"]
    pull = world.pull(*names, "Part of", "Strict", "Score")
    record = next(each for each in pull.records if each.native_id == page)
    values = {cell.place: cell.value for cell in record.cells.values()}
    start = "Notion › KRs › Get 600 MQLs"
    assert values == {
        f"{start} › Name": "Get 600 MQLs",
        f"{start} › Why": "Growth",
        f"{start} › Start": Decimal("0.1"),
        f"{start} › Progress": Decimal("0.25"),
        f"{start} › Health": "On track",
        f"{start} › Stage": "Done",
        f"{start} › Tags": ("EMEA", "US"),
        f"{start} › Due": date(2026, 10, 1),
        f"{start} › Due (end)": date(2026, 12, 31),
        f"{start} › Owner": ("ada@example.com",),
        f"{start} › Part of": (base,),
        f"{start} › Strict": True,
        f"{start} › Score": Decimal(3),
    }
    assert (record.native_id, record.title, record.place) == (page, "Get 600 MQLs", start)
    assert record.edited_at == datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    assert pull.complete and pull.findings == ()


def test_only_wanted_columns_are_asked_for(world: World) -> None:
    """The rest is not computed by Notion and not sent."""
    world.add(Name="A", Why="B")
    (record,) = world.pull("Why").records
    assert set(record.cells) == {world.id("Why")}
    assert record.title == "A"


def test_computed_cells_say_why_they_are_locked(world: World) -> None:
    """A formula is read and never written."""
    world.add(Name="A", Score=Decimal(1))
    (record,) = world.pull("Score").records
    assert record.cells[world.id("Score")].locked == "Notion computes it from a formula"


def test_a_pull_goes_through_all_pages(world: World) -> None:
    """Rows beyond one answer, each once."""
    made = [world.add(Name=f"KR {number}") for number in range(230)]
    assert sorted(record.native_id for record in world.pull("Name").records) == sorted(made)


def test_a_pull_passes_the_ceiling() -> None:
    """More rows than one query lists are read in windows of creation time."""
    with small_world(Settings(row_ceiling=20)) as world:
        made = []
        for number in range(55):
            made.append(world.add(Name=f"KR {number}"))
            world.clock.advance(20)
        assert sorted(record.native_id for record in world.pull("Name").records) == sorted(made)


def test_too_many_rows_in_one_minute_fail_loudly() -> None:
    """Where no window can advance, nothing is dropped in silence."""
    with small_world(Settings(row_ceiling=20)) as world:
        for number in range(21):
            world.add(Name=f"KR {number}")
        with pytest.raises(Rejected, match="more rows than one query may list"):
            world.pull("Name")


def test_trashed_and_archived_rows_are_not_records(world: World) -> None:
    """People put them away; a pull does not bring them back."""
    for name in ("A", "B", "C"):
        world.add(Name=name)
    world.person("trash", page="A")
    world.person("archive", page="B")
    assert [record.title for record in world.pull("Name").records] == ["C"]


def test_long_relations_are_completed(world: World) -> None:
    """Thirty related pages are thirty, though a row shows 25."""
    related = [world.add(Name=f"KR {number}") for number in range(30)]
    page = world.add(Name="Big", Part_of=related)
    record = next(each for each in world.pull("Part of").records if each.native_id == page)
    assert record.cells[world.id("Part of")].value == tuple(related)


def test_long_lists_of_people_are_completed(world: World) -> None:
    """Notion does not even say that it cut them."""
    people = [world.notion.add_user(f"P{number}", f"p{number:02}@example.com") for number in range(30)]
    world.add(Name="Crowd", Owner=people)
    (record,) = world.pull("Owner").records
    assert record.cells[world.id("Owner")].value == tuple(f"p{number:02}@example.com" for number in range(30))


def test_a_list_that_cannot_be_completed_is_unreadable(world: World) -> None:
    """A shortened list never passes for the whole one, and the row's other cells stay readable."""
    related = [world.add(Name=f"KR {number}") for number in range(30)]
    page = world.add(Name="Big", Part_of=related, Why="Growth")
    world.fault("status", path="*/properties/*", status=404, times=None)
    record = next(each for each in world.pull("Part of", "Why").records if each.native_id == page)
    assert isinstance(record.cells[world.id("Part of")].value, Unreadable)
    assert record.cells[world.id("Why")].value == "Growth"


def test_a_renamed_column_is_the_same_field(world: World) -> None:
    """Bindings hold ids."""
    world.add(Name="A", Why="B")
    why = world.id("Why")
    world.person("rename_column", data_source=world.rows, column="Why", name="Reason")
    (record,) = world.connector.pull(world.source, world.schema(), [why]).records
    assert (record.cells[why].value, record.cells[why].place) == ("B", "Notion › KRs › A › Reason")


def test_a_deleted_column_is_a_finding(world: World) -> None:
    """It is reported, the other columns are still read."""
    world.add(Name="A")
    why, name = world.id("Why"), world.id("Name")
    world.person("delete_column", data_source=world.rows, column="Why")
    pull = world.connector.pull(world.source, world.schema(), [why, name])
    assert [(each.code, each.severity) for each in pull.findings] == [("FIELD_MISSING", Severity.ERROR)]
    assert set(pull.records[0].cells) == {name}


def test_a_fetch_sees_edits_at_once(world: World) -> None:
    """The fresh look shows what a person just wrote, and who it was."""
    page = world.add(Name="A")
    world.person("edit", page=page, property="Why", value="New", by="ada@example.com")
    record = world.fetch(page, "Why", "Owner")
    assert record.cells[world.id("Why")].value == "New"
    assert record.edited_by is not None


def test_a_fetch_leaves_out_what_is_gone_or_hidden(world: World) -> None:
    """Trashed, archived, moved, unshared and unknown pages are absent, and stop nothing."""
    pages = [world.add(Name=name) for name in ("kept", "trashed", "archived", "moved", "hidden")]
    other = world.notion.create_data_source(world.database, "Other", {"Else": "number"})
    world.person("trash", page="trashed")
    world.person("archive", page="archived")
    world.person("move", page="moved", data_source=other)
    world.person("unshare", id=pages[4])
    found = world.connector.fetch(world.source, world.schema(), [*pages, NO_SUCH], world.ids(["Why"]))
    assert list(found) == [pages[0]]


def test_busy_answers_are_waited_for_in_full(world: World) -> None:
    """Both of Notion's ways to say "too fast" pass after the pause it asks for."""
    world.fault("status", status=429, retry_after=90)
    world.fault("status", status=529, retry_after=7)
    world.schema()
    assert world.time.now >= 97


@pytest.mark.parametrize("kind", ["empty", "html", "truncated", "reset"])
def test_a_broken_answer_to_a_read_is_asked_again(world: World, kind: str) -> None:
    """Nothing is lost by reading twice; the query counts as a read although it is a POST."""
    world.add(Name="A")
    schema = world.schema()
    world.fault(kind, path="*/query")
    assert len(world.connector.pull(world.source, schema, []).records) == 1
    assert world.connector.requests()["write"] == 0


def test_an_answer_that_comes_too_late_is_transient(world: World) -> None:
    """The time limit is ours, and its error says that nothing was written."""
    connector = world.open(timeout=0.05)
    world.fault("latency", seconds=0.3, times=None)
    with pytest.raises(Transient, match="answer was lost"):
        connector.account()


def test_a_service_that_answers_pages_is_told(world: World) -> None:
    """A login page for ever ends in an error that says so."""
    world.fault("html", status=200, times=None)
    with pytest.raises(BadAnswer, match="not JSON"):
        world.schema()


def test_requests_are_paced(world: World) -> None:
    """No more than 180 leave in any minute."""
    page = world.add(Name="A")
    schema = world.schema()
    departures = []
    for _ in range(200):
        world.connector.fetch(world.source, schema, [page], [])
        departures.append(world.time.now)
    assert all(departures[n + 180] - departures[n] >= 60 for n in range(len(departures) - 180))
