"""The workflow: which transitions there are, and what taking one does.

Arrives: an issue and a transition id, or a wanted status. Leaves: the issue in its new status. Every status
can be reached from every other unless a setting closes it or makes it ask for fields; transition ids are not
status ids, as in real workflows. Reaching a done status resolves the issue, leaving it clears the resolution.
"""

from __future__ import annotations

from okrsync.sandbox.jira.edit import commit
from okrsync.sandbox.jira.errors import JiraError, bad_payload
from okrsync.sandbox.jira.model import FieldDef, Issue, Json, Status, User
from okrsync.sandbox.jira.shape import schema_json, status_json
from okrsync.sandbox.jira.site import Site

RESOLVED = "Done"


def transitions(site: Site, user: User, issue: Issue, with_fields: bool) -> dict[str, Json]:
    """GET .../transitions; empty without the permission (Atlassian's document).

    What a transition asks for is shown only with `expand=transitions.fields`.
    """
    allowed = user.id not in site.projects[issue.project].no_edit
    table = _table(site) if allowed else {}
    shown = [_transition_json(site, key, status, with_fields) for key, status in table.items()]
    return {"expand": "transitions", "transitions": shown}


def transition(site: Site, user: User, issue: Issue, body: Json) -> None:
    """POST .../transitions with {"transition": {"id": "..."}}."""
    chosen = body.get("transition") if isinstance(body, dict) else None
    key = chosen.get("id") if isinstance(chosen, dict) else None
    if key is None:
        raise bad_payload()
    table = {} if user.id in site.projects[issue.project].no_edit else _table(site)
    if key not in table:
        raise JiraError(400, [f"Transition id '{key}' is not valid for this issue."])
    given = body.get("fields", {})
    missing = [name for name in site.settings.asked_on_transition.get(table[key].id, ()) if name not in given]
    if missing:
        raise JiraError(400, fields={name: f"{site.fields[name].name} is required." for name in missing})
    move_to(site, issue, table[key])


def move_to(site: Site, issue: Issue, status: Status) -> Issue:
    """Put an issue into a status."""
    draft = site.draft(issue)
    draft.status = status.id
    done = status.category == "done"
    draft.resolution = (issue.resolution or RESOLVED) if done else None
    return commit(site, issue, draft)


def status_for(site: Site, wanted: str) -> Status | None:
    """A status by name or id, else the first of a category key."""
    known = list(site.statuses.values())
    named = [s for s in known if wanted.lower() == s.name.lower() or wanted == s.id]
    return next(iter([*named, *(s for s in known if s.category == wanted)]), None)


def _table(site: Site) -> dict[str, Status]:
    """The transitions by id; a status added later takes a later number, whatever is closed."""
    numbered = enumerate(site.statuses.values(), start=1)
    closed = site.settings.unreachable
    return {str(10 * number + 1): status for number, status in numbered if status.id not in closed}


def _transition_json(site: Site, key: str, status: Status, with_fields: bool) -> dict[str, Json]:
    asked = site.settings.asked_on_transition.get(status.id, ())
    known = {"id": key, "name": status.name, "to": status_json(status)}
    flags = {"hasScreen": bool(asked), "isInitial": False, "isConditional": False, "looped": False}
    fields = {"fields": {name: _asked_json(site.fields[name]) for name in asked}} if with_fields else {}
    return {**known, **flags, **fields, "isGlobal": True, "isAvailable": True}


def _asked_json(definition: FieldDef) -> dict[str, Json]:
    known = {"required": True, "schema": schema_json(definition), "hasDefaultValue": False}
    return {**known, "name": definition.name, "key": definition.id, "operations": ["set"]}
