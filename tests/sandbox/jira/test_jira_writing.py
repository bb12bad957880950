"""Edits, properties, transitions and creation in the imitated Jira."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.sandbox.jira import OKR_PROGRESS, STORY_POINTS
from tests.sandbox.jira.conftest import NOW_MS, SYNC, Site


def test_put_writes_fields_and_properties_together(jira: Site) -> None:
    """One request sets the number people see and the machine's own copy; the answer is the issue."""
    jira.clock.advance(60)
    body = {
        "fields": {OKR_PROGRESS: 0.25},
        "update": {"labels": [{"add": "okr"}, {"remove": "kr-checkout"}]},
        "properties": [{"key": "okrsync", "value": {"run": "1"}}],
    }
    answer = jira.ask("PUT", "issue/10000", body, returnIssue="true")
    assert answer.status_code == 200
    fields = answer.json()["fields"]
    assert (fields[OKR_PROGRESS], fields["labels"]) == (0.25, ["okr"])
    assert fields["updated"] == "2026-11-02T04:01:00.000-0500"
    assert jira.ask("GET", "issue/10000/properties/okrsync").json()["value"] == {"run": "1"}


def test_put_answers_204_without_body(jira: Site) -> None:
    """Without returnIssue there is nothing to read."""
    answer = jira.ask("PUT", "issue/ACME-1", {"fields": {"summary": "New"}})
    assert (answer.status_code, answer.content) == (204, b"")


def test_one_refused_field_refuses_the_request(jira: Site) -> None:
    """A PUT is all or nothing, and names each refused field."""
    before = jira.service.issue("ACME-1")
    body = {
        "fields": {"summary": "New", "status": {"id": "3"}, "customfield_99999": 1, OKR_PROGRESS: "0.5"},
        "properties": [{"key": "okrsync", "value": 1}],
    }
    errors = jira.refusal("PUT", "issue/ACME-1", body)["errors"]
    assert set(errors) == {"status", "customfield_99999", OKR_PROGRESS}
    assert "not on the appropriate screen" in errors["status"] and "number" in errors[OKR_PROGRESS]
    assert jira.service.issue("ACME-1") == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", ""),
        ("summary", "two\nlines"),
        ("summary", 5),
        ("labels", ["two words"]),
        ("labels", "text"),
        ("duedate", "31.12.2026"),
        ("description", "plain text"),
        ("assignee", {"accountId": "nobody"}),
        ("parent", {"key": "ACME-5"}),
        ("parent", {"key": "ACME-99"}),
        (STORY_POINTS, True),
        (STORY_POINTS, "3"),
    ],
)
def test_wrong_values_are_refused(jira: Site, field: str, value: Any) -> None:
    """Types are checked; text is no number, a sentence is no document, a task is no epic."""
    errors = jira.refusal("PUT", "issue/ACME-3", {"fields": {field: value}})["errors"]
    assert set(errors) == {field}


def test_field_needs_the_projects_screen(jira: Site) -> None:
    """The OKR field is on the screens of the projects that were given it, and can be taken off."""
    jira.service.add_project("BARE", with_okr_field=False)
    bare = jira.service.add_epic("BARE", "No field here")
    assert OKR_PROGRESS not in jira.fields(bare.key)
    jira.refusal("PUT", f"issue/{bare.key}", {"fields": {OKR_PROGRESS: 1}})
    assert OKR_PROGRESS in jira.ask("GET", "issue/ACME-1/editmeta").json()["fields"]
    jira.person("screen", project="ACME", field="OKR progress", shown=False)
    assert OKR_PROGRESS not in jira.ask("GET", "issue/ACME-1/editmeta").json()["fields"]


def test_field_in_fields_and_update_is_refused(jira: Site) -> None:
    """A field may be in only one of them."""
    body = {"fields": {"labels": []}, "update": {"labels": [{"add": "x"}]}}
    assert set(jira.refusal("PUT", "issue/ACME-1", body)["errors"]) == {"labels"}


def test_put_needs_fields_or_update(jira: Site) -> None:
    """Neither of them is a 400 (recorded)."""
    assert jira.refusal("PUT", "issue/ACME-1", {})["errorMessages"] == [
        "one of 'fields' or 'update' required"
    ]


@pytest.mark.parametrize("value", ["0", "False"])
def test_flags_are_words(jira: Site, value: str) -> None:
    """Only true and false count for notifyUsers."""
    answer = jira.ask("PUT", "issue/ACME-1", {"fields": {"summary": "x"}}, notifyUsers=value)
    assert answer.status_code == 400


def test_notify_users_without_the_right(jira: Site) -> None:
    """Where the wish is refused, it is a 403 and nothing is written; elsewhere it is ignored."""
    body = {"fields": {"summary": "Quiet"}}
    jira.person("settings", notify_refused=True)
    assert jira.ask("PUT", "issue/ACME-1", body, notifyUsers="false").status_code == 403
    assert jira.fields("ACME-1")["summary"] == "Faster checkout"
    jira.person("change_user", email=SYNC[0], admin=True)
    mails = jira.service.mails
    assert jira.ask("PUT", "issue/ACME-1", body, notifyUsers="false").status_code == 204
    assert jira.service.mails == mails


def test_unchanged_write_does_not_move_updated(jira: Site) -> None:
    """Writing what is there leaves no trace, and sends no mail."""
    before, mails = jira.fields("ACME-1")["updated"], jira.service.mails
    jira.clock.advance(60)
    jira.ask("PUT", "issue/ACME-1", {"fields": {"summary": "Faster checkout"}})
    assert (jira.fields("ACME-1")["updated"], jira.service.mails) == (before, mails)


def test_child_edit_does_not_touch_the_epic_but_linking_does(jira: Site) -> None:
    """Epics do not notice their children's edits; company-managed ones notice links (recorded)."""
    jira.clock.advance(60)
    jira.person("transition", issue="ACME-3", to="done")
    assert jira.service.issue("ACME-1")["updated"] == NOW_MS
    jira.person("reparent", issue="ACME-3", parent="ACME-2")
    moved = [jira.service.issue(key)["updated"] for key in ("ACME-1", "ACME-2")]
    assert moved == [NOW_MS + 60_000] * 2


@pytest.mark.parametrize("moves", [False, True])
def test_property_write_and_updated(jira: Site, moves: bool) -> None:
    """Whether a property write moves `updated` is a setting, as nobody knows."""
    jira.person("settings", property_moves_updated=moves)
    jira.clock.advance(60)
    assert jira.ask("PUT", "issue/ACME-1/properties/okrsync", {"a": 1}).status_code == 201
    assert jira.ask("PUT", "issue/ACME-1/properties/okrsync", {"b": 2}).status_code == 200
    assert jira.ask("GET", "issue/ACME-1/properties/okrsync").json()["value"] == {"b": 2}
    assert (jira.service.issue("ACME-1")["updated"] > NOW_MS) is moves


def test_property_limits_and_absence(jira: Site) -> None:
    """32,768 characters at most; an absent one is a 404."""
    jira.refusal("PUT", "issue/ACME-1/properties/okrsync", "x" * 32_768)
    assert jira.ask("GET", "issue/ACME-1/properties/okrsync").status_code == 404


def test_transitions_move_the_status(jira: Site) -> None:
    """Status moves by transition id only; done resolves, reopening clears it."""
    known = jira.ask("GET", "issue/ACME-3/transitions").json()["transitions"]
    ids = {t["to"]["statusCategory"]["key"]: t["id"] for t in known}
    assert (
        jira.ask("POST", "issue/ACME-3/transitions", {"transition": {"id": ids["done"]}}).status_code == 204
    )
    assert jira.fields("ACME-3")["resolution"]["name"] == "Done"
    jira.ask("POST", "issue/ACME-3/transitions", {"transition": {"id": ids["new"]}})
    assert jira.fields("ACME-3")["resolution"] is None
    jira.refusal("POST", "issue/ACME-3/transitions", {"transition": {"id": "9999"}})


def test_create_with_properties(jira: Site) -> None:
    """POST makes an issue each time it is asked, with its properties."""
    fields = {"project": {"key": "ACME"}, "issuetype": {"id": "10000"}, "summary": "Made"}
    body = {"fields": fields, "properties": [{"key": "okrsync", "value": {"key": "o1"}}]}
    made = [jira.ask("POST", "issue", body) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert [answer.json()["key"] for answer in made] == ["ACME-6", "ACME-7"]
    assert jira.service.issue("ACME-6")["properties"] == {"okrsync": {"key": "o1"}}


@pytest.mark.parametrize(
    ("missing", "field"), [("project", "project"), ("issuetype", "issuetype"), ("summary", "summary")]
)
def test_create_names_what_is_missing(jira: Site, missing: str, field: str) -> None:
    """Nothing is made when a needed field is missing."""
    fields = {"project": {"key": "ACME"}, "issuetype": {"id": "10000"}, "summary": "Made"}
    del fields[missing]
    assert set(jira.refusal("POST", "issue", {"fields": fields})["errors"]) == {field}
    assert len(jira.keys("project = ACME")) == 5


def test_transitions_show_what_they_ask_for(jira: Site) -> None:
    """Only with the expansion; without the fields the move is refused, and nothing has moved."""
    jira.person("settings", asked_on_transition={"10001": ["duedate"]}, unreachable=["3"])
    assert all(
        "fields" not in one for one in jira.ask("GET", "issue/ACME-3/transitions").json()["transitions"]
    )
    answer = jira.ask("GET", "issue/ACME-3/transitions", expand="transitions.fields").json()
    targets = {one["to"]["id"]: one for one in answer["transitions"]}
    assert set(targets) == {"10000", "10001"}
    assert targets["10001"]["fields"]["duedate"]["required"] is True
    body = {"transition": {"id": targets["10001"]["id"]}}
    assert set(jira.refusal("POST", "issue/ACME-3/transitions", body)["errors"]) == {"duedate"}
    assert jira.service.issue("ACME-3")["status_category"] == "new"
