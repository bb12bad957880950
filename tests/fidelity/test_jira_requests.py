"""Our requests and the sandbox's answers against Atlassian's own document of Jira Cloud.

The tests of the connector and of the sandbox are judged one by one as they run (their `conftest`). Here one
walk through everything the connector can do is judged as a whole, and the judge itself is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Native, Patch
from tests.connectors.jira.conftest import ANN, Look, World, site
from tests.fidelity.jira_spec import ABSENT, Exchange, Spec, record, spec

PROGRESS = "customfield_10050"
USED = {
    "GET /rest/api/3/myself",
    "GET /rest/api/3/field",
    "GET /rest/api/3/issuetype",
    "GET /rest/api/3/project/search",
    "GET /rest/api/3/user/search",
    "POST /rest/api/3/search/jql",
    "POST /rest/api/3/issue/bulkfetch",
    "PUT /rest/api/3/issue/10000",
    "PUT /rest/api/3/issue/10000/properties/okrsync",
    "GET /rest/api/3/issue/10000/transitions",
    "POST /rest/api/3/issue/10000/transitions",
}


@pytest.fixture
def judge() -> Spec:
    """Atlassian's document."""
    known = spec()
    if known is None:
        pytest.skip(ABSENT)
    return known


def test_everything_the_connector_does_is_in_the_document(
    judge: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths, parameters, bodies and answers, over one walk through all of the connector."""
    with site("cloud") as world:
        wire = record(monkeypatch)
        walk_through(world)
    assert {f"{one.method} {one.path}" for one in wire} == USED
    assert [problem for one in wire for problem in judge.complaints(one)] == []


def walk_through(world: World) -> None:
    """Every call of the port, with every kind of value."""
    world.site.add_project("BETA")
    held = {"okrsync": {"a": 1}}
    epic = world.site.add_epic("ACME", "epic", labels=["kr-1"], assignee=ANN, properties=held)
    gone = world.site.add_epic("ACME", "gone")
    world.site.add_issue("BETA", "far", parent=epic.key, points=3)
    world.person("settings", page_cap=1)
    look = Look(world, world.connect())
    look.connector.account()
    delete = {"service": "jira", "action": "delete", "arguments": {"issue": gone.key}}
    world.fault("hook", **world.searches, when="after", skip=1, person=delete)
    want = ("summary", "status", "assignee", PROGRESS, "property:okrsync.a")
    look.pull(*want, cursor=look.pull(*want).cursor)
    for cells in written():
        record = look.fetch(epic.id, want=tuple(cells))[epic.id]
        (result,) = look.connector.write(look.source, look.schema, [Patch(record, cells)])
        assert result.error is None
    look.connector.close()


def written() -> Iterator[dict[str, Native]]:
    """Patches of every kind of value."""
    yield {"summary": "new", "labels": ("kr-2",), "duedate": date(2026, 6, 30), PROGRESS: Decimal("0.42")}
    yield {"assignee": (ANN,), "property:okrsync.progress": Decimal("0.42")}
    yield {"assignee": (), "duedate": None, PROGRESS: None}
    yield {"property:okrsync.at": datetime(2026, 5, 4, tzinfo=UTC)}
    yield {"status": "done"}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"path": "/rest/api/3/search/all"}, "no such operation"),
        ({"query": {"startAt": ["0"]}}, "unknown query parameters startAt"),
        ({"body": {"jql": "project = ACME", "startAt": 0}}, "startAt"),
        ({"body": {"jql": "project = ACME", "reconcileIssues": ["1"]}}, "reconcileIssues"),
        ({"status": 201}, "201 is not among"),
        ({"answer": {"issues": {}}}, "$.issues"),
    ],
)
def test_the_judge_sees_what_is_wrong(judge: Spec, changed: dict[str, Any], word: str) -> None:
    """Each kind of departure from the document is told."""
    good: dict[str, Any] = {
        "method": "POST",
        "path": "/rest/api/3/search/jql",
        "query": {},
        "body": {"jql": "project = ACME", "fields": ["summary"]},
        "status": 200,
        "answer": {"issues": [{"id": "1", "key": None, "more": 1}], "isLast": True},
    }
    assert judge.complaints(Exchange(**good)) == []
    (problem,) = judge.complaints(Exchange(**{**good, **changed}))
    assert word in problem
