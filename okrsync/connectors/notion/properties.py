"""What a Notion column is: its neutral type, whether it may be written, and its options.

Arrives: the `properties` of a data source, keyed by today's names. Leaves: one `Property` per column (two
per date column, for its start and its end), known by the decoded id that survives a rename. Separate from
the values, which `decode` and `encode` handle by what is found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from okrsync.connectors.base import NativeField, Option, Schema
from okrsync.connectors.notion.ids import column_id

Json = dict[str, Any]

TITLE = "title"
"""The title column has this id in every data source, whatever its name."""

END = "#end"
"""Ends the id of a date column's second half."""

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
class Property(NativeField):
    """A `NativeField` that also knows how Notion spells it."""

    wire: str = ""
    """Notion's own type, such as `rich_text`."""
    wire_id: str = ""
    """The column's id exactly as Notion sends it; the key of a write and part of a path."""

    @property
    def column(self) -> str:
        """The decoded column id, the same for both halves of a date."""
        return column_id(self.wire_id)

    @property
    def is_end(self) -> bool:
        """Whether this is the second half of a date column."""
        return self.id != self.column


def fields_of(properties: Mapping[str, Json]) -> tuple[Property, ...]:
    """Every column of a data source, in Notion's order; a date column also yields its end."""
    return tuple(field for name, raw in properties.items() for field in _fields(name, raw))


def known(schema: Schema) -> dict[str, Property]:
    """The schema's columns by native field id."""
    return {field.id: field for field in schema.fields if isinstance(field, Property)}


def with_halves(wanted: list[Property], everything: Mapping[str, Property]) -> list[Property]:
    """`wanted`, where each date brings its other half: Notion writes both or loses one."""
    found = {field.id: field for field in wanted}
    for field in wanted:
        if field.wire == "date":
            for other in (field.column, field.column + END):
                found.setdefault(other, everything[other])
    return list(found.values())


def _fields(name: str, raw: Json) -> Iterator[Property]:
    field = _field(name, raw)
    yield field
    if field.wire == "date":
        yield Property(
            id=field.id + END,
            name=f"{name} (end)",
            type="date",
            writable=True,
            wire="date",
            wire_id=raw["id"],
        )


def _field(name: str, raw: Json) -> Property:
    wire = raw["type"]
    neutral = _WRITABLE.get(wire, "computed")
    setting = raw.get(wire) or {}
    if wire == "number" and setting.get("format") == "percent":
        neutral = "percent"
    return Property(
        id=column_id(raw["id"]),
        name=name,
        type=neutral,
        writable=wire in _WRITABLE,
        options=tuple(Option(option["id"], option["name"]) for option in setting.get("options") or ()),
        why_not="" if wire in _WRITABLE else _READ_ONLY.get(wire, f"okrsync does not know the type {wire!r}"),
        wire=wire,
        wire_id=raw["id"],
    )
