"""Sending patches to Jira and reading back what became of them.

One `PUT` per issue, answered with the edited fields (`returnIssue`). That answer does not hold issue
properties, so whatever it leaves open is read by one `bulkfetch` per 100 issues when all are written. A
status moves by a transition, found before anything is written and taken after the fields. A refusal of
single fields executes nothing, so the rest of the patch is sent without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from okrsync.connectors.base import Cell, NativeField, Patch, Record, Written
from okrsync.connectors.errors import AuthFailed, ConnectorError, Forbidden, OutcomeUnknown, Rejected
from okrsync.connectors.jira import decode, encode, reading, transitions
from okrsync.connectors.jira.client import JiraClient, Reply
from okrsync.connectors.jira.fields import BY_TRANSITION, PROPERTY_PREFIX
from okrsync.connectors.jira.people import People
from okrsync.connectors.jira.screens import ON_SCREEN, Screens, named

Json = Any


@dataclass(frozen=True)
class Writer:
    """One collection of one site, to write to."""

    client: JiraClient
    people: People
    screens: Screens
    fields: Mapping[str, NativeField]
    site: str

    def write(self, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """What became of each patch, in order; a failed one does not stop the others."""
        results = self._send_all(patches)
        pairs = list(zip(patches, results, strict=True))
        half = [patch for patch, result in pairs if _is_half_known(patch, result)]
        seen, why = self._look(half)
        return tuple(
            _completed(patch, result, seen.get(result.native_id), why)
            if _is_half_known(patch, result)
            else result
            for patch, result in pairs
        )

    def _send_all(self, patches: Sequence[Patch]) -> list[Written]:
        results: list[Written] = []
        refused: AuthFailed | None = None
        for patch in patches:
            # refused credentials stay refused, and trying again would lock the account
            result = Written(patch.record.native_id, error=refused) if refused else self._send(patch)
            refused = result.error if isinstance(result.error, AuthFailed) else None
            results.append(result)
        return results

    def _send(self, patch: Patch, refused: Rejected | None = None) -> Written:
        """One patch; what is refused by field is left out, which makes the patch smaller each time."""
        one = patch.record.native_id
        try:
            return replace(self._attempt(patch), refused=refused)
        except Rejected as error:
            told = _joined(refused, explained(error, patch, self.fields))
            rest = {name: value for name, value in patch.cells.items() if name not in error.fields}
            if not rest or len(rest) == len(patch.cells):
                return Written(one, error=told)
            return self._send(replace(patch, cells=rest), told)
        except Forbidden as error:
            # what is left of a refused patch may need another permission: both are told, by the issue
            return Written(one, error=error if refused is None else _joined(refused, _no_right(error, patch)))
        except ConnectorError as error:
            return Written(one, error=error)

    def _attempt(self, patch: Patch) -> Written:
        """Raises Rejected only where nothing was executed."""
        one = patch.record.native_id
        self.screens.check(patch, self.fields)
        body = encode.body(patch, self.fields, self.people.account_id)
        wanted = transitions.moves(patch)
        step = transitions.chosen(self.client, patch, wanted) if wanted else None
        if not body and step is None:
            shown = {name: patch.record.cells[name] for name in patch.cells}
            return Written(one, shown, answer="unchanged")
        edited = self._put(patch, body) if body else None
        moved = self._move(patch, step, edited) if step is not None else None
        replies = [reply for reply in (edited, moved) if reply is not None]
        cells = {} if edited is None else _returned(edited.data, patch, self.fields)
        return Written(one, cells, answer=", ".join(reply.evidence for reply in replies))

    def _put(self, patch: Patch, body: Mapping[str, Json]) -> Reply:
        try:
            return _put(self.client, patch.record.native_id, body)
        except Rejected as error:
            if error.fields:
                self.screens.learn(patch.record)
            raise

    def _move(self, patch: Patch, step: str, edited: Reply | None) -> Reply:
        """Take the transition. When the fields are written already, a failure leaves half a patch."""
        try:
            return self.client.transition(patch.record.native_id, step)
        except ConnectorError as error:
            if edited is None:
                raise
            raise OutcomeUnknown(
                f"the fields were written, the status was not moved ({error.message})",
                service="jira",
                place=patch.record.place,
                advice="Read the record first; the same values may then be written again",
                request_id=error.request_id,
            ) from error

    def _look(self, patches: Sequence[Patch]) -> tuple[dict[str, Record], str]:
        """The issues of these patches as they are now, and why one may be missing."""
        names = list(dict.fromkeys(name for patch in patches for name in patch.cells))
        ids = [patch.record.native_id for patch in patches]
        try:
            issues = reading.by_ids(self.client, ids, reading.asked(self.fields, names))
        except ConnectorError as error:
            return {}, error.message
        records = (decode.record(issue, self.fields, names, self.site) for issue in issues.values())
        return {record.native_id: record for record in records}, "it is gone or hidden"


def _put(client: JiraClient, one: str, body: Mapping[str, Json]) -> Reply:
    """One request, whatever the patch holds."""
    if body.keys() == {"properties"}:
        return client.set_property(one, body["properties"][0]["value"])
    return client.edit(one, body)


def _returned(issue: Json, patch: Patch, fields: Mapping[str, NativeField]) -> dict[str, Cell]:
    """The patched fields as the answer to the write shows them; those it does not show are left out."""
    values = issue.get("fields") if isinstance(issue, dict) else None
    if not isinstance(values, dict):
        return {}
    sent = [name for name in patch.cells if name not in BY_TRANSITION]
    shown = [name for name in sent if not name.startswith(PROPERTY_PREFIX) and name in values]
    return decode.cells(str(issue.get("key", "")), values, None, fields, shown)


def _is_half_known(patch: Patch, result: Written) -> bool:
    """Written, and the answer did not show every written cell."""
    refused = result.refused.fields if result.refused is not None else {}
    return result.error is None and bool(patch.cells.keys() - refused.keys() - result.cells.keys())


def _completed(patch: Patch, result: Written, seen: Record | None, why: str) -> Written:
    if seen is not None:
        return replace(result, cells={**{name: seen.cells[name] for name in patch.cells}, **result.cells})
    error = OutcomeUnknown(
        f"written, but it could not be read back ({why})",
        service="jira",
        place=patch.record.place,
        advice="Read the record first; the same values may then be written again",
    )
    return replace(result, error=error)


def explained(error: Rejected, patch: Patch, fields: Mapping[str, NativeField]) -> Rejected:
    """A refusal that blames fields, in the names people know them by."""
    if error.advice:
        return error
    blamed = [one for one in error.fields if one in patch.cells]
    if not blamed:
        return error
    names = ", ".join(named(one, fields) for one in blamed)
    return Rejected(
        f"Jira refuses {names}: {error.message}",
        fields=error.fields,
        service="jira",
        place=patch.record.place,
        advice=ON_SCREEN,
        request_id=error.request_id,
    )


def _no_right(error: Forbidden, patch: Patch) -> Rejected:
    """A missing permission as a refusal of the cells that were sent."""
    return Rejected(
        error.message,
        fields=dict.fromkeys(patch.cells, error.message),
        service="jira",
        place=patch.record.place,
        advice=error.advice,
        request_id=error.request_id,
    )


def _joined(first: Rejected | None, second: Rejected) -> Rejected:
    """Two refusals of one patch as one."""
    if first is None:
        return second
    return Rejected(
        f"{first.message}; {second.message}",
        fields={**first.fields, **second.fields},
        service="jira",
        place=second.place or first.place,
        advice=second.advice or first.advice,
        request_id=second.request_id or first.request_id,
    )
