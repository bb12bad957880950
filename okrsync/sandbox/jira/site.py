"""The truth of the imitated site, and what its search index believes.

Arrives: changed issues, from the API and from people. Leaves: the current issues, and for any recent moment
the issues as they were then, which is what a lagging search index still shows. Kept apart from the routes so
that people and the API change the world through the same few methods.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Literal

from okrsync.sandbox.jira.model import (
    EPIC_LINK,
    FIRST_STATUSES,
    FIRST_TYPES,
    PARENT_LINK,
    STORY_POINTS,
    SYSTEM_FIELDS,
    FieldDef,
    Issue,
    IssueType,
    Json,
    Project,
    Settings,
    Status,
    User,
)
from okrsync.sandbox.service import Clock

Deployment = Literal["cloud", "data_center"]

KEPT_MS = 3_600_000
"""How far back a stale index can look: one hour."""

_KINDS: Mapping[str, type[Any]] = {
    "users": User,
    "projects": Project,
    "types": IssueType,
    "statuses": Status,
    "fields": FieldDef,
    "issues": Issue,
}


class Site:
    """All state of one Jira site; each collection is a dict by id."""

    def __init__(self, clock: Clock, deployment: Deployment = "cloud") -> None:
        self.clock = clock
        self.deployment = deployment
        self.reset()

    def reset(self) -> None:
        """A new site: no users, projects or issues; the usual types, statuses and fields."""
        self.users: dict[str, User] = {}
        self.projects: dict[str, Project] = {}
        self.types = {t.id: copy.copy(t) for t in FIRST_TYPES}
        self.statuses = {s.id: copy.copy(s) for s in FIRST_STATUSES}
        points = FieldDef(
            STORY_POINTS, "Story point estimate", "number", "com.pyxis.greenhopper.jira:jsw-story-points"
        )
        self.fields = {f.id: copy.copy(f) for f in (*SYSTEM_FIELDS, points)}
        self.issues: dict[str, Issue] = {}
        self.history: dict[str, list[tuple[int, Issue | None]]] = {}
        self.settings = Settings()
        self.numbered: dict[str, int] = {}
        self.mails = 0

    def now(self) -> int:
        """The site's time in epoch milliseconds."""
        return round(self.clock().timestamp() * 1000)

    def next_id(self, kind: str, first: int) -> str:
        """The next id of a kind, counting from `first`."""
        self.numbered[kind] = self.numbered.get(kind, first - 1) + 1
        return str(self.numbered[kind])

    def new_key(self, project: Project) -> str:
        """The next issue key of a project; numbers are never used twice."""
        project.numbered += 1
        return f"{project.key}-{project.numbered}"

    def put(self, issue: Issue) -> Issue:
        """Make this the issue's current version and remember it for the lagging index."""
        self.issues[issue.id] = issue
        self._remember(issue.id, copy.deepcopy(issue))
        return issue

    def remove(self, issue: Issue) -> None:
        """Delete an issue; its children lose their parent, as in Jira when an epic is deleted."""
        del self.issues[issue.id]
        self._remember(issue.id, None)
        for child in [i for i in self.issues.values() if i.parent == issue.id]:
            changed = self.draft(child)
            changed.parent, changed.updated = None, self.now()
            self.put(changed)

    def draft(self, issue: Issue) -> Issue:
        """A copy to change; nothing happened until it is `put`."""
        return copy.deepcopy(issue)

    def find(self, reference: object, issues: Mapping[str, Issue] | None = None) -> Issue | None:
        """An issue by id, key or former key (Jira follows keys of moved issues)."""
        pool = self.issues if issues is None else issues
        wanted = str(reference)
        if wanted in pool:
            return pool[wanted]
        wanted = wanted.upper()
        keyed = (i for i in pool.values() if wanted == i.key or wanted in i.former_keys)
        return next(keyed, None)

    def find_project(self, reference: object) -> Project | None:
        """A project by id, key or name."""
        wanted = str(reference)
        if wanted in self.projects:
            return self.projects[wanted]
        lower = wanted.lower()
        return next((p for p in self.projects.values() if lower in (p.key.lower(), p.name.lower())), None)

    def find_user(self, email: str) -> User | None:
        """A user by e-mail."""
        return next((u for u in self.users.values() if u.email == email.lower()), None)

    def link_field(self, issue: Issue) -> str:
        """The field an issue's parent is in: on Data Center only sub-tasks have it in `parent`."""
        level = self.types[issue.type].level
        if self.deployment == "cloud" or level < 0:
            return "parent"
        return EPIC_LINK if level == 0 else PARENT_LINK

    def types_of(self, project: Project) -> list[IssueType]:
        """Company-managed projects share the site's types, team-managed ones have their own copies."""
        owner = project.id if project.team_managed else None
        return [t for t in self.types.values() if t.project == owner]

    def fields_of(self, project: Project) -> list[FieldDef]:
        """System fields and the custom fields in the project's context."""
        return [f for f in self.fields.values() if f.custom_type is None or f.id in project.screen]

    def as_of(self, moment: int, fresh: Iterable[str] = ()) -> dict[str, Issue]:
        """The issues as they were at a moment; those in `fresh` as they are now."""
        seen: dict[str, Issue] = {}
        for issue_id, versions in self.history.items():
            then = [version for at, version in versions if at <= moment]
            if then and then[-1] is not None:
                seen[issue_id] = then[-1]
        for issue_id in fresh:
            seen.pop(issue_id, None)
            if issue_id in self.issues:
                seen[issue_id] = self.issues[issue_id]
        return seen

    def dump(self) -> dict[str, Json]:
        """Everything, as JSON."""
        tables = {name: [asdict(row) for row in getattr(self, name).values()] for name in _KINDS}
        history = {
            issue_id: [[at, None if version is None else asdict(version)] for at, version in versions]
            for issue_id, versions in self.history.items()
        }
        rest = {"settings": asdict(self.settings), "numbered": dict(self.numbered), "mails": self.mails}
        return {**tables, "history": history, **rest}

    def load(self, data: Mapping[str, Json]) -> None:
        """Replace everything. Raises ValueError when the dump has another shape."""
        try:
            fresh = Site(self.clock, self.deployment)
            for name, kind in _KINDS.items():
                setattr(fresh, name, {row["id"]: kind(**row) for row in copy.deepcopy(data[name])})
            fresh.history = {
                issue_id: [(at, None if row is None else Issue(**copy.deepcopy(row))) for at, row in versions]
                for issue_id, versions in data["history"].items()
            }
            fresh.settings = Settings(**data["settings"])
            fresh.numbered, fresh.mails = dict(data["numbered"]), data["mails"]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a dump of the imitated Jira: {error}") from error
        self.__dict__.update(fresh.__dict__)

    def _remember(self, issue_id: str, version: Issue | None) -> None:
        now = self.now()
        versions = self.history.setdefault(issue_id, [])
        versions.append((now, version))
        while len(versions) > 1 and versions[1][0] < now - KEPT_MS:
            versions.pop(0)
