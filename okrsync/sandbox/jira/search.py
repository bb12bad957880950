"""Search with JQL, and fetching by ids.

Arrives: the JSON bodies of search/jql and issue/bulkfetch. Leaves: their answers. Here live the habits of
Jira Cloud's search: ids only by default, no total, opaque tokens bound to the query, pages that may be
shorter than asked or empty, an index that may lag behind the truth except for issues named in
reconcileIssues.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cmp_to_key
from typing import Any

from okrsync.sandbox.jira.errors import JiraError, bad_payload
from okrsync.sandbox.jira.jql import JqlError, Query, Sort, parse
from okrsync.sandbox.jira.jql_match import Meaning
from okrsync.sandbox.jira.model import Issue, Json, User
from okrsync.sandbox.jira.shape import EVERYTHING, issue_json
from okrsync.sandbox.jira.site import Site

FETCH_MEMBERS = frozenset({"expand", "fields", "fieldsByKeys", "issueIdsOrKeys", "properties"})
SEARCH_MEMBERS = frozenset(
    {
        "expand",
        "fields",
        "fieldsByKeys",
        "properties",
        "jql",
        "maxResults",
        "nextPageToken",
        "reconcileIssues",
    }
)
DEFAULT_PAGE = 50
TOP_PAGE = 5000
"""Atlassian's document: the hard top of maxResults."""
USUAL_PAGE = 100
"""What a page holds at most once ordinary fields are asked; Jira decides this and may change it silently."""
MAX_FETCH = 100
MAX_PROPERTIES = 5
MAX_RECONCILE = 50
TOKEN_LIFE_MS = 7 * 86_400_000

SortKey = list[Any]


def search(site: Site, user: User, body: Json, stale_seconds: float | None = None) -> dict[str, Json]:
    """One page of a search. Raises JiraError."""
    asked = checked(body, SEARCH_MEMBERS)
    query = parsed(asked.get("jql"))
    fields = strings(asked, "fields") or ["id"]
    properties = _properties(asked)
    bound = _bound_to(asked)
    token = _read_token(asked.get("nextPageToken"), bound, site.now())
    found = found_rows(site, user, query, view(site, asked, stale_seconds))
    rows = _after(found, token.get("after"), query.order)
    size = 0 if token.get("blank") else page_size(site, asked, fields)
    page = [issue for _, issue in rows[:size]]
    answer: dict[str, Json] = {"issues": [issue_json(site, user, i, fields, properties) for i in page]}
    if len(rows) <= size:
        return {**answer, "isLast": True}
    after = rows[size - 1][0] if size > 0 else token.get("after")
    blank = site.settings.empty_pages and size > 0
    answer["nextPageToken"] = _write_token({"q": bound, "at": site.now(), "after": after, "blank": blank})
    return {**answer, "isLast": False}


def approximate_count(site: Site, user: User, body: Json) -> dict[str, Json]:
    """How many issues the lagging index holds for a query."""
    query = parsed(checked(body, frozenset({"jql"})).get("jql"))
    return {"count": len(found_rows(site, user, query, view(site, {}, None)))}


def bulk_fetch(site: Site, user: User, body: Json) -> dict[str, Json]:
    """Issues by id or key, sorted by id; those missing or hidden are just absent (Atlassian's document)."""
    asked = checked(body, FETCH_MEMBERS)
    references = strings(asked, "issueIdsOrKeys")
    if not references or len(references) > MAX_FETCH:
        raise JiraError(400, [f"issueIdsOrKeys must name between 1 and {MAX_FETCH} issues."])
    fields = strings(asked, "fields") or list(EVERYTHING)
    properties = _properties(asked)
    meaning = Meaning(site, user)
    named = (site.find(reference) for reference in references)
    found = {int(i.id): i for i in named if i is not None and meaning.sees(i)}
    issues = [issue_json(site, user, found[number], fields, properties) for number in sorted(found)]
    return {"issues": issues, "issueErrors": []}


def checked(body: Json, members: frozenset[str]) -> Mapping[str, Json]:
    """A request's body. The request schema takes no other members: an unknown one refuses the request."""
    if not isinstance(body, dict) or set(body) - members:
        raise bad_payload()
    return body


def strings(asked: Mapping[str, Json], member: str) -> list[str]:
    """A member that must be a list of texts; empty where it is left out."""
    value = asked.get(member, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise bad_payload()
    return value


def _properties(asked: Mapping[str, Json]) -> list[str] | None:
    if "properties" not in asked:
        return None
    names = strings(asked, "properties")
    if len(names) > MAX_PROPERTIES:
        raise JiraError(400, [f"At most {MAX_PROPERTIES} issue properties can be asked for."])
    return names


def parsed(jql: Json) -> Query:
    """A query that restricts something. Raises JiraError."""
    if not isinstance(jql, str):
        raise bad_payload()
    try:
        query = parse(jql)
    except JqlError as error:
        raise JiraError(400, [str(error)]) from error
    if query.where is None:
        raise JiraError(
            400,
            ["Unbounded JQL queries are not allowed here. Please add a search restriction to your query."],
        )
    return query


def _bound_to(asked: Mapping[str, Json]) -> str:
    """What a token is good for: the same query, fields, properties and reconciled issues."""
    rest = {k: v for k, v in asked.items() if k not in ("nextPageToken", "maxResults")}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


def _write_token(content: Mapping[str, Json]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def _read_token(token: Json, bound: str, now: int) -> Mapping[str, Json]:
    if token is None:
        return {}
    try:
        content: dict[str, Json] = json.loads(base64.urlsafe_b64decode(token))
        good = content["q"] == bound and now - content["at"] <= TOKEN_LIFE_MS
    except (ValueError, TypeError, KeyError):
        good = False
    if not good:
        raise JiraError(400, ["The provided next page token is invalid or expired."])
    return content


def view(site: Site, asked: Mapping[str, Json], stale_seconds: float | None) -> Mapping[str, Issue]:
    """What the index believes, made right for the reconciled issues (at most 50, numbers)."""
    fresh = asked.get("reconcileIssues", [])
    numbers = isinstance(fresh, list) and all(type(item) is int for item in fresh)
    if not numbers or len(fresh) > MAX_RECONCILE:
        raise bad_payload()
    lag = site.settings.search_lag if stale_seconds is None else stale_seconds
    if lag <= 0:
        return site.issues
    return site.as_of(site.now() - round(lag * 1000), [str(number) for number in fresh])


def found_rows(
    site: Site, user: User, query: Query, issues: Mapping[str, Issue]
) -> list[tuple[SortKey, Issue]]:
    """Those of the issues that match and may be seen, in order. Raises JiraError."""
    if query.where is None:
        return []
    meaning = Meaning(site, user)
    test = meaning.test(query.where)
    matching = (issue for issue in issues.values() if meaning.sees(issue) and test(issue))
    rows = [(_sort_key(site, query.order, issue), issue) for issue in matching]
    by_order = cmp_to_key(lambda one, other: _compare(one, other, query.order))
    return sorted(rows, key=lambda row: by_order(row[0]))


def _sort_key(site: Site, order: Sequence[Sort], issue: Issue) -> SortKey:
    """The values to sort by, with the id last so that no two issues tie; it also marks a page's end."""
    known: Mapping[str, Any] = {
        "updated": issue.updated,
        "created": issue.created,
        "key": [site.projects[issue.project].key, int(issue.key.rsplit("-", 1)[1])],
        "issuekey": [site.projects[issue.project].key, int(issue.key.rsplit("-", 1)[1])],
        "id": int(issue.id),
        "project": site.projects[issue.project].name,
        "summary": issue.values.get("summary", ""),
        "status": site.statuses[issue.status].name,
    }
    for sort in order:
        if sort.field.lower() not in known:
            raise JiraError(
                400, [f"Field '{sort.field}' does not exist or you do not have permission to view it."]
            )
    return [*(known[sort.field.lower()] for sort in order), int(issue.id)]


def _compare(left: Any, right: Any, order: Sequence[Sort]) -> int:
    # without ORDER BY the newest issue comes first
    descending = [sort.descending for sort in order] + [not order]
    for one, other, down in zip(left, right, descending, strict=True):
        if one != other:
            return (-1 if one < other else 1) * (-1 if down else 1)
    return 0


def _after(
    rows: list[tuple[SortKey, Issue]], last: SortKey | None, order: Sequence[Sort]
) -> list[tuple[SortKey, Issue]]:
    """The rows behind the last one seen: an issue edited during the walk may come twice, none is skipped."""
    if last is None:
        return rows
    return [row for row in rows if _compare(row[0], last, order) > 0]


def page_size(site: Site, asked: Mapping[str, Json], fields: Sequence[str]) -> int:
    wanted = asked.get("maxResults", DEFAULT_PAGE)
    if type(wanted) is not int or wanted < 1:
        raise bad_payload()
    usual = TOP_PAGE if len(fields) == 1 and not fields[0].startswith("*") else USUAL_PAGE
    caps = [usual] if site.settings.page_cap is None else [usual, site.settings.page_cap]
    return min(wanted, *caps)
