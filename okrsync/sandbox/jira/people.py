"""What people do in Jira's own pages, past the API: edit, move, delete, rename, take permissions away.

Arrives: an action's name and its arguments. Leaves: the changed world and a small JSON answer, or a
PersonError saying what cannot be done. Issues are named by key or id, projects by key, people by e-mail,
fields by id or name. Values are the simple ones a person types: an e-mail for a person, a key for a parent,
text for a description.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from typing import Any

from okrsync.sandbox.jira.edit import blank_issue, commit, register, set_field
from okrsync.sandbox.jira.errors import FieldError
from okrsync.sandbox.jira.model import FieldDef, Issue, Json, Project, Settings, User
from okrsync.sandbox.jira.site import Site
from okrsync.sandbox.jira.workflow import move_to, status_for
from okrsync.sandbox.service import PersonError

Arguments = Mapping[str, Json]
_CREATE_ARGUMENTS = {"project", "summary", "type", "parent", "labels", "status", "fields"}


def act(site: Site, action: str, arguments: Arguments) -> Json:
    """Perform one action. Raises PersonError for unknown actions, records, fields and values."""
    if action not in ACTIONS:
        raise PersonError(f"nobody can {action!r} in Jira; known: {', '.join(sorted(ACTIONS))}")
    try:
        return ACTIONS[action](site, arguments)
    except KeyError as error:
        raise PersonError(f"{action} needs the argument {error.args[0]!r}") from error
    except FieldError as error:
        raise PersonError(str(error)) from error


def _edit(site: Site, arguments: Arguments) -> Json:
    """{issue, fields: {id or name: value}}"""
    issue = find_issue(site, arguments["issue"])
    draft = site.draft(issue)
    apply_fields(site, draft, arguments["fields"])
    return _shown(commit(site, issue, draft))


def _transition(site: Site, arguments: Arguments) -> Json:
    """{issue, to: status name or category key}"""
    issue = find_issue(site, arguments["issue"])
    status = status_for(site, arguments["to"])
    if status is None:
        raise PersonError(f"no status {arguments['to']!r}; known: {_names(site.statuses)}")
    return _shown(move_to(site, issue, status))


def _move(site: Site, arguments: Arguments) -> Json:
    """{issue, project}: the key changes, the id stays, the old key still leads to the issue."""
    issue, project = find_issue(site, arguments["issue"]), find_project(site, arguments["project"])
    level = site.types[issue.type].level
    draft = site.draft(issue)
    draft.former_keys.append(issue.key)
    draft.project, draft.key = project.id, site.new_key(project)
    draft.type = next(t.id for t in site.types_of(project) if t.level == level)
    return _shown(commit(site, issue, draft))


def _reparent(site: Site, arguments: Arguments) -> Json:
    """{issue, parent: key, id or null}"""
    return _edit(site, {"issue": arguments["issue"], "fields": {"parent": arguments["parent"]}})


def _delete(site: Site, arguments: Arguments) -> Json:
    """{issue}"""
    issue = find_issue(site, arguments["issue"])
    site.remove(issue)
    return _shown(issue)


def _create(site: Site, arguments: Arguments) -> Json:
    """{project, summary, type?, parent?, labels?, status?, fields?}"""
    unknown = sorted(set(arguments) - _CREATE_ARGUMENTS)
    if unknown:
        raise PersonError(f"create knows no {', '.join(unknown)}")
    optional = {name: value for name, value in arguments.items() if name not in ("project", "summary")}
    return _shown(create_issue(site, arguments["project"], arguments["summary"], **optional))


def _label(site: Site, arguments: Arguments) -> Json:
    """{issue, add?: [labels], remove?: [labels]}"""
    issue = find_issue(site, arguments["issue"])
    kept = [x for x in issue.values.get("labels", []) if x not in arguments.get("remove", ())]
    labels = [*kept, *arguments.get("add", ())]
    return _edit(site, {"issue": issue.id, "fields": {"labels": labels}})


def _set_property(site: Site, arguments: Arguments) -> Json:
    """{issue, key, value}: another app overwrites an issue property; null removes it"""
    issue = find_issue(site, arguments["issue"])
    draft = site.draft(issue)
    draft.properties.pop(arguments["key"], None)
    if arguments["value"] is not None:
        draft.properties[arguments["key"]] = arguments["value"]
    return _shown(commit(site, issue, draft))


def _restrict(site: Site, arguments: Arguments) -> Json:
    """{project, email, browse?: bool, edit?: bool}: an admin takes permissions away, or gives them back"""
    project, user = find_project(site, arguments["project"]), find_user(site, arguments["email"])
    for name, lacking in (("browse", project.no_browse), ("edit", project.no_edit)):
        if arguments.get(name) is False and user.id not in lacking:
            lacking.append(user.id)
        if arguments.get(name) is True and user.id in lacking:
            lacking.remove(user.id)
    return {"no_browse": project.no_browse, "no_edit": project.no_edit}


def _screen(site: Site, arguments: Arguments) -> Json:
    """{project, field, shown: bool}: an admin takes a custom field off the screens, or puts it on"""
    project = find_project(site, arguments["project"])
    field = find_field(site, arguments["field"])
    project.screen = [name for name in project.screen if name != field.id]
    if arguments["shown"] is True:
        project.screen.append(field.id)
    return {"screen": project.screen}


def _edit_screen(site: Site, arguments: Arguments) -> Json:
    """{project, field, shown: bool, type?}: a field goes off the edit screen, and is still to be read"""
    project = find_project(site, arguments["project"])
    field = find_field(site, arguments["field"])
    kinds = {kind.name: kind.id for kind in site.types_of(project)}
    one = f"{kinds[arguments['type']]}:{field.id}" if "type" in arguments else field.id
    project.read_only = [name for name in project.read_only if name != one]
    if arguments["shown"] is False:
        project.read_only.append(one)
    return {"read_only": project.read_only}


def _change_user(site: Site, arguments: Arguments) -> Json:
    """{email, token?, scoped_token?, oauth_token?: text or null (revoked), time_zone?, name?, admin?, ...}"""
    user = find_user(site, arguments["email"])
    changes = {name: value for name, value in arguments.items() if name != "email"}
    allowed = {f.name for f in fields_of(User)} - {"id", "email"}
    _change(user, changes, allowed)
    return {"accountId": user.id}


def _rename_status(site: Site, arguments: Arguments) -> Json:
    """{status, name?, category?}: touches no issue"""
    status = status_for(site, arguments["status"])
    if status is None:
        raise PersonError(f"no status {arguments['status']!r}; known: {_names(site.statuses)}")
    _change(status, {k: v for k, v in arguments.items() if k != "status"}, {"name", "category"})
    return {"id": status.id}


def _rename_field(site: Site, arguments: Arguments) -> Json:
    """{field, name}: names change, ids stay"""
    field = find_field(site, arguments["field"])
    field.name = arguments["name"]
    return {"id": field.id}


def _settings(site: Site, arguments: Arguments) -> Json:
    """{any member of Settings}: how this site behaves"""
    _change(site.settings, arguments, {f.name for f in fields_of(Settings)})
    return {"changed": sorted(arguments)}


ACTIONS: Mapping[str, Callable[[Site, Arguments], Json]] = {
    "edit": _edit,
    "transition": _transition,
    "move": _move,
    "reparent": _reparent,
    "delete": _delete,
    "create": _create,
    "label": _label,
    "set_property": _set_property,
    "restrict": _restrict,
    "screen": _screen,
    "edit_screen": _edit_screen,
    "change_user": _change_user,
    "change_status": _rename_status,
    "rename_field": _rename_field,
    "settings": _settings,
}


def create_issue(
    site: Site,
    project: str,
    summary: str,
    type: str = "Task",  # Jira's own word for it
    parent: str | None = None,
    labels: list[str] | None = None,
    status: str | None = None,
    fields: Arguments | None = None,
) -> Issue:
    """Make an issue as a person would. Raises PersonError, FieldError."""
    home = find_project(site, project)
    kinds = {t.name: t.id for t in site.types_of(home)}
    chosen = next(iter(site.statuses.values())) if status is None else status_for(site, status)
    if type not in kinds or chosen is None:
        raise PersonError(
            f"{home.key} has no type {type!r} or no status {status!r}; types: {', '.join(kinds)}"
        )
    draft = blank_issue(site, home, kinds[type])
    asked = {"summary": summary, "parent": parent, "labels": labels or [], **(fields or {})}
    apply_fields(site, draft, asked)
    draft.status = chosen.id
    draft.resolution = "Done" if chosen.category == "done" else None
    return register(site, draft)


def apply_fields(site: Site, draft: Issue, fields: Arguments) -> None:
    """Set fields by id or name from the simple values a person types."""
    for name, value in fields.items():
        field = find_field(site, name)
        set_field(site, draft, field, _typed(site, field, value))


def find_issue(site: Site, reference: Json) -> Issue:
    """An issue by key, former key or id. Raises PersonError."""
    issue = site.find(reference)
    if issue is None:
        raise PersonError(f"no issue {reference!r}")
    return issue


def find_project(site: Site, reference: Json) -> Project:
    """A project by key, id or name. Raises PersonError."""
    project = site.find_project(reference)
    if project is None:
        raise PersonError(
            f"no project {reference!r}; known: {', '.join(p.key for p in site.projects.values())}"
        )
    return project


def find_user(site: Site, email: Json) -> User:
    """A user by e-mail. Raises PersonError."""
    user = site.find_user(str(email))
    if user is None:
        raise PersonError(f"no user {email!r}; known: {', '.join(u.email for u in site.users.values())}")
    return user


def find_field(site: Site, reference: Json) -> FieldDef:
    """A field by id or name. Raises PersonError."""
    for field in site.fields.values():
        if reference in (field.id, field.name):
            return field
    raise PersonError(f"no field {reference!r}; known: {_names(site.fields)}")


def _typed(site: Site, field: FieldDef, value: Json) -> Json:
    if value is None or not isinstance(value, str):
        return value
    if field.kind == "user":
        return {"accountId": find_user(site, value).id}
    if field.kind == "parent":
        return {"id": find_issue(site, value).id}
    if field.kind == "rich_text":
        words = {"type": "paragraph", "content": [{"type": "text", "text": value}]}
        return {"type": "doc", "version": 1, "content": [words]}
    return value


def _change(thing: Any, changes: Arguments, allowed: set[str]) -> None:
    unknown = sorted(set(changes) - allowed)
    if unknown:
        raise PersonError(f"cannot change {', '.join(unknown)}; possible: {', '.join(sorted(allowed))}")
    for name, value in changes.items():
        setattr(thing, name, value)


def _names(things: Mapping[str, Any]) -> str:
    return ", ".join(thing.name for thing in things.values())


def _shown(issue: Issue) -> Json:
    return {"id": issue.id, "key": issue.key}
