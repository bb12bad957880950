"""Accounts, the catalogue, issues by id, and the real client, over real sockets."""

from __future__ import annotations

import pytest
import requests
from atlassian.jira import JiraCloud

from okrsync.sandbox.jira import OKR_PROGRESS, STORY_POINTS
from tests.sandbox.jira.conftest import ANN, SYNC, Site


def test_myself(jira: Site) -> None:
    """The calling account, with the zone its times are in."""
    answer = jira.ask("GET", "myself").json()
    assert answer["emailAddress"] == SYNC[0] and answer["timeZone"] == "America/New_York"
    assert answer["accountId"]


@pytest.mark.parametrize("path", ["myself", "serverInfo", "issue/ACME-1", "field"])
def test_wrong_token_is_401(jira: Site, path: str) -> None:
    """Every address refuses a wrong token and shows nothing."""
    jira.http.auth = (SYNC[0], "wrong")
    answer = jira.ask("GET", path)
    assert (answer.status_code, answer.content) == (401, b"")


def test_revoked_token_is_401(jira: Site) -> None:
    """Tokens end; a 401 in the middle of the night is a normal event."""
    jira.person("change_user", email=SYNC[0], token=None)
    assert jira.ask("GET", "myself").status_code == 401


def test_anonymous_reads_are_empty(jira: Site) -> None:
    """On some sites a dead token reads 200 and nothing; only /myself tells."""
    jira.person("settings", anonymous_reads=True)
    jira.http.auth = (SYNC[0], "wrong")
    assert jira.keys("project = ACME") == []
    assert jira.ask("GET", "myself").status_code == 401


def test_server_info(jira: Site) -> None:
    """Cloud says so, and its clock is the sandbox's."""
    answer = jira.ask("GET", "serverInfo").json()
    assert answer["deploymentType"] == "Cloud"
    assert answer["serverTime"] == "2026-11-02T04:00:00.000-0500"


def test_fields_types_statuses_projects(jira: Site) -> None:
    """The catalogue: levels and category keys, never names, tell what things are."""
    fields = {f["id"]: f for f in jira.ask("GET", "field").json()}
    assert fields[STORY_POINTS]["schema"]["custom"] == "com.pyxis.greenhopper.jira:jsw-story-points"
    assert fields[OKR_PROGRESS]["schema"]["type"] == "number"
    levels = {t["name"]: t["hierarchyLevel"] for t in jira.ask("GET", "issuetype").json()}
    assert levels["Epic"] == 1 and levels["Story"] == 0 and levels["Sub-task"] == -1
    categories = {s["statusCategory"]["key"] for s in jira.ask("GET", "status").json()}
    assert categories == {"new", "indeterminate", "done"}
    assert [p["key"] for p in jira.ask("GET", "project/search").json()["values"]] == ["ACME"]


def test_unset_field_is_null_and_parent_absent(jira: Site) -> None:
    """A field without value is null; an issue without parent has no parent member at all (recorded)."""
    fields = jira.fields("ACME-2")
    assert fields[OKR_PROGRESS] is None and "parent" not in fields
    assert jira.fields("ACME-3")["parent"]["key"] == "ACME-1"


def test_hidden_email_is_absent(jira: Site) -> None:
    """People hide their e-mail; then only the display name is left."""
    jira.person("change_user", email=ANN, email_hidden=True)
    assignee = jira.fields("ACME-1")["assignee"]
    assert "emailAddress" not in assignee and assignee["displayName"] == "Ann"


def test_bulk_fetch(jira: Site) -> None:
    """Sorted by id, absent ids just missing, moved issues under their new key."""
    jira.service.add_project("OPS")
    jira.person("move", issue="ACME-5", project="OPS")
    body = {"issueIdsOrKeys": ["10004", "99999", "10000"], "fields": ["summary"]}
    answer = jira.ask("POST", "issue/bulkfetch", body).json()
    assert [(i["id"], i["key"]) for i in answer["issues"]] == [("10000", "ACME-1"), ("10004", "OPS-1")]
    assert answer["issueErrors"] == []


def test_bulk_fetch_takes_a_hundred(jira: Site) -> None:
    """One more is refused."""
    ids = [str(n) for n in range(10000, 10101)]
    assert jira.ask("POST", "issue/bulkfetch", {"issueIdsOrKeys": ids[:100]}).status_code == 200
    jira.refusal("POST", "issue/bulkfetch", {"issueIdsOrKeys": ids})


def test_old_key_still_leads_to_a_moved_issue(jira: Site) -> None:
    """The id stays, the key changes, the old key answers with the new one."""
    jira.service.add_project("OPS")
    jira.person("move", issue="ACME-5", project="OPS")
    issue = jira.ask("GET", "issue/ACME-5").json()
    assert (issue["id"], issue["key"]) == ("10004", "OPS-1")


def test_removed_search_is_410(jira: Site) -> None:
    """The old search is gone."""
    assert jira.ask("POST", "search", {"jql": "project = ACME"}).status_code == 410


def test_the_real_client_can_talk_to_it(jira: Site) -> None:
    """atlassian-python-api, as it is, reads, searches and writes here."""
    with requests.Session() as session:
        session.trust_env = False
        client = JiraCloud(
            jira.sandbox.urls["jira"],
            username=SYNC[0],
            password=SYNC[1],
            session=session,
            retry_with_header=False,
        )
        assert client.get_current_user()["emailAddress"] == SYNC[0]
        assert {f["id"] for f in client.get_fields()} >= {STORY_POINTS, OKR_PROGRESS}
        found = client.post("rest/api/3/search/jql", data={"jql": "issuetype = 10000", "fields": ["summary"]})
        assert {i["fields"]["summary"] for i in found["issues"]} == {"Faster checkout", "Fewer refunds"}
        client.put("rest/api/3/issue/10000", data={"fields": {OKR_PROGRESS: 0.75}})
        assert jira.service.issue("ACME-1")["values"][OKR_PROGRESS] == 0.75
        with pytest.raises(requests.HTTPError):
            client.put("rest/api/3/issue/10000", data={"fields": {OKR_PROGRESS: "x"}})


def test_projects_are_found_by_keys_and_ids(jira: Site) -> None:
    """Names of one kind narrow the list, hidden and unknown ones are left out, 51 are refused."""
    other = jira.service.add_project("OPS")

    def keys(**query: list[str]) -> list[str]:
        answer = jira.http.get(f"{jira.sandbox.urls['jira']}/rest/api/3/project/search", params=query)
        return [project["key"] for project in answer.json()["values"]]

    assert keys(keys=["ACME", "NOPE"]) == ["ACME"]
    assert keys(id=[other]) == ["OPS"]
    many = "&".join(f"keys=K{number}" for number in range(51))
    jira.refusal("GET", f"project/search?{many}")
