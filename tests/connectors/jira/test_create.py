"""New issues against the imitated Jira Cloud: made with their marker, found by it, never made by chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Marker, Native, Written
from okrsync.connectors.errors import OutcomeUnknown, Rejected
from okrsync.connectors.jira.settings import Source
from tests.connectors.jira.conftest import ANN, Look, World

pytestmark = pytest.mark.usefixtures("cloud_only")

PROGRESS = "customfield_10050"
POST = {"method": "POST", "path": "*/api/3/issue"}
OURS = Marker("INI-1", "entity1")
HOSTILE = '=IMPORTXML("http://x") \u202e<script>{{7*7}}</script> {code} [~accountid:1] \U0001f525'


def create(look: Look, cells: Mapping[str, Native], marker: Marker = OURS) -> Written:
    """One epic; every issue needs a summary."""
    return look.connector.create(look.source, look.schema, {"summary": "Epic", **cells}, marker)


def marked(look: Look) -> list[str]:
    return [record.native_id for record in look.connector.marked(look.source, look.schema, OURS)]


def epics(world: World) -> list[dict[str, Any]]:
    """The truth."""
    return [dict(issue) for issue in world.site.dump()["issues"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("summary", HOSTILE),
        ("duedate", date(2026, 6, 30)),
        (PROGRESS, Decimal("0.42")),
        ("labels", ("kr-1", "okr")),
        ("assignee", (ANN,)),
        ("property:okrsync.progress", "0.42"),
    ],
)
def test_an_epic_is_made_with_its_cells(world: World, look: Look, name: str, value: Native) -> None:
    """One writing request in the collection's project; the answer shows what Jira shows."""
    written = create(look, {name: value})
    assert (written.error, written.cells[name].value) == (None, value)
    assert look.fetch(written.native_id, want=(name,))[written.native_id].cells[name].value == value
    (made,) = epics(world)
    assert made["key"] == "ACME-1" and made["properties"]["okrsync"]["marker"] == "entity1"
    assert look.connector.requests()["write"] == 1


def test_it_is_listed_with_its_marker(look: Look) -> None:
    """A pull shows for whom it was made; issues of people have none."""
    create(look, {})
    look.world.site.add_epic("ACME", "Ann's")
    assert [record.marker for record in look.pull("summary").records] == ["entity1", None]


def test_only_the_marker_finds_it(world: World, look: Look) -> None:
    """Oldest first; other markers, other levels and other projects are others."""
    assert marked(look) == []
    first = create(look, {}).native_id
    create(look, {}, Marker("INI-2", "entity2"))
    world.site.add_issue("ACME", "A story", properties={"okrsync": {"marker": "entity1"}})
    assert marked(look) == [first]
    assert marked(look) == [first]
    world.later(minutes=1)
    second = create(look, {}).native_id
    assert marked(look) == [first, second]


def test_it_is_found_outside_the_collections_condition(world: World) -> None:
    """A `jql` may leave a new issue out of the listing, not out of the search for it."""
    connector = world.connect()
    look = Look(world, connector, Source(projects=["ACME"], jql="labels = okr"))
    made = create(look, {}).native_id
    assert look.pull("summary").records == ()
    assert marked(look) == [made]
    connector.close()


def test_the_search_may_be_late(world: World, look: Look) -> None:
    """Which is why there is a grace."""
    create(look, {})
    world.fault("stale_search", path="*/search/jql", seconds=60)
    assert marked(look) == []
    assert look.connector.features.visibility_grace >= 60


@pytest.mark.parametrize("kind", ["reset", "status", "truncated"])
def test_a_lost_answer_is_not_repeated_and_found_by_its_marker(world: World, look: Look, kind: str) -> None:
    """The issue is there once; the outcome is unknown until somebody looks."""
    schema = look.schema
    world.fault(kind, effect=True, **POST)
    written = look.connector.create(look.source, schema, {"summary": "Epic"}, OURS)
    assert isinstance(written.error, OutcomeUnknown)
    assert marked(look) == [epics(world)[0]["id"]] and len(epics(world)) == 1


def test_a_failed_read_back_is_no_failed_creation(world: World, look: Look) -> None:
    """The issue has its id; what it shows the next look tells."""
    schema = look.schema
    world.fault("status", path="*/bulkfetch", status=503, times=None)
    written = look.connector.create(look.source, schema, {"summary": "Epic"}, OURS)
    assert (written.error, written.native_id, written.cells) == (None, epics(world)[0]["id"], {})


def test_a_status_is_left_to_the_workflow(look: Look) -> None:
    """A new issue is where the workflow begins; a later write moves it."""
    written = create(look, {"status": "done"})
    assert written.error is None and "status" not in written.cells


@pytest.mark.parametrize(
    ("cells", "blamed"),
    [({PROGRESS: "much"}, PROGRESS), ({"summary": "a\nb"}, "summary"), ({"description": "x"}, "description")],
)
def test_what_cannot_be_written_makes_no_issue(
    world: World, look: Look, cells: dict[str, Native], blamed: str
) -> None:
    """Refused by us or by Jira, with the field's id."""
    error = create(look, cells).error
    assert isinstance(error, Rejected) and blamed in error.fields
    assert epics(world) == []


def test_a_field_that_is_not_on_the_screen_is_explained(world: World, look: Look) -> None:
    """By the name people know, with what an admin can do."""
    other = world.site.add_field("Elsewhere", projects=[])
    world.site.add_project("BETA")
    error = create(look, {other: Decimal(1)}).error
    assert isinstance(error, Rejected) and (other in error.fields)
    assert epics(world) == []


def test_a_project_without_the_level_is_told(world: World) -> None:
    """Nothing can be made there."""
    connector = world.connect()
    world.site.add_type("Initiative", 2, project=world.site.add_project("BETA", team_managed=True))
    look = Look(world, connector, Source(projects=["ACME"], level=2))
    error = create(look, {}).error
    assert isinstance(error, Rejected) and "no issue type of level 2" in str(error)
    connector.close()


def test_a_data_center_takes_none(world: World) -> None:
    """What a new issue needs there differs from site to site, and it is said before anything is planned."""
    connector = world.connect(deployment="data_center")
    assert not connector.features.creates
    connector.close()
