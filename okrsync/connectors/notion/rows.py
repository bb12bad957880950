"""From a page of Notion to a `Record`: names, places, locks, and which pages count as rows.

Arrives: one page object and the columns wanted. Leaves: a `Record` whose every wanted column has a cell; a
column that Notion did not send is unreadable, not empty. Lists that Notion cut are completed by a function
the connector lends, for that takes requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from okrsync.connectors.base import Cell, Native, NativeField, Record
from okrsync.connectors.errors import ConnectorError
from okrsync.connectors.notion import decode
from okrsync.connectors.notion.ids import column_id, object_id
from okrsync.connectors.notion.people import People
from okrsync.connectors.notion.properties import TITLE, Spelling, column_of, fits, is_end
from okrsync.okr.values import Unreadable

Json = dict[str, Any]
Columns = Mapping[str, tuple[str, Json]]
"""A page's properties by column id, each with the column's name today."""
SEPARATOR = " › "
CHANGED = "the schema changed"
"""Begins every message about a column that is no longer what it was when the schema was read."""


@dataclass(frozen=True)
class Reader:
    """Reads pages of one data source.

    `items` lists all items of one property of a page (page id, the property's id as Notion spells it).
    """

    place: str
    people: People
    items: Callable[[str, str], list[Json]]

    def record(self, page: Json, fields: Iterable[NativeField]) -> Record:
        """One page as a record. `fields` are the columns that get a cell."""
        columns = _columns(page)
        page_id = object_id(page["id"])
        title = _title(columns)
        place = f"{self.place}{SEPARATOR}{title or 'untitled'}"
        return Record(
            native_id=page_id,
            title=title,
            place=place,
            cells={field.id: self._cell(page_id, place, columns, field) for field in fields},
            url=page.get("url"),
            edited_at=decode.moment(page["last_edited_time"]),
            edited_by=self.people.name(page["last_edited_by"]["id"]),
            locator={key: Spelling(prop["type"], prop["id"]) for key, (_, prop) in columns.items()},
        )

    def _cell(self, page_id: str, place: str, columns: Columns, field: NativeField) -> Cell:
        if column_of(field) not in columns:
            return Cell(Unreadable(f"{CHANGED}: Notion did not send this column"), _at(place, field.name))
        name, prop = columns[column_of(field)]
        locked = decode.text_lock(prop) if field.writable else field.why_not
        where = _at(place, f"{name} (end)" if is_end(field) else name)
        return Cell(self._value(page_id, prop, field), where, locked)

    def _value(self, page_id: str, prop: Json, field: NativeField) -> Native:
        if not fits(field, str(prop.get("type"))):
            return Unreadable(f"{CHANGED}: this column was {field.type} and is now {prop.get('type')}")
        if field.type == "relation" and not field.writable:
            return Unreadable(field.why_not)
        if decode.may_be_cut(prop):
            try:
                prop = decode.completed(prop, self.items(page_id, prop["id"]))
            except (ConnectorError, KeyError) as error:
                return Unreadable(f"Notion cut this list, and the rest could not be read ({error})")
        if field.type == "people":
            self._learn(prop)
        return decode.native(prop, end=is_end(field))

    def _learn(self, prop: Json) -> None:
        for user in prop.get("people") or ():
            self.people.learn(user)


def whole(page: Json, fields: Iterable[NativeField]) -> list[NativeField]:
    """Those of `fields` that this answer holds in full, so that reading them costs no request."""
    columns = _columns(page)
    return [
        field
        for field in fields
        if column_of(field) in columns and not decode.may_be_cut(columns[column_of(field)][1])
    ]


def shown(page: Json) -> set[str]:
    """The ids of the columns this page came with."""
    return set(_columns(page))


def _columns(page: Json) -> Columns:
    return {column_id(prop["id"]): (name, prop) for name, prop in page["properties"].items()}


def _title(columns: Columns) -> str:
    value = decode.native(columns[TITLE][1]) if TITLE in columns else None
    return value if isinstance(value, str) else ""


def _at(place: str, name: str) -> str:
    return f"{place}{SEPARATOR}{name}"


def is_row(item: Json, data_source_id: str) -> bool:
    """Whether a result is a live page of this data source: no wiki's data source, not trashed, not moved.

    Older versions say `archived` for `in_trash`; `is_archived` is a state of its own, hidden from people.
    """
    if item.get("object") != "page" or "properties" not in item:
        return False
    if item.get("in_trash", item.get("archived")) is True or item.get("is_archived") is True:
        return False
    home = (item.get("parent") or {}).get("data_source_id")
    return home is None or object_id(home) == data_source_id
