"""Which fields Jira lets us edit on one kind of issue: asked for when a write was refused, and not before.

Arrives: an issue that was refused, then further patches. Leaves: a refusal that names the fields no edit
screen shows, before a request. One such field makes Jira refuse a whole edit although nothing is wrong with
the others. Screens belong to a project and an issue type, so one look serves all issues of a kind in a
connector's life, which is one run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from okrsync.connectors.base import NativeField, Patch, Record
from okrsync.connectors.errors import ConnectorError, Rejected
from okrsync.connectors.jira.client import JiraClient
from okrsync.connectors.jira.decode import Locator
from okrsync.connectors.jira.fields import BY_TRANSITION, PROPERTY_PREFIX

ON_SCREEN = (
    "Put the field on the edit screen of this project and issue type and let its context cover them, "
    "or change the binding so that it only reads"
)
_Kind = tuple[str, str]
"""Project key and issue type id."""


@dataclass
class Screens:
    """What is known of one site's edit screens."""

    client: JiraClient
    _editable: dict[_Kind, frozenset[str]] = field(default_factory=dict)

    def check(self, patch: Patch, fields: Mapping[str, NativeField]) -> None:
        """Raises Rejected where it is known that a field of the patch is not on the issue's screen."""
        kind = _kind(patch.record)
        known = self._editable.get(kind) if kind is not None else None
        if known is None:
            return
        off = [one for one in patch.cells if _has_screen(one) and one not in known]
        if off:
            names = ", ".join(named(one, fields) for one in off)
            raise Rejected(
                f"the edit screen does not show {names}",
                fields=dict.fromkeys(off, "it is not on the edit screen"),
                service="jira",
                place=patch.record.place,
                advice=ON_SCREEN,
            )

    def learn(self, record: Record) -> None:
        """Look at the screen of a refused issue, unless its kind is known (`GET /issue/{id}/editmeta`).

        An issue nobody may edit in its status has an empty screen, which says nothing about its kind. A look
        that fails teaches nothing either: the refusal itself is what there is to tell.
        """
        kind = _kind(record)
        if kind is None or kind in self._editable:
            return
        try:
            answer = self.client.edit_screen(record.native_id)
        except ConnectorError:
            return
        shown = answer.get("fields") if isinstance(answer, dict) else None
        if isinstance(shown, dict) and shown:
            self._editable[kind] = frozenset(shown)


def named(one: str, fields: Mapping[str, NativeField]) -> str:
    """A field as people and admins know it."""
    return f"{fields[one].name} ({one})" if one in fields else one


def _has_screen(one: str) -> bool:
    return one not in BY_TRANSITION and not one.startswith(PROPERTY_PREFIX)


def _kind(record: Record) -> _Kind | None:
    """`None` where the look did not show the issue's type."""
    if not isinstance(record.locator, Locator) or record.locator.type == "":
        return None
    return record.locator.key.rpartition("-")[0], record.locator.type
