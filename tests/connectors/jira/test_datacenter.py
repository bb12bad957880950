"""What only a Data Center does: pages by offset, links by key, edits that answer nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Patch
from okrsync.connectors.errors import BadAnswer, NotFound, OutcomeUnknown
from okrsync.connectors.jira import offsets
from okrsync.connectors.jira.offsets import Offset
from okrsync.connectors.jira.settings import Source
from okrsync.sandbox.jira.site import Deployment
from tests.connectors.jira.conftest import Look, World

PROGRESS = "customfield_10050"


@pytest.fixture(scope="module")
def deployment() -> Deployment:
    """These tests are about one deployment only."""
    return "data_center"


@pytest.fixture
def small_window(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Data Center that refuses offsets beyond four rows, and gives three rows a page."""
    monkeypatch.setattr(offsets, "WINDOW", 4)
    world.person("settings", result_window=4, page_cap=3)
    yield


def fill(world: World, epics: int) -> list[str]:
    """Epics made a minute apart."""
    made = []
    for number in range(epics):
        made.append(world.site.add_epic("ACME", f"epic {number}").id)
        world.later(1)
    return made


def paths(world: World) -> list[str]:
    return [f"{entry.method} {entry.path}" for entry in world.sandbox.log.entries()]


def test_only_the_older_api_is_asked(world: World, look: Look) -> None:
    """Version 3, search by token and bulkfetch do not exist there."""
    epic = world.site.add_epic("ACME", "epic")
    world.sandbox.call(world.sandbox.log.clear)
    look.pull("summary")
    look.fetch(epic.id)
    assert all(" /rest/api/2/" in path for path in paths(world))
    assert {entry.status for entry in world.sandbox.log.entries()} == {200}


def test_a_personal_access_token_goes_alone(world: World) -> None:
    """As bearer; with a user name it goes as basic."""
    for rest in ({"email": None}, {"auth": "basic", "email": "ann"}):
        connector = world.connect(**rest)
        assert connector.account().name == "Ann"
        connector.close()


def test_the_window_of_offsets_is_no_end(world: World, look: Look, small_window: None) -> None:
    """A new window begins where the last one ended, by the time of creation."""
    made = fill(world, 11)
    assert sorted(record.native_id for record in look.pull().records) == sorted(made)


def test_too_many_issues_of_one_moment_fail(world: World, look: Look, small_window: None) -> None:
    """What the window cannot reach is never left out silently."""
    for number in range(6):
        world.site.add_epic("ACME", f"epic {number}")
    with pytest.raises(BadAnswer, match="one moment"):
        look.pull()


def test_a_row_that_goes_during_the_walk_hides_no_other(world: World, look: Look) -> None:
    """The rows behind it move up by one; the page is read again from one earlier."""
    world.person("settings", page_cap=3)
    made = fill(world, 8)
    delete = {"service": "jira", "action": "delete", "arguments": {"issue": made[0]}}
    world.fault("hook", **world.searches, when="after", person=delete)
    found = {record.native_id for record in look.pull().records}
    assert found >= set(made[1:])


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"issues": []},
        {"total": 1},
        {"issues": [], "total": Decimal(5)},
        {"issues": [{"fields": {}}] * 4, "total": Decimal(9)},
    ],
)
def test_pages_that_are_none_fail(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are promised and do not come are no end."""
    monkeypatch.setattr(offsets, "WINDOW", 4)
    with pytest.raises(BadAnswer):
        offsets.page(answer, Offset())


@pytest.mark.parametrize("at", [Offset(), Offset(3, None, 9), Offset(0, 1_777_896_000_000, None)])
def test_an_offset_survives_as_token(at: Offset) -> None:
    """The walk knows only tokens."""
    assert offsets.read(at.token()) == at


def test_levels_come_from_the_settings(world: World) -> None:
    """A Data Center does not tell the level of a type; the epic type may have any name."""
    world.sandbox.call(lambda: world.site.add_type("Initiative", 2))
    world.site.add_issue("ACME", "big", type="Initiative")
    epic = world.site.add_epic("ACME", "epic", parent="ACME-1")
    look = Look(
        world, world.connect(type_levels={"epic": 1, "Initiative": 2}), Source(projects=["ACME"], level=2)
    )
    pull = look.pull("summary")
    assert [record.title for record in pull.records] == ["big"]
    assert [(child.native_id, child.parent) for child in pull.children] == [
        (epic.id, world.site.issue("ACME-1")["id"])
    ]
    look.connector.close()
    unaware = Look(world, world.connect(type_levels={"Epos": 1}))
    with pytest.raises(NotFound, match="level 1"):
        unaware.connector.schema(unaware.source)
    unaware.connector.close()


def test_a_childs_epic_is_found_by_its_key(world: World, look: Look) -> None:
    """Links hold keys, which change; children are known by the epic's id."""
    epic = world.site.add_epic("ACME", "epic")
    story = world.site.add_issue("ACME", "story", parent=epic.key)
    world.site.add_project("BETA")
    cursor = look.pull("summary").cursor
    world.person("move", issue=epic.key, project="BETA")
    world.person("edit", issue=story.key, fields={"summary": "edited"})
    other = Look(world, world.connect())
    (child,) = other.pull("summary", cursor=cursor).children
    assert (child.title, child.parent) == ("edited", epic.id)
    other.connector.close()


def test_our_property_is_read_issue_by_issue_and_only_when_wanted(world: World, look: Look) -> None:
    """A search does not show issue properties there."""
    world.site.add_epic("ACME", "epic", properties={"okrsync": {"progress": "0.5"}})
    schema, before = look.schema, look.reads()
    look.connector.pull(look.source, schema, ("summary",))
    assert look.reads() - before == 2
    (record,) = look.connector.pull(look.source, schema, ("property:okrsync.progress",)).records
    assert record.cells["property:okrsync.progress"].value == "0.5"
    assert look.reads() - before == 5


def test_fields_and_property_take_two_writes(world: World, look: Look) -> None:
    """When the second fails nobody may believe that nothing was written."""
    epic = world.site.add_epic("ACME", "epic").id
    patch = Patch(look.fetch(epic)[epic], {PROGRESS: Decimal("0.5"), "property:okrsync.progress": "0.5"})
    (written,) = look.connector.write(look.source, look.schema, [patch])
    assert written.error is None
    assert {name: cell.value for name, cell in written.cells.items()} == dict(patch.cells)
    assert look.connector.requests()["write"] == 2
    world.fault("status", method="PUT", path="*/properties/*", status=403)
    (written,) = look.connector.write(look.source, look.schema, [patch])
    assert isinstance(written.error, OutcomeUnknown)


def test_a_page_of_too_many_requests_is_waited_out(world: World, look: Look) -> None:
    """Its 429 is a page without a reason; some gateways ask for 0 seconds, which is not believed."""
    schema = look.schema
    world.fault("status", **world.searches, status=429, html=True, retry_after=0, times=2)
    assert look.connector.pull(look.source, schema, ()).complete
    assert world.time.now > 0
