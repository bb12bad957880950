"""The workflow: which transitions there are, and what taking one does.

Arrives: an issue and a transition id, or a wanted status. Leaves: the issue in its new status. Every status
can be reached from every other; transition ids are not status ids, as in real workflows. Reaching a done
status resolves the issue, leaving it clears the resolution.
"""

from __future__ import annotations

from okrsync.sandbox.jira.edit import commit
from okrsync.sandbox.jira.errors import JiraError, bad_payload
from okrsync.sandbox.jira.model import Issue, Json, Status, User
from okrsync.sandbox.jira.shape import status_json
from okrsync.sandbox.jira.site import Site

RESOLVED = "Done"


def transitions(site: Site, user: User, issue: Issue) -> dict[str, Json]:
    """GET .../transitions; empty without the permission (Atlassian's document)."""
    allowed = user.id not in site.projects[issue.project].no_edit
    shown = [_transition_json(key, status) for key, status in _table(site).items()] if allowed else []
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
    return {str(10 * number + 1): status for number, status in enumerate(site.statuses.values(), start=1)}


def _transition_json(key: str, status: Status) -> dict[str, Json]:
    flags = {"hasScreen": False, "isInitial": False, "isConditional": False, "isLooped": False}
    known = {"id": key, "name": status.name, "to": status_json(status)}
    return {**known, **flags, "isGlobal": True, "isAvailable": True}
