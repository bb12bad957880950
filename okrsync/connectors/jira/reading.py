"""Asking Jira for issues: a whole query, the children of known issues, or issues by id.

Arrives: a client and what is wanted. Leaves: raw issues, each once, and what was found gone on the way.
Separate from `connector`, which turns raw issues into records, so that every request for issues is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okrsync.connectors.base import NativeField
from okrsync.connectors.errors import BadAnswer, Rejected, Transient
from okrsync.connectors.jira import jql
from okrsync.connectors.jira.client import BULK, JiraClient
from okrsync.connectors.jira.fields import PROPERTY_PREFIX, find
from okrsync.connectors.jira.pages import walk

Json = Any
Issue = Mapping[str, Json]

_ALWAYS = ("summary", "updated", "parent")
_CHILD = ("summary", "status", "resolution", "parent", "updated")
_BULK_FETCH = "POST /rest/api/3/issue/bulkfetch"


@dataclass(frozen=True)
class Children:
    """The direct children of some issues, and those of the issues that were gone by then."""

    issues: Sequence[Issue]
    dead: Sequence[str]


def asked(fields: Mapping[str, NativeField], want: Iterable[str]) -> list[str]:
    """Jira's own field ids for the wanted cells; our property is asked for beside the fields, always."""
    known = [one for one in want if find(fields, one) is not None and not one.startswith(PROPERTY_PREFIX)]
    return list(dict.fromkeys([*_ALWAYS, *("status" if one == "status_name" else one for one in known)]))


def search(client: JiraClient, query: str, fields: Sequence[str]) -> list[Issue]:
    """Every issue a query finds. One edited during the walk may come twice; the later look counts."""
    pages = walk(lambda token: client.search(query, fields, token))
    return list({issue.get("id"): issue for issue in pages}.values())


def children(client: JiraClient, parents: Sequence[str], points: Sequence[str]) -> Children:
    """The direct children of these issues, in whatever project: one query per 200 parents."""
    issues: list[Issue] = []
    dead: list[str] = []
    for chunk in jql.chunks(parents, jql.PARENTS):
        found, gone = _children_of(client, chunk, [*_CHILD, *points])
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


def _children_of(
    client: JiraClient, parents: Sequence[str], fields: Sequence[str]
) -> tuple[list[Issue], list[str]]:
    """The children, and the parents that died since they were found: one dead id fails a whole query."""
    alive = list(parents)
    while alive:
        try:
            found = search(client, jql.children_of(alive), fields)
            return found, [one for one in parents if one not in alive]
        except Rejected as error:
            dead = jql.named_in(error.message, alive)
            if not dead:
                raise
            alive = [one for one in alive if one not in dead]
    return [], list(parents)
