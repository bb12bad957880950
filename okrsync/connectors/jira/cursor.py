"""Where the next look for changes starts, and how that is worked out without trusting any clock of ours.

Arrives: the issues a look saw and Jira's own time when it began. Leaves: a cursor, stored by others as
opaque text. It is a hint: one that does not fit any more makes the next look a full one, never a wrong one.
Separate from `pulling`, because every rule against losing an edit to a late search index is here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from okrsync.connectors.base import Record
from okrsync.connectors.jira import decode

Issue = Mapping[str, Any]

OVERLAP_MS = 5 * 60_000
"""Jira's search index shows edits seconds to minutes late and not in order: this much is read again."""
LAG_MS = 5 * 60_000
"""The last minutes before a look began are never believed to be whole, whatever it saw."""
LOOK_BACK_MS = 60 * 60_000
"""On a quiet site the newest issue stays the newest; it is not read again for ever, only for an hour."""


@dataclass(frozen=True)
class Terms:
    """What a site calls the things of a collection: ids, found by the last full look."""

    types: tuple[str, ...]
    """Issue types of the collection's level."""
    points: tuple[str, ...]
    """Story point fields of the children."""


@dataclass(frozen=True)
class Cursor:
    """The start of the next delta.

    `since` is epoch milliseconds, `projects` are the keys or ids to search, `scope` tells whether the
    question is still the one this cursor belongs to. `terms` are kept so that a delta needs nothing but one
    search. `parents` holds the records that will come again only because the looks overlap: by id, when they
    were edited last.
    """

    since: int
    projects: tuple[str, ...]
    scope: str
    terms: Terms
    parents: Mapping[str, int] = field(default_factory=dict)

    def text(self) -> str:
        """The cursor as JSON text."""
        return json.dumps(asdict(self))

    def is_new(self, record: Record) -> bool:
        """Whether the record was not yet seen with this edit."""
        return record.native_id not in self.parents or self.parents[record.native_id] != _edited(record)

    def moved(self, issues: Iterable[Issue], began: datetime | None, projects: Sequence[str]) -> Cursor:
        """The cursor after a delta; it never moves back because less was seen."""
        since = _since(issues, began)
        further = self.since if since is None else max(self.since, since)
        return replace(self, since=further, projects=tuple(projects))

    def knowing(self, records: Iterable[Record]) -> Cursor:
        """The cursor that also remembers which of these records its overlap will show again."""
        edits = ((record.native_id, _edited(record)) for record in records)
        return replace(self, parents={one: at for one, at in edits if at is not None and at >= self.since})


def first(
    issues: Iterable[Issue], began: datetime | None, projects: Sequence[str], scope: str, terms: Terms
) -> Cursor | None:
    """The cursor after a full look; `None` when neither an issue nor Jira's clock was seen."""
    since = _since(issues, began)
    return None if since is None else Cursor(since, tuple(projects), scope, terms)


def read(text: str | None, scope: str) -> Cursor | None:
    """The cursor of a text, `None` when there is none, it is not ours, or it belongs to another question."""
    try:
        data = json.loads(text or "")
        terms = Terms(tuple(map(str, data["terms"]["types"])), tuple(map(str, data["terms"]["points"])))
        parents = {str(one): int(at) for one, at in dict(data["parents"]).items()}
        projects = tuple(map(str, data["projects"]))
        cursor = Cursor(int(data["since"]), projects, str(data["scope"]), terms, parents)
    except (ValueError, KeyError, TypeError):
        return None
    return cursor if cursor.scope == scope else None


def scope(*parts: object) -> str:
    """A short fingerprint of everything that makes an unchanged issue worth reading again."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def projects_of(issues: Iterable[Issue]) -> set[str]:
    """The keys of the projects these issues are in; an issue's key begins with its project's."""
    return {str(issue.get("key")).rpartition("-")[0] for issue in issues}


def _since(issues: Iterable[Issue], began: datetime | None) -> int | None:
    """The newest issue seen less the overlap, between an hour and the lag before the look began.

    Without Jira's clock the newest issue alone counts. Ours is not asked: it may be wrong.
    """
    moments = [moment for issue in issues if (moment := decode.edited_at(issue.get("fields") or {}))]
    newest = max(map(_milliseconds, moments), default=None)
    since = [] if newest is None else [newest - OVERLAP_MS]
    if began is None:
        return max(since, default=None)
    now = _milliseconds(began)
    return min(max([*since, now - LOOK_BACK_MS]), now - LAG_MS)


def _edited(record: Record) -> int | None:
    return None if record.edited_at is None else _milliseconds(record.edited_at)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
