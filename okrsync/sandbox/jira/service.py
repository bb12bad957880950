"""The imitated Jira as one service, and the methods that build a site for tests and the demo.

Arrives: a clock, then users, projects, epics and issues. Leaves: the routes clients talk to, dumps, and
people's actions. Ids are given in the order of building, so the same building gives the same ids.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from starlette.routing import BaseRoute

from okrsync.sandbox.jira.datacenter import server_routes
from okrsync.sandbox.jira.edit import check_property
from okrsync.sandbox.jira.model import (
    CATEGORIES,
    OKR_PROGRESS,
    STORY_POINTS,
    FieldDef,
    Issue,
    IssueType,
    Json,
    Project,
    Settings,
    Status,
    User,
)
from okrsync.sandbox.jira.people import act, create_issue, find_issue, find_project
from okrsync.sandbox.jira.routes import jira_routes
from okrsync.sandbox.jira.site import Deployment, Site
from okrsync.sandbox.service import Clock

_CUSTOM_TYPES = {
    "number": "com.atlassian.jira.plugin.system.customfieldtypes:float",
    "text": "com.atlassian.jira.plugin.system.customfieldtypes:textfield",
    "date": "com.atlassian.jira.plugin.system.customfieldtypes:datepicker",
}


class JiraService:
    """One imitated Jira site: Cloud, or a Data Center."""

    name = "jira"

    def __init__(self, *, clock: Clock, deployment: Deployment = "cloud") -> None:
        self._site = Site(clock, deployment)

    @property
    def settings(self) -> Settings:
        """How this site behaves; change members at will."""
        return self._site.settings

    @property
    def mails(self) -> int:
        """How many notification mails the site's watchers would have got."""
        return self._site.mails

    def routes(self) -> Sequence[BaseRoute]:
        """The REST API v3 of Cloud, or v2 of a Data Center."""
        return jira_routes(self._site) if self._site.deployment == "cloud" else server_routes(self._site)

    def dump(self) -> dict[str, Json]:
        """The whole state as JSON."""
        return copy.deepcopy(self._site.dump())

    def load(self, data: Mapping[str, Json]) -> None:
        """Replace the state. Raises ValueError on a dump of another shape."""
        self._site.load(data)

    def person(self, action: str, arguments: Mapping[str, Json]) -> Json:
        """A person's edit; see `people` for actions and arguments. Raises PersonError."""
        return act(self._site, action, arguments)

    def reset(self) -> None:
        """A new empty site."""
        self._site.reset()

    def add_user(
        self,
        email: str,
        token: str | None = None,
        *,
        name: str | None = None,
        time_zone: str = "UTC",
        admin: bool = False,
        email_hidden: bool = False,
    ) -> str:
        """An account; gives its account id. With a token it can use the API."""
        number = self._site.next_id("user", 1)
        shown = name or email.partition("@")[0].replace(".", " ").title()
        user = User(f"557058:{number:0>8}", email.lower(), shown, token, time_zone, admin, email_hidden)
        self._site.users[user.id] = user
        return user.id

    def add_project(
        self, key: str, name: str | None = None, *, with_okr_field: bool = True, team_managed: bool = False
    ) -> str:
        """A project; gives its id. `with_okr_field` puts the number field "OKR progress" on its screens."""
        site = self._site
        project = Project(site.next_id("project", 10000), key, name or key, team_managed, [STORY_POINTS])
        site.projects[project.id] = project
        if with_okr_field:
            known = FieldDef(OKR_PROGRESS, "OKR progress", "number", _CUSTOM_TYPES["number"])
            site.fields.setdefault(OKR_PROGRESS, known)
            project.screen.append(OKR_PROGRESS)
        if team_managed:
            for kind in [t for t in site.types.values() if t.project is None]:
                self.add_type(kind.name, kind.level, project=project.id)
        return project.id

    def add_type(self, name: str, level: int, *, project: str | None = None) -> str:
        """An issue type, on the site or of one team-managed project; gives its id."""
        kind = IssueType(self._site.next_id("type", 10100), name, level, project)
        self._site.types[kind.id] = kind
        return kind.id

    def add_status(self, name: str, category: str) -> str:
        """A status in the category new, indeterminate or done; gives its id."""
        if category not in CATEGORIES:
            raise ValueError(f"no status category {category!r}; known: {', '.join(CATEGORIES)}")
        status = Status(self._site.next_id("status", 10100), name, category)
        self._site.statuses[status.id] = status
        return status.id

    def add_field(
        self, name: str, kind: str = "number", *, projects: Sequence[str] = (), scoped: bool = False
    ) -> str:
        """A custom field (number, text, date) on projects' screens; `scoped` makes it the first one's own."""
        homes = [find_project(self._site, key) for key in projects]
        number = self._site.next_id("field", 10100)
        owner = homes[0].id if scoped else None
        field = FieldDef(f"customfield_{number}", name, kind, _CUSTOM_TYPES[kind], owner)
        self._site.fields[field.id] = field
        for home in homes:
            home.screen.append(field.id)
        return field.id

    def add_epic(self, project: str, summary: str, **rest: Any) -> Issue:
        """An epic; the rest as in `add_issue`."""
        return self.add_issue(project, summary, type="Epic", **rest)

    def add_issue(
        self,
        project: str,
        summary: str,
        *,
        type: str = "Story",  # Jira's own word for it
        parent: str | None = None,
        status: str | None = None,
        resolution: str | None = None,
        labels: Sequence[str] = (),
        points: float | None = None,
        assignee: str | None = None,
        due: str | None = None,
        fields: Mapping[str, Json] | None = None,
        properties: Mapping[str, Json] | None = None,
    ) -> Issue:
        """An issue (parent by key or id, assignee by e-mail, due as ISO date); gives a copy of it.

        A done issue is resolved as "Done" unless `resolution` says otherwise, such as "Won't Do".
        """
        asked: dict[str, Json] = {"assignee": assignee, "duedate": due, **(fields or {})}
        if points is not None:
            asked[STORY_POINTS] = points
        issue = create_issue(self._site, project, summary, type, parent, list(labels), status, asked)
        issue.resolution = resolution or issue.resolution
        for key, value in (properties or {}).items():
            check_property(key, value)
        issue.properties.update(copy.deepcopy(dict(properties or {})))
        return copy.deepcopy(self._site.put(issue))

    def issue(self, reference: str) -> dict[str, Json]:
        """The truth about one issue, by key or id, as plain JSON. Raises PersonError."""
        known = find_issue(self._site, reference)
        status = self._site.statuses[known.status]
        return {**asdict(known), "status_name": status.name, "status_category": status.category}
