"""JQL, pages and the lagging index of the imitated Jira."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.sandbox.faults import FaultRule
from tests.sandbox.jira.conftest import ANN, NOW_MS, Site


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
