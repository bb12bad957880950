"""Writing what is no plain field: a status, which moves by transitions, and a person, who is an account."""

from __future__ import annotations

import pytest

from okrsync.connectors.base import Patch, Written
from okrsync.connectors.errors import Forbidden, OutcomeUnknown, RateLimited, Rejected
from tests.connectors.jira.conftest import ANN, Look, World
from tests.connectors.jira.test_writing import values, write

TRANSITIONS = "*/transitions"
DONE = "10001"


@pytest.fixture
def epic(world: World) -> str:
    """An epic nobody works on yet."""
    return world.site.add_epic("ACME", "epic").id


def refusal(written: Written) -> Rejected:
    assert isinstance(written.error, Rejected), written
    return written.error


def writes(look: Look) -> int:
    return look.connector.requests()["write"]


@pytest.mark.parametrize(("name", "value"), [("status", "done"), ("status_id", DONE)])
def test_a_status_moves_by_the_one_transition_there_is(
    world: World, look: Look, epic: str, name: str, value: str
) -> None:
    """By category or by id; what comes back is what Jira shows afterwards."""
    written = write(look, epic, {name: value})
    assert written.error is None
    assert values(written) == {name: value}
    assert world.site.issue(epic)["status"] == DONE
    assert writes(look) == 1


def test_fields_and_status_in_one_patch(world: World, look: Look, epic: str) -> None:
    """The fields by one PUT, then the transition; all of it is read back."""
    written = write(look, epic, {"summary": "new", "status": "indeterminate"})
    assert values(written) == {"summary": "new", "status": "indeterminate"}
    assert world.site.issue(epic)["values"]["summary"] == "new"
    assert writes(look) == 2


def test_a_status_that_is_there_already_sends_nothing(look: Look, epic: str) -> None:
    """No transition into the same category: people would see a change that is none."""
    before = look.connector.requests()
    written = write(look, epic, {"status": "new"})
    assert (values(written), written.answer) == ({"status": "new"}, "unchanged")
    assert writes(look) == before["write"]


def test_several_targets_are_a_choice_for_people(world: World, look: Look, epic: str) -> None:
    """The message names the statuses by id, and how to choose one; no request is sent for it."""
    closed = world.site.add_status("Closed", "done")
    error = refusal(write(look, epic, {"status": "done"}))
    assert f"{DONE} (Done), {closed} (Closed)" in error.message
    assert "status_id" in error.advice
    assert writes(look) == 0
    assert values(write(look, epic, {"status_id": closed})) == {"status_id": closed}


def test_a_status_that_cannot_be_moved_does_not_hold_up_the_rest(world: World, look: Look, epic: str) -> None:
    """The other fields are written, the status is named as refused."""
    world.site.add_status("Closed", "done")
    written = write(look, epic, {"summary": "New", "status": "done"})
    assert written.refused is not None and list(written.refused.fields) == ["status"]
    assert world.site.issue(epic)["values"]["summary"] == "New"


def test_a_transition_that_asks_for_fields_is_left_to_people(world: World, look: Look, epic: str) -> None:
    """A screen with required fields is for somebody who knows what to fill in."""
    world.person("settings", asked_on_transition={DONE: ["duedate"]})
    error = refusal(write(look, epic, {"status": "done"}))
    assert "asks for Due date" in error.message
    assert writes(look) == 0


def test_of_two_transitions_the_one_that_asks_nothing_is_taken(world: World, look: Look, epic: str) -> None:
    """There is one way that needs nobody."""
    closed = world.site.add_status("Closed", "done")
    world.person("settings", asked_on_transition={DONE: ["duedate"]})
    assert write(look, epic, {"status": "done"}).error is None
    assert world.site.issue(epic)["status"] == closed


@pytest.mark.parametrize("permitted", [True, False])
def test_no_way_there_is_told(world: World, look: Look, epic: str, permitted: bool) -> None:
    """An empty list means no transition or no permission; Jira does not tell which, so both are named."""
    world.person("settings", unreachable=[DONE])
    world.person("restrict", project="ACME", email=ANN, edit=permitted)
    error = refusal(write(look, epic, {"status": "done"}))
    assert "no transition leads to done" in error.message
    assert "Transition issues" in error.advice


def test_a_move_that_fails_after_the_fields_is_half_a_patch(world: World, look: Look, epic: str) -> None:
    """Nobody may believe that nothing was written."""
    world.fault("status", method="POST", path=TRANSITIONS, status=409)
    written = write(look, epic, {"summary": "new", "status": "done"})
    assert isinstance(written.error, OutcomeUnknown)
    assert "the status was not moved" in written.error.message
    assert world.site.issue(epic)["values"]["summary"] == "new"


def test_a_lost_answer_to_a_move_is_an_unknown_outcome(world: World, look: Look, epic: str) -> None:
    """It is sent once only: a second one may be a step too far."""
    world.fault("reset", method="POST", path=TRANSITIONS, effect=True, times=None)
    assert isinstance(write(look, epic, {"status": "done"}).error, OutcomeUnknown)
    assert writes(look) == 1


def test_a_person_is_written_by_account(world: World, look: Look, epic: str) -> None:
    """The e-mail is looked up once; Jira gets the account id and shows the e-mail."""
    bob = world.site.add_user("bob@acme.test")
    written = write(look, epic, {"assignee": ("Bob@acme.test",)})
    assert values(written) == {"assignee": ("bob@acme.test",)}
    assert world.site.issue(epic)["values"]["assignee"] == bob
    other = world.site.add_epic("ACME", "other").id
    write(look, other, {"assignee": ("bob@acme.test",)})
    asked = [entry for entry in world.sandbox.log.entries() if entry.path.endswith("/user/search")]
    assert len(asked) == 1


def test_a_person_is_taken_away(world: World, look: Look, epic: str) -> None:
    """Nobody is a value too."""
    world.person("edit", issue=epic, fields={"assignee": ANN})
    assert values(write(look, epic, {"assignee": ()})) == {"assignee": ()}
    assert "assignee" not in world.site.issue(epic)["values"]


@pytest.mark.parametrize("named", ["bob@acme.test", "nobody@acme.test", "Bob Marsh"])
def test_a_person_who_cannot_be_proven_is_refused(world: World, look: Look, epic: str, named: str) -> None:
    """A hidden e-mail proves nobody, and a display name is not unique."""
    world.site.add_user("bob@acme.test", name="Bob Marsh", email_hidden=True)
    error = refusal(write(look, epic, {"assignee": (named,)}))
    assert "profile" in error.advice
    assert writes(look) == 0


def test_an_account_that_may_not_look_people_up(world: World, look: Look, epic: str) -> None:
    """The permission to browse people is Jira's to give."""
    world.fault("status", path="*/user/search", status=403)
    assert isinstance(write(look, epic, {"assignee": (ANN,)}).error, Forbidden)


def pause(world: World, reason: str, **at: str) -> None:
    headers = {"RateLimit-Reason": reason}
    world.fault("status", status=429, retry_after=3600, headers=headers, times=1, **at)


@pytest.mark.parametrize(
    ("reason", "next_edit", "next_look"),
    [
        ("jira-per-issue-on-write", True, True),
        ("jira-burst-based", False, True),
        ("jira-quota-tenant-based", False, False),
        ("something-new", False, False),
    ],
)
def test_each_reason_to_slow_down_pauses_what_it_concerns(
    world: World, look: Look, epic: str, reason: str, next_edit: bool, next_look: bool
) -> None:
    """One issue, one endpoint, or everything when the quota is used up or the reason is not known."""
    other = world.site.add_epic("ACME", "other").id
    records, schema = look.fetch(epic, other), look.schema
    pause(world, reason, method="PUT", path="*/issue/*")
    patches = [Patch(records[one], {"summary": "new"}) for one in (epic, other)]
    first, second = look.connector.write(look.source, schema, patches)
    assert first.error is not None
    assert (second.error is None) is next_edit
    assert sees(look, epic) is next_look
    assert world.time.now == 0


def sees(look: Look, issue_id: str) -> bool:
    """Whether a look is possible at all now."""
    try:
        return issue_id in look.fetch(issue_id)
    except RateLimited:
        return False


def test_a_paused_issue_stays_paused(world: World, look: Look, epic: str) -> None:
    """The same issue is not written again before its time; it is not even asked."""
    record, schema = look.fetch(epic)[epic], look.schema
    pause(world, "jira-per-issue-on-write", method="PUT", path="*/issue/*")
    patches = [Patch(record, {"summary": "new"})] * 2
    results = look.connector.write(look.source, schema, patches)
    assert all(result.error is not None for result in results)
    assert writes(look) == 1
