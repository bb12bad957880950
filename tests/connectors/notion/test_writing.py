"""Writing against an imitated Notion: what is sent, what is read back, what a failure means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Native, Patch
from okrsync.connectors.errors import AuthFailed, ConnectorError, EditConflict, OutcomeUnknown, Rejected
from okrsync.connectors.notion.decode import Json
from okrsync.sandbox.notion import Settings
from tests.connectors.notion.samples import text
from tests.connectors.notion.world import World, small_world


def value_of(world: World, page: str, name: str) -> Native:
    return world.fetch(page, name).cells[world.id(name)].value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Name", "Get 700 MQLs"),
        ("Why", "x" * 5000),
        ("Why", None),
        ("Start", Decimal("0.1")),
        ("Start", None),
        ("Progress", Decimal("0.4217")),
        ("Health", "Off track"),
        ("Health", None),
        ("Stage", "Done"),
        ("Tags", ("US",)),
        ("Due", date(2026, 12, 31)),
        ("Due", None),
        ("Owner", ("ada@example.com",)),
        ("Owner", ()),
        ("Strict", False),
    ],
)
def test_what_is_written_is_read_back(world: World, name: str, value: Native) -> None:
    """The answer and a fresh look both show the value as it was meant."""
    page = world.add(
        Name="A", Start=1, Health="On track", Owner=["owner@example.com"], Strict=True, Due="2026-01-01"
    )
    written = world.write(page, **{name: value})
    assert written.error is None
    assert written.cells[world.id(name)].value == value == value_of(world, page, name)


def test_one_request_per_row_names_only_the_patched_columns(world: World) -> None:
    """What a person edits meanwhile in another column is not touched."""
    page = world.add(Name="A", Why="old")
    schema = world.schema()
    record = world.fetch(page, "Why", "Start", "Health")
    world.person("edit", page=page, property="Why", value="new", by="ada@example.com")
    patch = Patch(record, {world.id("Start"): Decimal(5), world.id("Health"): "On track"})
    (written,) = world.connector.write(world.source, schema, [patch])
    assert world.writes() == 1
    assert written.cells[world.id("Why")].value == "new"
    assert written.answer.startswith("200 ") and len(written.answer) > len("200 ")


def test_relations_are_written_whole(world: World) -> None:
    """More than a page shows, and the read-back is complete."""
    related = tuple(world.add(Name=f"KR {number}") for number in range(40))
    page = world.add(Name="Big")
    written = world.write(page, Part_of=related)
    assert written.cells[world.id("Part of")].value == related


def test_a_read_back_costs_no_request_for_long_lists_nobody_patched(world: World) -> None:
    """One write is one request; a list the answer cuts is left out rather than shown shortened."""
    related = [world.add(Name=f"KR {number}") for number in range(30)]
    page = world.add(Name="Big", Part_of=related)
    schema, record = world.schema(), world.fetch(page, "Part of", "Start")
    patch = Patch(record, {world.id("Start"): Decimal(1)})
    before = sum(world.connector.requests().values())
    (written,) = world.connector.write(world.source, schema, [patch])
    assert sum(world.connector.requests().values()) - before == 1
    assert world.id("Part of") not in written.cells


def test_an_answer_without_a_page_leaves_the_write_open(world: World) -> None:
    """Another service's JSON proves nothing about what was saved."""
    page = world.add(Name="A")
    world.fault("status", method="PATCH", status=200, body={"ok": True})
    assert isinstance(world.write(page, Start=Decimal(9)).error, OutcomeUnknown)


def test_an_unknown_option_is_refused_and_not_created(world: World) -> None:
    """A slip of the pen adds no option for the whole team, and no request is sent."""
    page = world.add(Name="A", Health="On track")
    written = world.write(page, Health="On trak")
    assert isinstance(written.error, Rejected) and set(written.error.fields) == {world.id("Health")}
    options = next(each for each in world.schema().fields if each.name == "Health").options
    assert [option.name for option in options] == ["On track", "Off track"]
    assert world.writes() == 0


def test_formatting_is_not_destroyed(world: World) -> None:
    """A text with a link is locked and stays as it was."""
    page = world.add(Name="A")
    linked: list[Json] = [text("see", text={"content": "see", "link": {"url": "https://example.com"}})]
    world.notion.state.pages[page].values[world.id("Why")] = linked
    assert isinstance(world.write(page, Why="plain").error, Rejected)
    assert world.notion.state.pages[page].values[world.id("Why")] == linked


def test_a_half_of_a_range_keeps_the_other(world: World) -> None:
    """Moving a start leaves the end where people put it."""
    page = world.add(Name="A", Due=("2026-10-01", "2026-12-31"))
    written = world.write(page, Due=date(2026, 11, 1))
    assert written.cells[world.id("Due (end)")].value == date(2026, 12, 31)


def test_without_the_users_capability_people_cannot_be_named() -> None:
    """The refusal says which capability is missing; nobody is assigned by guess."""
    with small_world(Settings(capabilities=["read_content", "update_content"])) as world:
        page = world.add(Name="A")
        error = world.write(page, Owner=("ada@example.com",)).error
        assert isinstance(error, Rejected)
        assert "capability to read user information" in error.fields[world.id("Owner")]


def test_a_guest_seen_on_a_page_can_be_kept(world: World) -> None:
    """Guests are in no list of users; adding a colleague must not drop them."""
    world.notion.add_user("Gus", "gus@example.com", guest=True)
    page = world.add(Name="A", Owner=["gus@example.com"])
    both = ("gus@example.com", "ada@example.com")
    assert world.write(page, Owner=both).cells[world.id("Owner")].value == both


def test_a_write_saved_with_a_503_is_unknown_and_not_repeated(world: World) -> None:
    """Notion may save and still answer 503: the engine must read first."""
    page = world.add(Name="A")
    world.notion.fail_next("saved_but_503")
    written = world.write(page, Start=Decimal(9))
    assert isinstance(written.error, OutcomeUnknown)
    assert world.writes() == 1
    assert value_of(world, page, "Start") == Decimal(9)


@pytest.mark.parametrize("kind", ["timeout_after", "empty", "html", "reset"])
def test_a_lost_answer_is_unknown_and_not_repeated(world: World, kind: str) -> None:
    """One request leaves, whatever becomes of its answer."""
    page = world.add(Name="A")
    world.fault(kind, method="PATCH", effect=True, seconds=0)
    written = world.write(page, Start=Decimal(9))
    assert isinstance(written.error, OutcomeUnknown)
    assert world.writes() == 1


def test_a_conflict_is_told_for_merging_again(world: World) -> None:
    """409 is not repeated blindly; it wants a fresh look."""
    page = world.add(Name="A")
    world.notion.fail_next("conflict")
    assert isinstance(world.write(page, Start=Decimal(9)).error, EditConflict)
    assert value_of(world, page, "Start") is None


def test_a_busy_service_does_not_lose_a_write(world: World) -> None:
    """429 proves that nothing happened, so the write is repeated after the pause."""
    page = world.add(Name="A")
    world.fault("status", method="PATCH", status=429, retry_after=11)
    assert world.write(page, Start=Decimal(9)).error is None
    assert world.time.now >= 11


def patches(world: World, pages: list[str], **cells: Any) -> list[Patch]:
    return [Patch(world.fetch(page, *cells), {world.id(k): v for k, v in cells.items()}) for page in pages]


def test_a_failed_patch_does_not_stop_the_others(world: World) -> None:
    """The row in the trash is told, the rows around it are written."""
    pages = [world.add(Name=name) for name in ("A", "B", "C")]
    todo = patches(world, pages, Start=Decimal(1))
    world.person("trash", page="B")
    written = world.connector.write(world.source, world.schema(), todo)
    assert [each.native_id for each in written] == pages
    assert [isinstance(each.error, Rejected) for each in written] == [False, True, False]
    assert written[0].error is written[2].error is None


def test_after_a_refused_token_nothing_more_is_sent(world: World) -> None:
    """Repeated bad log-ins lock accounts; every patch says why it was not written."""
    pages = [world.add(Name=name) for name in ("A", "B", "C")]
    todo, schema = patches(world, pages, Start=Decimal(1)), world.schema()
    world.fault("status", method="PATCH", status=401)
    written = world.connector.write(world.source, schema, todo)
    assert all(isinstance(each.error, AuthFailed) for each in written)
    assert world.writes() == 1


def test_notions_own_refusal_names_the_column(world: World) -> None:
    """What only Notion can know, such as a type changed meanwhile, is blamed on its column alone."""
    page = world.add(Name="A")
    schema, (patch,) = world.schema(), patches(world, [page], Health="On track", Start=Decimal(1))
    columns = world.notion.state.data_sources[world.rows].columns
    health = next(column for column in columns if column.name == "Health")
    health.type, health.config["groups"] = "status", []
    (written,) = world.connector.write(world.source, schema, [patch])
    assert isinstance(written.error, Rejected)
    assert set(written.error.fields) == {health.id}


def test_errors_and_evidence_hold_no_secret(world: World) -> None:
    """Neither the error nor the audit evidence shows the token or the value."""
    page = world.add(Name="A")
    world.fault("status", method="PATCH", status=500)
    written = world.write(page, Why="private words")
    assert isinstance(written.error, ConnectorError)
    assert "ntn_sandbox" not in f"{written!r} {written.error} {written.error.__dict__}"
    assert "private words" not in f"{written.error} {written.answer}"
