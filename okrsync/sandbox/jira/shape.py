"""How the site's things look in answers: issues, projects, users, types, statuses, fields.

Arrives: plain data of the site and the calling user. Leaves: JSON in the shapes recorded from Jira Cloud.
Times carry the account's offset without a colon; a field without value is null; `parent` is absent, not null,
on an issue without parent; a custom field outside the project's context is absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from okrsync.sandbox.jira.model import CATEGORIES, FieldDef, Issue, IssueType, Json, Project, Status, User
from okrsync.sandbox.jira.site import Site

BASE = "https://jira.sandbox"
"""Only for `self` links; nothing answers there."""
EVERYTHING = ("*all",)

_SCHEMA_TYPES = {
    "number": "number",
    "date": "date",
    "labels": "array",
    "user": "user",
    "parent": "issuelink",
    "rich_text": "string",
    "text": "string",
}


def iso(moment: int, user: User) -> str:
    """Epoch milliseconds as Jira writes them, e.g. 2022-07-16T06:29:49.427+0800."""
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)
    local = utc.astimezone(ZoneInfo(user.time_zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{moment % 1000:03d}{local:%z}"


def status_json(status: Status) -> dict[str, Json]:
    """A status with its category."""
    return {
        "self": f"{BASE}/rest/api/3/status/{status.id}",
        "description": "",
        "name": status.name,
        "untranslatedName": status.name,
        "id": status.id,
        "statusCategory": category_json(status.category),
    }


def category_json(key: str) -> dict[str, Json]:
    """A status category."""
    number, name, colour = CATEGORIES[key]
    link = f"{BASE}/rest/api/3/statuscategory/{number}"
    return {"self": link, "id": number, "key": key, "colorName": colour, "name": name}


def type_json(kind: IssueType) -> dict[str, Json]:
    """An issue type; team-managed copies show the project they belong to."""
    shown = {
        "self": f"{BASE}/rest/api/3/issuetype/{kind.id}",
        "id": kind.id,
        "description": "",
        "name": kind.name,
        "untranslatedName": kind.name,
        "subtask": kind.level < 0,
        "hierarchyLevel": kind.level,
    }
    if kind.project is not None:
        shown["scope"] = {"type": "PROJECT", "project": {"id": kind.project}}
    return shown


def project_json(project: Project) -> dict[str, Json]:
    """A project."""
    return {
        "self": f"{BASE}/rest/api/3/project/{project.id}",
        "id": project.id,
        "key": project.key,
        "name": project.name,
        "projectTypeKey": "software",
        "simplified": project.team_managed,
        "style": "next-gen" if project.team_managed else "classic",
        "isPrivate": False,
        "properties": {},
    }


def user_json(user: User) -> dict[str, Json]:
    """A person inside an issue; the e-mail is absent when hidden by their privacy settings."""
    shown = {
        "self": f"{BASE}/rest/api/3/user?accountId={user.id}",
        "accountId": user.id,
        "accountType": "atlassian",
        "active": True,
        "displayName": user.name,
        "timeZone": user.time_zone,
    }
    return shown if user.email_hidden else {**shown, "emailAddress": user.email}


def field_json(definition: FieldDef) -> dict[str, Json]:
    """A field as GET /field lists it."""
    custom = definition.custom_type is not None
    shown: dict[str, Json] = {
        "id": definition.id,
        "key": definition.id,
        "name": definition.name,
        "untranslatedName": definition.name,
        "custom": custom,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [definition.name],
        "schema": schema_json(definition),
    }
    if custom:
        shown["clauseNames"] = [f"cf[{definition.id.removeprefix('customfield_')}]", definition.name]
    if definition.project is not None:
        shown["scope"] = {"type": "PROJECT", "project": {"id": definition.project}}
    return shown


def schema_json(definition: FieldDef) -> dict[str, Json]:
    """A field's schema."""
    shown: dict[str, Json] = {"type": _SCHEMA_TYPES.get(definition.kind, definition.id.lower())}
    if definition.kind == "labels":
        shown["items"] = "string"
    if definition.custom_type is None:
        return {**shown, "system": definition.id}
    number = int(definition.id.removeprefix("customfield_"))
    return {**shown, "custom": definition.custom_type, "customId": number}


def issue_json(
    site: Site, user: User, issue: Issue, wanted: Sequence[str], properties: Sequence[str] | None = None
) -> dict[str, Json]:
    """An issue with the wanted fields (ids, *all, *navigable, -id); just its id when only that is asked."""
    shown: dict[str, Json] = {"id": issue.id}
    if set(wanted) != {"id"}:
        shown |= {"expand": "", "self": f"{BASE}/rest/api/3/issue/{issue.id}", "key": issue.key}
        shown["fields"] = fields_json(site, user, issue, wanted)
    if properties is not None:
        shown["properties"] = {k: issue.properties[k] for k in properties if k in issue.properties}
    return shown


def fields_json(site: Site, user: User, issue: Issue, wanted: Sequence[str]) -> dict[str, Json]:
    """The wanted fields of an issue."""
    whole = any(name in ("*all", "*navigable") for name in wanted) or all(n.startswith("-") for n in wanted)
    known = site.fields_of(site.projects[issue.project])
    names = [d for d in known if (whole or d.id in wanted) and f"-{d.id}" not in wanted]
    fields = {d.id: field_value(site, user, issue, d) for d in names}
    if issue.parent is None:
        fields.pop("parent", None)
    return fields


def field_value(site: Site, user: User, issue: Issue, definition: FieldDef) -> Json:
    """One field's JSON value."""
    derived: Mapping[str, Any] = {
        "issuetype": lambda: type_json(site.types[issue.type]),
        "project": lambda: project_json(site.projects[issue.project]),
        "status": lambda: status_json(site.statuses[issue.status]),
        "statusCategory": lambda: category_json(site.statuses[issue.status].category),
        "resolution": lambda: None if issue.resolution is None else _resolution_json(issue.resolution),
        "created": lambda: iso(issue.created, user),
        "updated": lambda: iso(issue.updated, user),
        "parent": lambda: _parent_json(site, issue),
    }
    if definition.id in derived:
        return derived[definition.id]()
    value = issue.values.get(definition.id)
    if definition.kind == "labels":
        return sorted(value or ())
    if definition.kind == "user" and value is not None:
        return user_json(site.users[value])
    return value


def _resolution_json(name: str) -> dict[str, Json]:
    return {"self": f"{BASE}/rest/api/3/resolution/10000", "id": "10000", "name": name, "description": ""}


def _parent_json(site: Site, issue: Issue) -> Json:
    parent = site.issues.get(issue.parent or "")
    if parent is None:
        return None
    fields = {
        "summary": parent.values.get("summary"),
        "status": status_json(site.statuses[parent.status]),
        "issuetype": type_json(site.types[parent.type]),
    }
    link = f"{BASE}/rest/api/3/issue/{parent.id}"
    return {"id": parent.id, "key": parent.key, "self": link, "fields": fields}
