"""What changed in a table's columns since its schema was read, hours ago perhaps.

Arrives: fields as they were and as they are. Leaves: per field what became of it, in words. Notion refuses a
request that names a column or an option which is no longer there; its wording is not documented, so after a
refusal the columns are read once more and compared. A rename is no change, for ids hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from okrsync.connectors.base import NativeField, Schema
from okrsync.connectors.notion.properties import known
from okrsync.connectors.notion.rows import CHANGED
from okrsync.okr.findings import Finding, Severity

ADVICE = "Read the columns again and check the mapping: `okrsync check`"


def changes(fields: Iterable[NativeField], now: Schema) -> dict[str, str]:
    """What is no longer as these fields say, by field id."""
    fresh = known(now)
    told = {field.id: _change(field, fresh.get(field.id)) for field in fields}
    return {key: f"{CHANGED}: {what}" for key, what in told.items() if what != ""}


def _change(before: NativeField, now: NativeField | None) -> str:
    if now is None:
        return f"the column {before.name!r} is no longer there (one made again has another id)"
    if now.type != before.type:
        return f"the column {now.name!r} was {before.type} and is now {now.type}"
    lost = {option.id for option in before.options} - {option.id for option in now.options}
    names = ", ".join(repr(option.name) for option in before.options if option.id in lost)
    return f"the column {now.name!r} no longer offers {names}" if lost else ""


def findings(told: Mapping[str, str], place: str) -> tuple[Finding, ...]:
    """The changes as findings."""
    return tuple(Finding("SCHEMA_CHANGED", place, what, ADVICE, Severity.ERROR) for what in told.values())


def gone(schema: Schema, want: Iterable[str]) -> tuple[Finding, ...]:
    """Ids that are wanted and that the schema does not have."""
    fields = known(schema)
    return tuple(
        Finding(
            code="FIELD_MISSING",
            place=schema.place,
            message=f"the column with the id {key!r} is no longer there",
            advice="Bind another column, or restore this one in Notion; a column made anew has a new id",
            severity=Severity.ERROR,
        )
        for key in dict.fromkeys(want)
        if key not in fields
    )
