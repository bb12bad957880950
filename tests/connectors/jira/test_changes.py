"""Looking for changes since a cursor, against the imitated Jira and its late search index."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from okrsync.connectors.base import Pull
from okrsync.connectors.errors import Forbidden, Rejected
from okrsync.connectors.jira import cursor as cursors
from okrsync.connectors.jira.settings import Source
from tests.connectors.jira.conftest import ANN, NOON, Look, World


@dataclass
class Follower:
    """Somebody who follows a collection by cursors, starting with a full look."""

    look: Look
    want: tuple[str, ...] = ("summary",)
    last: Pull = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.look.pull(*self.want)

    def next(self) -> Pull:
        self.last = self.look.pull(*self.want, cursor=self.last.cursor)
        return self.last

    def since(self) -> float:
        """Minutes after noon at which the next look starts."""
        assert self.last.cursor is not None
        return float(json.loads(self.last.cursor)["since"]) / 60_000 - NOON.timestamp() / 60


def titles(pull: Pull) -> set[str]:
    return {record.title for record in pull.records}


def parents(pull: Pull) -> dict[str, str | None]:
    return {child.native_id: child.parent for child in pull.children}


@pytest.fixture
def quiet(world: World) -> World:
    """Two epics with a story each, older than an hour when the first look comes."""
    for name in ("one", "two"):
        epic = world.site.add_epic("ACME", name)
        world.site.add_issue("ACME", f"story of {name}", parent=epic.key)
    world.later(62)
    return world


@pytest.fixture
def follower(quiet: World, look: Look) -> Follower:
    return Follower(look)


def test_a_full_look_is_complete_and_a_delta_is_not(quiet: World, follower: Follower) -> None:
    """Nothing may be concluded from what a delta does not hold."""
    assert follower.last.complete
    assert not follower.next().complete
    assert follower.last.cursor is not None


def test_nothing_changed_is_one_request(quiet: World, follower: Follower) -> None:
    """One search, nothing else, and nothing comes back."""
    quiet.later(70)
    follower.next()
    quiet.later(10)
    look, schema = follower.look, follower.look.schema
    before = look.reads()
    delta = look.connector.pull(look.source, schema, follower.want, follower.last.cursor)
    assert look.reads() - before == 1
    assert (delta.records, delta.children) == ((), ())


def test_an_epic_that_comes_again_only_by_the_overlap_costs_nothing_more(
    quiet: World, follower: Follower
) -> None:
    """Its children elsewhere are asked for once per edit, not in every look of the hour."""
    quiet.person("edit", issue="ACME-1", fields={"summary": "new"})
    reads = []
    for _ in range(3):
        before = follower.look.reads()
        assert titles(follower.next()) == {"new"}
        reads.append(follower.look.reads() - before)
        quiet.later(1)
    assert reads == [2, 1, 1]


def test_a_changed_epic_and_a_changed_child_come_alone(quiet: World, follower: Follower) -> None:
    """The others are not read again."""
    quiet.later(70)
    follower.next()
    quiet.person("edit", issue="ACME-1", fields={"summary": "new"})
    quiet.person("transition", issue="ACME-4", to="done")
    delta = follower.next()
    assert titles(delta) == {"new"}
    (child,) = delta.children
    assert child.cells["status_category"].value == "done"
    assert child.parent == quiet.site.issue("ACME-3")["id"]


def test_a_new_epic_and_a_new_child_come(quiet: World, follower: Follower) -> None:
    """What did not exist at the last look is a change."""
    epic = quiet.site.add_epic("ACME", "three")
    child = quiet.site.add_issue("ACME", "story of three", parent=epic.key)
    delta = follower.next()
    assert titles(delta) >= {"three"}
    assert parents(delta)[child.id] == epic.id


@pytest.mark.parametrize("parent", [None, "ACME-3"])
def test_a_child_that_left_its_epic_comes_with_its_new_parent_or_none(
    quiet: World, follower: Follower, parent: str | None
) -> None:
    """The old epic's count can only be corrected by the one who knows that it was there."""
    quiet.person("reparent", issue="ACME-2", parent=parent)
    left = quiet.site.issue("ACME-2")
    assert parents(follower.next())[left["id"]] == left["parent"]


def test_a_child_called_off_comes_without_parent(quiet: World, look: Look) -> None:
    """It counts nowhere any more, which a delta must be able to say."""
    look.source = Source(projects=["ACME"], cancelled=["Done"])
    follower = Follower(look)
    quiet.person("transition", issue="ACME-2", to="done")
    assert parents(follower.next()) == {quiet.site.issue("ACME-2")["id"]: None}


def test_sub_tasks_of_stories_are_no_children(quiet: World, follower: Follower) -> None:
    """Counting a story and its sub-tasks would count the same work twice."""
    piece = quiet.site.add_issue("ACME", "piece", type="Sub-task", parent="ACME-2")
    assert piece.id not in parents(follower.next())


def test_sub_tasks_come_where_they_are_wanted(quiet: World, look: Look) -> None:
    """A changed one by itself, and all of an issue that changed: it may be new below its epic."""
    piece = quiet.site.add_issue("ACME", "piece", type="Sub-task", parent="ACME-2")
    look.source = Source(projects=["ACME"], subtasks=True)
    follower = Follower(look)
    quiet.later(70)
    follower.next()
    story = quiet.site.issue("ACME-2")["id"]
    quiet.person("transition", issue=piece.key, to="done")
    assert parents(follower.next()) == {piece.id: story}
    quiet.later(70)
    follower.next()
    quiet.person("transition", issue="ACME-2", to="done")
    assert parents(follower.next())[piece.id] == story


def test_a_child_in_a_project_seen_before_comes(quiet: World, look: Look) -> None:
    """The cursor remembers in which projects children live."""
    quiet.site.add_project("BETA")
    far = quiet.site.add_issue("BETA", "far", parent="ACME-1")
    follower = Follower(look)
    quiet.later(70)
    follower.next()
    quiet.person("transition", issue=far.key, to="done")
    assert [child.native_id for child in follower.next().children] == [far.id]


def test_a_child_made_in_a_project_never_seen_comes_with_its_epic(quiet: World, follower: Follower) -> None:
    """Linking a child touches the epic; its children outside the known projects are then asked for."""
    quiet.site.add_project("BETA")
    far = quiet.site.add_issue("BETA", "far", parent="ACME-1")
    assert parents(follower.next())[far.id] == quiet.site.issue("ACME-1")["id"]
    quiet.later(70)
    follower.next()
    quiet.person("transition", issue=far.key, to="done")
    assert [child.native_id for child in follower.next().children] == [far.id]


def test_a_child_moved_to_a_known_project_stays_the_same_child(quiet: World, look: Look) -> None:
    """The key changes, the id and the parent stay."""
    quiet.site.add_project("BETA")
    quiet.site.add_issue("BETA", "far", parent="ACME-1")
    follower = Follower(look)
    moved = quiet.site.issue("ACME-2")
    quiet.person("move", issue="ACME-2", project="BETA")
    child = next(c for c in follower.next().children if c.native_id == moved["id"])
    assert (child.key, child.parent) == ("BETA-2", moved["parent"])


def test_an_epic_that_moved_out_of_the_scope_is_left_out(quiet: World, look: Look) -> None:
    """A delta cannot tell what became of it; the full look and a direct one can."""
    quiet.site.add_project("BETA")
    quiet.site.add_issue("BETA", "far", parent="ACME-1")
    follower = Follower(look)
    quiet.person("move", issue="ACME-3", project="BETA")
    delta = follower.next()
    assert "two" not in titles(delta)
    assert quiet.site.issue("BETA-2")["id"] not in parents(delta)


def test_other_epics_of_a_childs_project_are_not_ours(quiet: World, look: Look) -> None:
    """The search is wider than the collection; the records are not."""
    quiet.site.add_project("BETA")
    quiet.site.add_issue("BETA", "far", parent="ACME-1")
    follower = Follower(look)
    quiet.site.add_epic("BETA", "theirs")
    assert "theirs" not in titles(follower.next())


def test_the_admins_condition_holds_for_epics_and_not_for_children(quiet: World, look: Look) -> None:
    """An epic must fulfil it to be a record; its children need not."""
    marked = quiet.site.add_epic("ACME", "marked", labels=["okr"])
    look.source = Source(projects=["ACME"], jql="labels = okr OR labels = objective")
    follower = Follower(look)
    quiet.later(70)
    follower.next()
    child = quiet.site.add_issue("ACME", "child", parent=marked.key)
    quiet.person("edit", issue="ACME-1", fields={"summary": "unmarked"})
    delta = follower.next()
    assert titles(delta) == {"marked"}
    assert child.id in parents(delta)


def test_an_edit_during_the_walk_is_seen_once_as_it_is_now(
    quiet: World, follower: Follower, cloud_only: None
) -> None:
    """Sorted by edits, an issue edited between two pages comes twice; the later one counts."""
    quiet.person("settings", page_cap=2)
    edit = {"issue": "ACME-1", "fields": {"summary": "edited"}}
    quiet.person("edit", issue="ACME-1", fields={"summary": "first"})
    for number in range(4):
        quiet.later(0.1)
        quiet.site.add_epic("ACME", f"epic {number}")
    person = {"service": "jira", "action": "edit", "arguments": edit}
    quiet.fault("hook", **quiet.searches, when="after", person=person)
    quiet.later(0.1)
    delta = follower.next()
    assert titles(delta) == {"edited", "epic 0", "epic 1", "epic 2", "epic 3"}
    assert len(delta.records) == 5


def test_an_edit_behind_the_walk_comes_with_the_next(quiet: World, look: Look) -> None:
    """A full look is no snapshot: what was edited on a page already read is found by the next delta."""
    quiet.person("settings", page_cap=1)
    edit = {"issue": "ACME-1", "fields": {"summary": "edited"}}
    person = {"service": "jira", "action": "edit", "arguments": edit}
    quiet.fault("hook", **quiet.searches, when="after", person=person)
    follower = Follower(look)
    assert "one" in titles(follower.last)
    quiet.later(30)
    assert "edited" in titles(follower.next())


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def test_the_accounts_zone_changes_nothing(quiet: World, follower: Follower, zone: str) -> None:
    """West of UTC a bare time would silently skip hours; moments without quotes have no zone."""
    quiet.person("change_user", email=ANN, time_zone=zone)
    quiet.later(70)
    follower.next()
    quiet.later(1)
    quiet.person("edit", issue="ACME-1", fields={"summary": "edited"})
    quiet.later(1)
    assert titles(follower.next()) == {"edited"}
    assert follower.since() == pytest.approx(128, abs=0.1)


def test_an_edit_the_index_shows_late_is_not_lost(quiet: World, follower: Follower) -> None:
    """The cursor stays behind the newest issue seen, so an edit indexed after it is still ahead."""
    quiet.person("edit", issue="ACME-1", fields={"summary": "late"})
    quiet.person("settings", search_lag=180)
    quiet.later(1)
    assert "late" not in titles(follower.next())
    quiet.later(1)
    assert "late" not in titles(follower.next())
    quiet.later(2)
    assert "late" in titles(follower.next())


def test_a_stale_page_does_not_move_the_cursor_past_what_it_hid(quiet: World, follower: Follower) -> None:
    """One old answer among fresh ones, with many looks after it, loses nothing."""
    quiet.later(10)
    quiet.person("edit", issue="ACME-1", fields={"summary": "hidden"})
    quiet.later(1)
    quiet.fault("stale_search", **quiet.searches, seconds=120)
    assert "hidden" not in titles(follower.next())
    quiet.person("edit", issue="ACME-3", fields={"summary": "seen"})
    quiet.later(1)
    assert titles(follower.next()) == {"hidden", "seen"}


def test_the_cursor_follows_jiras_clock_and_not_ours(quiet: World, follower: Follower) -> None:
    """The sandbox lives in another year than this machine; the cursor lives in the sandbox's."""
    assert follower.since() == 2
    quiet.later(120)
    follower.next()
    assert follower.since() == 122


def test_the_cursor_never_passes_the_last_minutes(quiet: World, follower: Follower) -> None:
    """An issue that claims to come from the future does not carry the cursor with it."""
    quiet.later(10)
    issue = quiet.site.add_epic("ACME", "future")
    dump = quiet.site.dump()
    for row in dump["issues"]:
        if row["id"] == issue.id:
            row["updated"] += 86_400_000
    quiet.sandbox.call(lambda: quiet.site.load(dump))
    assert "future" in titles(follower.next())
    assert follower.since() == 62 + 10 - cursors.LAG_MS / 60_000


def test_a_cursor_of_another_question_leads_to_a_full_look(quiet: World, follower: Follower) -> None:
    """A new binding, another scope or a foreign text: unchanged issues must be read too."""
    cursor = follower.last.cursor
    for source, want in (
        (Source(projects=["ACME"], jql="labels is EMPTY"), follower.want),
        (follower.look.source, ("summary", "duedate")),
    ):
        assert follower.look.connector.pull(source, follower.look.schema, want, cursor).complete
    for foreign in ("", "null", "[]", "{}", '{"since": "x"}', "not JSON"):
        assert follower.look.pull(*follower.want, cursor=foreign).complete


def test_a_project_that_disappeared_leads_to_a_full_look(quiet: World, look: Look) -> None:
    """One unknown project fails the whole query; the full look finds which ones there are."""
    quiet.site.add_project("BETA")
    quiet.site.add_issue("BETA", "far", parent="ACME-1")
    follower = Follower(look)
    quiet.person("restrict", project="BETA", email=ANN, browse=False)
    assert follower.next().complete
    assert not follower.next().complete


def test_a_collection_that_cannot_be_read_is_still_an_error(quiet: World, follower: Follower) -> None:
    """Falling back to a full look does not hide what is wrong."""
    schema = follower.look.schema
    quiet.person("restrict", project="ACME", email=ANN, browse=False)
    with pytest.raises((Rejected, Forbidden)):
        follower.look.connector.pull(follower.look.source, schema, follower.want, follower.last.cursor)


def test_without_jiras_clock_the_newest_issue_counts() -> None:
    """An answer without `Date` gives no time; ours is not taken instead."""
    issue = {"id": "1", "fields": {"updated": "2026-05-04T12:00:00.000+0000"}}
    terms = cursors.Terms(("10000",), ())
    known = cursors.first([issue], None, ["ACME"], "s", terms)
    assert known is not None
    assert known.since == (NOON - timedelta(minutes=5)).timestamp() * 1000
    assert cursors.first([], None, ["ACME"], "s", terms) is None
    assert known.moved([], None, ["ACME"]) == known


def test_the_cursor_survives_as_text(quiet: World, follower: Follower) -> None:
    """It is JSON with the moment, the projects, the scope and the overlap, and reads back as itself."""
    text = follower.last.cursor
    assert text is not None
    data: dict[str, Any] = json.loads(text)
    assert set(data) == {"since", "projects", "scope", "terms", "parents"}
    known = cursors.read(text, data["scope"])
    assert known is not None
    assert known.text() == text
