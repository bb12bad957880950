"""Asking Jira for issues: a whole query, the children of known issues, or issues by id.

Arrives: a client and what is wanted. Leaves: raw issues, each once, and what was found gone on the way.
Separate from `connector`, which turns raw issues into records, so that every request for issues is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from okrsync.connectors.base import NativeField
from okrsync.connectors.errors import BadAnswer, Rejected, Transient
from okrsync.connectors.jira import decode, jql
from okrsync.connectors.jira.client import BULK, PROJECTS, JiraClient
from okrsync.connectors.jira.fields import PROPERTY_PREFIX, find
from okrsync.connectors.jira.pages import walk

Json = Any
Issue = Mapping[str, Json]

_ALWAYS = ("summary", "updated", "parent", "issuetype")
_CHILD = ("summary", "status", "resolution", "parent", "updated")
_VIEWS = {"status_name": "status", "status_id": "status"}
_BULK_FETCH = "POST /rest/api/3/issue/bulkfetch"


@dataclass(frozen=True)
class Walk:
    """What one query found."""

    issues: Sequence[Issue]
    began: datetime | None
    """Jira's clock at the first page; `None` where the answer did not show it."""


@dataclass(frozen=True)
class Children:
    """The direct children of some issues, and those of the issues that were gone by then."""

    issues: Sequence[Issue]
    dead: Sequence[str]


def projects_gone(client: JiraClient, words: Sequence[str]) -> list[str]:
    """Which of these projects (keys or ids) this account cannot see, one request per 50 of a kind."""
    numbers = [word for word in words if word.isdecimal()]
    seen: set[str] = set()
    keys = [word.upper() for word in words if word not in numbers]
    for by, kind in (("id", numbers), ("keys", keys)):
        for chunk in jql.chunks(kind, PROJECTS):
            seen |= _project_names(client.projects(by, chunk))
    return [word for word in words if word.casefold() not in seen]


def asked(fields: Mapping[str, NativeField], want: Iterable[str]) -> list[str]:
    """Jira's own field ids for the wanted cells; our property is asked for beside the fields, always."""
    known = [one for one in want if find(fields, one) is not None and not one.startswith(PROPERTY_PREFIX)]
    return list(dict.fromkeys([*_ALWAYS, *(_VIEWS.get(one, one) for one in known)]))


def child_fields(points: Sequence[str]) -> list[str]:
    """Jira's own field ids for the cells of a child."""
    return [*_CHILD, *points]


def search(client: JiraClient, query: str, fields: Sequence[str]) -> Walk:
    """Every issue a query finds, each once."""
    began: list[datetime | None] = []

    def page_after(token: str | None) -> Json:
        reply = client.search(query, fields, token)
        began.append(reply.at)
        return reply.data

    issues = newest(walk(page_after))
    return Walk(issues, began[0])


def newest(issues: Iterable[Issue]) -> list[Issue]:
    """Each issue once, as it was edited last: pages are no snapshot, an edit in between shows it again."""
    kept: dict[str, Issue] = {}
    for issue in issues:
        known = kept.get(str(issue.get("id")))
        if known is None or _edited(issue) >= _edited(known):
            kept[str(issue.get("id"))] = issue
    return list(kept.values())


def children(
    client: JiraClient, parents: Sequence[str], points: Sequence[str], outside: Sequence[str] = ()
) -> Children:
    """The direct children of these issues, one query per 200 parents.

    Args:
        outside: leave out children in these projects.
    """
    issues: list[Issue] = []
    dead: list[str] = []
    for chunk in jql.chunks(parents, jql.PARENTS):
        found, gone = _children_of(client, chunk, child_fields(points), outside)
        issues += found
        dead += gone
    return Children(issues, dead)


def by_ids(client: JiraClient, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Issue]:
    """Issues by id, one request per 100; the answer's order is its own, moved issues have new keys.

    Raises:
        Transient: Jira could not load some of them this time; leaving them out would look like deletion.
    """
    found: dict[str, Issue] = {}
    for chunk in jql.chunks(list(dict.fromkeys(ids)), BULK):
        answer = client.bulk_fetch(chunk, fields)
        issues = answer.get("issues") if isinstance(answer, dict) else None
        if not isinstance(issues, list):
            raise BadAnswer("no list of issues", service="jira", place=_BULK_FETCH)
        if answer.get("issueErrors"):
            raise Transient("some issues could not be loaded", service="jira", place=_BULK_FETCH)
        found |= {str(issue.get("id")): issue for issue in issues}
    return {one: found[one] for one in ids if one in found}


def _project_names(answer: Json) -> set[str]:
    """Everything the listed projects are called: ids and keys."""
    listed = answer.get("values") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise BadAnswer("no list of projects", service="jira", place="GET /rest/api/3/project/search")
    return {str(project.get(name, "")).casefold() for project in listed for name in ("id", "key")}


def _edited(issue: Issue) -> float:
    moment = decode.edited_at(issue.get("fields") or {})
    return 0.0 if moment is None else moment.timestamp()


def _children_of(
    client: JiraClient, parents: Sequence[str], fields: Sequence[str], outside: Sequence[str]
) -> tuple[Sequence[Issue], list[str]]:
    """The children, and the parents that died since they were found: one dead id fails a whole query."""
    alive = list(parents)
    while alive:
        try:
            found = search(client, jql.children(client.children_of(alive), outside), fields).issues
            return found, [one for one in parents if one not in alive]
        except Rejected as error:
            dead = client.named_in(error.message, alive)
            if not dead:
                raise
            alive = [one for one in alive if one not in dead]
    return [], list(parents)
