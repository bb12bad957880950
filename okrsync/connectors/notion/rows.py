"""From a page of Notion to a `Record`: names, places, locks, and which pages count as rows.

Arrives: one page object and the columns wanted. Leaves: a `Record` whose every wanted column has a cell; a
column that Notion did not send is unreadable, not empty. Lists that Notion cut are completed by a function
the connector lends, for that takes requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from okrsync.connectors.base import Cell, Native, Record
from okrsync.connectors.errors import ConnectorError
from okrsync.connectors.notion import decode
from okrsync.connectors.notion.ids import column_id, object_id
from okrsync.connectors.notion.people import People
from okrsync.connectors.notion.properties import TITLE, Property
from okrsync.okr.values import Unreadable

Json = dict[str, Any]
SEPARATOR = " › "


@dataclass(frozen=True)
class Reader:
    """Reads pages of one data source.

    `items` lists all items of one property of a page (page id, the property's id as Notion spells it).
    """

    place: str
    people: People
    items: Callable[[str, str], list[Json]]

    def record(self, page: Json, fields: Iterable[Property]) -> Record:
        """One page as a record. `fields` are the columns that get a cell."""
        by_column = _by_column(page)
        page_id = object_id(page["id"])
        title = self._title(by_column)
        place = f"{self.place}{SEPARATOR}{title or 'untitled'}"
        return Record(
            native_id=page_id,
            title=title,
            place=place,
            cells=self._cells(page_id, place, by_column, fields),
            url=page.get("url"),
            edited_at=decode.moment(page["last_edited_time"]),
            edited_by=self.people.name(page["last_edited_by"]["id"]),
        )

    def _title(self, by_column: Mapping[str, Json]) -> str:
        value = decode.native(by_column[TITLE]) if TITLE in by_column else None
        return value if isinstance(value, str) else ""

    def _cells(
        self, page_id: str, place: str, by_column: Mapping[str, Json], fields: Iterable[Property]
    ) -> dict[str, Cell]:
        return {
            field.id: self._cell(
                page_id, f"{place}{SEPARATOR}{field.name}", by_column.get(field.column), field
            )
            for field in fields
        }

    def _cell(self, page_id: str, place: str, prop: Json | None, field: Property) -> Cell:
        if prop is None:
            return Cell(Unreadable("Notion did not send this column"), place)
        locked = decode.text_lock(prop) if field.writable else field.why_not
        return Cell(self._value(page_id, prop, field), place, locked)

    def _value(self, page_id: str, prop: Json, field: Property) -> Native:
        if prop.get("type") != field.wire:
            return Unreadable(f"the column became {prop.get('type')!r} while it was read")
        if decode.may_be_cut(prop):
            try:
                prop = decode.completed(prop, self.items(page_id, prop["id"]))
            except (ConnectorError, KeyError) as error:
                return Unreadable(f"Notion cut this list, and the rest could not be read ({error})")
        if field.wire == "people":
            self._learn(prop)
        return decode.native(prop, end=field.is_end)

    def _learn(self, prop: Json) -> None:
        for user in prop.get("people") or ():
            self.people.learn(user)


def whole(page: Json, fields: Iterable[Property]) -> list[Property]:
    """Those of `fields` that this answer holds in full, so that reading them costs no request."""
    by_column = _by_column(page)
    return [
        field
        for field in fields
        if field.column in by_column and not decode.may_be_cut(by_column[field.column])
    ]


def _by_column(page: Json) -> dict[str, Json]:
    return {column_id(prop["id"]): prop for prop in page["properties"].values()}


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
