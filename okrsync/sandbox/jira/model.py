"""What an imitated Jira site is made of: users, projects, types, statuses, fields, issues, settings.

Plain data that goes to JSON and back. Times are epoch milliseconds, as precise as Jira's own answers; ids are
strings of digits, as in Jira's JSON. An issue is known by its id; its key changes when it moves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any

STORY_POINTS = "customfield_10016"
"""Story point estimate, on every project's screens."""
OKR_PROGRESS = "customfield_10050"
"""The number field an admin added for computed progress, on the projects that were given it."""

EPIC_LINK = "customfield_10008"
PARENT_LINK = "customfield_10009"
"""Data Center only: the fields that hold the key of a story's epic, and of what an epic belongs to."""

CATEGORIES: dict[str, tuple[int, str, str]] = {
    "undefined": (1, "No Category", "medium-gray"),
    "new": (2, "To Do", "blue-gray"),
    "done": (3, "Done", "green"),
    "indeterminate": (4, "In Progress", "yellow"),
}
"""Status categories by key: id, name, colour. Recorded from Jira Cloud; the keys never change."""


@dataclass
class User:
    """An account; each token is None until given and once revoked.

    `token` is a classic API token, for the site's own address. `scoped_token` (an API token with scopes) and
    `oauth_token` (an OAuth 2.0 access token) are for the gateway's address only.
    """

    id: str
    email: str
    name: str
    token: str | None = None
    time_zone: str = "UTC"
    admin: bool = False
    email_hidden: bool = False
    scoped_token: str | None = None
    oauth_token: str | None = None


NOBODY = User("anonymous", "", "Anonymous")
"""The caller whose credentials were not accepted, on a site that lets everyone ask (and sees nothing)."""


@dataclass
class IssueType:
    """Level 1 is an epic, 0 a standard issue, -1 a sub-task; `project` is set on team-managed copies."""

    id: str
    name: str
    level: int
    project: str | None = None


@dataclass
class Status:
    """A workflow status; `category` is a key of CATEGORIES."""

    id: str
    name: str
    category: str


@dataclass
class FieldDef:
    """A field: `kind` is number, text, date, rich_text, labels, user, parent or shown (never settable)."""

    id: str
    name: str
    kind: str
    custom_type: str | None = None
    project: str | None = None


@dataclass
class Project:
    """A project. `screen` lists its custom fields; `read_only` what its edit screens lack all the same, as a
    field id, or type id and field id with a colon between. The others are accounts that lack a permission."""

    id: str
    key: str
    name: str
    team_managed: bool = False
    screen: list[str] = field(default_factory=list)
    no_browse: list[str] = field(default_factory=list)
    no_edit: list[str] = field(default_factory=list)
    numbered: int = 0
    read_only: list[str] = field(default_factory=list)


@dataclass
class Issue:
    """An issue; `values` holds summary, labels, description, duedate, assignee id and custom fields."""

    id: str
    key: str
    project: str
    type: str
    status: str
    created: int
    updated: int
    parent: str | None = None
    resolution: str | None = None
    values: dict[str, Json] = field(default_factory=dict)
    properties: dict[str, Json] = field(default_factory=dict)
    former_keys: list[str] = field(default_factory=list)


@dataclass
class Settings:
    """Behaviours that differ between sites or moments, off by default.

    `search_lag`: seconds the search index is behind. `page_cap`: most issues on a page whatever was asked.
    `empty_pages`: each page with a next token is followed by an empty one that has a token too.
    `notify_refused`: notifyUsers=false from a person without admin rights is refused, not ignored.
    `property_moves_updated`: writing an issue property moves `updated`.
    `anonymous_reads`: wrong credentials read an empty site with 200 instead of getting 401.
    `result_window`: how deep Data Center's offsets may go.
    `unreachable`: ids of statuses no transition leads to.
    `asked_on_transition`: by status id, the fields the transition to it requires (a screen with a validator).
    """

    search_lag: float = 0
    page_cap: int | None = None
    empty_pages: bool = False
    notify_refused: bool = False
    property_moves_updated: bool = False
    anonymous_reads: bool = False
    result_window: int = 10_000
    unreachable: list[str] = field(default_factory=list)
    asked_on_transition: dict[str, list[str]] = field(default_factory=dict)


SYSTEM_FIELDS: tuple[FieldDef, ...] = (
    FieldDef("summary", "Summary", "text"),
    FieldDef("description", "Description", "rich_text"),
    FieldDef("labels", "Labels", "labels"),
    FieldDef("assignee", "Assignee", "user"),
    FieldDef("duedate", "Due date", "date"),
    FieldDef("parent", "Parent", "parent"),
    FieldDef("issuetype", "Issue Type", "shown"),
    FieldDef("project", "Project", "shown"),
    FieldDef("status", "Status", "shown"),
    FieldDef("statusCategory", "Status Category", "shown"),
    FieldDef("resolution", "Resolution", "shown"),
    FieldDef("created", "Created", "shown"),
    FieldDef("updated", "Updated", "shown"),
)

FIRST_STATUSES: tuple[Status, ...] = (
    Status("10000", "To Do", "new"),
    Status("3", "In Progress", "indeterminate"),
    Status("10001", "Done", "done"),
)

FIRST_TYPES: tuple[IssueType, ...] = (
    IssueType("10000", "Epic", 1),
    IssueType("10001", "Story", 0),
    IssueType("10002", "Task", 0),
    IssueType("10003", "Sub-task", -1),
)
