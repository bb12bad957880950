"""Writes against the imitated Jira: what arrives, what stays, what is read back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Native, Patch, Written
from okrsync.connectors.errors import AuthFailed, EditConflict, NotFound, OutcomeUnknown, Rejected
from tests.connectors.jira.conftest import ANN, Look, World

PROGRESS = "customfield_10050"
PUT = {"method": "PUT", "path": "*/issue/*"}


def write(look: Look, issue_id: str, cells: Mapping[str, Native]) -> Written:
    """Fetch the issue afresh and write these cells."""
    record = look.fetch(issue_id, want=tuple(cells))[issue_id]
    (written,) = look.connector.write(look.source, look.schema, [Patch(record, cells)])
    return written


def values(written: Written) -> dict[str, Any]:
    return {name: cell.value for name, cell in written.cells.items()}


@pytest.fixture
def epic(world: World) -> str:
    """An epic with a label and a property member of somebody else."""
    made = world.site.add_epic("ACME", "epic", labels=["kr-1"], properties={"okrsync": {"kept": [1, 0.5]}})
    return made.id


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("summary", "New title", "New title"),
        ("duedate", date(2026, 6, 30), "2026-06-30"),
        (PROGRESS, Decimal("0.42"), 0.42),
        (PROGRESS, Decimal(0), 0.0),
        (PROGRESS, Decimal("123456789012345"), 123456789012345.0),
        ("labels", ("kr-1", "new"), ["kr-1", "new"]),
    ],
)
def test_a_value_arrives_and_is_read_back(
    world: World, look: Look, epic: str, name: str, value: Native, stored: object
) -> None:
    """What the site holds afterwards, and what the write reports, is what was asked for."""
    written = write(look, epic, {name: value})
    assert written.error is None
    assert world.site.issue(epic)["values"][name] == stored
    assert values(written) == {name: value}
    assert written.answer.startswith("20")


@pytest.mark.parametrize(("name", "empty"), [("duedate", None), (PROGRESS, None), ("labels", ())])
def test_a_value_is_emptied(world: World, look: Look, epic: str, name: str, empty: Native) -> None:
    """None empties a field, which is not the same as 0."""
    world.person("edit", issue=epic, fields={"duedate": "2026-01-01", PROGRESS: 1})
    written = write(look, epic, {name: None})
    assert not world.site.issue(epic)["values"].get(name)
    assert values(written) == {name: empty}


def test_fields_and_property_go_in_one_request(world: World, look: Look, epic: str, cloud_only: None) -> None:
    """One PUT for everything of an issue, and one look for what its answer does not show."""
    record = look.fetch(epic, want=(PROGRESS,))[epic]
    schema, before = look.schema, look.connector.requests()
    patch = Patch(record, {PROGRESS: Decimal("0.5"), "property:okrsync.progress": Decimal("0.50")})
    (written,) = look.connector.write(look.source, schema, [patch])
    after = look.connector.requests()
    assert values(written) == {PROGRESS: Decimal("0.5"), "property:okrsync.progress": "0.5"}
    assert after["write"] - before["write"] == 1
    assert after["read"] - before["read"] == 1


def test_the_property_keeps_what_the_patch_does_not_name(world: World, look: Look, epic: str) -> None:
    """The property is replaced whole, with the other members as the fresh look showed them."""
    write(look, epic, {"property:okrsync.status": "on_track", "property:okrsync.digits": Decimal("1E+2")})
    stored = world.site.issue(epic)["properties"]["okrsync"]
    assert stored == {"kept": [1, 0.5], "status": "on_track", "digits": "100"}


def test_a_member_is_taken_out(world: World, look: Look, epic: str) -> None:
    """None removes a member; it then reads as None."""
    write(look, epic, {"property:okrsync.status": "on_track"})
    written = write(look, epic, {"property:okrsync.status": None})
    assert values(written) == {"property:okrsync.status": None}
    assert world.site.issue(epic)["properties"]["okrsync"] == {"kept": [1, 0.5]}


def test_a_foreign_property_is_not_overwritten(world: World, look: Look, epic: str) -> None:
    """Something that is not our object stays; the write says so."""
    world.person("set_property", issue=epic, key="okrsync", value=["theirs"])
    written = write(look, epic, {"property:okrsync.status": "on_track"})
    assert isinstance(written.error, Rejected)
    assert world.site.issue(epic)["properties"]["okrsync"] == ["theirs"]


def test_a_label_added_meanwhile_stays(world: World, look: Look, epic: str) -> None:
    """Labels go by add and remove, so that a person's new label survives our write."""
    record = look.fetch(epic, want=("labels",))[epic]
    world.person("label", issue=epic, add=["urgent"])
    look.connector.write(look.source, look.schema, [Patch(record, {"labels": ("kr-2",)})])
    assert world.site.issue(epic)["values"]["labels"] == ["urgent", "kr-2"]


def test_unchanged_labels_send_nothing(look: Look, epic: str) -> None:
    """No request, no mail, no history entry when nothing would change."""
    before = look.connector.requests()["write"]
    written = write(look, epic, {"labels": ("kr-1",)})
    assert values(written) == {"labels": ("kr-1",)}
    assert look.connector.requests()["write"] == before


def test_only_named_cells_are_touched(world: World, look: Look, epic: str) -> None:
    """A write never sends a field the patch does not name."""
    before = world.site.issue(epic)["values"]
    write(look, epic, {PROGRESS: Decimal(1)})
    assert world.site.issue(epic)["values"] == {**before, PROGRESS: 1.0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status_name", "Done"),
        ("status", None),
        ("assignee", (ANN, "bob@acme.test")),
        ("assignee", ANN),
        ("description", "words"),
        ("customfield_99999", Decimal(1)),
        (PROGRESS, "42"),
        (PROGRESS, Decimal("NaN")),
        ("duedate", "2026-06-30"),
        ("labels", "kr-1"),
        ("property:okrsync.x", ("a", "b")),
    ],
)
def test_what_cannot_be_written_is_refused_before_sending(
    look: Look, epic: str, name: str, value: Native
) -> None:
    """Read-only fields, fields that are gone and values of another type never reach Jira."""
    before = look.connector.requests()["write"]
    written = write(look, epic, {name: value})
    assert isinstance(written.error, Rejected)
    assert name in written.error.fields
    assert look.connector.requests()["write"] == before


def test_a_field_off_the_screen_is_named_with_advice(world: World, look: Look, epic: str) -> None:
    """The message tells which field by its name, where, and what an admin has to do."""
    record = look.fetch(epic, want=(PROGRESS,))[epic]
    schema = look.schema
    world.person("edit_screen", project="ACME", field=PROGRESS, shown=False)
    patches = [Patch(record, {PROGRESS: Decimal(1)})]
    (written,) = look.connector.write(look.source, schema, patches)
    assert isinstance(written.error, Rejected)
    assert "OKR progress" in written.error.message
    assert "screen" in written.error.advice
    assert written.error.place == record.place


def test_the_other_fields_do_not_wait(world: World, look: Look, epic: str) -> None:
    """Jira refuses the whole edit for one field; the rest is sent again and shown, that field named."""
    world.person("edit_screen", project="ACME", field=PROGRESS, shown=False)
    sent: dict[str, Native] = {PROGRESS: Decimal(1), "summary": "New", "property:okrsync.status": "on_track"}
    written = write(look, epic, sent)
    assert written.error is None and written.refused is not None
    assert list(written.refused.fields) == [PROGRESS] and "OKR progress" in str(written.refused)
    held = world.site.issue(epic)
    assert held["values"]["summary"] == "New" and PROGRESS not in held["values"]
    assert held["properties"]["okrsync"]["status"] == "on_track"


def test_one_refusal_serves_all_issues_of_a_kind(
    world: World, look: Look, epic: str, cloud_only: None
) -> None:
    """N edits take N requests, and three more to find out: the refused one, its screen, the read-back."""
    world.person("edit_screen", project="ACME", field=PROGRESS, shown=False, type="Epic")
    ids = [epic, *(world.site.add_epic("ACME", f"epic {number}").id for number in range(9))]
    records = look.fetch(*ids, want=(PROGRESS, "summary"))
    schema, before = look.schema, sum(look.connector.requests().values())
    patches = [Patch(records[one], {PROGRESS: Decimal(1), "summary": "New"}) for one in ids]
    results = look.connector.write(look.source, schema, patches)
    assert [result.refused is not None and list(result.refused.fields) for result in results] == [
        [PROGRESS]
    ] * 10
    assert {world.site.issue(one)["values"]["summary"] for one in ids} == {"New"}
    assert sum(look.connector.requests().values()) - before == len(ids) + 2


def test_the_screen_of_one_type_says_nothing_about_another(world: World, look: Look, epic: str) -> None:
    """Screens belong to project and type: a story's may show what an epic's does not."""
    story = world.site.add_issue("ACME", "story", type="Story").id
    world.person("edit_screen", project="ACME", field=PROGRESS, shown=False, type="Epic")
    assert write(look, epic, {PROGRESS: Decimal(1), "summary": "New"}).refused is not None
    written = write(look, story, {PROGRESS: Decimal(1), "summary": "New"})
    assert written.refused is None and world.site.issue(story)["values"][PROGRESS] == 1.0


def test_a_value_that_is_refused_says_nothing_about_the_field(world: World, look: Look, epic: str) -> None:
    """A title too long for Jira is left out of that issue only; the next title is written."""
    other = world.site.add_epic("ACME", "other").id
    long = write(look, epic, {"summary": "x" * 256, PROGRESS: Decimal(1)})
    assert long.refused is not None and list(long.refused.fields) == ["summary"]
    assert world.site.issue(epic)["values"][PROGRESS] == 1.0
    assert write(look, other, {"summary": "New", PROGRESS: Decimal(1)}).refused is None


def test_an_unknown_person_does_not_hold_up_the_rest(world: World, look: Look, epic: str) -> None:
    """Nobody shows the e-mail: the assignee stays, the other fields are written."""
    written = write(look, epic, {"assignee": ("nobody@acme.test",), "summary": "New"})
    assert written.refused is not None and list(written.refused.fields) == ["assignee"]
    assert world.site.issue(epic)["values"]["summary"] == "New"


def test_a_failed_patch_does_not_stop_the_others(world: World, look: Look, epic: str) -> None:
    """Each patch has its own outcome, in the order given."""
    gone, other = world.site.add_epic("ACME", "gone").id, world.site.add_epic("ACME", "other").id
    records = look.fetch(gone, epic, other)
    world.person("delete", issue=gone)
    patches = [Patch(records[one], {"summary": "new"}) for one in (gone, epic, other)]
    results = look.connector.write(look.source, look.schema, patches)
    assert [result.native_id for result in results] == [gone, epic, other]
    assert isinstance(results[0].error, NotFound)
    assert [result.error for result in results[1:]] == [None, None]


def test_refused_credentials_stop_the_rest(world: World, look: Look, epic: str) -> None:
    """After one 401 nothing more is sent: repeated failures lock the account."""
    other = world.site.add_epic("ACME", "other").id
    records, schema = look.fetch(epic, other), look.schema
    world.person("change_user", email=ANN, token=None)
    before = look.connector.requests()["write"]
    patches = [Patch(record, {"summary": "new"}) for record in records.values()]
    results = look.connector.write(look.source, schema, patches)
    assert all(isinstance(result.error, AuthFailed) for result in results)
    assert look.connector.requests()["write"] - before == 1


@pytest.mark.parametrize("kind", ["reset", "html", "empty", "status"])
@pytest.mark.parametrize("effect", [True, False])
def test_a_lost_answer_is_an_unknown_outcome(
    world: World, look: Look, epic: str, kind: str, effect: bool
) -> None:
    """Whether or not Jira did it, we say that we do not know, and send it only once."""
    record, schema = look.fetch(epic)[epic], look.schema
    world.fault(kind, **PUT, effect=effect, times=None)
    before = look.connector.requests()["write"]
    (written,) = look.connector.write(look.source, schema, [Patch(record, {"summary": "new"})])
    assert isinstance(written.error, OutcomeUnknown)
    assert look.connector.requests()["write"] - before == 1


def test_a_cut_answer_is_an_unknown_outcome(world: World, look: Look, epic: str, cloud_only: None) -> None:
    """Half an issue proves nothing. (A Data Center's answer to an edit has no body to cut.)"""
    record, schema = look.fetch(epic)[epic], look.schema
    world.fault("truncated", **PUT, effect=True)
    (written,) = look.connector.write(look.source, schema, [Patch(record, {"summary": "new"})])
    assert isinstance(written.error, OutcomeUnknown)


def test_too_many_requests_is_waited_out(world: World, look: Look, epic: str) -> None:
    """A 429 proves that nothing was written, so the write is sent again after the pause."""
    world.fault("status", **PUT, status=429, retry_after=9)
    written = write(look, epic, {"summary": "new"})
    assert written.error is None
    assert world.time.now >= 9


def test_a_simultaneous_edit_is_a_conflict(world: World, look: Look, epic: str) -> None:
    """409 goes up: the engine reads and merges again."""
    world.fault("status", **PUT, status=409)
    assert isinstance(write(look, epic, {"summary": "new"}).error, EditConflict)


def test_a_failed_read_back_is_an_unknown_outcome(world: World, look: Look, epic: str) -> None:
    """Written but not seen: nobody may take it for confirmed."""
    record, schema = look.fetch(epic)[epic], look.schema
    world.fault("status", **world.looks, status=403)
    patch = Patch(record, {"property:okrsync.status": "on_track"})
    (written,) = look.connector.write(look.source, schema, [patch])
    assert isinstance(written.error, OutcomeUnknown)
    assert "read back" in written.error.message
