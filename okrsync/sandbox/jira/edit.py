"""Creating and editing issues with the checks Jira Cloud makes.

Arrives: the site, the caller, an issue and a request body with `fields`, `update` verbs and `properties`.
Leaves: a changed issue, or a JiraError that lists every refused field; then nothing at all is written. Value
rules per field kind are in `values`. Status is no field: it moves by transitions only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from okrsync.sandbox.jira.errors import FieldError, JiraError, bad_payload, not_on_screen
from okrsync.sandbox.jira.model import FieldDef, Issue, Json, Project, User
from okrsync.sandbox.jira.site import Site
from okrsync.sandbox.jira.values import checked

MAX_PROPERTY = 32_768
"""Characters of a property's JSON value; its key may have 255."""


def edit(site: Site, user: User, issue: Issue, body: Json) -> Issue:
    """PUT /issue/{id}: all or nothing."""
    if not isinstance(body, dict):
        raise bad_payload()
    if "fields" not in body and "update" not in body:
        raise JiraError(400, ["one of 'fields' or 'update' required"])
    draft = site.draft(issue)
    errors = _set_fields(site, user, draft, body)
    properties = _checked_properties(body)
    if errors:
        raise JiraError(400, fields=errors)
    draft.properties |= properties
    return commit(site, issue, draft)


def create(site: Site, user: User, body: Json) -> Issue:
    """POST /issue: not idempotent, each call makes an issue."""
    fields = body.get("fields") if isinstance(body, dict) else None
    if not isinstance(fields, dict):
        raise bad_payload()
    project = _project_named(site, user, fields.get("project"))
    kind = _type_named(site, project, fields.get("issuetype"))
    draft = blank_issue(site, project, kind)
    rest = {k: v for k, v in fields.items() if k not in ("project", "issuetype")}
    errors = _set_fields(site, user, draft, {"fields": rest})
    if "summary" not in draft.values:
        errors.setdefault("summary", "You must specify a summary of the issue.")
    if errors:
        raise JiraError(400, fields=errors)
    draft.properties |= _checked_properties(body)
    return register(site, draft)


def blank_issue(site: Site, project: Project, kind: str) -> Issue:
    """An issue without id and key, in the project's first status."""
    now = site.now()
    return Issue("", "", project.id, kind, next(iter(site.statuses)), now, now)


def register(site: Site, draft: Issue) -> Issue:
    """Give a new issue its id and key and make it part of the site."""
    draft.id = site.next_id("issue", 10000)
    draft.key = site.new_key(site.projects[draft.project])
    touch_epics(site, draft.parent)
    site.mails += 1
    return site.put(draft)


def commit(site: Site, before: Issue, draft: Issue) -> Issue:
    """Write a draft; `updated` moves only when something a person sees has changed."""
    now = site.now()
    if _visible(draft) != _visible(before):
        draft.updated = now
        site.mails += 1
    elif draft.properties != before.properties and site.settings.property_moves_updated:
        draft.updated = now
    if draft.parent != before.parent:
        touch_epics(site, before.parent, draft.parent)
    return site.put(draft)


def touch_epics(site: Site, *parents: str | None) -> None:
    """Linking or unlinking a child leaves an entry on a company-managed epic (recorded); edits do not."""
    for parent in parents:
        epic = site.issues.get(parent or "")
        if epic is not None and not site.projects[epic.project].team_managed:
            draft = site.draft(epic)
            draft.updated = site.now()
            site.put(draft)


def set_field(site: Site, issue: Issue, definition: FieldDef, value: Json) -> None:
    """Set one field of a draft. Raises FieldError."""
    value = checked(site, issue, definition, value)
    if definition.kind == "parent":
        issue.parent = value
    elif value is None:
        issue.values.pop(definition.id, None)
    else:
        issue.values[definition.id] = value


def editable(site: Site, user: User, issue: Issue) -> dict[str, FieldDef]:
    """The fields on the edit screen for this user; empty without the permission to edit."""
    project = site.projects[issue.project]
    if user.id in project.no_edit:
        return {}
    hidden = set(project.read_only)
    known = {d.id: d for d in site.fields_of(project) if d.kind != "shown"}
    return {one: d for one, d in known.items() if not hidden & {one, f"{issue.type}:{one}"}}


def check_property(key: Json, value: Json) -> None:
    """Raises JiraError when a property's key or value is beyond Jira's limits."""
    if not isinstance(key, str) or not 0 < len(key) <= 255:
        raise JiraError(400, ["The property key must have between 1 and 255 characters."])
    if len(json.dumps(value)) > MAX_PROPERTY:
        raise JiraError(400, [f"The property value cannot be longer than {MAX_PROPERTY} characters."])


def _visible(issue: Issue) -> tuple[Any, ...]:
    return (issue.values, issue.parent, issue.status, issue.resolution, issue.key, issue.type)


def _set_fields(site: Site, user: User, draft: Issue, body: Mapping[str, Json]) -> dict[str, str]:
    sets, verbs = body.get("fields", {}), body.get("update", {})
    if not isinstance(sets, dict) or not isinstance(verbs, dict):
        raise bad_payload()
    screen = editable(site, user, draft)
    errors: dict[str, str] = {}
    for name in {**sets, **verbs}:
        try:
            if name not in screen:
                raise not_on_screen(name)
            if name in sets and name in verbs:
                raise FieldError(f"Field '{name}' may be in 'fields' or in 'update', not in both.")
            value = sets[name] if name in sets else _after_verbs(draft, screen[name], verbs[name])
            set_field(site, draft, screen[name], value)
        except FieldError as error:
            errors[name] = str(error)
    return errors


def _after_verbs(issue: Issue, definition: FieldDef, verbs: Json) -> Json:
    """The value after set, add and remove verbs, in the order given; add and remove are for lists."""
    value: Json = issue.values.get(definition.id)
    if not isinstance(verbs, list) or not all(isinstance(v, dict) and len(v) == 1 for v in verbs):
        raise FieldError("data was not an array")
    for verb, operand in ((k, v) for entry in verbs for k, v in entry.items()):
        if verb == "set":
            value = operand
        elif verb == "add" and definition.kind == "labels":
            value = [*(value or []), operand]
        elif verb == "remove" and definition.kind == "labels":
            value = [label for label in value or [] if label != operand]
        else:
            raise FieldError(f"Field with id '{definition.id}' and operation '{verb}' is not supported.")
    return value


def _checked_properties(body: Mapping[str, Json]) -> dict[str, Json]:
    given = body.get("properties", [])
    if not isinstance(given, list) or not all(
        isinstance(p, dict) and set(p) == {"key", "value"} for p in given
    ):
        raise bad_payload()
    for entry in given:
        check_property(entry["key"], entry["value"])
    return {entry["key"]: entry["value"] for entry in given}


def _project_named(site: Site, user: User, named: Json) -> Project:
    reference = (named.get("id") or named.get("key")) if isinstance(named, dict) else None
    project = None if reference is None else site.find_project(reference)
    if project is None or user.id in project.no_browse or user.id in project.no_edit:
        raise JiraError(400, fields={"project": "Specify a valid project ID or key"})
    return project


def _type_named(site: Site, project: Project, named: Json) -> str:
    wanted = (named.get("id"), named.get("name")) if isinstance(named, dict) else (None, None)
    for kind in site.types_of(project):
        if kind.id == wanted[0] or kind.name == wanted[1]:
            return kind.id
    raise JiraError(400, fields={"issuetype": "Specify a valid issue type"})
