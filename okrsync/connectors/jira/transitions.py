"""Moving a status: Jira does it by transitions of the workflow, never by setting a field.

Arrives: a patch that names `status` (a category key) or `status_id`. Leaves: the one transition that leads
there, or a refusal. Names are never looked at: they are translated, and transition ids differ by workflow.
Where people would have to choose or to fill in something, okrsync does not do it for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okrsync.connectors.base import Patch
from okrsync.connectors.errors import BadAnswer, Rejected
from okrsync.connectors.jira.client import JiraClient
from okrsync.connectors.jira.fields import BY_TRANSITION

Json = Any

_NO_WAY = (
    "Move it in Jira, or let an admin add a transition to the workflow; the account needs Transition issues"
)
_CHOOSE = "Bind `status_id` with the id of one of these statuses instead"
_ONE_WAY = "Leave a single transition to that status in the workflow, or move the issue in Jira"
_FILL_IN = "Move it in Jira, where the transition asks for them"


def moves(patch: Patch) -> dict[str, str]:
    """What a patch wants of the status, without what is so already.

    Raises:
        Rejected: the value is no text.
    """
    wanted = {name: value for name, value in patch.cells.items() if name in BY_TRANSITION}
    for name, value in wanted.items():
        if not isinstance(value, str):
            raise _refused(patch, name, "a status cannot be emptied", "Bind it so that it always has a value")
    shown = {name: cell.value for name, cell in patch.record.cells.items()}
    return {name: str(value) for name, value in wanted.items() if shown.get(name) != value}


def chosen(client: JiraClient, patch: Patch, wanted: Mapping[str, str]) -> str:
    """The id of the transition that does what is wanted.

    Raises:
        Rejected: none does, several do, or the only one asks for fields.
    """
    name = next(iter(wanted))
    leading = [
        one
        for one in _listed(client.transitions(patch.record.native_id))
        if one.get("isAvailable") is not False and all(_leads(one, *want) for want in wanted.items())
    ]
    if not leading:
        raise _refused(patch, name, f"no transition leads to {' and '.join(wanted.values())} now", _NO_WAY)
    free = [one for one in leading if not _asks_for(one)]
    if not free:
        fields = ", ".join(sorted({field for one in leading for field in _asks_for(one)}))
        raise _refused(patch, name, f"the transition asks for {fields}", _FILL_IN)
    if len(free) > 1:
        raise _several(patch, name, free)
    return str(free[0]["id"])


def _several(patch: Patch, name: str, transitions: list[Mapping[str, Json]]) -> Rejected:
    targets = {str(one["to"].get("id")): str(one["to"].get("name", "")) for one in transitions}
    shown = ", ".join(f"{one} ({title})" for one, title in sorted(targets.items()))
    advice = _CHOOSE if len(targets) > 1 else _ONE_WAY
    return _refused(patch, name, f"{len(transitions)} transitions lead there, to {shown}", advice)


def _leads(transition: Mapping[str, Json], name: str, value: str) -> bool:
    to = transition["to"]
    if name == "status_id":
        return bool(to.get("id") == value)
    return bool((to.get("statusCategory") or {}).get("key") == value)


def _asks_for(transition: Mapping[str, Json]) -> list[str]:
    """Fields of the transition's screen that must be filled in and have no default."""
    fields = transition.get("fields") or {}
    return [
        str(field.get("name") or one)
        for one, field in fields.items()
        if field.get("required") is True and field.get("hasDefaultValue") is not True
    ]


def _listed(answer: Json) -> list[Mapping[str, Json]]:
    listed = answer.get("transitions") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one.get("to"), dict) for one in listed):
        raise BadAnswer("no list of transitions", service="jira", place="GET /issue/{id}/transitions")
    return listed


def _refused(patch: Patch, name: str, why: str, advice: str) -> Rejected:
    place = f"{patch.record.place} › {name}"
    return Rejected(why, fields={name: why}, service="jira", place=place, advice=advice)
