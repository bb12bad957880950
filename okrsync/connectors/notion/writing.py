"""Writing rows: one request per patch, its answer as the read-back, its failure in plain words.

Arrives: a table and patches. Leaves: one `Written` each, in order. Notion has no batch write and no
conditional write; a request sets only the patched columns and answers the whole page. After a refusal that
would meet every further request, nothing more is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from okrsync.connectors.base import NativeField, Patch, Written
from okrsync.connectors.errors import AuthFailed, BadAnswer, ConnectorError, OutcomeUnknown, Rejected
from okrsync.connectors.notion import drift, encode
from okrsync.connectors.notion.errors import SERVICE, Blocked, Invalid, blamed
from okrsync.connectors.notion.properties import known
from okrsync.connectors.notion.reading import Table, undocumented
from okrsync.connectors.notion.rows import whole

Json = dict[str, Any]

_READ_FIRST = "Read the row before writing it again"


def write(table: Table, patches: Sequence[Patch]) -> tuple[Written, ...]:
    """Send each patch once. After a refused token or a blocked connection nothing more is sent."""
    done: list[Written] = []
    final: ConnectorError | None = None
    for patch in patches:
        written = _write(table, patch) if final is None else Written(patch.record.native_id, error=final)
        done.append(written)
        if isinstance(written.error, AuthFailed | Blocked):
            final = written.error
    return tuple(done)


def _write(table: Table, patch: Patch) -> Written:
    native_id = patch.record.native_id
    try:
        body = encode.properties(patch, known(table.schema), table.people.reference)
        page = table.client.update(native_id, body)
    except Invalid as error:
        return Written(native_id, error=explained(table, patch, error), answer=error.request_id)
    except ConnectorError as error:
        return Written(native_id, error=error, answer=error.request_id)
    return read_back(table, patch, page)


def explained(table: Table, patch: Patch, error: Invalid) -> ConnectorError:
    """Notion's refusal, blamed on the columns that changed meanwhile or else on those it names."""
    fields = [known(table.schema)[key] for key in patch.cells]
    try:
        told = table.changed(fields)
    except ConnectorError:
        told = {}
    if not told:
        error.fields = blamed(error.message, fields)
        return error
    return Rejected(
        f"{'; '.join(dict.fromkeys(told.values()))} (Notion said: {error.message})",
        fields=told,
        service=SERVICE,
        place=patch.record.place,
        advice=drift.ADVICE,
        request_id=error.request_id,
    )


def read_back(table: Table, patch: Patch, page: Json) -> Written:
    """The patched cells, and others the answer holds. An odd answer leaves open what was saved."""
    evidence = f"200 {page.get('request_id', '')}".strip()
    try:
        record = table.record(page, _answered(table, patch, page))
    except BadAnswer as error:
        lost = OutcomeUnknown(error.message, service=SERVICE, place=patch.record.place, advice=_READ_FIRST)
        return Written(patch.record.native_id, error=lost, answer=evidence)
    return Written(record.native_id, record.cells, answer=evidence)


def _answered(table: Table, patch: Patch, page: Json) -> list[NativeField]:
    try:
        free = whole(page, table.wanted(patch.record.cells))
    except (KeyError, TypeError, AttributeError) as error:
        raise undocumented(error, table.schema.place) from error
    return table.wanted([*patch.cells, *(field.id for field in free)])
