"""Looking at a collection: at all of it, or at what changed since a cursor.

Arrives: a question (a collection, its fields, the wanted cells). Leaves: a `Pull`. A full look is one walk
over the issues of a level and one over their children, wherever those live. A delta is one walk over
everything that changed in the projects; an issue in it is a record, a child or nothing to us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from okrsync.connectors.base import NativeField, Pull, Record, Schema
from okrsync.connectors.errors import Rejected
from okrsync.connectors.jira import cursor as cursors
from okrsync.connectors.jira import decode, jql, oddities, reading
from okrsync.connectors.jira.client import JiraClient
from okrsync.connectors.jira.cursor import Cursor, Terms
from okrsync.connectors.jira.fields import PROPERTY_PREFIX, by_id
from okrsync.connectors.jira.settings import Source

Issue = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What one look is about."""

    source: Source
    schema: Schema
    want: Sequence[str]
    site: str
    """The address people open, for links."""

    @cached_property
    def fields(self) -> Mapping[str, NativeField]:
        """The schema's fields by id."""
        return by_id(self.schema.fields)

    @cached_property
    def asked(self) -> Sequence[str]:
        """Jira's ids of the fields a record needs."""
        return reading.asked(self.fields, self.want)

    @cached_property
    def scope(self) -> str:
        """Which question of which site this is (ids are a site's own); a cursor of another is of no use."""
        return cursors.scope(self.site, self.source.model_dump_json(), sorted(self.asked))

    def record(self, issue: Issue) -> Record:
        """One issue of the collection."""
        return decode.record(issue, self.fields, self.want, self.site)


def changes(client: JiraClient, question: Question, cursor: str | None) -> Pull | None:
    """What changed since the cursor; `None` when it leads nowhere any more and a full look is due."""
    known = cursors.read(cursor, question.scope)
    return None if known is None else _changed(client, question, known)


def everything(client: JiraClient, question: Question, terms: Terms) -> Pull:
    """All records with their children, and the cursor from which changes can be followed."""
    source, points = question.source, terms.points
    walk = reading.search(client, jql.everything(source, terms.types), question.asked)
    records = _records(client, question, walk.issues)
    below = reading.children(client, [record.native_id for record in records], points)
    work = [*below.issues, *_sub_tasks(client, question, below.issues, points)]
    seen = [*walk.issues, *work]
    projects = _projects(source.projects, work)
    after = cursors.first(seen, walk.began, projects, question.scope, terms)
    return Pull(
        records=records,
        children=tuple(_counted(question, work, points)),
        complete=True,
        cursor=None if after is None else after.knowing(records).text(),
        findings=(
            *oddities.fields_gone(question.schema, question.fields, question.want),
            *oddities.points_differ(work, points),
            *oddities.parents_gone(below.dead),
        ),
    )


def _changed(client: JiraClient, question: Question, cursor: Cursor) -> Pull | None:
    """The changes since the cursor; `None` when Jira refuses the question.

    It does so when one of the projects is gone, hidden or has another key: a full look finds the new ones,
    and says what is wrong when the collection itself cannot be read.

    Linking a child touches its epic. So for epics with a new edit the children elsewhere are asked for too:
    one may have been made in a project that no child was ever seen in.

    An issue that was a record and is no epic of the scope any more (its type changed, it moved out) is left
    out: only the next full look and a direct one can tell what became of it.
    """
    types, points = cursor.terms.types, cursor.terms.points
    query = jql.changed(question.source, types, cursor.projects, cursor.since)
    fields = dict.fromkeys([*question.asked, *reading.child_fields(points)])
    try:
        walk = reading.search(client, query, list(fields))
    except Rejected:
        return None
    records = _records(
        client, question, [one for one in walk.issues if decode.type_of(one).get("id") in types]
    )
    new = [record.native_id for record in records if cursor.is_new(record)]
    far = reading.children(client, new, points, cursor.projects)
    below = [*(issue for issue in walk.issues if _may_be_child(question, issue)), *far.issues]
    below += _changed_sub_tasks(client, question, walk.issues, below, points)
    after = cursor.moved(walk.issues, walk.began, _projects(cursor.projects, below))
    return Pull(
        records=records,
        children=tuple(_still_counted(question, below, points)),
        cursor=after.knowing(records).text(),
        findings=tuple(oddities.points_differ(below, points)),
    )


def _records(client: JiraClient, question: Question, issues: Sequence[Issue]) -> tuple[Record, ...]:
    if any(one.startswith(PROPERTY_PREFIX) for one in question.want):
        issues = client.with_property(issues, question.asked)
    return tuple(question.record(issue) for issue in issues)


def _may_be_child(question: Question, issue: Issue) -> bool:
    """Of the level below; whether its parent is one of ours, or was, only the caller can know.

    Sub-tasks of stories are no children of epics; they are added where they are wanted. A child that changed
    its level is left to the full look.
    """
    return decode.type_of(issue).get("hierarchyLevel") == question.source.hierarchy_level - 1


def _sub_tasks(
    client: JiraClient, question: Question, issues: Sequence[Issue], points: Sequence[str]
) -> Sequence[Issue]:
    """The sub-tasks of these issues, where they are wanted; those of what was called off are not."""
    if not question.source.subtasks:
        return ()
    counted = [record.native_id for record in _counted(question, issues, points)]
    return reading.children(client, counted, points).issues


def _changed_sub_tasks(
    client: JiraClient,
    question: Question,
    changed: Sequence[Issue],
    below: Sequence[Issue],
    points: Sequence[str],
) -> Sequence[Issue]:
    """Sub-tasks that changed, and all of those of changed issues, each once.

    An issue that comes below an epic brings its sub-tasks along, and they show no edit of their own.
    """
    if not question.source.subtasks:
        return ()
    level = question.source.hierarchy_level - 2
    own = [issue for issue in changed if decode.type_of(issue).get("hierarchyLevel") == level]
    return reading.newest([*own, *_sub_tasks(client, question, below, points)])


def _counted(question: Question, issues: Sequence[Issue], points: Sequence[str]) -> Iterator[Record]:
    for issue in issues:
        if not decode.is_resolved_as(issue.get("fields") or {}, question.source.cancelled):
            yield decode.child(issue, points, question.site)


def _still_counted(question: Question, issues: Sequence[Issue], points: Sequence[str]) -> Iterator[Record]:
    """Children as they are now; one that was called off belongs to no parent any more."""
    for issue in issues:
        child = decode.child(issue, points, question.site)
        off = decode.is_resolved_as(issue.get("fields") or {}, question.source.cancelled)
        yield decode.orphan(child) if off else child


def _projects(known: Sequence[str], children: Sequence[Issue]) -> list[str]:
    """The projects to search next time: those known, and those of children that have a parent."""
    linked = [issue for issue in children if (issue.get("fields") or {}).get("parent") is not None]
    return sorted({project.upper() for project in known} | cursors.projects_of(linked))
