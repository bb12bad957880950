"""Account, schema, pull and fetch against the imitated Jira."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from okrsync.connectors.errors import AuthFailed, BadAnswer, NotFound, Transient
from okrsync.connectors.jira.jql import PARENTS
from okrsync.connectors.jira.settings import Source
from okrsync.okr.values import Unreadable
from okrsync.sandbox.jira.datacenter import TOP_PAGE
from okrsync.sandbox.jira.search import USUAL_PAGE
from tests.connectors.jira.conftest import ANN, SITE, Look, World

REQUIRED = ("account", "schema", "pull", "fetch", "write", "requests", "close")
PROGRESS = "customfield_10050"
POINTS = "customfield_10016"


def test_it_is_a_connector(look: Look) -> None:
    """It has the calls of the port, and declares what it can do beyond them; creating is for Cloud alone."""
    connector = look.connector
    assert all(callable(getattr(connector, name)) for name in REQUIRED)
    assert connector.kind == "jira"
    assert connector.features.children
    assert connector.features.incremental
    assert connector.features.creates == (look.world.deployment == "cloud")


def test_account(world: World, look: Look) -> None:
    """The account is named by its id and the site, at a Data Center by its name, with its time zone."""
    account = look.connector.account()
    name = "ann" if world.deployment == "data_center" else "557058:00000001"
    assert account.id == f"{name} at {SITE}"
    assert (account.name, account.detail) == ("Ann", "Asia/Shanghai")
    assert look.connector.requests() == {"read": 0, "write": 0, "auth": 1}


def test_a_wrong_token_is_refused_once(world: World) -> None:
    """Credentials that fail are not tried again."""
    connector = world.connect("wrong")
    with pytest.raises(AuthFailed):
        connector.account()
    assert connector.requests()["auth"] == 1
    connector.close()


def test_schema_tells_types_and_what_is_written(look: Look) -> None:
    """Fields are typed by Jira's schema; what okrsync does not write says why."""
    fields = {field.id: field for field in look.schema.fields}
    types = {name: field.type for name, field in fields.items()}
    assert types["summary"] == "text"
    assert types["labels"] == "labels"
    assert types["duedate"] == "date"
    assert types["assignee"] == "people"
    assert types["parent"] == "relation"
    assert types[PROGRESS] == "number"
    assert types["property:okrsync.*"] == "property"
    writable = {name for name, field in fields.items() if field.writable}
    assert {"summary", "labels", "duedate", PROGRESS, "property:okrsync.*"} <= writable
    assert all(field.why_not for field in fields.values() if not field.writable)
    assert {"status", "status_id", "assignee"} <= writable
    assert "translated" in fields["status_name"].why_not


def test_an_unknown_project_is_not_found(look: Look) -> None:
    """A wrong or hidden project is told before anything is read."""
    with pytest.raises(NotFound, match="NOPE"):
        look.connector.schema(Source(projects=["NOPE"]))


def test_a_level_nobody_has_is_not_found(look: Look) -> None:
    """Levels above epics exist only on some plans."""
    with pytest.raises(NotFound, match="level 3"):
        look.connector.schema(Source(projects=["ACME"], level=3))


def test_an_epic_with_all_its_cells(world: World, look: Look) -> None:
    """Every kind of cell in its neutral form, with the place a person would look at."""
    epic = world.site.add_epic(
        "ACME",
        "Faster checkout",
        labels=["kr-conv", "okr"],
        status="indeterminate",
        assignee=ANN,
        due="2026-06-30",
        fields={PROGRESS: 0.42},
        properties={"okrsync": {"progress": "0.42", "n": 7}},
    )
    want = (
        "summary",
        "labels",
        "status",
        "status_id",
        "status_name",
        "assignee",
        "duedate",
        "parent",
        PROGRESS,
    )
    (record,) = look.pull(*want, "property:okrsync.progress", "property:okrsync.why").records
    values = {name: cell.value for name, cell in record.cells.items()}
    assert values == {
        "summary": "Faster checkout",
        "labels": ("kr-conv", "okr"),
        "status": "indeterminate",
        "status_id": "3",
        "status_name": "In Progress",
        "assignee": (ANN,),
        "duedate": date(2026, 6, 30),
        "parent": (),
        PROGRESS: Decimal("0.42"),
        "property:okrsync.progress": "0.42",
        "property:okrsync.why": None,
        "property:okrsync.n": "7",
    }
    assert (record.native_id, record.title) == (epic.id, "Faster checkout")
    assert record.url == f"https://acme.example/browse/{epic.key}"
    assert record.edited_at == datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    assert record.cells[PROGRESS].place == f"Jira › {epic.key} › OKR progress"
    assert record.cells["status_name"].locked is not None
    assert record.cells["labels"].locked is None


def test_missing_and_zero_stay_different(world: World, look: Look) -> None:
    """An empty number is None, a zero is 0."""
    world.site.add_epic("ACME", "empty")
    world.site.add_epic("ACME", "zero", fields={PROGRESS: 0})
    empty, zero = look.pull(PROGRESS).records
    assert empty.cells[PROGRESS].value is None
    assert zero.cells[PROGRESS].value == Decimal(0)


def test_a_field_the_project_lacks_is_unreadable(world: World) -> None:
    """A field absent from an answer was not loaded; it is not empty."""
    world.site.add_project("BETA", with_okr_field=False)
    world.site.add_epic("BETA", "no field")
    look = Look(world, world.connect(), Source(projects=["ACME", "BETA"]))
    (record,) = look.pull(PROGRESS).records
    assert isinstance(record.cells[PROGRESS].value, Unreadable)
    look.connector.close()


def test_a_wanted_field_that_is_gone_becomes_a_finding(look: Look) -> None:
    """The pull goes on; the finding names the field."""
    pull = look.pull("customfield_99999")
    (finding,) = pull.findings
    assert finding.code == "FIELD_MISSING"
    assert "customfield_99999" in finding.message
    assert pull.complete


def test_a_hidden_email_shows_the_name(world: World, look: Look) -> None:
    """People may hide their e-mail; then the display name stands for them."""
    world.site.add_user("bob@acme.test", name="Bob Marsh", email_hidden=True)
    world.site.add_epic("ACME", "x", assignee="bob@acme.test")
    (record,) = look.pull("assignee").records
    assert record.cells["assignee"].value == ("Bob Marsh",)


def test_rich_text_is_read_as_its_words(world: World, look: Look) -> None:
    """Formatting is left out when reading, and the field is therefore never written."""
    epic = world.site.add_epic("ACME", "x")
    world.person("edit", issue=epic.key, fields={"description": "Why we do it"})
    (record,) = look.pull("description").records
    assert record.cells["description"].value == "Why we do it"
    assert record.cells["description"].locked is not None


def test_only_the_level_and_the_projects_are_in_scope(world: World, look: Look) -> None:
    """Stories and other projects' epics are not records of the collection."""
    world.site.add_project("BETA")
    world.site.add_epic("BETA", "elsewhere")
    world.site.add_issue("ACME", "a story")
    mine = world.site.add_epic("ACME", "mine")
    assert [record.native_id for record in look.pull().records] == [mine.id]


def test_a_further_condition_narrows_the_scope(world: World) -> None:
    """The admin's JQL is one more condition, in brackets."""
    world.site.add_epic("ACME", "plain")
    marked = world.site.add_epic("ACME", "marked", labels=["okr"])
    look = Look(world, world.connect(), Source(projects=["ACME"], jql="labels = okr OR labels = objective"))
    assert [record.native_id for record in look.pull().records] == [marked.id]
    look.connector.close()


def test_team_managed_epics_have_types_of_their_own(world: World) -> None:
    """The level decides, not the type's name or id."""
    world.site.add_project("TEAM", team_managed=True)
    one, two = world.site.add_epic("ACME", "classic"), world.site.add_epic("TEAM", "team-managed")
    look = Look(world, world.connect(), Source(projects=["ACME", "TEAM"]))
    assert {record.native_id for record in look.pull().records} == {one.id, two.id}
    look.connector.close()


def test_children_in_any_project_are_counted(world: World, look: Look) -> None:
    """A child may live outside the epic's project; its four cells are always there."""
    world.site.add_project("BETA")
    epic = world.site.add_epic("ACME", "epic")
    world.site.add_issue("ACME", "near", parent=epic.key, status="done", points=3)
    world.site.add_issue("BETA", "far", parent=epic.key, points=-1)
    world.site.add_issue("ACME", "not a child")
    near, far = look.pull().children
    assert {name: cell.value for name, cell in near.cells.items()} == {
        "title": "near",
        "status_category": "done",
        "resolution": "Done",
        "points": Decimal(3),
    }
    assert far.cells["points"].value == Decimal(-1)
    assert far.cells["resolution"].value is None
    assert near.parent == far.parent == epic.id


def test_a_status_without_category_is_unreadable(world: World, look: Look) -> None:
    """Jira's "No Category" says nothing about progress."""
    epic = world.site.add_epic("ACME", "epic")
    world.site.add_issue("ACME", "odd", parent=epic.key)
    world.person("change_status", status="To Do", category="undefined")
    (child,) = look.pull().children
    assert isinstance(child.cells["status_category"].value, Unreadable)


def test_cancelled_children_are_left_out(world: World) -> None:
    """Children resolved as the admin lists them are not counted."""
    epic = world.site.add_epic("ACME", "epic")
    world.site.add_issue("ACME", "called off", parent=epic.key, status="done")
    look = Look(world, world.connect(), Source(projects=["ACME"], cancelled=["done"]))
    assert look.pull().children == ()
    look.connector.close()


@pytest.mark.parametrize("wanted", [True, False])
def test_sub_tasks_are_shown_where_they_are_wanted(world: World, wanted: bool) -> None:
    """Each after the issue it is part of; by default only direct children."""
    epic = world.site.add_epic("ACME", "epic")
    story = world.site.add_issue("ACME", "story", parent=epic.key)
    piece = world.site.add_issue("ACME", "piece", type="Sub-task", parent=story.key, status="done")
    look = Look(world, world.connect(), Source(projects=["ACME"], subtasks=wanted))
    found = [(child.native_id, child.parent) for child in look.pull().children]
    assert found == [(story.id, epic.id), *([(piece.id, story.id)] if wanted else [])]
    look.connector.close()


def test_sub_tasks_of_what_was_called_off_are_left_out(world: World) -> None:
    """They go with the issue they are part of."""
    epic = world.site.add_epic("ACME", "epic")
    story = world.site.add_issue("ACME", "called off", parent=epic.key, status="done")
    world.site.add_issue("ACME", "piece", type="Sub-task", parent=story.key)
    look = Look(world, world.connect(), Source(projects=["ACME"], cancelled=["done"], subtasks=True))
    assert look.pull().children == ()
    look.connector.close()


def test_only_epics_have_issues_with_sub_tasks() -> None:
    """Said in the file, not found out in a run."""
    with pytest.raises(ValueError, match="`subtasks` needs the level epic"):
        Source(projects=["ACME"], level=0, subtasks=True)


def test_two_differing_estimates_are_reported(world: World) -> None:
    """One of them counts; they are never added."""
    second = world.site.add_field("Story Points", projects=["ACME"])
    epic = world.site.add_epic("ACME", "epic")
    world.site.add_issue("ACME", "child", parent=epic.key, points=3, fields={second: 5})
    look = Look(world, world.connect())
    pull = look.pull()
    assert pull.children[0].cells["points"].value == Decimal(3)
    assert [finding.code for finding in pull.findings] == ["POINTS_DIFFER"]
    look.connector.close()


def test_configured_points_win(world: World) -> None:
    """A named field is read alone; a name that fits nothing is told."""
    second = world.site.add_field("Effort", projects=["ACME"])
    epic = world.site.add_epic("ACME", "epic")
    world.site.add_issue("ACME", "child", parent=epic.key, points=3, fields={second: 5})
    look = Look(world, world.connect(), Source(projects=["ACME"], points=["effort", "Sizze"]))
    pull = look.pull()
    assert pull.children[0].cells["points"].value == Decimal(5)
    assert [finding.code for finding in pull.findings] == ["POINTS_UNKNOWN"]
    look.connector.close()


def test_short_and_empty_pages_are_walked_to_the_end(world: World, look: Look) -> None:
    """Neither a short page nor an empty one with a successor ends the walk."""
    world.person("settings", page_cap=2, empty_pages=True)
    for number in range(7):
        world.site.add_epic("ACME", f"epic {number}")
    pull = look.pull()
    assert len(pull.records) == 7
    assert pull.complete


def test_many_projects_are_found_in_one_request(world: World) -> None:
    """Keys in one request, ids in another; a missing one is named alone."""
    keys = [f"P{number}" for number in range(40)]
    numbers = {key: world.site.add_project(key) for key in keys}
    look = Look(world, world.connect(), Source(projects=[*keys[:20], *(numbers[key] for key in keys[20:])]))
    assert look.schema.fields
    assert look.reads() == 4
    look.source = Source(projects=["p1", "P2", "GONE"])
    with pytest.raises(NotFound, match="no project 'GONE' is"):
        look.connector.schema(look.source)
    look.connector.close()


def test_the_schema_is_asked_for_once(look: Look) -> None:
    """Fields, types and projects in three requests, and no more in the connector's life."""
    assert look.schema == look.schema
    assert look.reads() == 3


def test_a_run_without_changes_costs_two_requests(world: World, look: Look) -> None:
    """Who am I, and one search; a Data Center is also asked which fields hold its links."""
    world.site.add_epic("ACME", "epic")
    schema, cursor = look.schema, look.pull("summary").cursor
    later = world.connect()
    later.account()
    assert not later.pull(look.source, schema, ("summary",), cursor).complete
    reads = 1 if world.deployment == "cloud" else 2
    assert later.requests() == {"auth": 1, "read": reads, "write": 0}
    later.close()


@pytest.mark.parametrize(("epics", "stories"), [(30, 1), (100, 10), (210, 3)])
def test_a_full_look_takes_the_fewest_pages(world: World, look: Look, epics: int, stories: int) -> None:
    """The pages of the epics and of their children, within a tenth of what there must be."""

    def fill() -> None:
        for number in range(epics):
            epic = world.site.add_epic("ACME", f"epic {number}")
            for story in range(stories):
                world.site.add_issue("ACME", f"story {story}", parent=epic.key)

    world.sandbox.call(fill)
    schema, before = look.schema, look.reads()
    pull = look.connector.pull(look.source, schema, (PROGRESS,))
    assert (len(pull.records), len(pull.children)) == (epics, epics * stories)
    page = USUAL_PAGE if world.deployment == "cloud" else TOP_PAGE
    fewest = math.ceil(epics / page) + max(math.ceil(epics * stories / page), math.ceil(epics / PARENTS))
    assert look.reads() - before <= fewest * 1.1


def test_an_epic_deleted_between_the_walks(world: World, look: Look) -> None:
    """One dead id fails the whole query of children; it is dropped, the others are read, a finding tells."""
    gone = world.site.add_epic("ACME", "gone")
    stays = world.site.add_epic("ACME", "stays")
    world.site.add_issue("ACME", "child", parent=stays.key)
    delete = {"service": "jira", "action": "delete", "arguments": {"issue": gone.key}}
    world.fault("hook", **world.searches, when="after", person=delete)
    pull = look.pull()
    assert [child.parent for child in pull.children] == [stays.id]
    assert [finding.code for finding in pull.findings] == ["PARENT_GONE"]


def test_a_login_page_fails_the_pull(world: World, look: Look) -> None:
    """A page that is not JSON never looks like an empty collection."""
    schema = look.schema
    world.fault("html", **world.searches, times=None)
    with pytest.raises(BadAnswer):
        look.connector.pull(look.source, schema, ())


def test_a_read_survives_passing_trouble(world: World, look: Look) -> None:
    """Cut answers, resets and 503s are read again."""
    world.site.add_epic("ACME", "epic")
    for kind in ("truncated", "reset", "status", "empty"):
        world.fault(kind, **world.searches)
    assert len(look.pull().records) == 1


def test_fetch_sees_what_search_does_not_yet(world: World, look: Look) -> None:
    """A look by id is fresh even while the search index lags."""
    epic = world.site.add_epic("ACME", "before")
    world.sandbox.call(lambda: world.clock.advance(minutes=5))
    world.person("settings", search_lag=60)
    world.person("edit", issue=epic.key, fields={"summary": "after"})
    assert look.pull("summary").records[0].title == "before"
    assert look.fetch(epic.id)[epic.id].title == "after"


def test_fetch_follows_a_moved_issue(world: World, look: Look) -> None:
    """The id stays, the key changes; the record is found under its id."""
    world.site.add_project("BETA")
    epic = world.site.add_epic("ACME", "epic")
    world.person("move", issue=epic.key, project="BETA")
    assert look.fetch(epic.id)[epic.id].place == "Jira › BETA-1"


def test_fetch_leaves_out_what_is_gone(world: World, look: Look) -> None:
    """Gone and hidden look alike: both are simply absent."""
    kept, gone = world.site.add_epic("ACME", "kept"), world.site.add_epic("ACME", "gone")
    world.person("delete", issue=gone.key)
    assert list(look.fetch(gone.id, kept.id)) == [kept.id]


def test_fetch_takes_one_request_per_hundred(world: World, look: Look, cloud_only: None) -> None:
    """205 issues are three requests."""
    ids = [world.site.add_epic("ACME", f"epic {number}").id for number in range(205)]
    schema = look.schema
    before = look.connector.requests()["read"]
    assert list(look.connector.fetch(look.source, schema, ids, ())) == ids
    assert look.connector.requests()["read"] - before == 3


def test_issues_that_failed_to_load_fail_the_look(world: World, look: Look, cloud_only: None) -> None:
    """Jira lists what it could not load this time; leaving it out would look like a deletion."""
    epic, schema = world.site.add_epic("ACME", "epic"), look.schema
    partial = {"issues": [], "issueErrors": [{"issueId": epic.id, "errorMessages": ["busy"]}]}
    world.fault("status", **world.looks, status=200, body=partial)
    with pytest.raises(Transient):
        look.connector.fetch(look.source, schema, [epic.id], ())
