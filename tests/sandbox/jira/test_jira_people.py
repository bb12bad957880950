"""People's own edits, lost permissions, dumps, and edits put between a read and a write."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.sandbox.faults import FaultRule
from okrsync.sandbox.jira import OKR_PROGRESS, STORY_POINTS, JiraService
from okrsync.sandbox.service import PersonError
from tests.sandbox.jira.conftest import SYNC, Site


def test_lost_browse_permission_looks_like_deletion(jira: Site) -> None:
    """Hidden and deleted are the same to the caller: 404, absent, and a refused query."""
    jira.person("restrict", project="ACME", email=SYNC[0], browse=False)
    assert jira.ask("GET", "issue/ACME-1").status_code == 404
    assert jira.ask("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["10000"]}).json()["issues"] == []
    assert jira.ask("GET", "project/search").json()["total"] == 0
    jira.refusal("POST", "search/jql", {"jql": "project = ACME"})


def test_lost_edit_permission_reads_but_does_not_write(jira: Site) -> None:
    """Without Edit issues each field is 'not on the screen' and there are no transitions."""
    jira.person("restrict", project="ACME", email=SYNC[0], edit=False)
    assert jira.fields("ACME-1")["summary"] == "Faster checkout"
    assert set(jira.refusal("PUT", "issue/ACME-1", {"fields": {"summary": "x"}})["errors"]) == {"summary"}
    assert jira.ask("GET", "issue/ACME-1/transitions").json()["transitions"] == []


def test_deleting_an_epic_frees_its_children(jira: Site) -> None:
    """Children stay, without parent; the epic answers 404."""
    jira.person("delete", issue="ACME-1")
    answer = jira.ask("GET", "issue/10000")
    assert answer.status_code == 404 and "does not exist or you do not have" in answer.text
    assert jira.service.issue("ACME-3")["parent"] is None


def test_team_managed_projects_have_their_own_types(jira: Site) -> None:
    """Same names, other ids, same levels."""
    project = jira.service.add_project("TEAM", team_managed=True)
    kinds = jira.ask("GET", "issuetype/project", projectId=project, level="1").json()
    assert [k["name"] for k in kinds] == ["Epic"] and kinds[0]["id"] != "10000"
    assert kinds[0]["scope"]["project"]["id"] == project


def test_two_point_fields_can_exist(jira: Site) -> None:
    """A site may have several candidates for story points."""
    field = jira.service.add_field("Story Points", projects=["ACME"])
    jira.person("edit", issue="ACME-3", fields={"Story Points": 8})
    assert (jira.fields("ACME-3")[STORY_POINTS], jira.fields("ACME-3")[field]) == (3.0, 8.0)


def test_person_between_read_and_write(jira: Site) -> None:
    """A hook puts a person's edit just before a PUT; both edits of different fields survive."""
    person = {
        "service": "jira",
        "action": "edit",
        "arguments": {"issue": "ACME-1", "fields": {"summary": "Hers"}},
    }
    rule = FaultRule("hook", method="PUT", path="*/issue/*", person=person)
    jira.sandbox.call(lambda: jira.sandbox.faults.add(rule))
    jira.ask("PUT", "issue/10000", {"fields": {OKR_PROGRESS: 0.5}})
    fields = jira.fields("ACME-1")
    assert (fields["summary"], fields[OKR_PROGRESS]) == ("Hers", 0.5)


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("fly", {}),
        ("edit", {"issue": "ACME-99", "fields": {}}),
        ("edit", {"issue": "ACME-1"}),
        ("edit", {"issue": "ACME-1", "fields": {"Colour": "red"}}),
        ("edit", {"issue": "ACME-1", "fields": {OKR_PROGRESS: "much"}}),
        ("transition", {"issue": "ACME-1", "to": "Nirvana"}),
        ("move", {"issue": "ACME-1", "project": "NOPE"}),
        ("create", {"project": "ACME", "summary": "x", "colour": "red"}),
        ("settings", {"colour": "red"}),
    ],
)
def test_impossible_actions_are_errors(jira: Site, action: str, arguments: dict[str, Any]) -> None:
    """People's actions fail clearly, never quietly."""
    with pytest.raises(PersonError):
        jira.sandbox.act("jira", action, arguments)


def test_dump_and_load_bring_everything_back(jira: Site) -> None:
    """A dump into a fresh service is the same world, down to the lagging index."""
    jira.clock.advance(300)
    jira.person("edit", issue="ACME-1", fields={"summary": "Edited", "description": "Words"})
    jira.person("label", issue="ACME-1", add=["x"], remove=["kr-checkout"])
    jira.person("set_property", issue="ACME-2", key="okrsync", value={"a": None})
    jira.person("delete", issue="ACME-5")
    jira.person("settings", search_lag=5)
    dumped = jira.service.dump()
    other = JiraService(clock=jira.clock)
    other.load(dumped)
    assert other.dump() == dumped
    with pytest.raises(ValueError, match="not a dump"):
        other.load({"issues": []})
    assert other.dump() == dumped


def test_reset_forgets_everything(jira: Site) -> None:
    """A reset site is as new."""
    jira.service.reset()
    assert jira.service.dump() == JiraService(clock=jira.clock).dump()


def test_people_are_found_by_name_and_visible_email(jira: Site) -> None:
    """A hidden e-mail is neither shown nor found by; words are needed."""
    jira.service.add_user("bob@acme.example", name="Bob Marsh", email_hidden=True)

    def names(query: str) -> list[str]:
        return [one["displayName"] for one in jira.ask("GET", "user/search", query=query).json()]

    assert names("ann@acme.example") == ["Ann"]
    assert names("bob@acme.example") == []
    assert names("bob") == ["Bob Marsh"]
    jira.refusal("GET", "user/search")
