"""What a Notion column is: its neutral type, whether it may be written, and its options.

Arrives: the `properties` of a data source, keyed by today's names. Leaves: one `NativeField` per column (two
per date column, for its start and its end), known by the decoded id that survives a rename. A field may be
hours old when it is used: how Notion spells a column now is read off the fresh page (`Spelling`), never kept
in the schema. Separate from the values, which `decode` and `encode` handle by what is found here.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from okrsync.connectors.base import NativeField, Option, Schema
from okrsync.connectors.notion.ids import column_id, object_id

Json = dict[str, Any]

TITLE = "title"
"""The title column has this id in every data source, whatever its name."""

END = "#end"
"""Ends the id of a date column's second half."""

HIDDEN = (
    "the related table is not shared with the connection, so its rows are missing here; "
    "share it too (page menu › Connections)"
)

_WRITABLE = {
    "title": "text",
    "rich_text": "text",
    "url": "text",
    "email": "text",
    "phone_number": "text",
    "number": "number",
    "select": "choice",
    "status": "choice",
    "multi_select": "labels",
    "date": "date",
    "checkbox": "bool",
    "people": "people",
    "relation": "relation",
}

_READ_ONLY = {
    "formula": "Notion computes it from a formula",
    "rollup": "Notion computes it from related rows",
    "unique_id": "Notion numbers the rows itself",
    "created_time": "Notion sets it",
    "created_by": "Notion sets it",
    "last_edited_time": "Notion sets it",
    "last_edited_by": "Notion sets it",
    "files": "files are shown by name and never written",
    "place": "places are shown and never written",
    "verification": "only people verify a page",
    "button": "a button holds no value",
}


@dataclass(frozen=True)
class Spelling:
    """How Notion spells one column of a page it just sent; kept in `Record.locator` by column id."""

    wire: str
    """Notion's own type, such as `rich_text`."""
    wire_id: str
    """The column's id exactly as sent; the key of a write and part of a path."""


def fields_of(properties: Mapping[str, Json], hidden: Container[str] = ()) -> tuple[NativeField, ...]:
    """Every column of a data source, in Notion's order; a date column also yields its end.

    Args:
        properties: the columns by name.
        hidden: data sources that the connection cannot see; relations to them are not writable.
    """
    fields = (field for name, raw in properties.items() for field in _fields(name, raw))
    blind = {column_id(raw["id"]) for raw in properties.values() if target_of(raw) in hidden}
    return tuple(
        replace(field, writable=False, why_not=HIDDEN) if field.id in blind else field for field in fields
    )


def target_of(raw: Json) -> str | None:
    """The data source of a relation column; `None` for other columns, and where Notion does not say."""
    target = (raw.get("relation") or {}).get("data_source_id") if raw["type"] == "relation" else None
    return None if target is None else object_id(target)


def known(schema: Schema) -> dict[str, NativeField]:
    """The schema's columns by native field id."""
    return {field.id: field for field in schema.fields}


def is_end(field: NativeField) -> bool:
    """Whether this is the second half of a date column."""
    return field.type == "date" and field.id.endswith(END) and field.id != END


def column_of(field: NativeField) -> str:
    """The decoded column id, the same for both halves of a date."""
    return field.id.removesuffix(END) if is_end(field) else field.id


def neutral(wire: str) -> str:
    """The neutral type of Notion's type; percentages are told by a schema alone and are `number` here."""
    return _WRITABLE.get(wire, "computed")


def fits(field: NativeField, wire: str) -> bool:
    """Whether a value of Notion's type is what the field was when the schema was read."""
    return neutral(wire) == ("number" if field.type == "percent" else field.type)


def with_halves(wanted: list[NativeField], everything: Mapping[str, NativeField]) -> list[NativeField]:
    """`wanted`, where each date brings its other half: Notion writes both or loses one."""
    found = {field.id: field for field in wanted}
    for field in wanted:
        if field.type == "date":
            for other in (column_of(field), column_of(field) + END):
                found.setdefault(other, everything[other])
    return list(found.values())


def _fields(name: str, raw: Json) -> Iterator[NativeField]:
    field = _field(name, raw)
    yield field
    if field.type == "date":
        yield replace(field, id=field.id + END, name=f"{name} (end)")


def _field(name: str, raw: Json) -> NativeField:
    wire = raw["type"]
    setting = raw.get(wire) or {}
    percent = wire == "number" and setting.get("format") == "percent"
    return NativeField(
        id=column_id(raw["id"]),
        name=name,
        type="percent" if percent else neutral(wire),
        writable=wire in _WRITABLE,
        options=tuple(Option(option["id"], option["name"]) for option in setting.get("options") or ()),
        why_not="" if wire in _WRITABLE else _READ_ONLY.get(wire, f"okrsync does not know the type {wire!r}"),
        only_text=neutral(wire) == "text",
        silent=_is_silent(wire, setting),
    )


def _is_silent(wire: str, setting: Json) -> bool:
    """Results are computed without an edit; the far side of a two-way relation is set from the other row.

    Notion documents neither case. Reports say that results move no edit time; of relations the harder case
    is assumed.
    """
    return wire in ("formula", "rollup") or (wire == "relation" and setting.get("type") == "dual_property")
