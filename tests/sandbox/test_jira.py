"""The imitated Jira Cloud, asked over real sockets as clients ask it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from atlassian.jira import JiraCloud

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import FaultRule
from okrsync.sandbox.jira import OKR_PROGRESS, STORY_POINTS, JiraService
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.service import PersonError

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOW_MS = round(START.timestamp() * 1000)
SYNC, ANN = ("sync@acme.example", "t0ken"), "ann@acme.example"


class Site:
    """A running site with one project, two epics and three children, and short ways to ask it."""

    def __init__(self, sandbox: Sandbox, service: JiraService, clock: VirtualClock) -> None:
        self.sandbox, self.service, self.clock = sandbox, service, clock
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.auth = SYNC

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> requests.Response:
        url = self.sandbox.urls["jira"] + "/rest/api/3/" + path
        return self.http.request(method, url, json=body, params=query, timeout=5)

    def search(self, jql: str, **body: Any) -> dict[str, Any]:
        answer = self.ask("POST", "search/jql", {"jql": jql, **body})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def keys(self, jql: str, **body: Any) -> list[str]:
        return [i["key"] for i in self.search(jql, fields=["summary"], maxResults=100, **body)["issues"]]

    def refusal(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.ask(method, path, body)
        assert answer.status_code == 400, answer.text
        assert set(answer.json()) == {"errorMessages", "errors"}
        return dict(answer.json())

    def fields(self, key: str) -> dict[str, Any]:
        return dict(self.ask("GET", f"issue/{key}").json()["fields"])

    def person(self, action: str, **arguments: Any) -> Any:
        return self.sandbox.act("jira", action, arguments)


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    clock = VirtualClock(START)
    service = JiraService(clock=clock)
    with Sandbox([service], clock=clock) as sandbox:
        site = Site(sandbox, service, clock)
        yield site
        site.http.close()


@pytest.fixture
def jira(running: Site) -> Site:
    running.sandbox.call(lambda: rebuild(running))
    running.http.auth = SYNC
    return running


def rebuild(site: Site) -> None:
    site.clock.set(START)
    site.sandbox.faults.clear()
    service = site.service
    service.reset()
    service.add_user(*SYNC, time_zone="America/New_York")
    service.add_user(ANN)
    service.add_project("ACME")
    service.add_epic("ACME", "Faster checkout", labels=["kr-checkout"], assignee=ANN)
    service.add_epic("ACME", "Fewer refunds", labels=["kr-refunds"])
    service.add_issue("ACME", "One page", parent="ACME-1", points=3)
    service.add_issue("ACME", "Saved cards", parent="ACME-1", status="done", points=-1)
    service.add_issue("ACME", "Loose end", type="Task")


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


def test_search_gives_ids_only_by_default(jira: Site) -> None:
    """Without a field list there is nothing but ids, and never a total."""
    answer = jira.search("project = ACME")
    assert all(set(issue) == {"id"} for issue in answer["issues"])
    assert set(answer) == {"issues", "isLast"}


def test_search_with_fields_and_properties(jira: Site) -> None:
    """Asked fields and issue properties come back together."""
    jira.ask("PUT", "issue/ACME-1/properties/okrsync", {"value": "0.5"})
    answer = jira.search("key = ACME-1", fields=["summary", "labels", "assignee"], properties=["okrsync"])
    (issue,) = answer["issues"]
    assert set(issue["fields"]) == {"summary", "labels", "assignee"}
    assert issue["fields"]["assignee"]["emailAddress"] == ANN
    assert issue["properties"] == {"okrsync": {"value": "0.5"}}


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


@pytest.mark.parametrize(
    "body",
    [
        {"jql": "project = ACME", "startAt": 0},
        {"fields": []},
        {"jql": "project = ACME", "maxResults": 0},
        [1],
    ],
)
def test_search_refuses_unknown_or_wrong_members(jira: Site, body: Any) -> None:
    """The body's schema is closed."""
    assert jira.refusal("POST", "search/jql", body)["errorMessages"]


@pytest.mark.parametrize("jql", ["", "ORDER BY updated"])
def test_unbounded_query_is_refused(jira: Site, jql: str) -> None:
    """A query needs a restriction."""
    assert "Unbounded" in jira.refusal("POST", "search/jql", {"jql": jql})["errorMessages"][0]


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("project = ACME AND issuetype = Epic ORDER BY key", "1 2"),
        ("project in (10000) AND issuetype in (10000, 10002) ORDER BY key ASC", "1 2 5"),
        ("parent in (10000, ACME-2) ORDER BY key DESC", "4 3"),
        ("parent is EMPTY AND type != Epic", "5"),
        ("parent is not EMPTY AND statusCategory != Done", "3"),
        ("project = ACME AND NOT (labels = kr-refunds OR parent is not EMPTY) ORDER BY id", "1 5"),
        ('labels in ("kr-checkout", kr-refunds) order by updated asc, key asc', "1 2"),
        ("labels != kr-checkout", "2"),
        ("labels not in (kr-checkout)", "2"),
        ("key in (acme-5, 10001) ORDER BY id", "2 5"),
        ("id = 10004", "5"),
        ("statusCategory = 3 AND status = 'Done'", "4"),
        ("parent = ACME-1 AND resolution is EMPTY", "3"),
    ],
)
def test_jql(jira: Site, jql: str, keys: str) -> None:
    """The part of JQL the sync needs; negations do not match empty fields."""
    assert jira.keys(jql) == [f"ACME-{number}" for number in keys.split()]


@pytest.mark.parametrize(
    ("jql", "word"),
    [
        ("colour = red", "'colour' does not exist"),
        ("project = ACME ORDER BY colour", "'colour' does not exist"),
        ("project = NOPE", "'NOPE' does not exist"),
        ("parent in (ACME-1, ACME-99)", "'ACME-99' does not exist"),
        ("key in (ACME-1, 99999)", "'99999' does not exist"),
        ("issuetype = Dragon", "'Dragon' does not exist"),
        ("parent in portfolioChildrenOf(X)", "Expecting '('"),
        ("assignee = currentUser()", "JQL function 'currentUser'"),
        ("(project = ACME", "Expecting ')' before the end"),
        ("project = ACME extra", "Expecting 'AND' or 'OR'"),
        ("project is ACME", "EMPTY"),
        ("project < ACME", "not supported"),
        ("project = ACME ORDER BY id,id,id,id,id,id,id,id", "maximum number of sort fields is 7"),
        ('updated >= "1762077600000"', "Date value"),
        ("updated >= 2026-11-02T10:00:00Z", "Date value"),
    ],
)
def test_jql_refusals(jira: Site, jql: str, word: str) -> None:
    """One unknown field, value, function or date refuses the whole query, in Jira's shape."""
    assert word in jira.refusal("POST", "search/jql", {"jql": jql})["errorMessages"][0]


def test_deleted_issue_in_a_list_refuses_the_query(jira: Site) -> None:
    """A dead id among living ones is a 400 for all of them."""
    jira.person("delete", issue="ACME-2")
    jira.refusal("POST", "search/jql", {"jql": "parent in (10000, 10001)"})


@pytest.mark.parametrize(
    ("bound", "found"),
    [
        (str(NOW_MS + 90_000), True),
        (str(NOW_MS + 90_001), False),
        ('"2026-11-02 04:01"', True),  # the account's zone: New York
        ('"2026-11-02 09:01"', False),  # the same as UTC would silently miss it
        ("-5m", True),
        ("-1m", False),
    ],
)
def test_updated_bounds(jira: Site, bound: str, found: bool) -> None:
    """Epoch milliseconds and spans have no zone; text is read in the account's zone."""
    jira.clock.advance(90)
    jira.person("edit", issue="ACME-5", fields={"summary": "Tied up"})
    jira.clock.advance(90)
    assert jira.keys(f"project = ACME AND updated >= {bound} AND key = ACME-5") == ["ACME-5"] * found


def test_pages_by_token(jira: Site) -> None:
    """Tokens lead through all pages; the last has none."""
    jira.person("settings", page_cap=2)
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = jira.search("project = ACME ORDER BY key", fields=["summary"], maxResults=100, **token)
        seen += [issue["key"] for issue in page["issues"]]
        assert page["isLast"] is ("nextPageToken" not in page)
        if page["isLast"]:
            break
        token = {"nextPageToken": page["nextPageToken"]}
    assert seen == [f"ACME-{n}" for n in range(1, 6)]


def test_edit_during_the_walk_comes_twice_and_skips_none(jira: Site) -> None:
    """Pages are no snapshot, but sorting by updated loses nothing."""
    jql = "project = ACME ORDER BY updated ASC, key ASC"
    first = jira.search(jql, fields=["summary"], maxResults=2)
    jira.clock.advance(5)
    jira.person("edit", issue="ACME-1", fields={"summary": "Edited"})
    token = first["nextPageToken"]
    rest = jira.search(jql, fields=["summary"], maxResults=4, nextPageToken=token)
    assert [i["key"] for i in rest["issues"]] == ["ACME-3", "ACME-4", "ACME-5", "ACME-1"]


def test_empty_page_with_a_token_is_not_the_end(jira: Site) -> None:
    """A setting puts empty pages between full ones."""
    jira.person("settings", empty_pages=True)
    body: dict[str, Any] = {"fields": ["summary"], "maxResults": 3}
    first = jira.search("project = ACME", **body)
    second = jira.search("project = ACME", nextPageToken=first["nextPageToken"], **body)
    third = jira.search("project = ACME", nextPageToken=second["nextPageToken"], **body)
    assert [len(page["issues"]) for page in (first, second, third)] == [3, 0, 2]


def test_token_of_another_query_is_refused(jira: Site) -> None:
    """Tokens are bound to their query and die after seven days."""
    token = jira.search("project = ACME", maxResults=2)["nextPageToken"]
    jira.refusal("POST", "search/jql", {"jql": "project = ACME ORDER BY id", "nextPageToken": token})
    jira.clock.advance(days=8)
    jira.refusal("POST", "search/jql", {"jql": "project = ACME", "nextPageToken": token})


def test_lagging_index_shows_old_state_unless_reconciled(jira: Site) -> None:
    """Search is behind by the lag: new issues absent, deleted ones present, edits unseen; GET is not."""
    jira.clock.advance(300)
    jira.person("settings", search_lag=60)
    jira.person("create", project="ACME", summary="New")
    jira.person("edit", issue="ACME-1", fields={"summary": "Edited"})
    jira.person("delete", issue="ACME-5")
    rows = jira.search("project = ACME ORDER BY key", fields=["summary"])["issues"]
    assert [row["key"] for row in rows] == [f"ACME-{n}" for n in range(1, 6)]
    assert rows[0]["fields"]["summary"] == "Faster checkout"
    assert jira.fields("ACME-1")["summary"] == "Edited"
    fresh = jira.search(
        "project = ACME ORDER BY key", fields=["summary"], reconcileIssues=[10000, 10004, 10005]
    )
    assert [row["key"] for row in fresh["issues"]] == ["ACME-1", "ACME-2", "ACME-3", "ACME-4", "ACME-6"]
    assert fresh["issues"][0]["fields"]["summary"] == "Edited"
    jira.clock.advance(61)
    assert jira.keys("project = ACME ORDER BY key") == ["ACME-1", "ACME-2", "ACME-3", "ACME-4", "ACME-6"]


def test_stale_search_fault_makes_one_search_old(jira: Site) -> None:
    """The index can be stale for a single planned request."""
    jira.clock.advance(300)
    jira.person("create", project="ACME", summary="New")
    rule = FaultRule("stale_search", path="*/search/jql", seconds=60)
    jira.sandbox.call(lambda: jira.sandbox.faults.add(rule))
    assert [len(jira.keys("project = ACME")) for _ in range(2)] == [5, 6]


@pytest.mark.parametrize("wrong", [["10000"], list(range(51)), [True]])
def test_reconcile_takes_at_most_fifty_numbers(jira: Site, wrong: list[Any]) -> None:
    """Ids there are numbers, unlike everywhere else."""
    jira.refusal("POST", "search/jql", {"jql": "project = ACME", "reconcileIssues": wrong})


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


def test_removed_search_is_410(jira: Site) -> None:
    """The old search is gone."""
    assert jira.ask("POST", "search", {"jql": "project = ACME"}).status_code == 410


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
