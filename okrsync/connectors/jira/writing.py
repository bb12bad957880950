"""Sending patches to Jira and reading back what became of them.

One `PUT` per issue, answered with the edited fields (`returnIssue`). That answer does not hold issue
properties, so whatever it leaves open is read by one `bulkfetch` per 100 issues when all are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from okrsync.connectors.base import Cell, NativeField, Patch, Record, Written
from okrsync.connectors.errors import AuthFailed, ConnectorError, OutcomeUnknown, Rejected
from okrsync.connectors.jira import decode, encode, reading
from okrsync.connectors.jira.client import JiraClient, Reply
from okrsync.connectors.jira.fields import PROPERTY_PREFIX

Json = Any

_ON_SCREEN = (
    "Put the field on the edit screen of this project and issue type and let its context cover them, "
    "or change the binding so that it only reads"
)


def write(
    client: JiraClient, fields: Mapping[str, NativeField], patches: Sequence[Patch], site: str
) -> tuple[Written, ...]:
    """What became of each patch, in order; a failed one does not stop the others."""
    results = _send_all(client, fields, patches)
    pairs = list(zip(patches, results, strict=True))
    half = [patch for patch, result in pairs if _is_half_known(patch, result)]
    seen, why = _look(client, fields, half, site)
    return tuple(
        _completed(patch, result, seen.get(result.native_id), why)
        if _is_half_known(patch, result)
        else result
        for patch, result in pairs
    )


def _send_all(
    client: JiraClient, fields: Mapping[str, NativeField], patches: Sequence[Patch]
) -> list[Written]:
    results: list[Written] = []
    refused: AuthFailed | None = None
    for patch in patches:
        # refused credentials stay refused, and trying again would lock the account
        result = Written(patch.record.native_id, error=refused) if refused else _send(client, fields, patch)
        refused = result.error if isinstance(result.error, AuthFailed) else None
        results.append(result)
    return results


def _send(client: JiraClient, fields: Mapping[str, NativeField], patch: Patch) -> Written:
    one = patch.record.native_id
    try:
        body = encode.body(patch, fields)
        if not body:
            return Written(one, {name: patch.record.cells[name] for name in patch.cells}, answer="unchanged")
        reply = _put(client, one, body)
    except ConnectorError as error:
        return Written(one, error=_explained(error, patch, fields))
    return Written(one, _returned(reply.data, patch, fields), answer=reply.evidence)


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
    shown = [name for name in patch.cells if not name.startswith(PROPERTY_PREFIX) and name in values]
    return decode.cells(str(issue.get("key", "")), values, None, fields, shown)


def _is_half_known(patch: Patch, result: Written) -> bool:
    """Written, and the answer did not show every written cell."""
    return result.error is None and bool(patch.cells.keys() - result.cells.keys())


def _look(
    client: JiraClient, fields: Mapping[str, NativeField], patches: Sequence[Patch], site: str
) -> tuple[dict[str, Record], str]:
    """The issues of these patches as they are now, and why one may be missing."""
    names = list(dict.fromkeys(name for patch in patches for name in patch.cells))
    ids = [patch.record.native_id for patch in patches]
    try:
        issues = reading.by_ids(client, ids, reading.asked(fields, names))
        return {
            one: decode.record(issue, fields, names, site) for one, issue in issues.items()
        }, "it is gone or hidden"
    except ConnectorError as error:
        return {}, error.message


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


def _explained(error: ConnectorError, patch: Patch, fields: Mapping[str, NativeField]) -> ConnectorError:
    """A refusal that blames fields, in the names people know them by."""
    if not isinstance(error, Rejected) or error.advice:
        return error
    blamed = [one for one in error.fields if one in patch.cells]
    if not blamed:
        return error
    names = ", ".join(f"{fields[one].name} ({one})" if one in fields else one for one in blamed)
    return Rejected(
        f"Jira refuses {names}: {error.message}",
        fields=error.fields,
        service="jira",
        place=patch.record.place,
        advice=_ON_SCREEN,
        request_id=error.request_id,
    )
